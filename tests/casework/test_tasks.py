"""A service is asked, chased, answers, or says that it can't by then or that it is not theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import tasks
from redress.staff.models import Notice
from redress.tasks import queries
from redress.tasks.models import Task

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 11, 26)


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def ask(cast: Cast, case: Case, **more: Any) -> Task:
    given = {
        "service": cast.waste, "question": "Round sheets, please.", "points": list(case.points.all())[:1],
        "due_on": DUE,
        "by": cast.actor(), "at": make.at(), **more,
    }  # fmt: skip
    return tasks.ask(case=case, **given)


def test_the_managers_of_the_service_are_told_and_the_holder_hears_the_answer(cast: Cast, case: Case) -> None:
    task = ask(cast, case, key="k")
    assert ask(cast, case, key="k") == task
    rob = cast.actor(Role.SERVICE_MANAGER)
    assert [one.id for one in queries.owed_by(rob, rob.service_ids)] == [task.pk]
    assert Notice.objects.filter(officer_id=rob.id, kind="task").count() == 1
    tasks.answer(case=case, task=task, answer="They did not come.", by=rob, at=make.at(hour=15))
    assert Notice.objects.get(officer=cast.asha, kind="task-answered").case_reference == case.reference
    assert queries.owed_by(rob, rob.service_ids) == []
    with pytest.raises(tasks.AlreadyAnswered):
        tasks.answer(case=case, task=task, answer="Again", by=rob, at=make.at())
    assert {"task.asked", "task.answered"} <= set(kinds(case))


def test_asking_is_refused_without_a_question_for_yesterday_and_of_another_council(cast: Cast, case: Case) -> None:
    with pytest.raises(tasks.AsksNothing):
        ask(cast, case, question="  ")
    with pytest.raises(tasks.DueBeforeToday):
        ask(cast, case, due_on=TODAY - dt.timedelta(days=1))
    east = cast.logged(council=cast.eastvale, service=None, category=None)
    with pytest.raises(NotVisible):
        ask(cast, east, points=[])
    with pytest.raises(NotPermitted):
        ask(cast, case, by=cast.actor(Role.SERVICE_MANAGER))


def test_a_service_says_when_it_can_and_the_holder_knows_at_once(cast: Cast, case: Case) -> None:
    task, rob = ask(cast, case), cast.actor(Role.SERVICE_MANAGER)
    with pytest.raises(tasks.WhyLater):
        tasks.later(case=case, task=task, on=DUE, reason=" ", by=rob, at=make.at())
    tasks.later(case=case, task=task, on=dt.date(2026, 11, 30), reason="The crew is ill", by=rob, at=make.at())
    task.refresh_from_db()
    assert task.later_on == dt.date(2026, 11, 30) and task.due_on == DUE, "what was asked does not move"
    assert "The crew is ill" in Notice.objects.get(officer=cast.asha, kind="task-later").text


def test_a_service_says_that_it_is_not_theirs(cast: Cast, case: Case) -> None:
    task, rob = ask(cast, case), cast.actor(Role.SERVICE_MANAGER)
    with pytest.raises(tasks.WhoseIsIt):
        tasks.not_ours(case=case, task=task, reason="", by=rob, at=make.at())
    tasks.not_ours(case=case, task=task, reason="Ask Planning", by=rob, at=make.at())
    assert "Ask Planning" in Notice.objects.get(officer=cast.asha, kind="task-not-ours").text


def test_a_manager_answers_for_their_own_service_only(cast: Cast, case: Case) -> None:
    task = ask(cast, case, service=cast.planning)
    with pytest.raises(NotPermitted):
        tasks.answer(case=case, task=task, answer="Ours", by=cast.actor(Role.SERVICE_MANAGER), at=make.at())
    other = cast.logged()
    with pytest.raises(tasks.AlreadyAnswered):
        tasks.answer(case=other, task=task, answer="Wrong case", by=cast.actor(), at=make.at())


def test_chasing_tells_the_managers_once_a_day_and_taking_back_ends_it(cast: Cast, case: Case) -> None:
    task = ask(cast, case)
    for _ in range(2):
        tasks.chase(case=case, task=task, by=cast.actor(), at=make.at())
    assert Notice.objects.filter(once__startswith=f"task-chased:{task.pk}").count() == 1
    tasks.withdraw(case=case, task=task, by=cast.actor(), at=make.at())
    with pytest.raises(tasks.AlreadyAnswered):
        tasks.chase(case=case, task=task, by=cast.actor(), at=make.at())


def test_the_offered_day_leaves_three_working_days_to_write(cast: Cast, case: Case) -> None:
    offer = tasks.offer(case, TODAY)
    assert offer.on == dt.date(2026, 11, 30) and "Monday 7 December 2026" in offer.why
    late = tasks.offer(case, dt.date(2026, 12, 1))
    assert late.on == dt.date(2026, 12, 2), "7 December less three working days"
    assert tasks.offer(case, dt.date(2026, 12, 4)).on == dt.date(2026, 12, 7)
