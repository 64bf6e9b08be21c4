"""How is more time taken, so that the person knows why and until when?

The extension counts from the day on which the person is told: the happening is recorded when the letter is dispatched,
with that date. A letter that goes after the date due cures nothing.

Example: ``preview(case=case, stage=stage, working_days=5, today=today)`` shows the new date before anything is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases import clocks, events
from redress.cases.models import Case, Stage
from redress.casework import composing, letters, wording
from redress.correspondence import writing
from redress.correspondence.models import Letter
from redress.plumbing import moment
from redress.rulebook import clock, dates
from redress.rulebook.editions import ClockRule, ExtensionRule
from redress.rulebook.happenings import Happening as Fact
from redress.rulebook.readings import Reading

REASONS: dict[str, str] = {
    "records": "We are waiting for records that we need to answer you properly.",
    "visit": "We need to visit, or to inspect, before we can answer you.",
    "people": "We need to speak to somebody who was involved and could not reach them yet.",
    "others": "We are waiting for an answer from an organisation that works for us.",
    "complex": "There is more to look into than we thought when we wrote to you.",
    "you": "You told us something new, and we want to look into it as well.",
}
"""Reasons that come up often; each is followed by the officer's own words for this case."""

SHORTEST_REASON = 10
"""Characters: less than that is no reason."""


class NothingToExtend(Refusal):
    """No answer is being waited for whose time could be extended."""

    do = "Look at the clocks of the case."


class NotAcknowledged(Refusal):
    """The time for the answer starts with the acknowledgement, which has not gone."""

    do = "Send the acknowledgement first."


class OneUnderWay(Refusal):
    """A letter about more time has been released and has not gone yet."""

    do = "Wait until it has gone, or see under Post what became of it."


class HowManyDays(Refusal):
    """Say how many working days more are needed."""

    field = "working_days"
    do = "Give a whole number, 1 or more."


class NewDateHasPassed(Refusal):
    """The new date would have passed already."""

    field = "working_days"
    do = "Take so many days that the new date lies ahead: the person is told it."


class SayWhy(Refusal):
    """An extension needs a reason, for this case."""

    field = "reason"
    do = "Say in your own words why more time is needed: the person is told it."


class BeyondTheCode(Refusal):
    """That is more than the procedure allows without good reason."""

    field = "working_days"
    do = "Take fewer days, or ask your complaints manager, who can record the good reason for going beyond."


class SayWhyBeyond(Refusal):
    """Going beyond what the procedure allows needs a good reason on the record."""

    field = "override_reason"
    do = "Write the good reason, and who agreed."


@dataclass(frozen=True)
class Preview:
    """What an extension would do: the clock now and then, what is left, and whether it still counts as late."""

    rule: ClockRule
    extension: ExtensionRule
    now: Reading
    then: Reading
    working_days: int
    already: int
    left: int
    beyond: bool
    late: bool
    new_date: date | None
    has_passed: bool = False

    @property
    def says(self) -> str:
        """Say in one sentence what the extension does."""
        if self.late:
            due = dates.say(self.now.due) if self.now.due else ""
            return (
                f"The date due, {due}, has passed. It still counts as late: "
                "a date given now is shown as promised and cures nothing."
            )
        if self.beyond:
            return (
                f"That is {dates.working_days(self.already + self.working_days)} more in all; the Code allows "
                f"{self.extension.cap} without good reason ({self.extension.authority.cite})."
            )
        rest = self.left - self.working_days
        return f"Within the Code: {dates.working_days(rest)} would remain ({self.extension.authority.cite})."


def preview(*, case: Case, stage: Stage, working_days: int, today: date) -> Preview:
    """Work out what so many working days more would do, if the person is told today. Records nothing.

    Raises ``NothingToExtend``, ``NotAcknowledged``, ``HowManyDays``.
    """
    rule, now = _clock(case, stage, today)
    if working_days < 1 or working_days > 250:
        raise HowManyDays
    assert rule.extension is not None
    then = clock.what_if(
        clocks.edition_of(case), clocks.facts(case), clocks.calendar_of(case), today=today, kind="extended", on=today,
        data={"clock": rule.name, "working_days": working_days, "reason": "?", "told_on": today.isoformat()},
        settings=clocks.settings_of(case.council),
    )[rule.name]  # fmt: skip
    already = sum(one.working_days for one in now.extensions)
    late = now.is_late
    new_date = then.promised if late else then.due
    return Preview(
        rule=rule,
        extension=rule.extension,
        now=now,
        then=then,
        working_days=working_days,
        already=already,
        left=max(0, rule.extension.cap - already),
        beyond=already + working_days > rule.extension.cap,
        late=late,
        new_date=new_date,
        has_passed=new_date is not None and new_date < today,
    )


