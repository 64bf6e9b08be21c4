"""What a reading says, in one sentence to staff and in plain words to the person who complained.

Example: "due Tuesday 8 December 2026: 10 working days after the acknowledgement of Tuesday 24 November 2026".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from redress.rulebook import dates
from redress.rulebook.lines import ASKED, NOUNS, moment, span

if TYPE_CHECKING:
    from redress.rulebook.editions import ClockRule
    from redress.rulebook.readings import Reading


def for_staff(reading: Reading) -> str:
    """Say the reading in one sentence without a full stop."""
    rule, due = reading.rule, reading.due
    if reading.state == "unclear":
        return f"unclear: {(reading.caution or 'the record needs mending').rstrip('.')}"
    if reading.state == "paused" and reading.paused_since is not None:
        asked = ASKED.get(reading.more.paused_by, "something is awaited")
        resumed = f"; {dates.say(reading.if_resumed)} if it came today" if reading.if_resumed else ""
        return f"no time runs since {dates.say(reading.paused_since)}: {_lower(asked)}{resumed}"
    if rule is None or due is None:
        if due is not None:
            return f"{'passed on' if reading.is_late else 'by'} {dates.say(due)}"
        return "not started"
    why = _why(reading, rule)
    said = moment(reading.due_at) if reading.due_at is not None else dates.say(due)
    if reading.state == "met" and reading.met_on is not None:
        return f"met: {_lower(rule.words.done)} on {dates.say(reading.met_on)}, the limit was {said}: {why}"
    if reading.state == "missed":
        late = "late" if rule.unit == "hours" else dates.days_late(reading.late_by or 0)
        if reading.met_on is not None:
            return f"{_lower(rule.words.done)} {_lower(late)}, on {dates.say(reading.met_on)}; due {said}: {why}"
        if reading.ended_on is not None:
            return f"{reading.ended_by} on {dates.say(reading.ended_on)}, after the date due, {said}: {why}"
        promised = f"; {dates.say(reading.promised)} was promised later" if reading.promised else ""
        return f"{_lower(late)}: was due {said}, {why}{promised}"
    if reading.state == "ended" and reading.ended_on is not None:
        if reading.ended_by == "over":
            asked_late = f"; {_lower(rule.words.done)} on {dates.say(reading.met_on)}" if reading.met_on else ""
            return f"the time ran out on {said}: {why}{asked_late}"
        return f"{reading.ended_by} on {dates.say(reading.ended_on)}, before the date due, {said}"
    if reading.state == "not-started":
        return f"starts with the {rule.words.start}; due {said} at the latest: {why}"
    return f"due {said}: {why}"


def _why(reading: Reading, rule: ClockRule) -> str:
    """Say what the date follows from."""
    if reading.which == "stated":
        return f"the date that the letter states{_extended(reading)}"
    if reading.which == "agreed":
        return f"as agreed; {_length(reading, rule)} {_since(rule)} {_start(reading, rule)} before that"
    resumed = ", less the days that don't count" if reading.which == "resumed" else ""
    return f"{_length(reading, rule)} {_since(rule)} {_start(reading, rule)}{resumed}{_extended(reading)}"


def _since(rule: ClockRule) -> str:
    return "commencing on" if rule.first_day == "same-day" and rule.unit != "hours" else "after"


def for_resident(reading: Reading) -> str:
    """Say the reading to the person who complained, in whole sentences; empty where nothing can be said."""
    rule, due = reading.rule, reading.due
    if reading.state == "paused" and reading.paused_since is not None:
        return f"We wrote to you on {dates.say(reading.paused_since)}. We will go on when we have heard from you."
    if rule is None or due is None or reading.state in ("unclear", "ended"):
        return ""
    words = rule.words
    if reading.met_on is not None:
        return f"We {words.resident_did} on {dates.say(reading.met_on)}."
    if reading.ended_on is not None:
        return ""
    if reading.state == "missed":
        text = f"We should have {words.resident_done} by {dates.say(due)}. We are late, and we are sorry."
        return (
            f"{text} We now expect to {words.resident_will} by {dates.say(reading.promised)}."
            if reading.promised
            else text
        )
    if reading.bounded:
        since = f"{dates.say(_zero(reading))}, the last day on which we should write to you first"
        if reading.acknowledged_on is None and reading.state == "not-started":
            text = f"We will {words.resident_will} by {dates.say(due)} at the latest."
            return f"{text} That is {_length(reading, rule)} after {since}.{_told(reading)}"
        since = f"{dates.say(_zero(reading))}, the last day on which we should have written to you first"
        text = f"We will {words.resident_will} by {dates.say(due)}."
        return f"{text} That is {_length(reading, rule)} after {since}.{_told(reading)}"
    if reading.which in ("stated", "agreed"):
        return f"We will {words.resident_will} by {dates.say(due)}."
    since = f"{words.resident_start} on {dates.say(_zero(reading))}"
    if reading.more.started_by:
        since = f"{dates.say(_zero(reading))}, when the {NOUNS.get(reading.more.started_by, 'matter')} came in"
    if _since(rule) != "after":
        return f"We will {words.resident_will} by {dates.say(due)} at the latest."
    start = since
    text = f"We will {words.resident_will} by {dates.say(due)}."
    if reading.extended_by:
        first = f" We first said {dates.say(reading.first_due)}," if reading.first_due else ""
        return f"{text}{first} {_length(reading, rule)} after {start}.{_told(reading)}"
    return f"{text} That is {_length(reading, rule)} after {start}."


def distance(reading: Reading) -> str:
    """Say how far from now: "In 2 working days", "3 working days late", "Met", "Not started"."""
    if reading.state == "missed":
        hours = reading.rule is not None and reading.rule.unit == "hours"
        return "Late" if hours else dates.days_late(reading.late_by or 0)
    if reading.state == "ended" and reading.ended_by == "over":
        return "Run out"
    if reading.state == "running" and reading.days_left is not None and reading.due is not None:
        if reading.days_left == 0 and reading.due > reading.today:
            return f"Due {dates.say(reading.due)}"
        return dates.days_to_go(reading.days_left)
    return reading.state_words


def _zero(reading: Reading) -> date:
    """Give day 0 of the count, also where the clock has not started yet."""
    return reading.zero or reading.started_on or reading.today


def _length(reading: Reading, rule: ClockRule) -> str:
    fresh = next((one for one in rule.fresh if one.begins_with == reading.more.started_by), None)
    if fresh is not None:
        return span(fresh.limit, fresh.unit)
    return span(rule.limit, rule.unit) if rule.limit is not None else "the time set"


def _start(reading: Reading, rule: ClockRule) -> str:
    started_at = reading.more.started_at
    zero = moment(started_at) if started_at is not None else dates.say(_zero(reading))
    if any(one.begins_with == reading.more.started_by and one.counted_from for one in rule.fresh):
        return zero
    if reading.more.started_by:
        return f"the {NOUNS.get(reading.more.started_by, 'new start')} of {zero}"
    if not reading.bounded:
        return f"the {rule.words.start} of {zero}"
    if reading.acknowledged_on is not None:
        return f"the {rule.words.start}'s limit of {zero} (it came late, on {dates.say(reading.acknowledged_on)})"
    return f"the {rule.words.start}'s limit of {zero}"


def _extended(reading: Reading) -> str:
    if not reading.extended_by:
        return ""
    return f", extended by {span(reading.extended_by, _unit(reading))}"


def _unit(reading: Reading) -> str:
    rule = reading.rule
    return rule.extension.unit if rule is not None and rule.extension is not None else "working-days"


def _told(reading: Reading) -> str:
    if not reading.extended_by:
        return ""
    counted = [one for one in reading.extensions if one.counted]
    on = dates.say(counted[-1].told_on or counted[-1].on)
    return f" We told you on {on} that we need {span(reading.extended_by, _unit(reading))} more."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
