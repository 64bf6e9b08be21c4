"""What does the published list of bank holidays say that we don't know yet, and what is odd about it?

The GOV.UK feed is one JSON object: for each division its `events`, each with a `title`, a `date` and `notes`. Whatever
is wrong with it is told and never fatal, and nothing that is known is ever taken away by it: a copy of the feed from
before February 2026 lacks 15 June 2026 in Scotland, and that day stays.

Example::

    found = read(text, calendar.bank_holidays(), today=date(2026, 11, 23))
    found.new     # (NewDay(division="scotland", on=date(2026, 6, 15), name="Bank holiday for the World Cup"),)
    found.told[0].text  # "The feed ends on Tuesday 26 December 2028 …"
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from redress.rulebook import dates
from redress.rulebook.calendar import DIVISIONS

Kind = Literal[
    "missing", "unreachable", "truncated", "shape", "stale", "short", "lacks", "renames", "weekend", "too-many"
]

KINDS: dict[Kind, str] = {
    "missing": "There is no file, or nothing in it.",
    "unreachable": "The address did not answer as it should.",
    "truncated": "It breaks off, or is not JSON.",
    "shape": "It is not built as the published feed is.",
    "stale": "Its last day has passed.",
    "short": "Its last day is less than twelve months ahead.",
    "lacks": "It lacks a day that is known here; the day is kept.",
    "renames": "It has another name for a day; the name here is kept.",
    "weekend": "It names a Saturday or Sunday, which is no working day in any case.",
    "too-many": "It names more days in a year than can be true; that division is not taken.",
}

MOST_IN_A_YEAR = 16
"""Northern Ireland has eleven at most with one proclaimed; a list with many more is a mistake that would move dates."""

LONGEST_NAME = 120


@dataclass(frozen=True)
class NewDay:
    """A bank holiday of a division that was not known."""

    division: str
    on: date
    name: str

    @property
    def words(self) -> str:
        """Say it: "Monday 15 June 2026, Bank holiday for the World Cup (Scotland)"."""
        return f"{dates.say(self.on)}, {self.name} ({DIVISIONS[self.division]})"


@dataclass(frozen=True)
class Told:
    """Something about the feed that a person has to know; nothing was undone because of it."""

    kind: Kind
    text: str
    division: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Feed:
    """What a reading of the feed found. `readable` is false where nothing at all could be read."""

    readable: bool
    new: tuple[NewDay, ...] = ()
    told: tuple[Told, ...] = ()
    days: int = 0
    last: date | None = None

    @property
    def summary(self) -> str:
        """Say in one sentence what was found."""
        if not self.readable:
            return "Nothing could be read."
        added = (
            "no day that was not known" if not self.new else _counted(len(self.new), "day that was", "days that were")
        )
        said = f"{_counted(self.days, 'day', 'days')} read, {added}" + (" not known" if self.new else "")
        return f"{said}." if not self.told else f"{said}. {_counted(len(self.told), 'thing', 'things')} to know."


def not_read(kind: Kind, text: str) -> Feed:
    """Give the outcome where the feed itself could not be had: no file, no answer."""
    return Feed(readable=False, told=(Told(kind, text),))


def read(text: str | bytes, known: Mapping[str, Mapping[date, str]], *, today: date) -> Feed:
    """Read the feed and compare it with what is known, division by division. Never raises on what the feed holds.

    `known` holds the packaged days and those added since. Only weekdays are compared: the feed lists the day that is
    observed, not the Saturday or Sunday that it stands for.
    """
    loaded = _load(text)
    if isinstance(loaded, Told):
        return Feed(readable=False, told=(loaded,))
    told: list[Told] = []
    new: list[NewDay] = []
    lasts: dict[str, date] = {}
    days = 0
    for name in DIVISIONS:
        events = _events(loaded, name, told)
        if not events:
            continue
        days += len(events)
        lasts[name] = max(events)
        new += _compare(name, events, known.get(name, {}), told)
    strange = sorted(str(key) for key in loaded if key not in DIVISIONS)
    if strange:
        told.append(
            Told("shape", f"The feed also holds {_shown(strange)}, which Redress does not know. It is left out.")
        )
    if not lasts:
        return Feed(readable=False, told=tuple(told))
    told += _age(lasts, today)
    return Feed(True, tuple(sorted(new, key=lambda one: one.on)), tuple(told), days, min(lasts.values()))


def _load(text: str | bytes) -> dict[str, object] | Told:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Told("truncated", "The feed is not text in UTF-8; it may have been cut off.")
    text = text.strip("\ufeff \t\r\n")
    if not text:
        return Told("missing", "The feed is empty.")
    if text.startswith("<"):
        return Told("shape", "What came is a web page, not the feed of bank holidays.")
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as fault:
        return Told("truncated", f"The feed breaks off or is not JSON: it can’t be read after character {fault.pos:,}.")
    except (RecursionError, ValueError):
        return Told("truncated", "The feed is not JSON that can be read.")
    if not isinstance(loaded, dict):
        return Told("shape", "The feed is not built as expected: it should be an object with a part for each division.")
    return loaded


def _events(feed: Mapping[str, object], division: str, told: list[Told]) -> dict[date, str]:
    """Give the days of a division by date; what can't be read is told and left out."""
    part = DIVISIONS[division]
    held = feed.get(division)
    events = held.get("events") if isinstance(held, dict) else None
    if not isinstance(events, list):
        told.append(Told("shape", f"The feed has no list of days for {part}. What is known there is kept.", division))
        return {}
    found: dict[date, str] = {}
    wrong = 0
    for event in events:
        day, name = _event(event)
        if day is None or not name:
            wrong += 1
            continue
        found.setdefault(day, name)
    if wrong:
        said = _counted(wrong, "entry has", "entries have")
        told.append(Told("shape", f"{part}: {said} no name or no date that can be read, and left out.", division))
    if not found:
        if not wrong:
            told.append(Told("shape", f"The feed’s list for {part} is empty. What is known there is kept.", division))
        return {}
    years: dict[int, int] = {}
    for day in found:
        years[day.year] = years.get(day.year, 0) + 1
    crowded = [year for year, number in years.items() if number > MOST_IN_A_YEAR]
    if crowded:
        year = min(crowded)
        text = (
            f"{part}: the feed names {years[year]} bank holidays in {year}, which can’t be true. Nothing of that "
            "division is taken."
        )
        told.append(Told("too-many", text, division))
        return {}
    return found


