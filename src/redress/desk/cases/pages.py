"""What does the page of a case show, and what may this viewer do now?

Everything is worked out here from queries; the template only draws. A button is data too: shown, allowed, why not.
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
from redress.cases.models import Case, Stage
from redress.cases.queries import PointState, Readings
from redress.casework import acknowledgement, allocation, authority, notes, tasks, triage
from redress.correspondence import queries as correspondence_queries
from redress.documents import queries as document_queries
from redress.learning import queries as learning_queries
from redress.people import queries as people_queries
from redress.plumbing import moment
from redress.plumbing.look.frame import Action, Entry, FileRow, Honour
from redress.plumbing.look.words import possessive
from redress.rulebook import dates
from redress.tasks import queries as task_queries
from redress.tasks.queries import Asked

TIMELINE = 20
STRONG = {
    "danger": "Danger:",
    "safe-contact": "Safe contact:",
    "restriction": "Restricted:",
    "large-print": "Large print:",
    "language": "Language:",
    "contact": "How to reach:",
    "vulnerability": "Bear in mind:",
}
OUT = frozenset({"letter.dispatched", "letter.released", "portal.link-sent"})
IN = frozenset({"message.joined", "message.received", "case.logged", "case.escalated", "message.logged"})


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of a case."""

    case: Case
    edition: str
    stage: Stage | None
    stages: Sequence[Stage]
    heading: str
    next_words: str
    honour: tuple[Honour, ...]
    honour_heading: str
    readings: Readings
    clocks_open: tuple[tuple[object, str], ...]
    points: Sequence[PointState]
    points_drawn: tuple[dict[str, object], ...]
    tasks: Sequence[Asked]
    files: tuple[FileRow, ...]
    letters: Sequence[object]
    messages: Sequence[object]
    promises: Sequence[object]
    timeline: tuple[Entry, ...]
    timeline_total: int
    main: Action
    actions: tuple[Action, ...]
    linked: Sequence[tuple[Case, str]]
    earlier: Sequence[Case]
    authority: str
    people: tuple[tuple[str, object], ...]
    holders: Sequence[object]
    about: Sequence[object]
    no_pause: str
    may_read_trail: bool


def honour_of(viewer: Actor, case: Case) -> tuple[tuple[Honour, ...], str]:
    """List what must be honoured, danger first, with who may speak for the person; and the heading of the band."""
    contacts = [case.complainant_id, *([case.representative_id] if case.representative_id else [])]
    found = [
        Honour(STRONG.get(row.kind, ""), row.text)
        for row in sorted(people_queries.adjustments(viewer, contacts), key=lambda row: (_order(row.kind), row.pk))
    ]
    today = moment.today()
    if case.representative is not None:
        why = authority.why_not(case, today)
        if why:
            found.append(Honour(f"{case.representative.name}:", why))
        else:
            found.append(Honour(f"{case.representative.name}", f"may speak for {case.complainant.name}"))
    title = case.complainant.title
    family = case.complainant.name.split()[-1] if case.complainant.name.split() else case.complainant.name
    return tuple(found), f"Before you ring or write to {f'{title} {family}' if title else case.complainant.name}"


def _order(kind: str) -> int:
    known = list(STRONG)
    return known.index(kind) if kind in known else len(known)


