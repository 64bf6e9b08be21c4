"""If that day is no working day after all, which dates move, and which don't?

A bank holiday proclaimed later counts wherever a calendar knows its part of the United Kingdom; a council's closure
counts where its setting and the edition let it. The page shows first what would move. On confirming, a job works out
anew the cases whose clocks count across that day, each in a step of its own.

Example: ``preview([council], Day(on=date(2026, 12, 4), reason="Electrical works"), today, by)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.cases import clocks
from redress.cases import queries as case_queries
from redress.cases.models import Case
from redress.casework import wording
from redress.correspondence import queries_letters
from redress.correspondence.models import Letter
from redress.council import changes, queries
from redress.council import events as council_events
from redress.council.models import BankHoliday, Closure, Council
from redress.plumbing import later, text
from redress.rulebook import dates
from redress.rulebook.calendar import CONSULTS, DIVISIONS, WorkingCalendar
from redress.rulebook.editions import Edition
from redress.rulebook.readings import Reading

RECOMPUTE = "calendar.recompute"
ENGLAND_AND_WALES = ("england-and-wales",)


class NoReason(Refusal):
    """The reason is shown wherever a date is explained, so it can't be empty."""

    do = "Write in a few words why the day is not a working day."
    field = "reason"


class NotAWorkingDay(Refusal):
    """That day is not a working day as it is."""

    do = "Choose a day from Monday to Friday that is not a bank holiday or a closure already."
    field = "on"


class NowhereInTheKingdom(Refusal):
    """A bank holiday is one of England and Wales, of Scotland, of Northern Ireland, or of several."""

    do = "Choose for which part of the United Kingdom it was proclaimed."
    field = "of"


class NotThere(Refusal):
    """This day is a working day again already."""


@dataclass(frozen=True)
class Day:
    """A day that would no longer be a working day, and why; a bank holiday says in which parts of the kingdom."""

    on: date
    reason: str
    bank_holiday: bool = False
    divisions: tuple[str, ...] = ENGLAND_AND_WALES

    @property
    def where(self) -> str:
        """Say in which parts of the United Kingdom a bank holiday would be."""
        return dates.joined(DIVISIONS[name] for name in self.divisions)

    def counts_in(self, edition: Edition, council: Council) -> bool:
        """Say whether the day would be a day off in the calendar by which this edition counts."""
        if self.bank_holiday:
            return counts_by(edition, self.divisions)
        return council.closures_count and edition.working_days.closures == "council-setting"


def counts_by(edition: Edition, divisions: Sequence[str]) -> bool:
    """Say whether an edition counts by a calendar that knows the bank holidays of one of these divisions."""
    return not set(CONSULTS[edition.working_days.calendar]).isdisjoint(divisions)


@dataclass(frozen=True)
class Move:
    """A date that would move, and the letters that gave it."""

    case: Case
    clock: str
    title: str
    before: Reading
    after: Reading
    letters: tuple[Letter, ...] = ()

    @property
    def told(self) -> date | None:
        """The date that the person was told in a letter, if they were."""
        return self.before.due if self.letters else None

    @property
    def passed(self) -> bool:
        """Whether the date has passed already, and would not have."""
        return self.before.state == "missed" and self.after.state != "missed"


@dataclass(frozen=True)
class Stay:
    """Cases whose dates would not move, how many, and why."""

    count: int
    what: str
    why: str


@dataclass(frozen=True)
class Preview:
    """What would follow: the dates that move, those that don't and why, of so many open cases."""

    day: Day
    councils: tuple[Council, ...]
    moves: tuple[Move, ...]
    stays: tuple[Stay, ...]
    total: int
    refusal: Refusal | None = None

    @property
    def passed(self) -> int:
        """How many of the dates have passed already and would then have been met."""
        return sum(move.passed for move in self.moves)


def with_day(calendar: WorkingCalendar, day: Day, council: Council) -> WorkingCalendar:
    """Give a council's calendar with one more day off; a closure counts only where the council lets it.

    A bank holiday counts only in a calendar that knows its part of the United Kingdom; elsewhere it is named.
    """
    if not day.bank_holiday:
        return calendar.with_closures({**calendar.closures, day.on: day.reason}) if council.closures_count else calendar
    consulted = CONSULTS[calendar.name]
    if set(consulted).isdisjoint(day.divisions):
        return replace(calendar, elsewhere={**calendar.elsewhere, day.on: f"{day.reason}, {day.where}"})
    named = len(consulted) == 1 or len(day.divisions) == len(DIVISIONS)
    said = day.reason if named else f"{day.reason}, {day.where}"
    return replace(calendar, holidays={day.on: said, **calendar.holidays})


