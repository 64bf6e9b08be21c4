"""Who read what?

One row for each person, record and quarter of an hour, written after the page is sent. Looks aren't chained: they come
often and change nothing; each seal holds a digest of those since the last::

    looks.record(case, by=viewer, at=moment.now())
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

from redress.access.actor import Actor
from redress.access.models import Look
from redress.access.trail import stream_of


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody looked at a record within a quarter of an hour."""

    by_kind: str
    by_id: int
    by_name: str
    quarter: datetime


def record(on: Model | str, *, by: Actor, at: datetime) -> None:
    """Record that the actor looked at this; once a quarter of an hour is enough. Only people look."""
    if by.id is None:
        return
    quarter = at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_look (stream, by_kind, by_id, by_name, quarter) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [stream_of(on), by.kind, by.id, by.recorded_name, quarter],
        )


def read(on: Model | str) -> list[Seen]:
    """Return who looked at this record and when, the latest first."""
    rows = Look.objects.filter(stream=stream_of(on)).order_by("-quarter", "by_kind", "by_id")
    return [Seen(row.by_kind, row.by_id, row.by_name, row.quarter) for row in rows]