def case_page(viewer: Actor, case: Case, *, whole_timeline: bool = False) -> CasePage:
    """Work out the whole page of a case."""
    today = moment.today()
    stage = queries.open_stage(case)
    readings = queries.readings_of(case, today)
    points = queries.points_of(case)
    honour, honour_heading = honour_of(viewer, case)
    lines = trail.read(case)
    actions = actions_for(viewer, case, stage, points)
    return CasePage(
        case=case,
        edition=edition_words(case),
        stage=stage,
        stages=queries.stages_of(case),
        heading=f"{case.complainant.name}: {case.matter}",
        next_words=case.next_action,
        honour=honour,
        honour_heading=honour_heading,
        readings=readings,
        clocks_open=tuple((reading, readings.severity[reading.name].group) for reading in readings.open),
        points=points,
        points_drawn=tuple(draw_point(point, case, viewer) for point in points if not point.withdrawn),
        tasks=task_queries.of_case(viewer, case),
        files=tuple(file_row(file) for file in document_queries.of_case(viewer, case)),
        letters=correspondence_queries.letters_of(viewer, case),
        messages=correspondence_queries.messages_of(viewer, case),
        promises=learning_queries.of_case(viewer, case),
        timeline=timeline_of(case, lines if whole_timeline else lines[-TIMELINE:]),
        timeline_total=len(lines),
        main=next((action for action in actions if action.main), actions[0]),
        actions=tuple(action for action in actions if not action.main),
        linked=queries.linked(viewer, case),
        earlier=queries.earlier_of(viewer, case.complainant_id, but=case.pk),
        authority=authority.why_not(case, today) if case.representative else "",
        people=tuple(
            (part, contact)
            for part, contact in (("Complains", case.complainant), ("Speaks for them", case.representative))
            if contact is not None
        ),
        holders=queries.holders_of(case),
        about=queries.complained_about(case),
        no_pause=clocks.edition_of(case).pauses.says if case.waiting_for and case.kind == "complaint" else "",
        may_read_trail=viewer.may(Permission.TRAIL_READ, case.council_id),
    )


def edition_words(case: Case) -> str:
    """Say the procedure and edition under which the case was received."""
    if case.kind != Case.Kind.COMPLAINT:
        return str(case.get_kind_display())
    edition = clocks.edition_of(case)
    return f"{edition.title}, edition of {dates.plain(edition.in_force_from)}"


def draw_point(point: PointState, case: Case, viewer: Actor) -> dict[str, object]:
    """Draw a point with its newest finding, and Stage 1's answer in grey where Stage 2 looks at it."""
    findings = dict(point.findings)
    newest = findings.get(2) or findings.get(1)
    state, code, note = "", "", ""
    if newest is not None and newest.decision:
        state = newest.get_decision_display()
        code = "done" if newest.reason else "late"
        if not newest.reason:
            state = "Finding, no reason yet"
        kinds = [remedy.get_kind_display() for remedy in newest.remedies.all() if remedy.state != "dropped"]
        note = "Remedy: " + dates.joined([kind.lower() for kind in kinds]) + "." if kinds else ""
    before = ""
    if 2 in findings and 1 in findings and findings[1].decision:
        before = f"Stage 1: {findings[1].get_decision_display().lower()}. {findings[1].reason}"
    return {
        "number": point.number,
        "text": point.text,
        "state": state,
        "code": code,
        "note": note,
        "href": reverse("desk:point", args=[case.reference, point.number])
        if viewer.may(Permission.POINT_CHANGE, case.council_id)
        else "",
        "before": before,
        "disputed": point.disputed,
    }


def file_row(file: document_queries.File) -> FileRow:
    """Draw a file: a link only where it may be opened."""
    scan = "clean" if file.may_open else "infected" if file.scan == "infected" else "waiting"
    note = file.why if file.why not in ("Scanned, clean", "Not scanned yet: can’t be opened") else ""
    return FileRow(
        name=file.name,
        size=file.size,
        href=reverse("desk:document", args=[file.id]) if file.may_open else "",
        scan=scan,  # type: ignore[arg-type]
        note=note,
    )


def timeline_of(case: Case, lines: Sequence[trail.Line]) -> tuple[Entry, ...]:
    """Draw the case's entries of the trail, the newest first."""
    return tuple(_entry(case, line) for line in reversed(lines))


def _entry(case: Case, line: trail.Line) -> Entry:
    who = line.by_name or {"resident": "The person", "timetable": "The timetable"}.get(line.by_kind, "")
    direction = "out" if line.kind in OUT else "in" if line.kind in IN else "inside"
    href = ""
    if "document" in line.ids and line.ids["document"]:
        href = reverse("desk:document", args=[line.ids["document"]])
    elif line.kind in ("message.joined", "message.logged") and line.ids.get("message"):
        href = reverse("desk:intake-message", args=[line.ids["message"]])
    return Entry(
        when=f"{dates.say(moment.local(line.at).date())}, {dates.time(line.at)}",
        what=line.sentence,
        href=href,
        after=f", {who}" if who else "",
        more=_more(line),
        direction=direction,  # type: ignore[arg-type]
    )


