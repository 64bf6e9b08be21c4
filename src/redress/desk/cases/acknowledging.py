"""Have we understood, and what have we promised? The acknowledgement is looked at, then sent.

The letter is composed anew each time the page is asked for; what is sent is what was looked at, or the page says what
changed. The PDF is set before the step, since it takes a while.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.cases import queries
from redress.cases.queries import Case, Stage
from redress.casework import acknowledgement, letters
from redress.correspondence import writing
from redress.desk import entry
from redress.desk.cases import subject
from redress.desk.cases.forms import ChannelForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Then


@dataclass(frozen=True)
class AcknowledgePage:
    """The letter as it would go, what follows, and what stops it."""

    head: subject.Head
    stage: Stage | None
    draft: writing.Draft | None
    digest: str
    follows: tuple[Then, ...]
    stops: str
    understanding: str
    neutral: bool


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the acknowledgement of the open stage, and send it."""
    by, case = subject.of(request, reference)
    subject.needs(acknowledgement.acknowledge, by, case=case)
    given = request.POST if request.method == "POST" else request.GET
    refusal: Refusal | None = None
    try:
        draft = _draft(given, case, by)
    except Refusal as refused:
        entry.hidden(refused)
        return _page(request, by, case, None, None, refused)
    filled = {"channel": draft.channel, "understanding": _typed(given, "understanding")}
    form = ChannelForm(filled, case=case, to=draft.to)
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        try:
            _send(request, by, case, draft)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            way = "by e-mail" if draft.channel == "email" else "by post: print it and put it in the envelope"
            said.done(request, f"The acknowledgement to {draft.to.name} is released. It goes {way}.")
            return redirect("desk:case", case.reference)
    return _page(request, by, case, draft, form, refusal)


def _typed(given: QueryDict, name: str) -> str:
    return (given.get(name) or "").replace("\x00", "").strip()


def _draft(given: QueryDict, case: Case, by: Actor) -> writing.Draft:
    channel = _typed(given, "channel")
    return acknowledgement.compose(
        case=case,
        by=by,
        today=moment.today(),
        understanding=_typed(given, "understanding"),
        channel=channel if channel in ("email", "post") else None,
    )


def _send(request: HttpRequest, by: Actor, case: Case, draft: writing.Draft) -> None:
    """Set the PDF, outside the step, and release the letter. Raises what the step refuses, before anything slow."""
    looked_at = request.POST.get("digest", "")
    if looked_at and looked_at != writing.draft_digest(draft):
        raise letters.WordsChanged("The letter changed after you looked at it.", do="Look at it again, then send it.")
    today = moment.today()
    letters.check_may_go(case=case, draft=draft, today=today)
    pressed = letters.press(case=case, draft=draft, on=today)
    acknowledgement.acknowledge(
        case=case, draft=draft, pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request)
    )


def _page(
    request: HttpRequest,
    by: Actor,
    case: Case,
    draft: writing.Draft | None,
    form: ChannelForm | None,
    refusal: Refusal | None,
) -> HttpResponse:
    today = moment.today()
    stage = queries.open_stage(case)
    follows: tuple[Then, ...] = ()
    stops = ""
    if stage is not None and draft is not None:
        done = acknowledgement.acknowledging_letter(case, stage)
        when, why = acknowledgement.answer_by(case, stage, today)
        follows = (Then(f"Stage {stage.number} answer due", when, why),) if when else ()
        stops = _stops(case, draft)
        if done is not None and refusal is None:
            refusal = acknowledgement.AlreadyAcknowledged()
    page = AcknowledgePage(
        head=subject.head(by, case, today, moment="Before you write to"),
        stage=stage,
        draft=draft,
        digest=writing.draft_digest(draft) if draft is not None else "",
        follows=follows,
        stops=stops,
        understanding=form["understanding"].value() or "" if form is not None else "",
        neutral=draft is not None and draft.kind == "neutral-acknowledgement",
    )
    return entry.page(
        request,
        "desk/cases/acknowledge.html",
        title=f"Acknowledge {case.reference}",
        current="work",
        page=page,
        form=form,
        refusal=refusal,
    )


def _stops(case: Case, draft: writing.Draft) -> str:
    try:
        letters.check_may_go(case=case, draft=draft, today=moment.today())
    except Refusal as refusal:
        return f"{refusal.sentence} {refusal.do}".strip()
    return ""


@require_GET
def acknowledge_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the acknowledgement as the PDF that it will be."""
    by, case = subject.of(request, reference)
    subject.needs(acknowledgement.acknowledge, by, case=case)
    try:
        draft = _draft(request.GET, case, by)
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, refusal.sentence)
        return redirect("desk:case", case.reference)
    data = letters.preview(case=case, draft=draft, on=moment.today())
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference} acknowledgement.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
