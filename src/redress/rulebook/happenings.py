"""What has happened in a case, as the clocks see it: dated facts, corrections, and an order within each day.

Example: `Happening("acknowledged", on=date(2026, 11, 24), seq=2)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from redress.rulebook import dates

# In the natural order of a day: where two stand on one day with the same `seq`, the earlier here comes first.
KINDS: dict[str, str] = {
    "received": "The complaint reached any part of the council.",
    "turned-into-complaint": "What had been treated as a service request goes on as a complaint.",
    "accepted": "It was accepted as a complaint.",
    "acknowledged": "The acknowledgement went out.",
    "clarification-asked": "Something was asked of the person. The clock keeps running.",
    "clarification-answered": "The person answered what was asked. The clock keeps running.",
    "extended": "More time was taken and the person was told.",
    "responded": "The Stage 1 response went out.",
    "escalated": "The person asked for Stage 2.",
    "escalation-acknowledged": "The request for Stage 2 was acknowledged.",
    "escalation-refused": "The request for Stage 2 was refused.",
    "escalation-responded": "The Stage 2 response went out.",
    "refused": "The complaint was not taken on; the refusal letter went out.",
    "treated-as-request": "It was treated as a service request.",
    "referred-elsewhere": "It belongs elsewhere and was passed on.",
    "merged": "It became part of another case.",
    "withdrawn": "The person withdrew it.",
    "abandoned": "It could not go on, because the person could not be reached.",
    "closed": "The case, or the stage, was closed.",
    "reopened": "What had been closed goes on.",
    "recorded-in-error": "The happening that this one replaces never took place.",
}
RANK = {kind: place for place, kind in enumerate(KINDS)}

REVIVING = frozenset({"reopened", "turned-into-complaint"})
PAUSING = frozenset({"paused", "resumed", "clock-stopped", "clock-started"})


@dataclass(frozen=True)
class Happening:
    """A dated fact about a case.

    `on` is the day when it was true, or `at` the instant; a naive instant is London time. Where both stand, `on` rules.
    `seq` orders the happenings of one day. `replaces` names the `id` of the happening that this one corrects.
    """

    kind: str
    on: date | None = None
    at: datetime | None = None
    seq: int = 0
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    id: object = None
    replaces: object = None

    @property
    def day(self) -> date | None:
        """Give the day in London on which it was true, or None when it carries no date."""
        if self.on is not None:
            return self.on
        if self.at is None:
            return None
        try:
            return dates.london_day(self.at)
        except (OverflowError, ValueError):
            return None

    @property
    def told_on(self) -> date | None:
        """Give the day on which the person was told of an extension, where it is recorded."""
        return _as_day(self.data.get("told_on"))

    @property
    def received_on(self) -> date | None:
        """Give the day on which the dissatisfaction reached the council, where a request became a complaint."""
        return _as_day(self.data.get("received_on")) or self.day

    @property
    def working_days(self) -> int | None:
        """Give the working days of an extension, or None when they are missing or not a positive whole number."""
        value = self.data.get("working_days")
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _as_day(value: object) -> date | None:
    """Read a day that stands in a happening's data, as a date or as its text; None for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return dates.london_day(value)
    return value if isinstance(value, date) else None


@dataclass(frozen=True)
class History:
    """Happenings in order, after corrections, with what is wrong about them as a set."""

    dated: tuple[Happening, ...]
    undated: tuple[Happening, ...]
    cautions: tuple[str, ...] = ()
    circular: bool = False

    def all(self, kind: str) -> tuple[Happening, ...]:
        """List the dated happenings of a kind, the earliest first."""
        return tuple(happening for happening in self.dated if happening.kind == kind)

    def first(self, kind: str) -> Happening | None:
        """Give the earliest happening of a kind."""
        return next((happening for happening in self.dated if happening.kind == kind), None)

    def lacks_date(self, kind: str) -> bool:
        """Say whether a happening of this kind has no date, and none with a date stands beside it."""
        return self.first(kind) is None and any(happening.kind == kind for happening in self.undated)


def day_of(happening: Happening) -> date:
    """Give the day of a happening that is known to have one; ValueError otherwise."""
    day = happening.day
    if day is None:
        raise ValueError(f"{happening.kind} has no date")
    return day


def settle(happenings: Iterable[Happening]) -> History:
    """Apply corrections and put what remains in order of day, `seq` and the natural order of a day.

    A correction takes the place within its day of what it corrects. Corrections in a circle are reported, not raised.
    """
    every = list(happenings)
    by_id = {happening.id: happening for happening in every if happening.id is not None}
    replaced = {happening.replaces for happening in every if happening.replaces is not None}
    cautions: list[str] = []
    circular = False
    standing: list[tuple[int, Happening]] = []
    for index, happening in enumerate(every):
        if happening.replaces is not None and happening.replaces not in by_id:
            cautions.append(f"A correction ({happening.kind}) replaces something that is not in the record.")
        seq, circle = _place(happening, by_id)
        circular = circular or circle
        if happening.id is not None and happening.id in replaced:
            continue
        if happening.kind == "recorded-in-error":
            continue
        if happening.kind not in KINDS:
            cautions.append(f"“{happening.kind}” is not a happening that these clocks know; it was left out.")
            continue
        standing.append((index, happening if seq == happening.seq else _with_seq(happening, seq)))
    if circular:
        cautions.append("Corrections replace one another in a circle.")
    dated = [(index, happening) for index, happening in standing if happening.day is not None]
    dated.sort(key=lambda pair: (day_of(pair[1]), pair[1].seq, RANK[pair[1].kind], pair[0]))
    return History(
        dated=tuple(happening for _, happening in dated),
        undated=tuple(happening for _, happening in standing if happening.day is None),
        cautions=tuple(dict.fromkeys(cautions)),
        circular=circular,
    )


def _place(happening: Happening, by_id: Mapping[object, Happening]) -> tuple[int, bool]:
    """Follow corrections back to the first, whose place within the day is kept; say whether they go in a circle."""
    seen = {id(happening)}
    here = happening
    while here.replaces is not None and here.replaces in by_id:
        here = by_id[here.replaces]
        if id(here) in seen:
            return happening.seq, True
        seen.add(id(here))
    return here.seq, False


def _with_seq(happening: Happening, seq: int) -> Happening:
    return Happening(
        kind=happening.kind,
        on=happening.on,
        at=happening.at,
        seq=seq,
        data=happening.data,
        id=happening.id,
        replaces=happening.replaces,
    )
