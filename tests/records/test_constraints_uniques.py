"""What there is once only: the same again is refused by the constraint that says so, and something else is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from records.building import AT, LATER, Values, Yard, accepted, refused_by
from redress.cases.models import Case, HolderPeriod, Stage
from redress.correspondence.models import FormDraft, Letter, Message, OldDate
from redress.council.models import LocalEdition
from redress.people.models import Authority
from redress.quality.models import Check
from redress.staff.models import SignInLink

pytestmark = pytest.mark.django_db

SETTLED = {"settled": "kept", "settled_at": AT, "settled_by": "Asha Mehta"}
ENDED = {"outcome": "upheld", "ended_at": AT, "ended_by": "Asha Mehta"}
OTHERWISE = {
    # What keeps a second row out of the way of another constraint than the one that is tried.
    Stage: ENDED,
    Check: {"state": "taken-back", "ended_at": AT},
}
MODELS = [model for model in apps.get_models() if model.__module__.startswith("redress.")]


# ----------------------------------------------------------------------------------------------------- once, whatever


def is_parent_key(constraint: models.BaseConstraint) -> bool:
    """Say whether it is the pair that a two-column foreign key points at: with the id in it, it can't be broken."""
    return isinstance(constraint, models.UniqueConstraint) and "id" in constraint.fields


ONCE = [
    (model, constraint)
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, models.UniqueConstraint)
    and constraint.condition is None
    and not is_parent_key(constraint)
]


@pytest.mark.parametrize(("model", "constraint"), ONCE, ids=[constraint.name for _model, constraint in ONCE])
def test_the_same_again_is_refused(model: type[models.Model], constraint: models.UniqueConstraint) -> None:
    yard = Yard()
    more = OTHERWISE.get(model, {})
    first = yard.new(model, **more)
    same = {name: getattr(first, name) for name in constraint.fields}
    with refused_by(constraint.name):
        yard.new(model, **same, **more)
    differing = [name for name in constraint.fields if yard_differs(yard, model, name, same, more)]
    assert differing, "nothing that differs in one of the columns is taken"


def yard_differs(yard: Yard, model: type[models.Model], name: str, same: Values, more: Values) -> bool:
    """Say whether a row that differs in this column only can be written."""
    with transaction.atomic():
        row = model(**yard.values(model, **{key: value for key, value in same.items() if key != name}, **more))
        differs = bool(getattr(row, name) != same[name])
        if differs:
            row.save(force_insert=True)
        transaction.set_rollback(True)
    return differs


FIELDS = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if field.unique and not field.primary_key
]


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=[f"{model.__name__}.{field.name}" for model, field in FIELDS])
def test_a_column_without_repetition_refuses_one(model: type[models.Model], field: Any) -> None:
    yard = Yard()
    value = {field.name: yard.new(field.remote_field.model)} if field.remote_field else {}
    first = yard.new(model, **value)
    yard.new(model)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yard.new(model, **{field.name: getattr(first, field.name)})
    diagnosis = refusal.value.__cause__.diag  # type: ignore[union-attr]
    assert (diagnosis.sqlstate, diagnosis.table_name) == ("23505", model._meta.db_table)
    assert diagnosis.message_detail.startswith(f"Key ({field.column})=")


# ------------------------------------------------------------------------------------------------- once, while it lasts


@dataclass(frozen=True)
class Once:
    """A row, another that is taken beside it, and one that is not."""

    name: str
    model: type[models.Model]
    first: Values
    takes: tuple[Callable[[Any], Values], ...]
    refuses: Callable[[Any], Values]


IN_FORCE: Values = {
    "state": "approved", "tried_at": AT, "tried_by": "Helen", "tried_digest": "0" * 64, "approved_at": AT,
    "approved_by": "Carol", "approver": 2,
}  # fmt: skip

