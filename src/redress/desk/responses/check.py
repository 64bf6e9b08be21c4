"""Another person reads the answer, ticks its parts by hand, and passes or returns it; on a phone as well."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.casework import answer_letter, composing, response
from redress.correspondence import writing
from redress.desk import entry
from redress.desk.responses import letters
from redress.desk.responses.forms import CheckForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.quality import queries

WORDS_A_MINUTE = 200

PLACES = {
    "stage": "In the heading and the first lines.",
    "understanding": "Under “What you complained about”.",
    "decision": "On each point, in bold.",
    "reasons": "Beneath each decision.",
    "remedy": "“Putting it right”, on each point.",
    "outstanding": "Under “What is still to be done”.",
    "escalation": "In the locked part at the end.",
}
"""Where in the letter each part is to be found."""


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """List the answers that wait to be checked."""
    by = entry.viewer(request)
    today = moment.today()
    page = {
        "waiting": [_row(row, today) for row in queries.to_check(by)],
        "own": queries.own_waiting(by),
        "may_check": by.may_somewhere(Permission.RESPONSE_CHECK),
        "viewer_id": by.id,
    }
    return entry.page(request, "desk/responses/checks.html", title="Checks", current="checks", page=page)


def _row(check: Any, today: Any) -> dict[str, Any]:
    stage = check.response.stage
    return {
        "check": check,
        "case": stage.case,
        "stage": stage,
        "reading": composing.answer_reading(stage.case, stage.number, today),
    }


@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest, check_id: int) -> HttpResponse:
    """Show an answer to its checker; pass it or return it."""
    by = entry.viewer(request)
    check = queries.check(by, check_id)
    if check is None:
        raise Http404
    found = check.response
    case = found.stage.case
    today = moment.today()
    facts = answer_letter.facts(found, today=today)
    answers = answer_letter.answers(found.stage)
    form = CheckForm(request.POST or None, parts=facts.parts, points=[one.number for one in answers])
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, by, case, check, form)
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            return redirect(reverse("desk:checks"))
    draft = answer_letter.compose(found, today=today)
    remarks = answer_letter.check(found, today=today)
    why_not = ""
    if by.id in (check.author_id, *found.writers):
        others = response.who_can_check(case=case, response=found, today=today)
        names = " or ".join(one.name for one in others[:3])
        why_not = f"You wrote this. {names} can check it." if names else "You wrote this, so somebody else checks it."
    elif not by.may(Permission.RESPONSE_CHECK, case.council_id):
        why_not = "Your role does not check answers."
    page = {
        "check": check,
        "case": case,
        "stage": found.stage,
        "answers": answers,
        "promises": [remedy for one in answers for remedy in one.remedies],
        "draft": draft,
        "digest": writing.draft_digest(draft),
        "minutes": max(1, round(_words(draft) / WORDS_A_MINUTE)),
        "parts": [
            (form[f"part-{part.key}"], PLACES.get(part.key, ""), part.why, part.authority) for part in facts.parts
        ],
        "remark_fields": [form[f"remark-{one.number}"] for one in answers],
        "stops": [remark for remark in remarks if remark.level == "stop"],
        "advice": [_advice(remark) for remark in remarks if remark.level == "advice"],
        "advice_heading": f"{sum(1 for remark in remarks if remark.level == 'advice')} to look at",
        "right": [remark.says for remark in remarks if remark.level == "right"],
        "reading": composing.answer_reading(case, found.stage.number, today),
        "honour": letters.honour(by, case),
        "writing_to": letters.writing_to(case),
        "over": check.state != "open",
        "why_not": why_not,
        "earlier": [one for one in queries.checks_of(found) if one.pk != check.pk],
    }
    return entry.page(
        request, "desk/responses/check.html", title=f"Check the answer, {case.reference}", current="checks", page=page,
        form=form, refusal=refusal,
    )  # fmt: skip


def _advice(remark: Any) -> dict[str, Any]:
    return {"point": remark.point, "what": remark.says, "why": remark.why, "href": "", "label": ""}


def _words(draft: writing.Draft) -> int:
    return len(writing.as_text(salutation=draft.salutation, blocks=draft.blocks, reference="").split())


def _decide(request: HttpRequest, by: Any, case: Any, check: Any, form: CheckForm) -> None:
    given = {"case": case, "response": check.response, "check": check, "by": by, "at": moment.now()}
    key = entry.form_key(request)
    if request.POST.get("do") == "pass":
        response.pass_check(
            **given,
            digest=request.POST.get("digest", ""),
            parts=form.ticked(),
            remark=form.cleaned_data["remark"],
            key=key,
        )
        said.done(request, f"Passed: the Stage {check.response.stage.number} answer on {case.reference}.")
    else:
        response.return_check(
            **given, remark=form.cleaned_data["remark"], remarks=form.remarks(), parts=form.ticked(), key=key
        )
        said.done(request, f"Returned to {check.author.name} with your remarks.")
