"""What is asked of a service, and what does it answer?

Example: ``ask(case=case, service=waste, question="Please send the round sheets", points=[point], due_on=friday, …)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.roles import Role
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases.models import Case, Point
from redress.council.models import Service
from redress.plumbing import moment, text
from redress.rulebook import dates
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
    """The task has been answered already."""

    do = "Ask again with a new task if something is missing."


@step(needs=Permission.TASK_ASK, on="case")
def ask(
    *, case: Case, service: Service, question: str, points: Sequence[Point], due_on: date, by: Actor, at: datetime
) -> Task:
    """Ask a service about some points of a case; its managers are told. Raises ``AsksNothing``, ``DueBeforeToday``."""
    question = text.clean(question).text.strip()
    if not question:
        raise AsksNothing
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
        staff_changes.tell(
            council=case.council,
            officer=manager,
            kind="task",
            once=f"task:{task.pk}:{manager.pk}",
            case_reference=case.reference,
            text=f"{case.reference}: {service.name} is asked to answer by {dates.say(due_on)}. {question}",
            by=by,
            at=at,
        )
    return task


def _managers(service: Service, today: date) -> list[Officer]:
    held = staff_queries.memberships_on(today).filter(
        council_id=service.council_id, service=service, role=Role.SERVICE_MANAGER.value
    )
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))


@step(needs=Permission.TASK_ANSWER, on="case")
def answer(*, case: Case, task: Task, answer: str, by: Actor, at: datetime) -> Task:
    """Answer a task; the holder of the case is told.

    A service manager answers for their own service only. Raises ``SaysNothing``, ``AlreadyAnswered``, ``NotPermitted``.
    """
    words = text.clean(answer).text.strip()
    if not words:
        raise SaysNothing
    if task.case_id != case.pk or task.answered_at is not None or task.withdrawn_at is not None:
        raise AlreadyAnswered
    only_services = by.roles.get(case.council_id, frozenset()) == {Role.SERVICE_MANAGER}
    if only_services and task.service_id not in by.service_ids:
        raise NotPermitted(Permission.TASK_ANSWER)
    changes.answer(task=task, words=words, by=by, at=at)
    trail.note(
        events.ANSWERED, on=case, detail={"answer": words}, ids={"task": task.pk, "service": task.service.name}
    )
    if case.holder is not None and case.holder_id != by.id:
        staff_changes.tell(
            council=case.council,
            officer=case.holder,
            kind="task-answered",
            once=f"task-answered:{task.pk}",
            case_reference=case.reference,
            text=f"{task.service.name} answered on {case.reference}.",
            by=by,
            at=at,
        )
    return task


@step(needs=Permission.TASK_ASK, on="case")
def withdraw(*, case: Case, task: Task, by: Actor, at: datetime) -> Case:
    """Take a question back. Raises ``AlreadyAnswered``."""
    if task.case_id != case.pk or task.answered_at is not None:
        raise AlreadyAnswered
    changes.withdraw(task=task, by=by, at=at)
    trail.note(events.WITHDRAWN, on=case, ids={"task": task.pk})
    return case
