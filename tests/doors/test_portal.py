"""Can anybody complain: every page, every fault, without a script, and nothing lost?"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories import portal as forms
from factories.intake import AT, Office, office
from redress.cases.models import Case
from redress.correspondence.models import FormDraft, Message, PortalMail
from redress.people.models import Adjustment, Contact
from redress.plumbing import filetype, moment, uploads
from redress.portal.questions import QUESTIONS

pytestmark = pytest.mark.django_db

GIVEN: dict[str, dict[str, Any]] = {
    "who": {"who": "me"},
    "home": {"home": "no"},
    "wrong": {"wrong": "The bin was missed.\nNobody rang back.", "more": "no"},
    "effect": {"effect": "I had to keep the rubbish in the hall."},
    "right": {"right": "Empty the bin."},
    "files": {},
    "you": {"name": "Dev Patel", "prefers": "email", "email": "dev@mail.example"},
    "deal": {"needs": ["large-print"], "other": "Ring before 1pm"},
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)


@pytest.fixture
def of() -> Office:
    return office()


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=False)


def at(key: str, code: str = "northmere") -> str:
    return reverse("portal:question", args=[code, key])


def answer(client: Client, *keys: str, **changed: dict[str, Any]) -> Any:
    """Answer these questions, all by default."""
    response = None
    for key in keys or GIVEN:
        given = {"do": "next", **changed.get(key, GIVEN.get(key, {}))}
        response = client.post(at(key), given)
        assert response.status_code == 302, (key, response.content.decode()[:3000])
    return response


PAGES = ("how-to-complain", "leaflet", "privacy", "accessibility", "contact", "follow", "asked", "closed")


@pytest.mark.parametrize("name", PAGES)
def test_every_public_page_is_there_and_kept_to_its_council(of: Office, client: Client, name: str) -> None:
    office("eastvale", "EAS")
    response = client.get(reverse(f"portal:{name}", args=["northmere"]))
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count("<h1") == 1
    assert "Northmere Borough Council" in text
    assert "astvale" not in text
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert client.get(reverse(f"portal:{name}", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("key", QUESTIONS)
def test_every_question_is_one_page_with_one_heading(of: Office, client: Client, key: str) -> None:
    response = client.get(at(key))
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1
    assert "Would you rather talk?" in response.content.decode()
    assert client.get(at(key, "nowhere")).status_code == 404


def test_how_to_complain_names_both_ombudsmen_and_the_days(of: Office, client: Client) -> None:
    text = client.get("/northmere/").content.decode()
    assert "The Housing Ombudsman" in text
    assert "Local Government and Social Care Ombudsman" in text
    assert "Within 5 working days" in text
    assert "Within 10 working days" in text
    assert "Not sure? Start anyway" in text or "not sure? Start anyway" in text


def test_the_whole_form_from_the_first_question_to_the_reference(of: Office, client: Client) -> None:
    answer(client)
    check = client.get("/northmere/complain/check/").content.decode()
    for words in (
        "The bin was missed.",
        "Empty the bin.",
        "dev@mail.example",
        "Letters in large print",
        "Ring before 1pm",
    ):
        assert words in check
    assert "Monday 30 November 2026" in check
    sent = client.post("/northmere/complain/check/", follow=True)
    case = Case.objects.get()
    text = sent.content.decode()
    assert case.reference in text
    assert "30 November 2026" in text
    assert "dev@mail.example" in text
    assert Adjustment.objects.filter(contact=case.complainant).count() == 2
    assert "Nobody rang back." in Message.objects.get().text


def test_a_double_click_sends_one(of: Office, client: Client) -> None:
    answer(client)
    for _ in range(3):
        assert client.post("/northmere/complain/check/").status_code == 302
    assert Case.objects.count() == 1
    assert PortalMail.objects.count() == 1


def test_an_empty_answer_says_what_to_do_and_loses_nothing(of: Office, client: Client) -> None:
    response = client.post(at("wrong"), {"do": "next", "wrong": "", "more": "yes"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Tell us what went wrong" in text
    assert "<title>Error: " in text
    assert 'value="yes"' in text
    response = client.post(at("you"), {"do": "next", "name": "Dev Patel", "prefers": "email", "telephone": "01632"})
    text = response.content.decode()
    assert "Give your email address" in text
    assert 'value="Dev Patel"' in text
    assert 'value="01632"' in text


def test_what_is_missing_is_asked_for_before_sending(of: Office, client: Client) -> None:
    answer(client, "who")
    response = client.get("/northmere/complain/check/")
    assert response.headers["Location"].startswith(at("home"))
    assert client.post("/northmere/complain/check/").headers["Location"].startswith(at("home"))
    assert not Case.objects.exists()


def test_points_are_listed_one_by_one_and_another_is_added_without_a_script(of: Office, client: Client) -> None:
    answer(client, "who", "home")
    answer(client, "wrong", wrong={"wrong": "A lot", "more": "yes"})
    more = client.post(at("points"), {"do": "more", "point_1": "One", "point_2": "Two"})
    page = client.get(more.headers["Location"].partition("#")[0]).content.decode()
    assert 'name="point_3"' in page
    assert "One" in page
    assert client.post(at("points"), {"do": "next", "point_1": " "}).status_code == 422
    client.post(at("points"), {"do": "next", "point_1": "One", "point_2": "", "point_3": "Three"})
    answer(client, "effect", "right", "files", "you", "deal")
    client.post("/northmere/complain/check/")
    assert Case.objects.get().points.count() == 2


def test_somebody_else_is_asked_about_only_then(of: Office, client: Client) -> None:
    to = client.post(at("who"), {"do": "next", "who": "other"}).headers["Location"]
    assert to == at("them")
    client.post(at("them"), {"do": "next", "name": "Eve Lindqvist", "relation": "daughter", "may_talk": "ask"})
    answer(client, "home", "wrong", "effect", "right", "files", "you", "deal")
    client.post("/northmere/complain/check/")
    case = Case.objects.get()
    assert case.representative is not None
    assert (case.complainant.name, case.representative.name) == ("Eve Lindqvist", "Dev Patel")
    sent = client.get("/northmere/complain/sent/").content.decode()
    assert "we make sure that we may" in sent


def test_a_tenant_goes_by_the_housing_procedure_and_is_not_asked_where_there_is_none(
    of: Office, client: Client
) -> None:
    answer(client, home={"home": "yes"})
    client.post("/northmere/complain/check/")
    assert Case.objects.get().procedure == "housing-complaint"
    other = office("eastvale", "EAS")
    other.council.adopted.filter(procedure="housing-complaint").delete()
    assert client.get(at("home", "eastvale")).status_code == 404


def test_a_form_left_half_way_comes_back_in_the_browser_and_by_its_link(of: Office, client: Client) -> None:
    client.post(at("who"), {"do": "next", "who": "me"})
    saved = client.post(at("wrong"), {"do": "save", "wrong": "Half a sent"}, follow=True)
    assert "Your answers are kept" in saved.content.decode()
    assert "Half a sent" in client.get(at("wrong")).content.decode()
    assert "You began a complaint here" in client.get("/northmere/complain/").content.decode()
    client.post("/northmere/complain/save/", {"email": "dev@mail.example"})
    token = forms.secret_in(forms.mail_out(of)[-1])
    elsewhere = Client()
    page = elsewhere.get(f"/northmere/complain/resume/{token}/")
    assert "Bring my answers back" in page.content.decode()
    assert "redress_form" not in elsewhere.cookies  # looking at the link, as a mail scanner does, takes nothing up
    elsewhere.post(f"/northmere/complain/resume/{token}/")
    assert "Half a sent" in elsewhere.get(at("wrong")).content.decode()


def test_the_browsers_secret_is_kept_from_scripts_and_from_other_councils(of: Office, client: Client) -> None:
    client.post(at("who"), {"do": "next", "who": "me"})
    cookie = client.cookies["redress_form"]
    assert cookie["httponly"]
    assert cookie["path"] == "/northmere/"
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(FormDraft.objects.values()))


def test_a_link_to_a_form_that_is_gone_says_so(of: Office, client: Client) -> None:
    response = client.get(f"/northmere/complain/resume/{'a' * 43}/")
    assert response.status_code == 410
    assert "not here any more" in response.content.decode()


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("wrong", {"wrong": "A\0B", "more": "no"}),
        ("you", {"name": "De\0v", "prefers": "none"}),
        ("them", {"name": "E\0ve", "relation": "x", "may_talk": "ask"}),
        ("points", {"point_1": "On\0e"}),
        ("deal", {"other": "\0"}),
        ("effect", {"effect": "\0"}),
    ],
)
def test_a_nul_character_is_refused_in_words(of: Office, client: Client, key: str, given: dict[str, str]) -> None:
    response = client.post(at(key), {"do": "next", **given})
    assert response.status_code == 422
    assert "NUL character" in response.content.decode()
    assert client.post(at(key), {"do": "save", **given}).status_code == 302


def test_long_and_right_to_left_names_are_taken_whole(of: Office, client: Client) -> None:
    for name in (
        "Maximiliana-Theodora Featherstonehaugh-Cholmondeley of Upper Wobbleton-on-the-Water!",
        "محمد بن عبد الله",
    ):
        client.post("/northmere/complain/discard/")
        answer(client, you={"name": name, "prefers": "email", "email": "dev@mail.example"})
        client.post("/northmere/complain/check/")
        assert Contact.objects.filter(name=name).count() == 1
    response = client.post(at("you"), {"do": "next", "name": "x" * 201, "prefers": "none"})
    assert response.status_code == 422


def test_what_people_write_is_never_markup(of: Office, client: Client) -> None:
    answer(client, wrong={"wrong": "<script>alert(1)</script>{{ 7|add:7 }}", "more": "no"})
    text = client.get("/northmere/complain/check/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text


def upload(name: str, data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_files_are_added_named_and_taken_out(of: Office, client: Client) -> None:
    answer(client, "who")
    client.post(at("files"), {"do": "add", "files": [upload("bin.png", forms.PNG), upload("two.png", forms.PNG)]})
    page = client.get(at("files")).content.decode()
    assert "bin.png" in page
    first = FormDraft.objects.get().documents[0]
    client.post(at("files"), {"remove": str(first)})
    page = client.get(at("files")).content.decode()
    assert "bin.png" not in page
    assert "two.png" in page


def test_a_file_of_the_wrong_kind_says_which_why_and_the_other_ways(of: Office, client: Client) -> None:
    answer(client, "who")
    response = client.post(at("files"), {"do": "next", "files": [upload("letter.pdf", b"MZ\x90\0" * 50)]})
    text = response.content.decode()
    assert response.status_code == 422
    assert "letter.pdf is a program" in text
    assert "by post or in person" in text


def test_a_file_that_grows_too_large_is_dropped_while_it_streams(of: Office, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(filetype, "MAX_FILE", 100_000)
    answer(client, "who")
    given = [upload("small.png", forms.PNG), upload("huge.png", forms.PNG + b"\0" * 300_000)]
    text = client.post(at("files"), {"do": "add", "files": given}).content.decode()
    assert "huge.png is too large" in text
    assert "small.png" in client.get(at("files")).content.decode()  # the good one was kept


def test_a_request_that_is_too_large_is_refused_before_its_body_is_read(of: Office, client: Client) -> None:
    answer(client, "who")

    class Endless:
        """A body that must not be read."""

        def read(self, *_size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    environ = {
        "CONTENT_LENGTH": str(2 * 1024**3),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Endless(),
    }
    response = client.post(at("files"), **environ)
    assert response.status_code == 413
    assert "25 MB" in response.content.decode()
    assert uploads.MAX_REQUEST < 2 * 1024**3


def test_a_form_without_its_token_is_refused_also_where_files_are_taken(of: Office) -> None:
    strict = Client(enforce_csrf_checks=True)
    for key in ("who", "files"):
        assert strict.post(at(key), {"do": "next", "who": "me"}).status_code == 403
    assert strict.post("/northmere/follow/add/", {"words": "x"}).status_code == 403


def test_a_form_that_was_sent_can_not_be_read_or_changed(of: Office, client: Client) -> None:
    answer(client)
    client.post("/northmere/complain/check/")
    assert client.get(at("wrong")).headers["Location"] == "/northmere/complain/sent/"
    assert "The bin was missed" not in client.get("/northmere/complain/sent/").content.decode()
    client.post(at("wrong"), {"do": "next", "wrong": "Another matter", "more": "no"})
    assert Case.objects.count() == 1
    assert FormDraft.objects.count() == 2


def test_the_colours_of_a_council_are_its_own(of: Office, client: Client) -> None:
    of.council.accent = "#6b2d5c"
    of.council.save()
    response = client.get("/northmere/brand.css")
    assert response["Content-Type"].startswith("text/css")
    assert "--accent:#6b2d5c" in response.content.decode()
    assert client.get("/northmere/logo.svg").status_code == 404
