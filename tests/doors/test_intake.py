"""The queue, logging and triage as an officer meets them: pages, forms, faults, what is typed is kept."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from factories.intake import AT, Office, arrive, entry, mail, office
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import intake
from redress.correspondence.models import Message
from redress.plumbing import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def northmere() -> Office:
    return office()


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """Sign-in has tests of its own."""
    settings.REDRESS_DEMONSTRATION = True


def signed_in(of: Office, role: Role = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(of.officers[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def now_arrive(of: Office, raw: bytes) -> Message:
    return arrive(of, raw, at=moment.now()).message


def form_of(of: Office, **more: object) -> dict[str, object]:
    """Fill the form in as for Dev Patel's bin."""
    today = moment.today()
    given: dict[str, object] = {
        "form_key": "key-1",
        "council": of.council.code,
        "who": "new",
        "name": "Dev Patel",
        "title": "Mr",
        "email": "dev@mail.example",
        "behalf": "no",
        "kind": "complaint",
        "point_1": "The bin was missed.",
        "point_2": "",
        "outcome_sought": "Empty it.",
        "service": str(of.waste.pk),
        "category": str(of.category.pk),
        "received_on_day": str(today.day),
        "received_on_month": str(today.month),
        "received_on_year": str(today.year),
        "do": "save",
    }
    return {**given, **more}


