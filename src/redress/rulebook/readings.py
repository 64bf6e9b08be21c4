"""What comes out of the clock: readings with their reasons, the days of the ribbon, and the sentences said about them.

Example: `reading.sentence` is "due Tuesday 8 December 2026: 10 working days after the acknowledgement of Tuesday 24
November 2026".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from redress.rulebook import ribbon, sentences
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import ClockRule
from redress.rulebook.ribbon import Day

State = Literal["not-started", "running", "paused", "met", "missed", "ended", "unclear"]
ReasonKind = Literal["start", "count", "extension", "note", "end", "caution"]

STATES: dict[str, str] = {
    "not-started": "Not started",
    "running": "Running",
    "paused": "Paused",
    "met": "Met",
    "missed": "Missed",
    "ended": "Ended without an answer being due",
    "unclear": "Unclear: the record needs mending",
}


@dataclass(frozen=True)
class Skipped:
    """A weekday that was passed over in a count, with the reason."""

    on: date
    why: str


@dataclass(frozen=True)
class Reason:
    """One line of an explanation.

    A line that counts carries its own figures (`start`, `working_days`, `due`, `skipped`), so that anybody can count
    again: `start` plus `working_days` is `due`, and each counting line starts where the line before it ended.
    """

    text: str
    authority: str = ""
    kind: ReasonKind = "note"
    start: date | None = None
    working_days: int | None = None
    due: date | None = None
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Given:
    """An extension as it was given: `counted` is false when it came after the date due and so cures nothing."""

    on: date
    working_days: int
    reason: str
    told_on: date | None
    counted: bool
    was_due: date
    now_due: date


@dataclass(frozen=True)
class Reading:
    """How one clock of a case stands today.

    `state`: not-started, running, met, missed, ended, unclear (and paused, where a procedure has pauses; these two have
    none). `missed` with `met_on` was answered late; without, it is still unanswered, unless `ended_on` says since when
    no answer is owed. `due` is the date that counts; `first_due` the date before any extension; `promised` a date given
    after the miss, which cures nothing; `literal_due` and `cautious_due` stand where a late acknowledgement makes the
    two readings differ. `day` of `length` is the working day of the clock today.
    """

    name: str
    title: str
    stage: str
    state: State
    today: date
    edition: str
    rule: ClockRule | None = field(default=None, repr=False, compare=False)
    calendar: WorkingCalendar | None = field(default=None, repr=False, compare=False)
    due: date | None = None
    first_due: date | None = None
    literal_due: date | None = None
    cautious_due: date | None = None
    promised: date | None = None
    started_on: date | None = None
    acknowledged_on: date | None = None
    bounded: bool = False
    met_on: date | None = None
    ended_on: date | None = None
    ended_by: str = ""
    day: int | None = None
    length: int | None = None
    extended_by: int = 0
    extensions: tuple[Given, ...] = ()
    late_by: int | None = None
    days_left: int | None = None
    over_cap: bool = False
    is_advice: bool = False
    reasons: tuple[Reason, ...] = ()
    cautions: tuple[str, ...] = ()
    authority: str = ""
    fingerprint: str = ""

    @property
    def caution(self) -> str | None:
        """Say everything that is to be taken with care, or None."""
        return " ".join(self.cautions) or None

    @property
    def answered_late(self) -> bool:
        """Whether it was done, but after the date due."""
        return self.state == "missed" and self.met_on is not None

    @property
    def is_open(self) -> bool:
        """Whether something is still owed on this clock: it runs, was missed and is unanswered, or can't be read."""
        return self.state in ("running", "paused", "unclear") or (
            self.state == "missed" and self.met_on is None and self.ended_on is None
        )

    @property
    def is_late(self) -> bool:
        """Whether the date due passed without the thing being done in time."""
        return self.state == "missed"

    @property
    def state_words(self) -> str:
        """Say the state in words."""
        return "Answered late" if self.answered_late else STATES[self.state]

    @cached_property
    def sentence(self) -> str:
        """Say the reading in one sentence for lists and the case page, without a full stop."""
        return sentences.for_staff(self)

    @cached_property
    def for_resident(self) -> str:
        """Say the reading to the person who complained, in whole sentences."""
        return sentences.for_resident(self)

    @cached_property
    def distance(self) -> str:
        """Say how long from now: "In 2 working days", "3 working days late"."""
        return sentences.distance(self)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """List the days of the ribbon, from the day that started the clock to the last day that matters."""
        return ribbon.days(self)