def _clock(case: Case, stage: Stage, today: date) -> tuple[ClockRule, Reading]:
    """Give the clock of a stage's answer. Raises ``NothingToExtend``, ``NotAcknowledged``."""
    if case.kind != Case.Kind.COMPLAINT or stage.ended_at is not None or case.closed_at is not None:
        raise NothingToExtend
    edition = clocks.edition_of(case)
    rule_stage = next(one for one in edition.stages if one.number == stage.number)
    rule = next(one for one in edition.clocks_of(rule_stage.key) if one.ends_with == rule_stage.answered_by)
    reading = clocks.readings(case, today).get(rule.name)
    if rule.extension is None or reading is None or reading.met_on is not None:
        raise NothingToExtend
    if reading.state == "not-started":
        raise NotAcknowledged
    return rule, reading


def compose(
    *,
    case: Case,
    stage: Stage,
    working_days: int,
    reason: str,
    today: date,
    by: Actor,
    override_reason: str = "",
    channel: str | None = None,
) -> writing.Draft:
    """Compose the letter: the reason, the new date, whether it is within the Code, and the Ombudsman's details."""
    seen = preview(case=case, stage=stage, working_days=working_days, today=today)
    return composing.compose(
        "extension",
        case=case,
        to=letters.correspondent(case, today),
        today=today,
        by=by,
        stage=stage,
        channel=channel,
        values={
            "old_date": dates.say(seen.now.promised or seen.now.due) if seen.now.due else "",
            "new_date": dates.say(seen.new_date) if seen.new_date else "",
            "reason": reason.strip(),
            "within_code": _within(seen),
        },
        starts_data={
            "clock": seen.rule.name,
            "working_days": working_days,
            "reason": reason.strip(),
            "told_on": today.isoformat(),
            **({"override_reason": override_reason.strip(), "override_by": by.name} if override_reason.strip() else {}),
        },
    )


def _within(seen: Preview) -> str:
    if seen.late:
        return "We should have answered you before now, and we are sorry that we have not."
    more = dates.working_days(seen.working_days)
    if seen.beyond:
        return f"That is {more} more, which is longer than our complaints procedure usually allows. We are sorry."
    return f"That is {more} more, which our complaints procedure allows."


@step(needs=Permission.CASE_EXTEND, on=("case", "stage"))
def extend(
    *,
    case: Case,
    stage: Stage,
    working_days: int,
    reason: str,
    draft: writing.Draft,
    pressed: writing.Pressed,
    by: Actor,
    at: datetime,
    override_reason: str = "",
) -> Letter:
    """Release the letter that takes more time; the extension counts from the day on which it goes.

    Raises ``NothingToExtend``, ``NotAcknowledged``, ``HowManyDays``, ``NewDateHasPassed``, ``SayWhy``, ``OneUnderWay``,
    ``BeyondTheCode``, ``SayWhyBeyond``, ``NotPermitted`` and what ``letters.release`` refuses.
    """
    today = moment.local(at).date()
    seen = preview(case=case, stage=stage, working_days=working_days, today=today)
    if seen.has_passed:
        raise NewDateHasPassed
    if len(reason.strip()) < SHORTEST_REASON:
        raise SayWhy
    wording.words(reason)
    wording.words(override_reason)
    if seen.beyond:
        _check_override(case=case, override_reason=override_reason, seen=seen, by=by)
    elif override_reason.strip():
        override_reason = ""
    waiting = Letter.objects.filter(case=case, kind=Letter.Kind.EXTENSION, starts="extended").exclude(
        state__in=(Letter.State.DRAFT, Letter.State.DISPATCHED, Letter.State.WITHDRAWN)
    )
    if waiting.exists():
        raise OneUnderWay
    check_data(case, draft)
    letter = letters.release(case=case, stage=stage, draft=draft, pressed=pressed, by=by, at=at)
    trail.note(
        events.EXTENDED,
        on=case,
        detail={"reason": reason.strip()},
        ids={
            "letter": letter.pk, "clock": seen.rule.name, "working_days": working_days, "beyond": seen.beyond,
            "override_by": by.id or 0 if seen.beyond else 0,
        },
    )  # fmt: skip
    return letter


def _check_override(*, case: Case, override_reason: str, seen: Preview, by: Actor) -> None:
    if not by.may(Permission.EXTENSION_OVERRIDE, case.council_id):
        raise BeyondTheCode(seen.says if not seen.late else None)
    if not override_reason.strip():
        raise SayWhyBeyond(seen.says if not seen.late else None)


def check_data(case: Case, draft: writing.Draft) -> None:
    """Refuse a letter whose extension the rulebook would not take. Raises ``NothingToExtend`` in its words."""
    data = draft.starts_data
    new = Fact(kind="extended", on=date.fromisoformat(str(data["told_on"])), seq=999, data=dict(data))
    try:
        clock.check_order(clocks.edition_of(case), clocks.facts(case), new)
    except clock.ImpossibleOrder as impossible:
        raise NothingToExtend(impossible.sentence, do=impossible.do) from impossible


__all__ = ["REASONS", "NotPermitted", "Preview", "compose", "extend", "preview"]
