"""How is a stage answered: written, checked by somebody else, released?

Findings and remedies are written with the words of the letter, in one save. Asking for the check freezes the words; the
checker passes or returns exactly those; whatever is changed afterwards opens the check again. Release presses the PDF
from the words that passed.

Example: ``save(case=case, stage=stage, version=3, words=Words(…), answers=[…], by=by, at=at)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases import events as case_events
from redress.cases.models import Case, Finding, Point, Stage, StagePoint
from redress.casework import answer_letter, answering, letters, wording
from redress.correspondence import changes, events, writing
from redress.correspondence.models import Letter, Response
from redress.learning import changes as learning_changes
from redress.learning import events as learning_events
from redress.learning.models import Remedy
from redress.plumbing import moment
from redress.quality import changes as quality_changes
from redress.quality.models import Check
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries
from redress.staff.models import Officer

State = Response.State


class NotToBeAnswered(Refusal):
    """There is nothing to answer here: the stage has ended, or this is not a complaint."""

    do = "Look at the case for where it stands."


class WithTheChecker(Refusal):
    """The answer is with the checker, so its words stand still."""

    do = "Take it back first, then change it."


class HasGone(Refusal):
    """The answer has been released, so it can't be changed."""

    do = "Write to the person if something has to be put right."


class SavedMeanwhile(ChangedMeanwhile):
    """Somebody saved this answer after you opened it. Nothing that you typed is lost."""

    do = "Look at both versions, choose, and save again."


class NotReady(Refusal):
    """The answer can't be given to the checker yet."""

    do = "Mend what the check says stops the letter."


class NothingToCheck(Refusal):
    """This check is over."""

    do = "Open the answer to see how it stands."


class YouWroteThis(Refusal):
    """You wrote this, so somebody else checks it."""


class CannotCheck(Refusal):
    """This colleague can't check it."""

    field = "asked_of"
    do = "Choose another colleague, or leave it open to anyone who may."


class TickEveryPart(Refusal):
    """An answer passes when every part was found in the letter."""

    do = "Find each part and tick it, or return the answer with what is missing."


class SayWhatToChange(Refusal):
    """Say what has to be changed."""

    field = "remark"
    do = "Write a remark, for the whole answer or for a point."


class OtherWords(ChangedMeanwhile):
    """The words are not those that you read."""

    do = "Read the answer again."


class NotPassed(Refusal):
    """The answer has not passed its check."""

    do = "Ask for the check first."


class NothingToTakeBack(Refusal):
    """The answer is not with a checker."""

    do = "Open it and change what you like."


@dataclass(frozen=True)
class Words:
    """The officer's own words around the points."""

    understanding: str = ""
    how_looked_into: str = ""
    adjustments_considered: str = ""
    closing: str = ""


@dataclass(frozen=True)
class RemedyInput:
    """A remedy as typed: a new one without ``id``; ``drop`` takes it out."""

    kind: str
    text: str
    owner_id: int | None = None
    due_on: date | None = None
    amount: Decimal | None = None
    cost_centre: str = ""
    id: int | None = None
    drop: bool = False


@dataclass(frozen=True)
class AnswerInput:
    """What is typed about a point."""

    point: int
    decision: str = ""
    should: str = ""
    reason: str = ""
    injustice: str = ""
    no_remedy_because: str = ""
    remedies: Sequence[RemedyInput] = field(default=())


@step(needs=Permission.RESPONSE_DRAFT, on=("case", "stage"))
def save(
    *,
    case: Case,
    stage: Stage,
    version: int,
    words: Words,
    answers: Sequence[AnswerInput],
    by: Actor,
    at: datetime,
) -> Response:
    """Save the answer of a stage: the words, the findings and the remedies; the first save begins it.

    ``version`` is the one that was read, 0 where there was none. What had passed its check has to be checked again.
    Raises ``NotToBeAnswered``, ``WithTheChecker``, ``HasGone``, ``SavedMeanwhile``, ``answering.ComplainedAboutHere``,
    ``answering.TookPartBefore``.
    """
    if not by.may(Permission.FINDING_RECORD, case.council_id):
        raise NotPermitted(Permission.FINDING_RECORD)
    answering.check_may_act(case=case, stage=stage, by=by)
    response = _to_be_written(case=case, stage=stage, version=version, by=by, at=at)
    _check_text(words, answers)
    changed = _findings(case=case, stage=stage, answers=answers, by=by, at=at)
    changes.write_response(
        response=response,
        understanding=words.understanding,
        how_looked_into=words.how_looked_into,
        adjustments_considered=words.adjustments_considered,
        closing=words.closing,
        by=by,
        at=at,
    )
    case_changes.mark_started(case=case, by=by, at=at)
    _write_on(case, stage, begun=version == 0)
    trail.note(
        events.RESPONSE_DRAFTED,
        on=case,
        ids={"stage": stage.number, "response": response.pk, "version": response.version, "points": changed},
    )
    return response


