"""Random histories of every procedure, wild and orderly, through the clock: does it ever raise or contradict itself?

What is asked of each: a reading never raises; an unclear one says why and names no date; no date lies before what
started it; a date counted in working days is a working day of its own calendar; counting again by the reasons alone
gives the same date; the order of the rows makes no difference, and neither does reading one half first; more time never
brings a date forward; the short way and the long way say the same; checking a step's order refuses with a sentence or
passes; what it refuses as out of order is not read as if it were right.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from redress.rulebook import calendar, clock
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.clock import Happening, ImpossibleOrder, Reading, Settings
from redress.rulebook.editions import Edition
from redress.rulebook.fold import Fold
from redress.rulebook.happenings import AMOUNTS, settle
from redress.rulebook.plans import ready
from redress.rulebook.settings import counting_with
from trials import lives
from trials.progress import Progress
from trials.replay import wrong_with

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
    edition = chance.choice(lives.EDITIONS)
    orderly = chance.random() < 0.65
    history = lives.orderly(chance, edition) if orderly else lives.wild(chance, edition)
    today = lives.some_day(chance)
    if history and history[0].day is not None and orderly:
        last = history[-1].day or history[0].day
        today = chance.choice((history[0].day + timedelta(days=chance.randrange(250)), last + timedelta(days=2)))
    days_of = calendar.named(edition.working_days.calendar)
    days_of = days_of.with_closures({lives.some_day(chance): "closed" for _ in range(chance.choice((0, 0, 3)))})
    chosen = Settings(
        literal_response_start=chance.random() < 0.5,
        closures_are_not_working=chance.random() < 0.5,
        receipt_rolls_forward=chance.random() < 0.3,
    )
    try:
        readings = clock.read(edition, history, days_of, today=today, settings=chosen)
        shuffled = chance.sample(history, len(history))
        again = clock.read(edition, shuffled, days_of, today=today, settings=chosen)
        before = clock.read(edition, history[: len(history) // 2], days_of, today=today, settings=chosen)
        halves = clock.read(
            edition, [*history[len(history) // 2 :], *history[: len(history) // 2]], days_of, today=today,
            settings=chosen,
        )  # fmt: skip
        for name in readings:
            clock.moves(edition, name, history, days_of, today=today, settings=chosen)
        clock.advice(edition, history, days_of, today=today)
    except Exception as fault:  # noqa: BLE001 - whatever it raises is what is looked for
        return [f"{edition.id}: reading raised {fault!r} on {history}"], []
    wrong = [one for reading in readings.values() for one in contradictions(reading, days_of)]
    wrong += [one for reading in before.values() for one in contradictions(reading, days_of)]
    for other, what in ((again, "the order of the rows"), (halves, "the order of the halves")):
        if _told(readings) != _told(other):
            wrong.append(f"{what} made a difference: {history}")
    wrong += _long_way(edition, history, days_of, today, chosen, readings)
    wrong += _checks_an_order(chance, edition, history, today, days_of)
    if orderly:
        wrong += _more_time(edition, history, days_of, today, chosen, readings)
    return [f"{edition.id}: {one}" for one in wrong], [str(reading.state) for reading in readings.values()]


def _told(readings: Mapping[str, Reading]) -> dict[str, Any]:
    return {name: (one.state, one.due, one.met_on, one.promised, one.if_resumed) for name, one in readings.items()}


def _long_way(
    edition: Edition,
    history: list[Happening],
    days_of: WorkingCalendar,
    today: date,
    chosen: Settings,
    readings: Mapping[str, Reading],
) -> list[str]:
    """Read every clock without what is kept from earlier counts: nothing may differ."""
    counting = counting_with(edition, days_of, chosen)
    fold = Fold(ready(edition), settle(history), counting, today, chosen)
    wrong = []
    for name, plan in fold.ready.plans.items():
        long, short = fold.reading(plan), readings[name]
        if long != short or [one.text for one in long.reasons] != [one.text for one in short.reasons]:
            wrong.append(f"{name}: the short way and the long way differ on {history}")
    return wrong


def _more_time(
    edition: Edition,
    history: list[Happening],
    days_of: WorkingCalendar,
    today: date,
    chosen: Settings,
    readings: Mapping[str, Reading],
) -> list[str]:
    """Extend every clock that can be extended once more: its date may not come nearer."""
    wrong = []
    for rule in edition.clocks:
        if rule.extension is None or not history:
            continue
        data = {"clock": rule.name, AMOUNTS[rule.extension.unit]: 2}
        extra = Happening("extended", on=history[-1].day, seq=98, id=98, data=data)
        later = clock.read(edition, [*history, extra], days_of, today=today, settings=chosen)[rule.name].due
        before = readings[rule.name].due
        if before is not None and later is not None and later < before:
            wrong.append(f"an extension brought {rule.name} from {before} forward to {later}: {history}")
    return wrong


def contradictions(reading: Reading, days_of: WorkingCalendar) -> list[str]:
    """Say what is wrong with a reading by itself."""
    wrong = []
    said = (reading.sentence, reading.state_words, reading.distance, reading.which_words, reading.for_resident)
    if not all(said[:4]) or not reading.reasons or not all(one.text for one in reading.reasons):
        wrong.append(f"{reading.name} says nothing")
    if reading.state == "unclear" and (reading.due is not None or reading.caution is None):
        wrong.append(f"{reading.name} is unclear with a date, or without a reason")
    if reading.state == "paused" and (reading.due is not None or reading.if_resumed is None):
        wrong.append(f"{reading.name} is paused with a date, or without one to go on with")
    if len(reading.days) > 400:
        wrong.append(f"{reading.name} draws {len(reading.days)} days")
    if reading.due is None:
        return wrong
    wrong += wrong_with(reading)
    if reading.zero is not None and reading.due < reading.zero - timedelta(days=1):
        wrong.append(f"{reading.name} is due {reading.due}, before it starts on {reading.zero}")
    counted = [line for line in reading.reasons if line.kind in ("count", "extension", "roll", "agreed")]
    last = counted[-1] if counted else None
    works = last is not None and (last.unit == "working-days" or last.kind == "roll")
    if works and not days_of.without_closures().is_working(reading.due):
        wrong.append(f"{reading.name} is due on {reading.due}, which is no working day")
    return wrong


def _checks_an_order(
    chance: random.Random, edition: Edition, history: list[Happening], today: date, days_of: WorkingCalendar
) -> list[str]:
    try:
        clock.check_order(edition, history, lives.anything(chance, edition, 99), today=today, calendar=days_of)
    except ImpossibleOrder as refused:
        sound = refused.sentence.endswith(".") and refused.do.endswith(".")
        return [] if sound else [f"refused with {refused.sentence!r} and {refused.do!r}"]
    except Exception as fault:  # noqa: BLE001 - whatever it raises is what is looked for
        return [f"checking the order raised {fault!r} on {history}"]
    return []
