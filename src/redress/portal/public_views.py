"""The pages that anybody may read: how to complain, the leaflet, privacy, accessibility, other ways; the colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from redress.casework import portal as steps
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.plumbing.brand import brand_css
from redress.plumbing.look.frame import Step
from redress.portal import entry
from redress.rulebook.editions import Block, Edition


@dataclass(frozen=True)
class Elsewhere:
    """Something that is not a complaint, and where it is done."""

    what: str
    where: str
    href: str


_GOV = "https://www.gov.uk/"
NOT_COMPLAINTS = (
    Elsewhere("Report something for the first time, such as a pothole", "Report it on GOV.UK", f"{_GOV}report-pothole"),
    Elsewhere("Challenge a parking or traffic fine", "Parking fines on GOV.UK", f"{_GOV}parking-tickets"),
    Elsewhere("Appeal a planning decision", "Planning appeals on GOV.UK", f"{_GOV}appeal-planning-decision"),
    Elsewhere(
        "Ask for information that the council holds",
        "Freedom of information on GOV.UK",
        f"{_GOV}make-a-freedom-of-information-request",
    ),
)
HELPERS = (
    Elsewhere("Citizens Advice", "free advice from people who do not work for us", "https://www.citizensadvice.org.uk"),
    Elsewhere("Your councillor", "find your councillors on GOV.UK", "https://www.gov.uk/find-your-local-councillors"),
    Elsewhere("Your Member of Parliament", "find your MP", "https://members.parliament.uk/FindYourMP"),
)


def _edition(council: Any, procedure: str) -> Edition | None:
    today = moment.today()
    if procedure not in council_queries.procedures_on(council.pk, today):
        return None
    return council_queries.edition_for(council.pk, procedure, today)


def _corporate(council: Any) -> Edition:
    return council_queries.edition_for(council.pk, steps.CORPORATE, moment.today())


def _steps(edition: Edition) -> list[Step]:
    """Say what happens and by when, in the five steps that one will see when following it."""
    days = {rule.name: rule.limit for rule in edition.clocks}
    return [
        Step("We have your complaint", "You get a reference at once. The day after it reaches us is day 1."),
        Step(
            "We tell you what we understood",
            f"Within {days['stage-1-acknowledgement']} working days: each point, who looks into it, "
            "and the date of our answer.",
        ),
        Step("We find out what happened", "We may ask you something. You can add to your complaint at any time."),
        Step(
            "Our answer",
            f"Within {days['stage-1-response']} working days after we wrote to you. "
            "If we need longer we tell you before then, and why.",
        ),
        Step(
            "If you are not happy with it",
            f"Ask us to look again. Somebody else does, and answers within {days['stage-2-response']} working days "
            "after writing to you. You don’t have to say why.",
        ),
    ]


def _ombudsmen(council: Any) -> list[Block]:
    editions = [_edition(council, code) for code in (steps.CORPORATE, steps.HOUSING)]
    return [edition.block("ombudsman") for edition in editions if edition is not None]


def _shown(council: Any) -> dict[str, Any]:
    edition = _corporate(council)
    return {
        "steps": _steps(edition),
        "ombudsmen": _ombudsmen(council),
        "not_complaints": NOT_COMPLAINTS,
        "helpers": HELPERS,
        "edition": edition,
        "today": moment.today(),
    }


@require_GET
def how_to_complain(request: HttpRequest, code: str) -> HttpResponse:
    """Show what happens and by when, what belongs elsewhere, and who else can help."""
    council = entry.council_of(code)
    return entry.page(request, council, "portal/how.html", title="How to complain", more=_shown(council))


@require_GET
def leaflet(request: HttpRequest, code: str) -> HttpResponse:
    """Show the same as a leaflet to print, with a form to fill in by hand."""
    council = entry.council_of(code)
    return entry.page(request, council, "portal/leaflet.html", title="How to complain: a leaflet", more=_shown(council))


@require_GET
def privacy(request: HttpRequest, code: str) -> HttpResponse:
    """Say what becomes of what people tell us."""
    council = entry.council_of(code)
    edition = _corporate(council)
    more = {"years": edition.retention.years, "counted_from": edition.retention.counted_from}
    return entry.page(request, council, "portal/privacy.html", title="Your privacy", more=more)


@require_GET
def accessibility(request: HttpRequest, code: str) -> HttpResponse:
    """Say how well these pages can be used, and what to do where they can’t."""
    return entry.page(request, entry.council_of(code), "portal/accessibility.html", title="Accessibility")


@require_GET
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Show the other ways to complain, and the other forms in which our letters can come."""
    return entry.page(request, entry.council_of(code), "portal/contact.html", title="Other ways and formats")


@require_GET
def brand(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with the style sheet of the council's colours."""
    response = HttpResponse(brand_css(entry.council_of(code).accent), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_GET
def logo(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with the council's logo; nothing in it can run."""
    council = entry.council_of(code)
    if not council.logo_svg:
        raise Http404
    response = HttpResponse(council.logo_svg, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "public, max-age=300"
    return response
