"""What becomes of an e-mail that arrives: it is kept, understood, and joined to its case if it answers one.

An arrival of bytes is kept as a receipt before anything else is tried; parsing and storing happen outside the steps.

Example: ``take_in(raw=raw, council=council, mailbox=mailbox, source="INBOX 1204", received_at=at, by=by, at=at)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.roles import Role
from redress.access.step import step
from redress.cases.models import Case
from redress.correspondence import changes_arrivals as changes
from redress.correspondence import events, matching, writing
from redress.correspondence.models import AutomaticAcknowledgement, Message, Receipt
from redress.council import changes as council_changes
from redress.council import events as council_events
from redress.council.models import Council, Mailbox
from redress.documents import changes as document_changes
from redress.documents import events as document_events
from redress.documents.models import Document
from redress.documents.store import store
from redress.people.keys import email_key
from redress.plumbing import filetype, later, moment, text
from redress.plumbing.mail import classify, compose, parse, quoted, tokens
from redress.plumbing.mail.message import Address, ParsedMessage
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries

SCAN = "scan_document"
ACKNOWLEDGE = "automatic_acknowledgement.send"
ACKNOWLEDGE_WITHIN = timedelta(days=3)
"""An older message gets no automatic acknowledgement: a mailbox that is read for the first time holds years of them."""


class AlreadyTaken(Refusal):
    """This arrival was taken apart already."""


# ----------------------------------------------------------------------------------------------------------- arrivals


@dataclass(frozen=True)
class KeptFile:
    """A file of a message whose bytes lie in the store."""

    name: str
    content_type: str
    size: int
    sha256: str
    refused_because: str
    inline: bool


@dataclass(frozen=True)
class Taken:
    """A message as it was understood outside the step, its files stored."""

    parsed: ParsedMessage
    kind: str
    new_text: str
    files: tuple[KeptFile, ...]
    faults: tuple[str, ...]
    may_acknowledge: bool


@dataclass(frozen=True)
class Arrival:
    """What became of an arrival: its receipt, the message that it is, and whether it was there already."""

    receipt: Receipt
    message: Message
    duplicate: bool


def take_in(
    *,
    raw: bytes,
    council: Council,
    mailbox: Mailbox | None,
    source: str,
    received_at: datetime,
    by: Actor,
    at: datetime,
    acknowledge: bool = False,
    faults: tuple[str, ...] = (),
) -> Arrival:
    """Keep an arrival, then understand it: the bytes first, the receipt second, everything else after that.

    ``acknowledge`` lets an automatic acknowledgement be queued. Called by jobs and commands, outside any step.
    """
    stored = store().put(council.code, raw)
    receipt = keep_receipt(
        council=council,
        mailbox=mailbox,
        source=source,
        sha256=stored.sha256,
        size=stored.size,
        received_at=received_at,
        by=by,
        at=at,
    )
    return take_apart(receipt=receipt, raw=raw, by=by, at=at, acknowledge=acknowledge, faults=faults)


def take_apart(
    *, receipt: Receipt, raw: bytes, by: Actor, at: datetime, acknowledge: bool = False, faults: tuple[str, ...] = ()
) -> Arrival:
    """Understand a receipt that is kept: the second half of ``take_in``, and what the sweep does after a crash."""
    taken = understand(raw, council=receipt.council, faults=faults)
    try:
        message = receive_message(
            council=receipt.council, receipt=receipt, taken=taken, acknowledge=acknowledge, by=by, at=at
        )
    except AlreadyTaken:
        receipt.refresh_from_db()
        message = receipt.read_as.message
    return Arrival(receipt=receipt, message=message, duplicate=receipt.read_as.duplicate)


def understand(raw: bytes, *, council: Council, faults: tuple[str, ...] = ()) -> Taken:
    """Parse a message and put its files into the store. Never raises for what strangers wrote; slow, outside steps."""
    parsed = parse.parse(raw)
    kind = str(Message.Kind.UNREADABLE) if parsed.kind == "unreadable" else str(classify.kind(parsed))
    return Taken(
        parsed=parsed,
        kind=kind,
        new_text=quoted.split(parsed.text).new,
        files=tuple(_keep_file(council, file) for file in parsed.attachments if not file.too_large),
        faults=(*parsed.faults, *faults),
        may_acknowledge=classify.may_auto_acknowledge(parsed, own_addresses=own_addresses()),
    )


def _keep_file(council: Council, file: parse.Attachment) -> KeptFile:
    stored = store().put(council.code, file.data)
    verdict = filetype.judge(file.name, file.data)
    return KeptFile(
        name=verdict.shown_name or file.name,
        content_type=verdict.content_type,
        size=stored.size,
        sha256=stored.sha256,
        refused_because="" if verdict.ok else verdict.why,
        inline=file.inline,
    )


def own_addresses() -> frozenset[str]:
    """Give the addresses of this installation itself, to which nothing automatic is ever sent."""
    mailboxes = Mailbox.objects.order_by("pk").values_list("address", flat=True)
    councils = Council.objects.order_by("pk").values_list("email", flat=True)
    return frozenset(address.casefold() for address in (*mailboxes, *councils) if address)


@step(needs=Permission.TIMETABLE_RECEIVE, on=("council", "mailbox"))
def keep_receipt(
    *,
    council: Council,
    mailbox: Mailbox | None,
    source: str,
    sha256: str,
    size: int,
    received_at: datetime,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Keep an arrival, before anything else is tried with it. Its bytes lie in the store already."""
    receipt = changes.keep_receipt(
        council=council,
        mailbox=mailbox,
        source=source,
        sha256=sha256,
        size=size,
        received_at=min(received_at, at),
    )
    trail.note(
        events.RECEIPT_KEPT,
        on=council,
        ids={"receipt": receipt.pk, "sha256": sha256, "size": size, "mailbox": mailbox.pk if mailbox else None},
    )
    return receipt


