"""When is it due, how does it stand, and why: a fold over what has happened.

Example::

    happenings = [Happening("received", on=date(2026, 11, 20)), Happening("acknowledged", on=date(2026, 11, 24))]
    readings = read(edition, happenings, calendar.england_and_wales(), today=date(2026, 11, 25))
    readings["stage-1-response"].due  # 2026-12-08

A stored record is always read: what can't be true reads *unclear*, or is left out and said. Only `check_order` raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from redress.rulebook import dates
from redress.rulebook.calendar import OutsideCalendar, WorkingCalendar
from redress.rulebook.editions import AdviceRule, ClockRule, Edition, Stage
from redress.rulebook.happenings import REVIVING, Happening, History, day_of, settle
from redress.rulebook.order import NAMES, Fault, ImpossibleOrder, check_order, faults
from redress.rulebook.readings import STATES, Given, Reading, Reason, Skipped, State
from redress.rulebook.ribbon import Day
from redress.rulebook.settings import DEFAULTS, Settings

__all__ = [
    "DEFAULTS",
    "STATES",
    "Day",
    "Given",
    "Happening",
    "ImpossibleOrder",
    "Reading",
    "Reason",
    "Settings",
    "Skipped",
    "State",
    "advice",
    "check_order",
    "read",
    "what_if",
]


def read(
    edition: Edition,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    settings: Settings = DEFAULTS,
) -> dict[str, Reading]:
    """Read every clock of the edition, in the edition's order. Never raises on stored happenings.

    Closures in the calendar count as days off only where the edition and the council's setting both say so.
    """
    history = settle(happenings)
    found = faults(edition, history)
    allowed = edition.working_days.closures == "council-setting" and settings.closures_are_not_working
    counting = calendar if allowed else calendar.without_closures()
    fold = _Fold(edition, history, found, counting, today, settings)
    readings: dict[str, Reading] = {}
    for rule in edition.clocks:
        try:
            readings[rule.name] = fold.reading(rule)
        except OutsideCalendar as outside:
            readings[rule.name] = fold.unclear(rule, f"No date can be worked out: {outside}.")
    return readings


def what_if(
    edition: Edition,
    happenings: Iterable[Happening],
    calendar: WorkingCalendar,
    *,
    today: date,
    kind: str,
    on: date,
    data: Mapping[str, Any] | None = None,
    settings: Settings = DEFAULTS,
) -> dict[str, Reading]:
    """Read the clocks as they would stand if this were added as the last thing of its day. Records nothing."""
    every = list(happenings)
    seq = max((happening.seq for happening in every), default=0) + 1
    added = Happening(kind, on=on, seq=seq, data=dict(data or {}))
    return read(edition, [*every, added], calendar, today=today, settings=settings)


def advice(
    edition: Edition, happenings: Iterable[Happening], calendar: WorkingCalendar, *, today: date
) -> dict[str, Reading]:
    """Read the views on time that bind nobody, such as twelve weeks for the whole process. Never raises."""
    history = settle(happenings)
    return {rule.name: _advice(edition, rule, history, calendar, today) for rule in edition.advice}


@dataclass(frozen=True)
class _Base:
    """Where a count starts, and the lines that say how it got there."""

    day: date
    reasons: tuple[Reason, ...]
    bounded: bool = False
    provisional: bool = False
    literal: date | None = None
    cautious: date | None = None
    acknowledged_on: date | None = None
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Run:
    """One run of a stage: what opened it, and everything after that."""

    start: Happening
    day: date
    after: tuple[Happening, ...]
    receipts: int
    turned: bool = False

    def first(self, *kinds: str) -> Happening | None:
        return next((happening for happening in self.after if happening.kind in kinds), None)


@dataclass(frozen=True)
class _Extended:
    """The date due after extensions, and how it came about."""

    due: date
    days: int
    given: tuple[Given, ...]
    promised: date | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Fold:
    edition: Edition
    history: History
    faults: tuple[Fault, ...]
    calendar: WorkingCalendar
    today: date
    settings: Settings

    def reading(self, rule: ClockRule) -> Reading:
        """Read one clock."""
        stage = self.edition.stage(rule.stage)
        trouble = self._trouble(stage)
        if trouble is not None:
            return self.unclear(rule, trouble)
        run = _run(self.history, stage)
        if run is None:
            return self._not_started(rule)
        base = self._base(rule, run)
        first_due = self.calendar.add(base.day, rule.limit)
        counted = self._count(rule, base, first_due)
        extended = self._extend(rule, stage, run, first_due)
        return self._stand(rule, stage, run, base, first_due, counted, extended)

    def unclear(self, rule: ClockRule, why: str) -> Reading:
        """Give the reading of a record that no date can honestly be worked out from."""
        return self._blank(
            rule, "unclear", reasons=(Reason(why, kind="caution"),), cautions=(why, *self._cautions(rule.stage, why))
        )

    def _trouble(self, stage: Stage) -> str | None:
        """Say what makes every clock of a stage unreadable, or None."""
        if self.history.circular:
            return "Corrections replace one another in a circle."
        for fault in self.faults:
            if fault.stage == stage.key and fault.breaks:
                return f"{fault.sentence} {fault.do}"
        selecting = self.history.first(self.edition.selected_by) or next(iter(self.history.dated), None)
        if selecting is not None and day_of(selecting) < self.edition.in_force_from:
            return (
                f"{NAMED.get(selecting.kind, 'Begun')} on {dates.say(day_of(selecting))}, before the edition was in "
                f"force on {dates.say(self.edition.in_force_from)}. {self.edition.between}"
            )
        return None

    def _cautions(self, stage: str, *already: str) -> tuple[str, ...]:
        said = [fault.sentence for fault in self.faults if fault.stage == stage]
        said += self.history.cautions
        return tuple(text for text in dict.fromkeys(said) if not any(text in done for done in already))

    def _blank(self, rule: ClockRule, state: State, **more: Any) -> Reading:
        return Reading(
            name=rule.name,
            title=rule.title,
            stage=rule.stage,
            state=state,
            today=self.today,
            edition=self.edition.id,
            rule=rule,
            calendar=self.calendar,
            length=rule.limit,
            authority=rule.authority.cite,
            fingerprint=self.calendar.fingerprint,
            **more,
        )

    def _not_started(self, rule: ClockRule) -> Reading:
        stage = self.edition.stage(rule.stage)
        text = "Nothing has been received." if stage.opened_by == "received" else f"Nobody has asked for {stage.title}."
        return self._blank(rule, "not-started", reasons=(Reason(text),), cautions=self._cautions(rule.stage))

    def _base(self, rule: ClockRule, run: _Run) -> _Base:
        """Find the day 0 of a clock: the opening of the stage, or the acknowledgement bounded by its own limit."""
        opening = _opening(rule, run, self.edition)
        if rule.bounded_by is None:
            return _Base(run.day, (opening,))
        limiting = self.edition.clock(rule.bounded_by)
        limit = self.calendar.add(run.day, limiting.limit)
        acknowledged = run.first(rule.starts_with)
        day = day_of(acknowledged) if acknowledged is not None else None
        if day is not None and day <= limit:
            within = Reason(
                f"{limiting.words.done} on {dates.say(day)}, within the {dates.working_days(limiting.limit)} "
                f"that end on {dates.say(limit)}.",
                limiting.authority.cite,
                kind="start",
            )
            return _Base(day, (opening, within), acknowledged_on=day)
        return self._bounded(rule, limiting, run, opening, limit, day)

    def _bounded(
        self, rule: ClockRule, limiting: ClockRule, run: _Run, opening: Reason, limit: date, day: date | None
    ) -> _Base:
        """Find day 0 where the acknowledgement came late or not at all."""
        why = rule.bound_authority.cite if rule.bound_authority is not None else rule.authority.cite
        to_limit = self._counting(
            run.day, limiting.limit, limit, limiting.authority.cite, "the acknowledgement's limit"
        )
        if day is None:
            waiting = self.today <= limit
            text = (
                f"Not acknowledged yet. The clock starts with the acknowledgement, at the latest on {dates.say(limit)}."
                if waiting
                else f"No acknowledgement is on record. The clock runs from the limit for it, {dates.say(limit)}: "
                "cautious reading, so that a missing acknowledgement gains no time."
            )
            cautions = () if waiting else (f"Cautious reading: no acknowledgement is on record by {dates.say(limit)}.",)
            return _Base(
                limit,
                (opening, to_limit, Reason(text, why, kind="start")),
                bounded=True,
                provisional=waiting,
                cautions=cautions,
            )
        literal, cautious = self.calendar.add(day, rule.limit), self.calendar.add(limit, rule.limit)
        late = f"{limiting.words.done} on {dates.say(day)}, after the limit of {dates.say(limit)}."
        if self.settings.literal_response_start:
            text = (
                f"{late} The council reads the Code literally: the clock runs from the acknowledgement. "
                f"The cautious reading, from the limit, would give {dates.say(cautious)} before any extension."
            )
            return _Base(
                day,
                (opening, Reason(text, rule.authority.cite, kind="start")),
                acknowledged_on=day,
                literal=literal,
                cautious=cautious,
                cautions=(f"Literal reading, by the council's setting: {late}",),
            )
        text = (
            f"{late} The clock runs from that limit: cautious reading, so that a late acknowledgement gains no time. "
            f"The literal reading, from the acknowledgement, would give {dates.say(literal)} before any extension."
        )
        return _Base(
            limit,
            (opening, to_limit, Reason(text, why, kind="start")),
            bounded=True,
            acknowledged_on=day,
            literal=literal,
            cautious=cautious,
            cautions=(f"Cautious reading: {late[0].lower()}{late[1:]}",),
        )

    def _counting(self, start: date, days: int, due: date, authority: str, what: str = "") -> Reason:
        """Make the line of one count: so many working days after this day, and the days that were passed over."""
        skipped = tuple(Skipped(day, why) for day, why in self.calendar.skipped(start, due))
        said = f" ({what})" if what else ""
        text = f"{dates.working_days(days)} after {dates.say(start)}: {dates.say(due)}{said}."
        return Reason(text + passed_over(skipped, due), authority, "count", start, days, due, skipped)

    def _count(self, rule: ClockRule, base: _Base, due: date) -> tuple[Reason, ...]:
        return (self._counting(base.day, rule.limit, due, rule.authority.cite),)

    def _extend(self, rule: ClockRule, stage: Stage, run: _Run, first_due: date) -> _Extended:
        """Fold the extensions: each adds to the date due so far if given by then; a later one cures nothing."""
        due, days, promised = first_due, 0, None
        given: list[Given] = []
        reasons: list[Reason] = []
        if rule.extension is None:
            return _Extended(due, 0, (), None, ())
        for happening in run.after:
            if happening.kind == stage.answered_by or happening.kind in stage.ended_by:
                if _stands(happening, run, stage):
                    break
                continue
            if (
                happening.kind != "extended"
                or happening.data.get("clock") != rule.name
                or happening.working_days is None
            ):
                continue
            more, on = happening.working_days, day_of(happening)
            told = max(on, happening.told_on or on)
            counted = told <= due
            was = due if counted else (promised or due)
            now = self.calendar.add(was, more)
            reason = str(happening.data.get("reason") or "").strip()
            given.append(Given(on, more, reason, happening.told_on, counted, was, now))
            reasons.append(self._extension_line(rule, happening, told, was, now, counted))
            if counted:
                due, days = now, days + more
            else:
                promised = now
        return _Extended(due, days, tuple(given), promised, tuple(reasons))

    def _extension_line(
        self, rule: ClockRule, happening: Happening, told: date, was: date, now: date, counted: bool
    ) -> Reason:
        assert rule.extension is not None
        on = day_of(happening)
        more = happening.working_days or 0
        when = f"on {dates.say(on)}" if told == on else f"on {dates.say(on)} (the person was told on {dates.say(told)})"
        cite = rule.extension.authority.cite
        if not counted:
            text = (
                f"{dates.working_days(more)} more were taken {when}, after the date due: that does not cure the miss. "
                f"The new date, {dates.say(now)}, was promised."
            )
            return Reason(text, cite, "note")
        skipped = tuple(Skipped(day, why) for day, why in self.calendar.skipped(was, now))
        text = (
            f"Extended {when}, by the date due so far: {dates.working_days(more)} after {dates.say(was)} "
            f"is {dates.say(now)}."
        )
        return Reason(text + passed_over(skipped, now), cite, "extension", was, more, now, skipped)

    def _stand(
        self,
        rule: ClockRule,
        stage: Stage,
        run: _Run,
        base: _Base,
        first_due: date,
        counted: tuple[Reason, ...],
        extended: _Extended,
    ) -> Reading:
        """Say how the clock stands against its date due."""
        due = extended.due
        met = run.first(rule.ends_with, *rule.also_ends_with)
        ending = next(
            (h for h in run.after if h.kind in stage.ended_by and _stands(h, run, stage)),
            None,
        )
        if ending is not None and met is not None and run.after.index(ending) < run.after.index(met):
            met = None
        met_on = day_of(met) if met is not None else None
        ended_on = day_of(ending) if ending is not None and met is None else None
        state = _state(self.today, due, met_on, ended_on, waiting=base.provisional)
        until = met_on or ended_on or self.today
        cautions = [*base.cautions, *self._cautions(rule.stage)]
        if met is not None and met.kind in rule.also_ends_with:
            cautions.append("No separate acknowledgement is on record: the answer itself told the person.")
        over = rule.extension is not None and sum(one.working_days for one in extended.given) > rule.extension.cap
        if over and rule.extension is not None:
            cautions.append(
                f"Extended by {dates.working_days(sum(one.working_days for one in extended.given))} in all; the Code "
                f"allows no more than {rule.extension.cap} without good reason ({rule.extension.authority.cite})."
            )
        if not self.calendar.knows(max(due, until)):
            cautions.append(
                f"Bank holidays are known up to {self.calendar.known_to.year} only; later ones are not in this."
            )
        reading = self._blank(
            rule,
            state,
            due=due,
            first_due=first_due,
            promised=extended.promised,
            started_on=None if base.provisional else base.day,
            acknowledged_on=base.acknowledged_on,
            bounded=base.bounded,
            met_on=met_on,
            ended_on=ended_on,
            ended_by=NAMES.get(ending.kind, "") if ending is not None and met is None else "",
            day=None if base.provisional else self.calendar.between(base.day, until),
            extended_by=extended.days,
            extensions=extended.given,
            late_by=self.calendar.between(due, until) if state == "missed" else None,
            days_left=self.calendar.between(self.today, due) if state in ("running", "not-started") else None,
            over_cap=over,
            cautions=tuple(dict.fromkeys(cautions)),
            **self._both(rule, stage, run, base),
        )
        ended = _end_line(reading)
        notes = (*self._elsewhere(base.day, due), *self._doubts(rule), *self._convention(rule))
        return replace(
            reading,
            length=rule.limit + extended.days,
            reasons=(*base.reasons, *counted, *extended.reasons, *((ended,) if ended else ()), *notes),
        )

    def _both(self, rule: ClockRule, stage: Stage, run: _Run, base: _Base) -> dict[str, date | None]:
        """Give both dates, each with its own extensions, where a late acknowledgement makes two readings possible."""
        if base.literal is None or base.cautious is None:
            return {}
        return {
            "literal_due": self._extend(rule, stage, run, base.literal).due,
            "cautious_due": self._extend(rule, stage, run, base.cautious).due,
        }

    def _elsewhere(self, start: date, due: date) -> tuple[Reason, ...]:
        return tuple(
            Reason(f"{dates.say(day)} is a holiday elsewhere ({name}): it counts here.", kind="note")
            for day, name in self.calendar.counted_elsewhere(start, due)
        )

    def _doubts(self, rule: ClockRule) -> tuple[Reason, ...]:
        """Say which numbers nobody has seen on the authority's own page."""
        doubts = []
        if rule.authority.confirmed == "K":
            doubts.append(
                Reason(
                    f"The {dates.working_days(rule.limit)} are not confirmed: check them.",
                    rule.authority.cite,
                    "caution",
                )
            )
        return tuple(doubts)

    def _convention(self, rule: ClockRule) -> tuple[Reason, ...]:
        days = self.edition.working_days
        closures = (
            "Days on which the council is closed are left out, by its setting."
            if self.calendar.closures
            else "Days on which the council is closed count."
        )
        return (Reason(f"{days.says} {closures}", days.authority.cite, "note"),)


