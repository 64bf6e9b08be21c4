"""Who should have the case, and who may not?

An officer who is away, who is complained about or, at Stage 2, who took part in Stage 1 is refused, with the rule that
says so and who else is free.

Example: ``allocate(case=case, officer=ben, summary="Sheets asked for.", next_action="Ring her", by=by, at=at)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.roles import ROLES, Role
from redress.access.step import step
from redress.cases import changes, events
from redress.cases.models import Case, ComplainedAbout, Finding, HolderPeriod, Stage
from redress.casework import wording
from redress.correspondence.models import Response
from redress.plumbing import moment, text
from redress.quality.models import Check
from redress.rulebook import dates
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries
from redress.staff.models import Officer

FIRST_ACTION = "Read and make a plan"
MAY_HOLD = frozenset(role for role, info in ROLES.items() if Permission.CASE_HOLD in info.permissions)


class OnLeave(Refusal):
    """This officer is away."""

    do = "Choose another officer, or the one who covers."
    field = "officer"


class IsComplainedAbout(Refusal):
    """The complaint is about this officer."""

    do = "Choose somebody whom it does not concern."
    field = "officer"


class TookPartInStage1(Refusal):
    """This officer took part in Stage 1."""

    do = "Choose somebody who had no part in it."
    field = "officer"


class CannotHold(Refusal):
    """This person can’t hold cases of this council."""

    do = "Choose an officer of the council."
    field = "officer"


class NoSummary(Refusal):
    """A case that has been worked on needs a summary when it is handed over."""

    do = "Write in two lines how it stands and what is to be done next."
    field = "summary"


class IsClosed(Refusal):
    """The case is closed."""

    do = "Open it again first."


class NotYours(Refusal):
    """Somebody else holds this case."""

    do = "Ask them, or a team leader, to hand it over."


class HoldsItAlready(Refusal):
    """This officer holds it already."""

    do = "Choose somebody else, or change the next action."
    field = "officer"


@dataclass(frozen=True)
class Candidate:
    """An officer to whom the case may go, or why it may not."""

    officer_id: int
    name: str
    job_title: str
    open_cases: int
    due_this_week: int
    why_not: str
    note: str


def took_part_in_stage_1(case: Case) -> set[int]:
    """Give the officers who held, found, wrote or checked at Stage 1: both Codes want somebody else at Stage 2."""
    stages = Stage.objects.filter(case=case, number=1)
    people: set[int] = set(
        HolderPeriod.objects.filter(case=case, stage__in=stages).values_list("officer_id", flat=True)
    )
    people |= {pk for pk in stages.values_list("holder_id", flat=True) if pk is not None}
    people |= set(Response.objects.filter(stage__in=stages).values_list("author_id", flat=True))
    people |= {
        pk
        for pk in Check.objects.filter(response__stage__in=stages).values_list("checker_id", flat=True)
        if pk is not None
    }
    names = set(Finding.objects.filter(stage__in=stages).values_list("changed_by", flat=True))
    people |= set(
        Officer.objects.filter(name__in=names, memberships__council_id=case.council_id).values_list("pk", flat=True)
    )
    return people


def refusal_for(case: Case, officer: Officer, today: date) -> Refusal | None:
    """Say why this officer can't be given the case, or None."""
    may_hold = {person.pk for person in _holders(case, today)}
    if officer.pk not in may_hold:
        return CannotHold(f"{officer.name} can’t hold cases of {case.council.name}.")
    if ComplainedAbout.objects.filter(case=case, officer=officer).exists():
        return IsComplainedAbout(f"The complaint is about {officer.name}.")
    stage = changes.open_stage_of(case)
    if stage is not None and stage.number > 1 and officer.pk in took_part_in_stage_1(case):
        return TookPartInStage1(
            f"{officer.name} took part in Stage 1. The Code wants somebody else for Stage 2.",
            do=_who_is_free(case, today),
        )
    away = staff_queries.away_on(today).get(officer.pk)
    if away is not None:
        cover = f" {away.cover_name} covers." if away.cover_name else ""
        return OnLeave(f"{officer.name} is away until {dates.say(away.ends_on)}.{cover}")
    return None


def _holders(case: Case, today: date) -> list[Officer]:
    held = staff_queries.memberships_on(today).filter(
        council_id=case.council_id, role__in=[role.value for role in MAY_HOLD]
    )
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))


def _who_is_free(case: Case, today: date) -> str:
    free = [candidate for candidate in candidates(case, today) if not candidate.why_not][:3]
    if not free:
        return "Nobody at this council is free. Ask the complaints manager."
    listed = dates.joined([f"{person.name} ({person.open_cases} open)" for person in free])
    return f"{listed} {'is' if len(free) == 1 else 'are'} free."


