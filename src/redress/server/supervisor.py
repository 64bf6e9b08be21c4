"""What does `redress run` do? It starts the database, the web server and the worker, and keeps them running.

This process serves nothing itself: it starts children, looks after them, and stops them. It imports no Django, so it
is small, starts at once and has no threads that a fork could catch half-way.

    Supervisor(settings).run()      # until Ctrl-C or SIGTERM; returns the exit status
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from redress.plumbing import unprivileged
from redress.plumbing.postgres import Cluster
from redress.server import children, database
from redress.server.environment import Environment

_STOP_SECONDS = 10.0
_READY_SECONDS = 60.0
_PORT_SECONDS = 10.0
_LOG_BYTES = 20 * 1024 * 1024
_FALLS = 4
_WAITS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)


class CantRun(Exception):
    """The service can't be started; the sentence says why and what to do."""


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    falls: int = field(default=0, init=False)
    again_at: float = field(default=0.0, init=False)

    def start(self, pipe: int) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(pipe,),
                env={**os.environ, children.PIPE: str(pipe)},
                preexec_fn=unprivileged.become(None, dies_with_parent=signal.SIGTERM),
            )
        self.started = time.monotonic()

    def fell(self) -> bool:
        """Tell, once, that the process ended by itself."""
        if self.process is None or self.process.poll() is None:
            return False
        self.kill_rest()
        # One that ran for a while falls by chance; one that falls at once waits longer each time.
        self.falls = 1 if time.monotonic() - self.started > 30 else self.falls + 1
        self.again_at = time.monotonic() + _WAITS[min(self.falls - 1, len(_WAITS) - 1)]
        self.process = None
        return True

    def tell(self, what: signal.Signals) -> None:
        """Send a signal to the process, if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(what)

    def kill_rest(self) -> None:
        """End at once whatever is left of the process and of those that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts, watches and stops everything that one installation runs."""

    def __init__(self, settings: Environment, *, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.say = say
        self.home = settings.home
        self.cluster: Cluster | None = database.cluster(settings)
        self.stopping = False
        self._lock: IO[bytes]
        self._after_a_kill = False
        command = [sys.executable, "-m", "redress.server.cli"]
        self.children = [
            Child("web server", [*command, "web"], self.home.logs / "web.log"),
            Child("worker", [*command, "worker"], self.home.logs / "worker.log"),
        ]

    def run(self) -> int:
        """Run until told to stop. Raises CantRun, and whatever sentence a part can't start with."""
        for what in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(what, self._told_to_stop)
        if os.environ.get("MAKELEVEL"):
            # Started by make: if make is killed, so that nobody holds the other end, stop as for Ctrl-C.
            unprivileged.die_with_parent(signal.SIGTERM)
        with self._only_one():
            self._free_port()
            watch, ours = os.pipe()
            try:
                return self._run(watch)
            finally:
                self._stop()
                os.close(ours)
                os.close(watch)

    # ---------------------------------------------------------------------------------------------------- the run

    def _run(self, pipe: int) -> int:
        for name in ("web.log", "worker.log", "postgres.log"):
            _turn_over(self.home.logs / name)
        if self.cluster is not None:
            self.say("Starting the database …")
            self.cluster.join(dies_with_parent=True)
        if not self.stopping:
            self._prepare()
        if not self.stopping:
            self.say("Starting the web server and the worker …")
            for child in self.children:
                child.start(pipe)
            self._wait_until_ready(pipe)
        if not self.stopping:
            self._greet()
        while not self.stopping:
            self._look_after(pipe)
            time.sleep(0.2)
        return 0

    def _prepare(self) -> None:
        """Bring the tables up to date, and fill a new demonstration, in a process that ends when it is done."""
        process = subprocess.Popen(
            [sys.executable, "-m", "redress.server.cli", "prepare"],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=unprivileged.become(None, dies_with_parent=signal.SIGKILL),
        )
        while (status := process.poll()) is None:
            if self.stopping:
                os.killpg(process.pid, signal.SIGKILL)  # and the processes that it shares its work with
                process.wait()
                return
            time.sleep(0.05)
        if status != 0:
            raise CantRun("")  # the process has said why

    def _look_after(self, pipe: int) -> None:
        if self.cluster is not None and not self.cluster.is_alive():
            self.say("The database stopped; starting it again …")
            self.cluster.restart(dies_with_parent=True)
        for child in self.children:
            if child.fell():
                self.say(f"The {child.name} stopped; starting it again (its log: {child.log}) …")
            if child.process is None and time.monotonic() >= child.again_at:
                child.start(pipe)

    def _wait_until_ready(self, pipe: int) -> None:
        give_up = time.monotonic() + _READY_SECONDS
        while not self.stopping and not self._answers():
            self._look_after(pipe)
            for child in self.children:
                if child.falls >= _FALLS or time.monotonic() > give_up:
                    raise CantRun(f"The {child.name} does not start: {_last_line(child.log)} (its log: {child.log})")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}health", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def address(self) -> str:
        """Where the service is found from this machine."""
        host = self.settings.listen if self.settings.listen not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
        return f"http://{'[' + host + ']' if ':' in host else host}:{self.settings.port}/"

    def _greet(self) -> None:
        self.say("")
        self.say(f"Redress is ready:  {self.address}")
        if self.settings.public_address not in (None, self.address.rstrip("/")):
            self.say(f"People reach it at {self.settings.public_address}")
        if self.home.is_demonstration():
            self.say("This is a DEMONSTRATION: the councils and people are invented; put nothing real in here.")
            from redress.server import sign_ins

            for line in sign_ins.lines(self.home, self.address):
                self.say(line)
        self.say("")
        self.say("Stop it with Ctrl-C.")

    # ---------------------------------------------------------------------------------------------------- stopping

    def _told_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _stop(self) -> None:
        if any(child.process is not None for child in self.children):
            self.say("Stopping …")
        self._tell(stopping=True)
        for child in self.children:
            child.tell(signal.SIGTERM)
        give_up = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < give_up and any(
            child.process is not None and child.process.poll() is None for child in self.children
        ):
            time.sleep(0.05)
        for child in self.children:
            child.kill_rest()
        if self.cluster is not None:
            self.cluster.leave()

    # ---------------------------------------------------------------------------------------------------- alone

    @contextlib.contextmanager
    def _only_one(self) -> Any:
        """Hold the folder's lock; wait for one that is on its way down, refuse beside one that runs."""
        give_up = time.monotonic() + 2 * _STOP_SECONDS
        with (self.home.path / "run.lock").open("a+b") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    told = _said_by(lock)
                    if not told.get("stopping") or time.monotonic() > give_up:
                        raise CantRun(_already(self.home.path, told)) from None
                    time.sleep(0.1)
            self._lock = lock
            lock.seek(0)
            self._after_a_kill = bool(lock.read())  # one that ended by itself leaves it empty
            self._tell(stopping=False)
            yield
            lock.truncate(0)

    def _tell(self, *, stopping: bool) -> None:
        """Write into the lock who runs here, for whoever comes next."""
        told = {"process": os.getpid(), "address": self.address, "stopping": stopping}
        self._lock.truncate(0)
        self._lock.write(json.dumps(told).encode())
        self._lock.flush()

    def _free_port(self) -> None:
        """Refuse a port that is taken; but what a killed run of ours left gives it back within seconds."""
        give_up = time.monotonic() + (_PORT_SECONDS if self._after_a_kill else 0)
        family = socket.AF_INET6 if ":" in self.settings.listen else socket.AF_INET
        while not self.stopping:
            try:
                with socket.socket(family) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((self.settings.listen, self.settings.port))
                return
            except OSError as fault:
                if time.monotonic() > give_up:
                    raise CantRun(
                        f"Port {self.settings.port} of {self.settings.listen} can't be used ({fault.strerror}); "
                        f"choose another, for example: make run PORT={self.settings.port % 65000 + 123}"
                    ) from None
                time.sleep(0.2)


def is_running(settings: Environment) -> bool:
    """Tell whether a supervisor runs on this installation's folder."""
    file = settings.home.path / "run.lock"
    if not file.exists():
        return False
    with file.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _said_by(lock: IO[bytes]) -> dict[str, Any]:
    lock.seek(0)
    try:
        told: dict[str, Any] = json.loads(lock.read())
    except ValueError:  # being written
        return {"stopping": True}
    return told


def _already(folder: Path, told: dict[str, Any]) -> str:
    who = f", at {told['address']} (process {told['process']})" if "process" in told else ""
    return f"Redress already runs on {folder}{who}; stop that one first, or choose another folder with REDRESS_HOME."


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _turn_over(log: Path) -> None:
    """Keep a log from growing for ever: a large one is set aside at the start, and the one before it goes."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
