"""Which procedures does a council follow, in which edition, and what does one of them say?

Example: ``/desk/settings/procedures/northmere/corporate-complaint/`` shows every limit with its authority and how sure
it is; ``?edition=`` shows an earlier one, or one of the council's own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.step import Allowed, can
from redress.casework import local_editions
from redress.council import queries
from redress.council.queries import Council, LocalEdition
from redress.desk import entry
from redress.plumbing import moment
from redress.plumbing.look.frame import NavItem
from redress.rulebook import dates, happenings, lines, local, procedures
from redress.rulebook.editions import Authority, ClockRule, Document, Edition

MARKS: dict[str, tuple[str, str]] = {
    "P": ("Confirmed", "done"),
    "S": ("Seen second-hand", "wait"),
    "K": ("Not confirmed", "soon"),
}
"""How sure an authority is, in a word, and the colour of the word."""


def mark(authority: Authority) -> tuple[str, str]:
    """Say how sure an authority is, for a tag."""
    return MARKS[authority.confirmed]


@dataclass(frozen=True)
class Line:
    """A procedure of a council: the edition that holds today, and what is to come."""

    code: str
    edition: Edition | None
    title: str
    none_yet: str
    adopted: str
    own: bool
    coming: tuple[LocalEdition, ...]
    drafts: tuple[LocalEdition, ...]


@dataclass(frozen=True)
class OfCouncil:
    """A council with its procedures: those that it adopted, and the others that the rulebook holds."""

    council: Council
    adopted: tuple[Line, ...]
    others: tuple[Line, ...]


@dataclass(frozen=True)
class ClockLine:
    """A clock as it is read by a person."""

    rule: ClockRule
    length: str
    starts: str
    ends: str
    first_day: str
    extension: str
    changes: tuple[tuple[str, Authority], ...]
    room: str
    mark: tuple[str, str]
    bound_mark: tuple[str, str] | None


@dataclass(frozen=True)
class HistoryLine:
    """An edition in the list of all: released ones and the council's own."""

    name: str
    href: str
    since: date
    what: str
    shown: bool


@dataclass(frozen=True)
class ProcedurePage:
    """One edition, readable line by line."""

    council: Council
    edition: Edition
    in_force_mark: tuple[str, str]
    clocks: tuple[tuple[Any, tuple[ClockLine, ...]], ...]
    documents: tuple[tuple[Document, SafeString], ...]
    history: tuple[HistoryLine, ...]
    drafts: tuple[LocalEdition, ...]
    allowed: Allowed
    holds: bool
    base: Edition | None
    marks: tuple[tuple[str, str, str], ...]
    views: tuple[NavItem, ...]


