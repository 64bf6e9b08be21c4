"""What came in, went out and was done on a case, newest first, in sentences?

Example: ``timeline_of(trail.read(case))[0].what`` is "A service answered".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse

from redress.access import trail
from redress.plumbing import moment
from redress.plumbing.look.frame import Entry
from redress.rulebook import dates

SHORT = 20
OUT = frozenset({"letter.dispatched", "letter.posted", "portal.link-sent"})
IN = frozenset({"message.joined", "message.received", "message.logged", "case.logged", "case.escalated"})
SAID = (
    "subject",
    "to",
    "with",
    "text",
    "question",
    "answer",
    "reason",
    "summary",
    "disputed",
    "evidence",
    "remark",
    "why",
)
MOST = 240
NOBODY = {"resident": "The person", "timetable": "the timetable", "command": "the command line"}


QUIET = frozenset({"letter.attempted", "message.read", "message.claimed", "message.let-go", "response.drafted"})
"""What stands in the whole timeline only: it says how a thing was done, not that it was."""


def newest(lines: Sequence[trail.Line]) -> list[trail.Line]:
    """Keep the newest entries that matter on the page of a case."""
    return [line for line in lines if line.kind not in QUIET][-SHORT:]


def timeline_of(lines: Sequence[trail.Line]) -> tuple[Entry, ...]:
    """Draw the entries of the trail, the newest first."""
    return tuple(_entry(line) for line in reversed(lines))


def matching(lines: Sequence[trail.Line], words: str) -> list[trail.Line]:
    """Keep the entries that hold these words, for the search within a long timeline."""
    wanted = words.casefold().split()
    if not wanted:
        return list(lines)
    return [line for line in lines if all(part in _all_words(line) for part in wanted)]


def _all_words(line: trail.Line) -> str:
    return " ".join(
        [line.sentence, line.by_name, *map(str, line.detail.values()), *map(str, line.ids.values())]
    ).casefold()


def _entry(line: trail.Line) -> Entry:
    who = line.by_name or NOBODY.get(line.by_kind, "")
    return Entry(
        when=f"{dates.say(moment.local(line.at).date())}, {dates.time(line.at)}",
        what=line.sentence,
        href=_href(line),
        after=f"by {who}" if who else "",
        more=_more(line),
        direction="out" if line.kind in OUT else "in" if line.kind in IN else "inside",
    )


def _href(line: trail.Line) -> str:
    if line.ids.get("document"):
        return reverse("desk:document", args=[line.ids["document"]])
    if line.kind in ("message.joined", "message.logged") and line.ids.get("message"):
        return reverse("desk:intake-message", args=[line.ids["message"]])
    return ""


def _more(line: trail.Line) -> str:
    """Give what an entry says beyond its sentence: words first, then dates that were set, shortened."""
    said = [str(line.detail[name]) for name in SAID if line.detail.get(name)]
    said += _moved(line.ids)
    if line.kind in ("task.asked", "task.answered", "task.later", "task.not-ours", "task.chased") and line.ids.get(
        "service"
    ):
        said.insert(0, str(line.ids["service"]))
    words = ". ".join(one.rstrip(".") for one in said)
    return words if len(words) <= MOST else words[: MOST - 1].rstrip() + "…"


def _moved(ids: Mapping[str, object]) -> list[str]:
    was, now = ids.get("was"), ids.get("now")
    if not isinstance(was, str) or not isinstance(now, str):
        return []
    return [f"From {_day(was)} to {_day(now)}"]


def _day(iso: str) -> str:
    return dates.say(date.fromisoformat(iso))
