"""Who did what, when, to which record?

Inside a step, ``note`` says what was done; the step writes all notes as its last statement, each to the chain of the
record that it is about::

    ACKNOWLEDGED = trail.kind("acknowledged", "Acknowledgement sent to {to}", blanks=("to",))

    trail.note(ACKNOWLEDGED, on=case, detail={"to": contact.name}, ids={"stage": stage.pk})

How the chains, the seals and the check of them work is told in ``docs/explanation/trail.md``.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from redress.access import chain
from redress.access.actor import Actor
from redress.access.verification import Fault, Report, examine, witness

__all__ = [
    "INSTALLATION",
    "KINDS",
    "Fault",
    "Handle",
    "Kind",
    "Line",
    "Report",
    "examine",
    "kind",
    "note",
    "read",
    "stream_of",
    "verify",
    "witness",
]

INSTALLATION = "installation"
"""The stream of what was done to the installation as a whole."""

_STREAM = re.compile(r"installation|[a-z_]{1,30}:[A-Za-z0-9-]{1,40}")
_NAME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*")
_BLANK = re.compile(r"\{([a-z_]+)\}")


class NoStep(RuntimeError):
    """The trail is written by steps only."""


# --------------------------------------------------------------------------------------------------------------- kinds


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its name for ever, its sentence, and what of its detail is blanked on disposal."""

    name: str
    sentence: str
    blanks: tuple[str, ...] = ()

    @property
    def holes(self) -> tuple[str, ...]:
        """Return the names that the sentence takes from the detail."""
        return tuple(_BLANK.findall(self.sentence))

    def tell(self, detail: Mapping[str, Any] | None, ids: Mapping[str, Any] | None = None) -> str:
        """Return the sentence with its holes filled; a blanked or missing word reads "(no longer kept)"."""
        words = {**(ids or {}), **(detail or {})}

        def fill(match: re.Match[str]) -> str:
            value = words.get(match.group(1), None if detail is not None else "(no longer kept)")
            return "" if value is None else str(value)

        return _BLANK.sub(fill, self.sentence)


KINDS: dict[str, Kind] = {}


