"""A council with a few people and services, and e-mails to send it, for the tests of intake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import arrivals, intake, setting_up
from redress.correspondence.models import Message
from redress.council.models import Category, Council, Mailbox, Service
from redress.staff.models import Officer
from redress.staff.queries import actor_for

AT = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
TODAY = AT.date()
MAILBOXES = Actor.timetable("Mailboxes")


@dataclass(frozen=True)
class Office:
    """One council as the tests need it."""

    council: Council
    waste: Service
    housing: Service
    category: Category
    mailbox: Mailbox
    officers: dict[Role, Officer]

    def actor(self, role: Role = Role.ADMINISTRATOR) -> Actor:
        """Give the actor with this role."""
        return actor_for(self.officers[role], TODAY)


def office(code: str = "northmere", prefix: str = "NMR") -> Office:
    """Set a council up with both procedures, two services, a mailbox and an officer of each role."""
    name = code.title()
    steps: dict[str, Any] = {"by": Actor.command("tests"), "at": AT}
    council = setting_up.add_council(
        code=code,
        name=f"{name} Borough Council",
        short_name=name,
        prefix=prefix,
        accent="#14575c",
        address=f"Civic Offices\n1 High Street\n{name}",
        telephone="01632 960100",
        email=f"office@{code}.example",
        **steps,
    )
    for procedure in ("corporate-complaint", "housing-complaint"):
        setting_up.adopt_procedure(council=council, procedure=procedure, adopted_from=dt.date(2024, 4, 1), **steps)

    def service(called: str, landlord: bool) -> Service:
        return setting_up.add_service(council=council, directorate="Place", name=called, landlord=landlord, **steps)

    officers = {}
    for role in Role:
        called = role.value.replace("_", " ").title()
        officer = setting_up.add_officer(
            email=f"{role.value}@{code}.example", name=f"{called} of {name}", password=None, **steps
        )
        since = dt.date(2026, 1, 1)
        setting_up.give_role(council=council, officer=officer, role=role, service=None, since=since, **steps)
        officers[role] = officer
    return Office(
        council=council,
        waste=service("Waste and recycling", False),
        housing=service("Council housing", True),
        category=setting_up.add_category(council=council, name="Missed collection", **steps),
        mailbox=setting_up.add_mailbox(council=council, address=f"complaints@{code}.example", active=True, **steps),
        officers=officers,
    )


def mail(
    body: str = "My bin was missed again.",
    *,
    sender: str = "Dev Patel <dev@mail.example>",
    subject: str = "Missed bin",
    to: str = "complaints@northmere.example",
    message_id: str = "<one@mail.example>",
    date: str = "Mon, 23 Nov 2026 08:52:00 +0000",
    headers: dict[str, str] | None = None,
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """Write an e-mail."""
    message = EmailMessage()
    for name, value in (
        ("From", sender),
        ("To", to),
        ("Subject", subject),
        ("Message-ID", message_id),
        ("Date", date),
        *(headers or {}).items(),
    ):
        if value:
            message[name] = value
    message.set_content(body)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def arrive(of: Office, raw: bytes, *, at: dt.datetime = AT, **more: Any) -> arrivals.Arrival:
    """Let an e-mail arrive in the council's mailbox."""
    given: dict[str, Any] = {
        "mailbox": of.mailbox,
        "source": "INBOX 1/1",
        "received_at": at,
        "acknowledge": True,
        **more,
    }
    return arrivals.take_in(raw=raw, council=of.council, by=MAILBOXES, at=at, **given)


def entry(of: Office, **more: Any) -> intake.Entry:
    """Write down what an officer fills in for Dev Patel's missed bin."""
    given: dict[str, Any] = {
        "channel": "email",
        "person": intake.Who(new=intake.Details(name="Dev Patel", title="Mr", email="dev@mail.example")),
        "received_at": AT,
        "received_on": TODAY,
        "procedure": "corporate-complaint",
        "matter": "Missed bin",
        "points": ("The bin was missed on 16 November.", "Nobody rang back."),
        "outcome_sought": "Empty the bin.",
        "service": of.waste,
        "category": of.category,
        **more,
    }
    return intake.Entry(**given)


def logged(of: Office, message: Message | None = None, *, at: dt.datetime = AT, **more: Any) -> Case:
    """Log a case as the complaints administrator."""
    return intake.log(council=of.council, message=message, entry=entry(of, **more), by=of.actor(), at=at)
