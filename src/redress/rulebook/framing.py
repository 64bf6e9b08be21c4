"""The lines around a count: what opened the clock, the limit that bounds its start, what is to be known of the date."""

from __future__ import annotations

from datetime import date

from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.counting import count
from redress.rulebook.happenings import Happening
from redress.rulebook.lines import span
from redress.rulebook.plans import Plan
from redress.rulebook.readings import Reason


def limit_of(plan: Plan, calendar: WorkingCalendar, day: date) -> date:
    """Give the limit of the acknowledgement that bounds the start."""
    assert plan.limiting_measure is not None
    return count(day, plan.limiting_measure, calendar, plan.limiting_cite).due


def within(plan: Plan, acknowledged: date, limit: date) -> Reason:
    """Make the line that says that the acknowledgement came within its limit."""
    assert plan.limiting_measure is not None
    length = span(plan.limiting_measure.amount, plan.limiting_measure.unit)
    more = (plan.limiting_done, length, limit)
    return Reason("start", "acknowledged", plan.limiting_cite, None, None, None, acknowledged, (), more)


def notes(plan: Plan, calendar: WorkingCalendar, start: date, due: date, *, cite: str = "") -> tuple[Reason, ...]:
    """Make the lines under a count: holidays elsewhere, what is not sure, what counts as a working day."""
    elsewhere: tuple[Reason, ...] = ()
    if plan.rule.unit == "working-days" and not cite:
        elsewhere = tuple(
            Reason("note", "elsewhere", due=day, more=(name,)) for day, name in calendar.counted_elsewhere(start, due)
        )
    # A new time of its own has an authority of its own: what is not sure of the first limit says nothing of it.
    doubts = () if cite else plan.static
    return doubts if plan.rule.unit == "hours" else (*elsewhere, *doubts, convention(plan, calendar))


def convention(plan: Plan, calendar: WorkingCalendar) -> Reason:
    """Give the line that says what counts as a working day."""
    return plan.conventions[bool(calendar.closures)]


def opening(plan: Plan, start: Happening, day: date, receipts: int, *, turned: bool = False) -> Reason:
    """Make the line that says when the clock was opened; the hour makes no difference where days are counted."""
    at = start.at if start.on is None and not turned else None
    rule = plan.rule if plan.limiting is None else plan.limiting
    more = (start.kind, at, receipts, rule.first_day, rule.unit, turned)
    return Reason("start", "opened", plan.limiting_cite or plan.cite, day, None, None, None, (), more)
