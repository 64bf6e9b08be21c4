"""Small writes to the tables of remedies; casework calls them inside its steps."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from redress.access.actor import Actor
from redress.cases.models import Case, Finding, Stage
from redress.documents.models import Document
from redress.learning.models import Remedy
from redress.staff.models import Officer

State = Remedy.State


def add_remedy(
    *,
    case: Case,
    finding: Finding,
    kind: str,
    text: str,
    owner: Officer | None,
    due_on: date | None,
    amount: Decimal | None,
    cost_centre: str,
    by: Actor,
    at: datetime,
    replaces: Remedy | None = None,
) -> Remedy:
    """Put a remedy into the draft answer of a finding."""
    return Remedy.objects.create(
        council_id=case.council_id,
        case=case,
        finding=finding,
        kind=kind,
        text=text,
        owner=owner,
        due_on=due_on,
        amount=amount,
        cost_centre=cost_centre,
        added_at=at,
        added_by=by.name,
        proposed_by_id=by.id if by.kind == "staff" else None,
        replaces=replaces,
    )


def change_remedy(
    *,
    remedy: Remedy,
    kind: str,
    text: str,
    owner: Officer | None,
    due_on: date | None,
    amount: Decimal | None,
    cost_centre: str,
    by: Actor,
) -> bool:
    """Change a remedy of the draft; another amount needs approval again. Answers whether anything changed."""
    before = (remedy.kind, remedy.text, remedy.owner_id, remedy.due_on, remedy.amount, remedy.cost_centre)
    after = (kind, text, owner.pk if owner else None, due_on, amount, cost_centre)
    if before == after:
        return False
    if amount != remedy.amount or kind != remedy.kind:
        remedy.approved_at, remedy.approved_by = None, ""
        remedy.proposed_by_id = by.id if by.kind == "staff" else remedy.proposed_by_id
    remedy.kind, remedy.text, remedy.owner, remedy.due_on = kind, text, owner, due_on
    remedy.amount, remedy.cost_centre = amount, cost_centre
    remedy.version += 1
    remedy.save()
    return True


def drop_remedy(*, remedy: Remedy) -> None:
    """Take a remedy out of the draft answer."""
    remedy.state = State.DROPPED
    remedy.version += 1
    remedy.save(update_fields=["state", "version"])


def approve_remedy(*, remedy: Remedy, by: Actor, at: datetime) -> None:
    """Write down who approved a payment."""
    remedy.approved_at, remedy.approved_by = at, by.name
    remedy.version += 1
    remedy.save(update_fields=["approved_at", "approved_by", "version"])


def promise(*, stage: Stage, at: datetime) -> list[Remedy]:
    """Make promises of the remedies of an answer that has gone."""
    rows = list(Remedy.objects.filter(finding__stage=stage, state=State.PROPOSED).order_by("pk"))
    for row in rows:
        row.state, row.promised_at = State.PROMISED, at
        row.version += 1
        row.save(update_fields=["state", "promised_at", "version"])
    return rows


def promise_one(*, remedy: Remedy, at: datetime) -> None:
    """Make a promise of one remedy, such as the one that takes another's place."""
    remedy.state, remedy.promised_at = State.PROMISED, at
    remedy.save(update_fields=["state", "promised_at"])


def complete(
    *, remedy: Remedy, on: date, evidence_text: str, evidence: Document | None, by: Actor, at: datetime
) -> None:
    """Write down that a promise was done, with its evidence."""
    remedy.state = State.DONE
    remedy.done_on, remedy.done_at, remedy.done_by = on, at, by.name
    remedy.evidence_text, remedy.evidence = evidence_text, evidence
    remedy.version += 1
    remedy.save()


def replace(*, remedy: Remedy, because: str) -> None:
    """Write down that a promise can't be kept and another takes its place."""
    remedy.state, remedy.replaced_because = State.REPLACED, because
    remedy.version += 1
    remedy.save(update_fields=["state", "replaced_because", "version"])
