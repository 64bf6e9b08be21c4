"""How does a file get on a case, and when may it be opened?

A file's kind is judged by its content, its bytes are put into the store before the step that writes its row, and it is
held until the virus scanner found it clean. Where an installation has no scanner, it is plainly marked as not scanned.

Example: ``add_documents(case=case, uploads=take_in(council, files), by=by, at=at)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases.models import Case, Point
from redress.casework.wording import words
from redress.council.models import Council
from redress.documents import changes, events
from redress.documents.models import Document, Scan
from redress.documents.store import store
from redress.people.models import Contact
from redress.plumbing import filetype, later
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries
from redress.staff.models import Officer

SCAN = "scan_document"


class NoFile(Refusal):
    """Choose at least one file."""

    field = "files"


class FileNotTaken(Refusal):
    """We can’t take this file."""

    do = "Save it in another form or make it smaller, or bring it to us another way: by e-mail, by post or in person."
    field = "files"


class NotThisPoint(Refusal):
    """This point is not one of this case."""

    field = "point"


@dataclass(frozen=True)
class Upload:
    """A file that was judged and whose bytes lie in the store; its row is not written yet."""

    name: str
    content_type: str
    size: int
    sha256: str


def take_in(council: Council, files: Sequence[Any], *, already: int = 0) -> list[Upload]:
    """Judge files by their content and put their bytes into the store; slow, outside steps.

    Each file has ``name``, ``size`` and ``read()``; ``already`` is how many the person added before. All are judged
    before any is stored. Raises ``FileNotTaken`` with the limit or the reason, and what else would do.
    """
    given: list[tuple[str, bytes, filetype.Verdict]] = []
    try:
        filetype.check_count(len(files) + already)
        for one in files:
            name = (one.name or "").replace("\0", "")
            if (one.size or 0) > filetype.MAX_FILE:
                raise filetype.NotAccepted(too_large(name))
            data = one.read()
            given.append((name, data, filetype.check_upload(name, len(data), data)))
    except filetype.NotAccepted as refused:
        raise FileNotTaken(refused.sentence) from refused
    return [_stored(council, data, verdict) for _name, data, verdict in given]


def too_large(name: str) -> str:
    """Say that a file is larger than the limit, with the limit."""
    return f"{filetype.safe_name(name)} is too large. {filetype.FILE_LIMIT_SENTENCE}"


def _stored(council: Council, data: bytes, verdict: filetype.Verdict) -> Upload:
    stored = store().put(council.code, data)
    return Upload(name=verdict.shown_name, content_type=verdict.content_type, size=stored.size, sha256=stored.sha256)


def write_rows(
    *,
    council: Council,
    case: Case | None,
    contact: Contact | None,
    uploads: Iterable[Upload],
    source: str,
    by: Actor,
    at: datetime,
) -> list[Document]:
    """Write the rows of files that lie in the store and queue their scans; needs an open step."""
    rows = []
    for upload in uploads:
        row = changes.add(
            council=council,
            case=case,
            contact=contact,
            source=source,
            name=upload.name,
            content_type=upload.content_type,
            size=upload.size,
            sha256=upload.sha256,
            by=by,
            at=at,
        )
        later.queue(SCAN, key=f"scan:{row.pk}", document_id=row.pk)
        rows.append(row)
    return rows


@step(needs=Permission.DOCUMENT_ADD, on="case")
def add_documents(
    *, case: Case, uploads: Sequence[Upload], point: int | None, by: Actor, at: datetime
) -> list[Document]:
    """Add files to a case; with ``point``, as evidence for the point of that number.

    Raises ``NoFile`` and ``NotThisPoint``.
    """
    if not uploads:
        raise NoFile
    serves = _point(case, point)
    rows = write_rows(
        council=case.council, case=case, contact=None, uploads=uploads, source=Document.Source.ADDED, by=by, at=at
    )
    for row in rows:
        if serves is not None:
            changes.place(document=row, case=case, point=serves, by=by, at=at)
        trail.note(
            events.ADDED,
            on=case,
            detail={"name": row.name},
            ids={"document": row.pk, "sha256": row.sha256, "point": serves.number if serves else None},
        )
    return rows


def _point(case: Case, number: int | None) -> Point | None:
    if number is None:
        return None
    found = Point.objects.filter(case=case, number=number, withdrawn_at=None).first()
    if found is None:
        raise NotThisPoint
    return found


@step(needs=Permission.TIMETABLE_SCAN, on="document")
def record_scan(*, document: Document, result: str, detail: str, by: Actor, at: datetime) -> Scan:
    """Write down what the scanner said; of a harmful file whoever holds the case is told, once."""
    scan = changes.add_scan(document=document, result=result, detail=words(detail, "detail"), at=at)
    case = case_of(document)
    trail.note(
        events.SCANNED,
        on=case if case is not None else document.council,
        ids={"document": document.pk, "result": result},
    )
    if result == Scan.Result.INFECTED and case is not None:
        for officer in _to_be_told(case, at):
            staff_changes.tell(
                council=case.council,
                officer=officer,
                kind="virus",
                once=f"virus:{document.pk}:{officer.pk}",
                case_reference=case.reference,
                text=f"A virus was found in {document.name} on {case.reference}. It can’t be opened. Ask for it again.",
                by=by,
                at=at,
            )
    return scan


def _to_be_told(case: Case, at: datetime) -> list[Officer]:
    if case.holder is not None and case.holder.is_active:
        return [case.holder]
    return staff_queries.managers_of(case.council_id, at)


def case_of(document: Document) -> Case | None:
    """Give the case on which a document lies, if it lies on one."""
    if document.case is not None:
        return document.case
    placed = document.placements.select_related("case", "case__council", "case__holder").order_by("pk").first()
    return placed.case if placed is not None else None


def document_of(document_id: int) -> Document | None:
    """Find a document, for the job that scans it."""
    return (
        Document.objects.select_related("council", "case", "case__council", "case__holder")
        .filter(pk=document_id)
        .first()
    )


def newest_scan(document: Document) -> Scan | None:
    """Give what the scanner said last."""
    return document.scans.order_by("-scanned_at", "-pk").first()


def not_scanned_yet(limit: int = 200) -> list[int]:
    """List the documents from outside that no scanner has judged yet, the oldest first."""
    judged = Scan.objects.filter(result__in=(Scan.Result.CLEAN, Scan.Result.INFECTED)).values("document_id")
    found = Document.objects.exclude(source=Document.Source.MADE).exclude(pk__in=judged)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])
