"""Does a link open one case for one person, and does asking for one tell a stranger nothing?"""

import datetime as dt
from typing import Any

import pytest

from factories import portal as forms
from factories.intake import AT, Office, logged, office
from redress.access import trail
from redress.access.actor import Actor
from redress.casework import links
from redress.correspondence.models import LinkAsk, PortalMail
from redress.jobs import portal_mail
from redress.people.models import Adjustment, PortalLink
from redress.plumbing import moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)


@pytest.fixture
def of() -> Office:
    return office()


def test_a_link_is_sent_to_the_address_that_we_hold_and_opens_the_case(of: Office) -> None:
    case = logged(of)
    token = forms.link_to(of, case)
    found = links.look(of.council, token, AT)
    assert found is not None
    assert (found.case, found.contact) == (case, case.complainant)


def test_only_the_digest_of_a_link_is_kept_anywhere(of: Office) -> None:
    token = forms.link_to(of, logged(of))
    link = PortalLink.objects.get()
    assert link.digest == links.digest_of(token)
    assert len(token) >= 43
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM access_detail WHERE body::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone()[0] == 0
    assert token not in str(PortalMail.objects.values().get())


def test_asking_answers_alike_for_a_stranger_and_sends_nothing(of: Office) -> None:
    logged(of)
    known, unknown = forms.asked(of), forms.asked(of, "stranger@mail.example")
    # The same rows, the same single job and no look at any case: nothing that could be timed or told apart.
    assert (known.answered_at, unknown.answered_at) == (None, None)
    assert not PortalMail.objects.exists()
    assert len(forms.mail_out(of)) == 1
    assert LinkAsk.objects.filter(answered_at=None).count() == 0


def test_the_wrong_reference_sends_nothing(of: Office) -> None:
    logged(of)
    forms.asked(of, reference="NMR-2026-9999")
    assert forms.mail_out(of) == []


def test_another_council_sends_nothing(of: Office) -> None:
    logged(of)
    other = office("eastvale", "EAS")
    forms.asked(other)
    assert forms.mail_out(other) == []


def test_a_link_of_one_council_opens_nothing_at_another(of: Office) -> None:
    token = forms.link_to(of, logged(of))
    other = office("eastvale", "EAS")
    assert links.look(other.council, token, AT) is None


def test_a_link_expires_on_the_day_that_the_council_chose(of: Office) -> None:
    of.council.link_days = 3
    of.council.save()
    token = forms.link_to(of, logged(of))
    assert links.look(of.council, token, AT + dt.timedelta(days=3, minutes=-1)) is not None
    assert links.look(of.council, token, AT + dt.timedelta(days=3)) is None
    with pytest.raises(links.LinkNotValid):
        links.open_link(council=of.council, token=token, by=forms.anybody(of), at=AT + dt.timedelta(days=4))


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "'; DROP TABLE people_portallink; --aaaaa"])
def test_a_made_up_link_opens_nothing(of: Office, token: str) -> None:
    logged(of)
    assert links.look(of.council, token, AT) is None


def test_opening_leaves_a_mark_on_the_case(of: Office) -> None:
    case = logged(of)
    token = forms.link_to(of, case)
    links.open_link(council=of.council, token=token, by=forms.anybody(of), at=AT)
    kinds = [entry.kind for entry in trail.read(case)]
    assert "portal.link-sent" in kinds
    assert kinds[-1] == "portal.link-used"


def test_no_link_goes_to_a_way_that_is_not_safe(of: Office) -> None:
    case = logged(of)
    Adjustment.objects.create(
        council=of.council, contact=case.complainant, kind="safe-contact", text="Never by e-mail", added_at=AT,
        added_by="Asha Mehta",
    )  # fmt: skip
    forms.asked(of)
    assert forms.mail_out(of) == []


