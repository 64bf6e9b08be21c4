"""Which dates would follow if this came in now, by each clock of a procedure, and what would move them?

Example: `follow(edition, at, calendar)` for a corporate complaint of Monday 23 November 2026 begins with the
acknowledgement due on Monday 30 November.

A clock that starts later is shown as if what starts it happened at the same moment, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from redress.rulebook import clock, dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import ClockRule, Edition
from redress.rulebook.happenings import KINDS, RANK, Happening
from redress.rulebook.plans import needs
from redress.rulebook.readings import Reading
from redress.rulebook.settings import DEFAULTS, Settings


@dataclass(frozen=True)
class Follows:
    """A clock as it would run: its reading, what was supposed for it to start, and what would move its date.

    `supposed` lists, in words, what had to be supposed beside the first happening; `reading` is None where the clock
    starts with something that states its own date.
    """

    rule: ClockRule
    reading: Reading | None
    supposed: tuple[str, ...]
    moves: tuple[clock.Move, ...]

    @property
    def at_once(self) -> bool:
        """Whether the date follows from the first happening alone."""
        return not self.supposed


def follow(
    edition: Edition, at: datetime, calendar: WorkingCalendar, *, settings: Settings = DEFAULTS
) -> tuple[Follows, ...]:
    """Work out every date that would follow from something coming in at a moment. Records nothing.

    The clocks that start at once come first, then those that start with something later, in the edition's order.
    """
    wanted = needs(edition)
    first = edition.selected_by[0]
    found = []
    for rule in edition.clocks:
        alone = _read(edition, rule, [first], at, calendar, settings)
        if alone.due is not None:
            found.append(_follows(edition, rule, [first], (), at, calendar, settings))
            continue
        options = [_chain(kind, first, wanted) for kind in rule.starts_with]
        chain = min((one for one in options if one), key=len, default=[])
        read = _read(edition, rule, [first, *chain], at, calendar, settings) if chain else alone
        if read.due is None:
            found.append(Follows(rule, None, tuple(KINDS[kind] for kind in rule.starts_with), ()))
        else:
            supposed = tuple(KINDS[kind] for kind in chain)
            found.append(_follows(edition, rule, [first, *chain], supposed, at, calendar, settings))
    return tuple(sorted(found, key=lambda one: not one.at_once))


def _chain(kind: str, first: str, wanted: dict[str, frozenset[str]]) -> list[str]:
    """List what has to happen after the first happening for this one to be possible, it included, in order."""
    found: list[str] = []
    now = kind
    while now != first and now not in found:
        found.append(now)
        before = wanted.get(now, frozenset())
        if not before or first in before:
            break
        now = min(before, key=lambda one: RANK.get(one, 0))
    return list(reversed(found))


def _happened(kinds: Iterable[str], at: datetime) -> list[Happening]:
    return [Happening(kind, at=at, seq=place) for place, kind in enumerate(kinds, 1)]


def _read(
    edition: Edition, rule: ClockRule, kinds: list[str], at: datetime, calendar: WorkingCalendar, settings: Settings
) -> Reading:
    day = dates.london_day(at)
    return clock.read_one(edition, rule.name, _happened(kinds, at), calendar, today=day, settings=settings)


def _follows(
    edition: Edition,
    rule: ClockRule,
    kinds: list[str],
    supposed: tuple[str, ...],
    at: datetime,
    calendar: WorkingCalendar,
    settings: Settings,
) -> Follows:
    day, happened = dates.london_day(at), _happened(kinds, at)
    return Follows(
        rule=rule,
        reading=_read(edition, rule, kinds, at, calendar, settings),
        supposed=supposed,
        moves=clock.moves(edition, rule.name, happened, calendar, today=day, settings=settings),
    )
