"""A council's own shape as steps: permission, the trail with before and after, what moves, who is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from factories import cast as make
from factories.cast import AT, SETTING_UP, TODAY, Cast, assemble
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.refusals import ChangedMeanwhile
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import council_preview, setting_up, tasks
from redress.casework import council_settings as steps
from redress.casework import council_shape as shape
from redress.casework.council_shape import ServiceGiven
from redress.council.models import Category, Council, Service
from redress.jobs import nightly
from redress.plumbing import moment
from redress.staff import queries as staff_queries
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def given(service: Service) -> ServiceGiven:
    return ServiceGiven(
        name=service.name, directorate=service.directorate_id, email=service.email, lgsl=service.lgsl,
        landlord=service.landlord, manager=service.manager, deputy=service.deputy,
    )  # fmt: skip


def settings(council: Council, **more: int | bool) -> dict[str, int | bool]:
    return {**{name: getattr(council, name) for name in shape.WORKING}, **more}


def test_the_trail_says_before_and_after(cast: Cast) -> None:
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    steps.change_service(
        service=cast.waste, given=replace(given(cast.waste), name="Bins", lgsl="524"), seen="", by=by, at=AT
    )
    line = trail.read(cast.northmere)[-1]
    assert line.sentence == "The service Waste and recycling was changed" and line.by_name == by.name
    assert line.ids["was"] == {"Name": "Waste and recycling", "LGSL code": ""}
    assert line.ids["now"] == {"Name": "Bins", "LGSL code": "524"}
    assert shape.history(cast.northmere, Service.objects.get(pk=cast.waste.pk))[0].id == line.id


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TEAM_LEADER, Role.AUDITOR, Role.SERVICE_MANAGER])
def test_who_may_not_is_refused(cast: Cast, role: Role) -> None:
    with pytest.raises(NotPermitted):
        steps.add_category(council=cast.northmere, name="Noise", by=cast.actor(role), at=AT)
    assert not Category.objects.filter(name="Noise").exists()


def test_of_two_who_save_the_second_is_told_who_was_first(cast: Cast) -> None:
    by, first = cast.actor(Role.COMPLAINTS_MANAGER), cast.actor(Role.SYSTEM_ADMINISTRATOR)
    seen = shape.seen_of(cast.northmere, shape.WORKING)
    steps.change_working(
        council=cast.northmere, given=settings(cast.northmere, due_soon_within=4), seen=seen, by=first, at=AT
    )
    with pytest.raises(ChangedMeanwhile) as told:
        steps.change_working(
            council=cast.northmere, given=settings(cast.northmere, due_soon_within=9), seen=seen, by=by, at=AT
        )
    assert first.name in told.value.sentence
    assert Council.objects.get(pk=cast.northmere.pk).due_soon_within == 4


def test_a_manager_and_a_deputy_are_asked_and_see_what_is_asked(cast: Cast) -> None:
    case = cast.allocated(cast.acknowledged(cast.logged()))
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    steps.change_service(
        service=cast.planning, given=replace(given(cast.planning), manager=cast.ben.pk), seen="", by=by, at=AT
    )
    planning = Service.objects.get(pk=cast.planning.pk)
    tasks.ask(
        case=case, service=planning, question="Which road?", points=[], due_on=TODAY + dt.timedelta(days=3),
        by=cast.actor(), at=AT,
    )  # fmt: skip
    assert Notice.objects.filter(officer=cast.ben, kind="task").count() == 1
    assert planning.pk in staff_queries.actor_for(cast.ben, TODAY).service_ids
    assert planning.pk not in staff_queries.actor_for(cast.asha, TODAY).service_ids


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"name": " "}, shape.NameNeeded),
        ({"name": "PLANNING"}, shape.NameTaken),
        ({"directorate": 0}, shape.NoSuchPlace),
        ({"lgsl": "५२"}, shape.NoCode),
        ({"email": "nobody"}, shape.NoAddress),
    ],
)
def test_what_can_not_be_is_refused(cast: Cast, more: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        steps.change_service(
            service=cast.waste, given=replace(given(cast.waste), **more), seen="",
            by=cast.actor(Role.COMPLAINTS_MANAGER), at=AT,
        )  # fmt: skip


def test_who_does_not_work_there_answers_for_nothing(cast: Cast) -> None:
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    with pytest.raises(shape.CannotAnswer):
        steps.change_service(
            service=cast.waste, given=replace(given(cast.waste), deputy=cast.stranger.pk), seen="", by=by, at=AT
        )
    both = replace(given(cast.waste), manager=cast.ben.pk, deputy=cast.ben.pk)
    with pytest.raises(shape.OwnDeputy):
        steps.change_service(service=cast.waste, given=both, seen="", by=by, at=AT)


def test_a_directorate_of_another_council_is_no_place(cast: Cast) -> None:
    other = setting_up.add_service(council=cast.eastvale, directorate="Homes", name="x", by=SETTING_UP, at=AT)
    with pytest.raises(shape.NoSuchPlace):
        steps.change_service(
            service=cast.waste, given=replace(given(cast.waste), directorate=other.directorate_id), seen="",
            by=cast.actor(Role.COMPLAINTS_MANAGER), at=AT,
        )  # fmt: skip


def test_a_setting_that_moves_dates_is_counted_first_then_worked_out(cast: Cast) -> None:
    """Acknowledged late: the literal reading gives the response more time, the cautious one does not."""
    case = cast.acknowledged(cast.logged(received_on=TODAY - dt.timedelta(days=14)))
    case.refresh_from_db()
    before = case.next_due_on
    by = cast.actor(Role.SYSTEM_ADMINISTRATOR)
    wanted = settings(cast.northmere, literal_response_start=True)
    shown = council_preview.preview_working(cast.northmere, wanted, TODAY)
    assert [one.what for one in shown.differences] == ["Late acknowledgements"]
    assert shown.effects[0].startswith("1 date moves, of 1 open case.")
    steps.change_working(council=cast.northmere, given=wanted, seen="", by=by, at=AT)
    nightly.recompute(council_id=cast.northmere.pk, why="A working setting changed", on="", divisions=[])
    case = Case.objects.get(pk=case.pk)
    assert before is not None and case.next_due_on is not None and case.next_due_on > before


def test_what_is_as_it_was_leaves_no_mark(cast: Cast) -> None:
    by, before = cast.actor(Role.COMPLAINTS_MANAGER), len(trail.read(cast.northmere))
    with pytest.raises(shape.NothingChanges):
        steps.change_service(service=cast.waste, given=given(cast.waste), seen="", by=by, at=AT)
    with pytest.raises(shape.NothingChanges):
        steps.change_working(council=cast.northmere, given=settings(cast.northmere), seen="", by=by, at=AT)
    with pytest.raises(shape.NothingChanges):
        steps.offer_again(part=cast.waste, seen="", by=by, at=AT)
    assert len(trail.read(cast.northmere)) == before


def test_an_ended_directorate_takes_no_service(cast: Cast) -> None:
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    place = steps.add_directorate(council=cast.northmere, name="Old", by=by, at=AT)
    steps.end(part=place, on=TODAY, seen="", by=by, at=AT)
    with pytest.raises(shape.NoSuchPlace):
        steps.add_service(council=cast.northmere, given=ServiceGiven(name="New", directorate=place.pk), by=by, at=AT)
    with pytest.raises(shape.NameTaken) as told:
        steps.add_directorate(council=cast.northmere, name="old", by=by, at=AT)
    assert "ended on Monday 23 November 2026" in told.value.sentence
