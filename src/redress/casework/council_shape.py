"""What does a council say of its own shape, and what may be said: its services, how it is reached, how it works?

What is typed is judged here, and a short mark of what stands there lets a step notice that somebody else was first.

Example: ``said_of(service)["Directorate"]`` is "Place"; ``history(council)`` lists what was changed, newest first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from redress.access import trail
from redress.access.permissions import Permission
from redress.access.refusals import ChangedMeanwhile, NotVisible, Refusal
from redress.access.roles import ROLES, Role
from redress.casework.wording import words
from redress.council import events
from redress.council.models import Category, Council, Directorate, Service
from redress.plumbing import text
from redress.rulebook import dates
from redress.staff import queries as staff_queries

Part = Directorate | Service | Category
ANSWER_FOR_SERVICES = frozenset(role for role in Role if Permission.TASK_ANSWER in ROLES[role].permissions)
"""The roles whose holders can answer for a service, and so be its manager or deputy."""
MOST_DAYS = 60


class NameNeeded(Refusal):
    """Give a name."""

    field = "name"


class NameTaken(Refusal):
    """There is one with this name already."""

    do = "Choose another name, or offer the one that has ended again."
    field = "name"


class NoSuchPlace(Refusal):
    """A service belongs to a directorate that has not ended."""

    do = "Choose a directorate, or add it first."
    field = "directorate"


class CannotAnswer(Refusal):
    """This person can’t answer for a service here."""

    do = "Choose somebody who is a service manager, an officer, a team leader or a complaints manager today."
    field = "manager"


class OwnDeputy(Refusal):
    """Nobody is their own deputy."""

    do = "Choose somebody else, or nobody."
    field = "deputy"


class NoAddress(Refusal):
    """This is not an e-mail address."""

    do = "Write it like name@council.example."
    field = "email"


class NoCode(Refusal):
    """A code of the Local Government Services List is a number, such as 524."""

    field = "lgsl"


class StillInUse(Refusal):
    """A directorate ends after its services."""

    do = "End its services first, or move them to another directorate."


class TooLongAgo(Refusal):
    """It can’t end before today: it was offered until now."""

    do = "Give today or a later day."
    field = "ended_on"


class NothingChanges(Refusal):
    """This is as it is already, so there is nothing to save."""


class NotANumberOfDays(Refusal):
    """Give a number of working days."""


class PublicDetailsNeeded(Refusal):
    """Letters and public pages need the council's name, address, telephone number and e-mail address."""


@dataclass(frozen=True)
class ServiceGiven:
    """What is said of a service: its name, its place, who answers for it."""

    name: str
    directorate: int
    email: str = ""
    lgsl: str = ""
    landlord: bool = False
    manager: int | None = None
    deputy: int | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that is said, before and after, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a change would say, and what it is about, in sentences."""

    differences: tuple[Difference, ...]
    effects: tuple[str, ...]


CONTACT = {
    "name": "Name",
    "short_name": "Short name",
    "address": "Address",
    "telephone": "Telephone",
    "email": "E-mail",
    "web": "Web address",
    "opening_hours": "Opening hours",
}
NEEDED = ("name", "short_name", "address", "telephone", "email")
WORKING = {
    "due_soon_within": "Due soon",
    "critically_overdue_after": "Critically overdue",
    "literal_response_start": "Late acknowledgements",
    "closures_count": "Closures",
    "receipt_rolls_forward": "Requests that arrive on a day off",
}
MOVES_DATES = ("literal_response_start", "closures_count", "receipt_rolls_forward")
SAID = {
    "literal_response_start": (
        "The response counts from the day of the acknowledgement",
        "The response counts from the acknowledgement’s own limit",
    ),
    "closures_count": ("Closures are left out where the procedure allows", "Closures count as working days"),
    "receipt_rolls_forward": ("Counted from the next working day", "Counted from the day of arrival"),
}
"""How a setting reads: on, off."""


# -------------------------------------------------------------------------------------------------------- what is said


def kind_of(part: Part) -> str:
    """Say what it is: directorate, service or category."""
    return type(part).__name__.lower()


def said_of(record: Part | Council, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Say what a part of the council, or the council by these columns, says of itself: words by name."""
    if isinstance(record, Council):
        return {name: _setting_words(name, getattr(record, name)) for name in names or {**CONTACT, **WORKING}}
    if not isinstance(record, Service):
        return {"Name": record.name}
    return {
        "Name": record.name,
        "Directorate": record.directorate.name,
        "Manager": _who(record.manager),
        "Deputy": _who(record.deputy),
        "E-mail": record.email,
        "LGSL code": record.lgsl,
        "Landlord": "Yes: complaints go by the housing code" if record.landlord else "No",
    }


