"""Small writes to the tables of correspondence; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from redress.access.actor import Actor
from redress.cases.models import Case, Point, Stage
from redress.correspondence import writing
from redress.correspondence.models import Letter, LetterTemplate, OldDate, ReplyToken, Response, ResponsePoint
from redress.council.models import Council
from redress.documents import changes as document_changes
from redress.documents.models import Document
from redress.people.models import Contact
from redress.plumbing.mail import tokens
from redress.staff.models import Officer


def reply_token(*, case: Case, contact: Contact, at: datetime) -> str:
    """Give the word by which this correspondent's replies find this case; made once, at random."""
    row, _made = ReplyToken.objects.get_or_create(
        case=case,
        contact=contact,
        defaults={"council_id": case.council_id, "token": tokens.new(), "made_at": at},
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
        starts_data=dict(draft.starts_data),
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
    letter.message_id = tokens.message_id(
        reply_token(case=letter.case, contact=letter.to, at=at), writing.outgoing_domain(council)
    )
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


def list_old_dates(*, letters: Iterable[Letter], clock: str, gave: date, by: Actor, at: datetime) -> list[OldDate]:
    """List letters that gave a date which has moved; one that is listed already is not listed twice."""
    found = []
    for letter in letters:
        row, made = OldDate.objects.get_or_create(
            letter=letter,
            clock=clock,
            gave=gave,
            settled_at=None,
            defaults={"council_id": letter.council_id, "case_id": letter.case_id, "found_at": at, "found_by": by.name},
        )
        if made:
            found.append(row)
    return found


def settle_old_dates(*, rows: Iterable[OldDate], settled: str, by: Actor, at: datetime) -> int:
    """Write down what was done about letters that gave a date which has moved; answers how many."""
    ids = [row.pk for row in rows]
    return OldDate.objects.filter(pk__in=ids, settled_at=None).update(
        settled=settled, settled_at=at, settled_by=by.name
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


def mark_unclear(*, letter: Letter, why: str, at: datetime) -> None:
    """Write down that nobody knows whether it went; it is never sent again by itself."""
    letter.state = Letter.State.UNCLEAR
    letter.failure = why[:500]
    if letter.attempts == 0:
        # It waited when a backup was made that was put back: whoever sent it after that made the attempt.
        letter.attempts, letter.attempted_at = 1, at
    letter.save(update_fields=["state", "failure", "attempts", "attempted_at"])


def mark_failed(*, letter: Letter, why: str) -> None:
    """Write down that it did not go, and why."""
    letter.state = Letter.State.FAILED
    letter.failure = why[:500]
    letter.save(update_fields=["state", "failure"])


def mark_put_off(*, letter: Letter, why: str) -> None:
    """Write down that the carrier did not take it now; it waits to be sent again."""
    letter.state = Letter.State.RELEASED
    letter.failure = why[:500]
    letter.save(update_fields=["state", "failure"])


def mark_released_again(*, letter: Letter, channel: str) -> None:
    """Put a letter that did not go back among those to be sent, to the address that the person has now."""
    letter.state = Letter.State.RELEASED
    letter.failure = ""
    letter.attempts = 0
    letter.channel = channel
    if channel == Letter.Channel.EMAIL:
        letter.to_address = letter.to.email
    letter.save(update_fields=["state", "failure", "attempts", "channel", "to_address"])


def publish_template(
    *, council: Council, kind: str, heading: str, body: str, by: Actor, at: datetime
) -> LetterTemplate:
    """Publish a new version of a letter's text; the earlier versions stay."""
    last = (
        LetterTemplate.objects.filter(council=council, kind=kind)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
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
            ResponsePoint(council_id=stage.council_id, response=response, stage=stage, point=point) for point in points
        )
    return response


def write_response(
    *,
    response: Response,
    understanding: str,
    how_looked_into: str,
    adjustments_considered: str,
    closing: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write the words of an answer; what had passed is a draft again."""
    response.understanding = understanding
    response.how_looked_into = how_looked_into
    response.adjustments_considered = adjustments_considered
    response.closing = closing
    if response.state == Response.State.PASSED:
        response.state = Response.State.DRAFT
    response.checked_digest = ""
    response.changed_at, response.changed_by = at, by.name
    if by.id is not None and by.id not in response.writers:
        response.writers = [*response.writers, by.id]
    response.version += 1
    response.save()


def freeze_response(*, response: Response, blocks: list[dict[str, Any]], digest: str, state: str) -> None:
    """Fix the words of an answer by their digest while somebody checks it, or once it passed."""
    response.blocks = blocks
    response.checked_digest = digest
    response.state = state
    response.save(update_fields=["blocks", "checked_digest", "state"])


def open_response_again(*, response: Response, state: str) -> None:
    """Let the words of an answer be changed again."""
    response.checked_digest = ""
    response.state = state
    response.save(update_fields=["checked_digest", "state"])


def response_released(*, response: Response, letter: Letter, at: datetime) -> None:
    """Tie an answer to the letter that was released."""
    response.letter = letter
    response.state = Response.State.RELEASED
    response.changed_at = at
    response.save(update_fields=["letter", "state", "changed_at"])
