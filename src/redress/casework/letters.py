"""How does a letter leave the hands of whoever wrote it?

``press`` sets the PDF, slowly, before the step. ``release`` is called inside a step: it refuses what may not go,
freezes the letter and queues the job that hands it to its carrier. Nothing is sent here.

Example: ``letters.release(case=case, stage=stage, draft=draft, pressed=pressed, by=by, at=at)``.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.cases.models import Case, PointWording, Stage
from redress.correspondence import changes, events, texts, writing
from redress.correspondence.models import Letter
from redress.people.models import Adjustment, Contact
from redress.plumbing import later, moment
from redress.staff.models import Officer

DISPATCH = "dispatch_letter"

_BY_EMAIL = re.compile(r"\b(no|not|never|don.?t)\b[^.;]*\be-?mail", re.IGNORECASE)
_BY_POST = re.compile(r"\b(no|not|never|don.?t)\b[^.;]*\b(post|letters?|write to|paper)\b", re.IGNORECASE)


class NotOnThisCase(Refusal):
    """This letter is to somebody who is not on the case."""

    do = "Write to the person or to their representative, or add whoever it is to the case first."


class NoAuthority(Refusal):
    """The representative has no authority, so nothing about the person may be sent to them."""

    do = "Send the neutral acknowledgement or ask for authority, or write to the person."


class NoAddress(Refusal):
    """There is no address to send this to."""

    do = "Add the address to the person, or send it another way."


class SafeContact(Refusal):
    """The person must not be reached in this way."""

    do = "Choose another way, or ask the person how they want to hear from us."


class SomethingMissing(Refusal):
    """The letter has holes in it, so it can't go."""

    do = "Fill them in, then release it again."


class WordsChanged(ChangedMeanwhile):
    """The letter's words changed after its PDF was made."""

    do = "Look at the letter again and release it once more."


def press(*, case: Case, draft: writing.Draft, on: date) -> writing.Pressed:
    """Set a composed letter and put its bytes in the store; slow, call it before the step."""
    return writing.press(draft=draft, council=case.council, reference=case.reference, on=on)


def preview(*, case: Case, draft: writing.Draft, on: date) -> bytes:
    """Set a composed letter to be looked at, holes and all; nothing is kept. Slow: never inside a step."""
    return writing.set_letter(draft=draft, council=case.council, reference=case.reference, on=on).bytes


def release(
    *, case: Case, stage: Stage | None, draft: writing.Draft, pressed: writing.Pressed, by: Actor, at: datetime
) -> Letter:
    """Write a letter down, freeze it, note it in the trail and queue its dispatch; needs an open step on the case.

    Raises ``SomethingMissing``, ``NotOnThisCase``, ``NoAuthority``, ``NoAddress``, ``SafeContact``, ``WordsChanged``.
    """
    check_may_go(case=case, draft=draft, today=moment.local(at).date())
    if pressed.digest != writing.draft_digest(draft):
        raise WordsChanged
    author = Officer.objects.filter(pk=by.id or 0).first() if by.kind == "staff" else None
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
        queue_dispatch(letter.pk)
    return letter


def queue_dispatch(letter_id: int, *, at: datetime | None = None) -> None:
    """Queue the job that hands a letter to its carrier; one at a time for each letter."""
    later.queue(DISPATCH, lock=f"letter:{letter_id}", key=f"letter:{letter_id}", at=at, letter_id=letter_id)


def check_may_go(*, case: Case, draft: writing.Draft, today: date) -> None:
    """Refuse a letter that may not go: holes, a stranger, no authority, no address, an unsafe way.

    Raises ``SomethingMissing``, ``NotOnThisCase``, ``NoAuthority``, ``NoAddress``, ``SafeContact``.
    """
    if draft.holes:
        raise SomethingMissing(f"The letter can't go yet: {_joined(draft.holes)} missing.")
    _check_addressee(case, draft, today)
    if draft.channel == Letter.Channel.EMAIL and not draft.to.email:
        raise NoAddress(f"We have no e-mail address for {draft.to.name}.")
    if draft.channel == Letter.Channel.POST and not writing.address_lines(draft.to):
        raise NoAddress(f"We have no postal address for {draft.to.name}.")
    unsafe = unsafe_because(draft.to, draft.channel)
    if unsafe:
        raise SafeContact(f"{draft.to.name} must not be reached {_BY[draft.channel]}: “{unsafe}”")


