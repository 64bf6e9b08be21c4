"""What has happened can't be undone: tables that only grow, and rows that are fixed once they count.

Each guard is tried by the role that the program logs in as and, where that role has no right at all, by the owner of
the tables too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from records.building import AT, DIGEST, LATER, TODAY, Values, Yard, accepted, refused_by, settle
from redress.access import append_only, grants
from redress.access.append_only import APPEND_ONLY_TABLES
from redress.cases.models import Case, Clock, Finding
from redress.correspondence.models import Letter, Response
from redress.council.models import LocalEdition
from redress.documents.models import Document
from redress.learning.models import Remedy
from redress.plumbing.postgres import APP, OWNER
from redress.quality.models import Check
from redress.server.models import Installation
from redress.staff.models import Officer

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table: model for model in apps.get_models() if model.__module__.startswith("redress.")}


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Act as one of the two roles of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(f"SET ROLE {APP}")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# ----------------------------------------------------------------------------------------------------------- only grows


def rewritings(table: str) -> tuple[str, ...]:
    """Give what would rewrite a table: a change, a removal, and emptying it."""
    column = TABLES[table]._meta.pk.column  # type: ignore[union-attr]
    return (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_the_program_adds_to_it_and_reads_it_and_no_more(table: str) -> None:
    row = Yard().new(TABLES[table])
    assert TABLES[table]._base_manager.filter(pk=row.pk).exists()
    for sql in rewritings(table):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(sql)


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_even_the_owner_can_not_rewrite_it(table: str) -> None:
    Yard().new(TABLES[table])
    settle()
    for sql in rewritings(table):
        with (
            pytest.raises(IntegrityError, match=f"{table} can only grow") as refusal,
            transaction.atomic(),
            acting_as_within(OWNER),
        ):
            run(sql)
        assert refusal.value.__cause__.sqlstate == "23001"  # type: ignore[union-attr]


@contextmanager
def acting_as_within(role: str) -> Iterator[None]:
    """Act as a role inside a savepoint that is rolled back, which brings the earlier role back by itself."""
    run("SET LOCAL ROLE NONE")
    run(f"SET LOCAL ROLE {role}")
    yield


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_it_has_both_guards(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D'",
            [table],
        )
        assert {"only_grows", "only_grows_whole"} <= {name for (name,) in cursor.fetchall()}


def test_a_disposal_by_the_owner_gets_past_on_purpose() -> None:
    document = Yard().new(Document)
    with acting_as(OWNER), append_only.rewriting(connection):
        Document.objects.filter(pk=document.pk).update(name="removed under disposal")
    document.refresh_from_db()
    assert document.name == "removed under disposal"


# -------------------------------------------------------------------------------------------------- fixed from a moment


@dataclass(frozen=True)
class Fix:
    """A row in the state that fixes it, what may still change, and what may not; and a row that is not fixed yet."""

    name: str
    build: Callable[[Yard], models.Model]
    takes: tuple[Values, ...]
    refuses: tuple[Values, ...]
    before: Callable[[Yard], models.Model] | None = None
    before_takes: Values | None = None


def letter(**more: Any) -> Callable[[Yard], models.Model]:
    return lambda yard: yard.new(
        Letter,
        **{"document": yard.new(Document), "released_at": AT, "released_by": "Asha", "state": "released", **more},
    )


GONE: Values = {
    "state": "dispatched", "attempted_at": AT, "attempts": 1, "dispatched_at": AT, "dispatched_by": "Post",
    "dispatched_on": TODAY, "evidence": {"carrier": "outbox"},
}  # fmt: skip


def released_answer(yard: Yard) -> models.Model:
    gone = letter(kind="stage-1-response", **GONE)(yard)
    response = yard.new(Response, state="released", checked_digest=DIGEST, letter=gone, stage=gone.stage)  # type: ignore[attr-defined]
    yard.new(Check, response=response, state="passed", ended_at=AT, checker=yard.new(Officer))
    return response


def promise(**more: Any) -> Callable[[Yard], models.Model]:
    return lambda yard: yard.new(
        Remedy, **{"state": "promised", "owner": yard.new(Officer), "due_on": TODAY, "promised_at": AT, **more}
    )


DONE: Values = {
    "state": "done", "done_on": TODAY, "done_at": AT, "done_by": "Asha Mehta", "evidence_text": "Letter sent",
}  # fmt: skip

DECIDED: Values = {
    "state": "approved", "tried_at": AT, "tried_by": "Helen", "tried_digest": DIGEST, "approved_at": AT,
    "approved_by": "Carol", "approver": 2,
}  # fmt: skip

FIXES = (
    Fix(
        "an_approved_edition_is_fixed",
        lambda yard: yard.new(LocalEdition, **DECIDED),
        ({"state": "withdrawn", "ended_at": AT, "ended_by": "Carol"},),
        (
            {"text": "y"}, {"in_force_from": TODAY}, {"state": "draft", "approved_at": None, "approved_by": ""},
            {"state": "approved", "ended_at": None, "ended_by": ""}, {"writers": [1, 3]}, {"approver": 3},
        ),
        before=lambda yard: yard.new(LocalEdition),
        before_takes={"text": "y", "writers": [1, 2]},
    ),
    Fix(
        "a_reference_never_changes",
        lambda yard: yard.new(Case),
        ({"matter": "Missed bins"}, {"outcome": "upheld", "closed_at": AT, "closed_by": "Asha", "state": "closed"}),
        ({"reference": "NMR-2026-9999"},),
    ),
    Fix(
        "a_sent_finding_is_fixed",
        lambda yard: yard.new(Finding, decision="upheld", reason="The sheet shows it", fixed_at=AT),
        (),
        ({"decision": "not-upheld"}, {"reason": "Another"}, {"fixed_at": None}, {"injustice": "None"}),
        before=lambda yard: yard.new(Finding, decision="upheld", reason="The sheet shows it"),
        before_takes={"decision": "not-upheld", "fixed_at": AT},
    ),
    Fix(
        "a_released_letter_is_frozen",
        letter(),
        (
            {"state": "attempting", "attempted_at": AT, "attempts": 1}, {"state": "withdrawn"},
            {"state": "failed", "failure": "No such mailbox"}, GONE,
        ),
        (
            {"subject": "Other"}, {"salutation": "Dear Eve"}, {"blocks": [{"text": "other"}]}, {"kind": "holding"},
            {"document": None}, {"message_id": "<other@northmere.example>"}, {"released_at": LATER},
            {"released_by": "Ben"}, {"starts": "responded"}, {"starts_data": {"reason": "other"}},
        ),
        before=lambda yard: yard.new(Letter),
        before_takes={"subject": "Other", "blocks": [{"text": "other"}]},
    ),
    Fix(
        "a_dispatch_is_never_undone",
        letter(**GONE),
        ({"failure": "It came back"},),
        (
            {"dispatched_on": AT.date().replace(day=1)}, {"dispatched_by": "Nobody"}, {"evidence": {"carrier": "post"}},
            {"dispatched_at": LATER}, {"channel": "post"},
            {"state": "failed", "dispatched_at": None, "dispatched_on": None, "dispatched_by": ""},
        ),
        before=letter(),
        before_takes=GONE,
    ),
    Fix(
        "a_released_answer_is_fixed",
        released_answer,
        ({"state": "sent", "changed_at": LATER},),
        (
            {"understanding": "Other"}, {"how_looked_into": "Other"}, {"closing": "Other"},
            {"checked_digest": "1" * 64}, {"adjustments_considered": "Other"}, {"blocks": [{"text": "other"}]},
            {"letter": None}, {"writers": [1]},
            {"state": "draft"}, {"state": "with-checker"},
        ),
        before=lambda yard: yard.new(Response),
        before_takes={"understanding": "Other"},
    ),
    Fix(
        "an_ended_check_is_fixed",
        lambda yard: yard.new(Check, state="passed", ended_at=AT, checker=yard.new(Officer)),
        (),
        (
            {"state": "returned", "remark": "Why?"}, {"parts": {"stage": False}}, {"digest": "1" * 64},
            {"ended_at": LATER},
        ),
        before=lambda yard: yard.new(Check),
        before_takes={"state": "taken-back", "ended_at": AT},
    ),
    Fix(
        "a_promise_is_kept_or_replaced",
        promise(),
        ({"due_on": LATER.date()}, DONE, {"state": "replaced", "replaced_because": "The supplier went"}),
        (
            {"state": "proposed", "promised_at": None}, {"state": "dropped", "promised_at": None}, {"text": "Less"},
            {"kind": "explain"}, {"promised_at": LATER},
        ),
        before=lambda yard: yard.new(Remedy),
        before_takes={"text": "Less"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("fix", FIXES, ids=lambda one: one.name)
def test_what_counts_is_fixed(fix: Fix) -> None:
    yard = Yard()
    row = fix.build(yard)
    rows = type(row)._base_manager.filter(pk=row.pk)
    for change in fix.takes:
        with accepted():
            assert rows.update(**change) == 1
    for change in fix.refuses:
        with refused_by(fix.name):
            rows.update(**change)
    with refused_by(fix.name), acting_as_within(OWNER):
        run(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}")
    if fix.before is not None:
        earlier = fix.before(yard)
        with accepted():
            assert type(earlier)._base_manager.filter(pk=earlier.pk).update(**(fix.before_takes or {})) == 1


def test_a_kept_promise_stays_kept() -> None:
    kept = promise(**DONE)(Yard())
    nothing = {"done_on": None, "done_at": None, "done_by": "", "evidence_text": ""}
    for change in (
        {"state": "promised", **nothing},
        {"state": "replaced", "replaced_because": "No", **nothing},
    ):
        with refused_by("a_promise_is_kept_or_replaced"):
            Remedy.objects.filter(pk=kept.pk).update(**change)


def test_a_case_keeps_its_council() -> None:
    north, east = Yard(), Yard("eastvale", "EAS")
    case = north.new(Case)
    with refused_by("a_reference_never_changes"):
        Case.objects.filter(pk=case.pk).update(council=east.council)


def test_the_kind_of_an_installation_is_settled() -> None:
    Yard().new(Installation)
    settle()
    for sql in (
        "UPDATE server_installation SET kind = 'demonstration'",
        "DELETE FROM server_installation",
        "TRUNCATE server_installation",
    ):
        with (
            pytest.raises(ProgrammingError, match="settled when it is made"),
            transaction.atomic(),
            acting_as_within(OWNER),
        ):
            run(sql)


# --------------------------------------------------------------------------------------------------- the program's role


def test_the_program_can_write_every_record_and_read_it_again() -> None:
    """Acting as the program's role, as every test does: a row of each table is written and found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == APP
    for model in TABLES.values():
        row = Yard(f"council-for-{model.__name__.lower()}"[:38], "".join(_letters())).new(model)
        assert model._base_manager.filter(pk=row.pk).exists(), model


