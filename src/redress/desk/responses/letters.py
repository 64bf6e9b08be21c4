"""How is a letter shown before it goes: on the page, and as the PDF that it will be?

Example: ``return letters.as_pdf(draft, case=case, on=today)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import Step, can
from redress.cases import queries as case_queries
from redress.correspondence import writing
from redress.desk import entry
from redress.people import queries as people_queries
from redress.plumbing import letterpress
from redress.plumbing.look.frame import Honour

if TYPE_CHECKING:
    from redress.cases.queries import Case


class NoSuchCase(Refusal):
    """There is no such case at this council that you can see."""

    field = "reference"
    do = "Check the reference."


STRONG = {
    "danger": "Danger:",
    "safe-contact": "Safe contact:",
    "restriction": "Restricted:",
    "large-print": "Large print:",
    "language": "Language:",
    "contact": "How to reach:",
    "vulnerability": "Bear in mind:",
}


def case_or_404(request: HttpRequest, reference: str) -> tuple[Actor, Case]:
    """Give the viewer and the case of a page; a case that they may not see does not exist."""
    by = entry.viewer(request)
    case = case_queries.case(by, reference)
    if case is None:
        raise Http404
    return by, case


def must_be_allowed(step: Step[..., Any], by: Actor, **subjects: Any) -> None:
    """Turn somebody away whose role does not allow what the page is for."""
    allowed = can(step, by, **subjects)
    if not allowed:
        raise PermissionDenied(allowed.why)


def as_pdf(draft: writing.Draft, *, case: Case, on: date) -> HttpResponse:
    """Answer with a letter as the PDF that it will be."""
    pdf = writing.set_letter(draft=draft, council=case.council, reference=case.reference, on=on)
    return _pdf(pdf, f"{case.reference} draft.pdf")


def _pdf(pdf: letterpress.Pdf, name: str) -> HttpResponse:
    response = HttpResponse(pdf.bytes, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def honour(by: Actor, case: Case, contacts: Sequence[int] = ()) -> tuple[Honour, ...]:
    """List what must be honoured when we write about a case."""
    rows = people_queries.adjustments(by, list(contacts) or [case.complainant_id])
    known = list(STRONG)
    ordered = sorted(rows, key=lambda row: (known.index(row.kind) if row.kind in known else len(known), row.pk))
    return tuple(Honour(STRONG.get(row.kind, ""), row.text) for row in ordered)


def writing_to(case: Case) -> str:
    """Say to whom we write, for the heading of what must be honoured."""
    person = case.complainant
    family = person.name.split()[-1] if person.name.split() else person.name
    return f"Writing to {f'{person.title} {family}' if person.title else person.name}"
