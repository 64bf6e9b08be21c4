"""What is asked of a service, and what does it answer?

Example: ``ask(case=case, service=waste, question="Please send the round sheets", points=[point], due_on=friday, …)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.roles import Role
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases.models import Case, Point
from redress.casework import chasing, composing, wording
from redress.council.models import Service
from redress.council.queries import calendar_for
from redress.plumbing import moment, text
from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries
from redress.staff.models import Officer
from redress.tasks import changes, events
from redress.tasks.models import Task


class AsksNothing(Refusal):
    """The task asks nothing."""

    do = "Write what you need from the service."
    field = "question"


class DueBeforeToday(Refusal):
    """The day is over already."""

    do = "Give a day from today on."
    field = "due_on"


class SaysNothing(Refusal):
    """The answer says nothing."""

    do = "Write what happened, or say why the service can’t answer."
    field = "answer"


class AlreadyAnswered(Refusal):
    """The task has been answered already, or was withdrawn."""

    do = "Ask again with a new task if something is missing."


class OtherCouncil(Refusal):
    """This service belongs to another council."""

    do = "Choose a service of the council that has the case."
    field = "service"


class WhyLater(Refusal):
    """The officer needs to know why, and by when you can."""

    do = "Give the day by which you can answer, and the reason in a few words."
    field = "reason"


class WhoseIsIt(Refusal):
    """The officer needs to know whose it is."""

    do = "Write whom to ask instead, or why it is not yours."
    field = "reason"


@dataclass(frozen=True)
class Offer:
    """By when a service might be asked to answer, and the arithmetic behind it."""

    on: date
    why: str


DAYS_TO_WRITE = 3
DAYS_TO_ANSWER = 5


def offer(case: Case, today: date) -> Offer:
    """Offer a day for a service's answer that leaves three working days to write and to check ours."""
    calendar = calendar_for(case.council)
    stage = case_changes.open_stage_of(case)
    reading = composing.answer_reading(case, stage.number if stage is not None else 1, today)
    usual = calendar.add(today, DAYS_TO_ANSWER)
    if reading is None or reading.due is None:
        return Offer(usual, f"{dates.working_days(DAYS_TO_ANSWER)} from today.")
    latest = reading.due
    for _ in range(DAYS_TO_WRITE):
        latest = _working_day_before(calendar, latest)
    due = dates.say(reading.due)
    if latest <= today:
        soon = calendar.add(today, 1)
        return Offer(
            soon, f"Our answer is due {due}: there are no {DAYS_TO_WRITE} days left to write it, so ask for it at once."
        )
    if usual < latest:
        return Offer(
            usual,
            f"{dates.working_days(DAYS_TO_ANSWER)} from today. Our answer is due {due}; {dates.say(latest)} would be "
            f"the last day that leaves {dates.working_days(DAYS_TO_WRITE)} to write and check it.",
        )
    return Offer(
        latest, f"Our answer is due {due}. This leaves {dates.working_days(DAYS_TO_WRITE)} to write and check it."
    )


def _working_day_before(calendar: WorkingCalendar, day: date) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


@step(needs=Permission.TASK_ASK, on="case")
def ask(
    *, case: Case, service: Service, question: str, points: Sequence[Point], due_on: date, by: Actor, at: datetime
) -> Task:
    """Ask a service about some points of a case; its managers are told. Raises ``AsksNothing``, ``DueBeforeToday``."""
    question = wording.words(question, "question")
    if not question:
        raise AsksNothing
    if service.council_id != case.council_id:
        raise OtherCouncil
    today = moment.local(at).date()
    if due_on < today:
        raise DueBeforeToday
    task = changes.add(case=case, service=service, question=question, points=points, due_on=due_on, by=by, at=at)
    trail.note(
        events.ASKED,
        on=case,
        detail={"question": question},
        ids={"task": task.pk, "service": service.name, "due_on": due_on.isoformat()},
    )
    case_changes.mark_started(case=case, by=by, at=at)
    for manager in _managers(service, today):
        told = staff_changes.tell(
            council=case.council,
            officer=manager,
            kind="task",
            once=f"task:{task.pk}:{manager.pk}",
            case_reference=case.reference,
            text=f"{case.reference}: {service.name} is asked to answer by {dates.say(due_on)}. {question}",
            by=by,
            at=at,
        )
        if told is not None:
            chasing.queue_mail(told)
    return task


def _managers(service: Service, today: date) -> list[Officer]:
    held = staff_queries.memberships_on(today).filter(
        council_id=service.council_id, service=service, role=Role.SERVICE_MANAGER.value
    )
    named = staff_queries.memberships_on(today).filter(
        council_id=service.council_id, officer_id__in=[one for one in (service.manager, service.deputy) if one]
    )
    wanted = Q(pk__in=held.values("officer_id")) | Q(pk__in=named.values("officer_id"))
    return list(Officer.objects.filter(wanted).order_by("name", "pk"))


