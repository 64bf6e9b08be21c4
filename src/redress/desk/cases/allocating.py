"""Who is free, fit and unconflicted? The case goes to an officer, or from one to another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries
from redress.casework import allocation
from redress.desk import entry
from redress.desk.cases import subject
from redress.desk.cases.forms import AllocateForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.staff import queries as staff_queries


@require_http_methods(["GET", "POST"])
def allocate(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who may have the case and who may not, each with why, and give it to one."""
    by, case = subject.of(request, reference)
    managed = bool(can(allocation.allocate, by, case=case))
    step = allocation.allocate if managed else allocation.hand_over
    subject.needs(step, by, case=case)
    today = moment.today()
    people = allocation.candidates(case, today)
    refusal: Refusal | None = None
    # What the case says while nobody holds it is done with this very step.
    initial = {"next_action": case.next_action if case.holder_id else allocation.FIRST_ACTION}
    form = AllocateForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        officer = staff_queries.officer(int(form.cleaned_data["officer"]))
        assert officer is not None
        try:
            step(
                case=case,
                officer=officer,
                summary=form.cleaned_data["summary"],
                next_action=form.cleaned_data["next_action"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"{case.reference} is with {officer.name}.")
            return redirect("desk:case", case.reference)
    return entry.page(
        request,
        "desk/cases/allocate.html",
        title=f"Allocate {case.reference}",
        current="work",
        page=people,
        form=form,
        refusal=refusal,
        more={
            "head": subject.head(by, case, today),
            "chosen": str(form["officer"].value() or ""),
            "points": queries.points_of(case),
            "handing_over": case.holder_id is not None,
            "free": any(not one.why_not for one in people),
        },
    )
