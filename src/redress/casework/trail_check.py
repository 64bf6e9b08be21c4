"""What did the nightly check of the trail find, and who has to know?

The result is itself an entry of the trail, so that a check that was never made is missed as well.

Example: ``record(entries=9120, seals=288, faults=[], by=Actor.timetable("Trail"), at=at)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from redress.access import events, trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.roles import Role
from redress.access.step import step
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.staff import changes as staff_changes
from redress.staff import queries as staff_queries
from redress.staff.models import Officer

TOLD = frozenset({Role.COMPLAINTS_MANAGER, Role.AUDITOR, Role.GOVERNANCE_OFFICER})
MOST_TOLD = 20


@step(needs=Permission.TIMETABLE_SEAL, on=())
def record(*, entries: int, seals: int, faults: Sequence[str], by: Actor, at: datetime) -> int:
    """Record what a check of the whole trail found, and tell managers and auditors of faults. Answers how many."""
    trail.note(
        events.CHECKED,
        on=trail.INSTALLATION,
        detail={"sentences": [sentence[:500] for sentence in faults[:MOST_TOLD]]},
        ids={"entries": entries, "seals": seals, "faults": len(faults)},
    )
    if faults:
        _tell(faults, by, at)
    return len(faults)


def _tell(faults: Sequence[str], by: Actor, at: datetime) -> None:
    today = moment.local_date(at)
    first = faults[0]
    for council in council_queries.public_councils():
        held = staff_queries.memberships_on(today).filter(council=council, role__in=sorted(role.value for role in TOLD))
        for officer in Officer.objects.filter(pk__in=held.values("officer_id")).order_by("pk"):
            once = f"trail:{today.isoformat()}:{council.pk}:{officer.pk}"
            words = f"The trail does not verify: {len(faults)} faults. {first}"
            staff_changes.tell(
                council=council, officer=officer, kind="trail", once=once, case_reference="", text=words, by=by, at=at
            )


def last() -> trail.Line | None:
    """Give the latest check of the whole trail, if there was one."""
    found = trail.read(trail.INSTALLATION, kinds=[events.CHECKED])
    return found[-1] if found else None
