"""May a council's own edition of a procedure stand, and what does it change?

A council chooses within a released edition: names, shorter limits, who signs, how long records are kept. What the law
or a Code fixes is refused with the authority that fixes it. Nothing else of the released edition can be changed.

Example: `make(released, Choices(limits={"stage-1-response": 8}), council="northmere", name="Northmere",
in_force_from=date(2027, 1, 1)).id` is "corporate-complaint@2027-01-01+northmere"; with 12 instead of 8 it raises
`NotAllowed`, which cites paragraph 6.3 of the Code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from pydantic import ValidationError

from redress.rulebook import dates, files, procedures
from redress.rulebook.comparing import Difference, differences, key_of, short
from redress.rulebook.comparing import sign_place as sign_place
from redress.rulebook.editions import (
    Authority,
    ClockRule,
    Document,
    Edition,
    ExtensionRule,
    SignOff,
)
from redress.rulebook.lines import span

LONGEST_FILE = 400_000
"""Characters of a file with a council's own edition; the released ones have less than a quarter of it."""

LONGEST_LINE = 5_000
"""Characters of one of its lines."""

LONGEST_NAME = 120
"""Characters of a title, or of who signs."""

MOST_YEARS = 100
"""Years for which records may be kept."""

MOST: dict[str, int] = {
    "working-days": 1_000,
    "calendar-days": 1_500,
    "weeks": 200,
    "calendar-months": 48,
    "hours": 2_000,
}
"""What a number may be at most where nothing else holds it down, by unit: more is a slip of the finger."""

DOCUMENT = "own-edition"
"""The key under which a council's own edition stands among its documents."""

MOST_PROBLEMS = 50
"""Differences of a file that are listed one by one."""


@dataclass(frozen=True)
class Problem:
    """Something that a council may not choose, or that can't be read: what, why, and by which authority.

    `field` names the choice: "title", "stage:<stage>", "limit:<clock>", "cap:<clock>", "sign:<place>", "retention",
    or is empty where the whole is meant.
    """

    field: str
    sentence: str
    authority: Authority | None = None

    def __str__(self) -> str:
        return self.sentence


class NotAllowed(ValueError):
    """A council's own edition may not stand as it is; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


@dataclass(frozen=True)
class Choices:
    """What a council chooses for itself; what is not named stays as it was released.

    `stages` holds titles by stage; `limits` numbers in the clock's own unit by clock; `caps` the most that may be added
    by extending, by clock; `sign_off` who signs, by `sign_place`.
    """

    title: str | None = None
    stages: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    sign_off: Mapping[str, str] = field(default_factory=dict)
    retention_years: int | None = None

    @property
    def none(self) -> bool:
        """Whether nothing is chosen at all."""
        return not any(bool(getattr(self, one.name)) for one in fields(self))


# ------------------------------------------------------------------------------------------------- what may be chosen


@dataclass(frozen=True)
class Room:
    """What a council may choose for one number: from `least` to `most`, or nothing where `fixed`.

    `says` tells it to a person, with the authority; `sure` is false where nobody has seen the authority's text.
    """

    least: int
    most: int
    fixed: bool
    says: str
    authority: Authority

    @property
    def sure(self) -> bool:
        """Whether the limit that is shown was seen with its authority."""
        return self.authority.is_confirmed


def room_for_limit(rule: ClockRule) -> Room | None:
    """Say which limits a council may choose for a clock; None for a clock whose start states its date."""
    if rule.limit is None:
        return None
    cite, most = rule.authority.cite, MOST[rule.unit]
    said = span(rule.limit, rule.unit)
    if rule.local == "free":
        return Room(1, max(most, rule.limit), False, f"The council may choose. Released with {said}.", rule.authority)
    if rule.local == "fixed" or rule.owed_by == "other":
        why = "" if rule.owed_by != "other" else " It is not the council’s own time."
        return Room(rule.limit, rule.limit, True, f"Fixed: {said} ({cite}).{why}", rule.authority)
    if rule.owed_by == "person":
        says = f"Never less than {said} ({cite}): it is the person’s own time, so the council may only give more."
        return Room(rule.limit, max(most, rule.limit), False, says, rule.authority)
    return Room(1, rule.limit, False, f"Never more than {said} ({cite}). It may be shorter.", rule.authority)


def room_for_cap(rule: ClockRule) -> Room | None:
    """Say what a council may choose as the most that an extension adds; None for a clock that can't be extended."""
    extension = rule.extension
    if extension is None:
        return None
    said, cite = span(extension.cap, extension.unit), extension.authority.cite
    if rule.local == "fixed" or rule.owed_by == "other":
        return Room(extension.cap, extension.cap, True, f"Fixed: {said} ({cite}).", extension.authority)
    if rule.local == "free" and extension.soft:
        most = max(MOST[extension.unit], extension.cap)
        return Room(1, most, False, f"The council may choose. Released with {said}.", extension.authority)
    says = f"Never more than {said} ({cite}). It may be less."
    return Room(1, extension.cap, False, says, extension.authority)


