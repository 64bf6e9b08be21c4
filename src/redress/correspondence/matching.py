"""To which case does a reply belong?

By the random reply token first (one for each correspondent and case), else by the identities of messages that it
answers: our letters, or messages that lie on a case already. Never by subject or by a case reference: both can be
guessed, and both join strangers' messages.

Example: ``find(council_id, parsed)`` is the case NMR-2026-0437 and the contact to whom we wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

from redress.cases.models import Case
from redress.correspondence.models import AutomaticAcknowledgement, Letter, Message, ReplyToken
from redress.people import keys
from redress.people.models import Contact
from redress.plumbing.mail import classify, tokens
from redress.plumbing.mail.message import ParsedMessage

_WITH = ("case", "case__complainant", "case__representative", "case__holder", "case__council")


@dataclass(frozen=True)
class Joined:
    """The case that a reply belongs to, whom it was written to, and by what it was found."""

    case: Case
    contact: Contact | None
    found_by: str
    letter: Letter | None = None


def find(council_id: int, parsed: ParsedMessage) -> Joined | None:
    """Find the case to which a message belongs, within one council; None when nothing proves that it belongs to one."""
    return _by_token(council_id, parsed) or _by_reference(council_id, identities(parsed))


def identities(parsed: ParsedMessage) -> tuple[str, ...]:
    """List the messages that this one answers, the nearest first; a bounce names the one that it returns."""
    returned = classify.bounce(parsed).original_message_id if classify.is_bounce(parsed) else ""
    listed = (returned, parsed.in_reply_to, *reversed(parsed.references))
    return tuple(dict.fromkeys(one for one in listed if one))


def _by_token(council_id: int, parsed: ParsedMessage) -> Joined | None:
    claimed = list(tokens.candidates(parsed))
    if classify.is_bounce(parsed):
        claimed.append(classify.bounce(parsed).token)
    if not any(claimed):
        return None
    rows = {
        row.token: row
        for row in ReplyToken.objects.filter(council_id=council_id, token__in=claimed).select_related("contact", *_WITH)
    }
    row = next((rows[one] for one in claimed if one in rows), None)
    if row is None:
        return None
    letter = Letter.objects.filter(council_id=council_id, message_id__in=identities(parsed)).first()
    return Joined(case=standing(row.case), contact=row.contact, found_by="reply token", letter=letter)


def _by_reference(council_id: int, answered: tuple[str, ...]) -> Joined | None:
    if not answered:
        return None
    place = {identity: at for at, identity in enumerate(answered)}
    found: list[tuple[int, int, Joined]] = []
    for letter in Letter.objects.filter(council_id=council_id, message_id__in=answered).select_related("to", *_WITH):
        joined = Joined(case=standing(letter.case), contact=letter.to, found_by="our letter", letter=letter)
        found.append((place[letter.message_id], 0, joined))
    on_cases = Message.objects.filter(council_id=council_id, message_id__in=answered, case__isnull=False)
    for message in on_cases.exclude(unconfirmed_sender=True).select_related("contact", *_WITH).order_by("pk"):
        if message.case is not None:
            joined = Joined(case=standing(message.case), contact=message.contact, found_by="an earlier message")
            found.append((place[message.message_id], 1, joined))
    acknowledged = AutomaticAcknowledgement.objects.filter(
        council_id=council_id, our_identity__in=answered, message__case__isnull=False
    ).select_related("message", "message__contact", *(f"message__{one}" for one in _WITH))
    for row in acknowledged:
        if row.message.case is not None:
            joined = Joined(
                case=standing(row.message.case), contact=row.message.contact, found_by="our automatic acknowledgement"
            )
            found.append((place[row.our_identity], 2, joined))
    return min(found, key=lambda one: one[:2])[2] if found else None


def standing(case: Case) -> Case:
    """Follow "now part of" to the case that stands for this one today."""
    seen = {case.pk}
    while case.now_part_of is not None and case.now_part_of_id not in seen:
        case = case.now_part_of
        seen.add(case.pk)
    return case


def is_known(case: Case, contact: Contact | None, address: str) -> bool:
    """Say whether an address is that of somebody on the case: the correspondent, the person or the representative."""
    key = keys.email_key(address)
    people = (contact, case.complainant, case.representative)
    return bool(key) and any(one is not None and one.email_key == key for one in people)


def sender_on_case(case: Case, contact: Contact | None, address: str) -> Contact | None:
    """Give who on the case has this address."""
    key = keys.email_key(address)
    people = (contact, case.complainant, case.representative)
    return next((one for one in people if one is not None and key and one.email_key == key), None)


def earlier_unlogged(council_id: int, answered: tuple[str, ...]) -> Message | None:
    """Find a message that is not on a case yet and that this one answers."""
    if not answered:
        return None
    return (
        Message.objects.filter(council_id=council_id, message_id__in=answered, case=None)
        .order_by("-received_at", "-pk")
        .first()
    )
