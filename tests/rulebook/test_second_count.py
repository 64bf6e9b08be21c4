"""Two counts that were written apart must come to the same dates: the rulebook's, and the walk in second_count.py.

`make test` compares some thousands of histories that chance makes up. For more, and for others::

    REDRESS_COMPARED=200000 REDRESS_SEED=7 .venv/bin/pytest tests/rulebook/test_second_count.py
"""

from __future__ import annotations

import json
import os
import random
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest

from redress.rulebook import answers, calendar, clock, questions
from redress.rulebook.happenings import KINDS
from redress.rulebook.settings import DEFAULTS, Settings

from . import second_count as second

SHARED = Path(__file__).resolve().parents[3] / "shared" / "rules" / "deadline-examples.jsonl"
COUNT = int(os.environ.get("REDRESS_COMPARED", "10000"))
SEED = os.environ.get("REDRESS_SEED", "1")
DAY = timedelta(days=1)
LAST = date(2029, 12, 31)
OWN = answers.Own()


# ------------------------------------------------------------------------------------------------------- the rulebook's


def engine(
    procedure: str, asked: str, told: list[dict[str, Any]], today: date, chosen: Settings = DEFAULTS
) -> clock.Reading:
    """Read a clock the way `redress deadline` does, from the line itself."""
    line = json.dumps({"procedure": procedure, "clock": asked, "happenings": told})
    question = questions.from_line(1, line.encode())
    edition = answers.selected(OWN.held(procedure), question.happenings)
    return clock.read_one(edition, asked, question.happenings, OWN.calendar(edition), today=today, settings=chosen)


def same(reading: clock.Reading, found: second.Found) -> bool:
    """Say whether both came to the same: the state, and the dates wherever there are any."""
    if found.state != reading.state or (found.promised and reading.promised != found.promised):
        return False
    if found.literal and reading.literal_due != found.literal:
        return False
    if isinstance(found.due, datetime):
        return reading.due_at == found.due
    return found.due is None or reading.due == found.due


# ------------------------------------------------------------------------------------------------- what chance makes up


def awkward() -> list[date]:
    """List the days on which counts go wrong: holidays, ends of months, leap days, changes of the clocks."""
    days = {day for part in second.UK for day in holidays.country_holidays("GB", subdiv=part, years=range(2005, 2030))}
    for year in range(2005, 2030):
        for month in range(1, 13):
            last = date(year, month, monthrange(year, month)[1])
            days |= {last, last - DAY, last.replace(day=1)}
            if month in (3, 10):
                days.add(last - (last.weekday() + 1) % 7 * DAY)
    return sorted(days)


AWKWARD = awkward()