FINISH = "Finish the letter"


def _write_on(case: Case, stage: Stage, *, begun: bool) -> None:
    """Say how far the letter is as what is to be done next, unless the officer wrote something else since."""
    if not begun and not case.next_action.startswith(FINISH):
        return
    found = answer_letter.answers(stage)
    done = sum(1 for one in found if one.finding is not None and one.finding.decision and one.finding.reason)
    case_changes.set_next_action(
        case=case, next_action=f"{FINISH}: {done} of {len(found)} {'point' if len(found) == 1 else 'points'} answered"
    )


def _to_be_written(*, case: Case, stage: Stage, version: int, by: Actor, at: datetime) -> Response:
    """Give the answer to write on, begun where there was none, opened again where it had passed."""
    if case.kind != Case.Kind.COMPLAINT or stage.ended_at is not None or case.closed_at is not None:
        raise NotToBeAnswered
    response = Response.objects.select_for_update(of=("self",)).filter(stage=stage).first()
    if response is not None:
        if response.state == State.WITH_CHECKER:
            raise WithTheChecker
        if response.state in (State.RELEASED, State.SENT):
            raise HasGone
    if (response.version if response is not None else 0) != version:
        raise SavedMeanwhile(_who_saved(response))
    if response is None:
        officer = Officer.objects.get(pk=by.id or 0)
        points = [row.point for row in StagePoint.objects.filter(stage=stage).select_related("point")]
        response = changes.begin_response(stage=stage, points=points, author=officer, by=by, at=at)
    return response


def _who_saved(response: Response | None) -> str | None:
    if response is None:
        return None
    when = moment.local(response.changed_at)
    return (
        f"{response.changed_by} saved this answer at {when:%H:%M}, after you opened it. Nothing that you typed is lost."
    )


def _check_text(words: Words, answers: Sequence[AnswerInput]) -> None:
    said = [words.understanding, words.how_looked_into, words.adjustments_considered, words.closing]
    for answer in answers:
        said += [answer.should, answer.reason, answer.injustice, answer.no_remedy_because]
        said += [text for remedy in answer.remedies for text in (remedy.text, remedy.cost_centre)]
    for text in said:
        wording.words(text)


def _findings(*, case: Case, stage: Stage, answers: Sequence[AnswerInput], by: Actor, at: datetime) -> list[int]:
    """Write the findings that changed, and their remedies; answers the numbers of the points that changed."""
    known = {one.number: one for one in answer_letter.answers(stage)}
    changed: list[int] = []
    for answer in answers:
        here = known.get(answer.point)
        if here is None:
            continue
        finding, differs = _finding(stage=stage, point=here.point, before=here.finding, answer=answer, by=by, at=at)
        if differs:
            trail.note(
                case_events.FINDING_RECORDED,
                on=case,
                detail={"point": answer.point, "reason": answer.reason, "injustice": answer.injustice},
                ids={"stage": stage.number, "decision": answer.decision, "finding": finding.pk if finding else 0},
            )
        moved = finding is not None and _remedies(case=case, finding=finding, here=here, answer=answer, by=by, at=at)
        if differs or moved:
            changed.append(answer.point)
    return changed


