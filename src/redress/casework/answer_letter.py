"""What does the answer of a stage say, and would it stand up?

The letter is composed from the findings, reasons and remedies each time it is looked at; the check by rule looks at the
same things. Reads only.

Example: ``compose(response, today=today)`` is the letter; ``check(response, today=today)`` the remarks beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.cases import clocks
from redress.cases.models import Finding, Point, Stage, StagePoint
from redress.casework import composing, letters
from redress.correspondence import writing
from redress.correspondence.models import Response
from redress.correspondence.writing import Block
from redress.learning.models import Remedy
from redress.people.models import Adjustment
from redress.plumbing.look.words import money
from redress.quality import rules
from redress.rulebook import dates, required
from redress.staff import queries as staff_queries
from redress.staff.models import Officer

DECISIONS = dict(Finding.Decision.choices)
NOT_SAID = "[missing]"


@dataclass(frozen=True)
class PointAnswer:
    """A point of a stage with its finding, its remedies, and what Stage 1 said about it."""

    point: Point
    text: str
    finding: Finding | None
    remedies: tuple[Remedy, ...]
    disputed: str = ""
    before: Finding | None = None

    @property
    def number(self) -> int:
        """Give the point's number."""
        return self.point.number

    @property
    def decision(self) -> str:
        """Give the word for what was found, nothing while nothing was."""
        return DECISIONS.get(self.finding.decision, "") if self.finding is not None else ""

    @property
    def code(self) -> str:
        """Give the colour in which the finding is shown."""
        return "ok" if self.finding is None or self.finding.decision in ("", "not-upheld") else "done"

    @property
    def before_words(self) -> str:
        """Give the word for what Stage 1 found."""
        return DECISIONS.get(self.before.decision, "") if self.before is not None else ""


def answers(stage: Stage) -> list[PointAnswer]:
    """List the points of a stage with their findings and remedies, by number."""
    rows = StagePoint.objects.filter(stage=stage, point__withdrawn_at=None).select_related("point")
    words = {item["number"]: item["text"] for item in composing.points_of(stage.case, stage)}
    findings = {row.point_id: row for row in Finding.objects.filter(stage=stage)}
    earlier = {}
    if stage.number > 1:
        earlier = {row.point_id: row for row in Finding.objects.filter(stage__case_id=stage.case_id, stage__number=1)}
    remedies: dict[int, list[Remedy]] = {}
    live = Remedy.objects.filter(finding__stage=stage).exclude(state=Remedy.State.DROPPED)
    for remedy in live.select_related("owner", "finding").order_by("pk"):
        remedies.setdefault(remedy.finding.point_id, []).append(remedy)
    return [
        PointAnswer(
            point=row.point,
            text=words.get(row.point.number, ""),
            finding=findings.get(row.point_id),
            remedies=tuple(remedies.get(row.point_id, ())),
            disputed=row.disputed,
            before=earlier.get(row.point_id),
        )
        for row in sorted(rows, key=lambda row: row.point.number)
    ]


def compose(response: Response, *, today: date) -> writing.Draft:
    """Compose the answer of a stage from its findings and words; holes say what is still missing."""
    stage = response.stage
    case = stage.case
    found = answers(stage)
    author = response.author
    draft = composing.compose(
        kind_of(stage),
        case=case,
        to=letters.correspondent(case, today),
        today=today,
        by=Actor(kind="staff", id=author.pk, name=author.name),
        stage=stage,
        values={"holder": author.name},
        extra=_blocks(response, found),
    )
    return replace(draft, holes=(*draft.holes, *_holes(response, found)))


def kind_of(stage: Stage) -> str:
    """Give the kind of letter that answers a stage."""
    return f"stage-{stage.number}-response"


