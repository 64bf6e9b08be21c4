"""What does the person who complained see of their case: what is happening, by when, and did we understand them?

Plain values for the page; nothing of other people, of notes or of tasks. A representative without authority sees what
they themselves sent, and nothing of the matter.

Example: ``page(opened, council, at).heading`` is "We are looking into your complaint".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from redress.cases import clocks
from redress.cases import queries as case_queries
from redress.casework import escalation, links
from redress.casework.links import Opened
from redress.correspondence import queries_portal
from redress.correspondence.queries_portal import OwnMessage, SentLetter
from redress.learning import queries as learning_queries
from redress.people import queries as people_queries
from redress.plumbing import moment
from redress.plumbing.look.frame import Step
from redress.plumbing.look.words import money
from redress.rulebook import dates
from redress.rulebook.editions import Block, Edition
from redress.rulebook.readings import Reading

THROUGH = {
    "email": "by email",
    "portal": "through this website",
    "telephone": "by telephone",
    "letter": "by letter",
    "visit": "in person",
}
OTHER_KINDS = {
    "service-request": "We are dealing with this as a request for a service",
    "compliment": "Thank you for your compliment",
    "comment": "Thank you for your comment",
}
CLOSED = {
    "refused": "We have not taken your complaint on",
    "withdrawn": "You took your complaint back",
    "referred": "We have passed your complaint on",
    "resolved": "Your complaint is resolved",
}
FINDINGS = {"upheld": "done", "partly-upheld": "done", "not-upheld": "ok"}


@dataclass(frozen=True)
class Answered:
    """What was decided on one point, and why."""

    number: int
    text: str
    decision: str
    code: str
    reason: str
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """Something that was promised, by when, and whether it is done."""

    text: str
    due: str
    done: str


@dataclass(frozen=True)
class OwnFile:
    """A file that the person sent: a link once it may be opened, and why not before."""

    name: str
    size: int
    href: str
    why: str


@dataclass(frozen=True)
class Sent:
    """A line of the letters and messages."""

    title: str
    href: str
    after: str
    who: str
    text: str
    files: tuple[OwnFile, ...]
    on: datetime


@dataclass(frozen=True)
class FollowPage:
    """All that the page shows."""

    reference: str
    address: str
    heading: str
    sees_all: bool
    by_when: str
    why: str
    late: bool
    steps: tuple[Step, ...]
    points: tuple[str, ...]
    outcome_sought: str
    answered: tuple[Answered, ...]
    answered_stage: str
    answer_letter: str
    promises: tuple[Promise, ...]
    listed: tuple[Sent, ...]
    honoured: tuple[str, ...]
    holder: str
    holder_line: str
    ombudsman: Block | None
    further: Block | None
    may_ask_next: bool
    closed: bool
    is_complaint: bool


def page(opened: Opened, council: Any, at: datetime) -> FollowPage:
    """Work out what the person of a link sees of their case."""
    viewer = links.actor_of(opened)
    case, today = opened.case, moment.local(at).date()
    sees_all = links.sees_all(opened, at)
    represented = sees_all and links.represented(opened, at)
    letters = queries_portal.letters_for(viewer, case, represented=represented, neutral_only=not sees_all)
    messages = queries_portal.messages_for(viewer, case, represented=represented)
    listed = _listed(council, letters, messages)
    if not sees_all:
        return _neutral(opened, council, listed)
    edition = clocks.edition_of(case)
    readings = case_queries.readings_of(case, today)
    nearest = readings.open[0] if readings.open else None
    stages = case_queries.stages_of(case)
    last = next((one for one in reversed(stages) if one.outcome in _ANSWERED), None)
    may_ask = not escalation.why_not(case, today)
    late = nearest is not None and nearest.is_late
    sentence, why = _by_when(nearest, edition, late=late)
    return FollowPage(
        reference=case.reference,
        address=opened.contact.email,
        heading=_heading(case, readings, stages),
        sees_all=True,
        by_when=sentence,
        why=why,
        late=late,
        steps=_steps(case, council, stages, clocks.readings(case, today), letters) if case.kind == "complaint" else (),
        points=tuple(one.text for one in case_queries.points_of(case) if not one.withdrawn),
        outcome_sought=case.outcome_sought,
        answered=_answered(case, last.number) if last is not None else (),
        answered_stage=f"Stage {last.number}" if last is not None else "",
        answer_letter=_letter_of(council, letters, last.number) if last is not None else "",
        promises=_promises(viewer, case),
        listed=listed,
        honoured=_honoured(viewer, opened, represented=represented),
        holder=case.holder.name if case.holder is not None else "",
        holder_line=_holder_line(case, council),
        ombudsman=_block(edition, "ombudsman"),
        further=_further(edition, last.number if last is not None else 0, may_ask=may_ask),
        may_ask_next=may_ask,
        closed=case.closed_at is not None,
        is_complaint=case.kind == "complaint",
    )


_ANSWERED = ("upheld", "partly-upheld", "not-upheld")


def _further(edition: Edition, answered: int, *, may_ask: bool) -> Block | None:
    """Give the words of the rulebook for what can be done after an answer, as long as it can be done."""
    if answered == 1 and may_ask:
        return _block(edition, "escalation-stage-1")
    return _block(edition, "escalation-stage-2") if answered == 2 else None


def _block(edition: Edition, key: str) -> Block | None:
    """Give a text of the rulebook; None in a procedure that has none of this name."""
    return next((one for one in edition.blocks if one.key == key), None)


def _neutral(opened: Opened, council: Any, listed: tuple[Sent, ...]) -> FollowPage:
    """Show a representative without authority that we have what they sent, and nothing else."""
    return FollowPage(
        reference=opened.case.reference,
        address=opened.contact.email,
        heading="We have what you sent",
        sees_all=False,
        by_when="",
        why="",
        late=False,
        steps=(),
        points=(),
        outcome_sought="",
        answered=(),
        answered_stage="",
        answer_letter="",
        promises=(),
        listed=listed,
        honoured=(),
        holder="",
        holder_line=_council_line(council),
        ombudsman=None,
        further=None,
        may_ask_next=False,
        closed=False,
        is_complaint=True,
    )


def _heading(case: Any, readings: Any, stages: list[Any]) -> str:
    """Say in a sentence how it stands."""
    if case.kind in OTHER_KINDS:
        return OTHER_KINDS[case.kind]
    if case.closed_at is not None and case.outcome in CLOSED:
        return CLOSED[case.outcome]
    open_stage = next((one for one in stages if one.ended_at is None), None)
    answered = [one for one in stages if one.outcome in _ANSWERED]
    if open_stage is not None and open_stage.number == 2:
        return "We are looking at your complaint again"
    if open_stage is None and answered:
        return "We have given you our final answer" if answered[-1].number == 2 else "We have answered your complaint"
    if case.closed_at is not None:
        return "Your complaint is closed"
    met = {one.name for one in readings.done if one.met_on is not None}
    return "We are looking into your complaint" if "stage-1-acknowledgement" in met else "We have your complaint"


def _by_when(reading: Reading | None, edition: Edition, *, late: bool) -> tuple[str, str]:
    """Say by when, and why; late says so first, and names the Ombudsman at once.

    Where no date can be worked out, or no time runs, it says that: silence would read as if nobody looked.
    """
    if reading is not None and reading.state == "unclear":
        return "We will tell you by when you hear from us", "We are putting right a date in our record of this."
    if reading is not None and reading.state == "paused" and reading.for_resident:
        return "We are waiting to hear from you", reading.for_resident
    if reading is None or not reading.for_resident:
        return "", ""
    sentence, dot, rest = reading.for_resident.partition(". ")
    if not late:
        longer = " If we need longer we will tell you before then, and why."
        may_extend = reading.rule is not None and reading.rule.extension is not None
        return sentence.rstrip("."), (rest + longer if may_extend else rest).strip()
    rest = rest.replace("We are late, and we are sorry.", "We are sorry.")
    ombudsman = _block(edition, "ombudsman")
    return (
        f"We are late. {sentence}{dot.strip()}",
        f"{rest} You need not wait any longer. {ombudsman.text if ombudsman else ''}".strip(),
    )


def _steps(
    case: Any, council: Any, stages: list[Any], by_name: Mapping[str, Reading], letters: list[SentLetter]
) -> tuple[Step, ...]:
    """Say the five steps with their dates, the present one in words about this case."""
    acknowledged = by_name.get("stage-1-acknowledgement")
    response = by_name.get("stage-1-response")
    told_on = acknowledged.met_on if acknowledged is not None else None
    answered_on = response.met_on if response is not None else None
    second = next((one for one in stages if one.number == 2), None)
    closed_early = case.closed_at is not None and answered_on is None
    here = 5 if second is not None else 4 if answered_on else 3 if told_on else 2
    if closed_early or (case.closed_at is not None and second is None):
        here = 0

    def state(number: int, done: bool) -> Any:
        return "done" if done else "here" if number == here else "next"

    letter = next((one for one in letters if one.kind == "acknowledgement"), None)
    answer = next((one for one in letters if one.kind == "stage-1-response"), None)
    who = f"{case.holder.name} is looking into it." if case.holder is not None and told_on and not answered_on else ""
    return (
        Step(
            "We have your complaint",
            f"{dates.say(case.received_on)}, {THROUGH.get(case.channel, '')}".rstrip(", "),
            "done",
        ),
        Step(
            "We tell you what we understood" if not told_on else "We told you what we understood",
            f"{dates.say(told_on)}." if told_on else _due(acknowledged),
            state(2, bool(told_on)),
            href=_letter_href(council, letter) if letter is not None and told_on else "",
            link="Read the letter",
        ),
        Step(
            "We find out what happened" if here != 3 else "We are finding out what happened",
            who,
            state(3, bool(answered_on)),
        ),
        Step(
            "Our answer",
            f"{dates.say(answered_on)}." if answered_on else _due(response),
            state(4, bool(answered_on)),
            href=_letter_href(council, answer) if answer is not None and answered_on else "",
            link="Read the answer",
        ),
        _last_step(second, by_name, letters, council, state),
    )


def _last_step(
    second: Any, by_name: Mapping[str, Reading], letters: list[SentLetter], council: Any, state: Any
) -> Step:
    if second is None:
        return Step(
            "If you are not happy with it",
            "You can ask for Stage 2. Somebody else looks at it again. You don’t have to say why.",
            state(5, False),
        )
    reading = by_name.get("stage-2-response")
    final = reading.met_on if reading is not None else None
    answer = next((one for one in letters if one.kind == "stage-2-response"), None)
    return Step(
        "We looked at it again" if final else "Somebody else is looking at it again",
        f"You asked on {dates.say(moment.local(second.opened_at).date())}. "
        + (f"We answered on {dates.say(final)}." if final else _due(reading)),
        state(5, bool(final)),
        href=_letter_href(council, answer) if answer is not None and final else "",
        link="Read the answer",
    )


def _due(reading: Reading | None) -> str:
    if reading is not None and reading.state == "paused":
        return "We go on when we have heard from you."
    if reading is None or reading.due is None:
        return ""
    if reading.is_late:
        return f"Should have been by {dates.say(reading.due)}"
    return f"By {dates.say(reading.due)}" + (" at the latest" if reading.state == "not-started" else "")


def _answered(case: Any, stage: int) -> tuple[Answered, ...]:
    """List what was decided at a stage; only what is fixed, because its letter has gone."""
    found = []
    for point in case_queries.points_of(case):
        for number, finding in point.findings:
            if number == stage and finding.fixed_at is not None:
                found.append(
                    Answered(
                        number=point.number,
                        text=point.text,
                        decision=finding.get_decision_display(),
                        code=FINDINGS.get(finding.decision, "ok"),
                        reason=finding.reason,
                        remedies=tuple(
                            _promised(one)
                            for one in finding.remedies.all()
                            if one.state in ("promised", "done", "replaced")
                        ),
                    )
                )
    return tuple(found)


def _promised(remedy: Any) -> str:
    """Say what was promised, with its sum."""
    return f"{remedy.text.rstrip('.')}: {money(remedy.amount)}" if remedy.amount else str(remedy.text)


def _promises(viewer: Any, case: Any) -> tuple[Promise, ...]:
    return tuple(
        Promise(
            text=_promised(one),
            due=f"By {dates.plain(one.due_on)}" if one.due_on and one.done_on is None else "",
            done=f"Done on {dates.plain(one.done_on)}" if one.done_on is not None else "",
        )
        for one in learning_queries.of_case(viewer, case)
    )


def _honoured(viewer: Any, opened: Opened, *, represented: bool) -> tuple[str, ...]:
    """List how we deal with this person: their own adjustments, never a warning of ours about them."""
    hidden = ("danger", "restriction", "vulnerability")
    rows = people_queries.adjustments(viewer, [opened.contact.pk])
    said = [row.text for row in rows if row.kind not in hidden]
    case = opened.case
    if represented and opened.contact.pk == case.complainant_id and case.representative is not None:
        said.append(f"{case.representative.name} may speak for you")
    return tuple(said)


def _holder_line(case: Any, council: Any) -> str:
    if case.holder is None or not case.holder.telephone:
        return _council_line(council)
    return f"{case.holder.telephone}" + (f", {council.opening_hours}" if council.opening_hours else "")


def _council_line(council: Any) -> str:
    return str(council.telephone) + (f", {council.opening_hours}" if council.opening_hours else "")


def _letter_href(council: Any, letter: SentLetter) -> str:
    return reverse("portal:letter", args=[council.code, letter.id])


def _letter_of(council: Any, letters: list[SentLetter], stage: int) -> str:
    found = next((one for one in letters if one.kind == f"stage-{stage}-response"), None)
    return _letter_href(council, found) if found is not None else ""


def _listed(council: Any, letters: list[SentLetter], messages: list[OwnMessage]) -> tuple[Sent, ...]:
    """Put letters and messages into one list, the newest first."""
    ours = [
        Sent(
            title=one.title,
            href=_letter_href(council, one),
            after="(PDF, large print)" if one.large_print else "(PDF)",
            who="From us",
            text="",
            files=(),
            on=_start_of(one.on),
        )
        for one in letters
    ]
    theirs = [
        Sent(
            title=one.subject or "Your message",
            href="",
            after="",
            who="From you" if one.own else f"From {one.from_name}",
            text=one.text,
            files=tuple(_file_row(council, file) for file in one.files),
            on=one.at,
        )
        for one in messages
    ]
    return tuple(sorted([*ours, *theirs], key=lambda one: one.on, reverse=True))


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=moment.LONDON)


def _file_row(council: Any, file: Any) -> OwnFile:
    href = reverse("portal:own-file", args=[council.code, file.id]) if file.may_open else ""
    return OwnFile(name=file.name, size=file.size, href=href, why=file.why)
