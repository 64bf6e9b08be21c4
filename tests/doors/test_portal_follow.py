"""Does a link show a person their case, all of it and nothing else, and can nobody else get in?"""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import answers
from factories import portal as forms
from factories.intake import Office, office
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case, Stage
from redress.casework import documents, links, notes, portal
from redress.correspondence.models import Letter, Message, PortalMail
from redress.documents.models import Document
from redress.people.models import Authority, PortalLink
from redress.plumbing import moment

pytestmark = pytest.mark.django_db
NOW = answers.at(answers.TODAY, 15)
CASE = "/northmere/follow/case/"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: NOW)


@pytest.fixture
def of() -> Office:
    return office()


def opened(of: Office, case: Case, address: str = "dev@mail.example") -> Client:
    """Open a case with its link, in a browser of its own."""
    client = Client()
    token = forms.link_to(of, case, address=address, at=NOW)
    response = client.post(f"/{of.council.code}/follow/link/{token}/")
    assert response.status_code == 302
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def without_keys(response: Any) -> str:
    """Leave out what is fresh on every page: the token against forgery and the form's key."""
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", text_of(response))


def test_asking_is_answered_alike_for_everybody(of: Office) -> None:
    answers.logged(of)
    said = [
        Client().post("/northmere/follow/", {"email": address}, follow=True)
        for address in ("dev@mail.example", "stranger@mail.example")
    ]
    assert [one.redirect_chain for one in said] == [[("/northmere/follow/asked/", 302)]] * 2
    assert said[0].content == said[1].content
    assert len(forms.mail_out(of)) == 1


def test_asking_with_faults_says_what_to_do(of: Office) -> None:
    for address in ("", "dev", "a\0@b.example"):
        response = Client().post("/northmere/follow/", {"email": address})
        assert response.status_code == 422
        assert "There is a problem" in text_of(response)