@step(needs=Permission.TIMETABLE_RECEIVE, on=("council", "receipt"))
def receive_message(
    *, council: Council, receipt: Receipt, taken: Taken, acknowledge: bool, by: Actor, at: datetime
) -> Message:
    """Say which message a receipt is: a new one, a reply to a case, or a copy of one that is here already."""
    if hasattr(receipt, "read_as"):
        raise AlreadyTaken
    identity = taken.parsed.identity.key
    joined = matching.find(council.pk, taken.parsed)
    message = changes.add_message(council=council, identity=identity, values=_values(council, receipt, taken, joined))
    if message is None:
        message = Message.objects.get(council=council, identity=identity)
        changes.read_as(receipt=receipt, message=message, duplicate=True)
        trail.note(events.MESSAGE_DUPLICATE, on=message, ids={"receipt": receipt.pk})
        return message
    changes.read_as(receipt=receipt, message=message, duplicate=False)
    trail.note(
        events.MESSAGE_RECEIVED,
        on=message,
        detail={"from": message.from_address, "subject": text.shorten(message.subject, 200)},
        ids={"receipt": receipt.pk, "kind": message.kind},
    )
    _attach(message, taken, joined, by, at)
    if joined is not None:
        _tell_of_join(message, joined, by, at)
    elif acknowledge and taken.may_acknowledge and at - receipt.received_at <= ACKNOWLEDGE_WITHIN:
        _acknowledge_automatically(council, message, at)
    return message


def _values(council: Council, receipt: Receipt, taken: Taken, joined: matching.Joined | None) -> dict[str, Any]:
    parsed = taken.parsed
    other = (
        bool(parsed.message_id)
        and Message.objects.filter(council=council, message_id=parsed.message_id).exclude(digest=parsed.digest).exists()
    )
    kind = taken.kind
    if joined is not None and kind == Message.Kind.NEW:
        kind = Message.Kind.REPLY
    sender = matching.sender_on_case(joined.case, joined.contact, parsed.from_address) if joined else None
    machine = kind in (Message.Kind.AUTO_REPLY, Message.Kind.BOUNCE)
    return {
        "channel": "email",
        "kind": kind,
        "state": _first_state(kind, joined),
        "message_id": parsed.message_id,
        "digest": parsed.digest,
        "from_name": parsed.from_name[:300],
        "from_address": parsed.from_address[:320],
        "to": ", ".join(str(one) for one in (*parsed.to, *parsed.cc))[:20_000],
        "subject": parsed.subject,
        "text": parsed.text,
        "new_text": taken.new_text,
        "written_at": parsed.date,
        "received_at": receipt.received_at,
        "received_on": changes.received_day(receipt.received_at),
        "faults": changes.texts(taken.faults),
        "same_identity_other_text": other,
        "references": list(matching.identities(parsed)),
        "case": joined.case if joined else None,
        "contact": sender,
        "unconfirmed_sender": joined is not None and sender is None and not machine,
    }


