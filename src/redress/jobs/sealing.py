"""When is the trail sealed? Every five minutes, so that at most five minutes could be rewritten without being found.

Example: at 10:05 the chains that grew since 10:00 are sealed; when none did, nothing is written.
"""

from redress.access import seals
from redress.plumbing import later, moment


@later.job("trail.seal", every="*/5 * * * *", lock="trail.seal")
def seal() -> None:
    """Seal what grew since the last seal."""
    seals.seal(at=moment.now())
