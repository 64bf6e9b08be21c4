"""What does a council look like, which services and categories has it, and on which days does it work?

Example: ``calendar_for(council)`` is England and Wales, with the bank holidays proclaimed since;
``calendar_for(council, "uk-any")`` leaves out what is a bank holiday in any part of the United Kingdom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from redress.council.models import AdoptedProcedure, FeedReading
from redress.council.models import BankHoliday as BankHoliday
from redress.council.models import Category as Category
from redress.council.models import Closure as Closure
from redress.council.models import Council as Council
from redress.council.models import Directorate as Directorate
from redress.council.models import LocalEdition as LocalEdition
from redress.council.models import Mailbox as Mailbox
from redress.council.models import Service as Service
from redress.rulebook import calendar, procedures
from redress.rulebook.editions import Edition

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


def services(viewer: Actor, council_id: int, today: date, keeping: int | None = None) -> QuerySet[Service]:
    """List the services that a council offers on a day, by name, and one that a case keeps although it ended."""
    return (
        Service.objects.visible_to(viewer)
        .filter(_offered(today) | Q(pk=keeping), council_id=council_id)
        .select_related("directorate")
        .order_by("name", "pk")
    )


def _offered(today: date) -> Q:
    return Q(ended_on=None) | Q(ended_on__gt=today)


def all_services(viewer: Actor, council_id: int) -> QuerySet[Service]:
    """List every service of a council, ended ones too, by directorate and name."""
    return (
        Service.objects.visible_to(viewer)
        .filter(council_id=council_id)
        .select_related("directorate")
        .order_by("directorate__name", "name", "pk")
    )


def directorates(viewer: Actor, council_id: int) -> QuerySet[Directorate]:
    """List a council's directorates, ended ones too, by name."""
    return Directorate.objects.visible_to(viewer).filter(council_id=council_id).order_by("name", "pk")


def categories(viewer: Actor, council_id: int, today: date, keeping: int | None = None) -> QuerySet[Category]:
    """List the categories that a council offers on a day, by name, and one that a case keeps although it ended."""
    return (
        Category.objects.visible_to(viewer)
        .filter(_offered(today) | Q(pk=keeping), council_id=council_id)
        .order_by("name", "pk")
    )


def all_categories(viewer: Actor, council_id: int) -> QuerySet[Category]:
    """List every category of a council, ended ones too, by name."""
    return Category.objects.visible_to(viewer).filter(council_id=council_id).order_by("name", "pk")


def procedures_on(council_id: int, day: date) -> list[str]:
    """List the codes of the procedures that the council had adopted on that day."""
    return list(
        AdoptedProcedure.objects.filter(council_id=council_id, adopted_from__lte=day)
        .filter(Q(adopted_until=None) | Q(adopted_until__gt=day))
        .order_by("procedure")
        .values_list("procedure", flat=True)
        .distinct()
    )


def edition_for(council_id: int, procedure: str, on: date) -> Edition:
    """Give the edition of a procedure that holds at a council for what is received on a day.

    The council's own, where one was approved and is in force, else the released one. A newer released edition ends an
    older one of the council's own: the law has moved, and the council has to choose anew.
    Raises ``procedures.UnknownProcedure`` and ``procedures.NoEdition``.
    """
    return _holds(procedures.edition(procedure, on), _approved(council_id, [procedure], on))


def editions_for(council_id: int, codes: list[str], on: date) -> list[Edition]:
    """Give the editions that hold at a council on a day, of those of these procedures that have one then."""
    own = _approved(council_id, codes, on)
    found = []
    for code in codes:
        try:
            found.append(_holds(procedures.edition(code, on), own))
        except (procedures.NoEdition, procedures.UnknownProcedure):
            continue
    return found


def edition_by_id(council_id: int, edition_id: str) -> Edition:
    """Give the edition under which a case of this council was received.

    Raises ``KeyError``, or ``procedures.UnknownProcedure``, for one that there never was.
    """
    if "+" not in edition_id:
        return procedures.by_id(edition_id)
    return _own_by_id(council_id, edition_id)


def edition_text(text: str) -> Edition:
    """Read the words of a council's own edition as they are kept."""
    return _parsed(text)


def own_editions(viewer: Actor, council_id: int, procedure: str | None = None) -> QuerySet[LocalEdition]:
    """List a council's own editions, drafts and ended ones too, the newest first."""
    found = LocalEdition.objects.visible_to(viewer).filter(council_id=council_id).select_related("council")
    return (found if procedure is None else found.filter(procedure=procedure)).order_by("-in_force_from", "-pk")


def own_edition(viewer: Actor, number: int) -> LocalEdition | None:
    """Find one of a council's own editions by number."""
    return LocalEdition.objects.visible_to(viewer).select_related("council").filter(pk=number).first()


def adoptions(viewer: Actor, council_id: int) -> QuerySet[AdoptedProcedure]:
    """List which procedures a council adopted, and since when."""
    return (
        AdoptedProcedure.objects.visible_to(viewer).filter(council_id=council_id).order_by("procedure", "adopted_from")
    )


