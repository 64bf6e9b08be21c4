"""What does the installation itself say? A small process that looks into its tables and answers questions.

It runs with the installation's own settings, reads one JSON object a line and answers with one; a question that breaks,
since the database was killed under it, answers with the fault, and may be asked again. ::

    inside = Inside(running)
    inside.ask("undone", token="k7")["to_log"]
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]


class Inside:
    """The other end of the process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._one = threading.Lock()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "trials.inside"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**environment, "DJANGO_SETTINGS_MODULE": "redress.server.settings"},
        )  # fmt: skip

    def ask(self, question: str, *, patience: float = 120.0, **given: Any) -> Any:
        """Ask until there is an answer; raises RuntimeError when there is none in so many seconds."""
        until = time.monotonic() + patience
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        while True:
            with self._one:
                self._child.stdin.write(json.dumps([question, given]) + "\n")
                self._child.stdin.flush()
                said = json.loads(self._child.stdout.readline() or '{"fault": "the process is gone"}')
            if "answer" in said:
                return said["answer"]
            if time.monotonic() > until:
                raise RuntimeError(f"{question}: {said['fault']}")
            time.sleep(0.5)

    def close(self) -> None:
        """End the process."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._child.wait(30)


# ------------------------------------------------------------------------------------------------- within the process


def poll() -> None:
    """Have the mailboxes read now, instead of at the next full minute."""
    from redress.plumbing import later

    later.queue("mailboxes.poll")


def undone(*, token: str) -> dict[str, Any]:
    """List what officers could do next with the trial's messages and cases."""
    from redress.cases.models import Case
    from redress.correspondence.models import Letter, Message

    waiting = Message.objects.filter(subject__contains=token, state="to-log").order_by("pk")
    cases = Case.objects.filter(points__wordings__text__contains=token).distinct().order_by("pk")
    told = []
    for case in cases:
        letters = Counter(Letter.objects.filter(case=case).values_list("kind", flat=True))
        told.append(
            {
                "reference": case.reference, "state": str(case.state), "held": case.holder_id is not None,
                "acknowledged": letters["acknowledgement"], "written": letters["other"],
            }
        )  # fmt: skip
    return {"to_log": list(waiting.values_list("pk", "subject")), "cases": told}


def reckoning(*, token: str) -> dict[str, Any]:
    """Tell all that became of what the trial put in, for somebody else to judge."""
    from redress.cases.models import Case, Point
    from redress.correspondence.models import AutomaticAcknowledgement, Letter, Message, PortalMail, Receipt

    messages = Message.objects.filter(subject__contains=token, channel="email")
    points = Point.objects.filter(wordings__text__contains=token)
    cases = Case.objects.filter(pk__in=points.values("case_id"))
    letters = Letter.objects.filter(case__in=cases, channel="email").exclude(released_at=None)
    notes = AutomaticAcknowledgement.objects.filter(message__in=messages)
    unread = Receipt.objects.filter(read_as=None).count()
    return {
        "messages": list(messages.values_list("subject", flat=True)),
        "points": [
            [case, text]
            for case, text in points.values_list("case__reference", "wordings__text").distinct()
        ],
        "letters": [
            {
                "pk": one.pk, "state": one.state, "id": one.message_id, "case": one.case.reference, "kind": one.kind,
                "to": one.to_address, "words": json.dumps(one.blocks),
            }
            for one in letters.select_related("case").order_by("pk")
        ],
        "portal_mails": list(PortalMail.objects.filter(case__in=cases).values_list("our_identity", "state")),
        "notes": list(notes.values_list("our_identity", "state")),
        "receipts_unread": unread,
    }  # fmt: skip


def jobs() -> list[Any]:
    """List the jobs that wait, run or failed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status, attempts, lock, args::text, scheduled_at::text FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') ORDER BY id"
        )
        return [list(row) for row in cursor.fetchall()]


def files() -> dict[str, Any]:
    """Read every file that a document or receipt names, and list what is missing or altered."""
    from redress.correspondence.models import Receipt
    from redress.documents.models import Document
    from redress.documents.store import store
    from redress.plumbing.storage import Altered, Missing

    named = {
        *Document.objects.values_list("council__code", "sha256"),
        *Receipt.objects.values_list("council__code", "sha256"),
    }
    wrong = []
    for code, digest in sorted(named):
        try:
            store().read(code, digest, verify=True)
        except (Missing, Altered) as fault:
            wrong.append(f"{code} {digest}: {fault}")
    return {"files": len(named), "wrong": wrong}


QUESTIONS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (poll, undone, reckoning, jobs, files)}


def main() -> None:
    """Answer questions until no more come."""
    import django

    django.setup()
    from django.db import connection

    for line in sys.stdin:
        question, given = json.loads(line)
        try:
            said: dict[str, Any] = {"answer": QUESTIONS[question](**given)}
        except Exception as fault:  # noqa: BLE001 - whoever asked decides what to make of it
            said = {"fault": f"{type(fault).__name__}: {fault}"}
            connection.close()
        print(json.dumps(said, default=str), flush=True)


if __name__ == "__main__":
    main()
