"""What does somebody read when a page can't be had? A sentence, what to do, and for our own faults a reference.

Example: a fault is answered with "Reference 7F3K-9Q2M"; the log holds the same reference beside what went wrong.
"""

from __future__ import annotations

import logging
import secrets

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from redress.access.refusals import Refusal

log = logging.getLogger(__name__)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Explained(Exception):
    """What an error page says in the place of its usual sentence."""

    def __init__(self, sentence: str, do: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.do = sentence, do


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: what was sent could not be read."""
    too_big = Explained("What you sent is larger than we can take. Nothing was changed.")
    return _page("400.html", 400, too_big if isinstance(exception, RequestDataTooBig) else None)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: this sign-in doesn't allow it."""
    cause = exception.__cause__
    told = Explained(cause.sentence, cause.do) if isinstance(cause, Refusal) else None
    if told is None and isinstance(exception, PermissionDenied) and str(exception):
        told = Explained(str(exception))
    return _page("403.html", 403, told)


def only_by_https(request: HttpRequest) -> HttpResponse:
    """Answer 403: this request did not come by HTTPS, or the web server in front does not say so."""
    told = Explained(
        "This service is reached by HTTPS only, so that nobody can listen.",
        "Use the address that begins with https://. If you did: the web server in front has to pass X-Forwarded-Proto "
        "on, from an address that REDRESS_TRUSTED_PROXIES names.",
    )
    return _page("403.html", 403, told)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, alike for what doesn't exist and for what this person may not see."""
    return _page("404.html", 404, None)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that stands in the log as well."""
    reference = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    log.error("Fault %s at %s %s", reference, request.method, request.path, exc_info=True)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def _page(template: str, status: int, told: Explained | None) -> HttpResponse:
    return HttpResponse(render_to_string(template, {"exception": told}), status=status)
