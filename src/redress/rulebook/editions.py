"""What is written in an edition of a procedure: stages, clocks, letters, grounds, words, each with its authority.

Procedures are TOML files in `rulebook/procedures`; a strict reader refuses anything that it does not know.

Example: `edition.letter("stage-1-response").parts[2].label` is "The decision".
"""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from redress.rulebook.happenings import KINDS
from redress.rulebook.rules import (
    CONFIRMED_WORDS,
    AdviceRule,
    Agreed,
    Authority,
    Cautious,
    ClockRule,
    ClockWords,
    Confirmed,
    Disregard,
    ExtensionRule,
    FirstDay,
    Force,
    Fresh,
    Key,
    Record,
    Restart,
    Roll,
    Unit,
    Words,
)

__all__ = [
    "CONFIRMED_WORDS",
    "ActingFor",
    "AdviceRule",
    "Agreed",
    "Authority",
    "Barred",
    "Block",
    "Cautious",
    "ClockRule",
    "ClockWords",
    "Confirmed",
    "Disregard",
    "Document",
    "Duty",
    "Edition",
    "Example",
    "ExtensionRule",
    "FirstDay",
    "Force",
    "Fresh",
    "Happened",
    "Kept",
    "KeptLonger",
    "Key",
    "Letter",
    "NextStep",
    "Part",
    "Pauses",
    "Record",
    "RefusalGround",
    "Restart",
    "Retention",
    "Role",
    "Roll",
    "SignOff",
    "Stage",
    "TimeLimit",
    "Triage",
    "Unit",
    "Who",
    "Word",
    "Words",
    "WorkingDays",
]

T = TypeVar("T")


class Document(Record):
    """A document that an edition rests on."""

    key: Key
    title: Words
    short: Words
    published: str
    source: Words
    status: Words


class Stage(Record):
    """A stage of the procedure, what opens and ends it, who acts in it and who may not.

    `steps` are happenings of the stage that need one another: each needs the one before it, on the same day or earlier.
    `after` names the stage that has to be answered, or be late, before this one may be asked for; with
    `only_after_answer` lateness is not enough. `ended_in_time_by` are endings that hold only where they came by the
    date due of the clock that they end.
    """

    key: Key
    number: int
    title: Words
    opened_by: Key
    answered_by: Key
    acknowledged_by: Key | None = None
    steps: tuple[Key, ...] = ()
    ended_by: tuple[Key, ...]
    restarts_after: tuple[Key, ...] = ()
    after: Key | None = None
    only_after_answer: bool = False
    ended_in_time_by: tuple[Key, ...] = ()
    final: bool
    reasons_needed: bool
    roles: tuple[Role, ...] = ()
    may_not_act: tuple[Barred, ...] = ()
    says: str = ""
    authority: Authority


class Role(Record):
    """Somebody whom a stage needs, and what that person does in it."""

    key: Key
    who: Words
    does: Words
    authority: Authority


class Barred(Record):
    """Somebody who may not act in a stage, with the rule that says so."""

    key: Key
    who: Words
    why: Words
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


class Duty(Record):
    """Something that is owed without a number of days: "without undue delay", "promptly"."""

    key: Key
    title: Words
    says: Words
    force: Force
    authority: Authority


class Who(Record):
    """Somebody who may use the procedure."""

    key: Key
    who: Words
    says: Words
    authority: Authority


class ActingFor(Record):
    """What is wanted where somebody acts for somebody else, and what waiting for it does to the clock."""

    key: Key
    who: Words
    wanted: Words
    clock: Literal["keeps-running", "starts-with-it"]
    authority: Authority


class NextStep(Record):
    """Where a matter can go next: from which stage, to whom, within which time."""

    key: Key
    after: Key
    to: Words
    within: str = ""
    says: Words
    authority: Authority


class Kept(Record):
    """A record that has to be kept, or a figure that has to be counted and given."""

    key: Key
    what: Words
    says: str = ""
    force: Force
    authority: Authority


class SignOff(Record):
    """Who signs an answer, as the law or practice has it; a council chooses its own level."""

    stage: Key
    letter: Key
    by: Words
    authority: Authority


class Example(Record):
    """A worked example: what happened, and the date that follows, worked out by hand."""

    title: Words
    clock: Key
    happenings: tuple[Happened, ...]
    due: datetime.date | datetime.datetime
    says: str = ""


class Happened(Record):
    """A happening of a worked example: a day or an instant, and what it carries."""

    kind: Key
    on: datetime.date | None = None
    at: datetime.datetime | None = None
    clock: Key | None = None
    working_days: int | None = None
    months: int | None = None
    days: int | None = None
    by: datetime.date | None = None
    until: datetime.date | None = None


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
    longer: tuple[KeptLonger, ...] = ()


