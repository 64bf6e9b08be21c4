"""Is it a complaint, a service request, a compliment or a comment; and what follows from that?

The tests, the choice that a resident must be offered, the grounds for refusing and their words come from the edition of
the procedure under which the case was received.

Example: ``treat_as_other(case=case, kind="service-request", dissatisfied=True, choice=None, …)`` of a housing
matter goes on as a complaint: without the resident's own choice it may not be treated as a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.access.step import step
from redress.cases import changes, clocks, events
from redress.cases.models import Case, Happening, Point
from redress.casework import letters
from redress.casework.wording import words
from redress.correspondence import writing
from redress.council import queries as council_queries
from redress.council.models import Category, Council, Service
from redress.plumbing import moment, text
from redress.rulebook import clock, procedures
from redress.rulebook.editions import Edition, RefusalGround
from redress.rulebook.happenings import Happening as Fact

REVIEW_WITHIN_DAYS = 28
OTHER_KINDS = (Case.Kind.SERVICE_REQUEST, Case.Kind.COMPLIMENT, Case.Kind.COMMENT)


class AlreadyTriaged(Refusal):
    """This was triaged already."""

    do = "Look at the case: somebody decided what it is."


class NoPoint(Refusal):
    """A complaint has at least one point."""

    do = "Write down the first thing that the person complains about."
    field = "points"


class NoReason(Refusal):
    """Give a reason."""

    field = "reason"


class NotThisKind(Refusal):
    """It can’t be treated as that."""

    field = "kind"


class NotAdopted(Refusal):
    """The council had not adopted this procedure on that day."""

    do = "Choose another procedure, or have the adoption recorded in the settings."
    field = "procedure"


class NoEdition(Refusal):
    """No edition of the procedure is held for that day."""

    field = "received_on"


class NotAGround(Refusal):
    """This is not a ground on which the procedure lets a complaint be refused."""

    do = "Choose one of the grounds of the procedure, or take the complaint on."
    field = "ground"


class NotARequest(Refusal):
    """Only what was treated as something else can be turned into a complaint."""


class ImpossibleDay(Refusal):
    """That can’t be the day."""

    field = "dissatisfaction_on"


@dataclass(frozen=True)
class Choice:
    """The resident's own choice between a request and a complaint: what was asked, how, and the answer."""

    asked: str
    how: str
    answer: str
    complaint: bool = False

    @property
    def complete(self) -> bool:
        """Say whether all three are there."""
        return bool(self.asked.strip() and self.how.strip() and self.answer.strip())


@dataclass(frozen=True)
class Revision:
    """What an officer puts right when they triage what a resident sent: words, place and procedure."""

    matter: str
    points: tuple[tuple[int | None, str], ...]
    outcome_sought: str
    service: Service | None
    category: Category | None
    procedure: str
    version: int | None = None


# -------------------------------------------------------------------------------------------------------------- rules


def edition_for(council: Council, procedure: str, received_on: date) -> Edition:
    """Give the edition that holds for a day of receipt; refuses a procedure that the council had not adopted then."""
    if procedure not in council_queries.procedures_on(council.pk, received_on):
        raise NotAdopted
    try:
        return council_queries.edition_for(council.pk, procedure, received_on)
    except (procedures.NoEdition, procedures.UnknownProcedure) as missing:
        raise NoEdition(missing.sentence, do=missing.do) from missing


def needs_choice(edition: Edition, *, dissatisfied: bool) -> bool:
    """Say whether the procedure wants the resident's own choice before this is treated as a request (HO Code 1.3)."""
    return edition.triage is not None and edition.triage.choice_needed and dissatisfied


def _ground(edition: Edition, key: str) -> RefusalGround:
    found = next((one for one in edition.grounds(edition.stages[0].key) if one.key == key), None)
    if found is None:
        raise NotAGround
    return found


def _check(case: Case, fact: Fact, today: date) -> None:
    """Refuse a happening that can't have come in this order."""
    edition = clocks.edition_of(case)
    try:
        clock.check_order(edition, clocks.facts(case), fact, today=today)
    except clock.ImpossibleOrder as impossible:
        raise ImpossibleDay(impossible.sentence, do=impossible.do) from impossible


# ---------------------------------------------------------------------------------- what several steps have in common


