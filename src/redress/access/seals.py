"""Can we prove tomorrow what the trail said today?

Every few minutes a seal takes the heads of all chains that grew, their Merkle root and the hash of the seal before it,
and signs them with a key that lies outside the database. The seal stands in the database and as a line of a file
outside it, so that whoever rewrites the database can't rewrite the proof::

    seals.seal(at=moment.now())     # the seal made, or None when nothing happened since the last one
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from redress.access import chain, seal_keys
from redress.access.seal_keys import SealKeyMissing as SealKeyMissing
from redress.access.seal_keys import fingerprint as fingerprint
from redress.access.seal_keys import key_file as key_file
from redress.access.seal_keys import signing_key as signing_key
from redress.plumbing import home

HEADS_IN_A_SEAL = 10_000
"""The most chains that one seal covers; more make several seals. It bounds the memory that a check needs."""

LOOKS_SETTLE = timedelta(hours=1)
"""How old a look must be to be sealed: every page sent by then has long had its look written."""

_LOCK = 0x5EA1_5EA1
"""The advisory lock that makes seals one at a time."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


# ----------------------------------------------------------------------------------------------------------------- keys


def seals_file() -> Path:
    """Return the file outside the database to which every seal is appended."""
    file = getattr(settings, "REDRESS_SEALS_FILE", None)
    return Path(file) if file else home.current().seals


# ---------------------------------------------------------------------------------------------------------------- seals


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal, the same whether it was read from the database or from the file."""

    number: int
    at: datetime
    entries: int
    heads: tuple[tuple[str, int, bytes], ...]
    root: bytes
    looks: int
    looks_until: datetime
    looks_digest: bytes
    prev: bytes
    key: str
    signature: bytes

    def form(self) -> bytes:
        """Return the bytes that are signed."""
        return chain.framed(
            b"redress trail seal",
            chain.number(chain.VERSION),
            chain.number(self.number),
            chain.number(chain.microseconds(self.at)),
            chain.number(self.entries),
            chain.number(len(self.heads)),
            self.root,
            chain.number(self.looks),
            chain.number(chain.microseconds(self.looks_until)),
            self.looks_digest,
            self.prev,
            self.key.encode(),
        )

    def hash(self) -> bytes:
        """Return the SHA-256 of what is signed and the signature."""
        return hashlib.sha256(chain.framed(self.form(), self.signature)).digest()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Say whether the signature is this key's, and over this seal."""
        try:
            key.verify(self.signature, self.form())
        except InvalidSignature:
            return False
        return True

    def line(self) -> str:
        """Return the seal as a line of the file, without its end."""
        return chain.canonical(
            {
                "number": self.number,
                "at": self.at,
                "entries": self.entries,
                "heads": [[stream, seq, digest.hex()] for stream, seq, digest in self.heads],
                "root": self.root.hex(),
                "looks": self.looks,
                "looks_until": self.looks_until,
                "looks_digest": self.looks_digest.hex(),
                "prev": self.prev.hex(),
                "key": self.key,
                "signature": self.signature.hex(),
            }
        )


