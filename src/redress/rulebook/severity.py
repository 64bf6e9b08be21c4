"""How pressing a thing is, by its date and the council's settings. Nobody sets it by hand.

Example: six working days late is `crit`, "Critically overdue"; due in two working days is `soon`, "Due soon".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.readings import Reading
from redress.rulebook.settings import DEFAULTS, Settings

Group = Literal["crit", "late", "soon", "ok", "wait", "new", "done"]

# In the order in which a list is grouped: title, meaning, shape.
GROUPS: dict[Group, tuple[str, str, str]] = {
    "crit": ("Critically overdue", "more than {critical} late, or past an extension", "octagon"),
    "late": ("Overdue", "up to {critical} late", "triangle"),
    "soon": ("Due soon", "today or in the next {soon}", "half-circle"),
    "ok": ("Not due yet", "later", "circle"),
    "wait": ("Waiting for others", "the next step is somebody else's, and it is not due soon", "bars"),
    "new": ("Not started", "held, and nothing recorded since", "dotted-circle"),
    "done": ("Done", "nothing is due", "tick"),
}


@dataclass(frozen=True)
class Severity:
    """The group of a thing, and how far its date is: `days_late` and `days_left` in working days."""

    group: Group
    days_late: int
    days_left: int | None
    words: str

    @property
    def title(self) -> str:
        """Give the heading of the group."""
        return GROUPS[self.group][0]

    @property
    def shape(self) -> str:
        """Give the name of the group's shape."""
        return GROUPS[self.group][2]

    @property
    def order(self) -> int:
        """Give the place of the group in a list, the most pressing 0."""
        return list(GROUPS).index(self.group)


def meaning(group: Group, settings: Settings = DEFAULTS) -> str:
    """Say what a group means with the council's own numbers."""
    return GROUPS[group][1].format(
        critical=dates.working_days(settings.critically_overdue_after),
        soon=dates.working_days(settings.due_soon_within),
    )


def severity(
    due: date | None,
    today: date,
    calendar: WorkingCalendar,
    *,
    waiting: bool = False,
    started: bool = True,
    extended: bool = False,
    settings: Settings = DEFAULTS,
) -> Severity:
    """Work out how pressing a thing is. Waiting, or not started, never hides lateness.

    `extended` says that the date is already an extended one: past it a thing is critically overdue at once. Without a
    date nothing is due. Source: design, section 3.1; the two numbers are the council's settings.
    """
    if due is None:
        quiet: Group = "wait" if waiting else "ok" if started else "new"
        return Severity(quiet, 0, None, "No date")
    if today > due:
        late = calendar.between(due, today)
        critical = late > settings.critically_overdue_after or extended
        return Severity("crit" if critical else "late", late, 0, dates.days_late(late))
    left = calendar.between(today, due)
    if left <= settings.due_soon_within:
        group: Group = "soon"
    elif waiting:
        group = "wait"
    else:
        group = "ok" if started else "new"
    words = f"Due {dates.say(due)}" if left == 0 and due > today else dates.days_to_go(left)
    return Severity(group, 0, left, words)


def of(
    reading: Reading,
    calendar: WorkingCalendar,
    *,
    waiting: bool = False,
    started: bool = True,
    settings: Settings = DEFAULTS,
) -> Severity:
    """Work out how pressing a clock is; one that is met or ended is done.

    A paused one waits for somebody else, whatever the case says; one that can't be read has to be looked at now,
    because nobody knows when it is due.
    """
    if not reading.is_open and reading.state != "not-started":
        return Severity("done", reading.late_by or 0, None, reading.state_words)
    if reading.state == "paused":
        return Severity("wait", 0, None, "Paused")
    if reading.state == "unclear":
        return Severity("soon", 0, None, "Unclear")
    return severity(
        reading.due,
        reading.today,
        calendar,
        waiting=waiting,
        started=started,
        extended=reading.extended_by > 0,
        settings=settings,
    )
