"""What does this file say, and how many pages has it? Read in a limited child process, never in the server.

>>> text_of(b"The bins were missed.", "text/plain").text                # doctest: +SKIP
'The bins were missed.'
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from redress.plumbing import limited, text

_SCRIPT = Path(__file__).parent / "children" / "read_text.py"


@dataclass(frozen=True)
class Extract:
    """The words of a file. ``pages``: of a PDF, else None. ``reason``: why there are none, or not all; "" when well."""

    text: str
    pages: int | None
    reason: str


def text_of(data: bytes, content_type: str, *, seconds: float = 20.0, memory_mb: int = 1024) -> Extract:
    """Read the words of a PDF, Word file, e-mail or plain text; never raises for what a file does to its reader.

    ``seconds`` and ``memory_mb`` limit the child process. NUL and control characters are taken out of the words.
    """
    return _read(data, content_type, words=True, seconds=seconds, memory_mb=memory_mb)


def page_count(data: bytes, *, seconds: float = 10.0) -> int | None:
    """Count the pages of a PDF; None when it can't be read."""
    return _read(data, "application/pdf", words=False, seconds=seconds, memory_mb=1024).pages


def _read(data: bytes, content_type: str, *, words: bool, seconds: float, memory_mb: int) -> Extract:
    order = json.dumps({"content_type": content_type, "text": words}).encode() + b"\n"
    try:
        answer = json.loads(limited.run(_SCRIPT, order + data, seconds=seconds, memory_mb=memory_mb))
    except limited.TooSlow:
        return Extract("", None, f"Reading this file took longer than {seconds:g} seconds, so it was stopped.")
    except (limited.Failed, json.JSONDecodeError):
        return Extract("", None, "This file can't be read: it may be damaged, or need too much memory to open.")
    return Extract(text.clean(answer["text"]).text, answer["pages"], answer["reason"])
