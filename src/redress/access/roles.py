"""Which role may do what?

A role belongs to a council; a person may hold several, at several councils::

    >>> Permission.FINDING_RECORD in ROLES[Role.ADMINISTRATOR].permissions
    False
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from redress.access.permissions import Permission as P


class Role(StrEnum):
    """The roles of the office. The value is stored; the title is in :data:`ROLES`."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    SERVICE_MANAGER = "service_manager"
    TEAM_LEADER = "team_leader"
    COMPLAINTS_MANAGER = "complaints_manager"
    GOVERNANCE_OFFICER = "governance_officer"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    AUDITOR = "auditor"

    @property
    def title(self) -> str:
        """Say the role's name as the office says it."""
        return ROLES[self].title


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """What a role is called, what it is for and what it may do."""

    title: str
    description: str
    permissions: frozenset[P]


_READING = frozenset({P.CASE_READ, P.DOCUMENT_READ, P.MESSAGE_READ})

_ADMINISTRATION = _READING | {
    P.CASE_LOG,
    P.CASE_TRIAGE,
    P.CASE_ACKNOWLEDGE,
    P.CASE_WRITE,
    P.CASE_CHASE,
    P.POINT_CHANGE,
    P.PERSON_CHANGE,
    P.MESSAGE_HANDLE,
    P.DOCUMENT_ADD,
    P.POST_RECORD,
    P.TASK_ASK,
    P.ABSENCE_RECORD,
}

_CASEWORK = _ADMINISTRATION | {
    P.CASE_HOLD,
    P.CASE_EXTEND,
    P.FINDING_RECORD,
    P.RESPONSE_DRAFT,
    P.CASE_CLOSE,
    P.CASE_ESCALATE,
    P.REMEDY_COMPLETE,
    P.AUTHORITY_CONFIRM,
    P.TASK_ANSWER,
    P.REPORT_READ,
}

_LEADING = _CASEWORK | {P.CASE_ALLOCATE, P.RESPONSE_CHECK, P.RESPONSE_RELEASE}

_MANAGING = _LEADING | {
    P.CASE_REFUSE,
    P.EXTENSION_OVERRIDE,
    P.REMEDY_APPROVE,
    P.CALENDAR_CHANGE,
    P.TEMPLATE_PUBLISH,
    P.TRAIL_READ,
}

ROLES: dict[Role, RoleInfo] = {
    Role.ADMINISTRATOR: RoleInfo(
        "complaints administrator",
        "Logs complaints, acknowledges them, writes and chases. Makes no findings and answers no complaint.",
        frozenset(_ADMINISTRATION),
    ),
    Role.OFFICER: RoleInfo(
        "complaints officer",
        "Holds cases: agrees points, finds, drafts the response, closes and follows remedies up.",
        frozenset(_CASEWORK),
    ),
    Role.SERVICE_MANAGER: RoleInfo(
        "service manager",
        "Answers what the service was asked, drafts responses about it and completes its remedies.",
        frozenset(
            {
                P.CASE_READ,
                P.DOCUMENT_READ,
                P.DOCUMENT_ADD,
                P.CASE_HOLD,
                P.CASE_WRITE,
                P.FINDING_RECORD,
                P.RESPONSE_DRAFT,
                P.REMEDY_COMPLETE,
                P.TASK_ANSWER,
                P.ABSENCE_RECORD,
                P.REPORT_READ,
            }
        ),
    ),
    Role.TEAM_LEADER: RoleInfo(
        "team leader",
        "Does what an officer does; allocates cases, checks and releases responses, extends.",
        frozenset(_LEADING),
    ),
    Role.COMPLAINTS_MANAGER: RoleInfo(
        "complaints manager",
        "Does all casework; refuses, overrides with a reason, approves remedies, keeps templates and calendar.",
        frozenset(_MANAGING),
    ),
    Role.GOVERNANCE_OFFICER: RoleInfo(
        "information governance officer",
        "Reads cases, documents and the trail.",
        frozenset(_READING | {P.TRAIL_READ, P.REPORT_READ}),
    ),
    Role.SYSTEM_ADMINISTRATOR: RoleInfo(
        "system administrator",
        "Looks after settings, staff and mailboxes. Sees nothing of any case.",
        frozenset({P.SETTINGS_CHANGE, P.STAFF_CHANGE, P.MAILBOX_CHANGE}),
    ),
    Role.AUDITOR: RoleInfo(
        "auditor",
        "Reads everything, the trail and the reports included. Changes nothing.",
        frozenset(_READING | {P.TRAIL_READ, P.REPORT_READ}),
    ),
}

TIMETABLE_MAY: frozenset[P] = frozenset(
    {
        P.TIMETABLE_RECEIVE,
        P.TIMETABLE_DISPATCH,
        P.TIMETABLE_REMIND,
        P.TIMETABLE_RECOMPUTE,
        P.TIMETABLE_SCAN,
        P.TIMETABLE_SEAL,
    }
)
"""What the jobs of the timetable may do, for every council."""

COMMAND_MAY: frozenset[P] = TIMETABLE_MAY | {
    P.SETTINGS_CHANGE,
    P.STAFF_CHANGE,
    P.MAILBOX_CHANGE,
    P.CALENDAR_CHANGE,
    P.TEMPLATE_PUBLISH,
}
"""What a command typed at the machine may do: set up and take in, but no casework."""

RESIDENT_MAY: frozenset[P] = frozenset(
    {P.RESIDENT_SUBMIT, P.RESIDENT_ADD, P.RESIDENT_ESCALATE, P.RESIDENT_FOLLOW}
)
"""What a resident may do, with their own council and their own case only."""

_NOBODYS = (
    set(P)
    - set().union(*(role.permissions for role in ROLES.values()))
    - TIMETABLE_MAY
    - COMMAND_MAY
    - RESIDENT_MAY
)
if _NOBODYS or set(ROLES) != set(Role):
    raise RuntimeError(f"Permissions that nobody holds, or a role without a description: {sorted(_NOBODYS)}.")


def permissions_of(roles: Iterable[Role]) -> frozenset[P]:
    """Return everything that the holder of all these roles may do."""
    return frozenset().union(*(ROLES[role].permissions for role in roles))
