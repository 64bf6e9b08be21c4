"""Which documents lie on a case, and may they be opened?

Example: a photograph that was never scanned says "Not scanned yet: can't be opened".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases.models import Case
from redress.documents.models import Document, Scan
from redress.documents.store import store
from redress.plumbing import malware_setting


@dataclass(frozen=True)
class File:
    """A document as a page shows it."""

    id: int
    name: str
    size: int
    content_type: str
    added_at: datetime
    added_by: str
    source: str
    scan: str
    may_open: bool
    why: str
    sha256: str


def scanned(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Add what the newest scan said to each document."""
    newest = Scan.objects.filter(document=OuterRef("pk")).order_by("-scanned_at", "-pk").values("result")[:1]
    return documents.annotate(scan_result=Coalesce(Subquery(newest), Value("")))


def as_file(document: Document) -> File:
    """Say of a document whether it may be opened, and why not."""
    result: str = getattr(document, "scan_result", "")
    made_here = document.source == Document.Source.MADE
    if document.refused_because:
        may, why = False, document.refused_because
    elif made_here:
        may, why = True, "Made by us"
    elif result == Scan.Result.CLEAN:
        may, why = True, "Scanned, clean"
    elif result == Scan.Result.INFECTED:
        may, why = False, "A virus was found: can’t be opened"
    elif malware_setting.scanner_address() is None:
        # Without a scanner nothing can ever become clean; it is opened on purpose and plainly marked.
        may, why = True, "Not scanned: this installation has no virus scanner"
    else:
        may, why = False, "Not scanned yet: can’t be opened"
    return File(
        id=document.pk,
        name=document.name,
        size=document.size,
        content_type=document.content_type,
        added_at=document.added_at,
        added_by=document.added_by,
        source=document.source,
        scan=result,
        may_open=may,
        why=why,
        sha256=document.sha256,
    )


def of_case(viewer: Actor, case: Case) -> list[File]:
    """List the documents of a case, newest first; a resident sees their own only."""
    found = Document.objects.filter(council_id=case.council_id).filter(Q(case=case) | Q(placements__case=case))
    if viewer.kind == "resident":
        if viewer.case_id != case.pk:
            return []
        found = found.filter(contact_id=viewer.contact_id or 0)
    else:
        found = found.filter(council_id__in=viewer.councils_where(Permission.DOCUMENT_READ))
    return [as_file(row) for row in scanned(found.distinct()).order_by("-added_at", "-pk")]


def by_ids(viewer: Actor, ids: Iterable[int]) -> list[File]:
    """List documents that the viewer may read by number, in the order of their numbers; a resident reads none so."""
    found = Document.objects.filter(pk__in=list(ids))
    if not viewer.everywhere:
        found = found.filter(council_id__in=viewer.councils_where(Permission.DOCUMENT_READ))
    return [as_file(row) for row in scanned(found).order_by("pk")]


def one(viewer: Actor, document_id: int) -> tuple[Document, File] | None:
    """Find a document that the viewer may read."""
    found = Document.objects.filter(pk=document_id)
    if viewer.kind == "resident":
        found = (
            found.filter(council_id=viewer.council_id or 0)
            .filter(Q(case_id=viewer.case_id) | Q(placements__case_id=viewer.case_id))
            .filter(contact_id=viewer.contact_id or 0)
        )
    else:
        found = found.filter(council_id__in=viewer.councils_where(Permission.DOCUMENT_READ))
    row = scanned(found.select_related("council").distinct()).first()
    return None if row is None else (row, as_file(row))


def read_bytes(document: Document) -> bytes:
    """Read a document's bytes, checked against its digest; raises ``Missing`` or ``Altered``."""
    return store().read(document.council.code, document.sha256, verify=True)
