"""What is recorded of a person is put right, and what must be honoured is added or ended.

Example: ``change_details(contact=contact, version=3, values={"telephone": "01234 567890"}, by=by, at=at)`` is refused
when somebody saved version 4 meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import ChangedMeanwhile, NotVisible, Refusal
from redress.access.step import step
from redress.casework.wording import words
from redress.people import changes, events
from redress.people.models import Adjustment, Contact
from redress.plumbing import moment, text


class NoName(Refusal):
    """A person has a name."""

    field = "name"


class NothingChanged(Refusal):
    """Nothing was changed."""


class SaysNothing(Refusal):
    """Say what must be honoured, in a few practical words."""

    field = "text"


class Ended(Refusal):
    """This was ended already."""


class InThePast(Refusal):
    """The day of review can’t be in the past."""

    field = "review_on"


class WhichWay(Refusal):
    """Only safe contact names a way by which somebody must never be reached."""

    field = "never_by"
    do = "Choose “Safe contact”, or leave the way out."


class NeedsReview(Refusal):
    """A contact restriction has a day of review, tomorrow or later."""

    field = "review_on"
    do = "Give the day on which it is looked at again."


WAYS = ("email", "post", "telephone")
"""The ways by which somebody may not be reached."""


def kind_and_way(given: str) -> tuple[str, str]:
    """Take apart what a form calls ``safe-contact:email``: the kind, and the way that is never used."""
    kind, _, way = given.partition(":")
    return kind, way if kind == Adjustment.Kind.SAFE_CONTACT and way in WAYS else ""


@step(needs=Permission.PERSON_CHANGE, on="contact")
def change_details(*, contact: Contact, version: int, values: Mapping[str, str], by: Actor, at: datetime) -> Contact:
    """Change what is recorded of a person; refused when somebody else changed it after it was opened."""
    if contact.version != version:
        raise ChangedMeanwhile
    cleaned = {
        name: words(value, name) if name == "address" else text.one_line(words(value, name))
        for name, value in values.items()
    }
    if "name" in cleaned and not cleaned["name"]:
        raise NoName
    changed = changes.change_contact(contact=contact, values=cleaned, by=by, at=at)
    if not changed:
        raise NothingChanged
    trail.note(events.CHANGED, on=contact, detail={"changes": changed}, ids={"what": sorted(changed)})
    return contact


@step(needs=Permission.PERSON_CHANGE, on="contact")
def add_adjustment(
    *, contact: Contact, kind: str, words_: str, review_on: date | None, by: Actor, at: datetime, never_by: str = ""
) -> Contact:
    """Add something that must be honoured whenever we ring, write or visit.

    ``never_by`` is a way by which the person must never be reached: letters by it are refused from then on.
    Raises ``SaysNothing``, ``InThePast``, ``NeedsReview``, ``WhichWay``.
    """
    what = text.one_line(words(words_, "text"))[:300]
    if not what or kind not in Adjustment.Kind.values:
        raise SaysNothing
    if review_on is not None and review_on < moment.local(at).date():
        raise InThePast
    if kind == Adjustment.Kind.RESTRICTION and (review_on is None or review_on <= moment.local(at).date()):
        raise NeedsReview
    if never_by and (kind != Adjustment.Kind.SAFE_CONTACT or never_by not in WAYS):
        raise WhichWay
    row = changes.add_adjustment(
        contact=contact, kind=kind, words=what, review_on=review_on, never_by=never_by, by=by, at=at
    )
    ids = {"adjustment": row.pk, "kind": kind, **({"never_by": never_by} if never_by else {})}
    trail.note(events.ADJUSTMENT_ADDED, on=contact, detail={"text": what}, ids=ids)
    return contact


@step(needs=Permission.PERSON_CHANGE, on=("contact", "adjustment"))
def end_adjustment(*, contact: Contact, adjustment: Adjustment, by: Actor, at: datetime) -> Contact:
    """End something that had to be honoured; it stays on record."""
    if adjustment.contact_id != contact.pk:
        raise NotVisible
    if adjustment.ended_at is not None:
        raise Ended
    changes.end_adjustment(adjustment=adjustment, by=by, at=at)
    trail.note(events.ADJUSTMENT_ENDED, on=contact, detail={"text": adjustment.text}, ids={"adjustment": adjustment.pk})
    return contact
