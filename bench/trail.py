"""What does the trail cost? Steps a second with 8 writers on different cases, with the trail and without.

    python bench/trail.py [--rounds 6] [--seconds 4] [--writers 8]

A database of its own is made in a temporary folder, with the settings and the durability of a real installation, the
same for both ways. The step is one like those of every day: it locks and reads a case, reads the complainant and the
points, rewords a point, changes the case and records a happening; then it commits, and every commit waits for the disk.
Without the trail, the same step runs with the trail's own functions emptied. Both ways take turns within one run, in
changing order, so that a busy moment of the machine hits both. PASS means at least 0.70.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
import uuid
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

TARGET = 0.70
CASES_EACH = 25
AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the trail costs.", epilog="python bench/trail.py")
    parser.add_argument("--rounds", type=int, default=6, help="rounds of each way (default 6)")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds of each round (default 4)")
    parser.add_argument("--writers", type=int, default=8, help="writers at once (default 8)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        for name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("REDRESS_")]:
            del os.environ[name]
        os.environ["REDRESS_HOME"] = str(Path(folder) / "data")
        os.environ["DJANGO_SETTINGS_MODULE"] = "redress.server.settings"
        return measure(asked.rounds, asked.seconds, asked.writers)


def measure(rounds: int, seconds: float, writers: int) -> int:
    from redress.server import database, environment, mark, preparing

    settings = environment.read(os.environ)
    mark.write_file(settings.home, "real")
    with database.up(settings):
        preparing.migrate(settings, say=lambda text: print(text, flush=True))
        from django.db import connection

        cases = make_cases(writers * CASES_EACH)
        report_durability()
        connection.close()
        plan = [way for turn in range(rounds) for way in ((True, False) if turn % 2 == 0 else (False, True))]
        counts = run(plan, seconds, writers, cases)
        found = verify()
    return report(plan, counts, seconds, found)


def run(plan: list[bool], seconds: float, writers: int, cases: list[int]) -> list[int]:
    """Run every turn of the plan with all writers at once, and return the steps of each turn."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(writers + 1), context.Queue()
    started = [
        context.Process(target=write, args=(plan, seconds, cases[number::writers], barrier, answers), daemon=True)
        for number in range(writers)
    ]
    for one in started:
        one.start()
    counts = []
    for turn, trailed in enumerate(plan):
        barrier.wait(120)
        counts.append(sum(answers.get(timeout=seconds + 120) for _ in started))
        way = "with the trail" if trailed else "without it"
        print(f"  turn {turn + 1:2}: {counts[-1] / seconds:7.0f} steps a second {way}", flush=True)
    for one in started:
        one.join()
    return counts


def write(plan: list[bool], seconds: float, cases: list[int], barrier: Barrier, answers: Queue[int]) -> None:
    """Be one writer: in every turn, do the step on cases of its own as often as it can."""
    import django

    django.setup()
    from redress.access.actor import Actor
    from redress.access.roles import Role
    from redress.cases.models import Case

    step = make_step()
    subjects = list(Case.objects.filter(pk__in=cases))
    by = Actor(kind="staff", id=7, name="Asha Mehta", roles={subjects[0].council_id: frozenset({Role.OFFICER})})
    number = 0
    for turn, trailed in enumerate(plan):
        with contextlib.nullcontext() if trailed else without_trail():
            step(case=subjects[0], text="warm", by=by, at=AT)
            barrier.wait(120)
            done, end = 0, time.monotonic() + seconds
            while time.monotonic() < end:
                number += 1
                step(case=subjects[number % len(subjects)], text=f"Wording {turn}.{number}", by=by, at=AT)
                done += 1
        answers.put(done)


@contextlib.contextmanager
def without_trail() -> Any:
    """Empty the trail's own functions: nothing is put together, hashed or written."""
    from redress.access import trail

    def note(kind: Any, *, on: Any, detail: Any = None, ids: Any = None) -> trail.Handle:
        notebook = trail.OPEN.get()
        assert notebook is not None
        handle = trail.Handle(uuid.uuid4(), "", "")
        notebook.notes.append(handle)  # type: ignore[arg-type]
        return handle

    true = trail.note, trail.write
    trail.note, trail.write = note, lambda notebook: None
    try:
        yield
    finally:
        trail.note, trail.write = true


