"""The command `redress deadline`: lines in, lines out, whatever stands in them; and answers for a person."""

import io
import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.rulebook import answers, clock, deadline, local, procedures, questions
from redress.rulebook.happenings import KINDS
from redress.rulebook.questions import Refused
from rulebook.oracle import works

TODAY = date(2026, 11, 23)
STAGE_1 = {"procedure": "corporate-complaint", "clock": "stage-1-response"}
RECEIVED = {"kind": "received", "on": "2026-11-20"}
ACKNOWLEDGED = {"kind": "acknowledged", "on": "2026-11-24"}
GOOD = {"id": "A1", **STAGE_1, "happenings": [RECEIVED, ACKNOWLEDGED]}


class Run:
    """One run of the command, with what it printed."""

    def __init__(self, *words, piped=None, today=TODAY, terminal=False):
        stdin = io.StringIO()
        if piped is not None:
            raw = piped if isinstance(piped, bytes) else piped.encode()
            stdin = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        if terminal:
            stdin.isatty = lambda: True
        out, err = io.StringIO(), io.StringIO()
        self.status = deadline.main(list(words), stdin, out, stderr=err, today=today)
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


def piped(*bodies, words=()):
    return Run(*words, piped="\n".join(json.dumps(body) for body in bodies))


def happened(*told, **more):
    return {**GOOD, "happenings": [RECEIVED, *told], **more}


# ----------------------------------------------------------------------------------------------------- a line's answer


