"""How pressing a thing is, by weekday, and how dates are said."""

from datetime import date, datetime

import pytest

from redress.rulebook import calendar, dates, severity
from redress.rulebook.settings import Settings

EW = calendar.england_and_wales()
DUE = date(2026, 11, 25)  # a Wednesday

# today · group · days late · days left · words
ROWS = [
    ("Fri 2026-11-20", "ok", 0, 3, "In 3 working days"),
    ("Sat 2026-11-21", "ok", 0, 3, "In 3 working days"),
    ("Mon 2026-11-23", "soon", 0, 2, "In 2 working days"),
    ("Tue 2026-11-24", "soon", 0, 1, "In 1 working day"),
    ("Wed 2026-11-25", "soon", 0, 0, "Due today"),
    ("Thu 2026-11-26", "late", 1, 0, "1 working day late"),
    ("Sun 2026-11-29", "late", 2, 0, "2 working days late"),
    ("Wed 2026-12-02", "late", 5, 0, "5 working days late"),
    ("Thu 2026-12-03", "crit", 6, 0, "6 working days late"),
]


@pytest.mark.parametrize(("today", "group", "late", "left", "words"), ROWS)
def test_by_day(today, group, late, left, words):
    day = date.fromisoformat(today[4:])
    assert day.strftime("%a") == today[:3]
    found = severity.severity(DUE, day, EW)
    assert (found.group, found.days_late, found.days_left, found.words) == (group, late, left, words)


def test_past_an_extension_is_critical_at_once():
    assert severity.severity(DUE, date(2026, 11, 26), EW, extended=True).group == "crit"
    assert severity.severity(DUE, date(2026, 11, 25), EW, extended=True).group == "soon"


@pytest.mark.parametrize(
    ("today", "waiting", "started", "group"),
    [
        (date(2026, 11, 16), True, True, "wait"),
        (date(2026, 11, 16), False, False, "new"),
        (date(2026, 11, 24), True, True, "soon"),
        (date(2026, 11, 24), False, False, "soon"),
        (date(2026, 11, 30), True, False, "late"),
        (date(2026, 12, 7), True, False, "crit"),
    ],
)
def test_waiting_and_not_started_never_hide_lateness(today, waiting, started, group):
    assert severity.severity(DUE, today, EW, waiting=waiting, started=started).group == group


def test_the_numbers_are_the_councils():
    wide = Settings(critically_overdue_after=1, due_soon_within=4)
    assert severity.severity(DUE, date(2026, 11, 19), EW, settings=wide).group == "soon"
    assert severity.severity(DUE, date(2026, 11, 27), EW, settings=wide).group == "crit"
    assert severity.meaning("crit", wide) == "more than 1 working day late, or past an extension"


def test_the_weekend_after_the_date_due_is_late_already():
    found = severity.severity(date(2026, 11, 27), date(2026, 11, 28), EW)
    assert (found.group, found.days_late, found.words) == ("late", 0, "Late, by less than a working day")


def test_the_groups_stand_in_the_order_of_a_list():
    assert [severity.Severity(group, 0, 0, "").order for group in severity.GROUPS] == list(range(7))
    assert severity.severity(None, DUE, EW).group == "ok"


def test_dates_are_said_with_their_weekday():
    assert dates.say(date(2026, 12, 8)) == "Tuesday 8 December 2026"
    assert dates.short(date(2026, 11, 25)) == "Wed 25 November 2026"
    assert dates.plain(date(2026, 11, 22)) == "22 November 2026"
    assert dates.time(datetime(2026, 11, 22, 8, 52)) == "8:52am"
    assert dates.time(datetime(2026, 11, 22, 0, 5)) == "12:05am"


def test_several_dates_are_said_shortly():
    days = [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)]
    assert dates.grouped(days) == "25 and 28 December and 1 January"
    assert dates.grouped([*days, date(2028, 1, 3)]) == "25 and 28 December 2026, 1 January 2027 and 3 January 2028"
    assert dates.joined([]) == ""
    assert dates.joined(["a", "b"], last="or") == "a or b"
