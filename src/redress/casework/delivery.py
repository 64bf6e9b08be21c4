"""Has the letter gone, how do we know, and what follows from it?

A letter is released by a person, then *attempted*: that is written down and committed before anything leaves. The
carrier is asked outside any transaction. What it says is recorded as evidence, and only then is the letter
*dispatched*, the happening that it starts recorded with the date of dispatch, the findings of an answer fixed and its
remedies promised.

A crash after the attempt is settled by asking the carrier, where it can be asked; else the letter *may have gone*, and
a person looks. Nothing is sent twice by itself.

Example: ``delivery.record_posted(cases=[case], letters=[letter], taken_by="Royal Mail", on=today, by=by, at=at)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import changes as case_changes
from redress.cases.models import Case
from redress.casework import answering, letters
from redress.correspondence import changes, events
from redress.correspondence.models import Letter
from redress.plumbing import moment
from redress.rulebook import dates
from redress.staff import changes as staff_changes
from redress.staff.models import Officer

State = Letter.State
MOST_ATTEMPTS = 10


class NotWaiting(Refusal):
    """This letter is not waiting to be sent."""

    do = "Look at the case: it may have gone already."


class AlreadySettled(Refusal):
    """What became of this letter is known already."""

    do = "Look at the case for what was recorded."


class NotByPost(Refusal):
    """This letter does not go by post."""

    do = "Leave it out: e-mail is sent by itself."


class InTheFuture(Refusal):
    """A letter can't have gone on a day that has not come."""

    field = "on"
    do = "Give today's date or an earlier one."


class BeforeRelease(Refusal):
    """A letter can't have gone before it was released."""

    field = "on"
    do = "Check the date."


class SayWhy(Refusal):
    """Say how you know what became of the letter."""

    field = "reason"
    do = "Write a sentence: whom you asked, or what you saw."


class SayWhoTookIt(Refusal):
    """Say who took the letters."""

    field = "taken_by"
    do = "Write who took them, such as “Royal Mail collection, post room”."


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "letter"))
def begin_dispatch(*, case: Case, letter: Letter, by: Actor, at: datetime, known_unsent: bool = False) -> Letter:
    """Write down that sending begins, before anything leaves.

    ``known_unsent``: an earlier attempt was begun and the carrier says that it does not have the message.
    Where the person must not be reached in this way any more, or a representative has lost their authority since the
    release, the letter that comes back has failed: nothing leaves, and a person is told.
    Raises ``NotWaiting`` when the letter is not waiting: sent, being sent, or to be looked at by a person.
    """
    waiting = letter.state == State.RELEASED or (known_unsent and letter.state == State.ATTEMPTING)
    if not waiting or letter.channel != Letter.Channel.EMAIL:
        raise NotWaiting(f"This letter is not waiting to be sent: {letter.get_state_display().lower()}.")
    changes.mark_attempting(letter=letter, at=at)
    if why := letters.may_no_longer_go(case=case, letter=letter, today=moment.local(at).date()):
        changes.mark_failed(letter=letter, why=why)
        trail.note(events.LETTER_FAILED, on=case, detail={"why": why}, ids={"letter": letter.pk})
        _tell(case, letter, f"“{letter.subject}” was not sent. {why}", by=by, at=at)
        return letter
    trail.note(events.LETTER_ATTEMPTED, on=case, ids={"letter": letter.pk, "attempt": letter.attempts})
    return letter


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "letter"))
def record_dispatch(
    *, case: Case, letter: Letter, evidence: Mapping[str, Any], on: date, by: Actor, at: datetime
) -> Letter:
    """Record that the carrier took the letter, with what it said, and what follows from that.

    Raises ``AlreadySettled`` when the letter was not being sent.
    """
    if letter.state not in (State.ATTEMPTING, State.UNCLEAR):
        raise AlreadySettled
    _dispatched(case=case, letter=letter, evidence=evidence, on=on, by=by, at=at)
    return letter


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "letter"))
def record_unclear(*, case: Case, letter: Letter, why: str, by: Actor, at: datetime) -> Letter:
    """Record that nobody knows whether the letter went, and tell whoever holds the case.

    The timetable says so of a letter that was being sent; a command also of one that waited, after a backup was put
    back. Raises ``AlreadySettled`` for any other.
    """
    if letter.state != State.ATTEMPTING and not (letter.state == State.RELEASED and by.kind == "command"):
        raise AlreadySettled
    changes.mark_unclear(letter=letter, why=why, at=at)
    trail.note(events.LETTER_UNCLEAR, on=case, detail={"why": why}, ids={"letter": letter.pk})
    _tell(case, letter, f"“{letter.subject}” may have gone: look. {why}", by=by, at=at)
    return letter


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "letter"))
def record_failure(*, case: Case, letter: Letter, why: str, by: Actor, at: datetime) -> Letter:
    """Record that the letter can't be sent, with the reason, and tell whoever holds the case.

    Raises ``AlreadySettled`` when the letter was not being sent.
    """
    if letter.state != State.ATTEMPTING:
        raise AlreadySettled
    changes.mark_failed(letter=letter, why=why)
    trail.note(events.LETTER_FAILED, on=case, detail={"why": why}, ids={"letter": letter.pk})
    _tell(case, letter, f"“{letter.subject}” could not be sent. {why}", by=by, at=at)
    return letter


