"""The worked examples: every date that anybody has worked out by hand, against the clocks.

Four sets, each apart from the others: our own table here, the dates of worked_dates.txt with an oracle of their own,
the examples in the procedure files, and the file of examples of the reference, where it lies beside the project.
"""

import io
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from redress.rulebook import dates, deadline, procedures, reference
from rulebook.oracle_rows import rows
from servers.needs import needs

TODAY = date(2026, 11, 23)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "rules" / "deadline-examples.jsonl"

CORPORATE, HOUSING = "corporate-complaint", "housing-complaint"
R, A, E, EA = "received", "acknowledged", "escalated", "escalation-acknowledged"

# name · procedure · clock · happenings · due. Each day stands with its weekday, each row with its paragraph.
ROWS = [
    # LGSCO 6.2: acknowledge within 5 working days
    ("after hours on a Friday", CORPORATE, "stage-1-acknowledgement", [(R, "Fri 2026-11-20")], "Fri 2026-11-27"),
    ("over St Andrew's Day", CORPORATE, "stage-1-acknowledgement", [(R, "Mon 2026-11-23")], "Mon 2026-11-30"),
    ("over Christmas", CORPORATE, "stage-1-acknowledgement", [(R, "Mon 2026-12-21")], "Wed 2026-12-30"),
    ("over Easter", CORPORATE, "stage-1-acknowledgement", [(R, "Wed 2026-04-01")], "Fri 2026-04-10"),
    # LGSCO 6.3: answer within 10 working days of the acknowledgement
    ("Easter", CORPORATE, "stage-1-response", [(R, "Mon 2026-03-30"), (A, "Mon 2026-03-30")], "Wed 2026-04-15"),
    ("August", CORPORATE, "stage-1-response", [(R, "Thu 2026-08-20"), (A, "Thu 2026-08-20")], "Fri 2026-09-04"),
    ("third day", CORPORATE, "stage-1-response", [(R, "Thu 2026-03-26"), (A, "Tue 2026-03-31")], "Thu 2026-04-16"),
    (
        "last lawful day",
        CORPORATE,
        "stage-1-response",
        [(R, "Sun 2026-11-22"), (A, "Fri 2026-11-27")],
        "Fri 2026-12-11",
    ),
    ("four days late", CORPORATE, "stage-1-response", [(R, "Fri 2026-12-11"), (A, "Thu 2026-12-24")], "Wed 2027-01-06"),
    # LGSCO 6.4: extended
    (
        "10 and 10",
        CORPORATE,
        "stage-1-response",
        [(R, "Tue 2026-12-01"), (A, "Tue 2026-12-01"), (10, "Tue 2026-12-01")],
        "Thu 2026-12-31",
    ),
    (
        "extended on the last day",
        CORPORATE,
        "stage-1-response",
        [(R, "Fri 2026-11-20"), (A, "Tue 2026-11-24"), (10, "Tue 2026-12-08")],
        "Tue 2026-12-22",
    ),
    # LGSCO stage 2 (6.10, 6.13, 6.14, numbers not confirmed)
    ("over New Year", CORPORATE, "stage-2-acknowledgement", [(E, "Wed 2026-12-23")], "Mon 2027-01-04"),
    ("20 days", CORPORATE, "stage-2-response", [(E, "Wed 2026-04-01"), (EA, "Wed 2026-04-01")], "Fri 2026-05-01"),
    (
        "20 and 20",
        CORPORATE,
        "stage-2-response",
        [(E, "Mon 2026-11-02"), (EA, "Mon 2026-11-02"), (20, "Mon 2026-11-02")],
        "Wed 2026-12-30",
    ),
    (
        "first working day",
        CORPORATE,
        "stage-2-response",
        [(E, "Fri 2026-11-20"), (EA, "Mon 2026-11-23")],
        "Mon 2026-12-21",
    ),
    ("a day late", CORPORATE, "stage-2-response", [(E, "Sun 2026-11-22"), (EA, "Mon 2026-11-30")], "Tue 2026-12-29"),
    # Housing 6.2 to 6.5
    ("housing, Friday", HOUSING, "stage-1-acknowledgement", [(R, "Fri 2026-11-20")], "Fri 2026-11-27"),
    ("over three", HOUSING, "stage-1-response", [(R, "Mon 2026-12-21"), (A, "Mon 2026-12-21")], "Thu 2027-01-07"),
    ("on a Saturday", HOUSING, "stage-1-response", [(R, "Fri 2026-06-12"), (A, "Sat 2026-06-13")], "Fri 2026-06-26"),
    # Housing 6.11 to 6.16
    ("May", HOUSING, "stage-2-response", [(E, "Mon 2026-04-20"), (EA, "Mon 2026-04-20")], "Tue 2026-05-19"),
    (
        "housing, 20 and 20",
        HOUSING,
        "stage-2-response",
        [(E, "Mon 2026-10-26"), (EA, "Mon 2026-10-26"), (20, "Mon 2026-10-26")],
        "Mon 2026-12-21",
    ),
    ("never acknowledged", HOUSING, "stage-2-response", [(E, "Fri 2026-12-11")], "Wed 2027-01-20"),
    (
        "extended mid-way",
        HOUSING,
        "stage-2-response",
        [(E, "Fri 2026-05-01"), (EA, "Thu 2026-05-07"), (20, "Wed 2026-05-13")],
        "Fri 2026-07-03",
    ),
    (
        "extended a day late",
        HOUSING,
        "stage-2-response",
        [(E, "Fri 2026-06-12"), (EA, "Thu 2026-06-18"), (20, "Fri 2026-07-17")],
        "Thu 2026-07-16",
    ),
    (
        "acknowledged late, then extended",
        HOUSING,
        "stage-2-response",
        [(E, "Fri 2026-12-11"), (EA, "Wed 2026-12-23"), (20, "Wed 2026-12-23")],
        "Wed 2027-02-17",
    ),
]


