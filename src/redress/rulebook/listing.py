"""`redress procedures`: which procedures are held, and what does each say? For a reader who needs no Python.

Examples::

    redress procedures
    redress procedures show childrens-complaint --on 2026-11-23

It needs no database and no settings.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from redress.rulebook import dates, described, procedures, questions
from redress.rulebook.described import Block, Heading, Points, Sentence, Table
from redress.rulebook.editions import CONFIRMED_WORDS, Authority, Edition

WIDTH = 100

EXAMPLES = """\
examples:
  redress procedures                                            every procedure, its editions, how sure it is
  redress procedures show childrens-complaint                   the edition that is in force today
  redress procedures show foi-request --on 2012-03-01           the one that was in force on a day
  redress procedures show foi-request --json                    the same for a program
"""


def main(argv: Sequence[str], stdout: TextIO, *, stderr: TextIO | None = None, today: date | None = None) -> int:
    """Run the command: 0, or 1 with one sentence where the procedure or the day is not known, 2 for usage."""
    asked = parser().parse_args(list(argv))
    aside = stderr or sys.stderr
    try:
        if asked.what is None:
            lines = iter([_json(rows())]) if asked.json else _listed()
        else:
            on = questions.day(asked.on, "--on") if asked.on else today or datetime.now(dates.LONDON).date()
            edition = procedures.edition(asked.name, on)
            lines = iter([_json(edition.model_dump(mode="json"))]) if asked.json else shown(edition)
        for line in lines:
            stdout.write(line + "\n")
    except questions.Refused as refused:
        aside.write(f"redress: {refused}.\n")
        return 1
    except procedures.UnknownProcedure as unknown:
        close = difflib.get_close_matches(asked.name[:60], procedures.codes(), n=3)
        meant = f" Did you mean {dates.joined(close, 'or')}?" if close else f" {unknown.do}"
        aside.write(f"redress: there is no procedure {asked.name!a:.60}.{meant}\n")
        return 1
    except procedures.NoEdition as none:
        aside.write(f"redress: {none.sentence} {none.do}\n")
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command's words."""
    made = argparse.ArgumentParser(
        prog="redress procedures",
        description="List the procedures that the rulebook holds, or print one.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--json", action="store_true", help="print JSON, for scripts")
    commands = made.add_subparsers(dest="what", metavar="show")
    show = commands.add_parser(
        "show",
        help="print one procedure as it stood on a day",
        description="Print a procedure as it stood on a day: stages, clocks, grounds, letters, next steps, records.",
        epilog="Example: redress procedures show childrens-complaint --on 2026-11-23",
    )
    show.add_argument("name", metavar="NAME", help="a procedure, such as foi-request")
    show.add_argument("--on", metavar="DATE", help="the day (2026-11-23); today where it is left out")
    show.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
    return made


def rows() -> list[dict[str, Any]]:
    """List the procedures: name, title, editions with the day from which each is in force, clocks, how sure."""
    found = []
    for code in procedures.codes():
        held = procedures.editions(code)
        marks = [rule.authority.confirmed for rule in held[-1].clocks]
        found.append(
            {
                "procedure": code,
                "title": held[-1].title,
                "editions": [
                    {"id": one.id, "short": one.short, "in_force_from": one.in_force_from.isoformat()} for one in held
                ],
                "clocks": [rule.name for rule in held[-1].clocks],
                "confidence": {mark: marks.count(mark) for mark, _ in described.MARKS if mark in marks},
            }
        )
    return found


def _listed() -> Iterator[str]:
    for row in rows():
        clocks = len(row["clocks"])
        sure = ", ".join(f"{number} {mark}" for mark, number in row["confidence"].items())
        counted = f"{clocks} clock{'' if clocks == 1 else 's'}" + (f" ({sure})" if sure else "")
        yield f"{row['procedure']:<34} {row['title']}: {counted}"
        for one in reversed(row["editions"]):
            yield f"{'':<34}   from {dates.plain(date.fromisoformat(one['in_force_from']))}: {one['short']}"
    yield ""
    yield "How sure the limits are: " + "; ".join(f"{mark} {words}" for mark, words in described.MARKS) + "."


def shown(edition: Edition) -> Iterator[str]:
    """Print an edition as plain text, section by section."""
    yield from _title(edition.title, "=")
    yield edition.short
    yield edition.id
    yield ""
    for block in described.edition(edition, _say):
        yield from _text(block)


def _say(authority: Authority) -> str:
    note = f"; {authority.note.rstrip('.')}" if authority.note else ""
    return f"{authority.cite} [{CONFIRMED_WORDS[authority.confirmed]}{note}]"


def _text(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, 1):
            yield from _title(_bare(text), "-")
        case Heading(text, _):
            yield _bare(text)
        case Sentence(text):
            yield from _wrapped(text)
            yield ""
        case Points(items):
            for item in items:
                yield from _wrapped(item, "  * ", "    ")
            yield ""
        case Table(heads, rows_):
            for row in rows_:
                yield from _wrapped(row[0], "  ", "  ")
                for head, cell in zip(heads[1:], row[1:], strict=True):
                    if cell:
                        yield from _wrapped(f"{head}: {cell}", "      ", "        ")
            yield ""


def _title(text: str, under: str) -> Iterator[str]:
    yield text
    yield under * min(len(text), WIDTH)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        _bare(text), WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )


def _bare(text: str) -> str:
    """Leave out the marks that only a page shows."""
    return text.replace("`", "")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
