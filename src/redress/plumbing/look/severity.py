"""How is each severity said and drawn: its words, its meaning, its shape?

The rulebook works the severity out; this only knows how it looks (design, section 3.1). Colour comes last.
Example: ``face("soon").title == "Due soon"``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """A severity as it is shown: code (also its style class ``sev-<code>``), title, meaning, shape."""

    code: str
    title: str
    meaning: str
    shape: str


_RING = '<circle cx="6.5" cy="6.5" r="5.5" fill="none" stroke="currentColor" stroke-width="2"/>'
_FACES = (
    Face(
        "crit",
        "Critically overdue",
        "more than 5 working days late, or past an extension",
        '<path d="M4 0h5l4 4v5l-4 4H4L0 9V4z" fill="currentColor"/>'
        '<path d="M6.5 3v4.2M6.5 9v1.4" stroke="#fff" stroke-width="1.8"/>',
    ),
    Face("late", "Overdue", "1 to 5 working days late", '<path d="M6.5.5 13 12.5H0z" fill="currentColor"/>'),
    Face(
        "soon",
        "Due soon",
        "today or in the next 2 working days",
        _RING + '<path d="M6.5 1a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>',
    ),
    Face("ok", "Not due yet", "", _RING),
    Face(
        "wait",
        "Waiting for others",
        "the next step is somebody else\N{RIGHT SINGLE QUOTATION MARK}s, and it is not due soon",
        '<path d="M3.5 1v11M9.5 1v11" stroke="currentColor" stroke-width="3"/>',
    ),
    Face(
        "new",
        "Not started",
        "held, and nothing recorded since",
        '<circle cx="6.5" cy="6.5" r="5.5" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-dasharray="1.8 1.9"/>',
    ),
    Face("done", "Done", "", '<path d="M1 7l4 4 7-9" fill="none" stroke="currentColor" stroke-width="2.4"/>'),
)
FACES: dict[str, Face] = {one.code: one for one in _FACES}
ORDER: tuple[str, ...] = tuple(FACES)
_STATES = {
    "running": "ok",
    "paused": "wait",
    "met": "done",
    "late": "late",
    "missed": "late",
    "unclear": "soon",
    "not-started": "new",
}


def face(code: str) -> Face:
    """Give how a severity looks; an unknown one looks like "Not due yet" rather than failing a page."""
    return FACES.get(code, FACES["ok"])


def of_state(state: str) -> str:
    """Give the severity code that a clock's state is painted with when nobody worked out a nearer one."""
    return _STATES.get(state, "ok")
