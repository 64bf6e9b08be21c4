"""How does `redress deadline` answer a question: by which edition, with which date, and why?

Example::

    answer(question, Own(), today=date(2026, 11, 23)).as_object()["due"]  # "2027-01-14"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from redress.rulebook import calendar, clock, dates, procedures
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.clock import Happening, Move, Reading
from redress.rulebook.editions import CONFIRMED_WORDS, Authority, Confirmed, Edition
from redress.rulebook.happenings import KINDS, believed, day_of, settle
from redress.rulebook.questions import Question, Refused
from redress.rulebook.readings import COUNTING, Reason
from redress.rulebook.settings import DEFAULTS, Settings


@dataclass(frozen=True)
class Own:
    """What a council brings of its own: editions, days on which it is closed, and its settings."""

    editions: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)
    closures: Mapping[date, str] = field(default_factory=dict)
    settings: Settings = DEFAULTS
    _calendars: dict[str, WorkingCalendar] = field(default_factory=dict, compare=False, repr=False)

    def codes(self) -> tuple[str, ...]:
        """List the procedures that can be asked for."""
        return (*procedures.codes(), *(code for code in self.editions if code not in procedures.codes()))

    def held(self, code: str) -> tuple[Edition, ...]:
        """List the editions of a procedure, the oldest first, the council's own among them. Raises Refused."""
        own = self.editions.get(code, ())
        if code not in procedures.codes():
            if not own:
                raise Refused(f"there is no procedure {code!a:.60}; there are {dates.joined(self.codes())}")
            return own
        # On one day the council's own goes before the released one: it was made for it.
        return tuple(sorted((*procedures.editions(code), *own), key=lambda one: one.in_force_from))

    def calendar(self, edition: Edition) -> WorkingCalendar:
        """Give the calendar that an edition counts with, with the council's closures."""
        name = edition.working_days.calendar
        if name not in self._calendars:
            days = calendar.named(name)
            self._calendars[name] = days.with_closures(self.closures) if self.closures else days
        return self._calendars[name]


@dataclass(frozen=True)
class Answer:
    """What came of a question: the edition, and a reading for each clock asked for, with what would move it."""

    question: Question
    edition: Edition
    readings: tuple[Reading, ...]
    moves: tuple[tuple[Move, ...], ...]

    @property
    def agrees(self) -> bool | None:
        """Whether the date is the one that the line carries; None where it carries none."""
        expected = self.question.expected
        if expected is None or self.question.clock is None:
            return None
        reading = self.readings[0]
        if isinstance(expected, datetime):
            given = expected if expected.tzinfo is not None else expected.replace(tzinfo=dates.LONDON)
            return reading.due_at is not None and reading.due_at == given
        return reading.due == expected

    def as_object(self) -> dict[str, Any]:
        """Give the answer as it stands on a line of JSON."""
        question = self.question
        body: dict[str, Any] = {"id": question.id}
        spelled = [spell(reading, moves) for reading, moves in zip(self.readings, self.moves, strict=True)]
        head = {"procedure": self.edition.procedure, "edition": self.edition.id}
        if question.clock is None:
            body |= {**head, "clocks": spelled}
        else:
            body |= {**spelled[0], **head}
        if self.agrees is not None and question.expected is not None:
            body |= {"agrees": self.agrees, "expected": question.expected.isoformat()}
        if question.line:
            body["line"] = question.line
        return body

    def as_text(self) -> str:
        """Give the answer in lines that an officer can read."""
        name = question_name(self.question)
        lines = []
        for reading, moves in zip(self.readings, self.moves, strict=True):
            lines.append(f"{name}{reading.title}: {reading.sentence}.")
            lines += [f"    {line}" for line in explained(reading, moves)]
        if self.agrees is False and self.question.expected is not None:
            found = _said(self.readings[0].due_at or self.readings[0].due)
            lines.append(f"    The line says {_said(self.question.expected)}; this rulebook finds {found}.")
        return "\n".join(lines)


def answer(question: Question, own: Own, *, today: date) -> Answer:
    """Answer a question by the edition that its happenings select. Raises Refused for an unknown procedure or clock.

    What was believed on a day is read as on that day. Happenings that can't be read unclear; they raise nothing.
    """
    happenings = question.happenings
    if question.believed_on is not None:
        happenings, today = believed(happenings, question.believed_on), question.believed_on
    edition = selected(own.held(question.procedure), happenings)
    days = own.calendar(edition)
    if question.clock is None:
        readings = tuple(clock.read(edition, happenings, days, today=today, settings=own.settings).values())
    else:
        known = [rule.name for rule in edition.clocks]
        if question.clock not in known:
            there = f"there are {dates.joined(known)}" if known else "it has none"
            raise Refused(f"the procedure {question.procedure} has no clock {question.clock!a:.60}; {there}")
        found = clock.read_one(edition, question.clock, happenings, days, today=today, settings=own.settings)
        readings = (found,)
    moves = tuple(_moves(edition, reading, happenings, days, own.settings) for reading in readings)
    return Answer(question, edition, readings, moves)


