"""What is known of one e-mail once it has been read?

Plain frozen values, free of Django, that the rest of Redress works with. Every text in them can be
stored as it is: no NUL character and no lone surrogate is left in it.

Example: ``parse(raw).identity.key`` is the same for two copies of one message.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple


class Address(NamedTuple):
    """One person or mailbox in an address header; ``address`` may be empty, never ``None``."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that came with a message.

    ``name`` is safe to show (no folder, no control or direction-changing characters) and never
    empty; ``name_as_written`` is what the sender gave. ``content_type`` is only what the sender
    said it is. When ``too_large``, ``data`` is empty and the file is in the original alone.
    """

    name: str
    name_as_written: str
    content_type: str
    data: bytes
    inline: bool
    content_id: str
    size: int
    sha256: str
    too_large: bool = False


class Identity(NamedTuple):
    """What makes two receipts one message: all four agree."""

    message_id: str
    sender: str
    date: str
    digest: str

    @property
    def key(self) -> str:
        """Give one text (SHA-256 hex) for a unique column.

        Without a Message-ID the digest stands for it; sender and date still count, so that two people who write
        the same few words are never made one.
        """
        return hashlib.sha256("\x1f".join(self).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """One e-mail as it can be read; ``kind`` is "unreadable" where the bytes are no message.

    ``text`` is the best plain text and never holds remote content; ``html_original`` says that it
    was made from HTML. ``headers`` are all header lines, decoded, in their order. ``faults`` are
    sentences for staff about what was wrong with the message. ``delivery_reports`` and
    ``returned_headers`` are the machine-readable parts of a bounce.
    """

    kind: Literal["message", "unreadable"]
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    from_name: str
    from_address: str
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    date_as_written: str
    text: str
    html_original: bool
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    digest: str
    size: int
    content_type: str = "text/plain"
    delivery_reports: tuple[str, ...] = ()
    returned_headers: str = ""

    @property
    def identity(self) -> Identity:
        """Give what two copies of this message share: Message-ID, sender, date and digest."""
        date = (
            self.date.astimezone(UTC).isoformat() if self.date is not None else " ".join(self.date_as_written.split())
        )
        return Identity(self.message_id, self.from_address.casefold(), date, self.digest)

    def header(self, name: str) -> str:
        """Give the first header of that name, decoded, or an empty text."""
        return next(iter(self.all_headers(name)), "")

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Give every header of that name, decoded, in order."""
        wanted = name.casefold()
        return tuple(value for key, value in self.headers if key.casefold() == wanted)
