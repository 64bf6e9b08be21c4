"""What is set up, what is missing, and what is there to do? Printed by `redress doctor`.

    ok        The database answers (PostgreSQL 18.4, embedded).
    look      No virus scanner is set: uploads are marked as not scanned. Set REDRESS_CLAMD …
    missing   …

Ends with 1 when something is missing without which people can't work.
"""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import psycopg

from redress.plumbing.postgres import EmbeddedServerFault
from redress.server import database, mark, supervisor
from redress.server.environment import Environment

_ROOM_BYTES = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `do` says what to do about it, where there is something."""

    state: Literal["ok", "look", "missing"]
    sentence: str
    do: str = ""


def main(settings: Environment, *, as_json: bool) -> int:
    """Look at everything, print it, and return 1 when something needed is missing."""
    findings = list(look(settings))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.state:<9} {finding.sentence}" + (f" {finding.do}" if finding.do else ""))
    return 1 if any(finding.state == "missing" for finding in findings) else 0


def look(settings: Environment) -> Iterator[Finding]:
    """Give the findings, one by one, in the order in which they matter."""
    home = settings.home
    if not home.is_made():
        yield Finding("missing", f"There is no installation in {home.path} yet.", "Start it once: make run")
        return
    try:
        told = mark.read_file(home)
    except mark.MarkFault as fault:
        yield Finding("missing", str(fault))
        return
    yield Finding("ok", f"The folder of data is {home.path}: a {told['kind']} installation.")
    yield from _folder(settings)
    yield from _running(settings)
    try:
        with database.up(settings):
            yield from _database(settings)
    except (database.OutOfReach, EmbeddedServerFault, psycopg.Error) as fault:
        yield Finding("missing", f"The database does not answer: {str(fault).strip().splitlines()[0]}")
    yield from _ways_out(settings)


def _folder(settings: Environment) -> Iterator[Finding]:
    home = settings.home
    open_to_others = [
        path
        for path in (home.keys, *sorted(home.keys.iterdir()), home.demonstration)
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        yield Finding("missing", f"{open_to_others[0]} can be read by others.", f"chmod go= {open_to_others[0]}")
    else:
        yield Finding("ok", f"The keys are readable by their owner only ({len(list(home.keys.iterdir()))} files).")
    free = shutil.disk_usage(home.path).free
    if free < _ROOM_BYTES:
        yield Finding("look", f"Only {free // 2**20} MB are free on the disk of {home.path}.", "Make room.")
    else:
        yield Finding("ok", f"{free // 2**30} GB are free on its disk.")
    if os.geteuid() == 0 and not home.is_demonstration():
        yield Finding("look", "Redress runs as root.", "Give it an account of its own.")


def _running(settings: Environment) -> Iterator[Finding]:
    if supervisor.is_running(settings):
        yield Finding("ok", "The service runs.")
    else:
        yield Finding("look", "The service does not run.", "Start it: make run, or redress run")


def _database(settings: Environment) -> Iterator[Finding]:
    where = "outside" if settings.database_url else "embedded"
    owner = database.owner_settings(settings)
    with psycopg.connect(**database.arguments(owner)) as connection:
        version = connection.info.parameter_status("server_version") or "?"
        major = connection.info.server_version // 10000
    if major < 15:
        yield Finding("missing", f"The server is PostgreSQL {version}, {where}.", "Redress needs 15 or later.")
        return
    yield Finding("ok", f"The database answers (PostgreSQL {version}, {where}).")
    if settings.database_url and not settings.owner_database_url:
        yield Finding(
            "look",
            "The program logs in as the owner of its tables, so the trail is only protected by its seals.",
            "Set REDRESS_OWNER_DATABASE_URL, and let DATABASE_URL name a role that owns nothing.",
        )
    yield from _tables()


def _tables() -> Iterator[Finding]:
    import django

    django.setup()
    from redress.server import health

    seen = health.look()
    if not seen["migrations"]:
        yield Finding("missing", "The tables are not those of this release.", "Bring them up to date: redress migrate")
        return
    yield Finding("ok", "The tables are those of this release.")
    if seen["worker"]["running"]:
        yield Finding("ok", f"The worker gave a sign {seen['worker']['seconds']:.0f} seconds ago.")
    else:
        yield Finding("look", "No worker runs: mail is neither fetched nor sent, and nobody is reminded.")
    if seen["seal"]:
        yield Finding("ok", f"The trail was last sealed at {seen['seal']}.")
    else:
        yield Finding("look", "The trail was never sealed.", "The worker does it; or now: redress trail seal")


def _ways_out(settings: Environment) -> Iterator[Finding]:
    if settings.smtp_url:
        yield Finding("ok", f"Mail goes out by {settings.smtp_url['host']}.")
    elif settings.home.is_demonstration():
        yield Finding("ok", f"Mail stays on this machine, in {settings.home.outbox}.")
    else:
        yield Finding("look", f"No mail server is set: mail stays in {settings.home.outbox}.", "Set REDRESS_SMTP_URL.")
    if settings.clamd:
        yield Finding("ok", f"Uploads are scanned by {settings.clamd}.")
    else:
        yield Finding(
            "look", "No virus scanner is set: uploads are plainly marked as not scanned.", "Set REDRESS_CLAMD."
        )
    if not settings.database_url and not settings.home.is_demonstration():
        yield Finding(
            "look", "The embedded database serves small installations only.", "See docs/how-to for an outside server."
        )
