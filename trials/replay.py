"""Count again from nothing but what the reasons themselves say: an explanation has to add up to its date.

Written apart from the clock, which it checks: it walks the days one by one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

DAY = timedelta(days=1)
COUNTING = ("count", "extension", "disregard", "roll", "agreed")


def wrong_with(reading: Any) -> list[str]:
    """Say what does not add up in a reading that has a date; nothing where all of it does."""
    lines = [line for line in reading.reasons if line.kind in COUNTING]
    if reading.due is None:
        return [f"{reading.name} has no date, but counts"] if lines else []
    if not lines:
        return [f"{reading.name} has a date, but no line that counts"]
    wrong: list[str] = []
    here: date | datetime | None = None
    # The day of acknowledging may have a count of its own, up to its limit, before the clock's.
    zeros = {reading.zero, reading.zero - DAY} if reading.zero is not None else set()
    for line in lines:
        start = line.start
        if here is not None and start != here and start not in zeros:
            wrong.append(f"{reading.name}: “{line.text}” starts where nothing ended")
        if not _same(_end(line), line.due):
            wrong.append(f"{reading.name}: “{line.text}” does not add up: {_end(line)}")
        here = line.due
    if here != (reading.due_at or reading.due):
        wrong.append(f"{reading.name} is due {reading.due}, its reasons say {here}")
    return wrong


def _same(one: date | datetime | None, other: date | datetime | None) -> bool:
    """Compare days, or instants: an hour that comes twice equals nothing of another zone, so both go to UTC first."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.astimezone(UTC) == other.astimezone(UTC)
    return one == other


def _end(line: Any) -> date | datetime | None:
    """Walk one line."""
    start, amount = line.start, line.amount
    if line.kind == "agreed" or line.says == "stated":
        return line.due  # type: ignore[no-any-return]
    if line.kind == "roll":
        return _rolled(line)
    if line.kind == "disregard":
        first, last, _why = line.more
        return start + amount * DAY if (last - first).days + 1 == amount else None  # type: ignore[no-any-return]
    if line.unit == "hours":
        return start.astimezone(UTC) + timedelta(hours=amount)  # type: ignore[no-any-return]
    same_day = (
        line.more[0] == "same-day"
        if line.says == "count"
        else line.says == "extended-from-start" and (line.more and line.more[0] == "same-day")
    )
    if line.unit == "working-days":
        return _walk(start, amount, {one.on for one in line.skipped})
    if line.unit == "calendar-months":
        end = _months(start, amount)
    else:
        end = start
        for _ in range(amount * (7 if line.unit == "weeks" else 1)):
            end += DAY
    return end - DAY if same_day else end  # type: ignore[no-any-return]


def _walk(start: date, amount: int, skipped: set[date]) -> date:
    day, left = start, amount
    while left:
        day += DAY
        left -= day.weekday() < 5 and day not in skipped
    return day


def _months(start: date, amount: int) -> date:
    """Step from month to month, and back from a day that the last month hasn't."""
    year, month = start.year, start.month
    for _ in range(amount):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise ValueError(f"{year}-{month} has no day")


def _rolled(line: Any) -> date | None:
    day, skipped = line.start, {one.on for one in line.skipped}
    while day in skipped:
        day += DAY
    return day if day.weekday() < 5 else None  # type: ignore[no-any-return]
