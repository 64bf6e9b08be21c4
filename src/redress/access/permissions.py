"""What can a person be allowed to do?

A permission names one kind of act: ``Permission.CASE_ACKNOWLEDGE``. Which role holds it stands in
:mod:`redress.access.roles`; which step asks for it stands at the step. A name that doesn't exist fails when the program
is loaded, not when somebody presses the button.
"""

from __future__ import annotations

from enum import StrEnum

from redress.access.refusals import Refusal


class Permission(StrEnum):
    """One kind of act that a role may hold."""

    CASE_READ = "case.read"
    CASE_LOG = "case.log"
    CASE_TRIAGE = "case.triage"
    CASE_REFUSE = "case.refuse"
    CASE_ACKNOWLEDGE = "case.acknowledge"
    CASE_ALLOCATE = "case.allocate"
    CASE_HOLD = "case.hold"
    CASE_WRITE = "case.write"
    CASE_CHASE = "case.chase"
    CASE_EXTEND = "case.extend"
    EXTENSION_OVERRIDE = "extension.override"
    POINT_CHANGE = "point.change"
    FINDING_RECORD = "finding.record"
    REMEDY_APPROVE = "remedy.approve"
    REMEDY_COMPLETE = "remedy.complete"
    RESPONSE_DRAFT = "response.draft"
    RESPONSE_CHECK = "response.check"
    RESPONSE_RELEASE = "response.release"
    CASE_CLOSE = "case.close"
    CASE_ESCALATE = "case.escalate"
    PERSON_CHANGE = "person.change"
    AUTHORITY_CONFIRM = "authority.confirm"
    MESSAGE_READ = "message.read"
    MESSAGE_HANDLE = "message.handle"
    DOCUMENT_READ = "document.read"
    DOCUMENT_ADD = "document.add"
    POST_RECORD = "post.record"
    TASK_ASK = "task.ask"
    TASK_ANSWER = "task.answer"
    ABSENCE_RECORD = "absence.record"
    NOTICE_READ = "notice.read"
    CALENDAR_CHANGE = "calendar.change"
    TEMPLATE_PUBLISH = "template.publish"
    EDITION_DRAFT = "edition.draft"
    EDITION_APPROVE = "edition.approve"
    SETTINGS_CHANGE = "settings.change"
    COUNCIL_CHANGE = "council.change"
    STAFF_CHANGE = "staff.change"
    MAILBOX_CHANGE = "mailbox.change"
    TRAIL_READ = "trail.read"

    TIMETABLE_RECEIVE = "timetable.receive"
    TIMETABLE_DISPATCH = "timetable.dispatch"
    TIMETABLE_REMIND = "timetable.remind"
    TIMETABLE_RECOMPUTE = "timetable.recompute"
    TIMETABLE_HOLIDAYS = "timetable.holidays"
    TIMETABLE_SCAN = "timetable.scan"
    TIMETABLE_SEAL = "timetable.seal"

    NEWCOMER_COME_IN = "newcomer.come-in"

    RESIDENT_SUBMIT = "resident.submit"
    RESIDENT_ADD = "resident.add"
    RESIDENT_ESCALATE = "resident.escalate"
    RESIDENT_FOLLOW = "resident.follow"

    @property
    def sentence(self) -> str:
        """Say what the permission lets a person do, as it reads after "may"."""
        return PERMISSIONS[self]


