"""One of everything that an address can name, made through the steps, for the sweeps over addresses and pages.

Example: ``scene = build(cast); scene.parameters("desk:case")`` gives the reference of a case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from factories.cast import AT, TODAY, Cast
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case, Note
from redress.casework import arrivals, documents, local_editions, notes, portal, tasks, triage
from redress.correspondence.models import Letter, Message
from redress.council.models import LocalEdition
from redress.documents.models import Document
from redress.learning.models import Remedy
from redress.people.models import Adjustment
from redress.quality.models import Check
from redress.rulebook.local import Choices
from redress.staff.models import Absence
from redress.tasks.models import Task

MAILBOXES = Actor.timetable("Mailboxes")
TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def email(subject: str, body: str, sender: str = "Grace Okafor <grace@mail.example>") -> bytes:
    """Write an e-mail to Northmere."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "complaints@northmere.example", subject
    message["Date"] = "Mon, 23 Nov 2026 08:52:00 +0000"
    message["Message-ID"] = f"<{abs(hash((subject, sender)))}@mail.example>"
    message.set_content(body)
    message.add_attachment("Street,Day\nAlder Road,Monday\n", filename="rounds.csv")
    return message.as_bytes()


@dataclass
class Scene:
    """Everything that an address can name."""

    cast: Cast
    case: Case
    represented: Case
    to_triage: Case
    request: Case
    with_checker: Case
    message: Message
    reply: Message
    letter: Letter
    check: Check
    remedy: Remedy
    document: Document
    task: Task

    def parameters(self, name: str, wanted: tuple[str, ...]) -> dict[str, Any]:
        """Give what an address with these parameters needs. Raises ``KeyError`` for one that nobody thought about."""
        contact = self.case.complainant
        special: dict[str, dict[str, Any]] = {
            "desk:triage": {"reference": self.to_triage.reference},
            "desk:refuse": {"reference": self.to_triage.reference},
            "desk:request": {"reference": self.request.reference},
            "desk:request-letter": {"reference": self.request.reference},
            "desk:turn-into-complaint": {"reference": self.request.reference},
            "desk:authority": {"reference": self.represented.reference},
            "desk:authority-letter": {"reference": self.represented.reference},
            "desk:authority-withdraw": {"reference": self.represented.reference},
            "desk:response": {"reference": self.with_checker.reference},
            "desk:template": {"key": "acknowledgement"},
        }
        known: dict[str, Any] = {
            "reference": self.case.reference,
            "number": 1,
            "happening_id": self.case.happenings.order_by("pk").first().pk,
            "message_id": self.message.pk,
            "document_id": self.document.pk,
            "letter_id": self.letter.pk,
            "check_id": self.check.pk,
            "remedy_id": self.remedy.pk,
            "task_id": self.task.pk,
            "contact_id": contact.pk,
            "adjustment_id": Adjustment.objects.filter(contact=contact).values_list("pk", flat=True).first() or 1,
            "officer_id": self.cast.asha.pk,
            "absence_id": Absence.objects.values_list("pk", flat=True).first() or 1,
            "mailbox_id": self.cast.mailbox.pk,
            "closure_id": 1,
            "holiday_id": 1,
            "procedure": "corporate-complaint",
            "edition_number": LocalEdition.objects.values_list("pk", flat=True).first() or 1,
            "code": "northmere",
            "kind": "service",
            "part_number": self.cast.waste.pk,
            "key": "problem",
            "token": TOKEN,
            "stream": f"case:{self.case.pk}",
            **special.get(name, {}),
        }
        return {one: known[one] for one in wanted}