class Chance:
    """Makes a history up, one happening after another."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.told: list[dict[str, Any]] = []

    def start(self, earliest: date) -> date:
        """Choose a day on or after the first with rules, in half the cases one that leads to an awkward one."""
        while True:
            if self.random.random() < 0.5:
                day = date(2005, 1, 1) + self.random.randrange(9000) * DAY
            else:
                day = self.random.choice(AWKWARD) - self.random.choice((0, 0, 0, 1, 2, 7, 28, 29, 30, 31, 61, 92)) * DAY
            if earliest <= day <= date(2029, 3, 31):
                return day

    def add(self, kind: str, day: date, **data: Any) -> None:
        """Tell of a happening by its day, or by an instant that falls on that day in London."""
        way = self.random.randrange(8)
        midnight = datetime(day.year, day.month, day.day)
        when: dict[str, str] = {"on": day.isoformat()}
        if way == 0:
            when = {"at": (midnight + timedelta(hours=23, minutes=58)).isoformat()}
        elif way == 1:
            # Just after midnight in London: in summer still the day before by Greenwich.
            at = (midnight + timedelta(minutes=self.random.randrange(60))).replace(tzinfo=second.LONDON)
            when = {"at": at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        elif way == 2:
            at = (midnight + timedelta(hours=22, minutes=self.random.randrange(120))).replace(tzinfo=second.LONDON)
            offset = timedelta(hours=self.random.randrange(-11, 13))
            when = {"at": (at.astimezone(UTC) + offset).replace(tzinfo=None).isoformat() + _offset(offset)}
        self.told.append({"kind": kind, **when, **data})

    def on(self, day: date, most: int = 40) -> date:
        """Choose a day after another: often the same, the next or a few days on."""
        return day + self.random.choice((0, 0, 1, 2, 3, self.random.randrange(most + 1))) * DAY

    def some(self, part: float) -> bool:
        """Say yes in this part of the cases."""
        return self.random.random() < part


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:00"


def requests(chance: Chance, procedure: str, asked: str) -> None:
    """Make up a request for information: questions, fees, more time, and an answer."""
    data = procedure in ("subject-access-request", "data-rights-request")
    day = chance.start(date(2026, 2, 5) if data else second.FROM[procedure])
    chance.add("received", day)
    pairs = [("clarification-asked", "clarification-answered")]
    pairs += [("identity-asked", "identity-proved"), ("authority-asked", "authority-shown")] if data else []
    pairs += [] if data else [("fee-notice-given", "fee-paid")]
    pending: list[str] = []
    for _ in range(chance.random.choice((0, 0, 1, 1, 2, 3, 4, 5, 6))):
        day = chance.on(day, 35 if chance.some(0.9) else 120)
        what = chance.random.randrange(4)
        if chance.some(0.2):
            due = due_so_far(chance, procedure, "response")
            day = max(day, due + chance.random.choice((-3, -2, -1, 0, 1)) * DAY) if due else day
        if what == 0:
            unit, amounts = ("months", (1, 2, 2)) if data else ("working_days", (5, 10, 20))
            chance.add("extended", day, clock="response", **{unit: chance.random.choice(amounts)})
        elif pending and what < 3:
            chance.add(pending.pop(chance.random.randrange(len(pending))), day)
        else:
            question, reply = chance.random.choice(pairs)
            if reply not in pending or chance.some(0.2):
                chance.add(question, day)
                pending.append(reply)
    if chance.some(0.4):
        chance.add("responded" if chance.some(0.9) else "withdrawn", chance.on(day, 60))


def one_clock(chance: Chance, procedure: str, asked: str) -> None:
    """Make up what a simple clock hears: its start, more time, agreements, its end."""
    follow, kinds = second.CLOCKS[procedure, asked]
    start, end = kinds[0], kinds[-1]
    words = follow.keywords
    day = chance.start(second.FROM[procedure])
    again = 2 if words.get("again") and chance.some(0.5) else 1
    for _ in range(again):
        by = {"by": chance.on(day, 40).isoformat()} if words.get("stated") and chance.some(0.5) else {}
        chance.add(start, day, **by)
        if words.get("more") and chance.some(0.6):
            for _ in range(chance.random.choice((1, 1, 2, 3))):
                day = chance.on(day, 30)
                chance.add("extended", day, clock=asked, working_days=chance.random.choice((1, 5, 10, 20, 40)))
        if words.get("agreed") and chance.some(0.6):
            for _ in range(chance.random.choice((1, 1, 2))):
                day = chance.on(day, 200)
                until = (day + chance.random.randrange(300) * DAY).isoformat()
                chance.add("date-agreed", day, clock=asked, until=until)
        if again == 2 or chance.some(0.5):
            day = chance.on(day, 90)
            chance.add(end, day)
            day = chance.on(day + DAY, 30)


def stages(chance: Chance, procedure: str, asked: str) -> None:
    """Make up a stage of a complaint: acknowledged in time, late or never; more time before, on and after the date."""
    _, (start, said, end) = second.CLOCKS[procedure, asked]
    day = chance.start(second.FROM[procedure])
    if start == "escalated" and chance.some(0.5):
        chance.add("received", max(second.FROM[procedure], day - 50 * DAY))
        chance.add("acknowledged", max(second.FROM[procedure], day - 48 * DAY))
        chance.add("responded", max(second.FROM[procedure], day - 20 * DAY))
    chance.add(start, day)
    if chance.some(0.8):
        day = day + chance.random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20)) * DAY
        chance.add(said, day)
    for _ in range(chance.random.choice((0, 0, 1, 1, 2, 3))):
        if chance.some(0.4):
            due = due_so_far(chance, procedure, asked)
            day = max(day, due + chance.random.choice((-1, 0, 0, 1)) * DAY) if due else day
        else:
            day = chance.on(day, 15)
        chance.add("extended", day, clock=asked, working_days=chance.random.choice((1, 3, 5, 10, 20, 30)))
    if chance.some(0.5):
        chance.add(end if chance.some(0.9) else "withdrawn", chance.on(day, 30))


def due_so_far(chance: Chance, procedure: str, asked: str) -> date | None:
    """Give the date due so far, by the plain walk, so that the next thing can happen just before or just after it."""
    found = second.look(procedure, asked, chance.told, date(2005, 1, 1)).due
    return found if not isinstance(found, datetime) else found.date()


def by_the_hour(chance: Chance, procedure: str, asked: str) -> None:
    """Make up a clock of hours: often just before a change of the clocks, told in any way of writing an instant."""
    follow, (start, end) = second.CLOCKS[procedure, asked]
    day = chance.start(second.FROM[procedure])
    if chance.some(0.5):
        changes = [one for one in AWKWARD if one.month in (3, 10) and one.weekday() == 6 and one.day >= 25]
        later = [one for one in changes if one > second.FROM[procedure] + 5 * DAY]
        day = chance.random.choice(later) - chance.random.randrange(5) * DAY
    at = datetime(day.year, day.month, day.day) + timedelta(minutes=chance.random.randrange(1440))
    chance.told.append({"kind": start, "at": _written(chance, at)})
    if chance.some(0.6):
        minutes = chance.random.choice((-90, -60, -1, 0, 1, 60, 61, 90))
        at += timedelta(hours=follow.keywords["hours"], minutes=minutes)
        chance.told.append({"kind": end, "at": _written(chance, at)})


def _written(chance: Chance, at: datetime) -> str:
    way = chance.random.randrange(3)
    if way == 0:
        return at.isoformat()
    here = at.replace(tzinfo=second.LONDON).astimezone(UTC)
    if way == 1:
        return here.isoformat().replace("+00:00", "Z")
    offset = timedelta(hours=chance.random.randrange(-11, 13))
    return (here + offset).replace(tzinfo=None).isoformat() + _offset(offset)


def muddle(chance: Chance, *, ordered: bool) -> None:
    """Let a record be as records are: out of order, told twice, corrected, or with a date left out."""
    told = chance.told
    if not ordered and chance.some(0.1):
        chance.random.shuffle(told)
    if chance.some(0.05):
        told.insert(chance.random.randrange(len(told) + 1), dict(chance.random.choice(told)))
    if chance.some(0.1):
        place = chance.random.randrange(len(told))
        right = told[place]
        told[place] = {
            **right,
            "id": "first",
            "on": (date(2024, 6, 1) + chance.random.randrange(900) * DAY).isoformat(),
        }
        if chance.some(0.2):
            told.append({**right, "id": "second", "replaces": "first", "on": "2028-02-29"})
            told.append({**right, "replaces": "second"})
        else:
            told.insert(chance.random.randrange(len(told) + 1), {**right, "replaces": "first"})
    if chance.some(0.04):
        place = chance.random.randrange(len(told))
        told[place] = {**told[place], "on": None}
        told[place].pop("at", None)


def maker(procedure: str, asked: str) -> Callable[[Chance, str, str], None]:
    """Choose what makes up the histories of a clock."""
    if "hours" in second.CLOCKS[procedure, asked][0].keywords:
        return by_the_hour
    if len(second.CLOCKS[procedure, asked][1]) > 3:
        return requests
    return stages if len(second.CLOCKS[procedure, asked][1]) == 3 else one_clock


def is_persons(procedure: str, asked: str) -> bool:
    """Say whether the time is the person's own."""
    return "persons" in second.CLOCKS[procedure, asked][0].keywords