WHILE_IT_LASTS = (
    Once(
        "one_own_edition_from_a_date", LocalEdition, IN_FORCE,
        (
            lambda held: {},
            lambda held: {**IN_FORCE, "state": "withdrawn", "ended_at": AT, "ended_by": "Carol"},
            lambda held: {**IN_FORCE, "in_force_from": held.in_force_from + dt.timedelta(days=1)},
            lambda held: {**IN_FORCE, "procedure": "housing-complaint"},
        ),
        lambda held: IN_FORCE,
    ),
    Once(
        "one_open_authority_a_pair", Authority, {},
        (
            lambda held: {"person": held.person},
            lambda held: {"person": held.person, "representative": held.representative, "withdrawn_on": AT.date()},
        ),
        lambda held: {"person": held.person, "representative": held.representative},
    ),
    Once(
        "officer_has_one_open_sign_in_link", SignInLink, {},
        (
            lambda link: {},
            lambda link: {"officer": link.officer, "used_at": AT},
            lambda link: {"officer": link.officer, "ended_at": AT},
        ),
        lambda link: {"officer": link.officer},
    ),
    Once(
        "one_open_stage_per_case", Stage, {},
        (lambda stage: {"case": stage.case, "number": 2, **ENDED}, lambda stage: {"number": 2}),
        lambda stage: {"case": stage.case, "number": 2},
    ),
    Once(
        "one_holder_at_a_time", HolderPeriod, {},
        (
            lambda held: {"case": held.case, "since": AT - dt.timedelta(days=1), "until": AT},
            lambda held: {"since": AT},
        ),
        lambda held: {"case": held.case, "since": LATER},
    ),
    Once(
        "message_once_a_council", Message, {"identity": "a" * 64},
        (lambda message: {"identity": "b" * 64}, lambda message: {"identity": ""}),
        lambda message: {"identity": message.identity},
    ),
    Once(
        "form_link_once", FormDraft, {"link_digest": "a" * 64},
        (lambda form: {"link_digest": "b" * 64}, lambda form: {"link_digest": ""}),
        lambda form: {"link_digest": form.link_digest},
    ),
    Once(
        "letter_identity_once", Letter, {"message_id": "<a@northmere.example>"},
        (lambda letter: {"message_id": "<b@northmere.example>"}, lambda letter: {"message_id": ""}),
        lambda letter: {"message_id": letter.message_id},
    ),
    Once(
        "an_old_date_is_listed_once_a_letter", OldDate, {},
        (
            lambda old: {"letter": old.letter, "clock": old.clock, "gave": old.gave, **SETTLED},
            lambda old: {"letter": old.letter, "clock": "stage-2-response"},
        ),
        lambda old: {"letter": old.letter, "clock": old.clock, "gave": old.gave},
    ),
    Once(
        "one_open_check_a_response", Check, {},
        (
            lambda check: {"response": check.response, "round": 2, "state": "taken-back", "ended_at": AT},
            lambda check: {},
        ),
        lambda check: {"response": check.response, "round": 2},
    ),
)  # fmt: skip


@pytest.mark.parametrize("once", WHILE_IT_LASTS, ids=lambda one: one.name)
def test_there_is_one_while_it_lasts(once: Once) -> None:
    yard = Yard()
    first = yard.new(once.model, **once.first)
    for takes in once.takes:
        with accepted():
            yard.new(once.model, **takes(first))
    with refused_by(once.name):
        yard.new(once.model, **once.refuses(first))


def test_two_councils_may_have_the_same_message() -> None:
    north, east = Yard(), Yard("eastvale", "EAS")
    north.new(Message, identity="a" * 64)
    with accepted():
        east.new(Message, identity="a" * 64)


# ------------------------------------------------------------------------------------------------------- never at once


def days(since: int, until: int | None) -> Values:
    start = AT + dt.timedelta(days=since)
    return {"since": start, "until": None if until is None else AT + dt.timedelta(days=until)}


OVERLAPPING = "times_of_holding_never_overlap"


@pytest.mark.parametrize(("since", "until"), [(2, 5), (4, 6), (0, 3), (3, 4), (-1, 9)])
def test_two_officers_never_hold_a_case_at_once(since: int, until: int) -> None:
    yard = Yard()
    case = yard.new(Case)
    yard.new(HolderPeriod, case=case, **days(2, 5))
    with refused_by(OVERLAPPING):
        yard.new(HolderPeriod, case=case, **days(since, until))


@pytest.mark.parametrize(("since", "until"), [(0, 2), (5, 7), (5, None), (5, 5), (3, 3)])
def test_one_officer_may_follow_another(since: int, until: int | None) -> None:
    """Handing over at noon ends one time and begins the next; who hands on at once held it for no time."""
    yard = Yard()
    case = yard.new(Case)
    yard.new(HolderPeriod, case=case, **days(2, 5))
    with accepted():
        yard.new(HolderPeriod, case=case, **days(since, until))
        yard.new(HolderPeriod, **days(2, 5))
