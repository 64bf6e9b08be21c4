"""Reads worked_dates.txt: what happened, the date that stands there, and the date that oracle.py counts to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rulebook import oracle

FILE = Path(__file__).with_name("worked_dates.txt")
WAYS = {
    "working": oracle.working,
    "days": oracle.days,
    "months": oracle.months,
    "commencing": oracle.commencing,
    "hours": oracle.hours,
    "stated": oracle.stated,
}


@dataclass(frozen=True)
class Row:
    """One date to be worked out."""

    name: str
    procedure: str
    clock: str
    happenings: tuple[dict[str, Any], ...]
    due: date | datetime
    counted: date | datetime

    @property
    def line(self) -> dict[str, Any]:
        """Give it in the shape that `redress deadline` reads."""
        return {
            "id": self.name,
            "procedure": self.procedure,
            "clock": self.clock,
            "happenings": list(self.happenings),
            "due": self.due.isoformat(),
        }


def rows() -> list[Row]:
    said = [line for line in FILE.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for head, told, due in zip(said[::3], said[1::3], said[2::3], strict=True):
        name, _, asked = head.rpartition(": ")
        procedure, clock = asked.split()
        left, _, way = due.strip().partition(" = ")
        happenings = tuple(_happening(words, clock) for words in told.strip().split(", "))
        found.append(Row(name, procedure, clock, happenings, _day(left), _counted(way.split())))
    return found


def _happening(words: str, clock: str) -> dict[str, Any]:
    kind, *rest = words.split()
    carried = dict(part.split("=") for part in rest if "=" in part)
    when = _day(" ".join(part for part in rest if "=" not in part))
    body: dict[str, Any] = {"kind": kind, "at" if isinstance(when, datetime) else "on": when.isoformat()}
    body |= {key: int(value) if value.isdecimal() else value for key, value in carried.items()}
    if kind == "extended":
        body.setdefault("clock", clock)
    return body


def _day(said: str) -> date | datetime:
    """Read a date, which stands with its weekday, or an instant."""
    if "T" in said.partition(" ")[0][4:]:
        return datetime.fromisoformat(said)
    weekday, _, iso = said.partition(" ")
    found = date.fromisoformat(iso)
    assert found.strftime("%a") == weekday, f"{iso} is not a {weekday}"
    return found


def _counted(way: list[str]) -> date | datetime:
    name, *words = way
    given: list[Any] = []
    named: dict[str, Any] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if word == "roll":
            named["roll"] = True
        elif key == "without":
            named["without"] = (tuple(value.split("/")),)
        elif sign:
            named[key] = int(value)
        else:
            given.append(int(word) if word.isdecimal() else word)
    return WAYS[name](*given, **named)
