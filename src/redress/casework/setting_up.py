"""How does a council come to be served here: its services and categories, its procedures, its mailboxes, its people?

Example: ``add_council(code="northmere", name="Northmere Borough Council", prefix="NMR", …, by=by, at=at)``, then
``add_service``, ``adopt_procedure``, ``add_officer`` and ``give_role``.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.roles import ROLES, Role
from redress.access.step import step
from redress.casework.wording import words
from redress.council import changes, events
from redress.council.models import AdoptedProcedure, Category, Council, Mailbox, Service
from redress.plumbing import brand, text
from redress.rulebook import procedures
from redress.staff import changes as staff_changes
from redress.staff import events as staff_events
from redress.staff.models import Membership, Officer


class NameNeeded(Refusal):
    """Give a name."""

    field = "name"


class BadCode(Refusal):
    """The code of a council stands in its addresses: small letters, figures and hyphens."""

    field = "code"


class CodeTaken(Refusal):
    """There is a council with this code or prefix already."""

    field = "code"


class WrongDates(Refusal):
    """A council ends after it began."""

    field = "ends_on"


class CannotBeRead(Refusal):
    """Text in this colour can’t be read."""

    field = "accent"


class AddressTaken(Refusal):
    """Somebody signs in with this e-mail address already."""

    field = "email"


class HeldAlready(Refusal):
    """They hold this role at this council already."""

    field = "role"


class UnknownProcedure(Refusal):
    """The rulebook holds no such procedure."""

    field = "procedure"


class WeakPassword(Refusal):
    """This password is too easy to guess."""

    field = "password"


@step(needs=Permission.SETTINGS_CHANGE, on=())
def add_council(
    *,
    code: str,
    name: str,
    short_name: str,
    prefix: str,
    accent: str,
    address: str,
    telephone: str,
    email: str,
    by: Actor,
    at: datetime,
    web: str = "",
    opening_hours: str = "",
    exists_from: date | None = None,
    ends_on: date | None = None,
) -> Council:
    """Begin to serve a council. Raises ``NameNeeded``, ``BadCode``, ``CodeTaken``, ``CannotBeRead``, ``WrongDates``."""
    return new_council(
        code=code, name=name, short_name=short_name, prefix=prefix, accent=accent, address=address,
        telephone=telephone, email=email, web=web, opening_hours=opening_hours, exists_from=exists_from,
        ends_on=ends_on, by=by, at=at,
    )  # fmt: skip


def new_council(
    *,
    code: str,
    name: str,
    short_name: str,
    prefix: str,
    accent: str,
    address: str,
    telephone: str,
    email: str,
    web: str,
    opening_hours: str,
    exists_from: date | None,
    ends_on: date | None,
    by: Actor,
    at: datetime,
) -> Council:
    """Add a council inside a step, and note it in the trail. Raises what ``add_council`` raises."""
    if not words(name, "name").strip():
        raise NameNeeded
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,38}", code) or not re.fullmatch(r"[A-Z]{2,5}", prefix):
        raise BadCode
    if Council.objects.filter(code=code).exists() or Council.objects.filter(prefix=prefix).exists():
        raise CodeTaken
    judged = brand.check_accent(accent)
    if not judged.accepted:
        raise CannotBeRead(judged.sentence, do=f"Take {judged.offered} instead.")
    if exists_from is not None and ends_on is not None and ends_on <= exists_from:
        raise WrongDates
    council = changes.add_council(
        code=code,
        name=text.one_line(name),
        short_name=text.one_line(short_name),
        prefix=prefix,
        accent=accent.lower(),
        address=words(address, "address"),
        telephone=text.one_line(telephone),
        email=text.one_line(email),
        web=text.one_line(web),
        opening_hours=text.one_line(opening_hours),
        exists_from=exists_from,
        ends_on=ends_on,
        by=by,
        at=at,
    )
    trail.note(events.ADDED, on=council, ids={"name": council.name, "code": code, "prefix": prefix})
    return council


@step(needs=Permission.SETTINGS_CHANGE, on="council")
def add_service(
    *,
    council: Council,
    directorate: str,
    name: str,
    by: Actor,
    at: datetime,
    email: str = "",
    landlord: bool = False,
    lgsl: str = "",
) -> Service:
    """Add a service of the council. Raises ``NameNeeded``."""
    if not name.strip() or not directorate.strip():
        raise NameNeeded
    service = changes.add_service(
        council=council,
        directorate=text.one_line(words(directorate, "directorate")),
        name=text.one_line(words(name, "name")),
        email=email,
        landlord=landlord,
        lgsl=lgsl,
        by=by,
        at=at,
    )
    trail.note(events.SERVICE_ADDED, on=council, ids={"name": service.name, "service": service.pk})
    return service


@step(needs=Permission.SETTINGS_CHANGE, on="council")
def add_category(*, council: Council, name: str, by: Actor, at: datetime) -> Category:
    """Add a category of complaints. Raises ``NameNeeded``."""
    if not name.strip():
        raise NameNeeded
    category = changes.add_category(council=council, name=text.one_line(words(name, "name")), by=by, at=at)
    trail.note(events.CATEGORY_ADDED, on=council, ids={"name": category.name, "category": category.pk})
    return category


@step(needs=Permission.SETTINGS_CHANGE, on="council")
def adopt_procedure(
    *, council: Council, procedure: str, adopted_from: date, by: Actor, at: datetime
) -> AdoptedProcedure:
    """Record that the council follows a procedure of the rulebook from a day on. Raises ``UnknownProcedure``."""
    if procedure not in procedures.codes():
        raise UnknownProcedure
    adopted = changes.adopt(council=council, procedure=procedure, adopted_from=adopted_from, by=by, at=at)
    trail.note(events.PROCEDURE_ADOPTED, on=council, ids={"procedure": procedure, "from": adopted_from.isoformat()})
    return adopted


@step(needs=Permission.MAILBOX_CHANGE, on="council")
def add_mailbox(
    *,
    council: Council,
    address: str,
    by: Actor,
    at: datetime,
    purpose: str = "complaints",
    imap_host: str = "",
    imap_port: int = 993,
    imap_tls: bool = True,
    imap_user: str = "",
    password_setting: str = "",
    active: bool = False,
) -> Mailbox:
    """Add a mailbox of the council; its password is never kept here, only the name of the setting that holds it."""
    mailbox = changes.add_mailbox(
        council=council,
        address=text.one_line(words(address, "address")),
        purpose=purpose,
        imap_host=imap_host,
        imap_port=imap_port,
        imap_tls=imap_tls,
        imap_user=imap_user,
        password_setting=password_setting,
        active=active,
        by=by,
        at=at,
    )
    trail.note(events.MAILBOX_ADDED, on=council, ids={"address": mailbox.address, "mailbox": mailbox.pk})
    return mailbox


@step(needs=Permission.MAILBOX_CHANGE, on="mailbox")
def switch_mailbox(*, mailbox: Mailbox, active: bool, by: Actor, at: datetime) -> Mailbox:
    """Have a mailbox read from now on, or leave it alone."""
    changes.switch_mailbox(mailbox=mailbox, active=active, by=by, at=at)
    trail.note(events.MAILBOX_CHANGED, on=mailbox, ids={"mailbox": mailbox.pk, "active": active})
    return mailbox


@step(needs=Permission.STAFF_CHANGE, on=())
def add_officer(
    *,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
    job_title: str = "",
    telephone: str = "",
    password: str | None = None,
) -> Officer:
    """Add a person who can sign in; they see nothing before they are given a role. Raises ``AddressTaken``."""
    return new_officer(
        email=email, name=name, job_title=job_title, telephone=telephone, password=password, by=by, at=at
    )


def new_officer(
    *, email: str, name: str, job_title: str, telephone: str, password: str | None, by: Actor, at: datetime
) -> Officer:
    """Add a person inside a step, and note it in the trail. Raises ``NameNeeded``, ``AddressTaken``."""
    if not name.strip():
        raise NameNeeded
    if Officer.objects.filter(email=email.lower()).exists():
        raise AddressTaken
    _check_password(password)
    officer = staff_changes.add_officer(
        email=email,
        name=text.one_line(words(name, "name")),
        job_title=text.one_line(job_title),
        telephone=text.one_line(telephone),
        password=password,
        by=by,
        at=at,
    )
    trail.note(staff_events.ADDED, on=officer, detail={"name": officer.name, "email": officer.email})
    return officer


@step(needs=Permission.STAFF_CHANGE, on="council")
def give_role(
    *,
    council: Council,
    officer: Officer,
    role: Role,
    since: date,
    by: Actor,
    at: datetime,
    service: Service | None = None,
) -> Membership:
    """Give an officer a role at a council, for a service manager with their service. Raises ``HeldAlready``."""
    return new_role(council=council, officer=officer, role=role, since=since, service=service, by=by, at=at)


def new_role(
    *, council: Council, officer: Officer, role: Role, since: date, service: Service | None, by: Actor, at: datetime
) -> Membership:
    """Give a role inside a step, and note it in the trail. Raises ``HeldAlready``."""
    if Membership.objects.filter(council=council, officer=officer, role=role.value).exists():
        raise HeldAlready(f"{officer.name} is {ROLES[role].title} of {council.name} already.")
    membership = staff_changes.give_role(
        council=council, officer=officer, role=role, service=service, since=since, by=by, at=at
    )
    trail.note(
        staff_events.ROLE_GIVEN, on=officer, ids={"council": council.pk, "role": role.value, "since": since.isoformat()}
    )
    return membership


@step(needs=Permission.STAFF_CHANGE, on="officer")
def set_password(*, officer: Officer, password: str, by: Actor, at: datetime) -> Officer:
    """Give an officer a new password, when theirs is lost. Raises ``WeakPassword``."""
    _check_password(password)
    staff_changes.set_password(officer=officer, password=password, by=by, at=at)
    trail.note(staff_events.PASSWORD_SET, on=officer)
    return officer


def _check_password(password: str | None) -> None:
    if password is None:
        return
    try:
        validate_password(password)
    except ValidationError as weak:
        raise WeakPassword(" ".join(weak.messages)) from weak
