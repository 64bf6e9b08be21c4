"""What is set up, what is missing, and what is there to do? Printed by `redress doctor`.

    ok    The database answers (PostgreSQL 18.4, embedded).
    look  No virus scanner is set: uploads are marked as not scanned. Set REDRESS_CLAMD …
    bad   …

Ends with 1 when something is bad: people can't work, or what they do is not safe.
"""

import json
import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

import psycopg

from redress.plumbing import malware, moment
from redress.plumbing.postgres import EmbeddedServerFault
from redress.server import backup, database, mark, secret_keys, starting, supervisor
from redress.server.environment import LOOPBACK, SETTINGS_FILE, Environment

_ROOM_BYTES = 1 << 30
_LITTLE_ROOM_BYTES = 200 << 20
_APART_SECONDS = 5.0
_BACKUP_OLD_DAYS, _BACKUP_BAD_DAYS = 2.0, 8.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `do` says what to do about it, where there is something."""

    state: Literal["ok", "look", "bad"]
    sentence: str
    do: str = ""


def main(settings: Environment, *, as_json: bool) -> int:
    """Look at everything, print it, and return 1 when something is bad."""
    findings = list(look(settings))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.state:<5} {finding.sentence}" + (f" {finding.do}" if finding.do else ""))
    return 1 if any(finding.state == "bad" for finding in findings) else 0


def look(settings: Environment) -> Iterator[Finding]:
    """Give the findings, one by one, in the order in which they matter."""
    home = settings.home
    if not home.is_made():
        yield Finding(
            "bad",
            f"There is no installation in {home.path} yet.",
            "Make one: redress init; or a demonstration: make run",
        )
        return
    try:
        told = mark.read_file(home)
    except mark.MarkFault as fault:
        yield Finding("bad", str(fault))
        return
    yield Finding("ok", f"The folder of data is {home.path}: a {told['kind']} installation.")
    yield from _folder(settings)
    keys = list(_keys(settings))
    yield from keys
    yield from _way_in(settings)
    yield from _running(settings)
    try:
        with database.up(settings):
            # Without its keys the program can't be loaded, so its tables can't be asked.
            yield from _database(settings, asks_tables=not any(one.state == "bad" for one in keys))
    except (database.OutOfReach, EmbeddedServerFault, psycopg.Error) as fault:
        yield Finding("bad", f"The database does not answer: {str(fault).strip().splitlines()[0]}")
    yield from _clock()
    yield from _ways_out(settings)
    yield from _backups(settings)


def _folder(settings: Environment) -> Iterator[Finding]:
    home = settings.home
    free = shutil.disk_usage(home.path).free
    if free < _LITTLE_ROOM_BYTES:
        yield Finding("bad", f"Only {free // 2**20} MB are free on the disk of {home.path}.", "Make room now.")
    elif free < _ROOM_BYTES:
        yield Finding("look", f"Only {free // 2**20} MB are free on the disk of {home.path}.", "Make room.")
    else:
        yield Finding("ok", f"{free // 2**30} GB are free on its disk.")
    if os.geteuid() == 0 and not home.is_demonstration():
        yield Finding("look", "Redress runs as root.", "Give it an account of its own.")


def _keys(settings: Environment) -> Iterator[Finding]:
    """Say whether every key is there, can't be guessed, and can't be read by others; none is shown."""
    home = settings.home
    kept = sorted(home.keys.iterdir()) if home.keys.exists() else []
    open_to_others = [
        path
        for path in (home.keys, *kept, home.demonstration, home.path / SETTINGS_FILE)
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_to_others:
        yield Finding("bad", f"{path} can be read by others.", f"chmod go= {path}")
    for secret in secret_keys.SECRETS:
        try:
            found = secret_keys.find(settings, secret)
        except secret_keys.SecretFault as fault:
            yield Finding("bad", str(fault))
            continue
        if found is None and secret in secret_keys.NEEDED and not home.is_demonstration():
            yield Finding(
                "bad",
                f"The key that {secret.protects} is missing.",
                f"Put keys/{secret.file} back from your safe copy.",
            )
        outside = found.file if found is not None and not found.ours else None
        if outside is not None and stat.S_IMODE(outside.stat().st_mode) & 0o007:
            yield Finding("look", f"{outside} can be read by others.", f"chmod o= {outside}")
        if (home.keys / f"{secret.file}.next").exists():
            yield Finding(
                "look",
                f"A change of the {secret.name} key was cut off.",
                f"Go on with it: redress secrets rotate {secret.name}",
            )
    if not open_to_others:
        yield Finding("ok", f"The keys are readable by their owner only ({len(kept)} files).")


def _way_in(settings: Environment) -> Iterator[Finding]:
    """Say whether people come by HTTPS, and under which address."""
    if settings.home.is_demonstration():
        return
    for check in (starting.check_debugging, partial(starting.check_way_in, settings)):
        try:
            check()
        except starting.CantStart as fault:
            yield Finding("bad", str(fault))
            return
    if settings.plain_http and not settings.behind_https:
        yield Finding(
            "look", "It is served without HTTPS, to this machine only.", "For real work: REDRESS_BEHIND_HTTPS"
        )
        return
    proxies = ", ".join(settings.trusted_proxies)
    yield Finding("ok", f"People come by HTTPS; web servers in front are believed at {proxies}.")
    if settings.public_address:
        yield Finding("ok", f"They reach it at {settings.public_address}.")
    elif not settings.public_hosts:
        yield Finding(
            "bad", "No public address is set: nobody but this machine can reach it.", "Set REDRESS_PUBLIC_ADDRESS."
        )


def _clock() -> Iterator[Finding]:
    """Say whether something keeps this machine's clock right, where that can be asked."""
    program = shutil.which("timedatectl")
    if program is None:
        yield Finding(
            "look", "It is not known what keeps this machine's clock right.", "Have a time server (NTP) do it."
        )
        return
    try:
        asked = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"], capture_output=True, text=True, check=False,
            timeout=5, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return
    if asked.returncode == 0 and asked.stdout.strip() == "yes":
        yield Finding("ok", "The clock of this machine is kept right by a time server.")
    else:
        yield Finding("look", "No time server keeps this machine's clock right.", "Have one do it: due dates go by it.")


