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
SHOWN: dict[str, tuple[str, ...]] = {"case.allocated": ("to",), "case.note-written": ("with",)}
"""Words that stand in the sentence already."""
MOST = 240
NOBODY = {"resident": "the person", "timetable": "the timetable", "command": "the command line"}


QUIET = frozenset(
    {
        "letter.attempted", "message.read", "message.claimed", "message.let-go", "response.drafted", "letter.written",
        "case.acknowledged", "case.stage-opened", "response.released", "remedy.proposed", "remedy.changed",
        "remedy.dropped", "portal.mail-queued", "portal.mail-state", "portal.link-ask-answered",
    }
)  # fmt: skip
"""What stands in the whole timeline only: it says how a thing was done, or once more that it was."""

LETTERS = {
    "acknowledgement": "Acknowledgement",
    "neutral-acknowledgement": "Neutral acknowledgement",
    "authority-request": "Request for authority",
    "service-request": "Letter on a service request",
    "refusal": "Letter of refusal",
    "extension": "Letter on the extension",
    "holding": "Holding letter",
    "stage-1-response": "Stage 1 answer",
    "stage-2-response": "Stage 2 answer",
    "portal-link": "Link to follow the case",
    "other": "Letter",
}
WAYS = {"email": "by e-mail", "post": "by post", "portal": "on the website"}
THROUGH = {
    "email": "by e-mail", "portal": "on the website", "telephone": "by telephone", "letter": "by letter",
    "visit": "in person",
}  # fmt: skip
NOTES = {"internal": "Note", "call-in": "Call from", "call-out": "Call to", "visit": "Visit, with"}
SAID_BETTER = {
    "remedy.promised": "Promised in the answer",
    "remedy.done": "Promise kept, recorded",
    "response.asked-for-check": "The check was asked for",
    "response.taken-back": "The answer was taken back from the checker",
    "response.returned": "The answer was returned for changes",
    "response.passed": "The answer was passed",
}
"""What reads better with a name after it ("by Helen Marsh") than the words of the trail."""
FOUND = {"upheld": "upheld", "partly-upheld": "partly upheld", "not-upheld": "not upheld"}


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
    who = "" if line.by_kind == "timetable" else line.by_name or NOBODY.get(line.by_kind, "")
    return Entry(
        when=f"{dates.say(moment.local(line.at).date())}, {dates.time(line.at)}",
        what=sentence(line),
        href=_href(line),
        after=f"by {who}" if who else "",
        more=_more(line),
        direction="out" if line.kind in OUT else "in" if line.kind in IN else "inside",
    )


def sentence(line: trail.Line) -> str:
    """Say what happened as one would say it: which letter, which service, which point; else the kind's own words."""
    told = _told(line)
    return told if told and "  " not in told else line.sentence


def _told(line: trail.Line) -> str:
    kind, ids, detail = line.kind, line.ids, line.detail
    if kind in ("letter.dispatched", "letter.released"):
        letter = LETTERS.get(str(detail.get("kind")), "")
        way = WAYS.get(str(detail.get("channel")), "")
        return (
            f"{letter} {'sent' if kind == 'letter.dispatched' else 'released, to go'} {way}" if letter and way else ""
        )
    if kind.startswith("task.") and ids.get("service"):
        return _of_a_service(kind, str(ids["service"]))
    if kind == "case.logged" and str(ids.get("channel")) in THROUGH:
        return f"Came {THROUGH[str(ids['channel'])]}, and was logged"
    if kind in SAID_BETTER:
        return SAID_BETTER[kind]
    if kind == "message.joined":
        return "A message came, and was added to the case"
    if kind == "case.allocated" and detail.get("to"):
        return f"Given to {detail['to']}"
    if kind == "case.note-written":
        return _of_a_note(str(ids.get("note_kind")), str(detail.get("with") or ""))
    if kind == "case.finding-recorded" and detail.get("point"):
        found = FOUND.get(str(ids.get("decision")), "")
        return f"Finding on point {detail['point']} ({found}) recorded" if found else ""
    if kind == "case.stage-answered" and ids.get("stage"):
        found = FOUND.get(str(ids.get("outcome")), "")
        return f"Stage {ids['stage']} answered: {found}" if found else ""
    return ""


def _of_a_service(kind: str, service: str) -> str:
    return {
        "task.asked": f"{service} was asked",
        "task.answered": f"{service} answered",
        "task.later": f"{service} can’t answer by then",
        "task.not-ours": f"{service}: not theirs to answer",
        "task.chased": f"{service} was chased",
    }.get(kind, "")


def _of_a_note(kind: str, person: str) -> str:
    said = NOTES.get(kind, "")
    if kind == "internal" or not said:
        return said
    return f"{said} {person}" if person else said.split()[0].rstrip(",")


def _href(line: trail.Line) -> str:
    if line.ids.get("document"):
        return reverse("desk:document", args=[line.ids["document"]])
    if line.kind in ("message.joined", "message.logged") and line.ids.get("message"):
        return reverse("desk:intake-message", args=[line.ids["message"]])
    return ""


def _more(line: trail.Line) -> str:
    """Give what an entry says beyond its sentence: words first, then dates that were set, shortened."""
    shown = SHOWN.get(line.kind, ())
    said = [str(line.detail[name]) for name in SAID if line.detail.get(name) and name not in shown]
    said += _moved(line.ids)
    words = ". ".join(one.rstrip(".") for one in said)
    return words if len(words) <= MOST else words[: MOST - 1].rstrip() + "…"


def _moved(ids: Mapping[str, object]) -> list[str]:
    was, now = ids.get("was"), ids.get("now")
    if not isinstance(was, str) or not isinstance(now, str):
        return []
    return [f"From {_day(was)} to {_day(now)}"]


def _day(iso: str) -> str:
    return dates.say(date.fromisoformat(iso))
