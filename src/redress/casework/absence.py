"""Who is away, and who covers?

Example: ``record(officer=tom, starts_on=monday, ends_on=friday, cover=asha, reason="leave", by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.casework import wording
from redress.plumbing import moment, text
from redress.staff import changes, events
from redress.staff.models import Absence, Officer


class EndsBeforeItStarts(Refusal):
    """The last day is before the first."""

    do = "Give the first and the last day away."
    field = "ends_on"


class IsOver(Refusal):
    """These days are over."""

    do = "Give days from today on."
    field = "ends_on"


class CancelledAlready(Refusal):
    """This absence was cancelled already."""


class CannotCover(Refusal):
    """This person can’t cover."""

    do = "Choose a colleague of the same council, not yourself."
    field = "cover"


@step(needs=Permission.ABSENCE_RECORD, on="officer")
def record(
    *, officer: Officer, starts_on: date, ends_on: date, cover: Officer | None, reason: str, by: Actor, at: datetime
) -> Absence:
    """Record that an officer is away. One's own; a manager records anybody's.

    Raises ``EndsBeforeItStarts``, ``IsOver``, ``CannotCover`` and ``NotPermitted``.
    """
    _own_or_managed(officer, by)
    if ends_on < starts_on:
        raise EndsBeforeItStarts
    if ends_on < moment.local(at).date():
        raise IsOver
    if cover is not None and (cover.pk == officer.pk or not set(cover.council_ids) & set(officer.council_ids)):
        raise CannotCover
    absence = changes.record_absence(
        officer=officer,
        starts_on=starts_on,
        ends_on=ends_on,
        cover=cover,
        reason=text.one_line(wording.words(reason, "reason"))[:60] or "leave",
        by=by,
        at=at,
    )
    trail.note(
        events.ABSENCE_RECORDED,
        on=officer,
        detail={"reason": absence.reason},
        ids={
            "from": starts_on.isoformat(),
            "until": ends_on.isoformat(),
            "cover": cover.pk if cover else None,
        },
    )
    return absence


@step(needs=Permission.ABSENCE_RECORD, on="officer")
def cancel(*, officer: Officer, absence: Absence, by: Actor, at: datetime) -> Officer:
    """Cancel an absence that was recorded. Raises ``CancelledAlready`` and ``NotPermitted``."""
    _own_or_managed(officer, by)
    who = Officer.objects.get(pk=by.id or 0)
    if absence.officer_id != officer.pk:
        raise NotVisible
    if absence.cancelled_at is not None:
        raise CancelledAlready
    changes.cancel_absence(absence=absence, officer=who, by=by, at=at)
    trail.note(events.ABSENCE_CANCELLED, on=officer, ids={"absence": absence.pk})
    return officer


@step(needs=Permission.NOTICE_READ, on="officer")
def read_notices(*, officer: Officer, by: Actor, at: datetime) -> int:
    """Mark what one was told as read. Raises ``NotPermitted`` for somebody else's."""
    if officer.pk != by.id:
        raise NotPermitted(Permission.NOTICE_READ)
    count = changes.mark_read(officer_id=officer.pk, by=by, at=at)
    trail.note(events.NOTICES_READ, on=officer, ids={"count": count})
    return count


def _own_or_managed(officer: Officer, by: Actor) -> None:
    if officer.pk == by.id:
        return
    if not any(by.may(Permission.CASE_ALLOCATE, council_id) for council_id in officer.council_ids):
        raise NotPermitted(Permission.ABSENCE_RECORD)
