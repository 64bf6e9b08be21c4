"""Following a complaint: asking for the link, opening it with a button, adding, asking for the next stage."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.casework import documents, escalation, links
from redress.casework import portal as steps
from redress.casework.links import Opened
from redress.correspondence import queries_portal
from redress.documents import queries as document_queries
from redress.plumbing import moment, serving
from redress.plumbing.look import said
from redress.plumbing.storage import Altered, Missing
from redress.plumbing.uploads import limited_uploads
from redress.portal import entry, following
from redress.portal.questions import AddForm, AskForm, NextStageForm, NotRightForm
from redress.rulebook import dates

# ------------------------------------------------------------------------------------------------------ the link itself


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Take down who wants a link; the answer is the same for everybody."""
    council = entry.council_of(code)
    if request.method == "GET" and entry.following(request, council) is not None:
        return redirect("portal:case", code)
    form = AskForm(request.POST or None, label_suffix="")
    refusal: Refusal | None = None
    status: int | None = None
    if request.method == "POST" and form.is_valid():
        try:
            links.ask_for_link(
                council=council,
                address=form.cleaned_data["email"],
                reference=form.cleaned_data["reference"],
                origin=entry.origin(request),
                site=entry.site(request),
                by=entry.anybody(council),
                at=moment.now(),
                key=request.POST.get("form_key") or None,
            )
        except links.TooManyAsks as too_many:
            refusal, status = too_many, 429
        except Refusal as caught:
            refusal = caught
        else:
            return redirect("portal:asked", code)
    return entry.page(
        request, council, "portal/ask.html", title="Follow your complaint", form=form, refusal=refusal, status=status
    )


@require_GET
def asked(request: HttpRequest, code: str) -> HttpResponse:
    """Say what happens now, whether or not there is anything to send."""
    return entry.page(request, entry.council_of(code), "portal/asked.html", title="Look in your email")


@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Show a button; opening the case takes pressing it, so that a mail scanner opens nothing."""
    council, at = entry.council_of(code), moment.now()
    if request.method == "POST":
        try:
            link = links.open_link(council=council, token=token, by=entry.anybody(council), at=at)
        except links.LinkNotValid:
            return _expired(request, council)
        entry.begin_following(request, council, link.pk, at)
        return redirect("portal:case", code)
    if links.look(council, token, at) is None:
        return _expired(request, council)
    return entry.page(request, council, "portal/open.html", title="Open your complaint")


def _expired(request: HttpRequest, council: Any) -> HttpResponse:
    return entry.page(
        request, council, "portal/expired.html", title="This link does not work any more",
        form=AskForm(label_suffix=""), status=410,
    )  # fmt: skip


@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the page safely: nothing of the case can be seen in this browser afterwards."""
    entry.council_of(code)
    entry.end_following(request)
    return redirect("portal:closed", code)


