"""Which council's front door is this, what surrounds its pages, and what does the browser hold?

Two things: the secret of a form that was begun (a cookie of its own, so that there is no time limit), and, in the
session, which link was opened with a button.

Example: ``return entry.page(request, council, "portal/how.html", title="How to complain")``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import links
from redress.casework.links import Opened
from redress.council import queries as council_queries
from redress.plumbing import moment
from redress.plumbing.look import frame_keys
from redress.plumbing.look.frame import Brand, NavItem

FORM_COOKIE = "redress_form"
FOLLOWING = "portal_following"
LONGEST_VISIT = timedelta(hours=12)


def council_of(code: str) -> Any:
    """Find the council of an address; 404 for one that is not served here."""
    found = council_queries.public_council(code)
    if found is None:
        raise Http404
    return found


def anybody(council: Any, name: str = "") -> Actor:
    """Give the actor for somebody at the front door, of whom nothing is known."""
    return Actor.resident(council_id=council.pk, name=name)


def brand(council: Any) -> Brand:
    """Give what the pages show of a council."""

    def at(name: str) -> str:
        return reverse(f"portal:{name}", args=[council.code])

    return Brand(
        name=council.name,
        short_name=council.short_name,
        home=at("how-to-complain"),
        stylesheet=at("brand"),
        logo=at("logo") if council.logo_svg else "",
        telephone=council.telephone,
        hours=council.opening_hours,
        address=", ".join(["Complaints", *(line.strip() for line in council.address.splitlines() if line.strip())]),
        in_person="ask at any council counter",
        links=(
            NavItem("How to complain", at("how-to-complain")),
            NavItem("Follow a complaint", at("follow")),
            NavItem("Your privacy", at("privacy")),
            NavItem("Accessibility", at("accessibility")),
            NavItem("Large print, Easy Read or another language", at("contact")),
        ),
        demonstration=settings.REDRESS_DEMONSTRATION,
    )


def page(
    request: HttpRequest,
    council: Any,
    template: str,
    *,
    title: str,
    form: Any = None,
    refusal: Refusal | None = None,
    status: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Draw a page of the portal. A refusal or a form with faults answers 422 unless told otherwise."""
    faulty = refusal is not None or (form is not None and form.is_bound and not form.is_valid())
    context = {
        "council": council,
        "brand": brand(council),
        "title": title,
        "form": form,
        "refusal": refusal,
        "form_key": frame_keys.kept(request.POST.get("form_key", "")),
        "ring": ring(council),
        **(more or {}),
    }
    return render(request, template, context, status=status or (422 if faulty else 200))


def ring(council: Any) -> str:
    """Say how to ring, with the hours."""
    return str(council.telephone) + (f", {council.opening_hours}" if council.opening_hours else "")


def site(request: HttpRequest) -> str:
    """Give the address of this service as the person reached it; only our own host names are let in."""
    return f"{request.scheme}://{request.get_host()}"


def origin(request: HttpRequest) -> str:
    """Give a keyed digest of where a request comes from; the address itself is not kept."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        # Behind our own proxy its last entry is the one that it wrote itself; earlier ones are whatever was claimed.
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or address
    return hmac.new(settings.SECRET_KEY.encode(), f"portal:{address}".encode(), hashlib.sha256).hexdigest()


# ------------------------------------------------------------------------------------------------ a form that was begun


def secret(request: HttpRequest) -> str:
    """Give the secret of the form that this browser began; empty where there is none."""
    return str(request.COOKIES.get(FORM_COOKIE, ""))[: links.LONGEST_TOKEN]


def keep_secret(response: HttpResponse, council: Any, value: str) -> None:
    """Let the browser keep the secret of its form, for this council's pages only."""
    response.set_cookie(
        FORM_COOKIE,
        value,
        max_age=council.link_days * 24 * 3600,
        path=f"/{council.code}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_secret(response: HttpResponse, council: Any) -> None:
    """Let the browser forget its form."""
    response.delete_cookie(FORM_COOKIE, path=f"/{council.code}/", samesite="Lax")


# ----------------------------------------------------------------------------------------------------- following a case


def begin_following(request: HttpRequest, council: Any, link_id: int, at: datetime) -> None:
    """Remember in the session which link was opened; the session gets a new name."""
    request.session.cycle_key()
    request.session[FOLLOWING] = {"council": council.code, "link": link_id, "since": at.isoformat()}


def following(request: HttpRequest, council: Any) -> Opened | None:
    """Give what this browser follows at this council; None where nothing was opened, or its time is over."""
    kept = request.session.get(FOLLOWING)
    if not isinstance(kept, dict) or kept.get("council") != council.code:
        return None
    at = moment.now()
    try:
        since, link_id = datetime.fromisoformat(str(kept["since"])), int(kept["link"])
    except (KeyError, ValueError):
        return None
    return None if at - since > LONGEST_VISIT else links.still_open(council, link_id, at)


def end_following(request: HttpRequest) -> None:
    """Forget what was followed; the session is thrown away unless a member of staff is signed in with it."""
    if request.user.is_authenticated:
        request.session.pop(FOLLOWING, None)
        request.session.cycle_key()
    else:
        request.session.flush()
