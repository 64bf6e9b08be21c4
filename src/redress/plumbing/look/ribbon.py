"""How is the day ribbon drawn: which marks has each day, and what is said to somebody who can't see it?

Takes the days that the rulebook worked out (``Reading.days``); counts nothing itself.
Example: ``cells(reading.days)[0].classes == "day zero key first"``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from redress.plumbing.look import words
from redress.rulebook.lines import AWAY, moment, span
from redress.rulebook.ribbon import MOST_CELLS, Day

# Beyond this many cells only the key days keep their number on a phone; beyond the second one a cell is a week.
LONG = 15
WEEKS = 62
KINDS = ("zero", "past", "now", "coming", "due", "over", "off", "bank")


@dataclass(frozen=True)
class Cell:
    """One day of the ribbon as it is drawn: style classes, the figure in it, the word beneath, its full name."""

    classes: str
    figure: str
    caption: str
    title: str


def _caption(day: Any, start: str) -> str:
    """Choose the one short word beneath a day; the whole of what matters about it is its title."""
    choices = (
        (day.kind == "zero", start),
        (day.is_due, "Due"),
        (day.is_met, "Done"),
        (day.is_today and day.kind != "off", "Today"),
        (day.is_first_due, "First due"),
        (day.kind == "bank", str(day.label).split(":")[0].split(" (")[0]),
    )
    return next((word for holds, word in choices if holds), "")


def _marks(day: Any) -> list[str]:
    """Give the style classes of a day."""
    more = (("now", day.is_today and day.kind == "due"), ("due", day.is_due), ("met", day.is_met))
    first_due = day.is_first_due and not day.is_due
    kinds = [] if day.kind == "coming" else [day.kind if day.kind in KINDS else "past"]
    return ["day", *kinds, *(name for name, on in more if on and name != day.kind), *(["was-due"] if first_due else [])]


def cells(days: Sequence[Any], *, start: str = "Day 0") -> tuple[Cell, ...]:
    """Give the cells of a ribbon, one a day; ``start`` is the word beneath the day that started the clock."""
    captions = _room(_once([_caption(day, start) for day in days], [day.kind for day in days]), [d.kind for d in days])
    last = len(days) - 1
    found = []
    for at, (day, caption) in enumerate(zip(days, captions, strict=True)):
        marks = _marks(day)
        if caption or day.is_first_due or day.kind in {"zero", "bank", "now", "due"}:
            marks.append("key")
        marks += ["first"] if at == 0 else []
        marks += ["last"] if at >= last - 1 and at > 0 else []
        title = words.day_in_words(day.date) + (f", {day.label}" if day.label else "")
        found.append(Cell(" ".join(marks), "" if day.kind == "off" else str(day.date.day), caption, title))
    return tuple(found)


def _once(captions: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Say why days don't count once, in the middle of a stretch: "Paused", not beneath every day of it."""
    found = list(captions)
    stretch: list[int] = []
    for at in range(len(found) + 1):
        kind = kinds[at] if at < len(found) else ""
        if kind == "off":
            continue
        if stretch and (kind != "bank" or captions[at] != captions[stretch[0]]):
            for place in stretch:
                found[place] = captions[place] if place == stretch[len(stretch) // 2] else ""
            stretch = []
        if kind == "bank":
            stretch.append(at)
    return found


def _room(captions: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Leave out the captions that would run into one another; a holiday's gives way to any, "Today" to "Due".

    Reckoned for the narrowest screen, on which a holiday's name is hidden, and for holidays on a wide one.
    """
    rank = {"Due": 0, "Today": 1, "Done": 2, "First due": 3}
    widths = [0.32 if kind == "off" else 1.0 for kind in kinds]
    places = [sum(widths[:at]) + widths[at] / 2 for at in range(len(widths))]
    total = sum(widths) or 1.0
    order = sorted(
        (at for at, text in enumerate(captions) if text),
        key=lambda at: (rank.get(captions[at], 4 + (kinds[at] == "bank")), at),
    )
    kept: list[int] = []
    for at in order:
        screen = 700.0 if kinds[at] == "bank" else 310.0
        if all(
            abs(places[at] - places[other]) * screen / total >= (len(captions[at]) + len(captions[other])) * 3.5 + 4
            for other in kept
        ):
            kept.append(at)
    return [text if at in kept else "" for at, text in enumerate(captions)]


def days_of(reading: Any) -> tuple[Any, ...]:
    """Give the days of a reading's ribbon; the days that don't count are marked, also while the clock is paused."""
    if reading.state == "paused":
        return _paused(reading)
    away = away_days(reading)
    return tuple(
        replace(day, kind="bank", label=f"Not counted: {away[day.date]}")
        if day.date in away and day.kind not in {"zero", "off", "due"}
        else day
        for day in reading.days
    )


def away_days(reading: Any) -> Mapping[date, str]:
    """Give the days that a question or a notice took out of the count, with why."""
    found: dict[date, str] = {}
    for one in reading.reasons:
        for gone in one.skipped:
            if gone.why.startswith(AWAY):
                found[gone.on] = gone.why.removeprefix(AWAY)
        if one.kind == "disregard" and len(one.more) == 3:
            first, last, why = one.more
            for number in range(min((last - first).days + 1, MOST_CELLS)):
                found[first + timedelta(days=number)] = why
    return found


def _paused(reading: Any) -> tuple[Any, ...]:
    """Give the days from the start to today: no date due stands at their end, since no time runs."""
    if reading.started_on is None or reading.paused_since is None:
        return ()
    found = []
    for number in range(min((reading.today - reading.started_on).days + 1, MOST_CELLS)):
        day = reading.started_on + timedelta(days=number)
        off = reading.calendar.why_not(day)
        kind, label = "past", ""
        if number == 0:
            kind, label = "zero", "the clock starts: day 0"
        elif off is not None and day.weekday() >= 5:
            kind, label = "off", off
        elif day >= reading.paused_since:
            kind, label = "bank", "Paused: no time runs"
        elif off is not None:
            kind, label = "bank", f"{off}: not a working day"
        found.append(Day(day, kind, None, label, is_today=day == reading.today))  # type: ignore[arg-type]
    return tuple(found)


def counted(reading: Any) -> tuple[int | None, int | None]:
    """Give the day of the clock and its length, for "day 8 of 10"; none where the days that passed don't all count."""
    if reading.state in {"paused", "unclear"} or away_days(reading):
        return None, None
    return reading.day, reading.length


def by_weeks(days: Sequence[Any]) -> bool:
    """Say whether a ribbon is so long that it shows weeks instead of days."""
    return len(days) > WEEKS


def drawn(days: Sequence[Any], *, start: str = "Day 0") -> tuple[Cell, ...]:
    """Give the cells of a ribbon: days, or weeks where there are too many days to be told apart."""
    if not by_weeks(days):
        return cells(days, start=start)
    weeks: dict[tuple[int, int], list[Any]] = {}
    for day in days:
        iso = day.date.isocalendar()
        weeks.setdefault((iso.year, iso.week), []).append(day)
    ranking = ("zero", "due", "now", "over", "past", "coming", "bank", "off")
    chosen = [min(week, key=lambda day: (not day.is_due, ranking.index(day.kind))) for week in weeks.values()]
    found = cells(chosen, start=start)
    return tuple(
        Cell(cell.classes, cell.figure if cell.caption else "", cell.caption, f"Week of {words.day(week[0].date)}")
        for cell, week in zip(found, weeks.values(), strict=True)
    )


def spoken(reading: Any) -> str:
    """Say a ribbon in words, for somebody who can't see it."""
    parts = [str(reading.title)]
    day, length = counted(reading)
    if day is not None and length is not None:
        parts[0] += f": day {day} of {length}"
    if reading.started_on:
        parts.append(f"Started {words.day_in_words(reading.started_on)}")
    if reading.first_due and reading.due and reading.first_due != reading.due:
        parts.append(f"First due {words.day_in_words(reading.first_due)}")
    if reading.due:
        parts.append(f"Due {words.day_in_words(reading.due)}")
    if reading.state == "paused" and reading.paused_since:
        parts.append(f"Paused: no time runs since {words.day_in_words(reading.paused_since)}")
        return ". ".join(parts) + "."
    away = away_days(reading)
    holidays = [
        f"{words.day(day.date)} ({away.get(day.date) or str(day.label).split(':')[0]})"
        for day in days_of(reading)
        if day.kind == "bank"
    ]
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


def main_reason(reading: Any) -> Any:
    """Give the reason that stands beneath the ribbon; None without.

    The last line that gives the date; while no time runs what is awaited; else the first of any.
    """
    reasons = tuple(reading.reasons)
    if reading.state == "paused":
        return next((one for one in reasons if one.says == "waiting"), reasons[0] if reasons else None)
    counting = [one for one in reasons if getattr(one, "kind", "") in {"count", "extension", "agreed"}]
    return counting[-1] if counting else reasons[0] if reasons else None


def extended_words(reading: Any) -> str:
    """Say by how much a date was extended, in the unit of the extension: "5 working days"; nothing where it was not."""
    if not reading.extended_by or reading.rule is None or reading.rule.extension is None:
        return ""
    return span(reading.extended_by, reading.rule.extension.unit)


def which(reading: Any) -> str:
    """Say which date it is: "the date after an extension"; nothing where there is no date."""
    return str(reading.which_words) if reading.due is not None else ""


def other_dates(reading: Any) -> tuple[tuple[str, date], ...]:
    """Give the dates that stand beside the date due: the first one, the other reading's, what was promised since."""
    listed = (
        ("First due", reading.first_due),
        ("By the cautious reading", reading.cautious_due),
        ("By the literal reading", reading.literal_due),
        ("Promised since", reading.promised),
        ("If what is awaited came today", reading.if_resumed),
    )
    both = {"By the cautious reading", "By the literal reading"}
    return tuple((what, day) for what, day in listed if day is not None and (day != reading.due or what in both))


@dataclass(frozen=True)
class StepLine:
    """One line of "Every step": its words, who says so, how sure that is, the days skipped that it doesn't name."""

    text: str
    authority: str
    sure: str
    skipped: tuple[Any, ...]


def steps(reading: Any, sure: Mapping[str, str]) -> tuple[StepLine, ...]:
    """Give the lines of an explanation; ``sure`` says by authority how sure it is, each at its first line only."""
    said: set[str] = set()
    found = []
    for one in reading.reasons:
        words_of = sure.get(one.authority, "") if one.authority not in said else ""
        said.add(one.authority)
        text = one.text
        unnamed = tuple(gone for gone in one.skipped if gone.why.removeprefix(AWAY) not in text)
        found.append(StepLine(text, one.authority, words_of, unnamed))
    return tuple(found)


def left_to_say(reading: Any) -> tuple[str, ...]:
    """Give the cautions that no line says already."""
    lines = [one.text for one in reading.reasons]
    return tuple(one for one in reading.cautions if one not in lines)


def is_long(days: Sequence[Any]) -> bool:
    """Say whether a ribbon is too long for every day to have its number on a phone."""
    return len(days) > LONG


def heading(reading: Any) -> tuple[str, str, str]:
    """Give a clock's heading, the words of its tag and the severity that paints it.

    Order of what is said, as everywhere: how long from now, the date with its weekday, the reason (in the card).
    """
    due_at = getattr(reading, "due_at", None)
    due = moment(due_at) if due_at else words.day_in_words(reading.due)
    title = str(reading.title)
    if reading.state == "met":
        return f"{title}: done on {words.day_in_words(reading.met_on)}", "Met", "done"
    if reading.state == "missed" and reading.met_on:
        return f"{title}: done on {words.day_in_words(reading.met_on)}", _late(reading), "late"
    if reading.state == "missed":
        return f"{title} was due {due}", _late(reading), "late"
    if reading.state == "paused":
        return f"{title}: no time runs since {words.day_in_words(reading.paused_since)}", "Paused", "wait"
    if reading.state == "unclear":
        return f"{title}: no date can be worked out", "Unclear", "soon"
    if reading.state == "ended" and reading.ended_by == "over":
        return f"{title}: the time ran out on {due}", "Run out", "ok"
    if reading.state == "ended":
        return f"{title}: no longer owed", "Ended", "ok"
    if reading.state == "not-started" or not due:
        return title, "Not started", "new"
    left = getattr(reading, "days_left", None)
    near = "soon" if left is not None and left <= 2 else "ok"
    distance = str(getattr(reading, "distance", "") or "Running")
    said = distance if distance.startswith("Due") else "Due " + distance[0].lower() + distance[1:]
    return f"{title} due {due}", said, near


def _late(reading: Any) -> str:
    late_by = getattr(reading, "late_by", None)
    if not late_by:
        return "Late"
    return words.counted(late_by, "working day") + " late"
