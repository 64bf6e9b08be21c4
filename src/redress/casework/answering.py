"""What follows when the answer of a stage has gone, and when is a case done?

Plain functions, called inside the steps that record a dispatch, complete a promise or close by hand.

Example: ``outcome_of(stage)`` is "partly-upheld" when one point of three was upheld.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from redress.access import trail
from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.cases import changes as case_changes
from redress.cases import events as case_events
from redress.cases.models import Case, ComplainedAbout, Finding, Stage
from redress.casework import allocation
from redress.correspondence.models import Letter, Response
from redress.learning import changes as learning_changes
from redress.learning import events as learning_events
from redress.learning.models import Remedy
from redress.plumbing import moment

ANSWERS = {"responded": 1, "escalation-responded": 2}
"""The happenings that answer a stage, with the stage's number."""


class ComplainedAboutHere(Refusal):
    """The complaint is about you, so you can't take part in answering it."""

    do = "Ask a colleague whom it is not about."


class TookPartBefore(Refusal):
    """You took part in Stage 1, so somebody else answers Stage 2."""

    do = "Ask a colleague who had no part in Stage 1."


def outcome_of(stage: Stage) -> str:
    """Work the outcome of a stage out from its findings: all upheld, none, or something between."""
    decisions = set(Finding.objects.filter(stage=stage).exclude(decision="").values_list("decision", flat=True))
    if decisions == {Finding.Decision.UPHELD}:
        return Stage.Outcome.UPHELD
    if decisions <= {Finding.Decision.NOT_UPHELD}:
        return Stage.Outcome.NOT_UPHELD
    return Stage.Outcome.PARTLY_UPHELD


def gone(*, case: Case, stage: Stage, letter: Letter, on: date, entry: UUID, by: Actor, at: datetime) -> None:
    """Draw the line under a stage whose answer has gone: findings fixed, remedies promised, the stage ended."""
    case_changes.fix_findings(stage=stage, at=at)
    for remedy in learning_changes.promise(stage=stage, at=at):
        trail.note(
            learning_events.PROMISED,
            on=case,
            detail={"text": remedy.text, "owner": remedy.owner.name if remedy.owner else ""},
            ids={"remedy": remedy.pk, "due_on": remedy.due_on},
        )
    Response.objects.filter(stage=stage, letter=letter).update(state=Response.State.SENT, changed_at=at)
    if stage.ended_at is None:
        case_changes.end_stage(stage=stage, outcome=outcome_of(stage), by=by, at=at)
        trail.note(case_events.STAGE_ANSWERED, on=case, ids={"stage": stage.number, "outcome": stage.outcome})
    if case.closed_at is None:
        case_changes.set_state(case=case, state=Case.State.ANSWERED)
        case_changes.set_next_action(case=case, next_action="Keep what was promised")
        finish(case=case, by=by, at=at)


def finish(*, case: Case, by: Actor, at: datetime) -> bool:
    """Close a case that is answered and of which no promise is open; answers whether it was closed."""
    if case.closed_at is not None or Stage.objects.filter(case=case, ended_at=None).exists():
        return False
    last = Stage.objects.filter(case=case).order_by("-number").first()
    if last is None or Remedy.objects.filter(case=case, state=Remedy.State.PROMISED).exists():
        return False
    close(case=case, stage=last, outcome=last.outcome, by=by, at=at)
    return True


def close(
    *, case: Case, stage: Stage | None, outcome: str, by: Actor, at: datetime, on: date | None = None, reason: str = ""
) -> None:
    """Close a case with its outcome and record that as a happening."""
    entry = trail.note(
        case_events.CLOSED, on=case, detail={"reason": reason} if reason else None, ids={"outcome": outcome}
    )
    case_changes.add_happening(
        case=case,
        stage=stage,
        kind="closed",
        on=on or moment.local(at).date(),
        entry=entry.id,
        by=by,
        at=at,
        data={"outcome": outcome},
    )
    case_changes.close(case=case, outcome=outcome, by=by, at=at)


def check_may_act(*, case: Case, stage: Stage | None, by: Actor) -> None:
    """Refuse somebody whom the case is about, and at Stage 2 somebody who took part in Stage 1.

    Raises ``ComplainedAboutHere``, ``TookPartBefore``.
    """
    check_not_complained_about(case=case, by=by)
    if stage is not None and stage.number == 2 and by.id in allocation.took_part_in_stage_1(case):
        raise TookPartBefore


def check_not_complained_about(*, case: Case, by: Actor) -> None:
    """Refuse somebody whom the case is about. Raises ``ComplainedAboutHere``."""
    if ComplainedAbout.objects.filter(case=case, officer_id=by.id or 0).exists():
        raise ComplainedAboutHere
