"""Which answers wait to be checked, and what did earlier rounds say?

Example: ``to_check(viewer)`` lists what the viewer may check, the oldest first; never their own.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.correspondence.models import Response
from redress.quality.models import Check


def _open(viewer: Actor) -> QuerySet[Check]:
    """Give the open checks that the viewer may make: not of their own words, not where the case is about them."""
    mine = viewer.id or 0
    return (
        Check.objects.filter(
            state=Check.State.OPEN, council_id__in=viewer.councils_where(Permission.RESPONSE_CHECK)
        )
        .exclude(author_id=mine)
        .exclude(response__writers__contains=[mine])
        .exclude(response__stage__case__complained_about__officer_id=mine)
        .select_related(
            "council", "author", "asked_of", "response", "response__stage", "response__stage__case",
            "response__stage__case__complainant", "response__stage__case__council",
        )
    )  # fmt: skip


def to_check(viewer: Actor) -> list[Check]:
    """List the checks that wait, those asked of the viewer first, then the oldest."""
    rows = list(_open(viewer).order_by("asked_at", "pk"))
    return sorted(rows, key=lambda row: (row.asked_of_id not in (viewer.id,), row.asked_of_id is not None))


def to_check_count(viewer: Actor) -> int:
    """Count the checks that wait for the viewer: asked of them, or of anyone."""
    return _open(viewer).filter(Q(asked_of=None) | Q(asked_of_id=viewer.id)).count()


def own_waiting(viewer: Actor) -> list[Check]:
    """List the viewer's own answers that are with a checker."""
    return list(
        Check.objects.filter(state=Check.State.OPEN, council_id__in=viewer.council_ids)
        .filter(Q(author_id=viewer.id) | Q(response__writers__contains=[viewer.id or 0]))
        .select_related("council", "asked_of", "response", "response__stage", "response__stage__case")
        .order_by("asked_at", "pk")
    )


def check(viewer: Actor, check_id: int) -> Check | None:
    """Find a check of a case that the viewer may read."""
    return (
        Check.objects.filter(pk=check_id, council_id__in=viewer.councils_where(Permission.CASE_READ))
        .select_related(
            "council", "author", "asked_of", "checker", "response", "response__stage", "response__stage__case",
            "response__stage__case__complainant", "response__stage__case__council",
        )
        .first()
    )  # fmt: skip


def checks_of(response: Response) -> list[Check]:
    """List the rounds of an answer, the newest first."""
    return list(Check.objects.filter(response=response).select_related("checker", "asked_of").order_by("-round"))
