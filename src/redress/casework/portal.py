"""What can a resident do by themselves: begin a form, keep it, send it; add to their case; ask for the next stage.

A form that was begun lies in the database under the digest of a secret that only the person's browser, or the link that
was sent to them, holds. Sending it logs a case by the same function as the desk does.

Example: ``submit(council=council, secret=secret, site="https://…", by=by, at=at)`` is the case NMR-2026-0438.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import clocks
from redress.cases.models import Case, Channel
from redress.casework import documents, intake, links, triage
from redress.casework.people import kind_and_way
from redress.casework.wording import words
from redress.correspondence import changes_arrivals, events
from redress.correspondence import changes_portal as changes
from redress.correspondence.models import FormDraft, Message
from redress.council.models import Council
from redress.council.queries import calendar_for, procedures_on
from redress.documents import events as document_events
from redress.documents.models import Document
from redress.people import changes as people_changes
from redress.people import events as people_events
from redress.people import queries as people_queries
from redress.people.models import Contact
from redress.plumbing import moment, text
from redress.rulebook import clock
from redress.rulebook.happenings import Happening as Fact
from redress.rulebook.readings import Reading
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries

HOUSING = "housing-complaint"
CORPORATE = "corporate-complaint"
MOST_CHARACTERS = 100_000


class FormGone(Refusal):
    """We no longer hold this form: it was sent, or it is older than the days that we keep one."""

    do = "If you sent it, you have a reference from us. If not, begin again, or ring us: we fill it in with you."


class NotFinished(Refusal):
    """Something is still missing, so it can’t be sent yet."""

    do = "Answer what is missing; everything else is kept."


class SaysNothing(Refusal):
    """Write something, or add a file."""

    field = "words"


class TooLong(Refusal):
    """This is longer than we can take in one piece."""

    do = "Put the longer part into a document and add it as a file."


class NotOpen(Refusal):
    """This can’t be done with this link."""

    do = "Ring us or write to us; we will help."


@dataclass(frozen=True)
class Person:
    """Somebody as they gave themselves."""

    name: str
    title: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    prefers: str = ""


@dataclass(frozen=True)
class Complaint:
    """All that a form says, read from its answers by the door that knows its questions."""

    person: Person
    points: tuple[str, ...]
    representative: Person | None = None
    relation: str = ""
    authority_kind: str = "written"
    story: str = ""
    effect: str = ""
    outcome_sought: str = ""
    housing: str = ""
    adjustments: tuple[tuple[str, str], ...] = ()
    as_words: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------------------ the form


def draft_of(council: Council, secret: str, at: datetime) -> FormDraft | None:
    """Find a form that was begun by its secret: the browser's, or that of the link to come back."""
    if not 20 <= len(secret) <= links.LONGEST_TOKEN:
        return None
    digest = links.digest_of(secret)
    return (
        FormDraft.objects.filter(council=council, expires_at__gt=at)
        .filter(Q(digest=digest) | Q(link_digest=digest))
        .select_related("sent_case")
        .first()
    )


def _draft(council: Council, secret: str, at: datetime) -> FormDraft:
    """Find and lock a form that is not sent yet. Raises ``FormGone``."""
    found = draft_of(council, secret, at)
    locked = FormDraft.objects.select_for_update().filter(pk=found.pk if found else 0).first()
    if locked is None or locked.sent_case_id is not None:
        raise FormGone
    return locked


def _until(council: Council, at: datetime) -> datetime:
    return at + timedelta(days=council.link_days)


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def begin_form(*, council: Council, secret: str, answers: Mapping[str, Any], by: Actor, at: datetime) -> FormDraft:
    """Begin a form with its first answers, kept under a secret of the browser."""
    draft = changes.begin_form(council=council, digest=links.digest_of(secret), expires_at=_until(council, at), at=at)
    changes.keep_form(draft=draft, answers=_clean(answers), documents=[], expires_at=_until(council, at), at=at)
    trail.note(events.FORM_BEGUN, on=draft)
    return draft


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def keep_answers(*, council: Council, secret: str, answers: Mapping[str, Any], by: Actor, at: datetime) -> FormDraft:
    """Keep the answers of a question beside those that are kept already. Raises ``FormGone``."""
    draft = _draft(council, secret, at)
    changes.keep_form(
        draft=draft,
        answers={**draft.answers, **_clean(answers)},
        documents=list(draft.documents),
        expires_at=_until(council, at),
        at=at,
    )
    trail.note(events.FORM_KEPT, on=draft, ids={"questions": sorted(answers)})
    return draft