def _finding(
    *, stage: Stage, point: Point, before: Finding | None, answer: AnswerInput, by: Actor, at: datetime
) -> tuple[Finding | None, bool]:
    new = (answer.decision, answer.should, answer.reason, answer.injustice, answer.no_remedy_because)
    old = ("", "", "", "", "")
    if before is not None:
        old = (before.decision, before.should, before.reason, before.injustice, before.no_remedy_because)
    live = any(not remedy.drop for remedy in answer.remedies)
    if new == old and (before is not None or not live):
        return before, False
    finding = case_changes.record_finding(
        stage=stage,
        point=point,
        decision=answer.decision,
        should=answer.should,
        reason=answer.reason,
        injustice=answer.injustice,
        no_remedy_because=answer.no_remedy_because,
        by=by,
        at=at,
    )
    return finding, True


def _remedies(
    *, case: Case, finding: Finding, here: answer_letter.PointAnswer, answer: AnswerInput, by: Actor, at: datetime
) -> bool:
    """Write the remedies of a point as typed; answers whether anything changed."""
    rows = {row.pk: row for row in here.remedies if row.state == Remedy.State.PROPOSED}
    moved = False
    for typed in answer.remedies:
        row = rows.get(typed.id or 0)
        if row is None and (typed.drop or typed.id is not None):
            continue
        if row is not None and typed.drop:
            learning_changes.drop_remedy(remedy=row)
            trail.note(learning_events.DROPPED, on=case, ids={"remedy": row.pk})
            moved = True
        else:
            moved = _remedy(case=case, finding=finding, row=row, typed=typed, by=by, at=at) or moved
    return moved


def _remedy(*, case: Case, finding: Finding, row: Remedy | None, typed: RemedyInput, by: Actor, at: datetime) -> bool:
    owner = _owner(case, typed.owner_id, moment.local(at).date())
    payment = typed.kind == Remedy.Kind.PAYMENT
    values: dict[str, Any] = {
        "kind": typed.kind,
        "text": typed.text,
        "owner": owner,
        "due_on": typed.due_on,
        "amount": typed.amount if payment else None,
        "cost_centre": typed.cost_centre if payment else "",
        "by": by,
    }
    if row is None:
        row = learning_changes.add_remedy(case=case, finding=finding, at=at, **values)
        trail.note(
            learning_events.PROPOSED, on=case, detail={"text": row.text}, ids={"remedy": row.pk, "kind": row.kind}
        )
    elif not learning_changes.change_remedy(remedy=row, **values):
        return False
    else:
        trail.note(
            learning_events.CHANGED, on=case, detail={"text": row.text}, ids={"remedy": row.pk, "kind": row.kind}
        )
    within = row.amount is not None and row.amount <= case.council.spending_limit_officer
    if within and not row.approved_by:
        learning_changes.approve_remedy(remedy=row, by=by, at=at)
        trail.note(learning_events.APPROVED, on=case, ids={"remedy": row.pk, "within_limit": True})
    return True


def _owner(case: Case, officer_id: int | None, today: date) -> Officer | None:
    if officer_id is None:
        return None
    held = staff_queries.memberships_on(today).filter(council_id=case.council_id, officer_id=officer_id)
    return Officer.objects.filter(pk__in=held.values("officer_id")).first()


# ---------------------------------------------------------------------------------------------------------------- check


def why_not_check(*, case: Case, response: Response, officer: Officer, today: date) -> str:
    """Say why an officer can't check this answer; empty where they can."""
    actor = staff_queries.actor_for(officer, today)
    if officer.pk == response.author_id or officer.pk in response.writers:
        return f"{officer.name} wrote on it"
    if not actor.may(Permission.RESPONSE_CHECK, case.council_id):
        return f"{officer.name}’s role does not check answers"
    try:
        answering.check_not_complained_about(case=case, by=actor)
    except answering.ComplainedAboutHere:
        return f"the complaint is about {officer.name}"
    return ""


def who_can_check(*, case: Case, response: Response, today: date) -> list[Officer]:
    """List the officers who may check this answer, by name."""
    held = staff_queries.memberships_on(today).filter(council_id=case.council_id)
    people = Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk")
    return [one for one in people if not why_not_check(case=case, response=response, officer=one, today=today)]


