"""Sends the portal's own e-mails: links to follow a case, that a complaint arrived, the way back to a form.

The secret of a link is made here, at the moment of sending, goes into the e-mail and is kept nowhere.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from redress.access.actor import Actor
from redress.casework import links
from redress.correspondence import mailing
from redress.plumbing import later, moment, post

MOST_ATTEMPTS = 8


@later.job(links.ANSWER_ASK, tries=5)
def answer_ask(*, ask_id: int) -> None:
    """Look up what somebody who asked for a link may follow."""
    ask = links.ask_of(ask_id)
    if ask.answered_at is None:
        links.answer_ask(ask=ask, by=Actor.timetable(), at=moment.now())


@later.job(links.SEND, tries=MOST_ATTEMPTS, wait=60)
def send_mail(*, mail_id: int) -> None:
    """Send one e-mail: written down first, sent outside any transaction, then settled."""
    by = Actor.timetable()
    mail = links.mail_of(mail_id)
    if mail.state == "attempting":
        # A worker died between beginning and settling. Asking again costs the person one click; sending twice is worse.
        sent = mailing.carrier().was_sent(mail.our_identity)
        _settle(mail_id, "sent" if sent else "unclear" if sent is None else "queued", {}, by)
        if sent is not False:
            return
        mail = links.mail_of(mail_id)
    if mail.state != "queued":
        return
    token = links.begin_mail(case=mail.case, mail=mail, by=by, at=moment.now())
    if not token:
        return
    _hand_over(mail_id, token, by)


def _hand_over(mail_id: int, token: str, by: Actor) -> None:
    mail = links.mail_of(mail_id)
    try:
        ready = links.composed(mail, token, by=by, at=moment.now())
        evidence = mailing.carrier().send(ready.raw, ready.sender, ready.recipients, ready.message_id)
    except post.TemporaryFailure as failure:
        if mail.attempts >= MOST_ATTEMPTS:
            _settle(mail_id, "failed", {"why": failure.sentence}, by)
            return
        _settle(mail_id, "queued", {"why": failure.sentence}, by)
        raise
    except post.Unclear as failure:
        _settle(mail_id, "unclear", {"why": failure.sentence}, by)
    except (post.PermanentFailure, post.CannotAddress) as failure:
        _settle(mail_id, "failed", {"why": failure.sentence}, by)
    else:
        said: dict[str, Any] = dataclasses.asdict(evidence)
        said["accepted_at"] = evidence.accepted_at.isoformat()
        said["refused"] = dict(evidence.refused)
        _settle(mail_id, "sent", said, by)


def _settle(mail_id: int, state: str, evidence: dict[str, Any], by: Actor) -> None:
    mail = links.mail_of(mail_id)
    links.settle_mail(case=mail.case, mail=mail, state=state, evidence=evidence, by=by, at=moment.now())
