"""What does a council bring of its own to `redress deadline`: closures, editions, settings?

Example::

    read("closures.txt", ["own.toml"], ["literal_response_start"])

A file of closures holds a date a line, with a name behind it where there is one: `2026-12-29 Closed after Christmas`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from redress.rulebook import procedures
from redress.rulebook.answers import Own
from redress.rulebook.editions import Edition
from redress.rulebook.questions import Refused, day
from redress.rulebook.settings import DEFAULTS, SETTINGS

SWITCHES = tuple(name for name in SETTINGS if isinstance(getattr(DEFAULTS, name), bool))
"""The settings of a council that are on or off and move dates."""

SWITCH_HELP = "a setting of the council that is on: " + ", ".join(SWITCHES)

LONGEST_FILE = 400_000
MOST_CLOSURES = 5_000
NO_NAME = "Council closed"


class NotReadable(ValueError):
    """A council's own file can't be read, or may not stand; the sentence says why, with the authority."""


def read(closures: str | None, editions: Sequence[str], settings: Sequence[str]) -> Own:
    """Read what a council brings. Raises NotReadable."""
    days = closed_days(_text(closures), closures) if closures is not None else {}
    held: dict[str, tuple[Edition, ...]] = {}
    for file in editions:
        for one in edition_file(_text(file), file):
            held[one.procedure] = (*held.get(one.procedure, ()), one)
    chosen = replace(DEFAULTS, **dict.fromkeys(settings, True))
    if days:
        chosen = replace(chosen, closures_are_not_working=True)
    return Own(editions=held, closures=days, settings=chosen)


def closed_days(text: str, file: str) -> dict[date, str]:
    """Read a list of closures: a date a line, and its name. Lines that are empty or begin with # are passed over."""
    found: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        head, name = said[:10], said[10:].strip(" \t,;")
        try:
            found[day(head, "it")] = "".join(sign for sign in name if sign.isprintable())[:120] or NO_NAME
        except Refused:
            raise NotReadable(
                f"{file}, line {number}: a closure is a date and a name, such as 2026-12-29 Closed after Christmas"
            ) from None
        if len(found) > MOST_CLOSURES:
            raise NotReadable(f"{file} names more than {MOST_CLOSURES:,} days")
    return found


def edition_file(text: str, file: str) -> tuple[Edition, ...]:
    """Read a file with editions: a council's own, which is held to what it may choose, or a draft of new rules.

    Raises NotReadable; where something may not be chosen, with the authority that fixes it.
    """
    from redress.rulebook import local

    try:
        held = procedures.parse(text)
    except RecursionError:
        raise NotReadable(f"{file} is nested deeper than any procedure is") from None
    except (ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise NotReadable(f"{file} is no procedure file: {_shortly(wrong)}") from None
    if all(one.local_to is None for one in held):
        return held
    first = held[0]
    if first.local_to is None or len(held) > 1:
        raise NotReadable(f"{file} holds several editions; a file with a council's own holds that one only")
    try:
        return (local.read(text, council=first.local_to, name=_name(first)),)
    except local.NotAllowed as refused:
        raise NotReadable(f"{file} may not stand: {_joined(str(one) for one in refused.problems)}") from None


def _name(edition: Edition) -> str:
    """Give the name of the council as its own edition writes it."""
    from redress.rulebook import local

    own = next((one for one in edition.documents if one.key == local.DOCUMENT), None)
    return own.short.partition("’s own edition of ")[0] if own is not None else edition.local_to or ""


def _text(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            held = opened.read(LONGEST_FILE + 1)
        if len(held) > LONGEST_FILE:
            raise NotReadable(f"{file} is longer than {LONGEST_FILE:,} bytes")
        return held.decode("utf-8-sig")
    except OSError as trouble:
        raise NotReadable(f"{file} can't be read: {trouble.strerror}") from None
    except UnicodeDecodeError:
        raise NotReadable(f"{file} can't be read: it is not text in UTF-8") from None


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentences).rstrip(".")


def _shortly(wrong: Exception) -> str:
    said = " ".join(str(wrong).split())
    return said[:400].rstrip(".")
