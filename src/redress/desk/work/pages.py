"""What do the lists of work show?

Page data only: worked out here from queries, drawn by templates that never query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases import clocks
from redress.cases.queries import Load, WorkPage, WorkRow
from redress.plumbing import moment
from redress.plumbing.look import ribbon
from redress.plumbing.look.frame import Group, ListRow, NavItem
from redress.rulebook import dates, lines
from redress.rulebook.calendar import england_and_wales
from redress.rulebook.readings import Reading
from redress.rulebook.severity import GROUPS, meaning, severity
from redress.staff.queries import Away, Notice
from redress.tasks.queries import Asked

PROCEDURES = {"corporate-complaint": "", "housing-complaint": "Housing, "}


@dataclass(frozen=True)
class LoadRow:
    """How much an officer has; the name opens exactly the cases that are counted."""

    load: Load
    href: str
    away: str


@dataclass(frozen=True)
class WorkListPage:
    """A list of cases with its views, its sentence of truth and what stands beside it."""

    heading: str
    sentence: str
    views: tuple[NavItem, ...]
    groups: tuple[Group, ...]
    total: int
    shown: str
    next_href: str
    with_holder: bool
    with_council: bool
    notices: tuple[Notice, ...] = ()
    away: tuple[Away, ...] = ()
    promises: Sequence[object] = ()
    workload: Sequence[LoadRow] = ()
    unread: int = 0
    may_log: bool = False
    empty: str = ""
    empty_more: str = ""


def workload_rows(loads: Sequence[Load], base: str, away: Mapping[int, Away]) -> tuple[LoadRow, ...]:
    """Draw who has how much, with who is away and who covers."""
    found = []
    for load in loads:
        gone = away.get(load.officer_id or 0)
        words = ""
        if gone is not None:
            words = f"Away until {dates.plain(gone.ends_on)}"
            words += f", {gone.cover_name} covers" if gone.cover_name else ", nobody covers"
        who = load.officer_id if load.officer_id is not None else ""
        href = f"{base}?{urlencode({'holder': who})}" if who else f"{base}?view=nobody"
        found.append(LoadRow(load, href, words))
    return tuple(found)


def groups_of(found: WorkPage, viewer: Actor) -> tuple[Group, ...]:
    """Group the rows of a page by severity, the most pressing first."""
    groups: list[Group] = []
    for code in GROUPS:
        rows = [row for row in found.rows if row.severity.group == code]
        if rows:
            groups.append(
                Group(
                    severity=code,
                    rows=[list_row(row, viewer) for row in rows],
                    title=GROUPS[code][0],
                    meaning="" if code == "ok" else meaning(code, clocks.settings_of(rows[0].case.council)),
                )
            )
    return tuple(groups)


def list_row(row: WorkRow, viewer: Actor) -> ListRow:
    """Draw one case as a row: what is to be done next is the link."""
    case, reading = row.case, row.reading
    stage = _stage_words(row)
    day, length = ribbon.counted(reading) if reading is not None else (None, None)
    return ListRow(
        next=next_action(row),
        href=next_href(row, viewer),
        who=case.complainant.name + (f", by {case.representative.name}" if case.representative else ""),
        reference=case.reference,
        matter=case.matter,
        note=_note(row, viewer),
        flag="",
        hint=_hint(row),
        due=row.severity.words if reading is not None else "No date",
        due_day=_due_day(reading),
        day=min(day, length or day) if day is not None else None,
        length=length,
        over=row.severity.days_late,
        clock=stage,
        council_code=case.council.code,
        council_name=case.council.short_name,
        holder=case.holder.name if case.holder else "Nobody",
        case_href=reverse("desk:case", args=[case.reference]),
        select=case.reference,
    )


def _due_day(reading: Reading | None) -> str:
    """Say the date due for a list; since when a clock is paused that has none."""
    if reading is None:
        return ""
    if reading.state == "paused" and reading.paused_since is not None:
        return f"since {dates.short(reading.paused_since)}"
    return dates.short(reading.due) if reading.due is not None else ""


def _note(row: WorkRow, viewer: Actor) -> str:
    case = row.case
    if row.reading is not None and row.reading.state == "paused":
        asked = lines.ASKED.get(row.reading.more.paused_by, "Something is awaited")
        return f"{asked}. No time runs until then"
    if case.waiting_for:
        return f"Waiting for {case.waiting_for}. The clock keeps running"
    if row.severity.group == "new" and case.held_since is not None:
        whose = "Yours" if case.holder_id == viewer.id else "Held"
        return f"{whose} since {dates.say(moment.local(case.held_since).date())}"
    return ""


def _stage_words(row: WorkRow) -> str:
    case = row.case
    if case.kind != case.Kind.COMPLAINT:
        return case.get_kind_display()
    where = row.clock_title or ("Answered, promises open" if case.state == case.State.ANSWERED else "Not triaged")
    return f"{PROCEDURES.get(case.procedure, '')}{where}"


def _hint(row: WorkRow) -> str:
    if row.unclear:
        return "The dates are unclear and need mending"
    extended = ribbon.extended_words(row.reading) if row.reading is not None else ""
    return f"Extended by {extended}" if extended else ""


def next_action(row: WorkRow) -> str:
    """Say what is to be done next: what the holder wrote, else what the case itself says."""
    case = row.case
    if case.state == case.State.TO_TRIAGE:
        return "Decide what it is"
    if row.reading is not None and row.reading.state == "unclear":
        return "Put the dates right"
    if row.reading is not None and row.reading.name.endswith("-acknowledgement"):
        return "Acknowledge"
    if case.next_action:
        return case.next_action
    if case.state == case.State.ANSWERED:
        return "Keep what was promised"
    return "Read and make a plan" if case.holder_id else "Allocate it to an officer"


def next_href(row: WorkRow, viewer: Actor) -> str:
    """Give the page on which the next action is done, where this viewer may do it; else the case."""
    case = row.case
    if row.reading is not None and row.reading.state == "unclear" and case.state != case.State.TO_TRIAGE:
        return reverse("desk:case", args=[case.reference]) + "#clocks"
    acknowledges = row.reading is not None and row.reading.name.endswith("-acknowledgement")
    if acknowledges and viewer.may(Permission.CASE_ACKNOWLEDGE, case.council_id):
        return reverse("desk:acknowledge", args=[case.reference])
    if case.holder_id is None and viewer.may(Permission.CASE_ALLOCATE, case.council_id):
        return reverse("desk:allocate", args=[case.reference])
    return reverse("desk:case", args=[case.reference])


def truth(found: WorkPage, today: date) -> str:
    """Say in one sentence how the list stands and where to start."""
    counts = Counter(str(row.severity.group) for row in found.rows)
    said = [
        f"{counts[code]} {words}"
        for code, words in (("crit", "critically overdue"), ("late", "overdue"), ("soon", "due soon"))
        if counts[code]
    ]
    if not found.rows:
        return ""
    first = found.rows[0]
    name = first.case.complainant.name
    listed = f"{', '.join(said)}. " if said else "Nothing is late. "
    if said:
        return f"{listed}Start with {name}."
    if first.reading is not None and first.reading.due is not None:
        return f"{listed}The next date is {dates.say(first.reading.due)}."
    return listed.strip()


def next_page(base: str, found: WorkPage, query: dict[str, str]) -> str:
    """Give the address of the next page of a list; the place is kept by date and number."""
    if found.next_after is None:
        return ""
    due, last = found.next_after
    return f"{base}?{urlencode({**query, 'after': f'{due.isoformat()}.{last}'})}"


@dataclass(frozen=True)
class OwedRow:
    """A question that a service still owes an answer to."""

    task: Asked
    href: str
    words: str
    code: str


def owed_row(task: Asked, today: date) -> OwedRow:
    """Say how pressing a question is."""
    pressing = severity(task.due_on, today, england_and_wales())
    return OwedRow(task, reverse("desk:task", args=[task.id]), pressing.words, pressing.group)
