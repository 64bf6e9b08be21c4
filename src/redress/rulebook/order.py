"""Which order of happenings is possible, for a step that is about to record one and for a record that already has it.

Example: an acknowledgement before anything was received is refused: "The acknowledgement went out on Tuesday
24 November 2026, but nothing had been received by then."
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from redress.rulebook import dates
from redress.rulebook.calendar import OutsideCalendar, WorkingCalendar, england_and_wales
from redress.rulebook.editions import ClockRule, Edition, Stage
from redress.rulebook.happenings import GENERAL, KINDS, PAUSING, REVIVING, Happening, History, day_of, settle
from redress.rulebook.lines import span
from redress.rulebook.plans import needs

NAMES: dict[str, str] = {
    "withdrawn": "withdrawn",
    "closed": "closed",
    "refused": "refused",
    "treated-as-request": "treated as a service request",
    "referred-elsewhere": "referred elsewhere",
    "merged": "merged into another case",
    "abandoned": "abandoned",
    "escalated": "taken to the next stage",
    "escalation-refused": "refused a Stage 2",
    "transferred": "transferred to another body",
    "not-notifiable": "judged not to need telling",
    "left-portal": "taken out of the portal",
    "restriction-ended": "ended",
}


class ImpossibleOrder(Exception):
    """This can't have happened in that order."""

    def __init__(self, sentence: str, do: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.do = do


@dataclass(frozen=True)
class Fault:
    """Something in a record that can't be, with the stage whose clocks it touches.

    `breaks` says that no date can be worked out honestly while it stands; otherwise what is wrong is left out.
    """

    happening: Happening = field(hash=False)
    stage: str
    sentence: str
    do: str
    breaks: bool = False


@dataclass
class _Standing:
    """How a stage stands while the happenings are walked through."""

    opened: date | None = None
    acknowledged: date | None = None
    answered: date | None = None
    ended: Happening | None = None
    endings: list[Happening] = field(default_factory=list)


def faults(edition: Edition, history: History) -> tuple[Fault, ...]:
    """List what can't be in this order, the earliest first. Reads only; raises nothing."""
    standing = {stage.key: _Standing() for stage in edition.stages}
    found: list[Fault] = []
    wanted = needs(edition)
    ends = _ends(edition)
    starts = {kind for rule in edition.clocks for kind in rule.starts_with}
    seen: set[str] = set()
    for happening in history.dated:
        found += _sequence(edition, wanted, seen, happening, history)
        found += _reversed(ends, seen, happening, history)
        seen.add(happening.kind)
        for stage in _concerned(edition, standing, happening):
            found += _walk(edition, stage, standing[stage.key], happening, asked="escalated" in seen)
        found += _walk_case(edition, standing, happening, begun=not seen.isdisjoint(starts))
    for happening in history.undated:
        stage_key = _stage_of(edition, happening)
        found.append(
            Fault(
                happening,
                stage_key,
                f"“{KINDS[happening.kind].rstrip('.')}” carries no date.",
                "Give the day on which it was true.",
                breaks=history.lacks_date(happening.kind),
            )
        )
    return tuple(found)


def check_order(
    edition: Edition,
    existing: Iterable[Happening],
    new: Happening,
    *,
    today: date | None = None,
    calendar: WorkingCalendar | None = None,
) -> None:
    """Refuse a happening that can't come into this record: wrong order, unknown kind, missing reason, beyond a cap.

    Raises ImpossibleOrder with a sentence and what to do. `today` refuses what lies in the future.
    """
    before = list(existing)
    _check_alone(edition, before, new, today)
    history, then = settle(before), settle([*before, new])
    if then.circular:
        raise ImpossibleOrder(
            "Corrections would replace one another in a circle.", "Correct the happening that stands now."
        )
    known = {(fault.sentence, fault.stage) for fault in faults(edition, history)}
    for fault in faults(edition, then):
        if (fault.sentence, fault.stage) not in known:
            raise ImpossibleOrder(fault.sentence, fault.do)
    if new.kind == "extended":
        _check_extension(edition, history, new)
    if new.kind == "closed":
        _check_closing(edition, history)
    if new.by is not None and new.day is not None and new.by < new.day:
        raise ImpossibleOrder(
            f"The date stated, {dates.say(new.by)}, lies before {dates.say(new.day)}.", "Check both dates."
        )
    if new.kind == "date-agreed":
        _check_agreement(edition, history, new, calendar or england_and_wales())
    for later in edition.stages:
        if later.after is not None and new.kind == later.opened_by and new.replaces is None:
            _check_next_stage(edition, history, later, new, calendar or england_and_wales())


def _check_alone(edition: Edition, before: Sequence[Happening], new: Happening, today: date | None) -> None:
    """Refuse what is wrong about a happening by itself."""
    if new.kind in PAUSING:
        raise ImpossibleOrder(edition.pauses.says, "Extend the clock, with a reason, and tell the person.")
    known = edition.kinds | GENERAL
    if new.kind not in known:
        several = ", ".join(kind for kind in KINDS if kind in known)
        raise ImpossibleOrder(f"“{new.kind}” is not a happening of this procedure.", f"Use one of: {several}.")
    day = new.day
    if new.kind != "recorded-in-error" and day is None:
        raise ImpossibleOrder("This carries no date.", "Give the day on which it was true.")
    if today is not None and day is not None and day > today:
        raise ImpossibleOrder(f"{dates.say(day)} has not come yet.", "Give today's date or an earlier one.")
    if day is not None and day.year < 1990:
        raise ImpossibleOrder(f"{dates.say(day)} is too long ago to be right.", "Check the year.")
    if new.kind == "recorded-in-error" and new.replaces is None:
        raise ImpossibleOrder("This does not say what was recorded in error.", "Choose what never took place.")
    if new.replaces is not None:
        if all(happening.id != new.replaces for happening in before):
            raise ImpossibleOrder("What this would correct is not in the record.", "Choose something on the record.")
        if any(happening.replaces == new.replaces for happening in before):
            raise ImpossibleOrder("That has been corrected already.", "Correct the newer entry.")


def _concerned(edition: Edition, standing: dict[str, _Standing], happening: Happening) -> tuple[Stage, ...]:
    """List the stages that a happening can touch: the refusal of a next stage only the one asked for last."""
    if happening.kind != "escalation-refused":
        return edition.stages
    refusable = [stage for stage in edition.stages if happening.kind in stage.ended_by]
    asked = [stage for stage in refusable if standing[stage.key].opened is not None]
    return tuple((asked or refusable[:1])[-1:])


def _walk(edition: Edition, stage: Stage, standing: _Standing, happening: Happening, *, asked: bool) -> Iterator[Fault]:
    """Take one happening into one stage, yielding what can't be."""
    kind, day = happening.kind, day_of(happening)
    if kind == stage.opened_by:
        yield from _open(edition, stage, standing, happening)
    elif kind == stage.acknowledged_by:
        if standing.opened is None:
            yield _not_open(stage, happening)
        elif standing.acknowledged is not None:
            yield _twice(stage, happening, f"{stage.title} was acknowledged already, on", standing.acknowledged)
        elif standing.ended is not None:
            yield _ended(stage, happening, standing.ended)
        elif standing.answered is not None:
            yield _twice(stage, happening, f"{stage.title} was answered before, on", standing.answered)
        else:
            standing.acknowledged = day
    elif kind == stage.answered_by:
        if standing.opened is None:
            yield _not_open(stage, happening)
        elif standing.answered is not None:
            yield _twice(stage, happening, f"{stage.title} was answered already, on", standing.answered)
        elif standing.ended is not None:
            yield _ended(stage, happening, standing.ended)
        else:
            standing.answered = day
    elif kind == "extended" and _rule(edition, happening) in edition.clocks_of(stage.key):
        yield from _extend(edition, stage, standing, happening)
    elif kind in stage.ended_by:
        if standing.opened is None:
            if kind == "escalation-refused" and not asked:
                yield _not_open(stage, happening)
        elif kind == "escalation-refused" and standing.answered is not None:
            yield _twice(stage, happening, f"{stage.title} was answered, on", standing.answered)
        elif standing.answered is None:
            standing.ended = standing.ended or happening


def _sequence(
    edition: Edition,
    wanted: dict[str, frozenset[str]],
    seen: set[str],
    happening: Happening,
    history: History,
) -> Iterator[Fault]:
    """Say what a happening lacks before it, where the stages say nothing of it: steps in a row, questions, payments."""
    kind = happening.kind
    if kind not in wanted:
        yield Fault(
            happening,
            edition.stages[0].key,
            f"“{kind}” is not a happening of {edition.title.lower()}; it was left out.",
            "Check whether it belongs to another case.",
        )
        return
    if any(
        kind in (stage.acknowledged_by, stage.answered_by) and stage.opened_by not in seen for stage in edition.stages
    ):
        return  # said by the stage itself
    missing = wanted[kind]
    if not missing or not missing.isdisjoint(seen):
        steps = next((stage for stage in edition.stages if kind in stage.steps), None)
        if kind in seen and steps is not None and kind not in (steps.opened_by, steps.answered_by):
            first = history.first(kind)
            assert first is not None
            yield _twice(steps, happening, "that stands there already, on", day_of(first))
        return
    owner = next((rule.stage for rule in edition.clocks if _hears(rule, kind)), edition.stages[0].key)
    owner = next((stage.key for stage in edition.stages if kind in stage.steps), owner)
    later = any(one.kind in missing for one in history.dated)
    names = dates.joined((f"“{KINDS[one].rstrip('.')}”" for one in sorted(missing)), "or")
    yield Fault(
        happening,
        owner,
        f"{KINDS[kind].rstrip('.')} on {dates.say(day_of(happening))}, but {names} "
        + ("stands later." if later else "is not on record."),
        "Check both dates, and correct the wrong one." if later else "Record that first, with its date.",
        breaks=later,
    )


def _ends(edition: Edition) -> dict[str, list[ClockRule]]:
    """Give the clocks that a happening starts, where what ends them is not looked after by a stage."""
    watched = {kind for stage in edition.stages for kind in (stage.acknowledged_by, stage.answered_by)}
    found: dict[str, list[ClockRule]] = {}
    for rule in edition.clocks:
        if rule.owed_by == "council" and rule.ends_with not in watched and not rule.repeats and rule.bounded_by is None:
            for kind in rule.starts_with:
                found.setdefault(kind, []).append(rule)
    return found


def _reversed(
    ends: dict[str, list[ClockRule]], seen: set[str], happening: Happening, history: History
) -> Iterator[Fault]:
    """Say that what a happening starts had ended before."""
    for rule in ends.get(happening.kind, ()):
        if rule.ends_with in seen and happening.kind not in seen:
            ended = history.first(rule.ends_with)
            assert ended is not None
            yield Fault(
                ended,
                rule.stage,
                f"{KINDS[ended.kind].rstrip('.')} on {dates.say(day_of(ended))}, before "
                f"“{KINDS[happening.kind].rstrip('.')}” on {dates.say(day_of(happening))}.",
                "Check both dates, and correct the wrong one.",
                breaks=True,
            )


def _hears(rule: ClockRule, kind: str) -> bool:
    return any(kind == one.answered_with for one in rule.restarts) or any(
        kind == one.finishes_with for one in rule.disregards
    )


def _open(edition: Edition, stage: Stage, standing: _Standing, happening: Happening) -> Iterator[Fault]:
    """Take in what opens a stage; a second receipt is no fault, a second request for a stage is."""
    day = day_of(happening)
    if standing.opened is None:
        standing.opened = day
    elif standing.ended is not None and standing.ended.kind in stage.restarts_after:
        standing.opened, standing.acknowledged, standing.answered, standing.ended = day, None, None, None
    elif stage is not edition.stages[0]:
        yield _twice(stage, happening, f"{stage.title} was asked for already, on", standing.opened)


def _says_amount(edition: Edition, happening: Happening) -> str:
    rule = _rule(edition, happening)
    unit = rule.extension.unit if rule is not None and rule.extension is not None else "working-days"
    return {"working-days": "working days", "calendar-days": "days", "calendar-months": "months"}.get(unit, unit)


def _extend(edition: Edition, stage: Stage, standing: _Standing, happening: Happening) -> Iterator[Fault]:
    """Take in an extension."""
    day = day_of(happening)
    if standing.opened is None:
        yield Fault(
            happening,
            stage.key,
            f"More time was taken for {stage.title} on {dates.say(day)}, before it had begun.",
            "Check the dates of both.",
        )
    elif standing.answered is not None:
        yield Fault(
            happening,
            stage.key,
            f"More time was taken on {dates.say(day)}, after {stage.title} was answered on "
            f"{dates.say(standing.answered)}.",
            "Nothing is left to extend. Check the dates of both.",
        )
    elif standing.ended is not None:
        yield _ended(stage, happening, standing.ended)
    elif _can_extend(edition, happening) and _amount(edition, happening) is None:
        unit = _says_amount(edition, happening)
        yield Fault(
            happening,
            stage.key,
            f"The extension of {dates.say(day)} does not say by how many {unit}.",
            f"Give a whole number of {unit}, 1 or more.",
        )


def _walk_case(
    edition: Edition, standing: dict[str, _Standing], happening: Happening, *, begun: bool
) -> Iterator[Fault]:
    """Take one happening into the case as a whole: endings, reopenings, extensions of no clock."""
    first = edition.stages[0]
    kind, day = happening.kind, day_of(happening)
    rule = _rule(edition, happening)
    if kind == "extended" and (rule is None or rule.extension is None):
        name = str(happening.data.get("clock", ""))
        text = f"{rule.title} can't be extended." if rule else f"There is no clock “{name}” to extend."
        yield Fault(happening, rule.stage if rule else first.key, text, "Extend the clock of a response.")
    elif kind in REVIVING:
        wanted = {"treated-as-request"} if kind == "turned-into-complaint" else None
        ended = False
        for one in standing.values():
            if one.ended is not None and (wanted is None or one.ended.kind in wanted):
                ended, one.ended = True, None
        if not ended and not any(one.endings for one in standing.values()):
            yield Fault(
                happening,
                first.key,
                f"Nothing had ended by {dates.say(day)} that could go on.",
                "Check whether the case was closed, and when.",
            )
        for one in standing.values():
            one.endings.clear()
        if kind == "turned-into-complaint" and happening.received_on is not None:
            _begin_anew(standing[first.key], happening.received_on)
    elif any(kind == stage.opened_by for stage in edition.stages[1:]):
        # A case that was closed after Stage 1 goes on when the person asks for Stage 2, and may be closed again.
        standing[first.key].endings = [one for one in standing[first.key].endings if one.kind != "closed"]
    elif any(kind in stage.ended_by for stage in edition.stages) and kind in NAMES and kind not in _NO_ENDING:
        own = standing[first.key]
        final = [one for one in own.endings if one.kind != "closed"]
        if not begun and all(one.opened is None for one in standing.values()):
            yield Fault(
                happening,
                first.key,
                f"Nothing had been received by {dates.say(day)}, so it can't have been {NAMES[kind]}.",
                "Record the receipt first, or check the date.",
            )
        elif any(one.kind == kind for one in own.endings) or (kind != "closed" and final):
            yield _ended(first, happening, own.endings[-1])
        own.endings.append(happening)


_NO_ENDING = frozenset({"escalated", "escalation-refused", "left-portal"})


def _begin_anew(standing: _Standing, received_on: date) -> None:
    """Forget what was written while it was a request: the complaint is acknowledged and answered by itself."""
    if standing.acknowledged is not None and standing.acknowledged < received_on:
        standing.acknowledged = None
    if standing.answered is not None and standing.answered < received_on:
        standing.answered = None


def _check_extension(edition: Edition, history: History, new: Happening) -> None:
    """Refuse an extension without a reason, or beyond the cap without a reason for going beyond it."""
    rule = _rule(edition, new)
    if rule is None or rule.extension is None:
        return
    allowed = rule.extension
    if allowed.needs_reason and not str(new.data.get("reason") or "").strip():
        raise ImpossibleOrder(
            "An extension needs a reason.",
            f"Say why more time is needed: the person is told it ({allowed.authority.cite}).",
        )
    given = sum(
        _amount(edition, happening) or 0
        for happening in history.all("extended")
        if _rule(edition, happening) == rule and happening.id != new.replaces
    )
    total = given + (_amount(edition, new) or 0)
    if total <= allowed.cap:
        return
    if not allowed.soft:
        raise ImpossibleOrder(
            f"That would be {span(total, allowed.unit)} more in all; no more than {span(allowed.cap, allowed.unit)} "
            f"may be added, for whatever reason ({allowed.authority.cite}).",
            "Take less.",
        )
    if not str(new.data.get("override_reason") or "").strip():
        who = "the Code allows no more than" if rule.bounded_by is not None else "no more is usual than"
        raise ImpossibleOrder(
            f"That would be {span(total, allowed.unit)} more in all; {who} {allowed.cap} "
            f"without good reason ({allowed.authority.cite}).",
            "Take fewer days, or give the good reason for going beyond.",
        )


def _check_agreement(edition: Edition, history: History, new: Happening, calendar: WorkingCalendar) -> None:
    """Refuse an agreement on a later date that names none, that no clock knows, or that comes too late."""
    from redress.rulebook import clock

    rules = [rule for rule in edition.clocks if rule.agreed is not None]
    name = new.data.get("clock")
    rule = next((one for one in rules if name in (None, one.name)), None)
    if rule is None or rule.agreed is None:
        raise ImpossibleOrder(
            "No later date can be agreed here.", "Extend the clock where that is allowed, with a reason."
        )
    if new.until is None:
        raise ImpossibleOrder("The agreement does not say until when.", "Give the date that was agreed.")
    now = clock.read_one(edition, rule.name, history.dated, calendar, today=day_of(new))
    if now.due is not None and day_of(new) > now.due:
        raise ImpossibleOrder(
            f"The time ended on {dates.say(now.due)}: a later date can only be agreed before that "
            f"({rule.agreed.authority.cite}).",
            "Tell the person that it is late, and why, and by when the answer will come.",
        )
    if now.due is not None and new.until <= now.due:
        raise ImpossibleOrder(
            f"{dates.say(new.until)} is not later than the date due, {dates.say(now.due)}.", "Nothing has to be agreed."
        )


def _check_closing(edition: Edition, history: History) -> None:
    """Refuse to close while a stage is neither answered nor ended."""
    for stage in edition.stages:
        opened = history.first(stage.opened_by)
        if opened is None:
            continue
        place = history.dated.index(opened)
        after = history.dated[place + 1 :]
        endings = {stage.answered_by, *stage.ended_by, *stage.ended_in_time_by}
        owed = any(rule.owed_by == "council" for rule in edition.clocks_of(stage.key))
        if owed and not any(happening.kind in endings for happening in after):
            raise ImpossibleOrder(
                f"{stage.title} has not been answered.",
                "Send the response first, or record why none is owed: withdrawn, refused, referred elsewhere.",
            )


def _check_next_stage(
    edition: Edition, history: History, later: Stage, new: Happening, calendar: WorkingCalendar
) -> None:
    """Refuse the next stage while the earlier one is neither answered, nor late, nor done by somebody else."""
    assert later.after is not None
    day, earlier = day_of(new), edition.stage(later.after)
    if new.data.get("external"):
        return
    received = history.first(earlier.opened_by)
    if received is None or day_of(received) > day:
        text = (
            f"Nothing had been received by {dates.say(day)} that could go to the next stage."
            if earlier.opened_by == "received"
            else f"{earlier.title} had not begun by {dates.say(day)}, so nothing can go on from it."
        )
        raise ImpossibleOrder(text, f"Record the beginning of {earlier.title} first, or say who else dealt with it.")
    for happening in history.dated:
        if happening.kind in ("withdrawn", "merged", "refused", "referred-elsewhere", "treated-as-request"):
            revived = any(later.kind in REVIVING for later in history.dated[history.dated.index(happening) + 1 :])
            if not revived:
                raise ImpossibleOrder(
                    f"The complaint was {NAMES[happening.kind]} on {dates.say(day_of(happening))}.",
                    "Reopen it first, or log a new complaint.",
                )
    answered = history.first(earlier.answered_by)
    if answered is not None and day_of(answered) <= day:
        return
    if later.only_after_answer:
        raise ImpossibleOrder(
            f"{earlier.title} has not been answered by {dates.say(day)}.",
            f"Answer {earlier.title} first. If it is late, the person may go to the Ombudsman.",
        )
    if answered is None and _is_late(edition, history, earlier, day, calendar):
        return
    raise ImpossibleOrder(
        f"{earlier.title} has not been answered, and its time had not passed by {dates.say(day)}.",
        f"Answer {earlier.title} first. If somebody else answered it, say who, when, and add the letter.",
    )


def _is_late(edition: Edition, history: History, stage: Stage, day: date, calendar: WorkingCalendar) -> bool:
    from redress.rulebook import clock

    try:
        readings = clock.read(edition, history.dated, calendar, today=day)
    except OutsideCalendar:
        return False
    return any(
        readings[rule.name].state == "missed"
        for rule in edition.clocks_of(stage.key)
        if rule.ends_with == stage.answered_by
    )


def _amount(edition: Edition, happening: Happening) -> int | None:
    rule = _rule(edition, happening)
    return happening.amount(rule.extension.unit) if rule is not None and rule.extension is not None else None


def _can_extend(edition: Edition, happening: Happening) -> bool:
    rule = _rule(edition, happening)
    return rule is not None and rule.extension is not None


def _rule(edition: Edition, happening: Happening) -> ClockRule | None:
    name = happening.data.get("clock")
    return next((rule for rule in edition.clocks if rule.name == name), None)


def _stage_of(edition: Edition, happening: Happening) -> str:
    rule = _rule(edition, happening)
    if happening.kind == "extended" and rule is not None:
        return rule.stage
    for stage in edition.stages:
        if happening.kind in (stage.opened_by, stage.acknowledged_by, stage.answered_by):
            return stage.key
    return edition.stages[-1].key if happening.kind.startswith("escalation") else edition.stages[0].key


def _not_open(stage: Stage, happening: Happening) -> Fault:
    day = day_of(happening)
    missing = (
        "received"
        if stage.opened_by == "received"
        else f"asked for at {stage.title}"
        if stage.opened_by == "escalated"
        else f"begun at {stage.title}"
    )
    return Fault(
        happening,
        stage.key,
        f"{KINDS[happening.kind].rstrip('.')} on {dates.say(day)}, but nothing had been {missing} by then.",
        "Check both dates, and correct the wrong one.",
        breaks=True,
    )


def _twice(stage: Stage, happening: Happening, text: str, first: date) -> Fault:
    day = day_of(happening)
    return Fault(
        happening,
        stage.key,
        f"{KINDS[happening.kind].rstrip('.')} on {dates.say(day)}, but {text} {dates.say(first)}. The first counts.",
        "Correct the one that is wrong.",
    )


def _ended(stage: Stage, happening: Happening, ending: Happening) -> Fault:
    day = day_of(happening)
    return Fault(
        happening,
        stage.key,
        f"{KINDS[happening.kind].rstrip('.')} on {dates.say(day)}, but it was {NAMES.get(ending.kind, ending.kind)} on "
        f"{dates.say(day_of(ending))}.",
        "Reopen it first, or correct the date that is wrong.",
    )
