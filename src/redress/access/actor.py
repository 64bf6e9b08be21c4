"""Who is doing this, and may they?

An actor is a member of staff with roles at councils, a resident with a link to one case, the timetable, or a command
typed at the machine::

    Actor.timetable()
    Actor.resident(council_id=1, contact_id=7, case_id=12, name="Dev Patel")

Staff actors are built from their memberships by ``redress.staff.queries.actor_for``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from redress.access.permissions import Permission
from redress.access.roles import COMMAND_MAY, NEWCOMER_MAY, RESIDENT_MAY, TIMETABLE_MAY, Role, permissions_of

Kind = Literal["staff", "resident", "timetable", "command", "newcomer"]


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts; the same value wherever permission is asked or an act is recorded."""

    kind: Kind
    id: int | None
    name: str
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict, hash=False)
    """Roles held, by council id. Staff only."""

    service_ids: frozenset[int] = frozenset()
    """Services in whose name a service manager answers."""

    council_id: int | None = None
    """The one council that a resident deals with."""

    contact_id: int | None = None
    case_id: int | None = None

    @classmethod
    def timetable(cls, name: str = "Timetable") -> Actor:
        """Return the actor for the jobs, which serve every council."""
        return cls(kind="timetable", id=None, name=name)

    @classmethod
    def command(cls, name: str) -> Actor:
        """Return the actor for a command typed at the machine, such as ``redress mail import``."""
        return cls(kind="command", id=None, name=name)

    @classmethod
    def resident(
        cls, *, council_id: int, contact_id: int | None = None, case_id: int | None = None, name: str = ""
    ) -> Actor:
        """Return the actor for a resident of one council, tied to the contact and case of their link."""
        return cls(
            kind="resident",
            id=contact_id,
            name=name,
            council_id=council_id,
            contact_id=contact_id,
            case_id=case_id,
        )

    @classmethod
    def newcomer(cls, *, officer_id: int, name: str) -> Actor:
        """Return the actor for a member of staff who came by their one-use link and isn't signed in yet."""
        return cls(kind="newcomer", id=officer_id, name=name)

    @property
    def everywhere(self) -> bool:
        """Say whether the actor serves every council: the timetable and commands do."""
        return self.kind in ("timetable", "command")

    @cached_property
    def council_ids(self) -> frozenset[int]:
        """Return the councils in which the actor holds a role.

        A resident holds none, so that a list filtered by it shows a resident nothing: what residents see is asked for
        by their own ``case_id``.
        """
        return frozenset(council_id for council_id, roles in self.roles.items() if roles)

    @cached_property
    def identity(self) -> str:
        """Return the words that tell this actor from any other, for keys: ``staff:12``."""
        if self.kind == "resident":
            return f"resident:{self.council_id}:{self.contact_id or '-'}:{self.case_id or '-'}"
        return f"{self.kind}:{self.id if self.id is not None else self.name}"

    @property
    def recorded_name(self) -> str:
        """Return the name that the trail may keep for ever: a resident's own name is not among them."""
        return "" if self.kind == "resident" else self.name

    def may(self, permission: Permission, council_id: int) -> bool:
        """Say whether the actor holds the permission at this council."""
        if self.kind == "staff":
            return permission in permissions_of(self.roles.get(council_id, ()))
        if self.kind == "resident":
            return council_id == self.council_id and permission in RESIDENT_MAY
        if self.kind == "newcomer":
            return permission in NEWCOMER_MAY
        return permission in (TIMETABLE_MAY if self.kind == "timetable" else COMMAND_MAY)

    def may_somewhere(self, permission: Permission) -> bool:
        """Say whether the actor holds the permission at any council."""
        if self.kind == "staff":
            return any(self.may(permission, council_id) for council_id in self.council_ids)
        return self.may(permission, self.council_id or 0)

    def councils_where(self, permission: Permission) -> frozenset[int]:
        """Return the councils at which the actor holds the permission, for filtering lists.

        A system administrator has a role at a council but ``CASE_READ`` nowhere, so their list of cases is empty.
        """
        return frozenset(council_id for council_id in self.council_ids if self.may(permission, council_id))

    def belongs_to(self, council_id: int) -> bool:
        """Say whether the actor has any business with this council."""
        if self.kind == "resident":
            return council_id == self.council_id
        return self.everywhere or council_id in self.council_ids
