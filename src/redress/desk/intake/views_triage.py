"""Is it a complaint? What residents sent is triaged, requests reviewed, refusals and authority get their letters."""

from __future__ import annotations

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
from redress.cases.clocks import edition_of
from redress.casework import authority, composing, letters, triage
from redress.correspondence import hints, writing
from redress.correspondence import queries_arrivals as queries
from redress.desk import entry
from redress.desk.intake import forms, pages, views_queue
from redress.documents import queries as document_queries
from redress.people import queries as people_queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Action

ADD_POINT = "add-point"


def find(request: HttpRequest, reference: str) -> tuple[Actor, Any]:
    """Give the viewer and a case that they may see; else the page does not exist."""
    by = entry.viewer(request)
    case = case_queries.case(by, reference)
    if case is None:
        raise Http404
    return by, case


def to_case(case: Any) -> HttpResponse:
    """Go to the page of the case."""
    try:
        return redirect(pages.case_address(case.reference))
    except NoReverseMatch:
        return redirect("desk:intake")


# ------------------------------------------------------------------------------------------------------------- triage


@require_http_methods(["GET", "POST"])
def triage_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide what a resident sent by the portal: accept it, or treat it as what it is."""
    by, case = find(request, reference)
    if case.state != "to-triage":
        said.note(request, f"{case.reference} was triaged already.")
        return to_case(case)
    do = request.POST.get("do", "")
    refusal: Refusal | None = None
    points = [one for one in case_queries.points_of(case) if not one.withdrawn]
    form = _triage_form(request, by, case, points, checked=do in ("save", "acknowledge"))
    if request.method == "POST" and do in ("save", "acknowledge") and form.is_valid():
        try:
            done = _triage(by, case, form, entry.form_key(request))
        except Refusal as caught:
            entry.hidden(caught)
            if caught.field == "points":
                caught.field = form.point_names[0]
            refusal = caught
        else:
            return _triaged(request, done, form, do)
    elif request.method == "GET":
        allowed = can(triage.accept, by, case=case)
        refusal = None if allowed else NotPermitted(Permission.CASE_TRIAGE)
    procedure = form.chosen_procedure()
    people = [one.pk for one in (case.complainant, case.representative) if one is not None]
    written = "\n".join([case.matter, case.effect, *(one.text for one in points)])
    return entry.page(
        request,
        "desk/intake/triage.html",
        title=f"Triage {case.reference}",
        current="intake",
        page=case,
        form=form,
        refusal=refusal,
        more={
            "points": points,
            "then": pages.then_of(queries.dates_that_follow(case.council, procedure, case.received_on, moment.today())),
            "honour": pages.honours_of(people_queries.adjustments(by, people)),
            "files": pages.file_rows(document_queries.of_case(by, case), views_queue.file_address),
            "edition": form.edition,
            "dissatisfied": hints.dissatisfaction(written),
            "dangers": hints.dangers(written),
            "why_not": authority.why_not(case, moment.today()),
            "refuse": _refuse_action(by, case),
        },
    )


def _triage_form(request: HttpRequest, by: Actor, case: Any, points: list[Any], *, checked: bool) -> forms.TriageForm:
    more = "point" if request.POST.get("do") == ADD_POINT else ""
    kinds: dict[str, Any] = {
        "council": case.council,
        "viewer": by,
        "day": case.received_on,
        "point_ids": [one.id for one in points],
        "more": more,
    }
    if request.method == "POST" and checked:
        return forms.TriageForm(request.POST, **kinds)
    if request.method == "POST":
        typed: dict[str, Any] = {key: request.POST.get(key, "") for key in request.POST}
        typed["review_on"] = [request.POST.get(f"review_on_{part}", "") for part in ("day", "month", "year")]
        return forms.TriageForm(None, initial=typed, **kinds)
    written = "\n".join(one.text for one in points)
    initial = {
        "kind": "complaint",
        "matter": case.matter,
        "outcome_sought": case.outcome_sought,
        "service": str(case.service_id or ""),
        "category": str(case.category_id or ""),
        "procedure": case.procedure,
        "version": case.version,
        "dissatisfied": bool(hints.dissatisfaction(written)),
        **{f"point_{number}": one.text for number, one in enumerate(points, 1)},
    }
    return forms.TriageForm(None, initial=initial, **kinds)


def _triage(by: Actor, case: Any, form: forms.TriageForm, key: str | None) -> Any:
    given = form.cleaned_data
    revision = triage.Revision(
        matter=given["matter"],
        points=form.numbered_points(),
        outcome_sought=given["outcome_sought"],
        service=form.services.get(given["service"]),
        category=form.categories.get(given["category"]),
        procedure=form.chosen_procedure(),
        version=given["version"],
    )
    if given["kind"] == "complaint":
        return triage.accept(case=case, revision=revision, by=by, at=moment.now(), key=key)
    return triage.treat_as_other(
        case=case,
        kind=given["kind"],
        reason=given["reason"],
        dissatisfied=given["dissatisfied"],
        choice=triage.Choice(**form.choice()),
        review_on=given["review_on"],
        revision=revision,
        by=by,
        at=moment.now(),
        key=key,
    )


def _triaged(request: HttpRequest, case: Any, form: forms.TriageForm, do: str) -> HttpResponse:
    said.done(request, f"{case.reference} is a {case.get_kind_display().lower()}.")
    if form.cleaned_data["kind"] != "complaint" and case.kind == "complaint":
        said.note(request, f"It goes on as a complaint. {case.triage_reason}")
    if case.kind == "service-request":
        return redirect("desk:request-letter", case.reference)
    if do == "acknowledge" and case.kind == "complaint":
        try:
            return redirect(reverse("desk:acknowledge", args=[case.reference]))
        except NoReverseMatch:
            return redirect("desk:intake")
    return redirect("desk:intake")


def _refuse_action(by: Actor, case: Any) -> Action:
    allowed = can(triage.refuse, by, case=case)
    return Action(
        "Refuse it on a ground of the procedure",
        href=reverse("desk:refuse", args=[case.reference]),
        allowed=bool(allowed),
        why=f"{allowed.why} {NotPermitted.do}" if not allowed else "",
    )


# ----------------------------------------------------------------------------------------------------------- requests


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """List the service requests that are open, those to be reviewed soonest first."""
    by, today = entry.viewer(request), moment.today()
    rows = sorted(case_queries.requests_to_review(by)[: queries.MOST], key=lambda one: (one.review_on or today, one.pk))
    return entry.page(
        request,
        "desk/intake/requests.html",
        title="Service requests",
        current="intake",
        page=rows,
        more={"today": today},
    )


@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one service request: review it, or turn it into a complaint."""
    by, case = find(request, reference)
    if case.kind == "complaint":
        return to_case(case)
    form = forms.ReviewForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            triage.review_request(
                case=case,
                words_=given["words"],
                again_on=given["again_on"],
                done=given["done"] == "yes",
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as caught:
            entry.hidden(caught)
            caught.field = "again_on" if caught.field == "review_on" else caught.field
            refusal = caught
        else:
            said.done(request, "The review is recorded.")
            return redirect("desk:requests")
    turn = forms.TurnForm(initial={"dissatisfaction_on": moment.today()})
    return _request(request, by, case, form, turn, refusal)


def _request(request: HttpRequest, by: Actor, case: Any, form: Any, turn: Any, refusal: Refusal | None) -> HttpResponse:
    allowed = can(triage.turn_into_complaint, by, case=case)
    faulty = refusal is not None or any(one.is_bound and not one.is_valid() for one in (form, turn))
    return entry.page(
        request,
        "desk/intake/request.html",
        title=f"{case.get_kind_display()} {case.reference}",
        current="intake",
        page=case,
        form=form,
        refusal=refusal,
        status=422 if faulty else 200,
        more={
            "turn": turn,
            "edition": edition_of(case),
            "notes": case_queries.notes_of(case),
            "may": bool(allowed),
            "why": allowed.why,
            "letter": reverse("desk:request-letter", args=[case.reference]),
        },
    )


@require_POST
def turn(request: HttpRequest, reference: str) -> HttpResponse:
    """Turn a request, a compliment or a comment into a complaint."""
    by, case = find(request, reference)
    form = forms.TurnForm(request.POST)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            triage.turn_into_complaint(
                case=case,
                dissatisfaction_on=form.cleaned_data["dissatisfaction_on"],
                reason=form.cleaned_data["reason"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as caught:
            entry.hidden(caught)
            refusal = caught
        else:
            said.done(request, f"{case.reference} is a complaint now. Acknowledge it.")
            return to_case(case)
    return _request(request, by, case, forms.ReviewForm(), form, refusal)


@require_http_methods(["GET", "POST"])
def request_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the letter that says that it is a service request and how to complain at any time; then release it."""
    by, case = find(request, reference)
    if case.kind != "service-request":
        return to_case(case)
    extra: tuple[writing.Block, ...] = ()
    if case.choice_answer:
        extra = (
            writing.heading("The choice that you made"),
            writing.paragraph(
                f"We asked: {case.choice_asked} ({case.choice_channel}). You answered: {case.choice_answer}"
            ),
        )
    draft = composing.compose(
        "service-request",
        case=case,
        to=letters.correspondent(case, moment.today()),
        today=moment.today(),
        by=by,
        values={"reason": case.triage_reason},
        extra=extra,
    )

    def release(pressed: writing.Pressed) -> None:
        triage.write_request_letter(
            case=case, draft=draft, pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request)
        )

    return _letter(
        request,
        case,
        draft,
        release,
        heading="Write that it is a service request",
        press="Send the letter",
        after="The letter was released. The request is reviewed on its day.",
        allowed=can(triage.write_request_letter, by, case=case),
    )


def _letter(
    request: HttpRequest,
    case: Any,
    draft: writing.Draft,
    release: Any,
    *,
    heading: str,
    press: str,
    after: str,
    allowed: Any,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a letter as it will go, and on the press of the button set it and release it."""
    refusal: Refusal | None = None
    if draft.holes:
        refusal = Refusal(
            f"The letter can’t go: {', '.join(draft.holes)} is missing.",
            do="Fill it in on the case, or in the template.",
        )
    elif not allowed:
        refusal = Refusal(allowed.why, do=NotPermitted.do)
    elif request.method == "POST" and request.POST.get("do") == "send":
        try:
            release(letters.press(case=case, draft=draft, on=moment.today()))
        except Refusal as caught:
            entry.hidden(caught)
            refusal = caught
        else:
            said.done(request, after)
            return to_case(case)
    return entry.page(
        request,
        "desk/intake/letter.html",
        title=heading,
        current="intake",
        page=draft,
        refusal=refusal,
        more={"case": case, "heading": heading, "press": press, "may": refusal is None, **(more or {})},
    )


# ----------------------------------------------------------------------------------------------------------- refusing


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse a complaint on a ground of its edition: the form, then the letter as it will go, then its release."""
    by, case = find(request, reference)
    edition = edition_of(case)
    form = forms.RefuseForm(request.POST or None, edition=edition)
    allowed = can(triage.refuse, by, case=case)
    if not allowed or request.method == "GET" or not form.is_valid() or request.POST.get("do") == "change":
        refusal = None if allowed else Refusal(allowed.why, do=NotPermitted.do)
        return entry.page(
            request,
            "desk/intake/refuse.html",
            title=f"Refuse {case.reference}",
            current="intake",
            page=case,
            form=form,
            refusal=refusal,
            more={"edition": edition},
        )
    given = {name: form.cleaned_data[name] for name in ("ground", "reason", "evidence", "discretion")}
    ground = edition.ground(given["ground"])
    draft = composing.compose(
        "refusal",
        case=case,
        to=letters.correspondent(case, moment.today()),
        today=moment.today(),
        by=by,
        values={
            "ground": f"{ground.title}. {ground.says}",
            "reason": f"{given['reason']}\n\n{given['evidence']}",
            "discretion": given["discretion"],
        },
    )

    def release(pressed: writing.Pressed) -> None:
        triage.refuse(
            case=case, draft=draft, pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request), **given
        )

    return _letter(
        request,
        case,
        draft,
        release,
        heading=f"Refuse {case.reference}",
        press="Refuse it and send the letter",
        after=f"{case.reference} was refused. The letter with the right to the Ombudsman was released.",
        allowed=allowed,
        more={"kept": given},
    )


# ---------------------------------------------------------------------------------------------------------- authority


@require_http_methods(["GET", "POST"])
def authority_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show whether the representative may speak for the person; confirm it with the document that shows it."""
    by, case = find(request, reference)
    if case.representative is None:
        raise Http404
    files = document_queries.of_case(by, case)
    initial = {"confirmed_on": moment.today()}
    if case.authority is not None:
        initial |= {"kind": case.authority.kind, "scope": case.authority.scope}
    form = forms.AuthorityForm(request.POST or None, files=files, initial=initial)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = document_queries.one(by, int(given["document"]))
        try:
            authority.confirm(
                case=case,
                authority=case.authority,
                document=chosen[0] if chosen else None,
                kind=given["kind"],
                scope=given["scope"],
                confirmed_on=given["confirmed_on"],
                expires_on=given["expires_on"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as caught:
            entry.hidden(caught)
            refusal = caught
        else:
            said.done(request, f"{case.representative.name} may speak for {case.complainant.name}.")
            return redirect("desk:authority", case.reference)
    return _authority(request, by, case, form, refusal, bool(files))


def _authority(
    request: HttpRequest, by: Actor, case: Any, form: Any, refusal: Refusal | None, has_files: bool
) -> HttpResponse:
    today = moment.today()
    row = case.authority
    confirm = (
        can(authority.confirm, by, case=case, authority=row) if row is not None else can(authority.ask, by, case=case)
    )
    withdraw = Action(
        "It was withdrawn",
        post=reverse("desk:authority-withdraw", args=[case.reference]),
        allowed=bool(can(authority.ask, by, case=case)),
        why=NotPermitted.do,
    )
    return entry.page(
        request,
        "desk/intake/authority.html",
        title=f"Authority on {case.reference}",
        current="intake",
        page=case,
        form=form,
        refusal=refusal,
        more={
            "standing": people_queries.standing(row, today) if row is not None else None,
            "why_not": authority.why_not(case, today),
            "may": row is not None and row.withdrawn_on is None and bool(confirm),
            "why": confirm.why,
            "has_files": has_files,
            "withdraw": withdraw if row is not None and row.withdrawn_on is None else None,
            "case_href": pages.case_address(case.reference),
        },
    )


@require_http_methods(["GET", "POST"])
def authority_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the letter that asks the representative for authority, which says nothing of the matter; then release it."""
    by, case = find(request, reference)
    if case.representative is None:
        raise Http404
    draft = composing.compose("authority-request", case=case, to=case.representative, today=moment.today(), by=by)

    def release(pressed: writing.Pressed) -> None:
        row = case.authority
        authority.ask(
            case=case,
            kind=row.kind if row is not None else "written",
            scope=row.scope if row is not None else "",
            draft=draft,
            pressed=pressed,
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )

    return _letter(
        request,
        case,
        draft,
        release,
        heading="Ask for the authority",
        press="Send the letter",
        after="The letter that asks for the authority was released.",
        allowed=can(authority.ask, by, case=case),
    )


@require_POST
def authority_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the authority was withdrawn."""
    by, case = find(request, reference)
    if case.authority is None:
        raise Http404
    try:
        authority.withdraw(
            case=case, authority=case.authority, reason=request.POST.get("reason", ""), by=by, at=moment.now()
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
    else:
        said.done(request, "The authority was withdrawn. Only a neutral letter can go to the representative now.")
    return redirect("desk:authority", case.reference)
