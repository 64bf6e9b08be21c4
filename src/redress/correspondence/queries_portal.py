"""What does somebody who follows their own case see of letters and messages?

Letters that went to them, never drafts; what they sent themselves. The person also sees what went to and came from the
representative who holds their authority. Nobody sees anything of anybody else.

Example: ``letters_for(viewer, case, represented=True)`` lists the acknowledgement of 11 November, with its PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from redress.access.actor import Actor
from redress.cases.models import Case
from redress.correspondence import texts
from redress.correspondence.models import Attachment, FormDraft, Letter, Message
from redress.documents import queries as document_queries
from redress.documents.models import Document
from redress.documents.queries import File


@dataclass(frozen=True)
class SentLetter:
    """A letter that went out, as the person sees it."""

    id: int
    kind: str
    title: str
    on: date
    channel: str
    to_name: str
    document_id: int
    size: int
    large_print: bool


@dataclass(frozen=True)
class OwnMessage:
    """What a person sent to us, with its files."""

    id: int
    channel: str
    subject: str
    text: str
    at: datetime
    from_name: str
    own: bool
    files: tuple[File, ...]


def _people(viewer: Actor, case: Case, *, represented: bool) -> list[int]:
    """List whose letters and messages the viewer sees: their own, and for the person those of their representative."""
    mine = [viewer.contact_id or 0]
    if viewer.contact_id == case.complainant_id and represented and case.representative_id is not None:
        mine.append(case.representative_id)
    return mine


def _own_case(viewer: Actor, case: Case) -> bool:
    return viewer.kind == "resident" and viewer.case_id == case.pk and viewer.council_id == case.council_id


def letters_for(viewer: Actor, case: Case, *, represented: bool, neutral_only: bool = False) -> list[SentLetter]:
    """List the letters that went out to the viewer, the newest first; drafts and letters on their way are not there.

    ``neutral_only`` is for a representative whose authority is not held: nothing of the matter, even where an earlier
    letter went to them while it was.
    """
    if not _own_case(viewer, case):
        return []
    kinds = {"kind__in": sorted(texts.NEUTRAL)} if neutral_only else {}
    rows = (
        Letter.objects.filter(case=case, state=Letter.State.DISPATCHED, document__isnull=False, **kinds)
        .filter(to_id__in=_people(viewer, case, represented=represented))
        .select_related("document", "to")
        .order_by("-dispatched_on", "-pk")
    )
    return [
        SentLetter(
            id=row.pk,
            kind=row.kind,
            title=row.subject,
            on=row.dispatched_on,
            channel=row.channel,
            to_name=row.to.name,
            document_id=row.document.pk,
            size=row.document.size,
            large_print=row.large_print,
        )
        for row in rows
        if row.document is not None and row.dispatched_on is not None
    ]


def messages_for(viewer: Actor, case: Case, *, represented: bool) -> list[OwnMessage]:
    """List what the viewer sent about their case, the newest first, with the files that came with it."""
    if not _own_case(viewer, case):
        return []
    people = _people(viewer, case, represented=represented)
    rows = list(
        Message.objects.filter(case=case, contact_id__in=people, unconfirmed_sender=False)
        .exclude(kind__in=(Message.Kind.AUTO_REPLY, Message.Kind.BOUNCE))
        .order_by("-received_at", "-pk")
    )
    files = _files_of([row.pk for row in rows])
    return [
        OwnMessage(
            id=row.pk,
            channel=row.channel,
            subject=row.subject,
            text=row.new_text or row.text,
            at=row.received_at,
            from_name=row.from_name,
            own=row.contact_id == viewer.contact_id,
            files=tuple(files.get(row.pk, ())),
        )
        for row in rows
    ]


def _files_of(messages: list[int]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    rows = document_queries.scanned(Document.objects.filter(came_with__message_id__in=messages))
    by_id = {row.pk: document_queries.as_file(row) for row in rows}
    for tie in Attachment.objects.filter(message_id__in=messages).order_by("message_id", "position"):
        if tie.document_id in by_id:
            found.setdefault(tie.message_id, []).append(by_id[tie.document_id])
    return found


def letter_document(
    viewer: Actor, case: Case, letter_id: int, *, represented: bool, neutral_only: bool = False
) -> tuple[Document, File] | None:
    """Find the PDF of a letter that went to the viewer; None for any other."""
    listed = letters_for(viewer, case, represented=represented, neutral_only=neutral_only)
    found = next((one for one in listed if one.id == letter_id), None)
    return None if found is None else _with_file(found.document_id)


def own_file(viewer: Actor, case: Case, document_id: int, *, represented: bool) -> tuple[Document, File] | None:
    """Find a file that the viewer sent themselves; None for any other."""
    sent = messages_for(viewer, case, represented=represented)
    return _with_file(document_id) if any(one.id == document_id for row in sent for one in row.files) else None


def _with_file(document_id: int) -> tuple[Document, File] | None:
    row = document_queries.scanned(Document.objects.filter(pk=document_id).select_related("council")).first()
    return None if row is None else (row, document_queries.as_file(row))


def files_of_form(draft: FormDraft) -> list[File]:
    """List the files that were added to a form, in the order in which they were added."""
    rows = document_queries.scanned(Document.objects.filter(council_id=draft.council_id, pk__in=draft.documents))
    return [document_queries.as_file(row) for row in rows.order_by("pk")]