def readable(request: HttpRequest) -> Actor:
    """Give the viewer, who must be one who may read cases."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.CASE_READ):
        raise PermissionDenied from NotPermitted(Permission.CASE_READ)
    return by


def council_of(by: Actor, code: str, procedure: str) -> Council:
    """Find a council of the viewer's, and make sure that the rulebook holds the procedure."""
    council = queries.council(by, code)
    if council is None or not by.may(Permission.CASE_READ, council.pk) or procedure not in procedures.codes():
        raise Http404
    return council


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the procedures of every council of the viewer, with their editions."""
    by = readable(request)
    today = moment.today()
    mine = [council for council in queries.councils(by) if by.may(Permission.CASE_READ, council.pk)]
    page = tuple(_of_council(by, council, today) for council in mine)
    return entry.page(
        request, "desk/settings/procedures.html", title="Procedures", current="settings", page=page,
        more={"today": today},
    )  # fmt: skip


def _of_council(by: Actor, council: Council, today: date) -> OfCouncil:
    adopted = {row.procedure: row for row in queries.adoptions(by, council.pk)}
    own: dict[str, list[LocalEdition]] = defaultdict(list)
    for row in queries.own_editions(by, council.pk):
        own[row.procedure].append(row)
    held = {one.procedure: one for one in queries.editions_for(council.pk, list(procedures.codes()), today)}
    rows = []
    for code in procedures.codes():
        edition = held.get(code)
        since = adopted[code].adopted_from if code in adopted else None
        rows.append(
            Line(
                code=code,
                edition=edition,
                title=(edition or procedures.current(code)).title,
                none_yet="" if edition else f"In force from {dates.plain(procedures.editions(code)[0].in_force_from)}",
                adopted=f"Adopted from {dates.plain(since)}" if since else "",
                own=edition is not None and edition.local_to is not None,
                coming=tuple(
                    row for row in own[code]
                    if row.state == LocalEdition.State.APPROVED and row.in_force_from > today
                ),
                drafts=tuple(row for row in own[code] if row.state == LocalEdition.State.DRAFT),
            )
        )  # fmt: skip
    return OfCouncil(council, tuple(r for r in rows if r.adopted), tuple(r for r in rows if not r.adopted))


@require_safe
def one(request: HttpRequest, code: str, procedure: str) -> HttpResponse:
    """Show one edition of a procedure as a page to read and print."""
    by = readable(request)
    council = council_of(by, code, procedure)
    today = moment.today()
    own = list(queries.own_editions(by, council.pk, procedure))
    edition = _asked(request, council, procedure, own, today)
    now = _in_force(council, procedure, today)
    base = procedures.by_id(edition.based_on) if edition.based_on else None
    page = ProcedurePage(
        council=council,
        edition=edition,
        in_force_mark=mark(edition.in_force_authority),
        clocks=tuple(
            (stage, tuple(_clock(rule, (base or edition).clock(rule.name)) for rule in edition.clocks_of(stage.key)))
            for stage in edition.stages
        ),
        documents=tuple((one, breakable(one.source)) for one in edition.documents),
        history=tuple(_history(council, procedure, own, edition)),
        drafts=tuple(row for row in own if row.state == LocalEdition.State.DRAFT),
        allowed=can(local_editions.draft, by, council=council),
        holds=now is not None and now.id == edition.id,
        base=base,
        marks=_legend(edition),
        views=tuple(
            NavItem(label, f"#{name}")
            for label, name, there in (
                ("Limits", "limits", edition.clocks),
                ("Who", "who", edition.who),
                ("Refusing", "refusing", edition.refusal_grounds),
                ("Letters", "letters", edition.letters),
                ("What comes next", "next", edition.next_steps),
                ("Records", "records", True),
                ("Documents", "documents", True),
            )
            if there
        ),
    )
    return entry.page(
        request, "desk/settings/procedure.html", title=edition.title, current="settings", page=page,
        more={"today": today},
    )  # fmt: skip


def _in_force(council: Council, procedure: str, today: date) -> Edition | None:
    try:
        return queries.edition_for(council.pk, procedure, today)
    except procedures.NoEdition:
        return None


def _asked(request: HttpRequest, council: Council, procedure: str, own: list[LocalEdition], today: date) -> Edition:
    """Give the edition that the address names, else the one in force, else the first that will be."""
    wanted = request.GET.get("edition", "")
    if not wanted:
        return _in_force(council, procedure, today) or procedures.editions(procedure)[0]
    released = {one.id: one for one in procedures.editions(procedure)}
    if wanted in released:
        return released[wanted]
    approved = [row for row in own if row.state == LocalEdition.State.APPROVED and row.edition_id == wanted]
    if not approved:
        raise Http404
    return local_editions.read(approved[0])


def _clock(rule: ClockRule, released: ClockRule) -> ClockLine:
    """Put a clock into words; what may be chosen stands in the released edition."""
    length = lines.span(rule.limit, rule.unit) if rule.limit is not None else "The date that is stated"
    extension = ""
    if rule.extension is not None:
        kind = "" if rule.extension.soft else ", and never more"
        extension = f"{lines.span(rule.extension.cap, rule.extension.unit)} at most{kind}"
        if rule.extension.only_when:
            extension += f". {rule.extension.only_when}"
    room = local.room_for_limit(released)
    return ClockLine(
        rule=rule,
        length=length,
        starts=_kinds(rule.starts_with),
        ends=_kinds((rule.ends_with,)),
        first_day=_first_day(rule),
        extension=extension,
        changes=tuple(_changes(rule)),
        room=room.says if room is not None else "Its start states the date.",
        mark=mark(rule.authority),
        bound_mark=mark(rule.bound_authority) if rule.bound_authority else None,
    )


def _kinds(kinds: tuple[str, ...]) -> str:
    return " Or: ".join(happenings.KINDS[kind] for kind in kinds)


def _first_day(rule: ClockRule) -> str:
    if rule.unit == "hours":
        return "Counted from the instant itself."
    said = "The day of the start is day 0." if rule.first_day == "day-after" else "The day of the start counts."
    return said + (" A date that is no working day moves to the next." if rule.roll == "next-working-day" else "")


def _changes(rule: ClockRule) -> list[tuple[str, Authority]]:
    found = [(f"The count begins anew: {one.says}", one.authority) for one in rule.restarts]
    found += [(f"Days that don’t count: {one.says}", one.authority) for one in rule.disregards]
    found += [
        (f"A time of its own, {lines.span(one.limit, one.unit)}: {one.says}", one.authority) for one in rule.fresh
    ]
    found += [(f"By agreement: {rule.agreed.says}", rule.agreed.authority)] if rule.agreed else []
    found += [(f"Read narrowly, earlier: {rule.cautious.says}", rule.cautious.authority)] if rule.cautious else []
    return found


def _history(council: Council, procedure: str, own: list[LocalEdition], shown: Edition) -> list[HistoryLine]:
    address = reverse("desk:procedure", args=[council.code, procedure])
    rows = [
        HistoryLine(one.name, f"{address}?edition={one.id}", one.in_force_from, "Released", one.id == shown.id)
        for one in procedures.editions(procedure)
    ]
    rows += [
        HistoryLine(
            f"{council.short_name}’s own edition",
            reverse("desk:edition", args=[row.pk]),
            row.in_force_from,
            row.get_state_display(),
            row.edition_id == shown.id and row.state == LocalEdition.State.APPROVED,
        )
        for row in own
        if row.state != LocalEdition.State.DRAFT
    ]
    return sorted(rows, key=lambda row: (row.since, row.what != "Released"), reverse=True)


def breakable(address: str) -> SafeString:
    """Let a long web address break at its strokes, so that a telephone shows all of it."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in address.split("/")))


def _legend(edition: Edition) -> tuple[tuple[str, str, str], ...]:
    """Say what the marks mean, of those that the edition has."""
    counted = {rule.authority.confirmed for rule in edition.clocks}
    return tuple(
        (*MARKS[letter], words)
        for letter, words in (
            ("P", "seen on the authority’s own page"),
            ("S", "seen on a page that reports it"),
            ("K", "not seen by anybody here: check it before you rely on it"),
        )
        if letter in counted
    )
