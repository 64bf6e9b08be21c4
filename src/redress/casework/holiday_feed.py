"""The published list of bank holidays was read: what is new is added, and what is odd about it is told.

Nothing that is known is ever taken away by a list that lacks it. Reading the same list again changes no calendar.

Example: ``record(councils=all_councils(), feed=feed, source="bank-holidays.json", by=by, at=at).added`` is 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.step import step
from redress.casework import calendar, chasing
from redress.council import changes, queries
from redress.council import events as council_events
from redress.council.models import Council, FeedReading
from redress.plumbing import moment
from redress.rulebook import dates
from redress.rulebook.calendar import DIVISIONS
from redress.rulebook.holiday_feed import Feed, NewDay


@dataclass(frozen=True)
class _OneDay:
    """A day that is new in one division or several, as it is written and told."""

    new: tuple[NewDay, ...]

    @property
    def divisions(self) -> tuple[str, ...]:
        return tuple(one.division for one in self.new)

    @property
    def words(self) -> str:
        first = self.new[0]
        where = dates.joined(DIVISIONS[name] for name in self.divisions)
        return f"{dates.say(first.on)} is a bank holiday in {where}: {first.name}"


@step(needs=Permission.TIMETABLE_HOLIDAYS, on="councils")
def record(*, councils: list[Council], feed: Feed, source: str, by: Actor, at: datetime) -> FeedReading:
    """Write down a reading of the published list, add the days that are new, and have touched cases worked out.

    ``councils`` are all that there are: a bank holiday is for every one. Managers are told once of what is new or odd.
    """
    known = queries.bank_holidays_known()
    new = [one for one in feed.new if one.on not in known[one.division]]
    note = f"Published list, read on {dates.plain(moment.local(at).date())}"
    for one in new:
        changes.add_bank_holiday(on=one.on, division=one.division, name=one.name, source=note)
    days = _by_day(new)
    made = changes.feed_read(
        source=source,
        readable=feed.readable,
        days=feed.days,
        added=len(new),
        last_on=feed.last,
        told=[{"kind": one.kind, "text": one.text} for one in feed.told],
        by=by,
        at=at,
    )
    for council in councils:
        kind = council_events.FEED_READ if feed.readable else council_events.FEED_NOT_READ
        trail.note(kind, on=council, ids={"added": len(new), "told": [one.kind for one in feed.told]})
        for day in days:
            calendar.note_bank_holiday(council, day.new[0].on, day.divisions, day.new[0].name, day.words)
        _tell(council, feed, days, by, at)
    return made


def _by_day(new: Iterable[NewDay]) -> list[_OneDay]:
    """Put together what is new on one day: it moves dates once."""
    found: dict[tuple[object, str], list[NewDay]] = {}
    for one in new:
        found.setdefault((one.on, one.name), []).append(one)
    return [_OneDay(tuple(rows)) for rows in found.values()]


def _tell(council: Council, feed: Feed, days: list[_OneDay], by: Actor, at: datetime) -> None:
    """Tell the managers what is new and what is odd; the same words are told once, however often they are read."""
    said = [f"{day.words}." for day in days] + [one.text for one in feed.told]
    if not said:
        return
    shown = " ".join(said[:3]) + (f" And {len(said) - 3} more, on the page of working days." if len(said) > 3 else "")
    chasing.notify(
        council=council,
        people=chasing.managers(council, moment.local(at).date()),
        kind="bank-holidays",
        once_key=f"feed:{council.pk}:{hashlib.sha256(' '.join(said).encode()).hexdigest()[:16]}",
        text=f"The published bank holidays were read. {shown}",
        by=by,
        at=at,
    )
