"""Small writes to the tables of councils; casework calls them inside its steps."""

from __future__ import annotations

from datetime import date, datetime

from redress.access.actor import Actor
from redress.council.models import (
    AdoptedProcedure,
    BankHoliday,
    Category,
    Closure,
    Council,
    Directorate,
    Mailbox,
    Service,
)
from redress.plumbing import text


def add_closure(*, council: Council, on: date, reason: str) -> Closure:
    """Add a day on which the council's offices are closed."""
    return Closure.objects.create(council_id=council.pk, on=on, reason=reason)


def remove_closure(*, closure: Closure) -> None:
    """Take a day of closure back."""
    closure.delete()


def add_bank_holiday(*, on: date, division: str, name: str, source: str) -> BankHoliday:
    """Add a bank holiday that the packaged list does not have."""
    return BankHoliday.objects.create(on=on, division=division, name=name, source=source)


def mailbox_read(*, mailbox: Mailbox, at: datetime) -> None:
    """Write down that a mailbox was read."""
    mailbox.last_success_at = at
    mailbox.last_failure = ""
    mailbox.failures = 0
    mailbox.save(update_fields=["last_success_at", "last_failure", "failures"])


def mailbox_failed(*, mailbox: Mailbox, why: str, at: datetime) -> None:
    """Write down that a mailbox could not be read, and why."""
    mailbox.last_failure_at = at
    mailbox.last_failure = text.shorten(why, 500)
    mailbox.failures += 1
    mailbox.save(update_fields=["last_failure_at", "last_failure", "failures"])


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
    web: str,
    opening_hours: str,
    by: Actor,
    at: datetime,
) -> Council:
    """Add a council, with what its letters and pages say of it."""
    return Council.objects.create(
        code=code,
        name=name,
        short_name=short_name,
        prefix=prefix,
        accent=accent,
        address=address,
        telephone=telephone,
        email=email,
        web=web,
        opening_hours=opening_hours,
    )


def add_service(
    *,
    council: Council,
    directorate: str,
    name: str,
    email: str,
    landlord: bool,
    lgsl: int | None,
    by: Actor,
    at: datetime,
) -> Service:
    """Add a service in a directorate, which is made when it is first named."""
    part, _made = Directorate.objects.get_or_create(council=council, name=directorate)
    return Service.objects.create(
        council=council, directorate=part, name=name, email=email, landlord=landlord, lgsl=lgsl
    )


def add_category(*, council: Council, name: str, by: Actor, at: datetime) -> Category:
    """Add a category of complaints."""
    return Category.objects.create(council=council, name=name)


def adopt(*, council: Council, procedure: str, adopted_from: date, by: Actor, at: datetime) -> AdoptedProcedure:
    """Write down that the council follows a procedure from a day on."""
    return AdoptedProcedure.objects.create(council=council, procedure=procedure, adopted_from=adopted_from)


def add_mailbox(
    *,
    council: Council,
    address: str,
    purpose: str,
    imap_host: str,
    imap_port: int,
    imap_tls: bool,
    imap_user: str,
    password_setting: str,
    active: bool,
    by: Actor,
    at: datetime,
) -> Mailbox:
    """Add a mailbox that is read for the council; its password stays in the environment."""
    return Mailbox.objects.create(
        council=council,
        address=address.lower(),
        purpose=purpose,
        imap_host=imap_host,
        imap_port=imap_port,
        imap_tls=imap_tls,
        imap_user=imap_user,
        password_setting=password_setting,
        active=active,
    )


def connect_mailbox(
    *, mailbox: Mailbox, host: str, port: int, tls: bool, user: str, password_setting: str, folder: str, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Write down where a mailbox is read; what went wrong with the old place is forgotten."""
    mailbox.imap_host, mailbox.imap_port, mailbox.imap_tls = host, port, tls
    mailbox.imap_user, mailbox.password_setting, mailbox.folder = user, password_setting, folder
    mailbox.active, mailbox.failures, mailbox.last_failure, mailbox.last_failure_at = True, 0, "", None
    mailbox.save(
        update_fields=[
            "imap_host", "imap_port", "imap_tls", "imap_user", "password_setting", "folder", "active", "failures",
            "last_failure", "last_failure_at",
        ]
    )  # fmt: skip


def switch_mailbox(*, mailbox: Mailbox, active: bool, by: Actor, at: datetime) -> None:
    """Have a mailbox read, or leave it alone."""
    mailbox.active = active
    mailbox.save(update_fields=["active"])
