"""What does the program's own source say? Its modules as syntax trees, its steps, jobs, pages and tables, all of them.

Example: ``for module in modules("casework"): …`` gives every module of a folder with its tree.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "redress"
RECORD_FOLDERS = (
    "access", "council", "staff", "people", "cases", "documents", "correspondence", "tasks", "learning", "quality",
)  # fmt: skip
"""From the bottom up, as the layers in pyproject.toml have them."""


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return str(self.path.relative_to(PROJECT))

    def functions(self) -> Iterator[ast.FunctionDef]:
        """Give the functions at the top of the file."""
        yield from (node for node in self.tree.body if isinstance(node, ast.FunctionDef))


@cache
def modules(folder: str = "") -> tuple[Module, ...]:
    """Give every module below a folder of the program, migrations left out."""
    found = []
    for path in sorted((SOURCE / folder).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, text, ast.parse(text)))
    return tuple(found)


@cache
def load_everything() -> tuple[ModuleType, ...]:
    """Import every module of casework and the jobs, and what declares kinds, so that the registries are full."""
    wanted = [module.name for folder in ("casework", "jobs") for module in modules(folder)]
    wanted += [f"redress.{folder}.events" for folder in RECORD_FOLDERS if (SOURCE / folder / "events.py").exists()]
    wanted += [module.name for module in modules() if module.path.name.startswith("events")]
    return tuple(import_module(name) for name in dict.fromkeys(wanted))


def models() -> list[Any]:
    """Give every table of ours."""
    from django.apps import apps

    return [model for model in apps.get_models() if model.__module__.startswith("redress.")]


def templates() -> list[Path]:
    """Give every template of ours."""
    return sorted(SOURCE.rglob("templates/**/*.html")) + sorted(SOURCE.rglob("templates/**/*.txt"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Give the calls of these functions: ``note`` finds both ``note(…)`` and ``trail.note(…)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in names:
            yield node


def dotted(node: ast.AST) -> str:
    """Write a name as it stands in the source: ``trail.note``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""