class TestALine:
    def test_it_is_answered_on_one_line_with_everything_that_it_rests_on(self):
        run = piped(GOOD)
        assert run.status == 0
        (found,) = run.lines
        assert list(found)[:7] == ["id", "due", "state", "reasons", "authority", "edition", "confidence"]
        assert (found["id"], found["due"], found["state"]) == ("A1", "2026-12-08", "running")
        assert found["edition"] == "corporate-complaint@2024-02-08"
        assert found["authority"].endswith("paragraph 6.3")
        assert (found["confidence"], found["confidence_words"]) == ("P", "confirmed on a page of the authority itself")
        assert found["which"] == "first"
        assert "promised" not in found
        assert "agrees" not in found
        (count,) = [reason for reason in found["reasons"] if reason["kind"] == "count"]
        assert (count["start"], count["amount"], count["unit"], count["due"]) == (
            "2026-11-24",
            10,
            "working-days",
            "2026-12-08",
        )

    def test_the_days_passed_over_are_named(self):
        late = {**GOOD, "happenings": [{"kind": "received", "on": "2026-12-21"}], "clock": "stage-1-acknowledgement"}
        (found,) = piped(late).lines
        (count,) = [reason for reason in found["reasons"] if reason["kind"] == "count"]
        assert count["skipped"] == {"2026-12-25": "Christmas Day", "2026-12-28": "Boxing Day (substitute day)"}
        assert "25 and 28 December are not working days" in count["text"]

    def test_the_counting_reasons_add_up_to_the_date(self):
        given_on = {"kind": "extended", "clock": "stage-1-response", "working_days": 10, "on": "2026-12-08"}
        (found,) = piped(happened(ACKNOWLEDGED, given_on)).lines
        counts = [reason for reason in found["reasons"] if reason["unit"] == "working-days"]
        at = date.fromisoformat(counts[0]["start"])
        for reason in counts:
            assert reason["start"] == at.isoformat()
            for _ in range(reason["amount"]):
                at += timedelta(days=1)
                while not works(at, "ew"):
                    at += timedelta(days=1)
            assert reason["due"] == at.isoformat()
        assert (found["due"], found["first_due"], found["which"]) == ("2026-12-22", "2026-12-08", "extended")

    def test_a_promise_after_the_miss_stands_beside_the_date(self):
        late = {"kind": "extended", "clock": "stage-1-response", "working_days": 10, "on": "2026-12-09"}
        (found,) = piped(happened(ACKNOWLEDGED, late), words=("--today", "2026-12-10")).lines
        assert (found["state"], found["due"], found["promised"]) == ("missed", "2026-12-08", "2026-12-22")

    def test_hours_are_answered_with_an_instant_and_its_offset(self):
        breach = {"procedure": "personal-data-breach", "clock": "ico-notification"}
        (found,) = piped({**breach, "happenings": [{"kind": "aware", "at": "2026-03-27T09:00:00"}]}).lines
        assert found["due"] == "2026-03-30T10:00:00+01:00"
        assert found["id"] is None

    def test_a_pause_has_no_date_and_says_what_an_answer_today_would_give(self):
        asked = [{"kind": "received", "on": "2026-11-16"}, {"kind": "clarification-asked", "on": "2026-11-18"}]
        (found,) = piped({"procedure": "foi-request", "clock": "response", "happenings": asked}).lines
        assert (found["state"], found["due"], found["if_resumed"]) == ("paused", None, "2026-12-22")
        assert found["paused_since"] == "2026-11-18"

    def test_how_sure_a_date_is_follows_everything_that_it_rests_on(self):
        (plain,) = piped(happened(ACKNOWLEDGED)).lines
        (never,) = piped(happened(), words=("--today", "2026-12-07")).lines
        assert plain["confidence"] == "P"
        # The limit of 10 days was seen; that it runs from the acknowledgement's own limit is our reading.
        assert never["confidence"] == "K"
        assert never["which"] == "cautious"

    def test_without_a_clock_every_clock_is_answered(self):
        (found,) = piped({"id": 7, "procedure": "corporate-complaint", "happenings": [RECEIVED]}).lines
        assert found["id"] == 7
        assert found["edition"] == "corporate-complaint@2024-02-08"
        assert {one["clock"]: one["due"] for one in found["clocks"]} == {
            "stage-1-acknowledgement": "2026-11-27",
            "stage-1-response": "2026-12-11",
            "stage-2-acknowledgement": None,
            "stage-2-response": None,
        }

    def test_unknown_keys_are_ignored(self):
        odd = {**GOOD, "why": ["x"], "source": None, "nonsense": {"deep": [1]}}
        odd["happenings"] = [{**RECEIVED, "mood": "cross"}, {**ACKNOWLEDGED, "by_whom": {"id": 1}}]
        assert piped(odd).lines[0]["due"] == "2026-12-08"

    def test_an_impossible_order_is_answered_not_refused(self):
        run = piped({**GOOD, "happenings": [ACKNOWLEDGED, {"kind": "received", "on": "2026-11-25"}]})
        assert run.status == 0
        assert (run.lines[0]["state"], run.lines[0]["due"]) == ("unclear", None)
        assert "nothing had been received by then" in run.lines[0]["reasons"][0]["text"]

    def test_a_gap_in_the_record_reads_unclear(self):
        run = piped({**GOOD, "happenings": [{"kind": "received", "on": None}]})
        assert (run.status, run.lines[0]["state"]) == (0, "unclear")

    def test_before_the_first_edition_nothing_is_guessed(self):
        run = piped({**GOOD, "happenings": [{"kind": "received", "on": "2024-02-07"}]})
        assert (run.status, run.lines[0]["state"], run.lines[0]["due"]) == (0, "unclear", None)

    def test_an_older_edition_is_selected_by_the_day_of_receipt(self):
        (found,) = piped(
            {"procedure": "foi-request", "clock": "response", "happenings": [{"kind": "received", "on": "2018-07-03"}]}
        ).lines
        assert found["edition"] == "foi-request@2005-01-01"

    def test_the_date_that_a_line_carries_is_compared(self):
        right, wrong = {**GOOD, "due": "2026-12-08"}, {**GOOD, "due": "2026-12-09"}
        run = piped(right, wrong)
        assert [line["agrees"] for line in run.lines] == [True, False]
        assert run.status == 0
        checked = piped(right, wrong, words=("--check",))
        assert (checked.status, checked.err) == (1, "Of 2 lines, 1 differs from the date that it carries.\n")

    def test_an_instant_is_compared_as_an_instant(self):
        breach = {"procedure": "personal-data-breach", "clock": "ico-notification"}
        breach["happenings"] = [{"kind": "aware", "at": "2026-11-20T16:30:00Z"}]
        several = ["2026-11-23T16:30:00+00:00", "2026-11-23T17:30:00+01:00", "2026-11-23T16:30:00", "2026-11-23T16:31"]
        found = piped(*({**breach, "due": due} for due in several)).lines
        assert [line["agrees"] for line in found] == [True, True, True, False]

    def test_a_correction_is_followed(self):
        mended = [{**RECEIVED, "id": 1}, {"kind": "received", "on": "2026-11-23", "id": 2, "replaces": 1}]
        (found,) = piped({**GOOD, "clock": "stage-1-acknowledgement", "happenings": mended}).lines
        assert found["due"] == "2026-11-30"

    def test_what_was_believed_on_a_day(self):
        mended = [
            {**RECEIVED, "id": 1, "recorded": "2026-11-20"},
            {"kind": "received", "on": "2026-11-16", "id": 2, "replaces": 1, "recorded": "2026-11-27"},
        ]
        line = {**GOOD, "clock": "stage-1-acknowledgement", "happenings": mended}
        now, then = piped(line, {**line, "believed_on": "2026-11-26"}, words=("--today", "2026-12-01")).lines
        assert (now["due"], now["state"]) == ("2026-11-23", "missed")
        assert (then["due"], then["state"], then["today"]) == ("2026-11-27", "running", "2026-11-26")

    def test_what_would_move_the_date(self):
        (found,) = piped(GOOD, words=("--today", "2026-11-25")).lines
        assert [move["due"] for move in found["moves"]] == ["2026-12-22"]
        assert "If you extend today by the most that is left, 10 working days" in found["moves"][0]["text"]

    def test_before_the_last_that_happened_nothing_can_be_done(self):
        (found,) = piped(GOOD, words=("--today", "2026-11-23")).lines
        assert "moves" not in found


