"""Damaged mail through the importer: is every piece kept once, and does nothing raise, whatever the bytes are?

A demonstration of its own takes the messages in with ``redress mail import``, a folder at a time, and each folder a
second time: the first stores them all, the second none.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from trials.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plumbing import mail_examples, mutate_mail
from servers import processes
from servers.installation import Installation, installation

AT_ONCE = 100
SEEDS = [value for name, value in vars(mail_examples).items() if name.isupper() and isinstance(value, bytes)]


def run(progress: Progress) -> bool:
    """Import every message that is left, and say whether all is well."""
    if progress.done < progress.count:
        with installation() as running:
            for number in progress.left(step=AT_ONCE):
                _folder(running, progress, number, min(AT_ONCE, progress.count - number))
            verified = running.command("trail", "verify", check=False)
            if verified.returncode:
                progress.finding(f"the trail doesn't verify: {verified.stdout[-500:]}")
    return progress.verdict()


def _folder(running: Installation, progress: Progress, first: int, count: int) -> None:
    with processes.folder("mail-trial") as folder:
        made = {}
        for number in range(first, first + count):
            raw = mutate_mail.mutation(SEEDS, seed=progress.seed, number=number)
            (folder / f"{number:08d}.eml").write_bytes(raw)
            made[number] = raw
        lines = _import(running, folder)
        again = _import(running, folder)
    told = {Path(line["file"]).stem for line in lines}
    missing = sorted(f"{number:08d}" for number in made if f"{number:08d}" not in told)
    if missing:
        progress.finding(f"no line for messages {missing[:5]}")
    stored = sum(line["status"] == "stored" for line in lines)
    unreadable = sum(line["status"] == "unreadable" for line in lines)
    doubled = [line["file"] for line in again if line["status"] == "stored"]
    if doubled:
        progress.finding(f"stored a second time: {doubled[:5]}")
    progress.tally(messages=count, stored=stored, unreadable=unreadable)


def _import(running: Installation, folder: Path) -> list[dict[str, str]]:
    done = running.command("mail", "import", str(folder), "--council", "northmere", "--json", check=False)
    assert done.returncode == 0, f"the import ended with {done.returncode}: {done.stderr[-2000:]}"
    return [json.loads(line) for line in done.stdout.splitlines()]
