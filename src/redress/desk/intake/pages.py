"""What the pages of the queue and of logging show, as plain values.

Example: ``views_of(counts, "replies")`` is the row of views with "Replies on cases 7" marked as current.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from redress.correspondence.hints import Hint
from redress.correspondence.queries_arrivals import Counts, Following, Queue, QueueRow
from redress.plumbing import moment
from redress.plumbing.look.frame import Action, FileRow, Honour, NavItem, Then
from redress.plumbing.look.words import clock_time, counted, day, short_day

VIEWS = (("to-log", "To log"), ("replies", "Replies on cases"), ("aside", "Set aside"), ("done", "Done today"))


@dataclass(frozen=True)
class Line:
    """A row of the queue as it is drawn."""

    href: str
    who: str
    way: str
    age: str
    subject: str
    snippet: str
    dangers: str
    hints: tuple[Hint, ...]
    due: str
    due_day: str
    council_name: str
    council_code: str
    claimed: str
    handled: str
    case: str
    case_href: str
    open: bool


@dataclass(frozen=True)
class Band:
    """A group of the queue: its severity, title, meaning and rows."""

    code: str
    title: str
    meaning: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class QueuePage:
    """Everything that the queue's page shows."""

    view: str
    lead: str
    views: list[NavItem]
    councils: list[NavItem]
    bands: list[Band]
    mailboxes: str
    failing: list[str]
    more: str
    pane: Any
    requests: int


@dataclass(frozen=True)
class Pane:
    """The message that is open beside the list."""

    message: Any
    subject: str
    claimed: str
    held_by_me: bool
    received: str
    new_text: str
    quoted: str
    faults: tuple[str, ...]
    files: list[FileRow]
    known: list[Any]
    cases: list[Any]
    copies: list[Any]
    hints: tuple[Hint, ...]
    dangers: tuple[str, ...]
    actions: list[Action]
    original: str
    claim: str


def address(**given: str) -> str:
    """Give the address of the queue with these choices; empty ones are left out."""
    chosen = {name: value for name, value in given.items() if value}
    return reverse("desk:intake") + (f"?{urlencode(chosen)}" if chosen else "")


def case_address(reference: str) -> str:
    """Give the address of a case's page."""
    return reverse("desk:case", args=[reference])


def views_of(counts: Counts, view: str, council: str) -> list[NavItem]:
    """Build the row of views with their counts."""
    numbers = {
        "to-log": counts.to_log,
        "replies": counts.replies,
        "aside": counts.aside,
        "done": counts.done_today,
    }
    return [
        NavItem(label, address(view="" if code == "to-log" else code, council=council), numbers[code], code == view)
        for code, label in VIEWS
    ]


def bands_of(found: Queue, *, opened: str, council: str, several: bool, today: date) -> list[Band]:
    """Group the queue as it is read: danger, due, the rest, what needs a look."""
    groups = (
        ("crit", "Read first", "words that may mean danger; a person decides", found.danger),
        ("soon", "Acknowledgement due today or tomorrow", "or late already", found.soon),
        ("ok", "The rest", "oldest first", found.rest),
        ("wait", "Needs a look", "not a complaint as it stands", found.look),
    )
    return [
        Band(code, title, meaning, tuple(line_of(row, opened, council, "", several, today) for row in rows))
        for code, title, meaning, rows in groups
        if rows
    ]


def line_of(row: QueueRow, opened: str, council: str, view: str, several: bool, today: date) -> Line:
    """Draw one row."""
    href = address(view=view, council=council, open=row.key) + "#reading"
    if row.message_id is None:
        href = reverse("desk:triage", args=[row.case_reference])
    due, due_day = _due(row)
    return Line(
        href=href,
        who=row.who,
        way=f"{row.way_in}, {_when(row.received_at, today)}",
        age=f"{row.age} working day{'s' if row.age != 1 else ''} old" if row.age else "",
        subject=row.subject,
        snippet=row.snippet,
        dangers=", ".join(one.partition(": ")[2] for one in row.dangers),
        hints=row.hints,
        due=due,
        due_day=due_day,
        council_name=row.council.short_name if several else "",
        council_code=row.council.code,
        claimed=_claimed(row.claimed_by, row.claimed_at),
        handled=row.handled,
        case=row.case_reference if row.message_id is not None else "",
        case_href=_case(row.case_reference) if row.message_id is not None else "",
        open=row.key == opened,
    )


