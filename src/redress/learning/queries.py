"""What did we promise, to whom, by when, and is it done?

Example: ``promises(viewer, mine=True)`` lists the open promises that the viewer keeps, the nearest date first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases.models import Case, Stage
from redress.learning.models import Remedy


def visible(viewer: Actor) -> QuerySet[Remedy]:
    """Give the remedies of the cases that the viewer may read."""
    if viewer.everywhere:
        return Remedy.objects.all()
    if viewer.kind == "resident":
        return Remedy.objects.filter(case_id=viewer.case_id or 0, council_id=viewer.council_id or 0)
    return Remedy.objects.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))


def promises(viewer: Actor, *, mine: bool = False, done: bool = False) -> list[Remedy]:
    """List the promises that are open, or those that were done, by date."""
    rows = visible(viewer).filter(state=Remedy.State.DONE if done else Remedy.State.PROMISED)
    if mine:
        rows = rows.filter(owner_id=viewer.id)
    order = ("-done_on", "-pk") if done else ("due_on", "pk")
    return list(_with_all(rows).order_by(*order)[:500])


def promises_count(viewer: Actor) -> int:
    """Count the open promises that the viewer keeps."""
    return visible(viewer).filter(state=Remedy.State.PROMISED, owner_id=viewer.id).count()


@dataclass(frozen=True)
class Due:
    """A promise that is due soon or late, as a list beside the work shows it."""

    id: int
    reference: str
    text: str
    person: str
    owner: str
    due_on: date
    due_words: str


def promises_due(viewer: Actor, today: date, *, within: int = 7) -> tuple[Due, ...]:
    """List the viewer's own promises that are late, or due within so many days, the nearest first."""
    rows = visible(viewer).filter(
        state=Remedy.State.PROMISED, owner_id=viewer.id, due_on__lte=today + timedelta(days=within)
    )
    return tuple(
        Due(
            id=row.pk,
            reference=row.case.reference,
            text=row.text,
            person=row.case.complainant.name,
            owner=row.owner.name if row.owner is not None else "",
            due_on=row.due_on,
            due_words=due_words(row.due_on, today),
        )
        for row in _with_all(rows).order_by("due_on", "pk")[:20]
        if row.due_on is not None
    )


def due_words(due: date, today: date) -> str:
    """Say how far off a promise is: "Due today", "3 days late", "In 4 days"."""
    if due == today:
        return "Due today"
    if due < today:
        days = (today - due).days
        return f"{days} day{'' if days == 1 else 's'} late"
    days = (due - today).days
    return "Due tomorrow" if days == 1 else f"In {days} days"


def promise(viewer: Actor, remedy_id: int) -> Remedy | None:
    """Find a remedy that the viewer may see."""
    return _with_all(visible(viewer).filter(pk=remedy_id)).first()


def of_case(viewer: Actor, case: Case) -> list[Remedy]:
    """List the remedies of a case that were promised, with what became of them."""
    rows = visible(viewer).filter(case=case, state__in=("promised", "done", "replaced"))
    return list(_with_all(rows).order_by("due_on", "pk"))


def of_stage(viewer: Actor, stage: Stage) -> list[Remedy]:
    """List the remedies of a stage's answer, without those that were dropped."""
    rows = visible(viewer).filter(finding__stage=stage).exclude(state=Remedy.State.DROPPED)
    return list(_with_all(rows).order_by("finding__point__number", "pk"))


def open_promises(case: Case) -> int:
    """Count the promises of a case that are not done."""
    return Remedy.objects.filter(case=case, state=Remedy.State.PROMISED).count()


def open_promises_of(cases: Iterable[int]) -> dict[int, list[Remedy]]:
    """List the open promises of many cases in one query, by case."""
    found: dict[int, list[Remedy]] = {}
    for row in Remedy.objects.filter(case_id__in=list(cases), state=Remedy.State.PROMISED).order_by("due_on", "pk"):
        found.setdefault(row.case_id, []).append(row)
    return found


def _with_all(rows: QuerySet[Remedy]) -> QuerySet[Remedy]:
    return rows.select_related(
        "council", "case", "case__complainant", "owner", "finding", "finding__point", "finding__stage", "evidence"
    )
