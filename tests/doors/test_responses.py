"""The pages of an answer: grid and letter, the check beside it, the checker, promises, more time, the end of a case."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories import answers as make
from factories.intake import Office, office
from redress.access.roles import Role
from redress.cases.models import Case
from redress.correspondence.models import Letter, Response
from redress.learning.models import Remedy
from redress.plumbing import moment
from redress.quality.models import Check

pytestmark = pytest.mark.django_db


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
    return make.acknowledged(of)


def desk(of: Office, role: Role = Role.OFFICER) -> Client:
    """Sign somebody in."""
    client = Client()
    client.force_login(of.officers[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, name: str, *args: Any) -> str:
    """Open a page, which must be there."""
    answer = client.get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    text = answer.content.decode()
    assert text.count("<h1") == 1
    return text


def typed(of: Office, *, version: int = 0, **more: str) -> dict[str, str]:
    """Fill the form of the answer in."""
    owner = str(of.officers[Role.OFFICER].pk)
    return {
        "version": str(version),
        "form_key": f"key-{version}-{len(more)}",
        "w-understanding": "Your bin was missed.",
        "w-how_looked_into": "I read the round sheets.",
        "w-closing": "",
        "w-adjustments_considered": "",
        "p1-decision": "upheld",
        "p1-reason": "Nobody came.",
        "p1-should": "It should be emptied.",
        "p1-injustice": "A week of rubbish.",
        "p1-no_remedy_because": "",
        "n1-kind": "apology",
        "n1-text": "We apologise to you",
        "n1-owner": owner,
        "n1-due_on_day": "18",
        "n1-due_on_month": "12",
        "n1-due_on_year": "2026",
        "p2-decision": "not-upheld",
        "p2-reason": "We rang.",
        "p2-should": "",
        "p2-injustice": "",
        "p2-no_remedy_because": "",
        **more,
    }


def test_nothing_written_yet_is_a_grid_and_an_empty_letter(of: Office, case: Case) -> None:
    text = page(desk(of), "response", case.reference, 1)
    assert (
        "Write the response" in text
        and "The bin was missed on 16 November." in text
        and "Nothing is written yet" in text
    )


def test_what_is_typed_is_kept_and_the_letter_follows(of: Office, case: Case) -> None:
    client = desk(of)
    address = reverse("desk:response", args=[case.reference, 1])
    assert client.post(address, typed(of)).status_code == 302
    text = page(client, "response", case.reference, 1)
    assert "Nobody came." in text and "Done by 18 December 2026" in text and "Ask for the check" in text
    assert "Nothing stops this letter" in text and "Every point is answered" in text
    assert Remedy.objects.get().owner == of.officers[Role.OFFICER]


def test_a_double_click_saves_once(of: Office, case: Case) -> None:
    client, address = desk(of), reverse("desk:response", args=[case.reference, 1])
    assert [client.post(address, typed(of)).status_code for _ in range(2)] == [302, 302]
    assert Response.objects.get().version == 2 and Remedy.objects.count() == 1


def test_what_stops_the_letter_is_said_beside_it(of: Office, case: Case) -> None:
    client = desk(of)
    client.post(reverse("desk:response", args=[case.reference, 1]), typed(of, **{"p2-reason": "", "n1-owner": ""}))
    text = page(client, "response", case.reference, 1)
    assert "Point 2 has no reason." in text and "has nobody who does it" in text
    assert "3 things stop this letter" in text, "no reason, so a part is missing; nobody who does it"


def test_a_half_filled_remedy_is_shown_with_its_fault_and_nothing_is_lost(of: Office, case: Case) -> None:
    answer = desk(of).post(reverse("desk:response", args=[case.reference, 1]), typed(of, **{"n1-due_on_month": "13"}))
    text = answer.content.decode()
    assert answer.status_code == 422 and "must be a real date" in text and "Nobody came." in text
    assert not Response.objects.exists()


def test_two_officers_see_both_versions_and_choose(of: Office, case: Case) -> None:
    address = reverse("desk:response", args=[case.reference, 1])
    desk(of).post(address, typed(of))
    second = desk(of, Role.TEAM_LEADER)
    answer = second.post(address, typed(of, **{"p1-reason": "The crew was ill.", "w-closing": "Thank you."}))
    text = answer.content.decode()
    assert answer.status_code == 409 and "Nobody came." in text and "The crew was ill." in text
    assert Response.objects.get().closing == "", "nothing was overwritten"
    mine = typed(of, **{"p1-reason": "The crew was ill.", "w-closing": "Thank you."})
    choice = {"version": "2", "form_key": "again", "keep-p1-reason": "theirs", "keep-w-closing": "yours"}
    assert second.post(address, {**mine, **choice, "n1-text": "A visit", "n1-kind": "act"}).status_code == 302
    saved = Response.objects.get()
    assert saved.closing == "Thank you." and saved.stage.findings.get(point__number=1).reason == "Nobody came."
    said = list(Remedy.objects.exclude(state="dropped").order_by("pk").values_list("text", flat=True))
    assert said == ["We apologise to you", "A visit"], "what the first added is not lost to the second"


def test_the_whole_way_through_the_pages(of: Office, case: Case) -> None:
    officer, manager = desk(of), desk(of, Role.COMPLAINTS_MANAGER)
    officer.post(reverse("desk:response", args=[case.reference, 1]), typed(of))
    assert (
        officer.post(
            reverse("desk:response-ask", args=[case.reference, 1]), {"asked_of": "", "form_key": "a"}
        ).status_code
        == 302
    )
    assert "Check the Stage 1 answer to Dev Patel" in page(manager, "checks")
    check = Check.objects.get()
    text = page(manager, "check", check.pk)
    assert "What it decides" in text and "What it promises" in text
    digest = re.search(r'name="digest" value="(\w+)"', text)
    assert digest is not None
    parts = {f"part-{part}": "on" for part in make.PARTS}
    few = {**parts, "digest": digest[1], "do": "pass", "form_key": "b"}
    del few["part-reasons"]
    refused = manager.post(reverse("desk:check", args=[check.pk]), few)
    assert refused.status_code == 422 and "every part" in refused.content.decode()
    passed = manager.post(
        reverse("desk:check", args=[check.pk]), {**parts, "digest": digest[1], "do": "pass", "form_key": "c"}
    )
    assert passed.status_code == 302
    assert "Release it" in page(manager, "response", case.reference, 1)
    assert (
        manager.post(reverse("desk:response-release", args=[case.reference, 1]), {"form_key": "d"}).status_code == 302
    )
    letter = Letter.objects.get(kind="stage-1-response")
    assert letter.state == "released"
    pdf = officer.get(reverse("desk:letter-pdf", args=[letter.pk]))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert "can’t be changed" in page(officer, "response", case.reference, 1)


def test_the_author_is_told_who_can_check(of: Office, case: Case) -> None:
    written = make.answered(of, case, role=Role.TEAM_LEADER)
    check = make.with_checker(of, written, role=Role.TEAM_LEADER)
    text = page(desk(of, Role.TEAM_LEADER), "check", check.pk)
    assert "You wrote this. Complaints Manager of Northmere can check it." in text and "Pass it" not in text


def test_returned_with_a_remark_on_a_point(of: Office, case: Case) -> None:
    check = make.with_checker(of, make.answered(of, case))
    data = {"do": "return", "digest": check.digest, "remark-2": "Who rang, and when?", "form_key": "r"}
    assert desk(of, Role.COMPLAINTS_MANAGER).post(reverse("desk:check", args=[check.pk]), data).status_code == 302
    assert "Who rang, and when?" in page(desk(of), "response", case.reference, 1)


def test_the_pdf_before_it_goes(of: Office, case: Case) -> None:
    make.answered(of, case)
    assert desk(of).get(reverse("desk:response-pdf", args=[case.reference, 1])).content.startswith(b"%PDF")


def test_an_administrator_reads_and_does_not_write(of: Office, case: Case) -> None:
    client = desk(of, Role.ADMINISTRATOR)
    assert 'name="p1-decision"' not in page(client, "response", case.reference, 1)
    answer = client.post(reverse("desk:response", args=[case.reference, 1]), typed(of))
    assert answer.status_code == 422 and not Response.objects.exists()


def test_another_councils_answer_does_not_exist(of: Office, case: Case) -> None:
    other = office("eastvale", "EAS")
    for name, args in (("response", [case.reference, 1]), ("extend", [case.reference]), ("close", [case.reference])):
        assert desk(other).get(reverse(f"desk:{name}", args=args)).status_code == 404


def test_the_extension_shows_the_new_date_before_it_goes(of: Office, case: Case) -> None:
    client, address = desk(of), reverse("desk:extend", args=[case.reference])
    assert "Monday 14 December 2026" in page(client, "extend", case.reference)
    data = {
        "working_days": "8",
        "usual": "records",
        "words": "The contractor has them.",
        "override_reason": "",
        "do": "look",
    }
    seen = client.post(address, data).content.decode()
    assert (
        "Thursday 17 December 2026" in seen
        and "The contractor has them." in seen
        and not Letter.objects.filter(kind="extension")
    )
    assert client.post(address, {**data, "working_days": "11", "do": "send"}).status_code == 422
    assert client.post(address, {**data, "usual": "", "words": "", "do": "send"}).status_code == 422
    assert client.post(address, {**data, "do": "send", "form_key": "x"}).status_code == 302
    assert Letter.objects.get(kind="extension").state == "released"


def test_promises_are_listed_kept_and_replaced(of: Office, case: Case) -> None:
    make.gone(of, case)
    client, promise = desk(of), Remedy.objects.get()
    assert promise.text in page(client, "promises")
    assert "It was done" in page(client, "promise", promise.pk)
    address = reverse("desk:promise", args=[promise.pk])
    day = {"on_day": "23", "on_month": "11", "on_year": "2026"}
    refused = client.post(address, {**day, "evidence_text": "", "evidence": ""})
    assert refused.status_code == 422 and "Done without evidence stays open" in refused.content.decode()
    assert "We promised" in page(client, "promise-replace", promise.pk)
    assert (
        client.post(address, {**day, "evidence_text": "The letter", "evidence": "", "form_key": "p"}).status_code == 302
    )
    assert "The letter" in client.get(reverse("desk:promises") + "?view=done").content.decode()


def test_a_payment_is_approved_from_the_page(of: Office, case: Case) -> None:
    from decimal import Decimal

    paid = make.remedy(of, kind="payment", text="We pay", amount=Decimal("250"), cost_centre="W1")
    make.answered(of, case, answers=make.answers_of(of, remedies=[paid]))
    manager = desk(of, Role.COMPLAINTS_MANAGER)
    assert "Not approved" in page(manager, "response", case.reference, 1)
    assert (
        manager.post(reverse("desk:remedy-approve", args=[Remedy.objects.get().pk]), {"form_key": "q"}).status_code
        == 302
    )
    assert Remedy.objects.get().approved_by


def test_a_case_is_closed_by_hand(of: Office, case: Case) -> None:
    client, address = desk(of), reverse("desk:close", args=[case.reference])
    assert "Close the case" in page(client, "close", case.reference)
    day = {"on_day": "23", "on_month": "11", "on_year": "2026"}
    assert client.post(address, {"outcome": "", "reason": "x", **day}).status_code == 422
    assert (
        client.post(
            address, {"outcome": "withdrawn", "reason": "He rang to say so.", **day, "form_key": "z"}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_stage_2_is_logged_from_the_desk(of: Office, case: Case) -> None:
    client, address = desk(of), reverse("desk:escalate", args=[case.reference])
    assert "had not passed" in page(client, "escalate", case.reference)
    make.gone(of, case)
    day = {"asked_on_day": "23", "asked_on_month": "11", "asked_on_year": "2026"}
    data = {**day, "asked_through": "telephone", "which": "some", "disputed_all": "Nobody rang.", "outcome_sought": ""}
    assert client.post(address, data).status_code == 422, "some means at least one"
    assert client.post(address, {**data, "points": ["2"], "form_key": "s"}).status_code == 302
    stage = make.stage_of(case, 2)
    assert [row.point.number for row in stage.stage_points.all()] == [2]
    text = page(desk(of, Role.TEAM_LEADER), "response", case.reference, 2)
    assert "Stage 1: Not upheld" in text and "Nobody rang." in text and dt.date(2026, 11, 23) == make.TODAY
