"""Do five hundred random histories of the long count hold? ``make trials`` tries a hundred thousand."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trials import histories


def test_random_histories_never_raise_and_always_add_up():
    told = histories.try_some(seed=2, first=0, end=500)
    assert told.wrong == []
    assert told.counts["histories"] == 500
    # Of every kind enough that the trial says something.
    for state in ("met", "missed", "unclear", "running"):
        assert told.counts[f"readings_{state}"] >= 10, told.counts


def test_a_history_depends_on_the_seed_and_its_number_alone():
    one, two = (histories.try_some(seed=2, first=40, end=60) for _ in range(2))
    assert one == two
    assert histories.try_some(seed=3, first=40, end=60).counts != one.counts


def test_a_clock_that_contradicts_itself_is_found(monkeypatch):
    """Count one day too many for a date that its reasons explain: the trial must tell."""
    from dataclasses import replace
    from datetime import timedelta

    read = histories.clock.read

    def wrong(*given, **named):
        readings = read(*given, **named)
        return {name: replace(one, due=one.due and one.due + timedelta(days=1)) for name, one in readings.items()}

    monkeypatch.setattr(histories.clock, "read", wrong)
    assert any("its reasons say" in one for one in histories.try_some(seed=2, first=0, end=40).wrong)
