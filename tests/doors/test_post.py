"""The pages of the post, of writing from a case, and of what our letters say."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from doors.test_responses import desk, page
from factories import answers as make
from factories.intake import Office, office
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import delivery
from redress.correspondence.models import Letter, LetterTemplate
from redress.people.models import Contact
from redress.plumbing import moment

pytestmark = pytest.mark.django_db

DAY = {"on_day": "23", "on_month": "11", "on_year": "2026"}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Let it be Monday 23 November 2026, 11 o'clock, in a demonstration: there the desk asks for no second factor."""
    settings.REDRESS_DEMONSTRATION = True
    monkeypatch.setattr(moment, "now", lambda: make.at())


@pytest.fixture
def of() -> Office:
    return office()


@pytest.fixture
def case(of: Office) -> Case:
    found = make.logged(of)
    Contact.objects.filter(pk=found.complainant_id).update(address="1 High Street\nNorthmere")
    return Case.objects.get(pk=found.pk)


def write(of: Office, case: Case, **more: Any) -> Any:
    data = {
        "kind": "other", "to": str(case.complainant_id), "channel": "post", "subject": "Your bins",
        "words": "The crew comes tomorrow.", "do": "send", "form_key": "w", **more,
    }  # fmt: skip
    return desk(of).post(reverse("desk:write", args=[case.reference]), data)


def test_a_letter_is_written_looked_at_and_released(of: Office, case: Case) -> None:
    assert "Write an e-mail or a letter" in page(desk(of), "write", case.reference)
    seen = write(of, case, do="look")
    assert (
        seen.status_code == 200 and "The crew comes tomorrow." in seen.content.decode() and not Letter.objects.exists()
    )
    assert write(of, case, words=" ").status_code == 422
    assert write(of, case).status_code == 302
    assert Letter.objects.get().state == "released"


def test_what_people_write_is_shown_as_words(of: Office, case: Case) -> None:
    text = write(of, case, do="look", words="<script>alert(1)</script> {{ holder }}").content.decode()
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text and "{{ holder }}" in text


def test_a_nul_character_is_refused_with_a_sentence(of: Office, case: Case) -> None:
    answer = write(of, case, words="a\0b")
    assert answer.status_code == 422 and not Letter.objects.exists()


def test_the_post_run_is_recorded(of: Office, case: Case) -> None:
    write(of, case)
    letter = Letter.objects.get()
    clerk = desk(of, Role.ADMINISTRATOR)
    assert "1 letter to print and post" in page(clerk, "post")
    assert clerk.get(reverse("desk:letter-pdf", args=[letter.pk])).content.startswith(b"%PDF")
    address = reverse("desk:post")
    data = {"letters": [str(letter.pk)], "taken_by": "Royal Mail", **DAY}
    assert clerk.post(address, {**data, "taken_by": ""}).status_code == 422
    assert clerk.post(address, {**data, "letters": []}).status_code == 422
    assert clerk.post(address, {**data, "form_key": "run"}).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "dispatched" and letter.evidence["taken_by"] == "Royal Mail"
    assert "No letter waits for the post." in page(clerk, "post")


def test_what_may_have_gone_is_shown_and_settled(of: Office, case: Case) -> None:
    write(of, case, channel="email")
    letter = Letter.objects.get()
    delivery.begin_dispatch(case=case, letter=letter, by=make.CARRIER, at=make.at())
    delivery.record_unclear(case=case, letter=letter, why="The line broke.", by=make.CARRIER, at=make.at())
    assert "May have gone: look" in page(desk(of), "post")
    assert "What became of this letter?" in page(desk(of), "letter-settle", letter.pk)
    address = reverse("desk:letter-settle", args=[letter.pk])
    assert desk(of).post(address, {"what": "went", "reason": "", **DAY}).status_code == 422
    assert (
        desk(of).post(address, {"what": "post", "reason": "Not in the log.", **DAY, "form_key": "s"}).status_code == 302
    )
    letter.refresh_from_db()
    assert (letter.state, letter.channel) == ("released", "post")


def test_texts_are_tried_on_a_real_case_and_published(of: Office, case: Case) -> None:
    manager = desk(of, Role.COMPLAINTS_MANAGER)
    assert "Holding letter" in page(manager, "templates")
    address = reverse("desk:template", args=["northmere", "holding"])
    assert "The shipped text is in force." in page(manager, "template", "northmere", "holding")
    data = {
        "heading": "News of {{ reference }}",
        "body": "Hello.\n\n{{ more }}",
        "seen": "0",
        "reference": case.reference,
    }
    tried = manager.post(address, {**data, "do": "try"})
    assert f"News of {case.reference}" in tried.content.decode() and not LetterTemplate.objects.exists()
    assert manager.post(address, {**data, "do": "try", "reference": "NMR-1999-0001"}).status_code == 422
    hostile = manager.post(address, {**data, "body": "{{ more }}\n\n{{ a.b }}", "do": "publish"})
    assert hostile.status_code == 422 and "is not a field" in hostile.content.decode()
    assert manager.post(address, {**data, "do": "publish", "form_key": "t"}).status_code == 302
    assert "Version 1, published" in page(manager, "template", "northmere", "holding")
    stale = manager.post(address, {**data, "do": "publish", "form_key": "u"})
    assert stale.status_code == 422 and "published another version" in stale.content.decode()


def test_an_officer_reads_texts_and_does_not_publish(of: Office) -> None:
    client = desk(of)
    assert 'value="publish"' not in page(client, "template", "northmere", "holding")
    answer = client.post(
        reverse("desk:template", args=["northmere", "holding"]),
        {"heading": "x", "body": "{{ more }}", "seen": "0", "do": "publish"},
    )
    assert answer.status_code == 422 and not LetterTemplate.objects.exists()
