"""What will this letter say?

The text comes from the council's own published version, or the shipped one; the numbered points, the parts that the
rulebook locks and the signature come from the program. What people wrote is put in as data and not read again.

Example: ``compose("holding", case=case, to=contact, today=today, by=by, extra=[writing.paragraph("…")])``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from redress.access.actor import Actor
from redress.cases import clocks
from redress.cases.models import Case, Happening, PointWording, Stage, StagePoint
from redress.casework import letters
from redress.correspondence import texts, writing
from redress.correspondence.models import Letter, LetterTemplate
from redress.correspondence.writing import Block
from redress.people.models import Adjustment, Contact
from redress.plumbing import merge
from redress.plumbing.text import one_line, shorten
from redress.rulebook import clock, dates
from redress.rulebook import editions as rules
from redress.rulebook.readings import Reading
from redress.staff.models import Officer

FIELDS = texts.FIELDS
KNOWN = {**texts.FIELDS, **texts.PLACES}

_PLACE = re.compile(r"\{\{\s*(points|more|further)\s*\}\}")
_KIND_OF_TEXT = {
    "stage-2-acknowledgement": Letter.Kind.ACKNOWLEDGEMENT,
    "escalation-refusal": Letter.Kind.REFUSAL,
    "replaced-remedy": Letter.Kind.OTHER,
}
_BLOCKS_ALWAYS = {"replaced-remedy": ("ombudsman",)}


def compose(
    kind: str,
    *,
    case: Case,
    to: Contact,
    today: date,
    by: Actor,
    values: Mapping[str, str] | None = None,
    stage: Stage | None = None,
    channel: str | None = None,
    extra: Sequence[Block] = (),
    subject: str = "",
    text: texts.Text | None = None,
    starts_data: Mapping[str, Any] | None = None,
) -> writing.Draft:
    """Compose a letter of a kind, or of one text of ``texts.keys()``, to somebody on the case.

    ``values`` go before what the case itself says; ``extra`` are the blocks that the officer adds; ``text`` is a
    version to be tried instead of the one in force. ``Draft.holes`` names what is missing: a letter with holes can't be
    released. ``starts_data`` goes with the happening that the dispatch records.
    Raises ``KeyError`` for an unknown kind, ``merge.TemplateRefused`` for a version that can't be used.
    """
    key = text_key(kind, stage)
    used = text or text_in_force(case, key)
    filling = {**known_values(case, to=to, stage=stage, today=today), **(values or {})}
    holes: list[str] = []
    heading = subject or _fill(used.heading, filling, holes)
    places = {
        "points": [] if key in texts.NEUTRAL else [writing.points(points_of(case, stage))],
        "more": [] if key in texts.NEUTRAL else list(extra),
        "further": [] if key in texts.NEUTRAL else locked_parts(case, key),
    }
    blocks = _body(used.body, filling, places, holes)
    signed = signature(case, by)
    return writing.Draft(
        kind=_KIND_OF_TEXT.get(key, kind),
        to=to,
        channel=channel or letters.channel_for(to),
        subject=shorten(one_line(heading), 250),
        salutation=writing.salutation(to),
        blocks=(*blocks, signed),
        large_print=wants_large_print(to),
        template_version=f"{used.key} {used.version}"[:60],
        starts=starts_with(case, kind, stage),
        starts_data=dict(starts_data or {}),
        holes=tuple(dict.fromkeys(holes)),
    )


def text_key(kind: str, stage: Stage | None) -> str:
    """Give the text that a kind of letter uses at a stage."""
    if stage is not None and stage.number == 2 and kind == "acknowledgement":
        return "stage-2-acknowledgement"
    texts.shipped(kind)
    return kind


def text_in_force(case: Case, key: str) -> texts.Text:
    """Give the council's own newest version of a text, else the shipped one."""
    own = LetterTemplate.objects.filter(council_id=case.council_id, kind=key).order_by("-version").first()
    shipped = texts.shipped(key)
    if own is None:
        return shipped
    return replace(shipped, heading=own.heading, body=own.body, version=f"version {own.version}")


