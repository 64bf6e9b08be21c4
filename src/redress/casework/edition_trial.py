"""If this edition had held, which past cases would have been due when, and how many late?

The cases of the last twelve months are read twice: under the edition that they have, and under the one that is tried.
What was done stays as it was done; nobody knows how the office would have worked towards other dates.

Example: ``run(council, edition, today=today, viewer=by).late_under``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from redress.access.actor import Actor
from redress.cases import clocks
from redress.cases.models import Case
from redress.council import queries as council_queries
from redress.council.models import Council
from redress.rulebook import clock
from redress.rulebook.counting import months_on
from redress.rulebook.editions import Edition
from redress.rulebook.readings import Reading

MOST = 500
"""Cases that are tried, the newest first."""

MONTHS = 12
"""How far back cases are taken, in calendar months."""


@dataclass(frozen=True)
class Tried:
    """A date of one case: as it was, and as it would have been."""

    case: Case
    then: Reading | None
    under: Reading | None

    @property
    def title(self) -> str:
        """Give the title of the clock."""
        one = self.then or self.under
        return one.title if one is not None else ""

    @property
    def due_then(self) -> date | None:
        """Give the date due under the edition that the case has."""
        return self.then.due if self.then is not None else None

    @property
    def due_under(self) -> date | None:
        """Give the date due under the edition that is tried."""
        return self.under.due if self.under is not None else None

    @property
    def done_on(self) -> date | None:
        """Give the day on which it was done."""
        one = self.then or self.under
        return one.met_on if one is not None else None

    @property
    def late_then(self) -> bool:
        """Whether it is late under the edition that the case has."""
        return self.then is not None and self.then.is_late

    @property
    def late_under(self) -> bool:
        """Whether it would be late under the edition that is tried."""
        return self.under is not None and self.under.is_late

    @property
    def differs(self) -> bool:
        """Whether anything would have been different."""
        return self.due_then != self.due_under or self.late_then != self.late_under


@dataclass(frozen=True)
class Count:
    """How often a clock ran in the cases, and how often it was and would have been late."""

    title: str
    ran: int
    late_then: int
    late_under: int


@dataclass(frozen=True)
class Trial:
    """What came of trying an edition: the cases, the counts for each clock, and every date that would differ."""

    since: date
    cases: int
    all_cases: int
    counts: tuple[Count, ...]
    rows: tuple[Tried, ...]
    late_then: int
    late_under: int

    @property
    def newly_late(self) -> tuple[Tried, ...]:
        """List the dates that were met and would have been missed."""
        return tuple(row for row in self.rows if row.late_under and not row.late_then)


def run(council: Council, edition: Edition, *, today: date, viewer: Actor) -> Trial:
    """Try an edition on the council's complaints of the last twelve months that the viewer may see. Records nothing."""
    since = months_on(today, -MONTHS)[0]
    found = Case.objects.visible_to(viewer).filter(
        council=council,
        procedure=edition.procedure,
        kind=Case.Kind.COMPLAINT,
        received_on__gte=since,
        received_on__lte=today,
    )
    cases = list(found.select_related("council", "complainant").order_by("-received_on", "-pk")[:MOST])
    known = clocks.facts_of(cases)
    calendars = council_queries.Calendars()
    # A calendar of its own: what was counted for other words of the same draft is not taken from memory.
    calendar = replace(calendars.of(council, edition.working_days.calendar))
    settings = clocks.settings_of(council)
    # Tried as if it had held for as long as the cases go back: they were received before it takes effect.
    held = edition.model_copy(update={"in_force_from": since})
    pairs: list[Tried] = []
    for one in cases:
        then = clocks.readings(one, today, known=known[one.pk], calendars=calendars)
        under = clock.read(held, known[one.pk], calendar, today=today, settings=settings)
        pairs += _pairs(one, then, under)
    return Trial(
        since=since,
        cases=len(cases),
        all_cases=len(cases) if len(cases) < MOST else found.count(),
        counts=tuple(_counts(edition, pairs)),
        rows=tuple(row for row in pairs if row.differs),
        late_then=len({row.case.pk for row in pairs if row.late_then}),
        late_under=len({row.case.pk for row in pairs if row.late_under}),
    )


def _pairs(one: Case, then: Mapping[str, Reading], under: Mapping[str, Reading]) -> list[Tried]:
    """Put the two readings of each of the council's own clocks side by side, where either ran."""
    found = []
    for name in dict.fromkeys([*then, *under]):
        before, after = then.get(name), under.get(name)
        ran = [each for each in (before, after) if each is not None and (each.state != "not-started" or each.due)]
        if ran and not any(
            each.is_advice or (each.rule is not None and each.rule.owed_by != "council") for each in ran
        ):
            found.append(Tried(one, before, after))
    return found


def _counts(edition: Edition, pairs: list[Tried]) -> list[Count]:
    found = []
    for rule in edition.clocks:
        mine = [row for row in pairs if (row.under or row.then) and _name(row) == rule.name]
        if mine:
            late_then, late_under = (sum(row.late_then for row in mine), sum(row.late_under for row in mine))
            found.append(Count(rule.title, len(mine), late_then, late_under))
    return found


def _name(row: Tried) -> str:
    one = row.under or row.then
    return one.name if one is not None else ""
