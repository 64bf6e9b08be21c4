"""The published list of bank holidays is read: by a command, or every week where the setting gives an address.

Whatever is wrong with the list is told and never fatal; nothing that is known is taken away by it.

Example: ``redress bank-holidays refresh --file bank-holidays.json --check``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import OperationalError

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import holiday_feed as taking
from redress.council import queries
from redress.plumbing import fetching, later, moment
from redress.rulebook import holiday_feed
from redress.rulebook.holiday_feed import Feed

DONE, FAILED, WRONG_USE = 0, 1, 2

EPILOG = """\
The list is GOV.UK’s own: one JSON object with the events of each division. Without --file or --address the address of
the setting REDRESS_BANK_HOLIDAYS_ADDRESS is read. Days that are new are added for their division, and the cases whose
clocks count across them are worked out by the worker. What is odd is told: a list that is missing, cut off, out of
date, or that lacks or renames a day that is known. Nothing that is known is taken away. The status is 0 unless nothing
could be read.

example: redress bank-holidays refresh --file bank-holidays.json --check
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Read the list once; answers 0, 1 when nothing could be read, 2 for a wrong use."""
    parser = argparse.ArgumentParser(
        prog="redress bank-holidays refresh",
        description="Read the published list of bank holidays, and add the days that are new.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--file", metavar="FILE", type=Path, help="read this file")
    which.add_argument("--address", metavar="URL", help="read what lies at this web address")
    parser.add_argument("--check", action="store_true", help="say what would be added, and change nothing")
    try:
        given = parser.parse_args(argv)
    except SystemExit as stop:
        return DONE if stop.code in (0, None) else WRONG_USE
    address = given.address or ("" if given.file else settings.REDRESS_ENVIRONMENT.bank_holidays_address or "")
    if not given.file and not address:
        sys.stderr.write("redress: Say what to read, with --file or --address, or set REDRESS_BANK_HOLIDAYS_ADDRESS.\n")
        return WRONG_USE
    if address and settings.REDRESS_DEMONSTRATION and not fetching.is_here(address):
        return _fail("This is a demonstration, which fetches nothing from outside this machine; use --file.")
    try:
        return _refresh(given.file, address, check=given.check)
    except Refusal as refusal:
        return _fail(f"{refusal.sentence} {refusal.do}".strip())
    except OperationalError as problem:
        return _fail(f"The database can’t be reached: {str(problem).splitlines()[0]}")


def _refresh(file: Path | None, address: str, *, check: bool) -> int:
    councils = queries.all_councils()
    if not councils and not check:
        return _fail("No council has been set up yet; bank holidays are kept once there is one.")
    feed = from_file(file) if file is not None else from_address(address)
    if not check:
        source = file.name if file is not None else address
        by = Actor.command("redress bank-holidays refresh")
        taking.record(councils=councils, feed=feed, source=source, by=by, at=moment.now())
    _say(feed, check=check)
    return DONE if feed.readable else FAILED


def from_file(file: Path) -> Feed:
    """Read the list from a file and compare it with what is known. Never raises for what is wrong with the file."""
    try:
        with file.open("rb") as opened:
            held = opened.read(fetching.MOST_BYTES + 1)
    except FileNotFoundError:
        return holiday_feed.not_read("missing", f"There is no file {file.name}.")
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        return holiday_feed.not_read("missing", f"The file {file.name} can’t be read: {why}.")
    if len(held) > fetching.MOST_BYTES:
        return holiday_feed.not_read("shape", f"The file {file.name} is too large to be the list of bank holidays.")
    return _compared(held)


def from_address(address: str) -> Feed:
    """Fetch the list from an address and compare it with what is known. Never raises for what is wrong there."""
    try:
        return _compared(fetching.get(address))
    except fetching.NotFetched as fault:
        return holiday_feed.not_read("unreachable", fault.sentence)


def _compared(held: bytes) -> Feed:
    return holiday_feed.read(held, queries.bank_holidays_known(), today=moment.today())


def _say(feed: Feed, *, check: bool) -> None:
    for one in feed.new:
        sys.stdout.write(f"{'Would be added' if check else 'Added'}: {one.words}\n")
    for told in feed.told:
        sys.stdout.write(f"To know: {told.text}\n")
    sys.stdout.write(f"{feed.summary}\n")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"redress: {sentence}\n")
    return FAILED


@later.job("bank-holidays.refresh", every="40 4 * * 1", lock="bank-holidays.refresh")
def refresh() -> None:
    """Read the published bank holidays from the address that the setting gives; without one, nothing is done."""
    address = settings.REDRESS_ENVIRONMENT.bank_holidays_address
    councils = queries.all_councils()
    if not address or not councils:
        return
    by = Actor.timetable("Bank holidays")
    taking.record(councils=councils, feed=from_address(address), source=address, by=by, at=moment.now())
