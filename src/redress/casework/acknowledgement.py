"""How is the person told that we have their complaint, what we understood, and by when we answer?

The letter is composed and set before the step; the step releases it. Its dispatch, not its release, is what
acknowledges: that day is recorded by ``delivery.record_dispatch`` and starts the response clock.

Example: ``acknowledge(case=case, draft=draft, pressed=pressed, by=by, at=at)``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes, clocks, events
from redress.cases.models import Case, Stage
from redress.casework import composing, letters
from redress.correspondence import writing
from redress.correspondence.models import Letter
from redress.plumbing import moment
from redress.rulebook import clock, dates

ACKNOWLEDGES = {1: "acknowledged", 2: "escalation-acknowledged"}
RESPONSE_CLOCKS = {1: "stage-1-response", 2: "stage-2-response"}


class NothingToAcknowledge(Refusal):
    """There is no open stage to acknowledge."""

    do = "Triage the case first: take it as a complaint, and then acknowledge it."


class AlreadyAcknowledged(Refusal):
    """An acknowledgement of this stage was released already."""

    do = "Look at the letters of the case. Write another letter if something has to be put right."


class NoAuthorityYet(Refusal):
    """Nothing personal can go to the representative until authority is held."""

    do = "Send the neutral acknowledgement and the request for authority, or write to the person."


def acknowledging_letter(case: Case, stage: Stage) -> Letter | None:
    """Give the acknowledgement of a stage that was released, if one was."""
    return (
        Letter.objects.filter(
            case=case,
            stage=stage,
            kind__in=(Letter.Kind.ACKNOWLEDGEMENT, Letter.Kind.NEUTRAL),
            starts=ACKNOWLEDGES[stage.number],
        )
        .exclude(state__in=(Letter.State.DRAFT, Letter.State.WITHDRAWN))
        .order_by("pk")
        .first()
    )


def answer_by(case: Case, stage: Stage, today: date) -> tuple[str, str]:
    """Give the date by which we answer if the acknowledgement goes today, in words, and why."""
    readings = clock.what_if(
        clocks.edition_of(case),
        clocks.facts(case),
        clocks.calendar_of(case),
        today=today,
        kind=ACKNOWLEDGES[stage.number],
        on=today,
        settings=clocks.settings_of(case.council),
    )
    reading = readings[RESPONSE_CLOCKS[stage.number]]
    if reading.due is None:
        return "", ""
    return dates.say(reading.due), reading.for_resident


def compose(
    *, case: Case, by: Actor, today: date, understanding: str = "", channel: str | None = None
) -> writing.Draft:
    """Compose the acknowledgement of the open stage, with the points as understood, who will answer and the date.

    A representative whose authority is not held gets the neutral letter only. Raises ``NothingToAcknowledge``.
    """
    stage = changes.open_stage_of(case)
    if stage is None:
        raise NothingToAcknowledge
    by_when, why = answer_by(case, stage, today)
    waiting = case.representative is not None and not letters.holds_authority(case, today)
    to = case.representative if waiting and case.representative is not None else letters.correspondent(case, today)
    draft = composing.compose(
        Letter.Kind.NEUTRAL if waiting else Letter.Kind.ACKNOWLEDGEMENT,
        case=case,
        stage=stage,
        to=to,
        today=today,
        by=by,
        channel=channel,
        values={"answer_by": by_when, "answer_by_why": why},
        extra=[writing.paragraph(understanding)] if understanding else [],
    )
    return replace(draft, starts=ACKNOWLEDGES[stage.number])


class NotThisStage(Refusal):
    """This letter acknowledges another stage."""

    do = "Open the page again: the case has moved on since you looked."


@step(needs=Permission.CASE_ACKNOWLEDGE, on="case")
def acknowledge(*, case: Case, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime) -> Letter:
    """Release the acknowledgement of the open stage.

    Raises ``NothingToAcknowledge``, ``AlreadyAcknowledged``, ``NotThisStage``, ``NoAuthorityYet`` and what
    ``letters.release`` refuses.
    """
    stage = changes.open_stage_of(case)
    if stage is None or stage.number not in ACKNOWLEDGES:
        raise NothingToAcknowledge
    if acknowledging_letter(case, stage) is not None:
        raise AlreadyAcknowledged
    if draft.starts != ACKNOWLEDGES[stage.number]:
        raise NotThisStage
    today = moment.local(at).date()
    if (
        case.representative_id == draft.to.pk
        and draft.kind != Letter.Kind.NEUTRAL
        and not letters.holds_authority(case, today)
    ):
        raise NoAuthorityYet
    letter = letters.release(case=case, stage=stage, draft=draft, pressed=pressed, by=by, at=at)
    trail.note(events.ACKNOWLEDGED, on=case, ids={"letter": letter.pk, "stage": stage.number})
    changes.mark_started(case=case, by=by, at=at)
    if case.holder is None:
        changes.set_next_action(case=case, next_action="Allocate it to an officer")
    else:
        changes.set_next_action(case=case, next_action="Find out what happened")
    return letter
