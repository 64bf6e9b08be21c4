"""`redress run` comes up, keeps its children up, and leaves nothing running, however it is ended."""

import json
import signal
import socket
import stat
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from plumbing import installations
from plumbing.installations import command, environment, redress
from redress.plumbing.home import Home
from redress.server import mark

pytestmark = pytest.mark.slow


HERE = {"REDRESS_PLAIN_HTTP": "yes"}
"""Without HTTPS, because nobody but this machine can reach it."""


class Run:
    """One `redress run` on a folder of its own, as a person at a terminal has it."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = Home(home)
        self.port = free_port()
        self.variables = {"REDRESS_HOME": str(home), "PORT": str(self.port), "REDRESS_WEB_WORKERS": "1",
            **HERE, **more}  # fmt: skip
        self.process: subprocess.Popen[str] | None = None
        self.said = home.parent / f"{home.name}.out"

    def start(self) -> "Run":
        if self.process is not None and self.process.poll() is None:
            self.end()  # what a test that failed left behind
        with self.said.open("w") as out:
            self.process = subprocess.Popen(command("run"), env=environment(self.variables), stdout=out, stderr=out)
        return self

    def ready(self, seconds: float = 240) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def answers() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.said.read_text()
            found.update(self.health() if "Redress is ready" in self.said.read_text() else {})
            return bool(found.get("ready"))

        wait_for(answers, seconds, lambda: self.said.read_text())
        return found

    def health(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except (urllib.error.URLError, OSError):
            return {}

    def processes(self) -> list[psutil.Process]:
        """Return every process of this installation: by its folder in what it was started with or for."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("REDRESS_HOME") == str(self.home.path)
                if (mine or str(self.home.pg) in process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def child(self, word: str) -> psutil.Process:
        """Return the child that runs `redress WORD`, or the database."""
        found = self.children(word)
        assert len(found) == 1, f"{len(found)} of {word} run"
        return found[0]

    def children(self, word: str) -> list[psutil.Process]:
        assert self.process is not None
        found = []
        for process in psutil.Process(self.process.pid).children():
            try:
                line = process.cmdline()
            except (psutil.ZombieProcess, psutil.NoSuchProcess):
                continue
            if line[-1:] == [word] or (word == "postgres" and line and line[0].endswith("/postgres")):
                found.append(process)
        return found

    def end(self, how: signal.Signals = signal.SIGINT, seconds: float = 30) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(seconds)

    def nothing_left(self, seconds: float = 20) -> None:
        wait_for(lambda: not self.processes(), seconds, lambda: str([p.cmdline() for p in self.processes()]))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], bool], seconds: float, told: Callable[[], str]) -> None:
    give_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up, told()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def run(migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Give a run that is up; what the tests kill comes up again."""
    run = Run(tmp_path_factory.mktemp("run") / "a folder with spaces")
    installations.copy(migrated, run.home.path)
    run.start().ready()
    yield run
    if run.process is not None and run.process.poll() is None:
        run.end()
    for process in run.processes():
        process.kill()


def test_health_tells_what_runs(run: Run) -> None:
    wait_for(lambda: run.health()["worker"]["running"], 20, lambda: str(run.health()))
    told = run.health()
    assert told["database"] is True
    assert told["migrations"] is True
    assert told["worker"]["seconds"] < 30


def test_the_address_is_printed(run: Run) -> None:
    wait_for(lambda: "Stop it with Ctrl-C." in run.said.read_text(), 20, lambda: run.said.read_text())
    assert f"http://127.0.0.1:{run.port}/" in run.said.read_text()


def test_a_second_run_on_the_same_folder_is_refused_with_the_address_of_the_first(run: Run) -> None:
    second = redress(run.home.path, "run", PORT=str(free_port()), **HERE)
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "already runs" in second.stderr
    assert f"http://127.0.0.1:{run.port}/" in second.stderr


def test_a_port_that_is_taken_is_said(run: Run, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    mark.write_file(other, "real")
    refused = redress(other.path, "run", PORT=str(run.port), **HERE)
    assert refused.returncode == 1
    assert f"Port {run.port}" in refused.stderr
    assert "make run PORT=" in refused.stderr


@pytest.mark.parametrize("word", ["web", "worker", "postgres"])
def test_what_is_killed_comes_up_again(run: Run, word: str) -> None:
    before = run.child(word)
    before.kill()
    wait_for(
        lambda: [one.pid for one in run.children(word)] not in ([], [before.pid]), 30, lambda: run.said.read_text()
    )
    wait_for(lambda: bool(run.health().get("ready")), 60, lambda: run.said.read_text())
    assert run.child(word).pid != before.pid
    named = {"web": "web server", "worker": "worker", "postgres": "database"}[word]
    assert f"The {named} stopped; starting it again" in run.said.read_text()


def test_a_command_beside_the_running_server_joins_its_database(run: Run) -> None:
    server = run.child("postgres").pid
    told = redress(run.home.path, "doctor", **HERE)
    assert told.returncode == 0, told.stdout
    assert "The service runs." in told.stdout
    assert run.child("postgres").pid == server


def test_ctrl_c_stops_all_of_it(run: Run) -> None:
    assert run.end(signal.SIGINT) == 0
    run.nothing_left()


def test_a_second_start_has_nothing_to_make_and_a_killed_supervisor_leaves_nothing(run: Run) -> None:
    run.start().ready()
    assert "Bringing the tables up to date" not in run.said.read_text()
    assert "Making the demonstration" not in run.said.read_text()
    assert run.process is not None
    run.process.kill()
    run.process.wait()
    run.nothing_left()
    run.start().ready()
    assert run.end(signal.SIGTERM) == 0
    run.nothing_left()


def test_it_starts_at_once_after_a_kill_while_the_old_children_still_go_down(run: Run) -> None:
    run.start().ready()
    assert run.process is not None
    run.process.kill()
    run.process.wait()
    run.start().ready()
    assert run.end() == 0
    run.nothing_left()


def test_stopped_in_the_middle_of_starting_it_leaves_nothing(run: Run) -> None:
    for pause in (0.3, 1.2, 2.5):
        run.start()
        time.sleep(pause)
        run.end(signal.SIGTERM)
        run.nothing_left()


def test_an_empty_folder_becomes_a_demonstration_that_can_not_be_made_real(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    refused = redress(home.path, "run", REDRESS_HOSTS="complaints.example")
    assert refused.returncode == 1
    assert "demonstration" in refused.stderr
    assert not home.is_made()


@pytest.mark.parametrize("change", ["kind", "gone"])
def test_a_mark_that_was_tampered_with_stops_the_start(migrated: Home, tmp_path: Path, change: str) -> None:
    run = Run(tmp_path / "home")
    installations.copy(migrated, run.home.path)
    assert stat.S_IMODE(run.home.mark.stat().st_mode) == 0o600
    if change == "gone":
        run.home.mark.unlink()
    else:
        run.home.mark.write_text(run.home.mark.read_text().replace('"real"', '"demonstration"'))
    refused = redress(run.home.path, "migrate")
    assert refused.returncode == 1
    assert ("can't be changed" if change == "kind" else "missing or unreadable") in refused.stderr
    run.nothing_left()