@step(needs=Permission.RESPONSE_DRAFT, on=("case", "response"))
def ask_for_check(*, case: Case, response: Response, asked_of: Officer | None, by: Actor, at: datetime) -> Check:
    """Give the answer to a colleague to be checked, or to anyone who may; its words stand still from now on.

    Raises ``HasGone``, ``WithTheChecker``, ``NotReady`` with what stops the letter, ``CannotCheck``.
    """
    if response.state == State.WITH_CHECKER:
        raise WithTheChecker
    if response.state in (State.RELEASED, State.SENT):
        raise HasGone
    answering.check_may_act(case=case, stage=response.stage, by=by)
    today = moment.local(at).date()
    stopping = [remark.says for remark in answer_letter.check(response, today=today) if remark.level == "stop"]
    if stopping:
        many = "1 thing stops" if len(stopping) == 1 else f"{len(stopping)} things stop"
        raise NotReady(f"{many} this letter: {' '.join(stopping)}")
    if asked_of is not None:
        why = why_not_check(case=case, response=response, officer=asked_of, today=today)
        if why:
            raise CannotCheck(f"{asked_of.name} can’t check it: {why}.")
    draft = answer_letter.compose(response, today=today)
    digest = writing.draft_digest(draft)
    changes.freeze_response(response=response, blocks=list(draft.blocks), digest=digest, state=State.WITH_CHECKER)
    check = quality_changes.open_check(response=response, asked_of=asked_of, digest=digest, at=at)
    case_changes.set_next_action(
        case=case,
        next_action="Waiting for the check",
        waiting_for=asked_of.name if asked_of is not None else "a checker",
    )
    trail.note(
        events.RESPONSE_SENT_FOR_CHECK,
        on=case,
        ids={
            "stage": response.stage.number,
            "check": check.pk,
            "words": digest,
            "asked_of": asked_of.pk if asked_of else 0,
        },
    )
    if asked_of is not None:
        _tell(
            case, asked_of, f"check:{check.pk}", f"{by.name} asks you to check the answer on {case.reference}.", by, at
        )
    return check


@step(needs=Permission.RESPONSE_DRAFT, on=("case", "response"))
def take_back(*, case: Case, response: Response, by: Actor, at: datetime) -> Response:
    """Take the answer back from the checker, to change it. Raises ``NothingToTakeBack``."""
    check = Check.objects.filter(response=response, state=Check.State.OPEN).first()
    if response.state != State.WITH_CHECKER or check is None:
        raise NothingToTakeBack
    quality_changes.take_back(check=check, at=at)
    changes.open_response_again(response=response, state=State.DRAFT)
    case_changes.set_next_action(case=case, next_action="Change the answer, and ask for the check again")
    trail.note(events.RESPONSE_TAKEN_BACK, on=case, ids={"stage": response.stage.number, "check": check.pk})
    return response


@step(needs=Permission.RESPONSE_CHECK, on=("case", "response", "check"))
def pass_check(
    *, case: Case, response: Response, check: Check, digest: str, parts: Mapping[str, bool], by: Actor, at: datetime,
    remark: str = "",
) -> Check:  # fmt: skip
    """Pass the answer: exactly these words, every part found by hand.

    ``digest`` is of the words that were read. Raises ``NothingToCheck``, ``YouWroteThis``,
    ``answering.ComplainedAboutHere``, ``OtherWords``, ``TickEveryPart``, ``NotReady``.
    """
    _check_checker(case=case, response=response, check=check, by=by, at=at)
    today = moment.local(at).date()
    now = writing.draft_digest(answer_letter.compose(response, today=today))
    if not digest == check.digest == now:
        raise OtherWords
    wanted = [part.key for part in answer_letter.facts(response, today=today).parts]
    if not all(parts.get(key) for key in wanted):
        raise TickEveryPart
    quality_changes.end_check(
        check=check, passed=True, checker=Officer.objects.get(pk=by.id or 0), parts=dict.fromkeys(wanted, True),
        remarks=[], remark=remark, at=at,
    )  # fmt: skip
    changes.freeze_response(response=response, blocks=response.blocks, digest=digest, state=State.PASSED)
    case_changes.set_next_action(case=case, next_action="Release the answer")
    trail.note(
        events.RESPONSE_PASSED, on=case, ids={"stage": response.stage.number, "check": check.pk, "words": digest}
    )
    _tell(case, response.author, f"passed:{check.pk}", f"{by.name} passed your answer on {case.reference}.", by, at)
    return check


