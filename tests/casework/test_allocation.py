"""The case goes to an officer who is here, unconflicted and of this council; nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, HolderPeriod
from redress.casework import absence, allocation, case_details, closure
from redress.staff.models import Notice, Officer
from redress.staff.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


def give(cast: Cast, case: Case, to: Officer, **more: Any) -> Case:
    given = {"summary": "", "next_action": "", "by": cast.actor(Role.TEAM_LEADER), "at": make.at(), **more}
    return allocation.allocate(case=case, officer=to, **given)


def away(cast: Cast, officer: Officer, cover: Officer | None = None) -> None:
    absence.record(
        officer=officer, starts_on=TODAY, ends_on=dt.date(2026, 11, 27), cover=cover, reason="leave",
        by=cast.actor(Role.COMPLAINTS_MANAGER), at=make.at(),
    )  # fmt: skip


def test_the_officer_holds_it_is_told_once_and_the_trail_says_so(cast: Cast) -> None:
    case = cast.logged()
    for _ in range(2):
        give(cast, case, cast.asha, next_action="Ring Mr Patel", key="k")
    case.refresh_from_db()
    assert (case.holder, case.next_action) == (cast.asha, "Ring Mr Patel")
    assert Notice.objects.get(officer=cast.asha).kind == "allocated"
    assert kinds(case).count("case.allocated") == 1
    assert HolderPeriod.objects.filter(case=case, until=None).count() == 1


def test_who_is_away_is_refused_with_the_cover_named(cast: Cast) -> None:
    away(cast, cast.asha, cast.ben)
    with pytest.raises(allocation.OnLeave, match=r"away until Friday 27 November 2026\. Ben Carter covers"):
        give(cast, cast.logged(), cast.asha)


def test_who_is_complained_about_is_refused_and_loses_the_case(cast: Cast) -> None:
    case = cast.allocated(cast.logged())
    case_details.complained_about(case=case, officer=cast.asha, by=cast.actor(), at=make.at())
    case.refresh_from_db()
    assert case.holder is None
    with pytest.raises(allocation.IsComplainedAbout):
        give(cast, case, cast.asha)


def test_stage_2_goes_to_somebody_who_had_no_part_in_stage_1(cast: Cast) -> None:
    case = cast.at_stage_2(cast.answered(cast.allocated(cast.acknowledged(cast.logged()))))
    with pytest.raises(allocation.TookPartInStage1) as refused:
        give(cast, case, cast.asha, summary="Stage 2")
    assert "Ben Carter (0 open)" in refused.value.do
    with pytest.raises(allocation.TookPartInStage1):
        give(cast, case, cast.carol, summary="She checked the answer")
    give(cast, case, cast.ben, summary="Stage 2")
    why = {one.name: one.why_not for one in allocation.candidates(case, TODAY)}
    assert "Stage 1" in why["Asha Mehta"] and why["Ben Carter"] == ""


def test_only_officers_of_the_council_can_hold(cast: Cast) -> None:
    case = cast.logged()
    for officer in (cast.stranger, cast.officers[Role.AUDITOR], cast.officers[Role.ADMINISTRATOR]):
        with pytest.raises(allocation.CannotHold):
            give(cast, case, officer)


def test_handing_over_needs_a_summary_and_ones_own_case(cast: Cast) -> None:
    case = cast.allocated(cast.logged())
    with pytest.raises(allocation.NoSummary):
        give(cast, case, cast.ben)
    with pytest.raises(allocation.HoldsItAlready):
        give(cast, case, cast.asha, summary="Again")
    ben = actor_for(cast.ben, TODAY)
    with pytest.raises(allocation.NotYours):
        allocation.hand_over(case=case, officer=cast.ben, summary="Mine", next_action="", by=ben, at=make.at())
    with pytest.raises(NotPermitted):
        give(cast, case, cast.ben, summary="x", by=ben)
    allocation.hand_over(
        case=case, officer=cast.ben, summary="Sheets asked for.", next_action="", by=cast.actor(), at=make.at()
    )
    case.refresh_from_db()
    assert case.holder == cast.ben and case.next_action == allocation.FIRST_ACTION
    assert HolderPeriod.objects.filter(case=case).count() == 2


def test_a_closed_case_is_not_allocated(cast: Cast) -> None:
    case = cast.logged()
    closure.close(case=case, outcome="withdrawn", reason="He rang.", on=TODAY, by=cast.actor(), at=make.at())
    with pytest.raises(allocation.IsClosed):
        give(cast, case, cast.asha)


def test_candidates_come_in_the_order_of_their_open_cases(cast: Cast) -> None:
    cast.allocated(cast.logged())
    away(cast, cast.ben)
    case = cast.logged()
    names = [one.name for one in allocation.candidates(case, TODAY)]
    assert names.index("Helen Marsh") < names.index("Asha Mehta") < names.index("Ben Carter")
