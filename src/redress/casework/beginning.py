"""How does an installation begin to be a council's? With the council and one person who looks after the system.

Both come to be at once or not at all, so that a set-up that is cut off leaves nothing half-made: it is done again.

Example: ``begin(told=Told(code="northmere", …), by=Actor.command("redress init"), at=at)`` gives the secret of the link
with which that person chooses a password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.roles import Role
from redress.access.step import step
from redress.casework import first_sign_in, setting_up
from redress.council.models import Council
from redress.plumbing import moment

ACCENT = "#14575c"
"""The colour of a council that has not chosen its own yet."""


class BegunAlready(Refusal):
    """This installation serves a council already."""

    do = "Nothing was changed."


@dataclass(frozen=True)
class Told:
    """What is known of the first council, and of who looks after the system."""

    code: str
    name: str
    short_name: str
    prefix: str
    exists_from: date
    ends_on: date | None
    address: str
    telephone: str
    email: str
    web: str
    administrator: str
    administrator_email: str


@step(needs=Permission.SETTINGS_CHANGE, on=())
def begin(*, told: Told, by: Actor, at: datetime) -> str:
    """Begin to serve the first council, with a system administrator; returns the secret of that person's link.

    Raises ``BegunAlready`` and what ``setting_up.add_council`` and ``add_officer`` raise.
    """
    if Council.objects.exists():
        raise BegunAlready
    council = setting_up.new_council(
        code=told.code, name=told.name, short_name=told.short_name, prefix=told.prefix, accent=ACCENT,
        address=told.address, telephone=told.telephone, email=told.email, web=told.web, opening_hours="",
        exists_from=told.exists_from, ends_on=told.ends_on, by=by, at=at,
    )  # fmt: skip
    officer = setting_up.new_officer(
        email=told.administrator_email, name=told.administrator, job_title="", telephone="", password=None, by=by, at=at
    )
    setting_up.new_role(
        council=council, officer=officer, role=Role.SYSTEM_ADMINISTRATOR, since=moment.local_date(at), service=None,
        by=by, at=at,
    )  # fmt: skip
    return first_sign_in.new_link(officer=officer, by=by, at=at)
