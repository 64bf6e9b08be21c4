"""In which places does an edition differ from the one that it is based on, and by which authority does each stand?

Example: `[one.said for one in differences(given, base)]` holds "“calendar-days” instead of “working-days”".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from redress.rulebook.editions import Authority, Edition, Record, SignOff


@dataclass(frozen=True)
class Difference:
    """A place in which an edition differs from the one that it is based on."""

    place: tuple[str, ...]
    said: str
    authority: Authority | None


def sign_place(rule: SignOff) -> str:
    """Name a place of the list of who signs: "stage-1.stage-1-response"."""
    return f"{rule.stage}.{rule.letter}"


def differences(given: Edition, base: Edition) -> Iterator[Difference]:
    """Walk two editions side by side and give every place in which they differ, with the nearest authority."""
    yield from _walk(given, base, (), None)


def _walk(given: Record, base: Record, place: tuple[str, ...], authority: Authority | None) -> Iterator[Difference]:
    """Walk two records side by side and give every place in which they differ, with the nearest authority."""
    found = getattr(base, "authority", None)
    nearest = found if isinstance(found, Authority) else authority
    for one in type(base).model_fields:
        yield from _difference(getattr(given, one), getattr(base, one), (*place, one), nearest)


def _difference(given: Any, base: Any, place: tuple[str, ...], authority: Authority | None) -> Iterator[Difference]:
    if given == base:
        return
    if isinstance(given, Record) and isinstance(base, Record) and type(given) is type(base):
        yield from _walk(given, base, place, authority)
    elif isinstance(given, tuple) and isinstance(base, tuple) and _keyed(given) and _keyed(base):
        yield from _difference_of_lists(given, base, place, authority)
    else:
        yield Difference(place, f"{_said(given)} instead of {_said(base)}", authority)


def _difference_of_lists(
    given: tuple[Any, ...], base: tuple[Any, ...], place: tuple[str, ...], authority: Authority | None
) -> Iterator[Difference]:
    theirs, ours = {key_of(one): one for one in given}, {key_of(one): one for one in base}
    for key, one in ours.items():
        if key not in theirs:
            found = getattr(one, "authority", None) or authority
            yield Difference((*place, key), "is left out", found)
        else:
            yield from _difference(theirs[key], one, (*place, key), authority)
    yield from (Difference((*place, key), "is added", authority) for key in theirs if key not in ours)
    in_order = [key for key in theirs if key in ours]
    if in_order != [key for key in ours if key in theirs]:
        yield Difference(place, "stand in another order", authority)


def _keyed(things: tuple[Any, ...]) -> bool:
    keys = [key_of(one) for one in things if isinstance(one, Record)]
    return len(keys) == len(things) and len(set(keys)) == len(keys)


def key_of(thing: Any) -> str:
    """Give what tells a thing of a list from the others."""
    if isinstance(thing, SignOff):
        return sign_place(thing)
    return next((str(getattr(thing, one)) for one in ("key", "name", "kind", "title") if hasattr(thing, one)), "")


def _said(value: Any) -> str:
    if value is None or value == () or value == "":
        return "nothing"
    if isinstance(value, Record):
        return f"“{short(key_of(value) or type(value).__name__)}”"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{short(str(value))}”" if isinstance(value, str) else short(str(value))


def short(words: str) -> str:
    """Shorten what a person gave as a name, so that a sentence about it stays a sentence."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in str(words))
    return shown if len(shown) <= 60 else shown[:57] + "…"
