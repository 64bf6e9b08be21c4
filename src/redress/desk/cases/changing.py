"""What the case says of itself is changed: details, who is complained about, what belongs to it, when it came."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redress.access import trail
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.cases import queries
from redress.cases.queries import Case
from redress.casework import case_details
from redress.council import queries as council_queries
from redress.desk import entry
from redress.desk.cases import conflict, subject
from redress.desk.cases.forms import AboutForm, CorrectForm, DetailsForm, LinkForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Part
from redress.rulebook import dates
from redress.staff import queries as staff_queries

LABELS = {
    "matter": "What it is about",
    "outcome_sought": "What would put it right",
    "service": "Service",
    "category": "Category",
    "next_action": "Next action",
    "waiting_for": "Waiting for",
}


def _standing(case: Case) -> dict[str, Any]:
    return {
        "matter": case.matter,
        "outcome_sought": case.outcome_sought,
        "service": str(case.service_id or ""),
        "category": str(case.category_id or ""),
        "next_action": case.next_action,
        "waiting_for": case.waiting_for,
    }


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what the case says of itself; where somebody saved first, both versions are shown."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.change, by, case=case)
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        for name, value in conflict.chosen(request.POST, {name: posted.get(name, "") for name in LABELS}).items():
            posted[name] = str(value)
    form = DetailsForm(posted, viewer=by, case=case, initial={**_standing(case), "version": case.version})
    refusal: Refusal | None = None
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        try:
            case_details.change(
                case=case,
                matter=given["matter"],
                outcome_sought=given["outcome_sought"],
                service=council_queries.services(by, case.council_id, moment.today(), case.service_id)
                .filter(pk=given["service"] or 0)
                .first(),
                category=council_queries.categories(by, case.council_id, moment.today(), case.category_id)
                .filter(pk=given["category"] or 0)
                .first(),
                next_action=given["next_action"],
                waiting_for=given["waiting_for"],
                version=given["version"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except ChangedMeanwhile:
            return _details_conflict(request, by, case, form)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, "The details are saved.")
            return redirect("desk:case", case.reference)
    return entry.page(
        request,
        "desk/cases/details.html",
        title=f"Details of {case.reference}",
        current="work",
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, moment.today())},
    )


def _details_conflict(request: HttpRequest, by: Any, case: Case, form: DetailsForm) -> HttpResponse:
    now = queries.case_by_id(by, case.pk)
    assert now is not None
    standing = _standing(now)
    typed = {name: str(form.cleaned_data[name] or "") for name in LABELS}
    parts = [
        Part(LABELS[name], name, _named(form, name, standing[name]), _named(form, name, typed[name])) for name in LABELS
    ]
    return conflict.page(
        request,
        subject.head(by, now, moment.today()),
        title="Somebody else changed this case while you were typing",
        parts=parts,
        by_whom=conflict.last(trail.read(now), ("case.details-changed", "case.point-added")),
        version=now.version,
        theirs=standing,
    )


def _named(form: DetailsForm, name: str, value: str) -> str:
    """Give the words of a choice in place of its number."""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value)) if choices else value


@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that an officer is complained about: they may not hold, check or release the case."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.complained_about, by, case=case)
    today = moment.today()
    form = AboutForm(request.POST or None, viewer=by, case=case, today=today)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        officer = staff_queries.officer(int(form.cleaned_data["officer"]))
        assert officer is not None
        try:
            case_details.complained_about(
                case=case, officer=officer, by=by, at=moment.now(), key=entry.form_key(request)
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"{officer.name} may not hold, check or release {case.reference}.")
            return redirect("desk:case", case.reference)
    return entry.page(
        request,
        "desk/cases/about.html",
        title=f"Complained about, {case.reference}",
        current="work",
        page=queries.complained_about(case),
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, today)},
    )


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Tie another case of the same council to this one."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.link, by, case=case)
    form = LinkForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        other = queries.case(by, form.cleaned_data["other"])
        try:
            if other is None:
                raise case_details.NoSuchCase
            case_details.link(
                case=case,
                other=other,
                why=form.cleaned_data["why"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"{case.reference} and {other.reference} are linked.")
            return redirect("desk:case", case.reference)
    return entry.page(
        request,
        "desk/cases/link.html",
        title=f"Link {case.reference}",
        current="work",
        page=[
            one for one in queries.earlier_of(by, case.complainant_id, but=case.pk) if one.council_id == case.council_id
        ],
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, moment.today())},
    )


@require_http_methods(["GET", "POST"])
def dates_of(request: HttpRequest, reference: str) -> HttpResponse:
    """List the dates that people told us, to correct one."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.correct_date, by, case=case)
    found = case_details.correctable(case)
    if len(found) == 1:
        return redirect("desk:correct", case.reference, found[0].pk)
    return entry.page(
        request,
        "desk/cases/dates.html",
        title=f"Dates of {case.reference}",
        current="work",
        page=[(row, KINDS[row.kind]) for row in found],
        more={"head": subject.head(by, case, moment.today())},
    )


KINDS = {"received": "It reached the council", "escalated": "Stage 2 was asked for"}


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, reference: str, happening_id: int) -> HttpResponse:
    """Correct the day on which something happened, having seen how each clock would read."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.correct_date, by, case=case)
    found = next((row for row in case_details.correctable(case) if row.pk == happening_id), None)
    if found is None:
        raise Http404
    today = moment.today()
    form = CorrectForm(request.POST or None, initial={"on": found.on})
    refusal: Refusal | None = None
    before: list[case_details.Before] = []
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        before = case_details.if_corrected(case, found, on, today)
        if "look" not in request.POST:
            try:
                case_details.correct_date(
                    case=case,
                    happening=found,
                    on=on,
                    reason=form.cleaned_data["reason"],
                    by=by,
                    at=moment.now(),
                    key=entry.form_key(request),
                )
            except Refusal as refused:
                entry.hidden(refused)
                refusal = refused
            else:
                said.done(request, f"{KINDS[found.kind]} on {dates.say(on)}, not on {dates.say(found.on)}.")
                return redirect(reverse("desk:case", args=[case.reference]) + "#clocks")
    return entry.page(
        request,
        "desk/cases/correct.html",
        title=f"Correct a date of {case.reference}",
        current="work",
        page=before,
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, today), "happening": found, "what": KINDS[found.kind]},
    )
