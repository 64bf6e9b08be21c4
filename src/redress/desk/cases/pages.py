"""What does the page of a case show?

Everything is worked out here from queries; the template only draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.step import can
from redress.cases import clocks, queries
from redress.cases.queries import Case, PointState, Readings, Stage
from redress.casework import believed, case_details, tasks
from redress.casework.believed import Correction
from redress.correspondence import queries_arrivals, queries_letters
from redress.desk.cases import actions, old_dates, reasons, subject, timeline
from redress.desk.cases.reasons import ClockLine
from redress.documents import queries as document_queries
from redress.learning import queries as learning_queries
from redress.people import queries as people_queries
from redress.plumbing import moment
from redress.plumbing.look.frame import Action, Entry, FileRow, NavItem
from redress.rulebook import dates
from redress.rulebook.calendar import CALENDARS
from redress.rulebook.editions import Edition
from redress.rulebook.severity import severity
from redress.tasks import queries as task_queries
from redress.tasks.queries import Asked


@dataclass(frozen=True)
class TaskLine:
    """A task on the page of its case: how it stands in words, and how pressing that is."""

    task: Asked
    state: str
    code: str
    href: str
    chase: Action | None


@dataclass(frozen=True)
class Person:
    """Somebody on the case, the part they play, and whether they may be spoken to about it."""

    part: str
    contact: object
    standing: str = ""


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of a case."""

    head: subject.Head
    case: Case
    stage: Stage | None
    stages: Sequence[Stage]
    holder: str
    closed: str
    sections: tuple[NavItem, ...]
    readings: Readings
    clocks_open: tuple[ClockLine, ...]
    clocks_done: tuple[ClockLine, ...]
    clocks_expected: tuple[ClockLine, ...]
    clocks_not_started: tuple[ClockLine, ...]
    corrections: tuple[Correction, ...]
    has_history: bool
    no_pause: str
    points: tuple[dict[str, object], ...]
    withdrawn: Sequence[PointState]
    agreed_words: str
    calendar: str
    old_dates: tuple[old_dates.Line, ...]
    printed: str
    tasks: tuple[TaskLine, ...]
    files: tuple[FileRow, ...]
    letters: Sequence[object]
    messages: Sequence[object]
    promises: Sequence[object]
    notes: Sequence[object]
    people: tuple[Person, ...]
    holders: Sequence[object]
    about: Sequence[object]
    timeline: tuple[Entry, ...]
    timeline_total: int
    main: Action | None
    actions: tuple[Action, ...]
    note: Action | None
    linked: Sequence[tuple[Case, str]]
    earlier: Sequence[Case]
    may_change: bool
    may_link: bool
    may_correct: bool
    may_read_trail: bool


def case_page(by: Actor, case: Case, today: date) -> CasePage:
    """Work out the whole page of a case."""
    stage = queries.open_stage(case)
    points = queries.points_of(case)
    rows = clocks.happenings_of(case)
    known, edition, calendar = clocks.facts_from(rows), clocks.edition_of(case), clocks.calendar_of(case)
    readings = queries.readings_of(case, today, known=known, calendar=calendar)
    running, done, not_started = reasons.lines_of(edition, readings, known, calendar, clocks.settings_of(case.council))
    lines = trail.read(case)
    main, rest = actions.actions_for(by, case, stage, points, today)
    asked = tuple(task_line(one, by, case, today) for one in task_queries.of_case(by, case))
    files = tuple(file_row(file) for file in document_queries.of_case(by, case))
    promises = learning_queries.of_case(by, case)
    notes = queries.notes_of(case)
    open_points = [point for point in points if not point.withdrawn]
    return CasePage(
        head=subject.head(by, case, today),
        case=case,
        stage=stage,
        stages=queries.stages_of(case),
        holder=holder_words(case),
        closed=closed_words(case, learning_queries.open_promises(case)),
        sections=_sections(len(open_points), len(asked), len(files), len(promises), len(notes), len(lines)),
        readings=readings,
        clocks_open=running,
        clocks_done=done,
        clocks_expected=tuple(line for line in not_started if line.reading.due is not None),
        clocks_not_started=tuple(line for line in not_started if line.reading.due is None),
        corrections=believed.corrections_among(rows),
        has_history=bool(rows) and case.kind == Case.Kind.COMPLAINT,
        no_pause=_no_pause(case, readings, edition),
        points=tuple(draw_point(point, by, case, stage) for point in open_points),
        withdrawn=[point for point in points if point.withdrawn],
        agreed_words=_agreed(case, queries.agreed_on(points)),
        calendar=_calendar(case) if readings.open else "",
        old_dates=old_dates.lines(by, case, readings),
        printed=dates.plain(today),
        tasks=asked,
        files=files,
        letters=queries_letters.letters_of(by, case),
        messages=queries_arrivals.messages_of(by, case),
        promises=promises,
        notes=notes,
        people=_people(by, case, today),
        holders=queries.holders_of(case),
        about=queries.complained_about(case),
        timeline=timeline.timeline_of(timeline.newest(lines)),
        timeline_total=len(lines),
        main=main,
        actions=rest,
        note=next((one for one in rest if one.key == "N"), None),
        linked=queries.linked(by, case),
        earlier=queries.earlier_of(by, case.complainant_id, but=case.pk),
        may_change=bool(can(case_details.change, by, case=case)) and case.closed_at is None,
        may_link=bool(can(case_details.link, by, case=case)),
        may_correct=bool(can(case_details.correct_date, by, case=case)),
        may_read_trail=by.may(Permission.TRAIL_READ, case.council_id),
    )


