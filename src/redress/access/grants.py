"""What may the role that the program logs in as do in the database?

The owner migrates and owns every table; the server and the worker log in as a role that owns nothing. It reads and
writes ordinary tables, and only adds to those that may only grow. Applied after every migration::

    grants.apply_grants(connection)
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from redress.access.append_only import APPEND_ONLY_TABLES, FUNCTION, protection

_NEVER_DELETED = (
    "access_stream",
    "cases_case",
    "cases_stage",
    "cases_point",
    "cases_finding",
    "people_contact",
    "people_authority",
    "correspondence_message",
    "correspondence_letter",
    "correspondence_response",
    "learning_remedy",
    "quality_check",
)
"""What a case rests on: it ends, is withdrawn or replaced, and stays."""

_READ_ONLY = ("django_migrations",)


def apply_grants(connection: BaseDatabaseWrapper, app_role: str | None = None) -> None:
    """Give the role what it needs and nothing more, and see that every table that may only grow has its triggers.

    To be run by the owner of the tables, as often as you like. Without ``app_role``, the role is the one of the
    setting ``REDRESS_APP_ROLE``.
    """
    role = connection.ops.quote_name(app_role or settings.REDRESS_APP_ROLE)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace"
            " AND c.relkind IN ('r', 'p') ORDER BY c.relname"
        )
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(FUNCTION)
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
        for table in tables:
            cursor.execute(f"REVOKE ALL ON {connection.ops.quote_name(table)} FROM {role}, PUBLIC")
            cursor.execute(f"GRANT {rights(table)} ON {connection.ops.quote_name(table)} TO {role}")
            if table in APPEND_ONLY_TABLES:
                for statement in protection(table):
                    cursor.execute(statement)


def rights(table: str) -> str:
    """Return what the program's role may do with a table."""
    if table in _READ_ONLY:
        return "SELECT"
    if table in APPEND_ONLY_TABLES:
        return "SELECT, INSERT"
    if table in _NEVER_DELETED:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"