def kind(name: str, sentence: str, *, blanks: Iterable[str] = ()) -> Kind:
    """Declare a kind of entry.

    ``name`` is past tense and never changes once an entry has it. ``sentence`` may take words from the detail as
    ``{word}``. ``blanks`` names the words of the detail that are about people and go on disposal.
    Raises ``ValueError`` for a name that is taken or badly shaped, or an empty sentence.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name for a kind: small letters, digits, hyphens and full stops.")
    if name in KINDS:
        raise ValueError(f"The kind {name!r} is already declared.")
    if not sentence.strip():
        raise ValueError(f"The kind {name!r} needs a sentence.")
    made = Kind(name, sentence, tuple(blanks))
    KINDS[name] = made
    return made


# --------------------------------------------------------------------------------------------------------------- notes


@dataclass(frozen=True, slots=True)
class Handle:
    """An entry that the open step will write: its id is known before it is written."""

    id: UUID
    kind: str
    stream: str


@dataclass(frozen=True, slots=True)
class Noted:
    """One note, waiting for the end of its step."""

    handle: Handle
    ids: str
    salt: bytes
    body: str | None

    @property
    def digest(self) -> bytes:
        """Return the digest of the detail, or nothing where there is none."""
        return chain.NO_DETAIL if self.body is None else chain.detail_digest(self.salt, self.body)


@dataclass(slots=True)
class Notebook:
    """What the open step has noted so far."""

    step: str
    by: Actor
    at: datetime
    notes: list[Noted] = field(default_factory=list)


OPEN: ContextVar[Notebook | None] = ContextVar("open_step", default=None)
"""The notebook of the step that is running; none between steps."""


def note(
    kind: Kind | str,
    *,
    on: Model | str,
    detail: Mapping[str, Any] | None = None,
    ids: Mapping[str, Any] | None = None,
) -> Handle:
    """Note that something was done to a record, or to the installation.

    ``detail`` holds what is about people and words, and can be disposed of one day; ``ids`` holds what must stay:
    numbers of records, codes. Values are text, whole numbers, dates, or lists and mappings of them.
    Raises ``NoStep`` outside a step, ``KeyError`` for an unknown kind, ``ValueError`` when the kind's sentence needs a
    word that neither holds.
    """
    notebook = OPEN.get()
    if notebook is None:
        raise NoStep("The trail is written by steps only: call note() from the body of a step.")
    declared = KINDS[kind if isinstance(kind, str) else kind.name]
    missing = set(declared.holes) - set(detail or {}) - set(ids or {})
    if missing:
        raise ValueError(f"The sentence of {declared.name!r} needs {', '.join(sorted(missing))}.")
    noted = Noted(
        handle=Handle(_new_id(notebook.at), declared.name, stream_of(on)),
        ids=chain.canonical({name: _key(value) for name, value in (ids or {}).items()}),
        salt=secrets.token_bytes(16),
        body=chain.canonical(detail) if detail else None,
    )
    notebook.notes.append(noted)
    return noted.handle


def stream_of(on: object) -> str:
    """Return the name of the chain in which a record's entries stand.

    Raises ``TypeError`` for something that names no chain.
    """
    name = on if isinstance(on, str) else getattr(on, "trail_stream", None)
    if not isinstance(name, str) or not _STREAM.fullmatch(name):
        raise TypeError(f"{on!r} names no chain of the trail: a record says it with its trail_stream.")
    return name


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _new_id(at: datetime) -> UUID:
    """Return an id that sorts by time, so that the index grows at its end (RFC 9562, version 7)."""
    value = (max(chain.microseconds(at), 0) // 1000 & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


# ------------------------------------------------------------------------------------------------------------- writing

_GROW = """
INSERT INTO access_stream (name, seq, hash, sealed_seq)
SELECT n.name, n.more, %s, 0 FROM unnest(%s::text[], %s::bigint[]) AS n(name, more) ORDER BY n.name COLLATE "C"
ON CONFLICT (name) DO UPDATE SET seq = access_stream.seq + EXCLUDED.seq
RETURNING name, seq, hash
"""

_APPEND = """
WITH entries AS (
    INSERT INTO access_entry
        (id, stream, seq, prev, hash, kind, at, by_kind, by_id, by_name, step, ids, digest, version)
    SELECT e.id, e.stream, e.seq, e.prev, e.hash, e.kind, %s, %s, %s, %s, %s, e.ids::jsonb, e.digest, %s
    FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bytea[], %s::bytea[], %s::text[], %s::text[], %s::bytea[])
        AS e(id, stream, seq, prev, hash, kind, ids, digest)
), details AS (
    INSERT INTO access_detail (entry_id, salt, body)
    SELECT d.id, d.salt, d.body::jsonb FROM unnest(%s::uuid[], %s::bytea[], %s::text[]) AS d(id, salt, body)
)
UPDATE access_stream SET hash = h.hash
FROM unnest(%s::text[], %s::bytea[]) AS h(name, hash) WHERE access_stream.name = h.name
"""


def write(notebook: Notebook) -> None:
    """Append everything noted to its chains, in two statements, whatever the number of notes.

    The first takes the heads of the chains in the order of their names, which is why it comes last in a step: nobody
    waits for a chain longer than this takes. Needs an open transaction.
    """
    by_stream: dict[str, list[Noted]] = defaultdict(list)
    for noted in notebook.notes:
        by_stream[noted.handle.stream].append(noted)
    names = sorted(by_stream)
    with connection.cursor() as cursor:
        cursor.execute(_GROW, [chain.GENESIS, names, [len(by_stream[name]) for name in names]])
        heads = {name: (seq, bytes(head)) for name, seq, head in cursor.fetchall()}
        links = [link for name in names for link in _links(notebook, by_stream[name], *heads[name])]
        last = {link.stream: digest for link, digest in links}
        detailed = [noted for noted in notebook.notes if noted.body is not None]
        by = notebook.by
        cursor.execute(
            _APPEND,
            [
                notebook.at,
                by.kind,
                by.id,
                by.recorded_name,
                notebook.step,
                chain.VERSION,
                [link.id for link, _ in links],
                [link.stream for link, _ in links],
                [link.seq for link, _ in links],
                [link.prev for link, _ in links],
                [digest for _, digest in links],
                [link.kind for link, _ in links],
                [link.ids for link, _ in links],
                [link.digest for link, _ in links],
                [noted.handle.id for noted in detailed],
                [noted.salt for noted in detailed],
                [noted.body for noted in detailed],
                list(last),
                list(last.values()),
            ],
        )


def _links(notebook: Notebook, notes: Sequence[Noted], length: int, head: bytes) -> Iterable[tuple[chain.Link, bytes]]:
    """Link a stream's notes behind its head; ``length`` is how long the stream will be with them."""
    for place, noted in enumerate(notes, start=length - len(notes) + 1):
        link = chain.Link(
            id=noted.handle.id,
            stream=noted.handle.stream,
            seq=place,
            prev=head,
            kind=noted.handle.kind,
            at=notebook.at,
            by_kind=notebook.by.kind,
            by_id=notebook.by.id,
            by_name=notebook.by.recorded_name,
            step=notebook.step,
            ids=noted.ids,
            digest=noted.digest,
        )
        head = link.hash()
        yield link, head


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it."""

    id: UUID
    stream: str
    seq: int
    kind: str
    sentence: str
    at: datetime
    by_kind: str
    by_id: int | None
    by_name: str
    step: str
    ids: Mapping[str, Any]
    detail: Mapping[str, Any]


_READ = """
SELECT e.id, e.stream, e.seq, e.kind, e.at, e.by_kind, e.by_id, e.by_name, e.step, e.ids::text, d.body::text
FROM access_entry e LEFT JOIN access_detail d ON d.entry_id = e.id
"""


def read(*on: Model | str, kinds: Iterable[Kind | str] | None = None) -> list[Line]:
    """Return the entries of these records' chains, oldest first, joined with their details."""
    wanted = None if kinds is None else [kind if isinstance(kind, str) else kind.name for kind in kinds]
    return _lines(
        _READ + "WHERE e.stream = ANY(%s) AND (%s::text[] IS NULL OR e.kind = ANY(%s)) ORDER BY e.at, e.stream, e.seq",
        [[stream_of(one) for one in on], wanted, wanted],
    )


def find(ids: Iterable[UUID]) -> dict[UUID, Line]:
    """Return the entries with these ids, for records that name the entry that recorded them."""
    return {line.id: line for line in _lines(_READ + "WHERE e.id = ANY(%s) ORDER BY e.id", [list(ids)])}


def _lines(sql: str, values: list[Any]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_line(*row) for row in cursor.fetchall()]


def _line(id: UUID, stream: str, seq: int, kind: str, at: datetime, *rest: Any) -> Line:
    by_kind, by_id, by_name, step, ids_text, body_text = rest
    ids, detail = json.loads(ids_text), json.loads(body_text) if body_text else None
    known = KINDS.get(kind)
    sentence = known.tell(detail, ids) if known else kind
    return Line(id, stream, seq, kind, sentence, at, by_kind, by_id, by_name, step, ids, detail or {})


def verify(since: int | None = None) -> list[Fault]:
    """Check the whole trail, or only the chains sealed or written after seal ``since``, and return what is wrong."""
    return examine(since=since).faults
