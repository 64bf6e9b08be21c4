"""What was said is written down, with the day and with whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, Note
from redress.casework import notes
from redress.casework.wording import HasNulCharacter

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


def write(cast: Cast, case: Case, **more: Any) -> Note:
    given = {
        "kind": "call-in", "contact": case.complainant, "on": TODAY, "words": "The steps are icy.", "next_action": "",
        "by": cast.actor(), "at": make.at(), **more,
    }  # fmt: skip
    return notes.write_note(case=case, **given)


def test_a_call_is_kept_with_its_trail_entry_and_starts_the_work(cast: Cast) -> None:
    case = cast.allocated(cast.logged())
    first = write(cast, case, next_action="Ring the crew", key="k")
    assert write(cast, case, next_action="Ring the crew", key="k") == first
    case.refresh_from_db()
    assert case.started_at is not None and case.next_action == "Ring the crew"
    assert Note.objects.count() == 1 and kinds(case).count("case.note-written") == 1


def test_without_a_next_action_the_one_that_stands_stays(cast: Cast) -> None:
    case = cast.allocated(cast.logged())
    write(cast, case)
    case.refresh_from_db()
    assert case.next_action == "Find out what happened"


def test_each_refusal(cast: Cast) -> None:
    case, other = cast.logged(), cast.eves()
    with pytest.raises(notes.NothingWritten):
        write(cast, case, words=" \n ")
    with pytest.raises(notes.InTheFuture):
        write(cast, case, on=TODAY + dt.timedelta(days=1))
    with pytest.raises(notes.NobodySpokenTo):
        write(cast, case, contact=None)
    with pytest.raises(notes.NobodySpokenTo):
        write(cast, case, contact=other.complainant)
    with pytest.raises(HasNulCharacter):
        write(cast, case, words="a\x00b")
    with pytest.raises(NotPermitted):
        write(cast, case, by=cast.actor(Role.AUDITOR))
    assert not Note.objects.exists()
    assert write(cast, case, kind="internal", contact=None).contact is None
