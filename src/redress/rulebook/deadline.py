"""`redress deadline`: read worked examples, one object a line, and say when each is due and why.

Example::

    echo '{"procedure": "corporate-complaint", "clock": "stage-1-acknowledgement",
           "happenings": [{"kind": "received", "on": "2026-11-20"}], "due": "2026-11-27"}' | redress deadline -

A line that carries `due` is compared with the answer.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TextIO

from redress.rulebook import calendar, clock, dates, procedures
from redress.rulebook.clock import Happening, Reading
from redress.rulebook.editions import Edition

Status = Literal["agrees", "differs", "read", "unclear", "not-held", "unreadable"]

EXAMPLE = """\
example:
  redress deadline deadline-examples.jsonl
  redress deadline --procedure housing-complaint --json deadline-examples.jsonl

  Each line is one object:
  {"procedure": "corporate-complaint", "clock": "stage-1-response", "due": "2026-12-08",
   "happenings": [{"kind": "received", "on": "2026-11-20"}, {"kind": "acknowledged", "on": "2026-11-24"}]}

A happening has a kind and `on` or `at`; `extended` also names its clock and the working_days. A line that carries `due`
is compared. The exit status is 0 when every line could be read and none differs from the `due` that it carries, else 1.
"""


class BadLine(ValueError):
    """A line that is not in the shape that this command reads."""


@dataclass(frozen=True)
class Answer:
    """What became of one line: `status` is agrees, differs, read, unclear, not-held or unreadable."""

    line: int
    id: str
    status: Status
    sentence: str
    procedure: str = ""
    clock: str = ""
    due: date | None = None
    expected: date | None = None
    reading: Reading | None = None

    def as_json(self) -> str:
        """Give the answer as one line of JSON."""
        body: dict[str, Any] = {
            "line": self.line,
            "id": self.id,
            "status": self.status,
            "procedure": self.procedure,
            "clock": self.clock,
            "due": self.due.isoformat() if self.due else None,
            "expected": self.expected.isoformat() if self.expected else None,
            "sentence": self.sentence,
        }
        if self.reading is not None:
            body |= _spelled(self.reading)
        return json.dumps(body, ensure_ascii=False)

    def as_text(self) -> str:
        """Give the answer as lines that an officer can read."""
        head = f"{self.id or f'line {self.line}'}: {self.sentence}"
        if self.reading is None:
            return head
        lines = [
            f"    {reason.text}" + (f" [{reason.authority}]" if reason.authority else "")
            for reason in self.reading.reasons
        ]
        lines += [f"    Take care: {text}" for text in self.reading.cautions]
        return "\n".join([head, *lines])


def run(
    lines: Iterable[str], *, as_json: bool = False, procedure: str | None = None, today: date
) -> Iterator[tuple[Answer, str]]:
    """Answer each line in turn, with the text to print for it. Empty lines are passed over; nothing raises.

    `procedure` answers only the lines of that procedure, and is taken for lines that name none.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = _answer(number, line, procedure, today)
        if answer is not None:
            yield answer, answer.as_json() if as_json else answer.as_text()