NAMED: dict[str, str] = {"received": "Received", "escalated": "Stage 2 was asked for"}


def passed_over(skipped: tuple[Skipped, ...], beside: date) -> str:
    """Say which weekdays were passed over: " 25 and 28 December are not working days (Christmas Day, …)."."""
    if not skipped:
        return ""
    said = dates.grouped([one.on for one in skipped], beside=beside)
    verb = "is not a working day" if len(skipped) == 1 else "are not working days"
    return f" {said} {verb} ({', '.join(one.why for one in skipped)})."


def _run(history: History, stage: Stage) -> _Run | None:
    """Find the run of a stage that counts: from its first opening, or the one after a refusal that did not last."""
    openings = history.all(stage.opened_by)
    if not openings:
        return None
    order = list(history.dated)
    start = openings[0]
    for opening in openings[1:]:
        between = order[order.index(start) : order.index(opening)]
        if any(happening.kind in stage.restarts_after for happening in between):
            start = opening
    day, turned = day_of(start), False
    if stage.opened_by == "received":
        turning = history.first("turned-into-complaint")
        told = turning.received_on if turning is not None else None
        if turning is not None and told is not None and told > day:
            day, turned = told, True
    # What was written while it was a request answers the request, not the complaint that it became.
    after = tuple(one for one in order[order.index(start) + 1 :] if not turned or day_of(one) >= day)
    return _Run(start, day, after, receipts=len(openings) if stage.opened_by == "received" else 1, turned=turned)


