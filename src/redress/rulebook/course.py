"""The count of one clock as it goes: where it starts, how long it is, what doesn't count, what was added.

Each happening that may change a count changes the course; `due` works out the date from where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from redress.rulebook import dates
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.counting import Away, Counted, Measure, count, hours_on
from redress.rulebook.editions import Disregard, Restart
from redress.rulebook.happenings import Happening, History, day_of
from redress.rulebook.lines import KIND_WORDS, NAMED, span
from redress.rulebook.plans import Plan, away_why
from redress.rulebook.readings import Given, Reason, Which


@dataclass
class Course:
    """Where a count stands after what has been taken in.

    `stated` is a date that the letter states; `away` what doesn't count; `added` extensions and agreements in order;
    `waiting` the questions that are open, `refused` one that came too late; `restarted` the happening that began the
    count anew; `cite` the authority of a new time of its own; `lapsed_on` the day since when nothing is owed.
    """

    plan: Plan
    history: History
    calendar: WorkingCalendar
    today: date
    zero: date
    measure: Measure
    at: datetime | None = None
    stated: date | None = None
    away: tuple[Away, ...] = ()
    added: tuple[tuple[str, int, date | None, tuple[Any, ...]], ...] = ()
    waiting: tuple[tuple[Happening, Restart | Disregard], ...] = ()
    refused: Happening | None = None
    promised: date | None = None
    given: tuple[Given, ...] = ()
    notes: tuple[Reason, ...] = ()
    cautions: tuple[str, ...] = ()
    restarted: str = ""
    cite: str = ""
    which: Which = "first"
    lapsed_on: date | None = None

    def change(self, happening: Happening) -> None:
        """Take one happening that may change the count."""
        kind = happening.kind
        if kind == "extended":
            self._extend(happening)
        elif kind == "date-agreed":
            self._agree(happening)
        elif kind in self.plan.fresh:
            fresh = self.plan.fresh[kind]
            since = self._counted_from(fresh.counted_from)
            self.zero, self.cite = since or day_of(happening), fresh.authority.cite
            self.measure = Measure(fresh.limit, fresh.unit, fresh.first_day, fresh.roll)
            self.stated, self.away, self.added, self.waiting = None, (), (), ()
            self.notes += (
                Reason(
                    "start", "fresh", fresh.authority.cite, day_of(happening), due=self.zero,
                    more=(kind, fresh.counted_from if since is not None else ""),
                ),
            )  # fmt: skip
            self.restarted, self.which, self.promised = kind, "fresh", None
        elif kind in self.plan.restarts or kind in self.plan.disregards:
            self._ask(happening)
        else:
            self._answer(happening)

    def _counted_from(self, kind: str | None) -> date | None:
        """Give the day from which a new time is counted, bounded by the limit for it: lateness gains nothing."""
        if kind is None:
            return None
        happened = self.history.first(kind)
        day = happened.day if happened is not None else None
        for other in self.plan.ready.plans.values():
            started = next((one for one in self.history.dated if one.kind in other.starts), None)
            if other.rule.ends_with == kind and other.measure is not None and started is not None:
                limit = count(day_of(started), other.measure, self.calendar, other.cite).due
                day = limit if day is None else min(day, limit)
        return day

    def _ask(self, happening: Happening) -> None:
        """Take in a question or a notice, from which no time runs if it came by the date due."""
        asked: Restart | Disregard | None = self.plan.restarts.get(happening.kind) or self.plan.disregards.get(
            happening.kind
        )
        assert asked is not None
        if any(one is asked for _, one in self.waiting):
            return
        on, so_far = day_of(happening), self.due().due
        if on > so_far and not self.waiting:
            self.refused = happening
            self.notes += (Reason("note", "asked-late", asked.authority.cite, on, more=(happening.kind, so_far)),)
            return
        self.waiting = (*self.waiting, (happening, asked))

    def _answer(self, happening: Happening) -> None:
        """Take in an answer or a payment, from which time runs again."""
        on = day_of(happening)
        restart, disregard = self.plan.resumes.get(happening.kind), self.plan.finishes.get(happening.kind)
        wanted = restart or disregard
        assert wanted is not None
        asked = next((asking for asking, one in self.waiting if one is wanted), None)
        if asked is None:
            if self.refused is None:
                self.cautions += (
                    f"{NAMED.get(happening.kind, KIND_WORDS(happening.kind))} on {dates.say(on)}, but nothing had been "
                    "asked for: it changes nothing.",
                )
            return
        if isinstance(wanted, Restart):
            self.waiting = tuple(one for one in self.waiting if one[1] is not wanted)
            self.zero, self.stated, self.away, self.added, self.given = on, None, (), (), ()
            self.restarted, self.which = happening.kind, "restarted"
            self.notes += (
                Reason("start", "restarted", wanted.authority.cite, due=on, more=(happening.kind, day_of(asked))),
            )
            return
        self.lapse(on)
        if self.lapsed_on is not None:
            self.cautions += (
                f"{NAMED.get(happening.kind, KIND_WORDS(happening.kind))} on {dates.say(on)}, after that had lapsed on "
                f"{dates.say(self.lapsed_on)}: log it as a new request.",
            )
            return
        self.waiting = tuple(one for one in self.waiting if one[1] is not wanted)
        why = away_why(wanted) if self.plan.rule.unit == "working-days" else wanted.says.rstrip(".")
        self.away += (Away(day_of(asked), on, why),)
        self.which = "resumed"

    def lapse(self, until: date | None = None) -> None:
        """Say since when nothing is owed any more because what was asked for never came."""
        for asked, wanted in self.waiting:
            if not isinstance(wanted, Disregard) or wanted.lapses_after is None or self.lapsed_on is not None:
                continue
            measure = Measure(wanted.lapses_after, wanted.lapses_unit, wanted.lapses_first_day, "none")
            ends = count(day_of(asked), measure, self.calendar, wanted.authority.cite).due
            if (until or self.today) > ends:
                self.lapsed_on = ends

    def _extend(self, happening: Happening) -> None:
        """Take in an extension: it adds to the date due so far if it was given by then; a later one cures nothing."""
        rule = self.plan.rule.extension
        if rule is None or happening.data.get("clock") != self.plan.rule.name:
            return
        more = happening.amount(rule.unit)
        if more is None:
            return
        on = day_of(happening)
        told = max(on, happening.told_on or on)
        so_far = self.due().due
        counted = bool(self.waiting) or told <= so_far
        taken = sum(one.amount for one in self.given if one.counted)
        cap: tuple[int, str] | None = None
        allowed = more
        if not rule.soft and taken + more > rule.cap:
            cap, allowed = (rule.cap, rule.unit), max(0, rule.cap - taken)
        reason = str(happening.data.get("reason") or "").strip()
        cite = rule.authority.cite
        if counted:
            if cap is not None:
                self.cautions += (
                    f"Extended by {span(taken + more, rule.unit)} in all; no more than {span(rule.cap, rule.unit)} may "
                    f"be added ({cite}): the rest does not count.",
                )
            if allowed:
                self.added += (("add", allowed, None, (on, told, cap)),)
                self.which = "extended"
            now = self.due().due
            self.given += (Given(on, allowed, rule.unit, reason, happening.told_on, True, so_far, now),)
            return
        was = self.promised or so_far
        if rule.counts_from == "start":
            now = count(self.zero, self.measure.longer(taken + allowed), self.calendar, cite, away=self.away).due
        else:
            now = count(was, Measure(more, rule.unit, "day-after", self.plan.rule.roll), self.calendar, cite).due
        self.given += (Given(on, more, rule.unit, reason, happening.told_on, False, was, now),)
        self.notes += (Reason("note", "extended-late", cite, more=(on, told, more, rule.unit, now)),)
        self.promised = now

    def _agree(self, happening: Happening) -> None:
        """Take in a later date on which both sides agreed."""
        assert self.plan.agreed is not None
        named = happening.data.get("clock")
        until, on = happening.until, day_of(happening)
        if named is not None and named != self.plan.rule.name:
            return
        if until is None:
            self.cautions += (f"The agreement of {dates.say(on)} does not say until when.",)
            return
        so_far = self.due().due
        cite = self.plan.agreed.authority.cite
        if not self.waiting and on > so_far:
            self.promised = until
            self.notes += (Reason("note", "agreed-late", cite, more=(on, until)),)
        elif until > so_far:
            self.added += (("until", 0, until, (on,)),)
            self.which = "agreed"

    def due(self, away: tuple[Away, ...] | None = None) -> Counted:
        """Work out the date due from the course so far, with its lines."""
        stretches = self.away if away is None else away
        if self.plan.rule.unit == "hours" and self.restarted == "" and self.at is not None:
            counted = self._hours()
        elif self.stated is not None:
            usual = (self.plan.measure.amount, self.plan.measure.unit) if self.plan.measure is not None else ()
            line = Reason("count", "stated", self.plan.cite, self.zero, None, None, self.stated, (), (usual,))
            counted = Counted(self.stated, (line,))
        else:
            cite = self.cite or self.plan.cite
            counted = count(self.zero, self.measure, self.calendar, cite, away=stretches)
        lines, so_far, extra = list(counted.lines), counted.due, 0
        extension = self.plan.rule.extension
        for what, amount, until, more in self.added:
            if what == "until" and until is not None:
                if until > so_far:
                    assert self.plan.agreed is not None
                    lines.append(
                        Reason("agreed", "agreed", self.plan.agreed.authority.cite, so_far, due=until, more=more)
                    )
                    so_far = until
                continue
            assert extension is not None
            cite = extension.authority.cite
            if extension.counts_from == "start" and self.stated is None:
                extra += amount
                longer = self.measure.longer(extra)
                again = count(self.zero, longer, self.calendar, cite, away=stretches, kind="extension")
                first = again.lines[0]._replace(says="extended-from-start", more=(*more, amount, extension.unit))
                lines += (first, *again.lines[1:])
                so_far = max(again.due, so_far)
            else:
                measure = Measure(amount, extension.unit, "day-after", self.plan.rule.roll)
                again = count(so_far, measure, self.calendar, cite, away=stretches, kind="extension")
                first = again.lines[0]._replace(says="extended", more=more)
                lines += (first, *again.lines[1:])
                so_far = again.due
        return Counted(so_far, tuple(lines), counted.due_at)

    def _hours(self) -> Counted:
        assert self.at is not None and self.plan.measure is not None
        start = self.at if self.at.tzinfo is not None else self.at.replace(tzinfo=dates.LONDON)
        end = hours_on(start, self.plan.measure.amount)
        changed = start.astimezone(dates.LONDON).utcoffset() != end.utcoffset()
        note = " The clocks change in between: the hours that pass are counted." if changed else ""
        line = Reason(
            "count",
            "count",
            self.plan.cite,
            start,
            self.plan.measure.amount,
            "hours",
            end,
            (),
            ("same-day", False, note),
        )
        return Counted(dates.london_day(end), (line,), end)

    def as_if_answered(self, on: date) -> Course:
        """Give the course as it would be if everything that is awaited had come on a day."""
        copy = replace(self, waiting=())
        if any(isinstance(wanted, Restart) for _, wanted in self.waiting):
            copy.zero, copy.stated, copy.away, copy.added = on, None, (), ()
        for asked, wanted in self.waiting:
            if isinstance(wanted, Disregard):
                why = away_why(wanted) if self.plan.rule.unit == "working-days" else wanted.says.rstrip(".")
                copy.away = (*copy.away, Away(day_of(asked), max(on, day_of(asked)), why))
        return copy

    def without_added(self) -> Course:
        """Give the course as it was before anything was added."""
        return replace(self, added=()) if self.added else self
