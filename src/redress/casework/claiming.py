"""Who has a message open to log it?

A claim is a courtesy, not a lock: it is shown to everybody else, anybody may take it over, and what two people save at
once is settled by the step that logs.

Example: "Jo Lindley has had this open since 10:29am."
"""

from __future__ import annotations

from datetime import datetime, timedelta

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.correspondence import changes_arrivals as changes
from redress.correspondence import events
from redress.correspondence.models import Message
from redress.plumbing import moment
from redress.staff.models import Officer

LASTS = timedelta(minutes=30)
"""A claim that is older than this is shown no longer: somebody went home with it open."""


class SomebodyHasIt(Refusal):
    """Somebody else has this open."""

    do = "Ask them, or take it over."


class NotStaff(Refusal):
    """Only an officer opens a message."""


def holds(message: Message, at: datetime) -> Officer | None:
    """Give who has the message open now."""
    if message.claimed_at is None or at - message.claimed_at > LASTS:
        return None
    return message.claimed_by


@step(needs=Permission.MESSAGE_HANDLE, on="message")
def claim(*, message: Message, take_over: bool, by: Actor, at: datetime) -> Message:
    """Open a message to log it, and show others that one has it open; ``take_over`` takes it from somebody else."""
    officer = Officer.objects.filter(pk=by.id or 0).first() if by.kind == "staff" else None
    if officer is None:
        raise NotStaff
    holder = holds(message, at)
    if holder is not None and holder.pk != officer.pk and not take_over:
        since = moment.local(message.claimed_at) if message.claimed_at else moment.local(at)
        raise SomebodyHasIt(
            f"{holder.name} has had this open since {since:%-I:%M%p}.".replace("AM", "am").replace("PM", "pm")
        )
    changes.claim(message=message, officer=officer, at=at)
    trail.note(events.MESSAGE_CLAIMED, on=message, ids={"officer": officer.pk, "from": holder.pk if holder else None})
    return message


@step(needs=Permission.MESSAGE_HANDLE, on="message")
def let_go(*, message: Message, by: Actor, at: datetime) -> Message:
    """Close a message that one had open, so that others can take it."""
    if message.claimed_by_id == by.id:
        changes.let_go(message=message)
    trail.note(events.MESSAGE_LET_GO, on=message)
    return message
