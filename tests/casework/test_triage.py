"""What a contact is judged to be, with which reason, and what follows; the rules are the edition's."""

from __future__ import annotations

import datetime as dt

import pytest

from factories.intake import AT, TODAY, Office, entry, logged, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases import clocks
from redress.cases.models import Case, Clock, Happening
from redress.casework import composing, intake, letters, triage
from redress.correspondence.models import Letter
from redress.correspondence.writing import Draft, Pressed

pytestmark = pytest.mark.django_db

HOUSING = {"procedure": "housing-complaint"}
CHOICE = triage.Choice(asked="Complaint or repair?", how="By telephone, 23 November", answer="Just mend it.")


@pytest.fixture
def northmere() -> Office:
    return office()


def told(of: Case) -> list[str]:
    return [line.kind for line in trail.read(trail.stream_of(of))]


def happened(of: Case) -> list[tuple[str, dt.date]]:
    return [(row.kind, row.on) for row in Happening.objects.filter(case=of).order_by("pk")]


def request(of: Office, **more: object) -> Case:
    """Log a service request about waste."""
    return logged(of, **{"kind": "service-request", "reason": "They ask for a new bin.", "points": (), **more})


def written(of: Office, case: Case, kind: str, by: Role, **values: str) -> tuple[Draft, Pressed]:
    draft = composing.compose(
        kind, case=case, to=case.complainant, today=TODAY, by=of.actor(by), values=values, channel="email"
    )
    return draft, letters.press(case=case, draft=draft, on=TODAY)


def test_a_complaint_opens_stage_1_and_its_clock_runs_from_the_receipt(northmere: Office) -> None:
    case = logged(northmere, received_on=dt.date(2026, 11, 20))
    assert happened(case) == [("received", dt.date(2026, 11, 20)), ("accepted", TODAY)]
    assert Clock.objects.get(case=case, name="stage-1-acknowledgement").due_on == dt.date(2026, 11, 27)


@pytest.mark.parametrize("kind", ["compliment", "comment"])
def test_a_compliment_is_recorded_with_its_reason_and_has_no_clock(northmere: Office, kind: str) -> None:
    case = logged(northmere, kind=kind, reason="They thank the crew.", points=())
    assert (case.kind, case.state, case.outcome, case.triage_reason) == (
        kind,
        "closed",
        "recorded",
        "They thank the crew.",
    )
    assert not Clock.objects.filter(case=case).exists()
    assert told(case)[-1] == "case.treated-as-other"


def test_a_request_is_recorded_and_gets_its_day_of_review(northmere: Office) -> None:
    case = request(northmere)
    assert (case.kind, case.state, case.review_on) == ("service-request", "open", dt.date(2026, 12, 21))
    assert happened(case) == [("received", TODAY), ("treated-as-request", TODAY)]
    assert not Clock.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    "choice",
    [None, triage.Choice("", "", ""), triage.Choice("Asked", "", "Mend it"), triage.Choice("Asked", "Phone", " ")],
)
def test_housing_dissatisfaction_without_the_whole_choice_goes_on_as_a_complaint(
    northmere: Office, choice: triage.Choice | None
) -> None:
    case = request(northmere, **HOUSING, dissatisfied=True, choice=choice, points=("No heating.",))
    assert (case.kind, case.state) == ("complaint", "open")
    assert case.triage_reason == clocks.edition_of(case).triage.without_choice
    assert "treated-as-request" not in [kind for kind, _on in happened(case)]


def test_with_the_resident_s_own_choice_it_is_a_request_and_the_choice_is_kept(northmere: Office) -> None:
    case = request(northmere, **HOUSING, dissatisfied=True, choice=CHOICE)
    assert case.kind == "service-request"
    assert (case.choice_asked, case.choice_channel, case.choice_answer) == (
        "Complaint or repair?",
        "By telephone, 23 November",
        "Just mend it.",
    )


def test_a_resident_who_chooses_to_complain_has_a_complaint(northmere: Office) -> None:
    choice = triage.Choice("Complaint or repair?", "By telephone", "I complain.", complaint=True)
    case = request(northmere, **HOUSING, dissatisfied=True, choice=choice, points=("No heating.",))
    assert (case.kind, case.triage_reason) == ("complaint", "The resident chose to complain.")


@pytest.mark.parametrize(("procedure", "dissatisfied"), [("housing-complaint", False), ("corporate-complaint", True)])
def test_elsewhere_a_request_needs_no_choice(northmere: Office, procedure: str, dissatisfied: bool) -> None:
    case = request(northmere, procedure=procedure, dissatisfied=dissatisfied)
    assert case.kind == "service-request"


def test_anything_but_a_complaint_needs_a_reason(northmere: Office) -> None:
    with pytest.raises(triage.NoReason):
        request(northmere, reason=" ")


def test_the_letter_says_how_to_complain_at_any_time_and_gives_the_ombudsman(northmere: Office) -> None:
    case = request(northmere)
    draft, pressed = written(northmere, case, "service-request", Role.ADMINISTRATOR, reason=case.triage_reason)
    assert {block["title"] for block in draft.blocks if block["kind"] == "locked"} >= {
        part.title for part in clocks.edition_of(case).blocks if part.key in ("complain-any-time",)
    }
    triage.write_request_letter(case=case, draft=draft, pressed=pressed, by=northmere.actor(), at=AT)
    letter = Letter.objects.get(case=case)
    assert (letter.kind, letter.state, letter.starts) == ("service-request", "released", "")
    assert "Ombudsman" in str(letter.blocks)


