"""Small writes to the tables of cases; casework calls them inside its steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from redress.access.actor import Actor
from redress.cases import clocks
from redress.cases.models import (
    Case,
    ComplainedAbout,
    Finding,
    Happening,
    HolderPeriod,
    Link,
    Note,
    Point,
    PointWording,
    ReferenceCounter,
    Stage,
    StagePoint,
)
from redress.council.models import Category, Council, Service
from redress.people.models import Authority, Contact
from redress.plumbing import moment, text
from redress.staff.models import Officer


def next_reference(*, council: Council, year: int) -> str:
    """Take the next reference of a council and year; the row stays locked until the transaction ends.

    Take it as the last thing before the case is written, since everybody who logs for this council waits for it.
    """
    ReferenceCounter.objects.get_or_create(council=council, year=year)
    counter = ReferenceCounter.objects.select_for_update().get(council=council, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{council.prefix}-{year}-{counter.last:04d}"


def add_case(
    *,
    council: Council,
    kind: str,
    procedure: str,
    edition: str,
    channel: str,
    matter: str,
    outcome_sought: str,
    effect: str,
    received_at: datetime,
    complainant: Contact,
    representative: Contact | None,
    authority: Authority | None,
    service: Service | None,
    category: Category | None,
    by: Actor,
    at: datetime,
    triage_reason: str = "",
    received_on: date | None = None,
) -> Case:
    """Add a case that is not yet triaged; it was received on the first day when any part of the council had it."""
    day = received_on or moment.local(received_at).date()
    return Case.objects.create(
        council=council,
        reference=next_reference(council=council, year=moment.local(at).year),
        kind=kind,
        procedure=procedure,
        edition=edition,
        channel=channel,
        matter=text.shorten(matter, 200),
        outcome_sought=outcome_sought,
        effect=effect,
        received_on=day,
        received_at=received_at,
        logged_at=at,
        complainant=complainant,
        representative=representative,
        authority=authority,
        service=service,
        category=category,
        triage_reason=triage_reason,
        search=search_words(matter, complainant, representative),
    )


def search_words(matter: str, *people: Contact | None) -> str:
    """Put together the folded words by which a case is found."""
    return " ".join(text.fold(word) for word in (matter, *(person.name for person in people if person)))[:2000]


def add_happening(
    *,
    case: Case,
    stage: Stage | None,
    kind: str,
    on: date,
    entry: UUID,
    by: Actor,
    at: datetime,
    instant: datetime | None = None,
    data: dict[str, Any] | None = None,
    replaces: Happening | None = None,
    reason: str = "",
) -> Happening:
    """Record a dated fact and work out the clocks anew. ``entry`` is the id of the trail entry that records it."""
    last = Happening.objects.filter(case=case, on=on).order_by("-seq").values_list("seq", flat=True).first()
    happening = Happening.objects.create(
        council_id=case.council_id,
        case=case,
        stage=stage,
        kind=kind,
        on=on,
        at=instant,
        seq=0 if last is None else last + 1,
        data=data or {},
        recorded_at=at,
        recorded_by=by.name,
        entry=entry,
        replaces=replaces,
        reason=reason,
    )
    clocks.work_out(case, today=moment.local(at).date(), at=at)
    return happening


def add_point(*, case: Case, wording: str, by: Actor, at: datetime) -> Point:
    """Add a point under the next number, with its first wording."""
    last = Point.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first() or 0
    point = Point.objects.create(council_id=case.council_id, case=case, number=last + 1, added_at=at)
    PointWording.objects.create(
        council_id=case.council_id, point=point, version=1, text=wording, written_at=at, written_by=by.name
    )
    return point


def add_to_stage(*, stage: Stage, point: Point, disputed: str = "") -> StagePoint:
    """Let a stage look at a point too."""
    return StagePoint.objects.create(council_id=stage.council_id, stage=stage, point=point, disputed=disputed)


def reword_point(*, point: Point, wording: str, agreed_on: date | None, by: Actor, at: datetime) -> PointWording:
    """Give a point a new wording; the earlier ones stay."""
    last = PointWording.objects.filter(point=point).order_by("-version").values_list("version", flat=True).first() or 0
    return PointWording.objects.create(
        council_id=point.council_id,
        point=point,
        version=last + 1,
        text=wording,
        written_at=at,
        written_by=by.name,
        agreed_on=agreed_on,
    )


def withdraw_point(*, point: Point, by: Actor, at: datetime) -> None:
    """Mark a point as withdrawn; its number is not given again."""
    point.withdrawn_at = at
    point.withdrawn_by = by.name
    point.save(update_fields=["withdrawn_at", "withdrawn_by"])


def open_stage(
    *,
    case: Case,
    number: int,
    points: list[Point],
    disputed: dict[int, str],
    disputed_all: str,
    outcome_sought: str,
    asked_through: str,
    by: Actor,
    at: datetime,
) -> Stage:
    """Open a stage on these points; ``disputed`` says by point what is disputed about the earlier answer."""
    stage = Stage.objects.create(
        council_id=case.council_id,
        case=case,
        number=number,
        opened_at=at,
        disputed=disputed_all,
        outcome_sought=outcome_sought,
        asked_through=asked_through,
    )
    StagePoint.objects.bulk_create(
        StagePoint(council_id=case.council_id, stage=stage, point=point, disputed=disputed.get(point.pk, ""))
        for point in points
    )
    return stage


def end_stage(*, stage: Stage, outcome: str, by: Actor, at: datetime) -> None:
    """End a stage with its outcome."""
    stage.outcome = outcome
    stage.ended_at = at
    stage.ended_by = by.name
    stage.save(update_fields=["outcome", "ended_at", "ended_by"])


def open_stage_of(case: Case) -> Stage | None:
    """Give the stage that is open, if one is."""
    return Stage.objects.filter(case=case, ended_at=None).first()


def set_holder(*, case: Case, officer: Officer | None, summary: str, by: Actor, at: datetime) -> None:
    """Give the case, and its open stage, to an officer, or to nobody; the earlier holder's period ends."""
    HolderPeriod.objects.filter(case=case, until=None).update(until=at)
    stage = open_stage_of(case)
    if officer is not None:
        HolderPeriod.objects.create(
            council_id=case.council_id, case=case, stage=stage, officer=officer, since=at, summary=summary
        )
    case.holder = officer
    case.held_since = at if officer is not None else None
    case.started_at = None
    case.save(update_fields=["holder", "held_since", "started_at"])
    if stage is not None:
        stage.holder = officer
        stage.save(update_fields=["holder"])
    clocks.work_out(case, today=moment.local(at).date(), at=at)


