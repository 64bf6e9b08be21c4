"""Which programs are there, as whom do they run, and how do they end?"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class DidNotStart(RuntimeError):
    """A server did not come up; the message ends with what it last wrote."""


def program(name: str) -> str | None:
    """Find a program, also in the folders for administrators, which are not on everybody's path."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":" + _PLACES)


def account() -> pwd.struct_passwd:
    """Give the account that servers run as: ours, or ``nobody`` when we are root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def hand_over(path: Path) -> None:
    """Give a file or folder, and what is in it, to the servers' account."""
    if os.geteuid() != 0:
        return
    who = account()
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.lchown(Path(folder) / name, who.pw_uid, who.pw_gid)
    os.lchown(path, who.pw_uid, who.pw_gid)


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """Make a folder that the servers' account can enter, with a path short enough for sockets; gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix=f"redress-{name}-"))
    made.chmod(0o755)
    hand_over(made)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def free_port() -> int:
    """Find a port on this machine that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str], *, log: Path, ready: Callable[[], bool], seconds: float = 15.0) -> Iterator[int]:
    """Run a server until the block ends; gives its process number. Raises DidNotStart."""
    who = account()
    as_whom = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with log.open("wb") as out:
        child = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd="/", **as_whom
        )
    try:
        _wait(child, ready, log, seconds)
        yield child.pid
    finally:
        _end(child)


def _wait(child: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None or time.monotonic() > until:
            said = log.read_bytes()[-2_000:].decode("utf-8", "replace")
            raise DidNotStart(f"{child.args!r} did not start (ended with {child.poll()}): {said}")
        time.sleep(0.05)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the server and all that it started; they share a session of their own."""
    for kind, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(child.pid, kind)
        except ProcessLookupError:
            break
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    child.wait()


def answers(port: int, *, begins: bytes = b"") -> bool:
    """Say whether something listens on a port and greets as expected."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as line:
            line.settimeout(1.0)
            return not begins or line.recv(200).startswith(begins)
    except OSError:
        return False
