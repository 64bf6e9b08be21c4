"""What was said on the telephone, on a visit, or among ourselves?

Example: ``write_note(case=case, kind="call-in", contact=grace, on=today, words="The steps are icy.", by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes, events
from redress.cases.models import Case, Note
from redress.casework import wording
from redress.people.models import Contact
from redress.plumbing import moment, text


class NothingWritten(Refusal):
    """The note says nothing."""

    do = "Write what was said or what you want to remember."
    field = "words"


class InTheFuture(Refusal):
    """The day is still to come."""

    do = "Give the day on which it happened."
    field = "on"


class NobodySpokenTo(Refusal):
    """A call or a visit was with somebody."""

    do = "Choose with whom."
    field = "contact"


@step(needs=Permission.CASE_WRITE, on="case")
def write_note(
    *, case: Case, kind: str, contact: Contact | None, on: date, words: str, next_action: str, by: Actor, at: datetime
) -> Note:
    """Write a note, a telephone call or a visit down; it may set the next action.

    Raises ``NothingWritten``, ``InTheFuture`` and ``NobodySpokenTo``.
    """
    words = wording.words(words, "words")
    if not words:
        raise NothingWritten
    if on > moment.local(at).date():
        raise InTheFuture
    if kind != Note.Kind.INTERNAL and contact is None:
        raise NobodySpokenTo
    if contact is not None and contact.pk not in (case.complainant_id, case.representative_id):
        raise NobodySpokenTo(f"{contact.name} is not on this case.")
    entry = trail.note(
        events.NOTE_WRITTEN,
        on=case,
        detail={"text": words, "with": contact.name if contact else ""},
        ids={"note_kind": kind, "contact": contact.pk if contact else None},
    )
    note = changes.add_note(case=case, kind=kind, contact=contact, on=on, words=words, entry=entry.id, by=by, at=at)
    changes.mark_started(case=case, by=by, at=at)
    next_action = text.one_line(wording.words(next_action, "next_action"))
    if next_action and next_action != case.next_action:
        changes.set_next_action(case=case, next_action=next_action, waiting_for=case.waiting_for)
        trail.note(events.NEXT_ACTION, on=case, detail={"next_action": next_action})
    return note
