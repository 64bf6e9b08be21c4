"""What came in, and what is done with a message that is not logged: claimed, added, passed on, set aside, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries as case_queries
from redress.casework import claiming, intake
from redress.correspondence import hints
from redress.correspondence import queries_arrivals as queries
from redress.council import queries as council_queries
from redress.desk import entry
from redress.desk.intake import forms, pages
from redress.documents.store import store
from redress.people import queries as people_queries
from redress.plumbing import filetype, moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Action, NavItem
from redress.plumbing.look.words import clock_time, day
from redress.plumbing.storage import Altered, Missing


def reader(request: HttpRequest) -> Actor:
    """Give the viewer, who must be allowed to read messages somewhere; else the page does not exist."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.MESSAGE_READ):
        raise Http404
    return by


def found(by: Actor, message_id: int) -> Any:
    """Give a message that the viewer may read; else the page does not exist."""
    message = queries.message(by, message_id)
    if message is None:
        raise Http404
    return message


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what came in, in its groups, with the message that is open beside it."""
    by, at, today = reader(request), moment.now(), moment.today()
    view = request.GET.get("view", "to-log")
    if view not in dict(pages.VIEWS):
        raise Http404
    councils = _councils(by)
    code = request.GET.get("council", "")
    chosen = next((one for one in councils if one.code == code), None)
    opened = request.GET.get("open", "")
    scope = chosen.pk if chosen else None
    group, lead, more = _group(by, view, opened, chosen, len(councils) > 1)
    mailboxes, failing = pages.mailboxes_of(queries.mailbox_states(by), at)
    page = pages.QueuePage(
        view=view,
        lead=lead,
        views=pages.views_of(queries.counts(by, today, scope), view, chosen.code if chosen else ""),
        councils=_council_choice(councils, chosen, view),
        bands=group,
        mailboxes=mailboxes,
        failing=failing,
        more=more,
        pane=_opened(by, opened),
        requests=case_queries.requests_to_review(by).count(),
    )
    return entry.page(request, "desk/intake/queue.html", title="Intake", current="intake", page=page)


def _councils(by: Actor) -> list[Any]:
    readable = by.councils_where(Permission.MESSAGE_READ)
    return [one for one in council_queries.councils(by) if one.pk in readable]


def _council_choice(councils: list[Any], chosen: Any, view: str) -> list[NavItem]:
    if len(councils) < 2:
        return []
    kept = "" if view == "to-log" else view
    everything = NavItem("All councils", pages.address(view=kept), None, chosen is None)
    return [
        everything,
        *(NavItem(one.short_name, pages.address(view=kept, council=one.code), None, one == chosen) for one in councils),
    ]


def _group(by: Actor, view: str, opened: str, chosen: Any, several: bool) -> tuple[list[pages.Band], str, str]:
    at, today = moment.now(), moment.today()
    scope, code = (chosen.pk, chosen.code) if chosen else (None, "")
    if view == "to-log":
        all_ = queries.queue(by, today=today, at=at, council_id=scope)
        told = (
            f"More than {queries.MOST} wait. These are the {queries.MOST} that have waited longest."
            if all_.more
            else ""
        )
        bands = pages.bands_of(all_, opened=opened, council=code, several=several, today=today)
        return bands, pages.lead_of(all_), told
    lists: dict[str, Callable[..., list[queries.QueueRow]]] = {
        "replies": queries.replies,
        "aside": queries.set_aside,
        "done": queries.done_today,
    }
    rows = lists[view](by, today=today, at=at, council_id=scope)
    lines = tuple(pages.line_of(row, opened, code, view, several, today) for row in rows)
    return ([pages.Band("ok", dict(pages.VIEWS)[view], "", lines)] if lines else []), "", ""


def _opened(by: Actor, key: str) -> pages.Pane | None:
    """Find what ``?open=`` names; a case to be triaged has a page of its own."""
    if not key.startswith("m") or not key[1:].isdecimal() or len(key) > 18:
        return None
    message = queries.message(by, int(key[1:]))
    return pane_of(by, message) if message is not None else None


def pane_of(by: Actor, message: Any) -> pages.Pane:
    """Put together what is shown of one message: its words, its files, what we know, and what can be done."""
    at = moment.now()
    holder = claiming.holds(message, at)
    written = f"{message.subject}\n{message.new_text}"
    known = people_queries.matches(by, message.council_id, name=message.from_name, email=message.from_address)
    since = clock_time(moment.local(message.claimed_at)) if message.claimed_at else ""
    return pages.Pane(
        message=message,
        subject=message.subject or "(no subject)",
        claimed=f"{holder.name} has had this open since {since}" if holder is not None and holder.pk != by.id else "",
        held_by_me=holder is not None and holder.pk == by.id,
        received=f"{day(message.received_on)}, {clock_time(moment.local(message.received_at))}",
        new_text=message.new_text,
        quoted=message.text[len(message.new_text) :] if message.text.startswith(message.new_text) else "",
        faults=tuple(message.faults),
        files=pages.file_rows(queries.files_of(by, message), file_address),
        known=known,
        cases=[(one, pages.case_address(one.reference)) for one in queries.cases_of(by, [m.contact.pk for m in known])],
        copies=queries.copies(by, message, at),
        hints=hints.hints(written),
        dangers=hints.dangers(written),
        actions=_actions(by, message),
        original=reverse("desk:intake-original", args=[message.pk]),
        claim=reverse("desk:intake-claim", args=[message.pk]),
    )


def file_address(file: Any) -> str:
    """Give the address of a document's download, where the desk has one."""
    for name in ("desk:document", "desk:file"):
        try:
            return reverse(name, args=[file.id])
        except NoReverseMatch:
            continue
    return ""


