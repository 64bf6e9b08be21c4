"""Do imports lean downwards only, is the rulebook pure, and does nothing below the doors read the clock?"""

import ast
import re
import subprocess
import sys
from pathlib import Path

from sweeps import source

DOORS = ("redress.portal", "redress.desk", "redress.jobs", "redress.server")


def test_the_contracts_of_the_layers_hold() -> None:
    """The same contracts that `make lint` checks, so that whoever runs the sweeps alone sees them too."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=source.PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_folder_of_the_tree_is_in_the_contract() -> None:
    text = (source.PROJECT / "pyproject.toml").read_text("utf-8")
    folders = {path.name for path in source.SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    for folder in folders - {"__pycache__"}:
        assert re.search(rf'"[^"]*\({folder}\)', text), f"{folder} is in no layer"


def test_only_the_doors_read_the_clock() -> None:
    """`at` is handed in, so that a test, an import and a job say themselves when something was."""
    readers = {"moment.now", "moment.today", "datetime.now", "date.today", "timezone.now", "time.time", "dt.date.today"}
    below = [
        f"{module.place}: {source.dotted(call.func)}"
        for module in source.modules()
        if not module.name.startswith(DOORS) and module.name != "redress.plumbing.moment"
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and source.dotted(call.func) in readers
    ]
    may = {
        "src/redress/access/looks.py", "src/redress/access/seals.py", "src/redress/access/trail_command.py",
        "src/redress/rulebook/deadline.py", "src/redress/rulebook/listing.py", "src/redress/plumbing/post.py",
        "src/redress/plumbing/storage.py", "src/redress/plumbing/postgres.py", "src/redress/plumbing/mail/compose.py",
    }  # fmt: skip
    assert [line for line in below if line.split(":")[0] not in may] == []


def test_only_casework_and_tests_change_records() -> None:
    """Outside changes.py nothing below the steps writes to a table."""
    writes = re.compile(
        r"\.objects\.(create|bulk_create|update_or_create|get_or_create)\(|\.save\((\)|update_fields|using)|\.delete\(\)|\.update\(\*\*|\.objects\.[^\n]*\.update\("
    )
    wrong = []
    for module in source.modules():
        file = module.path.name
        folder = module.name.split(".")[1] if "." in module.name else ""
        if folder in ("server", "access", "plumbing", "rulebook", "casework") or file.startswith("changes"):
            continue
        if module.name == "redress.cases.clocks":
            continue  # the one function that writes the clock rows
        if folder == "staff" and file == "models.py":
            continue  # the manager that makes an officer, as Django wants it
        wrong += [f"{module.place}: {found.group()}" for found in writes.finditer(module.text)]
    assert not wrong, "\n".join(wrong)


def test_modules_are_named_after_their_subject_and_say_what_they_answer() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "shared", "tools", "stuff"}
    for module in source.modules():
        assert module.path.stem not in vague, module.place
        first = module.tree.body[0] if module.tree.body else None
        assert first is None or ast.get_docstring(module.tree), f"{module.place} doesn't say what it answers"


def test_a_file_is_about_one_subject() -> None:
    # The demonstration is left out: what invented people wrote is a bank of texts, not a program.
    long = {
        module.place: len(module.text.splitlines())
        for module in source.modules()
        if "/demonstration/" not in module.place
    }
    assert {place: count for place, count in long.items() if count > 620} == {}


def test_the_languages_of_the_office_are_spoken() -> None:
    """The office says “case”, “late” and “date”: never the words of other trades."""
    foreign = re.compile(r"\b(tickets?|SLAs?|breach(es|ed)?|escalation matrix|assignee|backlog)\b", re.IGNORECASE)
    wrong = []
    for path in source.templates():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if foreign.search(line):
                wrong.append(f"{path.name}:{number}: {line.strip()[:80]}")
    for module in source.modules():
        for number, line in enumerate(module.text.splitlines(), 1):
            if (
                re.search(r"\b(tickets?|SLAs?|assignee)\b", line, re.IGNORECASE)
                and "https://" not in line
                and "parking-tickets" not in line  # an address of GOV.UK
                and "machine sold" not in line
            ):
                wrong.append(f"{module.place}:{number}: {line.strip()[:80]}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_unfinished() -> None:
    mark = re.compile(
        r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|raise NotImplemented" + r"Error|lorem ip" + r"sum|coming so" + r"on)\b"
    )
    places = [module.path for module in source.modules()] + source.templates()
    for folder in ("tests", "trials", "tools", "bench", "docs"):
        places += [path for path in (source.PROJECT / folder).rglob("*") if path.suffix in (".py", ".md", ".sh")]
    wrong = []
    for path in places:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if mark.search(line):
                wrong.append(f"{path.relative_to(source.PROJECT)}:{number}: {line.strip()[:80]}")
    assert not wrong, "\n".join(wrong)


def test_no_failure_is_swallowed_in_silence() -> None:
    wrong = []
    for module in source.modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or source.dotted(node.type) in ("Exception", "BaseException")
                silent = all(isinstance(item, ast.Pass) for item in node.body)
                if broad and silent:
                    wrong.append(f"{module.place}:{node.lineno}")
    assert not wrong


def test_no_test_is_switched_off() -> None:
    """A test that can't run here is named by `needs`; no other way of leaving one out is used."""
    off = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail)\b|unittest\.skip")
    wrong = [
        str(path.relative_to(source.PROJECT))
        for path in (source.PROJECT / "tests").rglob("*.py")
        if path.name not in ("needs.py", "test_layers.py")
        and not beside_the_project(path)
        and off.search(path.read_text("utf-8"))
    ]
    assert not wrong


def beside_the_project(path: Path) -> bool:
    """Say whether a test compares with a file that lies beside the project where it is developed, and says so."""
    return "is not beside the project" in path.read_text("utf-8")
