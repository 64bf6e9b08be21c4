"""Logging, side by side: the message left, the form right; the same form for a call, a letter, a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.casework import claiming, intake, triage
from redress.correspondence import hints
from redress.correspondence import queries_arrivals as queries
from redress.council import queries as council_queries
from redress.desk import entry
from redress.desk.intake import pages, views_queue
from redress.desk.intake.forms import NEW, LogForm, PadForm
from redress.people import queries as people_queries
from redress.people.queries import Match
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import NavItem

MORE = {"add-point": "point", "add-line": "line"}


@require_http_methods(["GET", "POST"])
def log_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Log a message of the queue: a complaint, or what it is instead."""
    by = views_queue.reader(request)
    message = views_queue.found(by, message_id)
    allowed = can(intake.log, by, council=message.council, message=message)
    if message.state != "to-log":
        said.note(request, f"{message.handled_by or 'Somebody'} dealt with this one already.")
        return redirect("desk:intake-message", message_id)
    if request.method == "GET" and allowed:
        _open(request, by, message)
    return _log(request, by, message.council, message, allowed=bool(allowed))


def _open(request: HttpRequest, by: Actor, message: Any) -> None:
    """Claim the message on opening it; where somebody else has it open, only say so."""
    try:
        if claiming.holds(message, moment.now()) is None:
            claiming.claim(message=message, take_over=False, by=by, at=moment.now())
            message.refresh_from_db(fields=["claimed_by", "claimed_at"])
    except Refusal as refusal:
        entry.hidden(refusal)
        said.note(request, f"{refusal.sentence} What is saved first stands.")


@require_http_methods(["GET", "POST"])
def log_blank(request: HttpRequest) -> HttpResponse:
    """Log a call, a letter or a visit."""
    by = entry.viewer(request)
    councils = [one for one in council_queries.councils(by) if by.may(Permission.CASE_LOG, one.pk)]
    if not councils:
        raise Http404
    code = request.POST.get("council") or request.GET.get("council", "")
    council = next((one for one in councils if one.code == code), councils[0])
    return _log(request, by, council, None, allowed=True, councils=councils)


def _log(
    request: HttpRequest, by: Actor, council: Any, message: Any, *, allowed: bool, councils: list[Any] | None = None
) -> HttpResponse:
    do = request.POST.get("do", "")
    form = _form(request, by, council, message)
    refusal: Refusal | None = None if allowed else NotPermitted(Permission.CASE_LOG)
    if request.method == "POST" and allowed and do in ("save", "acknowledge"):
        if form.is_valid():
            try:
                case = intake.log(
                    council=council,
                    message=message,
                    entry=_entry(by, form, message),
                    by=by,
                    at=moment.now(),
                    key=entry.form_key(request),
                )
            except Refusal as caught:
                entry.hidden(caught)
                refusal = _placed(caught, form)
            else:
                return _after(request, by, case, form, do)
    elif form.is_bound:
        # A line was added, somebody was looked for, or the dates were asked for: nothing is told off yet.
        form = _form(request, by, council, message, checked=False)
    return _page(request, by, council, message, form, refusal, councils or [])


def _placed(refusal: Refusal, form: LogForm) -> Refusal:
    """Lead the error summary to the first point where a refusal is about the points."""
    if refusal.field == "points" and form.point_names:
        refusal.field = form.point_names[0]
    if refusal.field == "adjustments":
        refusal.field = form.line_names[0]
    return refusal


def _form(request: HttpRequest, by: Actor, council: Any, message: Any, *, checked: bool = True) -> LogForm:
    data = request.POST if request.method == "POST" else None
    typed = request.POST if data is not None else {}
    day = message.received_on if message is not None else moment.today()
    kinds: dict[str, Any] = {"council": council, "viewer": by, "day": day, "more": MORE.get(typed.get("do", ""), "")}
    kinds["matches"] = _matches(by, council, message, typed)
    kinds["others"] = _others(by, council, typed)
    maker = LogForm if message is not None else PadForm
    if data is not None and not checked:
        # Shown again with everything that was typed, without judging it.
        return maker(None, initial=_as_initial(request), **kinds)
    return maker(data, initial=None if data is not None else _initial(message, kinds["matches"]), **kinds)


