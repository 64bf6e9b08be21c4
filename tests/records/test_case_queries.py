"""Which cases does somebody see, in which order, and do the counts agree with the lists?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases import queries
from redress.cases.queries import Wanted
from redress.casework import case_details, closure
from redress.staff.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return assemble()


def test_each_viewer_sees_the_cases_of_their_councils_only(cast: Cast) -> None:
    north, east = cast.logged(), cast.logged(council=cast.eastvale, service=None, category=None)
    asha, ben, stranger = cast.actor(), actor_for(cast.ben, TODAY), actor_for(cast.stranger, TODAY)
    assert {one.pk for one in queries.base(asha)} == {north.pk, east.pk}
    assert [one.pk for one in queries.base(ben)] == [north.pk]
    assert not queries.base(stranger) and queries.case(stranger, north.reference) is None
    assert not queries.base(cast.actor(Role.SYSTEM_ADMINISTRATOR)), "settings, no case content"
    link = Actor.resident(council_id=north.council_id, contact_id=north.complainant_id, case_id=north.pk)
    assert [one.pk for one in queries.base(link)] == [north.pk]
    assert queries.case(asha, f" {north.reference.lower()} ") == north


def test_counts_agree_with_lists(cast: Cast) -> None:
    cast.allocated(cast.logged())
    cast.allocated(cast.logged(kind="service-request", reason="A new bin.", points=()))
    done = cast.allocated(cast.logged())
    closure.close(case=done, outcome="withdrawn", reason="He rang.", on=TODAY, by=cast.actor(), at=make.at())
    cast.logged()
    asha = cast.actor()
    assert queries.held_count(asha, TODAY) == queries.work_of(asha, TODAY, Wanted(holder_id=asha.id)).total == 2
    nobody = queries.work_of(asha, TODAY, Wanted(nobody=True, kind="complaint"))
    assert queries.unallocated_count(asha) == nobody.total == len(nobody.rows) == 1
    loads = {load.name: load.open for load in queries.workload(asha, TODAY)}
    assert loads == {"Nobody": 1, "Asha Mehta": 2}
    assert sum(loads.values()) == queries.open_cases(asha, Wanted()).count()


def test_a_list_is_read_in_as_many_queries_whatever_its_length(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from django.db import connection

    cast.allocated(cast.acknowledged(cast.logged()))
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.work_of(cast.actor(), TODAY, Wanted())
    for _ in range(3):
        cast.allocated(cast.logged())
    actor = cast.actor()
    with CaptureQueriesContext(connection) as four:
        queries.work_of(actor, TODAY, Wanted())
    assert len(four) <= len(one)


def test_the_nearest_date_comes_first_and_pages_hold_each_case_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for day in (18, 16, 20, 17, 19):
        moment = make.at(dt.date(2026, 11, day), 9)
        cast.logged(at=moment, received_at=moment, received_on=moment.date())
    seen: list[dt.date] = []
    after = None
    while True:
        found = queries.work_of(cast.actor(), TODAY, Wanted(after=after))
        seen += [row.case.next_due_on for row in found.rows if row.case.next_due_on]
        after = found.next_after
        if after is None:
            break
    assert len(seen) == 5 and seen == sorted(seen)


def test_points_carry_what_each_stage_found(cast: Cast) -> None:
    case = cast.at_stage_2(cast.answered(cast.allocated(cast.acknowledged(cast.logged()))))
    first = queries.points_of(case)[0]
    assert [number for number, _ in first.findings] == [1] and first.findings[0][1].decision == "upheld"
    assert queries.open_stage(case).number == 2  # type: ignore[union-attr]
    assert queries.agreed_on(queries.points_of(case)) is None
    for point in case.points.all():
        case_details.reword_point(
            case=case, point=point, wording="As agreed", agreed_on=TODAY, version=1, by=cast.actor(), at=make.at()
        )
    assert queries.agreed_on(queries.points_of(case)) == TODAY


def test_open_clocks_are_those_of_open_cases_with_a_date(cast: Cast) -> None:
    case = cast.acknowledged(cast.logged())
    rows = queries.open_clocks(Actor.timetable())
    assert [(row.case, row.name) for row in rows] == [(case, "stage-1-response")]
    assert queries.open_clocks(actor_for(cast.stranger, TODAY)) == []
    closure.close(case=case, outcome="withdrawn", reason="He rang.", on=TODAY, by=cast.actor(), at=make.at())
    assert queries.open_clocks(Actor.timetable()) == []
