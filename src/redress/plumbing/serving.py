"""How is a file that came from outside handed out? As a download that no browser opens by itself.

Example: ``return serving.attachment(data, "letter.pdf", "application/pdf")``.
"""

from __future__ import annotations

from django.http import HttpResponse

from redress.plumbing import filetype


def attachment(data: bytes, name: str, content_type: str) -> HttpResponse:
    """Answer with a file as a download: never shown in a page, its kind never guessed, nothing in it run."""
    response = HttpResponse(data, content_type=content_type or "application/octet-stream")
    for header, value in filetype.SERVE_HEADERS.items():
        response[header] = value
    response["Content-Disposition"] = filetype.content_disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