def take_as_complaint(*, case: Case, because: str, by: Actor, at: datetime) -> None:
    """Open Stage 1 on the points of the case and record that it was accepted; needs an open step on the case."""
    points = list(Point.objects.filter(case=case, withdrawn_at=None).order_by("number"))
    if not points:
        raise NoPoint
    changes.settle_kind(
        case=case,
        kind=Case.Kind.COMPLAINT,
        reason=because,
        choice_asked=case.choice_asked,
        choice_channel=case.choice_channel,
        choice_answer=case.choice_answer,
        at=at,
    )
    entry = trail.note(events.TRIAGED, on=case, detail={"reason": because})
    stage = changes.open_stage(
        case=case,
        number=1,
        points=points,
        disputed={},
        disputed_all="",
        outcome_sought=case.outcome_sought,
        asked_through="",
        by=by,
        at=at,
    )
    trail.note(events.STAGE_OPENED, on=case, ids={"stage": stage.pk, "number": 1})
    changes.add_happening(
        case=case, stage=stage, kind="accepted", on=moment.local(at).date(), entry=entry.id, by=by, at=at
    )
    changes.set_state(case=case, state=Case.State.OPEN)
    changes.set_next_action(case=case, next_action="Acknowledge it")


def take_as_other(
    *,
    case: Case,
    kind: str,
    reason: str,
    dissatisfied: bool,
    choice: Choice | None,
    review_on: date | None,
    by: Actor,
    at: datetime,
) -> bool:
    """Treat a case as something other than a complaint; needs an open step on the case.

    Answers false where the procedure wants the resident's own choice and there is none, or the resident chose to
    complain: then it went on as a complaint, with the sentence of the edition that says why.
    """
    if kind not in OTHER_KINDS:
        raise NotThisKind
    reason = words(reason, "reason")
    if not reason:
        raise NoReason("Say why it is not treated as a complaint.")
    edition = clocks.edition_of(case)
    given = choice if choice is not None and choice.complete else None
    if given is not None:
        case.choice_asked, case.choice_channel = words(given.asked, "choice_asked"), words(given.how, "choice_how")
        case.choice_answer = words(given.answer, "choice_answer")
    if kind == Case.Kind.SERVICE_REQUEST and given is not None and given.complaint:
        take_as_complaint(case=case, because="The resident chose to complain.", by=by, at=at)
        return False
    if kind == Case.Kind.SERVICE_REQUEST and given is None and needs_choice(edition, dissatisfied=dissatisfied):
        take_as_complaint(case=case, because=edition.triage.without_choice if edition.triage else "", by=by, at=at)
        return False
    today = moment.local(at).date()
    entry = trail.note(
        events.TREATED_AS_OTHER, on=case, detail={"reason": reason}, ids={"kind": kind, "choice": given is not None}
    )
    if kind == Case.Kind.SERVICE_REQUEST:
        # While it is still a complaint: the clock that was running ends with this.
        changes.add_happening(case=case, stage=None, kind="treated-as-request", on=today, entry=entry.id, by=by, at=at)
    changes.settle_kind(
        case=case,
        kind=kind,
        reason=reason,
        choice_asked=case.choice_asked if given else "",
        choice_channel=case.choice_channel if given else "",
        choice_answer=case.choice_answer if given else "",
        review_on=_review(kind, review_on, today),
        at=at,
    )
    if kind == Case.Kind.SERVICE_REQUEST:
        changes.set_state(case=case, state=Case.State.OPEN)
        changes.set_next_action(case=case, next_action="Write that it is dealt with as a service request")
    else:
        changes.close(case=case, outcome=Case.Outcome.RECORDED, by=by, at=at)
    return True


def _review(kind: str, review_on: date | None, today: date) -> date | None:
    if kind != Case.Kind.SERVICE_REQUEST:
        return None
    if review_on is not None and review_on < today:
        raise ImpossibleDay("A request is reviewed today or later.", field="review_on")
    return review_on or today + timedelta(days=REVIEW_WITHIN_DAYS)


def revise(*, case: Case, revision: Revision, by: Actor, at: datetime) -> None:
    """Put right what an officer sees better than the form did; needs an open step on the case."""
    if revision.version is not None and revision.version != case.version:
        raise ChangedMeanwhile
    before = {"matter": case.matter, "procedure": case.procedure}
    edition = edition_for(case.council, revision.procedure, case.received_on)
    changes.place(
        case=case,
        matter=words(revision.matter, "matter") or case.matter,
        outcome_sought=words(revision.outcome_sought, "outcome_sought"),
        service=revision.service,
        category=revision.category,
        procedure=edition.procedure,
        edition=edition.id,
    )
    after = {"matter": case.matter, "procedure": case.procedure}
    if before != after:
        trail.note(events.DETAILS_CHANGED, on=case, detail={"changes": {"before": before, "after": after}})
    _revise_points(case, revision.points, by, at)


