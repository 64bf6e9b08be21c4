"""What was on record at the end of a day counts for what was believed then, and each correction stays to be seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases import clocks
from redress.cases.models import Case, Happening
from redress.casework import believed, calendar, case_details
from redress.council.models import BankHoliday, Closure, Council

pytestmark = pytest.mark.django_db
CAME = dt.date(2026, 11, 19)
LATER = dt.date(2026, 11, 26)


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.logged()


def corrected(cast: Cast, case: Case, on: dt.date = CAME, *, at: dt.date = LATER) -> Case:
    return case_details.correct_date(
        case=case, happening=case_details.correctable(case)[0], on=on, reason="The desk had it on the Thursday.",
        by=cast.actor(), at=make.at(at),
    )  # fmt: skip


def test_the_day_of_recording_is_the_day_in_london(cast: Cast) -> None:
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    case = cast.logged(at=late, received_at=late, received_on=dt.date(2026, 7, 1))
    assert {one.recorded for one in clocks.facts(case)} == {dt.date(2026, 7, 2)}


def test_before_anything_was_recorded_nothing_was_believed(case: Case) -> None:
    found = believed.believe(case, TODAY - dt.timedelta(days=1), today=TODAY)
    assert (found.on_record, found.then) == ((), {})
    assert found.names == ("stage-1-acknowledgement", "stage-1-response")[: len(found.names)]
    assert [row.kind for row in found.added][:1] == ["received"]


def test_a_correction_counts_from_the_day_on_which_it_was_made(cast: Cast, case: Case) -> None:
    corrected(cast, case)
    before = believed.believe(case, LATER - dt.timedelta(days=1), today=LATER)
    name = "stage-1-acknowledgement"
    assert before.then[name].due == dt.date(2026, 11, 30) and before.then[name].state == "running"
    assert before.now[name].due == LATER, "five working days after the Thursday"
    one = before.corrected_since[0]
    assert (one.was_words, one.now_words) == (
        "Received on Monday 23 November 2026", "Received on Thursday 19 November 2026",
    )  # fmt: skip
    assert (one.row.recorded_by, one.recorded_on) == ("Asha Mehta", LATER)
    after = believed.believe(case, LATER, today=LATER)
    assert (after.corrected_since, len(after.corrections)) == ((), 1)
    assert {key: one.due for key, one in after.then.items()} == {key: one.due for key, one in after.now.items()}


def test_a_chain_of_corrections_is_listed_in_its_order(cast: Cast, case: Case) -> None:
    corrected(cast, case)
    corrected(cast, case, dt.date(2026, 11, 20), at=dt.date(2026, 11, 27))
    found = believed.believe(case, LATER, today=dt.date(2026, 11, 27))
    assert [(one.was.on, one.row.on) for one in found.corrections] == [
        (TODAY, CAME), (CAME, dt.date(2026, 11, 20)),
    ]  # fmt: skip
    assert [one.row.on for one in found.corrected_since] == [dt.date(2026, 11, 20)]
    assert found.then["stage-1-acknowledgement"].due == LATER
    assert found.now["stage-1-acknowledgement"].due == dt.date(2026, 11, 27)


def test_what_never_took_place_says_so(case: Case) -> None:
    row = Happening(kind="recorded-in-error", on=TODAY)
    assert believed.said(row) == "It never took place"
    assert believed.said(Happening(kind="not-emergency", on=TODAY)) == "Not emergency on Monday 23 November 2026"


def test_the_days_off_are_those_that_were_known_then(cast: Cast, case: Case) -> None:
    """A closure and a bank holiday that were added, or taken back, later make no difference to what was believed."""
    Council.objects.filter(pk=cast.northmere.pk).update(closures_count=True)
    case.refresh_from_db()
    carol, command = cast.actor(Role.COMPLAINTS_MANAGER), Actor.command("tests")
    calendar.close_day(
        councils=[cast.northmere], on=dt.date(2026, 11, 25), reason="Electrical works", by=carol, at=make.at(),
    )  # fmt: skip
    everybody = list(Council.objects.order_by("code"))
    calendar.add_bank_holiday(
        councils=everybody, on=dt.date(2026, 11, 27), name="A royal day", source="The Gazette",
        divisions=("england-and-wales",), by=command, at=make.at(LATER),
    )  # fmt: skip
    calendar.open_day(council=cast.northmere, closure=Closure.objects.get(), by=carol, at=make.at(LATER))
    name = "stage-1-acknowledgement"
    with_closure = believed.believe(case, TODAY, today=LATER)
    assert [one.words for one in with_closure.days_off] == [
        "Friday 27 November 2026 is no working day any more: A royal day",
        "Wednesday 25 November 2026 is a working day again",
    ]
    off = {one.on for reason in with_closure.then[name].reasons for one in reason.skipped}
    assert dt.date(2026, 11, 25) in off and dt.date(2026, 11, 27) not in off
    assert believed.believe(case, LATER, today=LATER).days_off == ()
    calendar.take_back_bank_holiday(
        councils=everybody, holiday=BankHoliday.objects.get(), by=command, at=make.at(dt.date(2026, 11, 27)),
    )  # fmt: skip
    between = believed.believe(case, LATER, today=dt.date(2026, 11, 27))
    assert (between.then[name].due, between.now[name].due) == (dt.date(2026, 12, 1), dt.date(2026, 11, 30))


def test_it_is_listed_when_the_record_changed(cast: Cast, case: Case) -> None:
    corrected(cast, case)
    days = believed.recorded_days(clocks.happenings_of(case))
    assert list(days) == [TODAY, LATER]
    assert [row.on for row in days[LATER]] == [CAME]
