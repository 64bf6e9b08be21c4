"""What came in and is not dealt with yet, how old is it, and what should be read first?

Example: ``queue(viewer, today=date(2026, 11, 23))`` groups twelve contacts: two to read first, three whose
acknowledgement is due today or tomorrow, the rest oldest first, two that need a look.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases.clocks import readings, settings_of
from redress.cases.models import Case, Channel, PointWording
from redress.correspondence import hints
from redress.correspondence.hints import Hint
from redress.correspondence.models import Attachment, AutomaticAcknowledgement, Message, Receipt
from redress.council import queries as council_queries
from redress.council.models import Council, Mailbox
from redress.documents import queries as document_queries
from redress.documents.queries import File
from redress.people import keys
from redress.people.models import Contact
from redress.plumbing import moment, text
from redress.rulebook import clock, procedures
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.happenings import Happening

MOST = 500
"""Contacts in the queue that are looked at for one page; past it the page says so."""

CLAIM_LASTS = timedelta(minutes=30)
SNIPPET = 140
SEEN = 20_000


@dataclass(frozen=True)
class QueueRow:
    """One contact of the queue: a message, or a case that a resident sent and nobody triaged."""

    message_id: int | None
    case_reference: str
    council: Council
    who: str
    address: str
    way_in: str
    received_at: datetime
    received_on: date
    age: int
    subject: str
    snippet: str
    kind: str
    state: str
    dangers: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    due: date | None = None
    due_in: int | None = None
    claimed_by: str = ""
    claimed_at: datetime | None = None
    handled: str = ""
    unconfirmed: bool = False

    @property
    def key(self) -> str:
        """Tell this row from any other in an address: ``m12`` or ``NMR-2026-0437``."""
        return f"m{self.message_id}" if self.message_id is not None else self.case_reference


@dataclass(frozen=True)
class Queue:
    """The queue in its groups, and what its heading says."""

    danger: tuple[QueueRow, ...] = ()
    soon: tuple[QueueRow, ...] = ()
    rest: tuple[QueueRow, ...] = ()
    look: tuple[QueueRow, ...] = ()
    more: int = 0

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """Give all rows in the order in which they are shown."""
        return (*self.danger, *self.soon, *self.rest, *self.look)

    @property
    def to_log(self) -> int:
        """Count what is to be logged, without what only needs a look."""
        waiting = sum(1 for row in self.look if row.state == Message.State.TO_LOG)
        return len(self.danger) + len(self.soon) + len(self.rest) + waiting + self.more

    @property
    def oldest(self) -> int:
        """Give the age of the oldest in working days."""
        return max((row.age for row in (*self.danger, *self.soon, *self.rest)), default=0)


@dataclass(frozen=True)
class Counts:
    """How much lies in each view."""

    to_log: int
    replies: int
    aside: int
    done_today: int


def messages(viewer: Actor) -> QuerySet[Message]:
    """Keep the messages of the councils whose messages the viewer may read; a resident sees none."""
    if viewer.everywhere:
        return Message.objects.all()
    return Message.objects.filter(council_id__in=viewer.councils_where(Permission.MESSAGE_READ))


def message(viewer: Actor, message_id: int) -> Message | None:
    """Find a message that the viewer may read."""
    return messages(viewer).select_related("council", "contact", "case", "claimed_by").filter(pk=message_id).first()


def messages_of(viewer: Actor, case: Case) -> list[Message]:
    """List what came in on a case, newest first."""
    return list(messages(viewer).filter(case=case).select_related("contact").order_by("-received_at", "-pk"))


def _to_triage(viewer: Actor) -> QuerySet[Case]:
    return Case.objects.filter(
        council_id__in=viewer.councils_where(Permission.MESSAGE_READ), state=Case.State.TO_TRIAGE, now_part_of=None
    )


def to_log_count(viewer: Actor) -> int:
    """Count what waits to be logged or triaged in the viewer's councils."""
    return messages(viewer).filter(state=Message.State.TO_LOG).count() + _to_triage(viewer).count()


def counts(viewer: Actor, today: date, council_id: int | None = None) -> Counts:
    """Count what lies in each view of the queue."""
    found = messages(viewer)
    waiting = _to_triage(viewer)
    if council_id is not None:
        found, waiting = found.filter(council_id=council_id), waiting.filter(council_id=council_id)
    return Counts(
        to_log=found.filter(state=Message.State.TO_LOG).count() + waiting.count(),
        replies=found.filter(state=Message.State.TO_READ).count(),
        aside=found.filter(state=Message.State.SET_ASIDE).count(),
        done_today=found.filter(handled_at__gte=_midnight(today)).count(),
    )


