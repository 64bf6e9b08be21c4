"""How does a person get the link to follow their complaint, and what does it open?

A link is a secret of 256 bits. It is made at the moment when its e-mail is sent, and only its SHA-256 is kept. Asking
for one answers alike whether or not there is a case: the answer is given before anything is looked up, and the
looking-up is a job. A link opens a page with a button, so that a mail scanner that follows it opens nothing; it belongs
to one contact and one case, and works until its day.

Example: ``ask_for_link(council=council, address="dev@mail.example", reference="", origin="…", site="https://…", …)``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import clocks
from redress.cases.models import Case
from redress.casework import composing, letters
from redress.casework.wording import words
from redress.correspondence import changes_portal as changes
from redress.correspondence import events, mailing, texts, writing
from redress.correspondence.models import FormDraft, LinkAsk, PortalMail
from redress.council.models import Council
from redress.people import changes_links
from redress.people.models import Contact, PortalLink
from redress.plumbing import later, moment, post, text
from redress.plumbing.mail.message import Address
from redress.rulebook import dates

ANSWER_ASK = "portal.answer_ask"
SEND = "portal.send_mail"

WINDOW = timedelta(hours=1)
MOST_TO_AN_ADDRESS = 5
"""Asks for one address within an hour that are looked into. More are answered alike, and send nothing."""
MOST_FROM_A_PLACE = 40
"""Asks from one place within an hour: many people share the address of a library or a telephone network."""
MOST_CASES = 5
CLOSED_WITHIN = timedelta(days=366)
"""How long after it was closed a case can still be followed."""
LONGEST_TOKEN = 100
LONGEST_ADDRESS = 254


class TooManyAsks(Refusal):
    """Links were asked for from here many times within the last hour."""

    do = "Try again in an hour, use a link that we sent you before, or ring us. Ringing counts the same."


class NotAnAddress(Refusal):
    """Give an e-mail address, like name@example.org."""

    field = "email"


class LinkNotValid(Refusal):
    """This link does not work any more."""

    do = "Ask for a new one: we send it to the address that we hold."


class NotWaiting(Refusal):
    """This e-mail is not waiting to be sent."""


def an_address(given: str) -> str:
    """Give an e-mail address as it was typed, without white space around it. Raises ``NotAnAddress``."""
    address = text.one_line(words(given, "email"))
    try:
        validate_email(address)
    except ValidationError as fault:
        raise NotAnAddress from fault
    if len(address) > LONGEST_ADDRESS:
        raise NotAnAddress
    return address


def digest_of(token: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """Make a secret of 256 bits that can stand in an address."""
    return secrets.token_urlsafe(32)


# ------------------------------------------------------------------------------------------------------ asking for one


@step(needs=Permission.RESIDENT_FOLLOW, on="council")
def ask_for_link(
    *, council: Council, address: str, reference: str, origin: str, site: str, by: Actor, at: datetime
) -> LinkAsk:
    """Take down that somebody asks for a link; nothing is looked up here, so that every answer is alike.

    Raises ``NotAnAddress`` and ``TooManyAsks``; the second counts by where it comes from, never by whom it is for, so
    that nobody can be shut out by somebody else.
    """
    address = an_address(address)
    since = at - WINDOW
    if origin and LinkAsk.objects.filter(origin=origin, asked_at__gt=since).count() >= MOST_FROM_A_PLACE:
        raise TooManyAsks
    ask = changes.add_ask(
        council=council,
        address=address,
        reference=text.one_line(words(reference, "reference")).upper(),
        origin=origin,
        site=site,
        at=at,
    )
    trail.note(events.LINK_ASKED, on=ask, detail={"address": address, "reference": ask.reference})
    later.queue(ANSWER_ASK, key=f"ask:{ask.pk}", ask_id=ask.pk)
    return ask


@step(needs=Permission.TIMETABLE_DISPATCH, on="ask")
def answer_ask(*, ask: LinkAsk, by: Actor, at: datetime) -> int:
    """Look up what somebody who asked may follow, and queue an e-mail for each case; answers how many."""
    if ask.answered_at is not None:
        trail.note(events.LINK_ASK_ANSWERED, on=ask, ids={"again": True})
        return 0
    changes.ask_answered(ask=ask, at=at)
    pairs = [] if _too_often(ask) else _may_follow(ask, at)
    for case, contact in pairs:
        _queue_mail(
            case.council, PortalMail.Kind.FOLLOW, site=ask.site, at=at, case=case, contact=contact,
            to_address=contact.email,
        )  # fmt: skip
    trail.note(events.LINK_ASK_ANSWERED, on=ask, ids={"links": len(pairs)})
    return len(pairs)


def _too_often(ask: LinkAsk) -> bool:
    earlier = LinkAsk.objects.filter(
        council_id=ask.council_id, address_key=ask.address_key, asked_at__gt=ask.asked_at - WINDOW, pk__lt=ask.pk
    )
    return earlier.count() >= MOST_TO_AN_ADDRESS


def _may_follow(ask: LinkAsk, at: datetime) -> list[tuple[Case, Contact]]:
    """List the cases that the owner of an address may follow: as the person, or as who wrote for them."""
    found = (
        Case.objects.filter(council_id=ask.council_id)
        .filter(Q(complainant__email_key=ask.address_key) | Q(representative__email_key=ask.address_key))
        .filter(Q(closed_at=None) | Q(closed_at__gt=at - CLOSED_WITHIN))
        .select_related("council", "complainant", "representative")
        .order_by("-received_on", "-pk")
    )
    if ask.reference:
        found = found.filter(reference=ask.reference)
    pairs = []
    for case in found[:MOST_CASES]:
        people = [one for one in (case.complainant, case.representative) if one is not None]
        pairs += [
            (case, one)
            for one in people
            if one.email_key == ask.address_key and not letters.unsafe_because(one, "email")
        ]
    return pairs[:MOST_CASES]


# --------------------------------------------------------------------------------------------------------------- mails


def queue_confirmation(*, case: Case, contact: Contact, site: str, at: datetime) -> bool:
    """Queue the e-mail that says that something arrived, with a link; needs an open step.

    False where there is no address, or e-mail must not be used.
    """
    if not contact.email or letters.unsafe_because(contact, "email"):
        return False
    _queue_mail(
        case.council,
        PortalMail.Kind.CONFIRMATION,
        site=site,
        at=at,
        case=case,
        contact=contact,
        to_address=contact.email,
    )
    return True


def queue_form_link(*, draft: FormDraft, address: str, site: str, at: datetime) -> None:
    """Queue the e-mail with the way back to a form; needs an open step."""
    _queue_mail(draft.council, PortalMail.Kind.FORM, site=site, at=at, draft=draft, to_address=address)


def _queue_mail(
    council: Council,
    kind: str,
    *,
    site: str,
    at: datetime,
    to_address: str,
    case: Case | None = None,
    contact: Contact | None = None,
    draft: FormDraft | None = None,
) -> None:
    mail = changes.add_mail(
        council=council, kind=kind, to_address=to_address, site=site, at=at, case=case, contact=contact, draft=draft
    )
    trail.note(events.LINK_MAIL_QUEUED, on=mail, ids={"mail": mail.pk, "kind": kind})
    later.queue(SEND, key=f"portal-mail:{mail.pk}", lock=f"portal-mail:{mail.pk}", mail_id=mail.pk)


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "mail"))
def begin_mail(*, case: Case | None, mail: PortalMail, by: Actor, at: datetime) -> str:
    """Make the link of an e-mail and write down that sending begins; answers the secret, which is kept nowhere.

    Empty where the person must not be reached by e-mail: then nothing is sent. Raises ``NotWaiting``.
    """
    if mail.state != PortalMail.State.QUEUED:
        raise NotWaiting
    if mail.contact is not None and letters.unsafe_because(mail.contact, "email"):
        changes.mail_settled(mail=mail, state=PortalMail.State.BLOCKED)
        trail.note(events.LINK_MAIL_STATE, on=mail, ids={"mail": mail.pk, "state": mail.state})
        return ""
    token = new_token()
    link = None
    if mail.draft_id is not None:
        draft = FormDraft.objects.select_for_update().get(pk=mail.draft_id)
        changes.set_form_link(draft=draft, digest=digest_of(token), at=at)
    elif case is not None and mail.contact is not None:
        link = changes_links.add_link(
            contact=mail.contact,
            case_reference=case.reference,
            digest=digest_of(token),
            expires_at=at + timedelta(days=mail.council.link_days),
            at=at,
        )
    changes.mail_attempting(mail=mail, link=link)
    trail.note(
        events.LINK_SENT if mail.draft_id is None else events.LINK_MAIL_STATE,
        on=mail,
        ids={"mail": mail.pk, "state": mail.state, "link": link.pk if link else None},
    )
    return token


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "mail"))
def settle_mail(
    *, case: Case | None, mail: PortalMail, state: str, evidence: Mapping[str, Any], by: Actor, at: datetime
) -> PortalMail:
    """Write down what became of an e-mail of the portal: sent, failed, unclear, or to be tried again."""
    changes.mail_settled(mail=mail, state=state, evidence=evidence)
    trail.note(events.LINK_MAIL_STATE, on=mail, ids={"mail": mail.pk, "state": state})
    return mail


def was_confirmed(case: Case) -> bool:
    """Say whether an e-mail was queued that says that the complaint arrived."""
    return PortalMail.objects.filter(case=case, kind=PortalMail.Kind.CONFIRMATION).exists()


def mail_of(mail_id: int) -> PortalMail:
    """Find an e-mail of the portal, for the job that sends it."""
    return PortalMail.objects.select_related("council", "case", "case__council", "contact", "draft").get(pk=mail_id)


def ask_of(ask_id: int) -> LinkAsk:
    """Find an ask, for the job that looks into it."""
    return LinkAsk.objects.select_related("council").get(pk=ask_id)


def composed(mail: PortalMail, token: str, *, by: Actor, at: datetime) -> post.Composed:
    """Write an e-mail of the portal; slow and outside steps. Raises ``post.CannotAddress``."""
    council = mail.council
    if mail.kind == PortalMail.Kind.FORM:
        subject, body = _form_words(mail, token)
    else:
        subject, body = _case_words(mail, token, by=by, at=at)
    return post.compose(
        sender=Address(council.name, mailing.reply_address(council)),
        to=[Address(mail.contact.name if mail.contact else "", mail.to_address)],
        subject=subject,
        text=body,
        message_id=mail.our_identity,
        at=at,
        automatic=True,
    )


def _form_words(mail: PortalMail, token: str) -> tuple[str, str]:
    council = mail.council
    until = mail.draft.expires_at if mail.draft is not None else mail.made_at
    lines = [
        f"You began a complaint to {council.name} and wanted to come back to it. Nothing has been sent to us yet.",
        "",
        "This link brings all of it back, on any device:",
        "",
        f"{mail.site}/{council.code}/complain/resume/{token}/",
        "",
        f"It works until {dates.plain(moment.local(until).date())}. It is for you only: please don’t pass it on.",
        "If you did not ask for this, you need do nothing.",
        *_foot(council),
    ]
    return f"Come back to your complaint to {council.name}", "\n".join(lines)


def _case_words(mail: PortalMail, token: str, *, by: Actor, at: datetime) -> tuple[str, str]:
    case, contact = mail.case, mail.contact
    if case is None or contact is None:
        raise ValueError("An e-mail with a link to a case names the case and the person.")
    council = mail.council
    address = f"{mail.site}/{council.code}/follow/link/{token}/"
    today = moment.local(at).date()
    until = dates.plain(moment.local(at + timedelta(days=council.link_days)).date())
    if mail.kind == PortalMail.Kind.FOLLOW:
        # A council's own version may say what the matter is; whoever has no authority is told nothing of it.
        knows = contact.pk == case.complainant_id or letters.holds_authority(case, today)
        draft = composing.compose(
            "portal-link", case=case, to=contact, today=today, by=by, channel="email",
            values={"link": address, "link_until": until}, text=None if knows else texts.shipped("portal-link"),
        )  # fmt: skip
        said = writing.as_text(salutation=draft.salutation, blocks=draft.blocks, reference=case.reference)
        return draft.subject, said
    lines = [
        f"Your complaint reached us on {dates.say(moment.local(mail.made_at).date())}. "
        f"Your reference is {case.reference}.",
        "",
        *([said, ""] if (said := _by_when(case, contact, at)) else []),
        "You can follow it, read our letters and add to it with this link:",
        "",
        address,
        "",
        f"It works until {until}. It is for you only: please don’t pass it on. You can ask for a new one at any time:",
        f"{mail.site}/{council.code}/follow/",
        *_foot(council),
    ]
    return f"We have your complaint {case.reference}", "\n".join(lines)


def _by_when(case: Case, contact: Contact, at: datetime) -> str:
    """Say by when we write next; a representative without authority is told nothing of the matter."""
    today = moment.local(at).date()
    if contact.pk != case.complainant_id and not letters.holds_authority(case, today):
        return "We will write to you about whether we may discuss it with you."
    open_now = [one for one in clocks.readings(case, today).values() if one.is_open and not one.is_advice and one.due]
    return min(open_now, key=lambda one: one.due or today).for_resident if open_now else ""


def _foot(council: Council) -> list[str]:
    hours = f" ({council.opening_hours})" if council.opening_hours else ""
    return [
        "",
        f"You can also ring {council.telephone}{hours}. If somebody is in danger now, ring 999.",
        "",
        council.name,
    ]


# ------------------------------------------------------------------------------------------------------------- opening


@dataclass(frozen=True)
class Opened:
    """What a link opened."""

    link: PortalLink
    case: Case
    contact: Contact


def look(council: Council, token: str, at: datetime) -> Opened | None:
    """Say what a link would open now; changes nothing."""
    if not 20 <= len(token) <= LONGEST_TOKEN:
        return None
    link = PortalLink.objects.filter(council=council, digest=digest_of(token)).select_related("contact").first()
    return None if link is None else _opened(link, at)


def still_open(council: Council, link_id: int, at: datetime) -> Opened | None:
    """Say what a link that was opened before still opens: it may have expired or been ended meanwhile."""
    link = PortalLink.objects.filter(council=council, pk=link_id).select_related("contact").first()
    return None if link is None else _opened(link, at)


def _opened(link: PortalLink, at: datetime) -> Opened | None:
    if link.ended_at is not None or link.expires_at <= at:
        return None
    case = (
        Case.objects.filter(council_id=link.council_id, reference=link.case_reference)
        .filter(Q(complainant_id=link.contact_id) | Q(representative_id=link.contact_id))
        .select_related("council", "complainant", "representative", "authority", "holder", "service")
        .first()
    )
    return None if case is None else Opened(link=link, case=case, contact=link.contact)


@step(needs=Permission.RESIDENT_FOLLOW, on="council")
def open_link(*, council: Council, token: str, by: Actor, at: datetime) -> PortalLink:
    """Open a case with a link, because somebody pressed the button. Raises ``LinkNotValid``."""
    found = look(council, token, at)
    if found is None:
        raise LinkNotValid
    trail.note(events.LINK_USED, on=found.case, ids={"link": found.link.pk})
    return found.link


def actor_of(opened: Opened) -> Actor:
    """Give the actor whom a link stands for: one contact, one case."""
    return Actor.resident(
        council_id=opened.case.council_id,
        contact_id=opened.contact.pk,
        case_id=opened.case.pk,
        name=opened.contact.name,
    )


def represented(opened: Opened, at: datetime) -> bool:
    """Say whether the case has a representative who holds authority today."""
    return letters.holds_authority(opened.case, moment.local(at).date())


def sees_all(opened: Opened, at: datetime) -> bool:
    """Say whether the person of the link may see the case: they themselves, or a representative with authority."""
    if opened.contact.pk == opened.case.complainant_id:
        return True
    return letters.holds_authority(opened.case, moment.local(at).date())
