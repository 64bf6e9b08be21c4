"""How is an edition written as a procedure file, so that a person can read it and `procedures.parse` reads it back?

Example: `procedures.parse(write(edition))` is `(edition,)`.

Only what differs from what the reader takes for granted is written. Released editions are written by hand; this writes
a council's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import PydanticUndefined

from redress.rulebook.editions import Authority, ClockRule, ClockWords, Edition, Record
from redress.rulebook.editions import Happened as HappenedRecord

_INLINE = (Authority, ClockWords, HappenedRecord)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write(edition: Edition, *, head: str = "", beside: Mapping[str, str] | None = None) -> str:
    """Write an edition as a procedure file.

    `head` is put above as a comment; `beside` gives a comment for a clock by its name, which says in a sentence what
    may be chosen there.
    """
    keys = {document.short: document.key for document in edition.documents}
    first = edition.documents[0].short
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    lines += ["", f"procedure = {_text(edition.procedure)}", "", "[[edition]]"]
    writer = _Writer(keys, first, beside or {})
    lines += writer.body(edition, "edition", without=frozenset({"procedure"}))
    return "\n".join(lines).lstrip("\n") + "\n"


class _Writer:
    def __init__(self, keys: Mapping[str, str], first: str, beside: Mapping[str, str]) -> None:
        self.keys, self.first, self.beside = keys, first, beside

    def body(self, record: Record, path: str, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
        """Write the plain values of a record, then what hangs on it as tables of its own: TOML wants them last."""
        tables: list[tuple[str, Any]] = []
        for name, value in self._held(record, without):
            if _is_table(value):
                tables.append((name, value))
            else:
                yield f"{name} = {self.value(value)}"
        for name, value in tables:
            where = f"{path}.{name}"
            if isinstance(value, Record):
                yield from ("", f"[{where}]")
                yield from self.body(value, where)
            else:
                for one in value:
                    yield ""
                    if isinstance(one, ClockRule) and one.name in self.beside:
                        yield f"# {' '.join(self.beside[one.name].split())}"
                    yield f"[[{where}]]"
                    yield from self.body(one, where)

    def _held(self, record: Record, without: frozenset[str]) -> Iterator[tuple[str, Any]]:
        for name, info in type(record).model_fields.items():
            value = getattr(record, name)
            if name in without or value is None:
                continue
            if info.default is not PydanticUndefined and value == info.default:
                continue
            if isinstance(record, Authority) and name == "document":
                if value == self.first:
                    continue
                value = self.keys[value]
            yield name, value

    def value(self, value: Any) -> str:
        """Write a plain value, or a small record on one line."""
        match value:
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case datetime() | date():
                return value.isoformat()
            case str():
                return _text(value)
            case tuple():
                return "[" + ", ".join(self.value(one) for one in value) + "]"
            case Record():
                held = ", ".join(f"{name} = {self.value(one)}" for name, one in self._held(value, frozenset()))
                return f"{{ {held} }}"
        raise TypeError(f"a procedure file can't hold {type(value).__name__}")


def _is_table(value: Any) -> bool:
    if isinstance(value, tuple):
        return bool(value) and isinstance(value[0], Record) and not isinstance(value[0], _INLINE)
    return isinstance(value, Record) and not isinstance(value, _INLINE)


def _text(words: str) -> str:
    return '"' + "".join(_sign(sign) for sign in words) + '"'


def _sign(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    number = ord(sign)
    if number < 0x20 or number == 0x7F:
        return f"\\u{number:04x}"
    return sign
