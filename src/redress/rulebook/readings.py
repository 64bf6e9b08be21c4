"""What comes out of the clock: readings with their reasons, the days of the ribbon, and the sentences said about them.

Example: `reading.sentence` is "due Tuesday 8 December 2026: 10 working days after the acknowledgement of Tuesday 24
November 2026".
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from redress.rulebook import ribbon, sentences
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import AdviceRule, ClockRule, Confirmed, Unit
from redress.rulebook.lines import say
from redress.rulebook.ribbon import Day

State = Literal["not-started", "running", "paused", "met", "missed", "ended", "unclear"]
Which = Literal["first", "extended", "agreed", "stated", "restarted", "fresh", "resumed", "cautious", "literal"]
ReasonKind = Literal["start", "count", "extension", "disregard", "roll", "agreed", "note", "end", "caution"]

STATES: dict[str, str] = {
    "not-started": "Not started",
    "running": "Running",
    "paused": "Paused",
    "met": "Met",
    "missed": "Missed",
    "ended": "Ended without an answer being due",
    "unclear": "Unclear: the record needs mending",
}

WHICH: dict[str, str] = {
    "first": "the first date",
    "extended": "the date after an extension",
    "agreed": "the date that was agreed",
    "stated": "the date that the letter states",
    "restarted": "the date after the count began anew",
    "fresh": "the date of a new time of its own",
    "resumed": "the date with the days that don't count",
    "cautious": "the cautious date",
    "literal": "the date by the literal reading",
}

# The lines that count: anybody can count them again.
COUNTING = frozenset({"count", "extension", "disregard", "roll", "agreed"})


class Skipped(NamedTuple):
    """A day that was passed over in a count, with the reason."""

    on: date
    why: str


class Reason(NamedTuple):
    """One line of an explanation; its words (`text`) are made when they are asked for.

    A line that counts carries its own figures, so that anybody can count again: `amount` of `unit` after `start` is
    `due`, with what was `skipped`. Each counting line starts where the one before it ended, or at the start of the
    clock where an extension is counted from there. `says` names the sentence in `lines.py`, or is the sentence itself.
    In a count of hours `start` and `due` are instants.
    """

    kind: ReasonKind
    says: str
    authority: str = ""
    start: date | datetime | None = None
    amount: int | None = None
    unit: Unit | None = None
    due: date | datetime | None = None
    skipped: tuple[Skipped, ...] = ()
    more: tuple[Any, ...] = ()

    @property
    def text(self) -> str:
        """Say the line in a plain sentence."""
        return say(self)

    @property
    def working_days(self) -> int | None:
        """Give the working days of a count, or None where the line counts something else."""
        return self.amount if self.unit == "working-days" else None


class Given(NamedTuple):
    """An extension as it was given: `counted` is false when it came after the date due and so cures nothing."""

    on: date
    amount: int
    unit: Unit
    reason: str
    told_on: date | None
    counted: bool
    was_due: date
    now_due: date

    @property
    def working_days(self) -> int:
        """Give the working days of an extension that is counted in them, else 0."""
        return self.amount if self.unit == "working-days" else 0


class More(NamedTuple):
    """What most readings don't have."""

    literal_due: date | None = None
    cautious_due: date | None = None
    promised: date | None = None
    acknowledged_on: date | None = None
    bounded: bool = False
    ended_by: str = ""
    extended_by: int = 0
    extensions: tuple[Given, ...] = ()
    over_cap: bool = False
    paused_since: date | None = None
    paused_by: str = ""
    if_resumed: date | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    which: Which = "first"
    started_by: str = ""
    cautions: tuple[str, ...] = ()
    advice: AdviceRule | None = None


NOTHING_MORE = More()


