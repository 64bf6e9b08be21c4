"""How a case ends by hand, and how it goes on to its next stage."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.casework import closure, composing, escalation
from redress.desk import entry
from redress.desk.responses import letters
from redress.desk.responses.forms import CloseForm, EscalateForm
from redress.learning import queries as learning_queries
from redress.plumbing import moment
from redress.plumbing.look import said


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a case by hand, with the reason."""
    by, case = letters.case_or_404(request, reference)
    letters.must_be_allowed(closure.close, by, case=case)
    form = CloseForm(request.POST or None, initial={"on": moment.today()})
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            closed = closure.close(case=case, **form.cleaned_data, by=by, at=moment.now(), key=entry.form_key(request))
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            said.done(request, f"Closed: {closed.get_outcome_display().lower()}.")
            return redirect(reverse("desk:case", args=[case.reference]))
    page = {
        "case": case,
        "promises": [row for row in learning_queries.of_case(by, case) if row.state == "promised"],
        "stage": case_queries.open_stage(case),
        "honour": letters.honour(by, case),
    }
    return entry.page(
        request, "desk/responses/close.html", title=f"Close {case.reference}", current="work", page=page, form=form,
        refusal=refusal,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the person asked for Stage 2."""
    by, case = letters.case_or_404(request, reference)
    letters.must_be_allowed(escalation.escalate, by, case=case)
    points = [point for point in case_queries.points_of(case) if not point.withdrawn]
    texts = composing.points_of(case, None)
    form = EscalateForm(
        request.POST or None, initial={"asked_on": moment.today(), "which": "all"},
        points=[(item["number"], f"{item['number']}. {item['text']}") for item in texts],
    )  # fmt: skip
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        some = typed["which"] == "some"
        try:
            escalation.ask_for_next_stage(
                case=case,
                points=[row for row in escalation.live_points(case) if row.number in typed["points"]] if some else [],
                disputed={},
                disputed_all=typed["disputed_all"],
                outcome_sought=typed["outcome_sought"],
                asked_through=typed["asked_through"],
                asked_on=typed["asked_on"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            said.done(request, f"{case.reference} is at Stage 2. Acknowledge it, and allocate it to somebody else.")
            return redirect(reverse("desk:case", args=[case.reference]))
    page = {
        "case": case,
        "points": points,
        "why_not": escalation.why_not(case, moment.today()),
        "stages": case_queries.stages_of(case),
        "honour": letters.honour(by, case),
    }
    return entry.page(
        request, "desk/responses/escalate.html", title=f"Log the request for Stage 2, {case.reference}", current="work",
        page=page, form=form, refusal=refusal,
    )  # fmt: skip
