"""More time: the new date before anything is saved, the reason, the letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.casework import extension
from redress.casework import letters as letter_steps
from redress.correspondence import writing
from redress.desk import entry
from redress.desk.responses import letters
from redress.desk.responses.forms import ExtendForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.rulebook import dates

USUAL_DAYS = 5


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what more time would do, and release the letter that takes it."""
    by, case = letters.case_or_404(request, reference)
    letters.must_be_allowed(extension.extend, by, case=case)
    stage = case_queries.open_stage(case)
    if stage is None:
        raise Http404
    today = moment.today()
    form = ExtendForm(request.POST or None, initial={"working_days": USUAL_DAYS})
    refusal: Refusal | None = None
    draft: writing.Draft | None = None
    seen: extension.Preview | None = None
    valid = request.method == "POST" and form.is_valid()
    try:
        days = form.cleaned_data["working_days"] if valid else USUAL_DAYS
        seen = extension.preview(case=case, stage=stage, working_days=days, today=today)
        if valid:
            reason, beyond = form.reason(), form.cleaned_data["override_reason"]
            draft = extension.compose(
                case=case, stage=stage, working_days=days, reason=reason, override_reason=beyond, today=today, by=by
            )
            if request.POST.get("do") == "send":
                if len(reason) < extension.SHORTEST_REASON:
                    raise extension.SayWhy
                letter_steps.check_may_go(case=case, draft=draft, today=today)
                pressed = letter_steps.press(case=case, draft=draft, on=today)
                extension.extend(
                    case=case, stage=stage, working_days=days, reason=reason, override_reason=beyond, draft=draft,
                    pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request),
                )  # fmt: skip
                new = dates.say(seen.new_date) if seen.new_date else ""
                said.done(
                    request,
                    f"Released: the letter with the new date, {new}. The extension counts from the day it goes.",
                )
                return redirect(reverse("desk:case", args=[case.reference]))
    except Refusal as raised:
        entry.hidden(raised)
        refusal = raised
    page = {
        "case": case,
        "stage": stage,
        "seen": seen,
        "draft": draft,
        "may_override": by.may(Permission.EXTENSION_OVERRIDE, case.council_id),
        "honour": letters.honour(by, case),
        "writing_to": letters.writing_to(case),
        "today": today,
    }
    return entry.page(
        request, "desk/responses/extend.html", title=f"Extend the answer date, {case.reference}", current="work",
        page=page, form=form, refusal=refusal,
    )  # fmt: skip
