"""The roles hold what the office says that they hold, and not more."""

from __future__ import annotations

import pytest

from redress.access.actor import Actor
from redress.access.permissions import PERMISSIONS, NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.roles import COMMAND_MAY, RESIDENT_MAY, ROLES, TIMETABLE_MAY, Role

READING = {
    Permission.CASE_READ,
    Permission.DOCUMENT_READ,
    Permission.MESSAGE_READ,
    Permission.TRAIL_READ,
}
MAY_NOT = {
    # role: what it must never hold
    Role.ADMINISTRATOR: {Permission.FINDING_RECORD, Permission.RESPONSE_DRAFT, Permission.RESPONSE_RELEASE},
    Role.OFFICER: {Permission.RESPONSE_RELEASE, Permission.CASE_REFUSE, Permission.EXTENSION_OVERRIDE},
    Role.SERVICE_MANAGER: {Permission.CASE_CLOSE, Permission.RESPONSE_RELEASE, Permission.CASE_ALLOCATE},
    Role.TEAM_LEADER: {Permission.CASE_REFUSE, Permission.EXTENSION_OVERRIDE, Permission.SETTINGS_CHANGE},
    Role.COMPLAINTS_MANAGER: {Permission.SETTINGS_CHANGE, Permission.STAFF_CHANGE, Permission.MAILBOX_CHANGE},
}
MAY = {
    Role.ADMINISTRATOR: {Permission.CASE_LOG, Permission.CASE_ACKNOWLEDGE, Permission.CASE_CHASE},
    Role.OFFICER: {Permission.FINDING_RECORD, Permission.RESPONSE_DRAFT, Permission.CASE_CLOSE, Permission.CASE_HOLD},
    Role.SERVICE_MANAGER: {Permission.TASK_ANSWER, Permission.RESPONSE_DRAFT},
    Role.TEAM_LEADER: {Permission.CASE_ALLOCATE, Permission.RESPONSE_CHECK, Permission.RESPONSE_RELEASE},
    Role.COMPLAINTS_MANAGER: {
        Permission.CASE_REFUSE,
        Permission.EXTENSION_OVERRIDE,
        Permission.REMEDY_APPROVE,
        Permission.TEMPLATE_PUBLISH,
        Permission.CALENDAR_CHANGE,
    },
}


@pytest.mark.parametrize("role", list(MAY))
def test_a_role_holds_what_it_is_for(role: Role) -> None:
    assert ROLES[role].permissions >= MAY[role]
    assert not ROLES[role].permissions & MAY_NOT[role]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.GOVERNANCE_OFFICER])
def test_who_only_reads_changes_nothing(role: Role) -> None:
    assert ROLES[role].permissions == READING


def test_the_system_administrator_sees_no_case() -> None:
    held = ROLES[Role.SYSTEM_ADMINISTRATOR].permissions
    assert held == {
        Permission.SETTINGS_CHANGE,
        Permission.COUNCIL_CHANGE,
        Permission.STAFF_CHANGE,
        Permission.MAILBOX_CHANGE,
    }


def test_no_role_holds_what_belongs_to_the_timetable_or_the_resident() -> None:
    for role in Role:
        assert not ROLES[role].permissions & (TIMETABLE_MAY | RESIDENT_MAY)
    assert all(permission.value.startswith("timetable.") for permission in TIMETABLE_MAY)
    assert not any(permission.value.startswith(("case.", "finding.", "response.")) for permission in COMMAND_MAY)


def test_every_permission_has_a_sentence_and_every_role_a_description() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert all(sentence[0].islower() and not sentence.endswith(".") for sentence in PERMISSIONS.values())
    assert all(info.title and info.description.endswith(".") for info in ROLES.values())


def test_a_role_counts_at_its_own_council_only() -> None:
    both = Actor(
        kind="staff",
        id=7,
        name="Asha Mehta",
        roles={1: frozenset({Role.OFFICER}), 2: frozenset({Role.SYSTEM_ADMINISTRATOR}), 3: frozenset()},
    )
    assert both.council_ids == {1, 2}
    assert (both.may(Permission.CASE_READ, 1), both.may(Permission.CASE_READ, 2)) == (True, False)
    assert both.councils_where(Permission.CASE_READ) == {1}
    assert (both.may_somewhere(Permission.SETTINGS_CHANGE), both.may(Permission.SETTINGS_CHANGE, 1)) == (True, False)
    assert [both.belongs_to(council) for council in (1, 2, 3, 4)] == [True, True, False, False]


def test_several_roles_add_up() -> None:
    roles = {1: frozenset({Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR})}
    assert Actor(kind="staff", id=1, name="x", roles=roles).may(Permission.MAILBOX_CHANGE, 1)


def test_a_resident_belongs_to_one_council_and_has_no_name_in_the_trail() -> None:
    resident = Actor.resident(council_id=1, contact_id=7, case_id=9, name="Dev Patel")
    assert resident.may(Permission.RESIDENT_ADD, 1)
    assert not resident.may(Permission.RESIDENT_ADD, 2)
    assert not resident.may(Permission.CASE_READ, 1)
    assert (resident.council_ids, resident.recorded_name, resident.id) == (frozenset(), "", 7)


def test_actors_are_told_apart() -> None:
    actors = [
        Actor.timetable(),
        Actor.command("redress mail import"),
        Actor.resident(council_id=1),
        Actor.resident(council_id=1, contact_id=7),
        Actor.resident(council_id=1, contact_id=7, case_id=9),
        Actor(kind="staff", id=7, name="Asha Mehta"),
        Actor(kind="staff", id=9, name="Asha Mehta"),
    ]
    assert len({actor.identity for actor in actors}) == len(set(actors)) == len(actors)


def test_a_refusal_speaks_for_itself() -> None:
    class OnLeave(Refusal):
        """This officer
        is away.

        Said when they are allocated a case.
        """

        do = "Choose another officer."
        field = "officer"

    class Silent(Refusal):
        __doc__ = None

    plain = OnLeave()
    assert (plain.sentence, plain.do, plain.field, str(plain)) == (
        "This officer is away.",
        "Choose another officer.",
        "officer",
        "This officer is away.",
    )
    told = OnLeave("Asha is away until Monday.", do="Ask Ben.", field="holder")
    assert (told.sentence, told.do, told.field) == ("Asha is away until Monday.", "Ask Ben.", "holder")
    assert OnLeave.do == "Choose another officer."
    assert Silent().sentence == "This can't be done."
    assert NotPermitted().sentence == "Your role doesn't allow this."
