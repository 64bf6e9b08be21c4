"""Small writes to the tables of people; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from redress.access.actor import Actor
from redress.council.models import Council
from redress.people import keys
from redress.people.models import Adjustment, Authority, Contact
from redress.plumbing import text

DETAILS = ("kind", "title", "name", "email", "telephone", "address", "uprn", "prefers")
"""What can be changed of a person."""


def add_contact(
    *,
    council: Council,
    name: str,
    by: Actor,
    at: datetime,
    kind: str = Contact.Kind.RESIDENT,
    title: str = "",
    email: str = "",
    telephone: str = "",
    address: str = "",
    uprn: str = "",
    prefers: str = "",
) -> Contact:
    """Add a person or organisation to one council's people, with the keys by which they are found again."""
    contact = Contact(
        council=council,
        kind=kind,
        title=title,
        name=name,
        email=email,
        telephone=telephone,
        address=address,
        uprn=uprn,
        prefers=prefers or (Contact.Channel.EMAIL if email else Contact.Channel.POST),
        added_at=at,
    )
    _key(contact)
    contact.save()
    return contact


def change_contact(*, contact: Contact, values: Mapping[str, str], by: Actor, at: datetime) -> dict[str, list[str]]:
    """Change details of a person; answers what changed, as name: [before, after]."""
    changed: dict[str, list[str]] = {}
    for name, value in values.items():
        if name not in DETAILS:
            raise ValueError(f"A person has no detail {name!r} that can be changed.")
        before = str(getattr(contact, name))
        if before != value:
            changed[name] = [before, value]
            setattr(contact, name, value)
    if changed:
        _key(contact)
        contact.version += 1
        contact.save()
    return changed


def _key(contact: Contact) -> None:
    contact.sort_key = text.fold(contact.name)[:400]
    contact.name_keys = [key[:40] for key in text.name_keys(contact.name)]
    contact.email_key = keys.email_key(contact.email)
    contact.telephone_key = keys.telephone_key(contact.telephone)
    contact.address_key = keys.address_key(contact.address)


def add_adjustment(
    *,
    contact: Contact,
    kind: str,
    words: str,
    review_on: date | None,
    by: Actor,
    at: datetime,
    never_by: str = "",
) -> Adjustment:
    """Add something that must be honoured; ``never_by`` names a way by which the person must never be reached."""
    return Adjustment.objects.create(
        council_id=contact.council_id,
        contact=contact,
        kind=kind,
        text=words,
        never_by=never_by,
        review_on=review_on,
        added_at=at,
        added_by=by.name,
    )


def end_adjustment(*, adjustment: Adjustment, by: Actor, at: datetime) -> None:
    """End something that had to be honoured; it stays on record."""
    adjustment.ended_at = at
    adjustment.ended_by = by.name
    adjustment.save(update_fields=["ended_at", "ended_by"])


def ask_authority(
    *, person: Contact, representative: Contact, kind: str, scope: str, asked_on: date, by: Actor, at: datetime
) -> tuple[Authority, bool]:
    """Record that authority was asked for; answers the one that is open for this pair already, if one is."""
    return Authority.objects.get_or_create(
        person=person,
        representative=representative,
        withdrawn_on=None,
        defaults={"council_id": person.council_id, "kind": kind, "scope": scope, "asked_on": asked_on},
    )


def confirm_authority(
    *,
    authority: Authority,
    document_id: int,
    confirmed_on: date,
    expires_on: date | None,
    kind: str,
    scope: str,
    by: Actor,
    at: datetime,
) -> None:
    """Record that the authority is held, with the document that shows it."""
    authority.evidence_document = document_id
    authority.confirmed_on = confirmed_on
    authority.expires_on = expires_on
    authority.kind = kind
    authority.scope = scope
    authority.save()


def withdraw_authority(*, authority: Authority, on: date, by: Actor, at: datetime) -> None:
    """Record that the representative may no longer speak for the person."""
    authority.withdrawn_on = on
    authority.save(update_fields=["withdrawn_on"])
