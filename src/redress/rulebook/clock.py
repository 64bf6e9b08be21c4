"""When is it due, how does it stand, and why: a fold over what has happened.

Example::

    happenings = [Happening("received", on=date(2026, 11, 20)), Happening("acknowledged", on=date(2026, 11, 24))]
    readings = read(edition, happenings, calendar.england_and_wales(), today=date(2026, 11, 25))
    readings["stage-1-response"].due  # 2026-12-08

A stored record is always read: what can't be true reads *unclear*, or is left out and said. Only `check_order` raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import AdviceRule, Edition
from redress.rulebook.fold import Fold, state_of
from redress.rulebook.happenings import Happening, History, believed, day_of, settle
from redress.rulebook.moves import Move, moves
from redress.rulebook.order import ImpossibleOrder, check_order
from redress.rulebook.plans import ready
from redress.rulebook.readings import STATES, Given, More, Reading, Reason, Skipped, State
from redress.rulebook.ribbon import Day
from redress.rulebook.settings import DEFAULTS, Settings, counting_with
from redress.rulebook.short_way import kinds_of, plain_count, plainly

__all__ = [
    "DEFAULTS",
    "STATES",
    "Day",
    "Given",
    "Happening",
    "ImpossibleOrder",
    "Move",
    "Reading",
    "Reason",
    "Settings",
    "Skipped",
    "State",
    "advice",
    "believed",
    "check_order",
    "counter",
    "moves",
    "read",
    "read_one",
    "what_if",
]


def read(
    edition: Edition,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    settings: Settings = DEFAULTS,
) -> dict[str, Reading]:
    """Read every clock of the edition, in the edition's order. Never raises on stored happenings.

    Closures in the calendar count as days off only where the edition and the council's setting both say so.
    """
    made, every, calendar = ready(edition), tuple(happenings), counting_with(edition, calendar, settings)
    kinds = kinds_of(every)
    fold: Fold | None = None
    readings: dict[str, Reading] = {}
    for name, plan in made.plans.items():
        short = None
        if kinds is not None and not (settings.receipt_rolls_forward and plan.rule.receipt_may_roll):
            short = plainly(plan, kinds, every, calendar, today)
        if short is None:
            fold = fold or Fold(made, settle(every), calendar, today, settings)
            short = fold.reading(plan)
        readings[name] = short
    return readings


def read_one(
    edition: Edition,
    name: str,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    settings: Settings = DEFAULTS,
) -> Reading:
    """Read one clock of the edition. KeyError for a clock that it has not; never raises on stored happenings."""
    made, every, calendar = ready(edition), tuple(happenings), counting_with(edition, calendar, settings)
    plan, kinds = made.plans[name], kinds_of(every)
    if kinds is not None and not (settings.receipt_rolls_forward and plan.rule.receipt_may_roll):
        short = plainly(plan, kinds, every, calendar, today)
        if short is not None:
            return short
    return Fold(made, settle(every), calendar, today, settings).reading(plan)


def counter(
    edition: Edition,
    name: str,
    calendar: WorkingCalendar,
    *,
    today: date,
    settings: Settings = DEFAULTS,
) -> Callable[[Iterable[Happening]], date | None]:
    """Give a function that works out the date due of one clock, history after history: for very many at once.

    It is the fold of `read_one`. Where nothing changed a count its date is looked up, and no reading is made. KeyError
    for a clock that the edition has not.
    """
    made, counting = ready(edition), counting_with(edition, calendar, settings)
    plan = made.plans[name]
    by_setting = settings.receipt_rolls_forward and plan.rule.receipt_may_roll

    def due(happenings: Iterable[Happening]) -> date | None:
        every = tuple(happenings)
        kinds = None if by_setting else kinds_of(every)
        if kinds is not None:
            found = plain_count(plan, kinds, every, counting)
            if found:
                on: date = found[0]
                return on
        return Fold(made, settle(every), counting, today, settings).reading(plan).due

    return due


def what_if(
    edition: Edition,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    kind: str,
    on: date,
    data: Mapping[str, Any] | None = None,
    settings: Settings = DEFAULTS,
) -> dict[str, Reading]:
    """Read the clocks as they would stand if this were added as the last thing of its day. Records nothing."""
    every = list(happenings)
    seq = max((happening.seq for happening in every), default=0) + 1
    added = Happening(kind, on=on, seq=seq, data=dict(data or {}))
    return read(edition, [*every, added], calendar, today=today, settings=settings)


def advice(
    edition: Edition, happenings: Iterable[Happening], calendar: WorkingCalendar, *, today: date
) -> dict[str, Reading]:
    """Read the views on time that bind nobody, such as twelve weeks for the whole process. Never raises."""
    history = settle(happenings)
    return {rule.name: _advice(edition, rule, history, calendar, today) for rule in edition.advice}


def _advice(edition: Edition, rule: AdviceRule, history: History, calendar: WorkingCalendar, today: date) -> Reading:
    """Read one view on time, in calendar weeks from the first receipt to the last answer."""
    start = history.first(rule.starts_with)
    if start is None:
        nothing = (Reason("note", "Nothing has been received."),)
        return Reading(None, edition.id, calendar, today, "not-started", reasons=nothing, more=More(advice=rule))
    day = day_of(start)
    try:
        ends = day + timedelta(weeks=rule.weeks)
    except OverflowError:
        more = More(advice=rule, cautions=("No date can be worked out.",))
        return Reading(None, edition.id, calendar, today, "unclear", more=more)
    done = _last_answer(edition, history)
    met_on = day_of(done) if done is not None else None
    line = Reason(
        "note",
        f"{rule.weeks} weeks after {dates.say(day)}: {dates.say(ends)}. {rule.says}",
        rule.authority.cite,
    )
    state = state_of(today, ends, met_on, None, waiting=False)
    return Reading(
        None, edition.id, calendar, today, state, ends, ends, day, day, met_on, None, (line,), More(advice=rule)
    )


def _last_answer(edition: Edition, history: History) -> Happening | None:
    """Give the answer of the last stage that was reached."""
    final = edition.stages[-1]
    done = history.first(final.answered_by)
    if done is None and history.first(final.opened_by) is None:
        done = history.first(edition.stages[0].answered_by)
    return done
