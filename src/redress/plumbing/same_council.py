"""Does this row belong to the same owner as the row it hangs on? The database answers, not the program.

A child that points at a parent carries ``council_id`` itself, and a two-column foreign key
``(council_id, case_id)`` to the parent's ``(council_id, id)`` makes a row of one council under a
parent of another impossible::

    class Meta:
        constraints = [SameCouncil(fields="case", name="point_and_case_same_council")]

The parent needs ``UniqueConstraint(fields=["council", "id"], name=…)``, which PostgreSQL demands of
whatever a foreign key points at.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import Model
from django.db.models.constraints import BaseConstraint


class SameOwner(BaseConstraint):
    """Demand that the row named by a foreign key belongs to the owner of this row; a subclass says which owner.

    ``fields`` is the name of one foreign key field. A null foreign key is fine (MATCH SIMPLE: a
    pair with a null in it points at nothing). The check is made when the transaction commits, so
    rows may be written in any order.
    """

    owner: ClassVar[str]
    """The name of the foreign key that both rows have."""

    def __init__(
        self,
        *,
        fields: str,
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        if not isinstance(fields, str) or not fields:
            raise ValueError(f"{type(self).__name__} needs the name of one foreign key field.")
        self.fields = fields
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def constraint_sql(self, model: type[Model] | None, schema_editor: Any) -> str:
        """Put the foreign key off until every table of the migration stands, and say nothing now."""
        if model is not None:
            schema_editor.deferred_sql.append(self._statement(model, schema_editor))
        return ""

    def create_sql(self, model: type[Model] | None, schema_editor: Any) -> str:
        """Put the foreign key off in the same way.

        The parent's unique pair may be made later in the same migration than the child's key.
        """
        return self.constraint_sql(model, schema_editor)

    def remove_sql(self, model: type[Model] | None, schema_editor: Any) -> Any:
        """Return the statement that drops the foreign key, its pending checks settled first."""
        assert model is not None
        return schema_editor._delete_constraint_sql(schema_editor.sql_delete_fk, model, self.name)

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Do nothing: only the database can see both rows at the moment of commit."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return what a migration file must write to build this constraint again."""
        path, args, kwargs = super().deconstruct()
        kwargs["fields"] = self.fields
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SameOwner):
            return type(self) is type(other) and self.name == other.name and self.fields == other.fields
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: fields={self.fields!r} name={self.name!r}>"

    def _statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        child: Any = model._meta
        link: Any = child.get_field(self.fields)
        parent: Any = link.remote_field.model._meta
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s)"
            " REFERENCES %(to_table)s (%(to_column)s) DEFERRABLE INITIALLY DEFERRED",
            table=Table(child.db_table, quote),
            name=quote(self.name),
            column=Columns(child.db_table, [child.get_field(self.owner).column, link.column], quote),
            to_table=Table(parent.db_table, quote),
            to_column=Columns(
                parent.db_table,
                [parent.get_field(self.owner).column, link.target_field.column],
                quote,
            ),
        )


class SameCouncil(SameOwner):
    """Demand that the row named by a foreign key belongs to the council of this row."""

    owner = "council"


class SameCase(SameOwner):
    """Demand that the row named by a foreign key belongs to the case of this row: a stage, a point, an earlier fact."""

    owner = "case"