def _first_state(kind: str, joined: matching.Joined | None) -> str:
    """Say where a message begins: a reply is to be read, a machine's opens nothing, all else is to be logged."""
    if kind == Message.Kind.BOUNCE:
        return Message.State.TO_READ if joined else Message.State.NO_ACTION
    if kind == Message.Kind.AUTO_REPLY:
        return Message.State.ON_CASE if joined else Message.State.NO_ACTION
    return Message.State.TO_READ if joined else Message.State.TO_LOG


def _attach(message: Message, taken: Taken, joined: matching.Joined | None, by: Actor, at: datetime) -> None:
    for position, file in enumerate(taken.files):
        document = document_changes.add(
            council=message.council,
            case=joined.case if joined else None,
            contact=message.contact,
            source=Document.Source.RECEIVED,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            refused_because=file.refused_because,
            by=by,
            at=at,
        )
        changes.attach(message=message, document=document, position=position, inline=file.inline)
        trail.note(
            document_events.REFUSED if file.refused_because else document_events.ADDED,
            on=message,
            detail={"name": file.name},
            ids={"document": document.pk, "sha256": file.sha256},
        )
        later.queue(SCAN, key=f"scan:{document.pk}", document_id=document.pk)


def _tell_of_join(message: Message, joined: matching.Joined, by: Actor, at: datetime) -> None:
    """Show an answer on its case, and tell whoever holds it, or held it last, or manages it."""
    case = joined.case
    trail.note(
        events.MESSAGE_JOINED,
        on=case,
        detail={"from": message.from_address, "subject": text.shorten(message.subject, 200)},
        ids={
            "message": message.pk,
            "kind": message.kind,
            "found_by": joined.found_by,
            "unconfirmed": message.unconfirmed_sender,
        },
    )
    if message.kind == Message.Kind.AUTO_REPLY:
        return
    said = _join_sentence(message, case)
    for officer in _to_be_told(case, moment.local(at).date()):
        staff_changes.tell(
            council=case.council,
            officer=officer,
            kind="bounce" if message.kind == Message.Kind.BOUNCE else "reply",
            once=f"message:{message.pk}:{officer.pk}",
            case_reference=case.reference,
            text=said,
            by=by,
            at=at,
        )


def _join_sentence(message: Message, case: Case) -> str:
    if message.kind == Message.Kind.BOUNCE:
        return f"Our letter on {case.reference} could not be delivered. Look at the address, and send it another way."
    who = text.shorten(message.from_name or message.from_address or "Somebody", 80)
    closed = " The case is closed: nothing was opened." if case.closed_at is not None else ""
    doubt = " The sender is not known on this case." if message.unconfirmed_sender else ""
    return f"{who} answered on {case.reference}.{closed}{doubt}"


def _to_be_told(case: Case, today: date) -> list[Any]:
    """Give the holder, or who held it last; with nobody, the complaints managers."""
    if case.holder is not None and case.holder.is_active:
        return [case.holder]
    managers = (
        staff_queries.memberships_on(today)
        .filter(council_id=case.council_id, role=Role.COMPLAINTS_MANAGER.value)
        .select_related("officer")
        .order_by("officer_id")
    )
    return [row.officer for row in managers]


# ------------------------------------------------------------------------------------------- automatic acknowledgements


def _acknowledge_automatically(council: Council, message: Message, at: datetime) -> None:
    """Queue a note to the sender that the message is here: once a sender and day, never to a machine."""
    if message.kind != Message.Kind.NEW:
        return
    row = changes.queue_automatic_acknowledgement(
        message=message,
        address_key=email_key(message.from_address)[:320],
        on=moment.local(at).date(),
        our_identity=f"auto-{message.pk}.{tokens.new()}@{writing.outgoing_domain(council)}",
    )
    if row is not None:
        trail.note(events.AUTOMATIC_ACKNOWLEDGEMENT, on=message, ids={"automatic_acknowledgement": row.pk})
        later.queue(ACKNOWLEDGE, key=f"auto:{row.pk}", lock=f"auto:{row.pk}", acknowledgement_id=row.pk)


