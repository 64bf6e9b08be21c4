"""How often does each page ask the database? Recorded in query_budget.json, and compared by a test.

    cd tests && ../.venv/bin/python -m pytest sweeps/test_query_budget.py --record-queries

records the budget anew; the change then stands in the commit, where somebody asks why.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("query_budget.json")
SPARE = 2
"""Queries that a page may ask more than was recorded: what is in the cache differs from run to run."""


def recorded() -> dict[str, int]:
    """Give how often each page asked when it was last recorded."""
    found: dict[str, int] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found


def record(counts: dict[str, int]) -> None:
    """Write the budget down."""
    FILE.write_text(json.dumps(dict(sorted(counts.items())), indent=1) + "\n", "utf-8")