def selected(held: Sequence[Edition], happenings: Iterable[Happening]) -> Edition:
    """Give the edition that the happenings select: the newest that was in force on the day that counts for it.

    Before the first edition that is held it is the first, whose reading says that no date is guessed.
    """
    history = settle(happenings)
    for edition in reversed(held):
        first = next((found for kind in edition.selected_by if (found := history.first(kind))), None)
        first = first or next(iter(history.dated), None)
        if first is None or day_of(first) >= edition.in_force_from:
            return edition
    return held[0]


def confidence(reading: Reading) -> Confirmed:
    """Say how sure a date is: the weakest mark of the authorities that it rests on, P, S or K."""
    marks = {reading.confirmed}
    rests_on = {reason.authority for reason in reading.reasons if reason.kind in COUNTING or reason.kind == "start"}
    marks |= {one.confirmed for one in _authorities(reading) if one.cite in rests_on}
    return max(marks, key="PSK".index)


def _authorities(reading: Reading) -> Iterator[Authority]:
    """List the authorities of what may change the count of a clock."""
    rule = reading.rule
    if rule is None:
        return
    if rule.bound_authority is not None:
        yield rule.bound_authority
    for one in (rule.extension, rule.agreed, *rule.restarts, *rule.disregards, *rule.fresh):
        if one is not None:
            yield one.authority


def spell(reading: Reading, moves: Iterable[Move] = ()) -> dict[str, Any]:
    """Spell a reading out for a program, its reasons with the figures that add up.

    `due` is a date, an instant with its offset for a clock of hours, or None; `promised` and the other dates that most
    readings don't have stand there only where they are.
    """
    mark = confidence(reading)
    body: dict[str, Any] = {
        "due": _iso(reading.due_at or reading.due),
        "state": reading.state,
        "reasons": [_reason(reason) for reason in reading.reasons],
        "authority": reading.authority,
        "edition": reading.edition,
        "confidence": mark,
    }
    if reading.promised is not None and reading.promised != reading.due:
        body["promised"] = _iso(reading.promised)
    body |= {
        "confidence_words": CONFIRMED_WORDS[mark],
        "clock": reading.name,
        "title": reading.title,
        "sentence": reading.sentence,
        "which": reading.which if reading.due else None,
    }
    seldom = {
        "first_due": reading.first_due if reading.first_due != reading.due else None,
        "cautious_due": reading.cautious_due,
        "literal_due": reading.literal_due,
        "if_resumed": reading.if_resumed,
        "paused_since": reading.paused_since,
        "started_on": reading.started_on,
        "met_on": reading.met_on,
        "ended_on": reading.ended_on,
    }
    body |= {key: _iso(value) for key, value in seldom.items() if value is not None}
    if reading.ended_by:
        body["ended_by"] = reading.ended_by
    if reading.cautions:
        body["cautions"] = list(reading.cautions)
    told = [{"text": move.sentence, "due": _iso(move.due)} for move in moves]
    if told:
        body["moves"] = told
    body |= {"today": _iso(reading.today), "calendar": reading.calendar.name, "fingerprint": reading.fingerprint}
    return body


def explained(reading: Reading, moves: Iterable[Move] = ()) -> Iterator[str]:
    """Say a reading's reasons line by line, then what to take care of, then what would move the date."""
    for reason in reading.reasons:
        yield reason.text + (f" [{reason.authority}]" if reason.authority else "")
    for text in reading.cautions:
        if all(text != reason.text for reason in reading.reasons):
            yield f"Take care: {text}"
    for move in moves:
        yield f"What would move it: {move.sentence}"


def question_name(question: Question) -> str:
    """Say which line it is, for a person: its id, else its number, else nothing."""
    if question.id is not None:
        said = "".join(sign if sign.isprintable() else "?" for sign in str(question.id)[:80])
        return f"{said}: "
    return f"line {question.line}: " if question.line else ""


def _moves(
    edition: Edition, reading: Reading, happenings: Sequence[Happening], days: WorkingCalendar, settings: Settings
) -> tuple[Move, ...]:
    """List what would move a date; nothing where something on record lies ahead of today: that day is no today."""
    if any(one.day is not None and one.day > reading.today for one in happenings):
        return ()
    return clock.moves(edition, reading.name, happenings, days, today=reading.today, settings=settings)


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "text": reason.text,
        "authority": reason.authority,
        "kind": reason.kind,
        "start": _iso(reason.start),
        "amount": reason.amount,
        "unit": reason.unit,
        "due": _iso(reason.due),
        "skipped": {one.on.isoformat(): one.why for one in reason.skipped},
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _said(value: date | None) -> str:
    if isinstance(value, datetime):
        return f"{dates.say(dates.london_day(value))} at {dates.time(value)}"
    return dates.say(value) if value is not None else "no date"


def kinds_of(edition: Edition) -> tuple[str, ...]:
    """List the happenings that an edition names, in the natural order of a day."""
    return tuple(kind for kind in KINDS if kind in edition.kinds)
