"""Does every read begin with who is asking?

A function of ``queries`` takes the viewer first and starts from what is visible to them; one that takes a record that
was found so already, or answers the timetable, is named here with its reason.
"""

import ast
import re

import pytest

from redress.council.models import CouncilScoped
from sweeps import source

QUERIES = [module for module in source.modules() if module.path.name.startswith("queries")]
# Types of a first parameter that were themselves found through a viewer: what hangs on them may be read.
FOUND_ALREADY = {
    "Case", "Council", "Message", "Document", "Contact", "Response", "Task", "Officer", "FormDraft", "Letter", "Stage",
    "Point", "Authority", "Remedy", "PortalMail", "PortalLink", "LinkAsk", "Check", "AutomaticAcknowledgement",
}  # fmt: skip
VALUES = {"date", "datetime", "str", "int"}
# Reads for the timetable and for the public's front door, which act for every council or for one by its code, and
# reads about who works here, which decide who the viewer is in the first place.
WITHOUT_A_VIEWER = {
    "redress.council.queries.public_council": "the portal names the council by its code",
    "redress.council.queries.public_councils": "the list of councils is public",
    "redress.council.queries.procedures_on": "what a council adopted is public",
    "redress.council.queries.all_councils": "the timetable",
    "redress.council.queries.edition_for": "the procedures of a council are public",
    "redress.council.queries.editions_for": "the procedures of a council are public",
    "redress.council.queries.edition_by_id": "the procedures of a council are public",
    "redress.council.queries.edition_text": "words only",
    "redress.council.queries.mailbox_at": "a command, whose step asks what it may do",
    "redress.council.queries.mailbox_addresses": "a command",
    "redress.council.queries.bank_holidays_added": "bank holidays are public",
    "redress.council.queries.bank_holiday_added": "bank holidays are public",
    "redress.council.queries.bank_holidays_known": "bank holidays are public",
    "redress.council.queries.feed_last_read": "the published list of bank holidays is public",
    "redress.council.queries.feed_last_read_well": "the published list of bank holidays is public",
    "redress.correspondence.queries_arrivals.receipts_not_read": "the timetable",
    "redress.correspondence.queries_arrivals.active_mailboxes": "the timetable",
    "redress.correspondence.queries_arrivals.automatic_acknowledgement": "the timetable",
    "redress.staff.queries.actor_for": "makes the viewer",
    "redress.staff.queries.memberships_on": "makes the viewer",
    "redress.staff.queries.officer": "makes the viewer",
    "redress.staff.queries.services_of": "makes the viewer",
    "redress.staff.queries.sign_in_link": "who holds the secret of a link, before anybody is signed in",
    "redress.staff.queries.away_on": "who is away is known to everybody who works here",
    "redress.staff.queries.absences": "who is away is known to everybody who works here",
    "redress.staff.queries.absence": "the step asks whose it is",
    "redress.staff.queries.covering": "who covers is known to everybody who works here",
    "redress.staff.queries.told_of_prefixes": "the timetable",
    "redress.staff.queries.notice": "the step asks whose it is",
    "redress.staff.queries.managers_of": "the timetable",
    "redress.people.queries.by_email": "the link of a portal is sent to its owner only",
    "redress.cases.queries.wordings_of": "of a point that was found through its case",
    "redress.learning.queries.due_words": "words only",
    "redress.learning.queries.open_promises_of": "of cases that were found through a viewer",
}


def _first(function: ast.FunctionDef) -> ast.arg | None:
    named = [*function.args.posonlyargs, *function.args.args]
    return named[0] if named else None


def _type(argument: ast.arg) -> str:
    return ast.unparse(argument.annotation) if argument.annotation else ""


def test_every_read_takes_the_viewer_first() -> None:
    wrong, named = [], set()
    for module in QUERIES:
        for function in module.functions():
            if function.name.startswith("_"):
                continue
            label = f"{module.name}.{function.name}"
            first = _first(function)
            if first is not None and first.arg in ("viewer", "by") and _type(first) == "Actor":
                continue
            if label in WITHOUT_A_VIEWER:
                named.add(label)
                continue
            if first is not None and _rests_on_a_find(_type(first)):
                continue
            wrong.append(f"{module.place}:{function.lineno}: {function.name}")
    assert not wrong, "\n".join(wrong)
    assert set(WITHOUT_A_VIEWER) == named, f"no more: {sorted(set(WITHOUT_A_VIEWER) - named)}"


def _rests_on_a_find(kind: str) -> bool:
    words = set(re.findall(r"\w+", kind)) - {"Sequence", "Iterable", "QuerySet", "list", "tuple", "None", "Collection"}
    return bool(words) and all(word in FOUND_ALREADY or (word not in VALUES and word[:1].isupper()) for word in words)


def test_a_read_with_a_viewer_asks_what_the_viewer_may_see() -> None:
    """The viewer is used: handed on, or asked what is visible to them."""
    for module in QUERIES:
        for function in module.functions():
            first = _first(function)
            if first is None or first.arg not in ("viewer", "by") or _type(first) != "Actor":
                continue
            if function.name.startswith("_"):
                continue  # a part of a read: what it gets was found through the viewer
            used = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == first.arg]
            assert used, f"{module.place}: {function.name} forgets who is asking"


@pytest.mark.parametrize("module", [m for m in QUERIES if m.name.split(".")[1] != "access"], ids=lambda m: m.name)
def test_no_read_begins_with_everything(module) -> None:
    """`.objects.all()` and `.objects.filter(…)` are for what was found through a viewer, or for the timetable."""
    loose = []
    for function in module.functions():
        first = _first(function)
        if first is None or _type(first) != "Actor":
            continue
        for part in _statements(function):
            written = ast.unparse(part)
            if re.search(r"\.objects\.(all|filter|get|exclude|values|order_by|select_related)\(", written):
                loose += [] if _narrowed(part, written) else [f"{module.place}:{part.lineno}: {written[:90]}"]
    assert not loose, "\n".join(loose)


def _statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """Give the simple statements of a function; what stands behind “everywhere” is the timetable's and left out."""
    found: list[ast.stmt] = []
    stack: list[ast.stmt] = list(function.body)
    while stack:
        part = stack.pop()
        if isinstance(part, ast.If):
            stack += part.orelse if "everywhere" in ast.unparse(part.test) else [*part.body, *part.orelse]
        elif isinstance(part, ast.For | ast.With):
            stack += part.body
        else:
            found.append(part)
    return found


def _narrowed(part: ast.stmt, written: str) -> bool:
    """Say whether a find is tied to a record or to what the viewer may see."""
    if "visible_to(" in written or re.search(r"\b(first|second)=one\b", written):
        return True
    keys = [word.arg or "" for call in ast.walk(part) if isinstance(call, ast.Call) for word in call.keywords]
    ties = (
        "council",
        "case",
        "message",
        "document",
        "contact",
        "response",
        "stage",
        "officer",
        "point",
        "holder",
        "author",
        "task",
        "finding",
        "letter",
        "draft",
        "person",
        "representative",
        "first",
        "second",
        "pk",
        "owner",
        "cover",
    )
    return any(key.split("__")[0].removesuffix("_id") in ties for key in keys)


def test_every_table_of_a_council_can_say_what_is_visible() -> None:
    for model in source.models():
        if (
            any(field.name == "council" for field in model._meta.concrete_fields)
            and model.__name__ != "ReferenceCounter"
        ):
            assert issubclass(model.objects.all().__class__, CouncilScoped), model
            assert hasattr(model.objects.all(), "visible_to"), model
