"""The same case goes to Stage 2: by portal, e-mail or telephone, some points or all, to somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases.models import Case, Happening, Stage
from redress.casework import allocation, closure, escalation, response

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


def ask(of: Office, case: Case, *, by: Actor | None = None, on: dt.date = make.TODAY, **more: Any) -> Stage:
    given: dict[str, Any] = {
        "points": [],
        "disputed": {},
        "disputed_all": "",
        "outcome_sought": "",
        "asked_through": "email",
        **more,
    }
    return escalation.ask_for_next_stage(
        case=case, asked_on=on, by=by or of.actor(Role.OFFICER), at=make.at(max(on, make.TODAY)), **given
    )


def closed(of: Office) -> Case:
    case = make.acknowledged(of)
    nothing = [response.AnswerInput(point=number, decision="not-upheld", reason="It was emptied.") for number in (1, 2)]
    make.sent(make.released(of, make.passed(of, make.answered(of, case, answers=nothing))))
    case.refresh_from_db()
    assert case.state == "closed"
    return case


def test_a_closed_case_opens_again_with_nobody_holding_it(of: Office) -> None:
    case = closed(of)
    first, second = escalation.live_points(case)
    stage = ask(of, case, points=[second], disputed={second.pk: "You never rang."}, disputed_all="I disagree.")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_at, case.holder) == ("open", "", None, None)
    assert stage.number == 2 and [row.point for row in stage.stage_points.all()] == [second] and first != second
    assert stage.stage_points.get().disputed == "You never rang."
    assert Happening.objects.get(case=case, kind="escalated").on == make.TODAY
    assert case.clocks.get(name="stage-2-acknowledgement").due_on == dt.date(2026, 11, 30)
    assert "case.escalated" in [line.kind for line in trail.read(case)]


def test_the_resident_asks_through_the_portal(of: Office) -> None:
    case = closed(of)
    resident = Actor.resident(
        council_id=of.council.pk, contact_id=case.complainant_id, case_id=case.pk, name="Dev Patel"
    )
    assert ask(of, case, by=resident, asked_through="portal").asked_through == "portal"


def test_nobody_asks_for_another_residents_case(of: Office) -> None:
    case = closed(of)
    other = Actor.resident(council_id=of.council.pk, contact_id=999, case_id=case.pk + 1, name="Eve")
    with pytest.raises(NotVisible):
        ask(of, case, by=other)


def test_stage_1_is_answered_first(of: Office) -> None:
    case = make.acknowledged(of)
    with pytest.raises(escalation.Stage1Open) as refused:
        ask(of, case)
    assert "Answer Stage 1 first" in refused.value.do


def test_whoever_waited_too_long_need_not_wait_for_stage_1(of: Office) -> None:
    case = make.acknowledged(of)
    ask(of, case, on=dt.date(2026, 12, 9))
    assert make.stage_of(case).outcome == "unanswered"


def test_a_second_request_says_what_to_do(of: Office) -> None:
    case = closed(of)
    ask(of, case)
    with pytest.raises(escalation.AlreadyAtLastStage) as refused:
        ask(of, case)
    assert "Ombudsman" in refused.value.do


def test_a_withdrawn_complaint_does_not_go_on(of: Office) -> None:
    case = make.acknowledged(of)
    closure.close(
        case=case,
        outcome="withdrawn",
        reason="He rang to say so.",
        on=make.TODAY,
        by=of.actor(Role.OFFICER),
        at=make.at(),
    )
    with pytest.raises(escalation.NotNow):
        ask(of, case)


def test_not_in_the_future(of: Office) -> None:
    with pytest.raises(escalation.ImpossibleDate):
        escalation.escalate(
            case=closed(of), points=[], disputed={}, disputed_all="", outcome_sought="", asked_through="email",
            asked_on=dt.date(2026, 11, 24), by=of.actor(Role.OFFICER), at=make.at(),
        )  # fmt: skip


def test_an_administrator_does_not_take_it_further(of: Office) -> None:
    with pytest.raises(NotPermitted):
        ask(of, closed(of), by=of.actor(Role.ADMINISTRATOR))


def test_somebody_else_holds_stage_2(of: Office) -> None:
    case = closed(of)
    ask(of, case)
    case.refresh_from_db()
    with pytest.raises(allocation.TookPartInStage1):
        allocation.allocate(
            case=case,
            officer=of.officers[Role.OFFICER],
            summary="",
            next_action="",
            by=of.actor(Role.COMPLAINTS_MANAGER),
            at=make.at(),
        )