def seen_of(record: Part | Council, names: Mapping[str, str] | None = None) -> str:
    """Give a short mark of what stands there now, so that a change by somebody else is noticed."""
    standing = said_of(record, names)
    ended = None if isinstance(record, Council) else record.ended_on
    written = json.dumps([standing, ended.isoformat() if ended else ""], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _setting_words(name: str, value: object) -> str:
    if name in SAID:
        return SAID[name][0 if value else 1]
    if isinstance(value, int):
        if name == "due_soon_within":
            return f"Today or in the next {dates.working_days(value)}" if value else "Today only"
        return f"More than {dates.working_days(value)} late" if value else "As soon as it is late"
    return str(value)


def _who(number: int | None) -> str:
    officer = staff_queries.officer(number) if number else None
    return officer.name if officer is not None else ""


def differences(before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]) -> list[Difference]:
    """Say what differs, before and after, in words."""
    return [
        Difference(labels.get(name, name), before[name], after[name]) for name in after if before[name] != after[name]
    ]


def check_seen(record: Part | Council, seen: str, names: Mapping[str, str] | None = None) -> None:
    """Refuse with ``ChangedMeanwhile`` where somebody else changed it since this mark was taken."""
    if seen and seen != seen_of(record, names):
        if isinstance(record, Council):
            lines = history(record, kinds=OF_CONTACT if names == CONTACT else OF_WORKING)
        else:
            lines = history(record.council, record)
        last = next(iter(lines), None)
        who = last.by_name if last is not None else "Somebody else"
        raise ChangedMeanwhile(
            f"{who} changed this after you opened it.",
            do="Look at how it stands now, then save again if your change still stands.",
        )


KINDS = (
    *(events.DIRECTORATE_ADDED, events.SERVICE_ADDED, events.CATEGORY_ADDED, events.PART_CHANGED, events.PART_ENDED),
    *(events.PART_OFFERED_AGAIN, events.CONTACT_CHANGED, events.WORKING_CHANGED),
)
OF_CONTACT, OF_WORKING = (events.CONTACT_CHANGED,), (events.WORKING_CHANGED,)


def history(council: Council, part: Part | None = None, *, kinds: tuple[trail.Kind, ...] = KINDS) -> list[trail.Line]:
    """List what was changed about a council's shape, newest first; of one part or some kinds, where named."""
    found = trail.read(council, kinds=kinds)[::-1]
    if part is None:
        return found
    return [line for line in found if line.ids.get(kind_of(part)) == part.pk]


# ----------------------------------------------------------------------------------------------------------- judgement


