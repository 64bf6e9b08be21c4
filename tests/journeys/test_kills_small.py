"""Does the main job survive six random kills of its processes? ``make trials`` does a hundred."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from servers.needs import needs

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trials import kills
from trials.people import Promised
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


def letter(**more: Any) -> dict[str, Any]:
    """Give what the trial hears of a letter."""
    return {
        "pk": 7,
        "state": "dispatched",
        "id": "r-1@n.example",
        "case": "NMR-1",
        "kind": "other",
        "words": "",
        **more,
    }


def test_what_is_lost_or_doubled_is_found() -> None:
    promised = Promised(token="k", emails={"Bins 1": 1}, forms={"The noise": "NMR-1"}, written={"We look"})
    whole = {"messages": ["Bins 1"], "letters": [], "portal_mails": [], "notes": [], "receipts_unread": 0}
    assert kills._moving(whole, promised) == []
    assert "not there" in kills._moving({**whole, "messages": []}, promised)[0]
    assert "attempting" in kills._moving({**whole, "letters": [letter(state="attempting")]}, promised)[0]
    assert kills._cases(promised, [["NMR-1", "The noise"]]) == []
    assert "promised as NMR-1" in kills._cases(promised, [])[0]
    assert "is 2 cases" in kills._cases(promised, [["NMR-1", "The noise"], ["NMR-2", "The noise"]])[0]
    assert kills._twice(Counter({"r-1@n.example": 1, "x@mail.example": 2})) == []
    assert kills._twice(Counter({"r-1@n.example": 2})) == ["r-1@n.example was sent 2 times"]


def test_letters_that_went_unseen_or_hide_are_found() -> None:
    promised = Promised(token="k", written={"We look"})
    gone = Counter({"r-1@n.example": 1})
    assert kills._letters(promised, [letter(words="We look")], gone) == []
    assert "went 0 times" in kills._letters(promised, [letter(words="We look")], Counter())[0]
    assert "went 1 times" in kills._letters(promised, [letter(words="We look", state="failed")], gone)[0]
    assert "is 0 letters" in kills._letters(promised, [letter()], gone)[0]
    twice = [letter(kind="acknowledgement", words="We look"), letter(kind="acknowledgement")]
    assert "acknowledged 2 times" in kills._letters(promised, twice, gone)[0]
    page = '<a href="/desk/post/7/settle/">Say what became of it</a>'
    assert kills._hidden([letter(state="unclear")], page) == []
    assert kills._hidden([letter(state="unclear", pk=8)], page) == ["letter 8 (unclear) is not shown"]
