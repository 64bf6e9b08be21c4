"""Small writes to the tables of tasks; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from redress.access.actor import Actor
from redress.cases.models import Case, Point
from redress.council.models import Service
from redress.tasks.models import Task, TaskPoint


def add(
    *, case: Case, service: Service, question: str, points: Sequence[Point], due_on: date, by: Actor, at: datetime
) -> Task:
    """Write a task down, with the points that it serves."""
    task = Task.objects.create(
        council_id=case.council_id,
        case=case,
        service=service,
        question=question,
        due_on=due_on,
        asked_at=at,
        asked_by=by.name,
    )
    TaskPoint.objects.bulk_create(TaskPoint(council_id=case.council_id, task=task, point=point) for point in points)
    return task


def answer(*, task: Task, words: str, by: Actor, at: datetime) -> None:
    """Write the answer down."""
    task.answer = words
    task.answered_at = at
    task.answered_by = by.name
    task.version += 1
    task.save()


def say_later(*, task: Task, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Write down by when the service says that it can."""
    task.later_on = on
    task.later_reason = reason
    task.version += 1
    task.save()


def say_not_ours(*, task: Task, whose: str, by: Actor, at: datetime) -> None:
    """Write down that the service says that this is not its to answer."""
    task.not_ours = whose
    task.version += 1
    task.save()


def withdraw(*, task: Task, by: Actor, at: datetime) -> None:
    """Mark a task as taken back."""
    task.withdrawn_at = at
    task.withdrawn_by = by.name
    task.save(update_fields=["withdrawn_at", "withdrawn_by"])