def mark_started(*, case: Case, by: Actor, at: datetime) -> None:
    """Mark that the holder has begun: the case leaves "Not started"."""
    if case.started_at is None and by.kind == "staff" and by.id == case.holder_id:
        case.started_at = at
        case.save(update_fields=["started_at"])


def set_state(*, case: Case, state: str) -> None:
    """Say where the case stands as a whole."""
    case.state = state
    case.save(update_fields=["state"])


def settle_kind(
    *,
    case: Case,
    kind: str,
    reason: str,
    choice_asked: str = "",
    choice_channel: str = "",
    choice_answer: str = "",
    review_on: date | None = None,
    at: datetime,
) -> None:
    """Say what the case was judged to be and why, with the resident's own choice where one was asked for."""
    case.kind = kind
    case.triage_reason = reason
    case.choice_asked = choice_asked
    case.choice_channel = text.shorten(choice_channel, 40)
    case.choice_answer = choice_answer
    case.review_on = review_on
    case.save(update_fields=["kind", "triage_reason", "choice_asked", "choice_channel", "choice_answer", "review_on"])
    clocks.work_out(case, today=moment.local(at).date(), at=at)


def place(
    *,
    case: Case,
    matter: str,
    outcome_sought: str,
    service: Service | None,
    category: Category | None,
    procedure: str,
    edition: str,
) -> None:
    """Say what the case is about, where it belongs and under which procedure it goes."""
    case.matter = text.shorten(matter, 200)
    case.outcome_sought = outcome_sought
    case.service = service
    case.category = category
    case.procedure = procedure
    case.edition = edition
    case.search = search_words(case.matter, case.complainant, case.representative)
    case.version += 1
    case.save(
        update_fields=[
            "matter", "outcome_sought", "service", "category", "procedure", "edition", "search", "version"
        ]
    )  # fmt: skip


def set_authority(*, case: Case, authority: Authority | None) -> None:
    """Say on which authority the case's representative acts."""
    case.authority = authority
    case.save(update_fields=["authority"])


def set_review(*, case: Case, review_on: date | None) -> None:
    """Say when a service request is looked at again."""
    case.review_on = review_on
    case.save(update_fields=["review_on"])


def set_next_action(*, case: Case, next_action: str, waiting_for: str = "") -> None:
    """Say what is to be done next, and for whom the case waits, if it does."""
    case.next_action = text.shorten(next_action, 200)
    case.waiting_for = text.shorten(waiting_for, 120)
    case.save(update_fields=["next_action", "waiting_for"])


