"""What the case says of itself is changed with the version that was read; what was answered stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.refusals import ChangedMeanwhile, NotVisible
from redress.access.roles import Role
from redress.cases import queries
from redress.cases.models import Case, Happening, Point, PointWording, StagePoint
from redress.casework import case_details

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def change(cast: Cast, case: Case, **more: Any) -> Case:
    given = {
        "matter": "Missed brown bin", "outcome_sought": "", "service": cast.waste, "category": cast.category,
        "next_action": "Ring him", "waiting_for": "", "version": case.version, "by": cast.actor(), "at": make.at(),
        **more,
    }  # fmt: skip
    return case_details.change(case=case, **given)


def reword(cast: Cast, case: Case, point: Point, **more: Any) -> PointWording:
    given = {"wording": "Nine times.", "agreed_on": TODAY, "version": 1, "by": cast.actor(), "at": make.at(), **more}
    return case_details.reword_point(case=case, point=point, **given)


def test_details_are_changed_and_what_stood_before_is_in_the_trail(cast: Cast, case: Case) -> None:
    change(cast, case)
    case.refresh_from_db()
    assert (case.matter, case.next_action) == ("Missed brown bin", "Ring him")
    line = trail.read(case, kinds=["case.details-changed"])[0]
    assert line.detail["changes"]["matter"] == "Missed bin"
    assert queries.search(cast.actor(), "brown bin")[0] == [case]


def test_whoever_saves_second_is_told_and_nothing_is_overwritten(cast: Cast, case: Case) -> None:
    read = case.version
    change(cast, case, version=read)
    with pytest.raises(ChangedMeanwhile):
        change(cast, case, version=read, matter="Mine")
    case.refresh_from_db()
    assert case.matter == "Missed brown bin"


def test_a_service_of_another_council_is_refused(cast: Cast) -> None:
    east = cast.logged(council=cast.eastvale, service=None, category=None)
    with pytest.raises(NotVisible):
        change(cast, east)


def test_a_point_joins_the_open_stage_and_stands_when_it_is_answered(cast: Cast, case: Case) -> None:
    made = case_details.add_point(case=case, wording="The lid broke.", by=cast.actor(), at=make.at())
    assert made.number == 3 and StagePoint.objects.filter(point=made).exists()
    with pytest.raises(case_details.PointSaysNothing):
        case_details.add_point(case=case, wording=" ", by=cast.actor(), at=make.at())
    case_details.withdraw_point(case=case, point=made, by=cast.actor(), at=make.at())
    cast.answered(case)
    with pytest.raises(case_details.AlreadyAnswered):
        case_details.add_point(case=case, wording="One more", by=cast.actor(), at=make.at())
    with pytest.raises(case_details.AlreadyAnswered):
        reword(cast, case, case.points.get(number=1))


def test_wordings_are_kept_and_the_second_officer_is_told_who_was_first(cast: Cast, case: Case) -> None:
    point = case.points.get(number=1)
    reword(cast, case, point, by=cast.actor(Role.COMPLAINTS_MANAGER))
    with pytest.raises(ChangedMeanwhile, match="Carol Whitfield changed point 1 at"):
        reword(cast, case, point, wording="Mine")
    assert [one.text for one in queries.wordings_of(point.pk)] == ["Nine times.", "The bin was missed on 16 November."]
    other = cast.logged()
    with pytest.raises(NotVisible):
        reword(cast, other, point, version=2)


def test_the_last_point_and_a_withdrawn_one_are_refused(cast: Cast, case: Case) -> None:
    first, second = case.points.order_by("number")
    case_details.withdraw_point(case=case, point=first, by=cast.actor(), at=make.at())
    with pytest.raises(case_details.WithdrawnAlready):
        case_details.withdraw_point(case=case, point=first, by=cast.actor(), at=make.at())
    with pytest.raises(case_details.LastPoint):
        case_details.withdraw_point(case=case, point=second, by=cast.actor(), at=make.at())


def test_cases_of_one_council_are_linked_in_both_trails(cast: Cast, case: Case) -> None:
    other = cast.logged(matter="Broken lid")
    case_details.link(case=case, other=other, why="Same bin", by=cast.actor(), at=make.at())
    assert queries.linked(cast.actor(), other) == [(case, "Same bin")]
    assert "case.linked" in kinds(case) and "case.linked" in kinds(other)
    east = cast.logged(council=cast.eastvale, service=None, category=None)
    for wrong in (case, east):
        with pytest.raises(case_details.SameCase):
            case_details.link(case=case, other=wrong, why="", by=cast.actor(), at=make.at())


def test_a_date_of_receipt_is_corrected_with_a_reason_and_moves_the_clock(cast: Cast) -> None:
    case = cast.logged()
    received = case_details.correctable(case)[0]
    day = dt.date(2026, 11, 19)
    seen = {one.now.name: one for one in case_details.if_corrected(case, received, day, TODAY)}
    assert seen["stage-1-acknowledgement"].moves
    assert seen["stage-1-acknowledgement"].then.due == dt.date(2026, 11, 26)
    assert Happening.objects.filter(case=case, kind="received").count() == 1, "looking records nothing"

    def correct(happening: Happening, **more: Any) -> Case:
        given = {"on": day, "reason": "The desk had it.", "by": cast.actor(), "at": make.at(), **more}
        return case_details.correct_date(case=case, happening=happening, **given)

    with pytest.raises(case_details.NoReason):
        correct(received, reason=" ")
    with pytest.raises(case_details.NotToBeCorrected):
        correct(received, on=TODAY + dt.timedelta(days=1))
    with pytest.raises(NotPermitted):
        correct(received, by=cast.actor(Role.ADMINISTRATOR))
    correct(received)
    case.refresh_from_db()
    assert (case.received_on, case.next_due_on) == (day, dt.date(2026, 11, 26))
    assert Happening.objects.get(replaces=received).reason == "The desk had it."
    with pytest.raises(case_details.NotToBeCorrected):
        correct(received)


def test_what_was_sent_is_not_corrected_by_hand(cast: Cast, case: Case) -> None:
    assert [one.kind for one in case_details.correctable(case)] == ["received"]
    with pytest.raises(case_details.NotToBeCorrected):
        case_details.correct_date(
            case=case, happening=Happening.objects.get(case=case, kind="acknowledged"), on=TODAY, reason="x",
            by=cast.actor(), at=make.at(),
        )  # fmt: skip
