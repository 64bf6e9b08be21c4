"""Would this answer stand up? What stops it, what to look at again, and what is right.

Rules, not a score: each remark says where, why and what to do. Nothing leaves the server. The style rules are those
that a program can check (plain apologies, no names of staff, short sentences); they advise and never stop a letter.

Example: ``look(answer)`` gives remarks; ``[r for r in look(answer) if r.level == "stop"]`` is what stops the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Level = Literal["stop", "advice", "right"]
LONGEST_SENTENCE = 25
"""Words (users.md 5.7: averaging 15 to 20, none above 25)."""

KNOWN_INITIALS = frozenset({"UK", "MP", "GP", "VAT", "PDF", "BBC", "NHS", "AM", "PM", "LGSCO", "ID", "TV", "CCTV"})

_CONDITIONAL = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies)\b[^.!?\n]{0,60}?\b(?:if|any inconvenience|you feel|you felt|may have)\b",
    re.IGNORECASE,
)
_UNFORTUNATELY = re.compile(r"\b(?:unfortunately|regrettably)\b", re.IGNORECASE)
_INITIALS = re.compile(r"\b[A-Z]{2,6}s?\b")
_HOLE = re.compile(r"\[[^\]\n]{1,80}: missing\]|\[(?:insert|add|tbc|xxx+)[^\]\n]*\]|\bX{3,}\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


@dataclass(frozen=True)
class RemedyFacts:
    """A remedy as it stands in the draft."""

    kind: str
    text: str
    owner: str
    due_on: date | None
    amount: Decimal | None = None
    cost_centre: str = ""
    approved: bool = True
    limit: Decimal | None = None


@dataclass(frozen=True)
class PointFacts:
    """A point as it is answered."""

    number: int
    text: str
    decision: str
    reason: str
    should: str = ""
    injustice: str = ""
    no_remedy_because: str = ""
    remedies: tuple[RemedyFacts, ...] = ()


@dataclass(frozen=True)
class PartFacts:
    """A part that the rulebook demands, and whether it is there."""

    key: str
    label: str
    why: str
    authority: str
    there: bool


@dataclass(frozen=True)
class Answer:
    """Everything that the rules look at."""

    stage: int
    points: tuple[PointFacts, ...]
    parts: tuple[PartFacts, ...]
    words: tuple[tuple[str, str], ...]
    """What the officer wrote, each with where it stands: ("Point 2, why", "…")."""

    adjustments: tuple[str, ...] = ()
    adjustments_considered: str = ""
    address_problem: str = ""
    holes: tuple[str, ...] = ()
    staff_names: tuple[str, ...] = ()
    signatory: str = ""
    today: date | None = None
    pdf_flags: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Remark:
    """One thing about the answer: where, what, why and what to do."""

    level: Level
    where: str
    says: str
    why: str = ""
    do: str = ""
    point: int | None = None


def look(answer: Answer) -> tuple[Remark, ...]:
    """Look an answer through: what stops it first, then advice, then what is right."""
    found = [*_points(answer), *_parts(answer), *_whole(answer), *_style(answer)]
    found += list(_right(answer, found))
    order = {"stop": 0, "advice": 1, "right": 2}
    return tuple(sorted(found, key=lambda remark: order[remark.level]))


def stops(answer: Answer) -> tuple[Remark, ...]:
    """Give only what stops the letter."""
    return tuple(remark for remark in look(answer) if remark.level == "stop")


def _stop(where: str, says: str, why: str, do: str, point: int | None = None) -> Remark:
    return Remark("stop", where, says, why, do, point)


def _advice(where: str, says: str, why: str, do: str, point: int | None = None) -> Remark:
    return Remark("advice", where, says, why, do, point)


def _points(answer: Answer) -> Iterator[Remark]:
    if not answer.points:
        yield _stop(
            "Points", "There is no point to answer.", "An answer addresses every point.", "Add the points to the case."
        )
    for point in answer.points:
        where = f"Point {point.number}"
        if not point.decision:
            yield _stop(
                where,
                f"Point {point.number} has no finding.",
                "Every point is answered.",
                "Choose what you found.",
                point.number,
            )
        if not point.reason.strip():
            yield _stop(
                where,
                f"Point {point.number} has no reason.",
                "The person is told why.",
                "Write why, with the evidence.",
                point.number,
            )
        if point.decision in ("upheld", "partly-upheld"):
            yield from _put_right(point)
        for remedy in point.remedies:
            yield from _remedy(answer, point, remedy)


def _put_right(point: PointFacts) -> Iterator[Remark]:
    where = f"Point {point.number}"
    if not point.remedies and not point.no_remedy_because.strip():
        yield _stop(
            where,
            f"Point {point.number} went wrong, and nothing says how it is put right.",
            "A remedy for what went wrong, or why there is none.",
            "Add a remedy, or say why none is needed.",
            point.number,
        )
    if not point.injustice.strip():
        yield _advice(
            where,
            "What it meant for the person is not said.",
            "A remedy reflects the effect.",
            "Say what it did to them.",
            point.number,
        )
    if not point.should.strip():
        yield _advice(
            where,
            "What should have happened is not said.",
            "The person sees what went wrong by the difference.",
            "Say what should have happened.",
            point.number,
        )
    if point.remedies and not any(remedy.kind == "apology" for remedy in point.remedies):
        yield _advice(
            where,
            "There is no apology for what went wrong.",
            "People who were let down want to hear it.",
            "Add an apology.",
            point.number,
        )


def _remedy(answer: Answer, point: PointFacts, remedy: RemedyFacts) -> Iterator[Remark]:
    where = f"Point {point.number}, putting it right"
    short = remedy.text if len(remedy.text) <= 50 else f"{remedy.text[:49]}…"
    if not remedy.owner:
        yield _stop(
            where,
            f"“{short}” has nobody who does it.",
            "A promise needs somebody who keeps it.",
            "Choose who does it.",
            point.number,
        )
    if remedy.due_on is None:
        yield _stop(where, f"“{short}” has no date.", "The person is told by when.", "Give the date.", point.number)
    elif answer.today is not None and remedy.due_on < answer.today:
        yield _stop(
            where,
            f"“{short}” is promised for a day that has passed.",
            "Nobody can keep it.",
            "Give a later date, or say that it was done.",
            point.number,
        )
    if remedy.kind == "payment":
        if remedy.amount is None:
            yield _stop(
                where,
                f"“{short}” does not say how much.",
                "Amounts are said to the penny.",
                "Give the amount.",
                point.number,
            )
        elif not remedy.approved:
            limit = f" Above £{remedy.limit:,.2f} somebody else approves it." if remedy.limit is not None else ""
            yield _stop(
                where,
                f"The payment of £{remedy.amount:,.2f} is not approved.",
                f"Money that is promised was agreed.{limit}",
                "Ask for approval.",
                point.number,
            )
        if not remedy.cost_centre.strip():
            yield _advice(
                where,
                "The payment has no cost centre.",
                "Finance needs it to pay.",
                "Add the cost centre.",
                point.number,
            )


def _parts(answer: Answer) -> Iterator[Remark]:
    for part in answer.parts:
        if not part.there:
            yield _stop("The letter", f"{part.label} is missing.", f"{part.why} {part.authority}", "Fill it in.")


def _whole(answer: Answer) -> Iterator[Remark]:
    if answer.adjustments and not answer.adjustments_considered.strip():
        yield _stop(
            "Adjustments",
            f"How we took account of “{answer.adjustments[0]}” is not said.",
            "Both Codes want adjustments recorded, honoured and reviewed (5.6; 5.10).",
            "Say how they were honoured while this was looked into.",
        )
    if answer.address_problem:
        yield _stop(
            "Address", answer.address_problem, "The answer has to reach the person.", "Mend it, or choose another way."
        )
    for hole in answer.holes:
        yield _stop("The letter", f"{hole} is missing.", "A letter with a hole in it can't go.", "Fill it in.")
    for where, text in answer.words:
        match = _HOLE.search(text)
        if match is not None:
            yield _stop(
                where,
                f"“{match.group()}” was never filled in.",
                "A letter with a hole in it can't go.",
                "Write what belongs there.",
                _point_of(where),
            )
    for flag in answer.pdf_flags:
        yield _advice("PDF", flag, "Not every character can be set.", "Look at the PDF.")


def _style(answer: Answer) -> Iterator[Remark]:
    names = [name for name in answer.staff_names if name and name != answer.signatory]
    for where, text in answer.words:
        point = _point_of(where)
        if match := _CONDITIONAL.search(text):
            yield _advice(
                where,
                f"“{_short(match.group())}” is not a plain apology.",
                "An apology with an “if” says that it may not be meant.",
                "Say sorry for what happened.",
                point,
            )
        if match := _UNFORTUNATELY.search(text):
            yield _advice(
                where,
                f"“{match.group()}” says nothing.",
                "It reads as if nobody were responsible.",
                "Leave it out.",
                point,
            )
        for name in names:
            if re.search(rf"\b{re.escape(name)}\b", text):
                yield _advice(
                    where,
                    f"“{name}” is named.",
                    "The answer is about the council, not about people who work for it.",
                    "Write “the officer” or the team.",
                    point,
                )
        for sentence in _SENTENCE.findall(text):
            if len(sentence.split()) > LONGEST_SENTENCE:
                yield _advice(
                    where,
                    f"{len(sentence.split())} words in one sentence: “{_short(sentence)}”",
                    f"Above {LONGEST_SENTENCE} words many readers lose the thread.",
                    "Make two of it.",
                    point,
                )
        yield from _initials(where, text, point)


def _initials(where: str, text: str, point: int | None) -> Iterator[Remark]:
    for word in dict.fromkeys(_INITIALS.findall(text)):
        explained = re.search(rf"\({re.escape(word)}\)|\b{re.escape(word)}\s*\(", text)
        if word not in KNOWN_INITIALS and not explained:
            yield _advice(
                where,
                f"“{word}” is not explained.",
                "The person may not know what it stands for.",
                "Write it out the first time.",
                point,
            )


def _right(answer: Answer, found: Sequence[Remark]) -> Iterator[Remark]:
    faulty = {remark.point for remark in found if remark.level == "stop"}
    done = [point.number for point in answer.points if point.number not in faulty]
    if answer.points and len(done) == len(answer.points):
        yield Remark("right", "Points", f"Every point is answered: {len(done)} of {len(answer.points)}.")
    parts = [part for part in answer.parts if part.there]
    if answer.parts and len(parts) == len(answer.parts):
        yield Remark("right", "The letter", f"All {len(parts)} parts that the procedure wants are there.")
    if answer.adjustments and answer.adjustments_considered.strip():
        yield Remark("right", "Adjustments", "What has to be honoured was taken into account.")
    remedies = [remedy for point in answer.points for remedy in point.remedies]
    if remedies and not any("putting it right" in remark.where for remark in found if remark.level == "stop"):
        yield Remark("right", "Remedies", "Every remedy says who does it and by when.")


def _point_of(where: str) -> int | None:
    match = re.match(r"Point (\d+)", where)
    return int(match.group(1)) if match else None


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 70 else f"{said[:69]}…"