def _actions(by: Actor, message: Any) -> list[Action]:
    """List what may be done with a message, each with why not."""
    handle = can(intake.set_aside, by, message=message)
    log = can(intake.log, by, council=message.council, message=message)

    def link(label: str, name: str, key: str = "", allowed: Any = handle, **more: Any) -> Action:
        href = reverse(f"desk:{name}", args=[message.pk])
        return Action(label, href=href, key=key, allowed=bool(allowed), why=allowed.why, **more)

    def press(label: str, name: str, **more: Any) -> Action:
        post = reverse(f"desk:{name}", args=[message.pk])
        return Action(label, post=post, allowed=bool(handle), why=handle.why, **more)

    if message.state == "to-log":
        return [
            link("Log it", "log", "L", log, main=True),
            link("Add to a case", "intake-add", "A"),
            link("Belongs elsewhere", "intake-elsewhere", "N"),
            link("Set aside", "intake-aside"),
        ]
    if message.state == "to-read":
        return [press("Read, nothing more to do", "intake-read", main=True)]
    if message.state == "set-aside":
        return [press("Take it back into the queue", "intake-back", main=True)]
    if message.state == "no-action" and message.handled_at is None:
        return [
            press("Nothing to do", "intake-read", main=True),
            link("Add to a case", "intake-add", "A"),
            press("It is a person’s after all: log it", "intake-back"),
        ]
    if message.state == "no-action":
        return [press("Take it back into the queue", "intake-back")]
    return []


