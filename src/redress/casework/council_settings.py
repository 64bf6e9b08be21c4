"""How does a council change its own shape: its services, its categories, how it is reached, how it works?

What a case uses is never deleted: it ends on a day, cases keep it, and from that day on it is no longer offered.

Example: ``change_service(service=service, given=given, seen=seen_of(service), by=by, at=at)``; what that would be about
says ``council_preview.preview_service`` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.step import step
from redress.casework.calendar import RECOMPUTE
from redress.casework.council_shape import (
    CONTACT,
    MOVES_DATES,
    WORKING,
    NoSuchPlace,
    NothingChanges,
    Part,
    ServiceGiven,
    StillInUse,
    TooLongAgo,
    as_given,
    changed_of,
    check_days,
    check_seen,
    kind_of,
    many,
    pairs,
    place_of,
    said_of,
    taken_contact,
    taken_name,
    taken_service,
)
from redress.council import changes, events
from redress.council.models import Category, Council, Directorate, Service
from redress.plumbing import later, moment, text
from redress.rulebook import dates


@step(needs=Permission.COUNCIL_CHANGE, on="council")
def add_directorate(*, council: Council, name: str, by: Actor, at: datetime) -> Directorate:
    """Add a directorate of the council. Raises ``NameNeeded`` and ``NameTaken``."""
    made = changes.add_directorate(council=council, name=taken_name(council, Directorate, name), by=by, at=at)
    trail.note(events.DIRECTORATE_ADDED, on=council, ids={"name": made.name, "directorate": made.pk})
    return made


@step(needs=Permission.COUNCIL_CHANGE, on="council")
def add_category(*, council: Council, name: str, by: Actor, at: datetime) -> Category:
    """Add a category of matters. Raises ``NameNeeded`` and ``NameTaken``."""
    made = changes.add_category(council=council, name=taken_name(council, Category, name), by=by, at=at)
    trail.note(events.CATEGORY_ADDED, on=council, ids={"name": made.name, "category": made.pk})
    return made


@step(needs=Permission.COUNCIL_CHANGE, on="council")
def add_service(*, council: Council, given: ServiceGiven, by: Actor, at: datetime) -> Service:
    """Add a service of the council.

    Raises ``NameNeeded``, ``NameTaken``, ``NoSuchPlace``, ``CannotAnswer``, ``OwnDeputy``, ``NoAddress``, ``NoCode``.
    """
    taken = taken_service(council, given, None, moment.local(at).date())
    made = changes.add_service(
        council=council, directorate=place_of(council, taken.directorate).name, name=taken.name, email=taken.email,
        landlord=taken.landlord, lgsl=taken.lgsl, manager=taken.manager, deputy=taken.deputy, by=by, at=at,
    )  # fmt: skip
    trail.note(events.SERVICE_ADDED, on=council, ids={"name": made.name, "service": made.pk, "now": said_of(made)})
    return made


@step(needs=Permission.COUNCIL_CHANGE, on="service")
def change_service(*, service: Service, given: ServiceGiven, seen: str, by: Actor, at: datetime) -> Service:
    """Change what is said of a service; ``seen`` is the mark of what stood there when it was opened.

    Raises what ``add_service`` raises, ``ChangedMeanwhile`` and ``NothingChanges``.
    """
    check_seen(service, seen)
    taken = taken_service(service.council, given, service, moment.local(at).date())
    before, name = said_of(service), service.name
    if before == as_given(taken, service.council):
        raise NothingChanges
    changes.change_service(
        service=service, directorate=place_of(service.council, taken.directorate, service), name=taken.name,
        email=taken.email, landlord=taken.landlord, lgsl=taken.lgsl, manager=taken.manager, deputy=taken.deputy,
        by=by, at=at,
    )  # fmt: skip
    trail.note(events.PART_CHANGED, on=service.council, ids=changed_of(service, name, before))
    return service


@step(needs=Permission.COUNCIL_CHANGE, on="part")
def rename(*, part: Directorate | Category, name: str, seen: str, by: Actor, at: datetime) -> Directorate | Category:
    """Give a directorate or a category another name; its cases and services keep it.

    Raises ``NameNeeded``, ``NameTaken``, ``ChangedMeanwhile`` and ``NothingChanges``.
    """
    check_seen(part, seen)
    taken, before, was = taken_name(part.council, type(part), name, part), said_of(part), part.name
    if taken == part.name:
        raise NothingChanges
    changes.rename(part=part, name=taken, by=by, at=at)
    trail.note(events.PART_CHANGED, on=part.council, ids=changed_of(part, was, before))
    return part


@step(needs=Permission.COUNCIL_CHANGE, on="part")
def end(*, part: Directorate | Service | Category, on: date, seen: str, by: Actor, at: datetime) -> Part:
    """End a directorate, a service or a category: from that day on it is no longer offered, and cases keep it.

    Raises ``ChangedMeanwhile``, ``TooLongAgo``, ``StillInUse`` and ``NothingChanges``.
    """
    check_seen(part, seen)
    if on < moment.local(at).date():
        raise TooLongAgo
    if part.ended_on == on:
        raise NothingChanges
    if isinstance(part, Directorate):
        left = Service.objects.filter(directorate=part).exclude(ended_on__lte=on).count()
        if left:
            raise StillInUse(f"{many(left, 'service is', 'services are')} offered there on {dates.say(on)}.")
    changes.end_part(part=part, on=on, by=by, at=at)
    ids = {"what": kind_of(part), "name": part.name, kind_of(part): part.pk, "on": dates.say(on), "day": on.isoformat()}
    trail.note(events.PART_ENDED, on=part.council, ids=ids)
    return part


@step(needs=Permission.COUNCIL_CHANGE, on="part")
def offer_again(*, part: Directorate | Service | Category, seen: str, by: Actor, at: datetime) -> Part:
    """Offer again what has ended or was to end. Raises ``ChangedMeanwhile``, ``NothingChanges``, ``NoSuchPlace``."""
    check_seen(part, seen)
    if part.ended_on is None:
        raise NothingChanges
    if isinstance(part, Service) and part.directorate.ended_on is not None:
        raise NoSuchPlace(
            f"Its directorate, {part.directorate.name}, has ended.", do="Offer the directorate again first."
        )
    changes.end_part(part=part, on=None, by=by, at=at)
    ids = {"what": kind_of(part), "name": part.name, kind_of(part): part.pk}
    trail.note(events.PART_OFFERED_AGAIN, on=part.council, ids=ids)
    return part


@step(needs=Permission.COUNCIL_CHANGE, on="council")
def change_contact(*, council: Council, given: Mapping[str, str], seen: str, by: Actor, at: datetime) -> Council:
    """Change how people reach the council, as its public pages and letters say it.

    Raises ``PublicDetailsNeeded``, ``NoAddress``, ``ChangedMeanwhile`` and ``NothingChanges``.
    """
    row = _held(council)
    check_seen(row, seen, CONTACT)
    taken, before = taken_contact(given), said_of(row, CONTACT)
    if before == taken:
        raise NothingChanges
    changes.change_council(council=row, given=taken, by=by, at=at)
    trail.note(events.CONTACT_CHANGED, on=row, ids=pairs(before, taken, CONTACT))
    return row


@step(needs=Permission.COUNCIL_CHANGE, on="council")
def change_working(*, council: Council, given: Mapping[str, int | bool], seen: str, by: Actor, at: datetime) -> Council:
    """Change how the council works within the rules; where dates move, a job works the open cases out anew.

    Raises ``NotANumberOfDays``, ``ChangedMeanwhile`` and ``NothingChanges``.
    """
    row = _held(council)
    check_seen(row, seen, WORKING)
    check_days(given)
    taken = {name: given[name] for name in WORKING}
    before = said_of(row, WORKING)
    moving = [name for name in MOVES_DATES if getattr(row, name) != taken[name]]
    changes.change_council(council=row, given=taken, by=by, at=at)
    after = said_of(row, WORKING)
    if before == after:
        raise NothingChanges
    trail.note(events.WORKING_CHANGED, on=row, ids=pairs(before, after, WORKING))
    if moving:
        why = "A working setting changed: " + "; ".join(f"{WORKING[name]}: {after[name]}" for name in moving)
        later.queue(
            RECOMPUTE, lock=f"calendar:{row.pk}", council_id=row.pk, why=text.shorten(why, 180), on="", divisions=[]
        )
    return row


def _held(council: Council) -> Council:
    """Lock the council's row in earnest, so that of two people who save at once the second is told."""
    return Council.objects.select_for_update(no_key=True).get(pk=council.pk)