class KeptLonger(Record):
    """Records that are kept for another time than the rest."""

    what: Words
    years: Annotated[int, Field(ge=1)]
    counted_from: Words
    authority: Authority


class WorkingDays(Record):
    """Which days count: the calendar by its name in `calendar.CALENDARS`, and whether a council's closures may."""

    calendar: Literal["england-and-wales", "scotland", "northern-ireland", "england", "uk-any"]
    closures: Literal["never", "council-setting"]
    says: Words
    authority: Authority


class Pauses(Record):
    """Whether the clock may stand still."""

    exist: bool
    says: Words
    authority: Authority


class Edition(Record):
    """A procedure as it stood from a date on. Released editions never change.

    `selected_by` names the happenings whose day decides which edition holds; the first that there is counts. A
    council's own edition names in `local_to` the council's code and in `based_on` the edition that it changes.
    """

    id: str
    procedure: Key
    title: Words
    short: Words
    scope: Words
    not_for: tuple[Words, ...] = ()
    ombudsman: str = ""
    in_force_from: datetime.date
    in_force_authority: Authority
    selected_by: tuple[Key, ...]
    between: Words
    local_to: Key | None = None
    based_on: str | None = None
    documents: tuple[Document, ...]
    working_days: WorkingDays
    pauses: Pauses
    stages: tuple[Stage, ...]
    clocks: tuple[ClockRule, ...] = ()
    advice: tuple[AdviceRule, ...] = ()
    duties: tuple[Duty, ...] = ()
    who: tuple[Who, ...]
    acting_for: tuple[ActingFor, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    records: tuple[Kept, ...] = ()
    figures: tuple[Kept, ...] = ()
    sign_off: tuple[SignOff, ...] = ()
    letters: tuple[Letter, ...] = ()
    refusal_grounds: tuple[RefusalGround, ...] = ()
    refusal_says: tuple[Words, ...] = ()
    findings: tuple[Word, ...] = ()
    outcomes: tuple[Word, ...] = ()
    remedies: tuple[Word, ...] = ()
    blocks: tuple[Block, ...] = ()
    triage: Triage | None = None
    new_points: str = ""
    new_points_authority: Authority | None = None
    time_limit: TimeLimit | None = None
    retention: Retention
    examples: tuple[Example, ...] = ()

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
        wrong += [f"stage {x.key}: no stage {x.after}" for x in self.stages if x.after and x.after not in stages]
        wrong += [f"next step {n.key}: no stage {n.after}" for n in self.next_steps if n.after not in stages]
        wrong += [f"sign-off: no stage {n.stage}" for n in self.sign_off if n.stage not in stages]
        wrong += [f"example {e.title}: no clock {e.clock}" for e in self.examples if e.clock not in clocks]
        kinds = self.kinds
        wrong += [f"there is no happening {kind}" for kind in sorted(kinds - set(KINDS))]
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
            ("duty", [d.key for d in self.duties]),
            ("record", [k.key for k in self.records]),
            ("figure", [k.key for k in self.figures]),
            ("next step", [n.key for n in self.next_steps]),
        ):
            wrong += [f"{name} {key} stands twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
        for letter in self.letters:
            part_keys = [part.key for part in letter.parts]
            wrong += [
                f"letter {letter.kind}: part {key} stands twice"
                for key in sorted({k for k in part_keys if part_keys.count(k) > 1})
            ]
        rightly = f"{self.procedure}@{self.in_force_from.isoformat()}" + (f"+{self.local_to}" if self.local_to else "")
        if self.id != rightly:
            wrong.append(f"the id {self.id} is not {rightly}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def name(self) -> str:
        """Say which edition it is: "Corporate complaints (LGSCO Code, February 2024)"."""
        return f"{self.title} ({self.short})"

    @cached_property
    def kinds(self) -> frozenset[str]:
        """List the happenings that this edition names: what opens, answers and ends its stages, what clocks hear."""
        found: set[str] = set(self.selected_by)
        for stage in self.stages:
            found |= {stage.opened_by, stage.answered_by, *stage.steps, *stage.ended_by, *stage.restarts_after}
            found |= set(stage.ended_in_time_by)
            found |= {stage.acknowledged_by} if stage.acknowledged_by else set()
        for rule in self.clocks:
            found |= {*rule.starts_with, rule.ends_with, *rule.also_ends_with}
            found |= {kind for one in rule.restarts for kind in (one.asked_with, one.answered_with)}
            found |= {kind for one in rule.disregards for kind in (one.begins_with, one.finishes_with)}
            found |= {one.begins_with for one in rule.fresh}
            found |= {one.counted_from for one in rule.fresh if one.counted_from is not None}
        found |= {one.starts_with for one in self.advice}
        return frozenset(found)

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


for _record in (Stage, Retention, Example, Edition):
    _record.model_rebuild()
