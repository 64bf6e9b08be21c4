"""Officers are reminded of what comes due, managers are told what is late, and both by e-mail where one is set up.

Each is told once; the job runs every half hour of the working day, so that a morning on which the machine was down
loses nothing.

Example: at 7:30am ``reminders.tell`` reminds Asha of the answer that is due in two working days.
"""

from __future__ import annotations

import logging

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import chasing
from redress.correspondence import mailing, staff_mail
from redress.plumbing import later, moment, post
from redress.staff import queries as staff_queries

log = logging.getLogger(__name__)


@later.job("reminders.tell", every="*/30 6-18 * * 1-5", lock="reminders.tell")
def tell() -> None:
    """Tell everything that is to be told today and was not; one that fails stops none of the others."""
    by = Actor.timetable("Reminders")
    for due in chasing.to_be_told(moment.today(), by):
        try:
            if due.when == "late":
                chasing.tell_late(case=due.case, clock=due.clock, due_on=due.due_on, by=by, at=moment.now())
            else:
                chasing.remind(case=due.case, clock=due.clock, due_on=due.due_on, when=due.when, by=by, at=moment.now())
        except Refusal as refusal:
            log.info("%s was not told: %s", due.case.reference, refusal.sentence)


@later.job(chasing.MAIL)
def mail(*, notice_id: int) -> None:
    """Send one notice by e-mail, where there is a mail server; it goes once or, after a crash, not at all."""
    if not mailing.has_server():
        return
    notice = staff_queries.notice(notice_id)
    if notice is None or notice.mailed_at is not None or not notice.officer.is_active:
        return
    now = moment.now()
    message = staff_mail.message_of(notice, at=now)
    by = Actor.timetable("Reminders")
    try:
        chasing.mail_begun(officer=notice.officer, notice=notice, by=by, at=now)
    except Refusal:
        return
    try:
        mailing.carrier().send(message.raw, message.sender, message.recipients, message.message_id)
    except post.SendFailure as failure:
        # It stands on the officer's desk; sending again might tell them twice.
        log.warning("Notice %s was not mailed: %s", notice_id, failure.sentence)
