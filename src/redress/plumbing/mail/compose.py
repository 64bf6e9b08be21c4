"""How does a letter of ours become an e-mail that nobody can write headers into?

Example: ``compose(sender=Address("Northmere Council", "complaints@northmere.example"), to=[…], …).raw``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from redress.plumbing import text as plain
from redress.plumbing.mail import tokens
from redress.plumbing.mail.message import Address
from redress.plumbing.mail.parse import safe_name

# Lines of headers are folded, so only absurd values are refused.
LONGEST_SUBJECT = 500
LONGEST_NAME = 200

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")


class CannotAddress(ValueError):
    """An address or a header value can't stand in a message."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to send with a message."""

    name: str
    data: bytes
    content_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready for a carrier: its bytes, our identifier (without angle brackets) and who gets it."""

    raw: bytes
    message_id: str
    sender: str
    recipients: tuple[str, ...]


def compose(
    *,
    sender: Address,
    to: Sequence[Address],
    subject: str,
    text: str,
    message_id: str,
    at: datetime,
    cc: Sequence[Address] = (),
    reply_token: str = "",
    enclosures: Sequence[Enclosure] = (),
    in_reply_to: str = "",
    references: Sequence[str] = (),
    automatic: bool = False,
) -> Composed:
    """Build one message; raises CannotAddress for an address that no server would take.

    With ``reply_token`` answers go to the plus address and a foot line repeats the token. ``automatic`` adds
    "Auto-Submitted: auto-replied" (RFC 3834), so that no machine answers a machine. Line breaks in names and in the
    subject become spaces: nobody's name can add a header.
    """
    if at.tzinfo is None:
        raise ValueError("The moment of sending needs a time zone.")
    if not to:
        raise CannotAddress("A message needs somebody to go to.")
    answers_to = Address(sender.name, tokens.address(sender.address, reply_token)) if reply_token else None
    head = [
        ("From", _written(sender)),
        ("To", _people(to)),
        ("Cc", _people(cc)),
        ("Subject", _folded(plain.shorten(plain.without_turning(subject), LONGEST_SUBJECT) or "(no subject)")),
        ("Date", format_datetime(at)),
        ("Message-ID", _identifier(message_id)),
        ("Reply-To", _written(answers_to) if answers_to else ""),
        ("In-Reply-To", _identifier(in_reply_to) if in_reply_to else ""),
        ("References", _references(references, in_reply_to)),
    ]
    if automatic:
        head.append(("Auto-Submitted", "auto-replied" if in_reply_to else "auto-generated"))
        head.append(("X-Auto-Response-Suppress", "All"))
    written = "".join(f"{name}: {value}\r\n" for name, value in head if value)
    people = tuple(dict.fromkeys(_address(one.address) for one in (*to, *cc)))
    raw = written.encode("ascii") + _body(text, reply_token, enclosures)
    return Composed(raw, message_id, _address(sender.address), people)


def _body(text: str, reply_token: str, enclosures: Sequence[Enclosure]) -> bytes:
    body = EmailMessage(policy=policy.SMTP)
    lines = plain.clean(text).text.rstrip("\n") + "\n"
    if reply_token:
        lines += f"\n{tokens.foot(reply_token)}\n"
    body.set_content(lines, charset="utf-8", cte="quoted-printable")
    for enclosure in enclosures:
        _enclose(body, enclosure)
    return body.as_bytes()


def _people(people: Sequence[Address]) -> str:
    return ",\r\n ".join(_written(one) for one in people)


def _written(who: Address) -> str:
    """Write one person for an address header: an encoded or quoted name, and an address that can't be more."""
    address = _address(who.address)
    name = plain.shorten(plain.without_turning(who.name), LONGEST_NAME)
    if not name:
        return address
    if name.isascii() and "=?" not in name and len(name) <= 60:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"\r\n <{address}>'
    return f"{_words(name)}\r\n <{address}>"


def _address(address: str) -> str:
    """Give an address as servers take it (a domain with accents in its ASCII form); raises CannotAddress."""
    local, _, host = address.strip().rpartition("@")
    try:
        plain_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        plain_host = ""
    found = f"{local}@{plain_host}"
    if not _ADDRESS.fullmatch(found) or len(found) > 254:
        raise CannotAddress(f"“{plain.shorten(address, 80)}” is not an e-mail address that a message can be sent to.")
    return found


def _folded(text: str) -> str:
    """Write a line of text: as it is when plain and short, else as encoded words."""
    return text if text.isascii() and "=?" not in text and len(text) <= 60 else _words(text)


def _words(text: str) -> str:
    """Write text as RFC 2047 words of at most 75 characters, no letter cut between two.

    Made here because the standard library (3.11) loses the quotes around long names with commas when it folds them.
    """
    words: list[str] = []
    chunk = b""
    for letter in text:
        encoded = letter.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > 45:
            words.append(base64.b64encode(chunk).decode("ascii"))
            chunk = b""
        chunk += encoded
    words.append(base64.b64encode(chunk).decode("ascii"))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _references(references: Sequence[str], in_reply_to: str) -> str:
    chain = [*references, *([in_reply_to] if in_reply_to else [])]
    kept = list(dict.fromkeys(one for one in chain if _MESSAGE_ID.fullmatch(one)))
    # The first and the last ones are enough for every mail program to draw the thread.
    return "\r\n ".join(f"<{one}>" for one in [*kept[:1], *kept[1:][-15:]])


def _identifier(identifier: str) -> str:
    if not _MESSAGE_ID.fullmatch(identifier):
        raise CannotAddress("A message identifier holds characters that can't stand in a header.")
    return f"<{identifier}>"


def _enclose(message: EmailMessage, enclosure: Enclosure) -> None:
    if message.get_content_type() != "multipart/mixed":
        message.make_mixed()
    main, _, sub = enclosure.content_type.partition("/")
    part = EmailMessage(policy=message.policy)
    part.set_content(enclosure.data, main, sub or "octet-stream", filename=safe_name(enclosure.name))
    del part["MIME-Version"]  # said once, at the top
    message.attach(part)
