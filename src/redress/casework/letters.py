"""How does a letter leave the hands of whoever wrote it?

``press`` sets the PDF, slowly, before the step. ``release`` is called inside a step: it freezes the letter and queues
the job that hands it to its carrier. Nothing is sent here.

Example: ``letters.release(case=case, stage=stage, draft=draft, pressed=pressed, by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.cases.models import Case, Stage
from redress.correspondence import changes, events, writing
from redress.correspondence.models import Letter
from redress.people.models import Contact
from redress.plumbing import later
from redress.staff.models import Officer

DISPATCH = "dispatch_letter"


def press(*, case: Case, draft: writing.Draft, on: date) -> writing.Pressed:
    """Set a composed letter and put its bytes in the store; slow, call it before the step."""
    return writing.press(draft=draft, council=case.council, reference=case.reference, on=on)


def release(
    *, case: Case, stage: Stage | None, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime
) -> Letter:
    """Write a letter down, freeze it, note it in the trail and queue its dispatch; needs an open step on the case."""
    author = Officer.objects.filter(pk=by.id).first() if by.kind == "staff" else None
    letter = changes.write_letter(case=case, stage=stage, draft=draft, author=author, by=by, at=at)
    return release_written(letter=letter, case=case, pressed=pressed, by=by, at=at)


def release_written(*, letter: Letter, case: Case, pressed: writing.Pressed, by: Actor, at: datetime) -> Letter:
    """Freeze a letter that is written down already, note it and queue its dispatch; needs an open step on the case."""
    letter = changes.release_letter(letter=letter, pressed=pressed, council=case.council, by=by, at=at)
    trail.note(
        events.LETTER_RELEASED,
        on=case,
        detail={"subject": letter.subject, "to": letter.to.name, "kind": letter.kind, "channel": letter.channel},
        ids={"letter": letter.pk, "document": letter.document_id},
    )
    if letter.channel == Letter.Channel.EMAIL:
        later.queue(DISPATCH, lock=f"letter:{letter.pk}", key=f"letter:{letter.pk}", letter_id=letter.pk)
    return letter


def correspondent(case: Case, today: date) -> Contact:
    """Give whom we write to about the case: the representative where authority is held, else the person."""
    if case.representative is not None and case.authority is not None and case.authority.held_on(today):
        return case.representative
    return case.complainant


def channel_for(contact: Contact) -> str:
    """Give the way that the person prefers, as far as we have an address for it."""
    if contact.prefers == Contact.Channel.POST and contact.address:
        return Letter.Channel.POST
    if contact.email:
        return Letter.Channel.EMAIL
    return Letter.Channel.POST
