"""A few hundred of the random histories that `make trials` tries by the hundred thousand."""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trials import histories
from trials.progress import Progress


def test_random_histories_never_raise_and_never_contradict_themselves():
    for number in range(400):
        wrong, _kinds = histories.try_one(random.Random(f"small:{number}"))
        assert wrong == []


def test_a_trial_goes_on_where_it_was_cut_off(tmp_path):
    first = Progress("histories", seed=3, count=30, folder=tmp_path)
    for number in first.left():
        if number == 10:
            break
    second = Progress("histories", seed=3, count=30, folder=tmp_path)
    assert list(second.left()) == list(range(10, 30))
    assert second.verdict()


def test_what_is_found_is_kept_and_makes_the_trial_fail(tmp_path):
    progress = Progress("histories", seed=4, count=2, folder=tmp_path)
    for _ in progress.left():
        progress.finding("something that must not be")
    again = Progress("histories", seed=4, count=2, folder=tmp_path)
    assert len(again.findings) == 2
    assert not again.verdict()
