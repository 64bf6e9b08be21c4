"""Write an e-mail or a letter to somebody on the case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redress.access.refusals import Refusal
from redress.casework import correspondence
from redress.casework import letters as letter_steps
from redress.correspondence import writing
from redress.desk import entry
from redress.desk.post.forms import WriteForm
from redress.desk.responses import letters
from redress.plumbing import moment
from redress.plumbing.look import said


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Write, look at the letter, and release it."""
    by, case = letters.case_or_404(request, reference)
    letters.must_be_allowed(correspondence.write, by, case=case)
    today = moment.today()
    people = correspondence.recipients(case)
    names = [(one.pk, _addressee(case, one, today)) for one in people]
    first = letter_steps.correspondent(case, today)
    wanted = request.GET.get("kind", "other")
    form = WriteForm(
        request.POST or None,
        people=names,
        initial={
            "to": first.pk,
            "kind": wanted if wanted in correspondence.KINDS else "other",
            "subject": f"Your complaint {case.reference}",
        },
    )
    refusal: Refusal | None = None
    draft: writing.Draft | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        to = next(one for one in people if one.pk == typed["to"])
        try:
            draft = correspondence.compose(
                case=case, to=to, kind=typed["kind"], subject=typed["subject"], words=typed["words"], today=today,
                by=by, channel=typed["channel"] or None,
            )  # fmt: skip
            letter_steps.check_may_go(case=case, draft=draft, today=today)
            if request.POST.get("do") == "send":
                pressed = letter_steps.press(case=case, draft=draft, on=today)
                correspondence.write(
                    case=case, draft=draft, pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request)
                )
                way = (
                    "It goes by e-mail now."
                    if draft.channel == "email"
                    else "It waits under Post to be printed and posted."
                )
                said.done(request, f"Released to {to.name}. {way}")
                return redirect(reverse("desk:case", args=[case.reference]))
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
    page = {
        "case": case,
        "draft": draft,
        "honour": letters.honour(by, case, [one.pk for one in people]),
        "writing_to": letters.writing_to(case),
    }
    return entry.page(
        request, "desk/post/write.html", title=f"Write, {case.reference}", current="work", page=page, form=form,
        refusal=refusal,
    )  # fmt: skip


def _addressee(case: object, contact: object, today: object) -> str:
    """Say who somebody is on the case, and whether they may be told anything."""
    person, reach = contact.name, contact.email or "by post"  # type: ignore[attr-defined]
    if contact.pk == case.complainant_id:  # type: ignore[attr-defined]
        return f"{person}, who complains ({reach})"
    held = letter_steps.holds_authority(case, today)  # type: ignore[arg-type]
    return f"{person}, who speaks for them ({reach})" + ("" if held else ": no authority yet, neutral letters only")
