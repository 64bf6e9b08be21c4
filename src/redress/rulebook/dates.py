"""How dates and distances are said.

Example: `say(date(2026, 12, 8))` is "Tuesday 8 December 2026"; `short` gives "Tue 8 December 2026" and `plain`
"8 December 2026".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=20_000)
def say(day: date) -> str:
    """Say a date with its weekday: "Tuesday 8 December 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {plain(day)}"


def short(day: date) -> str:
    """Say a date for a list: "Tue 8 December 2026"."""
    return f"{WEEKDAYS[day.weekday()][:3]} {plain(day)}"


def plain(day: date) -> str:
    """Say a date without its weekday: "8 December 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """Say a date whose year is clear: "8 December"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def time(at: datetime) -> str:
    """Say a London time: "8:52am"."""
    local = at.astimezone(LONDON) if at.tzinfo is not None else at
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def london_day(at: datetime) -> date:
    """Give the day in London of an instant; a naive one is taken as London time already."""
    return at.astimezone(LONDON).date() if at.tzinfo is not None else at.date()


def working_days(number: int) -> str:
    """Say a number of working days: "1 working day", "10 working days"."""
    return f"{number:,} working day" + ("" if number == 1 else "s")


def days_to_go(number: int) -> str:
    """Say how many working days are left: "Due today", "In 1 working day"."""
    return "Due today" if number == 0 else f"In {working_days(number)}"


def days_late(number: int) -> str:
    """Say how late: "3 working days late", or "Late" before a working day has passed."""
    return "Late, by less than a working day" if number == 0 else f"{working_days(number)} late"


def joined(words: Iterable[str], last: str = "and") -> str:
    """Join words with commas and a last "and": "25 December, 28 December and 1 January"."""
    things = list(words)
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def grouped(days: Iterable[date], *, beside: date | None = None) -> str:
    """Say several dates shortly, by month: "25 and 28 December and 1 January".

    Years are said only where the dates, with `beside`, span more than two: a Christmas count stays short.
    """
    months: list[tuple[int, int]] = []
    by_month: dict[tuple[int, int], list[int]] = {}
    for day in sorted(days):
        month = (day.year, day.month)
        if month not in by_month:
            months.append(month)
        by_month.setdefault(month, []).append(day.day)
    years = {year for year, _ in months} | ({beside.year} if beside else set())
    with_year = bool(years) and max(years) - min(years) > 1
    said = []
    for of_year, of_month in months:
        numbers = joined(str(number) for number in by_month[of_year, of_month])
        said.append(f"{numbers} {MONTHS[of_month - 1]}" + (f" {of_year}" if with_year else ""))
    return joined(said)