def day_to_look(chance: Chance, procedure: str, asked: str) -> date:
    """Choose the day on which the clock is read: the day of the last happening, or one around the date due."""
    days = [_day(one.get("on") or one["at"]) for one in chance.told if one.get("on") or one.get("at")]
    last = max(days, default=date(2026, 11, 23))
    found = second.look(procedure, asked, chance.told, last).due
    if found is None or chance.some(0.3):
        return chance.on(last, 90)
    due = found.date() if isinstance(found, datetime) else found
    return max(last, due + chance.random.choice((-1, 0, 1, 30)) * DAY)


def _day(at: str) -> date:
    found = datetime.fromisoformat(at)
    return (found if found.tzinfo is None else found.astimezone(second.LONDON)).date()


# A clock that much can happen to is tried more often than one that only counts.
WEIGHTED = [
    one
    for one in second.COVERED
    for _ in range(12 if maker(*one) is requests else 6 if maker(*one) in (stages, by_the_hour) else 1)
]


def disagreements(seed: str, count: int) -> tuple[list[str], dict[str, int]]:
    """Compare so many histories; list what came out differently, and how many were compared for each procedure."""
    found, compared = [], dict.fromkeys(second.FROM, 0)
    for number in range(count):
        chance = Chance(f"{seed}:{number}")
        procedure, asked = chance.random.choice(WEIGHTED)
        maker(procedure, asked)(chance, procedure, asked)
        # A person may ask before there is an answer: no rule says what becomes of that time.
        muddle(chance, ordered=is_persons(procedure, asked))
        today = day_to_look(chance, procedure, asked)
        ours = second.look(procedure, asked, chance.told, today)
        theirs = engine(procedure, asked, chance.told, today)
        compared[procedure] += 1
        if not same(theirs, ours):
            line = json.dumps({"procedure": procedure, "clock": asked, "happenings": chance.told})
            found.append(
                f"{seed}:{number} on {today}: walked {ours.state} {ours.due}; rulebook {theirs.state} "
                f"{theirs.due_at or theirs.due} {theirs.caution or ''}\n    {line}"
            )
    return found, compared


