"""Nothing hangs on a row of another council, and nothing on a row of another case.

Every two-column foreign key is tried by building a row twice: once with what it hangs on taken from its own council (or
case), once from another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from records.building import AT, DIGEST, Values, Yard, accepted, refused_by, settle
from redress.cases.models import Case, Finding, Point, Stage, StagePoint
from redress.correspondence.models import Letter, Response, ResponsePoint
from redress.documents.models import Document
from redress.learning.models import Remedy
from redress.plumbing.same_council import SameCase, SameCouncil
from redress.quality.models import Check
from redress.staff.models import Officer
from redress.tasks.models import Task, TaskPoint

pytestmark = pytest.mark.django_db

OWNED = [
    (model, constraint)
    for model in apps.get_models()
    if model.__module__.startswith("redress.")
    for constraint in model._meta.constraints
]
COUNCIL = [(model, one) for model, one in OWNED if isinstance(one, SameCouncil)]
CASE = [(model, one) for model, one in OWNED if isinstance(one, SameCase)]


@pytest.mark.parametrize(("model", "one"), COUNCIL, ids=[one.name for _model, one in COUNCIL])
def test_it_belongs_to_the_council_of_what_it_hangs_on(model: type[models.Model], one: SameCouncil) -> None:
    north, east = Yard(), Yard("eastvale", "EAS")
    parent = model._meta.get_field(one.fields).remote_field.model
    with accepted():
        north.new(model, **{one.fields: north.new(parent)})
    with refused_by(one.name):
        north.new(model, **{one.fields: east.new(parent)})
        settle(one.name)


@pytest.mark.parametrize(("model", "one"), CASE, ids=[one.name for _model, one in CASE])
def test_it_belongs_to_the_case_of_what_it_hangs_on(model: type[models.Model], one: SameCase) -> None:
    yard = Yard()
    parent = model._meta.get_field(one.fields).remote_field.model
    case, other = yard.new(Case), yard.new(Case)
    with accepted():
        yard.new(model, case=case, **{one.fields: yard.new(parent, case=case)})
    with refused_by(one.name):
        yard.new(model, case=case, **{one.fields: yard.new(parent, case=other)})
        settle(one.name)


# ---------------------------------------------------------------------------------------------- what lies in two tables


@dataclass(frozen=True)
class Across:
    """A rule across tables: what is written so that it holds, and so that it doesn't."""

    name: str
    takes: tuple[Callable[[Yard], object], ...]
    refuses: tuple[Callable[[Yard], object], ...]


def with_point_of(
    own: bool, model: type[models.Model], parent: type[models.Model], name: str
) -> Callable[[Yard], object]:
    """Write a row that ties a stage, or a task, to a point of its own case, or of another."""

    def write(yard: Yard) -> object:
        holder: Any = yard.new(parent)
        return yard.new(model, **{name: holder, "point": yard.new(Point, case=holder.case if own else yard.new(Case))})

    return write


def moved_to_another_case(yard: Yard) -> object:
    row = yard.new(StagePoint)
    row.point = yard.new(Point)
    row.save()
    return row


CLOSED = {"outcome": "upheld", "closed_at": AT, "closed_by": "Asha Mehta", "state": "closed"}
ENDED = {"outcome": "upheld", "ended_at": AT, "ended_by": "Asha Mehta"}


def case_with_stage(stage: Values) -> Callable[[Yard], object]:
    return lambda yard: yard.new(Stage, case=yard.new(Case, **CLOSED), **stage)


def closed_over_its_stage(yard: Yard) -> object:
    stage = yard.new(Stage)
    settle()
    return Case.objects.filter(pk=stage.case_id).update(**CLOSED)


def closed_and_ended_in_either_order(yard: Yard) -> object:
    stage = yard.new(Stage)
    Case.objects.filter(pk=stage.case_id).update(**CLOSED)
    return Stage.objects.filter(pk=stage.pk).update(**ENDED)


def opened_again_on_a_closed_case(yard: Yard) -> object:
    stage = yard.new(Stage, case=yard.new(Case, **CLOSED), **ENDED)
    settle()
    return Stage.objects.filter(pk=stage.pk).update(outcome="", ended_at=None, ended_by="")


def closed_with_a_remedy(**remedy: Any) -> Callable[[Yard], object]:
    def write(yard: Yard) -> object:
        finding = yard.new(Finding, stage=yard.new(Stage, **ENDED))
        owed = {"owner": yard.new(Officer), "due_on": AT.date(), "promised_at": AT} if "state" in remedy else {}
        yard.new(Remedy, finding=finding, **owed, **remedy)
        return Case.objects.filter(pk=finding.stage.case_id).update(**CLOSED)

    return write


DONE = {"done_on": AT.date(), "done_at": AT, "done_by": "Asha Mehta", "evidence_text": "Letter of 24 November"}