def _revise_points(case: Case, given: tuple[tuple[int | None, str], ...], by: Actor, at: datetime) -> None:
    """Reword, add and withdraw points as the form now has them."""
    standing = {point.pk: point for point in Point.objects.filter(case=case, withdrawn_at=None)}
    kept: set[int] = set()
    for point_id, raw in given:
        wording = words(raw, "points")
        point = standing.get(point_id or 0)
        if not wording:
            continue
        if point is None:
            added = changes.add_point(case=case, wording=wording, by=by, at=at)
            trail.note(events.POINT_ADDED, on=case, detail={"text": wording}, ids={"point": added.pk})
            continue
        kept.add(point.pk)
        before = point.wordings.order_by("-version").values_list("text", flat=True).first() or ""
        if before != wording:
            changes.reword_point(point=point, wording=wording, agreed_on=None, by=by, at=at)
            trail.note(
                events.POINT_REWORDED, on=case, detail={"text": wording, "before": before}, ids={"point": point.pk}
            )
    for point in standing.values():
        if point.pk not in kept:
            changes.withdraw_point(point=point, by=by, at=at)
            trail.note(events.POINT_WITHDRAWN, on=case, ids={"point": point.pk})


# -------------------------------------------------------------------------------------------------------------- steps


@step(needs=Permission.CASE_TRIAGE, on="case")
def accept(*, case: Case, by: Actor, at: datetime, revision: Revision | None = None) -> Case:
    """Accept a case as a complaint: Stage 1 opens on its points."""
    _not_triaged(case)
    if revision is not None:
        revise(case=case, revision=revision, by=by, at=at)
    take_as_complaint(case=case, because="", by=by, at=at)
    return case


@step(needs=Permission.CASE_TRIAGE, on="case")
def treat_as_other(
    *,
    case: Case,
    kind: str,
    reason: str,
    dissatisfied: bool,
    choice: Choice | None,
    by: Actor,
    at: datetime,
    review_on: date | None = None,
    revision: Revision | None = None,
) -> Case:
    """Treat a case as a service request, a compliment or a comment, with a reason.

    Where dissatisfaction is expressed and the procedure wants the resident's own choice, a request without it goes on
    as a complaint: then the case that is answered is a complaint, and its ``triage_reason`` says why.
    """
    _not_triaged(case)
    if revision is not None:
        revise(case=case, revision=revision, by=by, at=at)
    take_as_other(
        case=case,
        kind=kind,
        reason=reason,
        dissatisfied=dissatisfied,
        choice=choice,
        review_on=review_on,
        by=by,
        at=at,
    )
    return case


@step(needs=Permission.CASE_TRIAGE, on="case")
def write_request_letter(
    *, case: Case, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime
) -> Case:
    """Release the letter that says that it is dealt with as a service request, and how to complain at any time."""
    if case.kind != Case.Kind.SERVICE_REQUEST or case.closed_at is not None:
        raise NotThisKind("This is not a service request that is open.", do="")
    letters.release(case=case, stage=None, draft=draft, pressed=pressed, by=by, at=at)
    changes.set_next_action(case=case, next_action="Review the service request")
    return case


@step(needs=Permission.CASE_TRIAGE, on="case")
def review_request(*, case: Case, words_: str, again_on: date | None, done: bool, by: Actor, at: datetime) -> Case:
    """Record that a service request was looked at again: what was found, whether it is done, when to look next."""
    if case.kind != Case.Kind.SERVICE_REQUEST or case.closed_at is not None:
        raise NotThisKind("This is not a service request that is open.", do="")
    found = words(words_, "words")
    if not found:
        raise NoReason("Say what you found.", field="words")
    today = moment.local(at).date()
    entry = trail.note(events.REQUEST_REVIEWED, on=case, detail={"words": found}, ids={"done": done})
    changes.add_note(case=case, kind="internal", contact=None, on=today, words=found, entry=entry.id, by=by, at=at)
    if done:
        trail.note(events.CLOSED, on=case, ids={"outcome": Case.Outcome.REQUEST.value})
        changes.close(case=case, outcome=Case.Outcome.REQUEST, by=by, at=at)
    else:
        changes.set_review(case=case, review_on=_review(case.kind, again_on, today))
    return case


