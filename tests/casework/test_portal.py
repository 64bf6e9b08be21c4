"""Does a form become one case with everything in it, and can a person add to their own case and to no other?"""

import datetime as dt

import pytest

from factories import portal as forms
from factories.intake import AT, TODAY, Office, logged, office
from redress.access import trail
from redress.access.actor import Actor
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases.models import Case, Happening, PointWording
from redress.casework import documents, links, portal
from redress.casework.wording import HasNulCharacter
from redress.correspondence.models import FormDraft, Message, PortalMail
from redress.documents.models import Document, Placement
from redress.people.models import Adjustment, Contact
from redress.plumbing import moment
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)


@pytest.fixture
def of() -> Office:
    return office()


def test_a_form_becomes_a_case_to_be_triaged_with_all_that_was_said(of: Office) -> None:
    secret = forms.begun(of, files=(forms.File("bin.png", forms.PNG),))
    case = forms.submitted(of, secret=secret)
    assert (case.state, case.channel, case.procedure) == ("to-triage", "portal", "corporate-complaint")
    assert list(
        PointWording.objects.filter(point__case=case).order_by("point__number").values_list("text", flat=True)
    ) == [
        "The bin was missed on 16 November.",
        "Nobody rang back.",
    ]
    message = Message.objects.get(case=case)
    assert message.channel == "portal"
    assert message.answers == {"wrong": {"wrong": "My bin was missed and nobody rang back."}}
    assert Placement.objects.get(case=case).document == message.attachments.get().document
    assert Happening.objects.get(case=case).kind == "received"
    assert case.received_on == TODAY
    assert next(entry.kind for entry in trail.read(case)) == "case.logged"