# ------------------------------------------------------------------------------------------------------------ the tests


def test_both_calendars_agree_on_every_day():
    for name, parts in (("uk-any", second.UK), ("england-and-wales", second.ENGLAND), ("england", second.ENGLAND)):
        days = calendar.named(name)
        day = date(2005, 1, 1)
        while day <= LAST:
            assert days.is_working(day) == second.works(day, parts), f"{name}, {day}"
            day += DAY


def test_the_day_of_a_scottish_match_is_left_out_for_foi_alone():
    assert not second.works(date(2026, 6, 15), second.UK)
    assert second.works(date(2026, 6, 15), second.ENGLAND)


def test_the_second_count_agrees_with_every_worked_example():
    if not SHARED.exists():
        pytest.skip(f"the examples file is not beside the project ({SHARED.name})")
    compared = 0
    for text in SHARED.read_text("utf-8").splitlines():
        line = json.loads(text)
        if (line["procedure"], line["clock"]) not in second.COVERED:
            continue
        compared += 1
        found = second.look(line["procedure"], line["clock"], line["happenings"], date(2026, 11, 23)).due
        assert found is not None, line["id"]
        assert found == type(found).fromisoformat(line["due"]), line["id"]
    assert compared == 97


def test_two_counts_come_to_the_same():
    found, compared = disagreements(SEED, COUNT)
    assert found == []
    assert all(compared.values())


def on(days: str, **named: Any) -> list[dict[str, Any]]:
    """Tell of happenings in a line: "received 2026-03-02, responded 2026-03-09"."""
    told = []
    for one in days.split(", "):
        kind, day = one.split(" ")
        told.append({"kind": kind, "on": None if day == "?" else day, **(named if kind == "extended" else {})})
    return told


