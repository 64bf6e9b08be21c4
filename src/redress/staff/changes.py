"""Small writes to the officers' tables; casework calls them inside its steps."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from redress.access.actor import Actor
from redress.access.roles import Role
from redress.council.models import Council, Service
from redress.staff.models import Absence, Membership, Notice, Officer, SignInLink


def add_officer(
    *, email: str, name: str, job_title: str, telephone: str, password: str | None, by: Actor, at: datetime
) -> Officer:
    """Add a person who can sign in; without a password nobody can until one is set."""
    return Officer.objects.create_user(email, password, name=name, job_title=job_title, telephone=telephone)


def give_role(
    *, council: Council, officer: Officer, role: Role, service: Service | None, since: date, by: Actor, at: datetime
) -> Membership:
    """Give an officer a role at a council."""
    return Membership.objects.create(council=council, officer=officer, role=role.value, service=service, since=since)


def record_absence(
    *, officer: Officer, starts_on: date, ends_on: date, cover: Officer | None, reason: str, by: Actor, at: datetime
) -> Absence:
    """Record that an officer is away, and who covers."""
    return Absence.objects.create(officer=officer, starts_on=starts_on, ends_on=ends_on, cover=cover, reason=reason)


def cancel_absence(*, absence: Absence, officer: Officer, by: Actor, at: datetime) -> None:
    """Cancel an absence."""
    absence.cancelled_at = at
    absence.cancelled_by = officer
    absence.save(update_fields=["cancelled_at", "cancelled_by"])


def tell(
    *, council: Council, officer: Officer, kind: str, once: str, case_reference: str, text: str, by: Actor, at: datetime
) -> Notice | None:
    """Tell an officer something, once for the key ``once``; None when it had been told already."""
    try:
        with transaction.atomic():
            return Notice.objects.create(
                council=council,
                officer=officer,
                kind=kind,
                once=once,
                case_reference=case_reference,
                text=text[:500],
                told_at=at,
            )
    except IntegrityError:
        return None


def notice_mailed(*, notice: Notice, at: datetime) -> None:
    """Write down that a notice went by e-mail too."""
    notice.mailed_at = at
    notice.save(update_fields=["mailed_at"])


def mark_read(*, officer_id: int, by: Actor, at: datetime) -> int:
    """Mark an officer's notices as read; answers how many were new."""
    return Notice.objects.filter(officer_id=officer_id, read_at=None).update(read_at=at)


def set_password(*, officer: Officer, password: str, by: Actor, at: datetime) -> None:
    """Give an officer a new password."""
    officer.set_password(password)
    officer.save(update_fields=["password"])


def add_sign_in_link(*, officer: Officer, digest: str, expires_at: datetime, by: Actor, at: datetime) -> SignInLink:
    """Write down that a link was made; whatever link was open before opens nothing any more."""
    SignInLink.objects.filter(officer=officer, used_at=None, ended_at=None).update(ended_at=at)
    return SignInLink.objects.create(officer=officer, digest=digest, made_at=at, made_by=by.name, expires_at=expires_at)


def use_sign_in_link(*, link: SignInLink, at: datetime) -> None:
    """Write down that a link was used; it opens nothing any more."""
    link.used_at = at
    link.save(update_fields=["used_at"])
