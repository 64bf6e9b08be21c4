"""Dates are worked out anew: those of one council after its calendar changed, and all of them every night.

What the night finds different from what is written is mended, recorded on the council and told to its managers: nothing
should ever be found.

Example: after 4 December 2026 was closed, ``calendar.recompute`` moves five dates, each in a step of its own.
"""

from __future__ import annotations

import logging

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.casework import calendar
from redress.council import queries as council_queries
from redress.plumbing import later, moment

log = logging.getLogger(__name__)
BATCH = 200


class SomeLeft(Exception):
    """Some cases could not be worked out now; the job is tried again."""


@later.job(calendar.RECOMPUTE, tries=6, wait=15)
def recompute(*, council_id: int, why: str) -> None:
    """Work out every open case of a council whose dates differ; one that fails stops none of the others."""
    _changed, left = mend(council_id, why)
    if left:
        raise SomeLeft(f"{left} cases of council {council_id} could not be worked out.")


def mend(council_id: int, why: str) -> tuple[list[str], int]:
    """Work out the cases that differ, each in its own step; answers which changed, and how many could not be done."""
    by = Actor.timetable("Working days")
    changed: list[str] = []
    left = 0
    cases = case_queries.all_open(by, council_id)
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        differing = calendar.differences(part, moment.today())
        for case in part:
            if case.pk not in differing:
                continue
            try:
                calendar.recompute(case=case, why=why, by=by, at=moment.now())
                changed.append(case.reference)
            except calendar.NothingMoves:
                continue
            except Refusal as refusal:
                left += 1
                log.warning("%s was not worked out: %s", case.reference, refusal.sentence)
    return changed, left


@later.job("nightly.look", every="20 1 * * *", lock="nightly.look")
def look() -> None:
    """Compare every open case with what is written of it, mend what differs and report it."""
    by = Actor.timetable("Nightly")
    for council in council_queries.all_councils():
        looked_at = len(case_queries.all_open(by, council.pk))
        changed, _left = mend(council.pk, "Found by the nightly look at all dates")
        if changed:
            calendar.report(council=council, looked_at=looked_at, listed=changed, by=by, at=moment.now())
