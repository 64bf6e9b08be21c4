"""`redress deadline`: when is it due, and why? For a program line by line, and for a person.

Examples::

    redress deadline < lines.jsonl                               # one JSON object for each line
    redress deadline foi-request --received 2026-12-11           # for a person, with what would move the date
    redress deadline --received 2026-11-23                       # what follows from logging on a day, by procedure

It needs no database and no settings.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from redress.rulebook import answers, dates, own_files, questions, what_if
from redress.rulebook.answers import Answer, Own
from redress.rulebook.editions import CONFIRMED_WORDS, Edition
from redress.rulebook.happenings import AMOUNTS, GENERAL, KINDS, Happening
from redress.rulebook.lines import span
from redress.rulebook.questions import Question, Refused
from redress.rulebook.what_if import Follows

EXAMPLES = """\
examples:
  redress deadline < lines.jsonl                          one JSON object for each line
  redress deadline lines.jsonl --text                     the same for a reader
  redress deadline foi-request --received 2026-12-11      for a person
  redress deadline subject-access-request --received 2026-10-07 --extended response=2@2026-11-02
  redress deadline childrens-complaint --happened panel-requested=2026-11-20 --clock panel-meeting
  redress deadline --received 2026-11-23                  what follows from logging on that day, by procedure

Each line is one object:
  {"id": "A1", "procedure": "corporate-complaint", "clock": "stage-1-response", "happenings": [
    {"kind": "received", "on": "2026-11-20"}, {"kind": "acknowledged", "on": "2026-11-24"}]}
A happening has a kind, and `on` (a date) or `at` (an instant; London time where it names no zone). Without `clock`
every clock of the procedure is answered. A line that can't be read is answered with `id` and `error`, and the exit
status is 1.
“redress procedures” lists the procedures, “redress procedures show NAME” their clocks and happenings.
docs/reference/rulebook.md describes all of it.
"""


WIDTH = 110
"""Columns of what a person reads."""


@dataclass(frozen=True)
class Line:
    """What became of a line: an answer, or the sentence that says why it was refused."""

    number: int
    answer: Answer | None = None
    refused: Refused | None = None

    def as_object(self) -> dict[str, Any]:
        """Give it as it is printed for a program."""
        if self.answer is not None:
            return self.answer.as_object()
        assert self.refused is not None
        return {"id": self.refused.id, "error": self._error, "line": self.number}

    def as_text(self) -> str:
        """Give it as it is printed for a person."""
        if self.answer is not None:
            return self.answer.as_text()
        assert self.refused is not None
        name = self.refused.id if isinstance(self.refused.id, str) else ""
        return (
            f"{''.join(sign if sign.isprintable() else '?' for sign in name[:80])}{': ' if name else ''}{self._error}"
        )

    @property
    def _error(self) -> str:
        assert self.refused is not None
        return f"Line {self.number} can't be read: {self.refused.sentence}."


def run(stream: BinaryIO, *, today: date, own: Own | None = None, procedure: str | None = None) -> Iterator[Line]:
    """Answer a stream line by line, holding no more than one. Empty lines are passed over; nothing raises.

    `procedure` answers only the lines of that procedure, and is taken for lines that name none.
    """
    brought = own or Own()
    for number, line in questions.numbered(stream):
        try:
            question = questions.from_line(number, line, procedure=procedure)
        except Refused as refused:
            yield Line(number, refused=refused)
            continue
        if procedure is not None and question.procedure != procedure:
            continue
        try:
            yield Line(number, answer=answers.answer(question, brought, today=today))
        except Refused as refused:
            yield Line(number, refused=Refused(refused.sentence, question.id))


def main(
    argv: Sequence[str], stdin: TextIO, stdout: TextIO, *, stderr: TextIO | None = None, today: date | None = None
) -> int:
    """Run the command: 0 when everything could be read, 1 with one sentence when something couldn't, 2 for usage."""
    aside = stderr or sys.stderr
    asked = parser().parse_args(list(argv))
    out = _Out(stdout)
    try:
        on = questions.day(asked.today, "--today") if asked.today is not None else None
        own = own_files.read(asked.closures, asked.edition, asked.setting)
        return _answer(asked, stdin, out, aside, own, on, today or datetime.now(dates.LONDON).date())
    except (Refused, own_files.NotReadable) as refused:
        said = str(refused)
        aside.write(f"redress: {said}\n" if said.endswith("?") else f"redress: {said}.\n")
        return 1


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command's words."""
    made = argparse.ArgumentParser(
        prog="redress deadline",
        description="Say when a clock is due and why: for each line of a pipe or a file, or for a person.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "what",
        nargs="?",
        metavar="PROCEDURE|FILE",
        help="a procedure, to answer a person; or a file of lines, or - for what is piped in",
    )
    person = made.add_argument_group("for a person")
    person.add_argument(
        "--received", metavar="DATE", action=_Told, help="when it came in: a date, or an instant (2026-11-20T17:45)"
    )
    person.add_argument(
        "--happened",
        metavar="KIND=DATE",
        action=_Told,
        help="something else that happened; what it carries follows a comma (date-agreed=2026-11-02,until=2026-12-18)",
    )
    person.add_argument(
        "--extended", metavar="CLOCK=AMOUNT@DATE", action=_Told, help="more time, in the unit of that clock's extension"
    )
    person.add_argument("--clock", metavar="NAME", help="only this clock")
    made.add_argument("--procedure", metavar="CODE", help="of the lines, only those of this procedure")
    made.add_argument("--text", action="store_true", help="answer lines for a reader, with a summary")
    made.add_argument("--json", action="store_true", help="answer in JSON (what lines get anyway)")
    made.add_argument("--check", action="store_true", help="end with 1 too where a line carries another `due`")
    made.add_argument("--today", metavar="DATE", help="read the clocks as on this day (2026-11-23)")
    council = made.add_argument_group("a council's own")
    council.add_argument("--closures", metavar="FILE", help="days on which the offices are closed: a date a line")
    council.add_argument("--edition", metavar="FILE", action="append", default=[], help="an edition of its own")
    council.add_argument(
        "--setting", metavar="NAME", action="append", default=[], choices=own_files.SWITCHES, help=own_files.SWITCH_HELP
    )
    return made