def _case(reference: str) -> str:
    try:
        return case_address(reference) if reference else ""
    except NoReverseMatch:
        return ""


def _due(row: QueueRow) -> tuple[str, str]:
    if row.due is None or row.due_in is None:
        return "Nothing to acknowledge", ""
    if row.due_in < 0:
        words = f"{counted(-row.due_in, 'working day')} late"
    else:
        words = {0: "Today", 1: "Next working day"}.get(row.due_in, f"In {row.due_in} working days")
    return words, short_day(row.due)


def _when(at: datetime, today: date) -> str:
    local = moment.local(at)
    if local.date() == today:
        return f"today {clock_time(local)}"
    return f"{day(local)}, {clock_time(local)}"


def _claimed(name: str, at: datetime | None) -> str:
    return f"{name} has had this open since {clock_time(moment.local(at))}" if name and at is not None else ""


def lead_of(found: Queue) -> str:
    """Say in one sentence what waits."""
    if not found.rows:
        return ""
    parts = [f"oldest {counted(found.oldest, 'working day')}."]
    if found.danger:
        parts.append(f"{len(found.danger)} to read first.")
    if found.soon:
        parts.append(f"{counted(len(found.soon), 'acknowledgement')} due today or tomorrow.")
    return " ".join(parts)


def mailboxes_of(states: Sequence[Any], at: datetime) -> tuple[str, list[str]]:
    """Say when the mailboxes were last read, and which of them fail, since when and why."""
    failing = [
        f"{one.address} can’t be read: {one.last_failure} Last read {_read(one.last_success_at)}. "
        "The complaints managers and system administrators were told."
        for one in states
        if one.last_failure
    ]
    read = [one.last_success_at for one in states if one.last_success_at is not None and not one.last_failure]
    if not states:
        return "No mailbox is read by itself. Mail can be taken in with redress mail import.", failing
    if len(read) < len(states):
        return f"{len(read)} of {counted(len(states), 'mailbox', 'mailboxes')} read.", failing
    last = min(read)
    which = "The mailbox was" if len(states) == 1 else f"All {len(states)} mailboxes were"
    return f"{which} read at {clock_time(moment.local(last))}.", failing


def _read(at: datetime | None) -> str:
    return f"{day(moment.local(at))} at {clock_time(moment.local(at))}" if at is not None else "never"


def file_rows(files: Sequence[Any], href: Any) -> list[FileRow]:
    """Draw files: only what may be opened is a link."""
    return [
        FileRow(
            name=one.name,
            size=one.size,
            href=href(one) if one.may_open else "",
            scan=_scan(one),
            note=one.why if not one.may_open and one.scan == "" else "",
        )
        for one in files
    ]


def _scan(file: Any) -> Any:
    """Say how a file stands: one may be opened unscanned where there is no scanner, and that is said plainly."""
    if file.may_open:
        return "clean" if file.scan == "clean" or file.source == "made" else "unscanned"
    return "infected" if file.scan == "infected" else "waiting"


def then_of(dates: Sequence[Following]) -> list[Then]:
    """Draw the dates that follow."""
    return [Then(one.what, f"{one.on:%A} {day(one.on)}", one.why) for one in dates]


def honours_of(rows: Sequence[Any]) -> list[Honour]:
    """Draw what must be honoured."""
    return [Honour(f"{row.get_kind_display()}:", row.text) for row in rows]