def test_a_way_that_became_unsafe_meanwhile_stops_the_e_mail(of: Office) -> None:
    case = logged(of)
    ask = forms.asked(of)
    portal_mail.answer_ask(ask_id=ask.pk)
    Adjustment.objects.create(
        council=of.council, contact=case.complainant, kind="safe-contact", text="He reads it", never_by="email",
        added_at=AT, added_by="Asha Mehta",
    )  # fmt: skip
    assert forms.mail_out(of) == []
    assert PortalMail.objects.get().state == "blocked"
    assert not PortalLink.objects.exists()


def test_many_asks_for_one_address_send_few_e_mails_and_lock_nobody_out(of: Office) -> None:
    case = logged(of)
    token = forms.link_to(of, case)
    for number in range(12):
        forms.asked(of, at=AT + dt.timedelta(seconds=number + 1))
    assert len(forms.mail_out(of)) == links.MOST_TO_AN_ADDRESS - 1
    assert links.look(of.council, token, AT) is not None
    forms.asked(of, at=AT + dt.timedelta(hours=2))
    assert len(forms.mail_out(of)) == 1


def test_many_asks_from_one_place_are_told_to_wait_and_others_are_not(of: Office) -> None:
    for number in range(links.MOST_FROM_A_PLACE):
        forms.asked(of, f"a{number}@mail.example", origin="0" * 64)
    with pytest.raises(links.TooManyAsks):
        forms.asked(of, "dev@mail.example", origin="0" * 64)
    assert forms.asked(of, "dev@mail.example", origin="1" * 64)


@pytest.mark.parametrize("address", ["", "dev", "dev@", "a b@mail.example", "x" * 250 + "@mail.example", "a@b@c"])
def test_what_is_no_address_is_refused(of: Office, address: str) -> None:
    with pytest.raises(links.NotAnAddress):
        forms.asked(of, address)


def test_the_job_that_runs_twice_sends_once(of: Office) -> None:
    logged(of)
    ask = forms.asked(of)
    portal_mail.answer_ask(ask_id=ask.pk)
    portal_mail.answer_ask(ask_id=ask.pk)
    assert len(forms.mail_out(of)) == 1
    mail = PortalMail.objects.get()
    assert mail.state == "sent"
    before = len(forms.sent_mails())
    portal_mail.send_mail(mail_id=mail.pk)
    assert len(forms.sent_mails()) == before


def test_a_worker_that_died_while_sending_is_settled_by_asking_the_carrier(of: Office, monkeypatch: Any) -> None:
    logged(of)
    ask = forms.asked(of)
    portal_mail.answer_ask(ask_id=ask.pk)
    mail = PortalMail.objects.get()

    def died(*_args: Any, **_more: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as broken:
        broken.setattr(portal_mail, "_settle", died)
        with pytest.raises(SystemExit):
            portal_mail.send_mail(mail_id=mail.pk)
    before = len(forms.sent_mails())
    portal_mail.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, len(forms.sent_mails())) == ("sent", before)


def test_a_closed_case_can_be_followed_for_a_year(of: Office) -> None:
    case = forms.submitted(of)
    forms.mail_out(of)
    type(case).objects.filter(pk=case.pk).update(
        state="closed", outcome="resolved", closed_at=AT - dt.timedelta(days=400), closed_by="Asha Mehta"
    )
    forms.asked(of)
    assert forms.mail_out(of) == []
    type(case).objects.filter(pk=case.pk).update(closed_at=AT - dt.timedelta(days=10))
    forms.asked(of)
    assert len(forms.mail_out(of)) == 1


def test_staff_can_not_take_a_residents_steps(of: Office) -> None:
    from redress.access.permissions import NotPermitted

    with pytest.raises(NotPermitted):
        links.open_link(council=of.council, token="a" * 43, by=of.actor(), at=AT)
    with pytest.raises(NotPermitted):
        links.ask_for_link(
            council=of.council,
            address="dev@mail.example",
            reference="",
            origin="",
            site="",
            by=Actor.timetable(),
            at=AT,
        )
