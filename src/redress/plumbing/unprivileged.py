"""Under which account does a program run that refuses to be run by root?

PostgreSQL won't start as root. Started by an ordinary account, Redress runs it as that account. Started by root (a
container, a build machine), it runs it as `nobody`, or as the account named by REDRESS_DATABASE_ACCOUNT, and hands
over the data folder alone. Nothing is added to the machine and no other folder's permissions are changed: where the
account can't pass a folder above (an installation under root's own home), the child keeps the single right to pass
through and read (CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE in containers that lack the former).

    account = unprivileged.account(None)
    subprocess.Popen(["postgres", ...], preexec_fn=unprivileged.become(account, paths=[data]))
"""

import contextlib
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522

# Loaded before any fork: a child between fork and exec must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """An account of the operating system that a child process takes on."""

    name: str
    uid: int
    gid: int


class NoSuchAccount(Exception):
    """The account named for the database does not exist on this machine."""


class OutOfReach(Exception):
    """The account can't reach a folder that it needs."""


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Rights(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def account(name: str | None) -> Account | None:
    """Return the account for programs that refuse root, or None when this process is not root's."""
    if os.geteuid() != 0:
        return None
    wanted = name or "nobody"
    try:
        found = pwd.getpwnam(wanted)
    except KeyError:
        raise NoSuchAccount(f"There is no account “{wanted}” on this machine to run the database under.") from None
    if found.pw_uid == 0:
        raise NoSuchAccount(f"PostgreSQL won't run as “{wanted}”, because that is root; name an ordinary account.")
    return Account(name=wanted, uid=found.pw_uid, gid=found.pw_gid)


def hand_over(path: Path, to: Account | None) -> None:
    """Give a file or folder of ours to the account; nothing happens when no change of account is needed."""
    if to is not None:
        os.chown(path, to.uid, to.gid, follow_symlinks=False)


def can_pass(to: Account, path: Path) -> bool:
    """Tell whether the account may pass every folder above a path."""
    for folder in path.resolve().parents:
        with contextlib.suppress(FileNotFoundError):
            seen = folder.stat()
            shift = 6 if seen.st_uid == to.uid else 3 if seen.st_gid == to.gid else 0
            if not (seen.st_mode >> shift) & 1:
                return False
    return True


def become(
    to: Account | None, *, paths: Iterable[Path] = (), dies_with_parent: signal.Signals | None = None
) -> Callable[[], None]:
    """Return what a child does between fork and exec: change account, and on Linux ask to die with its parent.

    Raises OutOfReach when the account can't reach one of the paths and the kernel can't help.
    """
    right: int | None = None
    if to is not None:
        blocked = next((path for path in paths if not can_pass(to, path)), None)
        if blocked is not None:
            right = _spare_right()
            if right is None:
                raise OutOfReach(
                    f"The account “{to.name}”, which runs the database, can't reach {blocked}; "
                    "put REDRESS_HOME in a folder that every account may pass, or don't run Redress as root."
                )
    parent = os.getpid()
    linux = sys.platform == "linux"

    def in_child() -> None:
        if to is not None:
            if right is not None:
                _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setgid(to.gid)
            os.setuid(to.uid)
            if right is not None:
                _keep_only(right)
        if linux and dies_with_parent is not None:
            # After the change of account, which would clear it.
            _libc.prctl(_PR_SET_PDEATHSIG, int(dies_with_parent), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return in_child


def die_with_parent(with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to end this process when the one that started it ends; elsewhere than on Linux nothing happens."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


def _spare_right() -> int | None:
    """Return the smallest right that lets a child pass closed folders, of those that this process holds."""
    if sys.platform != "linux":
        return None
    header, rights = _Header(_CAPABILITY_VERSION_3, 0), (_Rights * 2)()
    if _libc.capget(ctypes.byref(header), rights) != 0:
        return None
    for right in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if rights[0].permitted & (1 << right):
            return right
    return None


def _keep_only(right: int) -> None:
    header, rights = _Header(_CAPABILITY_VERSION_3, 0), (_Rights * 2)()
    rights[0].effective = rights[0].permitted = rights[0].inheritable = 1 << right
    if _libc.capset(ctypes.byref(header), rights) != 0:
        os._exit(126)
    if _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, right, 0, 0) != 0:
        os._exit(126)