PERMISSIONS: dict[Permission, str] = {
    Permission.CASE_READ: "read cases",
    Permission.CASE_LOG: "log a complaint",
    Permission.CASE_TRIAGE: "decide whether a contact is a complaint, a service request or something else",
    Permission.CASE_REFUSE: "refuse to consider a complaint",
    Permission.CASE_ACKNOWLEDGE: "send an acknowledgement",
    Permission.CASE_ALLOCATE: "allocate a case to an officer",
    Permission.CASE_HOLD: "hold a case and take on its work",
    Permission.CASE_WRITE: "write letters, e-mails and notes on a case, and note telephone calls",
    Permission.CASE_CHASE: "chase a service or an officer for what is due",
    Permission.CASE_EXTEND: "extend the time for a response",
    Permission.EXTENSION_OVERRIDE: "extend beyond what the procedure allows, with a reason on the record",
    Permission.POINT_CHANGE: "agree and reword the points of a complaint",
    Permission.FINDING_RECORD: "record findings",
    Permission.REMEDY_APPROVE: "approve remedies that cost money",
    Permission.REMEDY_COMPLETE: "record that a remedy or promise was done",
    Permission.RESPONSE_DRAFT: "draft a response",
    Permission.RESPONSE_CHECK: "check another person's response",
    Permission.RESPONSE_RELEASE: "release a checked response",
    Permission.CASE_CLOSE: "close a stage with its outcome",
    Permission.CASE_ESCALATE: "take a case to its next stage",
    Permission.PERSON_CHANGE: "change what is recorded of a person",
    Permission.AUTHORITY_CONFIRM: "confirm that a representative may act",
    Permission.MESSAGE_READ: "read the messages of the mailboxes",
    Permission.MESSAGE_HANDLE: "handle messages in the intake queue",
    Permission.DOCUMENT_READ: "open documents",
    Permission.DOCUMENT_ADD: "add documents to a case",
    Permission.POST_RECORD: "record that letters went into the post",
    Permission.TASK_ASK: "ask a service for an answer or an action",
    Permission.TASK_ANSWER: "answer what their service was asked",
    Permission.ABSENCE_RECORD: "record who is away and who covers",
    Permission.NOTICE_READ: "mark what they were told as read",
    Permission.CALENDAR_CHANGE: "change office closures and bank holidays",
    Permission.TEMPLATE_PUBLISH: "publish letter templates",
    Permission.EDITION_DRAFT: "draft the council's own edition of a procedure and try it on past cases",
    Permission.EDITION_APPROVE: "approve the council's own edition of a procedure that somebody else drafted",
    Permission.SETTINGS_CHANGE: "change the council's settings",
    Permission.COUNCIL_CHANGE: "change the council's services, categories, contact details and working settings",
    Permission.STAFF_CHANGE: "add staff and change their roles",
    Permission.MAILBOX_CHANGE: "set up the mailboxes",
    Permission.TRAIL_READ: "read the trail",
    Permission.TIMETABLE_RECEIVE: "take in messages from a mailbox",
    Permission.TIMETABLE_DISPATCH: "hand letters and messages to the carrier, and record what came of it",
    Permission.TIMETABLE_REMIND: "send reminders before and after a due date",
    Permission.TIMETABLE_RECOMPUTE: "work due dates out again",
    Permission.TIMETABLE_HOLIDAYS: "read the published bank holidays, and add those that are new",
    Permission.TIMETABLE_SCAN: "scan uploaded documents, and record what came of it",
    Permission.TIMETABLE_SEAL: "seal the trail",
    Permission.NEWCOMER_COME_IN: "choose their own password by the one-use link that they were given",
    Permission.RESIDENT_SUBMIT: "make a complaint",
    Permission.RESIDENT_ADD: "add information to their own case",
    Permission.RESIDENT_ESCALATE: "ask for the next stage of their own case",
    Permission.RESIDENT_FOLLOW: "follow their own case",
}

_SILENT = [permission for permission in Permission if permission not in PERMISSIONS]
if _SILENT:
    raise RuntimeError(f"Permissions without a sentence: {', '.join(_SILENT)}.")


class NotPermitted(Refusal):
    """Your role doesn't allow this."""

    do = "Ask someone whose role allows it, or ask your complaints manager to change yours."

    def __init__(self, permission: Permission | None = None, *, do: str | None = None) -> None:
        self.permission = permission
        sentence = f"Your role doesn't allow you to {permission.sentence}." if permission else None
        super().__init__(sentence, do=do)
