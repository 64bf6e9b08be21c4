"""How sure is a date, and what would move it? Drawn under "Every step" of a clock.

Example: ``of(edition, reading, known, calendar, settings).sure["… paragraph 6.3"]`` is "confirmed on a page of the
authority itself".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redress.cases.queries import Readings
from redress.rulebook import clock
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import CONFIRMED_WORDS, Authority, Confirmed, Edition, Record
from redress.rulebook.happenings import Happening
from redress.rulebook.readings import COUNTING, Reading
from redress.rulebook.settings import Settings


@dataclass(frozen=True)
class Reasons:
    """What stands under a clock beside its lines.

    ``sure`` says by authority how sure it is, ``overall`` how sure the date is: as its weakest authority. ``moves`` are
    the sentences on what would move the date, None where that is not asked.
    """

    sure: Mapping[str, str]
    overall: str
    moves: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ClockLine:
    """A clock of a case as it is drawn: its reading, the severity that paints it, its reasons."""

    reading: Reading
    code: str
    reasons: Reasons


def lines_of(
    edition: Edition,
    found: Readings,
    known: Sequence[Happening],
    calendar: WorkingCalendar,
    settings: Settings,
) -> tuple[tuple[ClockLine, ...], tuple[ClockLine, ...], tuple[ClockLine, ...]]:
    """Give the clocks of a case with their reasons: those that run, those that ended, those that have not started."""
    marks = marks_of(edition)

    def line(reading: Reading, code: str) -> ClockLine:
        return ClockLine(reading, code, of(edition, reading, marks, known, calendar, settings))

    return (
        tuple(line(one, found.severity[one.name].group) for one in found.open),
        tuple(ClockLine(one, "done", sureness(one, marks)) for one in found.done),
        tuple(line(one, "new") for one in found.not_started),
    )


def of(
    edition: Edition,
    reading: Reading,
    marks: Mapping[str, Confirmed],
    known: Sequence[Happening],
    calendar: WorkingCalendar,
    settings: Settings,
) -> Reasons:
    """Say how sure a clock's date is, and what would move it if it were done today."""
    plain = sureness(reading, marks)
    # A day that is still to come can't be read as today, so nothing can be tried on it.
    if any(one.day is not None and one.day > reading.today for one in known):
        return plain
    found = clock.moves(edition, reading.name, known, calendar, today=reading.today, settings=settings)
    return Reasons(plain.sure, plain.overall, tuple(move.sentence for move in found))


def sureness(reading: Reading, marks: Mapping[str, Confirmed]) -> Reasons:
    """Say how sure each authority of a reading is, and the date as its weakest one; nothing where there is no date."""
    sure = {one.authority: CONFIRMED_WORDS[marks[one.authority]] for one in reading.reasons if one.authority in marks}
    rests_on = [one.authority for one in reading.reasons if one.kind in COUNTING or one.kind == "start"]
    weakest = max([reading.confirmed, *(marks[one] for one in rests_on if one in marks)], key="PSK".index)
    has_date = reading.due is not None or reading.if_resumed is not None
    return Reasons(sure, CONFIRMED_WORDS[weakest] if has_date else "")


def marks_of(edition: Edition) -> dict[str, Confirmed]:
    """Give how sure each authority of an edition's clocks is, by its words; the weaker where one is cited twice."""
    marks: dict[str, Confirmed] = {}
    for part in (*edition.clocks, *edition.advice, edition.working_days, edition.pauses):
        for one in _authorities(part):
            marks[one.cite] = max(marks.get(one.cite, "P"), one.confirmed, key="PSK".index)
    return marks


def _authorities(record: Record) -> Iterator[Authority]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Authority):
                yield one
            elif isinstance(one, Record):
                yield from _authorities(one)