def main(
    argv: Sequence[str], stdin: TextIO, stdout: TextIO, *, stderr: TextIO | None = None, today: date | None = None
) -> int:
    """Run the command: 0 when every line could be read and none differs, 1 with one sentence otherwise."""
    aside = stderr or sys.stderr
    parser = argparse.ArgumentParser(
        prog="redress deadline",
        description="Say when each line's clock is due, and why.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="one object a line; - reads what is piped in"
    )
    parser.add_argument("--procedure", metavar="CODE", help="answer only the lines of this procedure")
    parser.add_argument("--json", action="store_true", help="print one object a line")
    parser.add_argument("--today", metavar="DATE", help="read the clocks as on this day (2026-11-23)")
    asked = parser.parse_args(list(argv))
    try:
        on = date.fromisoformat(asked.today) if asked.today else today or datetime.now(dates.LONDON).date()
    except ValueError:
        aside.write(f"--today takes a date such as 2026-11-23, not {asked.today!r}.\n")
        return 1
    try:
        lines = _lines(asked.file, stdin)
    except (OSError, UnicodeDecodeError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) else "it is not text in UTF-8"
        aside.write(f"{asked.file} can't be read: {reason}.\n")
        return 1
    counts: dict[Status, int] = {}
    for answer, text in run(lines, as_json=asked.json, procedure=asked.procedure, today=on):
        counts[answer.status] = counts.get(answer.status, 0) + 1
        stdout.write(text + "\n")
    if not asked.json:
        stdout.write(summary(counts) + "\n")
    trouble_said = fault(counts, asked.procedure)
    if trouble_said:
        aside.write(trouble_said + "\n")
    return 1 if trouble_said else 0


STATUS_WORDS: dict[Status, str] = {
    "agrees": "agree",
    "differs": "differ",
    "read": "without a date to compare",
    "unclear": "unclear",
    "not-held": "of procedures that this rulebook does not hold yet",
    "unreadable": "could not be read",
}


def summary(counts: dict[Status, int]) -> str:
    """Say how many lines agreed, differed and so on, in one sentence."""
    said = [f"{counts[status]} {words}" for status, words in STATUS_WORDS.items() if counts.get(status)]
    total = sum(counts.values())
    return f"{total} line{'' if total == 1 else 's'}: {', '.join(said)}." if said else "No lines."


def fault(counts: dict[Status, int], procedure: str | None = None) -> str:
    """Say in one sentence why the command did not succeed, or nothing."""
    said = []
    if counts.get("differs"):
        several = (
            "differs from the date that it carries" if counts["differs"] == 1 else "differ from the date they carry"
        )
        said.append(f"{counts['differs']} {several}")
    if counts.get("unreadable"):
        said.append(f"{counts['unreadable']} could not be read")
    if not sum(counts.values()):
        of = f" of the procedure {procedure}" if procedure else ""
        return f"There was no line{of} to answer."
    total = sum(counts.values())
    return f"Of {total} line{'' if total == 1 else 's'}, {dates.joined(said)}." if said else ""


def _lines(file: str, stdin: TextIO) -> list[str]:
    if file == "-":
        return stdin.read().splitlines()
    with open(file, encoding="utf-8") as opened:
        return opened.read().splitlines()


def _answer(number: int, line: str, procedure: str | None, today: date) -> Answer | None:
    """Answer one line; None when it is of another procedure than the one asked for."""
    name = ""
    try:
        body = _object(line)
        name = str(body.get("id") or "")
        code = _text(body, "procedure") if "procedure" in body else procedure
        if code is None:
            raise BadLine("it names no procedure")
        if procedure is not None and code != procedure:
            return None
        if code not in procedures.codes():
            sentence = procedures.UnknownProcedure(code).sentence
            return Answer(number, name, "not-held", sentence, procedure=code, clock=str(body.get("clock") or ""))
        happenings = tuple(happening_from(one, at) for at, one in enumerate(_list(body), start=1))
        expected = _date(body["due"], "due") if body.get("due") is not None else None
        clock_name = _text(body, "clock")
        edition, missing = _edition(code, happenings)
        if clock_name not in {rule.name for rule in edition.clocks}:
            known = dates.joined(rule.name for rule in edition.clocks)
            raise BadLine(f"the procedure {code} has no clock {clock_name!r}; it has {known}")
    except BadLine as bad:
        return Answer(number, name, "unreadable", f"Line {number} can't be read: {bad}.")
    days = calendar.division(edition.working_days.calendar)
    reading = clock.read(edition, happenings, days, today=today)[clock_name]
    return _compared(number, name, code, reading, expected, missing)