@pytest.mark.parametrize(
    ("procedure", "asked", "told", "today", "due"),
    [
        # The month ends on a Saturday, so it may be answered until the Monday. Asked on that Monday, no time runs until
        # the answer: no date can have passed meanwhile.
        (
            "subject-access-request",
            "response",
            on("received 2026-02-07, clarification-asked 2026-03-09, clarification-answered 2026-03-13"),
            "2026-03-13",
            ("running", "2026-03-16"),
        ),
        (
            "subject-access-request",
            "response",
            on("received 2027-12-01, clarification-asked 2028-01-03, responded 2028-01-05"),
            "2028-01-05",
            ("met", None),
        ),
        # What opened the stage is not on record, but what starts the clock and what ends it are.
        (
            "childrens-complaint",
            "panel-response",
            on("panel-reported 2026-05-01, panel-responded 2026-05-05"),
            "2026-05-05",
            ("met", "2026-05-26"),
        ),
        (
            "personal-injury-claim",
            "decision",
            on("acknowledged 2026-05-01, liability-decided 2026-08-03"),
            "2026-08-03",
            ("missed", "2026-08-01"),
        ),
        (
            "housing-hazard",
            "safety-works",
            on("investigated 2026-05-01, made-safe 2026-05-05"),
            "2026-05-05",
            ("met", "2026-05-11"),
        ),
    ],
)
def test_what_the_two_once_saw_differently(procedure, asked, told, today, due):
    reading = engine(procedure, asked, told, date.fromisoformat(today))
    assert same(reading, second.look(procedure, asked, told, date.fromisoformat(today)))
    assert reading.state == due[0]
    assert due[1] is None or reading.due == date.fromisoformat(due[1])


@pytest.mark.parametrize(
    ("procedure", "asked", "told"),
    [
        ("foi-request", "response", "received 2026-01-05, responded 2026-01-02"),
        ("foi-request", "response", "responded 2026-01-05, received 2026-01-05"),
        ("foi-request", "response", "received ?"),
        ("foi-request", "response", "received 2026-01-05, responded ?"),
        ("foi-request", "response", "received 2026-01-05, clarification-asked ?, clarification-answered 2026-01-09"),
        ("foi-request", "response", "received 2026-01-05, clarification-asked 2026-01-09, clarification-answered ?"),
        ("foi-request", "response", "received 2026-01-05, fee-notice-given 2026-01-12, fee-paid 2026-01-10"),
        (
            "eir-request",
            "response",
            "received 2026-01-05, clarification-asked 2026-01-12, clarification-answered 2026-01-10",
        ),
        (
            "subject-access-request",
            "response",
            "received 2026-03-05, identity-proved 2026-03-06, identity-asked 2026-03-09",
        ),
        ("subject-access-request", "response", "received 2018-05-24"),
        ("data-protection-complaint", "acknowledgement", "received 2026-06-18"),
        ("corporate-complaint", "stage-1-response", "received 2026-03-05, acknowledged 2026-03-04"),
        ("corporate-complaint", "stage-2-response", "escalated 2026-03-05, escalation-responded 2026-03-04"),
        ("corporate-complaint", "stage-1-response", "received 2024-02-07, acknowledged 2024-02-09"),
        ("housing-complaint", "stage-1-acknowledgement", "received ?, acknowledged 2026-03-05"),
        ("adult-social-care-complaint", "response", "received 2026-03-05, responded 2026-03-04"),
        ("childrens-complaint", "panel-report", "panel-met 2026-03-05, panel-reported 2026-03-04"),
        ("personal-data-breach", "ico-notification", "aware 2026-03-05, commissioner-notified 2026-03-04"),
    ],
)
def test_what_cannot_have_been_reads_unclear_in_both(procedure, asked, told):
    happenings = on(told)
    assert second.look(procedure, asked, happenings, date(2026, 11, 23)).state == "unclear"
    reading = engine(procedure, asked, happenings, date(2026, 11, 23))
    assert (reading.state, reading.due) == ("unclear", None)
    assert reading.caution