# ------------------------------------------------------------------------------------------------------- lines refused


class TestRefusing:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("{", "it is not JSON"),
            ("[1]", "it is not an object"),
            ('{"clock": "x", "happenings": []}', "`procedure` is missing or is not text"),
            ('{"procedure": "no-such", "happenings": []}', "there is no procedure 'no-such'; there are corporate-co"),
            ('{"procedure": "housing-complaint", "clock": "stage-3", "happenings": []}', "has no clock 'stage-3'"),
            ('{"procedure": "comment", "clock": "x", "happenings": []}', "has no clock 'x'; it has none"),
            ('{"procedure": "foi-request", "clock": 7, "happenings": []}', "`clock` is missing or is not text"),
            ('{"procedure": "housing-complaint"}', "`happenings` is missing or is not a list"),
            ('{"procedure": "foi-request", "happenings": [7]}', "happening 1 is not an object"),
            ('{"procedure": "foi-request", "happenings": [{"on": "2026-11-23"}]}', "happening 1 has no `kind`"),
            ('{"procedure": "foi-request", "happenings": [{"kind": "received"}]}', "has neither `on` nor `at`"),
            ('{"procedure": "foi-request", "happenings": [], "due": 5}', "`due` is not a date such as"),
            ('{"procedure": "foi-request", "happenings": [], "believed_on": "x"}', "`believed_on` is not a date"),
            ('{"procedure": NaN}', "it is not JSON (NaN is no number)"),
            ('{"id": "a\x00b"}', "it is not JSON"),
            ("[" * 5000, "it is nested too deep"),
            ('{"a": ' + "9" * 5000 + "}", "a number in it has thousands of digits"),
        ],
    )
    def test_it_is_said_plainly(self, line, said):
        run = Run(piped=line)
        (found,) = run.lines
        assert said in found["error"]
        assert found["error"].startswith("Line 1 can't be read: ")
        assert (run.status, run.err) == (1, "Of 1 line, 1 could not be read.\n")

    @pytest.mark.parametrize(
        "told",
        [
            {"on": "31/12/2026"},
            {"on": "2026-02-30"},
            {"on": "20261123"},
            {"on": "2026-W48-1"},
            {"on": 20261123},
            {"on": ["2026-11-23"]},
            {"at": 7},
            {"at": "2026-11-23T25:00"},
            {"at": "0001-01-01T00:00:00+14:00"},
            {"on": "2026-11-23", "seq": "first"},
            {"on": "2026-11-23", "seq": True},
            {"on": "2026-11-23", "id": {}},
            {"on": "2026-11-23", "recorded": "soon"},
            {"on": "2026-11-23", "until": "soon"},
            {"on": "2026-11-23", "by": 5},
            {"on": "2026-11-23", "working_days": "10"},
            {"on": "2026-11-23", "working_days": True},
            {"on": "2026-11-23", "months": 0},
            {"on": "2026-11-23", "days": 10**9},
        ],
    )
    def test_what_a_happening_carries_is_never_left_out_without_a_word(self, told):
        run = piped({**GOOD, "happenings": [{"kind": "received", **told}]})
        assert run.status == 1
        assert run.lines[0]["id"] == "A1"
        assert "happening 1 (received)" in run.lines[0]["error"]

    def test_the_run_goes_on(self):
        run = Run(piped="\n".join([json.dumps(GOOD), "nonsense", "", json.dumps({**GOOD, "id": "A2"})]))
        assert [line.get("due", line.get("error", "")[:6]) for line in run.lines] == [
            "2026-12-08",
            "Line 2",
            "2026-12-08",
        ]
        assert run.lines[2]["line"] == 4
        assert (run.status, run.err) == (1, "Of 3 lines, 1 could not be read.\n")

    def test_more_happenings_than_any_case_has(self):
        several = [RECEIVED] * (questions.MOST_HAPPENINGS + 1)
        assert "are read at most" in piped({**GOOD, "happenings": several}).lines[0]["error"]

    def test_nothing_to_answer(self):
        assert (Run(piped="\n\n").status, Run(piped="").err) == (0, "There was no line to answer.\n")
        assert Run("--check", piped="").status == 1


