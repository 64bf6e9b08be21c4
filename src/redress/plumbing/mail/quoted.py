"""Which part of a reply is new, and which only repeats what was written before?

For display alone: the new text is shown, the rest is folded away behind a button, and the whole message is always
kept. Nothing is lost by a wrong guess: the two parts put together are the text, letter for letter.

Example: ``split("Thank you.\\n\\n> Dear Ms Patel").new`` is ``"Thank you."``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mailparser_reply import EmailMessage

# The library's patterns are not meant for hostile text, so they see only the beginning, and only short lines of it.
LOOK_AT = 20_000
LONGEST_LINE = 500

_QUOTED_LINE = re.compile(r"^[ \t]*>", re.MULTILINE)
_OWN_MARKS = re.compile(
    r"^[ \t]*(?:-{3,}[ \t]*(?:Original [Mm]essage|Forwarded [Mm]essage|Ursprüngliche Nachricht)[ \t]*-{3,}"
    r"|Begin forwarded message:|_{5,}[ \t]*\n(?:From|Von|De):)",
    re.MULTILINE,
)
_LANGUAGES = ["en", "de", "fr", "es", "pl", "it"]


class Split(NamedTuple):
    """The two parts of a text; ``new + quoted`` is the text itself."""

    new: str
    quoted: str


def split(text: str) -> Split:
    """Cut a reply where the repeated part begins; a text that is all repeated (a forward) is left whole."""
    at = min(_first_header(text), _first_own_mark(text), _trailing_quotes(text))
    while at > 0 and text[at - 1] in " \t\n":
        at -= 1
    if not text[:at].strip():
        return Split(text, "")
    return Split(text[:at], text[at:])


def _first_header(text: str) -> int:
    """Find where a mail program wrote "On Monday, X wrote:" or a block of From, Sent and To."""
    seen = text[:LOOK_AT]
    if any(len(line) > LONGEST_LINE for line in seen.split("\n")):
        return len(text)
    # The library strips every line, so what it finds is looked for again with any white space around line ends.
    replies = EmailMessage(text=seen, languages=list(_LANGUAGES)).HEADER_REGEX.search(
        "\n".join(line.strip() for line in seen.split("\n"))
    )
    if replies is None or not replies[0].strip():
        return len(text)
    words = re.split(r"\s+", replies[0].strip())[:40]
    found = re.search(r"\s+".join(re.escape(word) for word in words), seen)
    return found.start() if found else len(text)


def _first_own_mark(text: str) -> int:
    found = _OWN_MARKS.search(text[:LOOK_AT])
    return found.start() if found else len(text)


def _trailing_quotes(text: str) -> int:
    """Find the run of quoted lines that ends the text; quotes with answers between them stay."""
    at, end = len(text), len(text)
    for line in reversed(text.split("\n")):
        start = end - len(line)
        if _QUOTED_LINE.match(line):
            at = start
        elif line.strip():
            break
        end = start - 1
    return at
