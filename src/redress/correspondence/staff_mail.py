"""What does an e-mail to a colleague say? The reference and what is due, and nothing about the person.

Example: "NMR-2026-0437: Stage 1 answer: due Wednesday 25 November 2026, in 2 working days."
"""

from __future__ import annotations

from datetime import datetime

from redress.correspondence import mailing
from redress.plumbing import post
from redress.plumbing.mail.message import Address
from redress.staff.models import Notice

PLAIN = frozenset({"reminder", "late", "clocks-differed"})
"""Notices whose words name nobody and nothing of the matter; of the others only the reference is told."""

SUBJECTS = {
    "task": "your service is asked",
    "reminder": "due soon",
    "late": "late",
    "clocks-differed": "dates were mended",
}


def message_of(notice: Notice, *, at: datetime) -> post.Composed:
    """Compose the e-mail of a notice, in plain words. Raises ``post.CannotAddress``."""
    sender = mailing.reply_address(notice.council)
    said = notice.text if notice.kind in PLAIN else f"Something waits for you on {notice.case_reference}."
    about = notice.case_reference or notice.council.short_name
    return post.compose(
        sender=Address("Redress", sender),
        to=[Address(notice.officer.name, notice.officer.email)],
        subject=f"{about}: {SUBJECTS.get(notice.kind, 'something for you')}",
        text=f"{said}\n\nIt stands on your desk in Redress, under My work.\n",
        message_id=f"notice-{notice.pk}@{sender.rpartition('@')[2]}",
        at=at,
        automatic=True,
    )
