"""An edition made ready for the fold: for each clock, which happenings it hears and what each of them does.

Made once for each edition that is read, so that reading a million clocks asks no question twice.
"""

from __future__ import annotations

from datetime import date
from itertools import count

from redress.rulebook.counting import Measure
from redress.rulebook.editions import ClockRule, Disregard, Edition, Fresh, Restart, Stage
from redress.rulebook.happenings import GENERAL
from redress.rulebook.lines import AWAY
from redress.rulebook.readings import Reason

_SERIAL = count(1)


class Plan:
    """One clock made ready: the sets of happenings that open, change and end it."""

    __slots__ = (
        "agreed",
        "begins_again",
        "changing",
        "cite",
        "conventions",
        "disregards",
        "edition_id",
        "enders",
        "ends",
        "finishes",
        "first_force",
        "fresh",
        "hears",
        "key",
        "limiting",
        "limiting_cite",
        "limiting_done",
        "limiting_measure",
        "measure",
        "opener",
        "plain_start",
        "ready",
        "restarts",
        "resumes",
        "rule",
        "shapes",
        "stage",
        "starts",
        "static",
    )

    def __init__(self, made: Ready, rule: ClockRule) -> None:
        edition = made.edition
        self.rule = rule
        self.ready = made
        self.edition_id = edition.id
        self.first_force: date = edition.in_force_from
        self.conventions = _conventions(edition)
        # A number of its own: two drafts may carry one id, and what is kept of a count outlives the plan.
        self.key = next(_SERIAL)
        self.shapes: dict[tuple[str, ...], tuple[int, int, int] | None] = {}
        self.stage: Stage = edition.stage(rule.stage)
        self.limiting = edition.clock(rule.bounded_by) if rule.bounded_by is not None else None
        self.starts = frozenset(rule.starts_with)
        self.limiting_cite = self.limiting.authority.cite if self.limiting is not None else ""
        self.limiting_done = self.limiting.words.done if self.limiting is not None else ""
        self.limiting_measure = _measure(self.limiting) if self.limiting is not None else None
        self.opener = frozenset((self.stage.opened_by,)) if self.limiting is not None else self.starts
        self.ends = frozenset((rule.ends_with, *rule.also_ends_with))
        self.enders = frozenset((*self.stage.ended_by, *self.stage.ended_in_time_by)) - self.ends
        self.restarts: dict[str, Restart] = {one.asked_with: one for one in rule.restarts}
        self.resumes: dict[str, Restart] = {one.answered_with: one for one in rule.restarts}
        self.disregards: dict[str, Disregard] = {one.begins_with: one for one in rule.disregards}
        self.finishes: dict[str, Disregard] = {one.finishes_with: one for one in rule.disregards}
        self.fresh: dict[str, Fresh] = {one.begins_with: one for one in rule.fresh}
        self.agreed = rule.agreed
        changing = {*self.restarts, *self.resumes, *self.disregards, *self.finishes, *self.fresh}
        changing |= {"extended"} if rule.extension is not None else set()
        changing |= {"date-agreed"} if rule.agreed is not None else set()
        self.changing = frozenset(changing)
        self.hears = self.opener | self.starts | self.ends | (self.changing - {"extended", "date-agreed"})
        self.begins_again = frozenset((*self.stage.restarts_after, *(self.ends if rule.repeats else ())))
        self.measure = _measure(rule)
        self.cite = rule.authority.cite
        # Whether the fold may take the short way: nothing about the start has to be thought about.
        self.plain_start = (
            rule.unit != "hours" and not rule.stated and rule.cautious is None and rule.owed_by == "council"
        )
        self.static = _static(rule)

    def shape(self, kinds: tuple[str, ...]) -> tuple[int, int, int] | None:
        """Say which happening of a history starts the clock, which acknowledges and which ends it, -1 for none.

        None where the history isn't plain: something changes or ends the count, begins it again, or can't be.
        """
        try:
            return self.shapes[kinds]
        except KeyError:
            if len(self.shapes) > MOST_SHAPES:
                self.shapes.clear()
            found = self.shapes[kinds] = self._shape(kinds)
            return found

    def _shape(self, kinds: tuple[str, ...]) -> tuple[int, int, int] | None:
        if not self.plain_start or not self.ready.is_plain(kinds):
            return None
        start = next((place for place, kind in enumerate(kinds) if kind in self.opener), None)
        if start is None:
            return None
        acknowledged = met = -1
        for place, kind in enumerate(kinds[start + 1 :], start + 1):
            if kind in self.ends:
                # An answer that stands for the acknowledgement is said; the long way says it.
                if kind != self.rule.ends_with:
                    return None
                met = place
                break
            if kind in self.changing or kind in self.enders or kind in self.opener:
                return None
            if self.limiting is not None and acknowledged < 0 and kind in self.starts:
                acknowledged = place
        if self.limiting is not None and acknowledged < 0:
            return None
        if met < 0 and any(kind in self.ends for kind in kinds[:start]):
            return None
        return start, acknowledged, met