def page(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


# -------------------------------------------------------------------------------------------------------------- queue


def test_an_empty_queue_says_that_it_is_good(northmere: Office) -> None:
    response = signed_in(northmere).get("/desk/intake/")
    assert response.status_code == 200
    assert "All logged." in page(response)
    assert page(response).count("<h1") == 1


def test_the_queue_shows_groups_words_and_hints(northmere: Office) -> None:
    now_arrive(northmere, mail("No heating and a newborn. <script>alert(1)</script>", subject="<b>Cold</b>"))
    now_arrive(northmere, b"no header")
    shown = page(signed_in(northmere).get("/desk/intake/"))
    assert "Read first" in shown
    assert "Read first: no heating, newborn" in shown
    assert "Needs a look" in shown
    assert "Could not be read" in shown
    assert "<b>Cold" not in shown
    assert "<script>alert" not in shown
    assert "2 not yet logged" in shown


def test_the_reading_pane_shows_the_message_and_what_can_be_done(northmere: Office) -> None:
    message = now_arrive(northmere, mail("New words\n\n> old words", headers={"X-A": "b"}))
    shown = page(signed_in(northmere).get(f"/desk/intake/?open=m{message.pk}"))
    assert "New words" in shown
    assert "What was written before" in shown
    for words in ("Log it", "Add to a case", "Belongs elsewhere", "Set aside", "Nobody else has this open"):
        assert words in shown


@pytest.mark.parametrize("view", ["to-log", "replies", "aside", "done"])
def test_every_view_answers(northmere: Office, view: str) -> None:
    assert signed_in(northmere).get(f"/desk/intake/?view={view}").status_code == 200


def test_an_unknown_view_does_not_exist(northmere: Office) -> None:
    assert signed_in(northmere).get("/desk/intake/?view=secret").status_code == 404


@pytest.mark.parametrize("opened", ["m0", "mx", "m999999999999999999999", "NMR-2026-0001", "%00"])
def test_an_odd_open_shows_the_list(northmere: Office, opened: str) -> None:
    assert signed_in(northmere).get(f"/desk/intake/?open={opened}").status_code == 200


def test_another_council_s_messages_do_not_exist(northmere: Office) -> None:
    eastvale = office("eastvale", "EAS")
    message = now_arrive(eastvale, mail())
    client = signed_in(northmere)
    assert "Missed bin" not in page(client.get("/desk/intake/"))
    for path in ("", "log/", "original/", "add/", "elsewhere/", "aside/"):
        assert client.get(f"/desk/intake/{message.pk}/{path}").status_code == 404, path
    for path in ("claim/", "back/", "read/"):
        assert client.post(f"/desk/intake/{message.pk}/{path}").status_code == 404, path


def test_who_has_no_business_here_finds_no_page(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere, Role.SYSTEM_ADMINISTRATOR)
    for path in ("", f"{message.pk}/", f"{message.pk}/log/", "log/"):
        assert client.get(f"/desk/intake/{path}").status_code == 404, path


def test_an_auditor_reads_and_is_told_why_not_for_the_rest(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere, Role.AUDITOR)
    shown = page(client.get(f"/desk/intake/{message.pk}/"))
    assert "Your role doesn" in shown
    response = client.post(f"/desk/intake/{message.pk}/log/", form_of(northmere))
    assert (response.status_code, Case.objects.count()) == (422, 0)


def test_the_original_is_given_byte_for_byte_and_never_shown(northmere: Office) -> None:
    raw = mail()
    message = now_arrive(northmere, raw)
    response = signed_in(northmere).get(f"/desk/intake/{message.pk}/original/")
    assert response.content == raw
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_message_is_set_aside_with_a_reason_and_taken_back(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere)
    assert client.post(f"/desk/intake/{message.pk}/aside/", {"reason": ""}).status_code == 422
    assert client.post(f"/desk/intake/{message.pk}/aside/", {"reason": "An advertisement"}).status_code == 302
    shown = page(client.get("/desk/intake/?view=aside"))
    assert "An advertisement" in shown
    assert "Take it back" in shown
    client.post(f"/desk/intake/{message.pk}/back/")
    message.refresh_from_db()
    assert message.state == "to-log"


def test_what_belongs_elsewhere_says_where(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere)
    response = client.post(f"/desk/intake/{message.pk}/elsewhere/", {"where": "", "reason": "x"})
    assert response.status_code == 422
    assert "Say where it belongs" in page(response)
    client.post(f"/desk/intake/{message.pk}/elsewhere/", {"where": "Eastvale", "reason": ""})
    message.refresh_from_db()
    assert message.handled_because == "Belongs elsewhere: Eastvale."


def test_a_message_is_added_to_a_case_by_its_reference(northmere: Office) -> None:
    case = intake.log(
        council=northmere.council, message=None, entry=entry(northmere), by=northmere.actor(), at=AT
    )  # fmt: skip
    message = now_arrive(northmere, mail())
    client = signed_in(northmere)
    wrong = client.post(f"/desk/intake/{message.pk}/add/", {"reference": "EAS-2026-0001"})
    assert wrong.status_code == 422
    assert "no such case" in page(wrong)
    assert client.post(f"/desk/intake/{message.pk}/add/", {"reference": case.reference.lower()}).status_code == 302
    message.refresh_from_db()
    assert message.case == case


# ------------------------------------------------------------------------------------------------------------ logging


def test_logging_shows_the_message_the_form_and_the_dates(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    shown = page(signed_in(northmere).get(f"/desk/intake/{message.pk}/log/"))
    for words in ("My bin was missed again.", "Who is it?", "What we must honour", "Point 1", "Acknowledge by"):
        assert words in shown, words
    assert 'value="dev@mail.example"' in shown
    message.refresh_from_db()
    assert message.claimed_by == northmere.officers[Role.ADMINISTRATOR]


def test_a_message_is_logged_and_one_goes_on(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    following = now_arrive(northmere, mail("Another", message_id="<two@mail.example>"))
    response = signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", form_of(northmere))
    case = Case.objects.get()
    assert (case.state, case.procedure, case.service) == ("open", "corporate-complaint", northmere.waste)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?open=m{following.pk}")


def test_the_landlord_s_service_brings_the_housing_procedure(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    given = form_of(northmere, service=str(northmere.housing.pk))
    signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given)
    assert Case.objects.get().procedure == "housing-complaint"


def test_a_double_click_logs_once(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere)
    for _ in range(2):
        assert client.post(f"/desk/intake/{message.pk}/log/", form_of(northmere)).status_code == 302
    assert Case.objects.count() == 1


def test_a_double_click_on_a_call_logs_once(northmere: Office) -> None:
    client = signed_in(northmere)
    given = form_of(northmere, channel="telephone", words="She rang.")
    for _ in range(2):
        assert client.post("/desk/intake/log/", given).status_code == 302
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("more", "sentence", "field"),
    [
        ({"point_1": ""}, "A complaint has at least one point.", "id_point_1"),
        ({"name": ""}, "Give their name", "id_name"),
        ({"email": "nobody"}, "Give an email address like name@example.org", "id_email"),
        ({"received_on_month": "13"}, "must be a real date", "id_received_on_0"),
        ({"received_on_year": "2999"}, "be in the future", "id_received_on_0"),
        ({"kind": "comment"}, "Say why it is not a complaint", "id_reason"),
        ({"point_1": "a \x00 b"}, "Null characters are not allowed", "id_point_1"),
        ({"behalf": "yes"}, "Give the name of the person they write for", "id_represented_name"),
        ({"who": "c999"}, "Select a valid choice", "id_who_0"),
    ],
)
def test_faults_are_named_and_nothing_typed_is_lost(
    northmere: Office, more: dict[str, object], sentence: str, field: str
) -> None:
    message = now_arrive(northmere, mail())
    typed = {"point_2": "", "outcome_sought": "Nobody rang back.", "honour_1": "Write, do not ring"}
    given = form_of(northmere, **{**typed, **more})
    response = signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given)
    shown = page(response)
    assert response.status_code == 422
    assert sentence in shown
    assert f'href="#{field}"' in shown
    assert "Nobody rang back." in shown
    assert 'value="Write, do not ring"' in shown
    assert Case.objects.count() == 0


def test_a_point_is_added_without_a_script_and_nothing_is_told_off(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    given = form_of(northmere, do="add-point", name="", point_3="Third")
    response = signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given)
    shown = page(response)
    assert response.status_code == 200
    assert 'name="point_4"' in shown
    assert "Third" in shown
    assert "There is a problem" not in shown


def test_the_dates_are_shown_without_a_script(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    given = form_of(northmere, do="dates", received_on_day="16", received_on_month="November", received_on_year="2026")
    shown = page(signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given))
    assert "Monday 23 November 2026" in shown
    assert "5 working days after the day of receipt" in shown


def test_somebody_known_is_offered_with_the_reason_and_can_be_chosen(northmere: Office) -> None:
    client = signed_in(northmere)
    client.post("/desk/intake/log/", form_of(northmere, channel="telephone", words="She rang."))
    first = Case.objects.get()
    message = now_arrive(northmere, mail())
    shown = page(client.get(f"/desk/intake/{message.pk}/log/"))
    assert "Same e-mail, same name. 1 earlier case" in shown
    assert re.search(rf'value="c{first.complainant_id}"[^>]* checked', shown)
    given = form_of(northmere, who=f"c{first.complainant_id}", form_key="key-2")
    client.post(f"/desk/intake/{message.pk}/log/", given)
    assert Case.objects.latest("pk").complainant == first.complainant


def test_somebody_else_is_looked_for_and_offered(northmere: Office) -> None:
    client = signed_in(northmere)
    client.post("/desk/intake/log/", form_of(northmere, channel="visit", words="Came in.", name="Siân O’Néill"))
    message = now_arrive(northmere, mail(sender="x@mail.example"))
    given = form_of(northmere, do="find", find="sian oneill", name="", email="")
    assert "Siân O’Néill" in page(client.post(f"/desk/intake/{message.pk}/log/", given))


def test_writing_for_somebody_else_keeps_both_and_asks_for_authority(northmere: Office) -> None:
    message = now_arrive(northmere, mail(sender="Marcus Hale <marcus@mail.example>"))
    given = form_of(
        northmere, name="Marcus Hale", email="marcus@mail.example", behalf="yes", represented_name="Eve Lindqvist"
    )
    signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given)
    case = Case.objects.get()
    assert case.complainant.name == "Eve Lindqvist"
    assert case.representative is not None
    assert case.representative.name == "Marcus Hale"
    assert case.authority is not None
    shown = page(signed_in(northmere).get(f"/desk/intake/authority/{case.reference}/"))
    assert "Nothing personal can go to Marcus Hale until the authority of Eve Lindqvist is held." in shown


