"""Do the work lists stay quick when a council has many cases? One page of each, at 20,000 open cases and at 200.

    python bench/lists.py [--cases 20000] [--turns 40]

The same page of fifty rows is asked for with few cases and with many, by an officer who holds fifty of them, and for
the whole team; both are read as the desk reads them, clocks and all. The ratio says how much longer it takes with many.
PASS means at most 2.0: a list that reads every case to show fifty would be a hundred times slower.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TARGET = 2.0
FEW = 200
HELD = 50
AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TODAY = AT.date()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the work lists.", epilog="python bench/lists.py")
    parser.add_argument("--cases", type=int, default=20_000, help="open cases of the large council (default 20000)")
    parser.add_argument("--turns", type=int, default=40, help="how often each page is asked for (default 40)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        for name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("REDRESS_")]:
            del os.environ[name]
        os.environ["REDRESS_HOME"] = str(Path(folder) / "data")
        os.environ["DJANGO_SETTINGS_MODULE"] = "redress.server.settings"
        return measure(asked.cases, asked.turns)


def measure(cases: int, turns: int) -> int:
    """Ask for the pages with few cases, then with many, and return the exit status."""
    from redress.server import database, environment, mark, preparing

    settings = environment.read(os.environ)
    mark.write_file(settings.home, "real")
    with database.up(settings):
        preparing.migrate(settings, say=lambda text: print(text, flush=True))
        first, officer = make_first()
        times = {}
        for number in (FEW, cases):
            with database.as_owner(settings):  # who may take the figures that the planner needs
                fill(first, officer, number)
            times[number] = {name: timed(page, turns) for name, page in pages(officer).items()}
            for name, seconds in times[number].items():
                print(f"  {number:6} cases, {name}: {seconds * 1000:6.1f} ms", flush=True)
    ratios = {name: times[cases][name] / times[FEW][name] for name in times[FEW]}
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f} times as long with {cases // FEW} times the cases (at most {TARGET})")
    passed = all(ratio <= TARGET for ratio in ratios.values())
    print("PASS" if passed else "FAIL")
    return 0 if passed else 1


def make_first() -> tuple[int, int]:
    """Make a council, an officer and one case with its receipt; gives the numbers of case and officer."""
    from uuid import uuid4

    from redress.cases.models import Case, Clock, Happening, Point
    from redress.council.models import Council
    from redress.people.models import Contact
    from redress.staff.models import Membership, Officer

    council = Council.objects.create(
        code="northmere", name="Northmere Borough Council", short_name="Northmere", prefix="NMR",
        address="Civic Offices", telephone="01632 960100", email="complaints@northmere.example",
    )  # fmt: skip
    officer = Officer.objects.create_user("asha@northmere.example", None, name="Asha Mehta")
    Membership.objects.create(council=council, officer=officer, role="officer", since=dt.date(2026, 1, 1))
    person = Contact.objects.create(council=council, name="Dev Patel", sort_key="dev patel", added_at=AT)
    case = Case.objects.create(
        council=council, reference="NMR-2026-000001", procedure="corporate-complaint", state="open",
        edition="corporate-complaint@2024-02-08", channel="email", matter="Missed collections", received_on=TODAY,
        received_at=AT, logged_at=AT, complainant=person, holder=officer, held_since=AT, next_due_on=TODAY,
    )  # fmt: skip
    Point.objects.create(council=council, case=case, number=1, added_at=AT)
    Happening.objects.create(
        council=council, case=case, kind="received", on=TODAY, recorded_at=AT, recorded_by="Jo", entry=uuid4()
    )
    Clock.objects.create(
        council=council, case=case, name="stage-1-acknowledgement", counts_from=TODAY, due_on=TODAY, state="running",
        open=True, worked_out_at=AT,
    )  # fmt: skip
    return case.pk, officer.pk


def fill(first: int, officer: int, number: int) -> None:
    """Bring the council to so many open cases, copies of the first; the officer holds fifty, nobody the rest."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM cases_case")
        there, last = cursor.fetchone()
        copy(cursor, "cases_case", first, there, number, {
            "id": f"{last} + 1 + n - {there}", "reference": "'NMR-2026-' || lpad((n + 1)::text, 6, '0')",
            "holder_id": f"CASE WHEN n < {HELD} THEN {officer} END",
            "held_since": f"CASE WHEN n < {HELD} THEN t.held_since END",
            "next_due_on": "t.next_due_on + mod(n, 90)", "matter": "t.matter || ' ' || n",
        })  # fmt: skip
        for table in ("cases_point", "cases_happening", "cases_clock"):
            own = {"id": None, "case_id": f"{last} + 1 + n - {there}"}
            if table == "cases_happening":
                own["entry"] = "gen_random_uuid()"
            copy(cursor, table, first, there, number, own)
        cursor.execute("ANALYZE")


def copy(cursor: object, table: str, first: int, there: int, number: int, own: dict[str, str | None]) -> None:
    """Copy the row of the first case, with some columns of its own; a column with None is left to the database."""
    execute = cursor.execute  # type: ignore[attr-defined]
    execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " ORDER BY ordinal_position", [table],
    )  # fmt: skip
    names = [row[0] for row in cursor.fetchall() if not (row[0] in own and own[row[0]] is None)]  # type: ignore[attr-defined]
    values = ", ".join(own.get(name) or f't."{name}"' for name in names)
    where = "t.id" if table == "cases_case" else "t.case_id"
    columns = ", ".join(f'"{name}"' for name in names)
    execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, generate_series(%s, %s) AS n"
        f" WHERE {where} = %s",
        [there, number - 1, first],
    )


def pages(officer: int) -> dict[str, Callable[[], object]]:
    """Give what is asked for: one's own list, the team's, and the second page of the team's."""
    from redress.cases import queries
    from redress.cases.queries import Wanted
    from redress.staff.models import Officer
    from redress.staff.queries import actor_for

    by = actor_for(Officer.objects.get(pk=officer), TODAY)
    after = queries.work_of(by, TODAY, Wanted()).next_after
    return {
        "my work": lambda: queries.work_of(by, TODAY, Wanted(holder_id=officer)),
        "the team's list": lambda: queries.work_of(by, TODAY, Wanted()),
        "its second page": lambda: queries.work_of(by, TODAY, Wanted(after=after)),
    }


def timed(page: Callable[[], object], turns: int) -> float:
    """Ask for a page so often; gives the middle of the times in seconds."""
    times = []
    for _ in range(turns + 3):
        began = time.perf_counter()
        page()
        times.append(time.perf_counter() - began)
    return statistics.median(times[3:])


if __name__ == "__main__":
    sys.exit(main())