def why_not(councils: Sequence[Council], day: Day) -> Refusal | None:
    """Say why a day can't be added, or None."""
    if not day.reason.strip():
        return NoReason()
    if day.bank_holiday:
        return _why_no_bank_holiday(day)
    for council in councils:
        known = queries.calendar_for(council)
        closed = {closure.on for closure in queries.all_closures(council)}
        reason = known.why_not(day.on) or ("a closure" if day.on in closed else None)
        if reason:
            return NotAWorkingDay(
                f"{dates.say(day.on)} is not a working day of {council.short_name} as it is: {reason}."
            )
    return None


def _why_no_bank_holiday(day: Day) -> Refusal | None:
    if day.on.weekday() >= 5:
        return NotAWorkingDay(f"{dates.say(day.on)} is not a working day as it is.")
    known = queries.bank_holidays_known()
    if any(day.on not in known[name] for name in day.divisions):
        return None
    names = dates.joined(dict.fromkeys(known[name][day.on] for name in day.divisions))
    return NotAWorkingDay(f"{dates.say(day.on)} is a bank holiday in {day.where} already: {names}.")


def preview(councils: Sequence[Council], day: Day, today: date, viewer: Actor) -> Preview:
    """Work out which dates of the open cases would move and which would not, and why. Records nothing.

    Only cases with a clock that counts across the day are read; how many others there are is counted by the database.
    """
    moves: list[Move] = []
    stays: list[Stay] = []
    total = 0
    calendars = queries.Calendars()
    for council in councils:
        by_edition = case_queries.open_by_edition(viewer, council.pk)
        total += sum(number for _edition, number in by_edition)
        found = _moves(council, day, today, viewer, calendars)
        moves += found
        stays += _why_they_stay(council, by_edition, {move.case.pk: move.case.edition for move in found}, day)
    moves.sort(key=lambda move: (move.before.due or date.max, move.case.reference))
    stays += _others(councils, day, viewer)
    return Preview(day, tuple(councils), tuple(moves), tuple(stays), total, why_not(councils, day))


def _moves(council: Council, day: Day, today: date, viewer: Actor, calendars: queries.Calendars) -> list[Move]:
    cases = case_queries.touched_by(viewer, council.pk, [day.on], lambda edition: day.counts_in(edition, council))
    known = clocks.facts_of(cases)
    afterwards: dict[str, WorkingCalendar] = {}
    found: list[Move] = []
    for one in cases:
        before = clocks.calendar_of(one, calendars)
        if before.name not in afterwards:
            afterwards[before.name] = with_day(before, day, council)
        now = clocks.readings(one, today, known=known[one.pk], calendar=before)
        then = clocks.readings(one, today, known=known[one.pk], calendar=afterwards[before.name])
        found += [
            Move(one, name, reading.title, reading, then[name])
            for name, reading in now.items()
            if reading.is_open and not reading.is_advice and name in then and reading.due != then[name].due
        ]
    return _with_letters(found, viewer)


def _with_letters(moves: list[Move], viewer: Actor) -> list[Move]:
    """Add to each move the letters that gave its date: one search for each date, not for each case."""
    by_date: dict[date, set[int]] = {}
    for move in moves:
        if move.before.due is not None:
            by_date.setdefault(move.before.due, set()).add(move.case.pk)
    found: dict[tuple[int, date], list[Letter]] = {}
    for due, cases in by_date.items():
        for letter in queries_letters.giving(viewer, due, cases):
            found.setdefault((letter.case_id, due), []).append(letter)
    return [
        replace(move, letters=tuple(found.get((move.case.pk, move.before.due), ()))) if move.before.due else move
        for move in moves
    ]


def _why_they_stay(
    council: Council, by_edition: Sequence[tuple[Edition | None, int]], moved: Mapping[int, str], day: Day
) -> list[Stay]:
    if not by_edition:
        return []
    if not day.bank_holiday and not council.closures_count:
        why = f"{council.short_name}’s setting counts closures as working days"
        return [Stay(sum(number for _edition, number in by_edition), f"{council.short_name} cases", why)]
    found: list[Stay] = []
    for edition, number in by_edition:
        left = number - sum(one == edition.id for one in moved.values()) if edition is not None else number
        if not left:
            continue
        if edition is None:
            why = "Their edition is not held any more, so they can’t be read"
            found.append(Stay(left, f"{council.short_name} cases", why))
            continue
        what = f"{council.short_name} cases under {edition.title}"
        if day.counts_in(edition, council):
            why = f"Nothing of them is counted across {dates.plain(day.on)}"
        elif day.bank_holiday:
            parts = dates.joined(DIVISIONS[name] for name in CONSULTS[edition.working_days.calendar])
            why = f"They go by the bank holidays of {parts}, where it stays a working day"
        else:
            why = "That edition counts closures as working days"
        found.append(Stay(left, what, why))
    return found


def _others(councils: Sequence[Council], day: Day, viewer: Actor) -> list[Stay]:
    if day.bank_holiday:
        return []
    chosen = {council.pk for council in councils}
    return [
        Stay(number, f"{other.short_name} cases", "The closure is another council’s")
        for other in queries.councils(viewer)
        if other.pk not in chosen and (number := case_queries.all_open_rows(viewer, other.pk).count())
    ]


