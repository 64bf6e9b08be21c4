"""Which tables may only grow, and what keeps them so?

A trigger on each refuses UPDATE, DELETE and TRUNCATE, whoever asks; and the role that the program logs in as has no
right to them (:mod:`redress.access.grants`). In a migration::

    operations = [..., append_only.Protect("cases_happening")]

A table whose rows may change until something has happened, and not after, is ``Fixed`` from then on.

Two things must get past the triggers: the test runner, which empties every table between tests, and
``redress restore``. They open ``rewriting`` and must be the owner of the tables, or a superuser.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

APPEND_ONLY_TABLES = (
    "access_entry",
    "access_detail",
    "access_seal",
    "access_look",
    "cases_happening",
    "cases_note",
    "cases_pointwording",
    "documents_document",
    "documents_scan",
    "correspondence_lettertemplate",
    "correspondence_receipt",
    "correspondence_receiptof",
)

ESCAPE = "redress.rewriting"
"""The setting of a session that gets the owner of the tables past the triggers."""

FUNCTION = """
CREATE OR REPLACE FUNCTION redress_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('redress.rewriting', true) = 'allowed' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '% can only grow: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


def protection(table: str) -> list[str]:
    """Return the statements that put the triggers on a table; to be run again without harm."""
    return [
        f'CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION redress_refuse_rewriting()",
        f'CREATE OR REPLACE TRIGGER only_grows_whole BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION redress_refuse_rewriting()",
    ]


class Protect(Operation):
    """The operation of a migration that lets a table only grow."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing that Django keeps: triggers are the database's own."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the triggers."""
        schema_editor.execute(FUNCTION, params=None)
        for statement in protection(self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the triggers away."""
        for name in ("only_grows", "only_grows_whole"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{self.table}"', params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Let {self.table} only grow"


class Fixed(Operation):
    """The operation of a migration that fixes the rows of a table once something is true of them.

    ``once`` is SQL over ``OLD``; from then on an update is refused unless ``unless`` holds, SQL over ``OLD`` and
    ``NEW``, and a deletion always. The refusal carries ``name``, as a constraint would.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, name: str, says: str, once: str = "true", unless: str = "false") -> None:
        self.table = table
        self.name = name
        self.says = says
        self.once = once
        self.unless = unless

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing that Django keeps: triggers are the database's own."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the trigger."""
        says = self.says.replace("'", "''").replace("%", "%%")
        schema_editor.execute(
            f"""
CREATE OR REPLACE FUNCTION {self._function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('{ESCAPE}', true) = 'allowed' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF {self.once} THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION '{says}: DELETE is refused'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = '{self.name}', TABLE = TG_TABLE_NAME;
        ELSIF NOT COALESCE({self.unless}, false) THEN
            RAISE EXCEPTION '{says}: UPDATE is refused'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = '{self.name}', TABLE = TG_TABLE_NAME;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
END
$$""",  # noqa: S608 (a migration's own words)
            params=None,
        )
        schema_editor.execute(
            f'CREATE TRIGGER {self.name} BEFORE UPDATE OR DELETE ON "{self.table}"'
            f" FOR EACH ROW EXECUTE FUNCTION {self._function}()",
            params=None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the trigger away."""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS {self.name} ON "{self.table}"', params=None)
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {self._function}()", params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Hold that {self.says}"

    @property
    def _function(self) -> str:
        return f"fix_{self.name}"[:63]


@contextmanager
def rewriting(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the owner of the tables past the triggers within one transaction."""
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, 'allowed', true)", [ESCAPE])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, '', true)", [ESCAPE])
