"""May this representative speak for this person?

Authority is asked for, held once a document shows it, and ends by a date or by being withdrawn. Until it is held
nothing personal goes to the representative: the release of letters refuses it.

Example: "Nothing personal can go to Marcus Hale until Eve Lindqvist's authority is held."
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases.models import Case
from redress.casework import letters
from redress.casework.wording import words
from redress.correspondence import writing
from redress.documents.models import Document
from redress.people import changes, events
from redress.people.models import Authority
from redress.plumbing import moment


class NobodyRepresents(Refusal):
    """Nobody represents the person on this case."""


class NoEvidence(Refusal):
    """Choose the document that shows the authority."""

    do = "Add the letter, the form or the order to the case first."
    field = "document"


class ImpossibleDates(Refusal):
    """Authority ends after it begins."""

    field = "expires_on"


class NotOpen(Refusal):
    """This authority was withdrawn already."""


def why_not(case: Case, today: date) -> str:
    """Say why nothing personal may go to the representative; "" where there is none, or the authority is held."""
    if case.representative is None:
        return ""
    if letters.holds_authority(case, today):
        return ""
    return (
        f"Nothing personal can go to {case.representative.name} until the authority of {case.complainant.name} is held."
    )


@step(needs=Permission.CASE_WRITE, on="case")
def ask(
    *,
    case: Case,
    kind: str,
    scope: str,
    draft: writing.Draft | None,
    pressed: writing.Pressed | None,
    by: Actor,
    at: datetime,
) -> Case:
    """Ask for the authority of the person whom a representative speaks for, with the letter where one was written."""
    if case.representative is None:
        raise NobodyRepresents
    row, _made = changes.ask_authority(
        person=case.complainant,
        representative=case.representative,
        kind=kind,
        scope=words(scope, "scope")[:300],
        asked_on=moment.local(at).date(),
        by=by,
        at=at,
    )
    case_changes.set_authority(case=case, authority=row)
    ids = {"authority": row.pk, "representative": case.representative.pk}
    trail.note(events.AUTHORITY_ASKED, on=case, ids=ids)
    trail.note(events.AUTHORITY_ASKED, on=case.complainant, ids={**ids, "case": case.pk})
    if draft is not None and pressed is not None:
        letters.release(case=case, stage=None, draft=draft, pressed=pressed, by=by, at=at)
    return case


@step(needs=Permission.AUTHORITY_CONFIRM, on=("case", "authority"))
def confirm(
    *,
    case: Case,
    authority: Authority,
    document: Document | None,
    kind: str,
    scope: str,
    confirmed_on: date,
    expires_on: date | None,
    by: Actor,
    at: datetime,
) -> Case:
    """Record that the authority is held: by which document, since when, until when."""
    _belongs(case, authority)
    if authority.withdrawn_on is not None:
        raise NotOpen
    if document is None or document.council_id != case.council_id:
        raise NoEvidence
    on_case = document.case_id == case.pk or document.placements.filter(case=case).exists()
    if not on_case:
        raise NoEvidence("The document is not on this case.")
    if confirmed_on > moment.local(at).date():
        raise ImpossibleDates("The authority can’t be held from a day in the future.", field="confirmed_on")
    if expires_on is not None and expires_on <= confirmed_on:
        raise ImpossibleDates
    changes.confirm_authority(
        authority=authority,
        document_id=document.pk,
        confirmed_on=confirmed_on,
        expires_on=expires_on,
        kind=kind,
        scope=words(scope, "scope")[:300],
        by=by,
        at=at,
    )
    if case.authority_id != authority.pk:
        case_changes.set_authority(case=case, authority=authority)
    ids = {"authority": authority.pk, "document": document.pk}
    trail.note(events.AUTHORITY_CONFIRMED, on=case, ids=ids)
    trail.note(events.AUTHORITY_CONFIRMED, on=authority.person, ids={**ids, "case": case.pk})
    return case


@step(needs=Permission.CASE_WRITE, on=("case", "authority"))
def withdraw(*, case: Case, authority: Authority, reason: str, by: Actor, at: datetime) -> Case:
    """Record that the representative may no longer speak for the person, from today."""
    _belongs(case, authority)
    if authority.withdrawn_on is not None:
        raise NotOpen
    changes.withdraw_authority(authority=authority, on=moment.local(at).date(), by=by, at=at)
    told = words(reason, "reason")
    trail.note(events.AUTHORITY_WITHDRAWN, on=case, detail={"reason": told}, ids={"authority": authority.pk})
    trail.note(
        events.AUTHORITY_WITHDRAWN,
        on=authority.person,
        detail={"reason": told},
        ids={"authority": authority.pk, "case": case.pk},
    )
    return case


def _belongs(case: Case, authority: Authority) -> None:
    theirs = (case.complainant_id, case.representative_id)
    if authority.council_id != case.council_id or (authority.person_id, authority.representative_id) != theirs:
        raise NotVisible
