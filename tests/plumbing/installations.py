"""Installations for tests of the command: one is migrated once, and copied for whoever needs one of their own."""

import os
import subprocess
import sys
from pathlib import Path

from redress.plumbing.home import Home
from redress.server import mark

PATIENT_SECONDS = 300  # on a machine that does other things besides


def environment(variables: dict[str, str]) -> dict[str, str]:
    """Return what a person's shell has, without the settings of any installation but these."""
    gone = ("DATABASE_URL", "PORT", "MAKELEVEL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_") and name not in gone}
    return {**kept, **variables}


def command(*words: str) -> list[str]:
    """Return the command as a list of arguments."""
    return [sys.executable, "-m", "redress.server.cli", *words]


def redress(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a folder of data and return what came of it."""
    return subprocess.run(
        command(*words),
        env=environment({"REDRESS_HOME": str(home), **more}),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENT_SECONDS,
    )


def make(folder: Path) -> Home:
    """Make a real installation without cases: a demonstration takes its time."""
    home = Home(folder)
    mark.write_file(home, "real")
    done = redress(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return home


def copy(home: Home, to: Path) -> Home:
    """Copy an installation that does not run, accounts and all."""
    subprocess.run(["cp", "-a", str(home.path), str(to)], check=True)
    return Home(to)
