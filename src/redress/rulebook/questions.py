"""What does a line of `redress deadline` ask, or what do the words of a person?

Example::

    from_line(1, b'{"procedure": "foi-request", "happenings": [{"kind": "received", "on": "2026-12-11"}]}')

A line that can't be read raises Refused with one plain sentence, and with the line's `id` where it has one. Whatever is
in a line, nothing else is raised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from redress.rulebook import dates
from redress.rulebook.happenings import AMOUNTS, Happening

LONGEST_LINE = 1_000_000
"""Bytes of a line; a longer one is passed over and refused, so that memory stays small."""

MOST_HAPPENINGS = 300
"""Happenings on a line: no case has as many, and each is weighed against the others."""

MOST_AMOUNT = 100_000
"""What an extension may add, in its unit: more is a slip of the finger."""

MOST_SHOWN = 60
"""Characters of a wrong value that are repeated in a message."""

DAYS = ("by", "until", "told_on", "received_on")
"""What a happening carries as a date."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOM = b"\xef\xbb\xbf"

Id = str | int | None


class Refused(ValueError):
    """A line, or something that a person gave, which can't be read; `id` is the line's own, where it has one."""

    def __init__(self, sentence: str, id: Id = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.id = id


@dataclass(frozen=True)
class Question:
    """When is a clock due? `clock` is None where all clocks of the procedure are asked for.

    `expected` is the answer that the line itself carries; `believed_on` the day whose knowledge is asked for. `line` is
    the number of the line, 0 where there is none.
    """

    procedure: str
    happenings: tuple[Happening, ...]
    clock: str | None = None
    id: Id = None
    line: int = 0
    expected: date | datetime | None = None
    believed_on: date | None = None


def numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Give the lines of a stream with their numbers, one at a time; None for one longer than `LONGEST_LINE`.

    Empty lines are passed over, and so is the rest of a line that is too long: no more than one line is held.
    """
    number = 0
    while part := stream.readline(LONGEST_LINE + 1):
        number += 1
        too_long = len(part) > LONGEST_LINE and not part.endswith(b"\n")
        while too_long and part and not part.endswith(b"\n"):
            part = stream.readline(LONGEST_LINE)
        if too_long:
            yield number, None
        elif part.removeprefix(_BOM).strip():
            yield number, part


def from_line(number: int, line: bytes | None, *, procedure: str | None = None) -> Question:
    """Read a line; `procedure` is taken where it names none. Raises Refused."""
    body = _object(line)
    name = _id(body.get("id"))
    try:
        code = _text(body, "procedure") if body.get("procedure") is not None or procedure is None else procedure
        asked = _text(body, "clock") if body.get("clock") is not None else None
        return Question(
            code,
            _happenings(body),
            asked,
            name,
            number,
            _expected(body.get("due")),
            _day(body, "believed_on", "`believed_on`"),
        )
    except Refused as refused:
        raise Refused(refused.sentence, name) from None


def happening_from(value: object, place: int = 1) -> Happening:
    """Make a happening from its shape on a line: `kind`, and `on` or `at`, and what else it carries.

    A date that stands there as null is a gap in the record, which the clocks read as unclear. Raises Refused.
    """
    if not isinstance(value, dict):
        raise Refused(f"happening {place} is not an object")
    if "kind" not in value:
        raise Refused(f"happening {place} has no `kind`")
    kind = _text(value, "kind")
    where = f"happening {place} ({_shown(kind)})"
    if "on" not in value and "at" not in value:
        raise Refused(f"{where} has neither `on` nor `at`")
    on = _day(value, "on", f"`on` of {where}")
    at: datetime | None = None
    if on is None and value.get("at") is not None:
        at = instant(value["at"], f"`at` of {where}")
        if isinstance(value["at"], str) and _DATE.fullmatch(value["at"]):
            on, at = at.date(), None
    seq = value.get("seq", place)
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise Refused(f"`seq` of {where} is not a whole number")
    for key in ("id", "replaces"):
        if value.get(key) is not None and (not isinstance(value[key], str | int) or isinstance(value[key], bool)):
            raise Refused(f"`{key}` of {where} is neither text nor a number")
    data = {key: one for key, one in value.items() if key not in _OWN}
    _check(data, where)
    return Happening(
        kind,
        on=on,
        at=at,
        seq=seq,
        data=data,
        id=value.get("id"),
        replaces=value.get("replaces"),
        recorded=_day(value, "recorded", f"`recorded` of {where}"),
    )


_OWN = frozenset({"kind", "on", "at", "seq", "id", "replaces", "recorded"})


def day(value: object, what: str) -> date:
    """Read a date such as 2026-11-23, or raise Refused that names what it is."""
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Refused(f"{what} is not a date such as 2026-11-23: {_shown(value)}")


def instant(value: object, what: str) -> datetime:
    """Read an instant such as 2026-11-23T17:45:00 (London time) or 2026-11-23T17:45:00Z, or raise Refused."""
    try:
        # Ten characters at least: what is shorter, or names a week, is no form that people write.
        if isinstance(value, str) and _DATE.match(value):
            found = datetime.fromisoformat(value)
            dates.london_day(found)
            return found
    except (ValueError, OverflowError):
        pass
    raise Refused(f"{what} is not an instant such as 2026-11-23T17:45:00: {_shown(value)}")


def day_or_instant(value: str, what: str) -> date | datetime:
    """Read a date, or an instant where a time stands with it. Raises Refused."""
    return instant(value, what) if len(value) > len("2026-11-23") else day(value, what)


def _object(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise Refused(f"it is longer than {LONGEST_LINE:,} bytes")
    try:
        text = line.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Refused(f"it is not text in UTF-8 (byte {wrong.start + 1})") from None
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Refused("it is nested too deep") from None
    except json.JSONDecodeError as wrong:
        said = wrong.msg.lower().removesuffix(" at")
        raise Refused(f"it is not JSON ({said} at character {wrong.pos + 1})") from None
    except ValueError as wrong:
        many = "integer string conversion" in str(wrong)
        raise Refused("a number in it has thousands of digits" if many else f"it is not JSON ({wrong})") from None
    if not isinstance(body, dict):
        raise Refused("it is not an object")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _id(value: object) -> Id:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise Refused(f"`{key}` is missing or is not text")
    return value


def _happenings(body: Mapping[str, Any]) -> tuple[Happening, ...]:
    value = body.get("happenings")
    if not isinstance(value, list):
        raise Refused("`happenings` is missing or is not a list")
    if len(value) > MOST_HAPPENINGS:
        raise Refused(f"it holds {len(value):,} happenings; {MOST_HAPPENINGS} are read at most")
    return tuple(happening_from(one, place) for place, one in enumerate(value, start=1))


def _expected(value: object) -> date | datetime | None:
    if value is None:
        return None
    return day_or_instant(value, "`due`") if isinstance(value, str) else day(value, "`due`")


def _day(body: Mapping[str, Any], key: str, what: str) -> date | None:
    return day(body[key], what) if body.get(key) is not None else None


def _check(data: Mapping[str, Any], where: str) -> None:
    """Refuse what would be left out without a word: a date that is none, an amount that is no whole number."""
    for key in DAYS:
        if data.get(key) is not None:
            day(data[key], f"`{key}` of {where}")
    for key in AMOUNTS.values():
        value = data.get(key)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_AMOUNT:
            raise Refused(f"`{key}` of {where} is not a whole number from 1 to {MOST_AMOUNT:,}: {_shown(value)}")


def _shown(value: object) -> str:
    """Repeat a wrong value shortly, without anything that a terminal would obey."""
    try:
        said = ascii(value) if not isinstance(value, str) else "".join(s if s.isprintable() else "?" for s in value)
    except (ValueError, RecursionError):
        return "something very long"
    return said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]}…"
