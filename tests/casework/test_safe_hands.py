"""What somebody without authority, or who must not be reached, never gets: by the portal, by a letter, by a link."""

from __future__ import annotations

import datetime as dt

import pytest

from factories import cast as casting
from factories.cast import AT, CARRIER, TODAY, Cast, at
from redress.access.actor import Actor
from redress.cases.models import Case
from redress.casework import correspondence, delivery, escalation, letters, links, people
from redress.correspondence import changes as letter_changes
from redress.correspondence import queries_portal
from redress.correspondence.models import Letter, PortalMail
from redress.people import changes as people_changes
from redress.people.models import Authority, Contact
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return casting.assemble()


def held(case: Case, representative: Contact | None = None) -> Authority:
    """Let the authority of somebody be held."""
    who = representative or case.representative
    assert who is not None
    row, _made = people_changes.ask_authority(
        person=case.complainant, representative=who, kind="written", scope="", asked_on=TODAY, by=CARRIER, at=AT
    )
    people_changes.confirm_authority(
        authority=row, document_id=1, confirmed_on=TODAY, expires_on=None, kind="written", scope="", by=CARRIER, at=AT
    )
    case.authority = row
    case.save(update_fields=["authority"])
    return row


def by_link(case: Case, contact: Contact) -> Actor:
    return Actor.resident(council_id=case.council_id, contact_id=contact.pk, case_id=case.pk, name=contact.name)


def ask(case: Case, by: Actor, on: dt.date = TODAY) -> None:
    escalation.ask_for_next_stage(
        case=case, points=[], disputed={}, disputed_all="", outcome_sought="", asked_through="portal", asked_on=on,
        by=by, at=at(on, 16),
    )  # fmt: skip


def letter_to(case: Case, to: Contact, by: Actor, kind: str = "other") -> Letter:
    draft = correspondence.compose(case=case, to=to, kind=kind, subject="News", words="It is done.", today=TODAY, by=by)
    pressed = letters.press(case=case, draft=draft, on=TODAY)
    return correspondence.write(case=case, draft=draft, pressed=pressed, by=by, at=at())


def test_a_representative_without_authority_cannot_ask_for_stage_2(cast: Cast) -> None:
    case = cast.eves()
    assert case.representative is not None
    with pytest.raises(escalation.NoAuthority):
        ask(case, by_link(case, case.representative))


def test_with_their_authority_it_is_about_the_case_and_no_longer_about_them(cast: Cast) -> None:
    case = cast.eves()
    held(case)
    assert case.representative is not None
    with pytest.raises(escalation.Stage1Open):
        ask(case, by_link(case, case.representative))


def test_the_authority_of_somebody_else_is_not_theirs(cast: Cast) -> None:
    case, other = cast.eves(), cast.logged()
    held(case, other.complainant)
    assert case.authority is not None
    assert case.authority.held_on(TODAY)
    assert not letters.holds_authority(case, TODAY)
    assert letters.correspondent(case, TODAY) == case.complainant


def test_after_authority_is_lost_only_neutral_letters_are_left(cast: Cast) -> None:
    case = cast.eves()
    authority = held(case)
    assert case.representative is not None
    viewer = by_link(case, case.representative)
    cast.sent(letter_to(case, case.representative, cast.actor()))
    assert len(queries_portal.letters_for(viewer, case, represented=True)) == 1
    people_changes.withdraw_authority(authority=authority, on=TODAY, by=CARRIER, at=AT)
    assert queries_portal.letters_for(viewer, case, represented=False, neutral_only=True) == []


def test_a_letter_does_not_leave_when_authority_was_lost_after_its_release(cast: Cast) -> None:
    case = cast.allocated(cast.eves())
    authority = held(case)
    assert case.representative is not None
    letter = letter_to(case, case.representative, cast.actor())
    people_changes.withdraw_authority(authority=authority, on=TODAY, by=CARRIER, at=AT)
    begun = delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at())
    assert begun.state == Letter.State.FAILED
    assert "no authority any more" in begun.failure
    assert Notice.objects.filter(case_reference=case.reference, kind="letter").exists()


def test_a_letter_does_not_leave_when_it_became_unsafe_after_its_release(cast: Cast) -> None:
    case = cast.logged()
    letter = letter_to(case, case.complainant, cast.actor())
    people.add_adjustment(
        contact=case.complainant, kind="safe-contact", words_="Her partner reads them", review_on=None,
        never_by="email", by=cast.actor(), at=AT,
    )  # fmt: skip
    begun = delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at())
    assert begun.state == Letter.State.FAILED
    assert "Her partner reads them" in begun.failure


def test_a_way_that_is_never_used_is_only_part_of_safe_contact(cast: Cast) -> None:
    case = cast.logged()
    with pytest.raises(people.WhichWay):
        people.add_adjustment(
            contact=case.complainant, kind="language", words_="Welsh", review_on=None, never_by="email",
            by=cast.actor(), at=AT,
        )  # fmt: skip


def test_logging_writes_down_the_way_that_is_never_used(cast: Cast) -> None:
    case = cast.logged(adjustments=(("safe-contact:email", "Her partner reads them"),))
    row = case.complainant.adjustments.get()
    assert (row.kind, row.never_by) == ("safe-contact", "email")
    assert letters.unsafe_because(case.complainant, "email") == "Her partner reads them"
    assert not letters.unsafe_because(case.complainant, "post")


def test_a_restriction_needs_its_review_while_logging_too(cast: Cast) -> None:
    from redress.casework import intake

    with pytest.raises(intake.NeedsReview):
        cast.logged(adjustments=(("restriction", "One e-mail a week"),))


def test_a_link_tells_whoever_has_no_authority_nothing_of_the_matter(cast: Cast) -> None:
    """Even where the council's own version of the letter says what it is about."""
    case = cast.eves()
    assert case.representative is not None
    body = "About {{ matter }}, by {{ person }}: {{ link }} until {{ link_until }}"
    letter_changes.publish_template(
        council=case.council, kind="portal-link", heading="Follow it", body=body, by=cast.actor(), at=AT
    )
    said = {}
    for contact in (case.representative, case.complainant):
        mail = PortalMail(
            council=case.council, case=case, contact=contact, kind=PortalMail.Kind.FOLLOW, to_address=contact.email,
            site="https://complain.example", our_identity="one@redress.invalid", made_at=AT,
        )  # fmt: skip
        raw = links.composed(mail, "secret", by=CARRIER, at=AT).raw
        said[contact.pk] = raw.decode(errors="replace")
    assert "Missed bin" in said[case.complainant.pk]
    assert "Missed bin" not in said[case.representative.pk]
    assert "Eve" not in said[case.representative.pk]