def _letters() -> Iterator[str]:
    from records.building import number

    yield from (chr(65 + int(digit)) for digit in f"{number():04d}"[-5:])


def test_the_program_changes_what_may_change() -> None:
    for table in TABLES:
        assert _may("UPDATE", table) is (table not in APPEND_ONLY_TABLES), table


def test_the_program_never_removes_what_a_case_rests_on() -> None:
    yard = Yard()
    for table in grants._NEVER_DELETED:
        assert not _may("DELETE", table), table
        row = yard.new(TABLES[table])
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(f"DELETE FROM {table} WHERE {row._meta.pk.column} IS NULL")  # type: ignore[union-attr]


def test_the_program_removes_clocks_that_are_no_more() -> None:
    clock = Yard().new(Clock)
    assert clock.delete()[0] == 1


@pytest.mark.parametrize("right", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_the_program_has_no_right_over_the_tables_themselves(right: str) -> None:
    assert [table for table in TABLES if _may(right, table)] == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE of_our_own (id int)",
        "DROP TABLE cases_case",
        "ALTER TABLE cases_case DROP CONSTRAINT reference_is_shaped",
        "ALTER TABLE cases_finding DISABLE TRIGGER ALL",
        "DROP TRIGGER a_sent_finding_is_fixed ON cases_finding",
        "CREATE OR REPLACE FUNCTION redress_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        f"SET ROLE {OWNER}",
        "UPDATE django_migrations SET app = 'x'",
        "DELETE FROM django_migrations",
    ],
)
def test_the_program_can_not_change_the_rules(sql: str) -> None:
    # The tests' own session belongs to a superuser, who may take any role; the program's belongs to its role.
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        run(f"SET LOCAL ROLE NONE; SET LOCAL SESSION AUTHORIZATION {APP}; {sql}")


def _may(right: str, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [APP, table, right])
        return bool(cursor.fetchone()[0])


def test_an_edition_in_force_is_not_withdrawn() -> None:
    row = Yard().new(LocalEdition, **{**DECIDED, "in_force_from": TODAY})
    with refused_by("an_approved_edition_is_fixed"):
        LocalEdition.objects.filter(pk=row.pk).update(state="withdrawn", ended_at=AT, ended_by="Carol")