def check_text(key: str, heading: str, body: str) -> None:
    """Refuse a version that uses a field that doesn't exist, leaves out what it must say, or says too much.

    Raises ``merge.TemplateRefused``.
    """
    parts = _paragraphs(body)
    places = [match.group(1) for part in parts if (match := _PLACE.fullmatch(part))]
    for part in parts:
        if not _PLACE.fullmatch(part) and (inside := _PLACE.search(part)):
            raise merge.TemplateRefused(f"{{{{ {inside.group(1)} }}}} stands alone, in a paragraph of its own.")
    for name in places:
        if places.count(name) > 1:
            raise merge.TemplateRefused(f"{{{{ {name} }}}} can stand in a letter only once.")
    used = {*merge.check(heading, FIELDS), *merge.check(body, KNOWN)}
    missing = [name for name in texts.MUST_USE.get(key, ()) if name not in used]
    if missing:
        said = ", ".join(f"{{{{ {name} }}}} ({KNOWN[name]})" for name in missing)
        raise merge.TemplateRefused(f"This letter has to say {said}.")
    told = sorted(used & texts.ABOUT_THE_PERSON) if key in texts.NEUTRAL else []
    if told:
        said = ", ".join(f"{{{{ {name} }}}}" for name in told)
        raise merge.TemplateRefused(f"This letter goes to somebody without authority, so it can't say {said}.")


def known_values(case: Case, *, to: Contact, stage: Stage | None, today: date) -> dict[str, str]:
    """Give what the case itself says for the fields of a letter."""
    council = case.council
    number = stage.number if stage is not None else 1
    holder = (stage.holder if stage is not None else None) or case.holder
    reading = answer_reading(case, number, today)
    return {
        "person": writing.contact_name(to),
        "reference": case.reference,
        "received_on": dates.plain(case.received_on),
        "matter": one_line(case.matter),
        "outcome_sought": _sought(case, stage),
        "holder": holder.name if holder is not None else "An officer of our complaints team",
        "holder_title": (holder.job_title or "complaints officer") if holder else "whose name we will tell you",
        "council": council.name,
        "council_telephone": council.telephone,
        "council_email": council.email,
        "answer_by": dates.say(reading.due) if reading is not None and reading.due else "",
        "answer_by_why": reading.for_resident if reading is not None else "",
        "old_date": dates.say(reading.due) if reading is not None and reading.due else "",
        "stage_name": f"Stage {number}",
        "asked_on": dates.plain(_asked_on(case) or today),
        "disputed": _disputed(stage),
        "today": dates.plain(today),
    }


def answer_reading(case: Case, number: int, today: date) -> Reading | None:
    """Read the clock of a stage's answer; before the acknowledgement as if that went today."""
    if case.kind != Case.Kind.COMPLAINT:
        return None
    edition = clocks.edition_of(case)
    rule_stage = next((one for one in edition.stages if one.number == number), None)
    if rule_stage is None:
        return None
    name = next(rule.name for rule in edition.clocks_of(rule_stage.key) if rule.ends_with == rule_stage.answered_by)
    reading = clocks.readings(case, today).get(name)
    if reading is None or reading.state != "not-started" or rule_stage.acknowledged_by is None:
        return reading
    then = clock.what_if(
        edition,
        clocks.facts(case),
        clocks.calendar_of(case),
        today=today,
        kind=rule_stage.acknowledged_by,
        on=today,
        settings=clocks.settings_of(case.council),
    )
    return then[name]


def starts_with(case: Case, kind: str, stage: Stage | None) -> str:
    """Give the kind of happening that the dispatch of such a letter records, if any."""
    number = stage.number if stage is not None else 1
    rule_stage = next((one for one in clocks.edition_of(case).stages if one.number == number), None)
    if rule_stage is None or case.kind != Case.Kind.COMPLAINT:
        return ""
    starting: dict[str, str | None] = {
        "acknowledgement": rule_stage.acknowledged_by,
        "stage-2-acknowledgement": rule_stage.acknowledged_by,
        "stage-1-response": rule_stage.answered_by,
        "stage-2-response": rule_stage.answered_by,
        "extension": "extended",
        "refusal": "refused",
        "escalation-refusal": "escalation-refused",
    }
    return starting.get(kind) or ""


