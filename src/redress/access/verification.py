"""Is the trail as it was written, and if not, what was done to it?

``examine`` reads every chain and every seal, one at a time, and names what it finds: an entry that was altered,
removed, inserted or moved, a detail that was changed, a chain cut short, a chain that was worked out anew since it was
sealed, a seal that is missing or altered::

    for fault in examine().faults:
        print(fault.sentence)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from redress.access import chain, seal_keys, seals
from redress.access.refusals import Refusal

MOST_FAULTS = 1000
"""How many faults are listed; the rest are only counted."""

_ROWS = 2000
_STREAMS = 500
_FAR = 5000


class NoSuchSeal(Refusal):
    """There is no seal with this number."""

    do = "Leave --since away to check the whole trail."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail, where, and in words."""

    kind: str
    sentence: str
    stream: str = ""
    seq: int | None = None
    seal: int | None = None
    entry: UUID | None = None


@dataclass(slots=True)
class Report:
    """What was read, and what was wrong with it."""

    entries: int = 0
    streams: int = 0
    seals: int = 0
    looks: int = 0
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    faulty: set[str] = field(default_factory=set)

    def add(self, kind: str, sentence: str, **where: Any) -> None:
        """List a fault, or only count it when the list is long enough."""
        if len(self.faults) >= MOST_FAULTS:
            self.more_faults += 1
            return
        fault = Fault(kind, sentence, **where)
        self.faults.append(fault)
        if fault.stream:
            self.faulty.add(fault.stream)


Witness = Callable[[], Iterable[str]]
WITNESSES: list[Witness] = []


def witness(function: Witness) -> Witness:
    """Register a function that looks for faults where other records and the trail meet, one sentence for each."""
    WITNESSES.append(function)
    return function


def examine(*, since: int | None = None) -> Report:
    """Check the trail as it stands at this moment, while work goes on.

    With ``since``, only the seals from that one on and the chains that they name, or that aren't sealed yet. Raises
    ``NoSuchSeal`` and ``seals.SealKeyMissing``.
    """
    report = Report()
    with _one_moment() as file_size:
        keys = _public_keys(file_size)
        names = None if since is None else _streams_since(since, file_size)
        _check_chains(report, names)
        _check_seals(report, keys, since, file_size)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(seq - sealed_seq), 0)::bigint FROM access_stream")
            report.unsealed = cursor.fetchone()[0]
        for function in WITNESSES:
            for sentence in function():
                report.add("witness", sentence)
    return report


def examine_streams(names: list[str]) -> Report:
    """Check these chains only: every entry, its detail and its link; the seals are left to ``examine``."""
    report = Report()
    with _one_moment():
        _check_chains(report, names)
    return report


@contextmanager
def _one_moment() -> Iterator[int]:
    """Look at the database and at the first so many bytes of the seals' file as they are at one moment."""
    file = seals.seals_file()
    with ExitStack() as stack:
        with seals.one_at_a_time(shared=True):
            fresh = not connection.in_atomic_block
            stack.enter_context(transaction.atomic())
            if fresh:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    cursor.execute("SELECT 1")
            size = file.stat().st_size if file.exists() else 0
        yield size


def _public_keys(file_size: int) -> list[seal_keys.Known]:
    """Return the keys that seals must be signed with, oldest first; none is needed before the first seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM access_seal)")
        if not cursor.fetchone()[0] and not file_size:
            return []
    return seal_keys.known()


def _streams_since(since: int, file_size: int) -> list[str]:
    names: set[str] = set()
    found = False
    for number, stored, filed in _both(since, file_size):
        found = found or number == since
        if number > since:
            for sealed in (stored, filed):
                names |= {stream for stream, _, _ in sealed.heads} if sealed else set()
    if not found:
        raise NoSuchSeal(f"There is no seal {since}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM access_stream WHERE seq > sealed_seq")
        names |= {name for (name,) in cursor.fetchall()}
    return sorted(names)


# --------------------------------------------------------------------------------------------------------------- chains

_ENTRIES = """
SELECT e.stream, e.id, e.seq, e.prev, e.hash, e.kind, e.at, e.by_kind, e.by_id, e.by_name, e.step, e.ids::text,
       e.digest, e.version, d.salt, d.body::text, s.seq, s.hash