@step(needs=Permission.CASE_TRIAGE, on="case")
def turn_into_complaint(*, case: Case, dissatisfaction_on: date, reason: str, by: Actor, at: datetime) -> Case:
    """Turn what was treated as something else into a complaint, from the day on which the dissatisfaction reached us.

    Work on a request goes on; the clock of the acknowledgement starts on that day (both Codes, 1.3 to 1.5).
    """
    if case.kind == Case.Kind.COMPLAINT:
        raise NotARequest("This is a complaint already.", do="")
    today = moment.local(at).date()
    if dissatisfaction_on > today:
        raise ImpossibleDay("The dissatisfaction can’t have reached us in the future.")
    if dissatisfaction_on < case.received_on:
        raise ImpossibleDay(
            f"We received the request on {_day(case.received_on)}; the dissatisfaction can’t have come before it."
        )
    if not Point.objects.filter(case=case, withdrawn_at=None).exists():
        added = changes.add_point(case=case, wording=case.matter, by=by, at=at)
        trail.note(events.POINT_ADDED, on=case, detail={"text": case.matter}, ids={"point": added.pk})
    reason = words(reason, "reason")
    if case.closed_at is not None:
        changes.reopen(case=case, by=by, at=at)
        trail.note(events.REOPENED, on=case, detail={"reason": reason})
    entry = trail.note(
        events.TURNED_INTO_COMPLAINT, on=case, detail={"reason": reason}, ids={"on": dissatisfaction_on.isoformat()}
    )
    told = {"received_on": dissatisfaction_on.isoformat()}
    changes.settle_kind(
        case=case,
        kind=Case.Kind.COMPLAINT,
        reason=reason,
        choice_asked=case.choice_asked,
        choice_channel=case.choice_channel,
        choice_answer=case.choice_answer,
        at=at,
    )
    if Happening.objects.filter(case=case, kind="treated-as-request").exists():
        _check(case, Fact("turned-into-complaint", on=today, seq=999, data=told), today)
        changes.add_happening(
            case=case, stage=None, kind="turned-into-complaint", on=today, entry=entry.id, data=told, by=by, at=at
        )
    else:
        # A compliment or a comment never had a clock: the complaint is received on the day of the dissatisfaction.
        received = Happening.objects.filter(case=case, kind="received", replaced_by=None).first()
        changes.add_happening(
            case=case,
            stage=None,
            kind="received",
            on=dissatisfaction_on,
            entry=entry.id,
            by=by,
            at=at,
            replaces=received,
            reason=reason or "Turned into a complaint." if received else "",
        )
    take_as_complaint(case=case, because=reason, by=by, at=at)
    return case


@step(needs=Permission.CASE_REFUSE, on="case")
def refuse(
    *,
    case: Case,
    ground: str,
    reason: str,
    evidence: str,
    discretion: str,
    draft: writing.Draft,
    pressed: writing.Pressed,
    by: Actor,
    at: datetime,
) -> Case:
    """Refuse to take a complaint on, on a ground of the edition, with the letter that gives the right to the Ombudsman.

    The evidence and what was thought about first are kept; the case is closed as refused, and the refusal counts from
    the day on which the letter goes out.
    """
    if case.closed_at is not None or case.stages.filter(number__gt=1).exists():
        raise AlreadyTriaged("This case has gone too far to be refused.", do="Answer it.")
    chosen = _ground(clocks.edition_of(case), ground)
    reason, evidence, discretion = words(reason, "reason"), words(evidence, "evidence"), words(discretion, "discretion")
    if not reason:
        raise NoReason("Give the reason for this person and this matter.")
    if not evidence:
        raise NoReason(f"Say what shows it: {chosen.evidence}.", field="evidence")
    if not discretion:
        raise NoReason(
            "Say what was thought about before refusing, and why it is refused all the same.", field="discretion"
        )
    trail.note(
        events.REFUSED,
        on=case,
        detail={"reason": reason, "evidence": evidence, "discretion": discretion},
        ids={"ground": chosen.key},
    )
    changes.settle_kind(
        case=case,
        kind=Case.Kind.COMPLAINT,
        reason=f"{chosen.title}. {reason}",
        choice_asked=case.choice_asked,
        choice_channel=case.choice_channel,
        choice_answer=case.choice_answer,
        at=at,
    )
    stage = changes.open_stage_of(case)
    if stage is not None:
        changes.end_stage(stage=stage, outcome="refused", by=by, at=at)
    letters.release(case=case, stage=None, draft=draft, pressed=pressed, by=by, at=at)
    trail.note(events.CLOSED, on=case, ids={"outcome": Case.Outcome.REFUSED.value})
    changes.close(case=case, outcome=Case.Outcome.REFUSED, by=by, at=at)
    return case


def _not_triaged(case: Case) -> None:
    if case.state != Case.State.TO_TRIAGE:
        decided = text.shorten(case.get_kind_display().lower(), 40)
        raise AlreadyTriaged(f"{case.reference} was triaged already: it is a {decided}.")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
