"""What does a date with its reasons cost? Readings beside a walk over the days, and a million clocks after a holiday.

    python bench/clock.py [--readings 20000] [--clocks 1000000] [--seed 7]

First: each date is worked out once by a walk with the `holidays` package's own working-day function, once as a reading
with structured reasons, once with every reason rendered as a sentence. The same procedures and the same days of receipt
for all three, on one core. PASS means at least 10 times and 3 times as fast. "New days" is the same in a process that
has counted nothing yet: the first case of a procedure and a day is counted, the next ones with that day are looked up.

Second: so many open clocks are worked out anew after a bank holiday is proclaimed, by the real fold, and by
`numpy.busday_offset` over the same days and lengths, which knows no reasons, no acknowledgements and no endings. Then
the clocks that the holiday touches are worked out alone, which has to give the same dates. The memory printed is the
most that the process ever held.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from redress.rulebook import calendar, clock, plans, procedures
from redress.rulebook.clock import Happening, Reading
from redress.rulebook.editions import Edition

TIMES_STRUCTURED, TIMES_RENDERED, MOST_MEMORY = 10.0, 3.0, 300
FIRST, LAST = date(2025, 1, 2), date(2028, 6, 30)
PROCLAIMED = date(2026, 12, 4)

# Procedure, clock, the happenings that it takes: all of them counted in working days.
CLOCKS = (
    ("foi-request", "response", ("received",)),
    ("eir-request", "response", ("received",)),
    ("corporate-complaint", "stage-1-response", ("received", "acknowledged")),
    ("corporate-complaint", "stage-2-response", ("escalated", "escalation-acknowledged")),
    ("housing-complaint", "stage-1-response", ("received", "acknowledged")),
    ("childrens-complaint", "stage-2-response", ("stage-2-started",)),
    ("childrens-complaint", "panel-meeting", ("panel-requested",)),
    ("members-enquiry", "response", ("received",)),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the clock.", epilog="python bench/clock.py")
    parser.add_argument("--readings", type=int, default=20_000, help="dates read beside the walk (default 20000)")
    parser.add_argument("--clocks", type=int, default=1_000_000, help="clocks after the holiday (default 1000000)")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    passed = beside_the_walk(asked.readings, asked.seed)
    print()
    passed = after_a_holiday(asked.clocks, asked.seed) and passed
    print(f"\n{'PASS' if passed else 'FAIL'}")
    return 0 if passed else 1


def beside_the_walk(number: int, seed: int) -> bool:
    """Read dates, and walk to the same dates."""
    import holidays

    years = range(FIRST.year - 1, LAST.year + 2)
    england = holidays.UK(subdiv="ENG", years=years)
    anywhere: Any = england + holidays.UK(subdiv="SCT", years=years) + holidays.UK(subdiv="NIR", years=years)
    jobs = list(_jobs(number, random.Random(seed)))
    walks: list[Callable[[], Any]] = []
    for edition, name, happenings, _today in jobs:
        days = anywhere if edition.working_days.calendar == "uk-any" else england
        rule = edition.clock(name)
        start, parts = happenings[-1].on, (rule.limit or 0,)
        if rule.bounded_by is not None:
            # The reading also says by when the acknowledgement was due; the walk does the same.
            limit = edition.clock(rule.bounded_by).limit or 0
            walks.append(
                lambda d=days, a=happenings[0].on, b=start, n=limit, m=parts[0]: (_walk(d, a, n), _walk(d, b, m))[1]
            )
        else:
            walks.append(lambda d=days, b=start, m=parts[0]: _walk(d, b, m))
    for walk in walks[:50]:
        walk()
    took: dict[str, float] = {}
    took["walk"], walked = _timed(lambda: [walk() for walk in walks])
    _forget()
    took["structured, new days"], readings = _timed(lambda: [_read(*job).due for job in jobs])
    took["structured"], readings = _timed(lambda: [_read(*job).due for job in jobs])
    _forget()
    took["rendered, new days"], _said = _timed(lambda: [len(_said_by(_read(*job))) for job in jobs])
    took["rendered"], _said = _timed(lambda: [len(_said_by(_read(*job))) for job in jobs])
    differ = [(job[0].id, job[1], job[2], r, w) for job, r, w in zip(jobs, readings, walked, strict=True) if r != w]
    print(f"{number:,} dates of {len(CLOCKS)} clocks; the walk and the readings agree on {number - len(differ):,}")
    for one in differ[:5]:
        print("   differ:", one)
    for what, seconds in took.items():
        ratio = f"   {took['walk'] / seconds:6.1f} times as fast as the walk" if what != "walk" else ""
        print(f"{what:24} {seconds / number * 1e6:8.2f} microseconds each{ratio}")
    structured, rendered = (took["walk"] / took[what] for what in ("structured", "rendered"))
    return not differ and structured >= TIMES_STRUCTURED and rendered >= TIMES_RENDERED


def after_a_holiday(number: int, seed: int) -> bool:
    """Work out open clocks anew, all of them and only those that are touched."""
    import numpy as np

    chance = random.Random(seed)
    before = {name: calendar.named(name) for name in ("england-and-wales", "england", "uk-any")}
    after = {
        name: replace(one, holidays={**one.holidays, PROCLAIMED: "a proclaimed holiday"})
        for name, one in before.items()
    }
    made = [
        (procedures.edition(code, FIRST), name, kinds, procedures.edition(code, FIRST).working_days.calendar)
        for code, name, kinds in CLOCKS
    ]
    # What a database would give, a row for each clock: which, and how many days after the first it began.
    which = np.array([chance.randrange(len(made)) for _ in range(number)], dtype=np.uint8)
    began = np.array([chance.randrange(0, 720) for _ in range(number)], dtype=np.uint16)
    gap = np.array([chance.randrange(0, 3) for _ in range(number)], dtype=np.uint8)
    base = PROCLAIMED - timedelta(days=700)

    def rows(places: Iterable[int] | None = None) -> Iterator[tuple[int, list[Happening]]]:
        for place in range(number) if places is None else places:
            kinds = made[which[place]][2]
            on = base + timedelta(days=int(began[place]))
            happenings = [Happening(kinds[0], on=on, seq=1)]
            if len(kinds) > 1:
                happenings.append(Happening(kinds[1], on=on + timedelta(days=int(gap[place])), seq=2))
            yield place, happenings

    today = PROCLAIMED - timedelta(days=20)
    ordinal = np.zeros(number, dtype=np.int32)
    old = np.zeros(number, dtype=np.int32)
    counters = {
        when: [clock.counter(edition, name, days_of[days], today=today) for edition, name, _, days in made]
        for when, days_of in (("before", before), ("after", after))
    }
    for place, happenings in rows():
        old[place] = _ordinal(counters["before"][which[place]](happenings))
    nothing, _ = _timed(lambda: sum(1 for _row in rows()))
    _forget()

    def every() -> None:
        for place, happenings in rows():
            ordinal[place] = _ordinal(counters["after"][which[place]](happenings))

    took, _ = _timed(every)
    fold = took - nothing
    starts = np.datetime64(base) + began.astype("timedelta64[D]")
    two = np.array([len(kinds) > 1 for _, _, kinds, _ in made])[which]
    lengths = np.array([edition.clock(name).limit for edition, name, _, _ in made])[which]
    counted = np.where(two, starts + gap.astype("timedelta64[D]"), starts)
    by_calendar = {days: np.array(sorted(one.holidays), dtype="datetime64[D]") for days, one in after.items()}
    calendars = np.array([list(by_calendar).index(days) for _, _, _, days in made])[which]

    def vectors() -> Any:
        out = np.empty(number, dtype="datetime64[D]")
        for place, holidays in enumerate(by_calendar.values()):
            mine = calendars == place
            # A start on a day off counts from the working day before, so that the day after is still day 1.
            out[mine] = np.busday_offset(counted[mine], lengths[mine], roll="backward", holidays=holidays)
        return out

    numpy_took, offsets = _timed(vectors)
    agree = int((offsets == ordinal.astype("datetime64[D]") - np.timedelta64(_EPOCH, "D")).sum())
    touched = np.nonzero(
        (starts < np.datetime64(PROCLAIMED))
        & (old.astype("datetime64[D]") - np.timedelta64(_EPOCH, "D") >= np.datetime64(PROCLAIMED))
    )[0]
    alone = old.copy()

    def only_touched() -> None:
        for place, happenings in rows(touched):
            alone[place] = _ordinal(counters["after"][which[place]](happenings))

    touched_took, _ = _timed(only_touched)
    same = bool((alone == ordinal).all())
    moved = int((old != ordinal).sum())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{number:,} open clocks after {PROCLAIMED:%-d %B %Y} was proclaimed; {moved:,} dates moved")
    print(
        f"{'the fold':24} {fold:8.2f} s   {fold / number * 1e6:6.2f} microseconds each "
        f"(making the happenings: {nothing:.2f} s)"
    )
    print(f"{'numpy.busday_offset':24} {numpy_took:8.2f} s   the fold takes {fold / numpy_took:.1f} times as long")
    print(f"{'':24} numpy gives the same date for {agree:,} of {number:,}")
    print(
        f"{'only what is touched':24} {touched_took:8.2f} s   {len(touched):,} clocks; "
        f"the same dates: {'yes' if same else 'NO'}"
    )
    print(f"{'memory':24} {memory:8,} MB   (the most allowed: {MOST_MEMORY} MB)")
    return same and memory <= MOST_MEMORY


_EPOCH = date(1970, 1, 1).toordinal()


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day is not None else 0


def _jobs(number: int, chance: random.Random) -> Iterator[tuple[Edition, str, list[Happening], date]]:
    span = (LAST - FIRST).days
    for _ in range(number):
        code, name, kinds = chance.choice(CLOCKS)
        day = FIRST + timedelta(days=chance.randrange(span))
        happenings = [Happening(kinds[0], on=day, seq=1)]
        if len(kinds) > 1:
            happenings.append(Happening(kinds[1], on=day + timedelta(days=chance.randrange(4)), seq=2))
        yield procedures.edition(code, day), name, happenings, day + timedelta(days=chance.randrange(40))


def _read(edition: Edition, name: str, happenings: list[Happening], today: date) -> Reading:
    return clock.read_one(edition, name, happenings, calendar.named(edition.working_days.calendar), today=today)


def _said_by(reading: Reading) -> list[str]:
    return [reason.text for reason in reading.reasons]


def _walk(days: Any, start: date, number: int) -> date:
    found: date = days.get_nth_working_day(start, number)
    return found


def _forget() -> None:
    """Forget every count that was kept, as in a process that begins."""
    for name in ("england-and-wales", "england", "uk-any"):
        calendar.named(name).memo.clear()
    plans._READY.clear()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds of processor time that something took: another program on this machine takes none of them."""
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


if __name__ == "__main__":
    sys.exit(main())
