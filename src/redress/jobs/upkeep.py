"""What keeps the queue itself in order? Jobs of dead workers are put back, and old finished ones are cleared away.

Example: a worker is killed while it sends a letter; within a minute the job is taken up again by another, which asks
first what became of the letter.
"""

import logging

from redress.plumbing import later

SILENT_SECONDS = 30.0
KEPT_HOURS = 72

log = logging.getLogger(__name__)


@later.job("upkeep.put_back", every="* * * * *")
def put_back() -> None:
    """Put back what a dead worker left, every minute."""
    again, given_up = later.put_back_stalled(silent_for=SILENT_SECONDS)
    if again or given_up:
        log.warning("Put back %d jobs of workers that died; gave up %d after too many tries.", again, given_up)


@later.job("upkeep.forget_finished", every="17 * * * *")
def forget_finished() -> None:
    """Clear away jobs that finished three days ago, every hour."""
    later.forget_finished(hours=KEPT_HOURS)