def build(cast: Cast) -> Scene:
    """Make one of everything for Northmere; nothing of it is the stranger's."""
    officer = cast.actor()
    case = cast.allocated(cast.acknowledged(cast.logged()))
    _more(cast, case, officer)
    task = tasks.ask(
        case=case, service=cast.waste, question="Did the crew come?", points=list(case.points.all()),
        due_on=TODAY + dt.timedelta(days=3), by=officer, at=AT,
    )  # fmt: skip
    case = cast.answered(case)
    case = cast.at_stage_2(case)
    to_triage = _from_the_portal(cast)
    with_checker = cast.allocated(cast.acknowledged(cast.logged(matter="A form that was lost")))
    check = cast.with_checker(cast.drafted(with_checker))
    message, reply = _arrived(cast, "Missed bin again"), _arrived(cast, "About the drains")
    request = _request(cast)
    _own_edition(cast)
    return Scene(
        cast=cast, case=case, represented=cast.eves(), to_triage=to_triage,
        request=request, with_checker=with_checker, message=message,
        reply=reply, letter=Letter.objects.filter(case=case).order_by("pk").first(), check=check,
        remedy=Remedy.objects.filter(case=case).order_by("pk").first(),
        document=Document.objects.filter(case=case, source="added").order_by("pk").first()
        or Document.objects.filter(case=case).order_by("pk").first(),
        task=task,
    )  # fmt: skip


def _more(cast: Cast, case: Case, by: Actor) -> None:
    notes.write_note(
        case=case, kind=Note.Kind.CALL_OUT, words="Rang Mr Patel.", on=TODAY, contact=case.complainant, next_action="",
        by=by, at=AT,
    )  # fmt: skip
    files = [SimpleUploadedFile("round sheet.txt", b"The crew did not come to Alder Road.", "text/plain")]
    documents.add_documents(case=case, uploads=documents.take_in(case.council, files), point=None, by=by, at=AT)


def _own_edition(cast: Cast) -> None:
    """Draft an edition of Northmere's own, and try it."""
    by, later = cast.actor(Role.TEAM_LEADER), TODAY + dt.timedelta(days=30)
    words = local_editions.worded(cast.northmere, "corporate-complaint", Choices(limits={"stage-1-response": 8}), later)
    row = local_editions.draft(council=cast.northmere, given=words, by=by, at=AT)
    local_editions.try_out(edition=row, by=by, at=AT)


def _arrived(cast: Cast, subject: str) -> Message:
    return arrivals.take_in(
        raw=email(subject, "Our brown bin was missed again on Alder Road."), council=cast.northmere,
        mailbox=cast.mailbox, source="INBOX", received_at=AT, by=MAILBOXES, at=AT,
    ).message  # fmt: skip


def _from_the_portal(cast: Cast) -> Case:
    """Send the portal's form; what comes from there is still to be triaged."""
    who = Actor.resident(council_id=cast.northmere.pk, name="Dev Patel")
    portal.begin_form(council=cast.northmere, secret=TOKEN, answers={}, by=who, at=AT)
    complaint = portal.Complaint(
        person=portal.Person(name="Dev Patel", email="dev@mail.example"), points=("The depot is noisy at night.",)
    )
    return portal.submit(
        council=cast.northmere, secret=TOKEN, complaint=complaint, site="http://testserver", by=who, at=AT
    )


def _request(cast: Cast) -> Case:
    """Have a contact treated as a service request."""
    return triage.treat_as_other(
        case=_second_form(cast), kind="service-request", reason="It is reported for the first time.",
        dissatisfied=False, choice=None, by=cast.actor(), at=AT,
    )  # fmt: skip


def _second_form(cast: Cast) -> Case:
    who = Actor.resident(council_id=cast.northmere.pk, name="Dev Patel")
    portal.begin_form(council=cast.northmere, secret=TOKEN[::-1], answers={}, by=who, at=AT)
    complaint = portal.Complaint(
        person=portal.Person(name="Dev Patel", email="dev@mail.example"), points=("A lamp is out on Alder Road.",)
    )
    return portal.submit(
        council=cast.northmere, secret=TOKEN[::-1], complaint=complaint, site="http://testserver", by=who, at=AT
    )
