"""A service is asked, and answers: what do you want from me, and by when?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries
from redress.cases.queries import Case, PointState
from redress.casework import composing, tasks
from redress.council import queries as council_queries
from redress.desk import entry
from redress.desk.cases import pages, subject
from redress.desk.cases.forms import AnswerForm, AskForm, LaterForm, NotOursForm
from redress.documents import queries as document_queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import FileRow
from redress.rulebook import dates
from redress.rulebook.severity import severity
from redress.tasks import queries as task_queries
from redress.tasks.queries import Asked


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a service about some points of the case, by a day that leaves time to write."""
    by, case = subject.of(request, reference)
    subject.needs(tasks.ask, by, case=case)
    today = moment.today()
    points = queries.points_of(case)
    offer = tasks.offer(case, today)
    initial = {"due_on": offer.on, "service": case.service_id}
    form = AskForm(request.POST or None, viewer=by, case=case, points=points, initial=initial)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        service = council_queries.services(by, case.council_id, moment.today()).get(pk=given["service"])
        try:
            tasks.ask(
                case=case,
                service=service,
                question=given["question"],
                points=[found for number in given["points"] if (found := queries.point(case, int(number)))],
                due_on=given["due_on"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"{service.name} is asked to answer by {dates.say(given['due_on'])}.")
            return redirect(reverse("desk:case", args=[case.reference]) + "#tasks")
    return entry.page(
        request,
        "desk/cases/ask.html",
        title=f"Ask a service, {case.reference}",
        current="work",
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, today), "offer": offer},
    )


@dataclass(frozen=True)
class TaskPage:
    """What a service is asked, by when and why, with the points in the person's own words."""

    head: subject.Head
    task: Asked
    points: tuple[PointState, ...]
    by_when: str
    why: str
    late: bool
    files: tuple[FileRow, ...]
    more_waiting: int
    may_answer: bool
    why_not: str
    may_read_case: bool


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show the one page on which a service answers, says that it can't by then, or that it is not theirs."""
    by = entry.viewer(request)
    found = task_queries.one(by, task_id)
    if found is None or not _may_see(by, found):
        raise Http404
    case = found.case
    forms: dict[str, Any] = {"answer": AnswerForm(), "later": LaterForm(), "not-ours": NotOursForm()}
    refusal: Refusal | None = None
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    if doing in forms:
        forms[doing] = type(forms[doing])(request.POST)
        if forms[doing].is_valid():
            try:
                sentence = _do(request, doing, forms[doing].cleaned_data, by, case, found)
            except Refusal as refused:
                entry.hidden(refused)
                refusal = refused
            else:
                said.done(request, sentence)
                return redirect("desk:my-work") if pages_only_tasks(by) else redirect("desk:task", task_id)
    page = _page(by, case, task_queries.as_asked(found))
    return entry.page(
        request,
        "desk/cases/task.html",
        title=f"Asked of {found.service.name}",
        current="work",
        page=page,
        form=forms.get(doing),
        refusal=refusal,
        more={"answer": forms["answer"], "later": forms["later"], "not_ours": forms["not-ours"], "doing": doing},
    )


def pages_only_tasks(by: Actor) -> bool:
    """Say whether the viewer works by tasks alone: a service manager, who has no lists."""
    return entry.is_service_manager(by)


def _may_see(by: Actor, found: Any) -> bool:
    return not entry.is_service_manager(by) or found.service_id in by.service_ids


def _do(request: HttpRequest, doing: str, given: dict[str, Any], by: Actor, case: Case, found: Any) -> str:
    common = {"case": case, "task": found, "by": by, "at": moment.now(), "key": entry.form_key(request)}
    if doing == "answer":
        tasks.answer(answer=given["answer"], **common)
        return "Your answer is with the officer. Thank you."
    if doing == "later":
        tasks.later(on=given["later_on"], reason=given["reason"], **common)
        return "The officer knows. The date on which the person has our answer does not move."
    tasks.not_ours(reason=given["whose"], **common)
    return "The officer knows that it is not yours, and asks elsewhere."


def _page(by: Actor, case: Case, asked: Asked) -> TaskPage:
    today = moment.today()
    calendar = queries.calendars_of([case.council])[case.council_id]
    pressing = severity(asked.due_on, today, calendar)
    stage = queries.open_stage(case)
    reading = composing.answer_reading(case, stage.number if stage is not None else 1, today)
    name = subject.called(case)
    why = f"So that {name} has the answer by {dates.say(reading.due)}." if reading and reading.due else ""
    if today > asked.due_on:
        why = f"{why} Even one point helps.".strip()
    allowed = can(tasks.answer, by, case=case)
    owed = task_queries.owed_by(by, by.service_ids)
    return TaskPage(
        head=subject.head(by, case, today, moment="Before you visit or ring"),
        task=asked,
        points=tuple(point for point in queries.points_of(case) if point.number in asked.points),
        by_when=f"Please answer by {dates.say(asked.due_on)}, {_lower(pressing.words)}",
        why=why,
        late=today > asked.due_on,
        files=tuple(pages.file_row(file) for file in document_queries.of_case(by, case)),
        more_waiting=sum(one.id != asked.id for one in owed),
        may_answer=bool(allowed),
        why_not=allowed.why,
        may_read_case=not entry.is_service_manager(by),
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


@require_POST
def chase(request: HttpRequest, task_id: int) -> HttpResponse:
    """Remind a service of what it was asked."""
    return _press(request, task_id, "chase")


@require_POST
def withdraw(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a question back."""
    return _press(request, task_id, "withdraw")


def _press(request: HttpRequest, task_id: int, doing: str) -> HttpResponse:
    by = entry.viewer(request)
    found = task_queries.one(by, task_id)
    if found is None:
        raise Http404
    step = tasks.chase if doing == "chase" else tasks.withdraw
    try:
        step(case=found.case, task=found, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        sentence = f"{found.service.name} was reminded." if doing == "chase" else "The question was taken back."
        said.done(request, sentence)
    return redirect(reverse("desk:case", args=[found.case.reference]) + "#tasks")
