"""The answer of a stage: the grid of points, the letter that follows from it, and the check beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries as case_queries
from redress.casework import answer_letter, composing, remedies, response
from redress.casework import letters as letter_steps
from redress.correspondence import queries as letter_queries
from redress.correspondence import writing
from redress.desk import entry
from redress.desk.responses import letters
from redress.desk.responses.forms import AskForm, PointForm, RemedyForm, WordsForm, point_initial
from redress.learning import queries as learning_queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Action, Honour, Part
from redress.quality import queries as quality_queries
from redress.quality.rules import Remark
from redress.rulebook.readings import Reading
from redress.staff import queries as staff_queries

if TYPE_CHECKING:
    from redress.cases.queries import Case, Stage
    from redress.correspondence.queries import Response

OPEN_STATES = ("draft", "returned", "passed")


@dataclass
class PointRow:
    """A point with its forms."""

    answer: answer_letter.PointAnswer
    form: PointForm
    remedies: list[tuple[RemedyForm, Any]]
    new: RemedyForm | None


@dataclass
class AnswerPage:
    """Everything on the page of an answer."""

    case: Case
    stage: Stage
    response: Response | None
    version: int
    may_write: bool
    why_not: str
    points: list[PointRow]
    words: WordsForm
    ask: AskForm | None
    draft: writing.Draft | None
    stops: list[dict[str, Any]]
    advice: list[dict[str, Any]]
    right: list[str]
    reading: Reading | None
    honour: tuple[Honour, ...]
    writing_to: str
    how: str
    needs_adjustments: bool
    checks: Sequence[Any]
    release: Action | None
    take_back: Action | None
    letter: Any
    foot: str

    @property
    def stops_heading(self) -> str:
        """Say how many things stop the letter."""
        return f"{len(self.stops)} {'stops' if len(self.stops) == 1 else 'stop'} this letter"

    @property
    def advice_heading(self) -> str:
        """Say how many things are to be looked at."""
        return f"{len(self.advice)} to look at"


def _stage(case: Case, number: int) -> Stage:
    stage = next((one for one in case_queries.stages_of(case) if one.number == number), None)
    if stage is None:
        raise Http404
    return stage


def _people(by: Actor, case: Case) -> list[tuple[int, str]]:
    return [
        (one.pk, f"{one.name}, {one.job_title}" if one.job_title else one.name)
        for one in staff_queries.officers(by, case.council_id, moment.today())
    ]


def _rows(by: Actor, case: Case, stage: Stage, data: Mapping[str, Any] | None) -> list[PointRow]:
    """Make the forms of the points, filled with what is saved or with what was typed."""
    people = _people(by, case)
    rows = []
    for answer in answer_letter.answers(stage):
        form = PointForm(data, prefix=f"p{answer.number}", initial=point_initial(answer))
        saved = [
            (
                RemedyForm(
                    _if_sent(data, f"r{remedy.pk}"), prefix=f"r{remedy.pk}", people=people, remedy_id=remedy.pk,
                    initial={
                        "kind": remedy.kind, "text": remedy.text, "owner": remedy.owner_id, "due_on": remedy.due_on,
                        "amount": remedy.amount, "cost_centre": remedy.cost_centre,
                    },
                ),
                remedy,
            )
            for remedy in answer.remedies
        ]  # fmt: skip
        rows.append(PointRow(answer, form, saved, RemedyForm(data, prefix=f"n{answer.number}", people=people)))
    return rows


def _if_sent(data: Mapping[str, Any] | None, prefix: str) -> Mapping[str, Any] | None:
    """Give what was typed; nothing for a remedy that was not on the page then: a colleague added it since."""
    return data if data is not None and f"{prefix}-kind" in data else None


def _words(found: Response | None, data: Mapping[str, Any] | None) -> WordsForm:
    names = ("understanding", "how_looked_into", "adjustments_considered", "closing")
    initial = {name: getattr(found, name) for name in names} if found is not None else {}
    return WordsForm(data, prefix="w", initial=initial)


@require_http_methods(["GET", "POST"])
def response_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show the answer of a stage and save what was typed."""
    by, case = letters.case_or_404(request, reference)
    stage = _stage(case, number)
    if request.method == "POST":
        return _save(request, by, case, stage)
    return _draw(request, _page(by, case, stage, None))


def _save(request: HttpRequest, by: Actor, case: Case, stage: Stage) -> HttpResponse:
    data = _chosen(request, by, case, stage)
    page = _page(by, case, stage, data)
    forms = [page.words, *_forms(page)]
    if [form for form in forms if not form.is_valid()]:
        return _draw(request, page, status=422)
    try:
        response.save(
            case=case,
            stage=stage,
            version=_number(data.get("version")),
            words=page.words.words(),
            answers=[_typed(row) for row in page.points],
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )
    except response.SavedMeanwhile as refusal:
        return _conflict(request, by, case, stage, data, refusal)
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, page, refusal=refusal)
    said.done(request, f"Kept. The letter on {case.reference} follows what you wrote.")
    return redirect(reverse("desk:response", args=[case.reference, stage.number]))


