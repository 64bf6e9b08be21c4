"""Who hands letters to the carrier, and what happens when the worker dies in the middle?

``dispatch_letter`` may run twice: it begins by asking how the letter stands. An attempt that was begun and never
recorded is settled by asking the carrier; where that can't be asked a person looks. Nothing is sent twice by itself.

Example: ``letters.queue_dispatch(letter.pk)`` inside a step queues it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from redress.access.actor import Actor
from redress.casework import delivery, letters
from redress.correspondence import mailing, queries
from redress.plumbing import later, moment, post
from redress.plumbing.storage import Altered, Missing

log = logging.getLogger(__name__)

LOOKED_AT_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)


@later.job(letters.DISPATCH, tries=5, wait=15)
def dispatch_letter(*, letter_id: int) -> None:
    """Hand a released letter to its carrier and record what came of it."""
    by = Actor.timetable("Post")
    letter = queries.letter(by, letter_id)
    if letter is None or letter.channel != "email":
        return
    carrier = mailing.carrier()
    known_unsent = False
    if letter.state == "attempting":
        known_unsent = _ask(letter, carrier, by)
        if not known_unsent:
            return
    elif letter.state != "released":
        return
    try:
        letter = delivery.begin_dispatch(
            case=letter.case, letter=letter, known_unsent=known_unsent, by=by, at=moment.now()
        )
    except delivery.NotWaiting:
        return
    if letter.state != "attempting":
        return
    _send(letter, carrier, by)


def _ask(letter: queries.Letter, carrier: post.Carrier, by: Actor) -> bool:
    """Settle an attempt that was begun and never recorded; answers whether the letter is known not to have gone."""
    went = carrier.was_sent(letter.message_id)
    if went is False:
        return True
    if went:
        evidence = {"carrier": carrier.name, "asked_afterwards": True, "message_id": letter.message_id}
        on = moment.local(letter.attempted_at or moment.now()).date()
        _record(
            lambda at: delivery.record_dispatch(case=letter.case, letter=letter, evidence=evidence, on=on, by=by, at=at)
        )
    else:
        why = "Sending was begun and not finished, and the mail server can’t be asked whether it went."
        _record(lambda at: delivery.record_unclear(case=letter.case, letter=letter, why=why, by=by, at=at))
    return False


def _send(letter: queries.Letter, carrier: post.Carrier, by: Actor) -> None:
    """Send outside any transaction, and record what the carrier said."""
    case = letter.case
    try:
        message = mailing.message_of(letter, at=moment.now())
        said = carrier.send(message.raw, message.sender, list(message.recipients), message.message_id)
    except (post.CannotAddress, Missing, Altered) as problem:
        why = getattr(problem, "sentence", str(problem))
        _record(lambda at: delivery.record_failure(case=case, letter=letter, why=why, by=by, at=at))
    except post.PermanentFailure as problem:
        why = problem.sentence
        _record(lambda at: delivery.record_failure(case=case, letter=letter, why=why, by=by, at=at))
    except post.TemporaryFailure as problem:
        why = problem.sentence
        _record(
            lambda at: delivery.put_off(
                case=case, letter=letter, why=why, until=at + _wait(letter.attempts), by=by, at=at
            )
        )
    except post.Unclear as problem:
        why = problem.sentence
        _record(lambda at: delivery.record_unclear(case=case, letter=letter, why=why, by=by, at=at))
    else:
        evidence = {
            "carrier": said.carrier,
            "accepted_at": said.accepted_at.isoformat(),
            "queue_id": said.queue_id,
            "response": said.response,
            "refused": dict(said.refused),
            "message_id": message.message_id,
        }
        on = moment.local(said.accepted_at).date()
        _record(lambda at: delivery.record_dispatch(case=case, letter=letter, evidence=evidence, on=on, by=by, at=at))


def _wait(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(attempts, 9)), LONGEST_WAIT)


def _record(write: Callable[[datetime], object]) -> None:
    """Record what came of an attempt; when somebody else recorded it meanwhile there is nothing left to do."""
    try:
        write(moment.now())
    except delivery.AlreadySettled as settled:
        log.info("Nothing left to record: %s", settled.sentence)


@later.job("letters.left_behind", every="*/5 * * * *")
def look_for_left_behind() -> None:
    """Queue again what was released and whose job was lost, every five minutes."""
    by = Actor.timetable("Post")
    for letter_id in queries.left_behind(by, moment.now(), waiting=LOOKED_AT_AFTER, attempting=GIVEN_UP_AFTER):
        letters.queue_dispatch(letter_id)
