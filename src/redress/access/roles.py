"""Which role may do what?

A role belongs to a council; a person may hold several, at several councils::

    >>> Permission.FINDING_RECORD in ROLES[Role.ADMINISTRATOR].permissions
    False
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from redress.access.permissions import Permission


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
    def label(self) -> str:
        """Say the role's name as the office says it."""
        return ROLES[self].title


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """What a role is called, what it is for and what it may do."""

    title: str
    description: str
    permissions: frozenset[Permission]


_READING = frozenset({Permission.CASE_READ, Permission.DOCUMENT_READ, Permission.MESSAGE_READ})

_ADMINISTRATION = _READING | {
    Permission.CASE_LOG,
    Permission.CASE_TRIAGE,
    Permission.CASE_ACKNOWLEDGE,
    Permission.CASE_WRITE,
    Permission.CASE_CHASE,
    Permission.POINT_CHANGE,
    Permission.PERSON_CHANGE,
    Permission.MESSAGE_HANDLE,
    Permission.DOCUMENT_ADD,
    Permission.POST_RECORD,
    Permission.TASK_ASK,
    Permission.ABSENCE_RECORD,
    Permission.NOTICE_READ,
}

_CASEWORK = _ADMINISTRATION | {
    Permission.CASE_HOLD,
    Permission.CASE_EXTEND,
    Permission.FINDING_RECORD,
    Permission.RESPONSE_DRAFT,
    Permission.CASE_CLOSE,
    Permission.CASE_ESCALATE,
    Permission.REMEDY_COMPLETE,
    Permission.AUTHORITY_CONFIRM,
    Permission.TASK_ANSWER,
}

_LEADING = _CASEWORK | {
    Permission.CASE_ALLOCATE,
    Permission.RESPONSE_CHECK,
    Permission.RESPONSE_RELEASE,
    Permission.EDITION_DRAFT,
}

_MANAGING = _LEADING | {
    Permission.CASE_REFUSE,
    Permission.EXTENSION_OVERRIDE,
    Permission.REMEDY_APPROVE,
    Permission.CALENDAR_CHANGE,
    Permission.COUNCIL_CHANGE,
    Permission.TEMPLATE_PUBLISH,
    Permission.EDITION_APPROVE,
    Permission.TRAIL_READ,
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
                Permission.CASE_READ,
                Permission.DOCUMENT_READ,
                Permission.DOCUMENT_ADD,
                Permission.CASE_HOLD,
                Permission.CASE_WRITE,
                Permission.FINDING_RECORD,
                Permission.RESPONSE_DRAFT,
                Permission.REMEDY_COMPLETE,
                Permission.TASK_ANSWER,
                Permission.ABSENCE_RECORD,
                Permission.NOTICE_READ,
            }
        ),
    ),
    Role.TEAM_LEADER: RoleInfo(
        "team leader",
        "Does what an officer does; allocates cases, checks and releases responses, drafts the council's own editions.",
        frozenset(_LEADING),
    ),
    Role.COMPLAINTS_MANAGER: RoleInfo(
        "complaints manager",
        "Does all casework; refuses, overrides, approves remedies and editions, keeps templates and calendar.",
        frozenset(_MANAGING),
    ),
    Role.GOVERNANCE_OFFICER: RoleInfo(
        "information governance officer",
        "Reads cases, documents and the trail.",
        frozenset(_READING | {Permission.TRAIL_READ}),
    ),
    Role.SYSTEM_ADMINISTRATOR: RoleInfo(
        "system administrator",
        "Looks after settings, staff and mailboxes. Sees nothing of any case.",
        frozenset(
            {
                Permission.SETTINGS_CHANGE,
                Permission.COUNCIL_CHANGE,
                Permission.STAFF_CHANGE,
                Permission.MAILBOX_CHANGE,
            }
        ),
    ),
    Role.AUDITOR: RoleInfo(
        "auditor",
        "Reads everything, the trail and the reports included. Changes nothing.",
        frozenset(_READING | {Permission.TRAIL_READ}),
    ),
}

TIMETABLE_MAY: frozenset[Permission] = frozenset(
    {
        Permission.TIMETABLE_RECEIVE,
        Permission.TIMETABLE_DISPATCH,
        Permission.TIMETABLE_REMIND,
        Permission.TIMETABLE_RECOMPUTE,
        Permission.TIMETABLE_HOLIDAYS,
        Permission.TIMETABLE_SCAN,
        Permission.TIMETABLE_SEAL,
    }
)
"""What the jobs of the timetable may do, for every council."""

COMMAND_MAY: frozenset[Permission] = TIMETABLE_MAY | {
    Permission.SETTINGS_CHANGE,
    Permission.STAFF_CHANGE,
    Permission.MAILBOX_CHANGE,
    Permission.CALENDAR_CHANGE,
    Permission.TEMPLATE_PUBLISH,
}
"""What a command typed at the machine may do: set up and take in, but no casework."""

RESIDENT_MAY: frozenset[Permission] = frozenset(
    {Permission.RESIDENT_SUBMIT, Permission.RESIDENT_ADD, Permission.RESIDENT_ESCALATE, Permission.RESIDENT_FOLLOW}
)
"""What a resident may do, with their own council and their own case only."""

NEWCOMER_MAY: frozenset[Permission] = frozenset({Permission.NEWCOMER_COME_IN})
"""What somebody may do who came by a one-use link and isn't signed in yet: choose their own password."""

_NOBODYS = (
    set(Permission)
    - set().union(*(role.permissions for role in ROLES.values()))
    - TIMETABLE_MAY
    - COMMAND_MAY
    - RESIDENT_MAY
    - NEWCOMER_MAY
)
if _NOBODYS or set(ROLES) != set(Role):
    raise RuntimeError(f"Permissions that nobody holds, or a role without a description: {sorted(_NOBODYS)}.")


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that the holder of all these roles may do."""
    return frozenset().union(*(ROLES[role].permissions for role in roles))
