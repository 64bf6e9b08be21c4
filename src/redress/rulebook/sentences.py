"""What a reading says, in one sentence to staff and in plain words to the person who complained.

Example: "due Tuesday 8 December 2026: 10 working days after the acknowledgement of Tuesday 24 November 2026".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from redress.rulebook import dates

if TYPE_CHECKING:
    from redress.rulebook.editions import ClockRule
    from redress.rulebook.readings import Reading


def for_staff(reading: Reading) -> str:
    """Say the reading in one sentence without a full stop."""
    rule, due = reading.rule, reading.due
    if reading.state == "unclear":
        return f"unclear: {(reading.caution or 'the record needs mending').rstrip('.')}"
    if rule is None or due is None:
        if due is not None:
            return f"{'passed on' if reading.is_late else 'by'} {dates.say(due)}"
        return "not started"
    why = f"{_length(reading, rule)} after {_start(reading, rule)}{_extended(reading)}"
    if reading.state == "met" and reading.met_on is not None:
        return f"met: {_lower(rule.words.done)} on {dates.say(reading.met_on)}, the limit was {dates.say(due)}: {why}"
    if reading.state == "missed":
        late = dates.days_late(reading.late_by or 0)
        if reading.met_on is not None:
            return (
                f"{_lower(rule.words.done)} {_lower(late)}, on {dates.say(reading.met_on)}; due {dates.say(due)}: {why}"
            )
        if reading.ended_on is not None:
            return f"{reading.ended_by} on {dates.say(reading.ended_on)}, after the date due, {dates.say(due)}: {why}"
        promised = f"; {dates.say(reading.promised)} was promised later" if reading.promised else ""
        return f"{_lower(late)}: was due {dates.say(due)}, {why}{promised}"
    if reading.state == "ended" and reading.ended_on is not None:
        return f"{reading.ended_by} on {dates.say(reading.ended_on)}, before the date due, {dates.say(due)}"
    if reading.state == "not-started":
        return f"starts with the {rule.words.start}; due {dates.say(due)} at the latest: {why}"
    return f"due {dates.say(due)}: {why}"


def for_resident(reading: Reading) -> str:
    """Say the reading to the person who complained, in whole sentences; empty where nothing can be said."""
    rule, due = reading.rule, reading.due
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
    start = f"{words.resident_start} on {dates.say(_zero(reading))}"
    text = f"We will {words.resident_will} by {dates.say(due)}."
    if reading.extended_by:
        first = f" We first said {dates.say(reading.first_due)}," if reading.first_due else ""
        return f"{text}{first} {_length(reading, rule)} after {start}.{_told(reading)}"
    return f"{text} That is {_length(reading, rule)} after {start}."


def distance(reading: Reading) -> str:
    """Say how far from now: "In 2 working days", "3 working days late", "Met", "Not started"."""
    if reading.state == "missed":
        return dates.days_late(reading.late_by or 0)
    if reading.state == "running" and reading.days_left is not None and reading.due is not None:
        if reading.days_left == 0 and reading.due > reading.today:
            return f"Due {dates.say(reading.due)}"
        return dates.days_to_go(reading.days_left)
    return reading.state_words


def _zero(reading: Reading) -> date:
    """Give day 0 of the count, also where the clock has not started yet."""
    for reason in reversed(reading.reasons):
        if reason.kind == "count" and reason.start is not None:
            return reason.start
    return reading.started_on or reading.today


def _length(reading: Reading, rule: ClockRule) -> str:
    return dates.working_days(rule.limit)


def _start(reading: Reading, rule: ClockRule) -> str:
    zero = dates.say(_zero(reading))
    if not reading.bounded:
        return f"the {rule.words.start} of {zero}"
    if reading.acknowledged_on is not None:
        return f"the {rule.words.start}'s limit of {zero} (it came late, on {dates.say(reading.acknowledged_on)})"
    return f"the {rule.words.start}'s limit of {zero}"


def _extended(reading: Reading) -> str:
    return f", extended by {dates.working_days(reading.extended_by)}" if reading.extended_by else ""


def _told(reading: Reading) -> str:
    if not reading.extended_by:
        return ""
    counted = [one for one in reading.extensions if one.counted]
    on = dates.say(counted[-1].told_on or counted[-1].on)
    return f" We told you on {on} that we need {dates.working_days(reading.extended_by)} more."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