@step(needs=Permission.TIMETABLE_DISPATCH, on=("case", "letter"))
def put_off(*, case: Case, letter: Letter, why: str, until: datetime, by: Actor, at: datetime) -> Letter:
    """Record that the carrier did not take the letter now, and queue another attempt.

    After ten attempts a person is asked. Raises ``AlreadySettled`` when the letter was not being sent.
    """
    if letter.state != State.ATTEMPTING:
        raise AlreadySettled
    if letter.attempts >= MOST_ATTEMPTS:
        changes.mark_failed(letter=letter, why=why)
        trail.note(events.LETTER_FAILED, on=case, detail={"why": why}, ids={"letter": letter.pk})
        _tell(case, letter, f"“{letter.subject}” could not be sent after {letter.attempts} tries. {why}", by=by, at=at)
        return letter
    changes.mark_put_off(letter=letter, why=why)
    trail.note(events.LETTER_PUT_OFF, on=case, detail={"why": why}, ids={"letter": letter.pk})
    letters.queue_dispatch(letter.pk, at=until)
    return letter


@step(needs=Permission.POST_RECORD, on=("cases", "letters"))
def record_posted(*, cases: list[Case], letters: list[Letter], taken_by: str, on: date, by: Actor, at: datetime) -> int:
    """Record that letters went into the post: who took them and when. Answers how many.

    ``cases`` are the cases of the letters. Raises ``SayWhoTookIt``, ``InTheFuture``, ``BeforeRelease``, ``NotByPost``,
    ``NotWaiting``.
    """
    if not taken_by.strip():
        raise SayWhoTookIt
    of = {case.pk: case for case in cases}
    for letter in letters:
        _check_day(letter, on, at)
        if letter.channel != Letter.Channel.POST:
            raise NotByPost(f"“{letter.subject}” goes by e-mail.")
        if letter.state not in (State.RELEASED, State.UNCLEAR, State.FAILED):
            raise NotWaiting(f"“{letter.subject}” is not waiting: {letter.get_state_display().lower()}.")
    for letter in letters:
        evidence = {"carrier": "post", "taken_by": taken_by.strip(), "taken_on": on.isoformat(), "recorded_by": by.name}
        _dispatched(case=of[letter.case_id], letter=letter, evidence=evidence, on=on, by=by, at=at)
    return len(letters)