def test_too_many_asks_from_one_place_are_told_to_wait(of: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(links, "MOST_FROM_A_PLACE", 2)
    client = Client()
    codes = [client.post("/northmere/follow/", {"email": f"a{n}@mail.example"}).status_code for n in range(3)]
    assert codes == [302, 302, 429]


def test_looking_at_a_link_uses_nothing_up_and_opens_nothing(of: Office) -> None:
    case = answers.logged(of)
    token = forms.link_to(of, case, at=NOW)
    scanner = Client()
    for _ in range(3):
        page = scanner.get(f"/northmere/follow/link/{token}/")
        assert "Open my complaint" in text_of(page)
        assert case.reference not in text_of(page)
    assert scanner.get(CASE).status_code == 403
    assert Client().post(f"/northmere/follow/link/{token}/").status_code == 302


def test_an_expired_link_offers_a_new_one_and_says_nothing_of_a_case(of: Office) -> None:
    case = answers.logged(of)
    token = forms.link_to(of, case, at=NOW)
    PortalLink.objects.update(made_at=NOW - dt.timedelta(days=60), expires_at=NOW - dt.timedelta(days=1))
    expired, invented = (Client().get(f"/northmere/follow/link/{one}/") for one in (token, "b" * 43))
    assert expired.status_code == invented.status_code == 410
    assert without_keys(expired) == without_keys(invented)
    assert case.reference not in text_of(expired)
    assert Client().post(f"/northmere/follow/link/{token}/").status_code == 410


def test_an_open_page_ends_with_its_link(of: Office) -> None:
    client = opened(of, answers.logged(of))
    assert client.get(CASE).status_code == 200
    PortalLink.objects.update(ended_at=NOW)
    assert client.get(CASE).status_code == 403


def test_an_open_page_ends_after_half_a_day(of: Office, monkeypatch: Any) -> None:
    client = opened(of, answers.logged(of))
    monkeypatch.setattr(moment, "now", lambda: NOW + dt.timedelta(hours=13))
    assert client.get(CASE).status_code == 403


def test_closing_safely_leaves_nothing(of: Office) -> None:
    client = opened(of, answers.logged(of))
    assert client.get("/northmere/follow/close/").status_code == 405
    assert "The page is closed" in text_of(client.post("/northmere/follow/close/", follow=True))
    assert client.get(CASE).status_code == 403
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value


def test_a_link_of_one_council_shows_nothing_at_another(of: Office) -> None:
    office("eastvale", "EAS")
    client = opened(of, answers.logged(of))
    assert client.get("/eastvale/follow/case/").status_code == 403
    token = forms.link_to(of, answers.logged(of), at=NOW)
    assert client.post(f"/eastvale/follow/link/{token}/").status_code == 410


PRIVATE = ("case", "add", "not-right", "next-stage", "letters/1", "files/1")


@pytest.mark.parametrize("path", PRIVATE)
def test_no_page_of_a_case_opens_without_its_link(of: Office, path: str) -> None:
    answers.logged(of)
    response = Client().get(f"/northmere/follow/{path}/")
    assert response.status_code == 403
    assert "NMR-2026-0001" not in text_of(response)


def test_the_page_says_by_when_why_and_where_it_has_got_to(of: Office) -> None:
    case = answers.acknowledged(of)
    text = text_of(opened(of, case).get(CASE))
    assert "<h1>We are looking into your complaint</h1>" in text
    assert "We will answer by Monday 7 December 2026" in text
    assert "That is 10 working days after we wrote to you on Monday 23 November 2026." in text
    assert text.count('<span class="vh">(done)</span>') == 2
    assert of.officers[Role.OFFICER].name in text
    assert "The bin was missed on 16 November." in text


def test_notes_tasks_and_drafts_are_never_shown(of: Office) -> None:
    case = answers.acknowledged(of)
    draft = Letter.objects.get(case=case)
    Letter.objects.create(
        council=of.council, case=case, kind="other", to=case.complainant, subject="A draft nobody sent", written_at=NOW,
        written_by="Asha Mehta",
    )  # fmt: skip
    notes.write_note(
        case=case, kind="internal", contact=None, on=answers.TODAY, words="He rings too often", next_action="",
        by=of.actor(Role.OFFICER), at=NOW,
    )  # fmt: skip
    text = text_of(opened(of, case).get(CASE))
    assert draft.subject in text
    assert "A draft nobody sent" not in text
    assert "rings too often" not in text


def test_a_letter_is_handed_out_once_it_went_to_this_person(of: Office) -> None:
    case = answers.acknowledged(of)
    client = opened(of, case)
    sent = Letter.objects.get(case=case)
    response = client.get(f"/northmere/follow/letters/{sent.pk}/")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    written = Letter.objects.create(
        council=of.council, case=case, kind="other", to=case.complainant, subject="Draft", written_at=NOW,
        written_by="Asha", document=sent.document,
    )  # fmt: skip
    assert client.get(f"/northmere/follow/letters/{written.pk}/").status_code == 404
    other = answers.acknowledged(of)
    theirs = Letter.objects.get(case=other)
    assert client.get(f"/northmere/follow/letters/{theirs.pk}/").status_code == 404


def test_adding_something_says_who_has_it_and_that_the_date_stays(of: Office, settings: Any) -> None:
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    case = answers.acknowledged(of)
    client = opened(of, case)
    given = {"words": "It was missed again.", "files": [SimpleUploadedFile("bin.png", forms.PNG)]}
    page = client.post("/northmere/follow/add/", given, follow=True)
    text = text_of(page)
    assert f"{of.officers[Role.OFFICER].name} has it. It does not change the date." in text
    assert "It was missed again." in text
    document = Document.objects.get(name="bin.png")
    assert "can’t be opened" in text
    assert client.get(f"/northmere/follow/files/{document.pk}/").status_code == 404
    documents.record_scan(document=document, result="clean", detail="", by=Actor.timetable(), at=NOW)
    response = client.get(f"/northmere/follow/files/{document.pk}/")
    assert response.content == forms.PNG
    assert response["Content-Disposition"].startswith("attachment")
    stranger = opened(of, answers.logged(of))
    assert stranger.get(f"/northmere/follow/files/{document.pk}/").status_code == 404


def test_nothing_typed_is_lost_when_a_file_is_refused(of: Office) -> None:
    client = opened(of, answers.acknowledged(of))
    given = {"words": "It was missed again.", "files": [SimpleUploadedFile("tool.exe", b"MZ\x90\0")]}
    response = client.post("/northmere/follow/add/", given)
    assert response.status_code == 422
    assert "It was missed again." in text_of(response)
    assert not Message.objects.filter(new_text="It was missed again.").exists()
    assert client.post("/northmere/follow/add/", {"words": "A\0B"}).status_code == 422
    assert client.post("/northmere/follow/add/", {"words": ""}).status_code == 422


def test_telling_what_is_not_right_reaches_the_holder(of: Office) -> None:
    client = opened(of, answers.acknowledged(of))
    assert "The bin was missed on 16 November." in text_of(client.get("/northmere/follow/not-right/"))
    client.post("/northmere/follow/not-right/", {"words": "It was the 17th."})
    assert Message.objects.get(new_text="It was the 17th.").state == "to-read"


def test_an_answer_stands_first_with_its_decision_for_each_point(of: Office) -> None:
    case = answers.gone(of, answers.acknowledged(of))
    text = text_of(opened(of, case).get(CASE))
    assert "<h1>We have answered your complaint</h1>" in text
    assert text.index("Our answer at Stage 1") < text.index("Where it has got to")
    assert "Upheld" in text
    assert "Not upheld" in text
    assert "The round sheet shows that the crew did not come." in text
    assert "What we promised" in text
    assert "By 18 December 2026" in text
    assert "Ask us to look again" in text


def test_a_finding_that_has_not_gone_out_is_not_shown(of: Office) -> None:
    case = answers.acknowledged(of)
    answers.answered(of, case)
    text = text_of(opened(of, case).get(CASE))
    assert "round sheet" not in text
    assert "Upheld" not in text


def test_the_next_stage_is_asked_for_without_a_reason_once(of: Office) -> None:
    case = answers.gone(of, answers.acknowledged(of))
    client = opened(of, case)
    page = text_of(client.get("/northmere/follow/next-stage/"))
    assert "You don’t have to say why" in page
    assert "We will answer at the latest by" in page
    for _ in range(2):
        response = client.post("/northmere/follow/next-stage/", {"form_key": "one"}, follow=True)
        assert response.status_code == 200
    assert Stage.objects.filter(case=case, number=2).count() == 1
    assert "<h1>We are looking at your complaint again</h1>" in text_of(client.get(CASE))
    shown = text_of(client.get(CASE))
    assert "This is our final answer" not in shown  # it stands under Stage 2's answer, and there is none yet
    assert "By Wednesday 30 December 2026 at the latest" in shown
    again = client.post("/northmere/follow/next-stage/", {"form_key": "two"})
    assert again.status_code == 422
    assert "Ombudsman" in text_of(client.get("/northmere/follow/next-stage/"))


def test_the_next_stage_can_be_for_some_points_with_what_is_disputed(of: Office) -> None:
    case = answers.gone(of, answers.acknowledged(of))
    opened(of, case).post(
        "/northmere/follow/next-stage/", {"points": ["2"], "disputed": "Nobody ever rang.", "right": "Ring me."}
    )
    stage = Stage.objects.get(case=case, number=2)
    assert [one.point.number for one in stage.stage_points.all()] == [2]
    assert (stage.disputed, stage.outcome_sought, stage.asked_through) == ("Nobody ever rang.", "Ring me.", "portal")


def test_late_stands_on_top_with_the_ombudsman(of: Office, monkeypatch: Any) -> None:
    case = answers.acknowledged(of)
    monkeypatch.setattr(moment, "now", lambda: answers.at(answers.TODAY + dt.timedelta(days=25)))
    client = Client()
    client.post(f"/northmere/follow/link/{forms.link_to(of, case, at=moment.now())}/")
    text = text_of(client.get(CASE))
    assert "We are late. We should have answered by Monday 7 December 2026" in text
    assert text.index("We are late.") < text.index("Where it has got to")
    assert "www.lgo.org.uk" in text[text.index("We are late.") : text.index("Where it has got to")]


def represented(of: Office) -> Case:
    eve = portal.Person(name="Eve Lindqvist", email="eve@mail.example")
    marcus = portal.Person(name="Marcus Hale", email="marcus@advice.example")
    return forms.submitted(
        of, person=eve, representative=marcus, relation="adviser", as_words="I write for her.", at=NOW
    )


def test_a_representative_without_authority_sees_only_what_they_sent(of: Office) -> None:
    case = represented(of)
    client = opened(of, case, "marcus@advice.example")
    text = text_of(client.get(CASE))
    assert "<h1>We have what you sent</h1>" in text
    assert "I write for her." in text
    for hidden in ("Eve Lindqvist", "eve@mail.example", "Where it has got to", "What you complained about"):
        assert hidden not in text
    assert client.get("/northmere/follow/next-stage/").status_code == 404


def test_a_representative_with_authority_sees_the_case_and_not_the_persons_own_messages(of: Office) -> None:
    case = represented(of)
    paper = Document.objects.create(
        council=of.council, case=case, source="added", name="leave.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, added_at=NOW, added_by="Asha",
    )  # fmt: skip
    Authority.objects.update(confirmed_on=answers.TODAY, evidence_document=paper.pk)
    eve = Actor.resident(council_id=of.council.pk, contact_id=case.complainant_id, case_id=case.pk, name="Eve")
    portal.add_information(case=case, subject="More", said="Only for you.", uploads=(), by=eve, at=NOW)
    text = text_of(opened(of, case, "marcus@advice.example").get(CASE))
    assert "What you complained about" in text
    assert "Only for you." not in text
    hers = text_of(opened(of, case, "eve@mail.example").get(CASE))
    assert "Only for you." in hers
    assert "I write for her." in hers
    assert "Marcus Hale may speak for you" in hers


def test_warnings_about_a_person_are_not_read_out_to_them(of: Office) -> None:
    case = answers.logged(of)
    for kind, words in (("danger", "Dog in the hall"), ("large-print", "Letters at 18 point")):
        case.complainant.adjustments.create(
            council=of.council, kind=kind, text=words, added_at=NOW, added_by="Asha Mehta"
        )
    text = text_of(opened(of, case).get(CASE))
    assert "Letters at 18 point" in text
    assert "Dog in the hall" not in text


def test_a_confirmation_names_the_reference_and_opens_the_new_case(of: Office) -> None:
    case = forms.submitted(of, at=NOW)
    token = forms.secret_in(forms.mail_out(of)[-1])
    client = Client()
    client.post(f"/northmere/follow/link/{token}/")
    text = text_of(client.get(CASE))
    assert case.reference in text
    assert "<h1>We have your complaint</h1>" in text
    assert "through this website" in text
    assert PortalMail.objects.get().state == "sent"
