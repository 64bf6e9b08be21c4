"""Who is this officer, what may they do, who is away and who covers?

Example: ``actor_for(officer, today)`` is Asha with the role of complaints officer at Northmere and at Eastvale.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from redress.access.actor import Actor
from redress.access.roles import Role
from redress.council.models import Service
from redress.plumbing import moment
from redress.staff.models import Absence as Absence
from redress.staff.models import Membership
from redress.staff.models import Notice as Notice
from redress.staff.models import Officer as Officer
from redress.staff.models import SignInLink as SignInLink


def actor_for(officer: Officer, today: date) -> Actor:
    """Build the actor who stands for a signed-in officer, with the roles that they hold today."""
    roles: dict[int, set[Role]] = defaultdict(set)
    if officer.is_active:
        for council_id, role in memberships_on(today).filter(officer=officer).values_list("council_id", "role"):
            roles[council_id].add(Role(role))
    return Actor(
        kind="staff",
        id=officer.pk,
        name=officer.name,
        roles={key: frozenset(value) for key, value in roles.items()},
        service_ids=frozenset(services_of(officer.pk, today)),
    )


def memberships_on(day: date) -> QuerySet[Membership]:
    """Keep the memberships in force on that day, of officers who still work here."""
    return Membership.objects.filter(since__lte=day, officer__is_active=True).filter(Q(until=None) | Q(until__gte=day))


def officers(viewer: Actor, council_id: int, today: date, roles: frozenset[Role] | None = None) -> list[Officer]:
    """List the officers of a council, by name; with ``roles``, those who hold one of them."""
    if council_id not in viewer.council_ids:
        return []
    held = memberships_on(today).filter(council_id=council_id)
    if roles is not None:
        held = held.filter(role__in=[role.value for role in roles])
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))


def officer(officer_id: int) -> Officer | None:
    """Find an officer by number."""
    return Officer.objects.filter(pk=officer_id).first()


def services_of(officer_id: int, today: date) -> list[int]:
    """List the services for which the officer answers: by their role, as its manager or as its deputy."""
    by_role = memberships_on(today).filter(officer_id=officer_id, service__isnull=False).order_by()
    named = Service.objects.filter(Q(manager=officer_id) | Q(deputy=officer_id)).order_by()
    return sorted(by_role.values_list("service_id", flat=True).union(named.values_list("pk", flat=True)))


def who_answer(viewer: Actor, council_id: int, today: date) -> dict[int, list[Officer]]:
    """Give who answers for each service of a council by their role, by number of the service."""
    found: dict[int, list[Officer]] = defaultdict(list)
    rows = memberships_on(today).filter(council_id=council_id, service__isnull=False, council_id__in=viewer.council_ids)
    for row in rows.select_related("officer").order_by("officer__name", "pk"):
        found[row.service_id or 0].append(row.officer)
    return found


@dataclass(frozen=True)
class Away:
    """That somebody is away: until when, and who covers."""

    officer_id: int
    name: str
    starts_on: date
    ends_on: date
    cover_id: int | None
    cover_name: str


def away_on(day: date) -> dict[int, Away]:
    """Give who is away on that day, by officer; where absences overlap the longest counts."""
    found: dict[int, Away] = {}
    rows = (
        Absence.objects.filter(cancelled_at=None, starts_on__lte=day, ends_on__gte=day)
        .select_related("officer", "cover")
        .order_by("ends_on", "pk")
    )
    for row in rows:
        found[row.officer_id] = Away(
            officer_id=row.officer_id,
            name=row.officer.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            cover_id=row.cover_id,
            cover_name=row.cover.name if row.cover else "",
        )
    return found


def absences(officer_id: int, today: date) -> list[Absence]:
    """List an officer's absences that are not over, soonest first."""
    return list(
        Absence.objects.filter(officer_id=officer_id, ends_on__gte=today, cancelled_at=None)
        .select_related("cover")
        .order_by("starts_on", "pk")
    )


def covering(officer_id: int, today: date) -> list[Away]:
    """List those for whom this officer covers today."""
    return [away for away in away_on(today).values() if away.cover_id == officer_id]


def told_of_prefixes(keys: Collection[str]) -> set[str]:
    """Give those of the keys for which somebody has been told already; each was told to ``key:officer``."""
    told: set[str] = set()
    listed = sorted(keys)
    for start in range(0, len(listed), 200):
        wanted = Q(pk__in=())
        for key in listed[start : start + 200]:
            wanted |= Q(once__startswith=f"{key}:")
        found = Notice.objects.filter(wanted).values_list("once", flat=True)
        told |= {once.rpartition(":")[0] for once in found}
    return told


def notice(notice_id: int) -> Notice | None:
    """Find a notice, with its officer and council."""
    return Notice.objects.select_related("officer", "council").filter(pk=notice_id).first()


def unread_count(viewer: Actor) -> int:
    """Count what the viewer was told and has not read."""
    return Notice.objects.visible_to(viewer).filter(officer_id=viewer.id or 0, read_at=None).count()


def absence(absence_id: int) -> Absence | None:
    """Find an absence by number."""
    return Absence.objects.select_related("officer", "cover").filter(pk=absence_id).first()


def absences_of(viewer: Actor, today: date) -> list[Absence]:
    """List the absences that are not over of everybody at the viewer's councils, soonest first."""
    colleagues = memberships_on(today).filter(council_id__in=viewer.council_ids).values("officer_id")
    return list(
        Absence.objects.filter(officer_id__in=colleagues, ends_on__gte=today, cancelled_at=None)
        .select_related("officer", "cover")
        .order_by("starts_on", "officer__name", "pk")
    )


def colleagues(viewer: Actor, today: date) -> list[Officer]:
    """List everybody who works at the viewer's councils, by name."""
    held = memberships_on(today).filter(council_id__in=viewer.council_ids)
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))


def notices(viewer: Actor, limit: int = 8) -> list[Notice]:
    """List what the viewer was told, newest first."""
    return list(Notice.objects.visible_to(viewer).filter(officer_id=viewer.id or 0).order_by("-told_at", "-pk")[:limit])


def managers_of(council_id: int, at: datetime) -> list[Officer]:
    """List the complaints managers of a council on that day: they are told where nobody holds a case."""
    held = memberships_on(moment.local(at).date()).filter(council_id=council_id, role=Role.COMPLAINTS_MANAGER.value)
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("pk"))


def sign_in_link(digest: str) -> SignInLink | None:
    """Find a link by the digest of its secret, used up or not."""
    return SignInLink.objects.select_related("officer").filter(digest=digest).first()


def holders(viewer: Actor, role: Role) -> list[Officer]:
    """List everybody who holds or held a role at one of the viewer's councils, by name."""
    held = Membership.objects.visible_to(viewer).filter(role=role.value)
    return list(Officer.objects.filter(pk__in=held.values("officer_id")).order_by("name", "pk"))
