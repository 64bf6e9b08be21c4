"""How does a case end, when no answer is owed any more?

A case that was answered closes by itself with its last promise. By hand it is closed as withdrawn, resolved, or
abandoned because the person can't be reached: each with a reason.

Example: ``close(case=case, outcome="withdrawn", reason="Mr Patel rang to say so.", on=today, by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases import clocks, events
from redress.cases.models import Case, Stage
from redress.casework import answering, wording
from redress.correspondence.models import Response
from redress.learning import queries as learning_queries
from redress.plumbing import moment
from redress.rulebook import clock, dates
from redress.rulebook.happenings import Happening as Fact

BY_HAND: dict[str, tuple[str, str]] = {
    "withdrawn": ("Withdrawn", "The person said that they no longer want an answer. Say who told us, how and when."),
    "resolved": (
        "Resolved",
        "It was put right and the person agrees that no answer is needed. Say what was done, and their words.",
    ),
    "abandoned": ("Abandoned", "It can’t go on, because the person can’t be reached. Say what was tried, and when."),
}
"""Outcomes that are given by hand: the word, and what the reason has to say."""

_HAPPENS = {"withdrawn": "withdrawn", "abandoned": "abandoned", "resolved": "withdrawn"}


class AlreadyClosed(Refusal):
    """The case is closed."""

    do = "Open the case to see how it ended."


class PromisesOpen(Refusal):
    """Promises are open, so the case stays open until they are kept."""

    do = "Record each as done, with its evidence, or put another in its place."


class ChooseOutcome(Refusal):
    """Choose how it ended."""

    field = "outcome"
    do = "An answered case closes by itself; by hand it is withdrawn, resolved or abandoned."


class SayWhy(Refusal):
    """Say why it ends here."""

    field = "reason"
    do = "Write who said so, how and when."


class LetterUnderWay(Refusal):
    """An answer has been released and has not gone yet."""

    do = "Wait until it has gone, or see under Post what became of it."


class ImpossibleDate(Refusal):
    """It can't have ended on that day."""

    field = "on"
    do = "Check the date."


@step(needs=Permission.CASE_CLOSE, on="case")
def close(*, case: Case, outcome: str, reason: str, on: date, by: Actor, at: datetime) -> Case:
    """Close a case by hand: withdrawn, resolved or abandoned, with the reason; its open stage ends with it.

    A case that is answered closes with no outcome given once no promise is open.
    Raises ``AlreadyClosed``, ``PromisesOpen``, ``ChooseOutcome``, ``SayWhy``, ``LetterUnderWay``, ``ImpossibleDate``.
    """
    if case.closed_at is not None:
        raise AlreadyClosed
    count = learning_queries.open_promises(case)
    if count:
        raise PromisesOpen(f"{count} promise{'s are' if count > 1 else ' is'} open, so the case stays open.")
    stage = case_changes.open_stage_of(case)
    if stage is None and answering.finish(case=case, by=by, at=at):
        return case
    if outcome not in BY_HAND:
        raise ChooseOutcome
    if len(reason.strip()) < 5:
        raise SayWhy(do=BY_HAND[outcome][1])
    wording.words(reason)
    if stage is not None and Response.objects.filter(stage=stage, state=Response.State.RELEASED).exists():
        raise LetterUnderWay
    _check_date(case, outcome, on, moment.local(at).date())
    _end(case=case, stage=stage, outcome=outcome, reason=reason.strip(), on=on, by=by, at=at)
    return case


def _check_date(case: Case, outcome: str, on: date, today: date) -> None:
    if on > today:
        raise ImpossibleDate(f"{dates.say(on)} has not come yet.")
    if on < case.received_on:
        raise ImpossibleDate(f"It reached us on {dates.say(case.received_on)}, so it can’t have ended before.")
    new = Fact(kind=_HAPPENS[outcome], on=on, seq=999)
    try:
        clock.check_order(clocks.edition_of(case), clocks.facts(case), new)
    except clock.ImpossibleOrder as impossible:
        raise ImpossibleDate(impossible.sentence, do=impossible.do) from impossible


def _end(*, case: Case, stage: Stage | None, outcome: str, reason: str, on: date, by: Actor, at: datetime) -> None:
    entry = trail.note(events.ENDED_BY_HAND, on=case, detail={"reason": reason}, ids={"outcome": outcome, "on": on})
    if case.kind == Case.Kind.COMPLAINT:
        case_changes.add_happening(
            case=case, stage=stage, kind=_HAPPENS[outcome], on=on, entry=entry.id, by=by, at=at,
            data={"outcome": outcome}, reason=reason,
        )  # fmt: skip
    if stage is not None:
        case_changes.end_stage(stage=stage, outcome=outcome, by=by, at=at)
    answering.close(case=case, stage=stage, outcome=outcome, by=by, at=at, on=on, reason=reason)