def from_line(line: str) -> Sealed:
    """Read a seal from a line of the file. Raises ``ValueError`` for a line that isn't one."""
    try:
        words = json.loads(line)
        return Sealed(
            number=int(words["number"]),
            at=datetime.fromisoformat(words["at"]),
            entries=int(words["entries"]),
            heads=heads_from(words["heads"]),
            root=bytes.fromhex(words["root"]),
            looks=int(words["looks"]),
            looks_until=datetime.fromisoformat(words["looks_until"]),
            looks_digest=bytes.fromhex(words["looks_digest"]),
            prev=bytes.fromhex(words["prev"]),
            key=str(words["key"]),
            signature=bytes.fromhex(words["signature"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"This line is no seal: {error}.") from error


def heads_from(listed: Iterable[Iterable[Any]]) -> tuple[tuple[str, int, bytes], ...]:
    """Read the list of heads as both the database and the file hold it."""
    return tuple((str(stream), int(seq), bytes.fromhex(digest)) for stream, seq, digest in listed)


COLUMNS = "number, at, entries, heads::text, root, looks, looks_until, looks_digest, prev, key, signature"


def from_row(row: tuple[Any, ...]) -> Sealed:
    """Read a seal from the ``COLUMNS`` of its row."""
    number, at, entries, heads, root, looks, looks_until, looks_digest, prev, key, signature = row
    return Sealed(
        number,
        at,
        entries,
        heads_from(json.loads(heads)),
        bytes(root),
        looks,
        looks_until,
        bytes(looks_digest),
        bytes(prev),
        key,
        bytes(signature),
    )


def from_database(*, after: int = 0) -> Iterator[Sealed]:
    """Return the seals with a number greater than ``after``, in their order, one in memory at a time."""
    number = after
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM access_seal WHERE number > %s ORDER BY number LIMIT 1",  # noqa: S608 (fixed)
                [number],
            )
            row = cursor.fetchone()
        if row is None:
            return
        sealed = from_row(row)
        number = sealed.number
        yield sealed


# --------------------------------------------------------------------------------------------------------------- making


@contextmanager
def one_at_a_time(*, shared: bool = False) -> Iterator[None]:
    """Hold the lock under which seals are made; shared, it only keeps a seal from being made meanwhile."""
    suffix = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{suffix}(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock{suffix}(%s)", [_LOCK])


def seal(*, at: datetime) -> list[Sealed]:
    """Seal everything written to the trail since the last seal, and return the seals made: usually one, or none.

    Safe to call from several processes at once. Raises ``SealKeyMissing`` when the key is gone that made the seals
    there are.
    """
    made = []
    with one_at_a_time():
        taken_back = _take_back()
        if taken_back is not None:
            _mark_as_sealed(taken_back)
            made.append(taken_back)
        while True:
            sealed = _seal_once(at)
            if sealed is None:
                return made
            made.append(sealed)
            _mark_as_sealed(sealed)
            if len(sealed.heads) < HEADS_IN_A_SEAL:
                return made


def change_key(after: Ed25519PrivateKey, *, at: datetime) -> int:
    """Seal what there is with the present key, and let another one follow it; returns the first seal of that one.

    Nothing else may seal meanwhile: the service is stopped. Raises ``SealKeyMissing``.
    """
    seal(at=at)
    with one_at_a_time():
        last = _last_in_database()
        first = (last.number if last else 0) + 1
        before = signing_key(make=True)
        if fingerprint(before.public_key()) != fingerprint(after.public_key()):
            seal_keys.hand_over(before=before, after=after, first_seal=first, at=at)
    return first


def _take_back() -> Sealed | None:
    """Put into the database the seal that a crash left in the file only: ours, signed, and the next in number."""
    with transaction.atomic():
        last, ahead = _last_in_database(), _last_in_file()
        if ahead is None or ahead.number != (last.number if last else 0) + 1 or not _follows(ahead, last):
            return None
        _insert(ahead)
        return ahead


def _seal_once(at: datetime) -> Sealed | None:
    """Make one seal: signed, written to the file and flushed to the disk before the row commits."""
    with transaction.atomic():
        last = _last_in_database()
        heads, entries = _changed_heads()
        looks, looks_until, looks_digest = _settled_looks(last.looks_until if last else BEGINNING, at)
        if not heads and not looks:
            return None
        key = signing_key(make=last is None and not _is_written(seals_file()))
        unsigned = Sealed(
            number=(last.number if last else 0) + 1,
            at=at,
            entries=entries,
            heads=heads,
            root=chain.heads_root(heads),
            looks=looks,
            looks_until=looks_until,
            looks_digest=looks_digest,
            prev=last.hash() if last else chain.GENESIS,
            key=fingerprint(key.public_key()),
            signature=b"",
        )
        sealed = _signed(unsigned, key)
        _insert(sealed)
        _append_to_file(sealed)
        return sealed


def _signed(unsigned: Sealed, key: Ed25519PrivateKey) -> Sealed:
    return replace(unsigned, signature=key.sign(unsigned.form()))


def _follows(ahead: Sealed, last: Sealed | None) -> bool:
    """Say whether a seal that only the file has is ours and the next."""
    return ahead.prev == (last.hash() if last else chain.GENESIS) and ahead.is_signed_by(
        seal_keys.key_for(seal_keys.known(), ahead.number)
    )


def _last_in_database() -> Sealed | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM access_seal ORDER BY number DESC LIMIT 1")  # noqa: S608 (fixed)
        row = cursor.fetchone()
    return from_row(row) if row else None


def _changed_heads() -> tuple[tuple[tuple[str, int, bytes], ...], int]:
    """Return the heads that grew since they were last sealed, in the order of their names, and by how many entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, seq, hash, seq - sealed_seq FROM access_stream WHERE seq > sealed_seq ORDER BY name LIMIT %s",
            [HEADS_IN_A_SEAL],
        )
        rows = cursor.fetchall()
    return tuple((name, seq, bytes(head)) for name, seq, head, _ in rows), sum(row[3] for row in rows)


def looks_between(since: datetime, until: datetime) -> tuple[int, bytes]:
    """Return how many looks fall after ``since`` and up to ``until``, and the digest over them."""
    count, digest = 0, hashlib.sha256()
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT quarter, stream, by_kind, by_id, by_name FROM access_look WHERE quarter > %s AND quarter <= %s"
            ' ORDER BY quarter, stream COLLATE "C", by_kind COLLATE "C", by_id',
            [since, until],
        )
        for quarter, stream, by_kind, by_id, by_name in cursor:
            count += 1
            digest.update(
                chain.framed(
                    chain.number(chain.microseconds(quarter)),
                    stream.encode(),
                    by_kind.encode(),
                    chain.number(by_id),
                    by_name.encode(),
                )
            )
    return count, digest.digest()


def _settled_looks(since: datetime, at: datetime) -> tuple[int, datetime, bytes]:
    until = max(since, at - LOOKS_SETTLE)
    count, digest = looks_between(since, until)
    return count, until if count else since, digest


def _insert(sealed: Sealed) -> None:
    heads = chain.canonical([[stream, seq, digest.hex()] for stream, seq, digest in sealed.heads])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_seal (number, at, entries, heads, root, looks, looks_until, looks_digest, prev, key,"
            " signature, hash) VALUES (%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                sealed.number,
                sealed.at,
                sealed.entries,
                heads,
                sealed.root,
                sealed.looks,
                sealed.looks_until,
                sealed.looks_digest,
                sealed.prev,
                sealed.key,
                sealed.signature,
                sealed.hash(),
            ],
        )


def _mark_as_sealed(sealed: Sealed) -> None:
    """Remember how far each chain is sealed.

    A chain that a step holds at this moment is passed over, so that sealing keeps nobody waiting and waits for nobody;
    its head stands in the next seal once more, which does no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH free AS (SELECT s.name, h.seq FROM access_stream s"
            " JOIN unnest(%s::text[], %s::bigint[]) AS h(name, seq) ON h.name = s.name"
            " ORDER BY s.name FOR NO KEY UPDATE OF s SKIP LOCKED)"
            " UPDATE access_stream SET sealed_seq = free.seq FROM free"
            " WHERE access_stream.name = free.name AND access_stream.sealed_seq < free.seq",
            [[stream for stream, _, _ in sealed.heads], [seq for _, seq, _ in sealed.heads]],
        )


# ----------------------------------------------------------------------------------------------------------------- file


def lines_of(file: BinaryIO, *, size: int) -> Iterator[tuple[int, str]]:
    """Return the whole lines within the first ``size`` bytes of the file, each with its number from 1.

    A last line without an end was torn by a crash before its seal could commit, and is passed over.
    """
    place = 1
    while file.tell() < size:
        line = file.readline()
        if not line.endswith(b"\n"):
            return
        yield place, line.decode("utf-8", "replace")
        place += 1


def _last_in_file() -> Sealed | None:
    """Return the last whole seal of the file, if the file is there and has one."""
    file = seals_file()
    if not file.exists():
        return None
    with file.open("rb") as opened:
        end = _end_of_last_line(opened)
        if end == 0:
            return None
        start = _line_start(opened, end)
        opened.seek(start)
        try:
            return from_line(opened.read(end - start).decode("utf-8", "replace"))
        except ValueError:
            return None


def _is_written(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _append_to_file(sealed: Sealed) -> None:
    file = seals_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as opened:
        end = _end_of_last_line(opened)
        opened.truncate(end)  # a torn line: its seal never committed
        opened.seek(end)
        opened.write(sealed.line().encode() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())


def _end_of_last_line(file: BinaryIO) -> int:
    """Return the place just after the last line end, or 0."""
    return _line_start(file, file.seek(0, os.SEEK_END) + 1)


def _line_start(file: BinaryIO, end: int) -> int:
    """Return where the line that ends just before ``end`` begins, reading backwards in pieces."""
    place = end - 1
    while place > 0:
        piece = min(65536, place)
        file.seek(place - piece)
        found = file.read(piece).rfind(b"\n")
        if found >= 0:
            return place - piece + found + 1
        place -= piece
    return 0
