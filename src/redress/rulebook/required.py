"""What a letter has to say before it may be sent.

Example: `missing_parts(edition, "stage-1-response", {"decision": "Upheld"})` lists the six that are not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from redress.rulebook import dates
from redress.rulebook.editions import Edition, Part


def parts(edition: Edition, letter: str) -> tuple[Part, ...]:
    """List what a letter has to hold, in order, good practice included. KeyError for a letter the edition has not."""
    return edition.letter(letter).parts


def missing_parts(
    edition: Edition, letter: str, facts: Mapping[str, object], *, good_practice: bool = False
) -> list[Part]:
    """List the parts that a letter demands and that are not there: without them it can't be sent.

    `facts` maps a part's key to its text, or to anything that is true when the part is there. Text of nothing but
    spaces is not there. `good_practice` adds what the Code does not demand. KeyError for an unknown letter.
    """
    return [
        part
        for part in parts(edition, letter)
        if (good_practice or part.force != "good-practice") and not _is_there(facts.get(part.key))
    ]


def sentence(missing: list[Part]) -> str:
    """Say what is missing: "Two parts are missing: the decision and how to take it further.", or nothing."""
    if not missing:
        return ""
    labels = dates.joined(part.label[0].lower() + part.label[1:] for part in missing)
    return f"A part is missing: {labels}." if len(missing) == 1 else f"{len(missing)} parts are missing: {labels}."


def to_check(edition: Edition, letter: str) -> list[str]:
    """List the titles of the texts in a letter that nobody has compared with the official wording yet."""
    blocks = [edition.block(part.block) for part in parts(edition, letter) if part.block is not None]
    return [block.title for block in blocks if block.mark == "check"]


def _is_there(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