def _blocks(response: Response, found: list[PointAnswer]) -> list[Block]:
    understanding = response.understanding.strip()
    blocks: list[Block] = [writing.heading("What you complained about")]
    blocks += [writing.paragraph(understanding)] if understanding else []
    if response.how_looked_into.strip():
        blocks += [writing.heading("How we looked into it"), writing.paragraph(response.how_looked_into.strip())]
    if response.adjustments_considered.strip():
        blocks += [
            writing.heading("How we took account of what you need"),
            writing.paragraph(response.adjustments_considered.strip()),
        ]
    blocks += [writing.heading("What we found"), writing.points([_item(answer) for answer in found])]
    blocks += [writing.heading("What is still to be done"), *_outstanding(found)]
    if response.closing.strip():
        blocks.append(writing.paragraph(response.closing.strip()))
    return blocks


def _item(answer: PointAnswer) -> dict[str, object]:
    finding = answer.finding
    reason = [f"You said: {answer.disputed}"] if answer.disputed else []
    if answer.before is not None and answer.before_words:
        reason.append(f"At Stage 1 we found: {answer.before_words.lower()}.")
    if finding is not None:
        reason += [f"What should have happened: {finding.should.strip()}"] if finding.should.strip() else []
        reason.append(finding.reason.strip() or NOT_SAID)
        reason += [f"What this meant for you: {finding.injustice.strip()}"] if finding.injustice.strip() else []
    else:
        reason.append(NOT_SAID)
    return {
        "number": answer.number,
        "text": answer.text,
        "finding": answer.decision or NOT_SAID,
        "reason": "\n\n".join(reason),
        "remedy": _remedy_words(answer),
    }


def _remedy_words(answer: PointAnswer) -> str:
    if answer.remedies:
        return "\n".join(_remedy_line(remedy) for remedy in answer.remedies)
    return answer.finding.no_remedy_because.strip() if answer.finding is not None else ""


def _remedy_line(remedy: Remedy) -> str:
    text = remedy.text.strip().rstrip(".")
    if remedy.amount is not None:
        text = f"{text} ({money(remedy.amount)})"
    return f"{text}."


def _outstanding(found: list[PointAnswer]) -> list[Block]:
    """List what is promised: what, who does it (their work, not their name) and by when."""
    lines = []
    for answer in found:
        for remedy in answer.remedies:
            who = _whose_work(remedy.owner) if remedy.owner is not None else NOT_SAID
            when = dates.plain(remedy.due_on) if remedy.due_on is not None else NOT_SAID
            lines.append(f"Point {answer.number}: {_remedy_line(remedy)} Done by {when}, by {who}.")
    if not lines:
        return [writing.paragraph("Nothing is left to be done.")]
    return [writing.bullets(lines), writing.paragraph("We will write to you if any of this can’t be done by its date.")]


def _whose_work(owner: Officer) -> str:
    """Say whose work it is without a name: "our head of waste"."""
    title = owner.job_title.strip() or "complaints team"
    return f"our {title if title[:2].isupper() else title[0].lower() + title[1:]}"


def _holes(response: Response, found: list[PointAnswer]) -> list[str]:
    holes = [f"The finding on point {answer.number}" for answer in found if not answer.decision]
    holes += [
        f"The reason on point {answer.number}"
        for answer in found
        if answer.finding is None or not answer.finding.reason.strip()
    ]
    for answer in found:
        for remedy in answer.remedies:
            if remedy.owner_id is None or remedy.due_on is None:
                holes.append(f"Who does what is promised on point {answer.number}, and by when")
    return holes


def check(response: Response, *, today: date) -> tuple[rules.Remark, ...]:
    """Look the answer through by rule: what stops it, what to look at, what is right."""
    return rules.look(facts(response, today=today))


