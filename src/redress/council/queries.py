"""What does a council look like, which services and categories has it, and on which days does it work?

Example: ``calendar_for(council)`` is England and Wales, with the bank holidays proclaimed since.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from redress.council.models import AdoptedProcedure, BankHoliday, Category, Directorate, Service
from redress.council.models import Closure as Closure
from redress.council.models import Council as Council
from redress.council.models import Mailbox as Mailbox
from redress.rulebook import calendar

if TYPE_CHECKING:
    from redress.access.actor import Actor


def councils(viewer: Actor) -> list[Council]:
    """List the councils in which the viewer has a role, by name."""
    return list(Council.objects.visible_to(viewer).order_by("name", "pk"))


def council(viewer: Actor, code: str) -> Council | None:
    """Find a council of the viewer's by its code."""
    return Council.objects.visible_to(viewer).filter(code=code).first()


def public_council(code: str) -> Council | None:
    """Find a council for its public pages; its name and ways to be reached are public."""
    return Council.objects.filter(code=code).first()


def public_councils() -> list[Council]:
    """List the councils that have public pages."""
    return list(Council.objects.order_by("name", "pk"))


def services(viewer: Actor, council_id: int) -> QuerySet[Service]:
    """List a council's services in use, by name."""
    return (
        Service.objects.visible_to(viewer)
        .filter(council_id=council_id, active=True)
        .select_related("directorate")
        .order_by("name", "pk")
    )


def directorates(viewer: Actor, council_id: int) -> QuerySet[Directorate]:
    """List a council's directorates, by name."""
    return Directorate.objects.visible_to(viewer).filter(council_id=council_id).order_by("name", "pk")


def categories(viewer: Actor, council_id: int) -> QuerySet[Category]:
    """List a council's categories in use, by name."""
    return Category.objects.visible_to(viewer).filter(council_id=council_id, active=True).order_by("name", "pk")


def procedures_on(council_id: int, day: date) -> list[str]:
    """List the codes of the procedures that the council had adopted on that day."""
    return list(
        AdoptedProcedure.objects.filter(council_id=council_id, adopted_from__lte=day)
        .filter(Q(adopted_until=None) | Q(adopted_until__gt=day))
        .order_by("procedure")
        .values_list("procedure", flat=True)
        .distinct()
    )


def mailboxes(viewer: Actor) -> QuerySet[Mailbox]:
    """List the mailboxes of the viewer's councils."""
    return Mailbox.objects.visible_to(viewer).select_related("council").order_by("council__name", "address")


def closures(viewer: Actor, council_id: int) -> QuerySet[Closure]:
    """List a council's days of closure, newest first."""
    return Closure.objects.visible_to(viewer).filter(council_id=council_id).order_by("-on")


def all_closures(council: Council) -> list[Closure]:
    """List every day of closure of a council, whether or not its clocks leave them out."""
    return list(Closure.objects.filter(council_id=council.pk).order_by("on"))


def closure(viewer: Actor, closure_id: int) -> Closure | None:
    """Find a day of closure by number."""
    return Closure.objects.visible_to(viewer).select_related("council").filter(pk=closure_id).first()


def all_councils() -> list[Council]:
    """List every council of this installation, for the timetable and for what concerns all of them."""
    return list(Council.objects.order_by("code"))


def bank_holidays_added() -> QuerySet[BankHoliday]:
    """List the bank holidays proclaimed since the packaged list was made."""
    return BankHoliday.objects.order_by("-on", "division")


def calendar_for(council: Council) -> calendar.WorkingCalendar:
    """Give the calendar by which this council's Code clocks run.

    The packaged bank holidays of England and Wales, with those added since; the council's own closures count only
    where its setting says so (rules: both Codes leave "working day" undefined).
    """
    added = {
        holiday.on: holiday.name for holiday in BankHoliday.objects.filter(division="england-and-wales").order_by("on")
    }
    closed = (
        {closure.on: closure.reason for closure in Closure.objects.filter(council=council).order_by("on")}
        if council.closures_count
        else {}
    )
    packaged = calendar.england_and_wales()
    return replace(packaged, holidays={**packaged.holidays, **added}, closures=closed)


def mailbox_at(address: str) -> Mailbox | None:
    """Find the mailbox with this address, for the command that connects it."""
    return Mailbox.objects.filter(address__iexact=address).select_related("council").first()


def mailbox_addresses() -> list[str]:
    """List the addresses of all mailboxes, for the command that connects one."""
    return list(Mailbox.objects.order_by("address").values_list("address", flat=True))
