"""What exactly is complained about, of whom, and what else belongs to it?

Example: ``reword_point(case=case, point=point, wording="Missed nine times", agreed_on=today, version=1, …)``.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import ChangedMeanwhile, NotVisible, Refusal
from redress.access.step import step
from redress.cases import changes, clocks, events
from redress.cases.models import Case, Happening, Point, PointWording
from redress.casework.wording import words as cleaned
from redress.correspondence.models import Response
from redress.council import queries as council_queries
from redress.council.models import Category, Service
from redress.plumbing import moment, text
from redress.rulebook import dates, procedures
from redress.rulebook.happenings import Happening as Fact
from redress.rulebook.readings import Reading
from redress.staff.models import Officer


class PointSaysNothing(Refusal):
    """A point has to say what went wrong."""

    do = "Write the point in a sentence."
    field = "wording"


class WithdrawnAlready(Refusal):
    """This point was withdrawn already."""


class LastPoint(Refusal):
    """A complaint has one point at least."""

    do = "Reword the point, or close the case as withdrawn."


class AlreadyAnswered(Refusal):
    """The stage has been answered; its points stand as they were answered."""

    do = "Log a new complaint for what is new, or take it into the next stage."


class NoReason(Refusal):
    """A correction needs a reason."""

    do = "Say why the date was wrong and how you know the right one."
    field = "reason"


class NotToBeCorrected(Refusal):
    """This date can’t be corrected by hand."""

    do = "What was sent is dated by the carrier’s own evidence."


class SameCase(Refusal):
    """A case can’t be linked to itself."""

    do = "Give the reference of the other case."
    field = "other"


class NoSuchCase(Refusal):
    """There is no case with this reference."""

    do = "Check the letters and the numbers of the reference."
    field = "other"


def _own(case: Case, point: Point) -> None:
    if point.case_id != case.pk:
        raise NotVisible


def _open_for_points(case: Case) -> None:
    stage = changes.open_stage_of(case)
    if stage is None and case.state != Case.State.TO_TRIAGE:
        raise AlreadyAnswered
    if stage is not None and Response.objects.filter(stage=stage, state__in=("released", "sent")).exists():
        raise AlreadyAnswered


@step(needs=Permission.POINT_CHANGE, on="case")
def add_point(*, case: Case, wording: str, by: Actor, at: datetime) -> Point:
    """Add a point to the complaint and to its open stage.

    Both Codes: a new related point joins while the response has not gone, otherwise it is a new case. Raises
    ``PointSaysNothing`` and ``AlreadyAnswered``.
    """
    words = cleaned(wording, "wording")
    if not words:
        raise PointSaysNothing
    _open_for_points(case)
    point = changes.add_point(case=case, wording=words, by=by, at=at)
    stage = changes.open_stage_of(case)
    if stage is not None:
        changes.add_to_stage(stage=stage, point=point)
    trail.note(events.POINT_ADDED, on=case, detail={"text": words}, ids={"point": point.number})
    changes.bump(case=case)
    return point


@step(needs=Permission.POINT_CHANGE, on="case")
def reword_point(
    *, case: Case, point: Point, wording: str, agreed_on: date | None, version: int, by: Actor, at: datetime
) -> PointWording:
    """Give a point a new wording; ``version`` is the wording that was read.

    Raises ``PointSaysNothing``, ``AlreadyAnswered`` and ``ChangedMeanwhile`` when somebody else reworded it first.
    """
    words = cleaned(wording, "wording")
    if not words:
        raise PointSaysNothing
    _own(case, point)
    _open_for_points(case)
    last = PointWording.objects.filter(point=point).order_by("-version").first()
    assert last is not None
    if last.version != version:
        raise ChangedMeanwhile(f"{last.written_by} changed point {point.number} at {dates.time(last.written_at)}.")
    made = changes.reword_point(point=point, wording=words, agreed_on=agreed_on, by=by, at=at)
    trail.note(
        events.POINT_REWORDED,
        on=case,
        detail={"before": last.text, "text": words},
        ids={"point": point.number, "agreed_on": agreed_on.isoformat() if agreed_on else None},
    )
    return made


@step(needs=Permission.POINT_CHANGE, on="case")
def withdraw_point(*, case: Case, point: Point, by: Actor, at: datetime) -> Case:
    """Mark a point as withdrawn by the person. Raises ``LastPoint`` and ``AlreadyAnswered``."""
    _own(case, point)
    if Point.objects.filter(pk=point.pk).exclude(withdrawn_at=None).exists():
        raise WithdrawnAlready
    _open_for_points(case)
    if Point.objects.filter(case=case, withdrawn_at=None).exclude(pk=point.pk).count() == 0:
        raise LastPoint
    changes.withdraw_point(point=point, by=by, at=at)
    trail.note(events.POINT_WITHDRAWN, on=case, ids={"point": point.number})
    return case


@step(needs=Permission.POINT_CHANGE, on="case")
def change(
    *,
    case: Case,
    matter: str,
    outcome_sought: str,
    service: Service | None,
    category: Category | None,
    next_action: str,
    waiting_for: str,
    version: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Change what the case says of itself. Raises ``ChangedMeanwhile`` when somebody else saved first."""
    if case.version != version:
        raise ChangedMeanwhile
    for chosen in (service, category):
        if chosen is not None and chosen.council_id != case.council_id:
            raise NotVisible
    before = {
        "matter": case.matter,
        "outcome_sought": case.outcome_sought,
        "service": case.service.name if case.service else "",
        "category": case.category.name if case.category else "",
        "next_action": case.next_action,
        "waiting_for": case.waiting_for,
    }
    changes.change_details(
        case=case,
        matter=text.one_line(cleaned(matter, "matter")) or case.matter,
        outcome_sought=cleaned(outcome_sought, "outcome_sought"),
        service=service,
        category=category,
        next_action=text.one_line(cleaned(next_action, "next_action")),
        waiting_for=text.one_line(cleaned(waiting_for, "waiting_for")),
    )
    changes.mark_started(case=case, by=by, at=at)
    trail.note(events.DETAILS_CHANGED, on=case, detail={"changes": before}, ids={"version": case.version})
    return case


