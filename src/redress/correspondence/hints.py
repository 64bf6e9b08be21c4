"""Which words in a message should make somebody look, and why?

The words are data (``words/hints.toml``). They group and mark; they never decide: a person reads the message, and the
words that were found are shown.

Example: ``dangers("The boiler went off and my baby is eight days old")`` is
``("no heating or water: boiler went off", "newborn or very ill: days old")``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from redress.plumbing import text

LOOK_AT = 60_000


@dataclass(frozen=True)
class Hint:
    """A hint in the queue: its words, how it is drawn, and why it stands there."""

    label: str
    tone: str
    why: str = ""
    href: str = ""


@dataclass(frozen=True)
class Rule:
    """Words that mean one thing."""

    label: str
    tone: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def dangers(written: str) -> tuple[str, ...]:
    """Find the words that may mean danger, each with what it may mean, once."""
    seen = _searched(written)
    return tuple(f"{rule.label}: {found[0]}" for rule in _rules("danger") if (found := rule.pattern.search(seen)))


def hints(written: str) -> tuple[Hint, ...]:
    """Find what else a message may hold: an FOI question, a hazard report, a compliment."""
    seen = _searched(written)
    told = []
    for rule in (*_rules("hint"), *_rules("compliment")):
        found = rule.pattern.search(seen)
        if found and not (rule.unless is not None and rule.unless.search(seen)):
            told.append(Hint(rule.label, rule.tone, f"“{found[0]}”"))
    return tuple(told)


def dissatisfaction(written: str) -> str:
    """Give the first words that express dissatisfaction, "" when none is found; finding none proves nothing."""
    found = _rules("dissatisfaction")[0].pattern.search(_searched(written))
    return found[0] if found else ""


def is_member(address: str, name: str = "") -> bool:
    """Say whether a sender looks like a councillor or a Member of Parliament."""
    low = address.casefold()
    marks: list[str] = _data()["senders"]["members"]
    by_address = any(low.startswith(mark) or (mark.startswith("@") and mark in low) for mark in marks)
    return by_address or bool(re.match(r"(?:cllr|councillor)\b", text.fold(name)))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("redress.correspondence").joinpath("words/hints.toml").read_text("utf-8"))


@cache
def _rules(name: str) -> tuple[Rule, ...]:
    data = _data()[name]
    return tuple(
        Rule(
            label=one.get("label", name),
            tone=one.get("tone", "crit"),
            pattern=_pattern(one["words"]),
            unless=_pattern(one["unless"]) if one.get("unless") else None,
        )
        for one in (data if isinstance(data, list) else [data])
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Make one pattern of whole words; a star is any ending, or any one word where it stands alone."""
    return re.compile(r"(?<!\w)(?:" + "|".join(_one(word) for word in words) + r")(?!\w)")


def _one(word: str) -> str:
    pieces = [r"\w+" if piece == "*" else re.escape(piece).replace(r"\*", r"\w*") for piece in text.fold(word).split()]
    return r"\s+".join(pieces)


def _searched(written: str) -> str:
    return text.fold(written[:LOOK_AT])
