"""What exactly is complained about? A point is added, worded anew, or withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from redress.access import trail
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.cases import queries
from redress.cases.queries import Case
from redress.casework import case_details
from redress.desk import entry
from redress.desk.cases import conflict, subject
from redress.desk.cases.forms import PointForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Part
from redress.rulebook import dates


def _to_points(case: Case) -> HttpResponse:
    return redirect(reverse("desk:case", args=[case.reference]) + "#points")


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a point to the complaint and to its open stage."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.add_point, by, case=case)
    form = PointForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = case_details.add_point(
                case=case, wording=form.cleaned_data["wording"], by=by, at=moment.now(), key=entry.form_key(request)
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"Point {made.number} is added.")
            return _to_points(case)
    return _page(request, by, case, form, refusal, None)


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Word a point anew; where somebody did so first, both wordings are shown."""
    by, case = subject.of(request, reference)
    subject.needs(case_details.reword_point, by, case=case)
    found = queries.point(case, number)
    if found is None:
        raise Http404
    wordings = queries.wordings_of(found.pk)
    newest = wordings[0]
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        posted["wording"] = str(conflict.chosen(request.POST, {"wording": posted.get("wording", "")})["wording"])
    initial = {"wording": newest.text, "agreed_on": newest.agreed_on, "version": newest.version}
    form = PointForm(posted, initial=initial)
    refusal: Refusal | None = None
    if posted is not None and form.is_valid():
        try:
            case_details.reword_point(
                case=case,
                point=found,
                wording=form.cleaned_data["wording"],
                agreed_on=form.cleaned_data["agreed_on"],
                version=form.cleaned_data["version"] or 0,
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except ChangedMeanwhile:
            return _conflict(request, by, case, number, form)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"Point {number} is worded anew. The earlier words stay on record.")
            return _to_points(case)
    return _page(request, by, case, form, refusal, (number, wordings))


def _conflict(request: HttpRequest, by: Any, case: Case, number: int, form: PointForm) -> HttpResponse:
    found = queries.point(case, number)
    assert found is not None
    newest = queries.wordings_of(found.pk)[0]
    line = next(
        (
            line
            for line in reversed(trail.read(case))
            if line.kind == "case.point-reworded" and line.ids.get("point") == number
        ),
        None,
    )
    return conflict.page(
        request,
        subject.head(by, case, moment.today()),
        title=f"{newest.written_by} changed point {number} at {dates.time(newest.written_at)}",
        parts=[Part(f"Point {number}", "wording", newest.text, form.cleaned_data["wording"])],
        by_whom=line,
        version=newest.version,
        theirs={"wording": newest.text},
    )


def _page(
    request: HttpRequest, by: Any, case: Case, form: PointForm, refusal: Refusal | None, found: Any
) -> HttpResponse:
    number, wordings = found or (0, [])
    return entry.page(
        request,
        "desk/cases/point.html",
        title=f"Point {number} of {case.reference}" if number else f"A new point, {case.reference}",
        current="work",
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, moment.today()), "number": number, "wordings": wordings},
    )


@require_POST
def withdraw(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Mark a point as withdrawn by the person."""
    by, case = subject.of(request, reference)
    found = queries.point(case, number)
    if found is None:
        raise Http404
    try:
        case_details.withdraw_point(case=case, point=found, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        said.done(request, f"Point {number} is withdrawn. It stays on record.")
    return _to_points(case)