def _approved(council_id: int, codes: list[str], on: date) -> dict[str, LocalEdition]:
    """Give the newest approved edition of the council's own that is in force on a day, by procedure."""
    rows = LocalEdition.objects.filter(
        council_id=council_id, procedure__in=codes, state=LocalEdition.State.APPROVED, in_force_from__lte=on
    ).order_by("in_force_from")
    return {row.procedure: row for row in rows}


def _holds(released: Edition, own: dict[str, LocalEdition]) -> Edition:
    row = own.get(released.procedure)
    if row is None or row.in_force_from < released.in_force_from:
        return released
    return _parsed(row.text)


@lru_cache(maxsize=256)
def _own_by_id(council_id: int, edition_id: str) -> Edition:
    """Give an edition of the council's own that cases have.

    Kept in memory: a case has only editions that took effect, and those never change (`an_approved_edition_is_fixed`).
    """
    row = (
        LocalEdition.objects.filter(council_id=council_id, edition_id=edition_id, state=LocalEdition.State.APPROVED)
        .order_by("pk")
        .first()
    )
    if row is None:
        raise KeyError(f"there is no edition {edition_id} of this council")
    return _parsed(row.text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Edition:
    return procedures.parse(text)[0]


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


def bank_holiday_added(number: int) -> BankHoliday | None:
    """Find a bank holiday that was added, by number."""
    return BankHoliday.objects.filter(pk=number).first()


def bank_holidays_known() -> dict[str, dict[date, str]]:
    """Give every bank holiday that is known, packaged or added, division by division: date to name."""
    return {name: dict(days) for name, days in calendar.with_added(_by_division(_added())).items()}


def feed_last_read() -> FeedReading | None:
    """Give the last reading of the published list of bank holidays, whatever came of it."""
    return FeedReading.objects.order_by("-read_at", "-pk").first()


def feed_last_read_well() -> FeedReading | None:
    """Give the last reading of the published list of bank holidays in which something could be read."""
    return FeedReading.objects.filter(readable=True).order_by("-read_at", "-pk").first()


@dataclass
class Calendars:
    """The calendars of councils, each read once for as long as this is held: one page, one job's batch."""

    _rows: tuple[Added, ...] | None = None
    _closed: dict[int, dict[date, str]] = field(default_factory=dict)
    _made: dict[tuple[int, str], calendar.WorkingCalendar] = field(default_factory=dict)

    def of(self, council: Council, name: str = "england-and-wales") -> calendar.WorkingCalendar:
        """Give a calendar of ``calendar.CALENDARS`` for this council; ``KeyError`` for one that does not exist."""
        if (council.pk, name) not in self._made:
            if self._rows is None:
                self._rows = _added()
            packaged = _with_rows(name, self._rows)
            closed = self._closures(council)
            self._made[council.pk, name] = packaged.with_closures(closed) if closed else packaged
        return self._made[council.pk, name]

    def _closures(self, council: Council) -> dict[date, str]:
        if not council.closures_count:
            return {}
        if council.pk not in self._closed:
            rows = Closure.objects.filter(council_id=council.pk).order_by("on")
            self._closed[council.pk] = {row.on: row.reason for row in rows}
        return self._closed[council.pk]


def calendar_for(council: Council, name: str = "england-and-wales") -> calendar.WorkingCalendar:
    """Give the calendar of this name for a council: that of its Code clocks, unless another is asked for.

    The packaged bank holidays of the divisions that the calendar knows, with those added since; the council's own
    closures count only where its setting says so (and where the edition that counts allows it). ``KeyError`` for a
    calendar that does not exist.
    """
    return Calendars().of(council, name)


def calendars_with(
    council: Council, holidays: Mapping[tuple[str, date], str], closures: Mapping[date, str]
) -> Calendars:
    """Give a council's calendars with these added bank holidays and closures, whatever is recorded today."""
    rows = tuple((division, on, name) for (division, on), name in sorted(holidays.items()))
    return Calendars(rows, {council.pk: dict(closures)})


Added = tuple[str, date, str]
"""A bank holiday that was added: division, day, name."""


def _added() -> tuple[Added, ...]:
    return tuple(BankHoliday.objects.order_by("on", "division").values_list("division", "on", "name"))


def _by_division(rows: tuple[Added, ...]) -> dict[str, dict[date, str]]:
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for division, on, name in rows:
        found[division][on] = name
    return found


@lru_cache(maxsize=64)
def _with_rows(name: str, rows: tuple[Added, ...]) -> calendar.WorkingCalendar:
    """Make a calendar once for the same rows: what is counted from them is kept with it."""
    if not rows:
        return calendar.named(name)
    return calendar.made_from(name, calendar.with_added(_by_division(rows)))


def mailbox_at(address: str) -> Mailbox | None:
    """Find the mailbox with this address, for the command that connects it."""
    return Mailbox.objects.filter(address__iexact=address).select_related("council").first()


def mailbox_addresses() -> list[str]:
    """List the addresses of all mailboxes, for the command that connects one."""
    return list(Mailbox.objects.order_by("address").values_list("address", flat=True))
