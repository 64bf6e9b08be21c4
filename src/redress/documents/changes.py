"""Small writes to the tables of documents; casework calls them inside its steps."""

from __future__ import annotations

from datetime import datetime

from redress.access.actor import Actor
from redress.cases.models import Case, Point
from redress.council.models import Council
from redress.documents.models import Document, Placement, Scan
from redress.people.models import Contact


def add(
    *,
    council: Council,
    case: Case | None,
    contact: Contact | None,
    source: str,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    by: Actor,
    at: datetime,
    refused_because: str = "",
    shared_with_person: bool = False,
) -> Document:
    """Write the row of a document whose bytes are in the store already."""
    return Document.objects.create(
        council=council,
        case=case,
        contact=contact,
        source=source,
        name=name[:255] or "Without a name",
        content_type=content_type[:120],
        size=size,
        sha256=sha256,
        refused_because=refused_because[:300],
        shared_with_person=shared_with_person,
        added_at=at,
        added_by=by.name,
    )


def place(*, document: Document, case: Case, point: Point | None, by: Actor, at: datetime) -> Placement:
    """Put a document that came before the case was logged on the case."""
    placement, _made = Placement.objects.get_or_create(
        document=document,
        case=case,
        defaults={
            "council_id": case.council_id,
            "point": point,
            "placed_at": at,
            "placed_by": by.name,
        },
    )
    return placement


def add_scan(*, document: Document, result: str, detail: str, at: datetime) -> Scan:
    """Write down what the virus scanner said."""
    return Scan.objects.create(
        council_id=document.council_id, document=document, result=result, detail=detail[:300], scanned_at=at
    )