class Reading(NamedTuple):
    """How one clock of a case stands today.

    `state`: not-started, running, paused, met, missed, ended, unclear. `missed` with `met_on` was answered late;
    without, it is still unanswered, unless `ended_on` says since when no answer is owed. `due` is the date that counts,
    None where there is none: not started, paused (`if_resumed` says what an answer today would give) or unclear.
    `first_due` is the date before any extension; `promised` a date given after the miss, which cures nothing;
    `literal_due` and `cautious_due` stand where two readings differ. `zero` is day 0 of the count, `started_on` the
    same once the clock runs. `which` says which date it is.
    """

    rule: ClockRule | None
    edition: str
    calendar: WorkingCalendar
    today: date
    state: State
    due: date | None = None
    first_due: date | None = None
    zero: date | None = None
    started_on: date | None = None
    met_on: date | None = None
    ended_on: date | None = None
    reasons: tuple[Reason, ...] = ()
    more: More = NOTHING_MORE

    @property
    def name(self) -> str:
        """Give the name of the clock."""
        return self.rule.name if self.rule else self.more.advice.name if self.more.advice else ""

    @property
    def title(self) -> str:
        """Give the title of the clock."""
        return self.rule.title if self.rule else self.more.advice.title if self.more.advice else ""

    @property
    def stage(self) -> str:
        """Give the key of the stage that the clock belongs to."""
        return self.rule.stage if self.rule else ""

    @property
    def authority(self) -> str:
        """Say who says so."""
        rule = self.rule or self.more.advice
        return rule.authority.cite if rule else ""

    @property
    def confirmed(self) -> Confirmed:
        """Say how sure the length is: P, S or K, as in the edition."""
        rule = self.rule or self.more.advice
        return rule.authority.confirmed if rule else "K"

    @property
    def fingerprint(self) -> str:
        """Name the exact set of days off that was counted with."""
        return self.calendar.fingerprint

    @property
    def is_advice(self) -> bool:
        """Whether it binds nobody."""
        return self.more.advice is not None

    @property
    def literal_due(self) -> date | None:
        """Give the date by the literal reading, where a late acknowledgement makes two readings possible."""
        return self.more.literal_due

    @property
    def cautious_due(self) -> date | None:
        """Give the date by the cautious reading, where two readings differ."""
        return self.more.cautious_due

    @property
    def promised(self) -> date | None:
        """Give the date that was given after the miss; it cures nothing."""
        return self.more.promised

    @property
    def acknowledged_on(self) -> date | None:
        """Give the day of the acknowledgement, where the clock starts with it."""
        return self.more.acknowledged_on

    @property
    def bounded(self) -> bool:
        """Whether the start is the acknowledgement's limit, not the acknowledgement."""
        return self.more.bounded

    @property
    def ended_by(self) -> str:
        """Say what ended it."""
        return self.more.ended_by

    @property
    def extended_by(self) -> int:
        """Give by how much it was extended in all, in the unit of the extension."""
        return self.more.extended_by

    @property
    def extensions(self) -> tuple[Given, ...]:
        """List the extensions as they were given."""
        return self.more.extensions

    @property
    def over_cap(self) -> bool:
        """Whether more time was taken than is allowed without good reason."""
        return self.more.over_cap

    @property
    def paused_since(self) -> date | None:
        """Give the day since which no time runs."""
        return self.more.paused_since

    @property
    def if_resumed(self) -> date | None:
        """Give the date that would follow if what is awaited came today."""
        return self.more.if_resumed

    @property
    def due_at(self) -> datetime | None:
        """Give the instant in London time, for a clock of hours."""
        return self.more.due_at

    @property
    def which(self) -> Which:
        """Say which date it is."""
        return self.more.which

    @property
    def which_words(self) -> str:
        """Say in words which date it is."""
        return WHICH[self.more.which]

    @property
    def cautions(self) -> tuple[str, ...]:
        """List what is to be taken with care."""
        return self.more.cautions

    @property
    def caution(self) -> str | None:
        """Say everything that is to be taken with care, or None."""
        return " ".join(self.more.cautions) or None

    @property
    def counts_working_days(self) -> bool:
        """Whether the clock counts working days."""
        return self.rule is not None and self.rule.unit == "working-days"

    @property
    def length(self) -> int | None:
        """Give the length of the clock in working days, or in days where it counts anything else."""
        if self.rule is None or self.rule.limit is None:
            return (self.due - self.zero).days if self.due and self.zero else None
        if self.due is None or self.zero is None:
            return self.rule.limit if self.counts_working_days else None
        if self.counts_working_days:
            return self.rule.limit + self.more.extended_by
        return (self.due - self.zero).days

    @property
    def day(self) -> int | None:
        """Give the day of the clock today, or on which it ended: working days, or days where it counts those."""
        if self.started_on is None:
            return None
        until = self.met_on or self.ended_on or self.today
        return (
            self.calendar.between(self.started_on, until)
            if self.counts_working_days
            else max(0, (until - self.started_on).days)
        )

    @property
    def late_by(self) -> int | None:
        """Give the working days since the date due, where it was missed."""
        if self.state != "missed" or self.due is None:
            return None
        return self.calendar.between(self.due, self.met_on or self.ended_on or self.today)

    @property
    def days_left(self) -> int | None:
        """Give the working days until the date due, where it still runs."""
        if self.due is None or self.state not in ("running", "not-started"):
            return None
        return self.calendar.between(self.today, self.due)

    @property
    def answered_late(self) -> bool:
        """Whether it was done, but after the date due."""
        return self.state == "missed" and self.met_on is not None

    @property
    def is_open(self) -> bool:
        """Whether something is still owed on this clock: it runs, was missed and is unanswered, or can't be read."""
        if self.state in ("running", "paused", "unclear"):
            return True
        return self.state == "missed" and self.met_on is None and self.ended_on is None

    @property
    def is_late(self) -> bool:
        """Whether the date due passed without the thing being done in time."""
        return self.state == "missed"

    @property
    def state_words(self) -> str:
        """Say the state in words."""
        return "Answered late" if self.answered_late else STATES[self.state]

    @property
    def sentence(self) -> str:
        """Say the reading in one sentence for lists and the case page, without a full stop."""
        return sentences.for_staff(self)

    @property
    def for_resident(self) -> str:
        """Say the reading to the person who complained, in whole sentences."""
        return sentences.for_resident(self)

    @property
    def distance(self) -> str:
        """Say how long from now: "In 2 working days", "3 working days late"."""
        return sentences.distance(self)

    @property
    def days(self) -> tuple[Day, ...]:
        """List the days of the ribbon, from the day that started the clock to the last day that matters."""
        return ribbon.days(self)
