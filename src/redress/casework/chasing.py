"""Who must be reminded that an answer is due, and who must be told that it is late?

A reminder goes once for each case, clock and due date: to the holder, to whoever covers while the holder is away, else
to those who allocate. A date that moved is a new date. A late case is told to its managers once.

Example: ``remind(case=case, clock="stage-1-response", due_on=date(2026, 11, 25), when="before", by=timetable, at=at)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.roles import ROLES, Role
from redress.access.step import step
from redress.cases import clocks, events
from redress.cases import queries as case_queries
from redress.cases.models import Case
from redress.council.models import Council
from redress.council.queries import calendar_for
from redress.plumbing import later, moment
from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.staff import changes as staff_changes
from redress.staff import events as staff_events
from redress.staff import queries as staff_queries
from redress.staff.models import Notice, Officer

When = Literal["before", "day", "late"]

ALLOCATE = frozenset(role for role, info in ROLES.items() if Permission.CASE_ALLOCATE in info.permissions)
MAIL = "notice.mail"
FURTHEST = timedelta(days=90)
"""How far ahead dates are looked at; no council is reminded that early."""


class ToldAlready(Refusal):
    """This was told already."""


class NoLongerDue(Refusal):
    """This is no longer due on that day."""


class MailedAlready(Refusal):
    """This was mailed already."""


@dataclass(frozen=True)
class Due:
    """One thing to be told: which case, which clock, for which date, at what moment."""

    case: Case
    clock: str
    due_on: date
    when: When


def to_be_told(today: date, by: Actor) -> list[Due]:
    """List what must be told today and was not yet told, the nearest date first; on a day off, nothing."""
    found: list[Due] = []
    calendars: dict[int, WorkingCalendar] = {}
    for row in case_queries.open_clocks(by, until=today + FURTHEST):
        council = row.case.council
        if council.pk not in calendars:
            calendars[council.pk] = calendar_for(council)
        when = moment_of(row.due_on, today, calendars[council.pk], council)
        if row.due_on is not None and when is not None:
            found.append(Due(case=row.case, clock=row.name, due_on=row.due_on, when=when))
    told = staff_queries.told_of_prefixes({once(due.case, due.clock, due.due_on, due.when) for due in found})
    return [due for due in found if once(due.case, due.clock, due.due_on, due.when) not in told]


def moment_of(due_on: date | None, today: date, calendar: WorkingCalendar, council: Council) -> When | None:
    """Say what is to be told of a date today: that it comes, that it is here, that it has passed; or nothing."""
    if due_on is None or not calendar.is_working(today):
        return None
    if today > due_on:
        return "late"
    if today == due_on:
        return "day" if council.remind_on_the_day else None
    left = calendar.between(today, due_on)
    return "before" if 0 < left <= council.remind_before else None


def once(case: Case, clock: str, due_on: date, when: When) -> str:
    """Name what is told once: case, clock (which says the stage) and due date."""
    return f"{'late' if when == 'late' else 'remind'}:{case.pk}:{clock}:{due_on.isoformat()}:{when}"


@step(needs=Permission.TIMETABLE_REMIND, on="case")
def remind(*, case: Case, clock: str, due_on: date, when: When, by: Actor, at: datetime) -> int:
    """Remind whoever has the case that an answer is due; answers how many were told.

    Raises ``ToldAlready`` and ``NoLongerDue``.
    """
    today = moment.local(at).date()
    title = _still_due(case, clock, due_on, today)
    key = once(case, clock, due_on, when)
    words = f"{case.reference}: {_sentence(title, due_on, today, case.council)}"
    people = whom_to_remind(case, today)
    told = _tell(case, people, "reminder", key, words, by, at)
    trail.note(
        events.REMINDED,
        on=case,
        ids={"clock": clock, "due_on": due_on.isoformat(), "when": when, "officers": [one.pk for one in told]},
    )
    return len(told)


@step(needs=Permission.TIMETABLE_REMIND, on="case")
def tell_late(*, case: Case, clock: str, due_on: date, by: Actor, at: datetime) -> int:
    """Tell the managers that an answer is late, once; answers how many were told.

    Raises ``ToldAlready`` and ``NoLongerDue``.
    """
    today = moment.local(at).date()
    title = _still_due(case, clock, due_on, today)
    if today <= due_on:
        raise NoLongerDue
    holder = f"held by {case.holder.name}" if case.holder is not None else "held by nobody"
    words = f"{case.reference} is late, {holder}. {_sentence(title, due_on, today, case.council)}"
    told = _tell(case, managers(case.council, today), "late", once(case, clock, due_on, "late"), words, by, at)
    trail.note(
        events.TOLD_LATE,
        on=case,
        ids={"clock": clock, "due_on": due_on.isoformat(), "officers": [one.pk for one in told]},
    )
    return len(told)


def whom_to_remind(case: Case, today: date) -> list[Officer]:
    """Give the holder, or whoever covers while the holder is away; without either those who allocate."""
    if case.holder is not None and case.holder.is_active:
        away = staff_queries.away_on(today).get(case.holder.pk)
        if away is None:
            return [case.holder]
        if away.cover_id is not None and away.cover_id not in staff_queries.away_on(today):
            cover = staff_queries.officer(away.cover_id)
            if cover is not None and case.council_id in cover.council_ids:
                return [cover]
    return _with_role(case.council, ALLOCATE, today) or managers(case.council, today)


def managers(council: Council, today: date) -> list[Officer]:
    """Give the complaints managers of a council, or where it has none, its team leaders."""
    return _with_role(council, frozenset({Role.COMPLAINTS_MANAGER}), today) or _with_role(
        council, frozenset({Role.TEAM_LEADER}), today
    )


def _with_role(council: Council, roles: frozenset[Role], today: date) -> list[Officer]:
    held = staff_queries.memberships_on(today).filter(council=council, role__in=[role.value for role in roles])
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))


def _still_due(case: Case, clock: str, due_on: date, today: date) -> str:
    reading = clocks.readings(case, today).get(clock)
    if reading is None or not reading.is_open or reading.due != due_on or case.closed_at is not None:
        raise NoLongerDue
    return reading.title


def _sentence(title: str, due_on: date, today: date, council: Council) -> str:
    calendar = calendar_for(council)
    if today > due_on:
        return f"{title}: {dates.days_late(calendar.between(due_on, today)).lower()}, it was due {dates.say(due_on)}."
    if today == due_on:
        return f"{title}: due today, {dates.say(due_on)}."
    return f"{title}: due {dates.say(due_on)}, {dates.days_to_go(calendar.between(today, due_on)).lower()}."


def _tell(
    case: Case, people: Sequence[Officer], kind: str, key: str, words: str, by: Actor, at: datetime
) -> list[Officer]:
    """Tell these people, each once, and queue the e-mail of each; the case is locked, so nobody does it meanwhile."""
    if staff_queries.told_of_prefixes({key}):
        raise ToldAlready
    told = []
    for officer in people:
        notice = staff_changes.tell(
            council=case.council,
            officer=officer,
            kind=kind,
            once=f"{key}:{officer.pk}",
            case_reference=case.reference,
            text=words,
            by=by,
            at=at,
        )
        if notice is not None:
            queue_mail(notice)
            told.append(officer)
    return told


def queue_mail(notice: Notice) -> None:
    """Queue the e-mail of something that an officer was told."""
    later.queue(MAIL, key=f"notice:{notice.pk}", notice_id=notice.pk)


@step(needs=Permission.TIMETABLE_REMIND, on="officer")
def mail_begun(*, officer: Officer, notice: Notice, by: Actor, at: datetime) -> Notice:
    """Record that a notice goes by e-mail, before it goes: it may be lost in a crash, and never goes twice.

    It stands on the officer's desk in any case. Raises ``MailedAlready``.
    """
    row = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.mailed_at is not None or row.officer_id != officer.pk:
        raise MailedAlready
    staff_changes.notice_mailed(notice=row, at=at)
    trail.note(staff_events.NOTICE_MAILED, on=officer, ids={"notice": row.pk})
    return row


def notify(
    *, council: Council, people: Iterable[Officer], kind: str, once_key: str, text: str, by: Actor, at: datetime,
    case_reference: str = "",
) -> int:  # fmt: skip
    """Tell several people the same, each once, within an open step; answers how many had not been told."""
    told = 0
    for officer in people:
        notice = staff_changes.tell(
            council=council,
            officer=officer,
            kind=kind,
            once=f"{once_key}:{officer.pk}",
            case_reference=case_reference,
            text=text,
            by=by,
            at=at,
        )
        if notice is not None:
            queue_mail(notice)
            told += 1
    return told
