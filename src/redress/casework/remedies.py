"""Is a payment approved, and was what we promised done?

A promise stays open until somebody says that it was done, with evidence, or another takes its place: then the person is
told why, what will be done instead, and of the Ombudsman (LGSCO Code 7.4).

Example: ``complete(case=case, remedy=remedy, on=today, evidence_text="Letter of 27 November", by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases.models import Case, Finding
from redress.casework import answering, composing, letters, wording
from redress.correspondence import writing
from redress.correspondence.models import Letter, Response
from redress.documents.models import Document
from redress.learning import changes, events
from redress.learning.models import Remedy
from redress.plumbing import moment
from redress.rulebook import dates
from redress.staff.models import Officer

State = Remedy.State


class NothingToApprove(Refusal):
    """This is not a payment that waits for approval."""

    do = "Look at the answer for what it holds now."


class YouProposedThis(Refusal):
    """You proposed this payment, so somebody else approves it."""

    do = "Ask another person who may approve payments."


class NotOpen(Refusal):
    """This promise is not open."""

    do = "Look at the case for what became of it."


class NoEvidence(Refusal):
    """Done without evidence stays open."""

    field = "evidence_text"
    do = "Say what shows that it was done, or add the document."


class NotYet(Refusal):
    """A promise can't have been kept on a day that has not come."""

    field = "on"
    do = "Give today's date or an earlier one."


class SayWhyNot(Refusal):
    """Say why the promise can't be kept."""

    field = "reason"
    do = "The person is told the reason."


class SayWhatInstead(Refusal):
    """Say what will be done instead, by whom and by when."""

    field = "text"
    do = "Write what, choose who, and give the date."


class WrongDocument(Refusal):
    """This document is not on the case."""

    field = "evidence"
    do = "Add it to the case first."


@step(needs=Permission.REMEDY_APPROVE, on=("case", "remedy"))
def approve(*, case: Case, remedy: Remedy, by: Actor, at: datetime) -> Remedy:
    """Approve a payment in a draft answer.

    Raises ``NothingToApprove``, ``YouProposedThis``, ``answering.ComplainedAboutHere``.
    """
    if (
        remedy.kind != Remedy.Kind.PAYMENT
        or remedy.state != State.PROPOSED
        or remedy.amount is None
        or remedy.approved_by
    ):
        raise NothingToApprove
    writers = Response.objects.filter(stage__findings=remedy.finding_id).values_list("writers", flat=True).first() or []
    if by.id is not None and (by.id == remedy.proposed_by_id or by.id in writers):
        raise YouProposedThis
    answering.check_not_complained_about(case=case, by=by)
    changes.approve_remedy(remedy=remedy, by=by, at=at)
    trail.note(events.APPROVED, on=case, ids={"remedy": remedy.pk, "amount": str(remedy.amount)})
    return remedy


@step(needs=Permission.REMEDY_COMPLETE, on=("case", "remedy"))
def complete(
    *,
    case: Case,
    remedy: Remedy,
    on: date,
    evidence_text: str,
    by: Actor,
    at: datetime,
    evidence: Document | None = None,
) -> Remedy:
    """Record that a promise was kept, with what shows it; the case closes with its last promise.

    Raises ``NotOpen``, ``NoEvidence``, ``NotYet``, ``WrongDocument``.
    """
    if remedy.state != State.PROMISED:
        raise NotOpen
    if not evidence_text.strip() and evidence is None:
        raise NoEvidence
    if on > moment.local(at).date():
        raise NotYet
    if evidence is not None and evidence.case_id != case.pk and not evidence.placements.filter(case=case).exists():
        raise WrongDocument
    wording.words(evidence_text)
    changes.complete(remedy=remedy, on=on, evidence_text=evidence_text.strip(), evidence=evidence, by=by, at=at)
    trail.note(
        events.DONE,
        on=case,
        detail={"evidence": evidence_text.strip()},
        ids={"remedy": remedy.pk, "on": on, "document": evidence.pk if evidence is not None else 0},
    )
    answering.finish(case=case, by=by, at=at)
    return remedy


def replacement_letter(
    *, remedy: Remedy, reason: str, text: str, due_on: date, today: date, by: Actor, channel: str | None = None
) -> writing.Draft:
    """Compose the letter that says what can't be done, why, what will be done instead, and names the Ombudsman."""
    case = remedy.case
    return composing.compose(
        "replaced-remedy",
        case=case,
        to=letters.correspondent(case, today),
        today=today,
        by=by,
        stage=remedy.finding.stage,
        channel=channel,
        values={
            "promise": remedy.text,
            "reason": reason,
            "alternative": f"{text.strip().rstrip('.')}, by {dates.plain(due_on)}." if text.strip() else "",
        },
    )


@step(needs=Permission.REMEDY_COMPLETE, on=("case", "remedy"))
def replace(
    *,
    case: Case,
    remedy: Remedy,
    reason: str,
    text: str,
    owner: Officer | None,
    due_on: date | None,
    draft: writing.Draft,
    pressed: writing.Pressed,
    by: Actor,
    at: datetime,
) -> Letter:
    """Put another promise in the place of one that can't be kept, and tell the person.

    Raises ``NotOpen``, ``SayWhyNot``, ``SayWhatInstead`` and what ``letters.release`` refuses.
    """
    if remedy.state != State.PROMISED:
        raise NotOpen
    if not reason.strip():
        raise SayWhyNot
    if not text.strip() or owner is None or due_on is None or due_on < moment.local(at).date():
        raise SayWhatInstead
    wording.words(reason)
    wording.words(text)
    kind = remedy.kind if remedy.kind != Remedy.Kind.PAYMENT else Remedy.Kind.ACT
    changes.replace(remedy=remedy, because=reason.strip())
    new = changes.add_remedy(
        case=case, finding=Finding.objects.get(pk=remedy.finding_id), kind=kind, text=text.strip(), owner=owner,
        due_on=due_on, amount=None, cost_centre="", by=by, at=at, replaces=remedy,
    )  # fmt: skip
    changes.promise_one(remedy=new, at=at)
    trail.note(
        events.REPLACED,
        on=case,
        detail={"reason": reason.strip()},
        ids={"remedy": remedy.pk, "replacement": new.pk, "due_on": due_on},
    )
    return letters.release(case=case, stage=remedy.finding.stage, draft=draft, pressed=pressed, by=by, at=at)