def _midnight(today: date) -> datetime:
    return datetime.combine(today, time(), tzinfo=moment.LONDON)


def queue(
    viewer: Actor,
    *,
    today: date,
    at: datetime,
    council_id: int | None = None,
    channel: str = "",
    mailbox_id: int | None = None,
) -> Queue:
    """Give what is not dealt with, grouped: read first, due today or tomorrow, the rest by age, needs a look."""
    found = _narrowed(
        messages(viewer).filter(Q(state=Message.State.TO_LOG) | Q(state=Message.State.NO_ACTION, handled_at=None)),
        council_id,
        channel,
        mailbox_id,
    ).order_by("received_on", "received_at", "pk")
    rows = list(_light(found)[:MOST])
    more = max(found.count() - len(rows), 0) if len(rows) == MOST else 0
    days = _Days(today)
    known = _Known(viewer, rows)
    drawn = [_row(one, days, known, at) for one in rows]
    if mailbox_id is None and channel in ("", Channel.PORTAL):
        cases = _to_triage(viewer).select_related("council", "complainant")
        if council_id is not None:
            cases = cases.filter(council_id=council_id)
        drawn += [_case_row(case, days) for case in cases.order_by("received_on", "pk")[:MOST]]
    drawn.sort(key=lambda row: (row.received_on, row.received_at, row.key))
    return _grouped(drawn, more)


def _grouped(rows: list[QueueRow], more: int) -> Queue:
    groups: dict[str, list[QueueRow]] = defaultdict(list)
    for row in rows:
        if row.kind in (Message.Kind.UNREADABLE, Message.Kind.BOUNCE, Message.Kind.AUTO_REPLY):
            groups["look"].append(row)
        elif row.dangers:
            groups["danger"].append(row)
        elif row.due_in is not None and row.due_in <= 1:
            groups["soon"].append(row)
        else:
            groups["rest"].append(row)
    return Queue(
        danger=tuple(groups["danger"]),
        soon=tuple(sorted(groups["soon"], key=lambda row: (row.due or row.received_on, row.received_at))),
        rest=tuple(groups["rest"]),
        look=tuple(groups["look"]),
        more=more,
    )


def replies(viewer: Actor, *, today: date, at: datetime, council_id: int | None = None) -> list[QueueRow]:
    """List answers on cases that nobody has read, oldest first."""
    found = messages(viewer).filter(state=Message.State.TO_READ)
    return _plain(viewer, _narrowed(found, council_id, "", None).order_by("received_at", "pk")[:MOST], today, at)


def set_aside(viewer: Actor, *, today: date, at: datetime, council_id: int | None = None) -> list[QueueRow]:
    """List what was set aside, newest first."""
    found = messages(viewer).filter(state=Message.State.SET_ASIDE)
    return _plain(viewer, _narrowed(found, council_id, "", None).order_by("-handled_at", "-pk")[:MOST], today, at)


def done_today(viewer: Actor, *, today: date, at: datetime, council_id: int | None = None) -> list[QueueRow]:
    """List what was dealt with today, newest first."""
    found = messages(viewer).filter(handled_at__gte=_midnight(today))
    return _plain(viewer, _narrowed(found, council_id, "", None).order_by("-handled_at", "-pk")[:MOST], today, at)


def _narrowed(
    found: QuerySet[Message], council_id: int | None, channel: str, mailbox_id: int | None
) -> QuerySet[Message]:
    if council_id is not None:
        found = found.filter(council_id=council_id)
    if channel:
        found = found.filter(channel=channel)
    if mailbox_id is not None:
        found = found.filter(receipts__receipt__mailbox_id=mailbox_id, receipts__duplicate=False)
    return found


def _light(found: QuerySet[Message]) -> QuerySet[Message]:
    """Leave the whole texts in the database: the beginning is enough for a list."""
    return (
        found.defer("text", "new_text", "answers")
        .annotate(seen_text=Left(F("new_text"), SEEN))
        .select_related("council", "claimed_by", "case", "contact")
    )


def _plain(viewer: Actor, found: QuerySet[Message], today: date, at: datetime) -> list[QueueRow]:
    rows = list(
        found.defer("text", "new_text", "answers")
        .annotate(seen_text=Left(F("new_text"), 400))
        .select_related("council", "claimed_by", "case", "contact")
    )
    days = _Days(today)
    return [_row(one, days, None, at) for one in rows]