def make_step() -> Any:
    """Make the step that is measured."""
    from redress.access import trail
    from redress.access.actor import Actor
    from redress.access.permissions import Permission
    from redress.access.step import step
    from redress.cases.models import Case, Happening, Point, PointWording

    kind = trail.kind("bench-reworded", "Point {number} reworded: {text}", blanks=("text",))

    @step(needs=Permission.POINT_CHANGE, on="case")
    def reword(*, case: Case, text: str, by: Actor, at: dt.datetime) -> None:
        """Reword the first point of a case and record it as a happening."""
        points = list(Point.objects.filter(case=case))
        point = points[0]
        entry = trail.note(
            kind,
            on=case,
            detail={"text": text, "person": case.complainant.name},
            ids={"number": point.number, "point": point.pk},
        )
        last = PointWording.objects.filter(point=point).order_by("-version").values_list("version", flat=True).first()
        PointWording.objects.create(
            council_id=case.council_id,
            point=point,
            version=(last or 0) % 32000 + 1,
            text=text,
            written_at=at,
            written_by=by.name,
        )
        case.next_action = "Answer the points"
        case.version += 1
        case.save(update_fields=["next_action", "version"])
        Happening.objects.create(
            council_id=case.council_id,
            case=case,
            kind="reworded",
            on=at.date(),
            recorded_at=at,
            recorded_by=by.name,
            entry=entry.id,
        )

    return reword


def make_cases(number: int) -> list[int]:
    from redress.cases.models import Case, Point
    from redress.council.models import Council
    from redress.people.models import Contact

    council = Council.objects.create(
        code="northmere",
        name="Northmere Borough Council",
        short_name="Northmere",
        prefix="NMR",
        address="Civic Offices",
        telephone="01632 960100",
        email="complaints@northmere.example",
    )
    made = []
    for one in range(number):
        name = f"Person {one}"
        person = Contact.objects.create(council=council, name=name, sort_key=name.lower(), added_at=AT)
        case = Case.objects.create(
            council=council,
            reference=f"NMR-2026-{one + 1:04}",
            procedure="corporate-complaint",
            edition="corporate-complaint@2024-02-08",
            channel="email",
            matter="Missed collections",
            received_on=AT.date(),
            received_at=AT,
            logged_at=AT,
            complainant=person,
        )
        Point.objects.create(council=council, case=case, number=1, added_at=AT)
        made.append(case.pk)
    return made


def report_durability() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        said = []
        for name in ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method"):
            cursor.execute(f"SHOW {name}")
            said.append(f"{name} {cursor.fetchone()[0]}")
    print(f"Durability, the same both ways: {', '.join(said)}.", flush=True)


def verify() -> list[Any]:
    from redress.access import trail

    report = trail.examine()
    print(f"The trail was checked afterwards: {report.entries:,} entries in {report.streams} chains.", flush=True)
    return report.faults


def report(plan: list[bool], counts: list[int], seconds: float, faults: list[Any]) -> int:
    trailed = [count for way, count in zip(plan, counts, strict=True) if way]
    plain = [count for way, count in zip(plan, counts, strict=True) if not way]
    ratio = sum(trailed) / sum(plain)
    each = [one / other for one, other in zip(trailed, plain, strict=True)]
    print(f"With the trail    {sum(trailed) / seconds / len(trailed):7.0f} steps a second")
    print(f"Without the trail {sum(plain) / seconds / len(plain):7.0f} steps a second")
    print(f"Ratio {ratio:.2f} (rounds {min(each):.2f} to {max(each):.2f}, median {statistics.median(each):.2f})")
    good = ratio >= TARGET and not faults
    broken = ", and the trail is broken" if faults else ""
    print(f"{'PASS' if good else 'FAIL'}: at least {TARGET:.2f} is asked for{broken}.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    sys.exit(main())
