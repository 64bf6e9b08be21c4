"""Count from a day to the day due, in the unit of the rule, with lines that can be counted again.

Five units, kept apart: working days of a calendar, calendar days, weeks, calendar months, and hours that pass. Where
the rule says so a date that is no working day moves on to the next. Days that don't count are handed in.

Example: one month after 31 January 2026 is 28 February, a Saturday; rolled, Monday 2 March 2026.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from redress.rulebook import dates
from redress.rulebook.calendar import ONE_DAY, OutsideCalendar, WorkingCalendar
from redress.rulebook.editions import FirstDay, Roll, Unit
from redress.rulebook.readings import Reason, Skipped

MOST = {"working-days": 5000, "calendar-days": 40_000, "weeks": 5000, "calendar-months": 1200, "hours": 100_000}


class Away(NamedTuple):
    """Days that don't count, both included, and why."""

    first: date
    last: date
    why: str


class Measure(NamedTuple):
    """A length: how much of which unit, whether the day of the start is counted, and what a day off does to the end."""

    amount: int
    unit: Unit
    first_day: FirstDay
    roll: Roll

    def longer(self, more: int) -> Measure:
        """Give this length with more of its unit."""
        return self._replace(amount=self.amount + more)


class Counted(NamedTuple):
    """Where a count ends, and its lines."""

    due: date
    lines: tuple[Reason, ...]
    due_at: datetime | None = None


def months_on(day: date, months: int) -> tuple[date, bool]:
    """Give the corresponding date so many calendar months on, and whether the month is too short to have it.

    A month that is too short gives its last day. Raises OutsideCalendar past the last date that can be written.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OutsideCalendar("the count runs past the last date that can be written")
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day > last


def hours_on(at: datetime, hours: int) -> datetime:
    """Give the instant so many elapsed hours later, in London time: through nights, weekends and clock changes."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=dates.LONDON)
    try:
        return (aware.astimezone(UTC) + timedelta(hours=hours)).astimezone(dates.LONDON)
    except OverflowError:
        raise OutsideCalendar("the count runs past the last date that can be written") from None


def count(
    start: date,
    measure: Measure,
    calendar: WorkingCalendar,
    authority: str,
    *,
    away: Sequence[Away] = (),
    kind: str = "count",
    note: str = "",
) -> Counted:
    """Count a length of days, weeks or months from a start. Raises OutsideCalendar where no date can be written."""
    amount, unit, first_day, roll = measure
    if not 0 <= amount <= MOST[unit]:
        raise OutsideCalendar(f"{amount} {unit} is not a time that can be counted")
    if unit == "working-days":
        return _working_days(start, measure, calendar, authority, away, kind, note)
    try:
        lines: list[Reason] = []
        short = False
        if unit == "calendar-months":
            due, short = months_on(start, amount)
            if first_day == "same-day":
                due -= ONE_DAY
        else:
            days = amount * 7 if unit == "weeks" else amount
            due = start + timedelta(days=days - (first_day == "same-day"))
        lines.append(
            Reason(kind, "count", authority, start, amount, unit, due, (), (first_day, short, note))  # type: ignore[arg-type]
        )
        stretches = _apart(away, start)
        for one in stretches:
            days = (one.last - one.first).days + 1
            then = due + timedelta(days=days)
            lines.append(
                Reason(
                    "disregard", "away", authority, due, days, "calendar-days", then, (), (one.first, one.last, one.why)
                )
            )
            due = then
    except OverflowError:
        raise OutsideCalendar("the count runs past the last date that can be written") from None
    if roll == "next-working-day":
        then, passed = _landing(due, calendar, stretches)
        if then != due:
            # A question in the last hours, on the days to which the end has moved, may outlast them: then the end
            # moves past its answer, for no time runs meanwhile.
            says = "rolled-on" if calendar.is_working(due) else "rolled"
            lines.append(Reason("roll", says, authority, due, None, None, then, passed))
            due = then
    return Counted(due, tuple(lines))


def _landing(due: date, calendar: WorkingCalendar, away: Sequence[Away]) -> tuple[date, tuple[Skipped, ...]]:
    """Give the first working day from a day on that lies in no stretch, and the days passed over on the way to it."""
    passed: list[Skipped] = []
    while True:
        why = calendar.why_not(due) or next((one.why for one in away if one.first <= due <= one.last), None)
        if why is None:
            return due, tuple(passed)
        passed.append(Skipped(due, why))
        try:
            due += ONE_DAY
        except OverflowError:
            raise OutsideCalendar("the count runs past the last date that can be written") from None


def _working_days(
    start: date,
    measure: Measure,
    calendar: WorkingCalendar,
    authority: str,
    away: Sequence[Away],
    kind: str,
    note: str,
) -> Counted:
    zero = start - ONE_DAY if measure.first_day == "same-day" else start
    due = calendar.add(zero, measure.amount)
    if away:
        due = _around(zero, measure.amount, calendar, away)
        skipped = _skipped_around(zero, due, calendar, away)
    else:
        skipped = tuple(Skipped(day, why) for day, why in calendar.skipped(zero, due))
    line = Reason(
        kind,  # type: ignore[arg-type]
        "count",
        authority,
        zero,
        measure.amount,
        "working-days",
        due,
        skipped,
        (measure.first_day, False, note),
    )
    return Counted(due, (line,))


def _around(zero: date, amount: int, calendar: WorkingCalendar, away: Sequence[Away]) -> date:
    """Count working days that don't lie in any of the stretches."""
    due = calendar.add(zero, amount)
    while True:
        lost = sum(
            calendar.is_working(day)
            for one in _apart(away, zero)
            for day in _days(max(one.first, zero + ONE_DAY), min(one.last, due))
        )
        then = calendar.add(zero, amount + lost)
        if then == due:
            return due
        due = then


def _skipped_around(zero: date, due: date, calendar: WorkingCalendar, away: Sequence[Away]) -> tuple[Skipped, ...]:
    found = dict(calendar.skipped(zero, due))
    for one in _apart(away, zero):
        for day in _days(max(one.first, zero + ONE_DAY), min(one.last, due)):
            if calendar.is_working(day):
                found[day] = one.why
    return tuple(Skipped(day, found[day]) for day in sorted(found))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _apart(away: Sequence[Away], start: date) -> list[Away]:
    """Put stretches in order and join what overlaps; what lies before the start is left out."""
    found: list[Away] = []
    for one in sorted(away):
        if one.last < start:
            continue
        here = one._replace(first=max(one.first, start))
        if found and here.first <= found[-1].last:
            here = here._replace(first=found[-1].last + ONE_DAY)
            if here.last < here.first:
                continue
        found.append(here)
    return found
