"""The short way through the fold: a clock of which nothing changed the count.

Which of the happenings start and end a clock depends on their kinds alone, and where a count from a day ends on the
calendar alone: both are kept, so that a million clocks are worked out in seconds. `bench/clock.py` measures it, and
`trials/histories.py` tries that the long way (`fold.py`) says the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from redress.rulebook.calendar import OutsideCalendar, WorkingCalendar
from redress.rulebook.counting import count
from redress.rulebook.framing import limit_of, notes, opening, within
from redress.rulebook.happenings import Happening
from redress.rulebook.plans import Plan
from redress.rulebook.readings import More, Reading, Reason, State

_FIRST = More()


def kinds_of(every: tuple[Happening, ...]) -> tuple[str, ...] | None:
    """Give the kinds of a history that needs no settling, in order; None where it does."""
    last_day, last_seq = date.min, -1
    for one in every:
        day = one.day
        if day is None or one.replaces is not None or day < last_day or (day == last_day and one.seq <= last_seq):
            return None
        last_day, last_seq = day, one.seq
    return tuple([one.kind for one in every])


def plainly(
    plan: Plan, kinds: tuple[str, ...], every: tuple[Happening, ...], calendar: WorkingCalendar, today: date
) -> Reading | None:
    """Read a clock of which nothing changed the count, or give None where the long way has to be taken."""
    found = plain_count(plan, kinds, every, calendar)
    if not found:
        return None
    due, whole, head, more, below, day = found
    shape = plan.shape(kinds)
    assert shape is not None
    reading: Reading
    met: date | None = None
    state: State = "missed"
    if shape[2] < 0:
        if today <= due:
            reading = _new(
                Reading,
                (plan.rule, plan.edition_id, calendar, today, "running", due, due, day, day, None, None, whole, more),
            )
            return reading
    else:
        met = every[shape[2]].day
        state = "met" if met is not None and met <= due else "missed"
    if (met or today) > calendar.known_to:
        return None
    end = _new(
        Reason,
        ("end", "ended", "", None, None, None, None, (), (plan.rule, calendar, state, due, met, today, None, "")),
    )
    reading = _new(
        Reading,
        (plan.rule, plan.edition_id, calendar, today, state, due, due, day, day, met, None, (*head, end, *below), more),
    )
    return reading


def plain_count(
    plan: Plan, kinds: tuple[str, ...], every: tuple[Happening, ...], calendar: WorkingCalendar
) -> tuple[Any, ...]:
    """Look up the count of a clock of which nothing changed it; empty where the long way has to be taken."""
    shape = plan.shape(kinds)
    if shape is None:
        return ()
    start = every[shape[0]]
    day = start.on
    if day is None or every[0].day < plan.first_force:  # type: ignore[operator]
        return ()
    acknowledged = every[shape[1]].day if shape[1] >= 0 else None
    key = (plan.key, day) if acknowledged is None else (plan.key, day, acknowledged)
    found: tuple[Any, ...] | None = calendar.memo.get(key)
    return found if found is not None else _remember(plan, calendar, start, day, acknowledged)


# A named tuple made without naming its fields: this is done for every clock of every case.
_new: Any = tuple.__new__

# What a count from a start gives, once worked out: it is asked for again and again for the same days.
MOST_KEPT = 100_000


def _remember(
    plan: Plan, calendar: WorkingCalendar, start: Happening, day: date, acknowledged: date | None
) -> tuple[Any, ...]:
    """Work out a plain count and keep it: due, lines, lines before the end, more, lines after the end, day 0.

    Empty where the long way has to be taken: acknowledged late, past what the calendar knows, no date to be written.
    """
    memo = calendar.memo
    if len(memo) > MOST_KEPT:
        memo.clear()
    key = (plan.key, day) if acknowledged is None else (plan.key, day, acknowledged)
    kept: tuple[Any, ...] = ()
    try:
        limit = limit_of(plan, calendar, day) if plan.limiting is not None else None
        if plan.measure is not None and (limit is None or (acknowledged is not None and acknowledged <= limit)):
            zero = day if acknowledged is None else acknowledged
            counted = count(zero, plan.measure, calendar, plan.cite)
            opened = opening(plan, start, day, 1)
            head = (opened, *counted.lines)
            if limit is not None:
                head = (opened, within(plan, zero, limit), *counted.lines)
            below = notes(plan, calendar, zero, counted.due)
            if calendar.known_from <= day and counted.due <= calendar.known_to:
                more = _FIRST if limit is None else More(acknowledged_on=zero)
                kept = (counted.due, (*head, *below), head, more, below, zero)
    except OutsideCalendar:
        kept = ()
    memo[key] = kept
    return kept
