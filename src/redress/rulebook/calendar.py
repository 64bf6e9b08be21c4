"""Which days are working days, and why a day is not.

Bank holidays are loaded as dates with their division, never worked out from names. A council's closures are kept apart,
because most rules do not know them. `CALENDARS` lists the calendars that a rule may name.

Example: `england_and_wales().add(date(2026, 12, 21), 5)` is Wednesday 30 December 2026, and
`named("uk-any").why_not(date(2026, 6, 15))` is "Bank holiday for the World Cup, Scotland".
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from typing import Any

from redress.rulebook import dates

DIVISIONS: dict[str, str] = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}

CALENDARS: dict[str, str] = {
    **DIVISIONS,
    "england": "England, with Christmas Day, Boxing Day and Good Friday by name",
    "uk-any": "Any part of the United Kingdom",
}
"""The calendars that an edition may name, with the words for each."""

CONSULTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in DIVISIONS},
    "england": ("england-and-wales",),
    "uk-any": tuple(DIVISIONS),
}
"""The divisions whose bank holidays are days off in a calendar: a Scottish day counts in "uk-any" only, here."""

ONE_DAY = timedelta(days=1)
MOST_DAYS = 5000
FEWEST_IN_A_YEAR = 8
"""England and Wales have eight bank holidays a year, the others more: a year with fewer is not yet known."""


class OutsideCalendar(ValueError):
    """A count would leave the calendar: absurdly many days, or past the last date that can be written."""


@dataclass(frozen=True)
class _Off:
    """The weekdays that are not working days, in order, ready for counting without walking.

    `pushes` holds, for each, the number of working days before it, plus one: what has to be counted to meet it.
    """

    days: tuple[date, ...]
    ordinals: tuple[int, ...]
    pushes: tuple[int, ...]

    @classmethod
    def of(cls, days: Sequence[date]) -> _Off:
        ordered = tuple(sorted(days))
        ordinals = tuple(day.toordinal() for day in ordered)
        # The first of January of the year 1 was a Monday, so weekdays are counted from it without a table.
        pushes = tuple((number - 1) // 7 * 5 + (number - 1) % 7 + 1 - place for place, number in enumerate(ordinals))
        return cls(ordered, ordinals, pushes)


@dataclass(frozen=True)
class WorkingCalendar:
    """A calendar of working days: Monday to Friday, less bank holidays, less closures.

    `holidays` and `closures` map a date to its name. `elsewhere` holds holidays of other parts of the United Kingdom,
    which count as working days here and are named because they surprise people. `known_from` and `known_to` bound what
    is known: outside them only weekends are left out.
    """

    name: str
    holidays: Mapping[date, str] = field(repr=False)
    closures: Mapping[date, str] = field(default_factory=dict, repr=False)
    elsewhere: Mapping[date, str] = field(default_factory=dict, repr=False)
    known_from: date = date.min
    known_to: date = date.max

    __hash__ = None  # type: ignore[assignment]

    def is_working(self, day: date) -> bool:
        """Say whether this is a working day."""
        return day.weekday() < 5 and day not in self.holidays and day not in self.closures

    def why_not(self, day: date) -> str | None:
        """Say why a day is not a working day ("Christmas Day", "Saturday"), or None when it is one.

        A holiday or a closure is named before the weekend that it falls on.
        """
        if day in self.holidays:
            return self.holidays[day]
        if day in self.closures:
            return self.closures[day]
        return dates.WEEKDAYS[day.weekday()] if day.weekday() >= 5 else None

    def add(self, start: date, working_days: int) -> date:
        """Count working days forward; the day after `start` is the first that may count.

        With 0 the start itself is the answer. Raises OutsideCalendar for a negative or absurd number, or past the last
        date.
        """
        if not 0 <= working_days <= MOST_DAYS:
            raise OutsideCalendar(f"{working_days} is not a number of working days that can be counted")
        if working_days == 0:
            return start
        wanted = self._worked_by(start.toordinal()) + working_days
        # Each weekday off that stands before the wanted one pushes it on by one.
        place = wanted + bisect_right(self._off.pushes, wanted) - 1
        try:
            return date.fromordinal(7 * (place // 5) + place % 5 + 1)
        except (OverflowError, ValueError):
            raise OutsideCalendar("the count runs past the last date that can be written") from None

    def next_working(self, day: date) -> date:
        """Give this day, or the next working day when it is not one."""
        try:
            while not self.is_working(day):
                day += ONE_DAY
        except OverflowError:
            raise OutsideCalendar("the count runs past the last date that can be written") from None
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 when `end` is not later."""
        if end <= start:
            return 0
        return self._worked_by(end.toordinal()) - self._worked_by(start.toordinal())

    def skipped(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """List the weekdays after `start` up to `end` that are not working days, with their names."""
        days = self._off.days
        found = days[bisect_right(days, start) : bisect_right(days, end)]
        return tuple((day, self.why_not(day) or "") for day in found)

    def counted_elsewhere(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """List the working days after `start` up to `end` that are holidays in another part of the United Kingdom."""
        days = self._elsewhere
        found = days[bisect_right(days, start) : bisect_right(days, end)]
        return tuple((day, self.elsewhere[day]) for day in found if self.is_working(day))

    def knows(self, day: date) -> bool:
        """Say whether the bank holidays around this day are known."""
        return self.known_from <= day <= self.known_to

    def with_closures(self, closures: Mapping[date, str]) -> WorkingCalendar:
        """Give this calendar with a council's closures as days that are not working days."""
        return replace(self, closures=dict(closures))

    def without_closures(self) -> WorkingCalendar:
        """Give this calendar with closures counted as working days, for rules that do not know them."""
        return self._bare if self.closures else self

    @cached_property
    def _bare(self) -> WorkingCalendar:
        return replace(self, closures={})

    @cached_property
    def _off(self) -> _Off:
        return _Off.of([day for day in {*self.holidays, *self.closures} if day.weekday() < 5])

    @cached_property
    def _elsewhere(self) -> tuple[date, ...]:
        return tuple(sorted(self.elsewhere))

    def _worked_by(self, ordinal: int) -> int:
        """Count the working days from the beginning of time up to and including a day."""
        weeks, rest = divmod(ordinal - 1, 7)
        return weeks * 5 + min(rest + 1, 5) - bisect_right(self._off.ordinals, ordinal)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """Keep counts that were worked out with exactly this calendar; the clocks fill and empty it."""
        return {}

    @cached_property
    def fingerprint(self) -> str:
        """Name the exact set of non-working days by 16 hexadecimal digits, kept beside each date worked out with it."""
        body = json.dumps(
            [
                self.name,
                sorted(day.isoformat() for day in self.holidays),
                sorted(day.isoformat() for day in self.closures),
            ]
        )
        return hashlib.sha256(body.encode()).hexdigest()[:16]


@cache
def bank_holidays() -> Mapping[str, Mapping[date, str]]:
    """Give the packaged bank holidays, division by division: date to name."""
    text = resources.files("redress.rulebook").joinpath("data/bank_holidays.json").read_text("utf-8")
    return {
        division: {date.fromisoformat(day): name for day, name in days.items()}
        for division, days in json.loads(text)["divisions"].items()
    }


@cache
def named(name: str) -> WorkingCalendar:
    """Give a calendar of `CALENDARS` from the packaged bank holidays; KeyError for one that does not exist."""
    return made_from(name, bank_holidays())


def made_from(name: str, divisions: Mapping[str, Mapping[date, str]]) -> WorkingCalendar:
    """Make a calendar of `CALENDARS` from bank holidays, division by division; KeyError for an unknown name.

    `uk-any` leaves out what is a bank holiday in any part of the United Kingdom (Freedom of Information Act 2000,
    section 10(6)); `england` names Christmas Day, Boxing Day and Good Friday beside the bank holidays (SI 2006/1738).
    """
    consulted = CONSULTS[name]
    own = _anywhere(divisions) if name == "uk-any" else dict(divisions[consulted[0]])
    known_from, known_to = _known(divisions, consulted)
    if name == "england":
        own = {**_by_name(sorted({day.year for day in own})), **own}
    elsewhere: dict[date, str] = {}
    for other, days in divisions.items():
        if other in consulted:
            continue
        for day, title in days.items():
            if day not in own:
                said = f"{title}, {DIVISIONS[other]}"
                elsewhere[day] = f"{elsewhere[day]}; {said}" if day in elsewhere else said
    return WorkingCalendar(name=name, holidays=own, elsewhere=elsewhere, known_from=known_from, known_to=known_to)


def with_added(added: Mapping[str, Mapping[date, str]]) -> Mapping[str, Mapping[date, str]]:
    """Give the packaged bank holidays with those that were added since, division by division.

    A day that is packaged keeps its packaged name.
    """
    return {name: {**added.get(name, {}), **days} for name, days in bank_holidays().items()}


def _anywhere(divisions: Mapping[str, Mapping[date, str]]) -> dict[date, str]:
    """Put the divisions together; a day that is not off everywhere is named with the part where it is."""
    found: dict[date, str] = {}
    for day in sorted({day for days in divisions.values() for day in days}):
        parts: dict[str, list[str]] = {}
        for name, days in divisions.items():
            if day in days:
                parts.setdefault(days[day], []).append(DIVISIONS[name])
        everywhere = len(parts) == 1 and len(next(iter(parts.values()))) == len(DIVISIONS)
        found[day] = "; ".join(
            title if everywhere else f"{title}, {dates.joined(where)}" for title, where in parts.items()
        )
    return found


def _known(divisions: Mapping[str, Mapping[date, str]], consulted: Sequence[str]) -> tuple[date, date]:
    """Say from when to when the bank holidays of all these divisions are known, in whole years."""
    first, last = 1, 9999
    for name in consulted:
        counts: dict[int, int] = {}
        for day in divisions[name]:
            counts[day.year] = counts.get(day.year, 0) + (day.weekday() < 5)
        whole = sorted(year for year, number in counts.items() if number >= FEWEST_IN_A_YEAR)
        if not whole:
            return date.max, date.min
        # A year that stands alone far ahead says nothing of the years before it.
        upto = whole[0]
        while upto + 1 in whole:
            upto += 1
        first, last = max(first, whole[0]), min(last, upto)
    return date(first, 1, 1), date(last, 12, 31)


def _by_name(years: Sequence[int]) -> dict[date, str]:
    """List the days that SI 2006/1738 names itself, year by year, weekends included."""
    found: dict[date, str] = {}
    for year in years:
        found[_easter(year) - 2 * ONE_DAY] = "Good Friday"
        found[date(year, 12, 25)] = "Christmas Day"
        found[date(year, 12, 26)] = "Boxing Day"
    return found


def _easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar, by the usual reckoning of golden number and epact."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


@cache
def division(name: str) -> WorkingCalendar:
    """Give the calendar of a division; KeyError for one that does not exist."""
    if name not in DIVISIONS:
        raise KeyError(name)
    return named(name)


def england_and_wales() -> WorkingCalendar:
    """Give the calendar of England and Wales."""
    return named("england-and-wales")


def scotland() -> WorkingCalendar:
    """Give the calendar of Scotland."""
    return named("scotland")


def northern_ireland() -> WorkingCalendar:
    """Give the calendar of Northern Ireland."""
    return named("northern-ireland")
