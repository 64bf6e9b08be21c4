"""What holds for every history: reading never raises, explanations add up, more time never means less."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trials.histories import try_one

from redress.rulebook import calendar, clock, procedures, severity
from redress.rulebook.clock import Happening, ImpossibleOrder, Settings
from redress.rulebook.happenings import KINDS

EDITIONS = [edition for code in procedures.codes() for edition in procedures.editions(code)]
CODES = [procedures.current(code) for code in ("corporate-complaint", "housing-complaint")]
EW = calendar.england_and_wales()
CLOCKS = [rule.name for rule in CODES[0].clocks]

days = st.dates(date(2024, 4, 1), date(2029, 6, 30))
any_days = st.one_of(days, st.dates())
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.sampled_from([None, UTC]))
values = st.one_of(st.none(), st.integers(-10, 6000), st.text(max_size=4), st.booleans(), st.sampled_from(CLOCKS))
data = st.dictionaries(
    st.sampled_from(["clock", "working_days", "told_on", "reason", "override_reason", "external", "received_on"]),
    values,
)
extensions = st.fixed_dictionaries({"clock": st.sampled_from(CLOCKS), "working_days": st.integers(1, 30)})
kinds = st.one_of(st.sampled_from(list(KINDS)), st.sampled_from(["received", "acknowledged", "paused", "nonsense"]))
identities = st.one_of(st.none(), st.integers(1, 6))
wild = st.builds(
    Happening,
    kind=kinds,
    on=st.one_of(st.none(), any_days),
    at=st.one_of(st.none(), instants),
    seq=st.integers(-3, 9),
    data=st.one_of(data, extensions),
    id=identities,
    replaces=identities,
)
histories = st.lists(wild, max_size=9)
choices = st.builds(Settings, literal_response_start=st.booleans(), closures_are_not_working=st.booleans())
starts = st.dates(date(2024, 4, 2), date(2028, 12, 31))
closing = st.dictionaries(starts, st.just("closed"), max_size=12)


@given(st.sampled_from(EDITIONS), histories, any_days, choices, closing)
@settings(max_examples=120, deadline=None)
def test_reading_never_raises_and_always_says_something(edition, history, today, chosen, closures):
    readings = clock.read(edition, history, EW.with_closures(closures), today=today, settings=chosen)
    assert list(readings) == [rule.name for rule in edition.clocks]
    for reading in readings.values():
        assert reading.sentence
        assert reading.state_words
        assert reading.distance
        assert reading.for_resident is not None
        assert reading.reasons
        assert len(reading.days) <= 400
        assert (reading.state == "unclear") <= (reading.due is None and reading.caution is not None)
        assert severity.of(reading, EW).title
        assert isinstance(clock.moves(edition, reading.name, history, EW, today=today, settings=chosen), tuple)
    clock.advice(edition, history, EW, today=today)


@given(st.randoms(use_true_random=False))
@settings(max_examples=2000, deadline=None)
def test_every_procedure_keeps_its_promises_whatever_has_happened(chance):
    """What is asked of each history stands in trials/histories.py, where 100,000 of them are tried."""
    wrong, _states = try_one(chance)
    assert wrong == []


def refused(edition, existing, new, days_of) -> bool:
    """Say whether a happening is refused, in which case it is with what to do."""
    try:
        clock.check_order(edition, existing, new, calendar=days_of)
    except ImpossibleOrder:
        return True
    return False


PAIRS = [
    pytest.param(edition, rule, id=f"{edition.id}-{rule.name}")
    for edition in EDITIONS
    for rule in edition.clocks
    if rule.owed_by == "council" and not rule.repeats
]


@pytest.mark.parametrize(("edition", "rule"), PAIRS)
def test_what_ends_a_clock_before_it_starts_is_refused_on_entry_and_unclear_on_reading(edition, rule):
    opener = edition.stage(rule.stage).opened_by if rule.bounded_by else rule.starts_with[0]
    day = max(edition.in_force_from, date(2026, 6, 1)) + timedelta(days=30)
    days_of = calendar.named(edition.working_days.calendar)
    start, end = Happening(opener, on=day, seq=2), Happening(rule.ends_with, on=day - timedelta(days=9), seq=1)
    assert refused(edition, [start], end, days_of)
    # On its own the end may be a gap in an imported record; what starts it can't come after it any more.
    assert refused(edition, [], end, days_of) or refused(edition, [end], start, days_of)
    reading = clock.read_one(edition, rule.name, [start, end], days_of, today=day + timedelta(days=3))
    assert (reading.state, reading.due) == ("unclear", None)
    assert reading.caution


@given(st.sampled_from(EDITIONS), histories, wild, any_days)
@settings(max_examples=80, deadline=None)
def test_checking_an_order_passes_or_refuses_with_what_to_do(edition, history, new, today):
    refused = None
    try:
        clock.check_order(edition, history, new, today=today, calendar=EW)
    except ImpossibleOrder as impossible:
        refused = impossible
    assert refused is None or (refused.sentence.endswith(".") and refused.do.endswith("."))


@given(st.sampled_from(EDITIONS), histories, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_a_database_gives_rows_makes_no_difference(edition, history, random):
    numbered = [replace(happening, seq=place, id=place) for place, happening in enumerate(history)]
    shuffled = list(numbered)
    random.shuffle(shuffled)
    today = date(2026, 11, 23)
    one, two = (clock.read(edition, rows, EW, today=today) for rows in (numbered, shuffled))
    assert [(r.state, r.due, r.met_on) for r in one.values()] == [(r.state, r.due, r.met_on) for r in two.values()]


@st.composite
def orderly(draw):
    """A complaint as it goes: received, acknowledged sooner or later or never, extended some times."""
    edition = draw(st.sampled_from(CODES))
    stage, opened, told = draw(
        st.sampled_from([("stage-1", "received", "acknowledged"), ("stage-2", "escalated", "escalation-acknowledged")])
    )
    start = draw(starts)
    history = [Happening(opened, on=start, seq=1)]
    after = draw(st.one_of(st.none(), st.integers(0, 30)))
    if after is not None:
        history.append(Happening(told, on=start + timedelta(days=after), seq=2))
    for number, (later, more) in enumerate(
        draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 25)), max_size=3))
    ):
        clock_name = f"{stage}-response"
        data = {"clock": clock_name, "working_days": more}
        history.append(Happening("extended", on=start + timedelta(days=later), seq=3 + number, data=data))
    today = start + timedelta(days=draw(st.integers(0, 120)))
    return edition, stage, history, today


def read(edition, stage, history, today, days_of=EW, chosen=clock.DEFAULTS):
    readings = clock.read(edition, history, days_of, today=today, settings=chosen)
    return readings[f"{stage}-response"]


@given(orderly(), closing, choices)
@settings(max_examples=80, deadline=None)
def test_a_date_counted_in_working_days_is_a_working_day(case, closures, chosen):
    reading = read(*case, EW.with_closures(closures), chosen)
    assert reading.calendar.is_working(reading.due)
    assert EW.is_working(reading.due)


@given(orderly(), closing, choices)
@settings(max_examples=80, deadline=None)
def test_an_explanation_adds_up_to_its_date(case, closures, chosen):
    """Count again by walking the days, from nothing but what the reasons themselves say."""
    reading = read(*case, EW.with_closures(closures), chosen)
    counts = [reason for reason in reading.reasons if reason.kind in ("count", "extension")]
    assert counts
    here = counts[0].start
    for reason in counts:
        assert reason.start == here
        skipped = {one.on for one in reason.skipped}
        left, day = reason.working_days, reason.start
        while left:
            day += timedelta(days=1)
            if day.weekday() < 5 and day not in skipped:
                left -= 1
        assert day == reason.due
        assert all(str(one.on.day) in reason.text and one.why in reason.text for one in reason.skipped)
        here = reason.due
    assert here == reading.due


@given(orderly(), st.integers(0, 60), st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_extending_never_brings_a_date_forward(case, later, more):
    edition, stage, history, today = case
    extra = Happening(
        "extended",
        on=history[0].on + timedelta(days=later),
        seq=99,
        data={"clock": f"{stage}-response", "working_days": more},
    )
    assert read(edition, stage, [*history, extra], today).due >= read(*case).due


@given(orderly(), starts)
@settings(max_examples=80, deadline=None)
def test_a_new_bank_holiday_never_brings_a_date_forward(case, proclaimed):
    edition, stage, history, today = case
    alone = [happening for happening in history if happening.kind != "extended"]
    more = replace(EW, holidays={**EW.holidays, proclaimed: "a proclaimed holiday"})
    assert more.fingerprint != EW.fingerprint or proclaimed in EW.holidays
    assert read(edition, stage, alone, today, more).due >= read(edition, stage, alone, today).due


@given(orderly())
@settings(max_examples=80, deadline=None)
def test_acknowledging_late_never_gains_time(case):
    edition, stage, history, today = case
    alone = [happening for happening in history if happening.kind != "extended"]
    never = read(edition, stage, alone[:1], today)
    assert read(edition, stage, alone, today).due <= never.due


@given(days, st.integers(0, 300))
@settings(max_examples=80, deadline=None)
def test_counting_days_agrees_with_adding_them(start, number):
    due = EW.add(start, number)
    assert EW.between(start, due) == number
    walked = sum(EW.is_working(start + timedelta(days=step)) for step in range(1, (due - start).days + 1))
    assert walked == number
