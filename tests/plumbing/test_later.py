"""A job is queued with the transaction that asks for it, and put back when its worker dies."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from redress.plumbing import later

pytestmark = pytest.mark.django_db


def jobs(name: str = "test.work") -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, status, args, lock, queueing_lock, attempts, scheduled_at FROM procrastinate_jobs"
            " WHERE task_name = %s ORDER BY id",
            [name],
        )
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def pretend(sql: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if cursor.description else None


def taken_up(*, key: str | None = None, silent_seconds: int | None = 60, attempts: int = 0) -> int:
    """Queue a job and let a worker take it up that then gave no sign for a while (None: whose row is gone)."""
    later.queue("test.work", key=key, letter=1)
    worker = None
    if silent_seconds is not None:
        worker = pretend(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            silent_seconds,
        )[0]
    identity = jobs()[-1]["id"]
    pretend(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
        worker, attempts, identity,
    )  # fmt: skip
    return int(identity)


def test_a_job_is_queued_with_what_it_needs() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert later.queue("test.work", lock="case:7", key="once:7", at=at, letter=7, names=["Ł", "é"]) is True
    (job,) = jobs()
    assert job["status"] == "todo"
    assert '"letter": 7' in job["args"] or job["args"]["letter"] == 7
    assert (job["lock"], job["queueing_lock"], job["scheduled_at"]) == ("case:7", "once:7", at)


def test_a_step_that_rolls_back_leaves_no_job() -> None:
    with transaction.atomic():
        later.queue("test.work", letter=1)
        assert len(jobs()) == 1
        transaction.set_rollback(True)
    assert jobs() == []


def test_inside_the_worker_too_a_job_belongs_to_the_transaction_that_asks_for_it() -> None:
    """The worker's own connector writes by itself: a job that came through it would begin before the commit."""

    class Elsewhere(DjangoConnector):
        def execute_query_all(self, query: Any, **arguments: Any) -> Any:
            raise AssertionError("the job was written outside the transaction")

    with app.replace_connector(Elsewhere()):
        with transaction.atomic():
            assert later.queue("test.work", key="a") is True
            assert later.queue("test.work", key="a") is False
            assert len(jobs()) == 1
            transaction.set_rollback(True)
        assert jobs() == []


def test_a_second_one_with_the_same_key_is_not_queued_and_spoils_nothing() -> None:
    with transaction.atomic():
        assert later.queue("test.work", key="a") is True
        assert later.queue("test.work", key="a") is False
        assert later.queue("test.work", key="b") is True
    assert [job["queueing_lock"] for job in jobs()] == ["a", "b"]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        later.queue("test.work", at=datetime(2026, 12, 1))


@pytest.mark.parametrize("silent_seconds", [60, None])
def test_what_a_dead_worker_left_is_put_back(silent_seconds: int | None) -> None:
    taken_up(silent_seconds=silent_seconds)
    assert later.put_back_stalled(silent_for=30) == (1, 0)
    (job,) = jobs()
    assert (job["status"], job["attempts"]) == ("todo", 1)


def test_what_a_living_worker_does_is_left_to_it() -> None:
    taken_up(silent_seconds=5)
    assert later.put_back_stalled(silent_for=30) == (0, 0)
    assert jobs()[0]["status"] == "doing"


def test_a_supervisor_that_knows_that_no_worker_runs_puts_all_back() -> None:
    taken_up(silent_seconds=1)
    assert later.put_back_stalled(silent_for=0, all_running=True) == (1, 0)


def test_a_job_that_kills_its_workers_is_given_up_in_the_end() -> None:
    taken_up(attempts=later.MOST_TRIES)
    assert later.put_back_stalled(silent_for=30) == (0, 1)
    assert jobs()[0]["status"] == "failed"


def test_one_whose_twin_waits_already_is_dropped() -> None:
    taken_up(key="same")
    assert later.queue("test.work", key="same", letter=1) is True
    assert later.put_back_stalled(silent_for=30) == (0, 0)
    assert [job["status"] for job in jobs()] == ["aborted", "todo"]


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [("succeeded", 4, False), ("succeeded", 2, True), ("failed", 400, True), ("todo", 400, True)],
)
def test_old_jobs_that_succeeded_are_forgotten(
    status: str, days: int, kept: bool, database_superuser: Callable[[], Any]
) -> None:
    later.queue("test.work", letter=1)
    with database_superuser():
        pretend("UPDATE procrastinate_jobs SET status = %s", status)
        pretend("UPDATE procrastinate_events SET at = now() - make_interval(days => %s)", days)
    later.forget_finished(hours=72)
    assert bool(jobs()) is kept
