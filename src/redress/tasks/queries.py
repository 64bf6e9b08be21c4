"""What was asked of whom, and what is still owed?

Example: ``of_case(viewer, case)`` lists the tasks of a case with their points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases.models import Case
from redress.tasks.models import Task as Task


@dataclass(frozen=True)
class Asked:
    """A task as a page shows it."""

    id: int
    service: str
    service_id: int
    question: str
    points: tuple[int, ...]
    due_on: date
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    withdrawn: bool
    reference: str
    later_on: date | None = None
    later_reason: str = ""
    not_ours: str = ""
    matter: str = ""
    person: str = ""
    council: str = ""

    @property
    def open(self) -> bool:
        """Whether an answer is still owed."""
        return self.answered_at is None and not self.withdrawn


def _asked(task: Task) -> Asked:
    return Asked(
        id=task.pk,
        service=task.service.name,
        service_id=task.service_id,
        question=task.question,
        points=tuple(row.point.number for row in task.points.all()),
        due_on=task.due_on,
        asked_at=task.asked_at,
        asked_by=task.asked_by,
        answer=task.answer,
        answered_at=task.answered_at,
        answered_by=task.answered_by,
        withdrawn=task.withdrawn_at is not None,
        reference=task.case.reference,
        later_on=task.later_on,
        later_reason=task.later_reason,
        not_ours=task.not_ours,
        matter=task.case.matter,
        person=task.case.complainant.name,
        council=task.case.council.short_name,
    )


def of_case(viewer: Actor, case: Case) -> list[Asked]:
    """List the tasks of a case, soonest first."""
    rows = (
        Task.objects.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))
        .filter(case=case)
        .select_related("service", "case", "case__complainant", "case__council")
        .prefetch_related("points__point")
        .order_by("due_on", "pk")
    )
    return [_asked(row) for row in rows]


def one(viewer: Actor, task_id: int) -> Task | None:
    """Find a task by number."""
    return (
        Task.objects.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))
        .select_related("service", "case", "case__council", "case__complainant", "case__representative", "case__holder")
        .filter(pk=task_id)
        .first()
    )


def as_asked(task: Task) -> Asked:
    """Give a task as a page shows it."""
    return _asked(task)


def owed_by(viewer: Actor, service_ids: frozenset[int]) -> list[Asked]:
    """List what these services still owe, soonest first."""
    rows = (
        Task.objects.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))
        .filter(service_id__in=service_ids, answered_at=None, withdrawn_at=None)
        .select_related("service", "case", "case__complainant", "case__council")
        .prefetch_related("points__point")
        .order_by("due_on", "pk")
    )
    return [_asked(row) for row in rows]
