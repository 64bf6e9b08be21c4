"""Which days are working days, and why a day is not.

Bank holidays are loaded as dates with their division, never worked out from names. A council's closures are kept apart,
because most rules do not know them.

Example: `england_and_wales().add(date(2026, 12, 21), 5)` is Wednesday 30 December 2026.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources

from redress.rulebook import dates

DIVISIONS: dict[str, str] = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}

ONE_DAY = timedelta(days=1)
MOST_DAYS = 5000


class OutsideCalendar(ValueError):
    """A count would leave the calendar: absurdly many days, or past the last date that can be written."""


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
        day, left = start, working_days
        try:
            while left:
                day += ONE_DAY
                left -= self.is_working(day)
        except OverflowError:
            raise OutsideCalendar("the count runs past the last date that can be written") from None
        return day

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
        whole = (end - start).days
        weeks, rest = divmod(whole, 7)
        count = weeks * 5
        count += sum((start + timedelta(days=weeks * 7 + n)).weekday() < 5 for n in range(1, rest + 1))
        off = self._weekdays_off
        return count - sum(start < day <= end for day in off)

    def skipped(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """List the weekdays after `start` up to `end` that are not working days, with their names."""
        return tuple((day, self.why_not(day) or "") for day in self._weekdays_off if start < day <= end)

    def counted_elsewhere(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """List the working days after `start` up to `end` that are holidays in another part of the United Kingdom."""
        return tuple(
            (day, name) for day, name in sorted(self.elsewhere.items()) if start < day <= end and self.is_working(day)
        )

    def knows(self, day: date) -> bool:
        """Say whether the bank holidays around this day are known."""
        return self.known_from <= day <= self.known_to

    def with_closures(self, closures: Mapping[date, str]) -> WorkingCalendar:
        """Give this calendar with a council's closures as days that are not working days."""
        return replace(self, closures=dict(closures))

    def without_closures(self) -> WorkingCalendar:
        """Give this calendar with closures counted as working days, for rules that do not know them."""
        return self if not self.closures else replace(self, closures={})

    @cached_property
    def _weekdays_off(self) -> tuple[date, ...]:
        return tuple(sorted(day for day in {*self.holidays, *self.closures} if day.weekday() < 5))

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
def division(name: str) -> WorkingCalendar:
    """Give the calendar of a division; KeyError for one that does not exist."""
    every = bank_holidays()
    own = every[name]
    elsewhere: dict[date, str] = {}
    for other, days in every.items():
        if other == name:
            continue
        for day, title in days.items():
            if day not in own:
                said = f"{title}, {DIVISIONS[other]}"
                elsewhere[day] = f"{elsewhere[day]}; {said}" if day in elsewhere else said
    years = sorted({day.year for day in own})
    return WorkingCalendar(
        name=name,
        holidays=own,
        elsewhere=elsewhere,
        known_from=date(years[0], 1, 1),
        known_to=date(years[-1], 12, 31),
    )


def england_and_wales() -> WorkingCalendar:
    """Give the calendar of England and Wales."""
    return division("england-and-wales")


def scotland() -> WorkingCalendar:
    """Give the calendar of Scotland."""
    return division("scotland")


def northern_ireland() -> WorkingCalendar:
    """Give the calendar of Northern Ireland."""
    return division("northern-ireland")
