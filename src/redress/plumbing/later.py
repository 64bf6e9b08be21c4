"""How is work queued for later? By name, inside the transaction that asks for it.

The queue lies in the same database, so a step that rolls back leaves no job and a step that commits always has its
job. Whoever queues a job needs only its name; the modules of the timetable define what it does.

    later.queue("post.dispatch", key=f"dispatch:{letter_id}", letter=letter_id)

    @later.job("post.dispatch", tries=8)
    def dispatch(*, letter: int) -> None: ...

    @later.job("mailboxes.poll", every="* * * * *")
    def poll() -> None: ...

Every job may run twice: after a crash it is put back and starts again.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

Work = TypeVar("Work", bound=Callable[..., None])

# Put back this often after killed workers, a job is given up: it may be what kills them.
MOST_TRIES = 20


def queue(
    name: str, *, lock: str | None = None, key: str | None = None, at: datetime | None = None, **args: Any
) -> bool:
    """Queue the job of this name with these arguments (JSON values) as part of the present transaction.

    Jobs with the same `lock` run one after the other. While a job with the same `key` waits, no second one is queued.
    `at` puts it off until that instant. Returns whether a job was queued.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    deferrer = app.configure_task(name, lock=lock, queueing_lock=key, schedule_at=at)
    # Inside the worker the app writes through connections of its own: a job would be there, and begin, before the
    # transaction that asks for it, and whatever it looks for would not be there yet.
    deferrer.job_manager = JobManager(DjangoConnector())
    try:
        # A savepoint: the refusal of a second one must not spoil the transaction around it.
        with transaction.atomic():
            deferrer.defer(**args)
    except AlreadyEnqueued:
        return False
    return True


def job(
    name: str, *, every: str | None = None, tries: int = 1, wait: int = 10, lock: str | None = None
) -> Callable[[Work], Work]:
    """Declare what the job of this name does; `every` (minute hour day month weekday, UTC) also runs it by itself.

    `tries` is how often it is tried in all when it raises, after `wait` seconds, then double, and so on.
    Periodic jobs take no arguments; of two that would overlap, only one is queued.
    """

    def declare(work: Work) -> Work:
        retry = RetryStrategy(max_attempts=tries - 1, wait=wait, exponential_wait=2) if tries > 1 else False
        if every is None:
            app.task(name=name, retry=retry, lock=lock)(work)
            return work

        @functools.wraps(work)
        def tick(timestamp: int | None = None) -> None:
            work()

        task = app.task(name=name, retry=retry, lock=lock, queueing_lock=name)(tick)
        app.periodic(cron=every)(task)
        return work

    return declare


def attempt(context: JobContext) -> int:
    """Return the number of this try of a job, from 1."""
    return context.job.attempts + 1


def put_back_stalled(*, silent_for: float, all_running: bool = False) -> tuple[int, int]:
    """Put back the jobs of workers that died; return how many were put back, and how many given up.

    A worker is dead when it gave no sign for `silent_for` seconds; with `all_running` every running job counts,
    which only a supervisor may say that knows that no worker runs.
    """
    dead = "" if all_running else "AND (j.worker_id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.attempts FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"  # noqa: S608
            f" WHERE j.status = 'doing' {dead} ORDER BY j.id FOR UPDATE OF j SKIP LOCKED",
            [] if all_running else [silent_for],
        )
        stalled = cursor.fetchall()
        again = given_up = 0
        for identity, attempts in stalled:
            if attempts >= MOST_TRIES:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [identity])
                given_up += 1
                continue
            try:
                with transaction.atomic():
                    cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [identity])
                again += 1
            except IntegrityError:
                # One with the same key waits already, and will do the same work.
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'aborted', false)", [identity])
    return again, given_up


def forget_finished(*, hours: int) -> int:
    """Delete jobs that succeeded or were cancelled more than so many hours ago; failed ones stay to be looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS ("
            " SELECT 1 FROM procrastinate_events e"
            " WHERE e.job_id = j.id AND e.at > now() - make_interval(hours => %s))",
            [hours],
        )
        return int(cursor.rowcount)
