"""Which correspondent on which case does this reply belong to?

Every message that we send carries a random *reply token*, one for each correspondent and case: in the address for
replies (``complaints+r-TOKEN@council``) and in our own Message-ID (``<r-TOKEN.RANDOM@host>``), which mail programs
repeat in In-Reply-To and References. A foot line repeats it for those that keep neither. The subject and the case
reference are never looked at: both can be guessed, and both join strangers' messages (they are only shown).

Example: ``candidates(parsed)`` gives the tokens found; the caller looks up which of them exist.
"""

from __future__ import annotations

import re
import secrets

from redress.plumbing.mail.message import ParsedMessage

# 31 letters without look-alikes; 27 of them make 133 bits. Mail systems may change the case, so only one is used.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 27
_TOKEN = rf"r-([{_LETTERS}]{{{LENGTH}}})"
_IN_ADDRESS = re.compile(rf"\+{_TOKEN}@", re.IGNORECASE)
_IN_ID = re.compile(rf"^<?{_TOKEN}\.", re.IGNORECASE)
_IN_FOOT = re.compile(rf"\[(?:Please keep this line: )?{_TOKEN}\]", re.IGNORECASE)

# The headers in which mail systems keep the address that a message was really sent to.
_RECIPIENT_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")


def new() -> str:
    """Make a token that nobody can guess (more than 128 bits)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def address(mailbox: str, token: str) -> str:
    """Put a token into the address for replies; a mailbox that has a plus part already keeps only ours."""
    local, at, host = base(mailbox).rpartition("@")
    return f"{local}+r-{token}{at}{host}"


def base(mailbox: str) -> str:
    """Take the plus part out of an address."""
    local, at, host = mailbox.rpartition("@")
    return f"{local.partition('+')[0]}{at}{host}"


def message_id(token: str, host: str, *, unique: str = "") -> str:
    """Make a Message-ID of our own (without angle brackets) that carries the token.

    ``unique`` makes it the same each time for one letter, so that sending again is recognised.
    """
    mark = re.sub(r"[^A-Za-z0-9-]", "", unique) or secrets.token_hex(12)
    return f"r-{token}.{mark}@{re.sub(r'[^A-Za-z0-9.-]', '', host) or 'localhost'}"


def foot(token: str) -> str:
    """Write the line at the foot of a message that finds the case when all else is lost."""
    return f"[Please keep this line: r-{token}]"


def in_message_id(identifier: str) -> str:
    """Find the token in a Message-ID that we made, "" in others."""
    match = _IN_ID.match(identifier.strip())
    return match[1].casefold() if match else ""


def candidates(parsed: ParsedMessage) -> tuple[str, ...]:
    """Find the tokens in a message, the surest first: where it was sent, what it answers, its foot.

    Each is only a claim until the caller finds it among its own: anyone can write letters into an address.
    """
    found: list[str] = []
    for name in _RECIPIENT_HEADERS:
        for value in parsed.all_headers(name):
            found.extend(_IN_ADDRESS.findall(value))
    # The last reference is the nearest: a conversation may have been carried from one case to another.
    found.extend(in_message_id(identifier) for identifier in (parsed.in_reply_to, *reversed(parsed.references)))
    if not any(found):
        found.extend(_IN_FOOT.findall(parsed.text))
    return tuple(dict.fromkeys(one.casefold() for one in found if one))