def _stands(ending: Happening, run: _Run, stage: Stage) -> bool:
    """Say whether an ending still holds: not reopened after it, and no request that became a complaint."""
    if ending.kind == stage.answered_by:
        return True
    later = run.after[run.after.index(ending) + 1 :]
    if ending.kind == "treated-as-request" and any(h.kind == "turned-into-complaint" for h in run.after):
        return False
    return not any(happening.kind in REVIVING and happening.kind == "reopened" for happening in later)


def _state(today: date, due: date, met_on: date | None, ended_on: date | None, *, waiting: bool) -> State:
    if met_on is not None:
        return "met" if met_on <= due else "missed"
    if ended_on is not None:
        return "ended" if ended_on <= due else "missed"
    if today > due:
        return "missed"
    return "not-started" if waiting else "running"


def _opening(rule: ClockRule, run: _Run, edition: Edition) -> Reason:
    """Make the line that says when the stage was opened; the hour makes no difference, the day after is day 1."""
    start = run.start
    if run.turned:
        text = (
            f"It was treated as a service request at first; the dissatisfaction reached the council on "
            f"{dates.say(run.day)}, and that is the date of receipt."
        )
    else:
        hour = f" at {dates.time(start.at)}" if start.at is not None and start.on is None else ""
        text = f"{NAMED.get(start.kind, start.kind.capitalize())} on {dates.say(run.day)}{hour}."
        if run.receipts > 1:
            text += f" It is the earliest of {run.receipts} receipts."
    return Reason(text + " The day after is day 1.", edition.working_days.authority.cite, kind="start")