class Ready:
    """An edition made ready: its plans, and which order of happenings is plain enough to need no looking into."""

    __slots__ = ("bars", "edition", "needs", "plans", "special")

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.needs = needs(edition)
        self.bars: dict[str, frozenset[str]] = {}
        special = set(GENERAL) - {"received", "accepted", "clarification-asked", "clarification-answered"}
        for stage in edition.stages:
            special |= set(stage.ended_by) - {one.opened_by for one in edition.stages}
            if stage.acknowledged_by is not None:
                self.bars[stage.acknowledged_by] = frozenset((stage.answered_by,))
        self.special = frozenset(special)
        self.plans = {rule.name: Plan(self, rule) for rule in edition.clocks}

    def is_plain(self, kinds: tuple[str, ...]) -> bool:
        """Say whether a history holds nothing that could be wrong or that ends, extends or reopens anything."""
        seen: set[str] = set()
        needs, bars, special = self.needs, self.bars, self.special
        for kind in kinds:
            if kind in seen or kind in special:
                return False
            wanted = needs.get(kind)
            if wanted is None or (wanted and wanted.isdisjoint(seen)):
                return False
            if kind in bars and not bars[kind].isdisjoint(seen):
                return False
            seen.add(kind)
        return True


def needs(edition: Edition) -> dict[str, frozenset[str]]:
    """Say which happenings each happening of an edition needs before it (one of them), empty where it needs none."""
    found: dict[str, set[str]] = {kind: set() for kind in edition.kinds | GENERAL}
    openers = {stage.opened_by for stage in edition.stages}
    for stage in edition.stages:
        for kind in (stage.acknowledged_by, stage.answered_by):
            if kind is not None and kind not in openers:
                found[kind].add(stage.opened_by)
        for before, after in zip(stage.steps, stage.steps[1:], strict=False):
            found[after] = {before}
    for rule in edition.clocks:
        for restart in rule.restarts:
            found[restart.answered_with].add(restart.asked_with)
        for one in rule.disregards:
            found[one.finishes_with].add(one.begins_with)
    return {kind: frozenset(before) for kind, before in found.items()}


def _measure(rule: ClockRule) -> Measure | None:
    return Measure(rule.limit, rule.unit, rule.first_day, rule.roll) if rule.limit is not None else None


def _static(rule: ClockRule) -> tuple[Reason, ...]:
    """Make the line that stands under every reading of a clock whose number nobody has seen on the authority's page."""
    if rule.authority.confirmed != "K" or rule.limit is None:
        return ()
    return (Reason("caution", "doubt", rule.authority.cite, None, rule.limit, rule.unit),)


MOST_SHAPES = 2000
MOST_READY = 400


def _conventions(edition: Edition) -> tuple[Reason, Reason]:
    """Make the lines that say what counts as a working day: where closures count, and where they are left out."""
    days = edition.working_days
    if days.closures == "never":
        only = Reason("note", days.says, days.authority.cite)
        return only, only
    return (
        Reason("note", f"{days.says} Days on which the council is closed count.", days.authority.cite),
        Reason(
            "note",
            f"{days.says} Days on which the council is closed are left out, by its setting.",
            days.authority.cite,
        ),
    )


_READY: dict[int, Ready] = {}


def ready(edition: Edition) -> Ready:
    """Give an edition made ready; made once for each."""
    found = _READY.get(id(edition))
    if found is None or found.edition is not edition:
        if len(_READY) > MOST_READY:
            _READY.clear()
        found = _READY[id(edition)] = Ready(edition)
    return found


def away_why(disregard: Disregard) -> str:
    """Say why days don't count, in the form that `lines.passed_over` reads."""
    return AWAY + disregard.says.rstrip(".")