def test_sent_twice_it_is_one_case(of: Office) -> None:
    secret = forms.begun(of)
    first = forms.submitted(of, secret=secret)
    again = forms.submitted(of, secret=secret)
    key = "form-1"
    by_key = [
        portal.submit(
            council=of.council, secret=secret, complaint=forms.complaint(), site=forms.SITE, by=forms.anybody(of),
            at=AT, key=key,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert {first, again, *by_key} == {first}
    assert Case.objects.count() == 1
    assert PortalMail.objects.count() == 1


def test_the_answers_are_not_kept_twice(of: Office) -> None:
    secret = forms.begun(of)
    forms.submitted(of, secret=secret)
    assert FormDraft.objects.get().answers == {}
    with pytest.raises(portal.FormGone):
        portal.keep_answers(
            council=of.council, secret=secret, answers={"who": {"who": "me"}}, by=forms.anybody(of), at=AT
        )


def test_the_person_is_told_that_it_arrived_by_when_and_how_to_follow(of: Office) -> None:
    case = forms.submitted(of)
    said = forms.mail_out(of)[-1]
    text = said.get_body().get_content()
    assert said["To"] is not None
    assert "dev@mail.example" in said["To"]
    assert case.reference in text
    assert "30 November 2026" in text  # five working days after Monday 23 November
    found = links.look(of.council, forms.secret_in(said), AT)
    assert found is not None
    assert found.case == case


def test_somebody_known_is_matched_only_by_address_and_name_together(of: Office) -> None:
    known = forms.submitted(of).complainant
    assert forms.submitted(of).complainant == known
    other = portal.Person(name="Anita Patel", email="dev@mail.example", prefers="email")
    assert forms.submitted(of, person=other).complainant != known
    assert Contact.objects.count() == 2


def test_nobody_is_matched_at_another_council(of: Office) -> None:
    forms.submitted(of)
    other = office("eastvale", "EAS")
    assert forms.submitted(other).complainant.council_id == other.council.pk
    assert Contact.objects.count() == 2


def test_what_a_form_says_changes_nothing_that_is_recorded_of_somebody_known(of: Office) -> None:
    known = forms.submitted(of).complainant
    claimed = portal.Person(name="Dev Patel", email="dev@mail.example", telephone="999", address="Elsewhere")
    forms.submitted(of, person=claimed)
    known.refresh_from_db()
    assert (known.telephone, known.address) == ("01632 960 222", "")


def test_a_council_home_goes_by_the_housing_procedure(of: Office) -> None:
    assert forms.submitted(of, housing="yes").procedure == "housing-complaint"
    assert forms.submitted(of, housing="unsure").procedure == "corporate-complaint"


def test_a_representative_is_told_and_the_person_is_not_written_to(of: Office) -> None:
    eve = portal.Person(name="Eve Lindqvist", email="eve@mail.example")
    marcus = portal.Person(name="Marcus Hale", email="marcus@advice.example")
    case = forms.submitted(
        of, person=eve, representative=marcus, relation="adviser", adjustments=(("contact", "Ring before 1pm"),)
    )
    assert case.representative is not None
    assert case.authority is not None
    assert (case.complainant.name, case.representative.name) == ("Eve Lindqvist", "Marcus Hale")
    assert not case.authority.held_on(TODAY)
    said = forms.mail_out(of)
    assert ["marcus@advice.example" in one["To"] for one in said] == [True]
    assert "Eve" not in said[0].get_body().get_content()
    assert Adjustment.objects.get().contact == case.representative


def test_a_person_who_must_not_be_reached_by_email_gets_none(of: Office) -> None:
    forms.submitted(of, adjustments=(("safe-contact", "Never by e-mail"),))
    assert not PortalMail.objects.exists()


def test_a_form_without_a_point_is_not_sent(of: Office) -> None:
    with pytest.raises(portal.NotFinished):
        forms.submitted(of, points=("  ",))
    assert not Case.objects.exists()


def test_a_nul_character_is_refused_by_name_and_nothing_is_written(of: Office) -> None:
    with pytest.raises(HasNulCharacter):
        forms.submitted(of, points=("The bin\0",))
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_what_is_kept_half_way_is_cleaned_and_not_lost(of: Office) -> None:
    secret = forms.begun(of)
    portal.keep_answers(
        council=of.council, secret=secret, answers={"wrong": {"wrong": "A\0B"}}, by=forms.anybody(of), at=AT
    )
    draft = portal.draft_of(of.council, secret, AT)
    assert draft is not None
    assert draft.answers == {"who": {"who": "me"}, "wrong": {"wrong": "AB"}}


def test_a_form_is_kept_for_some_days_after_the_last_answer(of: Office) -> None:
    secret = forms.begun(of)
    later = AT + dt.timedelta(days=20)
    portal.keep_answers(council=of.council, secret=secret, answers={}, by=forms.anybody(of), at=later)
    assert portal.draft_of(of.council, secret, AT + dt.timedelta(days=49)) is not None
    assert portal.draft_of(of.council, secret, AT + dt.timedelta(days=51)) is None


def test_a_form_of_one_council_is_nothing_to_another(of: Office) -> None:
    secret = forms.begun(of)
    other = office("eastvale", "EAS")
    assert portal.draft_of(other.council, secret, AT) is None
    with pytest.raises(portal.FormGone):
        forms.submitted(other, secret=secret)


def test_the_link_in_the_email_brings_the_form_back_and_is_not_that_of_the_browser(of: Office) -> None:
    secret = forms.begun(of)
    portal.send_form_link(
        council=of.council, secret=secret, address="dev@mail.example", site=forms.SITE, by=forms.anybody(of), at=AT
    )
    token = forms.secret_in(forms.mail_out(of)[-1])
    assert token != secret
    assert portal.draft_of(of.council, token, AT) == portal.draft_of(of.council, secret, AT) != None  # noqa: E711


def test_files_can_be_taken_out_again_and_are_limited_in_number(of: Office) -> None:
    many = tuple(forms.File(f"{number}.png", forms.PNG) for number in range(10))
    secret = forms.begun(of, files=many)
    draft = FormDraft.objects.get()
    assert len(draft.documents) == 10
    with pytest.raises(documents.FileNotTaken, match="10 files"):
        documents.take_in(of.council, [forms.File("one.png", forms.PNG)], already=10)
    portal.remove_file(council=of.council, secret=secret, document_id=draft.documents[0], by=forms.anybody(of), at=AT)
    draft.refresh_from_db()
    assert len(draft.documents) == 9


def resident(case: Case, contact: Contact | None = None) -> Actor:
    who = contact or case.complainant
    return Actor.resident(council_id=case.council_id, contact_id=who.pk, case_id=case.pk, name=who.name)


def test_adding_something_is_a_message_and_tells_whoever_holds_it_and_moves_no_date(of: Office) -> None:
    case = logged(of)
    type(case).objects.filter(pk=case.pk).update(holder=of.officers[Role.OFFICER], held_since=AT)
    before = list(Happening.objects.filter(case=case).values_list("pk", flat=True))
    uploads = documents.take_in(of.council, [forms.File("bin.png", forms.PNG)])
    message = portal.add_information(
        case=case, subject="More", said="It was missed again.", uploads=uploads, by=resident(case), at=AT
    )
    assert (message.case, message.state, message.kind) == (case, "to-read", "reply")
    document = Document.objects.get()
    assert (document.case, document.contact) == (case, case.complainant)
    assert Notice.objects.get().officer == of.officers[Role.OFFICER]
    assert list(Happening.objects.filter(case=case).values_list("pk", flat=True)) == before
    assert [entry.kind for entry in trail.read(case)][-1] == "portal.information-added"


def test_the_managers_are_told_where_nobody_holds_it(of: Office) -> None:
    case = logged(of)
    portal.add_information(case=case, subject="More", said="Again.", uploads=(), by=resident(case), at=AT)
    assert Notice.objects.get().officer == of.officers[Role.COMPLAINTS_MANAGER]


def test_nobody_adds_to_a_case_that_is_not_theirs(of: Office) -> None:
    mine, theirs = logged(of), logged(of)
    with pytest.raises(NotVisible):
        portal.add_information(case=theirs, subject="More", said="Again.", uploads=(), by=resident(mine), at=AT)
    other = logged(office("eastvale", "EAS"))
    with pytest.raises(NotVisible):
        portal.add_information(case=other, subject="More", said="Again.", uploads=(), by=resident(mine), at=AT)
    assert not Message.objects.filter(new_text="Again.").exists()


def test_nothing_at_all_is_refused(of: Office) -> None:
    case = logged(of)
    with pytest.raises(portal.SaysNothing):
        portal.add_information(case=case, subject="More", said=" \n ", uploads=(), by=resident(case), at=AT)


def test_the_same_press_twice_adds_once(of: Office) -> None:
    case = logged(of)
    for _ in range(2):
        portal.add_information(
            case=case, subject="More", said="Again.", uploads=(), by=resident(case), at=AT, key="one-press"
        )
    assert Message.objects.filter(new_text="Again.").count() == 1


def test_the_promise_before_sending_is_the_date_after_sending(of: Office) -> None:
    promised = portal.promise(of.council, "corporate-complaint", TODAY)["stage-1-acknowledgement"].due
    case = forms.submitted(of)
    assert promised == case.clocks.get(name="stage-1-acknowledgement").due_on
