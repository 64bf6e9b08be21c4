"""Which colours do the councils' chips have? One small style sheet for the councils that the viewer serves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from redress.council import queries as council_queries
from redress.desk import entry
from redress.plumbing.brand import councils_css


def stylesheet(request: HttpRequest) -> HttpResponse:
    """Serve the colours of the viewer's councils."""
    accents = {one.code: one.accent for one in council_queries.councils(entry.viewer(request))}
    answer = HttpResponse(councils_css(accents), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=600"
    return answer