def facts(response: Response, *, today: date) -> rules.Answer:
    """Gather what the rules look at."""
    stage, case = response.stage, response.stage.case
    found = answers(stage)
    draft = compose(response, today=today)
    edition = clocks.edition_of(case)
    there = _parts_there(response, found, draft)
    return rules.Answer(
        stage=stage.number,
        points=tuple(_point_facts(answer, case.council.spending_limit_officer) for answer in found),
        parts=tuple(
            rules.PartFacts(part.key, part.label, part.why, part.authority.cite, bool(there.get(part.key)))
            for part in required.parts(edition, kind_of(stage))
        ),
        words=tuple(_words(response, found)),
        adjustments=tuple(to_be_honoured(stage)),
        adjustments_considered=response.adjustments_considered,
        address_problem=_address_problem(stage, draft, today),
        staff_names=tuple(_staff_names(stage, today)),
        signatory=response.author.name,
        today=today,
    )


def _point_facts(answer: PointAnswer, limit: object) -> rules.PointFacts:
    finding = answer.finding
    return rules.PointFacts(
        number=answer.number,
        text=answer.text,
        decision=finding.decision if finding else "",
        reason=finding.reason if finding else "",
        should=finding.should if finding else "",
        injustice=finding.injustice if finding else "",
        no_remedy_because=finding.no_remedy_because if finding else "",
        remedies=tuple(
            rules.RemedyFacts(
                kind=remedy.kind,
                text=remedy.text,
                owner=remedy.owner.name if remedy.owner is not None else "",
                due_on=remedy.due_on,
                amount=remedy.amount,
                cost_centre=remedy.cost_centre,
                approved=bool(remedy.approved_by),
                limit=limit,  # type: ignore[arg-type]
            )
            for remedy in answer.remedies
        ),
    )


def _parts_there(response: Response, found: list[PointAnswer], draft: writing.Draft) -> dict[str, object]:
    """Say which of the parts that the rulebook demands are in the letter."""
    wrong = [one for one in found if one.finding and one.finding.decision in ("upheld", "partly-upheld")]
    return {
        "stage": True,
        "understanding": response.understanding.strip() and found,
        "decision": found and all(one.decision for one in found),
        "reasons": found and all(one.finding and one.finding.reason.strip() for one in found),
        "remedy": all(_remedy_words(one) for one in wrong),
        "outstanding": any(block.get("text") == "What is still to be done" for block in draft.blocks),
        "escalation": any(block["kind"] == "locked" for block in draft.blocks),
    }


def _words(response: Response, found: list[PointAnswer]) -> list[tuple[str, str]]:
    words = [
        ("What you complained about", response.understanding),
        ("How we looked into it", response.how_looked_into),
        ("Adjustments", response.adjustments_considered),
        ("Closing words", response.closing),
    ]
    for one in found:
        if one.finding is not None:
            words.append((f"Point {one.number}, what should have happened", one.finding.should))
            words.append((f"Point {one.number}, why", one.finding.reason))
            words.append((f"Point {one.number}, what it meant", one.finding.injustice))
            words.append((f"Point {one.number}, no remedy", one.finding.no_remedy_because))
        words += [(f"Point {one.number}, putting it right", remedy.text) for remedy in one.remedies]
    return [(where, text) for where, text in words if text.strip()]


def to_be_honoured(stage: Stage) -> list[str]:
    """List what must be honoured for the person, as far as an answer has to account for it."""
    kinds = (
        Adjustment.Kind.ADJUSTMENT, Adjustment.Kind.LARGE_PRINT, Adjustment.Kind.LANGUAGE, Adjustment.Kind.CONTACT,
        Adjustment.Kind.VULNERABILITY,
    )  # fmt: skip
    rows = Adjustment.objects.filter(contact_id=stage.case.complainant_id, kind__in=kinds, ended_at=None)
    return list(rows.order_by("pk").values_list("text", flat=True))


def _address_problem(stage: Stage, draft: writing.Draft, today: date) -> str:
    try:
        letters.check_may_go(case=stage.case, draft=replace(draft, holes=()), today=today)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _staff_names(stage: Stage, today: date) -> list[str]:
    held = staff_queries.memberships_on(today).filter(council_id=stage.council_id)
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("pk").values_list("name", flat=True))
