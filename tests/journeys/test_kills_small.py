"""Does the main job survive six random kills of its processes? ``make trials`` does a hundred."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from servers.needs import needs

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trials import kills
from trials.progress import Progress

pytestmark = [pytest.mark.slow]


@needs("dovecot")
def test_six_random_kills_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    progress = Progress("kills", seed=4, count=6, folder=tmp_path)
    assert kills.run(progress), progress.findings
    assert progress.done == 6
    assert progress.counts["emails"] >= 3 and progress.counts["forms"] >= 1, progress.counts
    resumed = Progress("kills", seed=4, count=6, folder=tmp_path)
    assert resumed.counts == progress.counts and list(resumed.left()) == []
