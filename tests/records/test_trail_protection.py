"""What may only grow can't be rewritten: not by the program's role, and not by the owner of the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from records.scratch_office import AT, contact, council, staff
from redress.access import append_only, grants, looks
from redress.access.append_only import APPEND_ONLY_TABLES
from redress.access.models import Look
from redress.access.roles import Role
from redress.plumbing.postgres import APP, OWNER

pytestmark = pytest.mark.django_db

REWRITING = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")


def present() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s)", [list(APPEND_ONLY_TABLES)])
        return sorted(name for (name,) in cursor.fetchall())


def column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum LIMIT 1",
            [table],
        )
        return str(cursor.fetchone()[0])


@pytest.fixture
def as_role(database_superuser: Any) -> Callable[[str], None]:
    """Act as one of the two roles for the rest of the test's transaction."""

    def become(role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(f"SET LOCAL ROLE {role}")

    return become


def test_the_program_owns_nothing(as_role: Callable[[str], None]) -> None:
    as_role(APP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] is False


@pytest.mark.parametrize("sql", REWRITING)
def test_the_program_may_only_add_and_read(as_role: Callable[[str], None], sql: str) -> None:
    tables = present()
    assert {"access_entry", "access_detail", "access_seal", "access_look", "cases_happening"} <= set(tables)
    columns = {table: column(table) for table in tables}
    as_role(APP)
    for table in tables:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql.format(table=table, column=columns[table]))
        connection.cursor().execute(f"SELECT count(*) FROM {table}")


def test_the_program_may_not_get_past_the_triggers(as_role: Callable[[str], None]) -> None:
    as_role(APP)
    for sql in (
        "SET session_replication_role = replica",
        "ALTER TABLE access_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER only_grows ON access_entry",
        "DELETE FROM access_stream",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            connection.cursor().execute(sql)


def row_in_every_table() -> None:
    of = council()
    looks.record(contact(of), by=staff(Role.OFFICER, of), at=AT)


def test_even_the_owner_is_refused(as_role: Callable[[str], None]) -> None:
    row_in_every_table()
    as_role(OWNER)
    for sql in REWRITING:
        with pytest.raises(IntegrityError, match="access_look can only grow"), transaction.atomic():
            connection.cursor().execute(sql.format(table="access_look", column="by_name"))
    for table in present():
        with pytest.raises(IntegrityError, match="can only grow"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")
    assert Look.objects.count() == 1


def test_the_owner_may_empty_it_on_purpose_and_the_program_may_not(as_role: Callable[[str], None]) -> None:
    row_in_every_table()
    as_role(APP)
    with pytest.raises(ProgrammingError, match="permission denied"), append_only.rewriting(connection):
        connection.cursor().execute("DELETE FROM access_look")
    as_role(OWNER)
    with append_only.rewriting(connection):
        connection.cursor().execute("UPDATE access_look SET by_name = 'somebody'")
        assert Look.objects.get().by_name == "somebody"
        connection.cursor().execute("DELETE FROM access_look")
    assert not Look.objects.exists()
    row_in_its_place = (
        "INSERT INTO access_look (stream, by_kind, by_id, by_name, quarter) VALUES ('a', 'b', 1, '', now())"
    )
    connection.cursor().execute(row_in_its_place)
    with pytest.raises(IntegrityError, match="can only grow"), transaction.atomic():
        connection.cursor().execute("DELETE FROM access_look")


def test_a_right_granted_by_mistake_is_not_enough(as_role: Callable[[str], None], database_superuser: Any) -> None:
    row_in_every_table()
    with database_superuser() as cursor:
        cursor.execute(f"GRANT ALL ON access_look TO {APP}")
    as_role(APP)
    with pytest.raises(IntegrityError, match="can only grow"), append_only.rewriting(connection):
        connection.cursor().execute("DELETE FROM access_look")


def test_grants_can_be_applied_again_and_mend(as_role: Callable[[str], None], database_superuser: Any) -> None:
    with database_superuser() as cursor:
        cursor.execute(f"GRANT ALL ON access_look TO {APP}")
        cursor.execute("DROP TRIGGER only_grows ON access_look")
    as_role(OWNER)
    grants.apply_grants(connection, APP)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'access_look', 'DELETE')", [APP])
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'access_look'::regclass AND NOT tgisinternal")
        assert cursor.fetchone()[0] == 2
        cursor.execute("SELECT has_table_privilege(%s, 'council_council', 'DELETE')", [APP])
        assert cursor.fetchone()[0] is True
