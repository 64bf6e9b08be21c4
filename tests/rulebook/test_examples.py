"""The worked examples: every date that the reference works out, in our own table here, and from its file."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from redress.rulebook import deadline

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


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[1]}, {row[0]}" for row in ROWS])
def test_the_date_is_the_one_worked_out_by_hand(row):
    ((answer, text),) = deadline.run([_line(*row)], today=TODAY)
    assert answer.status == "agrees", text


def test_every_line_of_the_examples_file_agrees():
    if not SHARED.exists():
        pytest.skip(f"the examples file is not beside the project ({SHARED.name}); its rows stand in this file as well")
    lines = SHARED.read_text("utf-8").splitlines()
    answers = [answer for answer, _ in deadline.run(lines, today=TODAY)]
    ours = [answer for answer in answers if answer.procedure in (CORPORATE, HOUSING)]
    assert len(ours) == 25
    assert [answer for answer in ours if answer.status != "agrees"] == []
    assert {answer.status for answer in answers if answer not in ours} == {"not-held"}


def test_the_rows_here_are_those_of_the_examples_file():
    if not SHARED.exists():
        pytest.skip(f"the examples file is not beside the project ({SHARED.name}); its rows stand in this file as well")

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


STAGE_1 = '{"procedure": "housing-complaint", "clock": "stage-1-response", '


class TestCommand:
    def _run(self, text, *arguments):
        out, err = StringIO(), StringIO()
        status = deadline.main([*arguments, "-"], StringIO(text), out, stderr=err, today=TODAY)
        return status, out.getvalue(), err.getvalue()

    def test_agreeing_lines_end_with_0(self):
        status, out, err = self._run("\n".join(_line(*row) for row in ROWS))
        assert (status, err) == (0, "")
        assert out.endswith("25 lines: 25 agree.\n")
        assert "10 working days after Tuesday 24 November 2026: Tuesday 8 December 2026." in out

    def test_a_wrong_date_ends_with_1_and_one_sentence(self):
        wrong = _line(*ROWS[0]).replace("2026-11-27", "2026-11-26")
        status, out, err = self._run(wrong)
        assert status == 1
        assert err == "Of 1 line, 1 differs from the date that it carries.\n"
        assert "The line says Thursday 26 November 2026; this rulebook finds Friday 27 November 2026." in out

    def test_a_procedure_that_is_not_held_counts_by_itself(self):
        line = '{"id": "F1", "procedure": "foi-request", "clock": "response", "happenings": [], "due": "2026-12-18"}'
        status, out, err = self._run(line + "\n" + _line(*ROWS[0]))
        assert (status, err) == (0, "")
        assert "F1: This rulebook does not hold the procedure foi-request yet." in out
        assert "2 lines: 1 agree, 1 of procedures that this rulebook does not hold yet." in out

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("{", "it is not JSON"),
            ("[1]", "it is not an object"),
            ('{"clock": "x", "happenings": []}', "it names no procedure"),
            ('{"procedure": "housing-complaint", "happenings": []}', "`clock` is missing or is not text"),
            ('{"procedure": "housing-complaint", "clock": "stage-3", "happenings": []}', "has no clock 'stage-3'"),
            ('{"procedure": "housing-complaint", "clock": "stage-1-response"}', "`happenings` is missing"),
            (
                STAGE_1 + '"happenings": [{"kind": "received"}]}',
                "happening 1 (received) has neither `on` nor `at`",
            ),
            (
                STAGE_1 + '"happenings": [{"kind": "received", "on": "31/12/2026"}]}',
                "`on` is not a date such as 2026-11-23: '31/12/2026'",
            ),
            (
                STAGE_1 + '"happenings": [{"kind": "received", "at": 7}]}',
                "`at` is not an instant",
            ),
            (
                '{"procedure": "housing-complaint", "clock": "stage-1-response", "happenings": [], "due": 5}',
                "`due` is not a date",
            ),
        ],
    )
    def test_a_line_that_cannot_be_read_is_said_plainly(self, line, said):
        status, out, err = self._run(line)
        assert status == 1
        assert said in out
        assert err == "Of 1 line, 1 could not be read.\n"

    def test_only_one_procedure(self):
        status, out, _ = self._run("\n".join(_line(*row) for row in ROWS), "--procedure", HOUSING)
        assert status == 0
        assert out.endswith("9 lines: 9 agree.\n")

    def test_as_json_the_reasons_carry_their_figures(self):
        status, out, _ = self._run(_line(*ROWS[4]), "--json")
        body = json.loads(out)
        assert status == 0
        assert (body["status"], body["due"], body["state"]) == ("agrees", "2026-04-15", "missed")
        (count,) = [reason for reason in body["reasons"] if reason["kind"] == "count"]
        assert (count["start"], count["working_days"], count["due"]) == ("2026-03-30", 10, "2026-04-15")
        assert count["skipped"] == {"2026-04-03": "Good Friday", "2026-04-06": "Easter Monday"}

    def test_nothing_to_answer_is_no_success(self):
        assert self._run("\n\n") == (1, "No lines.\n", "There was no line to answer.\n")

    def test_a_file_that_is_not_there(self, tmp_path):
        err = StringIO()
        missing = str(tmp_path / "none.jsonl")
        assert deadline.main([missing], StringIO(), StringIO(), stderr=err, today=TODAY) == 1
        assert err.getvalue() == f"{missing} can't be read: No such file or directory.\n"

    def test_help_holds_an_example(self, capsys):
        with pytest.raises(SystemExit) as ended:
            deadline.main(["--help"], StringIO(), StringIO())
        assert ended.value.code == 0
        assert "redress deadline deadline-examples.jsonl" in capsys.readouterr().out

    def test_before_any_edition_it_is_unclear(self):
        line = json.dumps(
            {
                "procedure": HOUSING,
                "clock": "stage-1-response",
                "happenings": [{"kind": "received", "on": "2024-03-28"}],
            }
        )
        status, out, _ = self._run(line)
        assert status == 0
        assert (
            "unclear: Received on Thursday 28 March 2024, before the edition was in force on Monday 1 April 2024."
            in out
        )
