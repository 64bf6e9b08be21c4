"""What may a page load and do? One answer for every page: only what this server sends, and no frames.

Downloads that people sent in get their own, stricter policy from the view that serves them; it is left as it is.
An address with a NUL character in it names nothing: no database could look it up.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from redress.server import faults

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SafetyHeaders:
    """Middleware: sets the headers that keep a page to this server's own scripts and styles."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        # Pages hold personal data: no shared cache, and nothing to see with the back button after signing out.
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response


class AddressesAreText:
    """Middleware: answers an address that no record could have as one that is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return faults.not_found(request, Http404())
        return self.get_response(request)
