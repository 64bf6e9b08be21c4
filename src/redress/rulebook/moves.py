"""What would move a date if it were done today: "If you extend today by the most that is left, …"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import Edition
from redress.rulebook.fold import Fold
from redress.rulebook.happenings import AMOUNTS, Happening, settle
from redress.rulebook.lines import span
from redress.rulebook.plans import Plan, ready
from redress.rulebook.readings import Reading
from redress.rulebook.settings import DEFAULTS, Settings, counting_with


class Move(NamedTuple):
    """What would move a date: the sentence, and the date that would follow, None where no time would run."""

    sentence: str
    due: date | None


def moves(
    edition: Edition,
    name: str,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    settings: Settings = DEFAULTS,
) -> tuple[Move, ...]:
    """List what would move the date due of a clock if it were done today: an extension, a question, an agreement.

    Empty where nothing is owed any more. Records nothing.
    """
    every = tuple(happenings)
    if any(one.day is not None and one.day > today for one in every):
        return ()
    fold = Fold(ready(edition), settle(every), counting_with(edition, calendar, settings), today, settings)
    plan = fold.ready.plans[name]
    now = fold.reading(plan)
    if now.state not in ("running", "paused", "not-started", "missed") or (not now.is_open and now.due is None):
        return ()
    return tuple(_moves(fold, plan, now, every))


def _moves(fold: Fold, plan: Plan, now: Reading, every: tuple[Happening, ...]) -> Iterable[Move]:
    """Say what could be done today, and the date that would follow."""
    rule, today = plan.rule, fold.today
    seq = max((happening.seq for happening in every), default=0) + 1

    def then(kind: str, **data: Any) -> Reading:
        added = Happening(kind, on=today, seq=seq, data=data)
        other = Fold(fold.ready, settle([*every, added]), fold.calendar, today, fold.settings)
        return other.reading(plan)

    if rule.extension is not None:
        left = rule.extension.cap - sum(one.amount for one in now.extensions if one.counted)
        # What begins the count anew would take the extension with it.
        anew = now.state == "paused" and now.more.paused_by in plan.restarts
        if left > 0 and not anew and (now.state == "paused" or (now.due is not None and today <= now.due)):
            found = then("extended", clock=rule.name, **{AMOUNTS[rule.extension.unit]: left})
            date_due = found.due or found.if_resumed
            if date_due is not None:
                yield Move(
                    f"If you extend today by the most that is left, {span(left, rule.extension.unit)}: "
                    f"{dates.say(date_due)}.",
                    date_due,
                )
    if now.state == "running":
        for kind, restart in plan.restarts.items():
            yield Move(f"If {_LATER.get(kind, kind)} today: no time runs until the answer. {restart.says}", None)
        for kind in plan.disregards:
            yield Move(f"If {_LATER.get(kind, kind)} today: no time runs until then.", None)
        if plan.agreed is not None:
            yield Move(f"If both sides agree on a later date by {dates.say(now.due or today)}: that date.", None)
    if now.state == "paused" and now.if_resumed is not None:
        yield Move(f"If what is awaited comes today: {dates.say(now.if_resumed)}.", now.if_resumed)
    if now.state == "not-started" and now.due is not None and plan.limiting is not None:
        found = then(next(iter(plan.starts)))
        if found.due is not None and found.due != now.due:
            yield Move(
                f"If you send the {rule.words.start} today: {dates.say(found.due)}.",
                found.due,
            )


_LATER: dict[str, str] = {
    "clarification-asked": "you ask the person to clarify",
    "identity-asked": "you ask for proof of identity",
    "authority-asked": "you ask for proof of authority to act",
    "fee-notice-given": "you give notice of a fee",
}
