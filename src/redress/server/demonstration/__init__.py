"""How does a demonstration come to be? Two invented councils, a shared team, and a few hundred cases in every state.

Everything goes through the steps that people use, at moments in the last eighteen months, so that what one sees is what
the product does: its trail verifies, its letters were composed, pressed and handed to the carrier. The same day gives
the same cases; only the passwords are made at random.

Example: ``make(print)`` on an empty database takes well under a minute.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection, connections

from redress.access.permissions import Permission
from redress.access.seals import seal
from redress.cases.models import Case
from redress.casework import absence, case_details
from redress.plumbing import home, letterpress, moment
from redress.server.demonstration import inbox
from redress.server.demonstration.lives import Living
from redress.server.demonstration.matters import BANK
from redress.server.demonstration.office import House, open_councils
from redress.server.demonstration.plan import lives

SEED = 20240208
YEARS_BACK = 2
COUNT = 210
"""Cases in a demonstration, beside what waits in the mailboxes: as many as two processors make in well under a minute."""
Progress = Callable[[str], Any]


def make(progress: Progress, *, count: int = COUNT, processes: int = 2, now: datetime | None = None) -> None:
    """Make the demonstration in an empty database, about ``count`` cases, and write the sign-ins down.

    Each council is made by a process of its own; with ``processes=1`` both are made here, one after the other.
    """
    at = now or moment.now()
    today = moment.local_date(at)
    _hurry()
    since = date(today.year - YEARS_BACK, 4, 1)
    began = datetime.combine(since, datetime.min.time(), tzinfo=moment.LONDON)
    houses, sign_ins = open_councils(since=since, at=began, categories={matter.category for matter in BANK})
    progress(f"{len(houses)} councils and their {len(houses['northmere'].officers)} people are there.")
    shares = {code: count * (11 if code == "northmere" else 9) // 20 for code in houses}
    if processes > 1 and len(os.sched_getaffinity(0)) > 1:
        _beside_each_other(houses, shares, at, progress)
    else:
        for code, house in houses.items():
            Filling(house, shares[code], at, partial(_tell_one, progress, code)).fill()
    _away(houses["northmere"], today, at)
    _read_what_is_old(houses, today)
    seal(at=moment.now())
    home.write_json(
        home.current().demonstration,
        {"councils": list(houses), "made_on": today.isoformat(), "sign_ins": sign_ins},
    )
    progress("The sign-ins are written down.")


def _hurry() -> None:
    """Let the disk catch up later: a demonstration that is cut short is made anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _tell(progress: Progress, done: dict[str, int], of: int) -> None:
    progress(f"{sum(done.values())} of about {of} cases.")


def _tell_one(progress: Progress, code: str, done: int, of: int) -> None:
    _tell(progress, {code: done}, of)


