"""Damaged mail through the importer: is every piece kept once, and does nothing raise, whatever the bytes are?

Messages of our own, and real ones where they lie beside the project, are damaged as mail suffers on its way and as
malice would have it. An installation of the trial's own takes them in with ``redress mail import``, a folder at a time,
and each folder a second time: the first stores every message once, the second none.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trials.progress import Progress

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from plumbing import mail_examples, mutate_mail  # noqa: E402
from servers import processes  # noqa: E402
from servers.installation import Installation, installation  # noqa: E402

AT_ONCE = 250
REAL = PROJECT.parent / "shared" / "mail"
STATUSES = {"stored", "duplicate", "unreadable"}
Line = dict[str, Any]


def seeds() -> list[bytes]:
    """Give the good messages that are damaged: our own, and the real ones where they are."""
    own = [value for name, value in vars(mail_examples).items() if name.isupper() and isinstance(value, bytes)]
    real = [file.read_bytes() for file in sorted(REAL.iterdir()) if file.is_file()] if REAL.is_dir() else []
    return own + real


def lay(folder: Path, *, seed: int, first: int, count: int) -> list[str]:
    """Write so many damaged messages into a folder, and give their names."""
    good, names = seeds(), []
    for number in range(first, first + count):
        name = f"{number:08d}.eml"
        (folder / name).write_bytes(mutate_mail.mutation(good, seed=seed, number=number))
        names.append(name)
    return names


def judged(names: Sequence[str], lines: Sequence[Line], again: Sequence[Line], new_rows: int) -> list[str]:
    """Say what is wrong with two imports of one folder; ``new_rows`` is how many messages the first one added."""
    wrong = []
    told = Counter(Path(line["file"]).name for line in lines)
    missing = [name for name in names if name not in told]
    if missing:
        wrong.append(f"no line for {missing[:5]}")
    strange = [line for line in [*lines, *again] if line["status"] not in STATUSES]
    if strange:
        wrong.append(f"a line with another status: {strange[:3]}")
    stored = sum(line["status"] != "duplicate" for line in lines)
    if stored != new_rows:
        wrong.append(f"{stored} lines say that a message was kept, and {new_rows} messages are new")
    second = [line["file"] for line in again if line["status"] == "stored"]
    if second:
        wrong.append(f"stored a second time: {second[:5]}")
    if [line["file"] for line in again] != [line["file"] for line in lines]:
        wrong.append("the second run told of other files than the first")
    return wrong


def run(progress: Progress) -> bool:
    """Import every message that is left, and say whether all is well."""
    if progress.done < progress.count:
        with installation(REDRESS_TEST_CASES="2") as running:
            for first in progress.left(step=AT_ONCE):
                _folder(running, progress, first, min(AT_ONCE, progress.count - first))
            verified = running.command("trail", "verify", check=False)
            if verified.returncode:
                progress.finding(f"the trail doesn't verify: {verified.stdout[-500:]}")
    return progress.verdict()


def _folder(running: Installation, progress: Progress, first: int, count: int) -> None:
    with processes.folder("mail-trial") as folder:
        names = lay(folder, seed=progress.seed, first=first, count=count)
        before = _rows(running)
        lines = _import(running, progress, folder)
        between = _rows(running)
        again = _import(running, progress, folder)
        after = _rows(running)
    for sentence in judged(names, lines, again, between - before):
        progress.finding(f"messages {first} to {first + count - 1}: {sentence}")
    if after != between:
        progress.finding(f"messages {first} to {first + count - 1}: the second run added {after - between} messages")
    status = Counter(line["status"] for line in lines)
    progress.tally(
        messages=count, stored=status["stored"], the_same_as_another=status["duplicate"],
        unreadable=status["unreadable"], stored_again=after - between,
    )  # fmt: skip


def _rows(running: Installation) -> int:
    code = "import json; from redress.correspondence.models import Message; print(json.dumps(Message.objects.count()))"
    return int(running.python(code))


def _import(running: Installation, progress: Progress, folder: Path) -> list[Line]:
    done = running.command("mail", "import", str(folder), "--council", "northmere", "--json", check=False)
    if done.returncode:
        progress.finding(f"the import ended with {done.returncode}: {done.stderr[-1500:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]