@step(needs=Permission.CASE_TRIAGE, on="case")
def complained_about(*, case: Case, officer: Officer, by: Actor, at: datetime) -> Case:
    """Record that an officer is complained about: they may not hold, check or release the case.

    Where they hold it now, the case goes back to be allocated. Raises ``NotVisible`` for another council's officer.
    """
    if case.council_id not in officer.council_ids:
        raise NotVisible
    changes.add_complained_about(case=case, officer=officer, by=by, at=at)
    trail.note(events.COMPLAINED_ABOUT, on=case, ids={"officer": officer.pk})
    if case.holder_id == officer.pk:
        changes.set_holder(case=case, officer=None, summary="", by=by, at=at)
        changes.set_next_action(case=case, next_action="Allocate it to an officer")
    return case


@step(needs=Permission.CASE_WRITE, on=("case", "other"))
def link(*, case: Case, other: Case, why: str, by: Actor, at: datetime) -> Case:
    """Tie two cases of one council together. Raises ``SameCase``."""
    if case.pk == other.pk or case.council_id != other.council_id:
        raise SameCase
    why = text.one_line(cleaned(why, "why"))[:200] or "Belong together"
    changes.link(first=case, second=other, why=why, by=by, at=at)
    trail.note(events.LINKED, on=case, detail={"why": why}, ids={"other": other.reference})
    trail.note(events.LINKED, on=other, detail={"why": why}, ids={"other": case.reference})
    return case


CORRECTABLE = frozenset({"received", "escalated"})


def correctable(case: Case) -> list[Happening]:
    """List the dates that people told us, as they stand: only these can be corrected by hand."""
    return list(Happening.objects.filter(case=case, kind__in=CORRECTABLE, replaced_by=None).order_by("on", "seq", "pk"))


@dataclass(frozen=True)
class Before:
    """How one clock reads now, and how it would read."""

    now: Reading
    then: Reading

    @property
    def moves(self) -> bool:
        """Whether the date would change."""
        return self.now.due != self.then.due


def if_corrected(case: Case, happening: Happening, on: date, today: date) -> list[Before]:
    """Read the clocks as they stand and as they would stand if this had happened on another day. Records nothing."""
    known = clocks.facts(case)
    corrected = [
        *known,
        Fact(happening.kind, on=on, seq=happening.seq, data=happening.data, id=-1, replaces=happening.pk),
    ]
    now = clocks.readings(case, today, known=known)
    if happening.kind == "received":
        case = copy(case)
        case.edition = _edition_on(case, on)
    then = clocks.readings(case, today, known=corrected)
    return [
        Before(reading, then[name])
        for name, reading in now.items()
        if not reading.is_advice and name in then and "not-started" not in (reading.state, then[name].state)
    ]


def _edition_on(case: Case, received_on: date) -> str:
    """Give the edition that holds for a corrected day of receipt; where none is held, the case keeps the one it has."""
    try:
        return council_queries.edition_for(case.council_id, case.procedure, received_on).id
    except (procedures.NoEdition, procedures.UnknownProcedure):
        return case.edition


@step(needs=Permission.CASE_EXTEND, on="case")
def correct_date(*, case: Case, happening: Happening, on: date, reason: str, by: Actor, at: datetime) -> Case:
    """Correct the day on which something happened; the earlier entry stays, with the reason.

    Only what people told us can be corrected; what was sent is dated by its carrier. With another day of receipt the
    case has the edition that held on that day. Raises ``NoReason``, ``NotToBeCorrected``.
    """
    reason = cleaned(reason, "reason")
    if not reason:
        raise NoReason
    if happening.case_id != case.pk or happening.kind not in CORRECTABLE or hasattr(happening, "replaced_by"):
        raise NotToBeCorrected
    if on > moment.local(at).date():
        raise NotToBeCorrected("The day is still to come.", do="Give the day on which it happened.")
    edition = _edition_on(case, on) if happening.kind == "received" else case.edition
    entry = trail.note(
        events.HAPPENING_CORRECTED,
        on=case,
        detail={"reason": reason},
        ids={
            "happening": happening.kind,
            "was": happening.on.isoformat(),
            "now": on.isoformat(),
            "edition": edition,
        },
    )
    changes.add_happening(
        case=case,
        stage=happening.stage,
        kind=happening.kind,
        on=on,
        entry=entry.id,
        by=by,
        at=at,
        data=happening.data,
        replaces=happening,
        reason=reason,
    )
    if happening.kind == "received":
        changes.set_received_on(case=case, on=on, edition=edition)
    return case
