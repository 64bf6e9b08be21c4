"""How do we write to somebody on the case: an e-mail, a letter, a holding letter?

The words are the officer's own, set between what the text of the letter says; they are data and stay as typed.

Example: ``compose(case=case, to=contact, kind="other", subject="Your bins", words="…", today=today, by=by)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases.models import Case
from redress.casework import composing, letters, wording
from redress.correspondence import events, texts, writing
from redress.correspondence.models import Letter
from redress.people.models import Contact

KINDS: dict[str, str] = {
    "other": "A letter or e-mail in your own words",
    "holding": "A holding letter: how it is getting on",
    "neutral-acknowledgement": "Acknowledgement to a representative without authority",
    "authority-request": "Ask for authority to act",
}
"""What can be written from the case by hand; the other letters have pages of their own."""


class NothingWritten(Refusal):
    """The letter says nothing."""

    field = "words"
    do = "Write what you want to say."


class NotByHand(Refusal):
    """This kind of letter is not written by hand."""

    do = "Use its own page: acknowledge, extend, answer."


def compose(
    *,
    case: Case,
    to: Contact,
    kind: str,
    subject: str,
    words: str,
    today: date,
    by: Actor,
    channel: str | None = None,
) -> writing.Draft:
    """Compose a letter or e-mail from the officer's own words. Raises ``NotByHand``, ``NothingWritten``."""
    if kind not in KINDS:
        raise NotByHand
    said = wording.words(words, "words")
    if not said and kind not in texts.NEUTRAL:
        raise NothingWritten
    stage = case_changes.open_stage_of(case)
    return composing.compose(
        kind,
        case=case,
        to=to,
        today=today,
        by=by,
        stage=stage,
        channel=channel,
        subject=wording.words(subject, "subject") if kind == "other" else "",
        extra=[writing.paragraph(part) for part in said.split("\n\n") if part.strip()],
    )


def recipients(case: Case) -> list[Contact]:
    """List whom we can write to about the case: the person, then their representative."""
    return [one for one in (case.complainant, case.representative) if one is not None]


@step(needs=Permission.CASE_WRITE, on="case")
def write(*, case: Case, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime) -> Letter:
    """Release a letter or e-mail that an officer wrote from the case.

    Raises ``NotByHand`` and what ``letters.release`` refuses: no authority, no address, an unsafe way.
    """
    if draft.kind not in KINDS:
        raise NotByHand
    letter = letters.release(
        case=case, stage=case_changes.open_stage_of(case), draft=draft, pressed=pressed, by=by, at=at
    )
    trail.note(
        events.LETTER_WRITTEN,
        on=case,
        detail={"subject": letter.subject, "to": letter.to.name},
        ids={"letter": letter.pk},
    )
    case_changes.mark_started(case=case, by=by, at=at)
    return letter
