"""How does the trail stand: what is sealed, what isn't yet, and does the chain of this record hold?

Example: ``of(case)`` is 34 entries, 30 of them sealed, the last seal on 23 November 2026 at 10:30am.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Model

from redress.access.models import Entry, Seal, Stream
from redress.access.trail import stream_of
from redress.access.verification import Report, examine_streams


@dataclass(frozen=True, slots=True)
class Standing:
    """How one chain stands."""

    entries: int = 0
    sealed: int = 0

    @property
    def unsealed(self) -> int:
        """Count what was written since the last seal."""
        return self.entries - self.sealed


@dataclass(frozen=True, slots=True)
class SealShown:
    """One seal as a page shows it."""

    number: int
    at: datetime
    entries: int
    chains: int
    key: str


def of(on: Model | str) -> Standing:
    """Say how the chain of a record stands."""
    row = Stream.objects.filter(name=stream_of(on)).first()
    return Standing() if row is None else Standing(row.seq, row.sealed_seq)


def unsealed() -> int:
    """Count the entries of all chains that no seal covers yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(seq - sealed_seq), 0)::bigint FROM access_stream")
        return int(cursor.fetchone()[0])


def entries() -> int:
    """Count the entries of all chains."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(seq), 0)::bigint FROM access_stream")
        return int(cursor.fetchone()[0])


def latest_entry() -> datetime | None:
    """Say when the latest entry of all chains was written."""
    latest: datetime | None = Entry.objects.aggregate(latest=Max("at"))["latest"]
    return latest


def latest_seals(count: int = 10) -> list[SealShown]:
    """List the latest seals, newest first."""
    rows = Seal.objects.order_by("-number")[:count]
    return [SealShown(row.number, row.at, row.entries, len(row.heads), row.key[:12]) for row in rows]


def check(on: Model | str) -> Report:
    """Check the chain of a record at this moment: every entry and its link to the one before."""
    return examine_streams([stream_of(on)])
