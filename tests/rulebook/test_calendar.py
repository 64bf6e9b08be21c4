"""The packaged bank holidays against two other sources, what the calendar says about a day, and counting with it."""

import json
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.rulebook import calendar

SHARED = Path(__file__).resolve().parents[3] / "shared" / "rules" / "govuk_bank_holidays.json"
YEARS = range(2000, 2031)
OURS = {"england-and-wales": ("ENG", "WLS"), "scotland": ("SCT",), "northern-ireland": ("NIR",)}
EW = calendar.england_and_wales()
ANY = calendar.named("uk-any")

# Weekdays on which the packaged list and the `holidays` package differ: who is right, and why. There is none today.
DIFFERENCES: dict[tuple[str, date], str] = {}


@pytest.mark.parametrize("division", OURS)
def test_every_weekday_from_2000_to_2030_agrees_with_the_holidays_package(division):
    ours = {day for day in calendar.division(division).holidays if day.weekday() < 5}
    assert {day.year for day in ours} == set(YEARS)
    for part in OURS[division]:
        theirs = {day for day in holidays.country_holidays("GB", subdiv=part, years=YEARS) if day.weekday() < 5}
        assert ours ^ theirs == {day for name, day in DIFFERENCES if name == division}


def test_every_difference_says_who_is_right():
    assert [day for day, why in DIFFERENCES.items() if not why.endswith(".")] == []


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


# ------------------------------------------------------------------------------------------------------ named calendars


def test_every_calendar_that_an_edition_may_name_is_there_and_is_made_once():
    assert set(calendar.CALENDARS) == {*calendar.DIVISIONS, "england", "uk-any"} == set(calendar.CONSULTS)
    for name in calendar.CALENDARS:
        assert calendar.named(name).name == name
        assert calendar.named(name) is calendar.named(name)
        assert (calendar.named(name).known_from, calendar.named(name).known_to) == (EW.known_from, EW.known_to)
    with pytest.raises(KeyError):
        calendar.named("wales")
    with pytest.raises(KeyError):
        calendar.division("uk-any")


def test_any_part_of_the_united_kingdom_is_the_three_divisions_together():
    together = {day for name in calendar.DIVISIONS for day in calendar.division(name).holidays}
    assert set(ANY.holidays) == together
    assert ANY.elsewhere == {}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-12-25", "Christmas Day"),
        ("2026-06-15", "Bank holiday for the World Cup, Scotland"),
        ("2026-07-13", "Battle of the Boyne (Orangemen's Day) (substitute day), Northern Ireland"),
        ("2026-04-06", "Easter Monday, England and Wales and Northern Ireland"),
        ("2026-01-02", "2nd January, Scotland"),
        ("2025-03-17", "St Patrick's Day, Northern Ireland"),
        ("2026-08-31", "Summer bank holiday, England and Wales and Northern Ireland"),
        ("2026-08-03", "Summer bank holiday, Scotland"),
    ],
)
def test_a_day_off_in_one_part_is_named_with_its_part(day, name):
    assert ANY.why_not(date.fromisoformat(day)) == name


def test_england_names_its_three_days_where_no_bank_holiday_is_proclaimed_for_them():
    """SI 2006/1738 names Christmas Day, Boxing Day and Good Friday beside the bank holidays."""
    assert calendar.named("england").holidays == EW.holidays, "the packaged list has them all"
    named = {"Good Friday", "Christmas Day", "Boxing Day"}
    bare = {
        name: {day: title for day, title in days.items() if title not in named}
        for name, days in calendar.bank_holidays().items()
    }
    england, others = calendar.made_from("england", bare), calendar.made_from("england-and-wales", bare)
    assert england.holidays == EW.holidays
    for day in (date(2026, 4, 3), date(2026, 12, 25), date(2028, 12, 26)):
        assert others.is_working(day)
        assert not england.is_working(day)