def _sections(points: int, asked: int, files: int, promises: int, notes: int, entries: int) -> tuple[NavItem, ...]:
    return (
        NavItem("Clocks", "#clocks"),
        NavItem("Points", "#points", points),
        NavItem("Tasks", "#tasks", asked),
        NavItem("Documents", "#documents", files),
        NavItem("Letters and messages", "#letters"),
        NavItem("Promises", "#promises", promises),
        NavItem("Notes", "#notes", notes),
        NavItem("People", "#people"),
        NavItem("Timeline", "#timeline", entries),
    )


def _no_pause(case: Case, readings: Readings, edition: Edition) -> str:
    """Say that the clock keeps running while the case waits; nothing where no time runs."""
    if not case.waiting_for or not readings.open or any(one.state == "paused" for one in readings.open):
        return ""
    return edition.pauses.says


def _calendar(case: Case) -> str:
    name = CALENDARS[clocks.edition_of(case).working_days.calendar]
    return f"Calendar used: {name}, {case.council.short_name}"


def _agreed(case: Case, on: date | None) -> str:
    return f"Agreed with {subject.called(case)}, {dates.plain(on)}" if on is not None else ""


def holder_words(case: Case) -> str:
    """Say who holds the case and since when."""
    if case.holder is None or case.held_since is None:
        return "Nobody holds this case."
    return f"Held by {case.holder.name} since {dates.plain(moment.local(case.held_since).date())}."


def closed_words(case: Case, promises: int) -> str:
    """Say that a case is closed, how it ended, and what is still promised; nothing for an open one."""
    if case.closed_at is None:
        return ""
    said = f"Closed {dates.plain(moment.local(case.closed_at).date())}, {case.get_outcome_display().lower()}."
    if promises:
        said += f" {promises} promise{' is' if promises == 1 else 's are'} open."
    return said


def draw_point(point: PointState, by: Actor, case: Case, stage: Stage | None) -> dict[str, object]:
    """Draw a point with its newest finding, and Stage 1's answer in grey where Stage 2 looks at it."""
    findings = dict(point.findings)
    number = max([*findings, stage.number if stage is not None else 0])
    newest = findings.get(number)
    state, code, note = "", "", ""
    if newest is not None and newest.decision:
        done = bool(newest.reason)
        state = newest.get_decision_display() if done else "Finding, no reason yet"
        code = "done" if done else "late"
        kinds = [remedy.get_kind_display().lower() for remedy in newest.remedies.all() if remedy.state != "dropped"]
        note = f"Stage {number}. {newest.reason}" if done else f"Stage {number}."
        note += f" Remedy: {dates.joined(kinds)}." if kinds else ""
    before = ""
    if number > 1 and 1 in findings and findings[1].decision:
        before = f"{findings[1].get_decision_display()}. {findings[1].reason}"
    return {
        "number": point.number,
        "text": point.text,
        "state": state,
        "code": code,
        "note": note,
        "href": reverse("desk:point", args=[case.reference, point.number])
        if by.may(Permission.POINT_CHANGE, case.council_id)
        else "",
        "before": before,
        "disputed": point.disputed,
    }


def task_line(task: Asked, by: Actor, case: Case, today: date) -> TaskLine:
    """Say how a task stands, and offer to chase what is owed."""
    calendar = queries.calendars_of([case.council])[case.council_id]
    chase = None
    code = ""
    if task.withdrawn:
        state = "Withdrawn"
    elif task.answered_at is not None:
        on = moment.local(task.answered_at).date()
        late = calendar.between(task.due_on, on)
        state = f"Answered {dates.plain(on)}" + (f", {dates.days_late(late)}" if on > task.due_on else "")
    else:
        pressing = severity(task.due_on, today, calendar)
        state, code = pressing.words, pressing.group
        chase = Action(
            "Chase",
            post=reverse("desk:task-chase", args=[task.id]),
            allowed=bool(can(tasks.chase, by, case=case)),
            why=can(tasks.chase, by, case=case).why,
            small=True,
        )
    return TaskLine(task, state, code, reverse("desk:task", args=[task.id]), chase)


SCANS = {"Made by us": "ours", "Scanned, clean": "clean", "A virus was found: can’t be opened": "infected"}


def file_row(file: document_queries.File) -> FileRow:
    """Draw a file: a link only where it may be opened, and plainly marked where it was never scanned."""
    scan = SCANS.get(file.why, "unscanned" if file.may_open else "waiting")
    refused = not file.may_open and file.why not in SCANS and not file.why.startswith("Not scanned")
    return FileRow(
        name=file.name,
        size=file.size,
        href=reverse("desk:document", args=[file.id]) if file.may_open else "",
        scan=scan,  # type: ignore[arg-type]
        note=file.why if refused else "",
    )


def _people(by: Actor, case: Case, today: date) -> tuple[Person, ...]:
    found = [Person("Complains", case.complainant)]
    if case.representative is not None:
        standing = "No authority asked for yet"
        if case.authority is not None:
            standing = f"Authority {people_queries.standing(case.authority, today).words}"
        found.append(Person("Speaks for them", case.representative, standing))
    return tuple(found)