def _clean(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Take out of answers what can’t be stored; a form that is half filled in is kept as far as it can be."""

    def tidy(value: Any) -> Any:
        if isinstance(value, str):
            return text.clean(value).text[:MOST_CHARACTERS]
        if isinstance(value, Mapping):
            return {str(key): tidy(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [tidy(one) for one in value]
        return value if isinstance(value, bool | int) or value is None else tidy(str(value))

    return {str(key): tidy(value) for key, value in answers.items()}


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def add_files(
    *, council: Council, secret: str, uploads: Sequence[documents.Upload], by: Actor, at: datetime
) -> FormDraft:
    """Add files to a form that was begun. Raises ``FormGone`` and ``documents.NoFile``."""
    if not uploads:
        raise documents.NoFile
    draft = _draft(council, secret, at)
    rows = documents.write_rows(
        council=council, case=None, contact=None, uploads=uploads, source=Document.Source.UPLOADED, by=by, at=at
    )
    changes.keep_form(
        draft=draft,
        answers=draft.answers,
        documents=[*draft.documents, *(row.pk for row in rows)],
        expires_at=_until(council, at),
        at=at,
    )
    for row in rows:
        trail.note(document_events.ADDED, on=draft, detail={"name": row.name}, ids={"document": row.pk})
    return draft


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def remove_file(*, council: Council, secret: str, document_id: int, by: Actor, at: datetime) -> FormDraft:
    """Take a file out of a form before it is sent. Raises ``FormGone``."""
    draft = _draft(council, secret, at)
    kept = [one for one in draft.documents if one != document_id]
    changes.keep_form(draft=draft, answers=draft.answers, documents=kept, expires_at=_until(council, at), at=at)
    trail.note(events.FORM_FILE_REMOVED, on=draft, ids={"document": document_id})
    return draft


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def send_form_link(*, council: Council, secret: str, address: str, site: str, by: Actor, at: datetime) -> FormDraft:
    """Send the way back to a form to an address. Raises ``FormGone`` and ``links.NotAnAddress``."""
    address = links.an_address(address)
    draft = _draft(council, secret, at)
    if draft.portal_mails.filter(made_at__gt=at - links.WINDOW).count() >= links.MOST_TO_AN_ADDRESS:
        raise links.TooManyAsks("The link was sent several times within the last hour.")
    links.queue_form_link(draft=draft, address=address, site=site, at=at)
    return draft


# ------------------------------------------------------------------------------------------------------------- sending


def procedure_for(council: Council, housing: str, day: date) -> str:
    """Choose the procedure: that for council homes where the person says so and the council has adopted it."""
    adopted = procedures_on(council.pk, day)
    if housing == "yes" and HOUSING in adopted:
        return HOUSING
    return CORPORATE if CORPORATE in adopted or not adopted else adopted[0]


def promise(council: Council, procedure: str, today: date) -> Mapping[str, Reading]:
    """Read the clocks of a complaint as if it reached us today, to say by when we would write and answer."""
    edition = triage.edition_for(council, procedure, today)
    return clock.read(
        edition,
        [Fact("received", on=today)],
        calendar_for(council),
        today=today,
        settings=clocks.settings_of(council),
    )


def next_stage_promise(case: Case, today: date) -> Reading | None:
    """Read by when we would answer at the next stage if it were asked for today."""
    try:
        found = clocks.readings(case, today, known=[*clocks.facts(case), Fact("escalated", on=today, seq=999)])
    except clock.ImpossibleOrder:
        return None
    return found.get("stage-2-response")


@step(needs=Permission.RESIDENT_SUBMIT, on="council")
def submit(*, council: Council, secret: str, complaint: Complaint, site: str, by: Actor, at: datetime) -> Case:
    """Send a form: the person is matched or added, the case logged for triage, its files placed, its receipt recorded.

    Sent twice, it is one case. Raises ``FormGone``, ``NotFinished`` and what logging refuses.
    """
    found = draft_of(council, secret, at)
    draft = FormDraft.objects.select_for_update().filter(pk=found.pk if found else 0).first()
    if draft is None:
        raise FormGone
    if draft.sent_case is not None:
        trail.note(events.FORM_SENT, on=draft, ids={"case": draft.sent_case_id, "again": True})
        return draft.sent_case
    if not [one for one in complaint.points if one.strip()]:
        raise NotFinished("Tell us what went wrong.")
    entry = _entry(council, complaint, at)
    message = _message(council, draft, complaint, by, at)
    case = intake.log_case(council=council, entry=entry, message=message, by=by, at=at)
    writer = case.representative or case.complainant
    _honour(writer, complaint.adjustments, by, at)
    changes.form_sent(draft=draft, case=case, at=at)
    trail.note(events.FORM_SENT, on=draft, ids={"case": case.pk})
    links.queue_confirmation(case=case, contact=writer, site=site, at=at)
    return case


def _entry(council: Council, complaint: Complaint, at: datetime) -> intake.Entry:
    today = moment.local(at).date()
    stands_for = complaint.representative
    return intake.Entry(
        channel=Channel.PORTAL,
        person=_who(council, complaint.person, known=stands_for is None),
        representative=_who(council, stands_for, known=True) if stands_for is not None else None,
        authority_kind=complaint.authority_kind,
        authority_scope=complaint.relation,
        received_at=at,
        received_on=today,
        procedure=procedure_for(council, complaint.housing, today),
        points=complaint.points,
        outcome_sought=complaint.outcome_sought,
        effect=complaint.effect,
    )


def _honour(writer: Contact, adjustments: Sequence[tuple[str, str]], by: Actor, at: datetime) -> None:
    """Keep how whoever wrote wants to be dealt with: theirs, and not that of the person for whom they write."""
    standing = {(row.kind, row.text) for row in writer.adjustments.filter(ended_at=None)}
    for given, raw in adjustments:
        kind, never_by = kind_and_way(given)
        what = text.one_line(words(raw, "other"))[:300]
        if what and (kind, what) not in standing:
            row = people_changes.add_adjustment(
                contact=writer, kind=kind, words=what, review_on=None, never_by=never_by, by=by, at=at
            )
            trail.note(
                people_events.ADJUSTMENT_ADDED,
                on=writer,
                detail={"text": what},
                ids={"adjustment": row.pk, "kind": kind},
            )


def _who(council: Council, person: Person, *, known: bool) -> intake.Who:
    """Match whoever wrote when address and name are both the same and only one person has them; else they are new.

    What the form says never changes what is recorded of a person who is known: it stays in the message, for an officer.
    """
    if known and person.email:
        same = [
            one
            for one in people_queries.by_email(council.pk, person.email)
            if text.fold(one.name) == text.fold(person.name)
        ]
        if len(same) == 1:
            return intake.Who(contact=same[0])
    details = intake.Details(
        name=person.name,
        title=person.title,
        email=person.email,
        telephone=person.telephone,
        address=person.address,
        prefers=person.prefers if person.prefers in ("email", "post") else "",
    )
    return intake.Who(new=details)


def _message(council: Council, draft: FormDraft, complaint: Complaint, by: Actor, at: datetime) -> Message:
    """Write the form down as the message that it is, its answers as they were received, its files beside it."""
    writer = complaint.representative or complaint.person
    message = changes_arrivals.write_down(
        council=council,
        channel=Channel.PORTAL,
        subject=text.shorten(text.one_line(complaint.points[0]), 200),
        words=words(complaint.as_words or complaint.story, "words"),
        received_at=at,
        received_on=moment.local(at).date(),
        contact=None,
        from_name=text.one_line(words(writer.name, "name")),
        answers=_clean(complaint.answers),
        by=by,
        at=at,
    )
    trail.note(
        events.MESSAGE_RECEIVED,
        on=message,
        detail={"from": message.from_name, "subject": message.subject},
        ids={"channel": str(Channel.PORTAL), "form": draft.pk},
    )
    _attach(message, list(Document.objects.filter(council=council, pk__in=draft.documents).order_by("pk")))
    return message


def _attach(message: Message, rows: Sequence[Document]) -> None:
    for position, row in enumerate(rows):
        changes_arrivals.attach(message=message, document=row, position=position, inline=False)


# --------------------------------------------------------------------------------------------------- on one's own case


@step(needs=Permission.RESIDENT_ADD, on="case")
def add_information(
    *,
    case: Case,
    subject: str,
    said: str,
    uploads: Sequence[documents.Upload],
    by: Actor,
    at: datetime,
) -> Message:
    """Add words and files to one's own case: a message on it, and whoever holds it is told. It moves no date.

    Raises ``SaysNothing`` and ``TooLong``.
    """
    said = words(said, "words")
    if not said and not uploads:
        raise SaysNothing
    if len(said) > MOST_CHARACTERS:
        raise TooLong(f"This is longer than {MOST_CHARACTERS:,} characters.", field="words")
    contact = next(one for one in (case.complainant, case.representative) if one and one.pk == by.contact_id)
    subject = text.shorten(subject, 200)
    message = changes_arrivals.write_down(
        council=case.council,
        channel=Channel.PORTAL,
        subject=subject,
        words=said,
        received_at=at,
        received_on=moment.local(at).date(),
        contact=contact,
        from_name=contact.name,
        by=by,
        at=at,
    )
    rows = documents.write_rows(
        council=case.council, case=case, contact=contact, uploads=uploads, source=Document.Source.UPLOADED, by=by, at=at
    )
    _attach(message, rows)
    changes_arrivals.put_as_reply(message=message, case=case, contact=contact)
    trail.note(events.MESSAGE_RECEIVED, on=message, detail={"from": contact.name, "subject": subject})
    trail.note(
        events.INFORMATION_ADDED,
        on=case,
        detail={"subject": subject},
        ids={"message": message.pk, "documents": [row.pk for row in rows], "contact": contact.pk},
    )
    _tell_holder(case, message, subject, by, at)
    return message


def _tell_holder(case: Case, message: Message, subject: str, by: Actor, at: datetime) -> None:
    holder = case.holder if case.holder is not None and case.holder.is_active else None
    told = [holder] if holder is not None else staff_queries.managers_of(case.council_id, at)
    closed = " The case is closed: nothing was opened." if case.closed_at is not None else ""
    for officer in told:
        staff_changes.tell(
            council=case.council,
            officer=officer,
            kind="reply",
            once=f"message:{message.pk}:{officer.pk}",
            case_reference=case.reference,
            text=f"{text.shorten(by.name or 'The person', 80)} added something to {case.reference}: {subject}.{closed}",
            by=by,
            at=at,
        )
