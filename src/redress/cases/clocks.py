"""How do the clocks of a case stand, and what is written of them?

Due dates are cached so that lists are quick, and never edited: ``work_out`` is the one function that writes clock rows,
each time anew from the happenings. Lateness is never cached.

Example: after the acknowledgement of 24 November 2026 ``work_out`` writes ``stage-1-response`` due 8 December 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from redress.cases.models import Case, Clock, Happening, Stage
from redress.council.models import Council
from redress.council.queries import calendar_for
from redress.rulebook import clock, procedures
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import Edition
from redress.rulebook.happenings import Happening as Fact
from redress.rulebook.readings import Reading
from redress.rulebook.settings import Settings


@dataclass(frozen=True)
class Moved:
    """A clock whose due date changed when it was worked out again."""

    name: str
    before: date | None
    after: date | None


def settings_of(council: Council) -> Settings:
    """Give a council's choices within the rules."""
    return Settings(
        literal_response_start=council.literal_response_start,
        closures_are_not_working=council.closures_count,
        critically_overdue_after=council.critically_overdue_after,
        due_soon_within=council.due_soon_within,
    )


def edition_of(case: Case) -> Edition:
    """Give the edition under which the case was received."""
    return procedures.by_id(case.edition)


def facts(case: Case) -> list[Fact]:
    """Give the happenings of a case in the shape that the rulebook reads."""
    rows = Happening.objects.filter(case=case).order_by("on", "seq", "pk")
    return [_fact(row) for row in rows]


def _fact(row: Happening) -> Fact:
    return Fact(kind=row.kind, on=row.on, at=row.at, seq=row.seq, data=row.data, id=row.pk, replaces=row.replaces_id)


def facts_of(cases: list[Case]) -> dict[int, list[Fact]]:
    """Give the happenings of many cases in one query, by case."""
    found: dict[int, list[Fact]] = {case.pk: [] for case in cases}
    for row in Happening.objects.filter(case__in=found).order_by("case_id", "on", "seq", "pk"):
        found[row.case_id].append(_fact(row))
    return found


def rows_of(cases: list[Case]) -> dict[int, dict[str, Clock]]:
    """Give what is written of the clocks of many cases in one query, by case and name."""
    found: dict[int, dict[str, Clock]] = {case.pk: {} for case in cases}
    for row in Clock.objects.filter(case__in=found).order_by("case_id", "name"):
        found[row.case_id][row.name] = row
    return found


def readings(
    case: Case,
    today: date,
    *,
    known: list[Fact] | None = None,
    calendar: WorkingCalendar | None = None,
) -> Mapping[str, Reading]:
    """Read every clock of a case; a case that is no complaint has none."""
    if case.kind != Case.Kind.COMPLAINT:
        return {}
    return clock.read(
        edition_of(case),
        facts(case) if known is None else known,
        calendar or calendar_for(case.council),
        today=today,
        settings=settings_of(case.council),
    )


_WORKED_OUT = ("stage", "due_on", "first_due_on", "met_on", "state", "open", "holder_id", "worked_out_at")


def work_out(case: Case, *, today: date, at: datetime, calendar: WorkingCalendar | None = None) -> list[Moved]:
    """Work out the clocks of a case anew, write them, and give those whose due date changed.

    Needs the case to be locked and a transaction to be open. Also writes ``case.next_due_on``.
    """
    before = {row.name: row for row in Clock.objects.filter(case=case)}
    now = readings(case, today, calendar=calendar)
    stages = {stage.number: stage for stage in Stage.objects.filter(case=case)}
    edition = edition_of(case) if now else None
    moved: list[Moved] = []
    open_due: list[date] = []
    rows: list[Clock] = []
    for name, reading in now.items():
        if reading.is_advice or edition is None:
            continue
        stage = stages.get(edition.stage(edition.clock(name).stage).number)
        old = before.pop(name, None)
        if reading.state == "not-started":
            if old is not None:
                old.delete()
            continue
        is_open = reading.is_open and case.closed_at is None and not (stage is not None and stage.ended_at is not None)
        if is_open and reading.due is not None:
            open_due.append(reading.due)
        if old is not None and old.due_on != reading.due:
            moved.append(Moved(name=name, before=old.due_on, after=reading.due))
        rows.append(
            Clock(
                case=case,
                name=name,
                council_id=case.council_id,
                stage=stage,
                due_on=reading.due,
                first_due_on=reading.first_due,
                met_on=reading.met_on,
                state=reading.state,
                open=is_open,
                holder_id=case.holder_id,
                worked_out_at=at,
            )
        )
    # All in one statement: this is done in nearly every step.
    Clock.objects.bulk_create(rows, update_conflicts=True, unique_fields=("case", "name"), update_fields=_WORKED_OUT)
    for gone in before.values():
        gone.delete()
    nearest = min(open_due) if open_due else None
    if case.next_due_on != nearest:
        case.next_due_on = nearest
        case.save(update_fields=["next_due_on"])
    return moved
