"""How is the day ribbon drawn: which marks has each day, and what is said to somebody who can't see it?

Takes the days that the rulebook worked out (``Reading.days``); counts nothing itself.
Example: ``cells(reading.days)[0].classes == "day zero key first"``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redress.plumbing.look import words

# Beyond this many days a cell is too narrow for its number: only the key days keep theirs on a phone.
LONG = 30
KINDS = ("zero", "past", "now", "coming", "due", "over", "off", "bank")


@dataclass(frozen=True)
class Cell:
    """One day of the ribbon as it is drawn: style classes, the figure in it, the word beneath, its full name."""

    classes: str
    figure: str
    caption: str
    title: str


def _caption(day: Any) -> str:
    """Choose the word beneath a day; a weekend and an ordinary day have none."""
    if day.kind == "off":
        return ""
    if day.label:
        return str(day.label)
    if getattr(day, "is_due", False) or day.kind == "due":
        return "Due"
    if getattr(day, "is_today", False) or day.kind == "now":
        return "Today"
    return ""


def cells(days: Sequence[Any]) -> tuple[Cell, ...]:
    """Give the cells of a ribbon.

    A caption is left out where it would run into the one before it (nearer than three cells), unless it is the due
    day's, which then takes the place of the other.
    """
    found: list[Cell] = []
    last_caption = -9
    last = len(days) - 1
    for at, day in enumerate(days):
        kind = day.kind if day.kind in KINDS else "past"
        marks = ["day", "" if kind == "coming" else kind]
        marks += [
            name
            for name, on in (
                ("now", getattr(day, "is_today", False)),
                ("due", getattr(day, "is_due", False)),
                ("was-due", getattr(day, "is_first_due", False) and not getattr(day, "is_due", False)),
                ("met", getattr(day, "is_met", False)),
            )
            if on and name != kind
        ]
        caption = _caption(day)
        important = "due" in marks or kind == "due"
        if caption and at - last_caption < 3:
            if important:
                before = found[last_caption]
                found[last_caption] = Cell(before.classes, before.figure, "", before.title)
            else:
                caption = ""
        if caption:
            last_caption = at
        if caption or kind in {"zero", "bank", "now", "due"}:
            marks.append("key")
        marks += ["first"] if at == 0 else []
        marks += ["last"] if at >= last - 1 and at > 0 else []
        title = words.day_in_words(day.date) + (f", {day.label}" if day.label else "")
        figure = "" if kind == "off" else str(day.date.day)
        found.append(Cell(" ".join(mark for mark in marks if mark), figure, caption, title))
    return tuple(found)


def spoken(reading: Any) -> str:
    """Say a ribbon in words, for somebody who can't see it."""
    parts = [str(reading.title)]
    if reading.day is not None and reading.length is not None:
        parts[0] += f": day {reading.day} of {reading.length}"
    if reading.started_on:
        parts.append(f"Started {words.day_in_words(reading.started_on)}")
    if reading.first_due and reading.due and reading.first_due != reading.due:
        parts.append(f"First due {words.day_in_words(reading.first_due)}")
    if reading.due:
        parts.append(f"Due {words.day_in_words(reading.due)}")
    holidays = [f"{words.day(day.date)} {day.label}".strip() for day in reading.days if day.kind == "bank"]
    if holidays:
        parts.append("Not counted: " + ", ".join(holidays))
    return ". ".join(parts) + "."


@dataclass(frozen=True)
class Tick:
    """One tick of a list's clock."""

    mark: str


def ticks(day: int | None, length: int | None, over: int = 0) -> tuple[Tick, ...]:
    """Give one tick for each working day of a limit: gone, today, to come, and those beyond.

    ``over`` counts the working days after the due date; at most 15 of them are drawn, the words say the rest.
    """
    if not length or length < 0 or day is None:
        return ()
    if over > 0:
        return tuple(Tick("on") for _ in range(length)) + tuple(Tick("over") for _ in range(min(over, 15)))
    return tuple(Tick("on" if at < day else "now" if at == day else "") for at in range(1, length + 1))


def tick_words(day: int | None, length: int | None, over: int = 0) -> str:
    """Say the ticks: "Day 8 of 10", "Past 10", or nothing where there is no count."""
    if not length or day is None:
        return ""
    if over > 0:
        return f"Past {length}"
    return f"Day {day} of {length}" if day > 0 else f"{length} days, from tomorrow"


def is_long(days: Sequence[Any]) -> bool:
    """Say whether a ribbon is too long for every day to have its number on a phone."""
    return len(days) > LONG // 2


def heading(reading: Any) -> tuple[str, str, str]:
    """Give a clock's heading, the words of its tag and the severity that paints it.

    Order of what is said, as everywhere: how long from now, the date with its weekday, the reason (in the card).
    """
    due = words.day_in_words(reading.due)
    title = str(reading.title)
    if reading.state == "met":
        return f"{title}: done on {words.day_in_words(reading.met_on)}", "Met", "done"
    if reading.state == "missed" and reading.met_on:
        return f"{title}: done on {words.day_in_words(reading.met_on)}", _late(reading), "late"
    if reading.state == "missed":
        return f"{title} was due {due}", _late(reading), "late"
    if reading.state == "paused":
        return title, "Paused", "wait"
    if reading.state == "unclear":
        return title, "Unclear", "soon"
    if reading.state == "ended":
        return f"{title}: no longer owed", "Ended", "ok"
    if reading.state == "not-started" or not due:
        return title, "Not started", "new"
    left = getattr(reading, "days_left", None)
    near = "soon" if left is not None and left <= 2 else "ok"
    distance = str(getattr(reading, "distance", "") or "Running")
    return f"{title} due {due}", "Due " + distance[0].lower() + distance[1:], near


def _late(reading: Any) -> str:
    late_by = getattr(reading, "late_by", None)
    if not late_by:
        return "Late"
    return words.counted(late_by, "working day") + " late"


