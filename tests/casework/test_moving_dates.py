"""When the calendar changes only what it touches is worked out, and letters that gave the old date are listed."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases import clocks
from redress.cases.models import Case, Clock
from redress.casework import calendar, closure, old_dates, recomputing
from redress.correspondence import queries_letters
from redress.correspondence.models import Letter, OldDate
from redress.council.models import BankHoliday, Closure, Council
from redress.council.queries import calendar_for
from redress.jobs import nightly
from redress.plumbing import moment
from redress.rulebook import procedures
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 12, 4)
SCOTLAND = ("scotland",)
TIMETABLE = Actor.timetable("Working days")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def as_request(case: Case, code: str = "foi-request") -> Case:
    """Turn a case that is held into a request for information: intake takes these in a later release."""
    edition = procedures.current(code)
    Case.objects.filter(pk=case.pk).update(procedure=code, edition=edition.id)
    case.refresh_from_db()
    clocks.work_out(case, today=TODAY, at=make.at())
    return case


def proclaim(cast: Cast, on: dt.date = FRIDAY, divisions: tuple[str, ...] = ("england-and-wales",), **more: Any) -> int:
    given = {
        "councils": list(Council.objects.order_by("code")), "on": on, "name": "A royal day", "source": "The Gazette",
        "divisions": divisions, "by": Actor.command("tests"), "at": make.at(), **more,
    }  # fmt: skip
    return calendar.add_bank_holiday(**given)


def worked_out(council: Council, on: dt.date = FRIDAY, divisions: tuple[str, ...] = ("england-and-wales",)) -> None:
    nightly.recompute(council_id=council.pk, why="A royal day", on=on.isoformat(), divisions=list(divisions))


def due(case: Case, clock: str = "stage-1-response") -> dt.date | None:
    return Clock.objects.get(case=case, name=clock).due_on


# ------------------------------------------------------------------------------------------------- whom a day touches


@pytest.mark.parametrize("code", ["foi-request", "eir-request"])
def test_a_scottish_day_moves_requests_for_information_and_nothing_else(cast: Cast, case: Case, code: str) -> None:
    asked = as_request(cast.allocated(cast.logged()), code)
    assert due(asked, "response") == dt.date(2026, 12, 22), "20 working days; 30 November is St Andrew's Day"
    seen = calendar.preview(
        [cast.northmere],
        calendar.Day(FRIDAY, "A royal day", bank_holiday=True, divisions=SCOTLAND),
        TODAY,
        cast.actor(Role.COMPLAINTS_MANAGER),
    )
    assert [(move.case, move.after.due) for move in seen.moves] == [(asked, dt.date(2026, 12, 23))]
    whys = [stay.why for stay in seen.stays]
    assert "They go by the bank holidays of England and Wales, where it stays a working day" in whys
    assert proclaim(cast, divisions=SCOTLAND) == 1
    worked_out(cast.northmere, divisions=SCOTLAND)
    assert due(asked, "response") == dt.date(2026, 12, 23)
    assert due(case) == dt.date(2026, 12, 7)
    assert "case.clock-moved" in kinds(asked)
    assert "case.clock-moved" not in kinds(case)
    reading = clocks.readings(asked, TODAY)["response"]
    skipped = [(one.on, one.why) for line in reading.reasons for one in line.skipped]
    assert (FRIDAY, "A royal day, Scotland") in skipped
    named = calendar_for(cast.northmere)
    assert named.elsewhere[FRIDAY] == "A royal day, Scotland"
    assert named.is_working(FRIDAY)


def test_a_case_is_read_only_where_its_count_crosses_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    crossing = cast.acknowledged(cast.logged())
    before = cast.logged(at=make.at(dt.date(2026, 11, 23)))
    ended = cast.acknowledged(cast.logged())
    closure.close(
        case=ended,
        outcome="withdrawn",
        reason="They rang us.",
        on=TODAY,
        by=cast.actor(Role.COMPLAINTS_MANAGER),
        at=make.at(),
    )
    other = cast.acknowledged(cast.logged(council=cast.eastvale, service=None, category=None))
    assert due(before, "stage-1-acknowledgement") == dt.date(2026, 11, 30)
    read: list[int] = []
    plain = clocks.readings
    monkeypatch.setattr(clocks, "readings", lambda one, *args, **more: read.append(one.pk) or plain(one, *args, **more))
    found = recomputing.touched(cast.northmere.pk, FRIDAY, ("england-and-wales",), TIMETABLE)
    assert found == [crossing]
    day = calendar.Day(FRIDAY, "A royal day", bank_holiday=True)
    calendar.preview([cast.northmere], day, TODAY, cast.actor(Role.COMPLAINTS_MANAGER))
    assert set(read) == {crossing.pk}
    assert recomputing.touched(cast.northmere.pk, dt.date(2026, 11, 20), ("england-and-wales",), TIMETABLE) == []
    assert other.pk not in read


def test_choosing_asks_the_database_as_often_for_many_cases_as_for_one(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            recomputing.touched(cast.northmere.pk, FRIDAY, ("england-and-wales",), TIMETABLE)
        return len(queries)

    cast.acknowledged(cast.logged())
    first = asked()
    for _ in range(4):
        cast.acknowledged(cast.logged())
    assert asked() == first <= 3


def histories(cast: Cast, seed: int) -> list[Case]:
    """Make cases of many shapes: acknowledged in time, late or not at all, at Stage 2, requests for information."""
    wild = random.Random(seed)
    found = []
    for number in range(10):
        received = TODAY - dt.timedelta(days=wild.randint(0, 30))
        case = cast.logged(at=make.at(received), received_on=received, received_at=make.at(received))
        if number % 4:
            case = cast.acknowledged(case, on=min(TODAY, received + dt.timedelta(days=wild.randint(0, 12))))
        if number == 5:
            case = cast.at_stage_2(cast.answered(cast.allocated(case)))
        if number in (2, 6):
            case = as_request(case, wild.choice(["foi-request", "eir-request"]))
        found.append(case)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_working_out_the_touched_gives_what_working_out_all_gives(cast: Cast, seed: int) -> None:
    """Whatever day is added or taken away: a case that is not chosen would not have changed."""
    cast.northmere.closures_count = True
    cast.northmere.save()
    histories(cast, seed)
    every = list(Case.objects.filter(council=cast.northmere, closed_at=None).select_related("council"))
    for one in every:
        clocks.work_out(one, today=TODAY, at=make.at())
    assert recomputing.differences(every, TODAY) == {}
    chosen = moved = 0
    tried = range(-35 + seed, 45, 3)
    for back in tried:
        day = TODAY + dt.timedelta(days=back)
        for parts in (("england-and-wales",), SCOTLAND, ("northern-ireland", "scotland"), ()):
            rows: list[Any] = [
                BankHoliday.objects.get_or_create(on=day, division=part, defaults={"name": "x", "source": "x"})[0]
                for part in parts
            ] or [Closure.objects.create(council=cast.northmere, on=day, reason="x")]
            differing = set(recomputing.differences(every, TODAY))
            touched = {one.pk for one in recomputing.touched(cast.northmere.pk, day, parts, TIMETABLE)}
            assert differing <= touched, f"{day}, {parts}"
            chosen, moved = chosen + len(touched), moved + len(differing)
            if differing and back % 4 == 0:
                # And the other way: what the day had moved is chosen when the day is taken away again.
                for one in every:
                    clocks.work_out(one, today=TODAY, at=make.at())
                for row in rows:
                    row.delete()
                back_again = set(recomputing.differences(every, TODAY))
                assert back_again == differing
                assert back_again <= {one.pk for one in recomputing.touched(cast.northmere.pk, day, parts, TIMETABLE)}
                for one in every:
                    clocks.work_out(one, today=TODAY, at=make.at())
            else:
                for row in rows:
                    row.delete()
    assert moved > 20, "the days do move dates"
    assert chosen < len(every) * len(tried) * 4 / 2, "and the choice leaves most cases alone"


def test_a_late_acknowledgement_keeps_its_limit_in_the_count(cast: Cast) -> None:
    """The response runs from the acknowledgement's limit, so a day before that limit moves it as well."""
    received = dt.date(2026, 11, 9)
    case = cast.logged(at=make.at(received), received_on=received, received_at=make.at(received))
    case = cast.acknowledged(case, on=dt.date(2026, 11, 20))
    row = Clock.objects.get(case=case, name="stage-1-response")
    assert (row.counts_from, row.due_on) == (received, dt.date(2026, 11, 30))
    day = dt.date(2026, 11, 12)
    proclaim(cast, day)
    assert recomputing.touched(cast.northmere.pk, day, ("england-and-wales",), TIMETABLE) == [case]
    worked_out(cast.northmere, day)
    assert due(case) == dt.date(2026, 12, 1)