def remedy_elsewhere(yard: Yard) -> object:
    return yard.new(Remedy, finding=yard.new(Finding), case=yard.new(Case))


def letter_of(yard: Yard, kind: str = "stage-1-response", **more: Any) -> Letter:
    given = {"state": "released", "document": yard.new(Document), "released_at": AT, "released_by": "Asha", **more}
    return yard.new(Letter, kind=kind, **given)


GONE = {
    "state": "dispatched", "attempted_at": AT, "attempts": 1, "dispatched_at": AT, "dispatched_by": "Post",
    "dispatched_on": AT.date(), "evidence": {"carrier": "outbox"},
}  # fmt: skip


def answer(
    state: str, *, check: Values | None = None, checker_wrote: bool = False, letter: Values | None = None
) -> Callable[[Yard], object]:
    """Write an answer in this state, with a check, and a letter where it has got so far."""

    def write(yard: Yard) -> object:
        checker = yard.new(Officer)
        given: Values = {"state": state, "checked_digest": DIGEST, "writers": [checker.pk] if checker_wrote else []}
        if letter is not None:
            given["letter"] = letter_of(yard, **letter)
            given["stage"] = given["letter"].stage
        response = yard.new(Response, **given)
        if check is not None:
            yard.new(Check, response=response, **{"state": "passed", "ended_at": AT, "checker": checker, **check})
        return response

    return write


def taken_back(yard: Yard) -> object:
    response = yard.new(Response, state="with-checker", checked_digest=DIGEST)
    yard.new(Check, response=response, state="taken-back", ended_at=AT)
    return Response.objects.filter(pk=response.pk).update(state="passed")


ACROSS = (
    Across(
        "a_stage_looks_at_points_of_its_own_case",
        (with_point_of(True, StagePoint, Stage, "stage"),),
        (with_point_of(False, StagePoint, Stage, "stage"), moved_to_another_case),
    ),
    Across(
        "a_finding_is_on_a_point_of_its_own_case",
        (with_point_of(True, Finding, Stage, "stage"),),
        (with_point_of(False, Finding, Stage, "stage"),),
    ),
    Across(
        "an_answer_answers_points_of_its_stage",
        (with_point_of(True, ResponsePoint, Stage, "stage"),),
        (with_point_of(False, ResponsePoint, Stage, "stage"),),
    ),
    Across(
        "a_task_serves_points_of_its_own_case",
        (with_point_of(True, TaskPoint, Task, "task"),),
        (with_point_of(False, TaskPoint, Task, "task"),),
    ),
    Across(
        "a_closed_case_has_no_open_stage",
        (case_with_stage(ENDED), closed_and_ended_in_either_order, lambda yard: yard.new(Stage)),
        (case_with_stage({}), closed_over_its_stage, opened_again_on_a_closed_case),
    ),
    Across(
        "a_case_stays_open_while_a_promise_is",
        (closed_with_a_remedy(), closed_with_a_remedy(state="done", **DONE)),
        (closed_with_a_remedy(state="promised"),),
    ),
    Across("a_remedy_is_for_a_finding_of_its_own_case", (lambda yard: yard.new(Remedy),), (remedy_elsewhere,)),
    Across(
        "a_passed_answer_has_a_passed_check",
        (answer("draft"), answer("with-checker"), answer("passed", check={})),
        (
            answer("passed"),
            answer("passed", check={"digest": "1" * 64}),
            answer("passed", check={"state": "returned", "remark": "Why?"}),
            answer("passed", check={}, checker_wrote=True),
            answer("released", letter={"kind": "other"}),
            taken_back,
        ),
    ),
    Across(
        "a_released_answer_letter_has_a_passed_check",
        (
            answer("released", check={}, letter={}),
            answer("sent", check={}, letter=GONE),
            lambda yard: letter_of(yard, kind="holding"),
            lambda yard: yard.new(Letter, kind="stage-1-response"),
            lambda yard: yard.new(Letter, kind="stage-2-response", state="withdrawn"),
        ),
        (
            letter_of,
            lambda yard: letter_of(yard, kind="stage-2-response", **GONE),
            lambda yard: letter_of(yard, state="failed"),
        ),
    ),
    Across(
        "an_answer_is_sent_when_its_letter_is",
        (answer("sent", check={}, letter=GONE), answer("released", check={}, letter={})),
        (answer("sent", check={}, letter={}),),
    ),
)  # fmt: skip


@pytest.mark.parametrize("rule", ACROSS, ids=lambda one: one.name)
def test_the_database_holds_what_lies_in_two_tables(rule: Across) -> None:
    yard = Yard()
    for write in rule.takes:
        with accepted():
            write(yard)
    for write in rule.refuses:
        with refused_by(rule.name):
            write(yard)
            settle(rule.name)