@step(needs=Permission.TASK_ANSWER, on="case")
def answer(*, case: Case, task: Task, answer: str, by: Actor, at: datetime) -> Task:
    """Answer a task; the holder of the case is told.

    A service manager answers for their own service only. Raises ``SaysNothing``, ``AlreadyAnswered``, ``NotPermitted``.
    """
    words = wording.words(answer, "answer")
    if not words:
        raise SaysNothing
    task = _still_owed(case=case, task=task, by=by)
    changes.answer(task=task, words=words, by=by, at=at)
    trail.note(events.ANSWERED, on=case, detail={"answer": words}, ids={"task": task.pk, "service": task.service.name})
    _tell_holder(
        case, f"task-answered:{task.pk}", "task-answered", f"{task.service.name} answered on {case.reference}.", by, at
    )
    return task


@step(needs=Permission.TASK_ANSWER, on="case")
def later(*, case: Case, task: Task, on: date, reason: str, by: Actor, at: datetime) -> Task:
    """Say that the service can't answer by then, by when it can, and why; the holder is told at once.

    The date by which the person has our answer does not move. Raises ``WhyLater``, ``DueBeforeToday``,
    ``AlreadyAnswered``, ``NotPermitted``.
    """
    why = text.one_line(wording.words(reason, "reason"))[:300]
    if not why:
        raise WhyLater
    if on < moment.local(at).date():
        raise DueBeforeToday(field="later_on")
    task = _still_owed(case=case, task=task, by=by)
    changes.say_later(task=task, on=on, reason=why, by=by, at=at)
    trail.note(
        events.LATER,
        on=case,
        detail={"reason": why},
        ids={"task": task.pk, "service": task.service.name, "until": on.isoformat()},
    )
    words = f"{task.service.name} can’t answer on {case.reference} until {dates.say(on)}. {why}"
    _tell_holder(case, f"task-later:{task.pk}:{task.version}", "task-later", words, by, at)
    return task


@step(needs=Permission.TASK_ANSWER, on="case")
def not_ours(*, case: Case, task: Task, reason: str, by: Actor, at: datetime) -> Task:
    """Say that this is not the service's to answer, and whose it is; the holder is told at once.

    Raises ``WhoseIsIt``, ``AlreadyAnswered``, ``NotPermitted``.
    """
    whose = text.one_line(wording.words(reason, "reason"))[:300]
    if not whose:
        raise WhoseIsIt
    task = _still_owed(case=case, task=task, by=by)
    changes.say_not_ours(task=task, whose=whose, by=by, at=at)
    trail.note(events.NOT_OURS, on=case, detail={"reason": whose}, ids={"task": task.pk, "service": task.service.name})
    words = f"{task.service.name} says that the question on {case.reference} is not theirs. {whose}"
    _tell_holder(case, f"task-not-ours:{task.pk}:{task.version}", "task-not-ours", words, by, at)
    return task


@step(needs=Permission.CASE_CHASE, on="case")
def chase(*, case: Case, task: Task, by: Actor, at: datetime) -> Task:
    """Remind a service of what it was asked; once a day. Raises ``AlreadyAnswered``."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).select_related("service").get(pk=task.pk)
    if task.case_id != case.pk or task.answered_at is not None or task.withdrawn_at is not None:
        raise AlreadyAnswered
    today = moment.local(at).date()
    for manager in _managers(task.service, today):
        told = staff_changes.tell(
            council=case.council,
            officer=manager,
            kind="task",
            once=f"task-chased:{task.pk}:{manager.pk}:{today.isoformat()}",
            case_reference=case.reference,
            text=f"{case.reference}: {by.name} reminds you. {task.service.name} was asked to answer by "
            f"{dates.say(task.due_on)}.",
            by=by,
            at=at,
        )
        if told is not None:
            chasing.queue_mail(told)
    trail.note(events.CHASED, on=case, ids={"task": task.pk, "service": task.service.name})
    return task


def _still_owed(*, case: Case, task: Task, by: Actor) -> Task:
    """Lock a task that is still to be answered, by somebody who may; the case is locked already."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).select_related("service").get(pk=task.pk)
    if task.case_id != case.pk or task.answered_at is not None or task.withdrawn_at is not None:
        raise AlreadyAnswered
    only_services = by.roles.get(case.council_id, frozenset()) == {Role.SERVICE_MANAGER}
    if only_services and task.service_id not in by.service_ids:
        raise NotPermitted(Permission.TASK_ANSWER)
    return task


def _tell_holder(case: Case, once: str, kind: str, words: str, by: Actor, at: datetime) -> None:
    if case.holder is None or case.holder_id == by.id:
        return
    staff_changes.tell(
        council=case.council,
        officer=case.holder,
        kind=kind,
        once=once,
        case_reference=case.reference,
        text=words,
        by=by,
        at=at,
    )


@step(needs=Permission.TASK_ASK, on="case")
def withdraw(*, case: Case, task: Task, by: Actor, at: datetime) -> Case:
    """Take a question back. Raises ``AlreadyAnswered``."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    if task.case_id != case.pk or task.answered_at is not None or task.withdrawn_at is not None:
        raise AlreadyAnswered
    changes.withdraw(task=task, by=by, at=at)
    trail.note(events.WITHDRAWN, on=case, ids={"task": task.pk})
    return case
