"""A second way to a date, written apart from the clocks: day by day, on the calendars of the `holidays` package.

Nothing here is imported from the rulebook. It is slow and plain on purpose, so that it can be read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
PARTS = {"ew": ("ENG",), "england": ("ENG",), "uk": ("ENG", "WLS", "SCT", "NIR")}


@cache
def _off(calendar: str, year: int) -> frozenset[date]:
    days: set[date] = set()
    for part in PARTS[calendar]:
        days |= set(holidays.country_holidays("GB", subdiv=part, years=[year]))
    return frozenset(days)


def works(day: date, calendar: str) -> bool:
    return day.weekday() < 5 and day not in _off(calendar, day.year)


def working(start: str, number: int, calendar: str = "ew", *, without: tuple[tuple[str, str], ...] = ()) -> date:
    """Walk on from a day until so many working days have gone by; days in the stretches `without` don't count."""
    away = set()
    for first, last in without:
        here = _day(first)
        while here <= _day(last):
            away.add(here)
            here += DAY
    day, left = _day(start), number
    while left:
        day += DAY
        if works(day, calendar) and day not in away:
            left -= 1
    return day


def days(start: str, number: int, *, roll: bool = False) -> date:
    """Walk so many days on, and where `roll` says so to the next working day of England and Wales."""
    return rolled(_day(start) + number * DAY, roll=roll)


def months(start: str, number: int, *, roll: bool = False, more: int = 0) -> date:
    """Go to the same day so many months on, or the month's last day; then `more` days; then to a working day."""
    first = _day(start)
    year, month = first.year, first.month
    for _ in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for day in (first.day, 30, 29, 28):
        try:
            found = date(year, month, day)
            break
        except ValueError:
            continue
    return rolled(found + more * DAY, roll=roll)


def commencing(start: str, number: int) -> date:
    """Give the last day of so many months of which the start is the first day: the day before the same day."""
    return months(start, number) - DAY


def hours(start: str, number: int) -> datetime:
    """Let so many hours pass, one after the other, and look at a clock in London."""
    at = datetime.fromisoformat(start)
    at = (at if at.tzinfo is not None else at.replace(tzinfo=LONDON)).astimezone(UTC)
    for _ in range(number):
        at += timedelta(hours=1)
    return at.astimezone(LONDON)


def rolled(day: date, *, roll: bool = True) -> date:
    while roll and not works(day, "ew"):
        day += DAY
    return day


def stated(day: str) -> date:
    """Give a date that a letter states, or on which both sides agreed."""
    return _day(day)


def _day(said: str) -> date:
    return date.fromisoformat(said)
