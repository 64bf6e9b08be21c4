"""The page of a case, and everything that is done from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.roles import Role
from redress.cases.models import Case, Happening, Note, Point, PointWording
from redress.casework import absence, case_details, notes, tasks
from redress.correspondence.models import Letter
from redress.people.models import Adjustment, Contact
from redress.plumbing import moment
from redress.staff.models import Notice
from redress.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def kinds(case: Case) -> list[str]:
    return [line.kind for line in trail.read(case)]


# ------------------------------------------------------------------------------------------------------ the page


def test_the_page_says_how_the_case_stands_and_what_may_be_done(cast: Cast, case: Case) -> None:
    Adjustment.objects.create(
        council=cast.northmere, contact=case.complainant, kind="large-print", text="letters at 18 point",
        added_at=make.AT, added_by="Jo Lindley",
    )  # fmt: skip
    text = page(desk(cast.asha), "case", case.reference)
    assert "Dev Patel: Missed bin" in text and "Held by Asha Mehta since 23 November 2026" in text
    assert "Before you ring or write to Mr Patel" in text and "letters at 18 point" in text
    assert "Monday 7 December 2026" in text, "ten working days after today’s acknowledgement"
    assert "Every step" in text and "The bin was missed on 16 November." in text
    assert text.index("Before you ring") < text.index("What you can do now")
    assert reverse("desk:response", args=[case.reference, 1]) in text
    assert "Points 1 and 2 have no reason yet." not in text, "the main button carries no note"


def test_a_button_that_cannot_be_used_says_why(cast: Cast) -> None:
    case = cast.logged()
    text = page(desk(cast.asha), "case", case.reference)
    assert "Not yet: acknowledge it first." in text
    assert "aria-disabled" in text
    read_only = page(desk(cast.officers[Role.AUDITOR]), "case", case.reference)
    assert "Your role doesn&#x27;t allow you to send an acknowledgement." in read_only


def test_another_council_finds_nothing(cast: Cast, case: Case) -> None:
    stranger = desk(cast.stranger)
    for name in ("case", "timeline", "acknowledge", "allocate", "note", "ask", "details", "link", "dates", "add-point"):
        page(stranger, name, case.reference, status=404)
    page(desk(cast.asha), "case", "NMR-2026-9999", status=404)


def test_a_reference_in_small_letters_leads_to_the_page(cast: Cast, case: Case) -> None:
    answer = desk(cast.asha).get(reverse("desk:case", args=[case.reference.lower()]))
    assert answer.status_code == 302 and case.reference in answer["Location"]


def test_a_closed_case_says_so_on_top(cast: Cast, case: Case) -> None:
    from redress.casework import closure

    closure.close(case=case, outcome="withdrawn", reason="Dev rang.", on=TODAY, by=cast.actor(), at=make.at())
    text = page(desk(cast.asha), "case", case.reference)
    assert "Closed 23 November 2026, withdrawn." in text


def test_stage_2_shows_stage_1_in_grey_and_what_is_disputed(cast: Cast, case: Case) -> None:
    case = cast.at_stage_2(cast.answered(case))
    text = page(desk(cast.carol), "case", case.reference)
    assert "The round sheet shows that the crew did not come." in text
    assert "The crew never came." in text and "Stage 2" in text


def test_the_whole_timeline_can_be_searched(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    notes.write_note(
        case=case, kind="call-in", contact=case.complainant, on=TODAY, words="The steps are icy.", next_action="",
        by=cast.actor(), at=make.at(),
    )  # fmt: skip
    assert "The steps are icy" in page(client, "timeline", case.reference, query="?q=icy")
    assert "Nothing here holds those words" in page(client, "timeline", case.reference, query="?q=zebra")


# ------------------------------------------------------------------------------------------------- acknowledgement


def test_the_acknowledgement_is_looked_at_and_then_sent_once(cast: Cast) -> None:
    case = cast.logged()
    client = desk(cast.officers[Role.ADMINISTRATOR])
    text = page(client, "acknowledge", case.reference)
    assert "The bin was missed on 16 November." in text and "Monday 7 December 2026" in text
    digest = text.split('name="digest" value="')[1].split('"')[0]
    typed = {"channel": "email", "understanding": "", "digest": digest, "form_key": "once"}
    for _ in range(2):
        assert press(client, "acknowledge", case.reference, **typed).status_code == 302
    letter = Letter.objects.get(case=case)
    assert letter.state == Letter.State.RELEASED and letter.starts == "acknowledged" and letter.document is not None
    assert kinds(case).count("case.acknowledged") == 1
    again = press(client, "acknowledge", case.reference, **{**typed, "form_key": "other"})
    assert again.status_code == 422 and "was released already" in again.content.decode()


def test_a_letter_that_changed_after_it_was_looked_at_does_not_go(cast: Cast) -> None:
    case = cast.logged()
    client = desk(cast.asha)
    digest = page(client, "acknowledge", case.reference).split('name="digest" value="')[1].split('"')[0]
    point = Point.objects.get(case=case, number=1)
    case_details.reword_point(
        case=case, point=point, wording="Missed twice.", agreed_on=None, version=1, by=cast.actor(), at=make.at()
    )
    answer = press(client, "acknowledge", case.reference, channel="email", digest=digest, form_key="k")
    assert answer.status_code == 422 and "The letter changed after you looked at it." in answer.content.decode()
    assert "Missed twice." in answer.content.decode() and not Letter.objects.exists()


def test_without_an_address_the_page_says_what_stops_the_letter(cast: Cast) -> None:
    case = cast.logged()
    text = page(desk(cast.asha), "acknowledge", case.reference, query="?channel=post")
    assert "We have no postal address for Dev Patel." in text and 'form="send">Send' not in text
    answer = press(desk(cast.asha), "acknowledge", case.reference, channel="post", form_key="k")
    assert answer.status_code == 422 and not Letter.objects.exists()


def test_a_representative_without_authority_gets_the_neutral_letter(cast: Cast) -> None:
    text = page(desk(cast.asha), "acknowledge", cast.eves().reference)
    assert "To Marcus Hale" in text
    letter = text.split('<div class="letter"')[1].split("</aside>")[0].split("What it promises")[0]
    assert "The bin was missed" not in letter and "Eve Lindqvist" not in letter


def test_the_acknowledgement_as_pdf(cast: Cast) -> None:
    answer = desk(cast.asha).get(reverse("desk:acknowledge-pdf", args=[cast.logged().reference]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")


def test_a_role_that_may_not_acknowledge_is_turned_away(cast: Cast) -> None:
    page(desk(cast.officers[Role.AUDITOR]), "acknowledge", cast.logged().reference, status=403)


# ------------------------------------------------------------------------------------------------------ allocation


def test_those_who_cannot_have_it_are_shown_with_why(cast: Cast) -> None:
    case = cast.acknowledged(cast.logged())
    case_details.complained_about(case=case, officer=cast.ben, by=cast.actor(), at=make.at())
    absence.record(
        officer=cast.asha, starts_on=TODAY, ends_on=dt.date(2026, 11, 27), cover=cast.ben, reason="leave",
        by=cast.actor(), at=make.at(),
    )  # fmt: skip
    client = desk(cast.carol)
    text = page(client, "allocate", case.reference)
    assert "The complaint is about them." in text and "Away until Friday 27 November 2026. Ben Carter covers." in text
    answer = press(
        client, "allocate", case.reference, officer=cast.ben.pk, summary="Kept", next_action="", form_key="a"
    )
    assert answer.status_code == 422
    assert "The complaint is about Ben Carter." in answer.content.decode() and "Kept" in answer.content.decode()
    helen = cast.officers[Role.TEAM_LEADER]
    press(client, "allocate", case.reference, officer=helen.pk, summary="", next_action="Ring Mr Patel", form_key="b")
    case.refresh_from_db()
    assert (case.holder, case.next_action) == (helen, "Ring Mr Patel")
    assert Notice.objects.filter(officer=helen, kind="allocated").count() == 1


def test_an_officer_hands_their_own_case_over_with_a_summary(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    none = press(client, "allocate", case.reference, officer=cast.ben.pk, summary="", next_action="", form_key="a")
    assert none.status_code == 422 and "needs a summary" in none.content.decode()
    press(client, "allocate", case.reference, officer=cast.ben.pk, summary="Sheets asked for.", form_key="b")
    case.refresh_from_db()
    assert case.holder == cast.ben


# ------------------------------------------------------------------------------------------- notes, tasks, details


def test_a_call_is_written_down_once(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    assert "What was said or done" in page(client, "note", case.reference)
    typed = {
        "kind": "call-in", "contact": case.complainant_id, "on_day": 23, "on_month": 11, "on_year": 2026,
        "words": "He rang.\nThe bin is still full.", "next_action": "Ring the crew", "form_key": "n",
    }  # fmt: skip
    for _ in range(2):
        assert press(client, "note", case.reference, **typed).status_code == 302
    assert Note.objects.get(case=case).written_by == "Asha Mehta"
    text = page(client, "case", case.reference)
    assert "The bin is still full." in text and "Ring the crew" in text
    future = press(client, "note", case.reference, **{**typed, "on_day": 30, "form_key": "m"})
    assert future.status_code == 422 and "The day is still to come." in future.content.decode()
    assert "The bin is still full." in future.content.decode(), "nothing typed is lost"


def test_a_service_is_asked_and_answers_on_one_page(cast: Cast, case: Case) -> None:
    client, rob = desk(cast.asha), desk(cast.officers[Role.SERVICE_MANAGER])
    text = page(client, "ask", case.reference)
    assert "to write and check it" in text, "the date offered comes with its arithmetic"
    press(
        client, "ask", case.reference, service=cast.waste.pk, points=["1"], question="Round sheets, please",
        due_on_day=26, due_on_month=11, due_on_year=2026, form_key="t",
    )  # fmt: skip
    task = Task.objects.get(case=case)
    assert Notice.objects.filter(officer=cast.officers[Role.SERVICE_MANAGER], kind="task").exists()
    owed = page(rob, "my-work")
    assert "1 question waits for you" in owed and reverse("desk:task", args=[task.pk]) in owed
    one = page(rob, "task", task.pk)
    assert "1 point for Waste and recycling to answer" in one and "Please answer by Thursday 26 November 2026" in one
    assert '<nav class="wide-nav"' not in one, "a service manager has no menu"
    assert (
        press(
            rob,
            "task",
            task.pk,
            do="later",
            reason="Sick crew",
            form_key="l",
            later_on_day=30,
            later_on_month=11,
            later_on_year=2026,
        ).status_code
        == 302
    )
    assert "Sick crew" in page(client, "case", case.reference)
    empty = press(rob, "task", task.pk, do="answer", answer=" ", form_key="e")
    assert empty.status_code == 422
    assert press(rob, "task", task.pk, do="answer", answer="They did not come.", form_key="y").status_code == 302
    assert "They did not come." in page(client, "case", case.reference)
    assert "Nothing waits for you" in page(rob, "my-work")
    page(desk(cast.stranger), "task", task.pk, status=404)


def test_a_manager_of_another_service_does_not_see_a_task(cast: Cast, case: Case) -> None:
    task = tasks.ask(
        case=case,
        service=cast.planning,
        question="Was it refused?",
        points=[],
        due_on=TODAY,
        by=cast.actor(),
        at=make.at(),
    )
    page(desk(cast.officers[Role.SERVICE_MANAGER]), "task", task.pk, status=404)
    client = desk(cast.asha)
    press(client, "task-chase", task.pk, form_key="c")
    press(client, "task-withdraw", task.pk, form_key="w")
    assert {"task.chased", "task.withdrawn"} <= set(kinds(case))


def details_of(case: Case, **more: Any) -> dict[str, Any]:
    return {
        "matter": case.matter, "outcome_sought": case.outcome_sought, "service": case.service_id or "",
        "category": case.category_id or "", "next_action": case.next_action, "waiting_for": "", "version": case.version,
        "form_key": "d", **more,
    }  # fmt: skip


def test_two_officers_change_the_details_and_nothing_typed_is_lost(cast: Cast, case: Case) -> None:
    asha, carol = desk(cast.asha), desk(cast.carol)
    first = details_of(case, matter="Missed brown bin", form_key="one")
    second = details_of(case, matter="Missed green bin", outcome_sought="An apology too", form_key="two")
    assert press(carol, "details", case.reference, **first).status_code == 302
    answer = press(asha, "details", case.reference, **second)
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Carol Whitfield", "Missed brown bin", "Missed green bin", "An apology too"):
        assert words in text
    case.refresh_from_db()
    assert case.matter == "Missed brown bin", "nothing was overwritten"
    theirs = {"theirs-matter": "Missed brown bin", "keep-matter": "theirs", "keep-outcome_sought": "yours"}
    chosen = {**second, **theirs, "version": case.version, "form_key": "three"}
    assert press(asha, "details", case.reference, **chosen).status_code == 302
    case.refresh_from_db()
    assert (case.matter, case.outcome_sought) == ("Missed brown bin", "An apology too")


def test_two_officers_word_the_same_point_anew(cast: Cast, case: Case) -> None:
    asha, carol = desk(cast.asha), desk(cast.carol)
    common = {"agreed_on_day": 23, "agreed_on_month": 11, "agreed_on_year": 2026, "version": 1}
    press(carol, "point", case.reference, 1, wording="Hers", form_key="one", **common)
    answer = press(asha, "point", case.reference, 1, wording="Mine", form_key="two", **common)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Carol Whitfield changed point 1" in text and "Hers" in text and "Mine" in text
    assert 'name="version" value="2"' in text and 'name="agreed_on_day" value="23"' in text
    assert (
        press(asha, "point", case.reference, 1, wording="Mine", form_key="3", **{**common, "version": 2}).status_code
        == 302
    )
    wordings = PointWording.objects.filter(point__case=case, point__number=1).order_by("version")
    assert [one.text for one in wordings][1:] == ["Hers", "Mine"]


def test_points_are_added_and_withdrawn(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    press(client, "add-point", case.reference, wording="The lid was broken.", form_key="a")
    assert Point.objects.filter(case=case).count() == 3
    for number in (1, 2):
        press(client, "withdraw-point", case.reference, number, form_key=f"w{number}")
    answer = client.post(reverse("desk:withdraw-point", args=[case.reference, 3]), {"form_key": "w3"}, follow=True)
    assert "A complaint has one point at least." in answer.content.decode()
    assert "Withdrawn points" in page(client, "case", case.reference)


def test_somebody_is_complained_about_and_a_case_is_linked(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    press(client, "complained-about", case.reference, officer=cast.asha.pk, form_key="a")
    case.refresh_from_db()
    assert case.holder is None and case.next_action == "Allocate it to an officer"
    other = cast.logged(matter="Broken lid")
    wrong = press(client, "link", case.reference, other="NMR-2026-9999", why="", form_key="l1")
    assert wrong.status_code == 422 and "There is no case with this reference." in wrong.content.decode()
    press(client, "link", case.reference, other=other.reference.lower(), why="Same bin", form_key="l2")
    assert "Same bin" in page(client, "case", other.reference)
    eastvale = cast.logged(council=cast.eastvale, service=None, category=None)
    refused = press(client, "link", case.reference, other=eastvale.reference, why="", form_key="l3")
    assert refused.status_code == 422


def test_a_date_of_receipt_is_corrected_after_seeing_what_moves(cast: Cast) -> None:
    case = cast.logged()
    client = desk(cast.asha)
    happening = Happening.objects.get(case=case, kind="received")
    day = {"on_day": 19, "on_month": 11, "on_year": 2026, "reason": "The desk had it on Thursday.", "form_key": "c"}
    seen = press(client, "correct", case.reference, happening.pk, look="1", **day).content.decode()
    assert "Monday 30 November 2026" in seen and "Thursday 26 November 2026" in seen
    assert Happening.objects.filter(case=case, kind="received").count() == 1, "nothing was changed by looking"
    assert press(client, "correct", case.reference, happening.pk, **day).status_code == 302
    case.refresh_from_db()
    assert case.received_on == dt.date(2026, 11, 19) and case.next_due_on == dt.date(2026, 11, 26)
    page(client, "correct", case.reference, happening.pk, status=404)


# ---------------------------------------------------------------------------------------------------------- people


def test_a_person_is_put_right_and_two_officers_lose_nothing(cast: Cast, case: Case) -> None:
    person = case.complainant
    asha, carol = desk(cast.asha), desk(cast.carol)
    assert "Missed bin" in page(asha, "person", person.pk)
    typed = {
        "kind": "resident", "title": "Mr", "name": "Dev Patel", "email": "dev@mail.example", "telephone": "",
        "address": "", "prefers": "email", "version": person.version, "form_key": "p",
    }  # fmt: skip
    press(carol, "change-person", person.pk, **{**typed, "telephone": "01632 960777", "form_key": "q"})
    answer = press(
        asha, "change-person", person.pk, **{**typed, "telephone": "01632 960999", "address": "1 High Street"}
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Carol Whitfield" in text and "01632 960777" in text and "01632 960999" in text and "1 High Street" in text
    assert Contact.objects.get(pk=person.pk).telephone == "01632 960777"
    page(desk(cast.stranger), "person", person.pk, status=404)


def test_what_must_be_honoured_is_added_and_ended(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    person = case.complainant
    press(client, "add-adjustment", person.pk, kind="contact", text="Ring before 1pm", form_key="a")
    assert "Ring before 1pm" in page(client, "note", case.reference)
    row = Adjustment.objects.get(contact=person)
    press(client, "end-adjustment", person.pk, row.pk, form_key="e")
    assert "Ring before 1pm" not in page(client, "note", case.reference)
    empty = press(client, "add-adjustment", person.pk, kind="contact", text="", form_key="x")
    assert empty.status_code == 422
