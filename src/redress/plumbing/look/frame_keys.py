"""Which key does a form carry, so that a double click does one thing?

A page that is shown again after a refusal keeps its key, so that pressing twice is still one thing; a key that no page
of ours made is replaced, so that the person isn't stuck with it.

Example: ``kept("4f1c…")`` is the same key, ``kept("")`` a fresh one.
"""

from __future__ import annotations

import re
from uuid import uuid4

_OURS = re.compile(r"[0-9A-Za-z._:-]{1,120}")


def kept(given: str) -> str:
    """Give the key that came with a form, or a fresh one."""
    return given if _OURS.fullmatch(given) else uuid4().hex
