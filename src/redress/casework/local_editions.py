"""How does a council make a procedure its own: who drafts it, on what is it tried, who approves it, from when?

An edition of the council's own is drafted within what the law leaves open, tried on the council's past cases, approved
by somebody who wrote none of it, and in force from a date. Cases received before keep the edition that they have.

Example: ``draft(council=council, text=worded(council, "corporate-complaint", Choices(limits={"stage-1-response": 8}),
date(2027, 1, 1)), why="Cabinet, 3 November 2026", by=by, at=at)``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.access.step import step
from redress.casework import edition_trial, wording
from redress.council import changes, events
from redress.council import queries as council_queries
from redress.council.models import Council, LocalEdition
from redress.plumbing import moment, text
from redress.rulebook import dates, local, procedures
from redress.rulebook.editions import Edition
from redress.rulebook.local import Choices, NotAllowed, Problem


class NotWithinTheLaw(Refusal):
    """This edition can’t stand: a council may not choose this."""

    do = "Put right what is listed. What the law leaves open is said beside each field."

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0].sentence if self.problems else None
        more = len(self.problems) - 1
        rest = f" And {more} more." if more > 0 else ""
        super().__init__(f"{first}{rest}" if first else None)


class AnotherBase(Refusal):
    """The edition is based on one that does not hold on that day."""

    field = "in_force_from"


class TooEarly(Refusal):
    """An edition can only take effect from today or later: earlier cases keep the edition that they have."""

    field = "in_force_from"
    do = "Choose today or a later day."


class ChangesNothing(Refusal):
    """This changes nothing: the edition is as it was released."""

    do = "Change at least one thing, or discard it."


class DayTaken(Refusal):
    """An approved edition of this procedure takes effect on that day already."""

    field = "in_force_from"
    do = "Choose another day, or withdraw the other one first."


class NoDraft(Refusal):
    """This is no draft any more, so it can’t be changed."""

    do = "Make a new draft from it."


class NotTried(Refusal):
    """This has not been tried on the council’s past cases as it stands now."""

    do = "Try it first: then whoever approves it can see what it would have changed."


class NotTheSecondPerson(Refusal):
    """Whoever wrote any of an edition can’t approve it."""

    do = "Ask another complaints manager to approve it."


class InForceAlready(Refusal):
    """This edition is in force, and cases have been received under it."""

    do = "Draft another one that takes effect from a later day."


class NothingToWithdraw(Refusal):
    """Only an approved edition can be withdrawn."""


# -------------------------------------------------------------------------------------------------- making and reading


def worded(council: Council, procedure: str, choices: Choices, in_force_from: date) -> str:
    """Write a council's choices as an edition in the file format.

    Raises ``NotAllowed`` with everything that may not stand, and ``AnotherBase`` where nothing is held for that day.
    """
    base = base_on(procedure, in_force_from)
    made = local.make(base, choices, council=council.code, name=council.short_name, in_force_from=in_force_from)
    return local.as_file(made)


def base_on(procedure: str, day: date) -> Edition:
    """Give the released edition that an edition of a council's own changes from a day on. Raises ``AnotherBase``."""
    try:
        return procedures.edition(procedure, day)
    except (procedures.NoEdition, procedures.UnknownProcedure) as missing:
        raise AnotherBase(missing.sentence, do=missing.do) from missing


def read(row: LocalEdition) -> Edition:
    """Read an edition as it is kept."""
    return council_queries.edition_text(row.text)


def digest_of(row: LocalEdition) -> str:
    """Give what tells these words from any others, so that a trial counts for exactly them."""
    return hashlib.sha256(row.text.encode()).hexdigest()


def is_tried(row: LocalEdition) -> bool:
    """Say whether the edition was tried as it stands now."""
    return bool(row.tried_digest) and row.tried_digest == digest_of(row)


def _taken(council: Council, given: str, today: date) -> Edition:
    """Judge the words of an edition, and give it as it will be kept."""
    try:
        edition = local.read(wording.words(given, "file"), council=council.code, name=council.short_name)
    except NotAllowed as refused:
        raise NotWithinTheLaw(refused.problems) from refused
    if edition.in_force_from < today:
        raise TooEarly
    base = base_on(edition.procedure, edition.in_force_from)
    if base.id != edition.based_on:
        raise AnotherBase(
            f"On {dates.plain(edition.in_force_from)} {base.name} holds, and this edition is based on another.",
            do="Make it anew from that one, or choose another day.",
        )
    choices = local.choices_of(edition, base)
    # Going back to what was released is a change where the council's own edition would hold otherwise.
    if choices.none and council_queries.edition_for(council.pk, edition.procedure, edition.in_force_from).id == base.id:
        raise ChangesNothing
    return edition


def _why(given: str) -> str:
    return text.one_line(wording.words(given, "why"))[:500]


# ---------------------------------------------------------------------------------------------------------------- steps