def _event(event: object) -> tuple[date | None, str]:
    if not isinstance(event, dict):
        return None, ""
    on, title, notes = event.get("date"), event.get("title"), event.get("notes")
    if not isinstance(on, str) or not isinstance(title, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", on, re.ASCII):
        return None, ""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return None, ""
    name = clean_name(title)
    if name and isinstance(notes, str) and "substitute" in notes.casefold() and "substitute" not in name.casefold():
        name = f"{name} (substitute day)"
    return day, name


def clean_name(name: str) -> str:
    """Give a name in one line, with straight apostrophes, without control characters, not too long."""
    straight = name.replace("\u2019", "'").replace("\u2018", "'")
    shown = "".join(" " if unicodedata.category(one).startswith(("C", "Z")) else one for one in straight)
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def _compare(division: str, events: Mapping[date, str], known: Mapping[date, str], told: list[Told]) -> list[NewDay]:
    part = DIVISIONS[division]
    new: list[NewDay] = []
    begins = min(known, default=date.min).replace(month=1, day=1)
    for day, name in sorted(events.items()):
        if day < begins:
            continue
        if day in known:
            if _same(name) != _same(known[day]):
                text = f"{dates.say(day)}, {part}: the feed calls it {name}; the name here stays, {known[day]}."
                told.append(Told("renames", text, division, day))
        elif day.weekday() >= 5:
            text = f"{dates.say(day)}, {part}: {name} is at a weekend and makes no difference. It is left out."
            told.append(Told("weekend", text, division, day))
        else:
            new.append(NewDay(division, day, name))
    first, last = min(events), max(events)
    for day, name in sorted(known.items()):
        if first <= day <= last and day.weekday() < 5 and day not in events:
            text = f"The feed lacks {dates.say(day)}, {name} ({part}), which is known here. The day is kept."
            told.append(Told("lacks", text, division, day))
    return new


def _age(lasts: Mapping[str, date], today: date) -> list[Told]:
    """Tell of each last day that has passed or is less than twelve months ahead, with the divisions that share it."""
    ahead = date(today.year + 1, today.month, min(today.day, 28) if today.month == 2 else today.day)
    told: list[Told] = []
    for last in sorted(set(lasts.values())):
        if last >= ahead:
            continue
        where = dates.joined(DIVISIONS[name] for name, day in lasts.items() if day == last)
        kind: Kind = "stale" if last < today else "short"
        what = "has passed" if last < today else "is less than twelve months ahead"
        text = f"The feed ends on {dates.say(last)} for {where}, which {what}. What is known beyond it is kept."
        told.append(Told(kind, text))
    return told


def _same(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", clean_name(name).casefold()).strip()


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _shown(names: Iterable[str]) -> str:
    listed = [clean_name(name)[:40] or "a part without a name" for name in names]
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return dates.joined(f"“{name}”" for name in listed[:3]) + more
