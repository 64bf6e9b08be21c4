"""What stands at the front door, and what surrounds the pages about one's sign-in?

Example: `/` names every council that has public pages here, and the way into the desk.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from redress.council import queries as council_queries
from redress.plumbing.look.frame import Frame, NavItem
from redress.server import accounts


def front(request: HttpRequest) -> HttpResponse:
    """List the councils' public pages, and the way into the desk."""
    return render(request, "front/front.html", {"frame": frame(request, "Complaints"), "councils": _councils()})


def not_in_use(request: HttpRequest) -> HttpResponse:
    """Say that this sign-in is not in use any more."""
    return render(request, "account/account_inactive.html", {"frame": frame(request, "Not in use")}, status=403)


def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up; the session in which that is done counts as one that used it, no earlier one does."""
    answer: HttpResponse = totp.activate_totp(request)
    if (
        request.method == "POST"
        and answer.status_code == 302
        and accounts.SecondFactor().is_mfa_enabled(request.user, ["totp"])
    ):
        request.session[accounts.SET_UP_HERE] = True
    return answer


def _councils() -> list[dict[str, str]]:
    return [{"name": one.name, "href": f"/{one.code}/"} for one in council_queries.public_councils()]


def frame(request: HttpRequest, title: str) -> Frame:
    """Build what surrounds a page that belongs to nobody's work."""
    user = request.user
    signed_in = user.is_authenticated
    return Frame(
        title=title,
        viewer_name=str(getattr(user, "name", "")) if signed_in else "",
        demonstration=settings.REDRESS_DEMONSTRATION,
        council_name=team_name(),
        account=(NavItem("Your sign-in", reverse("mfa_index"), None, False),) if signed_in else (),
        sign_out=reverse("account_logout") if signed_in else "",
        person_key=f"staff-{user.pk}" if signed_in else "",
    )


def team_name() -> str:
    """Name the councils that are served here, for the bar of the pages before one is signed in."""
    names = [one.name for one in council_queries.public_councils()]
    if len(names) > 2:
        return f"{len(names)} councils"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def on_account_pages(request: HttpRequest) -> dict[str, Any]:
    """Give the pages about signing in, which allauth draws, what surrounds them."""
    if not request.path.startswith("/accounts/"):
        return {}
    return {
        "frame": frame(request, ""),
        "ended": _ended(request.GET.get("ended", "")),
        "must_set_up": request.user.is_authenticated and accounts.must_set_up_second_factor(request),
    }


def _ended(why: str) -> str:
    """Say why somebody who was signed in has to sign in again."""
    if why == "idle":
        return f"You were signed out after {settings.REDRESS_IDLE_MINUTES} minutes. What you typed is kept."
    if why == "long":
        return f"You were signed out after {settings.REDRESS_SESSION_HOURS} hours. What you typed is kept."
    return ""