def test_a_clock_without_a_date_is_read_to_be_sure(cast: Cast, case: Case) -> None:
    far = dt.date(2027, 5, 14)
    assert recomputing.touched(cast.northmere.pk, far, ("england-and-wales",), TIMETABLE) == []
    Clock.objects.filter(case=case, name="stage-1-response").update(state="paused", due_on=None)
    assert recomputing.touched(cast.northmere.pk, far, ("england-and-wales",), TIMETABLE) == [case]


# ------------------------------------------------------------------------------------------------------ bank holidays


def test_a_bank_holiday_of_all_parts_is_added_where_it_is_not_known_and_can_be_taken_back(
    cast: Cast, case: Case
) -> None:
    scots = dt.date(2026, 11, 30)
    everywhere = ("england-and-wales", "scotland", "northern-ireland")
    assert proclaim(cast, scots, everywhere) == 2, "St Andrew's Day is one in Scotland already"
    assert set(BankHoliday.objects.values_list("division", flat=True)) == {"england-and-wales", "northern-ireland"}
    with pytest.raises(calendar.NotAWorkingDay, match="already"):
        proclaim(cast, scots, everywhere)
    worked_out(cast.northmere, scots, everywhere)
    assert due(case) == dt.date(2026, 12, 8)
    councils = list(Council.objects.order_by("code"))
    by = Actor.command("tests")
    row = BankHoliday.objects.get(division="england-and-wales")
    assert calendar.take_back_bank_holiday(councils=councils, holiday=row, by=by, at=make.at()) == len(councils)
    assert trail.read(cast.northmere)[-1].kind == "council.bank-holiday-removed"
    worked_out(cast.northmere, scots)
    assert due(case) == dt.date(2026, 12, 7)
    with pytest.raises(calendar.NotThere):
        calendar.take_back_bank_holiday(councils=councils, holiday=row, by=by, at=make.at())


