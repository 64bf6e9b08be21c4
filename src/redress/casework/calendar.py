"""If that day is no working day after all, which dates move, and which don't?

A bank holiday proclaimed later counts for every council; a council's closure counts where its setting and the edition
let it. The page shows first what would move. On confirming, a job works every case out anew, each in a step of its own.

Example: ``preview([council], Day(on=date(2026, 12, 4), reason="Electrical works", bank_holiday=False), today, by)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.cases import clocks, events
from redress.cases import queries as case_queries
from redress.cases.models import Case, Clock
from redress.casework import chasing, wording
from redress.council import changes, queries
from redress.council import events as council_events
from redress.council.models import BankHoliday, Closure, Council
from redress.plumbing import later, moment, text
from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.readings import Reading
from redress.staff import changes as staff_changes

RECOMPUTE = "calendar.recompute"
DIVISION = "england-and-wales"


class NoReason(Refusal):
    """The reason is shown wherever a date is explained, so it can't be empty."""

    do = "Write in a few words why the day is not a working day."
    field = "reason"


class NotAWorkingDay(Refusal):
    """That day is not a working day as it is."""

    do = "Choose a day from Monday to Friday that is not a bank holiday or a closure already."
    field = "on"


class NothingMoves(Refusal):
    """No date of this case moves."""


class NotThere(Refusal):
    """This day was opened again already."""


@dataclass(frozen=True)
class Day:
    """A day that would no longer be a working day, and why."""

    on: date
    reason: str
    bank_holiday: bool = False


@dataclass(frozen=True)
class Move:
    """A date that would move."""

    case: Case
    clock: str
    title: str
    before: Reading
    after: Reading
    told: date | None

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
    """Give a council's calendar with one more day off; a closure counts only where the council lets it."""
    if day.bank_holiday:
        return replace(calendar, holidays={**calendar.holidays, day.on: day.reason})
    if not council.closures_count:
        return calendar
    return calendar.with_closures({**calendar.closures, day.on: day.reason})


def why_not(councils: Sequence[Council], day: Day) -> Refusal | None:
    """Say why a day can't be added, or None."""
    if not day.reason.strip():
        return NoReason()
    for council in councils:
        known = queries.calendar_for(council)
        closed = {closure.on for closure in queries.all_closures(council)}
        reason = known.why_not(day.on) or ("a closure" if day.on in closed and not day.bank_holiday else None)
        if reason:
            return NotAWorkingDay(
                f"{dates.say(day.on)} is not a working day of {council.short_name} as it is: {reason}."
            )
    return None


def preview(councils: Sequence[Council], day: Day, today: date, viewer: Actor) -> Preview:
    """Work out which dates of the open cases would move and which would not, and why. Records nothing."""
    moves: list[Move] = []
    stays: list[Stay] = []
    total = 0
    for council in councils:
        cases = case_queries.all_open(viewer, council.pk)
        total += len(cases)
        found, still = _moves(council, cases, day, today)
        moves += found
        stays += _why_they_stay(council, still, day, today)
    moves.sort(key=lambda move: (move.before.due or date.max, move.case.reference))
    stays += _others(councils, day, viewer)
    return Preview(day, tuple(councils), tuple(moves), tuple(stays), total, why_not(councils, day))


def _moves(council: Council, cases: list[Case], day: Day, today: date) -> tuple[list[Move], list[Case]]:
    before = queries.calendar_for(council)
    after = with_day(before, day, council)
    known = clocks.facts_of(cases)
    found: list[Move] = []
    still: list[Case] = []
    for one in cases:
        now = clocks.readings(one, today, known=known[one.pk], calendar=before)
        then = clocks.readings(one, today, known=known[one.pk], calendar=after)
        moved = [
            Move(one, name, reading.title, reading, then[name], _told(one, reading))
            for name, reading in now.items()
            if reading.is_open and not reading.is_advice and name in then and reading.due != then[name].due
        ]
        found += moved
        if not moved:
            still.append(one)
    return found, still


def _told(one: Case, reading: Reading) -> date | None:
    """Give the date that the person was told: the acknowledgement and the letter of an extension name it."""
    told = reading.acknowledged_on is not None and not reading.name.endswith("-acknowledgement")
    return reading.due if told else None


def _why_they_stay(council: Council, cases: list[Case], day: Day, today: date) -> list[Stay]:
    if not cases:
        return []
    if not day.bank_holiday and not council.closures_count:
        why = f"{council.short_name}’s setting counts closures as working days"
        return [Stay(len(cases), f"{council.short_name} cases", why)]
    found: list[Stay] = []
    by_edition: dict[str, list[Case]] = {}
    for one in cases:
        by_edition.setdefault(one.edition, []).append(one)
    for rows in by_edition.values():
        edition = clocks.edition_of(rows[0])
        what = f"{council.short_name} cases under {edition.title}"
        if not day.bank_holiday and edition.working_days.closures != "council-setting":
            found.append(Stay(len(rows), what, "That edition counts closures as working days"))
        else:
            found.append(Stay(len(rows), what, f"Nothing of them is counted across {dates.plain(day.on)}"))
    return found