# ------------------------------------------------------------------------------------------------------------ one row


@dataclass
class _Days:
    """The calendars and first dates of each council, worked out once for a page."""

    today: date
    every: council_queries.Calendars = field(default_factory=council_queries.Calendars)
    due: dict[tuple[int, date], date | None] = field(default_factory=dict)

    def calendar(self, council: Council) -> WorkingCalendar:
        """Give the council's working calendar."""
        return self.every.of(council)

    def age(self, council: Council, received_on: date) -> int:
        """Count the working days since the day of receipt."""
        return self.calendar(council).between(received_on, self.today)

    def acknowledge_by(self, council: Council, received_on: date) -> date | None:
        """Give the day by which a complaint received then is to be acknowledged, by the procedure adopted first."""
        key = (council.pk, received_on)
        if key not in self.due:
            self.due[key] = acknowledge_by(council, received_on, self.today, self.every)
        return self.due[key]

    def until(self, council: Council, due: date | None) -> int | None:
        """Count the working days until a date; below nought when it is past."""
        if due is None:
            return None
        calendar = self.calendar(council)
        return calendar.between(self.today, due) if due >= self.today else -calendar.between(due, self.today)


COMPLAINTS = ("corporate-complaint", "housing-complaint")
"""What a council is taken to deal with as long as it has adopted nothing."""


def acknowledge_by(
    council: Council, received_on: date, today: date, calendars: council_queries.Calendars | None = None
) -> date | None:
    """Work out by the rulebook when something received on a day is to be acknowledged; None without a procedure."""
    adopted = council_queries.procedures_on(council.pk, received_on) or list(COMPLAINTS)
    dates = []
    for edition in council_queries.editions_for(council.pk, adopted, received_on):
        found = clock.read(
            edition,
            [Happening("received", on=received_on)],
            (calendars or council_queries.Calendars()).of(council, edition.working_days.calendar),
            today=today,
            settings=settings_of(council),
        )
        first = edition.clocks_of(edition.stages[0].key)[0]
        due = found[first.name].due
        if due is not None:
            dates.append(due)
    return min(dates) if dates else None


@lru_cache(maxsize=4096)
def _marks(written: str) -> tuple[tuple[str, ...], tuple[Hint, ...]]:
    return hints.dangers(written), hints.hints(written)


@dataclass
class _Known:
    """What is known of the senders of a page, read at once: earlier cases, and messages that may be copies."""

    cases: dict[tuple[int, str], int]
    waiting: dict[tuple[int, str], list[tuple[int, str]]]

    def __init__(self, viewer: Actor, rows: list[Message]) -> None:
        senders = {keys.email_key(row.from_address) for row in rows if row.from_address}
        self.cases = defaultdict(int)
        people = Contact.objects.filter(council_id__in={row.council_id for row in rows}, email_key__in=senders)
        owner = {one.pk: (one.council_id, one.email_key) for one in people}
        seen = Case.objects.visible_to(viewer).filter(Q(complainant_id__in=owner) | Q(representative_id__in=owner))
        for complainant_id, representative_id in seen.values_list("complainant_id", "representative_id"):
            key = owner.get(complainant_id) or owner.get(representative_id or 0)
            if key is not None:
                self.cases[key] += 1
        self.waiting = defaultdict(list)
        for row in rows:
            self.waiting[row.council_id, keys.email_key(row.from_address)].append((row.pk, row.subject))

    def hints(self, row: Message) -> list[Hint]:
        """Say what else is known of this sender, with the reason."""
        key = (row.council_id, keys.email_key(row.from_address))
        told = []
        if key[1] and self.cases.get(key):
            number = self.cases[key]
            told.append(Hint(f"{number} earlier case{'s' if number != 1 else ''}", "ok", "same e-mail"))
        others = [subject for pk, subject in self.waiting.get(key, ()) if pk != row.pk] if key[1] else []
        if others:
            told.append(
                Hint(
                    f"Perhaps the same as “{text.shorten(others[0], 40) or 'another'}”",
                    "soon",
                    "same sender, waiting too",
                )
            )
        return told