def test_what_was_added_counts_in_the_calendars_of_its_division_and_is_named_in_the_others():
    day = date(2027, 6, 11)
    divisions = calendar.with_added({"scotland": {day: "A royal day", date(2026, 12, 25): "Another name"}})
    assert calendar.made_from("uk-any", divisions).why_not(day) == "A royal day, Scotland"
    assert calendar.made_from("scotland", divisions).why_not(day) == "A royal day"
    assert calendar.made_from("scotland", divisions).why_not(date(2026, 12, 25)) == "Christmas Day"
    for name in ("england", "england-and-wales"):
        made = calendar.made_from(name, divisions)
        assert made.is_working(day)
        assert made.elsewhere[day] == "A royal day, Scotland"
    assert calendar.division("scotland").is_working(day), "the packaged calendar is not touched"


def test_a_year_is_known_once_it_is_whole_for_every_division_that_counts():
    later = [date(2031, month, day) for month, day in ((1, 1), (4, 11), (4, 14), (5, 5), (5, 26), (8, 25), (12, 25))]
    added = {"england-and-wales": dict.fromkeys(later, "A bank holiday")}
    assert calendar.made_from("england-and-wales", calendar.with_added(added)).known_to == date(2030, 12, 31)
    added["england-and-wales"][date(2031, 12, 26)] = "Boxing Day"
    assert calendar.made_from("england-and-wales", calendar.with_added(added)).known_to == date(2031, 12, 31)
    assert calendar.made_from("uk-any", calendar.with_added(added)).known_to == date(2030, 12, 31)
    alone = {"england-and-wales": {day.replace(year=2040): name for day, name in added["england-and-wales"].items()}}
    assert calendar.made_from("england-and-wales", calendar.with_added(alone)).known_to == date(2030, 12, 31)


# ----------------------------------------------------------------------------------------------- counting, day by day


def walk(days, start, number):
    """Count by walking: what `add` has to give."""
    day = start
    while number:
        day += timedelta(days=1)
        number -= days.is_working(day)
    return day


def walked(days, start, end):
    """Count by walking: what `between` has to give."""
    return sum(days.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


DAYS = st.dates(min_value=date(1998, 1, 1), max_value=date(2032, 12, 31))
CLOSED = st.dictionaries(st.dates(min_value=date(2025, 12, 1), max_value=date(2027, 1, 31)), st.just("closed"))


@given(name=st.sampled_from(sorted(calendar.CALENDARS)), closed=CLOSED, start=DAYS, number=st.integers(0, 300))
def test_adding_gives_what_walking_gives(name, closed, start, number):
    days = calendar.named(name).with_closures(closed)
    due = days.add(start, number)
    assert due == walk(days, start, number)
    assert days.between(start, due) == number
    assert number == 0 or days.is_working(due)


@given(name=st.sampled_from(sorted(calendar.CALENDARS)), closed=CLOSED, start=DAYS, length=st.integers(-40, 500))
def test_what_lies_between_is_what_walking_counts(name, closed, start, length):
    days, end = calendar.named(name).with_closures(closed), start + timedelta(days=length)
    assert days.between(start, end) == walked(days, start, end)
    skipped = days.skipped(start, end)
    weekdays = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert [day for day, _ in skipped] == [d for d in weekdays if d.weekday() < 5 and not days.is_working(d)]
    assert all(why == days.why_not(day) for day, why in skipped)


@given(start=st.dates(max_value=date(4, 1, 1)), number=st.integers(0, 40))
def test_counting_holds_at_the_beginning_of_time(start, number):
    assert EW.add(start, number) == walk(EW, start, number)


@given(back=st.integers(0, 60), number=st.integers(1, 40))
def test_counting_holds_at_the_end_of_time(back, number):
    start = date.max - timedelta(days=back)
    try:
        wanted = walk(EW, start, number)
    except OverflowError:
        with pytest.raises(calendar.OutsideCalendar):
            EW.add(start, number)
    else:
        assert EW.add(start, number) == wanted
