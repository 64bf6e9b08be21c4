"""How does a command reach the database, whether or not the server runs?

with database.up(settings):          # joins the embedded server, starting it for the while if need be
    with database.as_owner():        # migrations and restores; all else acts as the role that owns nothing
        call_command("migrate")
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from redress.plumbing.postgres import ADMIN, DATABASE, OWNER, PORT, Cluster
from redress.server.environment import Environment


class OutOfReach(Exception):
    """The database can't be reached; the sentence says which one and why."""


def cluster(settings: Environment) -> Cluster | None:
    """Return the embedded server of this installation, or None when an outside one is set."""
    if settings.database_url:
        return None
    return Cluster(home=settings.home, account_name=settings.database_account)


@contextlib.contextmanager
def up(settings: Environment) -> Iterator[None]:
    """Make sure that the database answers while the block runs. Raises OutOfReach or EmbeddedServerFault."""
    embedded = cluster(settings)
    if embedded is None:
        try:
            psycopg.connect(**arguments(settings.database_url), connect_timeout=10).close()
        except psycopg.OperationalError as fault:
            reason = str(fault).strip().splitlines()[-1]
            raise OutOfReach(f"The database that DATABASE_URL names can't be reached: {reason}") from None
        yield
        return
    with embedded.running():
        yield


def owner_settings(settings: Environment) -> dict[str, Any]:
    """Return Django's settings for the database as its owner; without one named, as the only role there is."""
    if settings.database_url:
        named: dict[str, Any] = settings.owner_database_url or settings.database_url
        return dict(named)
    embedded = cluster(settings)
    assert embedded is not None
    return {
        "HOST": str(embedded.sockets),
        "PORT": str(PORT),
        "NAME": DATABASE,
        "USER": OWNER,
        "PASSWORD": embedded.passwords()[OWNER],
        "OPTIONS": {},
    }


@contextlib.contextmanager
def as_owner(settings: Environment) -> Iterator[None]:
    """Act as the owner of the tables inside the block, in this process only."""
    from django.db import connections

    connection = connections["default"]
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(owner_settings(settings))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def arguments(address: dict[str, Any]) -> dict[str, Any]:
    """Turn Django's settings of a database into what psycopg.connect takes."""
    named = {
        "host": address["HOST"],
        "port": address["PORT"],
        "dbname": address["NAME"],
        "user": address["USER"],
        "password": address["PASSWORD"],
    }
    options: dict[str, Any] = address.get("OPTIONS", {})
    return {name: value for name, value in named.items() if value} | options


def is_empty(settings: Environment) -> bool:
    """Tell whether the database holds no council and no trail: nothing that anyone would miss."""
    with psycopg.connect(**arguments(owner_settings(settings))) as owner:
        for table in ("council_council", "access_entry", "cases_case"):
            if owner.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
                continue
            held = owner.execute(sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table))).fetchone()
            if held == (True,):
                return False
    return True


def make_anew(settings: Environment) -> None:
    """Throw away the tables and begin with an empty database; the caller has made sure that nobody needs them."""
    embedded = cluster(settings)
    if embedded is None:
        with psycopg.connect(**arguments(owner_settings(settings)), autocommit=True) as owner:
            owner.execute("DROP SCHEMA public CASCADE")
            owner.execute("CREATE SCHEMA public")
        return
    with psycopg.connect(**embedded.address(ADMIN, database="postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
    embedded.make_database()
