"""Who is this, who may speak for them, and what must be honoured?

People are matched within one council only, by what they gave: e-mail, telephone, name, address. A match is an offer
with its reasons, ranked; a person decides, and nobody is ever merged silently.

Example: ``matches(viewer, council_id, name="Daniel Fenn", email="d.fenn@mail.example")[0].why`` is
"Same e-mail, same name".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from rapidfuzz import fuzz

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.people import keys
from redress.people.models import Adjustment as Adjustment
from redress.people.models import Authority
from redress.people.models import Contact as Contact
from redress.plumbing import text

MOST_COMPARED = 400
LIKE = 85.0
SAME = 97.0


@dataclass(frozen=True)
class Match:
    """Somebody whom it may be, how likely in points, and why."""

    contact: Contact
    score: int
    reasons: tuple[str, ...]
    cases: int

    @property
    def why(self) -> str:
        """Say the reasons in one line."""
        line = ", ".join(self.reasons)
        return line[:1].upper() + line[1:]


def visible(viewer: Actor) -> QuerySet[Contact]:
    """Keep the people of the councils at which the viewer may read cases; a resident sees themselves."""
    if viewer.kind == "resident":
        return Contact.objects.filter(council_id=viewer.council_id or 0, pk=viewer.contact_id or 0)
    if viewer.everywhere:
        return Contact.objects.all()
    return Contact.objects.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))


def contact(viewer: Actor, contact_id: int) -> Contact | None:
    """Find a person by number."""
    return visible(viewer).filter(pk=contact_id).select_related("council").first()


def survivor(found: Contact) -> Contact:
    """Follow "now part of" to the person who stands for this one today."""
    seen = {found.pk}
    while found.now_part_of is not None and found.now_part_of_id not in seen:
        found = found.now_part_of
        seen.add(found.pk)
    return found


def by_email(council_id: int, email: str) -> list[Contact]:
    """List the people of a council who have this e-mail address, the oldest first."""
    key = keys.email_key(email)
    if not key:
        return []
    return list(
        Contact.objects.filter(council_id=council_id, email_key=key, now_part_of=None).order_by("added_at", "pk")
    )


def matches(
    viewer: Actor,
    council_id: int,
    *,
    name: str = "",
    email: str = "",
    telephone: str = "",
    address: str = "",
    limit: int = 6,
) -> list[Match]:
    """Rank the people of one council whom this may be, the likeliest first, each with the reasons."""
    wanted = _Wanted(
        name=name,
        email=keys.email_key(email),
        telephone=keys.telephone_key(telephone),
        address=keys.address_key(address),
    )
    found = visible(viewer).filter(council_id=council_id, now_part_of=None).filter(wanted.any_of())
    rows = list(found.annotate(case_count=Count("cases", distinct=True)).order_by("-case_count", "pk")[:MOST_COMPARED])
    ranked = [match for row in rows if (match := wanted.compare(row)) is not None]
    ranked.sort(key=lambda match: (-match.score, match.contact.sort_key, match.contact.pk))
    return ranked[:limit]


@dataclass(frozen=True)
class _Wanted:
    """What is known of the person who is looked for."""

    name: str
    email: str
    telephone: str
    address: str

    def any_of(self) -> Q:
        """Keep those who share anything worth comparing; without anything to go by, nobody."""
        condition = Q(pk__in=())
        if self.email:
            condition |= Q(email_key=self.email)
        if len(self.telephone) >= 6:
            condition |= Q(telephone_key=self.telephone)
        if len(self.address) >= 6:
            condition |= Q(address_key=self.address)
        name_keys = text.name_keys(self.name)
        if name_keys:
            condition |= Q(name_keys__overlap=list(name_keys))
        return condition

    def compare(self, row: Contact) -> Match | None:
        """Say how much this person has in common with the one who is looked for."""
        score, reasons = 0, list[str]()
        if self.email and row.email_key == self.email:
            score, reasons = score + 60, [*reasons, "same e-mail"]
        if len(self.telephone) >= 6 and row.telephone_key == self.telephone:
            score, reasons = score + 40, [*reasons, "same telephone"]
        likeness = _likeness(self.name, row.name)
        if likeness >= SAME:
            score, reasons = score + 35, [*reasons, "same name"]
        elif likeness >= LIKE:
            score, reasons = score + 18, [*reasons, "similar name"]
        if len(self.address) >= 6 and row.address_key == self.address:
            score, reasons = score + 30, [*reasons, "same address"]
        if not reasons:
            return None
        return Match(contact=row, score=score, reasons=tuple(reasons), cases=int(getattr(row, "case_count", 0)))


def _likeness(one: str, other: str) -> float:
    """Compare two names from 0 to 100, whatever the order of their words and their script."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return 0.0
    if sorted(first.split()) == sorted(second.split()):
        return 100.0
    plain = fuzz.token_sort_ratio(first, second)
    if first.isascii() and second.isascii():
        return float(plain)
    spelt = fuzz.token_sort_ratio(_bare(text.readable(first)), _bare(text.readable(second)))
    # Two scripts are never the same name for certain.
    return float(max(plain, min(spelt, SAME - 1)))


