"""A hundred random kills of web server, worker and database during the main job: is anything lost, doubled, sent twice?

A real installation is started as `redress run` does it, with a real SMTP and IMAP server. While people write, complain
and work at the desk, processes are ended with SIGKILL, at moments and in an order that the seed repeats. After each ten
kills everybody stops, the trial waits until nothing is on its way, and counts::

    from trials.progress import Progress
    run(Progress("kills", seed=1, count=10))
"""

from __future__ import annotations

import contextlib
import email
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from servers.installation import Installation, installation
from servers.mail import MailServer, mail_server
from trials.inside import Inside
from trials.people import MANAGER, Office, Promised, World, at_work
from trials.progress import Progress

AT_ONCE = 10
TARGETS = ("web", "worker", "worker", "database", "backend")
RECOVERS_IN = 90.0
QUIET_IN = 1_500.0
UNSURE = ("unclear", "failed")
FINAL = ("dispatched", "unclear", "failed", "withdrawn")


def run(progress: Progress, *, at_once: int = AT_ONCE) -> bool:
    """Kill as often as is left, and say whether all is well."""
    if progress.done < progress.count:
        with _scene() as (mail, running, inside):
            for first in progress.left(step=at_once):
                _block(progress, mail, running, inside, first, min(at_once, progress.count - first))
    return progress.verdict()


@contextlib.contextmanager
def _scene() -> Iterator[tuple[MailServer, Installation, Inside]]:
    with mail_server("complaints") as mail:
        mail.thinks = 0.3
        with installation(mail=mail, REDRESS_TEST_CASES="2") as running:
            inside = Inside(running.environment)
            try:
                yield mail, running, inside
            finally:
                inside.close()


def _block(progress: Progress, mail: MailServer, running: Installation, inside: Inside, first: int, count: int) -> None:
    """Work and kill, then stop, wait and count."""
    chance = random.Random(f"{progress.seed}:{first}")
    promised = Promised(token=f"k{progress.seed}x{first}x{os.getpid()}")
    world = World(running, inside, promised, random.Random(f"people {progress.seed}:{first}"))
    threads = at_work(world)
    time.sleep(chance.uniform(8.0, 12.0))
    for _ in range(count):
        target = _kill(running, chance)
        progress.tally(**{"kills": 1, f"of_{target}": 1})
        if not _recovered(running, target):
            progress.finding(f"after a kill of the {target} it did not come back in {RECOVERS_IN:.0f} seconds")
            break
        time.sleep(chance.uniform(0.2, 5.0))
    world.stop.set()
    for thread in threads:
        thread.join(300)
    told = _wait_until_quiet(world, mail)
    for sentence in [*promised.strange, *_judged(progress, world, mail, told)]:
        progress.finding(f"kills {first + 1} to {first + count}: {sentence}")


# ------------------------------------------------------------------------------------------------------------- killing


def _kill(running: Installation, chance: random.Random) -> str:
    """End one process at once, whatever it is doing; answers which part it was of."""
    target = chance.choice(TARGETS)
    until = time.monotonic() + RECOVERS_IN
    while time.monotonic() < until:
        there = sorted(_processes(running, target), key=lambda one: one.pid)
        if there:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(there).send_signal(signal.SIGKILL)
                return target
        time.sleep(0.1)
    raise RuntimeError(f"there is no {target} to kill")


def _processes(running: Installation, target: str) -> list[psutil.Process]:
    """Give the processes of a part, with those that they started."""
    if target in ("web", "worker"):
        found = {one.pid: one for one in running.parts(target)}
        for one in list(found.values()):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.update({child.pid: child for child in one.children(recursive=True)})
        return list(found.values())
    servers = {one.pid: one for one in running.parts("database")}
    heads: list[psutil.Process] = []
    others: list[psutil.Process] = []
    for one in servers.values():
        with contextlib.suppress(psutil.NoSuchProcess):
            (others if one.ppid() in servers else heads).append(one)
    return heads if target == "database" else others


def _recovered(running: Installation, target: str) -> bool:
    """Wait until pages are served again and, where it was killed, the worker is there."""
    until = time.monotonic() + RECOVERS_IN
    while time.monotonic() < until:
        if running.answers() and (target != "worker" or running.parts("worker")):
            return True
        time.sleep(0.1)
    return False


# ------------------------------------------------------------------------------------------------------------ counting


def _wait_until_quiet(world: World, mail: MailServer) -> dict[str, Any]:
    """Wait until nothing is on its way any more; gives what is there then, or when patience ends."""
    until = time.monotonic() + QUIET_IN
    next_poll = 0.0
    while True:
        if time.monotonic() > next_poll:
            world.inside.ask("poll")
            next_poll = time.monotonic() + 10
        told: dict[str, Any] = world.inside.ask("reckoning", token=world.promised.token)
        moving = _moving(told, world.promised)
        if not moving:
            return told
        if time.monotonic() > until:
            told["moving"] = [*moving, f"jobs: {world.inside.ask('jobs')}"]
            return told
        time.sleep(2)


