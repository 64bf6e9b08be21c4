"""A case ends: by its last promise, or by hand with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, Happening
from redress.casework import closure, remedies, response

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


def close(
    of: Office,
    case: Case,
    outcome: str = "withdrawn",
    *,
    reason: str = "Mr Patel rang to say so.",
    role: Role = Role.OFFICER,
    on: dt.date = make.TODAY,
) -> Case:
    return closure.close(case=case, outcome=outcome, reason=reason, on=on, by=of.actor(role), at=make.at())


def test_answered_with_promises_open_then_closed_with_the_last(of: Office) -> None:
    case = make.gone(of, make.acknowledged(of))
    assert (case.state, case.closed_at) == ("answered", None)
    with pytest.raises(closure.PromisesOpen):
        close(of, case)
    (promise,) = make.promises(case)
    remedies.complete(
        case=case,
        remedy=promise,
        on=make.TODAY,
        evidence_text="The letter of today",
        by=of.actor(Role.OFFICER),
        at=make.at(),
    )
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "partly-upheld")
    assert Happening.objects.filter(case=case, kind="closed").exists()
    assert not case.clocks.filter(open=True).exists()


def test_an_answer_that_promises_nothing_closes_the_case(of: Office) -> None:
    case = make.acknowledged(of)
    nothing = [response.AnswerInput(point=number, decision="not-upheld", reason="It was emptied.") for number in (1, 2)]
    make.sent(make.released(of, make.passed(of, make.answered(of, case, answers=nothing))))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not-upheld")


@pytest.mark.parametrize("outcome", sorted(closure.BY_HAND))
def test_by_hand_with_a_reason(of: Office, outcome: str) -> None:
    case = make.acknowledged(of)
    close(of, case, outcome)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", outcome)
    assert make.stage_of(case).outcome == outcome
    assert "case.ended" in [line.kind for line in trail.read(case)]
    assert not case.clocks.filter(open=True).exists()


def test_what_is_refused(of: Office) -> None:
    case = make.acknowledged(of)
    with pytest.raises(closure.ChooseOutcome):
        close(of, case, "upheld")
    with pytest.raises(closure.SayWhy):
        close(of, case, reason="")
    with pytest.raises(closure.ImpossibleDate):
        close(of, case, on=dt.date(2026, 11, 24))
    with pytest.raises(closure.ImpossibleDate):
        close(of, case, on=dt.date(2026, 11, 1))
    with pytest.raises(NotPermitted):
        close(of, case, role=Role.ADMINISTRATOR)
    close(of, case)
    with pytest.raises(closure.AlreadyClosed):
        close(of, case)


def test_an_answer_on_its_way_is_waited_for(of: Office) -> None:
    case = make.acknowledged(of)
    make.released(of, make.passed(of, make.answered(of, case)))
    with pytest.raises(closure.LetterUnderWay):
        close(of, case)