def test_a_request_is_reviewed_until_it_is_done(northmere: Office) -> None:
    case = request(northmere)
    given = {"case": case, "by": northmere.actor(), "at": AT}
    with pytest.raises(triage.NoReason):
        triage.review_request(words_=" ", again_on=None, done=False, **given)
    with pytest.raises(triage.ImpossibleDay):
        triage.review_request(words_="Not yet.", again_on=dt.date(2026, 1, 1), done=False, **given)
    triage.review_request(words_="Not yet.", again_on=dt.date(2026, 12, 1), done=False, **given)
    case.refresh_from_db()
    assert case.review_on == dt.date(2026, 12, 1)
    triage.review_request(words_="The bin is there.", again_on=None, done=True, **given)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "request")
    assert told(case)[-2:] == ["case.request-reviewed", "case.closed"]


def test_one_press_turns_a_request_into_a_complaint_from_the_day_of_the_dissatisfaction(northmere: Office) -> None:
    case = request(northmere, received_on=dt.date(2026, 11, 9))
    triage.turn_into_complaint(
        case=case, dissatisfaction_on=dt.date(2026, 11, 18), reason="Fed up.", by=northmere.actor(), at=AT
    )
    case.refresh_from_db()
    assert (case.kind, case.state, case.points.count()) == ("complaint", "open", 1)
    clock = Clock.objects.get(case=case, name="stage-1-acknowledgement")
    assert clock.due_on == dt.date(2026, 11, 25)
    assert case.next_due_on == clock.due_on


def test_a_request_that_was_done_is_opened_again_as_a_complaint(northmere: Office) -> None:
    case = request(northmere)
    triage.review_request(case=case, words_="Done.", again_on=None, done=True, by=northmere.actor(), at=AT)
    triage.turn_into_complaint(case=case, dissatisfaction_on=TODAY, reason="No.", by=northmere.actor(), at=AT)
    case.refresh_from_db()
    assert (case.kind, case.state, case.closed_at, case.outcome) == ("complaint", "open", None, "")


def test_a_comment_is_turned_into_a_complaint_received_on_that_day(northmere: Office) -> None:
    case = logged(northmere, kind="comment", reason="A remark.", points=(), received_on=dt.date(2026, 11, 9))
    triage.turn_into_complaint(
        case=case, dissatisfaction_on=dt.date(2026, 11, 20), reason="", by=northmere.actor(), at=AT
    )
    clock = Clock.objects.get(case=case, name="stage-1-acknowledgement")
    assert clock.due_on == dt.date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [(dt.date(2026, 11, 24), "in the future"), (dt.date(2026, 11, 20), "We received the request on")],
)
def test_the_dissatisfaction_comes_neither_before_the_request_nor_in_the_future(
    northmere: Office, day: dt.date, sentence: str
) -> None:
    case = request(northmere)
    with pytest.raises(triage.ImpossibleDay, match=sentence):
        triage.turn_into_complaint(case=case, dissatisfaction_on=day, reason="", by=northmere.actor(), at=AT)


def test_a_complaint_is_not_turned_into_one(northmere: Office) -> None:
    case = logged(northmere)
    with pytest.raises(triage.NotARequest):
        triage.turn_into_complaint(case=case, dissatisfaction_on=TODAY, reason="", by=northmere.actor(), at=AT)


def test_what_was_triaged_is_not_triaged_again(northmere: Office) -> None:
    case = logged(northmere)
    with pytest.raises(triage.AlreadyTriaged):
        triage.accept(case=case, by=northmere.actor(), at=AT)


# ------------------------------------------------------------------------------------------------------------ refusing


GIVEN = {"reason": "It was in 2019.", "evidence": "Two dates.", "discretion": "No reason to wait was found."}


def test_a_refusal_needs_a_ground_of_the_edition_evidence_and_discretion(northmere: Office) -> None:
    case = logged(northmere)
    draft, pressed = written(northmere, case, "refusal", Role.COMPLAINTS_MANAGER, ground="Too old.", **GIVEN)
    given = {
        "case": case,
        "ground": "over-12-months",
        **GIVEN,
        "draft": draft,
        "pressed": pressed,
        "by": northmere.actor(Role.COMPLAINTS_MANAGER),
        "at": AT,
    }
    with pytest.raises(triage.NotAGround):
        triage.refuse(**{**given, "ground": "we-are-busy"})
    for name in ("reason", "evidence", "discretion"):
        with pytest.raises(triage.NoReason) as refused:
            triage.refuse(**{**given, name: " "})
        assert refused.value.field == name
    for role in (Role.ADMINISTRATOR, Role.OFFICER):
        with pytest.raises(NotPermitted):
            triage.refuse(**{**given, "by": northmere.actor(role)})
    triage.refuse(**given)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "refused")
    letter = Letter.objects.get(case=case)
    assert (letter.kind, letter.state, letter.starts) == ("refusal", "released", "refused")
    assert "Ombudsman" in str(letter.blocks)
    with pytest.raises(triage.AlreadyTriaged):
        triage.refuse(**given)


def test_a_step_of_another_council_sees_nothing(northmere: Office) -> None:
    from redress.access.refusals import NotVisible

    case = logged(northmere)
    eastvale = office("eastvale", "EAS")
    with pytest.raises(NotVisible):
        triage.turn_into_complaint(case=case, dissatisfaction_on=TODAY, reason="", by=eastvale.actor(), at=AT)


def test_a_day_for_which_no_procedure_was_adopted_is_refused(northmere: Office) -> None:
    with pytest.raises(triage.NotAdopted):
        intake.log(
            council=northmere.council,
            message=None,
            entry=entry(northmere, procedure="adult-social-care"),
            by=northmere.actor(),
            at=AT,
        )
