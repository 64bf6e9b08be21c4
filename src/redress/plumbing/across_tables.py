"""What does no constraint of one table see, since it lies in two? The database answers all the same.

A rule has the name of a sentence, like any constraint, and a query that finds what breaks it. It is asked when the
transaction commits, so that a step may write in any order. In a migration::

    AcrossTables(
        name="a_closed_case_has_no_open_stage",
        says="a closed case has no open stage",
        broken_by={"cases_case": "SELECT … WHERE c.id = NEW.id AND …", "cases_stage": "SELECT …"},
    )

Each query belongs to a table, is asked for every row (``NEW``) that was written to it, and must read the row again: by
the time that it is asked, the row may have been written once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations.base import Operation


class AcrossTables(Operation):
    """The operation of a migration that holds a rule across tables by a deferred constraint trigger."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *, name: str, says: str, broken_by: Mapping[str, str]) -> None:
        self.name = name
        self.says = says
        self.broken_by = dict(broken_by)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing that Django keeps: triggers are the database's own."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make a function and a trigger for each table."""
        says = self.says.replace("'", "''").replace("%", "%%")
        for table, query in self.broken_by.items():
            function = self._function(table)
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
                f"BEGIN\n    IF EXISTS ({query}) THEN\n        RAISE EXCEPTION '{says}'"
                f" USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}', TABLE = TG_TABLE_NAME;\n"
                f"    END IF;\n    RETURN NULL;\nEND\n$$",
                params=None,
            )
            schema_editor.execute(
                f"CREATE CONSTRAINT TRIGGER {self.name} AFTER INSERT OR UPDATE ON {table}"
                f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}()",
                params=None,
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the triggers and their functions away."""
        for table in self.broken_by:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {self._function(table)}()", params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Hold that {self.says}"

    def _function(self, table: str) -> str:
        # PostgreSQL cuts names at 63 characters, and two that are cut alike would be one function.
        return f"rule_{table}_{self.name}"[:63]
