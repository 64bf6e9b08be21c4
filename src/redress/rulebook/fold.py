"""The fold: one history read by one edition, clock by clock, with everything that may have changed a count.

It never raises on a stored history: what can't be true reads *unclear*, or is left out and said.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from redress.rulebook import dates
from redress.rulebook.calendar import OutsideCalendar, WorkingCalendar
from redress.rulebook.counting import Measure, count
from redress.rulebook.course import Course
from redress.rulebook.editions import Disregard, Restart
from redress.rulebook.framing import convention, limit_of, notes, opening, within
from redress.rulebook.happenings import REVIVING, Happening, History, day_of
from redress.rulebook.lines import KIND_WORDS, NAMED, late, span
from redress.rulebook.order import NAMES, Fault, faults
from redress.rulebook.plans import Plan, Ready
from redress.rulebook.readings import More, Reading, Reason, State, Which
from redress.rulebook.settings import Settings


class _Base(NamedTuple):
    """Where a count starts, and the lines that say how it got there."""

    day: date
    reasons: tuple[Reason, ...]
    bounded: bool = False
    provisional: bool = False
    literal: date | None = None
    cautious: date | None = None
    acknowledged_on: date | None = None
    cautions: tuple[str, ...] = ()
    which: Which = "first"


class _Run(NamedTuple):
    """One run of a clock: what opened it, and everything after that."""

    start: Happening
    day: date
    after: tuple[Happening, ...]
    receipts: int
    turned: bool = False

    def first(self, kinds: frozenset[str]) -> Happening | None:
        return next((happening for happening in self.after if happening.kind in kinds), None)


class Fold:
    """One history read by one edition: what the clocks share."""

    __slots__ = ("_faults", "calendar", "edition", "history", "ready", "settings", "today")

    def __init__(
        self, made: Ready, history: History, calendar: WorkingCalendar, today: date, settings: Settings
    ) -> None:
        self.ready = made
        self.edition = made.edition
        self.history = history
        self.calendar = calendar
        self.today = today
        self.settings = settings
        self._faults: tuple[Fault, ...] | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        if self._faults is None:
            self._faults = faults(self.edition, self.history)
        return self._faults

    def reading(self, plan: Plan) -> Reading:
        """Read one clock."""
        try:
            return self._wholly(plan)
        except OutsideCalendar as outside:
            return self.unclear(plan, f"No date can be worked out: {outside}.")

    def _selecting(self) -> Happening | None:
        for kind in self.edition.selected_by:
            found = self.history.first(kind)
            if found is not None:
                return found
        return next(iter(self.history.dated), None)

    def _wholly(self, plan: Plan) -> Reading:
        trouble = self._trouble(plan)
        if trouble is not None:
            return self.unclear(plan, trouble)
        run = _run(self.history, plan)
        if run is None:
            return self._not_started(plan)
        before = self._came_before(plan, run) or self._stated_too_early(plan, run)
        if before is not None:
            return self.unclear(plan, before)
        base = self._base(plan, run)
        course = self._course(plan, run, base.day)
        return self._stand(plan, run, base, course)

    def unclear(self, plan: Plan, why: str) -> Reading:
        """Give the reading of a record that no date can honestly be worked out from."""
        cautions = (why, *self._cautions(plan, why))
        return self._blank(plan, "unclear", (Reason("caution", why),), cautions)

    def _blank(self, plan: Plan, state: State, reasons: tuple[Reason, ...], cautions: tuple[str, ...]) -> Reading:
        return Reading(
            plan.rule,
            self.edition.id,
            self.calendar,
            self.today,
            state,
            reasons=reasons,
            more=More(cautions=cautions),
        )

    def _trouble(self, plan: Plan) -> str | None:
        """Say what makes a clock unreadable, or None."""
        if self.history.circular:
            return "Corrections replace one another in a circle."
        own = plan.hears if plan.limiting is not None else plan.hears - plan.starts
        for fault in self.faults:
            heard = plan.hears if fault.happening.day is None else own
            if fault.breaks and fault.happening.kind in heard and not self._answers(plan, fault.happening):
                return f"{fault.sentence} {fault.do}"
        selecting = self._selecting()
        if selecting is not None and day_of(selecting) < self.edition.in_force_from:
            named = NAMED.get(selecting.kind, KIND_WORDS(selecting.kind))
            return (
                f"{named} on {dates.say(day_of(selecting))}, before the edition was in force on "
                f"{dates.say(self.edition.in_force_from)}. {self.edition.between}"
            )
        return None

    def _answers(self, plan: Plan, happening: Happening) -> bool:
        """Say whether a happening ends a clock whose own start stands before it.

        Then the clock can be read, even where what opened the stage is not on record.
        """
        if plan.limiting is not None or happening.day is None or happening.kind not in plan.ends:
            return False
        before = self.history.dated[: self.history.dated.index(happening)]
        return any(one.kind in plan.starts for one in before)

    def _came_before(self, plan: Plan, run: _Run) -> str | None:
        """Say that what ends a clock stands before what starts it, where nothing after the start ends it."""
        if run.turned or plan.begins_again or run.first(plan.ends) is not None:
            return None
        place = self.history.dated.index(run.start)
        for happening in self.history.dated[:place]:
            if happening.kind in plan.ends:
                return (
                    f"{NAMED.get(happening.kind, KIND_WORDS(happening.kind))} on {dates.say(day_of(happening))}, "
                    f"before what starts this clock, on {dates.say(run.day)}. Check both dates, and correct the wrong "
                    "one."
                )
        return None

    def _cautions(self, plan: Plan, *already: str) -> tuple[str, ...]:
        said = [fault.sentence for fault in self.faults if fault.stage == plan.rule.stage]
        said += self.history.cautions
        return tuple(text for text in dict.fromkeys(said) if not any(text in done for done in already))

    def _not_started(self, plan: Plan) -> Reading:
        """Give the reading of a clock that nothing has started; unclear where it was ended all the same."""
        ended = next((one for one in self.history.dated if one.kind in plan.ends), None)
        if ended is not None and plan.rule.owed_by == "council" and plan.rule.stage == self.edition.stages[0].key:
            return self.unclear(
                plan,
                f"{NAMED.get(ended.kind, KIND_WORDS(ended.kind))} on {dates.say(day_of(ended))}, but what starts this "
                "clock is not on record. Record it, with its date.",
            )
        opened_by = plan.stage.opened_by
        if opened_by == "received" and opened_by in plan.opener:
            text = "Nothing has been received."
        elif opened_by == "escalated" and opened_by in plan.opener:
            text = f"Nobody has asked for {plan.stage.title}."
        else:
            text = f"It starts with the {plan.rule.words.start}, which is not on record."
        return self._blank(plan, "not-started", (Reason("note", text),), self._cautions(plan))

    def _base(self, plan: Plan, run: _Run) -> _Base:
        """Find the day 0 of a clock: its start, or the acknowledgement bounded by its own limit."""
        opened = opening(plan, run.start, run.day, run.receipts, turned=run.turned)
        if plan.limiting is None:
            if (
                plan.rule.receipt_may_roll
                and self.settings.receipt_rolls_forward
                and not self.calendar.is_working(run.day)
            ):
                then = self.calendar.next_working(run.day)
                rolled = Reason("start", "receipt-rolled", plan.cite, run.day, due=then)
                return _Base(then, (opened, rolled))
            return _Base(run.day, (opened,))
        limit = limit_of(plan, self.calendar, run.day)
        acknowledged = run.first(plan.starts)
        day = day_of(acknowledged) if acknowledged is not None else None
        if day is not None and day <= limit:
            return _Base(day, (opened, within(plan, day, limit)), acknowledged_on=day)
        return self._bounded(plan, run, opened, limit, day)

    def _bounded(self, plan: Plan, run: _Run, opened: Reason, limit: date, day: date | None) -> _Base:
        """Find day 0 where the acknowledgement came late or not at all."""
        rule, limiting = plan.rule, plan.limiting
        assert limiting is not None and plan.limiting_measure is not None and plan.measure is not None
        why = rule.bound_authority.cite if rule.bound_authority is not None else plan.cite
        to_limit = count(
            run.day,
            plan.limiting_measure,
            self.calendar,
            limiting.authority.cite,
            note="the acknowledgement's limit",
        ).lines
        if day is None:
            waiting = self.today <= limit
            line = Reason("start", "bound-waiting" if waiting else "bound-missing", why, due=limit)
            cautions = () if waiting else (f"Cautious reading: no acknowledgement is on record by {dates.say(limit)}.",)
            return _Base(
                limit,
                (opened, *to_limit, line),
                bounded=True,
                provisional=waiting,
                cautions=cautions,
                which="first" if waiting else "cautious",
            )
        done = limiting.words.done
        literal = count(day, plan.measure, self.calendar, plan.cite).due
        cautious = count(limit, plan.measure, self.calendar, plan.cite).due
        said = late(done, day, limit)
        if self.settings.literal_response_start:
            return _Base(
                day,
                (opened, Reason("start", "literal", plan.cite, due=day, more=(done, day, limit, cautious))),
                acknowledged_on=day,
                literal=literal,
                cautious=cautious,
                cautions=(f"Literal reading, by the council's setting: {said}",),
                which="literal",
            )
        return _Base(
            limit,
            (opened, *to_limit, Reason("start", "bound-late", why, due=limit, more=(done, day, limit, literal))),
            bounded=True,
            acknowledged_on=day,
            literal=literal,
            cautious=cautious,
            cautions=(f"Cautious reading: {said[0].lower()}{said[1:]}",),
            which="cautious",
        )

    def _course(self, plan: Plan, run: _Run, zero: date) -> Course:
        """Fold what changed the count, in order, until the clock ends."""
        rule = plan.rule
        measure = plan.measure or Measure(0, rule.unit, rule.first_day, rule.roll)
        course = Course(plan, self.history, self.calendar, self.today, zero, measure)
        if rule.unit == "hours":
            course.at = run.start.at
            if course.at is None or run.start.on is not None:
                course.at = datetime.combine(run.day, time())
                course.cautions = ("The hour is not on record: counted from the start of the day.",)
        course.stated = run.start.by if rule.stated else None
        if course.stated is not None:
            course.which = "stated"
        for happening in run.after:
            kind = happening.kind
            if kind in plan.ends or (kind in plan.enders and self._stands(happening, run, plan)):
                break
            if kind in plan.changing:
                course.change(happening)
        course.lapse()
        return course

    def _stated_too_early(self, plan: Plan, run: _Run) -> str | None:
        """Say that the date that a letter states lies before the letter, or None."""
        stated = run.start.by if plan.rule.stated else None
        if stated is None or stated >= run.day:
            return None
        return (
            f"The date stated, {dates.say(stated)}, lies before {dates.say(run.day)}, when the letter came. Check both "
            "dates, and correct the wrong one."
        )

    def _stand(self, plan: Plan, run: _Run, base: _Base, course: Course) -> Reading:
        """Say how the clock stands against its date due."""
        rule = plan.rule
        met, ending = self._ends(plan, run)
        met_on = day_of(met) if met is not None else None
        ended_on = day_of(ending) if ending is not None and met is None else None
        ended_by = NAMES.get(ending.kind, "ended") if ending is not None and met is None else ""
        if course.lapsed_on is not None and met_on is None and ended_on is None:
            ended_on, ended_by = course.lapsed_on, "lapsed"
        cautions = [*base.cautions, *course.cautions, *self._cautions(plan)]
        if course.stated is None and plan.measure is None and course.restarted == "":
            why = "The letter states no date, or none is on record, and there is no usual one. Give the date."
            return self.unclear(plan, why)
        if course.waiting and met_on is None and ended_on is None:
            return self._paused(plan, base, course, cautions)
        if course.waiting:
            course = course.as_if_answered(met_on or ended_on or self.today)
        counted = course.due()
        due = counted.due
        reached = counted.due_at is not None and met is not None and met.at is not None and met.on is None
        in_time = None
        if reached and counted.due_at is not None and met is not None and met.at is not None:
            done_at = met.at.replace(tzinfo=met.at.tzinfo or dates.LONDON)
            in_time = done_at.astimezone(UTC) <= counted.due_at.astimezone(UTC)
        state = state_of(self.today, due, met_on, ended_on, waiting=base.provisional, in_time=in_time)
        if rule.owed_by == "person" and state == "missed":
            state, ended_on = "ended", due
            ended_by = "over"
        if met is not None and met.kind in rule.also_ends_with and rule.ends_with == plan.stage.acknowledged_by:
            cautions.append("No separate acknowledgement is on record: the answer itself told the person.")
        over = self._over(plan, course)
        if over:
            cautions.append(over)
        until = met_on or ended_on or self.today
        if not self.calendar.knows(max(due, until)):
            cautions.append(
                f"Bank holidays are known up to {self.calendar.known_to.year} only; later ones are not in this."
            )
        literal, cautious = self._both(plan, run, base)
        if rule.cautious is not None and course.restarted == "":
            assert plan.measure is not None
            narrow = Measure(plan.measure.amount, rule.unit, rule.cautious.first_day, rule.cautious.roll)
            cautious = count(course.zero, narrow, self.calendar, rule.cautious.authority.cite).due
            if state == "running":
                cautions.append(f"{rule.cautious.says} That would be {dates.say(cautious)}: aim for it.")
        end = Reason("end", "ended", more=(rule, self.calendar, state, due, met_on, self.today, ended_on, ended_by))
        started = None if base.provisional else course.zero
        which = base.which if course.which == "first" else course.which
        reasons = (
            *base.reasons,
            *(note for note in course.notes if note.kind == "start"),
            *counted.lines,
            *(note for note in course.notes if note.kind != "start"),
            *((end,) if met_on or ended_on or state == "missed" else ()),
            *notes(plan, self.calendar, course.zero, due, cite=course.cite),
        )
        more = More(
            literal_due=literal,
            cautious_due=cautious,
            promised=course.promised,
            acknowledged_on=base.acknowledged_on,
            bounded=base.bounded,
            ended_by=ended_by,
            extended_by=sum(one.amount for one in course.given if one.counted),
            extensions=course.given,
            over_cap=bool(over),
            due_at=counted.due_at,
            started_at=course.at,
            which=which,
            started_by=course.restarted,
            cautions=tuple(dict.fromkeys(cautions)),
        )
        return Reading(
            rule,
            self.edition.id,
            self.calendar,
            self.today,
            state,
            due,
            course.without_added().due().due,
            course.zero,
            started,
            met_on,
            ended_on,
            reasons,
            more,
        )

    def _stands(self, ending: Happening, run: _Run, plan: Plan) -> bool:
        """Say whether an ending holds: not undone later, and in time where only that counts."""
        if ending.kind in plan.stage.ended_in_time_by:
            others = (one for one in self.ready.plans.values() if one.rule.ends_with == ending.kind and one is not plan)
            if not any(self._wholly(other).state == "met" for other in others):
                return False
        return _stands(ending, run)

    def _ends(self, plan: Plan, run: _Run) -> tuple[Happening | None, Happening | None]:
        """Find what met the clock, or what ended it without an answer, whichever came first."""
        met = run.first(plan.ends)
        ending = next((one for one in run.after if one.kind in plan.enders and self._stands(one, run, plan)), None)
        if ending is not None and met is not None and run.after.index(ending) < run.after.index(met):
            met = None
        return met, ending

    def _over(self, plan: Plan, course: Course) -> str:
        """Say that more time was taken than a soft cap allows without good reason, or nothing."""
        rule = plan.rule.extension
        if rule is None or not rule.soft:
            return ""
        total = sum(one.amount for one in course.given)
        if total <= rule.cap:
            return ""
        return (
            f"Extended by {span(total, rule.unit)} in all; the Code allows no more than {rule.cap} without good reason "
            f"({rule.authority.cite})."
            if plan.limiting is not None
            else f"Extended by {span(total, rule.unit)} in all; no more than {span(rule.cap, rule.unit)} is usual "
            f"without good reason ({rule.authority.cite})."
        )

    def _paused(self, plan: Plan, base: _Base, course: Course, cautions: list[str]) -> Reading:
        """Read a clock that stands still because something is awaited."""
        first, _ = course.waiting[0]
        since = day_of(first)
        resumed = course.as_if_answered(max(self.today, *(day_of(asked) for asked, _ in course.waiting))).due().due
        lines = []
        for asked, wanted in course.waiting:
            anew = isinstance(wanted, Restart)
            lines.append(Reason("start", "waiting", wanted.authority.cite, day_of(asked), more=(asked.kind, anew)))
            if isinstance(wanted, Disregard) and wanted.lapses_after is not None:
                measure = Measure(wanted.lapses_after, wanted.lapses_unit, wanted.lapses_first_day, "none")
                ends = count(day_of(asked), measure, self.calendar, wanted.authority.cite).due
                cautions.append(f"Without it the request lapses after {dates.say(ends)}.")
        more = More(
            acknowledged_on=base.acknowledged_on,
            extended_by=sum(one.amount for one in course.given if one.counted),
            extensions=course.given,
            paused_since=since,
            paused_by=first.kind,
            if_resumed=resumed,
            which=course.which,
            started_by=course.restarted,
            cautions=tuple(dict.fromkeys(cautions)),
        )
        reasons = (*base.reasons, *course.notes, *lines, *plan.static, convention(plan, self.calendar))
        return Reading(
            plan.rule,
            self.edition.id,
            self.calendar,
            self.today,
            "paused",
            zero=course.zero,
            started_on=course.zero,
            reasons=reasons,
            more=more,
        )

    def _both(self, plan: Plan, run: _Run, base: _Base) -> tuple[date | None, date | None]:
        """Give both dates, each with its own extensions, where a late acknowledgement makes two readings possible."""
        if base.literal is None or base.cautious is None or base.acknowledged_on is None:
            return None, None
        limit = limit_of(plan, self.calendar, run.day)
        literal = self._course(plan, run, base.acknowledged_on).due().due
        return literal, self._course(plan, run, limit).due().due


def _run(history: History, plan: Plan) -> _Run | None:
    """Find the run of a clock that counts: from its first start, or the one after what lets it begin again."""
    order = history.dated
    starts = [place for place, one in enumerate(order) if one.kind in plan.opener]
    if not starts:
        return None
    place = starts[0]
    for later in starts[1:]:
        if any(one.kind in plan.begins_again for one in order[place + 1 : later]):
            place = later
    start = order[place]
    day, turned = day_of(start), False
    if start.kind == "received":
        turning = history.first("turned-into-complaint")
        told = turning.received_on if turning is not None else None
        if turning is not None and told is not None and told > day:
            day, turned = told, True
    # What was written while it was a request answers the request, not the complaint that it became.
    after = tuple(one for one in order[place + 1 :] if not turned or day_of(one) >= day)
    return _Run(start, day, after, len(starts) if start.kind == "received" else 1, turned)


def _stands(ending: Happening, run: _Run) -> bool:
    """Say whether an ending still holds: not reopened after it, and no request that became a complaint."""
    later = run.after[run.after.index(ending) + 1 :]
    if ending.kind == "treated-as-request" and any(h.kind == "turned-into-complaint" for h in run.after):
        return False
    return not any(happening.kind in REVIVING and happening.kind == "reopened" for happening in later)


def state_of(
    today: date,
    due: date,
    met_on: date | None,
    ended_on: date | None,
    *,
    waiting: bool,
    in_time: bool | None = None,
) -> State:
    if met_on is not None:
        return "met" if (met_on <= due if in_time is None else in_time) else "missed"
    if ended_on is not None:
        return "ended" if ended_on <= due else "missed"
    if today > due:
        return "missed"
    return "not-started" if waiting else "running"
