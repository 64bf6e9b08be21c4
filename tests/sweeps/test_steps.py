"""Is every step shaped as a step, allowed to the right roles, and sure to leave its mark in the trail?"""

import ast
import inspect
import re

import pytest

from redress.access.permissions import PERMISSIONS, Permission
from redress.access.roles import Role
from redress.access.step import STEPS, Step, matrix
from redress.server import reference_tables
from sweeps import source

source.load_everything()
INFOS = sorted(STEPS.values(), key=lambda info: info.name)
REFERENCE = source.PROJECT / "docs" / "reference" / "permissions.md"


def test_there_are_steps_and_each_is_found() -> None:
    decorated = {
        f"{module.name.rpartition('.')[2]}.{function.name}"
        for module in source.modules()
        for function in module.functions()
        if any(
            source.dotted(getattr(mark, "func", mark)).rpartition(".")[2] == "step" for mark in function.decorator_list
        )
    }
    assert decorated == set(STEPS)
    assert len(STEPS) > 40


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)
def test_a_step_takes_its_arguments_by_name_with_by_and_at(info) -> None:
    parameters = inspect.signature(info.function).parameters
    assert {one.kind for one in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert {"by", "at"} <= set(parameters)
    assert isinstance(info.needs, Permission)
    assert info.function.__module__.startswith("redress.casework."), "a step stands in casework"


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)
def test_a_step_says_in_one_sentence_what_it_does(info) -> None:
    first = info.doc.split("\n\n")[0]
    assert re.match(r"[A-Z][a-z]+", first), first
    assert first.rstrip().endswith((".", "!")), first
    assert inspect.signature(info.function).return_annotation is not inspect.Signature.empty


def test_a_step_is_used_by_somebody() -> None:
    """A step that no door, job or command calls is one that nobody can do."""
    doors = "\n".join(
        module.text for folder in ("desk", "portal", "jobs", "server", "casework") for module in source.modules(folder)
    )
    unused = []
    for info in INFOS:
        _module, name = info.name.split(".")
        if not re.search(rf"\.{name}\b|(?<!def )\b{name}\(", doors):
            unused.append(info.name)
    assert not unused


# ---------------------------------------------------------------------------------------------------------- the trail


def _noting_functions() -> set[tuple[str, str]]:
    """Find every function that notes something in the trail, itself or through another one: (module, name)."""
    noting: set[tuple[str, str]] = set()
    bodies = {(module.name, function.name): function for module in source.modules() for function in module.functions()}
    for key, function in bodies.items():
        if any(
            source.dotted(call.func) in ("trail.note", "note")
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
        ):
            noting.add(key)
    names = {}
    for module in source.modules():
        names[module.name] = _imported(module)
    while True:
        more = {
            key
            for key, function in bodies.items()
            if key not in noting
            and any(
                _target(call, key[0], names[key[0]]) in noting
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
            )
        }
        if not more:
            return noting
        noting |= more


def _imported(module: source.Module) -> dict[str, str]:
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                found[name.asname or name.name] = f"{node.module}.{name.name}"
        elif isinstance(node, ast.Import):
            for name in node.names:
                found[name.asname or name.name] = name.name
    return found


def _target(call: ast.Call, module: str, imported: dict[str, str]) -> tuple[str, str]:
    written = source.dotted(call.func)
    if "." not in written:
        far = imported.get(written)
        return (far.rpartition(".")[0], far.rpartition(".")[2]) if far else (module, written)
    head, _, name = written.rpartition(".")
    return imported.get(head, head), name


def test_every_step_leaves_an_entry_in_the_trail() -> None:
    noting = _noting_functions()
    silent = [info.name for info in INFOS if (info.function.__module__, info.function.__qualname__) not in noting]
    assert not silent


# ------------------------------------------------------------------------------------------------- roles and the page


def test_every_role_and_every_step_stand_in_the_reference() -> None:
    """The table of docs/reference/permissions.md is what the program does: `make docs` writes it."""
    assert REFERENCE.read_text("utf-8") == reference_tables.permissions_page()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_the_table_agrees_with_what_a_step_would_answer(role) -> None:
    """Ask each step itself, on a council of its own, whether this role may do it."""
    from redress.access.actor import Actor
    from redress.access.step import can

    by = Actor(kind="staff", id=1, name="Somebody", roles={1: frozenset({role})})
    said = matrix()
    for info in INFOS:
        wrapped = getattr(__import__(info.function.__module__, fromlist=["x"]), info.function.__name__)
        assert isinstance(wrapped, Step)
        assert bool(can(wrapped, by)) is said[info.name][role], f"{role} and {info.name}"


def test_an_auditor_and_a_governance_officer_change_nothing() -> None:
    for name, roles in matrix().items():
        assert not roles[Role.AUDITOR], name
        assert not roles[Role.GOVERNANCE_OFFICER], name


def test_every_permission_is_asked_for_somewhere_and_has_a_sentence() -> None:
    source_text = "\n".join(
        module.text
        for module in source.modules()
        if module.name not in ("redress.access.permissions", "redress.access.roles")
    )
    for permission in Permission:
        assert PERMISSIONS[permission].strip()
        assert f"Permission.{permission.name}" in source_text, f"nobody asks for {permission}"
