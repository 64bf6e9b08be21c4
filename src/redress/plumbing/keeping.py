"""For each column: is it about a person, how long is it kept, and what becomes of it then?

Every record folder says so in its ``retention.py``, in lines that can be read aloud::

    FIELDS = fields(
        personal("Contact", "name email telephone", after=AFTER_LAST_CASE, blank="removed"),
        kept("Contact", "id council version", after=AFTER_LAST_CASE),
    )

Nothing is disposed of here: this is the schedule that a disposal reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EMPTIED = "emptied"
"""The value becomes an empty text, list or mapping; the row stays, so that counts and chains still hold."""

REMOVED = "the row is removed"
"""The whole row goes."""

REPLACED = "replaced by “removed under disposal”"
"""The value must not be empty, so it says that something stood here."""

STAYS = "stays"
"""Nothing in it is about a person once its neighbours are blanked: a number, a date, a state."""

WAYS = (EMPTIED, REMOVED, REPLACED, STAYS)


@dataclass(frozen=True, slots=True)
class Keep:
    """What the schedule says about one column."""

    personal: bool
    after: str
    blank: str


Line = tuple[str, Keep]


def personal(model: str, names: str, *, after: str, blank: str = EMPTIED) -> Iterable[Line]:
    """Say that these columns are about a person, how long they are kept, and how they are blanked then.

    Raises ``ValueError`` for a way of blanking that there isn't, or one that blanks nothing.
    """
    if blank not in WAYS or blank == STAYS:
        raise ValueError(f"{blank!r} doesn't blank anything.")
    return [(f"{model}.{name}", Keep(True, after, blank)) for name in names.split()]


def kept(model: str, names: str, *, after: str, blank: str = STAYS) -> Iterable[Line]:
    """Say that these columns are about nobody, and how long they are kept."""
    if blank not in WAYS:
        raise ValueError(f"{blank!r} is no way of blanking.")
    return [(f"{model}.{name}", Keep(False, after, blank)) for name in names.split()]


def fields(*lines: Iterable[Line]) -> Mapping[str, Keep]:
    """Put the lines of a folder together. Raises ``ValueError`` when a column is named twice."""
    found: dict[str, Keep] = {}
    for line in lines:
        for name, keep in line:
            if name in found:
                raise ValueError(f"{name} stands in the schedule twice.")
            found[name] = keep
    return found
