"""The two-column foreign key: written by migrations, in whatever order their operations come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from redress.plumbing.same_council import SameCouncil


def states(*, constrained: bool = True) -> list[ModelState]:
    """Return a council, a parent and a child, as a project's models would say them."""
    key: Any = ("id", models.BigAutoField(primary_key=True))

    def to(model: str, **more: Any) -> models.ForeignKey[Any, Any]:
        return models.ForeignKey(f"scratch.{model}", on_delete=models.PROTECT, **more)

    same = [SameCouncil(fields="parent", name="child_and_parent_same_council")] if constrained else []
    pair = models.UniqueConstraint(fields=("council", "id"), name="parent_is_of_one_council")
    return [
        ModelState(
            "scratch",
            "Child",
            [key, ("council", to("Council")), ("parent", to("Parent", null=True))],
            {"indexes": [], "constraints": same},
        ),
        ModelState("scratch", "Council", [key], {"indexes": [], "constraints": []}),
        ModelState("scratch", "Parent", [key, ("council", to("Council"))], {"indexes": [], "constraints": [pair]}),
    ]


def project(models_: list[ModelState]) -> ProjectState:
    state = ProjectState()
    for model in models_:
        state.add_model(model)
    return state


def changes(before: ProjectState, after: ProjectState) -> list[Any]:
    found = MigrationAutodetector(before.clone(), after.clone())._detect_changes(graph=MigrationGraph())
    return [operation for migration in found.get("scratch", []) for operation in migration.operations]


def apply(operations: list[Any], before: ProjectState) -> ProjectState:
    migration = migrations.Migration("0001", "scratch")
    migration.operations = operations
    with connection.schema_editor() as editor:
        return migration.apply(before.clone(), editor)


@pytest.fixture
def owner(db: None, database_superuser: Any) -> Iterator[None]:
    with database_superuser():
        yield


def check(state: ProjectState, *, refused: bool) -> None:
    Council, Parent, Child = (state.apps.get_model("scratch", name) for name in ("Council", "Parent", "Child"))  # noqa: N806
    north, east = Council.objects.create(), Council.objects.create()
    parent = Parent.objects.create(council=north)
    Child.objects.create(council=north, parent=parent)
    Child.objects.create(council=east, parent=None)
    now = "SET CONSTRAINTS ALL IMMEDIATE"
    connection.cursor().execute(now)
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    if not refused:
        Child.objects.create(council=east, parent=parent)
        connection.cursor().execute(now)
        return
    Child.objects.create(council=east, parent=parent)  # not refused yet: rows may be written in any order
    with pytest.raises(IntegrityError, match="child_and_parent_same_council"), transaction.atomic():
        connection.cursor().execute(now)
    Child.objects.filter(council=east, parent=parent).delete()


def test_a_new_table_gets_it(owner: None) -> None:
    operations = changes(ProjectState(), project(states()))
    check(apply(operations, ProjectState()), refused=True)


def test_the_childs_key_may_come_before_the_parents_pair(owner: None) -> None:
    plain = project(states(constrained=False))
    plain.remove_constraint("scratch", "parent", "parent_is_of_one_council")
    before = apply(changes(ProjectState(), plain), ProjectState())
    _, _, parent = states()
    operations = [
        migrations.AddConstraint("child", SameCouncil(fields="parent", name="child_and_parent_same_council")),
        migrations.AddConstraint("parent", parent.options["constraints"][0]),
    ]
    check(apply(operations, before), refused=True)


def test_it_can_be_taken_away(owner: None) -> None:
    before = apply(changes(ProjectState(), project(states())), ProjectState())
    operations = changes(project(states()), project(states(constrained=False)))
    assert [type(operation).__name__ for operation in operations] == ["RemoveConstraint"]
    check(apply(operations, before), refused=False)


def test_it_can_be_undone(owner: None) -> None:
    base = project(states(constrained=False))
    before = apply(changes(ProjectState(), base), ProjectState())
    migration = migrations.Migration("0002", "scratch")
    migration.operations = changes(base, project(states()))
    with connection.schema_editor() as editor:
        migration.apply(before.clone(), editor)
    with connection.schema_editor() as editor:
        migration.unapply(before.clone(), editor)
    check(before, refused=False)


def test_a_migration_file_can_hold_it() -> None:
    text, imports = MigrationWriter.serialize(SameCouncil(fields="parent", name="child_and_parent_same_council"))
    assert text == ("redress.plumbing.same_council.SameCouncil(fields='parent', name='child_and_parent_same_council')")
    assert imports == {"import redress.plumbing.same_council"}
    assert changes(project(states()), project(states())) == []


def test_two_are_the_same_when_they_say_the_same() -> None:
    one = SameCouncil(fields="parent", name="a")
    assert one == SameCouncil(fields="parent", name="a")
    assert one != SameCouncil(fields="other", name="a")
    assert one != models.UniqueConstraint(fields=("parent",), name="a")
    assert one.clone() == one


@pytest.mark.parametrize("fields", ["", ("a", "b")])
def test_it_names_one_foreign_key(fields: Any) -> None:
    with pytest.raises(ValueError, match="one foreign key"):
        SameCouncil(fields=fields, name="a")
