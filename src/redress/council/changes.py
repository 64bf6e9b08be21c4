"""Small writes to the tables of councils; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from redress.access.actor import Actor
from redress.council.models import (
    AdoptedProcedure,
    BankHoliday,
    Category,
    Closure,
    Council,
    Directorate,
    FeedReading,
    LocalEdition,
    Mailbox,
    Service,
)
from redress.plumbing import text
from redress.rulebook.editions import Edition


def add_closure(*, council: Council, on: date, reason: str) -> Closure:
    """Add a day on which the council's offices are closed."""
    return Closure.objects.create(council_id=council.pk, on=on, reason=reason)


def remove_closure(*, closure: Closure) -> None:
    """Take a day of closure back."""
    closure.delete()


def add_bank_holiday(*, on: date, division: str, name: str, source: str) -> BankHoliday:
    """Add a bank holiday that the packaged list does not have."""
    return BankHoliday.objects.create(on=on, division=division, name=name, source=source)


def remove_bank_holiday(*, holiday: BankHoliday) -> None:
    """Take back a bank holiday that was added; one of the packaged list can't be taken back."""
    holiday.delete()


def feed_read(
    *, source: str, readable: bool, days: int, added: int, last_on: date | None, told: list[dict[str, str]], by: Actor,
    at: datetime,
) -> FeedReading:  # fmt: skip
    """Write down that the published list of bank holidays was read, and what was found."""
    return FeedReading.objects.create(
        read_at=at,
        read_by=by.name,
        source=text.shorten(source, 300),
        readable=readable,
        days=days,
        added=added,
        last_on=last_on,
        told=told,
    )


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
    exists_from: date | None = None,
    ends_on: date | None = None,
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
        exists_from=exists_from,
        ends_on=ends_on,
    )


def add_service(
    *,
    council: Council,
    directorate: str,
    name: str,
    email: str,
    landlord: bool,
    lgsl: str,
    by: Actor,
    at: datetime,
    manager: int | None = None,
    deputy: int | None = None,
) -> Service:
    """Add a service in a directorate, which is made when it is first named."""
    part, _made = Directorate.objects.get_or_create(council=council, name=directorate)
    return Service.objects.create(
        council=council,
        directorate=part,
        name=name,
        email=email,
        landlord=landlord,
        lgsl=lgsl,
        manager=manager,
        deputy=deputy,
    )


def add_directorate(*, council: Council, name: str, by: Actor, at: datetime) -> Directorate:
    """Add a directorate that has no service yet."""
    return Directorate.objects.create(council=council, name=name)


def change_service(
    *,
    service: Service,
    directorate: Directorate,
    name: str,
    email: str,
    landlord: bool,
    lgsl: str,
    manager: int | None,
    deputy: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """Write down what a service is called, where it belongs and who answers for it."""
    service.directorate, service.name, service.email = directorate, name, email
    service.landlord, service.lgsl = landlord, lgsl
    service.manager, service.deputy = manager, deputy
    service.save(update_fields=["directorate", "name", "email", "landlord", "lgsl", "manager", "deputy"])


def rename(*, part: Directorate | Category, name: str, by: Actor, at: datetime) -> None:
    """Give a directorate or a category another name."""
    part.name = name
    part.save(update_fields=["name"])


def end_part(*, part: Directorate | Service | Category, on: date | None, by: Actor, at: datetime) -> None:
    """Write down from which day on it is no longer offered; None offers it again."""
    part.ended_on = on
    part.save(update_fields=["ended_on"])


def change_council(*, council: Council, given: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Write down a council's contact details or working settings, by the names of their columns."""
    for name, value in given.items():
        setattr(council, name, value)
    council.save(update_fields=list(given))


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


def draft_edition(*, council: Council, edition: Edition, words: str, why: str, by: Actor, at: datetime) -> LocalEdition:
    """Write down a draft of a council's own edition."""
    return LocalEdition.objects.create(
        council=council,
        procedure=edition.procedure,
        edition_id=edition.id,
        based_on=edition.based_on or "",
        in_force_from=edition.in_force_from,
        text=words,
        why=why,
        drafter=by.id or 0,
        writers=[by.id or 0],
        drafted_at=at,
        drafted_by=by.name,
        changed_at=at,
        changed_by=by.name,
    )


def change_edition(*, row: LocalEdition, edition: Edition, words: str, why: str, by: Actor, at: datetime) -> None:
    """Write down other words for a draft, and who wrote them too."""
    row.edition_id, row.based_on, row.in_force_from = edition.id, edition.based_on or "", edition.in_force_from
    row.text, row.why, row.version = words, why, row.version + 1
    row.changed_at, row.changed_by = at, by.name
    row.writers = sorted({*row.writers, by.id or 0})
    row.save(
        update_fields=[
            "edition_id", "based_on", "in_force_from", "text", "why", "version", "changed_at", "changed_by", "writers",
        ]
    )  # fmt: skip


def edition_tried(
    *, row: LocalEdition, digest: str, cases: int, late_then: int, late_under: int, by: Actor, at: datetime
) -> None:
    """Write down that a draft was tried with exactly these words, on how many cases and with what result."""
    row.tried_at, row.tried_by, row.tried_digest = at, by.name, digest
    row.tried_cases, row.tried_late_then, row.tried_late_under = cases, late_then, late_under
    row.save(
        update_fields=[
            "tried_at", "tried_by", "tried_digest", "tried_cases", "tried_late_then", "tried_late_under",
        ]
    )  # fmt: skip


def approve_edition(*, row: LocalEdition, by: Actor, at: datetime) -> None:
    """Write down who approved a draft; the database refuses whoever wrote any of it."""
    row.state = LocalEdition.State.APPROVED
    row.approver, row.approved_at, row.approved_by = by.id, at, by.name
    row.save(update_fields=["state", "approver", "approved_at", "approved_by"])


def end_edition(*, row: LocalEdition, state: str, by: Actor, at: datetime) -> None:
    """Write down that a draft was discarded, or an approved edition withdrawn."""
    row.state, row.ended_at, row.ended_by = state, at, by.name
    row.save(update_fields=["state", "ended_at", "ended_by"])
