"""A complaint at each place of its way, made through the steps, for the tests of answers and what follows them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from factories.intake import AT, Office, entry, office
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case, Stage
from redress.casework import (
    acknowledgement,
    allocation,
    answer_letter,
    delivery,
    escalation,
    intake,
    letters,
    response,
)
from redress.correspondence.models import Letter, Response
from redress.jobs import post
from redress.learning.models import Remedy
from redress.quality.models import Check

TODAY = AT.date()
DUE = dt.date(2026, 12, 18)
CARRIER = Actor.timetable("Post")

PARTS = ("stage", "understanding", "decision", "reasons", "remedy", "outstanding", "escalation")


def at(day: dt.date = TODAY, hour: int = 11) -> dt.datetime:
    """Give a moment on a day."""
    return dt.datetime.combine(day, dt.time(hour, 0), tzinfo=dt.UTC)


def logged(of: Office, **more: Any) -> Case:
    """Log Dev Patel's complaint of two points."""
    return intake.log(council=of.council, message=None, entry=entry(of, **more), by=of.actor(), at=AT)


def sent(letter: Letter, on: dt.date = TODAY) -> Letter:
    """Let a letter go on a day: an e-mail by its carrier, a letter by the post."""
    case = letter.case
    if letter.channel == Letter.Channel.EMAIL:
        delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at(on))
        evidence = {"carrier": "outbox", "response": "taken"}
        return delivery.record_dispatch(case=case, letter=letter, evidence=evidence, on=on, by=CARRIER, at=at(on))
    raise AssertionError("Post goes by record_posted.")


def acknowledged(of: Office, *, on: dt.date = TODAY, **more: Any) -> Case:
    """Log, acknowledge and let the acknowledgement go; the officer holds the case."""
    case = logged(of, **more)
    by = of.actor(Role.OFFICER)
    draft = acknowledgement.compose(case=case, by=by, today=on)
    pressed = letters.press(case=case, draft=draft, on=on)
    sent(acknowledgement.acknowledge(case=case, draft=draft, pressed=pressed, by=by, at=at(on)), on)
    allocation.allocate(
        case=case, officer=of.officers[Role.OFFICER], summary="", next_action="Find out", by=of.actor(Role.TEAM_LEADER),
        at=at(on),
    )  # fmt: skip
    case.refresh_from_db()
    return case


def stage_of(case: Case, number: int = 1) -> Stage:
    """Give a stage of a case."""
    return Stage.objects.get(case=case, number=number)


def words(**more: str) -> response.Words:
    """Give the officer's words around the points."""
    given = {
        "understanding": "You told us that your bin was missed.",
        "how_looked_into": "I read the round sheets and spoke to the crew.",
        "closing": "Thank you for telling us.",
        **more,
    }
    return response.Words(**given)


def remedy(of: Office, **more: Any) -> response.RemedyInput:
    """Give an apology that the officer owes."""
    given: dict[str, Any] = {
        "kind": "apology",
        "text": "We apologise to you for the missed collection",
        "owner_id": of.officers[Role.OFFICER].pk,
        "due_on": DUE,
        **more,
    }
    return response.RemedyInput(**given)


def answers_of(of: Office, *, remedies: Any = None) -> list[response.AnswerInput]:
    """Answer both points: the first upheld with its remedy, the second not."""
    return [
        response.AnswerInput(
            point=1,
            decision="upheld",
            should="The bin should have been emptied that day.",
            reason="The round sheet shows that the crew did not come.",
            injustice="You had rubbish in your garden for a week.",
            remedies=[remedy(of)] if remedies is None else remedies,
        ),
        response.AnswerInput(point=2, decision="not-upheld", reason="We rang you back on 18 November."),
    ]


def answered(of: Office, case: Case, *, number: int = 1, role: Role = Role.OFFICER, **more: Any) -> Response:
    """Write the answer of a stage."""
    return response.save(
        case=case,
        stage=stage_of(case, number),
        version=more.pop("version", 0),
        words=more.pop("words", words()),
        answers=more.pop("answers", answers_of(of)),
        by=of.actor(role),
        at=more.pop("moment", at()),
    )


def with_checker(of: Office, written: Response, *, role: Role = Role.OFFICER) -> Check:
    """Give the answer to anyone who may check it."""
    return response.ask_for_check(case=written.stage.case, response=written, asked_of=None, by=of.actor(role), at=at())


def passed(
    of: Office, written: Response, *, checker: Role = Role.COMPLAINTS_MANAGER, role: Role = Role.OFFICER
) -> Response:
    """Have the answer checked and passed."""
    check = with_checker(of, written, role=role)
    written.refresh_from_db()
    response.pass_check(
        case=written.stage.case, response=written, check=check, digest=check.digest,
        parts=dict.fromkeys(PARTS, True), by=of.actor(checker), at=at(),
    )  # fmt: skip
    written.refresh_from_db()
    return written


def released(of: Office, written: Response, *, role: Role = Role.COMPLAINTS_MANAGER) -> Letter:
    """Release the answer that passed."""
    case = written.stage.case
    draft = response.passed_draft(written, today=TODAY)
    pressed = letters.press(case=case, draft=draft, on=TODAY)
    return response.release(case=case, response=written, draft=draft, pressed=pressed, by=of.actor(role), at=at())


def gone(of: Office, case: Case, *, on: dt.date = TODAY, remedies: Any = None) -> Case:
    """Answer Stage 1 and let the answer go."""
    written = passed(of, answered(of, case, answers=answers_of(of, remedies=remedies)))
    sent(released(of, written), on)
    case.refresh_from_db()
    return case


def at_stage_2(of: Office, case: Case, *, on: dt.date = TODAY) -> Case:
    """Take an answered case to Stage 2."""
    escalation.ask_for_next_stage(
        case=case, points=[], disputed={}, disputed_all="The crew never came.", outcome_sought="",
        asked_through="telephone", asked_on=on, by=of.actor(Role.OFFICER), at=at(on),
    )  # fmt: skip
    case.refresh_from_db()
    return case


def promises(case: Case) -> list[Remedy]:
    """List the promises of a case."""
    return list(Remedy.objects.filter(case=case, state="promised").order_by("pk"))


__all__ = ["AT", "Office", "answer_letter", "office", "post"]