@step(needs=Permission.EDITION_DRAFT, on="council")
def draft(*, council: Council, given: str, by: Actor, at: datetime, why: str = "") -> LocalEdition:
    """Draft an edition of the council's own, given in the file format.

    Raises ``NotWithinTheLaw``, ``TooEarly``, ``AnotherBase``, ``ChangesNothing``.
    """
    edition = _taken(council, given, moment.local(at).date())
    row = changes.draft_edition(
        council=council, edition=edition, words=local.as_file(edition), why=_why(why), by=by, at=at
    )
    trail.note(events.LOCAL_DRAFTED, on=council, detail={"why": row.why}, ids=_ids(row))
    return row


@step(needs=Permission.EDITION_DRAFT, on="edition")
def change(
    *, edition: LocalEdition, given: str, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> LocalEdition:
    """Change a draft; what was tried before has to be tried again. ``version`` is the one that was opened.

    Raises what ``draft`` raises, ``NoDraft`` and ``ChangedMeanwhile``.
    """
    _check_draft(edition)
    if version is not None and version != edition.version:
        raise ChangedMeanwhile(
            f"{edition.changed_by} changed this draft after you opened it.",
            do="Look at what changed below, then save again if yours still stands.",
        )
    made = _taken(edition.council, given, moment.local(at).date())
    if made.procedure != edition.procedure:
        raise NotWithinTheLaw([Problem("", f"This draft is of {edition.procedure}, and the file of {made.procedure}.")])
    changes.change_edition(row=edition, edition=made, words=local.as_file(made), why=_why(why), by=by, at=at)
    trail.note(events.LOCAL_CHANGED, on=edition, detail={"why": edition.why}, ids=_ids(edition))
    return edition


@step(needs=Permission.EDITION_DRAFT, on="edition")
def discard(*, edition: LocalEdition, by: Actor, at: datetime) -> LocalEdition:
    """Discard a draft; it stays readable. Raises ``NoDraft``."""
    _check_draft(edition)
    changes.end_edition(row=edition, state=LocalEdition.State.DISCARDED, by=by, at=at)
    trail.note(events.LOCAL_DISCARDED, on=edition, ids=_ids(edition))
    return edition


@step(needs=Permission.EDITION_DRAFT, on="edition")
def try_out(*, edition: LocalEdition, by: Actor, at: datetime) -> LocalEdition:
    """Try a draft on the council's past cases, and record what came of it. Raises ``NoDraft``."""
    _check_draft(edition)
    trial = edition_trial.run(edition.council, read(edition), today=moment.local(at).date(), viewer=by)
    changes.edition_tried(
        row=edition,
        digest=digest_of(edition),
        cases=trial.cases,
        late_then=trial.late_then,
        late_under=trial.late_under,
        by=by,
        at=at,
    )
    trail.note(
        events.LOCAL_TRIED,
        on=edition,
        ids={**_ids(edition), "cases": trial.cases, "late": trial.late_then, "would_be_late": trial.late_under},
    )
    return edition


@step(needs=Permission.EDITION_APPROVE, on="edition")
def approve(*, edition: LocalEdition, by: Actor, at: datetime, version: int | None = None) -> LocalEdition:
    """Approve an edition that somebody else drafted; from its date on it holds for what is received.

    Raises ``NoDraft``, ``ChangedMeanwhile``, ``NotTheSecondPerson``, ``NotTried``, ``TooEarly``, ``DayTaken`` and
    what ``draft`` raises.
    """
    _check_draft(edition)
    if version is not None and version != edition.version:
        raise ChangedMeanwhile(do="Read it again as it is now.")
    if by.id is None or by.id in edition.writers:
        raise NotTheSecondPerson
    if not is_tried(edition):
        raise NotTried
    # Judged once more: a newer release may have come since it was drafted.
    _taken(edition.council, edition.text, moment.local(at).date())
    taken = LocalEdition.objects.filter(
        council_id=edition.council_id,
        procedure=edition.procedure,
        in_force_from=edition.in_force_from,
        state=LocalEdition.State.APPROVED,
    )
    if taken.exists():
        raise DayTaken
    try:
        with transaction.atomic():
            changes.approve_edition(row=edition, by=by, at=at)
    except IntegrityError as clash:
        if "one_own_edition_from_a_date" in str(clash):
            raise DayTaken from clash
        raise
    trail.note(events.LOCAL_APPROVED, on=edition, ids=_ids(edition))
    return edition


@step(needs=Permission.EDITION_APPROVE, on="edition")
def withdraw(*, edition: LocalEdition, by: Actor, at: datetime) -> LocalEdition:
    """Withdraw an approved edition before it takes effect. Raises ``NothingToWithdraw``, ``InForceAlready``."""
    if edition.state != LocalEdition.State.APPROVED:
        raise NothingToWithdraw
    if edition.in_force_from <= moment.local(at).date():
        raise InForceAlready
    changes.end_edition(row=edition, state=LocalEdition.State.WITHDRAWN, by=by, at=at)
    trail.note(events.LOCAL_WITHDRAWN, on=edition, ids=_ids(edition))
    return edition


def _check_draft(row: LocalEdition) -> None:
    if row.state != LocalEdition.State.DRAFT:
        raise NoDraft


def _ids(row: LocalEdition) -> dict[str, object]:
    return {"edition": row.edition_id, "number": row.pk, "version": row.version}