class TestBytes:
    LINE = json.dumps(GOOD).encode()

    def test_a_mark_at_the_beginning_and_ends_of_lines_of_windows(self):
        run = Run(piped=b"\xef\xbb\xbf" + self.LINE + b"\r\n\r\n  \t\r\n" + self.LINE)
        assert [line["due"] for line in run.lines] == ["2026-12-08"] * 2

    def test_bytes_that_are_no_text_spoil_their_own_line_only(self):
        run = Run(piped=self.LINE + b'\n{"id": "\xff"}\n' + self.LINE)
        assert ["error" in line for line in run.lines] == [False, True, False]
        assert "it is not text in UTF-8 (byte 9)" in run.lines[1]["error"]

    def test_a_line_without_end_is_passed_over_without_being_held(self):
        class Endless(io.RawIOBase):
            """A line of 50 million bytes, of which no more than is asked for is ever given."""

            left, most = 50_000_000, 0

            def readable(self):
                return True

            def readinto(self, buffer):
                given = min(len(buffer), self.left)
                self.most = max(self.most, given)
                self.left -= given
                buffer[:given] = b"x" * given
                return given

        source = Endless()
        (line,) = deadline.run(io.BufferedReader(source), today=TODAY)
        assert line.refused is not None
        assert "longer than 1,000,000 bytes" in line.refused.sentence
        assert source.most <= questions.LONGEST_LINE + 1

    @pytest.mark.parametrize("name", ["\ud800", "a\x85b", "\u2028", "Zoë", "\x00"])
    def test_a_name_is_given_back_as_it_came_on_one_line(self, name):
        run = piped({**GOOD, "id": name})
        assert len(run.out.splitlines()) == 1
        assert run.lines[0]["id"] == name
        run.out.encode("utf-8")

    def test_a_terminal_is_told_nothing_that_it_would_obey(self):
        run = piped({**GOOD, "id": "\x1b[2J"}, {"id": "\x1b[2J", "procedure": "\x1b]0;x"}, words=("--text",))
        assert "\x1b" not in run.out

    def test_answers_come_one_by_one(self):
        """A program that writes a line and waits for the answer gets it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "redress.server.cli", "deadline"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(self.LINE + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["due"] == "2026-12-08"
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (0, b"")

    def test_a_closed_pipe_ends_quietly(self):
        process = subprocess.Popen(
            [sys.executable, "-m", "redress.server.cli", "deadline"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(self.LINE + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write((self.LINE + b"\n") * 200)
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        said = process.stderr.read()
        assert process.wait(timeout=20) in (0, 1)
        process.stderr.close()
        assert said == b""


happenings_of_any_kind = st.lists(
    st.dictionaries(
        st.sampled_from(["kind", "on", "at", "seq", "clock", "working_days", "until", "id", "replaces", "recorded"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=5),
            st.sampled_from([*KINDS, "response", "2026-11-23", "2026-11-23T10:00:00Z", "9999-12-31", "0001-01-01"]),
        ),
    ),
    max_size=6,
)


@given(
    st.one_of(
        st.binary(max_size=60),
        st.fixed_dictionaries(
            {"procedure": st.sampled_from([*procedures.codes(), "none"]), "happenings": happenings_of_any_kind},
            optional={"clock": st.sampled_from(["response", "x"]), "due": st.text(max_size=11), "id": st.text()},
        ).map(lambda body: json.dumps(body).encode()),
    )
)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_on_a_line_each_line_gets_one_answer(raw):
    out = io.StringIO()
    status = deadline.main([], io.TextIOWrapper(io.BytesIO(raw)), out, stderr=io.StringIO(), today=TODAY)
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(found) == sum(bool(line.removeprefix(b"\xef\xbb\xbf").strip()) for line in raw.split(b"\n"))
    assert all("error" in line or "state" in line or "clocks" in line for line in found)
    assert status == (1 if any("error" in line for line in found) else 0)


# -------------------------------------------------------------------------------------------------------- for a person


class TestPerson:
    def test_a_date_with_its_reasons_and_what_would_move_it(self):
        run = Run("foi-request", "--received", "2026-12-11")
        assert run.status == 0
        said = " ".join(run.out.split())
        assert "foi-request@2018-07-04, read as on Friday 11 December 2026" in said
        assert "Answer to the request (response): due Thursday 14 January 2027: 20 working days after" in said
        assert "25 and 28 December and 1 and 4 January are not working days" in said
        assert "What would move it: If you extend today by the most that is left, 20 working days: Thursday" in said
        assert "How sure: confirmed on a page of the authority itself." in said
        assert "Not started: Time to ask for an internal review (internal-review-window)" in said

    def test_an_extension_is_taken_in_the_unit_of_its_clock(self):
        run = Run("subject-access-request", "--received", "2026-10-07", "--extended", "response=2@2026-11-02", "--json")
        (found,) = run.lines
        assert found["clocks"][0]["due"] == "2027-01-07"

    def test_what_happened_is_taken_in_the_order_in_which_it_is_said(self):
        run = Run(
            "lgsco-investigation", "--happened", "enquiries-received=2026-11-23,by=2026-12-11", "--clock", "enquiries"
        )
        assert "due Friday 11 December 2026: the date that the letter states." in run.out

    def test_an_instant(self):
        run = Run("personal-data-breach", "--happened", "aware=2026-03-27T09:00", "--json")
        assert run.lines[0]["clocks"][0]["due"] == "2026-03-30T10:00:00+01:00"

    def test_the_day_for_which_the_state_is_asked(self):
        words = ["corporate-complaint", "--received", "2026-11-20", "--clock", "stage-1-acknowledgement"]
        assert "due Friday 27 November 2026" in Run(*words).out
        assert "1 working day late" in Run(*words, "--today", "2026-11-30").out

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ["foi-reqest", "--received", "2026-12-11"],
                "there is no procedure 'foi-reqest'; did you mean foi-request",
            ),
            (["xyz"], "there is no procedure 'xyz'; there are corporate-complaint"),
            (["foi-request"], "say what has happened, such as redress deadline foi-request --received"),
            (["comment"], "comment has no clock"),
            (["foi-request", "--received", "11/12/2026"], "--received is not a date such as 2026-11-23: 11/12/2026."),
            (["foi-request", "--received", "2026-12-11T9"], "--received is not an instant such as"),
            (["foi-request", "--happened", "recieved=2026-12-11"], "no happening 'recieved'; did you mean received"),
            (["foi-request", "--happened", "received"], "say when, such as --happened received=2026-11-23"),
            (["foi-request", "--happened", "received=2026-12-11,x"], "is not such as until=2026-12-18"),
            (["foi-request", "--extended", "response"], "--extended takes CLOCK=AMOUNT@DATE"),
            (["foi-request", "--extended", "respond=5@2026-12-11"], "no clock 'respond'; did you mean response?"),
            (["foi-request", "--extended", "tribunal-appeal=5@2026-12-11"], "can't be extended"),
            (["foi-request", "--received", "2026-12-11", "--clock", "x"], "has no clock 'x'; there are response"),
            (["--happened", "aware=2026-11-23"], "which procedure? Name it first"),
            (["foi-request", "--received", "2026-12-11", "--today", "now"], "--today is not a date such as"),
            (["nowhere/lines.jsonl"], "nowhere/lines.jsonl can't be read: No such file or directory."),
        ],
    )
    def test_what_is_wrong_is_said_in_a_sentence(self, words, said):
        run = Run(*words)
        assert run.status == 1
        assert said in run.err
        assert run.err.startswith("redress: ")
        assert run.err.count("\n") == 1
        assert run.out == ""

    def test_without_anything_it_explains_itself(self):
        run = Run(terminal=True)
        assert (run.status, run.out) == (2, "")
        assert "redress deadline foi-request --received 2026-12-11" in run.err

    def test_help_holds_examples(self, capsys):
        with pytest.raises(SystemExit) as ended:
            Run("--help")
        assert ended.value.code == 0
        assert "redress deadline < lines.jsonl" in capsys.readouterr().out


class TestWhatIf:
    def test_every_procedure_says_what_follows(self):
        run = Run("--received", "2026-11-23")
        assert run.status == 0
        said = " ".join(run.out.split())
        for code in procedures.codes():
            assert f"({code})" in said
        assert "Stage 1 acknowledgement: Monday 30 November 2026 (5 working days;" in said
        assert "Stage 1 response: Monday 14 December 2026 at the latest (10 working days;" in said
        assert "counted from midnight: give the hour" in said
        assert "the date that is stated then" in said
        assert "Personal data breach (personal-data-breach), if on that day the council became aware of it" in said

    def test_for_a_program(self):
        found = {line["procedure"]: line for line in Run("--received", "2026-11-23T09:30", "--json").lines}
        assert set(found) == set(procedures.codes())
        assert found["personal-data-breach"]["clocks"][0]["due"] == "2026-11-26T09:30:00+00:00"
        (first,) = [one for one in found["lgsco-investigation"]["clocks"] if one["clock"] == "documents"]
        assert (first["due"], first["if"]) == ("2026-12-07", ["The Ombudsman asked for documents."])

    def test_before_any_edition_no_date_is_guessed(self):
        said = " ".join(Run("--received", "1999-01-01").out.split())
        assert "No date: it is in force from Thursday 8 February 2024. No earlier edition is held here" in said


class TestText:
    def test_a_file_for_a_reader(self, tmp_path):
        file = tmp_path / "lines.jsonl"
        wrong = {**GOOD, "id": "A2", "due": "2026-12-09"}
        file.write_text(
            "\n".join([json.dumps({**GOOD, "due": "2026-12-08"}), json.dumps(wrong), "x", json.dumps(GOOD)])
        )
        run = Run(str(file), "--text")
        assert "A1: Stage 1 response: due Tuesday 8 December 2026: 10 working days after" in run.out
        assert "The line says Wednesday 9 December 2026; this rulebook finds Tuesday 8 December 2026." in run.out
        assert run.out.endswith("4 lines: 1 agree, 1 differ, 1 without a date to compare, 1 could not be read.\n")
        assert run.status == 1

    def test_only_one_procedure(self):
        other = {**GOOD, "procedure": "housing-complaint", "id": "H"}
        assert [line["id"] for line in piped(GOOD, other, words=("--procedure", "housing-complaint")).lines] == ["H"]
        assert [
            line["id"] for line in piped({**GOOD, "procedure": None}, words=("--procedure", "mp-enquiry")).lines
        ] == ["A1"]


# ------------------------------------------------------------------------------------------------------ a council's own


class TestOwn:
    WORDS = ("corporate-complaint", "--received", "2026-12-21", "--json")

    def _due(self, *words):
        (found,) = Run(*self.WORDS, *words).lines
        return {one["clock"]: one["due"] for one in found["clocks"]}["stage-1-acknowledgement"]

    def test_closures_count_only_where_the_authority_allows(self, tmp_path):
        file = tmp_path / "closed.txt"
        file.write_text("# Christmas\n2026-12-29 Closed after Christmas\n\n2026-12-30,Closed\n2026-12-31\n")
        assert self._due() == "2026-12-30"
        assert self._due("--closures", str(file)) == "2027-01-05"
        words = ("foi-request", "--received", "2026-12-21", "--clock", "response", "--json")
        assert Run(*words).lines[0]["due"] == Run(*words, "--closures", str(file)).lines[0]["due"] == "2027-01-22"

    def test_an_edition_of_a_councils_own(self, tmp_path):
        base = procedures.current("corporate-complaint")
        choices = local.Choices(limits={"stage-1-acknowledgement": 3})
        own = local.make(base, choices, council="northmere", name="Northmere", in_force_from=date(2026, 12, 1))
        file = tmp_path / "own.toml"
        file.write_text(local.as_file(own), "utf-8")
        assert self._due("--edition", str(file)) == "2026-12-24"
        (found,) = Run(*self.WORDS, "--edition", str(file)).lines
        assert found["edition"] == "corporate-complaint@2026-12-01+northmere"
        earlier = Run("corporate-complaint", "--received", "2026-11-30", "--edition", str(file), "--json").lines[0]
        assert earlier["edition"] == "corporate-complaint@2024-02-08"

    def test_one_that_breaks_a_limit_is_refused_with_the_authority(self, tmp_path):
        base = procedures.current("corporate-complaint")
        choices = local.Choices(limits={"stage-1-acknowledgement": 3})
        own = local.make(base, choices, council="northmere", name="Northmere", in_force_from=date(2026, 12, 1))
        file = tmp_path / "own.toml"
        file.write_text(local.as_file(own).replace("limit = 3", "limit = 6"), "utf-8")
        run = Run(*self.WORDS, "--edition", str(file))
        assert run.status == 1
        assert "may not stand" in run.err
        assert "paragraph 6.2" in run.err

    def test_a_draft_of_new_rules_is_read_as_it_stands(self, tmp_path):
        text = (Path(procedures.__file__).parent / "compliment.toml").read_text("utf-8")
        file = tmp_path / "draft.toml"
        file.write_text(
            text.replace("compliment@2000-01-01", "compliment@2027-01-01")
            .replace("in_force_from = 2000-01-01", "in_force_from = 2027-01-01")
            .replace("limit = 5", "limit = 2"),
            "utf-8",
        )
        words = ("compliment", "--edition", str(file), "--json", "--received")
        assert Run(*words, "2027-01-04").lines[0]["clocks"][0]["due"] == "2027-01-06"
        assert Run(*words, "2026-12-31").lines[0]["clocks"][0]["due"] == "2027-01-08"

    def test_a_setting(self):
        words = ("foi-request", "--received", "2026-06-14", "--clock", "response", "--json")
        assert Run(*words).lines[0]["due"] == "2026-07-14"
        assert Run(*words, "--setting", "receipt_rolls_forward").lines[0]["due"] == "2026-07-15"

    @pytest.mark.parametrize(
        ("name", "held", "said"),
        [
            ("closures", b"29/12/2026 Closed", "line 1: a closure is a date and a name"),
            ("closures", b"\xff", "it is not text in UTF-8"),
            ("closures", b"#" * 500_000, "is longer than 400,000 bytes"),
            ("edition", b"procedure = 1", "is no procedure file"),
            ("edition", b"x = " + b"[" * 5000, "nested deeper than any procedure is"),
            ("edition", b"edition = 5", "is no procedure file"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named(self, tmp_path, name, held, said):
        file = tmp_path / "own"
        file.write_bytes(held)
        run = Run(*self.WORDS, f"--{name}", str(file))
        assert (run.status, run.out) == (1, "")
        assert said in run.err
        assert "own" in run.err


# ------------------------------------------------------------------------------------------------------------ by itself


def test_an_unknown_procedure_is_refused_by_the_function_too():
    with pytest.raises(Refused, match="there is no procedure"):
        answers.answer(questions.Question("none", ()), answers.Own(), today=TODAY)


def test_how_sure_is_the_weakest_of_what_the_date_rests_on():
    edition = procedures.current("corporate-complaint")
    told = [clock.Happening("received", on=date(2026, 11, 20))]
    days = answers.Own().calendar(edition)
    bounded = clock.read_one(edition, "stage-1-response", told, days, today=date(2026, 12, 3))
    assert bounded.confirmed == "P"
    assert answers.confidence(bounded) == "K"


def test_it_starts_at_once_and_imports_neither_django_nor_a_database():
    code = (
        "import sys\nfrom redress.server import cli\n"
        "status = cli.main(['deadline', 'foi-request', '--received', '2026-12-11', '--json'])\n"
        "print(status, sorted({name.split('.')[0] for name in sys.modules} & {'django', 'psycopg', 'procrastinate'}))\n"
    )
    fastest = 60.0
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        fastest = min(fastest, time.monotonic() - began)
        assert done.stdout.splitlines()[-1] == "0 []"
    assert fastest < 1.5
