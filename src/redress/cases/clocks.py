"""How do the clocks of a case stand, and what is written of them?

Due dates are cached so that lists are quick, and never edited: ``work_out`` is the one function that writes clock rows,
each time anew from the happenings. Lateness is never cached.

Example: after the acknowledgement of 24 November 2026 ``work_out`` writes ``stage-1-response`` due 8 December 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from redress.cases.models import Case, Clock, Happening, Stage
from redress.council.models import Council
from redress.council.queries import Calendars, calendar_for, edition_by_id
from redress.plumbing import moment
from redress.rulebook import clock
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import ClockRule, Edition
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
        receipt_rolls_forward=council.receipt_rolls_forward,
        closures_are_not_working=council.closures_count,
        critically_overdue_after=council.critically_overdue_after,
        due_soon_within=council.due_soon_within,
    )


def edition_of(case: Case) -> Edition:
    """Give the edition under which the case was received, released or the council's own."""
    return edition_by_id(case.council_id, case.edition)


def calendar_of(case: Case, calendars: Calendars | None = None) -> WorkingCalendar:
    """Give the calendar that the edition of a case names, with what its council adds to it."""
    name = edition_of(case).working_days.calendar
    return calendar_for(case.council, name) if calendars is None else calendars.of(case.council, name)


def facts(case: Case) -> list[Fact]:
    """Give the happenings of a case in the shape that the rulebook reads."""
    return facts_from(happenings_of(case))


def happenings_of(case: Case) -> list[Happening]:
    """List everything that was recorded as having happened in a case, what was corrected since as well, in order."""
    return list(Happening.objects.filter(case=case).order_by("on", "seq", "pk"))


def facts_from(rows: Iterable[Happening]) -> list[Fact]:
    """Put happenings into the shape that the rulebook reads; the day of recording is the day in London."""
    return [_fact(row) for row in rows]


def _fact(row: Happening) -> Fact:
    return Fact(
        kind=row.kind,
        on=row.on,
        at=row.at,
        seq=row.seq,
        data=row.data,
        id=row.pk,
        replaces=row.replaces_id,
        recorded=moment.local(row.recorded_at).date(),
    )


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
    calendars: Calendars | None = None,
) -> Mapping[str, Reading]:
    """Read every clock of a case; a case that is no complaint has none.

    The calendar is the one that the edition names. ``calendars`` keeps what was read for other cases of the same page;
    ``calendar`` is given only to try another one.
    """
    if case.kind != Case.Kind.COMPLAINT:
        return {}
    return clock.read(
        edition_of(case),
        facts(case) if known is None else known,
        calendar or calendar_of(case, calendars),
        today=today,
        settings=settings_of(case.council),
    )


_WORKED_OUT = (
    *("stage", "counts_from", "due_on", "first_due_on", "met_on"),
    *("state", "open", "holder_id", "worked_out_at"),
)


def work_out(case: Case, *, today: date, at: datetime, calendar: WorkingCalendar | None = None) -> list[Moved]:
    """Work out the clocks of a case anew, write them, and give those whose due date changed.

    Needs the case to be locked and a transaction to be open. Also writes ``case.next_due_on``.
    """
    before = {row.name: row for row in Clock.objects.filter(case=case)}
    known = facts(case)
    now = readings(case, today, known=known, calendar=calendar)
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
                counts_from=counts_from(edition, edition.clock(name), known) or case.received_on,
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


def counts_from(edition: Edition, rule: ClockRule, known: list[Fact]) -> date | None:
    """Give the day before which no day off can move a clock's date: the first opening of what it counts.

    Where a late acknowledgement is bounded by its own limit, the count of that limit counts too; so does what came
    before a question that began the count anew, because a day off decides whether it was asked in time. A day too
    early costs a reading; one too late would leave a date standing that is wrong.
    """
    rules = [rule] if rule.bounded_by is None else [rule, edition.clock(rule.bounded_by)]
    kinds = {kind for one in rules for kind in (*one.starts_with, edition.stage(one.stage).opened_by)}
    days = [one.on for one in known if one.kind in kinds and one.on is not None]
    return min(days or [one.on for one in known if one.on is not None], default=None)


def touched(days: Iterable[date], cases: QuerySet[Case]) -> QuerySet[Clock]:
    """Give the clocks of open cases whose count goes across one of these days, or can't be read without trying.

    Chosen in SQL by what is written of them: the day lies from where the clock counts to its date due. A clock without
    a date (unclear, or paused) is taken too.
    """
    crossed = Q(due_on=None)
    for day in days:
        crossed |= Q(counts_from__lte=day, due_on__gte=day)
    return Clock.objects.filter(crossed, case__in=cases.filter(closed_at=None, kind=Case.Kind.COMPLAINT).order_by())