def pairs(before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Give what differs for the trail: what was, what is now."""
    listed = differences(before, after, labels)
    return {"was": {one.what: one.before for one in listed}, "now": {one.what: one.after for one in listed}}


def changed_of(part: Part, name: str, before: Mapping[str, str]) -> dict[str, object]:
    """Give what the trail says of a changed part."""
    return {"what": kind_of(part), "name": name, kind_of(part): part.pk, **pairs(before, said_of(part), {})}


def taken_name(council: Council, model: type[Part], name: str, but: Part | None = None) -> str:
    """Give a name as it is kept. Raises ``NameNeeded`` and ``NameTaken``."""
    taken = text.one_line(words(name, "name"))[:120]
    if not taken:
        raise NameNeeded
    same = model._default_manager.filter(council=council, name__iexact=taken)
    clash = same.exclude(pk=but.pk if but is not None else 0).first()
    if clash is not None:
        ended = f", which ended on {dates.say(clash.ended_on)}" if clash.ended_on else ""
        raise NameTaken(f"There is a {model.__name__.lower()} {clash.name} already{ended}.")
    return taken


def place_of(council: Council, number: int, of: Service | None = None) -> Directorate:
    """Find the directorate of a service. Raises ``NoSuchPlace``."""
    found = Directorate.objects.filter(council=council, pk=number).first()
    if found is None:
        raise NoSuchPlace
    if found.ended_on is not None and (of is None or of.directorate_id != found.pk):
        raise NoSuchPlace(f"{found.name} ended on {dates.say(found.ended_on)}.")
    return found


def taken_service(council: Council, given: ServiceGiven, service: Service | None, today: date) -> ServiceGiven:
    """Judge and tidy what is said of a service."""
    taken = replace(
        given,
        name=taken_name(council, Service, given.name, service),
        email=text.one_line(words(given.email, "email")),
        lgsl=text.one_line(words(given.lgsl, "lgsl")),
    )
    place_of(council, taken.directorate, service)
    _check_email(taken.email)
    if taken.lgsl and not (taken.lgsl.isascii() and taken.lgsl.isdecimal() and len(taken.lgsl) <= 10):
        raise NoCode
    if taken.manager and taken.manager == taken.deputy:
        raise OwnDeputy
    for number, field in ((taken.manager, "manager"), (taken.deputy, "deputy")):
        stays = service is not None and number == getattr(service, field)
        if number and not stays and number not in _who_can_answer(council, today):
            raise CannotAnswer(field=field)
    return taken


def _who_can_answer(council: Council, today: date) -> set[int]:
    held = staff_queries.memberships_on(today).filter(
        council_id=council.pk, role__in=[role.value for role in ANSWER_FOR_SERVICES]
    )
    return set(held.order_by().values_list("officer_id", flat=True))


def as_given(taken: ServiceGiven, council: Council) -> dict[str, str]:
    """Say in words what a service would say of itself."""
    place = Directorate.objects.filter(council=council, pk=taken.directorate).first()
    if place is None:
        raise NotVisible
    return said_of(
        Service(
            council=council,
            directorate=place,
            name=taken.name,
            email=taken.email,
            lgsl=taken.lgsl,
            landlord=taken.landlord,
            manager=taken.manager,
            deputy=taken.deputy,
        )
    )


def taken_contact(given: Mapping[str, str]) -> dict[str, str]:
    """Judge and tidy contact details. Raises ``PublicDetailsNeeded`` and ``NoAddress``."""
    taken = {name: words(given.get(name, ""), name) for name in CONTACT}
    taken = {name: value if name == "address" else text.one_line(value) for name, value in taken.items()}
    taken["address"] = "\n".join(line.strip() for line in taken["address"].splitlines() if line.strip())
    for name in NEEDED:
        if not taken[name]:
            raise PublicDetailsNeeded(field=name)
    for name, value in taken.items():
        longest: int | None = getattr(Council._meta.get_field(name), "max_length", None)
        if longest and len(value) > longest:
            raise PublicDetailsNeeded(
                f"{CONTACT[name]} may have {longest} characters.", do="Make it shorter.", field=name
            )
    _check_email(taken["email"])
    return taken


def _check_email(given: str) -> None:
    if not given:
        return
    try:
        validate_email(given)
    except ValidationError:
        raise NoAddress from None


def check_days(given: Mapping[str, int | bool]) -> None:
    """Refuse what is no number of working days."""
    for name in ("due_soon_within", "critically_overdue_after"):
        if not 0 <= int(given[name]) <= MOST_DAYS:
            raise NotANumberOfDays(f"Give a number of working days from 0 to {MOST_DAYS}.", field=name)


def many(count: int, one: str, more: str) -> str:
    """Say how many, with the word for one or for more."""
    return f"{count:,} {one if count == 1 else more}" if count else f"No {one}"
