"""Is every sentence that the database holds tried both ways, and is every record's table known to the builder?

A new constraint, a new guard or a new table without its line in tests/records/test_constraints_… fails here.
"""

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models

from records import (
    building,
    test_constraints_checks,
    test_constraints_guards,
    test_constraints_owners,
    test_constraints_uniques,
)
from redress.access.append_only import APPEND_ONLY_TABLES
from redress.plumbing.same_council import SameCase, SameCouncil
from sweeps import source

MODELS = sorted(source.models(), key=lambda model: model._meta.label)
CONSTRAINTS = [one for model in MODELS for one in model._meta.constraints]


def proved() -> set[str]:
    """Give the names of the constraints that have a line both ways in the tables."""
    tables = (
        *test_constraints_checks.SENTENCES,
        *test_constraints_uniques.WHILE_IT_LASTS,
        *test_constraints_owners.ACROSS,
        *test_constraints_guards.FIXES,
    )
    by_itself = [*test_constraints_owners.COUNCIL, *test_constraints_owners.CASE, *test_constraints_uniques.ONCE]
    names = [line.name for line in tables] + [constraint.name for _model, constraint in by_itself]
    assert len(names) == len(set(names)), "a constraint has two lines"
    return {*names, test_constraints_uniques.OVERLAPPING}


def test_the_builder_can_build_every_record() -> None:
    assert set(MODELS) - set(building.MAKERS) == set()


def test_every_constraint_is_tried_both_ways() -> None:
    wanted = {one.name for one in CONSTRAINTS if not test_constraints_uniques.is_parent_key(one)}
    assert wanted - proved() == set(), "constraints without a line in tests/records/test_constraints_…"


@pytest.mark.django_db
def test_no_line_tries_what_is_no_more() -> None:
    there = {one.name for one in CONSTRAINTS} | triggers()
    assert proved() - there == set()


def test_constraints_are_of_kinds_that_we_know() -> None:
    kinds = (models.CheckConstraint, models.UniqueConstraint, SameCouncil, SameCase, ExclusionConstraint)
    assert [one.name for one in CONSTRAINTS if not isinstance(one, kinds)] == []


def test_every_line_has_something_to_take_and_something_to_refuse() -> None:
    lines = (*test_constraints_checks.SENTENCES, *test_constraints_owners.ACROSS)
    assert [line.name for line in lines if not line.takes or not line.refuses] == []
    fixes = test_constraints_guards.FIXES
    assert [line.name for line in fixes if not line.refuses or not (line.takes or line.before)] == []


@pytest.mark.django_db
def test_every_guard_in_the_database_is_tried() -> None:
    """Triggers are not among Django's constraints, so the database itself is asked for them."""
    known = proved() | {"only_grows", "only_grows_whole", "server_installation_is_fixed", "server_installation_stays"}
    assert triggers() - known == set()


@pytest.mark.django_db
def test_what_only_grows_is_listed() -> None:
    """A table with the guard of those that only grow has the rights of one, and the other way round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'only_grows'")
        assert {name for (name,) in cursor.fetchall()} == set(APPEND_ONLY_TABLES)


@pytest.mark.django_db
def test_the_database_has_every_constraint_by_its_name() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'")
        there = {name for (name,) in cursor.fetchall()}
    assert {one.name for one in CONSTRAINTS} - there == set()


def triggers() -> set[str]:
    """Give the names of our triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace"
            " AND c.relname = ANY(%s)",
            [[model._meta.db_table for model in MODELS]],
        )
        return {name for (name,) in cursor.fetchall()}
