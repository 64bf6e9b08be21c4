"""Does every kind of trail entry read as a sentence, and is what it says about people blanked one day?"""

import ast
import re
from collections import defaultdict

import pytest

from redress.access.trail import KINDS
from redress.server import reference_tables
from sweeps import source

source.load_everything()

# Keys of details that say nothing of a person: numbers, codes, dates, states. Whatever else a note puts into its detail
# is a word of or about somebody, and its kind must blank it.
PLAIN_KEYS = frozenset(
    {
        "stage", "state", "kind", "channel", "procedure", "edition", "outcome", "decision", "version", "on", "until",
        "received_on", "due_on", "first_due_on", "new_due_on", "before_on", "after_on", "since", "days", "working_days",
        "starts_on", "ends_on", "told_on", "asked_on", "confirmed_on", "expires_on", "withdrawn_on", "dispatched_on",
        "done_on", "review_on", "amount", "number", "point", "points", "parts", "count", "arrivals", "failures",
        "reading",
        "from_due_on", "to_due_on", "was", "now", "clock", "clocks", "moved", "result", "size", "content_type",
        "carrier", "queue_id", "ground", "asked_through", "role", "division", "source", "holiday", "cap", "overridden",
        "template_version", "sha256", "digest", "due", "first_due", "override", "round", "permission", "found_by",
    }
)  # fmt: skip


def _constants() -> dict[str, str]:
    """Where each kind is declared: ``redress.cases.events.LOGGED`` is ``case.logged``."""
    found = {}
    for module in source.modules():
        for node in module.tree.body:
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            if source.dotted(node.value.func) in ("trail.kind", "kind") and isinstance(node.targets[0], ast.Name):
                name = node.value.args[0]
                assert isinstance(name, ast.Constant)
                found[f"{module.name}.{node.targets[0].id}"] = str(name.value)
    return found


def _notes() -> list[tuple[str, ast.Call, dict[str, str]]]:
    from sweeps.test_steps import _imported

    found = []
    for module in source.modules():
        names = _imported(module)
        for call in source.calls(module.tree, "note"):
            about_a_record = any(word.arg == "on" for word in call.keywords)
            found += [(module.place, call, names)] if about_a_record else []
    return found


def _kind_of(call: ast.Call, names: dict[str, str]) -> str | None:
    """Name the kind that a call notes, where it is written plainly: ``events.LOGGED``."""
    if not call.args:
        return None
    head, _, last = source.dotted(call.args[0]).rpartition(".")
    return f"{names.get(head, head)}.{last}" if head else names.get(last)


def _detail_keys(call: ast.Call) -> set[str]:
    """Give the keys of a detail that is written out at the call, or in a dictionary display inside it."""
    keys = set()
    for word in call.keywords:
        if word.arg == "detail":
            for node in ast.walk(word.value):
                if isinstance(node, ast.Dict):
                    keys |= {
                        key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                    }
                    break
    return keys


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_kind_reads_as_a_sentence(name) -> None:
    kind = KINDS[name]
    assert re.fullmatch(r"[a-z]+(\.[a-z-]+)+", name)
    assert kind.sentence[0].isupper(), kind.sentence
    assert len(kind.sentence) >= 6
    words = dict.fromkeys(kind.holes, "something")
    assert "{" not in kind.tell(words, {})
    assert kind.tell(None, {}).strip(), "and it still reads when its detail was disposed of"


def test_every_kind_is_declared_once_in_its_folder() -> None:
    by_value = defaultdict(list)
    for where, name in _constants().items():
        by_value[name].append(where)
        assert ".events" in where, f"{where}: kinds stand in events.py"
    assert {name: places for name, places in by_value.items() if len(places) > 1} == {}
    assert set(by_value) == {name for name in KINDS if not name.startswith("scratch.")}


def test_a_kind_that_is_written_says_what_of_it_is_about_people() -> None:
    """What a note puts into its detail is blanked with the case, unless it is a number, a date or a code."""
    constants = _constants()
    wrong = []
    for place, call, names in _notes():
        name = constants.get(_kind_of(call, names) or "")
        if name is None:
            continue
        loose = _detail_keys(call) - PLAIN_KEYS - set(KINDS[name].blanks)
        wrong += [f"{place}:{call.lineno}: {name} doesn't blank {key!r}" for key in sorted(loose)]
    assert not wrong, "\n".join(wrong)


def test_no_kind_is_declared_and_never_written() -> None:
    text = "\n".join(module.text for module in source.modules() if not module.path.name.startswith("events"))
    unused = []
    for where, name in _constants().items():
        constant = where.rpartition(".")[2]
        if not re.search(rf"\b{constant}\b", text):
            unused.append(name)
    assert not unused


def test_every_kind_stands_in_the_reference() -> None:
    page = source.PROJECT / "docs" / "reference" / "trail-kinds.md"
    assert page.read_text("utf-8") == reference_tables.trail_kinds_page()