def _compared(number: int, name: str, code: str, reading: Reading, expected: date | None, missing: str) -> Answer:
    """Compare a reading with the date that the line carries."""
    status: Status
    sentence = f"{reading.title}: {reading.sentence}."
    if expected is not None:
        status = "agrees" if reading.due == expected else "differs"
        if status == "differs":
            found = dates.say(reading.due) if reading.due else "no date"
            sentence = f"{sentence} The line says {dates.say(expected)}; this rulebook finds {found}."
    else:
        status = "unclear" if reading.state == "unclear" or missing else "read"
    return Answer(
        number,
        name,
        status,
        sentence,
        procedure=code,
        clock=reading.name,
        due=reading.due,
        expected=expected,
        reading=reading,
    )


def _edition(code: str, happenings: Sequence[Happening]) -> tuple[Edition, str]:
    """Find the edition by the first receipt, else by the earliest thing; before all, the first reads unclear."""
    received = [happening.day for happening in happenings if happening.kind == "received" and happening.day]
    every = received or [happening.day for happening in happenings if happening.day]
    if not every:
        return procedures.current(code), ""
    try:
        return procedures.edition(code, min(day for day in every if day is not None)), ""
    except procedures.NoEdition as none:
        return none.first, none.sentence


def happening_from(value: object, place: int = 1) -> Happening:
    """Make a happening from the shape of the examples: `kind`, and `on` or `at`. Raises BadLine with what is wrong."""
    if not isinstance(value, dict):
        raise BadLine(f"happening {place} is not an object")
    kind = _text(value, "kind")
    on = _date(value["on"], "on") if value.get("on") is not None else None
    at = _instant(value["at"]) if value.get("at") is not None else None
    if on is None and at is None:
        raise BadLine(f"happening {place} ({kind}) has neither `on` nor `at`")
    seq = value.get("seq", place)
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise BadLine(f"happening {place} ({kind}) has a `seq` that is not a whole number")
    data = {key: one for key, one in value.items() if key not in ("kind", "on", "at", "seq", "id", "replaces")}
    known, replaces = value.get("id"), value.get("replaces")
    for one in (known, replaces):
        if one is not None and not isinstance(one, str | int):
            raise BadLine(f"happening {place} ({kind}) has an `id` or `replaces` that is neither text nor a number")
    return Happening(kind, on=on, at=at, seq=seq, data=data, id=known, replaces=replaces)


def _object(line: str) -> dict[str, Any]:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as bad:
        raise BadLine(f"it is not JSON ({bad})") from None
    if not isinstance(body, dict):
        raise BadLine("it is not an object")
    return body


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadLine(f"`{key}` is missing or is not text")
    return value


def _list(body: dict[str, Any]) -> list[object]:
    value = body.get("happenings")
    if not isinstance(value, list):
        raise BadLine("`happenings` is missing or is not a list")
    return value


def _date(value: object, key: str) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BadLine(f"`{key}` is not a date such as 2026-11-23: {value!r}") from None


def _instant(value: object) -> datetime:
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BadLine(f"`at` is not an instant such as 2026-11-23T17:45:00: {value!r}") from None


def _spelled(reading: Reading) -> dict[str, Any]:
    """Spell a reading out for JSON, its reasons with the figures that add up."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "state": reading.state,
        "first_due": day(reading.first_due),
        "literal_due": day(reading.literal_due),
        "cautious_due": day(reading.cautious_due),
        "promised": day(reading.promised),
        "started_on": day(reading.started_on),
        "met_on": day(reading.met_on),
        "edition": reading.edition,
        "calendar": reading.fingerprint,
        "cautions": list(reading.cautions),
        "reasons": [
            {
                "text": reason.text,
                "authority": reason.authority,
                "kind": reason.kind,
                "start": day(reason.start),
                "working_days": reason.working_days,
                "due": day(reason.due),
                "skipped": {one.on.isoformat(): one.why for one in reason.skipped},
            }
            for reason in reading.reasons
        ],
    }
