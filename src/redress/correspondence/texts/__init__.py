"""What does each letter say as it is shipped, and which fields may its text use?

The texts stand in ``letters.toml`` beside this file; a council's own published version takes the place of one.

Example: ``shipped("extension").heading`` is ``"Your complaint {{ reference }}: we need more time"``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

FIELDS: dict[str, str] = {
    "person": "The person's name",
    "reference": "The reference of the case",
    "received_on": "The date of receipt",
    "matter": "What it is about",
    "outcome_sought": "What the person wants to happen",
    "holder": "Who will answer",
    "holder_title": "The job of who will answer",
    "council": "The council's name",
    "council_telephone": "The council's telephone number",
    "council_email": "The council's e-mail address",
    "answer_by": "The date by which we will answer",
    "answer_by_why": "By when we will answer, and how that is worked out",
    "old_date": "The date that we gave before",
    "new_date": "The new date",
    "within_code": "Whether the new date is within what the procedure allows",
    "reason": "The reason",
    "ground": "The ground for refusing",
    "discretion": "What was thought about before refusing",
    "stage_name": "The stage",
    "asked_on": "The date on which the next stage was asked for",
    "disputed": "What the person is not satisfied with",
    "today": "Today's date",
    "link": "The link to follow the case",
    "link_until": "The last day on which the link works",
    "promise": "What was promised",
    "alternative": "What will be done instead",
}
"""The closed list of fields that a letter's text may use, each with its label."""

PLACES: dict[str, str] = {
    "points": "where the numbered points stand",
    "more": "where what the officer writes stands",
    "further": "where the locked parts stand: the next stage, the Ombudsman",
}
"""Places for whole parts of a letter: a paragraph of a text that is nothing but one of these."""

MUST_USE: dict[str, tuple[str, ...]] = {
    "acknowledgement": ("points", "answer_by_why"),
    "stage-2-acknowledgement": ("points", "answer_by_why"),
    "service-request": ("reason",),
    "refusal": ("reason", "ground", "discretion"),
    "escalation-refusal": ("reason",),
    "extension": ("new_date", "reason"),
    "holding": ("more",),
    "stage-1-response": ("more",),
    "stage-2-response": ("more",),
    "portal-link": ("link",),
    "replaced-remedy": ("promise", "reason", "alternative"),
    "other": ("more",),
}
"""What a council's own version may not leave out, by text."""

ABOUT_THE_PERSON = frozenset(
    {
        "person",
        "matter",
        "outcome_sought",
        "disputed",
        "points",
        "more",
        "reason",
        "ground",
        "discretion",
        "promise",
        "alternative",
    }
)
"""Fields and places that say something about the person: never in a letter to somebody without authority."""

NEUTRAL = frozenset({"neutral-acknowledgement", "authority-request"})
"""The only texts that may go to a representative who holds no authority."""


@dataclass(frozen=True)
class Text:
    """The text of a letter: its key, what the office calls it, the heading and the body."""

    key: str
    title: str
    heading: str
    body: str
    version: str


@cache
def _every() -> dict[str, Text]:
    raw = tomllib.loads(resources.files(__package__).joinpath("letters.toml").read_text(encoding="utf-8"))
    return {
        key: Text(key=key, title=one["title"], heading=one["heading"], body=one["body"].strip(), version="shipped")
        for key, one in raw.items()
    }


def every() -> dict[str, Text]:
    """Give every shipped text by its key."""
    return dict(_every())


def keys() -> tuple[str, ...]:
    """List the texts that there are, in the order in which they are shown."""
    return tuple(_every())


def shipped(key: str) -> Text:
    """Give the shipped text; ``KeyError`` for one that doesn't exist."""
    return _every()[key]
