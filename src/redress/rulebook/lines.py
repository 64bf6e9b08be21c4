"""The words of a reason: one plain sentence for each kind of line, made only when somebody reads it.

A line carries its figures; the words follow from them, so that they can't disagree.

Example: "10 working days after Tuesday 24 November 2026: Tuesday 8 December 2026."
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from redress.rulebook import dates

if TYPE_CHECKING:
    from redress.rulebook.readings import Reason, Skipped

NAMED: dict[str, str] = {
    "received": "Received",
    "escalated": "Stage 2 was asked for",
    "stage-2-started": "Stage 2 began",
    "aware": "The council became aware of it",
    "review-requested": "A review was asked for",
    "panel-requested": "A review panel was asked for",
    "responded": "Answered",
    "acknowledged": "Acknowledged",
    "investigated": "The investigation ended",
    "works-identified": "It was found which works an emergency needs",
    "stage-2-adjudicated": "The adjudication of Stage 2 went out",
    "panel-met": "The panel met",
    "panel-reported": "The panel's report went out",
    "documents-asked": "Documents were asked for",
    "enquiries-received": "The enquiries came in",
    "evidence-asked": "Evidence was asked for",
    "draft-decision-received": "The draft decision came in",
    "public-report-received": "The public report came in",
    "remedy-agreed": "The remedy was agreed or ordered",
    "decision-notice-received": "The decision notice came in",
    "letter-of-claim-posted": "The letter of claim was posted",
    "letter-of-notification-received": "The letter of notification came in",
    "clarification-answered": "The clarification came in",
    "identity-proved": "The proof of identity came in",
    "authority-shown": "The proof of authority came in",
    "fee-paid": "The payment came in",
    "left-portal": "The claim left the portal",
    "response-period-set": "The time for the answer was set",
    "restricted": "Contact was restricted",
    "offer-received": "The offer came in",
    "proceedings-served": "Court papers were served",
    "disrepair-letter-received": "The disrepair letter came in",
    "appeal-requested": "The appeal came in",
    "notification-acknowledged": "The notification was acknowledged",
}

# What a restarted or fresh count is counted from, in the middle of a sentence.
NOUNS: dict[str, str] = {
    "clarification-answered": "clarification",
    "identity-proved": "proof of identity",
    "authority-shown": "proof of authority to act",
    "fee-paid": "payment",
    "left-portal": "claim’s leaving the portal",
}

ASKED: dict[str, str] = {
    "clarification-asked": "The person was asked to clarify",
    "identity-asked": "The person was asked to prove who they are",
    "authority-asked": "Proof of authority to act was asked for",
    "fee-notice-given": "The person was told what has to be paid first",
}


def say(reason: Reason) -> str:
    """Say a line in words."""
    return SENTENCES[reason.says](reason) if reason.says in SENTENCES else reason.says


@lru_cache(maxsize=2000)
def span(amount: int, unit: str) -> str:
    """Say a length: "10 working days", "1 month", "72 hours"."""
    word = {"working-days": "working day", "calendar-days": "day", "weeks": "week", "calendar-months": "month"}.get(
        unit, "hour"
    )
    return f"{amount:,} {word}" + ("" if amount == 1 else "s")


def moment(at: date | datetime) -> str:
    """Say a day, or an instant with its hour."""
    if isinstance(at, datetime):
        return f"{dates.say(dates.london_day(at))} at {dates.time(at)}"
    return dates.say(at)


def passed_over(skipped: tuple[Skipped, ...], beside: date) -> str:
    """Say which weekdays were passed over: " 25 and 28 December are not working days (Christmas Day, …)."."""
    if not skipped:
        return ""
    away = [one for one in skipped if one.why.startswith(AWAY)]
    off = [one for one in skipped if not one.why.startswith(AWAY)]
    text = ""
    if off:
        said = dates.grouped([one.on for one in off], beside=beside)
        verb = "is not a working day" if len(off) == 1 else "are not working days"
        text += f" {said} {verb} ({', '.join(one.why for one in off)})."
    if away:
        said = dates.grouped([one.on for one in away], beside=beside)
        whys = dates.joined(dict.fromkeys(one.why.removeprefix(AWAY) for one in away))
        text += f" {said} {'does' if len(away) == 1 else 'do'} not count ({whys})."
    return text


AWAY = "not counted: "


def _opened(reason: Reason) -> str:
    kind, at, receipts, first_day, unit, turned = reason.more
    assert reason.start is not None
    if turned:
        return (
            f"It was treated as a service request at first; the dissatisfaction reached the council on "
            f"{dates.say(reason.start)}, and that is the date of receipt. The day after is day 1."
        )
    hour = f" at {dates.time(at)}" if at is not None else ""
    text = f"{NAMED.get(kind, KIND_WORDS(kind))} on {dates.say(reason.start)}{hour}."
    if receipts > 1:
        text += f" It is the earliest of {receipts} receipts."
    if unit == "hours":
        return f"{text} The hours run from then."
    if first_day == "same-day":
        return f"{text} That day is counted itself."
    return f"{text} The day after is day 1."


def KIND_WORDS(kind: str) -> str:  # noqa: N802 - read as a table
    """Say a happening that has no phrase of its own."""
    return kind.replace("-", " ").capitalize()


def _count(reason: Reason) -> str:
    first_day, short, note = reason.more
    assert reason.amount is not None and reason.unit is not None and reason.due is not None
    length, start, due = span(reason.amount, reason.unit), reason.start, reason.due
    said = f" ({note})" if note else ""
    if reason.unit == "hours":
        return f"{length} after {moment(start)}: {moment(due)}.{note}"  # type: ignore[arg-type]
    assert start is not None
    if reason.unit == "working-days":
        return f"{length} after {dates.say(start)}: {dates.say(due)}{said}." + passed_over(reason.skipped, due)
    if first_day == "same-day":
        text = f"{length} commencing on {dates.say(start)}, that day included: {dates.say(due)}{said}."
    elif reason.unit == "calendar-months":
        text = f"{length} after {dates.say(start)}: {dates.say(due)}{said}."
    else:
        text = f"{length} after {dates.say(start)}, every day counted: {dates.say(due)}{said}."
    if short:
        text += (
            f" That month has no {start.day}th day: its last day counts."
            if start.day != 31
            else (" That month has no 31st day: its last day counts.")
        )
        if first_day == "same-day":
            text += " The cautious reading ends the day before it."
    return text


def _away(reason: Reason) -> str:
    first, last, why = reason.more
    assert reason.amount is not None and reason.due is not None
    between = f"{dates.plain(first)} to {dates.plain(last)}, both included" if first != last else dates.plain(first)
    verb = "does" if reason.amount == 1 else "do"
    return f"{span(reason.amount, 'calendar-days')} ({between}) {verb} not count ({why}): {dates.say(reason.due)}."


def _rolled(reason: Reason) -> str:
    assert reason.start is not None and reason.due is not None
    first = reason.skipped[0]
    why = f" ({first.why})" if first.why not in dates.WEEKDAYS else ""
    more = [one for one in reason.skipped[1:] if one.why not in dates.WEEKDAYS]
    also = (
        f" {dates.grouped([one.on for one in more], beside=reason.due)}: {', '.join(one.why for one in more)}."
        if more
        else ""
    )
    return (
        f"{dates.say(reason.start)} is not a working day{why}: it moves to the next one, {dates.say(reason.due)}.{also}"
    )


def _acknowledged(reason: Reason) -> str:
    done, length, limit = reason.more
    assert reason.due is not None
    return f"{done} on {dates.say(reason.due)}, within the {length} that end on {dates.say(limit)}."


def _bound_waiting(reason: Reason) -> str:
    assert reason.due is not None
    return f"Not acknowledged yet. The clock starts with the acknowledgement, at the latest on {dates.say(reason.due)}."


def _bound_missing(reason: Reason) -> str:
    assert reason.due is not None
    return (
        f"No acknowledgement is on record. The clock runs from the limit for it, {dates.say(reason.due)}: "
        "cautious reading, so that a missing acknowledgement gains no time."
    )


def late(done: str, day: date, limit: date) -> str:
    """Say that an acknowledgement came late."""
    return f"{done} on {dates.say(day)}, after the limit of {dates.say(limit)}."


def _bound_late(reason: Reason) -> str:
    done, day, limit, literal = reason.more
    return (
        f"{late(done, day, limit)} The clock runs from that limit: cautious reading, so that a late acknowledgement "
        f"gains no time. The literal reading, from the acknowledgement, would give {dates.say(literal)} before any "
        "extension."
    )


def _literal(reason: Reason) -> str:
    done, day, limit, cautious = reason.more
    return (
        f"{late(done, day, limit)} The council reads the Code literally: the clock runs from the acknowledgement. "
        f"The cautious reading, from the limit, would give {dates.say(cautious)} before any extension."
    )


def _extended(reason: Reason) -> str:
    on, told, cap = reason.more
    assert reason.amount is not None and reason.unit is not None and reason.start is not None and reason.due is not None
    text = (
        f"Extended {_when(on, told)}, by the date due so far: {span(reason.amount, reason.unit)} after "
        f"{dates.say(reason.start)} is {dates.say(reason.due)}."
    )
    return text + passed_over(reason.skipped, reason.due) + _capped(cap)


def _extended_from_start(reason: Reason) -> str:
    on, told, cap, more, unit = reason.more
    assert reason.amount is not None and reason.unit is not None and reason.start is not None and reason.due is not None
    return (
        f"Extended {_when(on, told)} by {span(more, unit)}: {span(reason.amount, reason.unit)} in all, counted from "
        f"the start, {dates.say(reason.start)}, not from the date due so far: {dates.say(reason.due)}.{_capped(cap)}"
    )


def _capped(cap: tuple[int, str] | None) -> str:
    return f" More was taken, but no more than {span(*cap)} may be added: the rest does not count." if cap else ""


def _when(on: date, told: date) -> str:
    return f"on {dates.say(on)}" if told == on else f"on {dates.say(on)} (the person was told on {dates.say(told)})"


def _extended_late(reason: Reason) -> str:
    on, told, more, unit, now = reason.more
    return (
        f"{span(more, unit)} more were taken {_when(on, told)}, after the date due: that does not cure the miss. "
        f"The new date, {dates.say(now)}, was promised."
    )


def _agreed(reason: Reason) -> str:
    (on,) = reason.more
    assert reason.due is not None
    return f"A later date was agreed on {dates.say(on)}, before the time ended: {dates.say(reason.due)}."


def _agreed_late(reason: Reason) -> str:
    on, until = reason.more
    return (
        f"{dates.say(until)} was agreed on {dates.say(on)}, when the date due had passed: that does not cure the miss. "
        "The new date was promised."
    )


def _restarted(reason: Reason) -> str:
    kind, asked = reason.more
    assert reason.due is not None
    what = f"asked for on {dates.say(asked)}" if asked else "not asked for on record"
    return (
        f"{NAMED.get(kind, KIND_WORDS(kind))} on {dates.say(reason.due)} ({what}): the whole time starts again from "
        "that day."
    )


def _fresh(reason: Reason) -> str:
    kind, since = reason.more
    assert reason.start is not None and reason.due is not None
    text = f"{NAMED.get(kind, KIND_WORDS(kind))} on {dates.say(reason.start)}: a new time of its own runs from"
    if since:
        return f"{text} {dates.say(reason.due)} ({NAMED.get(since, KIND_WORDS(since)).lower()}, or the limit for it)."
    return f"{text} that day."


def _waiting(reason: Reason) -> str:
    kind, starts_anew = reason.more
    assert reason.start is not None
    then = (
        "No time runs until that is answered; then the whole time starts from the day of the answer."
        if starts_anew
        else "The days until then, both ends included, don't count."
    )
    return f"{ASKED.get(kind, KIND_WORDS(kind))} on {dates.say(reason.start)}. {then}"


def _asked_late(reason: Reason) -> str:
    kind, due = reason.more
    assert reason.start is not None
    return (
        f"{ASKED.get(kind, KIND_WORDS(kind))} on {dates.say(reason.start)}, after the date due, {dates.say(due)}: that "
        "does not cure the miss."
    )


def _stated(reason: Reason) -> str:
    assert reason.due is not None
    usual = f" It goes before the usual {span(*reason.more[0])}." if reason.more[0] else ""
    return f"The letter itself states the date: {dates.say(reason.due)}.{usual}"


def _rolled_on(reason: Reason) -> str:
    assert reason.start is not None and reason.due is not None
    return (
        f"{dates.say(reason.start)} is itself one of these days: it moves to the next working day that counts, "
        f"{dates.say(reason.due)}."
    )


def _receipt_rolled(reason: Reason) -> str:
    assert reason.start is not None and reason.due is not None
    return (
        f"{dates.say(reason.start)} is not a working day; by the council's setting the date of receipt is the next "
        f"one, {dates.say(reason.due)}."
    )


def _elsewhere(reason: Reason) -> str:
    assert reason.due is not None
    return f"{dates.say(reason.due)} is a holiday elsewhere ({reason.more[0]}): it counts here."


def _doubt(reason: Reason) -> str:
    assert reason.amount is not None and reason.unit is not None
    verb = "is" if reason.amount == 1 else "are"
    return f"The {span(reason.amount, reason.unit)} {verb} not confirmed: check {'it' if verb == 'is' else 'them'}."


def _ended(reason: Reason) -> str:
    """Say how it ended, if it has."""
    rule, calendar, state, due, met_on, today, ended_on, ended_by = reason.more
    if met_on is not None:
        done = f"{rule.words.done} on {dates.say(met_on)}"
        if state == "met":
            return f"{done}: in time."
        if rule.owed_by == "person":
            return f"{done}, after the time had run out on {dates.say(due)}. {rule.on_miss}"
        late_by = "too late" if rule.unit == "hours" else dates.days_late(calendar.between(due, met_on))
        return f"{done}: {late_by}. {rule.on_miss}"
    if ended_by == "over":
        return f"The time ran out on {dates.say(due)}. {rule.on_miss}"
    if ended_by == "lapsed":
        return f"It lapsed on {dates.say(ended_on)}: what was asked for did not come. No answer is owed now."
    if ended_on is not None:
        passed = "" if state == "ended" else " The date due had passed."
        return f"It was {ended_by} on {dates.say(ended_on)}: no answer is owed now.{passed}"
    late_by = "late" if rule.unit == "hours" else dates.days_late(calendar.between(due, today))
    return f"Nothing is on record: {late_by}. {rule.on_miss}"


SENTENCES: dict[str, Callable[[Reason], str]] = {
    "opened": _opened,
    "count": _count,
    "away": _away,
    "rolled": _rolled,
    "rolled-on": _rolled_on,
    "acknowledged": _acknowledged,
    "bound-waiting": _bound_waiting,
    "bound-missing": _bound_missing,
    "bound-late": _bound_late,
    "literal": _literal,
    "extended": _extended,
    "extended-from-start": _extended_from_start,
    "extended-late": _extended_late,
    "agreed": _agreed,
    "agreed-late": _agreed_late,
    "restarted": _restarted,
    "fresh": _fresh,
    "waiting": _waiting,
    "asked-late": _asked_late,
    "stated": _stated,
    "receipt-rolled": _receipt_rolled,
    "elsewhere": _elsewhere,
    "doubt": _doubt,
    "ended": _ended,
}