@require_GET
def message_page(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show one message on a page of its own, whatever became of it."""
    by = reader(request)
    message = found(by, message_id)
    return entry.page(
        request,
        "desk/intake/message.html",
        title=message.subject or "(no subject)",
        current="intake",
        page=pane_of(by, message),
    )


@require_GET
def original(request: HttpRequest, message_id: int) -> HttpResponse:
    """Give the bytes of a message as they came, as a file to be kept: never shown by the browser itself."""
    by = reader(request)
    receipt = queries.receipt_of(found(by, message_id))
    if receipt is None:
        raise Http404
    try:
        raw = store().read(receipt.council.code, receipt.sha256, verify=True)
    except (Missing, Altered):
        said.problem(request, "The original is not what was kept. Tell your system administrator.")
        return redirect("desk:intake-message", message_id)
    response = HttpResponse(raw, content_type="application/octet-stream", headers=dict(filetype.SERVE_HEADERS))
    response["Content-Disposition"] = filetype.content_disposition(f"message {message_id}.eml")
    return response


# --------------------------------------------------------------------------------------------------------- what is done


def _handler(request: HttpRequest, message_id: int) -> tuple[Actor, Any]:
    """Give the viewer and the message; who may read but not handle is told so by the step."""
    by = reader(request)
    return by, found(by, message_id)


@require_POST
def claim(request: HttpRequest, message_id: int) -> HttpResponse:
    """Open a message to log it, or take it over from somebody else; then its logging page."""
    by, message = _handler(request, message_id)
    try:
        claiming.claim(message=message, take_over=request.POST.get("over") == "1", by=by, at=moment.now())
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
        return redirect(pages.address(open=f"m{message_id}"))
    return redirect("desk:log", message_id)


@require_POST
def let_go(request: HttpRequest, message_id: int) -> HttpResponse:
    """Go back to the queue without logging: others see that nobody has the message open any more."""
    by, message = _handler(request, message_id)
    try:
        claiming.let_go(message=message, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
    return redirect(pages.address(open=f"m{message_id}"))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, message_id: int) -> HttpResponse:
    """Add a message to a case that exists."""
    by, message = _handler(request, message_id)
    form = forms.AddForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        case = case_queries.case(by, form.cleaned_data["reference"].strip().upper())
        if case is None or case.council_id != message.council_id:
            form.add_error("reference", "There is no such case that you can see in this council")
        else:
            try:
                intake.add_to_case(message=message, case=case, by=by, at=moment.now(), key=entry.form_key(request))
            except Refusal as caught:
                entry.hidden(caught)
                refusal = caught
            else:
                said.done(request, f"Added to {case.reference}. No date was moved.")
                return redirect("desk:intake")
    return _small(request, by, message, form, refusal, "Add to a case", "Add it to the case")


@require_http_methods(["GET", "POST"])
def elsewhere(request: HttpRequest, message_id: int) -> HttpResponse:
    """Record that a message belongs to somebody else."""
    by, message = _handler(request, message_id)
    form = forms.ElsewhereForm(request.POST or None)

    def do() -> None:
        given = form.cleaned_data
        intake.belongs_elsewhere(
            message=message,
            where=given["where"],
            reason=given["reason"],
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )

    return _aside(request, by, message, form, do, "Belongs elsewhere", "It belongs elsewhere")


@require_http_methods(["GET", "POST"])
def aside(request: HttpRequest, message_id: int) -> HttpResponse:
    """Set a message aside with a reason."""
    by, message = _handler(request, message_id)
    form = forms.AsideForm(request.POST or None)

    def do() -> None:
        intake.set_aside(
            message=message,
            reason=form.cleaned_data["reason"],
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )

    return _aside(request, by, message, form, do, "Set aside", "Set it aside")


def _aside(
    request: HttpRequest, by: Actor, message: Any, form: Any, do: Callable[[], None], heading: str, press: str
) -> HttpResponse:
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refusal as caught:
            entry.hidden(caught)
            refusal = caught
        else:
            undo = Action("Take it back", post=reverse("desk:intake-back", args=[message.pk]))
            said.done(request, "Set aside. It is kept, and can be taken back.", undo=undo)
            return redirect("desk:intake")
    return _small(request, by, message, form, refusal, heading, press)


def _small(
    request: HttpRequest, by: Actor, message: Any, form: Any, refusal: Refusal | None, heading: str, press: str
) -> HttpResponse:
    """Draw the page of a small decision, with the message beside it."""
    allowed = can(intake.set_aside, by, message=message)
    if not allowed and refusal is None:
        refusal = NotPermitted(Permission.MESSAGE_HANDLE)
    return entry.page(
        request,
        "desk/intake/decide.html",
        title=heading,
        current="intake",
        page=pane_of(by, message),
        form=form,
        refusal=refusal,
        more={"heading": heading, "press": press},
    )


@require_POST
def back(request: HttpRequest, message_id: int) -> HttpResponse:
    """Take a message back into the queue."""
    by, message = _handler(request, message_id)
    try:
        intake.take_back(message=message, by=by, at=moment.now())
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
    else:
        said.done(request, "It is back in the queue.")
    return redirect(pages.address(open=f"m{message_id}"))


@require_POST
def read(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark that a reply was read, or that an automatic message needs nothing."""
    by, message = _handler(request, message_id)
    view = "replies" if message.state == "to-read" else ""
    try:
        intake.mark_read(message=message, case=message.case, by=by, at=moment.now())
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
    else:
        said.done(request, "Marked as read." if view else "Nothing to do: it is kept among what was done today.")
    return redirect(pages.address(view=view))