@step(needs=Permission.CASE_WRITE, on=("case", "letter"))
def settle_it_went(*, case: Case, letter: Letter, reason: str, on: date, by: Actor, at: datetime) -> Letter:
    """Settle that a letter which may have gone did go, and how that is known.

    Raises ``AlreadySettled``, ``SayWhy``, ``InTheFuture``, ``BeforeRelease``.
    """
    if letter.state != State.UNCLEAR:
        raise AlreadySettled
    if not reason.strip():
        raise SayWhy
    _check_day(letter, on, at)
    trail.note(events.LETTER_SETTLED, on=case, detail={"reason": reason}, ids={"letter": letter.pk, "went": True})
    evidence = {"carrier": letter.channel, "settled_by": by.name, "said": reason.strip()}
    _dispatched(case=case, letter=letter, evidence=evidence, on=on, by=by, at=at)
    return letter


@step(needs=Permission.CASE_WRITE, on=("case", "letter"))
def settle_send_again(
    *, case: Case, letter: Letter, reason: str, by: Actor, at: datetime, by_post: bool = False
) -> Letter:
    """Settle that a letter did not go, and put it back to be sent: to the address that the person has now, or by post.

    Raises ``AlreadySettled``, ``SayWhy``, ``letters.NoAddress``, ``letters.SafeContact``.
    """
    if letter.state not in (State.UNCLEAR, State.FAILED):
        raise AlreadySettled
    if not reason.strip():
        raise SayWhy
    channel = Letter.Channel.POST if by_post else letter.channel
    _check_way(letter, channel)
    trail.note(events.LETTER_SETTLED, on=case, detail={"reason": reason}, ids={"letter": letter.pk, "went": False})
    changes.mark_released_again(letter=letter, channel=channel)
    if channel == Letter.Channel.EMAIL:
        letters.queue_dispatch(letter.pk)
    return letter


def _check_way(letter: Letter, channel: str) -> None:
    if channel == Letter.Channel.EMAIL and not letter.to.email:
        raise letters.NoAddress(f"We have no e-mail address for {letter.to.name}.")
    if channel == Letter.Channel.POST and not letter.to.address.strip():
        raise letters.NoAddress(f"We have no postal address for {letter.to.name}.")
    unsafe = letters.unsafe_because(letter.to, channel)
    if unsafe:
        raise letters.SafeContact(f"{letter.to.name} must not be reached in this way: “{unsafe}”")


def _check_day(letter: Letter, on: date, at: datetime) -> None:
    if on > moment.local(at).date():
        raise InTheFuture
    if letter.released_at is not None and on < moment.local(letter.released_at).date():
        raise BeforeRelease(
            f"“{letter.subject}” was released on {dates.plain(moment.local(letter.released_at).date())}."
        )


def _dispatched(*, case: Case, letter: Letter, evidence: Mapping[str, Any], on: date, by: Actor, at: datetime) -> None:
    """Write down that a letter went and what follows: the happening that it starts, an answer's promises."""
    changes.mark_dispatched(letter=letter, on=on, evidence=dict(evidence), by=by, at=at)
    entry = trail.note(
        events.LETTER_DISPATCHED,
        on=case,
        detail={"to": letter.to.name, "channel": letter.channel, "kind": letter.kind},
        ids={"letter": letter.pk, "on": on},
    )
    if letter.starts:
        data = dict(letter.starts_data)
        if letter.starts == "extended":
            data["told_on"] = on.isoformat()
        case_changes.add_happening(
            case=case, stage=letter.stage, kind=letter.starts, on=on, entry=entry.id, by=by, at=at, data=data
        )
    if letter.stage is not None and letter.starts in answering.ANSWERS:
        answering.gone(case=case, stage=letter.stage, letter=letter, on=on, entry=entry.id, by=by, at=at)


def _tell(case: Case, letter: Letter, words: str, *, by: Actor, at: datetime) -> None:
    """Tell the holder of the case and the letter's writer, once for each attempt."""
    for officer_id in sorted({pk for pk in (case.holder_id, letter.author_id) if pk is not None}):
        staff_changes.tell(
            council=case.council,
            officer=Officer.objects.get(pk=officer_id),
            kind="letter",
            once=f"letter:{letter.pk}:{letter.state}:{letter.attempts}:{officer_id}",
            case_reference=case.reference,
            text=words,
            by=by,
            at=at,
        )
