"""The person is told that we have it, what we understood and by when we answer; only sending it starts the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases import clocks
from redress.cases.models import Case, Happening
from redress.casework import acknowledgement, letters
from redress.casework.letters import NoAddress, SafeContact, WordsChanged
from redress.correspondence.models import Letter
from redress.people.models import Adjustment
from redress.staff.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


def send(cast: Cast, case: Case, **more: Any) -> Letter:
    by = more.pop("by", cast.actor(Role.ADMINISTRATOR))
    draft = more.pop("draft", None) or acknowledgement.compose(case=case, by=by, today=TODAY)
    pressed = more.pop("pressed", None) or letters.press(case=case, draft=draft, on=TODAY)
    return acknowledgement.acknowledge(case=case, draft=draft, pressed=pressed, by=by, at=make.at(), **more)


def test_it_holds_the_points_who_answers_and_the_date_and_sending_it_starts_the_clock(cast: Cast) -> None:
    case = cast.logged()
    letter = send(cast, case)
    said = str(letter.blocks)
    assert "The bin was missed on 16 November." in said and "Empty the bin." in said
    assert "Monday 7 December 2026" in said, "10 working days after Monday 23 November"
    assert letter.state == Letter.State.RELEASED and "case.acknowledged" in kinds(case)
    assert not Happening.objects.filter(case=case, kind="acknowledged").exists(), "released is not sent"
    cast.sent(letter)
    reading = clocks.readings(case, TODAY)["stage-1-response"]
    assert reading.due == dt.date(2026, 12, 7)
    case.refresh_from_db()
    assert case.next_action == "Allocate it to an officer"


def test_a_second_one_is_refused_and_the_same_key_sends_one(cast: Cast) -> None:
    case = cast.logged()
    first = send(cast, case, key="k")
    assert send(cast, case, key="k") == first
    with pytest.raises(acknowledgement.AlreadyAcknowledged):
        send(cast, case, key="other")
    assert Letter.objects.count() == 1


def test_a_case_that_is_no_complaint_has_nothing_to_acknowledge(cast: Cast) -> None:
    case = cast.logged(kind="compliment", reason="They say thank you.", points=())
    with pytest.raises(acknowledgement.NothingToAcknowledge):
        acknowledgement.compose(case=case, by=cast.actor(), today=TODAY)


def test_a_representative_without_authority_gets_only_the_neutral_letter(cast: Cast) -> None:
    case = cast.eves()
    neutral = acknowledgement.compose(case=case, by=cast.actor(), today=TODAY)
    assert (neutral.kind, neutral.to.name) == ("neutral-acknowledgement", "Marcus Hale")
    assert "The bin was missed" not in str(neutral.blocks) and "Eve" not in str(neutral.blocks)
    from dataclasses import replace

    personal = replace(neutral, kind="acknowledgement")
    with pytest.raises(acknowledgement.NoAuthorityYet):
        send(cast, case, draft=personal)
    assert send(cast, case).to.name == "Marcus Hale"


def test_no_address_an_unsafe_way_and_changed_words_stop_it(cast: Cast) -> None:
    case = cast.logged()
    by_post = acknowledgement.compose(case=case, by=cast.actor(), today=TODAY, channel="post")
    with pytest.raises(NoAddress):
        send(cast, case, draft=by_post)
    Adjustment.objects.create(
        council=cast.northmere, contact=case.complainant, kind="safe-contact", text="Never e-mail", never_by="email",
        added_at=make.AT, added_by="Jo Lindley",
    )  # fmt: skip
    draft = acknowledgement.compose(case=case, by=cast.actor(), today=TODAY, channel="email")
    with pytest.raises(SafeContact):
        send(cast, case, draft=draft)
    Adjustment.objects.all().delete()
    other = acknowledgement.compose(case=case, by=cast.actor(), today=TODAY, understanding="And the lid.")
    with pytest.raises(WordsChanged):
        send(cast, case, draft=draft, pressed=letters.press(case=case, draft=other, on=TODAY))
    assert not Letter.objects.exists()


def test_stage_2_is_acknowledged_by_a_letter_of_its_own(cast: Cast) -> None:
    case = cast.at_stage_2(cast.answered(cast.allocated(cast.acknowledged(cast.logged()))))
    stage_1 = acknowledgement.compose(case=case, by=cast.actor(), today=TODAY)
    assert stage_1.starts == "escalation-acknowledged"
    from dataclasses import replace

    with pytest.raises(acknowledgement.NotThisStage):
        send(cast, case, draft=replace(stage_1, starts="acknowledged"))
    cast.sent(send(cast, case))
    assert Happening.objects.filter(case=case, kind="escalation-acknowledged").count() == 1


def test_roles_and_councils(cast: Cast) -> None:
    case = cast.logged()
    with pytest.raises(NotPermitted):
        send(cast, case, by=cast.actor(Role.AUDITOR))
    with pytest.raises(NotVisible):
        send(cast, case, by=actor_for(cast.stranger, TODAY))