def candidates(case: Case, today: date) -> list[Candidate]:
    """List those who may, the team before the services, fewest open cases first; then those who may not."""
    people = _holders(case, today)
    held = staff_queries.memberships_on(today).filter(council_id=case.council_id)
    by_pk = {person.pk: person for person in people}
    week = end_of_week(today)
    counts = {
        row["holder"]: row
        for row in Case.objects.filter(holder__in=by_pk, closed_at=None)
        .values("holder")
        .annotate(open=Count("pk"), soon=Count("pk", filter=Q(next_due_on__lte=week)))
    }
    complained = set(ComplainedAbout.objects.filter(case=case).values_list("officer_id", flat=True))
    stage = changes.open_stage_of(case)
    took_part = took_part_in_stage_1(case) if stage is not None and stage.number > 1 else set()
    away = staff_queries.away_on(today)
    found = []
    for person in people:
        count = counts.get(person.pk, {"open": 0, "soon": 0})
        why = ""
        if person.pk in complained:
            why = "The complaint is about them."
        elif person.pk in took_part:
            why = "Took part in Stage 1; the Code wants somebody else."
        elif person.pk in away:
            gone = away[person.pk]
            why = f"Away until {dates.say(gone.ends_on)}."
            if gone.cover_name:
                why += f" {gone.cover_name} covers."
        found.append(
            Candidate(
                officer_id=person.pk,
                name=person.name,
                job_title=person.job_title,
                open_cases=count["open"],
                due_this_week=count["soon"],
                why_not=why,
                note="Holds it now" if person.pk == case.holder_id else "",
            )
        )
    team = {one.officer_id for one in held if one.role != Role.SERVICE_MANAGER.value}
    return sorted(found, key=lambda one: (bool(one.why_not), one.officer_id not in team, one.open_cases, one.name))


def end_of_week(today: date) -> date:
    """Give the Friday of this week, or of the next at a weekend."""
    return date.fromordinal(today.toordinal() + (4 - today.weekday()) % 7)


@step(needs=Permission.CASE_ALLOCATE, on="case")
def allocate(*, case: Case, officer: Officer, summary: str, next_action: str, by: Actor, at: datetime) -> Case:
    """Give the case to an officer.

    Raises ``IsClosed``, ``NoSummary`` where somebody has worked on it, ``CannotHold``, ``IsComplainedAbout``,
    ``TookPartInStage1``, ``OnLeave`` and ``HoldsItAlready``.
    """
    return _hand(case=case, officer=officer, summary=summary, next_action=next_action, by=by, at=at)


@step(needs=Permission.CASE_HOLD, on="case")
def hand_over(*, case: Case, officer: Officer, summary: str, next_action: str, by: Actor, at: datetime) -> Case:
    """Hand one's own case over to another officer, or take one that nobody holds.

    Raises ``NotYours`` and what ``allocate`` refuses.
    """
    if case.holder_id not in (None, by.id):
        raise NotYours(f"{case.holder} holds this case.")
    return _hand(case=case, officer=officer, summary=summary, next_action=next_action, by=by, at=at)


def _hand(*, case: Case, officer: Officer, summary: str, next_action: str, by: Actor, at: datetime) -> Case:
    if case.closed_at is not None:
        raise IsClosed
    today = moment.local(at).date()
    if case.holder_id == officer.pk:
        raise HoldsItAlready(f"{officer.name} holds it already.")
    if case.holder_id is not None and case.holder_id != officer.pk and not summary.strip():
        raise NoSummary
    refusal = refusal_for(case, officer, today)
    if refusal is not None:
        raise refusal
    before = case.holder
    summary = wording.words(summary, "summary")
    next_action = text.one_line(wording.words(next_action, "next_action"))
    changes.set_holder(case=case, officer=officer, summary=summary, by=by, at=at)
    changes.set_next_action(case=case, next_action=next_action or FIRST_ACTION)
    trail.note(
        events.ALLOCATED,
        on=case,
        detail={"to": officer.name, "from": before.name if before else "", "summary": summary},
        ids={"officer": officer.pk, "before": before.pk if before else None},
    )
    if officer.pk != by.id:
        staff_changes.tell(
            council=case.council,
            officer=officer,
            kind="allocated",
            once=f"allocated:{case.pk}:{at.timestamp()}",
            case_reference=case.reference,
            text=f"{case.reference} is yours: {case.matter}. Next: {next_action or FIRST_ACTION}.",
            by=by,
            at=at,
        )
    return case