def _others(councils: Sequence[Council], day: Day, viewer: Actor) -> list[Stay]:
    chosen = {council.pk for council in councils}
    return [
        Stay(len(rows), f"{other.short_name} cases", "The closure is another council’s")
        for other in queries.councils(viewer)
        if not day.bank_holiday and other.pk not in chosen and (rows := case_queries.all_open(viewer, other.pk))
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
        queue(council, f"{dates.say(on)} is a closure: {reason}")
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
    queue(council, f"{dates.say(row.on)} is a working day again")
    changes.remove_closure(closure=row)
    return council


@step(needs=Permission.CALENDAR_CHANGE, on="councils")
def add_bank_holiday(
    *, councils: list[Council], on: date, name: str, source: str, by: Actor, at: datetime
) -> BankHoliday:
    """Add a bank holiday of England and Wales that was proclaimed after the packaged list; it counts for every council.

    ``councils`` are all that there are. Raises ``NoReason`` and ``NotAWorkingDay``.
    """
    name = text.one_line(wording.words(name, "reason"))[:120]
    refusal = why_not(councils, Day(on=on, reason=name, bank_holiday=True))
    if refusal is not None:
        raise refusal
    source = text.one_line(wording.words(source, "source"))[:300] or "Proclaimed"
    made = changes.add_bank_holiday(on=on, division=DIVISION, name=name, source=source)
    for council in councils:
        trail.note(council_events.BANK_HOLIDAY_ADDED, on=council, detail={"name": name}, ids={"on": on.isoformat()})
        queue(council, f"{dates.say(on)} is a bank holiday: {name}")
    return made


def queue(council: Council, why: str) -> None:
    """Queue the job that works the cases of a council out anew; one at a time for each council."""
    later.queue(RECOMPUTE, lock=f"calendar:{council.pk}", council_id=council.pk, why=why)


@dataclass(frozen=True)
class Difference:
    """What is written of a clock, and what it would be if it were worked out now."""

    case: Case
    clock: str
    title: str
    written: date | None
    found: date | None
    what: str = field(default="")


def differences(cases: list[Case], today: date) -> dict[int, list[Difference]]:
    """Compare what is written of the clocks of these cases with what is worked out now, by case. Records nothing."""
    calendars = case_queries.calendars_of(case.council for case in cases)
    known, rows = clocks.facts_of(cases), clocks.rows_of(cases)
    found: dict[int, list[Difference]] = {}
    for one in cases:
        now = clocks.readings(one, today, known=known[one.pk], calendar=calendars[one.council_id])
        listed = _differences(one, now, rows[one.pk])
        if listed:
            found[one.pk] = listed
    return found


def _differences(one: Case, now: Mapping[str, Reading], written: Mapping[str, Clock]) -> list[Difference]:
    found: list[Difference] = []
    for name, reading in now.items():
        if reading.is_advice or reading.state == "not-started":
            continue
        row = written.get(name)
        if row is None:
            found.append(Difference(one, name, reading.title, None, reading.due, "was not written"))
        elif row.due_on != reading.due:
            found.append(Difference(one, name, reading.title, row.due_on, reading.due, "is due on another day"))
        elif row.met_on != reading.met_on:
            found.append(Difference(one, name, reading.title, row.due_on, reading.due, "was done on another day"))
    gone = [name for name in written if name not in now or now[name].state == "not-started"]
    found += [Difference(one, name, name, written[name].due_on, None, "runs no longer") for name in gone]
    return found


@step(needs=Permission.TIMETABLE_RECOMPUTE, on="case")
def recompute(*, case: Case, why: str, by: Actor, at: datetime) -> Case:
    """Work the clocks of one case out anew because the calendar changed; the holder is told which dates moved.

    Raises ``NothingMoves``, which leaves everything as it was.
    """
    today = moment.local(at).date()
    before = {row.name: row.due_on for row in Clock.objects.filter(case=case)}
    listed = differences([case], today).get(case.pk, [])
    if not listed:
        raise NothingMoves
    moved = clocks.work_out(case, today=today, at=at)
    for one in moved:
        trail.note(
            events.CLOCK_MOVED,
            on=case,
            detail={"why": why},
            ids={"clock": one.name, "was": _iso(before.get(one.name)), "now": _iso(one.after)},
        )
    if not moved:
        trail.note(
            events.CLOCK_MOVED, on=case, detail={"why": why}, ids={"clock": listed[0].clock, "was": None, "now": None}
        )
    if case.holder is not None and moved:
        _tell_holder(case, moved, listed, why, by, at)
    return case


def _tell_holder(
    case: Case, moved: list[clocks.Moved], listed: list[Difference], why: str, by: Actor, at: datetime
) -> None:
    titles = {one.clock: one.title for one in listed}
    said = "; ".join(
        f"{titles.get(one.name, one.name)} moved from {dates.say(one.before)} to {dates.say(one.after)}"
        for one in moved
        if one.before is not None and one.after is not None
    )
    assert case.holder is not None
    staff_changes.tell(
        council=case.council,
        officer=case.holder,
        kind="date-moved",
        once=f"moved:{case.pk}:{at.timestamp()}",
        case_reference=case.reference,
        text=f"{case.reference}: {said}. {why}. If the person was told the earlier date, keep it or write to them.",
        by=by,
        at=at,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@step(needs=Permission.TIMETABLE_RECOMPUTE, on="council")
def report(*, council: Council, looked_at: int, listed: list[str], by: Actor, at: datetime) -> int:
    """Record what the nightly look at the clocks found different, and tell the managers once a day."""
    day = moment.local(at).date()
    trail.note(
        council_events.CLOCKS_DIFFERED,
        on=council,
        ids={"looked_at": looked_at, "cases": listed[:100], "count": len(listed)},
    )
    shown = dates.joined(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
    return chasing.notify(
        council=council,
        people=chasing.managers(council, day),
        kind="clocks-differed",
        once_key=f"nightly:{council.pk}:{day.isoformat()}",
        text=f"The nightly look at {looked_at} open cases of {council.short_name} found and mended dates of {shown}.",
        by=by,
        at=at,
    )