SHOWN = ("subject", "to", "text", "question", "answer", "reason", "summary", "disputed", "with", "evidence", "remark")


def _more(line: trail.Line) -> str:
    said = [str(line.detail[name]) for name in SHOWN if line.detail.get(name)]
    words = ". ".join(said)
    return words if len(words) <= 240 else words[:239].rstrip() + "…"


def actions_for(viewer: Actor, case: Case, stage: Stage | None, points: Sequence[PointState]) -> list[Action]:
    """List what can be done now, the main thing first; what this viewer or this moment does not allow says why."""
    ref = [case.reference]
    found: list[Action] = []

    def add(label: str, name: str, step: object, *, why: str = "", note: str = "", key: str = "", args: object = None) -> None:
        role = can(step, viewer, case=case)  # type: ignore[arg-type]
        found.append(
            Action(
                label=label,
                href=reverse(f"desk:{name}", args=args or ref),  # type: ignore[arg-type]
                allowed=bool(role) and not why,
                why=role.why or why,
                note=note,
                key=key,
                wide=True,
            )
        )

    from redress.casework import closure, correspondence, escalation, extension, response

    closed = "The case is closed." if case.closed_at else ""
    to_triage = case.state == Case.State.TO_TRIAGE
    if to_triage:
        add("Decide what it is", "triage", triage.accept)
    if case.kind != Case.Kind.COMPLAINT and not case.closed_at:
        add("Turn it into a complaint", "turn-into-complaint", triage.turn_into_complaint)
    acknowledged = stage is not None and acknowledgement.acknowledging_letter(case, stage) is not None
    if stage is not None and not acknowledged:
        add("Acknowledge", "acknowledge", acknowledgement.acknowledge, key="A")
    if stage is not None and case.holder_id is None:
        add("Allocate it", "allocate", allocation.allocate)
    if stage is not None:
        unanswered = [
            str(point.number)
            for point in points
            if not point.withdrawn and not (dict(point.findings).get(stage.number) and dict(point.findings)[stage.number].reason)
        ]
        missing = f"{dates.joined(unanswered)} {'has' if len(unanswered) == 1 else 'have'} no reason yet." if unanswered else ""
        add(
            "Write the response",
            "response",
            response.save,
            note=f"Point{'' if len(unanswered) == 1 else 's'} {missing}" if missing else "Every point has a finding and a reason.",
            key="R",
            args=[case.reference, stage.number],
        )
    add("Add a note or a call", "note", notes.write_note, key="N")
    add("Write an e-mail or a letter", "write", correspondence.write)
    if stage is not None:
        add("Ask a service", "ask", tasks.ask, key="T")
        add(
            "Extend the answer date",
            "extend",
            extension.extend,
            why="" if acknowledged else "Not yet: acknowledge it first.",
            note="Needs a reason and a letter.",
            key="E",
        )
        if case.holder_id is not None:
            add(
                "Hand over" if case.holder_id == viewer.id else "Give it to somebody else",
                "allocate",
                allocation.hand_over if case.holder_id == viewer.id else allocation.allocate,
                key="H",
            )
    if case.kind == Case.Kind.COMPLAINT and not to_triage:
        why = escalation.why_not(case)
        add("Log the request for Stage 2", "escalate", escalation.ask_for_next_stage, why=why)
    add("Close the case", "close", closure.close, why=closed or ("Decide first what it is." if to_triage else ""))
    main = next((index for index, action in enumerate(found) if action.allowed), 0)
    if found:
        from dataclasses import replace

        found[main] = replace(found[main], main=True, wide=False)
    return found


def holder_words(case: Case) -> str:
    """Say who holds the case and since when."""
    if case.holder is None or case.held_since is None:
        return "Nobody holds this case."
    return f"Held by {case.holder.name} since {dates.plain(moment.local(case.held_since).date())}."


def possessive_name(case: Case) -> str:
    """Say "Mrs Okafor’s"."""
    return possessive(case.complainant.name)


def today_words(today: date) -> str:
    """Say a day for a sentence."""
    return dates.say(today)
