"""May these words be stored?

What people type is cleaned at the entry of every step: a NUL character is refused by name of the field, other control
characters are left out.

Example: ``words("  The bin was missed. ", "points")`` is "The bin was missed.".
"""

from __future__ import annotations

from redress.access.refusals import Refusal
from redress.plumbing import text


class HasNulCharacter(Refusal):
    """This text holds a character that can’t be stored (a NUL character)."""

    do = "Take it out, or type the text again, and save once more."


def words(given: str, name: str = "") -> str:
    """Give text that can be stored, without white space at its ends; refuses a NUL character and names the field."""
    try:
        text.check_clean(given, field=name)
    except text.HasNul:
        raise HasNulCharacter(field=name or None) from None
    return text.clean(given).text.strip()
