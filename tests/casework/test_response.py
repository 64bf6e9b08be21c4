"""A stage is answered: written, checked by somebody else, released, and then it stands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case, ComplainedAbout, Finding, Happening, Stage
from redress.casework import answer_letter, answering, letters, response
from redress.correspondence.models import Letter, Response
from redress.learning.models import Remedy
from redress.people.models import Adjustment

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


def kinds(case: Case) -> list[str]:
    return [line.kind for line in trail.read(case)]


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_of_a_stage_1_answer(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case)
    assert written.state == "draft" and written.author == of.officers[Role.OFFICER]
    make.passed(of, written)
    letter = make.released(of, written)
    assert letter.state == Letter.State.RELEASED and letter.document is not None
    assert not Happening.objects.filter(case=case, kind="responded").exists(), "released is not sent"
    make.sent(letter, dt.date(2026, 11, 24))
    case.refresh_from_db()
    stage = make.stage_of(case)
    assert Happening.objects.get(case=case, kind="responded").on == dt.date(2026, 11, 24)
    assert (stage.outcome, case.state) == ("partly-upheld", "answered")
    assert Response.objects.get(stage=stage).state == "sent"
    assert [one.state for one in Remedy.objects.filter(case=case)] == ["promised"]
    for kind in ("case.finding-recorded", "response.passed", "letter.released", "letter.dispatched", "remedy.promised"):
        assert kind in kinds(case)


def test_the_letter_says_what_was_found_and_by_when_it_is_put_right(of: Office) -> None:
    case = make.acknowledged(of)
    draft = answer_letter.compose(make.answered(of, case), today=make.TODAY)
    said = str(draft.blocks)
    assert draft.holes == ()
    assert "Upheld" in said and "The round sheet shows" in said and "Done by 18 December 2026" in said
    assert "Stage 2" in said, "the locked part about the next stage"
    assert of.officers[Role.OFFICER].name not in str(draft.blocks[:-1]), "the letter names nobody but its signatory"


def test_a_sent_finding_can_not_be_changed_even_in_the_database(of: Office) -> None:
    case = make.gone(of, make.acknowledged(of))
    finding = Finding.objects.filter(stage__case=case).first()
    assert finding is not None and finding.fixed_at is not None
    for act in (lambda: Finding.objects.filter(pk=finding.pk).update(decision="not-upheld"), finding.delete):
        with pytest.raises(DatabaseError, match=r"fixed|foreign key|restrict"), transaction.atomic():
            act()


def test_a_released_letter_is_frozen_in_the_database(of: Office) -> None:
    case = make.acknowledged(of)
    letter = make.released(of, make.passed(of, make.answered(of, case)))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(subject="Something else")


def test_the_second_officer_to_save_is_told_and_nothing_is_overwritten(of: Office) -> None:
    case = make.acknowledged(of)
    make.answered(of, case)
    with pytest.raises(response.SavedMeanwhile, match="Nothing that you typed is lost"):
        make.answered(of, case, role=Role.TEAM_LEADER, words=make.words(closing="Other words."))
    assert Response.objects.get().closing == "Thank you for telling us."


def test_an_answer_with_holes_is_not_given_to_the_checker(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(
        of, case, answers=[response.AnswerInput(point=1, decision="upheld", reason="It was missed.")]
    )
    with pytest.raises(response.NotReady) as refused:
        make.with_checker(of, written)
    assert "Point 2 has no finding" in refused.value.sentence
    assert "nothing says how it is put right" in refused.value.sentence


def test_a_remedy_without_owner_or_date_stops_the_letter(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(
        of, case, answers=make.answers_of(of, remedies=[make.remedy(of, owner_id=None, due_on=None)])
    )
    with pytest.raises(response.NotReady, match=r"nobody who does it.*no date"):
        make.with_checker(of, written)


def test_the_author_does_not_check_their_own(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case, role=Role.TEAM_LEADER)
    check = make.with_checker(of, written, role=Role.TEAM_LEADER)
    written.refresh_from_db()
    with pytest.raises(response.YouWroteThis) as refused:
        response.pass_check(
            case=case, response=written, check=check, digest=check.digest, parts=dict.fromkeys(make.PARTS, True),
            by=of.actor(Role.TEAM_LEADER), at=make.at(),
        )  # fmt: skip
    assert "can check it" in refused.value.do


def test_an_officer_may_not_check_at_all(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case)
    check = make.with_checker(of, written)
    with pytest.raises(NotPermitted):
        response.pass_check(
            case=case,
            response=written,
            check=check,
            digest=check.digest,
            parts={},
            by=of.actor(Role.OFFICER),
            at=make.at(),
        )


def test_every_part_is_ticked_by_hand(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case)
    check = make.with_checker(of, written)
    written.refresh_from_db()
    six = {**dict.fromkeys(make.PARTS, True), "reasons": False}
    with pytest.raises(response.TickEveryPart):
        response.pass_check(
            case=case, response=written, check=check, digest=check.digest, parts=six,
            by=of.actor(Role.COMPLAINTS_MANAGER), at=make.at(),
        )  # fmt: skip


def test_returned_with_remarks_and_passed_in_the_second_round(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case)
    check = make.with_checker(of, written)
    written.refresh_from_db()
    manager = of.actor(Role.COMPLAINTS_MANAGER)
    with pytest.raises(response.SayWhatToChange):
        response.return_check(
            case=case, response=written, check=check, remark=" ", remarks=[], by=manager, at=make.at()
        )
    response.return_check(
        case=case,
        response=written,
        check=check,
        remark="",
        remarks=[{"point": 2, "text": "Who rang?"}],
        by=manager,
        at=make.at(),
    )
    written.refresh_from_db()
    assert written.state == "returned"
    assert make.passed(of, written).state == "passed"
    assert written.checks.count() == 2


def test_words_stand_still_while_they_are_checked_and_may_be_taken_back(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.answered(of, case)
    make.with_checker(of, written)
    with pytest.raises(response.WithTheChecker):
        make.answered(of, case, version=written.version)
    written.refresh_from_db()
    response.take_back(case=case, response=written, by=of.actor(Role.OFFICER), at=make.at())
    written.refresh_from_db()
    assert written.state == "draft"


def test_a_change_after_the_check_opens_it_again(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.passed(of, make.answered(of, case))
    draft = response.passed_draft(written, today=make.TODAY)
    pressed = letters.press(case=case, draft=draft, on=make.TODAY)
    make.answered(of, case, version=written.version, words=make.words(closing="And one more thing."))
    written.refresh_from_db()
    assert written.state == "draft" and written.checked_digest == ""
    with pytest.raises(response.NotPassed):
        response.release(
            case=case,
            response=written,
            draft=draft,
            pressed=pressed,
            by=of.actor(Role.COMPLAINTS_MANAGER),
            at=make.at(),
        )


def test_release_presses_exactly_the_words_that_passed(of: Office) -> None:
    case = make.acknowledged(of)
    written = make.passed(of, make.answered(of, case))
    case.complainant.name = "Devi Patel"
    case.complainant.save()
    written = Response.objects.get(pk=written.pk)
    with pytest.raises(response.OtherWords, match="would not say what passed"):
        response.passed_draft(written, today=make.TODAY)


def test_nobody_whom_the_case_is_about_answers_or_releases(of: Office) -> None:
    case = make.acknowledged(of)
    ComplainedAbout.objects.create(council=of.council, case=case, officer=of.officers[Role.COMPLAINTS_MANAGER])
    with pytest.raises(answering.ComplainedAboutHere):
        make.answered(of, case, role=Role.COMPLAINTS_MANAGER)
    written = make.passed(of, make.answered(of, case), checker=Role.TEAM_LEADER)
    with pytest.raises(answering.ComplainedAboutHere):
        make.released(of, written)


def test_an_officer_does_not_release(of: Office) -> None:
    written = make.passed(of, make.answered(of, make.acknowledged(of)))
    with pytest.raises(NotPermitted):
        make.released(of, written, role=Role.OFFICER)


def test_what_must_be_honoured_has_to_be_accounted_for(of: Office) -> None:
    case = make.acknowledged(of)
    Adjustment.objects.create(
        council=of.council,
        contact=case.complainant,
        kind="adjustment",
        text="Ring, do not write first",
        added_at=make.at(),
        added_by="x",
    )
    written = make.answered(of, case)
    with pytest.raises(response.NotReady, match="Ring, do not write first"):
        make.with_checker(of, written)
    again = make.answered(
        of, case, version=written.version, words=make.words(adjustments_considered="I rang you first.")
    )
    assert make.with_checker(of, again).state == "open"


def test_a_payment_above_the_limit_needs_another_person(of: Office) -> None:
    from decimal import Decimal

    from redress.casework import remedies

    case = make.acknowledged(of)
    paid = make.remedy(of, kind="payment", text="We pay for the trouble", amount=Decimal("250.00"), cost_centre="W100")
    written = make.answered(of, case, answers=make.answers_of(of, remedies=[paid]))
    with pytest.raises(response.NotReady, match="not approved"):
        make.with_checker(of, written)
    payment = Remedy.objects.get()
    with pytest.raises(NotPermitted):
        remedies.approve(case=case, remedy=payment, by=of.actor(Role.OFFICER), at=make.at())
    remedies.approve(case=case, remedy=payment, by=of.actor(Role.COMPLAINTS_MANAGER), at=make.at())
    assert make.with_checker(of, written).state == "open"


def test_a_payment_within_the_limit_is_the_officers_own(of: Office) -> None:
    from decimal import Decimal

    paid = make.remedy(of, kind="payment", text="We pay for the trouble", amount=Decimal("50.00"), cost_centre="W100")
    written = make.answered(of, make.acknowledged(of), answers=make.answers_of(of, remedies=[paid]))
    assert make.with_checker(of, written).state == "open"


def test_text_with_a_nul_character_is_refused(of: Office) -> None:
    from redress.casework.wording import HasNulCharacter

    with pytest.raises(HasNulCharacter):
        make.answered(of, make.acknowledged(of), words=make.words(closing="a\0b"))


def test_stage_2_is_answered_by_somebody_else_and_shows_what_stage_1_said(of: Office) -> None:
    case = make.at_stage_2(of, make.gone(of, make.acknowledged(of)))
    with pytest.raises(answering.TookPartBefore):
        make.answered(of, case, number=2)
    written = make.answered(of, case, number=2, role=Role.TEAM_LEADER)
    assert "At Stage 1 we found: upheld." in str(answer_letter.compose(written, today=make.TODAY).blocks)
    assert Stage.objects.get(case=case, number=2).ended_at is None


@pytest.mark.django_db(transaction=True)
def test_stage_2_goes_to_its_end_with_every_guard_of_the_database_asked(of: Office) -> None:
    case = make.at_stage_2(of, make.gone(of, make.acknowledged(of)))
    nothing = [response.AnswerInput(point=number, decision="not-upheld", reason="It was emptied.") for number in (1, 2)]
    written = make.answered(of, case, number=2, role=Role.TEAM_LEADER, answers=nothing)
    make.sent(make.released(of, make.passed(of, written, role=Role.TEAM_LEADER)))
    case.refresh_from_db()
    assert Happening.objects.filter(case=case, kind="escalation-responded").exists()
    assert (make.stage_of(case, 2).outcome, case.state) == ("not-upheld", "answered"), "a promise of Stage 1 is open"
    (promise,) = make.promises(case)
    from redress.casework import remedies

    remedies.complete(
        case=case, remedy=promise, on=make.TODAY, evidence_text="Done", by=of.actor(Role.OFFICER), at=make.at()
    )
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not-upheld")