@step(needs=Permission.RESPONSE_CHECK, on=("case", "response", "check"))
def return_check(
    *, case: Case, response: Response, check: Check, remark: str, remarks: Sequence[Mapping[str, Any]],
    by: Actor, at: datetime, parts: Mapping[str, bool] | None = None,
) -> Check:  # fmt: skip
    """Return the answer to its author with remarks: ``{"point": 2, "text": "…"}`` each, or one for the whole.

    Raises ``NothingToCheck``, ``YouWroteThis``, ``answering.ComplainedAboutHere``, ``SayWhatToChange``.
    """
    _check_checker(case=case, response=response, check=check, by=by, at=at)
    said = [{"point": one["point"], "text": str(one["text"]).strip()} for one in remarks if str(one["text"]).strip()]
    if not said and not remark.strip():
        raise SayWhatToChange
    quality_changes.end_check(
        check=check, passed=False, checker=Officer.objects.get(pk=by.id or 0), parts=parts or {}, remarks=said,
        remark=remark.strip(), at=at,
    )  # fmt: skip
    changes.open_response_again(response=response, state=State.RETURNED)
    case_changes.set_next_action(case=case, next_action="Change what the checker returned")
    trail.note(
        events.RESPONSE_RETURNED,
        on=case,
        detail={"remark": remark.strip(), "remarks": said},
        ids={"stage": response.stage.number, "check": check.pk},
    )
    _tell(case, response.author, f"returned:{check.pk}", f"{by.name} returned your answer on {case.reference}.", by, at)
    return check


def _check_checker(*, case: Case, response: Response, check: Check, by: Actor, at: datetime) -> None:
    if check.state != Check.State.OPEN or response.state != State.WITH_CHECKER or check.response_id != response.pk:
        raise NothingToCheck
    if by.id == response.author_id or by.id in response.writers:
        others = who_can_check(case=case, response=response, today=moment.local(at).date())
        names = " or ".join(one.name for one in others[:3])
        raise YouWroteThis(do=f"{names} can check it." if names else "Ask your complaints manager who can check it.")
    answering.check_not_complained_about(case=case, by=by)


def _tell(case: Case, officer: Officer, once: str, words: str, by: Actor, at: datetime) -> None:
    staff_changes.tell(
        council=case.council, officer=officer, kind="check", once=once, case_reference=case.reference, text=words,
        by=by, at=at,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- release


def passed_draft(response: Response, *, today: date) -> writing.Draft:
    """Give the letter that passed, ready to be pressed.

    Raises ``NotPassed``, and ``OtherWords`` where it would no longer say what passed.
    """
    if response.state != State.PASSED:
        raise NotPassed
    draft = answer_letter.compose(response, today=today)
    if writing.draft_digest(draft) != response.checked_digest:
        raise OtherWords(
            "The letter would not say what passed any more: a name, an address or the letter’s text was changed since.",
            do="Ask for the check again.",
        )
    return draft


@step(needs=Permission.RESPONSE_RELEASE, on=("case", "response"))
def release(
    *, case: Case, response: Response, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime
) -> Letter:
    """Release the answer that passed: its PDF is frozen, made from exactly the words that passed, and waits to go.

    Raises ``NotPassed``, ``OtherWords``, ``answering.ComplainedAboutHere`` and what ``letters.release`` refuses.
    """
    answering.check_not_complained_about(case=case, by=by)
    passed_draft(response, today=moment.local(at).date())
    if writing.draft_digest(draft) != response.checked_digest:
        raise OtherWords
    letter = letters.release(case=case, stage=response.stage, draft=draft, pressed=pressed, by=by, at=at)
    changes.response_released(response=response, letter=letter, at=at)
    posted = letter.channel == Letter.Channel.POST
    case_changes.set_next_action(case=case, next_action="Post the answer" if posted else "See that the answer goes")
    trail.note(
        events.RESPONSE_RELEASED,
        on=case,
        ids={"stage": response.stage.number, "letter": letter.pk, "words": response.checked_digest},
    )
    return letter
