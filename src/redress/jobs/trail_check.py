"""When is the whole trail checked? Every night, and somebody is told when it does not verify.

Example: at 1:40am 9,120 entries and 288 seals are looked through; a fault is told to managers and auditors.
"""

from __future__ import annotations

import logging

from redress.access import trail
from redress.access.actor import Actor
from redress.casework import trail_check
from redress.plumbing import later, moment

log = logging.getLogger(__name__)


@later.job("trail.check", every="40 1 * * *", lock="trail.check")
def check() -> None:
    """Check the whole trail and record what was found."""
    report = trail.examine()
    faults = [fault.sentence for fault in report.faults]
    if faults:
        log.error("The trail does not verify: %s", faults[0])
    trail_check.record(
        entries=report.entries,
        seals=report.seals,
        faults=faults,
        by=Actor.timetable("Trail"),
        at=moment.now(),
    )