def _number(value: object) -> int:
    given = str(value or "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _forms(page: AnswerPage) -> list[Any]:
    found: list[Any] = []
    for row in page.points:
        found += [
            row.form,
            *(form for form, _ in row.remedies if form.is_bound),
            *([row.new] if row.new is not None else []),
        ]
    return found


def _typed(row: PointRow) -> response.AnswerInput:
    drawn = [form.typed() for form, _ in row.remedies if form.is_bound]
    drawn += [row.new.typed()] if row.new is not None else []
    return response.AnswerInput(
        point=row.answer.number,
        remedies=[one for one in drawn if one is not None],
        **{name: row.form.cleaned_data[name] for name in row.form.fields},
    )


def _page(by: Actor, case: Case, stage: Stage, data: Mapping[str, Any] | None) -> AnswerPage:
    """Work out the whole page."""
    today = moment.today()
    found = letter_queries.response_of(by, stage)
    remarks = answer_letter.check(found, today=today) if found is not None else ()
    state = found.state if found is not None else "draft"
    role = can(response.save, by, case=case, stage=stage)
    writable = stage.ended_at is None and state in OPEN_STATES
    stops = [_remark(one) for one in remarks if one.level == "stop"]
    return AnswerPage(
        case=case,
        stage=stage,
        response=found,
        version=found.version if found is not None else 0,
        may_write=bool(role) and writable,
        why_not=role.why or _standing(state, stage),
        points=_rows(by, case, stage, data),
        words=_words(found, data),
        ask=_ask(case, found, state, today) if role else None,
        draft=answer_letter.compose(found, today=today) if found is not None else None,
        stops=stops,
        advice=[_remark(one) for one in remarks if one.level == "advice"],
        right=[one.says for one in remarks if one.level == "right"],
        reading=composing.answer_reading(case, stage.number, today),
        honour=letters.honour(by, case),
        writing_to=letters.writing_to(case),
        how=_how(case, today),
        needs_adjustments=bool(answer_letter.to_be_honoured(stage)),
        checks=quality_queries.checks_of(found) if found is not None else (),
        release=_release(by, case, stage, found) if state == "passed" else None,
        take_back=Action(
            "Take it back", post=reverse("desk:response-take-back", args=[case.reference, stage.number]),
            allowed=bool(role), why=role.why,
        ) if state == "with-checker" else None,
        letter=found.letter if found is not None else None,
        foot=_foot(state if found is not None else "", stops),
    )  # fmt: skip


def _ask(case: Case, found: Response | None, state: str, today: Any) -> AskForm | None:
    if found is None or state not in ("draft", "returned"):
        return None
    people = response.who_can_check(case=case, response=found, today=today)
    return AskForm(people=[(one.pk, f"{one.name}, {one.job_title}".rstrip(", ")) for one in people])


def _release(by: Actor, case: Case, stage: Stage, found: Response | None) -> Action:
    role = can(response.release, by, case=case, response=found)
    return Action(
        "Release it", post=reverse("desk:response-release", args=[case.reference, stage.number]), allowed=bool(role),
        why=role.why, main=True, note="The PDF is made from exactly the words that passed.",
    )  # fmt: skip


def _standing(state: str, stage: Stage) -> str:
    if stage.ended_at is not None:
        return "This stage has ended."
    return {
        "with-checker": "It is with the checker. Take it back to change it.",
        "released": "It has been released, so it can’t be changed.",
        "sent": "It has been sent, so it can’t be changed.",
    }.get(state, "")


def _foot(state: str, stops: list[dict[str, Any]]) -> str:
    if not state:
        return "Nothing is written yet."
    if state == "with-checker":
        return "With the checker. The words stand still."
    if state == "passed":
        return "Passed. Whatever you change now is checked again."
    if state in ("released", "sent"):
        return "Released."
    if not stops:
        return "Nothing stops this letter."
    many = f"{len(stops)} things stop" if len(stops) > 1 else "1 thing stops"
    return f"{many} this letter: {stops[0]['what'][:1].lower()}{stops[0]['what'][1:]}"


def _how(case: Case, today: Any) -> str:
    to = letter_steps.correspondent(case, today)
    way = "e-mail" if letter_steps.channel_for(to) == "email" else "post"
    large = ", in large print" if composing.wants_large_print(to) else ""
    return f"to {to.name}, by {way}{large}"


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "point": remark.point,
        "what": remark.says,
        "why": " ".join(
            part if part.endswith((".", "?", "!")) else f"{part}."
            for part in ("" if remark.point else remark.where, remark.why, remark.do)
            if part
        ),
        "href": f"#id_p{remark.point}-reason" if remark.point else "",
        "label": "Go there",
    }


def _draw(
    request: HttpRequest, page: AnswerPage, *, refusal: Refusal | None = None, status: int | None = None
) -> HttpResponse:
    return entry.page(
        request, "desk/responses/answer.html", title=f"Stage {page.stage.number} response, {page.case.reference}",
        current="work", page=page, refusal=refusal, status=status,
        more={"forms": [page.words, *_forms(page)]},
    )  # fmt: skip


# ------------------------------------------------------------------------------------------- two officers, one answer


