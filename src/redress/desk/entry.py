"""Who came in, what surrounds their page, and what becomes of a refusal?

Example: ``return entry.page(request, "desk/work/mine.html", title="My work", current="work", page=page)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.roles import Role
from redress.cases import queries as case_queries
from redress.correspondence import queries as correspondence_queries
from redress.learning import queries as learning_queries
from redress.plumbing import moment
from redress.plumbing.look import frame_keys
from redress.plumbing.look.frame import Frame, NavItem
from redress.quality import queries as quality_queries
from redress.staff import queries as staff_queries


def viewer(request: HttpRequest) -> Actor:
    """Give the actor who is signed in, with the roles that they hold today; worked out once a request."""
    found: Actor | None = getattr(request, "redress_viewer", None)
    if found is None:
        officer = staff_queries.officer(int(request.user.pk or 0))
        if officer is None:
            raise Http404
        found = staff_queries.actor_for(officer, moment.today())
        request.redress_viewer = found  # type: ignore[attr-defined]
    return found


def page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    current: str = "",
    page: Any = None,
    form: Any = None,
    refusal: Refusal | None = None,
    status: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Draw a page of the desk. What was sent and refused, or has faults, answers 422 unless told otherwise.

    ``form_key`` is a fresh key for the forms of the page: the same key gives the same answer, so that a double click
    does one thing.
    """
    faulty = request.method == "POST" and (
        refusal is not None or (form is not None and form.is_bound and not form.is_valid())
    )
    context = {
        "frame": frame(request, title, current),
        "page": page,
        "form": form,
        "refusal": refusal,
        "form_key": frame_keys.kept(request.POST.get("form_key", "")),
        **(more or {}),
    }
    return render(request, template, context, status=status or (422 if faulty else 200))


def frame(request: HttpRequest, title: str, current: str) -> Frame:
    """Build what surrounds every page: only what this viewer's roles can use is there."""
    by = viewer(request)
    return Frame(
        title=title,
        nav=tuple(navigation(by, current)),
        viewer_name=by.name,
        demonstration=settings.REDRESS_DEMONSTRATION,
        account=(NavItem("Your sign-in", reverse("mfa_index")),),
        sign_out=reverse("account_logout"),
        stylesheets=(reverse("desk:brand"),),
        person_key=f"staff-{by.id}",
        search_action=reverse("desk:search") if by.may_somewhere(Permission.CASE_READ) else "",
    )


def is_service_manager(by: Actor) -> bool:
    """Say whether the viewer works by tasks alone: such a person has no menu and no lists."""
    held = [roles for roles in by.roles.values() if roles]
    return bool(held) and all(roles == {Role.SERVICE_MANAGER} for roles in held)


def navigation(by: Actor, current: str) -> list[NavItem]:
    """List the places that this viewer can use, with the counts of what waits for them."""
    if is_service_manager(by):
        return []
    reads = by.may_somewhere(Permission.CASE_READ)
    items: list[NavItem] = []
    if reads:
        items.append(
            NavItem("My work", reverse("desk:my-work"), case_queries.held_count(by, moment.today()), current == "work")
        )
    if by.may_somewhere(Permission.MESSAGE_HANDLE):
        items.append(
            NavItem("Intake", reverse("desk:intake"), correspondence_queries.to_log_count(by), current == "intake")
        )
    if reads:
        items.append(NavItem("Team", reverse("desk:team"), None, current == "team"))
    if by.may_somewhere(Permission.RESPONSE_CHECK):
        items.append(NavItem("Checks", reverse("desk:checks"), quality_queries.to_check_count(by), current == "checks"))
    if reads:
        items.append(
            NavItem("Promises", reverse("desk:promises"), learning_queries.promises_count(by), current == "promises")
        )
    if by.may_somewhere(Permission.POST_RECORD):
        items.append(NavItem("Post", reverse("desk:post"), correspondence_queries.to_post_count(by), current == "post"))
    if any(
        by.may_somewhere(permission)
        for permission in (
            Permission.SETTINGS_CHANGE,
            Permission.TEMPLATE_PUBLISH,
            Permission.CALENDAR_CHANGE,
            Permission.EDITION_DRAFT,
        )
    ):
        items.append(NavItem("Settings", reverse("desk:settings"), None, current == "settings"))
    if by.may_somewhere(Permission.TRAIL_READ):
        items.append(NavItem("Trail", reverse("desk:trail"), None, current == "trail"))
    return items


def hidden(refusal: Refusal) -> None:
    """Answer as if the thing did not exist, where the refusal says that the viewer may not see it."""
    if isinstance(refusal, NotVisible):
        raise Http404


def form_key(request: HttpRequest) -> str | None:
    """Give the key that the form carried, so that a step does its thing once."""
    return request.POST.get("form_key") or None