@pytest.mark.parametrize(("procedure", "asked"), second.COVERED)
def test_what_is_told_twice_or_corrected_changes_no_date(procedure, asked):
    """A record that repeats itself, or puts a wrong date right, reads as the plain one does."""
    for number in range(20):
        chance = Chance(f"{SEED}:{procedure}:{asked}:{number}")
        maker(procedure, asked)(chance, procedure, asked)
        today = day_to_look(chance, procedure, asked)
        plain = engine(procedure, asked, chance.told, today)
        place = chance.random.randrange(len(chance.told))
        right = chance.told[place]
        wrong = {**right, "id": "wrong", "on": "2026-02-28"}
        mended = [*chance.told[:place], wrong, *chance.told[place + 1 :], {**right, "replaces": "wrong"}]
        error = {"kind": "recorded-in-error", "on": "2026-03-01", "replaces": "extra"}
        extra = [*mended, {**right, "id": "extra", "on": "2026-02-27"}, error]
        for told in (mended, extra):
            reading = engine(procedure, asked, told, today)
            assert (reading.state, reading.due, reading.due_at) == (plain.state, plain.due, plain.due_at), told
        if right["kind"] == second.CLOCKS[procedure, asked][1][0] and place == 0:
            twice = engine(procedure, asked, [right, *chance.told], today)
            assert (twice.state, twice.due) == (plain.state, plain.due)


def test_whatever_is_told_it_is_answered():
    """Happenings of any kind, in any order, with gaps and circles, as a line of `redress deadline`."""
    codes = OWN.codes()
    kinds = list(KINDS)
    for number in range(COUNT // 20):
        chance = Chance(f"{SEED}:wild:{number}")
        code = chance.random.choice(codes)
        rules = OWN.held(code)[-1].clocks
        heard = [kind for rule in rules for kind in (*rule.starts_with, rule.ends_with, *rule.also_ends_with)]
        for _ in range(chance.random.randrange(9)):
            kind = chance.random.choice(heard if heard and chance.some(0.6) else kinds)
            data: dict[str, Any] = {"clock": chance.random.choice(rules).name} if rules and chance.some(0.8) else {}
            if kind == "extended" and chance.some(0.8):
                data[chance.random.choice(("working_days", "months", "days", "hours"))] = chance.random.choice(
                    (1, 20, 9999)
                )
            if chance.some(0.3):
                data[chance.random.choice(("by", "until", "told_on", "received_on"))] = "2026-02-28"
            if chance.some(0.4):
                data["id"] = chance.random.choice("abc")
            if chance.some(0.3):
                data["replaces"] = chance.random.choice("abc")
            if chance.some(0.2):
                data["seq"] = chance.random.randrange(-3, 4)
            day = chance.random.choice(AWKWARD) if chance.some(0.9) else chance.random.choice((date.min, date.max))
            if date.min < day < date.max:
                chance.add(kind, day, **data)
            else:
                chance.told.append({"kind": kind, "on": day.isoformat(), **data})
            if chance.some(0.1):
                chance.told[-1].update({"on": None})
                chance.told[-1].pop("at", None)
        body = {"procedure": code, "happenings": chance.told}
        line = questions.from_line(1, json.dumps(body).encode())
        found = answers.answer(line, OWN, today=chance.random.choice(AWKWARD))
        assert found.as_text() or not rules
        json.dumps(found.as_object())
        for reading in found.readings:
            assert (reading.state == "unclear") <= (reading.due is None and bool(reading.caution)), body
            assert (reading.state == "paused") <= (reading.due is None), body


def test_the_cautious_date_of_a_data_protection_complaint_is_receipt_and_29_days():
    for number in range(200):
        chance = Chance(f"{SEED}:cautious:{number}")
        day = chance.start(second.FROM["data-protection-complaint"])
        chance.add("received", day)
        reading = engine("data-protection-complaint", "acknowledgement", chance.told, day)
        assert reading.cautious_due == second.cautious(day)


def test_by_the_councils_choice_a_late_acknowledgement_counts_itself():
    compared = 0
    for number in range(400):
        chance = Chance(f"{SEED}:literal:{number}")
        procedure, asked = chance.random.choice([one for one in second.COVERED if maker(*one) is stages])
        stages(chance, procedure, asked)
        today = day_to_look(chance, procedure, asked)
        found = second.look(procedure, asked, chance.told, today)
        chosen = Settings(literal_response_start=True)
        if found.due is not None:
            compared += found.literal is not None
            assert engine(procedure, asked, chance.told, today, chosen).due == (found.literal or found.due)
    assert compared