def _backups(settings: Environment) -> Iterator[Finding]:
    """Say how old the last backup is, and whether backups are encrypted."""
    home = settings.home
    if home.is_demonstration():
        return
    file = home.path / backup.LAST
    if not file.exists():
        yield Finding(
            "look", "No backup was made from here yet.", "redress backup DIR --keys FILE, and try to restore it."
        )
        return
    told = json.loads(file.read_text())
    days = (moment.now() - datetime.fromisoformat(told["made_at"])).total_seconds() / 86_400
    state: Literal["ok", "look", "bad"] = (
        "ok" if days < _BACKUP_OLD_DAYS else "look" if days < _BACKUP_BAD_DAYS else "bad"
    )
    old = "less than a day" if days < 1 else f"{days:.0f} day{'' if round(days) == 1 else 's'}"
    yield Finding(
        state, f"The last backup is {old} old, in {told['folder']}.", "" if state == "ok" else "redress backup DIR"
    )
    if not told["encrypted"]:
        yield Finding("look", "It is NOT ENCRYPTED.", "Make a key for backups: redress secrets rotate backup")


def _running(settings: Environment) -> Iterator[Finding]:
    if supervisor.is_running(settings):
        yield Finding("ok", "The service runs.")
    else:
        yield Finding("look", "The service does not run.", "Start it: make run, or redress run")


def _database(settings: Environment, *, asks_tables: bool) -> Iterator[Finding]:
    where = "outside" if settings.database_url else "embedded"
    owner = database.owner_settings(settings)
    with psycopg.connect(**database.arguments(owner)) as connection:
        theirs = connection.execute("SELECT clock_timestamp()").fetchone()
        apart = abs((moment.now() - theirs[0]).total_seconds()) if theirs else 0.0
        version = connection.info.parameter_status("server_version") or "?"
        major = connection.info.server_version // 10000
    if major < 15:
        yield Finding("bad", f"The server is PostgreSQL {version}, {where}.", "Redress needs 15 or later.")
        return
    yield Finding("ok", f"The database answers (PostgreSQL {version}, {where}).")
    if settings.database_url and not settings.owner_database_url:
        yield Finding(
            "look",
            "The program logs in as the owner of its tables, so the trail is only protected by its seals.",
            "Set REDRESS_OWNER_DATABASE_URL, and let DATABASE_URL name a role that owns nothing.",
        )
    if apart > _APART_SECONDS:
        yield Finding(
            "bad",
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            "Set both by a time server (NTP): due dates and the trail go by them.",
        )
    if asks_tables:
        yield from _tables(settings)


