"""Which bytes does the hash of an entry cover?

One fixed form for each version, every field with its length before it, so that no two entries can have the same bytes.
The form is written down in ``docs/explanation/trail.md``; a released version never changes::

    link = Link(stream="case:12", seq=1, prev=GENESIS, …)
    link.hash()      # 32 bytes
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

VERSION = 1
GENESIS = bytes(32)
"""What the first entry of a stream has for its predecessor."""

NO_DETAIL = b""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Link:
    """The fields of one entry that its hash covers."""

    id: UUID
    stream: str
    seq: int
    prev: bytes
    kind: str
    at: datetime
    by_kind: str
    by_id: int | None
    by_name: str
    step: str
    ids: str
    digest: bytes
    version: int = VERSION

    def form(self, *, seq: int | None = None) -> bytes:
        """Return the canonical bytes, as if the entry stood at ``seq`` where one is given."""
        if self.version != 1:
            raise ValueError(f"The trail has no byte form {self.version}.")
        return framed(
            b"redress trail entry",
            number(self.version),
            self.id.bytes,
            self.stream.encode(),
            number(self.seq if seq is None else seq),
            self.prev,
            self.kind.encode(),
            number(microseconds(self.at)),
            self.by_kind.encode(),
            b"" if self.by_id is None else number(self.by_id),
            self.by_name.encode(),
            self.step.encode(),
            self.ids.encode(),
            self.digest,
        )

    def hash(self, *, seq: int | None = None) -> bytes:
        """Return the SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.form(seq=seq)).digest()


def framed(*fields: bytes) -> bytes:
    """Join fields, each after its length as four bytes, big-endian."""
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def number(value: int) -> bytes:
    """Return a whole number as eight bytes, big-endian, signed."""
    return struct.pack(">q", value)


def microseconds(at: datetime) -> int:
    """Return the whole microseconds in UTC since 1 January 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def detail_digest(salt: bytes, body: str) -> bytes:
    """Return the SHA-256 over the salt and the canonical text of a detail."""
    return hashlib.sha256(framed(b"redress trail detail", salt, body.encode())).digest()


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, no fractions in binary.

    Raises ``ValueError`` for a NUL or half a surrogate pair, ``TypeError`` for a float or what JSON has no word for.
    """
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Return a value in the words that JSON and PostgreSQL both keep exactly."""
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int():
            return value
        case str():
            if "\x00" in value:
                raise ValueError("The trail can't hold a NUL character.")
            value.encode()
            return value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | UUID() | Decimal():
            return str(value)
        case Mapping():
            return {_word(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [plain(item) for item in items]
        case _:
            raise TypeError(f"The trail can't hold a {type(value).__name__}: write it as text or as a whole number.")


def _word(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("The names in a detail are text.")
    return str(plain(key))


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the leaves in the order given; 32 zero bytes over none.

    Leaves and nodes are hashed with different first bytes, so that a node can't pass for a leaf; an odd one at the end
    of a row goes up as it is.
    """
    row = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    if not row:
        return GENESIS
    while len(row) > 1:
        paired = [hashlib.sha256(_NODE + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)]
        row = paired + row[len(paired) * 2 :]
    return row[0]


def head_leaf(stream: str, seq: int, digest: bytes) -> bytes:
    """Return the bytes that stand for one chain's head in a seal."""
    return framed(stream.encode(), number(seq), digest)


def heads_root(heads: Sequence[tuple[str, int, bytes]]) -> bytes:
    """Return the Merkle root of the heads that a seal covers, in the order in which they are listed."""
    return merkle_root(head_leaf(*head) for head in heads)
