"""Dates are worked out anew: those that a changed day touches, and all of them every night.

What the night finds different from what is written is mended, recorded on the council and told to its managers: nothing
should ever be found.

Example: after 4 December 2026 was closed, ``recompute`` reads the cases that count across it and moves five dates, each
in a step of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.cases import queries as case_queries
from redress.cases.queries import Case
from redress.casework import calendar, recomputing
from redress.council import queries as council_queries
from redress.plumbing import later, moment

log = logging.getLogger(__name__)
BATCH = 200


class SomeLeft(Exception):
    """Some cases could not be worked out now; the job is tried again."""


@later.job(calendar.RECOMPUTE, tries=6, wait=15)
def recompute(*, council_id: int, why: str, on: str = "", divisions: Sequence[str] = ()) -> None:
    """Work out the cases of a council that a changed day touches; one that fails stops none of the others."""
    by = Actor.timetable("Working days")
    if on:
        cases = recomputing.touched(council_id, date.fromisoformat(on), divisions, by)
    else:
        cases = case_queries.all_open(by, council_id)
    _changed, left = mend(cases, why)
    if left:
        raise SomeLeft(f"{left} cases of council {council_id} could not be worked out.")


def mend(cases: list[Case], why: str) -> tuple[list[str], int]:
    """Work out those of the cases that differ, each in its own step; answers which changed and how many were left."""
    by = Actor.timetable("Working days")
    changed: list[str] = []
    left = 0
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        differing = recomputing.differences(part, moment.today())
        for case in part:
            if case.pk not in differing:
                continue
            try:
                recomputing.recompute(case=case, why=why, by=by, at=moment.now())
                changed.append(case.reference)
            except recomputing.NothingMoves:
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
        cases = case_queries.all_open(by, council.pk)
        changed, _left = mend(cases, "Found by the nightly look at all dates")
        if changed:
            recomputing.report(council=council, looked_at=len(cases), listed=changed, by=by, at=moment.now())
