"""What came in is logged as a case, added to one, passed on or set aside; nothing is ever deleted.

``log_case`` writes a case down from an ``Entry``: the desk's logging and the portal's form both end in it.

Example: ``log(council=council, message=message, entry=Entry(…), by=by, at=at)`` answers the case NMR-2026-0438.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases import events as case_events
from redress.cases.models import Case, Channel
from redress.casework import triage
from redress.casework.people import kind_and_way
from redress.casework.wording import words
from redress.correspondence import changes_arrivals as changes
from redress.correspondence import events, matching
from redress.correspondence.models import Message
from redress.council.models import Category, Council, Service
from redress.documents import changes as document_changes
from redress.documents import events as document_events
from redress.people import changes as people_changes
from redress.people import events as people_events
from redress.people import queries as people_queries
from redress.people.models import Adjustment, Authority, Contact
from redress.plumbing import moment, text
from redress.staff.models import Officer


class NotToLog(Refusal):
    """This message is not waiting to be logged any more."""

    do = "Go back to the queue and take the next one."


class NeedsReview(Refusal):
    """A contact restriction has a day of review, so it can’t be added while logging."""

    field = "adjustments"
    do = "Log the case first, then add the restriction on the person’s page with the day of review."


class NoReason(Refusal):
    """Give a reason."""

    field = "reason"


# --------------------------------------------------------------------------------------------------- handling a message


def check_to_handle(message: Message) -> None:
    """Refuse a message that somebody has dealt with meanwhile, and say who and how."""
    waiting = (Message.State.TO_LOG, Message.State.TO_READ, Message.State.NO_ACTION)
    if message.state in waiting and message.handled_at is None:
        return
    where = f" as {message.case.reference}" if message.case is not None else ""
    did = "set it aside" if message.state == Message.State.SET_ASIDE else f"dealt with it{where}"
    when = f" at {moment.local(message.handled_at):%H:%M}" if message.handled_at else ""
    raise NotToLog(f"{message.handled_by or 'Somebody'} {did}{when}. It was not logged twice.")


def place_files(message: Message, case: Case, by: Actor, at: datetime) -> None:
    """Put the files of a message on the case; they stay where they lie."""
    for attachment in message.attachments.select_related("document").order_by("position"):
        document_changes.place(document=attachment.document, case=case, point=None, by=by, at=at)
        trail.note(
            document_events.PLACED,
            on=case,
            detail={"name": attachment.document.name},
            ids={"document": attachment.document_id},
        )


@step(needs=Permission.MESSAGE_HANDLE, on=("message", "case"))
def add_to_case(*, message: Message, case: Case, by: Actor, at: datetime) -> Message:
    """Put a message on a case that exists: it is about the same matter. Opens nothing and moves no date."""
    if message.council_id != case.council_id:
        raise NotVisible
    check_to_handle(message)
    case = matching.standing(case)
    sender = matching.sender_on_case(case, None, message.from_address)
    changes.put_on_case(message=message, case=case, contact=sender, because=f"Added to {case.reference}", by=by, at=at)
    place_files(message, case, by, at)
    ids = {"message": message.pk, "case": case.pk}
    detail = {"from": message.from_address, "subject": text.shorten(message.subject, 200)}
    trail.note(events.MESSAGE_JOINED, on=case, detail=detail, ids={**ids, "found_by": "a person"})
    trail.note(events.MESSAGE_JOINED, on=message, detail=detail, ids={**ids, "found_by": "a person"})
    return message


@step(needs=Permission.MESSAGE_HANDLE, on="message")
def set_aside(*, message: Message, reason: str, by: Actor, at: datetime) -> Message:
    """Set a message aside with a reason; it is kept, and can be taken back."""
    check_to_handle(message)
    reason = words(reason, "reason")
    if not reason:
        raise NoReason("Say why it is set aside.")
    changes.set_aside(message=message, reason=reason, by=by, at=at)
    trail.note(events.MESSAGE_SET_ASIDE, on=message, detail={"reason": reason})
    return message


@step(needs=Permission.MESSAGE_HANDLE, on="message")
def belongs_elsewhere(*, message: Message, where: str, reason: str, by: Actor, at: datetime) -> Message:
    """Record that a message belongs to somebody else, to whom, and why; it is kept, and can be taken back."""
    check_to_handle(message)
    where, reason = words(where, "where"), words(reason, "reason")
    if not where:
        raise NoReason("Say where it belongs.", field="where")
    told = f"Belongs elsewhere: {where}." + (f" {reason}" if reason else "")
    changes.set_aside(message=message, reason=told, by=by, at=at)
    trail.note(events.MESSAGE_SET_ASIDE, on=message, detail={"reason": told})
    return message


@step(needs=Permission.MESSAGE_HANDLE, on="message")
def take_back(*, message: Message, by: Actor, at: datetime) -> Message:
    """Take a message that was set aside, or was looked at, back into the queue."""
    if message.case_id is not None:
        raise NotToLog(f"It is on {message.case.reference if message.case else 'a case'} and stays there.", do="")
    if message.state == Message.State.TO_LOG:
        raise NotToLog("It is in the queue already.", do="")
    changes.take_back(message=message)
    trail.note(events.MESSAGE_TAKEN_BACK, on=message)
    return message


@step(needs=Permission.MESSAGE_HANDLE, on=("message", "case"))
def mark_read(*, message: Message, case: Case | None, by: Actor, at: datetime) -> Message:
    """Mark that a reply was read, or that an automatic message needs nothing."""
    check_to_handle(message)
    if message.state == Message.State.TO_LOG and message.kind != Message.Kind.UNREADABLE:
        raise NotToLog("It waits to be logged.", do="Log it, add it to a case, or set it aside with a reason.")
    if message.state == Message.State.TO_LOG:
        raise NoReason("Set it aside with a reason: it could not be read by us, but somebody wrote it.")
    changes.mark_looked_at(message=message, because="Read", by=by, at=at)
    trail.note(events.MESSAGE_READ, on=message)
    if case is not None and case.pk == message.case_id:
        trail.note(events.MESSAGE_READ, on=case, ids={"message": message.pk})
    return message


# ------------------------------------------------------------------------------------------------------------ logging


class NoName(Refusal):
    """Say who it is: a name, or “Anonymous”."""

    field = "name"


class SamePerson(Refusal):
    """Nobody writes on behalf of themselves."""

    do = "Choose somebody else as the person who is represented, or say that they write for themselves."
    field = "represented"


class InTheFuture(Refusal):
    """The date of receipt can’t be in the future."""

    field = "received_on"


class AfterItCame(Refusal):
    """We had the message earlier than that."""

    do = "Give the first day on which any part of the council had it."
    field = "received_on"


class WrongAddress(Refusal):
    """This is not an e-mail address that can be written to."""

    do = "Check it, or leave it empty."
    field = "email"


@dataclass(frozen=True)
class Details:
    """What is known of somebody new."""

    name: str
    title: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    kind: str = "resident"
    prefers: str = ""


@dataclass(frozen=True)
class Who:
    """Somebody who is known, or somebody new."""

    contact: Contact | None = None
    new: Details | None = None


@dataclass(frozen=True)
class Entry:
    """All that is written down when a contact is logged.

    ``person`` is who is affected; ``representative`` writes for them. ``received_on`` is the first day on which any
    part of the council had it. For a call, a letter or a visit ``words`` holds what was said or written. ``answers``
    are those of the portal's form. ``request`` is told for a service request, a compliment or a comment.
    """

    channel: str
    person: Who
    received_at: datetime
    received_on: date
    procedure: str
    matter: str = ""
    points: tuple[str, ...] = ()
    outcome_sought: str = ""
    effect: str = ""
    kind: str = "complaint"
    representative: Who | None = None
    authority_kind: str = "written"
    authority_scope: str = ""
    adjustments: tuple[tuple[str, str], ...] = ()
    service: Service | None = None
    category: Category | None = None
    complained_about: tuple[Officer, ...] = ()
    subject: str = ""
    words: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    dissatisfied: bool = False
    choice: triage.Choice | None = None
    review_on: date | None = None


@step(needs=Permission.CASE_LOG, on=("council", "message"))
def log(*, council: Council, message: Message | None, entry: Entry, by: Actor, at: datetime) -> Case:
    """Log a contact: a message of the queue, or a call, a letter or a visit that is written down with it.

    A complaint is accepted at once and Stage 1 opens; anything else is treated as what it is, with its reason.
    """
    if message is not None:
        check_to_handle(message)
        if message.council_id != council.pk:
            raise NotVisible
    if not by.may(Permission.CASE_TRIAGE, council.pk):
        raise NotPermitted(Permission.CASE_TRIAGE)
    case = log_case(council=council, entry=entry, message=message, by=by, at=at)
    if entry.kind == Case.Kind.COMPLAINT:
        triage.take_as_complaint(case=case, because="", by=by, at=at)
    else:
        triage.take_as_other(
            case=case,
            kind=entry.kind,
            reason=entry.reason,
            dissatisfied=entry.dissatisfied,
            choice=entry.choice,
            review_on=entry.review_on,
            by=by,
            at=at,
        )
    return case


def log_case(*, council: Council, entry: Entry, message: Message | None, by: Actor, at: datetime) -> Case:
    """Write a case down that is still to be triaged, with its people, points, message and files.

    Needs an open step. Without a message one is written from the entry, so that one queue shows all that came in.
    The receipt is a happening at once: the clock of the acknowledgement runs from it (rules: day of receipt).
    """
    points = [wording for raw in entry.points if (wording := words(raw, "points"))]
    if entry.kind == Case.Kind.COMPLAINT and not points:
        raise triage.NoPoint
    _check_received(entry, message, at)
    edition = triage.edition_for(council, entry.procedure, entry.received_on)
    person = _contact(council, entry.person, by, at)
    representative = _contact(council, entry.representative, by, at) if entry.representative is not None else None
    if representative is not None and representative.pk == person.pk:
        raise SamePerson
    authority, asked = _authority(person, representative, entry, by, at)
    matter = words(entry.matter, "matter") or (points[0] if points else words(entry.subject, "subject"))
    case = case_changes.add_case(
        council=council,
        kind=Case.Kind.COMPLAINT,
        procedure=edition.procedure,
        edition=edition.id,
        channel=entry.channel,
        matter=text.shorten(matter, 200) or "Without a subject",
        outcome_sought=words(entry.outcome_sought, "outcome_sought"),
        effect=words(entry.effect, "effect"),
        received_at=entry.received_at,
        received_on=entry.received_on,
        complainant=person,
        representative=representative,
        authority=authority,
        service=_own(council, entry.service),
        category=_own(council, entry.category),
        by=by,
        at=at,
    )
    logged = trail.note(
        case_events.LOGGED,
        on=case,
        detail={"matter": case.matter, "points": points, "person": person.name},
        ids={"channel": entry.channel, "received_on": entry.received_on.isoformat(), "edition": edition.id},
    )
    for wording in points:
        case_changes.add_point(case=case, wording=wording, by=by, at=at)
    if asked:
        trail.note(people_events.AUTHORITY_ASKED, on=case, ids={"authority": authority.pk if authority else None})
    case_changes.add_happening(
        case=case, stage=None, kind="received", on=entry.received_on, entry=logged.id, by=by, at=at
    )
    _honour(person, entry, by, at)
    for officer in entry.complained_about:
        case_changes.add_complained_about(case=case, officer=officer, by=by, at=at)
        trail.note(case_events.COMPLAINED_ABOUT, on=case, ids={"officer": officer.pk})
    _take_message(council, case, entry, message, representative or person, by, at)
    return case


def _check_received(entry: Entry, message: Message | None, at: datetime) -> None:
    today = moment.local(at).date()
    if entry.received_on > today:
        raise InTheFuture
    if message is not None and entry.received_on > message.received_on:
        day = message.received_on
        raise AfterItCame(f"We had the message on {day.day} {day:%B %Y}; it can’t have been received later than that.")


def _own(council: Council, chosen: Any) -> Any:
    """Refuse a service or category of another council, as if it did not exist."""
    if chosen is not None and chosen.council_id != council.pk:
        raise NotVisible
    return chosen


def _contact(council: Council, who: Who, by: Actor, at: datetime) -> Contact:
    """Give the person who was chosen, or add somebody new; never merges two people."""
    if who.contact is not None:
        return people_queries.survivor(_own(council, who.contact))
    details = who.new or Details(name="")
    name = text.one_line(words(details.name, "name"))
    if not name:
        raise NoName
    if len(name) > 200:
        raise NoName("The name is longer than 200 characters.", do="Shorten it; the whole name stays in the message.")
    email = words(details.email, "email")
    if email and (email.count("@") != 1 or len(email) > 254 or any(sign.isspace() for sign in email)):
        raise WrongAddress
    contact = people_changes.add_contact(
        council=council,
        kind=details.kind,
        title=words(details.title, "title")[:40],
        name=name,
        email=email,
        telephone=words(details.telephone, "telephone")[:60],
        address=words(details.address, "address")[:2000],
        prefers=details.prefers,
        by=by,
        at=at,
    )
    trail.note(
        people_events.ADDED,
        on=contact,
        detail={
            "name": contact.name,
            "email": contact.email,
            "telephone": contact.telephone,
            "address": contact.address,
        },
    )
    return contact


def _authority(
    person: Contact, representative: Contact | None, entry: Entry, by: Actor, at: datetime
) -> tuple[Authority | None, bool]:
    if representative is None:
        return None, False
    authority, made = people_changes.ask_authority(
        person=person,
        representative=representative,
        kind=entry.authority_kind,
        scope=words(entry.authority_scope, "authority_scope")[:300],
        asked_on=moment.local(at).date(),
        by=by,
        at=at,
    )
    if made:
        trail.note(
            people_events.AUTHORITY_ASKED,
            on=person,
            ids={"authority": authority.pk, "representative": representative.pk},
        )
    return authority, made


def _honour(person: Contact, entry: Entry, by: Actor, at: datetime) -> None:
    """Add what must be honoured, each once."""
    standing = {(row.kind, row.text) for row in person.adjustments.filter(ended_at=None)}
    for given, raw in entry.adjustments:
        kind, never_by = kind_and_way(given)
        what = text.one_line(words(raw, "adjustments"))[:300]
        if what and kind == Adjustment.Kind.RESTRICTION:
            raise NeedsReview
        if what and (kind, what) not in standing:
            row = people_changes.add_adjustment(
                contact=person, kind=kind, words=what, review_on=None, never_by=never_by, by=by, at=at
            )
            trail.note(
                people_events.ADJUSTMENT_ADDED,
                on=person,
                detail={"text": what},
                ids={"adjustment": row.pk, "kind": kind},
            )


def _take_message(
    council: Council, case: Case, entry: Entry, message: Message | None, sender: Contact, by: Actor, at: datetime
) -> None:
    """Put the message on the case; a call, letter, visit or form becomes a message of its own first."""
    if message is None:
        message = changes.write_down(
            council=council,
            channel=entry.channel,
            subject=words(entry.subject, "subject") or case.matter,
            words=words(entry.words, "words"),
            received_at=entry.received_at,
            received_on=entry.received_on,
            contact=sender,
            from_name=sender.name,
            answers=entry.answers,
            by=by,
            at=at,
        )
        trail.note(
            events.MESSAGE_RECEIVED,
            on=message,
            detail={"from": sender.name, "subject": text.shorten(message.subject, 200)},
            ids={"channel": entry.channel},
        )
    changes.put_on_case(message=message, case=case, contact=sender, because=f"Logged as {case.reference}", by=by, at=at)
    place_files(message, case, by, at)
    trail.note(events.MESSAGE_LOGGED, on=message, ids={"case": case.pk})


def channel_label(channel: str) -> str:
    """Say a way in, in words."""
    return str(Channel(channel).label)
