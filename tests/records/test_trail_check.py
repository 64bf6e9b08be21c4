"""Is the nightly check of the trail kept, and is somebody told when it does not verify?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from factories import cast as casting
from factories.cast import Cast
from redress.access import standing
from redress.access.roles import Role
from redress.casework import trail_check
from redress.jobs import trail_check as job
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.REDRESS_HOME = tmp_path
    return casting.assemble()


def test_a_check_that_finds_nothing_is_kept_and_told_to_nobody(cast: Cast) -> None:
    assert trail_check.last() is None
    job.check()
    last = trail_check.last()
    assert last is not None
    assert last.ids["faults"] == 0
    assert last.ids["entries"] == standing.entries() - 1
    assert not Notice.objects.exists()


def test_an_altered_entry_is_found_by_night_and_told_to_those_who_answer_for_it(
    cast: Cast, database_superuser: Any
) -> None:
    case = cast.logged()
    assert standing.check(case).faults == []
    with database_superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE access_entry SET by_name = 'Somebody else' WHERE stream = %s AND seq = 1", [case.trail_stream]
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert standing.check(case).faults
    assert standing.check(cast.northmere).faults == []
    job.check()
    last = trail_check.last()
    assert last is not None
    assert last.ids["faults"] >= 1
    assert last.detail["sentences"]
    told = set(Notice.objects.filter(council=cast.northmere).values_list("officer_id", flat=True))
    wanted = (Role.COMPLAINTS_MANAGER, Role.AUDITOR, Role.GOVERNANCE_OFFICER)
    assert told == {cast.officers[role].pk for role in wanted}


def test_what_is_sealed_and_what_is_not_can_be_told(cast: Cast) -> None:
    from redress.access import seals

    case = cast.logged()
    assert standing.of(case).sealed == 0
    assert standing.of(case).unsealed == standing.of(case).entries > 0
    seals.seal(at=casting.AT + dt.timedelta(minutes=1))
    assert standing.of(case).unsealed == 0
    assert standing.unsealed() == 0
    assert standing.latest_seals()[0].entries == standing.entries()