def judge(base: Edition, choices: Choices) -> tuple[Problem, ...]:
    """List everything in a council's choices that may not stand, each with its authority."""
    found: list[Problem] = []
    if choices.title is not None:
        found += _name("title", "The title", choices.title)
    for key, title in choices.stages.items():
        if key not in {stage.key for stage in base.stages}:
            found.append(Problem(f"stage:{short(key)}", f"There is no stage {short(key)}."))
        else:
            found += _name(f"stage:{key}", f"The name of {base.stage(key).title}", title)
    clocks = {rule.name: rule for rule in base.clocks}
    for name, number in choices.limits.items():
        found += _number(f"limit:{short(name)}", clocks.get(name), number, room_for_limit, "limit")
    for name, number in choices.caps.items():
        found += _number(f"cap:{short(name)}", clocks.get(name), number, room_for_cap, "extension")
    places = {sign_place(rule) for rule in base.sign_off}
    for place, by in choices.sign_off.items():
        if place not in places:
            found.append(Problem(f"sign:{short(place)}", f"Nobody signs at {short(place)} in this procedure."))
        else:
            found += _name(f"sign:{place}", "Who signs", by)
    if choices.retention_years is not None:
        found += _years(choices.retention_years)
    return tuple(found)


def notes(base: Edition, choices: Choices) -> tuple[str, ...]:
    """List what a council should think of before it approves its choices, though nothing refuses them."""
    said = []
    years = choices.retention_years
    if years is not None and years != base.retention.years and 1 <= years <= MOST_YEARS:
        said.append(
            f"Records are kept for {_years_said(years)} instead of {_years_said(base.retention.years)} "
            f"({base.retention.authority.cite}). Compare this with the council’s retention schedule."
        )
    for rule in base.clocks:
        changed = [
            (what, one)
            for what, chosen, one in (
                ("limit", choices.limits.get(rule.name), rule.authority),
                ("extension", choices.caps.get(rule.name), rule.extension.authority if rule.extension else None),
            )
            if chosen is not None and one is not None and not one.is_confirmed
        ]
        said += [f"{rule.title}: the {what} rests on {one.cite}, {one.confirmed_words}." for what, one in changed]
    return tuple(said)


def _name(field_name: str, what: str, given: str) -> list[Problem]:
    if not isinstance(given, str) or not given.strip():
        return [Problem(field_name, f"{what} can’t be empty.")]
    if len(given) > LONGEST_NAME:
        return [Problem(field_name, f"{what} may have {LONGEST_NAME} characters at most; this has {len(given)}.")]
    # Everything invisible, and what turns the direction of writing: it would deceive whoever reads the list.
    odd = next((sign for sign in given if unicodedata.category(sign)[0] in "CZ" and sign != " "), None)
    if odd is not None:
        return [Problem(field_name, f"{what} holds a character that can’t be seen (U+{ord(odd):04X}). Type it anew.")]
    return []


def _number(
    field_name: str, rule: ClockRule | None, given: int, room_for: Callable[[ClockRule], Room | None], what: str
) -> list[Problem]:
    room = room_for(rule) if rule is not None else None
    if rule is None or room is None:
        return [Problem(field_name, f"This procedure has no {what} to choose there.")]
    unit = rule.extension.unit if what == "extension" and rule.extension is not None else rule.unit
    title = rule.title if what == "limit" else f"Extension of {rule.title}"
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= max(MOST[unit], room.most):
        top = f"{max(MOST[unit], room.most):,}"
        return [Problem(field_name, f"{title}: choose a whole number from 1 to {top}.")]
    if room.least <= given <= room.most:
        return []
    doubt = "" if room.sure else " That authority is not confirmed here: check it."
    if room.fixed:
        sentence = f"{title}: {span(room.most, unit)} is fixed by {room.authority.cite}, and no council may change it."
    elif given > room.most:
        sentence = (
            f"{title}: {span(given, unit)} is too long. At most {span(room.most, unit)}, by {room.authority.cite}. "
            "A council may make it shorter, never longer."
        )
    else:
        sentence = (
            f"{title}: {span(given, unit)} is too short. The person has at least {span(room.least, unit)}, by "
            f"{room.authority.cite}. A council may give more, never less."
        )
    return [Problem(field_name, sentence + doubt, room.authority)]


