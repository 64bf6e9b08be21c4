"""A day is closed or a bank holiday proclaimed: what moves is seen first, then each case is worked out by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, Clock
from redress.casework import calendar, recomputing
from redress.council.models import BankHoliday, Closure
from redress.jobs import nightly
from redress.plumbing import moment
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 12, 4)
DAY = calendar.Day(on=FRIDAY, reason="Electrical works")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    made.northmere.closures_count = True
    made.northmere.save()
    return made


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def close(cast: Cast, **more: Any) -> int:
    given = {"councils": [cast.northmere], "on": FRIDAY, "reason": "Electrical works", "at": make.at(), **more}
    return calendar.close_day(by=given.pop("by", cast.actor(Role.COMPLAINTS_MANAGER)), **given)


def due(case: Case) -> dt.date | None:
    return Clock.objects.get(case=case, name="stage-1-response").due_on


def test_the_preview_says_what_moves_and_what_does_not_and_changes_nothing(cast: Cast, case: Case) -> None:
    early = cast.logged()
    east = cast.allocated(cast.acknowledged(cast.logged(council=cast.eastvale, service=None, category=None)))
    seen = calendar.preview([cast.northmere], DAY, TODAY, cast.actor(Role.COMPLAINTS_MANAGER))
    assert [(one.case, one.before.due, one.after.due) for one in seen.moves] == [
        (case, dt.date(2026, 12, 7), dt.date(2026, 12, 8))
    ]
    assert seen.moves[0].told == dt.date(2026, 12, 7), "the acknowledgement named it"
    assert seen.total == 2 and seen.refusal is None
    words = [f"{stay.count} {stay.what}: {stay.why}" for stay in seen.stays]
    assert any(one.startswith("1 Northmere cases") and "4 December 2026" in one for one in words), words
    assert any(one.startswith("1 Eastvale cases") for one in words)
    assert due(case) == dt.date(2026, 12, 7) and due(east) == dt.date(2026, 12, 7) and early.pk


def test_where_closures_count_as_working_days_nothing_moves_and_it_says_why(cast: Cast, case: Case) -> None:
    cast.northmere.closures_count = False
    cast.northmere.save()
    seen = calendar.preview([cast.northmere], DAY, TODAY, cast.actor(Role.COMPLAINTS_MANAGER))
    assert seen.moves == () and "setting counts closures as working days" in seen.stays[0].why


def test_closing_a_day_moves_each_case_in_its_own_step_and_tells_the_holder(cast: Cast, case: Case) -> None:
    assert close(cast, key="k") == close(cast, key="k") == 1
    assert trail.read(cast.northmere)[-1].kind == "council.closure-added"
    assert due(case) == dt.date(2026, 12, 7), "the job moves it, not the page"
    for _ in range(2):
        nightly.recompute(council_id=cast.northmere.pk, why="Friday 4 December 2026 is a closure")
    assert due(case) == dt.date(2026, 12, 8)
    case.refresh_from_db()
    assert case.next_due_on == dt.date(2026, 12, 8)
    line = trail.read(case, kinds=["case.clock-moved"])
    assert [(one.ids["was"], one.ids["now"]) for one in line] == [("2026-12-07", "2026-12-08")]
    notice = Notice.objects.get(kind="date-moved")
    assert notice.officer == cast.asha and "Monday 7 December 2026 to Tuesday 8 December 2026" in notice.text


def test_opening_the_day_again_moves_the_dates_back(cast: Cast, case: Case) -> None:
    close(cast)
    nightly.recompute(council_id=cast.northmere.pk, why="closed")
    closure = Closure.objects.get()
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    calendar.open_day(council=cast.northmere, closure=closure, by=by, at=make.at())
    nightly.recompute(council_id=cast.northmere.pk, why="opened")
    assert due(case) == dt.date(2026, 12, 7) and kinds(case).count("case.clock-moved") == 2
    with pytest.raises(calendar.NotThere):
        calendar.open_day(council=cast.northmere, closure=closure, by=by, at=make.at())


def test_a_bank_holiday_proclaimed_later_moves_every_council(cast: Cast, case: Case) -> None:
    east = cast.allocated(cast.acknowledged(cast.logged(council=cast.eastvale, service=None, category=None)))
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    councils = [cast.northmere, cast.eastvale]
    calendar.add_bank_holiday(
        councils=councils, on=FRIDAY, name="A royal day", source="The Gazette", by=by, at=make.at()
    )
    assert BankHoliday.objects.get().name == "A royal day"
    for council in councils:
        nightly.recompute(council_id=council.pk, why="A royal day")
        assert trail.read(council)[-1].kind == "council.bank-holiday-added"
    assert due(case) == due(east) == dt.date(2026, 12, 8)


def test_each_refusal(cast: Cast, case: Case) -> None:
    with pytest.raises(calendar.NoReason):
        close(cast, reason=" ")
    for day in (dt.date(2026, 12, 5), dt.date(2026, 12, 25)):
        with pytest.raises(calendar.NotAWorkingDay):
            close(cast, on=day)
    with pytest.raises(NotPermitted):
        close(cast, by=cast.actor())
    close(cast)
    with pytest.raises(calendar.NotAWorkingDay):
        close(cast)
    with pytest.raises(recomputing.NothingMoves):
        recomputing.recompute(case=cast.logged(), why="x", by=Actor.timetable(), at=make.at())


def test_the_nightly_look_mends_what_differs_and_reports_it_once(cast: Cast, case: Case) -> None:
    nightly.look()
    assert not Notice.objects.filter(kind="clocks-differed").exists(), "nothing differs on an ordinary night"
    Clock.objects.filter(case=case, name="stage-1-response").update(due_on=dt.date(2026, 12, 1))
    for _ in range(2):
        nightly.look()
    assert due(case) == dt.date(2026, 12, 7)
    notice = Notice.objects.get(kind="clocks-differed")
    assert notice.officer == cast.carol and case.reference in notice.text
    assert [line.kind for line in trail.read(cast.northmere)].count("council.clocks-differed") == 1
