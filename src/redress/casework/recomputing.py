"""The calendar changed: which cases count across that day, and what becomes of their dates?

Each case is worked out anew in a step of its own, by the fold that works out every date. What moved goes into the
trail; whoever has the case is told; letters that gave the earlier date are listed.

Example: ``recompute(case=case, why="Friday 4 December 2026 is a closure", by=timetable, at=at)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import clocks, events
from redress.cases import queries as case_queries
from redress.cases.models import Case, Clock
from redress.casework import calendar, chasing, old_dates
from redress.council import events as council_events
from redress.council import queries
from redress.council.models import Council
from redress.plumbing import moment, text
from redress.rulebook import dates
from redress.rulebook.editions import Edition
from redress.rulebook.readings import Reading
from redress.staff import changes as staff_changes


class NothingMoves(Refusal):
    """No date of this case moves."""


def touched(council_id: int, on: date, divisions: Sequence[str], by: Actor) -> list[Case]:
    """List the open cases of a council with a clock that counts across this day, chosen in SQL.

    Without divisions the day is a closure, of which only editions know that let the council choose.
    """

    def counts(edition: Edition) -> bool:
        return (
            calendar.counts_by(edition, divisions) if divisions else edition.working_days.closures == "council-setting"
        )

    return case_queries.touched_by(by, council_id, [on], counts)


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
    calendars = queries.Calendars()
    known, rows = clocks.facts_of(cases), clocks.rows_of(cases)
    found: dict[int, list[Difference]] = {}
    for one in cases:
        now = clocks.readings(one, today, known=known[one.pk], calendars=calendars)
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

    Letters that gave a date which has moved are listed on the case. Raises ``NothingMoves``, which leaves everything as
    it was.
    """
    today = moment.local(at).date()
    listed = differences([case], today).get(case.pk, [])
    if not listed:
        raise NothingMoves
    moved = clocks.work_out(case, today=today, at=at)
    running = set(Clock.objects.filter(case=case, open=True).values_list("name", flat=True))
    letters = 0
    for one in moved:
        gave = 0
        if one.name in running and one.before is not None:
            found = old_dates.moved(case=case, clock=one.name, before=one.before, after=one.after, by=by, at=at)
            gave = len(found)
        letters += gave
        trail.note(
            events.CLOCK_MOVED,
            on=case,
            detail={"why": why},
            ids={"clock": one.name, "was": _iso(one.before), "now": _iso(one.after), "letters": gave},
        )
    if not moved:
        trail.note(
            events.CLOCK_MOVED, on=case, detail={"why": why}, ids={"clock": listed[0].clock, "was": None, "now": None}
        )
    owed = [one for one in moved if one.name in running]
    if case.holder is not None and owed:
        _tell_holder(case, owed, letters, why, by, at)
    return case


def _tell_holder(case: Case, moved: list[clocks.Moved], letters: int, why: str, by: Actor, at: datetime) -> None:
    """Tell whoever has the case, or covers for the holder, what moved and which letters gave the earlier date."""
    edition = clocks.edition_of(case)
    said = "; ".join(
        f"{edition.clock(one.name).title} moved from {dates.say(one.before)} to {dates.say(one.after)}"
        for one in moved
        if one.before is not None and one.after is not None
    )
    if letters:
        told = "A letter that gave the earlier date is" if letters == 1 else f"{letters} letters that gave it are"
        todo = f"{told} listed on the case: keep that date, or write to the person."
    else:
        todo = "No letter on the case gave the earlier date."
    for officer in chasing.whom_to_remind(case, moment.local(at).date()):
        staff_changes.tell(
            council=case.council,
            officer=officer,
            kind="date-moved",
            once=f"moved:{case.pk}:{at.timestamp()}:{officer.pk}",
            case_reference=case.reference,
            text=f"{case.reference}: {said or 'a clock was worked out anew'}. {text.shorten(why, 180)}. {todo}",
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
