"""Small writes to the tables of what came in; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from redress.access.actor import Actor
from redress.cases.models import Case, Channel
from redress.correspondence.models import Attachment, AutomaticAcknowledgement, Message, Receipt, ReceiptOf
from redress.council.models import Council, Mailbox
from redress.documents.models import Document
from redress.people.models import Contact
from redress.plumbing import moment, text
from redress.staff.models import Officer


def keep_receipt(
    *, council: Council, mailbox: Mailbox | None, source: str, sha256: str, size: int, received_at: datetime
) -> Receipt:
    """Write down that bytes arrived; they lie in the store already."""
    return Receipt.objects.create(
        council=council,
        mailbox=mailbox,
        source=text.shorten(source, 300) or "without a name",
        sha256=sha256,
        size=size,
        received_at=received_at,
    )


def add_message(*, council: Council, identity: str, values: dict[str, Any]) -> Message | None:
    """Write a message down; None when this council has it already, also when that happened this very moment."""
    if identity and Message.objects.filter(council=council, identity=identity).exists():
        return None
    try:
        # A savepoint: of two pollers that read one message at once the second is told here, and goes on.
        with transaction.atomic():
            return Message.objects.create(council=council, identity=identity, **values)
    except IntegrityError:
        if Message.objects.filter(council=council, identity=identity).exists():
            return None
        raise


def read_as(*, receipt: Receipt, message: Message, duplicate: bool) -> ReceiptOf:
    """Say which message a receipt turned out to be."""
    return ReceiptOf.objects.create(
        council_id=receipt.council_id, receipt=receipt, message=message, duplicate=duplicate
    )


def attach(*, message: Message, document: Document, position: int, inline: bool) -> Attachment:
    """Tie a file to the message that it came with."""
    return Attachment.objects.create(
        council_id=message.council_id, message=message, document=document, position=position, inline=inline
    )


def write_down(
    *,
    council: Council,
    channel: str,
    subject: str,
    words: str,
    received_at: datetime,
    received_on: date,
    contact: Contact | None,
    from_name: str,
    answers: dict[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Message:
    """Write down what came by telephone, letter, visit or the portal's form, as a message of its own."""
    return Message.objects.create(
        council=council,
        channel=channel,
        kind=Message.Kind.NEW,
        state=Message.State.TO_LOG,
        from_name=text.shorten(from_name, 300),
        from_address=contact.email[:320] if contact is not None else "",
        subject=subject,
        text=words,
        new_text=words,
        received_at=received_at,
        received_on=received_on,
        contact=contact,
        answers=answers or {},
    )


def put_on_case(
    *, message: Message, case: Case, contact: Contact | None, because: str, by: Actor, at: datetime
) -> None:
    """Put a message on a case: it has been dealt with as far as the queue goes."""
    message.case = case
    if contact is not None:
        message.contact = contact
    _handled(message, Message.State.ON_CASE, because, by, at)


def set_aside(*, message: Message, reason: str, by: Actor, at: datetime) -> None:
    """Put a message aside with a reason; it is kept and can be taken back."""
    _handled(message, Message.State.SET_ASIDE, reason, by, at)


def mark_looked_at(*, message: Message, because: str, by: Actor, at: datetime) -> None:
    """Mark that somebody has looked at an automatic message, or read a reply."""
    state = Message.State.ON_CASE if message.case_id is not None else Message.State.NO_ACTION
    _handled(message, state, because, by, at)


def take_back(*, message: Message) -> None:
    """Put a message back among those to be logged."""
    message.state = Message.State.TO_LOG
    message.handled_at = None
    message.handled_by = ""
    message.handled_because = ""
    message.version += 1
    message.save(update_fields=["state", "handled_at", "handled_by", "handled_because", "version"])


def _handled(message: Message, state: str, because: str, by: Actor, at: datetime) -> None:
    message.state = state
    message.handled_at = at
    message.handled_by = by.name or "The resident"
    message.handled_because = text.shorten(because, 300)
    message.claimed_by = None
    message.claimed_at = None
    message.version += 1
    message.save()


def claim(*, message: Message, officer: Officer, at: datetime) -> None:
    """Say that an officer has this open to log it."""
    message.claimed_by = officer
    message.claimed_at = at
    message.save(update_fields=["claimed_by", "claimed_at"])


def let_go(*, message: Message) -> None:
    """Say that nobody has this open any longer."""
    message.claimed_by = None
    message.claimed_at = None
    message.save(update_fields=["claimed_by", "claimed_at"])


def queue_automatic_acknowledgement(
    *, message: Message, address_key: str, on: date, our_identity: str
) -> AutomaticAcknowledgement | None:
    """Write down that a sender is to be told automatically; None when that was done already on this day."""
    row, made = AutomaticAcknowledgement.objects.get_or_create(
        council_id=message.council_id,
        address_key=address_key,
        on=on,
        defaults={"message": message, "our_identity": our_identity},
    )
    return row if made else None


def settle_automatic_acknowledgement(
    *, row: AutomaticAcknowledgement, state: str, evidence: dict[str, Any] | None = None
) -> None:
    """Write down what became of an automatic acknowledgement."""
    row.state = state
    row.evidence = evidence or {}
    row.save(update_fields=["state", "evidence"])


def channel_words(channel: str) -> str:
    """Say a way in, in words: "E-mail"."""
    return str(Channel(channel).label)


def received_day(received_at: datetime) -> date:
    """Give the day in London on which something arrived."""
    return moment.local(received_at).date()


def texts(faults: Sequence[str]) -> list[str]:
    """Cut what was wrong with a message to what its column holds."""
    return [text.shorten(fault, 200) for fault in faults][:40]


def put_as_reply(*, message: Message, case: Case, contact: Contact) -> None:
    """Put what a person added to their own case on it, to be read by an officer."""
    message.kind = Message.Kind.REPLY
    message.state = Message.State.TO_READ
    message.case = case
    message.contact = contact
    message.save(update_fields=["kind", "state", "case", "contact"])