@require_GET
def closed(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the page is closed, and how to come back."""
    return entry.page(request, entry.council_of(code), "portal/closed.html", title="The page is closed")


# ---------------------------------------------------------------------------------------------------------- on the case

View = Callable[..., HttpResponse]


def opened(view: View) -> View:
    """Open a page of a case only with its link; without one the page that asks for a link is shown."""

    @wraps(view)
    def inner(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        council = entry.council_of(code)
        found = entry.following(request, council)
        if found is None:
            return entry.page(
                request, council, "portal/ask.html", title="Follow your complaint", form=AskForm(label_suffix=""),
                status=403, more={"ended": True},
            )  # fmt: skip
        return view(request, council, found, *args, **kwargs)

    return inner


@require_GET
@opened
def case(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    """Show what is happening, by when, and what we understood."""
    return _case_page(request, council, found)


def _case_page(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    shown = following.page(found, council, moment.now())
    return entry.page(
        request,
        council,
        "portal/case.html",
        title=shown.heading,
        more={"page": shown, "add": AddForm(label_suffix=""), "keep_for": f"{found.case.pk}-{found.contact.pk}"},
    )


def _too_large(request: HttpRequest, sentence: str, code: str) -> HttpResponse:
    council = entry.council_of(code)
    found = entry.following(request, council)
    if found is None:
        return redirect("portal:follow", code)
    refusal = documents.FileNotTaken(sentence)
    return _add_page(request, council, found, AddForm(label_suffix=""), refusal=refusal, status=413)


@limited_uploads(_too_large)
@require_http_methods(["GET", "POST"])
@opened
def add(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    """Add words and files to the case."""
    if request.method == "GET":
        return _add_page(request, council, found, AddForm(label_suffix=""))
    form = AddForm(request.POST, request.FILES, label_suffix="")
    dropped = getattr(request, "too_large", [])
    if not form.is_valid():
        return _add_page(request, council, found, form)
    try:
        if dropped:
            raise documents.FileNotTaken(documents.too_large(dropped[0]))
        uploads = documents.take_in(council, request.FILES.getlist("files"))
        steps.add_information(
            case=found.case,
            subject="More about your complaint",
            said=form.cleaned_data["words"],
            uploads=uploads,
            by=links.actor_of(found),
            at=moment.now(),
            key=request.POST.get("form_key") or None,
        )
    except Refusal as refusal:
        return _add_page(request, council, found, form, refusal=refusal)
    return _thanked(request, council, found)


def _thanked(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    """Say who has it, and that it moves no date."""
    shown = following.page(found, council, moment.now())
    who = shown.holder or "The complaints team"
    same = " It does not change the date." if shown.by_when else ""
    said.done(request, f"{who} has it.{same}")
    return redirect("portal:case", council.code)


def _add_page(
    request: HttpRequest,
    council: Any,
    found: Opened,
    form: AddForm,
    *,
    refusal: Refusal | None = None,
    status: int | None = None,
) -> HttpResponse:
    return entry.page(
        request,
        council,
        "portal/add.html",
        title="Add something",
        form=form,
        refusal=refusal,
        status=status,
        more={"page": following.page(found, council, moment.now())},
    )


@require_http_methods(["GET", "POST"])
@opened
def not_right(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    """Take down that we misunderstood something."""
    form = NotRightForm(request.POST or None, label_suffix="")
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            steps.add_information(
                case=found.case,
                subject="What we understood is not right",
                said=form.cleaned_data["words"],
                uploads=(),
                by=links.actor_of(found),
                at=moment.now(),
                key=request.POST.get("form_key") or None,
            )
        except Refusal as caught:
            refusal = caught
        else:
            return _thanked(request, council, found)
    return entry.page(
        request,
        council,
        "portal/not_right.html",
        title="Tell us what is not right",
        form=form,
        refusal=refusal,
        more={"page": following.page(found, council, moment.now())},
    )


@require_http_methods(["GET", "POST"])
@opened
def next_stage(request: HttpRequest, council: Any, found: Opened) -> HttpResponse:
    """Ask for the next stage; no reason is needed."""
    at = moment.now()
    today = moment.local(at).date()
    if not links.sees_all(found, at):
        raise Http404
    shown = following.page(found, council, at)
    points = [one for one in case_queries.points_of(found.case) if not one.withdrawn]
    promise = steps.next_stage_promise(found.case, today)
    form = NextStageForm(request.POST or None, points=[(str(one.number), one.text) for one in points])
    why_not = escalation.why_not(found.case, today) if request.method == "GET" else ""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _ask_next(request, found, form)
        except Refusal as caught:
            refusal = caught
        else:
            promised = promise.due if promise is not None else None
            said.done(
                request,
                "You have asked us to look again. Somebody who had no part in our first answer will do it."
                + (f" They will answer by {dates.say(promised)} at the latest." if promised else ""),
            )
            return redirect("portal:case", council.code)
    return entry.page(
        request,
        council,
        "portal/next_stage.html",
        title="Ask us to look again",
        form=form,
        refusal=refusal,
        more={
            "page": shown,
            "by": promise.due if promise is not None else None,
            "by_words": dates.say(promise.due) if promise is not None and promise.due is not None else "",
            "why_not": why_not,
        },
    )


def _ask_next(request: HttpRequest, found: Opened, form: NextStageForm) -> None:
    numbers = [int(one) for one in form.cleaned_data["points"]]
    chosen = [point for number in numbers if (point := case_queries.point(found.case, number)) is not None]
    escalation.ask_for_next_stage(
        case=found.case,
        points=chosen,
        disputed={},
        disputed_all=form.cleaned_data["disputed"],
        outcome_sought=form.cleaned_data["right"],
        asked_through="portal",
        asked_on=moment.today(),
        by=links.actor_of(found),
        at=moment.now(),
        key=request.POST.get("form_key") or None,
    )


# ---------------------------------------------------------------------------------------------------- letters and files


@require_GET
@opened
def letter(request: HttpRequest, council: Any, found: Opened, letter_id: int) -> HttpResponse:
    """Hand out the PDF of a letter that went to this person; never a draft."""
    at = moment.now()
    sees_all = links.sees_all(found, at)
    held = queries_portal.letter_document(
        links.actor_of(found), found.case, letter_id,
        represented=sees_all and links.represented(found, at), neutral_only=not sees_all,
    )  # fmt: skip
    return _handed_out(held)


@require_GET
@opened
def own_file(request: HttpRequest, council: Any, found: Opened, document_id: int) -> HttpResponse:
    """Hand out a file that this person sent, once it may be opened."""
    at = moment.now()
    represented = links.sees_all(found, at) and links.represented(found, at)
    held = queries_portal.own_file(links.actor_of(found), found.case, document_id, represented=represented)
    return _handed_out(held)


def _handed_out(held: Any) -> HttpResponse:
    """Answer with a file as a download; one that is held, or is no longer what it was, is not there."""
    if held is None or not held[1].may_open:
        raise Http404
    document, file = held
    try:
        data = document_queries.read_bytes(document)
    except (Missing, Altered) as fault:
        raise Http404 from fault
    return serving.attachment(data, file.name, file.content_type)