def automatic_note(row: AutomaticAcknowledgement, at: datetime) -> compose.Composed:
    """Write the automatic note: that the message is here, that a person reads it, and how to reach one sooner.

    Raises ``CannotAddress`` for an address that no server takes.
    """
    council, message = row.council, row.message
    sender = own_address(message)
    lines = [
        "Thank you for writing to us. This note is automatic: it only says that your message has reached us.",
        "",
        f"A person will read it. If it is a complaint, {council.name} will write to you with what we understood, who "
        "will answer and by when.",
        "",
        f"If something cannot wait, ring {council.telephone}"
        + (f" ({council.opening_hours})." if council.opening_hours else "."),
        "If somebody is in danger now, ring 999.",
        "",
        council.name,
    ]
    return compose.compose(
        sender=Address(council.name, sender),
        to=[Address("", message.from_address)],
        subject=f"We have your message: {text.shorten(message.subject, 120)}"
        if message.subject
        else "We have your message",
        text="\n".join(lines),
        message_id=row.our_identity,
        at=at,
        in_reply_to=message.message_id,
        automatic=True,
    )


def own_address(message: Message) -> str:
    """Give the address of ours that a message came to, else the council's own."""
    receipt = Receipt.objects.filter(read_as__message=message, mailbox__isnull=False).select_related("mailbox").first()
    return receipt.mailbox.address if receipt is not None and receipt.mailbox is not None else message.council.email


@step(needs=Permission.TIMETABLE_DISPATCH, on="message")
def begin_automatic_acknowledgement(*, message: Message, acknowledgement_id: int, by: Actor, at: datetime) -> bool:
    """Write down that an automatic acknowledgement is being sent, before it leaves; false when it was begun before."""
    row = AutomaticAcknowledgement.objects.select_for_update().get(pk=acknowledgement_id, message=message)
    begun = row.state == "queued"
    if begun:
        changes.settle_automatic_acknowledgement(row=row, state="attempting")
    trail.note(events.AUTOMATIC_ACKNOWLEDGEMENT_STATE, on=message, ids={"state": row.state, "begun": begun})
    return begun


@step(needs=Permission.TIMETABLE_DISPATCH, on="message")
def settle_automatic_acknowledgement(
    *, message: Message, acknowledgement_id: int, state: str, evidence: dict[str, Any], by: Actor, at: datetime
) -> None:
    """Write down what became of an automatic acknowledgement: sent, failed, unclear, or to be tried again."""
    row = AutomaticAcknowledgement.objects.select_for_update().get(pk=acknowledgement_id, message=message)
    changes.settle_automatic_acknowledgement(row=row, state=state, evidence=evidence)
    trail.note(events.AUTOMATIC_ACKNOWLEDGEMENT_STATE, on=message, ids={"state": state})


# ---------------------------------------------------------------------------------------------------------- mailboxes


@step(needs=Permission.TIMETABLE_RECEIVE, on="mailbox")
def mailbox_read(*, mailbox: Mailbox, arrivals: int, by: Actor, at: datetime) -> None:
    """Write down that a mailbox was read, and how much came."""
    council_changes.mailbox_read(mailbox=mailbox, at=at)
    trail.note(council_events.MAILBOX_READ, on=mailbox, ids={"mailbox": mailbox.pk, "arrivals": arrivals})


@step(needs=Permission.TIMETABLE_RECEIVE, on="mailbox")
def mailbox_failed(*, mailbox: Mailbox, why: str, by: Actor, at: datetime) -> None:
    """Write down that a mailbox could not be read, and tell managers and system administrators once a day."""
    council_changes.mailbox_failed(mailbox=mailbox, why=why, at=at)
    trail.note(council_events.MAILBOX_FAILED, on=mailbox, ids={"mailbox": mailbox.pk, "failures": mailbox.failures})
    today = moment.local(at).date()
    roles = (Role.COMPLAINTS_MANAGER.value, Role.SYSTEM_ADMINISTRATOR.value)
    told = staff_queries.memberships_on(today).filter(council_id=mailbox.council_id, role__in=roles)
    for officer_id in sorted(set(told.values_list("officer_id", flat=True))):
        officer = staff_queries.officer(officer_id)
        if officer is not None:
            staff_changes.tell(
                council=mailbox.council,
                officer=officer,
                kind="mailbox",
                once=f"mailbox:{mailbox.pk}:{today.isoformat()}:{officer_id}",
                case_reference="",
                text=f"The mailbox {mailbox.address} can’t be read: {mailbox.last_failure}",
                by=by,
                at=at,
            )
