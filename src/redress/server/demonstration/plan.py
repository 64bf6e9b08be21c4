"""How many invented cases of each kind are there, when did each come and how far did it get?

Example: ``lives("northmere", 120, chance)`` is about 120 lives, the oldest first, so that references count up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from redress.server.demonstration.lives import Life
from redress.server.demonstration.matters import BANK, Matter

OF = 240
"""The number of cases for which the shares below are meant."""


@dataclass(frozen=True)
class Share:
    """So many cases of the whole that get so far, and how many working days ago they came."""

    way: str
    many: int
    newest: int
    oldest: int
    late: int = 0
    outcome: str = "mixed"


SHARES: tuple[Share, ...] = (
    # To be decided, acknowledged or given to somebody.
    Share("portal", 7, 0, 3),
    Share("not-acknowledged", 8, 0, 4),
    Share("not-acknowledged", 3, 6, 11),
    Share("not-allocated", 6, 2, 5),
    Share("not-started", 6, 3, 7),
    # Being looked into: critically late, late, due soon, not due.
    Share("in-work", 5, 20, 29),
    Share("in-work", 6, 13, 16),
    Share("in-work", 8, 9, 11),
    Share("in-work", 10, 3, 7),
    Share("waiting", 7, 4, 10),
    Share("extended", 5, 11, 15),
    # Being answered.
    Share("draft", 7, 8, 12),
    Share("returned", 3, 10, 13),
    Share("with-checker", 6, 9, 13),
    Share("passed", 3, 10, 13),
    Share("released", 4, 11, 14),
    # Answered, with something still to be done.
    Share("promises-open", 12, 14, 24),
    Share("promises-late", 5, 34, 60, late=2),
    Share("request", 6, 2, 18),
    Share("stage-2-asked", 3, 20, 26),
    Share("stage-2-open", 5, 28, 36),
    Share("stage-2-open", 1, 52, 56),
    Share("stage-2-draft", 3, 38, 44),
    # Done.
    Share("closed", 14, 40, 370, outcome="upheld"),
    Share("closed", 26, 40, 370),
    Share("closed", 12, 40, 370, outcome="not-upheld"),
    Share("closed", 10, 40, 370, late=4),
    Share("closed-extended", 6, 45, 370),
    Share("withdrawn", 5, 20, 300),
    Share("resolved", 7, 12, 300),
    Share("abandoned", 2, 60, 300),
    Share("refused", 4, 10, 300),
    Share("request-reviewed", 9, 22, 300),
    Share("compliment", 9, 1, 300),
    Share("comment", 6, 1, 300),
    Share("stage-2-closed", 12, 75, 370),
)

HOLDERS = ("Asha Mehta", "Rob Teale", "Meera Shah", "Asha Mehta", "Rob Teale", "Meera Shah", "Tom Ashdown")
CHANNELS = ("email", "email", "portal", "telephone", "email", "letter", "portal", "email", "visit")


def lives(code: str, count: int, chance: random.Random) -> list[Life]:
    """Plan about so many lives for a council, the oldest first."""
    planned: list[tuple[Share, int]] = []
    for share in SHARES:
        exact = share.many * count / OF
        many = int(exact) + (chance.random() < exact - int(exact))
        planned += [(share, chance.randint(share.newest, share.oldest)) for _ in range(many)]
    planned.sort(key=lambda one: (-one[1], one[0].way))
    start = 0 if code == "northmere" else len(BANK) // 2
    matters = [BANK[(start + place * 11) % len(BANK)] for place in range(len(planned))]
    return [
        _life(code, share, days_ago, matters[place], place + 1, chance)
        for place, (share, days_ago) in enumerate(planned)
    ]


def _life(code: str, share: Share, days_ago: int, matter: Matter, number: int, chance: random.Random) -> Life:
    holder = chance.choice(HOLDERS if matter.category != "Conduct of staff" else HOLDERS[:6])
    if code == "eastvale" and number % 6 == 0 and not share.way.startswith("stage-2"):
        holder = "Ben Carter"
    if share.way.startswith("stage-2") and holder == "Tom Ashdown":
        holder = "Meera Shah"
    represented = ""
    if number % 11 == 4:
        represented = "asked" if number % 2 else "authority"
    if share.way == "waiting":
        matter = BANK[number % 4]  # the head of waste, who can sign in, has something to answer
    channel = "letter" if share.way == "released" else chance.choice(CHANNELS)
    return Life(
        way=share.way,
        days_ago=days_ago,
        matter=matter,
        number=number,
        channel=channel,
        holder=holder,
        outcome=share.outcome,
        represented=represented if channel == "email" or share.way in ("closed", "in-work", "draft") else "",
        adjusted=number % 6 == 1,
        late=share.late,
    )