def points_of(case: Case, stage: Stage | None) -> list[dict[str, Any]]:
    """Give the numbered points of a stage as they are worded now, those of the case where there is no stage."""
    chosen = StagePoint.objects.filter(stage=stage).values("point_id") if stage is not None else None
    rows = PointWording.objects.filter(point__case=case, point__withdrawn_at=None)
    if chosen is not None:
        rows = rows.filter(point__in=chosen)
    newest = rows.order_by("point_id", "-version").distinct("point_id").select_related("point")
    return [{"number": row.point.number, "text": row.text} for row in sorted(newest, key=lambda row: row.point.number)]


def locked_parts(case: Case, key: str) -> list[Block]:
    """Give the parts of a letter whose words stand in the rulebook, in the edition's order."""
    edition = clocks.edition_of(case)
    letter = rule_letter(edition, key)
    names = [part.block for part in letter.parts if part.block] if letter is not None else []
    names += _BLOCKS_ALWAYS.get(key, ())
    blocks = [edition.block(name) for name in dict.fromkeys(names)]
    return [writing.locked(block.title, block.text, check=block.mark == "check") for block in blocks]


def rule_letter(edition: rules.Edition, key: str) -> rules.Letter | None:
    """Give what the edition says that a letter must hold; None for one about which it says nothing."""
    return next((letter for letter in edition.letters if letter.kind == key), None)


def signature(case: Case, by: Actor) -> Block:
    """Give the end of a letter: the officer who writes it, else the council's complaints team."""
    officer = Officer.objects.filter(pk=by.id or 0).first() if by.kind == "staff" else None
    if officer is None:
        return writing.signature("Complaints team", case.council.name)
    return writing.signature(officer.name, f"{officer.job_title or 'Complaints officer'}, {case.council.name}")


def wants_large_print(contact: Contact) -> bool:
    """Say whether the person is to have letters in large print."""
    return Adjustment.objects.filter(contact=contact, kind=Adjustment.Kind.LARGE_PRINT, ended_at=None).exists()


def _sought(case: Case, stage: Stage | None) -> str:
    asked = (stage.outcome_sought if stage is not None and stage.number > 1 else "") or case.outcome_sought
    return asked.strip() or "you have not told us yet. You can at any time."


def _disputed(stage: Stage | None) -> str:
    if stage is None or stage.number == 1:
        return ""
    said = [stage.disputed.strip()]
    rows = StagePoint.objects.filter(stage=stage).exclude(disputed="").select_related("point").order_by("point__number")
    said += [f"Point {row.point.number}: {row.disputed.strip()}" for row in rows]
    return "\n".join(one for one in said if one) or "You did not say, and you need not give reasons."


def _asked_on(case: Case) -> date | None:
    row = Happening.objects.filter(case=case, kind="escalated").order_by("-on", "-seq", "-pk").first()
    return row.on if row is not None else None


def _body(
    body: str, filling: Mapping[str, str], places: Mapping[str, Sequence[Block]], holes: list[str]
) -> list[Block]:
    """Take a text apart into blocks first, then fill each: what is filled in can't become a heading or a place."""
    blocks: list[Block] = []
    waiting = dict(places)
    for part in _paragraphs(body):
        place = _PLACE.fullmatch(part)
        if place is not None:
            blocks += waiting.pop(place.group(1), ())
        else:
            blocks += _part(part, filling, holes)
    for name in ("more", "further"):
        blocks += waiting.pop(name, ())
    return blocks


def _part(part: str, filling: Mapping[str, str], holes: list[str]) -> Iterable[Block]:
    if part.startswith("## "):
        return [writing.heading(_fill(part[3:], filling, holes))]
    lines = part.splitlines()
    if all(line.startswith("* ") for line in lines):
        return [writing.bullets([_fill(line[2:], filling, holes) for line in lines])]
    return [writing.paragraph(_fill(part, filling, holes))]


def _paragraphs(body: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n[ \t]*\n", body.replace("\r\n", "\n")) if part.strip()]


def _fill(template: str, filling: Mapping[str, str], holes: list[str]) -> str:
    filled = merge.fill(template, filling, known=FIELDS)
    holes += [hole.label for hole in filled.holes]
    return filled.text