def _row(one: Message, days: _Days, known: _Known | None, at: datetime) -> QueueRow:
    written = f"{one.subject}\n{getattr(one, 'seen_text', '')}"
    dangers, marks = _marks(written) if known is not None else ((), ())
    told = list(known.hints(one)) if known is not None else []
    told += marks
    told += _form_hints(one)
    machine = one.kind in (Message.Kind.BOUNCE, Message.Kind.AUTO_REPLY)
    due = None if machine else days.acknowledge_by(one.council, one.received_on)
    claimed = one.claimed_by if one.claimed_at and at - one.claimed_at <= CLAIM_LASTS else None
    return QueueRow(
        message_id=one.pk,
        case_reference=one.case.reference if one.case is not None else "",
        council=one.council,
        who=one.from_name or one.from_address or "Unknown sender",
        address=one.from_address,
        way_in=str(Channel(one.channel).label),
        received_at=one.received_at,
        received_on=one.received_on,
        age=days.age(one.council, one.received_on),
        subject=text.shorten(one.subject, 120) or "(no subject)",
        snippet=text.shorten(getattr(one, "seen_text", "")[:600], SNIPPET),
        kind=one.kind,
        state=one.state,
        dangers=dangers if not machine else (),
        hints=tuple(told),
        due=due,
        due_in=days.until(one.council, due),
        claimed_by=claimed.name if claimed is not None else "",
        claimed_at=one.claimed_at if claimed is not None else None,
        handled=_handled(one),
        unconfirmed=one.unconfirmed_sender,
    )


def _form_hints(one: Message) -> list[Hint]:
    told = []
    if one.kind == Message.Kind.UNREADABLE:
        told.append(Hint("Could not be read", "ok", "kept whole, shown as text"))
    if one.kind == Message.Kind.BOUNCE:
        told.append(Hint("Undelivered, nothing opened", "ok"))
    if one.kind == Message.Kind.AUTO_REPLY:
        told.append(Hint("Automatic reply, nothing opened", "ok"))
    if one.same_identity_other_text:
        told.append(Hint("Same identity, different text", "soon", "another message has the same Message-ID"))
    if one.unconfirmed_sender:
        told.append(Hint("Unconfirmed sender", "soon", "the address is not known on the case"))
    if hints.is_member(one.from_address, one.from_name):
        told.append(Hint("Member’s enquiry", "wait", "by the sender’s address or title"))
    return told


def _handled(one: Message) -> str:
    if one.handled_at is None:
        return ""
    local = moment.local(one.handled_at)
    return f"{one.handled_because} ({one.handled_by}, {local.day} {local:%B %Y})"


def _case_row(case: Case, days: _Days) -> QueueRow:
    found = readings(case, days.today, calendars=days.every)
    due = next((reading.due for reading in found.values() if reading.is_open and reading.due is not None), None)
    points = list(
        PointWording.objects.filter(point__case=case)
        .order_by("point__number", "version")
        .values_list("text", flat=True)
    )
    written = "\n".join([case.matter, case.effect, case.outcome_sought, *points])
    dangers, marks = _marks(written)
    return QueueRow(
        message_id=None,
        case_reference=case.reference,
        council=case.council,
        who=case.complainant.name,
        address=case.complainant.email,
        way_in=str(Channel(case.channel).label),
        received_at=case.received_at,
        received_on=case.received_on,
        age=days.age(case.council, case.received_on),
        subject=case.matter,
        snippet=text.shorten(" ".join(points)[:600], SNIPPET),
        kind=Message.Kind.NEW,
        state=Message.State.TO_LOG,
        dangers=dangers,
        hints=(Hint("Sent by the portal, to be triaged", "ok", case.reference), *marks),
        due=due,
        due_in=days.until(case.council, due),
    )


# -------------------------------------------------------------------------------------------------------- one message


@dataclass(frozen=True)
class Copy:
    """A message or case that may be the same as this one, and why."""

    what: str
    why: str
    reference: str = ""
    message_id: int | None = None


def files_of(viewer: Actor, found: Message) -> list[File]:
    """List the files that came with a message, in their order."""
    ids = list(Attachment.objects.filter(message=found).order_by("position").values_list("document_id", flat=True))
    order = {pk: at for at, pk in enumerate(ids)}
    return sorted(document_queries.by_ids(viewer, ids), key=lambda one: order.get(one.id, 0))


def receipt_of(found: Message) -> Receipt | None:
    """Give the first receipt of a message: its bytes as they came."""
    return Receipt.objects.filter(read_as__message=found).select_related("council", "mailbox").order_by("pk").first()


