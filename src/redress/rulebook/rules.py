"""What may stand in the rule of a clock: its length, what changes it, and who says so.

Example: `edition.clock("response").restarts[0].answered_with` is "clarification-answered".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Confirmed = Literal["P", "S", "K"]
Force = Literal["must", "should", "good-practice", "norm"]
Unit = Literal["working-days", "calendar-days", "weeks", "calendar-months", "hours"]
FirstDay = Literal["day-after", "same-day"]
Roll = Literal["none", "next-working-day"]

CONFIRMED_WORDS: dict[str, str] = {
    "P": "confirmed on a page of the authority itself",
    "S": "confirmed on a secondary page",
    "K": "not confirmed: check before relying on it",
}


class Record(BaseModel):
    """A frozen piece of an edition that refuses unknown keys and wrong types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Authority(Record):
    """Where a number or a duty comes from, and whether anybody has seen it there.

    `confirmed` is P (seen on the authority's own page), S (seen on a secondary page) or K (own knowledge, not seen).
    `number_sure` is false where the substance is known but the paragraph's number is not.
    """

    document: Words
    para: str = ""
    word: Literal["paragraph", "section", "regulation", "article", "chapter", "rule", "part", "schedule"] = "paragraph"
    confirmed: Confirmed
    number_sure: bool = True
    note: str = ""

    @property
    def cite(self) -> str:
        """Say the authority in a few words: "LGSCO Complaint Handling Code (February 2024), paragraph 6.2"."""
        if not self.para:
            return self.document
        several = "-" in self.para or "," in self.para
        word = self.word + "s" if several else self.word
        doubt = "" if self.number_sure else " (number not confirmed)"
        return f"{self.document}, {word} {self.para}{doubt}"

    def __str__(self) -> str:
        return self.cite

    @property
    def is_confirmed(self) -> bool:
        """Whether anybody has seen the text: true for P and S."""
        return self.confirmed != "K"

    @property
    def confirmed_words(self) -> str:
        """Say the mark in words."""
        return CONFIRMED_WORDS[self.confirmed]


class ExtensionRule(Record):
    """How a clock may be extended.

    `cap` is the most that may be added in all, in `unit`. A soft cap may be passed with a reason for the override; a
    hard one (`soft = false`) never. `counts_from` says whether the addition is counted from the date due so far, or the
    whole, first limit and addition together, from the start of the clock.
    """

    cap: Annotated[int, Field(ge=1)]
    unit: Unit = "working-days"
    counts_from: Literal["due", "start"] = "due"
    soft: bool
    needs_reason: bool
    only_when: str = ""
    told: Words
    authority: Authority
    told_authority: Authority


class Restart(Record):
    """A question that starts the whole count anew: until it is answered no time runs, and the answer is the new day 0.

    Asked after the date due it cures nothing.
    """

    asked_with: Key
    answered_with: Key
    says: Words
    authority: Authority


class Disregard(Record):
    """Days that don't count: from the day of one happening to the day of another, both included.

    Working days where the clock counts working days, else calendar days. After `lapses_after` (in `lapses_unit`) from
    the first without the second, nothing is owed any more.
    """

    begins_with: Key
    finishes_with: Key
    lapses_after: Annotated[int, Field(ge=1)] | None = None
    lapses_unit: Unit = "calendar-months"
    lapses_first_day: FirstDay = "day-after"
    says: Words
    authority: Authority


class Fresh(Record):
    """A happening from which a new period with a length of its own takes the place of what was left.

    The period is counted from that happening, or from the earlier one named in `counted_from` where that is on record.
    """

    begins_with: Key
    counted_from: Key | None = None
    limit: Annotated[int, Field(ge=1)]
    unit: Unit
    first_day: FirstDay = "day-after"
    roll: Roll = "none"
    says: Words
    authority: Authority


class Agreed(Record):
    """A later date that both sides agree on, with the happening `date-agreed`; only before the period ends."""

    says: Words
    authority: Authority


class Cautious(Record):
    """The earlier date that a narrower reading of the same words would give; shown beside the date due."""

    first_day: FirstDay = "day-after"
    roll: Roll = "none"
    says: Words
    authority: Authority


class ClockWords(Record):
    """The words with which a clock speaks to staff and to the person who complained."""

    start: Words
    done: Words
    resident_will: Words
    resident_did: Words
    resident_done: Words
    resident_start: Words


class ClockRule(Record):
    """One clock: what starts and ends it, its length, how it may change, and what follows a miss.

    `starts_with` lists the happenings that start it; the earliest counts, or with `repeats` the first after the last
    answer. `bounded_by` names the clock whose own limit bounds the start: a late or missing acknowledgement gains no
    time. `first_day` is `day-after` where the day of the start is day 0, `same-day` where it is counted itself
    ("commencing on"). `roll` moves a date that is no working day on to the next. With `stated`, a date that the start
    itself states (`by` in its data) goes before the number; without a `limit` only such a date counts. `owed_by` is
    `person` where the time is the person's own: then nothing is missed, it only runs out. `local` says what a council
    may choose: `shorter` never longer, `free`, or `fixed`.
    """

    name: Key
    title: Words
    stage: Key
    starts_with: tuple[Key, ...]
    ends_with: Key
    also_ends_with: tuple[Key, ...] = ()
    bounded_by: Key | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    unit: Unit
    first_day: FirstDay
    roll: Roll = "none"
    stated: bool = False
    owed_by: Literal["council", "person", "other"] = "council"
    repeats: bool = False
    receipt_may_roll: bool = False
    restarts: tuple[Restart, ...] = ()
    disregards: tuple[Disregard, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    agreed: Agreed | None = None
    cautious: Cautious | None = None
    force: Force
    local: Literal["shorter", "free", "fixed"] = "shorter"
    words: ClockWords
    extension: ExtensionRule | None = None
    on_miss: Words
    authority: Authority
    bound_authority: Authority | None = None

    @model_validator(mode="after")
    def _counts(self) -> ClockRule:
        """Refuse a clock that could not be counted."""
        wrong = []
        if not self.starts_with:
            wrong.append("nothing starts it")
        if self.limit is None and not self.stated:
            wrong.append("it has neither a limit nor a stated date")
        changed = self.disregards or self.restarts or self.fresh or self.extension
        if self.unit == "hours" and (self.first_day != "same-day" or self.roll != "none" or changed):
            wrong.append("hours run from the instant itself: first_day is same-day, no roll, and nothing changes them")
        if self.extension is not None and self.extension.counts_from == "start" and self.extension.unit != self.unit:
            wrong.append("an extension from the start is counted in the unit of the clock")
        if self.bounded_by is not None and self.unit == "hours":
            wrong.append("a clock of hours has no bounded start")
        if wrong:
            raise ValueError(f"clock {self.name}: " + "; ".join(wrong))
        return self


class AdviceRule(Record):
    """A view on time that binds nobody but is worth showing, such as twelve weeks for the whole process.

    Counted in calendar weeks from the happening to the answer of the last stage that was reached.
    """

    name: Key
    title: Words
    starts_with: Key
    weeks: Annotated[int, Field(ge=1)]
    says: Words
    authority: Authority
