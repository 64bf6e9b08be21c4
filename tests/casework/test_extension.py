"""More time: with a reason, within the cap or with the override on record, from the day the person is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, Happening
from redress.casework import extension, letters
from redress.correspondence.models import Letter

pytestmark = pytest.mark.django_db

REASON = "We are waiting for the records of the contractor."


@pytest.fixture
def of() -> Office:
    return office()


def extend(
    of: Office,
    case: Case,
    days: int = 5,
    *,
    role: Role = Role.OFFICER,
    on: dt.date = make.TODAY,
    reason: str = REASON,
    beyond: str = "",
) -> Letter:
    stage = make.stage_of(case)
    given: dict[str, Any] = {
        "case": case,
        "stage": stage,
        "working_days": days,
        "reason": reason,
        "override_reason": beyond,
    }
    draft = extension.compose(**given, today=on, by=of.actor(role))
    if not reason:
        pressed = letters.writing.Pressed(digest="", sha256="", size=0, flags=())
    else:
        pressed = letters.press(case=case, draft=draft, on=on)
    return extension.extend(**given, draft=draft, pressed=pressed, by=of.actor(role), at=make.at(on))


def test_the_extension_counts_from_the_day_the_letter_goes(of: Office) -> None:
    case = make.acknowledged(of)
    assert case.clocks.get(name="stage-1-response").due_on == dt.date(2026, 12, 7)
    letter = extend(of, case)
    assert case.clocks.get(name="stage-1-response").due_on == dt.date(2026, 12, 7), "released is not told"
    make.sent(letter, dt.date(2026, 11, 26))
    assert case.clocks.get(name="stage-1-response").due_on == dt.date(2026, 12, 14)
    happening = Happening.objects.get(case=case, kind="extended")
    assert happening.on == dt.date(2026, 11, 26) and happening.data["told_on"] == "2026-11-26"
    assert happening.data["working_days"] == 5 and happening.data["reason"] == REASON
    assert "case.extended" in [line.kind for line in trail.read(case)]


def test_the_letter_names_the_new_date_and_the_ombudsman(of: Office) -> None:
    letter = extend(of, make.acknowledged(of))
    assert "Monday 14 December 2026" in str(letter.blocks) and "Ombudsman" in str(letter.blocks)


def test_no_extension_without_a_reason(of: Office) -> None:
    with pytest.raises(extension.SayWhy):
        extend(of, make.acknowledged(of), reason="")


def test_no_extension_before_the_acknowledgement(of: Office) -> None:
    with pytest.raises(extension.NotAcknowledged):
        extend(of, make.logged(of))


def test_beyond_the_cap_only_with_the_override_and_its_reason(of: Office) -> None:
    case = make.acknowledged(of)
    with pytest.raises(extension.BeyondTheCode, match="11 working days more in all; the Code allows 10"):
        extend(of, case, 11, beyond="Because")
    with pytest.raises(extension.SayWhyBeyond):
        extend(of, case, 11, role=Role.COMPLAINTS_MANAGER)
    letter = extend(of, case, 11, role=Role.COMPLAINTS_MANAGER, beyond="The witness is in hospital until January.")
    make.sent(letter)
    assert Happening.objects.get(kind="extended").data["override_reason"] == "The witness is in hospital until January."


def test_a_second_extension_counts_with_the_first(of: Office) -> None:
    case = make.acknowledged(of)
    first = extend(of, case, 6)
    with pytest.raises(extension.OneUnderWay):
        extend(of, case, 2)
    make.sent(first)
    seen = extension.preview(case=case, stage=make.stage_of(case), working_days=5, today=make.TODAY)
    assert (seen.already, seen.left, seen.beyond) == (6, 4, True)
    make.sent(extend(of, case, 4))
    assert case.clocks.get(name="stage-1-response").due_on == dt.date(2026, 12, 21)


def test_after_the_date_it_still_counts_as_late(of: Office) -> None:
    case = make.acknowledged(of)
    late = dt.date(2026, 12, 9)
    seen = extension.preview(case=case, stage=make.stage_of(case), working_days=5, today=late)
    assert seen.late and "It still counts as late" in seen.says
    make.sent(extend(of, case, on=late), late)
    clock = case.clocks.get(name="stage-1-response")
    assert (clock.state, clock.due_on) == ("missed", dt.date(2026, 12, 7)), "a late extension cures nothing"


def test_an_administrator_does_not_extend(of: Office) -> None:
    with pytest.raises(NotPermitted):
        extend(of, make.acknowledged(of), role=Role.ADMINISTRATOR)