def _bare(name: str) -> str:
    """Give the words of a name alone: no case, accents, titles' full stops or commas."""
    return " ".join(re.sub(r"[^\w']+", " ", text.fold(name)).split())


def at_address(viewer: Actor, council_id: int, address: str, *, but: int | None = None) -> list[Contact]:
    """List the others who gave this address."""
    key = keys.address_key(address)
    if len(key) < 6:
        return []
    found = visible(viewer).filter(council_id=council_id, address_key=key, now_part_of=None)
    return list(found.exclude(pk=but or 0).order_by("sort_key", "pk")[:10])


_ORDER = {kind: place for place, kind in enumerate(Adjustment.Kind.values)}


def adjustments(viewer: Actor, contact_ids: Iterable[int]) -> list[Adjustment]:
    """List what must be honoured for these people, in the order in which it is shown: danger first."""
    seen = visible(viewer).filter(pk__in=list(contact_ids)).values("pk")
    rows = list(Adjustment.objects.filter(contact_id__in=seen, ended_at=None).order_by("contact_id", "pk"))
    rows.sort(key=lambda row: (_ORDER.get(row.kind, len(_ORDER)), row.pk))
    return rows


def adjustment(viewer: Actor, adjustment_id: int) -> Adjustment | None:
    """Find one adjustment that stands."""
    return (
        Adjustment.objects.filter(pk=adjustment_id, ended_at=None, contact_id__in=visible(viewer).values("pk"))
        .select_related("contact")
        .first()
    )


def authorities_of(viewer: Actor, contact_id: int) -> list[Authority]:
    """List who may speak, or was to speak, for a person; the open ones first."""
    seen = visible(viewer).filter(pk=contact_id).values("pk")
    rows = list(
        Authority.objects.filter(person_id__in=seen)
        .select_related("person", "representative")
        .order_by("-asked_on", "-pk")
    )
    rows.sort(key=lambda row: row.withdrawn_on is not None)
    return rows


def authority(viewer: Actor, authority_id: int) -> Authority | None:
    """Find an authority by number."""
    return (
        Authority.objects.filter(pk=authority_id, person_id__in=visible(viewer).values("pk"))
        .select_related("person", "representative")
        .first()
    )


@dataclass(frozen=True)
class Standing:
    """How an authority stands on a day, in words."""

    held: bool
    words: str


def standing(row: Authority, today: date) -> Standing:
    """Say whether an authority is held today, and since or until when."""
    if row.withdrawn_on is not None and row.withdrawn_on <= today:
        return Standing(False, f"withdrawn on {_day(row.withdrawn_on)}")
    if row.confirmed_on is None:
        return Standing(False, f"asked for on {_day(row.asked_on)}, not held yet")
    if row.expires_on is not None and row.expires_on < today:
        return Standing(False, f"expired on {_day(row.expires_on)}")
    until = f", until {_day(row.expires_on)}" if row.expires_on else ""
    return Standing(True, f"held since {_day(row.confirmed_on)}{until}")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