def _tables(settings: Environment) -> Iterator[Finding]:
    import django

    django.setup()
    from django.db import DatabaseError, connections

    try:
        yield from _asked(settings)
    except DatabaseError as fault:
        yield Finding("bad", f"The tables can't be read: {str(fault).splitlines()[0]}.", "Try: redress migrate")
    finally:
        connections.close_all()


def _asked(settings: Environment) -> Iterator[Finding]:
    from redress.server import health

    seen = health.look()
    if not seen["migrations"]:
        yield Finding("bad", "The tables are not those of this release.", "Bring them up to date: redress migrate")
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
    yield from _people()
    yield from _went_back()


def _people() -> Iterator[Finding]:
    """Say whether a council is served, and whether somebody can look after the system."""
    from redress.access.actor import Actor
    from redress.access.roles import Role
    from redress.council import queries as council_queries
    from redress.staff import queries as staff_queries

    councils = council_queries.public_councils()
    if not councils:
        yield Finding("look", "No council is served here yet.", "Set one up: redress init")
        return
    yield Finding("ok", f"It serves {', '.join(one.name for one in councils)}.")
    there = [
        one
        for one in staff_queries.holders(Actor.command("redress doctor"), Role.SYSTEM_ADMINISTRATOR)
        if one.is_active
    ]
    if not any(one.has_usable_password() for one in there):
        yield Finding(
            "look",
            "No system administrator has come in yet.",
            "Open the link that was made; or make a new one: redress admin-link",
        )


def _went_back() -> Iterator[Finding]:
    """Say when the trail has an entry from later than now: the clock was set back, or was wrong before."""
    from redress.access import standing

    latest = standing.latest_entry()
    if latest is not None and (latest - moment.now()).total_seconds() > _APART_SECONDS:
        yield Finding(
            "bad",
            f"The trail has an entry of {latest.isoformat(timespec='seconds')}, which is later than this clock.",
            "Look at the clock of this machine before anybody works on.",
        )


def _mail_server(told: dict[str, Any]) -> Finding:
    """Say whether the mail server takes a connection; nothing is sent."""
    where = f"{told['host']}:{told['port']}"
    try:
        socket.create_connection((told["host"], told["port"]), timeout=5).close()
    except OSError as fault:
        return Finding(
            "bad",
            f"The mail server {where} can't be reached ({fault.strerror or fault}); letters wait.",
            "Look at REDRESS_SMTP_URL and at the server.",
        )
    if told["tls"] == "none" and told["host"] not in LOOPBACK:
        return Finding("look", f"Mail goes out by {told['host']} in clear.", "Use smtp+starttls:// or smtps://.")
    return Finding("ok", f"Mail goes out by {told['host']}.")


def _ways_out(settings: Environment) -> Iterator[Finding]:
    if settings.smtp_url:
        yield _mail_server(settings.smtp_url)
    elif settings.home.is_demonstration():
        yield Finding("ok", f"Mail stays on this machine, in {settings.home.outbox}.")
    else:
        yield Finding("look", f"No mail server is set: mail stays in {settings.home.outbox}.", "Set REDRESS_SMTP_URL.")
    if settings.clamd:
        version = malware.ping(settings.clamd)
        if version is None:
            yield Finding(
                "bad", f"The virus scanner at {settings.clamd} does not answer, so uploads wait.", "Start clamd."
            )
        else:
            yield Finding("ok", f"Uploads are scanned by {version} at {settings.clamd}.")
    else:
        yield Finding(
            "look", "No virus scanner is set: uploads are plainly marked as not scanned.", "Set REDRESS_CLAMD."
        )
    if not settings.database_url and not settings.home.is_demonstration():
        yield Finding(
            "look", "The embedded database serves small installations only.", "See docs/how-to for an outside server."
        )
