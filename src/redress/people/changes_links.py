"""Small writes to the table of portal links; casework calls them inside its steps."""

from __future__ import annotations

from datetime import datetime

from redress.people.models import Contact, PortalLink


def add_link(*, contact: Contact, case_reference: str, digest: str, expires_at: datetime, at: datetime) -> PortalLink:
    """Write down that a link was made for one contact and one case; only its digest is kept."""
    return PortalLink.objects.create(
        council_id=contact.council_id,
        contact=contact,
        case_reference=case_reference,
        digest=digest,
        made_at=at,
        expires_at=expires_at,
    )


def end_link(*, link: PortalLink, at: datetime) -> None:
    """End a link before its day: from now on it opens nothing."""
    if link.ended_at is None:
        link.ended_at = at
        link.save(update_fields=["ended_at"])