def close(*, case: Case, outcome: str, by: Actor, at: datetime) -> None:
    """Close the case with its outcome, and work its clocks out once more."""
    case.outcome = outcome
    case.closed_at = at
    case.closed_by = by.name
    case.state = Case.State.CLOSED
    case.next_action = ""
    case.waiting_for = ""
    case.save(update_fields=["outcome", "closed_at", "closed_by", "state", "next_action", "waiting_for"])
    HolderPeriod.objects.filter(case=case, until=None).update(until=at)
    clocks.work_out(case, today=moment.local(at).date(), at=at)


def reopen(*, case: Case, by: Actor, at: datetime) -> None:
    """Open a closed case again, with the holder that it had."""
    case.outcome = ""
    case.closed_at = None
    case.closed_by = ""
    case.state = Case.State.OPEN
    case.save(update_fields=["outcome", "closed_at", "closed_by", "state"])
    if case.holder is not None:
        HolderPeriod.objects.create(
            council_id=case.council_id, case=case, officer=case.holder, since=at, summary="Opened again."
        )
    clocks.work_out(case, today=moment.local(at).date(), at=at)


def record_finding(
    *,
    stage: Stage,
    point: Point,
    decision: str,
    should: str,
    reason: str,
    injustice: str,
    no_remedy_because: str,
    by: Actor,
    at: datetime,
) -> Finding:
    """Write the finding of a stage on a point; a fixed finding is refused by the database."""
    finding, made = Finding.objects.get_or_create(
        stage=stage,
        point=point,
        defaults={
            "council_id": stage.council_id,
            "decision": decision,
            "should": should,
            "reason": reason,
            "injustice": injustice,
            "no_remedy_because": no_remedy_because,
            "changed_at": at,
            "changed_by": by.name,
        },
    )
    if not made:
        finding.decision = decision
        finding.should = should
        finding.reason = reason
        finding.injustice = injustice
        finding.no_remedy_because = no_remedy_because
        finding.version += 1
        finding.changed_at = at
        finding.changed_by = by.name
        finding.save()
    return finding


def fix_findings(*, stage: Stage, at: datetime) -> int:
    """Fix the findings of a stage: from now on the database refuses every change."""
    return Finding.objects.filter(stage=stage, fixed_at=None).exclude(decision="").update(fixed_at=at)


def add_note(
    *, case: Case, kind: str, contact: Contact | None, on: date, words: str, entry: UUID, by: Actor, at: datetime
) -> Note:
    """Write a note, a call or a visit down."""
    return Note.objects.create(
        council_id=case.council_id,
        case=case,
        kind=kind,
        contact=contact,
        on=on,
        text=words,
        written_at=at,
        written_by=by.name,
        entry=entry,
    )


def add_complained_about(*, case: Case, officer: Officer, by: Actor, at: datetime) -> None:
    """Record that the case complains about an officer, who may then not hold or check it."""
    ComplainedAbout.objects.get_or_create(case=case, officer=officer, defaults={"council_id": case.council_id})


def link(*, first: Case, second: Case, why: str, by: Actor, at: datetime) -> Link:
    """Tie two cases of one council together."""
    found = (
        Link.objects.filter(first=second, second=first).first()
        or Link.objects.filter(first=first, second=second).first()
    )
    return found or Link.objects.create(
        council_id=first.council_id, first=first, second=second, why=why, made_at=at, made_by=by.name
    )


def bump(*, case: Case) -> None:
    """Count a change of the case's own details, so that a second officer is told."""
    case.version += 1
    case.save(update_fields=["version"])


def change_details(
    *,
    case: Case,
    matter: str,
    outcome_sought: str,
    service: Service | None,
    category: Category | None,
    next_action: str,
    waiting_for: str,
) -> None:
    """Change what the case says of itself, and count the change."""
    case.matter = text.shorten(matter, 200)
    case.outcome_sought = outcome_sought
    case.service = service
    case.category = category
    case.next_action = text.shorten(next_action, 200)
    case.waiting_for = text.shorten(waiting_for, 120)
    case.search = search_words(case.matter, case.complainant, case.representative)
    case.version += 1
    case.save()


def set_received_on(*, case: Case, on: date, edition: str) -> None:
    """Write the corrected day of receipt on the case too, with the edition that holds for it."""
    case.received_on, case.edition = on, edition
    case.save(update_fields=["received_on", "edition"])
