"""Who may come in to the desk, how long do they stay, and who looked at what?

Everything beneath /desk/ asks for a sign-in, so that no page can forget to. Outside a demonstration nobody works
without a second factor. A session ends after half an hour without a click, or twelve hours after it began.

Example: Asha leaves at 10:20am; at 10:52am her next click brings her to the sign-in, which says why, and then to the
page she wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from redress.access import looks
from redress.cases import queries as case_queries
from redress.plumbing import moment
from redress.server import accounts
from redress.staff import queries as staff_queries

Answer = Callable[[HttpRequest], HttpResponse]

DESK = "/desk/"
PUBLIC: frozenset[str] = frozenset()
"""Pages beneath /desk/ that need no sign-in. There are none; one that is added here is added on purpose."""

BEGAN, SEEN = "redress_began", "redress_seen"
SEEN_EVERY_SECONDS = 30


class SessionsEnd:
    """Middleware: ends a session that was left alone, or that has lasted a whole working day."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if why := self._over(request):
                logout(request)
                if request.path.startswith((DESK, "/accounts/2fa/", "/accounts/password/")):
                    return HttpResponseRedirect(sign_in_address(request, ended=why))
            else:
                self._note(request)
        return self.get_response(request)

    def _over(self, request: HttpRequest) -> str:
        """Say why the session is over: “idle” or “long”; nothing while it goes on."""
        now = moment.now().timestamp()
        session = request.session
        if now - session.get(SEEN, now) > settings.REDRESS_IDLE_MINUTES * 60:
            return "idle"
        longest = timedelta(hours=settings.REDRESS_SESSION_HOURS).total_seconds()
        return "long" if now - session.get(BEGAN, now) > longest else ""

    def _note(self, request: HttpRequest) -> None:
        now = moment.now().timestamp()
        request.session.setdefault(BEGAN, now)
        if now - request.session.get(SEEN, 0) >= SEEN_EVERY_SECONDS:
            request.session[SEEN] = now


class DeskDoor:
    """Middleware: nobody comes to the desk who isn't signed in, nor, in earnest, without a second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK) or request.path in PUBLIC:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return HttpResponseRedirect(sign_in_address(request))
        if accounts.must_set_up_second_factor(request):
            wanted = urlencode({"next": _wanted(request)})
            return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?{wanted}")
        if accounts.must_come_in_again(request):
            # A session that was opened with the password alone, before the second factor was set up, ends here.
            logout(request)
            return HttpResponseRedirect(sign_in_address(request))
        response = self.get_response(request)
        _note_look(request, response)
        return response


def sign_in_address(request: HttpRequest, *, ended: str = "") -> str:
    """Give the address of the sign-in that leads on to the page that one wanted."""
    query = {"next": _wanted(request)} | ({"ended": ended} if ended else {})
    return f"{reverse('account_login')}?{urlencode(query)}"


def _wanted(request: HttpRequest) -> str:
    """Give the page to go on to: this one, or, when a form was sent, the page that held the form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return DESK


def _note_look(request: HttpRequest, response: HttpResponse) -> None:
    """See to it that a look at a case is written down once the page was sent, so that nobody waits for it."""
    match = request.resolver_match
    reference = match.kwargs.get("reference") if match else None
    if reference is None or request.method != "GET" or response.status_code != 200:
        return
    officer_id, at = int(request.user.pk or 0), moment.now()

    def write() -> None:
        officer = staff_queries.officer(officer_id)
        if officer is None:
            return
        by = staff_queries.actor_for(officer, moment.today())
        case = case_queries.case(by, str(reference))
        if case is not None:
            looks.record(case, by=by, at=at)

    # Run by the web server when it closes the answer, after its last byte.
    response._resource_closers.append(write)  # type: ignore[attr-defined]
