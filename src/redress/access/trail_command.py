"""``redress trail verify`` and ``redress trail seal``: the check of the trail, from a terminal.

Example: ``redress trail verify --since 120 --json``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from redress.access import seals, trail
from redress.access.refusals import Refusal
from redress.plumbing import moment


def main(argv: Sequence[str]) -> int:
    """Run the command and return its exit code: 0 when all is well, 1 for a fault, 2 for a wrong argument."""
    arguments = _parser().parse_args(argv)
    try:
        return _seal() if arguments.what == "seal" else _verify(arguments.since, as_json=arguments.json)
    except Refusal as refusal:
        _say(f"{refusal.sentence} {refusal.do}".strip(), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redress trail",
        description="Check or seal the trail: who did what, when, to which record.",
        epilog="Example: redress trail verify --since 120",
    )
    commands = parser.add_subparsers(dest="what", required=True)
    verify = commands.add_parser(
        "verify",
        help="check every chain and every seal, and name what is wrong",
        description="Check every chain and every seal of the trail. Ends with 1 when something is wrong.",
        epilog="Example: redress trail verify --json",
    )
    verify.add_argument(
        "--since", type=int, metavar="SEAL", help="check only what was sealed after this seal, or not yet"
    )
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    commands.add_parser(
        "seal",
        help="seal what was written since the last seal",
        description="Seal what was written since the last seal. The timetable does this every few minutes.",
        epilog="Example: redress trail seal",
    )
    return parser


def _seal() -> int:
    made = seals.seal(at=moment.now())
    for sealed in made:
        _say(f"Seal {sealed.number}: {_count(sealed.entries, 'entry', 'entries')} in {len(sealed.heads)} chains.")
    if not made:
        _say("Nothing was written since the last seal.")
    return 0


def _verify(since: int | None, *, as_json: bool) -> int:
    report = trail.examine(since=since)
    faults = len(report.faults) + report.more_faults
    if as_json:
        _say(
            json.dumps(
                {
                    "entries": report.entries,
                    "streams": report.streams,
                    "seals": report.seals,
                    "looks": report.looks,
                    "unsealed": report.unsealed,
                    "since": since,
                    "fault_count": faults,
                    "faults": [asdict(fault) for fault in report.faults],
                },
                default=str,
                ensure_ascii=False,
            )
        )
        return 1 if faults else 0
    for fault in report.faults:
        _say(fault.sentence)
    if report.more_faults:
        _say(f"… and {report.more_faults} more.")
    read = ", ".join(
        (
            _count(report.entries, "entry", "entries"),
            _count(report.streams, "chain", "chains"),
            _count(report.seals, "seal", "seals"),
            _count(report.looks, "sealed look", "sealed looks"),
        )
    )
    _say(f"Read {read}. {_count(report.unsealed, 'entry is', 'entries are')} not sealed yet.")
    _say(f"{_count(faults, 'fault', 'faults')} found." if faults else "The trail is as it was written.")
    return 1 if faults else 0


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _say(text: str, *, file: TextIO | None = None) -> None:
    (file or sys.stdout).write(f"{text}\n")