def test_a_housing_request_without_the_resident_s_choice_goes_on_as_a_complaint(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    given = form_of(
        northmere,
        service=str(northmere.housing.pk),
        kind="service-request",
        dissatisfied="on",
        reason="A repair.",
    )
    client = signed_in(northmere)
    response = client.post(f"/desk/intake/{message.pk}/log/", given)
    assert Case.objects.get().kind == "complaint"
    assert "It goes on as a complaint. Whenever dissatisfaction is expressed" in page(client.get(response["Location"]))


def test_a_request_goes_to_its_letter_and_can_be_turned_into_a_complaint(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    client = signed_in(northmere)
    given = form_of(northmere, kind="service-request", reason="They ask for a new bin.")
    response = client.post(f"/desk/intake/{message.pk}/log/", given)
    case = Case.objects.get()
    assert response["Location"] == f"/desk/intake/requests/{case.reference}/letter/"
    letter = page(client.get(response["Location"]))
    assert "They ask for a new bin." in letter
    assert "Ombudsman" in letter
    assert case.reference in page(client.get("/desk/intake/requests/"))
    assert client.get(f"/desk/intake/requests/{case.reference}/").status_code == 200
    today = moment.today()
    turned = client.post(
        f"/desk/intake/requests/{case.reference}/complaint/",
        {
            "form_key": "turn-1",
            "dissatisfaction_on_day": str(today.day),
            "dissatisfaction_on_month": str(today.month),
            "dissatisfaction_on_year": str(today.year),
            "reason": "They are unhappy now.",
        },
    )
    case.refresh_from_db()
    assert (turned.status_code, case.kind, case.state) == (302, "complaint", "open")


def test_the_second_of_two_officers_is_told_who_logged_it(northmere: Office) -> None:
    message = now_arrive(northmere, mail())
    first, second = signed_in(northmere), signed_in(northmere, Role.OFFICER)
    assert "Administrator of Northmere has had this open" not in page(first.get(f"/desk/intake/{message.pk}/log/"))
    assert "Administrator of Northmere has had this open" in page(second.get(f"/desk/intake/{message.pk}/log/"))
    first.post(f"/desk/intake/{message.pk}/log/", form_of(northmere))
    response = second.post(f"/desk/intake/{message.pk}/log/", form_of(northmere, form_key="key-2"), follow=True)
    assert "dealt with this one already" in page(response)
    assert Case.objects.count() == 1


def test_names_of_80_letters_and_from_right_to_left_stand_as_they_are(northmere: Office) -> None:
    for number, name in enumerate(("Wolfeschlegelsteinhausenbergerdorff " * 3, "محمد بن عبد الله")):
        message = now_arrive(northmere, mail(message_id=f"<{number}@mail.example>"))
        given = form_of(northmere, name=name, email="", form_key=f"key-{number}")
        assert signed_in(northmere).post(f"/desk/intake/{message.pk}/log/", given).status_code == 302
        assert Case.objects.latest("pk").complainant.name == " ".join(name.split())


def test_a_call_keeps_what_was_said(northmere: Office) -> None:
    client = signed_in(northmere)
    assert client.get("/desk/intake/log/").status_code == 200
    response = client.post("/desk/intake/log/", form_of(northmere, channel="telephone", words=""))
    assert response.status_code == 422
    assert "Write down what they say" in page(response)
    client.post("/desk/intake/log/", form_of(northmere, channel="letter", words="I wish to complain."))
    assert Message.objects.get().text == "I wish to complain."


# ------------------------------------------------------------------------------------------------------------- triage


def sent_by_portal(of: Office) -> Case:
    """Let a case be sent as the portal's form sends it: written down, not triaged."""
    from redress.access import trail
    from redress.access.permissions import Permission
    from redress.access.step import STEPS, step
    from redress.council.models import Council

    before = dict(STEPS)
    try:

        @step(needs=Permission.CASE_LOG, on="council")
        def send(*, council: Council, by: object, at: dt.datetime) -> Case:
            """Send a form."""
            trail.note("message.read", on=council)
            return intake.log_case(
                council=council, entry=entry(of, channel="portal", received_at=at), message=None, by=of.actor(), at=at
            )

        return send(council=of.council, by=of.actor(), at=moment.now())
    finally:
        STEPS.clear()
        STEPS.update(before)


def test_what_a_resident_sent_is_listed_prefilled_and_accepted(northmere: Office) -> None:
    case = sent_by_portal(northmere)
    client = signed_in(northmere)
    path = f"/desk/intake/triage/{case.reference}/"
    listed = page(client.get("/desk/intake/"))
    assert "Sent by the portal" in listed
    assert f'href="{path}"' in listed
    shown = page(client.get(path))
    assert "The bin was missed on 16 November." in shown
    given = {
        "form_key": "t1",
        "version": str(case.version),
        "kind": "complaint",
        "point_1": "The bin was missed twice.",
        "point_2": "Nobody rang back.",
        "point_3": "The crew was rude.",
        "service": str(northmere.waste.pk),
        "do": "save",
    }
    assert client.post(path, given).status_code == 302
    case.refresh_from_db()
    assert case.state == "open"
    assert [point.wordings.last().text for point in case.points.order_by("number")] == [
        "The bin was missed twice.",
        "Nobody rang back.",
        "The crew was rude.",
    ]


def test_a_second_officer_who_triages_is_told_that_it_changed(northmere: Office) -> None:
    case = sent_by_portal(northmere)
    given = {"form_key": "t1", "version": "99", "kind": "complaint", "point_1": "Mine", "do": "save"}
    response = signed_in(northmere).post(f"/desk/intake/triage/{case.reference}/", given)
    assert response.status_code == 422
    assert "Someone else changed this" in page(response)
    assert "Mine" in page(response)


def test_a_refusal_shows_its_letter_first_and_only_a_manager_may(northmere: Office) -> None:
    case = sent_by_portal(northmere)
    path = f"/desk/intake/refuse/{case.reference}/"
    assert "Your role doesn" in page(signed_in(northmere).get(path))
    client = signed_in(northmere, Role.COMPLAINTS_MANAGER)
    given = {"form_key": "r1", "ground": "over-12-months", "reason": "It was in 2019.", "evidence": "", "do": "see"}
    assert client.post(path, given).status_code == 422
    given |= {"evidence": "Both dates.", "discretion": "There was no reason to wait."}
    shown = page(client.post(path, given))
    assert "It was in 2019." in shown
    assert "Ombudsman" in shown
    case.refresh_from_db()
    assert case.closed_at is None
    assert client.post(path, {**given, "do": "send"}).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.state) == ("refused", "closed")
