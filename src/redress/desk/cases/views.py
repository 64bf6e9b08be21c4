"""The page of a case, and its whole timeline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from redress.access import trail
from redress.cases import queries
from redress.desk import entry
from redress.desk.cases import pages, subject, timeline
from redress.plumbing import moment


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how a case stands and what may be done now; a reference in small letters leads to the same page."""
    by, found = subject.of(request, reference)
    if reference != found.reference:
        return redirect("desk:case", found.reference)
    page = pages.case_page(by, found, moment.today())
    return entry.page(
        request,
        "desk/cases/case.html",
        title=f"{found.reference} {found.complainant.name}",
        current="work",
        page=page,
        more={"survivor": queries.case_by_id(by, found.now_part_of_id) if found.now_part_of_id else None},
    )


@require_GET
def whole_timeline(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything that came in, went out and was done on a case, with a search within it."""
    by, found = subject.of(request, reference)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    lines = trail.read(found)
    chosen = timeline.matching(lines, words)
    return entry.page(
        request,
        "desk/cases/timeline.html",
        title=f"Timeline of {found.reference}",
        current="work",
        page=timeline.timeline_of(chosen),
        more={"head": subject.head(by, found, moment.today()), "words": words, "total": len(lines)},
    )
