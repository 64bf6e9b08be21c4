"""What was on record at the end of a day, how did the clocks read then, and what was corrected since?

A correction never removes what it corrects, so that a decision can be judged by what was known when it was made. The
edition and the council's settings are those of today; the days off are put back to what the council knew on that day.

Example: ``believe(case, date(2026, 11, 20), today=today).now["stage-1-response"].due``. Records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from redress.access import trail
from redress.cases import clocks
from redress.cases.models import Case, Happening
from redress.council import events, queries
from redress.council.models import BankHoliday, Closure, Council
from redress.plumbing import moment
from redress.rulebook import dates
from redress.rulebook.happenings import believed
from redress.rulebook.lines import KIND_WORDS, NAMED
from redress.rulebook.readings import Reading


@dataclass(frozen=True)
class Correction:
    """An entry that replaces an earlier one: what stood there, what stands there now, by whom, when and why."""

    was: Happening
    row: Happening

    @property
    def recorded_on(self) -> date:
        """Give the day in London on which it was corrected."""
        return _recorded_on(self.row)

    @property
    def was_words(self) -> str:
        """Say what stood there: "Received on Friday 20 November 2026"."""
        return said(self.was)

    @property
    def now_words(self) -> str:
        """Say what stands there now, or that it never took place."""
        return said(self.row)


@dataclass(frozen=True)
class DayOff:
    """A day whose standing in the calendar changed: what it was said to be, by whom, and when that was recorded."""

    on: date
    name: str
    added: bool
    line: trail.Line

    @property
    def words(self) -> str:
        """Say what changed: "Friday 4 December 2026 is no working day any more: Electrical works"."""
        if self.added:
            return f"{dates.say(self.on)} is no working day any more" + (f": {self.name}" if self.name else "")
        return f"{dates.say(self.on)} is a working day again"


@dataclass(frozen=True)
class Belief:
    """How the clocks were read at the end of a day, and how they are read now, with everything recorded in between."""

    day: date
    on_record: tuple[Happening, ...]
    then: Mapping[str, Reading]
    now: Mapping[str, Reading]
    corrections: tuple[Correction, ...]
    since: tuple[Happening, ...]
    days_off: tuple[DayOff, ...]

    @property
    def corrected_since(self) -> tuple[Correction, ...]:
        """List the corrections that nobody knew of on that day."""
        return tuple(one for one in self.corrections if one.recorded_on > self.day)

    @property
    def added(self) -> tuple[Happening, ...]:
        """List what was recorded after that day and corrects nothing."""
        return tuple(row for row in self.since if row.replaces_id is None)

    @property
    def names(self) -> tuple[str, ...]:
        """List the clocks that had started by either reading, in the edition's order."""
        return tuple(
            name
            for name, reading in self.now.items()
            if not reading.is_advice
            and (reading.state != "not-started" or self.then.get(name, reading).state != "not-started")
        )


def believe(case: Case, day: date, *, today: date) -> Belief:
    """Read the clocks of a case as they were believed at the end of a day, beside how they are believed today.

    Of what was on record then the newest correction counts, as it does today. A day after today gives what is believed
    now; a day before anything was recorded gives no clocks.
    """
    rows = clocks.happenings_of(case)
    known = clocks.facts_from(rows)
    calendar = clocks.calendar_of(case)
    on_record = tuple(row for row in rows if _recorded_on(row) <= day)
    days_off = _days_off_since(case.council, day)
    then: Mapping[str, Reading] = {}
    if on_record:
        name = clocks.edition_of(case).working_days.calendar
        days_then = _calendars_then(case.council, days_off).of(case.council, name) if days_off else calendar
        then = clocks.readings(case, day, known=list(believed(known, day)), calendar=days_then)
    return Belief(
        day=day,
        on_record=on_record,
        then=then,
        now=clocks.readings(case, today, known=known, calendar=calendar),
        corrections=corrections_among(rows),
        since=tuple(row for row in rows if _recorded_on(row) > day),
        days_off=days_off,
    )


def corrections_among(rows: Sequence[Happening]) -> tuple[Correction, ...]:
    """List the corrections among the happenings of a case, in the order in which they were made."""
    by_id = {row.pk: row for row in rows}
    found = [Correction(by_id[row.replaces_id], row) for row in rows if row.replaces_id in by_id]
    return tuple(sorted(found, key=lambda one: (one.row.recorded_at, one.row.pk)))


def recorded_days(rows: Sequence[Happening]) -> dict[date, list[Happening]]:
    """Give the days on which something was recorded, the earliest first, with what."""
    found: dict[date, list[Happening]] = {}
    for row in sorted(rows, key=lambda one: (one.recorded_at, one.pk)):
        found.setdefault(_recorded_on(row), []).append(row)
    return found


def said(row: Happening) -> str:
    """Say a happening with its day: "Received on Friday 20 November 2026"."""
    if row.kind == "recorded-in-error":
        return "It never took place"
    return f"{NAMED.get(row.kind, KIND_WORDS(row.kind))} on {dates.say(row.on)}"


def _recorded_on(row: Happening) -> date:
    return moment.local(row.recorded_at).date()


_CHANGES = {
    events.CLOSURE_ADDED.name: True,
    events.CLOSURE_REMOVED.name: False,
    events.BANK_HOLIDAY_ADDED.name: True,
    events.BANK_HOLIDAY_REMOVED.name: False,
}
_OF_CLOSURES = frozenset({events.CLOSURE_ADDED.name, events.CLOSURE_REMOVED.name})


def _days_off_since(council: Council, day: date) -> tuple[DayOff, ...]:
    """List what changed in the council's calendar after a day, in order, by the trail."""
    return tuple(
        DayOff(
            on=date.fromisoformat(str(line.ids["on"])),
            name=str(line.detail.get("reason") or line.detail.get("name") or ""),
            added=_CHANGES[line.kind],
            line=line,
        )
        for line in trail.read(council, kinds=list(_CHANGES))
        if moment.local(line.at).date() > day and line.ids.get("on")
    )


def _calendars_then(council: Council, changed: Sequence[DayOff]) -> queries.Calendars:
    """Give the calendars as they were before these changes: each is undone, the newest first."""
    holidays = {(row.division, row.on): row.name for row in BankHoliday.objects.order_by("on", "division")}
    closed = {}
    if council.closures_count:
        closed = {row.on: row.reason for row in Closure.objects.filter(council=council).order_by("on")}
    for one in reversed(changed):
        if one.line.kind in _OF_CLOSURES:
            if one.added:
                closed.pop(one.on, None)
            elif council.closures_count:
                closed[one.on] = one.name or "Closed"
            continue
        for division in one.line.ids["divisions"]:
            if one.added:
                holidays.pop((division, one.on), None)
            else:
                holidays[division, one.on] = one.name or "Bank holiday"
    return queries.calendars_with(council, holidays, closed)
