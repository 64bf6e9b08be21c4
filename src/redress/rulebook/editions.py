"""What is written in an edition of a procedure: stages, clocks, letters, grounds, words, each with its authority.

Procedures are TOML files in `rulebook/procedures`; a strict reader refuses anything that it does not know.

Example: `edition.letter("stage-1-response").parts[2].label` is "The decision".
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

T = TypeVar("T")
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Confirmed = Literal["P", "S", "K"]
Force = Literal["must", "should", "good-practice"]

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
    confirmed: Confirmed
    number_sure: bool = True
    note: str = ""

    @property
    def cite(self) -> str:
        """Say the authority in a few words: "LGSCO Complaint Handling Code (February 2024), paragraph 6.2"."""
        if not self.para:
            return self.document
        word = "paragraphs" if "-" in self.para or "," in self.para else "paragraph"
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


class Document(Record):
    """A document that an edition rests on."""

    key: Key
    title: Words
    short: Words
    published: str
    source: Words
    status: Words


class Stage(Record):
    """A stage of the procedure, what opens and ends it, and who may not act in it."""

    key: Key
    number: int
    title: Words
    opened_by: Key
    answered_by: Key
    acknowledged_by: Key
    ended_by: tuple[Key, ...]
    restarts_after: tuple[Key, ...] = ()
    final: bool
    reasons_needed: bool
    may_not_act: tuple[Barred, ...] = ()
    authority: Authority


class Barred(Record):
    """Somebody who may not act in a stage, with the rule that says so."""

    key: Key
    who: Words
    why: Words
    authority: Authority


class ExtensionRule(Record):
    """How a clock may be extended: a soft cap in working days, beyond which a reason for the override is demanded."""

    cap: Annotated[int, Field(ge=1)]
    soft: bool
    needs_reason: bool
    told: Words
    authority: Authority
    told_authority: Authority


class ClockWords(Record):
    """The words with which a clock speaks to staff and to the person who complained."""

    start: Words
    done: Words
    resident_will: Words
    resident_did: Words
    resident_done: Words
    resident_start: Words


class ClockRule(Record):
    """One clock: what starts and ends it, its length, how it may be extended, and what follows a miss.

    `bounded_by` names the clock whose own limit bounds the start: a late or missing acknowledgement gains no time.
    """

    name: Key
    title: Words
    stage: Key
    starts_with: Key
    ends_with: Key
    also_ends_with: tuple[Key, ...] = ()
    bounded_by: Key | None = None
    limit: Annotated[int, Field(ge=1)]
    unit: Literal["working-days"]
    first_day: Literal["day-after"]
    force: Force
    words: ClockWords
    extension: ExtensionRule | None = None
    on_miss: Words
    authority: Authority
    bound_authority: Authority | None = None


class AdviceRule(Record):
    """A view on time that binds nobody but is worth showing, such as twelve weeks for the whole process."""

    name: Key
    title: Words
    starts_with: Key
    weeks: Annotated[int, Field(ge=1)]
    says: Words
    authority: Authority


class Part(Record):
    """Something that a letter has to say."""

    key: Key
    label: Words
    why: Words
    force: Force
    block: Key | None = None
    authority: Authority


class Letter(Record):
    """A kind of letter and the parts that it has to hold, in order."""

    kind: Key
    title: Words
    stage: Key | None = None
    parts: tuple[Part, ...]

    def part(self, key: str) -> Part:
        """Give the part with this key; KeyError when the letter has none."""
        return _find(self.parts, "key", key, f"part of the letter {self.kind}")


class RefusalGround(Record):
    """A ground on which a complaint, or its next stage, may be refused, with what has to be thought about first."""

    key: Key
    title: Words
    says: Words
    discretion: tuple[Words, ...]
    evidence: Words
    stages: tuple[Key, ...]
    authority: Authority


class Word(Record):
    """A word of the procedure for a finding, an outcome or a type of remedy, with what it means."""

    key: Key
    word: Words
    meaning: Words
    authority: Authority


class Block(Record):
    """A text that goes into letters: how to go further, where to find the Ombudsman.

    `mark` is "check" until somebody has compared it with the official text; a letter's writer is told so.
    """

    key: Key
    title: Words
    text: Words
    source: Words
    as_of: datetime.date
    mark: Literal["confirmed", "check"]
    note: str = ""


class Triage(Record):
    """How a service request is told from a complaint, and what a request needs before it is treated as one."""

    request: Words
    complaint: Words
    word_not_needed: Words
    choice_needed: bool
    choice_asks: tuple[Word, ...] = ()
    without_choice: Words
    always: tuple[Words, ...]
    live_request: Words
    authority: Authority
    choice_authority: Authority


class TimeLimit(Record):
    """How old a matter may be, in calendar months to the corresponding date, and the discretion to take it anyway."""

    months: Annotated[int, Field(ge=1)]
    counted_from: Words
    discretion: Words
    authority: Authority


class Retention(Record):
    """How long the records are usually kept."""

    years: Annotated[int, Field(ge=1)]
    counted_from: Words
    authority: Authority


class WorkingDays(Record):
    """Which days count."""

    calendar: Literal["england-and-wales", "scotland", "northern-ireland"]
    closures: Literal["never", "council-setting"]
    says: Words
    authority: Authority


class Pauses(Record):
    """Whether the clock may stand still."""

    exist: bool
    says: Words
    authority: Authority


class Edition(Record):
    """A procedure as it stood from a date on. Released editions never change."""

    id: str
    procedure: Key
    title: Words
    short: Words
    scope: Words
    not_for: tuple[Words, ...]
    ombudsman: Words
    in_force_from: datetime.date
    in_force_authority: Authority
    selected_by: Key
    between: Words
    documents: tuple[Document, ...]
    working_days: WorkingDays
    pauses: Pauses
    stages: tuple[Stage, ...]
    clocks: tuple[ClockRule, ...]
    advice: tuple[AdviceRule, ...] = ()
    letters: tuple[Letter, ...]
    refusal_grounds: tuple[RefusalGround, ...]
    refusal_says: tuple[Words, ...]
    findings: tuple[Word, ...]
    outcomes: tuple[Word, ...]
    remedies: tuple[Word, ...]
    blocks: tuple[Block, ...]
    triage: Triage
    new_points: Words
    new_points_authority: Authority
    time_limit: TimeLimit
    retention: Retention

    @model_validator(mode="after")
    def _hangs_together(self) -> Edition:
        """Refuse an edition whose names point nowhere."""
        stages = {stage.key for stage in self.stages}
        clocks = {rule.name for rule in self.clocks}
        blocks = {block.key for block in self.blocks}
        wrong = [f"clock {r.name}: no stage {r.stage}" for r in self.clocks if r.stage not in stages]
        wrong += [
            f"clock {r.name}: bounded by {r.bounded_by}, which does not exist"
            for r in self.clocks
            if r.bounded_by is not None and r.bounded_by not in clocks
        ]
        wrong += [
            f"letter {letter.kind}, part {part.key}: no text {part.block}"
            for letter in self.letters
            for part in letter.parts
            if part.block is not None and part.block not in blocks
        ]
        wrong += [
            f"letter {x.kind}: no stage {x.stage}"
            for x in self.letters
            if x.stage is not None and x.stage not in stages
        ]
        wrong += [f"ground {g.key}: no stage {s}" for g in self.refusal_grounds for s in g.stages if s not in stages]
        for name, keys in (
            ("stage", [s.key for s in self.stages]),
            ("clock", [r.name for r in self.clocks]),
            ("letter", [x.kind for x in self.letters]),
            ("finding", [w.key for w in self.findings]),
            ("outcome", [w.key for w in self.outcomes]),
            ("remedy", [w.key for w in self.remedies]),
            ("text", [b.key for b in self.blocks]),
            ("ground", [g.key for g in self.refusal_grounds]),
        ):
            wrong += [f"{name} {key} stands twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
        for letter in self.letters:
            part_keys = [part.key for part in letter.parts]
            wrong += [
                f"letter {letter.kind}: part {key} stands twice"
                for key in sorted({k for k in part_keys if part_keys.count(k) > 1})
            ]
        if self.id != f"{self.procedure}@{self.in_force_from.isoformat()}":
            wrong.append(f"the id {self.id} is not {self.procedure}@{self.in_force_from.isoformat()}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def name(self) -> str:
        """Say which edition it is: "Corporate complaints (LGSCO Code, February 2024)"."""
        return f"{self.title} ({self.short})"

    def clock(self, name: str) -> ClockRule:
        """Give the clock with this name; KeyError when there is none."""
        return _find(self.clocks, "name", name, "clock")

    def stage(self, key: str) -> Stage:
        """Give the stage with this key; KeyError when there is none."""
        return _find(self.stages, "key", key, "stage")

    def letter(self, kind: str) -> Letter:
        """Give the letter of this kind; KeyError when there is none."""
        return _find(self.letters, "kind", kind, "letter")

    def block(self, key: str) -> Block:
        """Give the text with this key; KeyError when there is none."""
        return _find(self.blocks, "key", key, "text")

    def finding(self, key: str) -> Word:
        """Give the finding with this key; KeyError when there is none."""
        return _find(self.findings, "key", key, "finding")

    def outcome(self, key: str) -> Word:
        """Give the outcome with this key; KeyError when there is none."""
        return _find(self.outcomes, "key", key, "outcome")

    def remedy(self, key: str) -> Word:
        """Give the type of remedy with this key; KeyError when there is none."""
        return _find(self.remedies, "key", key, "remedy")

    def ground(self, key: str) -> RefusalGround:
        """Give the ground for refusal with this key; KeyError when there is none."""
        return _find(self.refusal_grounds, "key", key, "ground for refusal")

    def grounds(self, stage: str) -> tuple[RefusalGround, ...]:
        """List the grounds on which this stage may be refused."""
        return tuple(ground for ground in self.refusal_grounds if stage in ground.stages)

    def clocks_of(self, stage: str) -> tuple[ClockRule, ...]:
        """List the clocks of a stage."""
        return tuple(rule for rule in self.clocks if rule.stage == stage)


def _find(things: tuple[T, ...], attribute: str, value: str, noun: str) -> T:
    for thing in things:
        if getattr(thing, attribute) == value:
            return thing
    known = ", ".join(str(getattr(thing, attribute)) for thing in things)
    raise KeyError(f"there is no {noun} {value!r}; there are {known}")


Stage.model_rebuild()
