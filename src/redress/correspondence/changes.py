"""Small writes to the tables of correspondence; casework calls them inside its steps."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from redress.access.actor import Actor
from redress.cases.models import Case, Point, Stage
from redress.correspondence import writing
from redress.correspondence.models import Letter, LetterTemplate, ReplyToken, Response, ResponsePoint
from redress.council.models import Council
from redress.documents import changes as document_changes
from redress.documents.models import Document
from redress.people.models import Contact
from redress.staff.models import Officer


def reply_token(*, case: Case, contact: Contact, at: datetime) -> str:
    """Give the word by which this correspondent's replies find this case; made once, at random."""
    row, _made = ReplyToken.objects.get_or_create(
        case=case,
        contact=contact,
        defaults={"council_id": case.council_id, "token": secrets.token_hex(10), "made_at": at},
    )
    return row.token


def write_letter(
    *, case: Case, stage: Stage | None, draft: writing.Draft, author: Officer | None, by: Actor, at: datetime
) -> Letter:
    """Write a letter down as a draft."""
    return Letter.objects.create(
        council_id=case.council_id,
        case=case,
        stage=stage,
        kind=draft.kind,
        channel=draft.channel,
        to=draft.to,
        to_address=draft.to.email if draft.channel == Letter.Channel.EMAIL else writing.addressee_words(draft.to),
        subject=draft.subject,
        salutation=draft.salutation,
        blocks=list(draft.blocks),
        large_print=draft.large_print,
        template_version=draft.template_version,
        starts=draft.starts,
        written_at=at,
        written_by=by.name,
        author=author,
    )


def release_letter(*, letter: Letter, pressed: writing.Pressed, council: Council, by: Actor, at: datetime) -> Letter:
    """Freeze a letter: its PDF becomes a document of the case, and it waits for its carrier.

    The PDF must have been made from exactly the words of the letter; ``ValueError`` says that it was not.
    """
    if pressed.digest != letter_digest(letter):
        raise ValueError("The PDF was not made from the words of this letter.")
    letter.document = document_changes.add(
        council=council,
        case=letter.case,
        contact=letter.to,
        source=Document.Source.MADE,
        name=f"{letter.case.reference} {letter.get_kind_display()}.pdf",
        content_type="application/pdf",
        size=pressed.size,
        sha256=pressed.sha256,
        by=by,
        at=at,
        shared_with_person=letter.to_id in (letter.case.complainant_id, letter.case.representative_id),
    )
    letter.pdf_flags = list(pressed.flags)
    letter.state = Letter.State.RELEASED
    letter.released_at = at
    letter.released_by = by.name
    letter.message_id = f"<{reply_token(case=letter.case, contact=letter.to, at=at)}.{secrets.token_hex(8)}@{writing.outgoing_domain(council)}>"
    letter.version += 1
    letter.save()
    return letter


def letter_digest(letter: Letter) -> str:
    """Give the digest of what a letter says."""
    return writing.digest(
        subject=letter.subject,
        salutation=letter.salutation,
        blocks=letter.blocks,
        to=writing.addressee_words(letter.to),
        large_print=letter.large_print,
    )


def mark_attempting(*, letter: Letter, at: datetime) -> None:
    """Write down that sending begins, before anything leaves."""
    letter.state = Letter.State.ATTEMPTING
    letter.attempted_at = at
    letter.attempts += 1
    letter.save(update_fields=["state", "attempted_at", "attempts"])


def mark_dispatched(*, letter: Letter, on: date, evidence: dict[str, Any], by: Actor, at: datetime) -> None:
    """Write down that the carrier took it, with what the carrier said."""
    letter.state = Letter.State.DISPATCHED
    letter.dispatched_at = at
    letter.dispatched_on = on
    letter.dispatched_by = by.name
    letter.evidence = evidence
    letter.failure = ""
    letter.save()


def mark_unclear(*, letter: Letter, why: str) -> None:
    """Write down that nobody knows whether it went; it is never sent again by itself."""
    letter.state = Letter.State.UNCLEAR
    letter.failure = why[:500]
    letter.save(update_fields=["state", "failure"])


def mark_failed(*, letter: Letter, why: str) -> None:
    """Write down that it did not go, and why."""
    letter.state = Letter.State.FAILED
    letter.failure = why[:500]
    letter.save(update_fields=["state", "failure"])


def mark_released_again(*, letter: Letter) -> None:
    """Put a letter that did not go back among those to be sent."""
    letter.state = Letter.State.RELEASED
    letter.failure = ""
    letter.save(update_fields=["state", "failure"])


def publish_template(*, council: Council, kind: str, heading: str, body: str, by: Actor, at: datetime) -> LetterTemplate:
    """Publish a new version of a letter's text; the earlier versions stay."""
    last = (
        LetterTemplate.objects.filter(council=council, kind=kind).order_by("-version").values_list("version", flat=True).first()
        or 0
    )
    return LetterTemplate.objects.create(
        council=council, kind=kind, version=last + 1, heading=heading, body=body, published_at=at, published_by=by.name
    )


def begin_response(*, stage: Stage, points: list[Point], author: Officer, by: Actor, at: datetime) -> Response:
    """Begin the answer of a stage, on these points."""
    response, made = Response.objects.get_or_create(
        stage=stage,
        defaults={
            "council_id": stage.council_id,
            "author": author,
            "begun_at": at,
            "changed_at": at,
            "changed_by": by.name,
        },
    )
    if made:
        ResponsePoint.objects.bulk_create(
            ResponsePoint(council_id=stage.council_id, response=response, stage=stage, point=point)
            for point in points
        )
    return response