class _Told(argparse.Action):
    """Keep what a person says has happened in the order in which it was said."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        told = getattr(namespace, "told", None) or []
        namespace.told = [*told, (str(option).removeprefix("--"), str(values))]


# -------------------------------------------------------------------------------------------------- which way to answer


def _answer(
    asked: argparse.Namespace, stdin: TextIO, out: _Out, aside: TextIO, own: Own, on: date | None, now: date
) -> int:
    told = getattr(asked, "told", None) or []
    what: str | None = asked.what
    if what is None and not told:
        if _is_terminal(stdin):
            parser().print_help(aside)
            return 2
        what = "-"
    if what is None:
        if asked.procedure is not None:
            return _person(asked.procedure, told, asked, out, own, on, now)
        return _what_if(told, asked, out, own)
    if what in own.codes():
        return _person(what, told, asked, out, own, on, now)
    if told or (what != "-" and not Path(what).exists() and not set(what) & set("./\\")):
        raise Refused(f"there is no procedure {what!a:.60}{_perhaps(what, own.codes())}")
    return _lines(what, stdin, asked, out, aside, own, on or now)


def _lines(file: str, stdin: TextIO, asked: argparse.Namespace, out: _Out, aside: TextIO, own: Own, today: date) -> int:
    """Answer a file or what is piped in, line by line."""
    if asked.procedure is not None:
        own.held(asked.procedure)
    counts = {"read": 0, "refused": 0, "agree": 0, "differ": 0}
    try:
        with _opened(file, stdin) as stream:
            for line in run(stream, today=today, own=own, procedure=asked.procedure):
                counts["read" if line.answer is not None else "refused"] += 1
                if line.answer is not None and line.answer.agrees is not None:
                    counts["agree" if line.answer.agrees else "differ"] += 1
                out.line(line.as_text() if asked.text else line.as_object())
    except BrokenPipeError:
        raise
    except OSError as trouble:
        raise Refused(f"{file} can't be read: {trouble.strerror}") from None
    total = counts["read"] + counts["refused"]
    if asked.text and total:
        out.line(summary(counts))
    if not total:
        of = f" of the procedure {asked.procedure}" if asked.procedure else ""
        aside.write(f"There was no line{of} to answer.\n")
    wrong = [f"{counts['refused']} could not be read"] if counts["refused"] else []
    if asked.check and counts["differ"]:
        one = counts["differ"] == 1
        wrong.append(f"{counts['differ']} {'differs' if one else 'differ'} from the date that {_it(one)}")
    if wrong:
        aside.write(f"Of {_number(total)}, {dates.joined(wrong)}.\n")
    return 1 if wrong or (asked.check and not total) else 0


def _it(one: bool) -> str:
    return "it carries" if one else "they carry"


def _number(total: int) -> str:
    return f"{total:,} line{'' if total == 1 else 's'}"


def summary(counts: dict[str, int]) -> str:
    """Say how many lines agreed, differed and so on, in one sentence."""
    without = counts["read"] - counts["agree"] - counts["differ"]
    said = [(counts["agree"], "agree"), (counts["differ"], "differ"), (without, "without a date to compare")]
    said.append((counts["refused"], "could not be read"))
    total = counts["read"] + counts["refused"]
    return f"{_number(total)}: {', '.join(f'{number} {words}' for number, words in said if number)}."


# --------------------------------------------------------------------------------------------------------- for a person


def _person(
    code: str,
    told: Sequence[tuple[str, str]],
    asked: argparse.Namespace,
    out: _Out,
    own: Own,
    on: date | None,
    now: date,
) -> int:
    """Answer a person who names a procedure and what has happened."""
    held = own.held(code)
    if not told:
        raise Refused(_what_to_say(held[-1]))
    known = frozenset().union(GENERAL, *(one.kinds for one in held))
    happenings = tuple(_happening(how, words, place, held, known) for place, (how, words) in enumerate(told, start=1))
    # What is asked about may lie ahead: then it is read as on the last day that was named.
    today = on or max([now, *(one.day for one in happenings if one.day is not None)])
    found = answers.answer(Question(code, happenings, asked.clock), own, today=today)
    if asked.json:
        out.line(found.as_object())
    else:
        for line in _told_a_person(found, today):
            out.line(line)
    return 0


def _told_a_person(found: Answer, today: date) -> Iterator[str]:
    edition = found.edition
    yield edition.name
    yield f"{edition.id}, read as on {dates.say(today)}"
    resting = []
    for reading, moves in zip(found.readings, found.moves, strict=True):
        if found.question.clock is None and reading.state == "not-started" and reading.due is None:
            resting.append(f"{reading.title} ({reading.name})")
            continue
        yield ""
        yield from _wrapped(f"{reading.title} ({reading.name}): {reading.sentence}.")
        for line in answers.explained(reading, moves):
            yield from _wrapped(line, "    ")
        mark = answers.confidence(reading)
        if reading.due is not None:
            yield f"    How sure: {CONFIRMED_WORDS[mark]}."
    if resting:
        yield ""
        yield from _wrapped(f"Not started: {dates.joined(resting)}.")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _what_if(told: Sequence[tuple[str, str]], asked: argparse.Namespace, out: _Out, own: Own) -> int:
    """Say what would follow from logging on a day, by procedure."""
    if len(told) != 1 or told[0][0] != "received":
        raise Refused("which procedure? Name it first: redress deadline corporate-complaint --happened …")
    when = questions.day_or_instant(told[0][1], "--received")
    day = dates.london_day(when) if isinstance(when, datetime) else when
    if not asked.json:
        out.line(f"If it is logged on {dates.say(day)}:")
    for code in own.codes():
        edition, found = logged(own, code, when)
        if asked.json:
            spelled = [
                {**answers.spell(one.reading), "if": list(one.supposed)} for one in found if one.reading is not None
            ]
            out.line({"procedure": code, "title": edition.title, "edition": edition.id, "clocks": spelled})
            continue
        out.line("")
        out.line(f"{edition.title} ({code}){_beginning(edition, found)}")
        for line in _dates(edition, found, day, timed=isinstance(when, datetime)):
            out.line(line)
    return 0


def logged(own: Own, code: str, when: date | datetime) -> tuple[Edition, tuple[Follows, ...]]:
    """Say what follows if a procedure begins at a moment, or on a day (counted from its midnight).

    Where no date follows from that alone: what would follow if what starts each clock had happened then.
    """
    at = when if isinstance(when, datetime) else datetime.combine(when, time())
    held = own.held(code)
    edition = answers.selected(held, [Happening(held[-1].selected_by[0], at=at)])
    found = what_if.follow(edition, at, own.calendar(edition), settings=own.settings)
    return edition, tuple(one for one in found if one.at_once) or found


def starts(edition: Edition) -> list[str]:
    """List what starts the clocks of an edition, in their order."""
    return list(dict.fromkeys(kind for rule in edition.clocks for kind in rule.starts_with))


def opening(edition: Edition) -> str:
    """Give the happening with which a procedure begins: the receipt, where a clock starts with it."""
    return "received" if "received" in starts(edition) else edition.stages[0].opened_by


def _dates(edition: Edition, found: Sequence[Follows], day: date, *, timed: bool) -> Iterator[str]:
    if day < edition.in_force_from:
        yield from _wrapped(
            f"No date: it is in force from {dates.say(edition.in_force_from)}. {edition.between}", "    "
        )
        return
    if not found:
        yield "    No date: it has no clock."
    for one in found:
        rule, reading = one.rule, one.reading
        supposed = dates.joined(_first_down(words).rstrip(".") for words in one.supposed)
        title = f"{rule.title}, if on that day {supposed}" if supposed else rule.title
        if reading is None or reading.due is None:
            yield from _wrapped(f"{title}: the date that is stated then ({rule.authority.cite})", "    ")
            continue
        said = dates.say(reading.due)
        if reading.due_at is not None:
            hour = "" if timed else ", counted from midnight: give the hour, such as 2026-11-23T09:30"
            said = f"{said} at {dates.time(reading.due_at)}{hour}"
        latest = " at the latest" if reading.state == "not-started" else ""
        length = f"{span(rule.limit, rule.unit)}; " if rule.limit is not None else ""
        yield from _wrapped(f"{title}: {said}{latest} ({length}{rule.authority.cite})", "    ")


def _beginning(edition: Edition, found: Sequence[Follows]) -> str:
    """Say with what it begins, where that is no receipt and something follows from it at once."""
    first = edition.selected_by[0]
    if first == "received" or not any(one.at_once for one in found):
        return ""
    return f", if on that day {_first_down(KINDS[first]).rstrip('.')}"


def _first_down(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


# ----------------------------------------------------------------------------------------------- what a person has said


def _happening(how: str, words: str, place: int, held: Sequence[Edition], known: frozenset[str]) -> Happening:
    """Read what a person says has happened. Raises Refused."""
    if how == "extended":
        return _extension(words, place, held)
    kind, data = "received", {}
    when = words
    if how == "happened":
        kind, _, rest = words.partition("=")
        when, *pairs = rest.split(",")
        if kind not in known:
            raise Refused(f"there is no happening {kind!a:.60}{_perhaps(kind, sorted(known))}")
        if not when:
            raise Refused(f"--happened {kind}: say when, such as --happened {kind}=2026-11-23")
        data = dict(_pair(pair, kind) for pair in pairs)
    found = questions.day_or_instant(when, "--received" if how == "received" else f"the date of --happened {kind}")
    name = "at" if isinstance(found, datetime) else "on"
    return questions.happening_from({"kind": kind, name: found.isoformat(), **data}, place)


def _pair(text: str, kind: str) -> tuple[str, Any]:
    key, sign, value = text.partition("=")
    if not sign or key in ("kind", "on", "at"):
        raise Refused(f"--happened {kind}: {text!a:.60} is not such as until=2026-12-18")
    amount = key in AMOUNTS.values() and value.isdecimal() and len(value) < 10
    return key, int(value) if amount else value


def _extension(words: str, place: int, held: Sequence[Edition]) -> Happening:
    name, sign, rest = words.partition("=")
    amount, at, when = rest.partition("@")
    if not sign or not at or not amount.isascii() or not amount.isdecimal() or len(amount) > 6:
        raise Refused(f"--extended takes CLOCK=AMOUNT@DATE, such as response=20@2026-12-01, not {words!a:.60}")
    rules = {rule.name: rule for edition in held for rule in edition.clocks}
    if name not in rules:
        raise Refused(f"there is no clock {name!a:.60}{_perhaps(name, sorted(rules))}")
    extension = rules[name].extension
    if extension is None:
        raise Refused(f"the clock {name} can't be extended")
    found = questions.day_or_instant(when, "the date of --extended")
    key = "at" if isinstance(found, datetime) else "on"
    told = {"kind": "extended", "clock": name, AMOUNTS[extension.unit]: int(amount), key: found.isoformat()}
    return questions.happening_from(told, place)


def _what_to_say(edition: Edition) -> str:
    begin = starts(edition)
    if not begin:
        return f"{edition.procedure} has no clock: no date follows from it"
    first = opening(edition)
    usual = "--received 2026-11-23" if first == "received" else f"--happened {first}=2026-11-23"
    return (
        f"say what has happened, such as redress deadline {edition.procedure} {usual}. Its clocks start with "
        f"{dates.joined(begin, 'or')}; “redress procedures show {edition.procedure}” says more"
    )


def _perhaps(name: str, known: Iterable[str]) -> str:
    """Say which of the known names may have been meant."""
    several = list(known)
    close = difflib.get_close_matches(name[:60], several, n=3)
    return f"; did you mean {dates.joined(close, 'or')}?" if close else f"; there are {dates.joined(several)}"


# ---------------------------------------------------------------------------------------------------- reading, printing


class _Out:
    """Where answers go: each at once, so that a program that listens need not wait; nothing breaks on a sign."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.encoding = getattr(stream, "encoding", None) or "utf-8"
        self.wide = self.encoding.lower().replace("-", "").startswith("utf")

    def line(self, said: str | dict[str, Any]) -> None:
        if isinstance(said, str):
            text = said.encode(self.encoding, "replace").decode(self.encoding)
        else:
            text = json.dumps(said, ensure_ascii=not self.wide, allow_nan=False)
            if not text.isprintable():
                # Half signs, and what some programs take for the end of a line (U+0085, U+2028).
                text = json.dumps(said, allow_nan=False)
        self.stream.write(text + "\n")
        self.stream.flush()


def _opened(file: str, stdin: TextIO) -> BinaryIO:
    """Open what is to be read as bytes: a sign that is no UTF-8 spoils its own line only."""
    if file != "-":
        return open(file, "rb")
    if hasattr(stdin, "buffer"):
        return cast(BinaryIO, _Kept(stdin.buffer))
    return io.BytesIO(stdin.read().encode("utf-8", "surrogatepass"))


class _Kept:
    """The input of the process, which is not ours to close."""

    def __init__(self, stream: BinaryIO) -> None:
        self.readline = stream.readline

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def _is_terminal(stdin: TextIO) -> bool:
    try:
        return stdin.isatty()
    except (AttributeError, ValueError):
        return False
