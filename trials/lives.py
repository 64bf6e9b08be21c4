"""Histories by chance, for any procedure: such as a case could have, and such as only a damaged record holds."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from redress.rulebook import procedures
from redress.rulebook.editions import Edition
from redress.rulebook.happenings import AMOUNTS, GENERAL, KINDS, RANK, Happening

EDITIONS = [edition for code in procedures.codes() for edition in procedures.editions(code)]
WORDS: tuple[Any, ...] = (None, "", "x", -3, 0, 7, 5000, True, "2026-11-30", 1.5, [], {})


def orderly(chance: random.Random, edition: Edition) -> list[Happening]:
    """Make a case of a procedure as it could go: what its stages know, mostly in order, with extensions and waits."""
    kinds = sorted(edition.kinds & set(KINDS), key=RANK.__getitem__)
    endings = {kind for stage in edition.stages for kind in (*stage.ended_by, *stage.ended_in_time_by)}
    # Seldom an end, so that what lies between is tried too; then as far as the case has come.
    chosen = [kind for kind in kinds if chance.random() < (0.06 if kind in endings else 0.6)]
    chosen = chosen[: chance.randrange(1, len(kinds) + 2)]
    opener = edition.stages[0].opened_by
    if opener not in chosen and chance.random() < 0.8:
        chosen.insert(0, opener)
    for rule in edition.clocks:
        if rule.extension is not None and chance.random() < 0.4:
            chosen.insert(chance.randrange(len(chosen) + 1), f"extended:{rule.name}")
        if rule.agreed is not None and chance.random() < 0.4:
            chosen.insert(chance.randrange(len(chosen) + 1), f"date-agreed:{rule.name}")
    day = max(date(2024, 4, 1), edition.in_force_from) + timedelta(days=chance.randrange(1500))
    history: list[Happening] = []
    for place, named in enumerate(chosen, 1):
        kind, _, clock = named.partition(":")
        history.append(_one(chance, edition, kind, clock, day, place))
        day += timedelta(days=chance.choice((0, 0, 1, 2, 5, 12, 31)))
    return history


def _one(chance: random.Random, edition: Edition, kind: str, clock: str, day: date, place: int) -> Happening:
    data: dict[str, Any] = {}
    if kind == "extended":
        rule = edition.clock(clock).extension
        assert rule is not None
        data = {"clock": clock, AMOUNTS[rule.unit]: chance.randrange(1, rule.cap + 4), "reason": "the records are away"}
    elif kind == "date-agreed":
        data = {"clock": clock, "until": (day + timedelta(days=chance.randrange(1, 300))).isoformat()}
    elif any(rule.stated and kind in rule.starts_with for rule in edition.clocks) and chance.random() < 0.5:
        data = {"by": (day + timedelta(days=chance.randrange(1, 40))).isoformat()}
    at = datetime(day.year, day.month, day.day, chance.randrange(24), 30)  # noqa: DTZ001 - London time, as recorded
    if kind == "aware" or chance.random() < 0.2:
        return Happening(kind, at=at, seq=place, id=place, data=data)
    return Happening(kind, on=day, seq=place, id=place, data=data)


def wild(chance: random.Random, edition: Edition) -> list[Happening]:
    """Make what only a damaged record holds."""
    return [anything(chance, edition, place) for place in range(chance.randrange(10))]


def anything(chance: random.Random, edition: Edition, place: int) -> Happening:
    """Make something that a database could hold, sensible or not."""
    clocks = [rule.name for rule in edition.clocks]
    names = ["clock", "working_days", "months", "days", "told_on", "reason", "external", "by", "until", "received_on"]
    data = {name: chance.choice((*WORDS, *clocks)) for name in chance.sample(names, chance.randrange(5))}
    at = chance.choice((None, datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)))  # noqa: DTZ001
    likely = sorted(edition.kinds | GENERAL)
    kind = chance.choice([*likely, *likely, *KINDS, "paused", "nonsense"])
    return Happening(
        kind, on=chance.choice((None, some_day(chance), some_day(chance))), at=at, seq=place, data=data, id=place,
        replaces=chance.choice((None, None, chance.randrange(10))),
    )  # fmt: skip


def some_day(chance: random.Random) -> date:
    """Choose a day of the years that are tried."""
    return date(2024, 4, 1) + timedelta(days=chance.randrange(1900))
