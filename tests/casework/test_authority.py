"""Authority is asked for, held by a document, and ends; details and adjustments are kept with their versions."""

from __future__ import annotations

import datetime as dt

import pytest

from factories.intake import AT, TODAY, Office, logged, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.refusals import ChangedMeanwhile, NotVisible
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import authority, composing, intake, letters, people
from redress.casework.wording import HasNulCharacter
from redress.correspondence.models import Letter
from redress.documents import changes as document_changes
from redress.documents.models import Document
from redress.people import queries as people_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def northmere() -> Office:
    return office()


@pytest.fixture
def case(northmere: Office) -> Case:
    return logged(
        northmere,
        person=intake.Who(new=intake.Details(name="Eve Lindqvist", email="eve@mail.example")),
        representative=intake.Who(new=intake.Details(name="Marcus Hale", email="marcus@mail.example")),
    )


def note_of(case: Case, of: Office) -> Document:
    """Put the signed note on the case."""
    return document_changes.add(
        council=case.council,
        case=case,
        contact=None,
        source="added",
        name="signed note.pdf",
        content_type="application/pdf",
        size=3,
        sha256="0" * 64,
        by=of.actor(),
        at=AT,
    )


def confirm(case: Case, of: Office, document: Document | None, **more: object) -> Case:
    given = {
        "case": case,
        "authority": case.authority,
        "document": document,
        "kind": "written",
        "scope": "This complaint",
        "confirmed_on": TODAY,
        "expires_on": None,
        "by": of.actor(Role.OFFICER),
        "at": AT,
        **more,
    }
    return authority.confirm(**given)


def test_until_it_is_held_nothing_personal_may_go(northmere: Office, case: Case) -> None:
    assert authority.why_not(case, TODAY) == (
        "Nothing personal can go to Marcus Hale until the authority of Eve Lindqvist is held."
    )
    assert letters.correspondent(case, TODAY) == case.complainant
    confirm(case, northmere, note_of(case, northmere))
    case = Case.objects.get(pk=case.pk)
    assert authority.why_not(case, TODAY) == ""
    assert letters.correspondent(case, TODAY) == case.representative


def test_it_is_asked_for_by_a_letter_that_says_nothing_of_the_matter(northmere: Office, case: Case) -> None:
    by = northmere.actor()
    assert case.representative is not None
    draft = composing.compose("authority-request", case=case, to=case.representative, today=TODAY, by=by)
    pressed = letters.press(case=case, draft=draft, on=TODAY)
    authority.ask(case=case, kind="written", scope="", draft=draft, pressed=pressed, by=by, at=AT)
    letter = Letter.objects.get(case=case)
    assert (letter.to, letter.state) == (case.representative, "released")
    assert "Eve" not in str(letter.blocks)
    assert "bin" not in str(letter.blocks)
    assert case.authority is not None
    assert people_queries.standing(case.authority, TODAY).words == "asked for on 23 November 2026, not held yet"


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"confirmed_on": TODAY + dt.timedelta(days=1)}, authority.ImpossibleDates),
        ({"expires_on": TODAY}, authority.ImpossibleDates),
        ({"scope": "a \x00 b"}, HasNulCharacter),
        ({"document": None}, authority.NoEvidence),
    ],
)
def test_what_can_t_be_confirmed(
    northmere: Office, case: Case, more: dict[str, object], refusal: type[Exception]
) -> None:
    given = {"document": note_of(case, northmere), **more}
    document = given.pop("document")
    with pytest.raises(refusal):
        confirm(case, northmere, document, **given)  # type: ignore[arg-type]
    assert case.authority is not None
    case.authority.refresh_from_db()
    assert case.authority.confirmed_on is None


def test_a_document_of_another_case_or_council_shows_nothing(northmere: Office, case: Case) -> None:
    other = logged(northmere)
    with pytest.raises(authority.NoEvidence):
        confirm(case, northmere, note_of(other, northmere))
    eastvale = office("eastvale", "EAS")
    with pytest.raises(NotVisible):
        confirm(case, northmere, note_of(logged(eastvale), eastvale))


