"""What does a saved Outlook message (.msg) say?

The file is opened by python-oxmsg in a child process with limits, because the format lets a small file claim a
large content, and comes back as an ordinary MIME message that the one reader reads like any other.

Example: ``open_message(raw).mime`` begins with the message's own header lines.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from redress.plumbing import limited

_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # every OLE file begins so: also old Word and Excel files
_CHILD = Path(__file__).parent.parent / "children" / "open_outlook.py"
SIZE_LIMIT = 100 * 1024 * 1024
SECONDS = 30.0
MEMORY_MB = 1_500


class CannotOpen(Exception):
    """The file looks like an Outlook message and can't be opened as one."""

    def __init__(self, why: str) -> None:
        self.sentence = f"This Outlook file can't be opened: {why} It is kept."
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Opened:
    """The message as MIME, and what was missing or wrong in the file."""

    mime: bytes
    faults: tuple[str, ...]


def is_outlook(raw: bytes) -> bool:
    """Say whether these bytes are of the kind of file that Outlook saves."""
    return raw.startswith(_MARK)


def open_message(raw: bytes) -> Opened:
    """Open a .msg file; refuses with CannotOpen when it is damaged, too large, or another kind of file."""
    if len(raw) > SIZE_LIMIT:
        raise CannotOpen(f"it is larger than {SIZE_LIMIT // (1024 * 1024)} MB.")
    try:
        answer = limited.run(_CHILD, raw, seconds=SECONDS, memory_mb=MEMORY_MB)
    except limited.TooSlow as problem:
        raise CannotOpen("opening it took too long.") from problem
    except limited.Failed as problem:
        raise CannotOpen("it is damaged, or no message.") from problem
    first, _, mime = answer.partition(b"\n")
    return Opened(mime, tuple(str(fault) for fault in json.loads(first)["faults"]))
