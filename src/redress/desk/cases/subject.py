"""Which case is a page about, may this viewer do what the page is for, and what must be honoured?

Example: ``by, case = subject.of(request, "NMR-2026-0437")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from redress.access.actor import Actor
from redress.access.step import Step, can
from redress.cases import clocks, queries
from redress.cases.queries import Case
from redress.casework import authority
from redress.desk import entry
from redress.people import queries as people_queries
from redress.plumbing.look.frame import Honour
from redress.rulebook import dates

STRONG = {
    "danger": "Danger:",
    "safe-contact": "Safe contact:",
    "restriction": "Restricted:",
    "large-print": "Large print:",
    "language": "Language:",
    "contact": "How to reach:",
    "vulnerability": "Bear in mind:",
}


def of(request: HttpRequest, reference: str) -> tuple[Actor, Case]:
    """Give the viewer and the case; one that they may not see, or that there is not, answers as not found."""
    by = entry.viewer(request)
    case = queries.case(by, reference)
    if case is None:
        raise Http404
    return by, case


def needs(step: Step[..., Any], by: Actor, **subjects: Any) -> None:
    """Turn somebody away, with the sentence, whose role does not allow what the page is for."""
    allowed = can(step, by, **subjects)
    if not allowed:
        raise PermissionDenied(allowed.why)


@dataclass(frozen=True)
class Head:
    """What stands at the top of every page about a case: whose it is, and what must be honoured."""

    case: Case
    edition: str
    honour: tuple[Honour, ...]
    honour_heading: str


def head(by: Actor, case: Case, today: date, *, moment: str = "Before you ring or write to") -> Head:
    """Work out the top of a page about a case."""
    return Head(case, edition_words(case), honour_of(by, case, today), f"{moment} {called(case)}")


def honour_of(by: Actor, case: Case, today: date) -> tuple[Honour, ...]:
    """List what must be honoured, danger first, then who may speak for the person."""
    contacts = [case.complainant_id, *([case.representative_id] if case.representative_id else [])]
    found = [Honour(STRONG.get(row.kind, ""), row.text) for row in people_queries.adjustments(by, contacts)]
    if case.representative is not None:
        why = authority.why_not(case, today)
        said = why or f"may speak for {case.complainant.name}"
        if not why and case.authority is not None and case.authority.expires_on is not None:
            said += f", until {dates.plain(case.authority.expires_on)}"
        found.append(Honour(f"{case.representative.name}:", said))
    return tuple(found)


def called(case: Case) -> str:
    """Say "Mrs Okafor": the title and family name, or the whole name of somebody who gave no title."""
    person = case.complainant
    family = person.name.split()[-1] if person.name.split() else person.name
    return f"{person.title} {family}" if person.title else person.name


def edition_words(case: Case) -> str:
    """Say what it is, at which stage, and by which edition it goes."""
    if case.kind != Case.Kind.COMPLAINT:
        return str(case.get_kind_display())
    edition = clocks.edition_of(case)
    stage = queries.open_stage(case)
    where = f", Stage {stage.number}" if stage is not None else ""
    return f"{edition.title}{where}, edition of {dates.plain(edition.in_force_from)}"
