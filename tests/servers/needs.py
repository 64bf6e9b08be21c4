"""What can't this test do without, and what happens where it is missing?

``@needs("dovecot")`` on a test: where Dovecot is missing the test is *not run*, the last lines say so and count it.
With REDRESS_REQUIRE_ALL=1 it is a failure instead. This is the only way in which a test may be left out.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from servers.processes import program

_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "dovecot": ("dovecot",),
    "clamd": ("clamd",),
    "poppler": ("pdftotext",),
    "postgres15": ("/usr/lib/postgresql/15/bin/postgres", "/usr/lib/postgresql/16/bin/postgres"),
}

_BESIDE = Path(__file__).resolve().parents[3] / "shared"


def available(part: str) -> bool:
    """Say whether a part is on this machine; raises KeyError for one that nobody knows."""
    if part == "shared":
        # Real messages that lie beside the project where it is developed and checked, not in its own repository.
        return (_BESIDE / "mail").is_dir()
    if part == "worked examples":
        return (_BESIDE / "rules" / "deadline-examples.jsonl").is_file()
    return any(program(name) is not None for name in _PROGRAMS[part])


def needs(*parts: str) -> pytest.MarkDecorator:
    """Mark a test with what it can't do without."""
    for part in parts:
        available(part)
    return pytest.mark.needs(*parts)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out, or fail it, where a part is missing."""
    missing = [part for mark in item.iter_markers("needs") for part in mark.args if not available(part)]
    if not missing:
        return
    named = " and ".join(sorted(set(missing)))
    if os.environ.get("REDRESS_REQUIRE_ALL") == "1":
        pytest.fail(f"{named} is not here, and REDRESS_REQUIRE_ALL=1 wants every test run.", pytrace=False)
    pytest.skip(f"not run: {named} is not here")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run, last."""
    reports = terminalreporter.stats.get("skipped", [])
    left_out = Counter(
        str(report.longrepr[2]).partition("not run: ")[2]
        for report in reports
        if isinstance(report.longrepr, tuple) and "not run: " in str(report.longrepr[2])
    )
    for why, count in sorted(left_out.items()):
        terminalreporter.write_line(f"NOT RUN: {count} {'test' if count == 1 else 'tests'}, because {why}.")
