"""The person is not satisfied: how does the same case go to its next stage?

All points or some, with what is disputed, asked for through the portal, by e-mail, by telephone or letter. No reason is
needed (LGSCO Code 6, stage 2; Housing Ombudsman Code 6.12). A closed case is opened again; somebody else answers.

Example: ``ask_for_next_stage(case=case, points=[], disputed={}, disputed_all="…", outcome_sought="",
asked_through="portal", asked_on=today, by=resident, at=at)``; no points mean all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes, clocks, events
from redress.cases.models import Case, Channel, Point, Stage
from redress.casework import letters, wording
from redress.plumbing import moment
from redress.rulebook import clock, dates
from redress.rulebook.happenings import Happening as Fact


class NoComplaint(Refusal):
    """Only a complaint goes to Stage 2."""

    do = "Turn it into a complaint first, if that is what the person wants."


class AlreadyAtLastStage(Refusal):
    """Stage 2 was asked for already, and is the last stage of our procedure."""

    do = "After our final answer the person can go to the Ombudsman."


class Stage1Open(Refusal):
    """Stage 1 has not been answered yet."""

    do = "Answer Stage 1 first. If its time has passed, the person may ask for Stage 2 without waiting any longer."


class NotNow(Refusal):
    """The case can't go to Stage 2."""

    do = "Log a new complaint, or open this one again first."


class NoAuthority(Refusal):
    """Stage 2 can be asked for by the person, or by somebody whose authority to speak for them we hold."""

    do = "Ring us or write to us; we will help."


class ChoosePoints(Refusal):
    """Choose at least one point, or all of them."""

    field = "points"
    do = "Tick the points that the person is not satisfied with."


class ImpossibleDate(Refusal):
    """It can't have been asked for on that day."""

    field = "asked_on"
    do = "Give the day on which the request reached any part of the council."


def why_not(case: Case, on: date) -> str:
    """Say why a case can't go to its next stage if that were asked for on that day; empty where it can."""
    try:
        _check(case, on, on)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def live_points(case: Case) -> list[Point]:
    """List the points of a case that were not withdrawn, by number."""
    return list(Point.objects.filter(case=case, withdrawn_at=None).order_by("number"))


def _take(
    *,
    case: Case,
    points: Sequence[Point],
    disputed: Mapping[int, str],
    disputed_all: str,
    outcome_sought: str,
    asked_through: str,
    asked_on: date,
    by: Actor,
    at: datetime,
) -> Stage:
    """Open Stage 2 of a case; needs an open step on the case. Raises what ``escalate`` raises."""
    today = moment.local(at).date()
    _check(case, asked_on, today)
    live = live_points(case)
    chosen = [point for point in live if point.pk in {one.pk for one in points}] if points else live
    if not chosen:
        raise ChoosePoints
    for words in (disputed_all, outcome_sought, *disputed.values()):
        wording.words(words)
    _end_stage_1(case=case, by=by, at=at)
    if case.closed_at is not None:
        changes.reopen(case=case, by=by, at=at)
    changes.set_state(case=case, state=Case.State.OPEN)
    stage = changes.open_stage(
        case=case,
        number=2,
        points=chosen,
        disputed=dict(disputed),
        disputed_all=disputed_all.strip(),
        outcome_sought=outcome_sought.strip(),
        asked_through=asked_through if asked_through in Channel.values else "",
        by=by,
        at=at,
    )
    changes.set_holder(case=case, officer=None, summary="", by=by, at=at)
    entry = trail.note(
        events.ESCALATED,
        on=case,
        detail={"disputed": disputed_all.strip(), "points": [point.number for point in chosen]},
        ids={"stage": stage.pk, "on": asked_on, "through": asked_through},
    )
    changes.add_happening(
        case=case, stage=stage, kind="escalated", on=asked_on, entry=entry.id, by=by, at=at,
        data={"through": asked_through},
    )  # fmt: skip
    changes.set_next_action(case=case, next_action="Acknowledge Stage 2, and allocate it to somebody else")
    return stage