def _as_initial(request: HttpRequest) -> dict[str, Any]:
    """Turn what was typed into the beginning of the same form."""
    typed: dict[str, Any] = {key: request.POST.get(key, "") for key in request.POST}
    typed["complained_about"] = request.POST.getlist("complained_about")
    for name in ("received_on", "review_on"):
        typed[name] = [request.POST.get(f"{name}_{part}", "") for part in ("day", "month", "year")]
    return typed


def _initial(message: Any, matches: list[Match]) -> dict[str, Any]:
    given: dict[str, Any] = {"received_on": moment.today()}
    if message is not None:
        given = {
            "received_on": message.received_on,
            "matter": message.subject[:200],
            "name": message.from_name,
            "email": message.from_address if "@" in message.from_address else "",
            "dissatisfied": bool(hints.dissatisfaction(f"{message.subject}\n{message.new_text}")),
        }
    # Somebody is chosen beforehand only where the e-mail and the name agree; a person still decides.
    sure = [one for one in matches if {"same e-mail", "same name"} <= set(one.reasons)]
    given["who"] = f"c{sure[0].contact.pk}" if len(sure) == 1 else NEW
    return given


def _matches(by: Actor, council: Any, message: Any, typed: Any) -> list[Match]:
    """Find whom the sender may be: by the message, by what was typed of somebody new, and by what was looked for."""
    searches = [
        {
            "name": typed.get("name") or (message.from_name if message is not None else ""),
            "email": typed.get("email") or (message.from_address if message is not None else ""),
            "telephone": typed.get("telephone", ""),
            "address": typed.get("address", ""),
        },
        _looked_for(typed.get("find", "")),
    ]
    return _ranked(by, council, searches, typed.get("who", ""))


def _others(by: Actor, council: Any, typed: Any) -> list[Match]:
    names = {"name": "represented_name", "email": "represented_email", "telephone": "represented_telephone"}
    search = {
        **{to: typed.get(name, "") for to, name in names.items()},
        "address": typed.get("represented_address", ""),
    }
    return _ranked(by, council, [search], typed.get("represented", ""))


def _looked_for(words: str) -> dict[str, str]:
    if "@" in words:
        return {"email": words.strip()}
    figures = sum(sign.isdigit() for sign in words)
    return {"telephone": words} if figures >= 6 else {"name": words}


def _ranked(by: Actor, council: Any, searches: list[dict[str, str]], chosen: str) -> list[Match]:
    """Put the finds together, each person once; whoever was chosen stays in the list."""
    found: dict[int, Match] = {}
    for search in searches:
        for match in people_queries.matches(
            by,
            council.pk,
            name=search.get("name", ""),
            email=search.get("email", ""),
            telephone=search.get("telephone", ""),
            address=search.get("address", ""),
        ):
            found.setdefault(match.contact.pk, match)
    if chosen.startswith("c") and chosen[1:].isdecimal() and len(chosen) < 18 and int(chosen[1:]) not in found:
        contact = people_queries.contact(by, int(chosen[1:]))
        if contact is not None and contact.council_id == council.pk:
            found[contact.pk] = Match(contact, 0, ("chosen before",), 0)
    return list(found.values())