def _saved(by: Actor, case: Case, stage: Stage) -> dict[str, tuple[str, str]]:
    """Give what is saved under the names of the page's fields: the label and the text."""
    found = letter_queries.response_of(by, stage)
    saved: dict[str, tuple[str, str]] = {}
    words = _words(found, None)
    for bound in words:
        saved[bound.html_name] = (str(bound.label), str(bound.value() or ""))
    for row in _rows(by, case, stage, None):
        for bound in row.form:
            saved[bound.html_name] = (f"Point {row.answer.number}: {bound.label}", str(bound.value() or ""))
    return saved


def _conflict(
    request: HttpRequest, by: Actor, case: Case, stage: Stage, data: Mapping[str, Any], refusal: Refusal
) -> HttpResponse:
    """Show both versions part by part; everything that was typed goes along."""
    found = letter_queries.response_of(by, stage)
    saved = _saved(by, case, stage)
    parts = [
        Part(label, name, theirs.replace("\r\n", "\n").strip(), str(data.get(name, "")).replace("\r\n", "\n").strip())
        for name, (label, theirs) in saved.items()
    ]
    skipped = ("csrfmiddlewaretoken", "version", "form_key")
    kept = [(name, value) for name, value in data.items() if name not in skipped and not name.startswith("keep-")]
    return entry.page(
        request, "desk/responses/conflict.html", title=f"Two versions, {case.reference}", current="work",
        page={
            "case": case, "stage": stage, "parts": parts, "kept": kept,
            "who": found.changed_by if found else "A colleague",
            "when": moment.local(found.changed_at) if found else None,
            "version": found.version if found else 0,
        },
        refusal=refusal, status=409,
    )  # fmt: skip


def _chosen(request: HttpRequest, by: Actor, case: Case, stage: Stage) -> Mapping[str, Any]:
    """Give what was typed, with the parts for which the saved version was chosen after two versions were shown."""
    data = request.POST.copy()
    theirs = [name[5:] for name, value in data.items() if name.startswith("keep-") and value == "theirs"]
    if theirs:
        saved = _saved(by, case, stage)
        for name in theirs:
            if name in saved:
                data[name] = saved[name][1]
    return data


# ----------------------------------------------------------------------------------------------- the letter, the check


@require_GET
def letter_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show the PDF as it would be made now."""
    by, case = letters.case_or_404(request, reference)
    found = letter_queries.response_of(by, _stage(case, number))
    if found is None:
        raise Http404
    today = moment.today()
    return letters.as_pdf(answer_letter.compose(found, today=today), case=case, on=today)


@require_POST
def ask(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Give the answer to the checker."""
    by, case = letters.case_or_404(request, reference)
    stage = _stage(case, number)
    found = letter_queries.response_of(by, stage)
    if found is None:
        raise Http404
    chosen = _number(request.POST.get("asked_of"))
    asked = staff_queries.officer(chosen) if chosen else None
    try:
        response.ask_for_check(
            case=case, response=found, asked_of=asked, by=by, at=moment.now(), key=entry.form_key(request)
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, _page(by, case, stage, None), refusal=refusal)
    said.done(
        request, f"Given to {asked.name if asked else 'anyone who may check it'}. The words stand still meanwhile."
    )
    return redirect(reverse("desk:response", args=[case.reference, number]))


@require_POST
def take_back(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Take the answer back from the checker."""
    by, case = letters.case_or_404(request, reference)
    stage = _stage(case, number)
    found = letter_queries.response_of(by, stage)
    if found is None:
        raise Http404
    try:
        response.take_back(case=case, response=found, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, _page(by, case, stage, None), refusal=refusal)
    said.done(request, "Taken back. You can change it now.")
    return redirect(reverse("desk:response", args=[case.reference, number]))


@require_POST
def release(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Release the answer that passed: press its PDF, then freeze it."""
    by, case = letters.case_or_404(request, reference)
    stage = _stage(case, number)
    found = letter_queries.response_of(by, stage)
    if found is None:
        raise Http404
    today = moment.today()
    try:
        letters.must_be_allowed(response.release, by, case=case, response=found)
        draft = response.passed_draft(found, today=today)
        pressed = letter_steps.press(case=case, draft=draft, on=today)
        response.release(
            case=case, response=found, draft=draft, pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request)
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, _page(by, case, stage, None), refusal=refusal)
    way = "It goes by e-mail now." if draft.channel == "email" else "It waits under Post to be printed and posted."
    said.done(request, f"Released. {way} The clock stops on the day it goes.")
    return redirect(reverse("desk:case", args=[case.reference]))


@require_POST
def approve(request: HttpRequest, remedy_id: int) -> HttpResponse:
    """Approve a payment of a draft answer."""
    by = entry.viewer(request)
    remedy = learning_queries.promise(by, remedy_id)
    if remedy is None:
        raise Http404
    stage = remedy.finding.stage
    try:
        remedies.approve(case=remedy.case, remedy=remedy, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, _page(by, remedy.case, stage, None), refusal=refusal)
    said.done(request, f"Approved: £{remedy.amount:,.2f}.")
    return redirect(reverse("desk:response", args=[remedy.case.reference, stage.number]))