def _moving(told: dict[str, Any], promised: Promised) -> list[str]:
    """List what is not at rest."""
    moving = [f"letter {one['pk']} is {one['state']}" for one in told["letters"] if one["state"] not in FINAL]
    for what in ("portal_mails", "notes"):
        moving += [f"{what} {who} is {state}" for who, state in told[what] if state in ("queued", "attempting")]
    if told["receipts_unread"]:
        moving.append(f"{told['receipts_unread']} receipts are not read")
    missing = set(promised.emails) - set(told["messages"])
    return moving + ([f"e-mails not there: {sorted(missing)[:5]}"] if missing else [])


def _judged(progress: Progress, world: World, mail: MailServer, told: dict[str, Any]) -> list[str]:
    """Count what was promised against what is there; gives a sentence for each fault."""
    promised = world.promised
    wrong = list(told.get("moving", []))
    kept = Counter(told["messages"])
    wrong += [f"e-mail “{one}” is there {kept[one]} times" for one in promised.emails if kept[one] != 1]
    wrong += _cases(promised, told["points"])
    sent = Counter(_identity(raw) for _, _, raw in mail.taken)
    wrong += _twice(sent)
    wrong += _letters(promised, told["letters"], sent)
    if any(one["state"] in UNSURE for one in told["letters"]):
        wrong += _hidden(told["letters"], Office(world).window(MANAGER).open("/desk/post/").source)
    claimed = [*told["portal_mails"], *told["notes"]]
    wrong += [f"{who} is called sent and never went" for who, state in claimed if state == "sent" and not sent[who]]
    verified = world.running.command("trail", "verify", check=False)
    if verified.returncode:
        wrong.append(f"the trail does not verify: {verified.stdout[-600:]} {verified.stderr[-300:]}")
    files = world.inside.ask("files")
    wrong += files["wrong"]
    states = Counter(one["state"] for one in told["letters"])
    progress.tally(
        emails=len(promised.emails), forms=len(promised.forms), letters=len(told["letters"]),
        letters_sent=states["dispatched"], letters_shown_as_unclear=states["unclear"] + states["failed"],
        own_mails=len(claimed), pressed_again=promised.pressed_again, file_checks=files["files"],
    )  # fmt: skip
    return wrong


def _twice(sent: Counter[str]) -> list[str]:
    """List what left the council more than once; the e-mails that people write to it are not its own."""
    ours = {identity: number for identity, number in sent.items() if not identity.endswith("@mail.example")}
    return [f"{identity} was sent {number} times" for identity, number in ours.items() if number > 1]


def _cases(promised: Promised, points: list[list[str]]) -> list[str]:
    """Each form and each e-mail that was logged is one case, and the reference that was shown is its own."""
    of: dict[str, set[str]] = {}
    for reference, text in points:
        of.setdefault(text, set()).add(reference)
    wrong = [f"“{text}” is {len(cases)} cases: {sorted(cases)}" for text, cases in of.items() if len(cases) > 1]
    wrong += [f"form “{text}” was promised as {one} and is {of.get(text)}" for text, one in promised.forms.items()
              if of.get(text) != {one}]  # fmt: skip
    return wrong


def _letters(promised: Promised, letters: list[dict[str, Any]], sent: Counter[str]) -> list[str]:
    """A letter that is called sent went once, one that is called failed never; what was released is one letter."""
    wrong = [
        f"letter {one['pk']} ({one['state']}) went {sent[one['id']]} times"
        for one in letters
        if (one["state"] == "dispatched" and sent[one["id"]] != 1) or (one["state"] == "failed" and sent[one["id"]])
    ]
    said = Counter(words for words in promised.written for one in letters if words in one["words"])
    wrong += [f"“{words}” was released and is {said[words]} letters" for words in promised.written if said[words] != 1]
    greeted = Counter(one["case"] for one in letters if one["kind"] == "acknowledgement")
    return wrong + [f"{case} was acknowledged {number} times" for case, number in greeted.items() if number > 1]


def _hidden(letters: list[dict[str, Any]], page: str) -> list[str]:
    """List the letters that may have gone, or could not, and that the desk's page of the post does not show."""
    return [
        f"letter {one['pk']} ({one['state']}) is not shown"
        for one in letters
        if one["state"] in UNSURE and f"/desk/post/{one['pk']}/settle/" not in page
    ]


def _identity(raw: bytes) -> str:
    return str(email.message_from_bytes(raw)["Message-ID"] or "").strip().strip("<>")