FROM access_entry e
LEFT JOIN access_detail d ON d.entry_id = e.id
LEFT JOIN access_stream s ON s.name = e.stream
"""
_ORDER = " ORDER BY e.stream, e.seq, e.id"


@dataclass(slots=True)
class _Row:
    """One entry as it was read, and whether its own hash is right."""

    link: chain.Link
    hash: bytes
    whole: bool
    moved_from: int | None = None

    @property
    def seq(self) -> int:
        return self.link.seq


def _check_chains(report: Report, names: list[str] | None) -> None:
    if names is None:
        _check_streams(report, _rows(_ENTRIES + _ORDER, []))
        _check_empty(report, "", [])
        return
    rest = iter(names)
    while some := list(islice(rest, _STREAMS)):
        _check_streams(report, _rows(_ENTRIES + "WHERE e.stream = ANY(%s)" + _ORDER, [some]))
        _check_empty(report, "AND s.name = ANY(%s)", [some])


def _rows(sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Read with a cursor on the server, so that memory holds a few thousand rows at most."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while some := cursor.fetchmany(_ROWS):
            yield from some


def _check_empty(report: Report, where: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.name, s.seq FROM access_stream s WHERE NOT EXISTS"  # noqa: S608 (fixed text)
            f" (SELECT 1 FROM access_entry e WHERE e.stream = s.name) {where} ORDER BY s.name",
            values,
        )
        for name, seq in cursor.fetchall():
            report.add("removed", f"All {seq} entries of {name} were removed.", stream=name)


def _check_streams(report: Report, rows: Iterator[tuple[Any, ...]]) -> None:
    for stream, group in groupby(rows, key=itemgetter(0)):
        report.streams += 1
        last_seq, last_hash, sound, head = 0, chain.GENESIS, True, None
        for values in group:
            row, head = _row(values), values[16:18]
            report.entries += 1
            _check_detail(report, row, values[14], values[15])
            sound = sound and row.whole and row.seq == last_seq + 1 and row.link.prev == last_hash
            last_seq, last_hash = row.seq, row.hash
        if head is None or head[0] is None:
            report.add("head", f"The head of {stream} was removed; {last_seq} entries stand without it.", stream=stream)
            head = None
        elif (head[0], bytes(head[1])) != (last_seq, last_hash):
            sound = False
        if not sound:
            _diagnose(report, stream, head)


def _row(values: tuple[Any, ...]) -> _Row:
    stream, entry, seq, prev, stored, kind, at, by_kind, by_id, by_name, step, ids, digest, version = values[:14]
    link = chain.Link(
        id=entry,
        stream=stream,
        seq=seq,
        prev=bytes(prev),
        kind=kind,
        at=at,
        by_kind=by_kind,
        by_id=by_id,
        by_name=by_name,
        step=step,
        ids=_canonical(ids),
        digest=bytes(digest),
        version=version,
    )
    return _Row(link, bytes(stored), _matches(link, bytes(stored)))


def _matches(link: chain.Link, stored: bytes, *, seq: int | None = None) -> bool:
    return link.version == chain.VERSION and link.hash(seq=seq) == stored


def _canonical(text: str) -> str:
    """Return stored JSON in the form that was hashed; as it stands when it could never have been written so."""
    try:
        return chain.canonical(json.loads(text))
    except (TypeError, ValueError):
        return text


def _check_detail(report: Report, row: _Row, salt: bytes | None, body: str | None) -> None:
    link = row.link
    where = {"stream": link.stream, "seq": link.seq, "entry": link.id}
    name = f"entry {link.seq} of {link.stream} ({link.kind})"
    if salt is None or body is None:
        if link.digest:
            report.add("detail-removed", f"The detail of {name} was removed.", **where)
    elif not link.digest:
        report.add("detail-inserted", f"A detail was added to {name}, which had none.", **where)
    elif chain.detail_digest(bytes(salt), _canonical(body)) != link.digest:
        report.add("detail-altered", f"The detail of {name} was altered.", **where)


# ------------------------------------------------------------------------------------------------------------ diagnosis


def _diagnose(report: Report, stream: str, head: tuple[int, bytes] | None) -> None:
    """Read one chain again, whole, and name what was done to it."""
    rows = [_row(values) for values in _rows(_ENTRIES + "WHERE e.stream = %s" + _ORDER, [stream])]
    before = len(report.faults) + report.more_faults
    for row in rows:
        if not row.whole:
            row.moved_from = _right_place(row, len(rows))
    inserted = _inserted(rows, head)
    _name_entries(report, rows, inserted)
    _name_end(report, stream, rows, head)
    if len(report.faults) + report.more_faults == before:
        report.add("broken", f"The chain of {stream} doesn't hold together.", stream=stream)


def _right_place(row: _Row, length: int) -> int | None:
    """Return the place for which a row's hash is right, when it isn't for the one where it stands."""
    first = max(1, row.seq - _FAR)
    for place in range(first, min(row.seq, length) + _FAR):
        if place != row.seq and _matches(row.link, row.hash, seq=place):
            return place
    return None


def _inserted(rows: list[_Row], head: tuple[int, bytes] | None) -> set[int]:
    """Return the indexes of rows that the chain, followed back from its head, passes over."""
    by_hash = {row.hash: i for i, row in enumerate(rows)}
    found = {i for i, row in enumerate(rows) if row.seq < 1}
    followed: set[int] = set()
    link = bytes(head[1]) if head is not None and bytes(head[1]) in by_hash else rows[-1].hash
    while link in by_hash and by_hash[link] not in followed:
        followed.add(by_hash[link])
        link = rows[by_hash[link]].link.prev
    if link == chain.GENESIS:
        found |= set(range(len(rows))) - followed
    return found


def _name_entries(report: Report, rows: list[_Row], inserted: set[int]) -> None:
    hashes = {row.hash for row in rows} | {chain.GENESIS}
    previous: _Row | None = None
    for i, row in enumerate(rows):
        link = row.link
        where = {"stream": link.stream, "seq": row.seq, "entry": link.id}
        name = f"entry {row.seq} of {link.stream} ({link.kind})"
        last_seq = previous.seq if previous else 0
        if row.seq > last_seq + 1:
            _name_gap(report, link.stream, last_seq + 1, row.seq - 1)
        elif row.whole and previous is not None and i - 1 not in inserted and link.prev not in hashes:
            if previous.whole:
                _name_rewritten(report, previous)
        elif row.whole and previous is None and link.prev not in hashes:
            report.add("removed", f"An entry before {name} was removed.", **where)
        if i in inserted:
            report.add("inserted", f"An entry was inserted: {name}.", **where)
        elif row.moved_from is not None:
            moved = f"Entries were reordered: {name} was written as entry {row.moved_from}."
            report.add("reordered", moved, **where)
        elif not row.whole:
            report.add("altered", f"An entry was altered: {name}.", **where)
        previous = row


def _name_rewritten(report: Report, row: _Row) -> None:
    link = row.link
    sentence = (
        f"An entry was altered and its hash worked out anew: entry {row.seq} of {link.stream} ({link.kind});"
        " what was written after it says so."
    )
    report.add("altered", sentence, stream=link.stream, seq=row.seq, entry=link.id)


def _name_gap(report: Report, stream: str, first: int, last: int) -> None:
    what = f"Entry {first} of {stream} was" if first == last else f"Entries {first} to {last} of {stream} were"
    report.add("removed", f"{what} removed.", stream=stream, seq=first)


def _name_end(report: Report, stream: str, rows: list[_Row], head: tuple[int, bytes] | None) -> None:
    if head is None:
        return
    last, head_hash = rows[-1], bytes(head[1])
    if last.seq < head[0]:
        first = last.seq + 1
        what = f"entry {first} was" if first == head[0] else f"entries {first} to {head[0]} were"
        report.add("removed", f"{stream} was cut short: {what} removed at its end.", stream=stream, seq=first)
    elif last.seq == head[0] and last.hash != head_hash and last.whole and stream not in report.faulty:
        sentence = f"The last entry of {stream} ({last.seq}) isn't the one that its head names."
        report.add("altered", sentence, stream=stream, seq=last.seq, entry=last.link.id)


# ---------------------------------------------------------------------------------------------------------------- seals


def _check_seals(report: Report, keys: list[seal_keys.Known], since: int | None, file_size: int) -> None:
    if not keys:
        return
    expected = since if since is not None else 1
    previous: bytes | None = chain.GENESIS if since in (None, 1) else None
    for number, stored, filed in _both(since or 0, file_size, report):
        report.seals += 1
        for missing in range(expected, number):
            report.add("seal-missing", f"Seal {missing} is missing, here and in the file.", seal=missing)
            previous = None
        expected = number + 1
        if stored is None:
            report.add("seal-missing", f"Seal {number} is missing in the database; the file has it.", seal=number)
        if filed is None:
            report.add("seal-missing", f"Seal {number} is missing in the file; the database has it.", seal=number)
        good = [
            sealed
            for sealed, where in ((stored, "the database"), (filed, "the file"))
            if sealed is not None and _is_good(report, sealed, where, seal_keys.key_for(keys, number), previous)
        ]
        previous = good[0].hash() if good else None
        if good:
            _check_heads(report, good[0])
            _check_looks(report, good[0])


def _both(
    since: int, file_size: int, report: Report | None = None
) -> Iterator[tuple[int, seals.Sealed | None, seals.Sealed | None]]:
    """Return every seal from number ``since`` on as the database and as the file have it, side by side."""
    stored_all = seals.from_database(after=since - 1)
    filed_all = _from_file(since, file_size, report)
    stored, filed = next(stored_all, None), next(filed_all, None)
    while stored is not None or filed is not None:
        number = min(sealed.number for sealed in (stored, filed) if sealed is not None)
        here = stored if stored is not None and stored.number == number else None
        there = filed if filed is not None and filed.number == number else None
        yield number, here, there
        stored = next(stored_all, None) if here else stored
        filed = next(filed_all, None) if there else filed


def _from_file(since: int, file_size: int, report: Report | None) -> Iterator[seals.Sealed]:
    file = seals.seals_file()
    if not file_size:
        return
    last = 0
    with file.open("rb") as opened:
        for place, line in seals.lines_of(opened, size=file_size):
            try:
                sealed = seals.from_line(line)
            except ValueError:
                if report is not None:
                    report.add("seal-altered", f"Line {place} of the file of seals is not a seal.")
                continue
            if sealed.number <= last:
                if report is not None:
                    sentence = f"Line {place} of the file of seals holds seal {sealed.number} again, or too late."
                    report.add("seal-altered", sentence, seal=sealed.number)
                continue
            last = sealed.number
            if sealed.number >= since:
                yield sealed


def _is_good(report: Report, sealed: seals.Sealed, where: str, key: Ed25519PublicKey, previous: bytes | None) -> bool:
    """Check one seal by itself and against the one before; say whether what it says of the chains can be relied on."""
    number = sealed.number
    if sealed.key != seals.fingerprint(key):
        sentence = f"Seal {number} in {where} was signed with another key ({sealed.key[:16]}) than ours."
        report.add("seal-key", sentence, seal=number)
        return False
    if not sealed.is_signed_by(key):
        report.add("seal-altered", f"Seal {number} in {where} was altered: its signature doesn't fit.", seal=number)
        return False
    if chain.heads_root(sealed.heads) != sealed.root:
        sentence = f"Seal {number} in {where} was altered: its list of chains doesn't give its root."
        report.add("seal-altered", sentence, seal=number)
        return False
    if previous is not None and sealed.prev != previous:
        sentence = f"Seal {number} in {where} doesn't follow the seal before it as that stands now."
        report.add("seal-altered", sentence, seal=number)
    return True


def _check_heads(report: Report, sealed: seals.Sealed) -> None:
    """Compare the chains with what the seal says of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.name, h.seq, e.hash IS NULL, (SELECT max(l.seq) FROM access_entry l WHERE l.stream = h.name)"
            " FROM unnest(%s::text[], %s::bigint[], %s::bytea[]) AS h(name, seq, hash)"
            " LEFT JOIN access_entry e ON e.stream = h.name AND e.seq = h.seq"
            " WHERE e.hash IS DISTINCT FROM h.hash ORDER BY h.name",
            [list(column) for column in zip(*sealed.heads, strict=True)] if sealed.heads else [[], [], []],
        )
        rows = cursor.fetchall()
    for stream, seq, gone, last in rows:
        if stream in report.faulty:
            continue
        if gone:
            sentence = (
                f"{stream} was cut short: seal {sealed.number} saw {seq} entries,"
                f" and now there {'is' if last == 1 else 'are'} {last or 'none'}."
            )
            report.add("removed", sentence, stream=stream, seq=(last or 0) + 1, seal=sealed.number)
        else:
            sentence = (
                f"{stream} was worked out anew: its entry {seq} isn't the one that seal {sealed.number} saw,"
                " although its hashes fit one another."
            )
            report.add("recomputed", sentence, stream=stream, seq=seq, seal=sealed.number)


def _check_looks(report: Report, sealed: seals.Sealed) -> None:
    if not sealed.looks:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(looks_until) FROM access_seal WHERE number < %s", [sealed.number])
        since = cursor.fetchone()[0] or seals.BEGINNING
    count, digest = seals.looks_between(since, sealed.looks_until)
    report.looks += count
    if digest != sealed.looks_digest:
        sentence = (
            f"The looks that seal {sealed.number} saw were altered: it saw {sealed.looks}, now there are {count}."
        )
        report.add("looks-altered", sentence, seal=sealed.number)