def _end_line(reading: Reading) -> Reason | None:
    """Make the line that says how it ended, if it has."""
    rule = reading.rule
    if rule is None or reading.due is None:
        return None
    if reading.met_on is not None:
        done = f"{rule.words.done} on {dates.say(reading.met_on)}"
        if reading.state == "met":
            return Reason(f"{done}: in time.", kind="end")
        return Reason(f"{done}: {dates.days_late(reading.late_by or 0)}. {rule.on_miss}", kind="end")
    if reading.ended_on is not None:
        late = "" if reading.state == "ended" else " The date due had passed."
        return Reason(
            f"It was {reading.ended_by} on {dates.say(reading.ended_on)}: no answer is owed now.{late}", kind="end"
        )
    if reading.state == "missed":
        return Reason(f"Nothing is on record: {dates.days_late(reading.late_by or 0)}. {rule.on_miss}", kind="end")
    return None


def _advice(edition: Edition, rule: AdviceRule, history: History, calendar: WorkingCalendar, today: date) -> Reading:
    """Read one view on time, in calendar weeks from the first receipt to the last answer."""
    start = history.first(rule.starts_with)
    shared: dict[str, Any] = {
        "name": rule.name,
        "title": rule.title,
        "stage": "",
        "today": today,
        "edition": edition.id,
        "calendar": calendar,
        "is_advice": True,
        "authority": rule.authority.cite,
        "fingerprint": calendar.fingerprint,
    }
    if start is None:
        return Reading(state="not-started", reasons=(Reason("Nothing has been received."),), **shared)
    day = day_of(start)
    try:
        due = day + timedelta(weeks=rule.weeks)
    except OverflowError:
        return Reading(state="unclear", cautions=("No date can be worked out.",), **shared)
    final = edition.stages[-1]
    first = edition.stages[0]
    done = history.first(final.answered_by)
    if done is None and history.first(final.opened_by) is None:
        done = history.first(first.answered_by)
    met_on = day_of(done) if done is not None else None
    line = Reason(
        f"{rule.weeks} weeks after {dates.say(day)}: {dates.say(due)}. {rule.says}", rule.authority.cite, "note"
    )
    state = _state(today, due, met_on, None, waiting=False)
    return Reading(state=state, due=due, first_due=due, started_on=day, met_on=met_on, reasons=(line,), **shared)