def copies(viewer: Actor, found: Message, at: datetime) -> list[Copy]:
    """List what may be the same as this message, for a person to judge: nothing is merged."""
    told: list[Copy] = []
    key = keys.email_key(found.from_address)
    same = messages(viewer).filter(council_id=found.council_id).exclude(pk=found.pk)
    if found.digest:
        for other in same.filter(digest=found.digest).order_by("-received_at", "-pk")[:3]:
            told.append(_copy(other, "the same text"))
    if found.message_id:
        for other in same.filter(message_id=found.message_id).exclude(digest=found.digest).order_by("pk")[:3]:
            told.append(_copy(other, "same identity, different text"))
    if found.references:
        for other in same.filter(message_id__in=found.references, case=None).order_by("-received_at", "-pk")[:3]:
            told.append(_copy(other, "this one answers it"))
    if key:
        recent = same.filter(from_address__iexact=found.from_address, received_at__gte=at - timedelta(days=30))
        for other in recent.order_by("-received_at", "-pk")[:3]:
            if all(one.message_id != other.pk for one in told):
                told.append(_copy(other, "the same sender, within 30 days"))
    return told


def _copy(other: Message, why: str) -> Copy:
    return Copy(
        what=text.shorten(other.subject, 80) or "(no subject)",
        why=why,
        reference=other.case.reference if other.case is not None else "",
        message_id=other.pk,
    )


def cases_of(viewer: Actor, contact_ids: list[int]) -> list[Case]:
    """List the cases of these people, newest first."""
    return list(
        Case.objects.visible_to(viewer)
        .filter(Q(complainant_id__in=contact_ids) | Q(representative_id__in=contact_ids))
        .order_by("-received_on", "-pk")[:8]
    )


def mailbox_states(viewer: Actor) -> list[Mailbox]:
    """List the mailboxes of the viewer's councils that are read, with how their last reading went."""
    councils = viewer.councils_where(Permission.MESSAGE_READ)
    return list(
        Mailbox.objects.filter(council_id__in=councils, active=True).select_related("council").order_by("address")
    )


# ------------------------------------------------------------------------------------------------------- for the jobs


def receipts_not_read(before: datetime, limit: int = 100) -> list[Receipt]:
    """List the receipts that nobody has taken apart: what was under way when a process was killed."""
    return list(
        Receipt.objects.filter(read_as=None, received_at__lt=before)
        .select_related("council", "mailbox")
        .order_by("received_at", "pk")[:limit]
    )


def active_mailboxes() -> list[Mailbox]:
    """List the mailboxes that are read."""
    return list(Mailbox.objects.filter(active=True).select_related("council").order_by("pk"))


def automatic_acknowledgement(acknowledgement_id: int) -> AutomaticAcknowledgement | None:
    """Find an automatic acknowledgement with its message."""
    return (
        AutomaticAcknowledgement.objects.filter(pk=acknowledgement_id)
        .select_related("council", "message", "message__council")
        .first()
    )


@dataclass(frozen=True)
class Following:
    """A date that would follow from saving: what, when, why."""

    what: str
    on: date
    why: str


def dates_that_follow(council: Council, procedure: str, received_on: date, today: date) -> list[Following]:
    """Work out by the rulebook which dates a complaint received on a day would have; nothing is recorded.

    Empty where no edition holds for that day. The second date supposes that it is acknowledged today.
    """
    try:
        edition = council_queries.edition_for(council.pk, procedure, received_on)
    except (procedures.NoEdition, procedures.UnknownProcedure):
        return []
    calendar = council_queries.calendar_for(council, edition.working_days.calendar)
    settings = settings_of(council)
    received = Happening("received", on=received_on)
    stage = edition.stages[0]
    acknowledge, answer = edition.clocks_of(stage.key)[:2]
    plain = clock.read(edition, [received], calendar, today=today, settings=settings)
    told = clock.what_if(
        edition,
        [received],
        calendar,
        today=today,
        kind=stage.acknowledged_by or acknowledge.ends_with,
        on=max(today, received_on),
        settings=settings,
    )
    first, last, quick = plain[acknowledge.name].due, plain[answer.name].due, told[answer.name].due
    found = []
    if first is not None:
        found.append(Following("Acknowledge by", first, f"{acknowledge.limit} working days after the day of receipt"))
    if quick is not None:
        latest = f"; {last.day} {last:%B %Y} at the latest" if last is not None and last != quick else ""
        found.append(Following("If you acknowledge today, answer by", quick, f"{answer.limit} working days{latest}"))
    return found