_BY = {"email": "by e-mail", "post": "by post"}


def _check_addressee(case: Case, draft: writing.Draft, today: date) -> None:
    if draft.to.pk == case.complainant_id:
        return
    if draft.to.pk != case.representative_id:
        raise NotOnThisCase(f"{draft.to.name} is not on this case.")
    if holds_authority(case, today):
        return
    if draft.kind not in texts.NEUTRAL:
        raise NoAuthority(
            f"{draft.to.name} has no authority to speak for {case.complainant.name}: only a neutral acknowledgement "
            "of what they sent, or a request for authority, may go to them."
        )
    told = _tells_of(case, draft)
    if told:
        raise NoAuthority(f"{draft.to.name} has no authority, and this letter says something about the matter: {told}.")


def holds_authority(case: Case, today: date) -> bool:
    """Say whether the representative on the case may speak for the person today: their own authority, not another's."""
    held = case.authority
    if case.representative_id is None or held is None:
        return False
    belongs = (held.person_id, held.representative_id) == (case.complainant_id, case.representative_id)
    return belongs and held.held_on(today)


def _tells_of(case: Case, draft: writing.Draft) -> str:
    """Name what a neutral letter says that it may not: the person, the matter, a point."""
    words = json.dumps([draft.subject, list(draft.blocks)], ensure_ascii=False).casefold()
    wordings = PointWording.objects.filter(point__case=case).values_list("text", flat=True)
    for label, said in (("the person’s name", case.complainant.name), ("what it is about", case.matter)):
        if len(said.strip()) > 3 and json.dumps(said, ensure_ascii=False)[1:-1].casefold() in words:
            return label
    if any(json.dumps(text, ensure_ascii=False)[1:-1].casefold() in words for text in wordings if len(text) > 3):
        return "a point of the complaint"
    return ""


def may_no_longer_go(*, case: Case, letter: Letter, today: date) -> str:
    """Say why a letter that was released must not be sent any more; empty where nothing has changed since.

    Safe contact may be recorded, or authority be withdrawn, between the release and the moment when it is sent.
    """
    unsafe = unsafe_because(letter.to, letter.channel)
    if unsafe:
        return f"{letter.to.name} must not be reached {_BY[letter.channel]}: “{unsafe}”"
    if letter.to_id == case.complainant_id or letter.kind in texts.NEUTRAL:
        return ""
    if letter.to_id != case.representative_id or not holds_authority(case, today):
        return f"{letter.to.name} has no authority any more to speak for {case.complainant.name}."
    return ""


def unsafe_because(contact: Contact, channel: str) -> str:
    """Say why a person must never be reached in this way; empty where nothing forbids it.

    Read from what is recorded as safe contact: the way that is named there, or else its words.
    """
    rows = Adjustment.objects.filter(contact=contact, kind=Adjustment.Kind.SAFE_CONTACT, ended_at=None).order_by("pk")
    words = _BY_EMAIL if channel == Letter.Channel.EMAIL else _BY_POST
    for row in rows:
        if row.never_by == channel or (not row.never_by and words.search(row.text)):
            return row.text
    return ""


def _joined(names: tuple[str, ...]) -> str:
    said = ", ".join(f"“{name}”" for name in names)
    return f"{said} {'is' if len(names) == 1 else 'are'}"


def correspondent(case: Case, today: date) -> Contact:
    """Give whom we write to about the case: the representative where authority is held, else the person."""
    if case.representative is not None and holds_authority(case, today):
        return case.representative
    return case.complainant


def channel_for(contact: Contact) -> str:
    """Give the way that the person prefers, as far as we have an address for it and it is safe."""
    wanted = [Letter.Channel.EMAIL, Letter.Channel.POST]
    if contact.prefers == Contact.Channel.POST:
        wanted.reverse()
    has = {Letter.Channel.EMAIL: bool(contact.email), Letter.Channel.POST: bool(contact.address.strip())}
    for channel in wanted:
        if has[channel] and not unsafe_because(contact, channel):
            return channel
    return next((channel for channel in wanted if has[channel]), Letter.Channel.POST)
