"""The days of a clock, one by one, for the day ribbon.

Example: for a response due on Tuesday 8 December 2026 the ribbon starts with day 0, Tuesday 24 November, and ends with
day 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from redress.rulebook.calendar import WorkingCalendar
    from redress.rulebook.readings import Reading

MOST_CELLS = 400


@dataclass(frozen=True)
class Day:
    """One day of the day ribbon; `number` is the day of the clock, 0 on the day that started it.

    It counts working days, or every day where the clock counts those.
    """

    date: date
    kind: Literal["zero", "past", "now", "coming", "due", "over", "off", "bank"]
    number: int | None
    label: str
    is_today: bool = False
    is_due: bool = False
    is_first_due: bool = False
    is_met: bool = False


def days(reading: Reading) -> tuple[Day, ...]:
    """List every day from the start of the clock to its last day: the date due, or later the answer, or today.

    Empty where there is nothing to count: not started, unclear. A ribbon of more than 400 days stops there.
    """
    if reading.started_on is None or reading.due is None or reading.state == "unclear":
        return ()
    last = _last(reading, reading.due)
    cells: list[Day] = []
    number = 0
    counts = reading.counts_working_days
    day = reading.started_on
    while day <= last and len(cells) < MOST_CELLS:
        if day > reading.started_on:
            number += reading.calendar.is_working(day) if counts else 1
        cells.append(_cell(reading, reading.calendar, day, number))
        day += timedelta(days=1)
    return tuple(cells)


def _last(reading: Reading, due: date) -> date:
    if reading.met_on is not None:
        return max(due, reading.met_on)
    if reading.ended_on is not None:
        return max(due, reading.ended_on)
    return max(due, reading.today, reading.promised or due)


def _cell(reading: Reading, calendar: WorkingCalendar, day: date, number: int) -> Day:
    """Make one cell: what kind of day it is, its number, and the words for it."""
    started = day == reading.started_on
    off = calendar.why_not(day)
    weekend = day.weekday() >= 5 and day not in calendar.closures
    kind: Literal["zero", "past", "now", "coming", "due", "over", "off", "bank"]
    if started:
        kind = "zero"
    elif off is not None:
        kind = "off" if weekend else "bank"
    elif day == reading.today and reading.met_on is None:
        kind = "now"
    elif reading.due is not None and day > reading.due:
        kind = "over"
    elif day == reading.due:
        kind = "due"
    elif day < reading.today:
        kind = "past"
    else:
        kind = "coming"
    return Day(
        date=day,
        kind=kind,
        number=0 if started else number if off is None or not reading.counts_working_days else None,
        label=_label(reading, calendar, day, off),
        is_today=day == reading.today,
        is_due=day == reading.due,
        is_first_due=reading.first_due != reading.due and day == reading.first_due,
        is_met=day == reading.met_on,
    )


def _label(reading: Reading, calendar: WorkingCalendar, day: date, off: str | None) -> str:
    """Say what matters about a day, or nothing."""
    said = []
    if day == reading.started_on and reading.rule is not None:
        said.append("the clock starts: day 0")
    if off is not None and day.weekday() < 5:
        said.append(f"{off}: not a working day" if reading.counts_working_days else off)
    elif off is not None:
        said.append(off)
    elif day in calendar.elsewhere:
        said.append(f"holiday elsewhere ({calendar.elsewhere[day]}): counts here")
    if day == reading.due:
        said.append("due")
    if reading.first_due != reading.due and day == reading.first_due:
        said.append("was due before the extension")
    if day == reading.promised:
        said.append("promised after the date due had passed")
    if day == reading.met_on:
        said.append("done")
    if day == reading.today:
        said.append("today")
    return "; ".join(said)