def _check(case: Case, on: date, today: date) -> None:
    """Refuse what can't go to Stage 2 on that day."""
    if case.kind != Case.Kind.COMPLAINT:
        raise NoComplaint
    if case.now_part_of_id is not None:
        raise NotNow("The case is now part of another.", do="Ask for Stage 2 of that one.")
    if Stage.objects.filter(case=case, number=2).exists():
        raise AlreadyAtLastStage
    if on > today:
        raise ImpossibleDate(f"{dates.say(on)} has not come yet.")
    if on < case.received_on:
        raise ImpossibleDate(f"The complaint reached us on {dates.say(case.received_on)}.")
    new = Fact(kind="escalated", on=on, seq=999)
    try:
        clock.check_order(
            clocks.edition_of(case), clocks.facts(case), new, today=today, calendar=clocks.calendar_of(case)
        )
    except clock.ImpossibleOrder as impossible:
        first = Stage.objects.filter(case=case, number=1).first()
        kind = Stage1Open if first is not None and first.ended_at is None else NotNow
        raise kind(impossible.sentence, do=impossible.do) from impossible


def _end_stage_1(*, case: Case, by: Actor, at: datetime) -> None:
    """End a Stage 1 whose time had passed without an answer, since the person need wait no longer."""
    first = Stage.objects.filter(case=case, number=1, ended_at=None).first()
    if first is not None:
        changes.end_stage(stage=first, outcome=Stage.Outcome.UNANSWERED, by=by, at=at)


@step(needs=Permission.CASE_ESCALATE, on="case")
def escalate(
    *,
    case: Case,
    points: Sequence[Point],
    disputed: Mapping[int, str],
    disputed_all: str,
    outcome_sought: str,
    asked_through: str,
    asked_on: date,
    by: Actor,
    at: datetime,
) -> Stage:
    """Take a case to Stage 2 because the person asked an officer for it.

    Raises ``NoComplaint``, ``AlreadyAtLastStage``, ``Stage1Open``, ``NotNow``, ``ChoosePoints``, ``ImpossibleDate``.
    """
    return _take(
        case=case, points=points, disputed=disputed, disputed_all=disputed_all, outcome_sought=outcome_sought,
        asked_through=asked_through, asked_on=asked_on, by=by, at=at,
    )  # fmt: skip


@step(needs=Permission.RESIDENT_ESCALATE, on="case")
def escalate_own(
    *,
    case: Case,
    points: Sequence[Point],
    disputed: Mapping[int, str],
    disputed_all: str,
    outcome_sought: str,
    by: Actor,
    at: datetime,
) -> Stage:
    """Take the person's own case to Stage 2, asked for today through the portal.

    Raises ``NoAuthority`` for a representative whose authority is not held, and what ``escalate`` raises.
    """
    if by.contact_id != case.complainant_id and not (
        by.contact_id == case.representative_id and letters.holds_authority(case, moment.local(at).date())
    ):
        raise NoAuthority
    return _take(
        case=case, points=points, disputed=disputed, disputed_all=disputed_all, outcome_sought=outcome_sought,
        asked_through=Channel.PORTAL, asked_on=moment.local(at).date(), by=by, at=at,
    )  # fmt: skip


def ask_for_next_stage(
    *,
    case: Case,
    points: Sequence[Point],
    disputed: Mapping[int, str],
    disputed_all: str,
    outcome_sought: str,
    asked_through: str,
    asked_on: date,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Stage:
    """Take a case to Stage 2, asked for by the person themselves or told to an officer.

    ``points`` are those that the person is not satisfied with, none for all; ``disputed`` says by a point's id what is
    disputed about it. Raises what ``escalate`` raises.
    """
    if by.kind == "resident":
        return escalate_own(
            case=case, points=points, disputed=disputed, disputed_all=disputed_all, outcome_sought=outcome_sought,
            by=by, at=at, key=key,
        )  # fmt: skip
    return escalate(
        case=case, points=points, disputed=disputed, disputed_all=disputed_all, outcome_sought=outcome_sought,
        asked_through=asked_through, asked_on=asked_on, by=by, at=at, key=key,
    )  # fmt: skip
