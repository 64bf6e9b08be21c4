"""The published list of bank holidays: what is new is found, what is odd is told, and nothing stops the reading."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.rulebook import calendar, holiday_feed
from redress.rulebook.calendar import DIVISIONS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "rules" / "govuk_bank_holidays.json"
TODAY = date(2026, 11, 23)
KNOWN = calendar.bank_holidays()
YEARS = range(2025, 2029)
ROYAL = date(2027, 6, 11)


def listed(**changes):
    """Give the list as it is published: the weekdays of four years in each division."""
    feed = {
        name: {
            "division": name,
            "events": [
                {"title": title.removesuffix(" (substitute day)"), "date": day.isoformat(),
                 "notes": "Substitute day" if title.endswith("(substitute day)") else "", "bunting": True}
                for day, title in sorted(days.items()) if day.year in YEARS and day.weekday() < 5
            ],
        }
        for name, days in KNOWN.items()
    }  # fmt: skip
    return {**feed, **changes}


def read(feed, **more):
    text = feed if isinstance(feed, str | bytes) else json.dumps(feed)
    return holiday_feed.read(text, more.pop("known", KNOWN), today=more.pop("today", TODAY))


def added(division, day, title="A royal day", notes=""):
    feed = listed()
    feed[division]["events"].append({"title": title, "date": day, "notes": notes})
    return feed


def kinds(feed):
    return [told.kind for told in feed.told]


def test_a_list_that_says_what_is_known_finds_nothing_and_tells_nothing():
    feed = read(listed())
    assert (feed.readable, feed.new, feed.told, feed.last) == (True, (), (), date(2028, 12, 26))
    assert feed.days == sum(day.year in YEARS and day.weekday() < 5 for days in KNOWN.values() for day in days)
    assert feed.summary == f"{feed.days} days read, no day that was not known."


def test_the_copy_from_before_february_2026_lacks_a_day_that_is_kept():
    if not SHARED.exists():
        pytest.skip(f"the copy of the GOV.UK feed is not beside the project ({SHARED.name})")
    feed = read(SHARED.read_bytes())
    assert feed.new == ()
    assert [(told.kind, told.division, told.on) for told in feed.told] == [("lacks", "scotland", date(2026, 6, 15))]
    assert feed.told[0].text == (
        "The feed lacks Monday 15 June 2026, Bank holiday for the World Cup (Scotland), which is known here. "
        "The day is kept."
    )


def test_a_day_that_is_new_is_found_for_its_division_with_its_name():
    feed = read(added("scotland", ROYAL.isoformat(), "King\u2019s  visit\x00\u202e"))
    assert feed.new == (holiday_feed.NewDay("scotland", ROYAL, "King's visit"),)
    assert feed.new[0].words == "Friday 11 June 2027, King's visit (Scotland)"
    assert "1 day that was not known" in feed.summary
    known = {name: {**days, **({ROYAL: "King's visit"} if name == "scotland" else {})} for name, days in KNOWN.items()}
    assert read(added("scotland", ROYAL.isoformat(), "King\u2019s visit"), known=known).new == (), "nothing twice"


def test_a_substitute_day_says_so_in_its_name():
    feed = read(added("scotland", ROYAL.isoformat(), notes="Substitute day"))
    assert feed.new[0].name == "A royal day (substitute day)"


def test_a_day_that_is_called_otherwise_keeps_its_name():
    feed = listed()
    feed["england-and-wales"]["events"][1]["title"] = "Long Friday"
    found = read(feed)
    assert (kinds(found), found.new) == (["renames"], ())
    assert found.told[0].text == (
        "Friday 18 April 2025, England and Wales: the feed calls it Long Friday; the name here stays, Good Friday."
    )


def test_a_day_at_a_weekend_makes_no_difference_and_is_left_out():
    found = read(added("scotland", "2027-06-12"))
    assert (kinds(found), found.new) == (["weekend"], ())


def test_days_from_before_the_packaged_list_are_no_news():
    assert read(added("scotland", "1999-12-31")).new == ()


@pytest.mark.parametrize(
    ("today", "kind", "words"),
    [
        (date(2027, 12, 26), None, ""),
        (date(2027, 12, 27), "short", "is less than twelve months ahead"),
        (date(2028, 2, 29), "short", "is less than twelve months ahead"),
        (date(2028, 12, 26), "short", "is less than twelve months ahead"),
        (date(2028, 12, 27), "stale", "has passed"),
    ],
)
def test_a_list_that_ends_too_soon_is_told_in_one_sentence(today, kind, words):
    found = read(listed(), today=today)
    assert kinds(found) == ([kind] if kind else [])
    if kind:
        assert found.told[0].text == (
            "The feed ends on Tuesday 26 December 2028 for England and Wales, Scotland and Northern Ireland, which "
            f"{words}. What is known beyond it is kept."
        )


def test_a_division_that_ends_before_the_others_is_told_by_itself():
    feed = listed()
    feed["scotland"]["events"] = [one for one in feed["scotland"]["events"] if one["date"] < "2026-07"]
    found = read(feed)
    assert kinds(found) == ["stale"]
    assert "for Scotland, which has passed" in found.told[0].text


NOTHING = [
    ("", "missing"),
    ("  \n", "missing"),
    (b"", "missing"),
    ("<!DOCTYPE html><html>", "shape"),
    ("{", "truncated"),
    (json.dumps(listed())[:5000], "truncated"),
    (json.dumps(listed()).encode()[:-1], "truncated"),
    (json.dumps(listed(), ensure_ascii=False).encode("utf-16"), "truncated"),
    (b"\xff\xfe\x00", "truncated"),
    ("[" * 100_000, "truncated"),
    ('{"scotland": ' + "9" * 5000 + "}", "truncated"),
    ("null", "shape"),
    ("[]", "shape"),
    ('"england-and-wales"', "shape"),
    ("{}", "shape"),
    ('{"england-and-wales": []}', "shape"),
    ('{"england-and-wales": {"events": {}}}', "shape"),
    ('{"england-and-wales": {"events": []}}', "shape"),
    ('{"england-and-wales": {"events": [1, null, {"date": 5}, {"title": "x", "date": "2027-13-01"}]}}', "shape"),
]


@pytest.mark.parametrize(("text", "kind"), NOTHING, ids=range(len(NOTHING)))
def test_what_cannot_be_read_is_told_and_adds_nothing(text, kind):
    found = read(text)
    assert (found.readable, found.new, found.days) == (False, (), 0)
    assert set(kinds(found)) == {kind}
    assert all(told.text.endswith(".") for told in found.told)
    assert found.summary == "Nothing could be read."


def test_one_division_that_is_wrong_leaves_the_others_readable():
    feed = added("scotland", ROYAL.isoformat())
    feed["northern-ireland"] = {"events": "none"}
    feed["isle-of-man"] = {"events": []}
    feed["england-and-wales"]["events"] += [{"title": "", "date": "2027-01-05"}, {"title": "x", "date": "5 May 2027"}]
    found = read(feed)
    assert found.readable
    assert [one.division for one in found.new] == ["scotland"]
    assert sorted(kinds(found)) == ["shape"] * 3
    said = " ".join(told.text for told in found.told)
    assert "“isle-of-man”" in said
    assert "no list of days for Northern Ireland" in said
    assert "England and Wales: 2 entries have no name or no date that can be read" in said


def test_a_list_with_more_days_than_can_be_true_is_not_taken():
    feed = listed()
    feed["scotland"]["events"] += [{"title": "Holiday", "date": f"2027-06-{day:02}"} for day in range(1, 29)]
    found = read(feed)
    assert (kinds(found), found.new) == (["too-many"], ())
    assert "can’t be true" in found.told[0].text


def test_every_kind_of_remark_is_explained():
    assert set(holiday_feed.KINDS) == set(holiday_feed.Kind.__args__)
    assert holiday_feed.not_read("unreachable", "It did not answer.").told[0].kind == "unreachable"


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12) | st.sampled_from(list(DIVISIONS)),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(
        st.sampled_from([*DIVISIONS, "events", "title", "date", "notes", "x"]), held, max_size=5
    ),
    max_leaves=25,
)  # fmt: skip


@given(anything)
def test_whatever_json_comes_reading_never_raises(feed):
    found = read(json.dumps(feed))
    assert found.readable or not found.new


@given(st.integers(0, 12_000), st.binary(max_size=3))
def test_a_list_that_is_cut_or_damaged_anywhere_never_raises_and_takes_nothing_away(cut, noise):
    whole = json.dumps(listed()).encode()
    found = read(whole[:cut] + noise + whole[cut + 40 :])
    assert found.readable or found.told
    assert all(one.on not in KNOWN[one.division] for one in found.new)
