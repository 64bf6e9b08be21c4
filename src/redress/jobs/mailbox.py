"""Mailboxes are read, what was left half-way is taken up again, and senders are told that their message is here.

A message is marked in the mailbox only after it is stored; whatever happens before that leaves it there, to be read
again. Two readers of one mailbox are kept apart by the lock of the job, and harmless when they are not.

Example: every minute ``mailboxes.poll`` queues one ``mailbox.read`` for each active mailbox.
"""

from __future__ import annotations

import logging
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from redress.access.actor import Actor
from redress.casework import arrivals
from redress.correspondence import mailing
from redress.correspondence import queries_arrivals as queries
from redress.documents.store import store
from redress.plumbing import later, moment, post
from redress.plumbing.mail import headers, imap, parts
from redress.plumbing.storage import Altered, Missing

LONGEST_WAIT = timedelta(hours=1)
SWEEP_AFTER = timedelta(minutes=2)
OLDEST_DELIVERY = timedelta(days=366)
CUT_SHORT = "It is larger than we fetch: only its beginning is kept here. The whole message is still in the mailbox."

log = logging.getLogger(__name__)


@later.job("mailboxes.poll", every="* * * * *")
def poll() -> None:
    """Queue the reading of every active mailbox that is not being left alone after failures."""
    now = moment.now()
    for mailbox in queries.active_mailboxes():
        if not backing_off(mailbox.failures, mailbox.last_failure_at, now):
            later.queue(
                "mailbox.read", lock=f"mailbox:{mailbox.pk}", key=f"mailbox:{mailbox.pk}", mailbox_id=mailbox.pk
            )


def backing_off(failures: int, last_failure_at: datetime | None, now: datetime) -> bool:
    """Say whether a mailbox that failed is to be left alone for now: 1, 2, 4 … minutes, an hour at most."""
    if not failures or last_failure_at is None:
        return False
    wait = min(timedelta(minutes=2 ** min(failures - 1, 10)), LONGEST_WAIT)
    return now < last_failure_at + wait - timedelta(seconds=20)


@later.job("mailbox.read")
def read(*, mailbox_id: int) -> None:
    """Read one mailbox: store each message, then mark it; a failure is written down and told."""
    by = Actor.timetable("Mailboxes")
    mailbox = next((one for one in queries.active_mailboxes() if one.pk == mailbox_id), None)
    if mailbox is None:
        return
    arrived = 0
    try:
        with imap.Mailbox(account_of(mailbox)) as box:
            for fetched in box.waiting():
                now = moment.now()
                arrivals.take_in(
                    raw=fetched.raw,
                    council=mailbox.council,
                    mailbox=mailbox,
                    source=f"{mailbox.folder} {fetched.uid_validity}/{fetched.uid}",
                    received_at=delivered_at(fetched.raw, now) or now,
                    by=by,
                    at=now,
                    acknowledge=True,
                    faults=() if fetched.whole else (CUT_SHORT,),
                )
                arrived += 1
                box.confirm(fetched)
    except imap.MailboxFault as fault:
        arrivals.mailbox_failed(mailbox=mailbox, why=fault.sentence, by=by, at=moment.now())
        return
    # A reading that brought nothing is not written into the trail each minute; the page needs its time all the same.
    now = moment.now()
    if arrived or mailbox.failures or _is_old(mailbox.last_success_at, now):
        arrivals.mailbox_read(mailbox=mailbox, arrivals=arrived, by=by, at=now)


def _is_old(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= timedelta(minutes=10)


def account_of(mailbox: Any) -> imap.Account:
    """Say how to reach a mailbox; its password comes from the environment, never from the database."""
    name = mailbox.password_setting
    return imap.Account(
        host=mailbox.imap_host,
        port=mailbox.imap_port,
        user=mailbox.imap_user or mailbox.address,
        password=os.environ.get(name, "") if name else "",
        security="tls" if mailbox.imap_tls else "none",
        folder=mailbox.folder,
    )


def delivered_at(raw: bytes, now: datetime) -> datetime | None:
    """Give when our own mail server took the message: the date of the line that it put on top.

    A weekend's mail is read on Monday, but the council had it on Saturday.
    """
    lines = parts.read(raw[: headers.MAX_HEADER_BYTES]).root.all("received")
    found = headers.date(lines[0].rpartition(b";")[2]) if lines else None
    return found if found is not None and now - OLDEST_DELIVERY <= found <= now else None


@later.job("receipts.sweep", every="*/2 * * * *", lock="receipts.sweep")
def sweep() -> None:
    """Take apart the receipts that were left when a process was killed between its two halves."""
    by = Actor.timetable("Mailboxes")
    for receipt in queries.receipts_not_read(moment.now() - SWEEP_AFTER):
        try:
            raw = store().read(receipt.council.code, receipt.sha256, verify=True)
        except (Missing, Altered):
            log.exception("The bytes of receipt %d are not what was kept.", receipt.pk)
            continue
        arrivals.take_apart(
            receipt=receipt, raw=raw, by=by, at=moment.now(), acknowledge=receipt.mailbox_id is not None
        )


@later.job(arrivals.ACKNOWLEDGE, tries=6, wait=60)
def send_automatic_acknowledgement(*, acknowledgement_id: int) -> None:
    """Send one automatic acknowledgement; what may have gone is never sent again by itself."""
    by = Actor.timetable("Post")
    row = queries.automatic_acknowledgement(acknowledgement_id)
    if row is None or row.state in ("sent", "failed", "unclear"):
        return
    carrier = mailing.carrier()
    if row.state == "attempting" and carrier.was_sent(row.our_identity) is not False:
        state = "sent" if carrier.was_sent(row.our_identity) else "unclear"
        _settle(row.pk, state, {"settled": "after a crash"}, by)
        return
    if row.state == "queued":
        arrivals.begin_automatic_acknowledgement(message=row.message, acknowledgement_id=row.pk, by=by, at=moment.now())
    try:
        note = arrivals.automatic_note(row, moment.now())
        evidence = carrier.send(note.raw, note.sender, note.recipients, note.message_id)
    except post.TemporaryFailure as failure:
        _settle(row.pk, "queued", {"why": failure.sentence}, by)
        raise
    except post.Unclear as failure:
        _settle(row.pk, "unclear", {"why": failure.sentence}, by)
        return
    except (post.PermanentFailure, post.CannotAddress) as failure:
        _settle(row.pk, "failed", {"why": failure.sentence}, by)
        return
    kept = {**asdict(evidence), "accepted_at": evidence.accepted_at.isoformat(), "refused": dict(evidence.refused)}
    _settle(row.pk, "sent", kept, by)


def _settle(acknowledgement_id: int, state: str, evidence: dict[str, object], by: Actor) -> None:
    row = queries.automatic_acknowledgement(acknowledgement_id)
    if row is not None:
        arrivals.settle_automatic_acknowledgement(
            message=row.message, acknowledgement_id=row.pk, state=state, evidence=evidence, by=by, at=moment.now()
        )