@step(needs=Permission.CALENDAR_CHANGE, on="councils")
def close_day(*, councils: list[Council], on: date, reason: str, by: Actor, at: datetime) -> int:
    """Add a day of closure for one council or several; their cases are worked out anew by a job.

    Answers for how many councils. Raises ``NoReason`` and ``NotAWorkingDay``.
    """
    reason = text.one_line(wording.words(reason, "reason"))[:200]
    refusal = why_not(councils, Day(on=on, reason=reason))
    if refusal is not None:
        raise refusal
    for council in councils:
        changes.add_closure(council=council, on=on, reason=reason)
        trail.note(council_events.CLOSURE_ADDED, on=council, detail={"reason": reason}, ids={"on": on.isoformat()})
        queue(council, f"{dates.say(on)} is a closure: {reason}", on=on)
    return len(councils)


@step(needs=Permission.CALENDAR_CHANGE, on="council")
def open_day(*, council: Council, closure: Closure, by: Actor, at: datetime) -> Council:
    """Take a day of closure back; the dates that it moved move back. Raises ``NotThere``."""
    row = Closure.objects.filter(pk=closure.pk).first()
    if row is None:
        raise NotThere
    if row.council_id != council.pk:
        raise NotVisible
    trail.note(
        council_events.CLOSURE_REMOVED, on=council, detail={"reason": row.reason}, ids={"on": row.on.isoformat()}
    )
    queue(council, f"{dates.say(row.on)} is a working day again", on=row.on)
    changes.remove_closure(closure=row)
    return council


@step(needs=Permission.CALENDAR_CHANGE, on="councils")
def add_bank_holiday(
    *,
    councils: list[Council],
    on: date,
    name: str,
    source: str,
    by: Actor,
    at: datetime,
    divisions: tuple[str, ...] = ENGLAND_AND_WALES,
) -> int:
    """Add a bank holiday that was proclaimed after the packaged list was made; it counts for every council.

    ``councils`` are all that there are; ``divisions`` say for which parts of the United Kingdom. Answers in how many of
    these it was not known yet. Raises ``NoReason``, ``NotAWorkingDay`` and ``NowhereInTheKingdom``.
    """
    name = text.one_line(wording.words(name, "reason"))[:120]
    if not divisions or set(divisions) - set(DIVISIONS):
        raise NowhereInTheKingdom
    day = Day(on=on, reason=name, bank_holiday=True, divisions=tuple(one for one in DIVISIONS if one in divisions))
    refusal = why_not(councils, day)
    if refusal is not None:
        raise refusal
    source = text.one_line(wording.words(source, "source"))[:300] or "Proclaimed"
    known = queries.bank_holidays_known()
    new = tuple(one for one in day.divisions if on not in known[one])
    for division in new:
        changes.add_bank_holiday(on=on, division=division, name=name, source=source)
    where = dates.joined(DIVISIONS[one] for one in new)
    for council in councils:
        note_bank_holiday(council, on, new, name, f"{dates.say(on)} is a bank holiday in {where}: {name}")
    return len(new)


@step(needs=Permission.CALENDAR_CHANGE, on="councils")
def take_back_bank_holiday(*, councils: list[Council], holiday: BankHoliday, by: Actor, at: datetime) -> int:
    """Take back a bank holiday that was added by mistake; the dates that it moved move back. Raises ``NotThere``.

    ``councils`` are all that there are. Answers how many there are.
    """
    row = BankHoliday.objects.filter(pk=holiday.pk).first()
    if row is None:
        raise NotThere
    why = f"{dates.say(row.on)} is no bank holiday in {DIVISIONS[row.division]} after all"
    for council in councils:
        ids = {"on": row.on.isoformat(), "divisions": [row.division]}
        trail.note(council_events.BANK_HOLIDAY_REMOVED, on=council, detail={"name": row.name}, ids=ids)
        queue(council, why, on=row.on, divisions=(row.division,))
    changes.remove_bank_holiday(holiday=row)
    return len(councils)


def note_bank_holiday(council: Council, on: date, divisions: Sequence[str], name: str, why: str) -> None:
    """Write on a council's record that a bank holiday was added, and have its touched cases worked out."""
    trail.note(
        council_events.BANK_HOLIDAY_ADDED,
        on=council,
        detail={"name": name},
        ids={"on": on.isoformat(), "divisions": list(divisions)},
    )
    queue(council, why, on=on, divisions=divisions)


def queue(council: Council, why: str, *, on: date, divisions: Sequence[str] = ()) -> None:
    """Queue the job that works out the cases of a council that a day touches; one at a time for each council.

    ``divisions`` are the parts of the kingdom of a bank holiday; without any the day is a closure.
    """
    later.queue(
        RECOMPUTE,
        lock=f"calendar:{council.pk}",
        council_id=council.pk,
        why=why,
        on=on.isoformat(),
        divisions=list(divisions),
    )