class Filling:
    """Makes all that one council has."""

    def __init__(self, house: House, count: int, at: datetime, tell: Callable[[int, int], Any]) -> None:
        self.house, self.count, self.at, self.tell = house, count, at, tell
        self.chance = random.Random(f"{SEED} {house.council.code}")  # noqa: S311 (the same cases each time)
        self.living = Living(house, self.chance, moment.local_date(at), at)

    def fill(self) -> None:
        """Make the cases, then what ties them together, then what waits in the mailbox."""
        planned = lives(self.house.council.code, self.count, self.chance)
        with letterpress.in_this_process():
            for place, life in enumerate(planned, start=1):
                self.living.live(life)
                if place % 10 == 0 or place == len(planned):
                    self.tell(place, len(planned))
            self._hold_and_reply()
        self._link()
        self._mailbox()

    def _hold_and_reply(self) -> None:
        yesterday = self.living.day(1)
        late = Case.objects.filter(
            council=self.house.council, closed_at=None, next_due_on__lt=self.living.today, holder__isnull=False
        ).order_by("pk")
        for case in late[::4]:
            self.living.hold(case, yesterday)
        written = Case.objects.filter(council=self.house.council, closed_at=None, letters__channel="email").distinct()
        for place, case in enumerate(written.order_by("-pk")[:24:4]):
            said = ("Thank you. One more thing: it happened again this morning.", "When will I hear from you?",
                    "Here is the date that you asked for: it was the second Tuesday.")[place % 3]  # fmt: skip
            self.living.reply(case, said, yesterday)
        closed = Case.objects.filter(council=self.house.council, letters__channel="email").exclude(closed_at=None)
        for case in closed.distinct().order_by("-closed_at", "-pk")[:1]:
            self.living.reply(case, "I thought that this was finished, but nothing has come.", self.living.day(0))

    def _link(self) -> None:
        """Tie cases of the same matter together."""
        by = self.house.actor("Jo Lindley", self.living.today)
        by_matter: dict[str, list[Case]] = {}
        for case in Case.objects.filter(council=self.house.council, category__isnull=False).order_by("pk"):
            by_matter.setdefault(case.category.name if case.category else "", []).append(case)
        for same in [rows for rows in by_matter.values() if len(rows) > 3][:6]:
            case_details.link(case=same[-1], other=same[-2], why="The same crew on the same day", by=by, at=self.at)

    def _mailbox(self) -> None:
        box = self.house.mailbox.address
        for number, mail in enumerate(inbox.MAILS[self.house.council.code]):
            received = self.living.at(self.living.day(mail.days_ago), mail.hour)
            self.living.arrive(inbox.raw_of(mail, to=box, received=received, number=number), received)
        if self.house.council.code == "northmere":
            received = self.living.at(self.living.today, 7)
            self.living.arrive(inbox.unreadable(), received)
            case = self.living.made[-1] if self.living.made else None
            told = {"reference": case.reference if case else "", "address": "j.rowe@nowhere.example"}
            self.living.arrive(inbox.bounce(to=box, received=received, **told), received)


def _beside_each_other(houses: dict[str, House], shares: dict[str, int], at: datetime, progress: Progress) -> None:
    """Make each council in a process of its own; raises RuntimeError when one of them fails."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    watched: dict[str, Connection] = {}
    running = []
    for code, house in houses.items():
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(
            target=_in_a_process, args=(house, shares[code], at, there), name=f"demonstration {code}"
        )
        process.start()
        there.close()
        watched[code] = here
        running.append(process)
    _listen(watched, sum(shares.values()), progress)
    for process in running:
        process.join()
    if failed := [process.name for process in running if process.exitcode]:
        raise RuntimeError(f"{failed[0]} was not made; what went wrong stands above.")
    _hurry()


def _listen(watched: dict[str, Connection], of: int, progress: Progress) -> None:
    """Pass on how far the processes are, every forty cases, until both have ended."""
    done = dict.fromkeys(watched, 0)
    told = 0
    pipes = {pipe: code for code, pipe in watched.items()}
    while pipes:
        for pipe in multiprocessing.connection.wait(list(pipes)):
            assert isinstance(pipe, Connection)
            try:
                done[pipes[pipe]], _of = pipe.recv()
            except EOFError:
                del pipes[pipe]
                continue
            if sum(done.values()) - told >= 40:
                told = sum(done.values())
                _tell(progress, done, of)


def _in_a_process(house: House, count: int, at: datetime, pipe: Connection) -> None:
    connections.close_all()
    gc.set_threshold(100_000, 20, 20)  # looking for garbage takes a tenth of the time otherwise
    _hurry()
    Filling(house, count, at, lambda done, of: pipe.send((done, of))).fill()
    pipe.close()


def _away(house: House, today: date, at: datetime) -> None:
    """Tom is away for three more days, and Asha covers for him."""
    tom, asha = house.officers["Tom Ashdown"], house.officers["Asha Mehta"]
    absence.record(
        officer=tom, starts_on=today - timedelta(days=4), ends_on=today + timedelta(days=3), cover=asha, reason="leave",
        by=house.actor("Carol Whitfield", today), at=at,
    )  # fmt: skip


def _read_what_is_old(houses: dict[str, House], today: date) -> None:
    """Everybody has read what they were told until a few days ago."""
    everybody = {officer.pk: (name, house) for house in houses.values() for name, officer in house.officers.items()}
    recently = moment.now() - timedelta(days=4)
    for name, house in everybody.values():
        by = house.actor(name, today)
        if by.may_somewhere(Permission.NOTICE_READ):
            absence.read_notices(officer=house.officers[name], by=by, at=recently)