def _entry(by: Actor, form: LogForm, message: Any) -> intake.Entry:
    """Turn what was typed into the entry that the step writes down."""
    given = form.cleaned_data
    sender = _who(given["who"], form.matches, given, "")
    represented = None
    if given["behalf"] == "yes":
        represented = _who(given["represented"], form.others, given, "represented_")
    return intake.Entry(
        channel=message.channel if message is not None else given["channel"],
        person=represented or sender,
        representative=sender if represented is not None else None,
        received_at=message.received_at if message is not None else moment.now(),
        received_on=given["received_on"],
        procedure=form.chosen_procedure(),
        matter=given["matter"],
        points=form.points(),
        outcome_sought=given["outcome_sought"],
        kind=given["kind"],
        authority_kind=given["authority_kind"] or "written",
        authority_scope=given["authority_scope"],
        adjustments=form.adjustments(),
        service=form.services.get(given["service"]),
        category=form.categories.get(given["category"]),
        complained_about=tuple(form.officers[key] for key in given["complained_about"]),
        subject=given.get("subject", "") or (message.subject if message is not None else given["matter"]),
        words=given.get("words", ""),
        reason=given["reason"],
        dissatisfied=given["dissatisfied"],
        choice=triage.Choice(**form.choice()),
        review_on=given["review_on"],
    )


def _who(chosen: str, matches: dict[str, Match], given: dict[str, Any], stem: str) -> intake.Who:
    if chosen in matches:
        return intake.Who(contact=matches[chosen].contact)
    return intake.Who(
        new=intake.Details(
            name=given[f"{stem}name"],
            title=given[f"{stem}title"],
            email=given[f"{stem}email"],
            telephone=given[f"{stem}telephone"],
            address=given[f"{stem}address"],
            kind=given.get("person_kind") or "resident" if not stem else "resident",
        )
    )


def _after(request: HttpRequest, by: Actor, case: Any, form: LogForm, do: str) -> HttpResponse:
    """Say what was done, then go on: to the acknowledgement, the letter, or the next message."""
    kind = case.get_kind_display().lower()
    said.done(request, f"Logged as {case.reference}, a {kind}.")
    if form.cleaned_data["kind"] == "service-request" and case.kind == "complaint":
        said.note(request, f"It goes on as a complaint. {case.triage_reason}")
    if case.kind == "service-request":
        return redirect("desk:request-letter", case.reference)
    if do == "acknowledge" and case.kind == "complaint":
        try:
            return redirect(reverse("desk:acknowledge", args=[case.reference]))
        except NoReverseMatch:
            return redirect("desk:intake")
    following = queries.queue(by, today=moment.today(), at=moment.now()).rows
    first = next((row for row in following if row.message_id is not None and row.state == "to-log"), None)
    return redirect(pages.address(open=first.key) if first is not None else reverse("desk:intake"))


def _page(
    request: HttpRequest,
    by: Actor,
    council: Any,
    message: Any,
    form: LogForm,
    refusal: Refusal | None,
    councils: list[Any],
) -> HttpResponse:
    pane = views_queue.pane_of(by, message) if message is not None else None
    choice = [
        NavItem(one.short_name, f"{reverse('desk:log-blank')}?council={one.code}", None, one == council)
        for one in councils
    ]
    chosen = str(form["who"].value() or "")
    known = [form.matches[chosen].contact.pk] if chosen in form.matches else []
    return entry.page(
        request,
        "desk/intake/log.html",
        title="Log a contact",
        current="intake",
        page=pane,
        form=form,
        refusal=refusal,
        more={
            "council": council,
            "councils": choice if len(choice) > 1 else [],
            "then": pages.then_of(
                queries.dates_that_follow(council, form.chosen_procedure(), received_on(form), moment.today())
            ),
            "honour": pages.honours_of(people_queries.adjustments(by, known)),
            "dissatisfied": hints.dissatisfaction(message.new_text) if message is not None else "",
            "edition": form.edition,
        },
    )


def received_on(form: LogForm) -> date:
    """Give the date of receipt as far as it can be read from the form, for the dates that follow."""
    value = form["received_on"].value()
    if isinstance(value, date):
        return value
    try:
        return form.fields["received_on"].clean(value) or form.day
    except ValidationError:
        return form.day
