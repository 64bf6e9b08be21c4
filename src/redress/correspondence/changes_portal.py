"""Small writes to the tables of the portal: forms that were begun, asks for links, e-mails of the portal's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redress.cases.models import Case
from redress.correspondence import writing
from redress.correspondence.models import FormDraft, LinkAsk, PortalMail
from redress.council.models import Council
from redress.people import keys
from redress.people.models import Contact, PortalLink
from redress.plumbing.mail import tokens


def begin_form(*, council: Council, digest: str, expires_at: datetime, at: datetime) -> FormDraft:
    """Write down that somebody began a form."""
    return FormDraft.objects.create(council=council, digest=digest, begun_at=at, changed_at=at, expires_at=expires_at)


def keep_form(
    *, draft: FormDraft, answers: Mapping[str, Any], documents: list[int], expires_at: datetime, at: datetime
) -> None:
    """Keep what was answered so far; the days of keeping count anew."""
    draft.answers = dict(answers)
    draft.documents = documents
    draft.changed_at = at
    draft.expires_at = expires_at
    draft.version += 1
    draft.save(update_fields=["answers", "documents", "changed_at", "expires_at", "version"])


def set_form_link(*, draft: FormDraft, digest: str, at: datetime) -> None:
    """Keep the digest of the link by which the person comes back; an earlier one stops working."""
    draft.link_digest = digest
    draft.save(update_fields=["link_digest"])


def form_sent(*, draft: FormDraft, case: Case, at: datetime) -> None:
    """Write down what a form became; its answers lie with the message now, and no longer here."""
    draft.sent_case = case
    draft.answers = {}
    draft.changed_at = at
    draft.version += 1
    draft.save(update_fields=["sent_case", "answers", "changed_at", "version"])


def add_ask(*, council: Council, address: str, reference: str, origin: str, site: str, at: datetime) -> LinkAsk:
    """Write down that somebody asked for a link."""
    return LinkAsk.objects.create(
        council=council,
        address=address,
        address_key=keys.email_key(address),
        reference=reference[:30],
        origin=origin,
        site=site,
        asked_at=at,
    )


def ask_answered(*, ask: LinkAsk, at: datetime) -> None:
    """Write down that an ask was looked into."""
    ask.answered_at = at
    ask.save(update_fields=["answered_at"])


def add_mail(
    *,
    council: Council,
    kind: str,
    to_address: str,
    site: str,
    at: datetime,
    case: Case | None = None,
    contact: Contact | None = None,
    draft: FormDraft | None = None,
) -> PortalMail:
    """Write down an e-mail of the portal that is to be sent."""
    return PortalMail.objects.create(
        council=council,
        kind=kind,
        case=case,
        contact=contact,
        draft=draft,
        to_address=to_address,
        site=site,
        our_identity=f"portal-{tokens.new()}@{writing.outgoing_domain(council)}",
        made_at=at,
    )


def mail_attempting(*, mail: PortalMail, link: PortalLink | None) -> None:
    """Write down that sending begins, before anything leaves."""
    mail.state = PortalMail.State.ATTEMPTING
    mail.attempts += 1
    mail.link = link
    mail.save(update_fields=["state", "attempts", "link"])


def mail_settled(*, mail: PortalMail, state: str, evidence: Mapping[str, Any] | None = None) -> None:
    """Write down what became of an e-mail of the portal."""
    mail.state = state
    mail.evidence = dict(evidence or {})
    mail.save(update_fields=["state", "evidence"])