def _day(said: str) -> str:
    weekday, _, iso = said.partition(" ")
    assert date.fromisoformat(iso).strftime("%a") == weekday, f"{iso} is not a {weekday}"
    return iso


def _line(name, procedure, clock, happenings, due) -> str:
    told = []
    for kind, on in happenings:
        one = {"kind": "extended", "clock": clock, "working_days": kind} if isinstance(kind, int) else {"kind": kind}
        told.append({**one, "on": _day(on)})
    return json.dumps(
        {"id": name, "procedure": procedure, "clock": clock, "happenings": told, "due": _day(due)}, ensure_ascii=False
    )


def answered(lines):
    return list(deadline.run(io.BytesIO("\n".join(lines).encode()), today=TODAY))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[1]}, {row[0]}" for row in ROWS])
def test_the_date_is_the_one_worked_out_by_hand(row):
    (line,) = answered([_line(*row)])
    assert line.answer is not None
    assert line.answer.agrees, line.as_text()


# --------------------------------------------------------------------------------------------------- a second opinion

COUNTED = rows()


@pytest.mark.parametrize("row", COUNTED, ids=[f"{row.procedure}, {row.name}" for row in COUNTED])
def test_the_date_is_the_one_that_a_walk_over_the_days_finds(row):
    assert row.counted == row.due
    (line,) = answered([json.dumps(row.line)])
    assert line.answer is not None, line.as_text()
    assert line.answer.agrees, line.as_text()


def test_the_walk_covers_every_procedure_with_a_clock():
    with_clock = {code for code in procedures.codes() if procedures.current(code).clocks}
    covered = {row.procedure for row in COUNTED} | {row[1] for row in ROWS}
    assert with_clock <= covered
    assert len(COUNTED) >= 60


# ------------------------------------------------------------------------------------ the procedure files' own examples

OWN = [
    (edition, example)
    for code in procedures.codes()
    for edition in procedures.editions(code)
    for example in edition.examples
]


@pytest.mark.parametrize(
    ("edition", "example"), OWN, ids=[f"{edition.id}, {example.title}" for edition, example in OWN]
)
def test_an_example_of_a_procedure_file_holds(edition, example):
    reading = reference.read(edition, example)
    if isinstance(example.due, datetime):
        given = example.due if example.due.tzinfo else example.due.replace(tzinfo=dates.LONDON)
        assert reading.due_at == given, reading.sentence
    else:
        assert reading.due == example.due, reading.sentence


def test_every_clock_that_counts_has_an_example_of_its_own():
    without = {
        f"{code}, {rule.name}"
        for code in procedures.codes()
        for rule in procedures.current(code).clocks
        if rule.name not in {example.clock for example in procedures.current(code).examples}
    }
    assert without == set()


# ----------------------------------------------------------------------------------------- the reference's own examples


@needs("worked examples")
def test_every_line_of_the_examples_file_agrees():
    answers = answered(SHARED.read_text("utf-8").splitlines())
    assert len(answers) == 97
    assert [line.as_text() for line in answers if line.answer is None or not line.answer.agrees] == []


@needs("worked examples")
def test_the_rows_here_are_those_of_the_examples_file():
    def shape(line):
        body = json.loads(line)
        told = [(h["kind"], h.get("on") or h["at"][:10], h.get("working_days")) for h in body["happenings"]]
        return body["procedure"], body["clock"], tuple(told), body["due"]

    theirs = {
        shape(line)
        for line in SHARED.read_text("utf-8").splitlines()
        if f'"{CORPORATE}"' in line or f'"{HOUSING}"' in line
    }
    assert {shape(_line(*row)) for row in ROWS} == theirs
