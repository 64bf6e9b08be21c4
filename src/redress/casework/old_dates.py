"""A letter gave a date, and the date has moved: what is done about it?

A limit that moves does not move what the person was told. Each letter that gave the earlier date is listed on its case
until somebody says that the person was told the new one, that the earlier is kept, or that the letter does not promise
it. Where the date moves back, nothing is left to do.

Example: ``settle(case=case, old=row, how="kept", by=by, at=at)``.
"""

from __future__ import annotations

from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.step import step
from redress.cases.models import Case
from redress.correspondence import changes, events, queries_letters
from redress.correspondence.models import OldDate

BY_HAND = (OldDate.Settled.WRITTEN, OldDate.Settled.KEPT, OldDate.Settled.NOT_GIVEN)


class SettledAlready(Refusal):
    """That was settled already."""

    do = "Open the page again: somebody was quicker."


class SayWhatWasDone(Refusal):
    """Say what was done about it."""

    do = "Choose whether the person was told the new date, or the earlier one is kept."
    field = "how"


@step(needs=Permission.CASE_WRITE, on="case")
def settle(*, case: Case, old: OldDate, how: str, by: Actor, at: datetime) -> Case:
    """Say what was done about a letter that gave a date which has moved. Raises ``SayWhatWasDone``, ``SettledAlready``.

    ``how`` is one of ``BY_HAND``.
    """
    if how not in BY_HAND:
        raise SayWhatWasDone
    if old.case_id != case.pk:
        raise NotVisible
    if not changes.settle_old_dates(rows=[old], settled=how, by=by, at=at):
        raise SettledAlready
    trail.note(
        events.OLD_DATE_SETTLED,
        on=case,
        ids={"letter": old.letter_id, "clock": old.clock, "gave": old.gave.isoformat(), "how": how},
    )
    return case


def moved(*, case: Case, clock: str, before: date, after: date | None, by: Actor, at: datetime) -> list[OldDate]:
    """List the letters of a case that gave the date which has moved, within an open step; answers those that are new.

    What an earlier move had listed, and is now right again, is settled.
    """
    right = OldDate.objects.filter(case=case, clock=clock, settled_at=None, gave=after) if after is not None else []
    changes.settle_old_dates(rows=right, settled=OldDate.Settled.MOVED_BACK, by=by, at=at)
    letters = queries_letters.giving(by, before, [case.pk])
    return changes.list_old_dates(letters=letters, clock=clock, gave=before, by=by, at=at)
