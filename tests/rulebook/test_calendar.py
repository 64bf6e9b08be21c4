"""The packaged bank holidays against two other sources, and what the calendar says about a day."""

import json
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from redress.rulebook import calendar

SHARED = Path(__file__).resolve().parents[3] / "shared" / "rules" / "govuk_bank_holidays.json"
YEARS = range(2000, 2031)
OURS = {"england-and-wales": ("ENG", "WLS"), "scotland": ("SCT",), "northern-ireland": ("NIR",)}
EW = calendar.england_and_wales()


@pytest.mark.parametrize("division", OURS)
def test_every_day_from_2000_to_2030_agrees_with_the_holidays_package(division):
    for part in OURS[division]:
        theirs = holidays.country_holidays("GB", subdiv=part, years=YEARS)
        assert set(calendar.division(division).holidays) == set(theirs)


@pytest.mark.parametrize("division", OURS)
def test_the_gov_uk_feed_agrees(division):
    if not SHARED.exists():
        pytest.skip(f"the copy of the GOV.UK feed is not beside the project ({SHARED.name})")
    feed = {date.fromisoformat(event["date"]) for event in json.loads(SHARED.read_text("utf-8"))[division]["events"]}
    years = {day.year for day in feed}
    packaged = {day for day in calendar.division(division).holidays if day.year in years and day.weekday() < 5}
    late = {date(2026, 6, 15)} if division == "scotland" else set()
    assert packaged - late == feed
    assert late <= packaged


@pytest.mark.parametrize(
    ("day", "weekday", "name"),
    [
        ("2020-05-08", "Friday", "Early May bank holiday"),
        ("2022-06-03", "Friday", "Platinum Jubilee bank holiday"),
        ("2022-09-19", "Monday", "Bank holiday for the State Funeral of Queen Elizabeth II"),
        ("2023-05-08", "Monday", "Bank holiday for the coronation of King Charles III"),
        ("2026-12-28", "Monday", "Boxing Day (substitute day)"),
        ("2028-01-03", "Monday", "New Year's Day (substitute day)"),
    ],
)
def test_irregular_dates_in_england_and_wales(day, weekday, name):
    found = date.fromisoformat(day)
    assert found.strftime("%A") == weekday
    assert (EW.is_working(found), EW.why_not(found)) == (False, name)


def test_the_holiday_that_moved_away_is_a_working_day():
    assert EW.is_working(date(2020, 5, 4))


@pytest.mark.parametrize(
    ("day", "where", "name"),
    [
        ("2026-06-15", calendar.scotland, "Bank holiday for the World Cup"),
        ("2026-11-30", calendar.scotland, "St Andrew's Day"),
        ("2025-12-01", calendar.scotland, "St Andrew's Day (substitute day)"),
        ("2026-07-13", calendar.northern_ireland, "Battle of the Boyne (Orangemen's Day) (substitute day)"),
    ],
)
def test_holidays_elsewhere_count_here_and_are_named(day, where, name):
    found = date.fromisoformat(day)
    assert where().why_not(found) == name
    assert EW.is_working(found)
    assert name in EW.elsewhere[found]


def test_weekends_closures_and_working_days_say_why():
    closed = EW.with_closures({date(2026, 12, 29): "The offices are closed"})
    assert closed.why_not(date(2026, 12, 29)) == "The offices are closed"
    assert closed.why_not(date(2026, 12, 26)) == "Boxing Day"
    assert closed.why_not(date(2026, 12, 27)) == "Sunday"
    assert closed.why_not(date(2026, 12, 30)) is None
    assert closed.without_closures() == EW


def test_counting_stops_at_the_edge_of_time_and_refuses_absurd_numbers():
    with pytest.raises(calendar.OutsideCalendar, match="last date"):
        EW.add(date.max - timedelta(days=2), 5)
    for number in (-1, 5001):
        with pytest.raises(calendar.OutsideCalendar, match="not a number of working days"):
            EW.add(date(2026, 1, 1), number)


def test_the_fingerprint_names_the_days_off_and_nothing_else():
    assert EW.fingerprint == "371e4cedef6aee7b"
    assert (
        EW.with_closures({date(2026, 12, 29): "x"}).fingerprint
        == EW.with_closures({date(2026, 12, 29): "y"}).fingerprint
    )
    assert EW.with_closures({date(2026, 12, 29): "x"}).fingerprint != EW.fingerprint
    assert calendar.scotland().fingerprint != EW.fingerprint


def test_what_is_known_is_bounded():
    assert EW.knows(date(2030, 12, 31))
    assert not EW.knows(date(2031, 1, 1))


def test_next_working_day():
    assert EW.next_working(date(2026, 12, 25)) == date(2026, 12, 29)
    assert EW.next_working(date(2026, 11, 23)) == date(2026, 11, 23)
