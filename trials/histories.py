"""Random histories of a complaint, wild and orderly ones, through the clock: does it ever raise or contradict itself?

What is asked of each: a reading never raises; an unclear one says why and names no date; a due date counted in working
days is a working day; counting again by the reasons alone gives the same date; the order of the rows makes no
difference; more time never brings a date forward; checking a step's order refuses with a sentence or passes.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from redress.rulebook import calendar, clock, procedures
from redress.rulebook.clock import Happening, ImpossibleOrder, Settings
from redress.rulebook.happenings import KINDS
from trials.progress import Progress

EDITIONS = [edition for code in procedures.codes() for edition in procedures.editions(code)]
EW = calendar.england_and_wales()
CLOCKS = [rule.name for rule in EDITIONS[0].clocks]
WORDS: tuple[Any, ...] = (None, "", "x", -3, 0, 7, 5000, True, "2026-11-30", 1.5, [], {})


AT_ONCE = 5_000
PIECE = 250


@dataclass
class Told:
    """What became of a piece of the histories."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def run(progress: Progress) -> bool:
    """Try every history that is left, on two processors, and say whether all is well."""
    if progress.done < progress.count:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            for first in progress.left(step=AT_ONCE):
                end = min(first + AT_ONCE, progress.count)
                pieces = [(progress.seed, here, min(here + PIECE, end)) for here in range(first, end, PIECE)]
                for told in pool.imap(_piece, pieces):
                    for sentence in told.wrong:
                        progress.finding(sentence)
                    progress.tally(**told.counts)
    return progress.verdict()


def _piece(asked: tuple[int, int, int]) -> Told:
    seed, first, end = asked
    return try_some(seed=seed, first=first, end=end)


def try_some(*, seed: int, first: int, end: int) -> Told:
    """Try the histories from one number up to before another."""
    told = Told()
    for number in range(first, end):
        wrong, states = try_one(random.Random(f"{seed}:{number}"))
        told.wrong += [f"history {number}: {sentence}" for sentence in wrong]
        told.counts["histories"] += 1
        told.counts.update(f"readings_{state.replace('-', '_')}" for state in states)
    return told


def try_one(chance: random.Random) -> tuple[list[str], list[str]]:
    """Make one history; gives what is wrong with its readings, and how each of them stands."""
    edition = chance.choice(EDITIONS)
    orderly = chance.random() < 0.6
    history = _orderly(chance) if orderly else _wild(chance)
    today = history[0].on + timedelta(days=chance.randrange(150)) if orderly and history[0].on else _day(chance)
    days_of = EW.with_closures({_day(chance): "closed" for _ in range(chance.choice((0, 0, 3)))})
    chosen = Settings(literal_response_start=chance.random() < 0.5, closures_are_not_working=chance.random() < 0.5)
    try:
        readings = clock.read(edition, history, days_of, today=today, settings=chosen)
        shuffled = chance.sample(history, len(history))
        again = clock.read(edition, shuffled, days_of, today=today, settings=chosen)
    except Exception as fault:  # noqa: BLE001 - whatever it raises is what is looked for
        return [f"reading raised {fault!r} on {history}"], []
    wrong = [one for reading in readings.values() for one in _contradictions(reading, days_of)]
    if {n: (r.state, r.due) for n, r in readings.items()} != {n: (r.state, r.due) for n, r in again.items()}:
        wrong.append(f"the order of the rows made a difference: {history}")
    wrong += _checks_an_order(chance, edition, history, today)
    if orderly:
        wrong += _more_time(edition, history, days_of, today, chosen, readings)
    return wrong, [str(reading.state) for reading in readings.values()]


def _more_time(
    edition: Any, history: list[Happening], days_of: Any, today: date, chosen: Settings, readings: Any
) -> list[str]:
    """Extend the first answer once more: its date may not come nearer."""
    name = "stage-1-response"
    extra = Happening("extended", on=history[0].on, seq=98, id=98, data={"clock": name, "working_days": 5})
    later = clock.read(edition, [*history, extra], days_of, today=today, settings=chosen)[name].due
    before = readings[name].due
    if before is not None and later is not None and later < before:
        return [f"an extension brought {before} forward to {later}: {history}"]
    return []


def _contradictions(reading: Any, days_of: Any) -> list[str]:
    wrong = []
    if not reading.sentence or not reading.reasons:
        wrong.append(f"{reading.name} says nothing")
    if reading.state == "unclear" and (reading.due is not None or reading.caution is None):
        wrong.append(f"{reading.name} is unclear with a date, or without a reason")
    counts = [reason for reason in reading.reasons if reason.kind in ("count", "extension")]
    if counts and reading.due is not None:
        here = counts[0].start
        for reason in counts:
            skipped = {one.on for one in reason.skipped}
            left, day = reason.working_days, reason.start
            while left:
                day += timedelta(days=1)
                left -= day.weekday() < 5 and day not in skipped
            if reason.start != here or day != reason.due:
                wrong.append(f"{reading.name} doesn't add up: {reason.text}")
            here = reason.due
        if here != reading.due:
            wrong.append(f"{reading.name} is due {reading.due}, its reasons say {here}")
        if not EW.is_working(reading.due):
            wrong.append(f"{reading.name} is due on {reading.due}, which is no working day")
    return wrong


def _checks_an_order(chance: random.Random, edition: Any, history: list[Happening], today: date) -> list[str]:
    try:
        clock.check_order(edition, history, _any(chance, 99), today=today, calendar=EW)
    except ImpossibleOrder as refused:
        return (
            []
            if refused.sentence.endswith(".") and refused.do.endswith(".")
            else [f"refused with {refused.sentence!r}"]
        )
    except Exception as fault:  # noqa: BLE001 - whatever it raises is what is looked for
        return [f"checking the order raised {fault!r} on {history}"]
    return []


def _day(chance: random.Random) -> date:
    return date(2024, 4, 1) + timedelta(days=chance.randrange(1900))


def _orderly(chance: random.Random) -> list[Happening]:
    """A complaint as it goes: received, acknowledged sooner or later or never, extended, answered, taken further."""
    day = _day(chance)
    history = [Happening("received", on=day, seq=1, id=1)]
    steps = ["acknowledged", "extended", "responded", "escalated", "escalation-acknowledged", "escalation-responded"]
    for place, kind in enumerate(steps, 2):
        if chance.random() < 0.2:
            continue
        day += timedelta(days=chance.choice((0, 1, 4, 9, 30)))
        data = {"clock": "stage-1-response", "working_days": chance.randrange(1, 25)} if kind == "extended" else {}
        history.append(Happening(kind, on=day, seq=place, id=place, data=data))
    return history


def _wild(chance: random.Random) -> list[Happening]:
    return [_any(chance, place) for place in range(chance.randrange(10))]


def _any(chance: random.Random, place: int) -> Happening:
    """Something that a database could hold, sensible or not."""
    data = {
        name: chance.choice((*WORDS, *CLOCKS))
        for name in chance.sample(["clock", "working_days", "told_on", "reason", "external"], chance.randrange(4))
    }
    moment = chance.choice((None, datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)))  # noqa: DTZ001
    return Happening(
        kind=chance.choice([*KINDS, "paused", "nonsense"]), on=chance.choice((None, _day(chance), _day(chance))),
        at=moment, seq=place, data=data, id=place, replaces=chance.choice((None, None, chance.randrange(10))),
    )  # fmt: skip
