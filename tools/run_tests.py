"""Runs every check and test, folder by folder, and says how long each took and what was not run: `make test`.

    python tools/run_tests.py                      # everything
    python tools/run_tests.py rulebook records     # only these folders, no checks
    python tools/run_tests.py --checks-only        # lint, format, types, imports, migrations

REDRESS_TEST_DATABASE_URL makes the folders use that server. REDRESS_REQUIRE_ALL=1 turns a test that could not be run,
because Chromium or Dovecot is missing, into a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

# In the order of their speed, so that a plain mistake shows early; two processes, and how the tests are shared out
# between them: a file at a time, or test by test where one file takes much longer than the others.
FOLDERS = {
    "rulebook": "worksteal",
    "plumbing": "worksteal",
    "records": "loadfile",
    "casework": "loadfile",
    "doors": "worksteal",
    "sweeps": "loadfile",
    "journeys": "loadfile",
}
CHECKS = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "imports": [str(BIN / "lint-imports")],
    "templates": [str(BIN / "djlint"), "src", "--lint", "--quiet"],
    "migrations": [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "types": [str(BIN / "mypy")],
}


@dataclass
class Outcome:
    """How one check or folder went."""

    name: str
    seconds: float
    ok: bool
    passed: int = 0
    failed: int = 0
    not_run: int = 0


def main() -> int:
    """Run what the arguments ask for, print the table, and return the exit status."""
    asked = [word for word in sys.argv[1:] if not word.startswith("-")]
    unknown = [word for word in asked if not (PROJECT / "tests" / word).exists()]
    if unknown:
        print(f"There is no folder tests/{unknown[0]}.", file=sys.stderr)
        return 2
    outcomes: list[Outcome] = []
    if not asked:
        outcomes += [check(name) for name in CHECKS]
    if "--checks-only" not in sys.argv:
        outcomes += [folder(name) for name in (asked or FOLDERS)]
    return summary(outcomes)


def check(name: str) -> Outcome:
    """Run one check."""
    headline(name)
    with tempfile.TemporaryDirectory() as nothing:
        own = {"REDRESS_HOME": nothing, "DJANGO_SETTINGS_MODULE": "redress.server.settings"}
        started = time.monotonic()
        done = subprocess.run(CHECKS[name], cwd=PROJECT, env={**plain_environment(), **own}, check=False)
    return Outcome(name, time.monotonic() - started, done.returncode == 0)


def folder(name: str) -> Outcome:
    """Run the tests of one folder."""
    headline(f"tests/{name}")
    spread = ["-n", "2", "--dist", FOLDERS[name]] if name in FOLDERS else []
    with tempfile.TemporaryDirectory() as private:
        report = Path(private) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"tests/{name}", "-q", f"--junitxml={report}", *spread]
        started = time.monotonic()
        done = subprocess.run(command, cwd=PROJECT, env=plain_environment(), check=False)
        seconds = time.monotonic() - started
        outcome = Outcome(name, seconds, done.returncode == 0)
        if report.exists():
            for suite in ET.parse(report).getroot().iter("testsuite"):
                count = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
                outcome.failed += count["failures"] + count["errors"]
                outcome.not_run += count["skipped"]
                outcome.passed += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    if done.returncode == 5:
        print(f"tests/{name} holds no test, so it proves nothing.", flush=True)
    return outcome


def plain_environment() -> dict[str, str]:
    """Return the environment without the settings of an installation, which tests must not see."""
    kept = ("REDRESS_TEST_HOME", "REDRESS_TEST_NAME", "REDRESS_TEST_DATABASE_URL", "REDRESS_REQUIRE_ALL")
    gone = ("DATABASE_URL", "PORT", "MAKEFLAGS", "MAKELEVEL")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or not (name.startswith("REDRESS_") or name in gone)
    }


def headline(name: str) -> None:
    """Say what comes next."""
    print(f"\n── {name} " + "─" * max(0, 100 - len(name)), flush=True)


def summary(outcomes: list[Outcome]) -> int:
    """Print the table, the counts and the verdict, and return the exit status."""
    headline("summary")
    for one in outcomes:
        counts = f"{one.passed:>6} passed" if one.passed or one.failed or one.not_run else ""
        counts += f", {one.failed} failed" if one.failed else ""
        counts += f", {one.not_run} not run" if one.not_run else ""
        print(f"{'ok    ' if one.ok else 'FAILED'} {one.name:<12} {one.seconds:>6.1f} s {counts}")
    passed, failed, not_run = (sum(getattr(one, key) for one in outcomes) for key in ("passed", "failed", "not_run"))
    wrong = [one.name for one in outcomes if not one.ok]
    if not_run and os.environ.get("REDRESS_REQUIRE_ALL") == "1":
        wrong.append("not everything was run")
    print(f"{'':<6} {'in all':<12} {sum(one.seconds for one in outcomes):>6.1f} s")
    print(f"\n{'FAILED: ' + ', '.join(wrong) if wrong else 'All is well.'}")
    print(f"{passed} passed, {failed} failed, {not_run} skipped")
    print(f"Not run: {not_run} tests." if not_run else "Not run: none; every test was run.", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