def _years(given: int) -> list[Problem]:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_YEARS:
        return [Problem("retention", f"Records are kept for a whole number of years, from 1 to {MOST_YEARS}.")]
    return []


def _years_said(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


# ------------------------------------------------------------------------------------------------------------- making


def make(base: Edition, choices: Choices, *, council: str, name: str, in_force_from: date) -> Edition:
    """Make a council's own edition from a released one.

    `council` is the council's code, `name` its short name. Raises NotAllowed with everything that may not stand.
    """
    problems = list(judge(base, choices))
    if in_force_from < base.in_force_from:
        problems.append(
            Problem(
                "in_force_from",
                f"{dates.plain(in_force_from)} is before {dates.plain(base.in_force_from)}, when the released edition "
                "took effect.",
                base.in_force_authority,
            )
        )
    if base.local_to is not None:
        problems.append(Problem("", "A council’s own edition is made from a released one, not from another."))
    if problems:
        raise NotAllowed(problems)
    own = _own_document(base, name, in_force_from)
    changes: dict[str, Any] = {
        "id": f"{base.procedure}@{in_force_from.isoformat()}+{council}",
        "in_force_from": in_force_from,
        "in_force_authority": Authority(document=own.short, confirmed="P"),
        "between": f"What was received before {dates.plain(in_force_from)} keeps the edition that held until then.",
        "local_to": council,
        "based_on": base.id,
        "documents": (*base.documents, own),
        "title": " ".join((choices.title or base.title).split()),
        "stages": tuple(_renamed(stage, choices) for stage in base.stages),
        "clocks": tuple(_chosen(rule, base, choices, own) for rule in base.clocks),
        "letters": tuple(one.model_copy(update={"title": _follow(one.title, base, choices)}) for one in base.letters),
        "sign_off": tuple(_signed(rule, choices, own) for rule in base.sign_off),
        "retention": _kept(base, choices, own),
        # The worked examples belong to the released edition, whose numbers they show.
        "examples": (),
    }
    try:
        kept = {name: getattr(base, name) for name in Edition.model_fields}
        return Edition.model_validate({**kept, **changes})
    except ValidationError as wrong:
        raise NotAllowed(_told(wrong)) from wrong


def _own_document(base: Edition, name: str, in_force_from: date) -> Document:
    return Document(
        key=DOCUMENT,
        title=f"{base.title}: the edition of {name}",
        short=f"{name}’s own edition of {dates.plain(in_force_from)}",
        published=dates.plain(in_force_from),
        source="Kept with the council’s procedures",
        status="The council’s own choice, within what the documents above allow.",
    )


def _renamed(stage: Any, choices: Choices) -> Any:
    title = choices.stages.get(stage.key)
    return stage if title is None else stage.model_copy(update={"title": " ".join(title.split())})


def _follow(title: str, base: Edition, choices: Choices) -> str:
    """Let a title that begins with a stage's name follow its new name: "Stage 1 response" of a renamed Stage 1."""
    for stage in base.stages:
        new = choices.stages.get(stage.key)
        if new is not None and title.startswith(f"{stage.title} "):
            return " ".join(new.split()) + title[len(stage.title) :]
    return title


def _within(own: Document, before: Authority, said: str) -> Authority:
    """Cite the council's own edition for a number, and keep the authority within which it stands."""
    doubt = "" if before.is_confirmed else ", not confirmed"
    return Authority(document=own.short, confirmed="P", note=f"Released with {said} ({before.cite}{doubt}).")


def _chosen(rule: ClockRule, base: Edition, choices: Choices, own: Document) -> ClockRule:
    changes: dict[str, Any] = {"title": _follow(rule.title, base, choices)}
    limit = choices.limits.get(rule.name)
    if limit is not None and rule.limit is not None and limit != rule.limit:
        changes |= {"limit": limit, "authority": _within(own, rule.authority, span(rule.limit, rule.unit))}
    cap, extension = choices.caps.get(rule.name), rule.extension
    if cap is not None and extension is not None and cap != extension.cap:
        changes["extension"] = _extended(extension, cap, own)
    return rule.model_copy(update=changes)


def _extended(extension: ExtensionRule, cap: int, own: Document) -> ExtensionRule:
    authority = _within(own, extension.authority, span(extension.cap, extension.unit))
    return extension.model_copy(update={"cap": cap, "authority": authority})


def _signed(rule: SignOff, choices: Choices, own: Document) -> SignOff:
    by = choices.sign_off.get(sign_place(rule))
    if by is None or " ".join(by.split()) == rule.by:
        return rule
    return rule.model_copy(update={"by": " ".join(by.split()), "authority": _within(own, rule.authority, rule.by)})


def _kept(base: Edition, choices: Choices, own: Document) -> Any:
    years, before = choices.retention_years, base.retention
    if years is None or years == before.years:
        return before
    authority = _within(own, before.authority, _years_said(before.years))
    return before.model_copy(update={"years": years, "authority": authority})


# ---------------------------------------------------------------------------------------------------------- comparing


def choices_of(edition: Edition, base: Edition) -> Choices:
    """Give what an edition chooses differently from the one that it is based on; what can't be chosen is left out."""
    stages = {stage.key: stage.title for stage in base.stages}
    clocks = {rule.name: rule for rule in base.clocks}
    signs = {sign_place(rule): rule.by for rule in base.sign_off}
    return Choices(
        title=edition.title if edition.title != base.title else None,
        stages={one.key: one.title for one in edition.stages if stages.get(one.key, one.title) != one.title},
        limits={
            one.name: one.limit
            for one in edition.clocks
            if one.limit is not None and one.name in clocks and clocks[one.name].limit not in (None, one.limit)
        },
        caps={
            one.name: one.extension.cap
            for one in edition.clocks
            if one.extension is not None and _cap(clocks.get(one.name)) not in (None, one.extension.cap)
        },
        sign_off={sign_place(one): one.by for one in edition.sign_off if signs.get(sign_place(one), one.by) != one.by},
        retention_years=edition.retention.years if edition.retention.years != base.retention.years else None,
    )


def _cap(rule: ClockRule | None) -> int | None:
    return rule.extension.cap if rule is not None and rule.extension is not None else None


def read(text: str, *, council: str, name: str) -> Edition:
    """Read a file with one edition of a council's own, in the format of the released ones.

    What differs from the released edition that it names and is no choice is refused; so are choices that the law does
    not let a council have. Raises NotAllowed with every problem, each with its authority.
    """
    given = _parsed(text)
    if given.local_to != council:
        raise NotAllowed([Problem("", f"This edition says local_to {short(given.local_to or '')}, not {council}.")])
    if given.based_on is None:
        raise NotAllowed([Problem("", "The edition has to say with based_on which released edition it changes.")])
    try:
        base = procedures.by_id(given.based_on)
    except (procedures.UnknownProcedure, KeyError):
        raise NotAllowed([Problem("", f"There is no released edition {short(given.based_on)}.")]) from None
    if base.procedure != given.procedure:
        raise NotAllowed([Problem("", f"An edition of {given.procedure} can’t be based on {base.id}.")])
    choices = choices_of(given, base)
    problems = [*judge(base, choices), *_not_choices(given, base, choices, name)]
    if problems:
        raise NotAllowed(problems)
    return make(base, choices, council=council, name=name, in_force_from=given.in_force_from)


def _parsed(text: str) -> Edition:
    if len(text) > LONGEST_FILE:
        raise NotAllowed([Problem("", f"The file has {len(text):,} characters; {LONGEST_FILE:,} are read at most.")])
    # Before the parser sees it: a line of many thousand dots or brackets costs it more than it is worth.
    long = next((number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST_LINE), None)
    if long is not None:
        raise NotAllowed([Problem("", f"Line {long} is longer than {LONGEST_LINE:,} characters.")])
    try:
        held = procedures.parse(text)
    except ValidationError as wrong:
        raise NotAllowed(_told(wrong)) from wrong
    except RecursionError as deep:
        raise NotAllowed([Problem("", "The file is nested deeper than any procedure is.")]) from deep
    except (TypeError, AttributeError, KeyError) as wrong:
        raise NotAllowed([Problem("", "The file can’t be read: it is not shaped as a procedure file.")]) from wrong
    except ValueError as wrong:
        raise NotAllowed([Problem("", f"The file can’t be read: {_short_reason(wrong)}.")]) from wrong
    if len(held) != 1:
        raise NotAllowed([Problem("", f"A file holds one edition of the council’s own; this holds {len(held)}.")])
    return held[0]


def _short_reason(wrong: Exception) -> str:
    if "integer string conversion" in str(wrong):
        return "a number in it has thousands of digits"
    said = "".join(sign if sign.isprintable() else " " for sign in str(wrong)).strip().rstrip(".")
    return said[:300] or type(wrong).__name__


def _told(wrong: ValidationError) -> list[Problem]:
    """Say what the strict reader found, place by place."""
    listed = wrong.errors(include_url=False, include_context=False, include_input=False)
    found = []
    for one in listed[:MOST_PROBLEMS]:
        place = " › ".join(short(str(part + 1 if isinstance(part, int) else part)) for part in one["loc"])
        said = one["msg"].removeprefix("Value error, ")[:300]
        found.append(Problem("", f"{place}: {said}." if place else f"{said}."))
    if len(listed) > MOST_PROBLEMS:
        found.append(Problem("", f"And {len(listed) - MOST_PROBLEMS} more."))
    return found


def as_file(edition: Edition) -> str:
    """Write a council's own edition as a file that `read` takes back, with what may be chosen said beside each clock.

    Raises procedures.UnknownProcedure or KeyError when the edition is based on none that is held.
    """
    base = procedures.by_id(edition.based_on or "")
    beside = {}
    for rule in base.clocks:
        rooms = [room.says for room in (room_for_limit(rule), room_for_cap(rule)) if room is not None]
        beside[rule.name] = " Extension: ".join(rooms) or "Its start states the date."
    return files.write(edition, head=HEAD.format(base=base.id), beside=beside)


HEAD = """A council's own edition of a procedure. It is based on {base}.
It may choose: the title; the titles of the stages; the limit of a clock and the cap of its extension, within what
stands above each clock; `by` of each sign_off; the years of retention; and the day from which it is in force.
Everything else stays as it was released. What is written beside a number that was chosen is written anew when the
file is read.
"""


# What every edition of a council's own has of its own: written anew when it is made, so whatever stands there is left.
_HEAD = frozenset({"id", "in_force_from", "in_force_authority", "between", "local_to", "based_on", "examples"})


def _not_choices(given: Edition, base: Edition, choices: Choices, name: str) -> Iterator[Problem]:
    """List what differs and is no council's choice."""
    listed = [one for one in differences(given, base) if not _may_differ(one, given, base, choices, name)]
    for one in listed[:MOST_PROBLEMS]:
        where = " › ".join(one.place)
        cite = f" ({one.authority.cite})" if one.authority is not None else ""
        yield Problem("", f"{where}: {one.said}. That is not a council’s choice{cite}.", one.authority)
    if len(listed) > MOST_PROBLEMS:
        yield Problem("", f"And {len(listed) - MOST_PROBLEMS} more differences.")


def _may_differ(one: Difference, given: Edition, base: Edition, choices: Choices, name: str) -> bool:
    match one.place:
        case (head, *_) if head in _HEAD:
            return True
        case ("title",) | ("stages", _, "title"):
            return True
        case ("retention", "years") | ("sign_off", _, "by"):
            return True
        case ("clocks", clock, "limit") | ("clocks", clock, "extension", "cap"):
            return clock in {rule.name for rule in base.clocks}
        case ("documents", key):
            return key == DOCUMENT
        case ("clocks", clock, "title"):
            return given.clock(clock).title == _follow(base.clock(clock).title, base, choices)
        case ("letters", kind, "title"):
            return given.letter(kind).title == _follow(base.letter(kind).title, base, choices)
        case (*_, "authority", _part):
            # Written anew beside each number that is chosen: the council's own edition is cited there.
            own = _own_document(base, name, given.in_force_from).short
            return _authority_of(given, one.place) in (None, own) and _is_chosen(one.place, choices)
        case _:
            return False


def _authority_of(edition: Edition, place: tuple[str, ...]) -> str | None:
    found: Any = edition
    for part in place[:-1]:
        if isinstance(found, tuple):
            found = next((one for one in found if key_of(one) == part), None)
        else:
            found = getattr(found, part, None)
    return found.document if isinstance(found, Authority) else None


def _is_chosen(place: tuple[str, ...], choices: Choices) -> bool:
    match place:
        case ("clocks", clock, "authority", _):
            return clock in choices.limits
        case ("clocks", clock, "extension", "authority", _):
            return clock in choices.caps
        case ("sign_off", key, "authority", _):
            return key in choices.sign_off
        case ("retention", "authority", _):
            return choices.retention_years is not None
        case _:
            return False
