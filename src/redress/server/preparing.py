"""What has to be done before people can work? Tables brought up to date, rights granted, the mark settled, and a new
demonstration filled. Everything is skipped that was done before, so a second start takes a second or two.
"""

import os
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from redress.server import database, mark
from redress.server.environment import Environment


def migrate(settings: Environment, *, say: Callable[[str], None]) -> int:
    """Bring the tables up to date as their owner, and grant the program's role what it needs.

    Returns how many changes were made to the tables. Raises MarkFault.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from redress.access import grants

    with database.as_owner(settings):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            say(f"Bringing the tables up to date: {len(plan)} changes …")
            # Without its closing signal: no permissions of Django's own are used, and it costs seconds.
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        grants.apply_grants(connection)
        mark.settle(settings.home, holds_data=mark.holds_data())
    return len(plan)


def prepare(settings: Environment, *, say: Callable[[str], None]) -> None:
    """Make everything ready to serve. The database must answer already. Raises MarkFault."""
    home = settings.home
    begun = home.path / "demonstration.begun"
    new = home.is_demonstration() and not home.demonstration.exists()
    if new and begun.exists() and not settings.database_url:
        say("The demonstration was not finished last time; beginning anew …")
        database.make_anew(settings)
    started = time.monotonic()
    migrate(settings, say=say)
    _settle_doubts(settings, say)
    if not new:
        return
    begun.touch()
    demonstration = import_module("redress.server.demonstration")
    say("Making the demonstration: two invented councils that share one team …")
    fewer = os.environ.get("REDRESS_TEST_CASES", "")  # tests and trials need the people, not hundreds of cases
    demonstration.make(_progress(say), **({"count": int(fewer)} if fewer.isdigit() else {}))
    begun.unlink()
    say(f"The demonstration is made ({time.monotonic() - started:.0f} seconds).")


def _settle_doubts(settings: Environment, say: Callable[[str], None]) -> None:
    """Finish a restore that was cut off after the tables came back: nothing may go out before that."""
    from redress.server import restore

    doubtful = restore.settle_doubts(settings.home)
    if doubtful:
        say(f"A backup was put back: {doubtful} may have gone since; look at them on the desk, under Post.")


def _progress(say: Callable[[str], None]) -> Callable[..., Any]:
    def tell(text: str) -> None:
        say(f"  {text}")

    return tell