def test_an_administrator_asks_and_an_officer_confirms(northmere: Office, case: Case) -> None:
    with pytest.raises(NotPermitted):
        confirm(case, northmere, note_of(case, northmere), by=northmere.actor())


def test_it_expires_and_can_be_withdrawn(northmere: Office, case: Case) -> None:
    confirm(case, northmere, note_of(case, northmere), expires_on=TODAY + dt.timedelta(days=30))
    row = Case.objects.get(pk=case.pk).authority
    assert row is not None
    assert people_queries.standing(row, TODAY).words == "held since 23 November 2026, until 23 December 2026"
    late = TODAY + dt.timedelta(days=31)
    assert people_queries.standing(row, late).words == "expired on 23 December 2026"
    assert authority.why_not(Case.objects.get(pk=case.pk), late) != ""
    authority.withdraw(case=case, authority=row, reason="She rang.", by=northmere.actor(), at=AT)
    with pytest.raises(authority.NotOpen):
        authority.withdraw(case=case, authority=row, reason="", by=northmere.actor(), at=AT)
    assert [line.kind for line in trail.read(trail.stream_of(case))][-2:] == [
        "person.authority-confirmed",
        "person.authority-withdrawn",
    ]


def test_details_are_changed_and_the_second_of_two_is_told(northmere: Office, case: Case) -> None:
    eve = case.complainant
    given = {"contact": eve, "version": eve.version, "by": northmere.actor(), "at": AT}
    people.change_details(values={"telephone": "01632 960 222", "name": "Eve  Lindqvist-Hale"}, **given)
    eve.refresh_from_db()
    assert (eve.name, eve.telephone_key, eve.version) == ("Eve Lindqvist-Hale", "01632960222", 2)
    with pytest.raises(ChangedMeanwhile):
        people.change_details(values={"telephone": "1"}, **given)
    fresh = {**given, "version": 2}
    with pytest.raises(people.NoName):
        people.change_details(values={"name": " "}, **fresh)
    with pytest.raises(people.NothingChanged):
        people.change_details(values={"name": "Eve Lindqvist-Hale"}, **fresh)
    with pytest.raises(HasNulCharacter):
        people.change_details(values={"address": "a\x00b"}, **fresh)


def test_adjustments_are_added_ended_and_stay_on_record(northmere: Office, case: Case) -> None:
    by, eve = northmere.actor(), case.complainant
    people.add_adjustment(contact=eve, kind="contact", words_="Ring before 1pm", review_on=None, by=by, at=AT)
    people.add_adjustment(contact=eve, kind="danger", words_="Dog", review_on=None, by=by, at=AT)
    shown = people_queries.adjustments(by, [eve.pk])
    assert [row.text for row in shown] == ["Dog", "Ring before 1pm"]
    with pytest.raises(people.SaysNothing):
        people.add_adjustment(contact=eve, kind="nonsense", words_="x", review_on=None, by=by, at=AT)
    with pytest.raises(people.InThePast):
        people.add_adjustment(contact=eve, kind="contact", words_="x", review_on=dt.date(2026, 1, 1), by=by, at=AT)
    people.end_adjustment(contact=eve, adjustment=shown[0], by=by, at=AT)
    assert [row.text for row in people_queries.adjustments(by, [eve.pk])] == ["Ring before 1pm"]
    assert eve.adjustments.count() == 2
    with pytest.raises(people.Ended):
        people.end_adjustment(contact=eve, adjustment=shown[0], by=by, at=AT)


def test_another_council_s_people_do_not_exist(northmere: Office, case: Case) -> None:
    eastvale = office("eastvale", "EAS")
    eve = case.complainant
    with pytest.raises(NotVisible):
        people.change_details(contact=eve, version=1, values={"name": "X"}, by=eastvale.actor(), at=AT)
    assert people_queries.contact(eastvale.actor(), eve.pk) is None
    assert people_queries.adjustments(eastvale.actor(), [eve.pk]) == []