def test_each_refusal_of_a_bank_holiday(cast: Cast) -> None:
    for nowhere in ((), ("wales",), ("england-and-wales", "france")):
        with pytest.raises(calendar.NowhereInTheKingdom):
            proclaim(cast, divisions=nowhere)
    with pytest.raises(calendar.NotAWorkingDay):
        proclaim(cast, dt.date(2026, 12, 5))
    with pytest.raises(calendar.NotAWorkingDay, match="Christmas Day"):
        proclaim(cast, dt.date(2026, 12, 25))
    with pytest.raises(calendar.NoReason):
        proclaim(cast, name=" ")
    for role in (Role.OFFICER, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises((NotPermitted, NotVisible)):
            proclaim(cast, councils=[cast.northmere], by=cast.actor(role))
    assert not BankHoliday.objects.exists()


def test_a_bank_holiday_may_fall_on_a_closure_because_requests_do_not_know_closures(cast: Cast) -> None:
    Closure.objects.create(council=cast.northmere, on=FRIDAY, reason="Works")
    assert proclaim(cast) == 1


# ------------------------------------------------------------------------------------------------------------ letters


def test_a_letter_that_gave_the_old_date_is_listed_until_somebody_says_what_was_done(cast: Cast, case: Case) -> None:
    manager, asha = cast.actor(Role.COMPLAINTS_MANAGER), cast.actor()
    seen = calendar.preview([cast.northmere], calendar.Day(FRIDAY, "x", bank_holiday=True), TODAY, manager)
    assert [letter.kind for letter in seen.moves[0].letters] == ["acknowledgement"]
    assert seen.moves[0].told == dt.date(2026, 12, 7)
    assert not OldDate.objects.exists(), "looking lists nothing"
    proclaim(cast)
    for _ in range(2):
        worked_out(cast.northmere)
    old = OldDate.objects.get()
    assert (old.letter.kind, old.clock, old.gave) == ("acknowledgement", "stage-1-response", dt.date(2026, 12, 7))
    assert trail.read(case, kinds=["case.clock-moved"])[0].ids["letters"] == 1
    assert "A letter that gave the earlier date is listed on the case" in Notice.objects.get(kind="date-moved").text
    assert queries_letters.old_dates_of(asha, case) == [old]
    with pytest.raises(old_dates.SayWhatWasDone):
        old_dates.settle(case=case, old=old, how="moved-back", by=asha, at=make.at())
    with pytest.raises(NotVisible):
        old_dates.settle(case=cast.logged(), old=old, how="kept", by=asha, at=make.at())
    with pytest.raises(NotPermitted):
        old_dates.settle(case=case, old=old, how="kept", by=cast.actor(Role.AUDITOR), at=make.at())
    old_dates.settle(case=case, old=old, how="kept", by=asha, at=make.at())
    assert queries_letters.old_dates_of(asha, case) == []
    assert [line.ids["how"] for line in trail.read(case, kinds=["letter.old-date-settled"])] == ["kept"]
    with pytest.raises(old_dates.SettledAlready):
        old_dates.settle(case=case, old=old, how="written", by=asha, at=make.at())


def test_nothing_is_left_to_do_where_the_date_moves_back(cast: Cast, case: Case) -> None:
    proclaim(cast)
    worked_out(cast.northmere)
    councils = list(Council.objects.order_by("code"))
    row = BankHoliday.objects.get()
    calendar.take_back_bank_holiday(councils=councils, holiday=row, by=Actor.command("tests"), at=make.at())
    worked_out(cast.northmere)
    old = OldDate.objects.get()
    assert (old.settled, old.settled_by) == ("moved-back", "Working days")
    assert due(case) == dt.date(2026, 12, 7)


def test_a_clock_that_was_met_moves_quietly(cast: Cast, case: Case) -> None:
    """The page reads it anew anyway; nobody has to do anything about it."""
    limit = Clock.objects.get(case=case, name="stage-1-acknowledgement").due_on
    assert limit == dt.date(2026, 11, 30)
    proclaim(cast, limit)
    worked_out(cast.northmere, limit)
    assert due(case, "stage-1-acknowledgement") == dt.date(2026, 12, 1)
    notice = Notice.objects.get(kind="date-moved")
    assert "acknowledgement" not in notice.text.split(":")[1]
    assert list(OldDate.objects.values_list("clock", flat=True)) == ["stage-1-response"]
    nightly.look()
    assert not Notice.objects.filter(kind="clocks-differed").exists(), "the night finds nothing left behind"


@pytest.mark.parametrize(
    ("words", "gives"),
    [
        ("We will answer by Monday 7 December 2026.", True),
        ("by\n07 December 2026", True),
        ("on the 7th of December, 2026", True),
        ("by 7 Dec 2026 at the latest", True),
        ("by 7 Dec.", True),
        ("by 7 December", True),
        ("by 07/12/2026", True),
        ("by 7.12.26,", True),
        ("due 2026-12-07", True),
        ("by Monday 17 December 2026", False),
        ("by 7 December 2027", False),
        ("on 7 decisions", False),
        ("case 2/7/12/2026", False),
        ("by 27/12/2026", False),
        ("reference 12026-12-071", False),
        ("7 of the December letters", False),
    ],
)
def test_a_date_is_found_however_it_is_written(cast: Cast, case: Case, words: str, gives: bool) -> None:
    letter = another_letter(case, blocks=[{"kind": "paragraph", "text": words}])
    found = queries_letters.giving(TIMETABLE, dt.date(2026, 12, 7), [case.pk])
    assert (letter in found) is gives


def another_letter(case: Case, **more: Any) -> Letter:
    """Release a letter like the acknowledgement, with other words."""
    given = {
        "pk": None, "message_id": "", "state": Letter.State.RELEASED, "subject": "Your complaint",
        "dispatched_at": None, "dispatched_on": None, "dispatched_by": "", "evidence": {}, **more,
    }  # fmt: skip
    letter = Letter.objects.filter(case=case).earliest("pk")
    for name, value in given.items():
        setattr(letter, name, value)
    letter._state.adding = True
    letter.save()
    return letter


def test_a_date_in_may_and_one_in_the_subject_are_found_and_a_draft_gave_nothing(cast: Cast, case: Case) -> None:
    day = dt.date(2027, 5, 4)
    letter = another_letter(case, subject="Our answer by 4 May 2027", blocks=[])
    assert queries_letters.giving(TIMETABLE, day, [case.pk]) == [letter]
    assert not queries_letters.giving(TIMETABLE, day, [case.pk + 1])
    assert not queries_letters.giving(Actor.resident(council_id=case.council_id), day, [case.pk])
    another_letter(case, subject="4 May 2027", state=Letter.State.DRAFT)
    another_letter(case, subject="4 May 2027", state=Letter.State.WITHDRAWN)
    assert queries_letters.giving(TIMETABLE, day, [case.pk]) == [letter]
