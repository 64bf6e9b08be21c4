"""``redress mail import PATH… --council CODE``: which messages lie in these files and folders, and are they here now?

Takes single messages (.eml or any name), Outlook's .msg, mbox files, Maildir folders, and folders of all of these. Each
regular file, and each message of an mbox, gives one line; what is here already is not stored again.

Example: ``redress mail import ../shared/mail --council northmere --json``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import OperationalError

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import arrivals
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.plumbing.mail import sources

DONE, FAILED, WRONG_USE = 0, 1, 2

EPILOG = """\
One line a file, or a message of an mbox: its status (stored, duplicate, unreadable), its kind (new, reply, auto-reply,
bounce), how many attachments, and the case that it was joined to. With --json each line is a JSON object.

The date of receipt is today, for the queue and its dates, unless --received-on gives the day on which the council had
them. Nobody is written to: an import sends no automatic acknowledgement.

example: redress mail import old-mailbox/ letter.msg --council northmere --json
"""


@dataclass(frozen=True)
class Line:
    """What became of one file, or of one message of an mbox."""

    file: str
    status: str
    kind: str
    attachments: int
    case: str | None


def main(argv: Sequence[str] | None = None) -> int:
    """Import the messages of files and folders; answers 0, 1 when something failed, 2 for a wrong use."""
    try:
        given = _arguments(argv)
    except SystemExit as stop:
        return DONE if stop.code in (0, None) else WRONG_USE
    try:
        council = council_queries.public_council(given.council)
        if council is None:
            return _fail(f"There is no council {given.council!r}. {_known()}")
        received_at = _received_at(given.received_on)
        if received_at is None:
            return _fail("The date of receipt can’t be in the future.")
        missing = [str(path) for path in given.paths if not path.exists()]
        if missing:
            return _fail(f"There is no file or folder {', '.join(missing)}.")
        for line in run(given.paths, council, received_at):
            sys.stdout.write((json.dumps(asdict(line), ensure_ascii=False) if given.json else _plain(line)) + "\n")
            sys.stdout.flush()
    except FileNotFoundError as gone:
        return _fail(str(gone))
    except OSError as problem:
        return _fail(f"A file or folder can’t be read: {problem.strerror or problem}.")
    except OperationalError as problem:
        return _fail(f"The database can’t be reached: {str(problem).splitlines()[0]}")
    except Refusal as refusal:
        return _fail(refusal.sentence)
    return DONE


def run(paths: Sequence[Path], council: Any, received_at: datetime) -> Iterator[Line]:
    """Import one item after the other, each in steps of its own: a failure leaves what came before it stored."""
    by = Actor.command("redress mail import")
    for item in sources.walk(paths):
        if not item.raw and not _is_empty(item.file):
            # Too large for any e-mail, or not readable on the disk: there is nothing that could be kept.
            sys.stderr.write(f"{item.file}: {item.reason}\n")
            yield Line(str(item.file), "unreadable", "new", 0, None)
            continue
        arrival = arrivals.take_in(
            raw=item.raw,
            council=council,
            mailbox=None,
            source=f"{item.file.name}{f' message {item.index}' if item.index else ''}",
            received_at=received_at,
            by=by,
            at=moment.now(),
        )
        yield _line(item, arrival)


def _line(item: sources.SourceItem, arrival: arrivals.Arrival) -> Line:
    unreadable = arrival.message.kind == "unreadable"
    status = "duplicate" if arrival.duplicate else "unreadable" if unreadable else "stored"
    case = arrival.message.case
    return Line(
        file=str(item.file),
        status=status,
        kind="new" if unreadable else str(arrival.message.kind),
        attachments=len(item.parsed.attachments),
        case=case.reference if case is not None else None,
    )


def _is_empty(file: Path) -> bool:
    try:
        return file.stat().st_size == 0
    except OSError:
        return False


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="redress mail import",
        description="Take e-mail out of files and folders into a council’s queue, each message once.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or folder, read recursively")
    parser.add_argument("--council", metavar="CODE", required=True, help="whose mail it is, such as northmere")
    parser.add_argument("--json", action="store_true", help="write one JSON object a line")
    parser.add_argument(
        "--received-on", metavar="YYYY-MM-DD", type=_day, help="the day on which the council had them; else today"
    )
    return parser.parse_args(argv)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no date; write it like 2026-11-22") from None


def _received_at(day: date | None) -> datetime | None:
    now = moment.now()
    if day is None or day == moment.local_date(now):
        return now
    return datetime.combine(day, time(12), tzinfo=moment.LONDON) if day < moment.local_date(now) else None


def _known() -> str:
    codes = [council.code for council in council_queries.public_councils()]
    return f"There are {', '.join(codes)}." if codes else "No council is set up yet: run `redress demo` or set one up."


def _plain(line: Line) -> str:
    files = f", {line.attachments} attachment{'s' if line.attachments != 1 else ''}" if line.attachments else ""
    return f"{line.status:<10} {line.kind:<10} {line.file}{files}{f', on {line.case}' if line.case else ''}"


def _fail(sentence: str) -> int:
    sys.stderr.write(f"redress mail import: {sentence}\n")
    return FAILED
