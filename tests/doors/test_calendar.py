"""If we close that day, what moves? It is seen before anything changes, and one button does it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import Cast, assemble
from redress.access.roles import Role
from redress.cases.models import Case
from redress.council.models import BankHoliday, Closure
from redress.jobs import nightly
from redress.plumbing import moment

pytestmark = pytest.mark.django_db
DAY = {"on_day": 4, "on_month": 12, "on_year": 2026, "of": "northmere", "reason": "Electrical works", "source": ""}
ASKED = "?on_day=4&on_month=12&on_year=2026&of=northmere&reason=Electrical+works"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    made.northmere.closures_count = True
    made.northmere.save()
    return made


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def test_the_page_shows_from_and_to_and_why_the_rest_stays(cast: Cast, case: Case) -> None:
    east = cast.logged(council=cast.eastvale, service=None, category=None)
    text = page(desk(cast.carol), "calendar", query=ASKED)
    assert "Close Friday 4 December 2026?" in text and "1 date would move." in text
    assert case.reference in text and "Mon 7 December</td>" in text and "<b>Tue 8 December</b>" in text
    assert "Yes, 7 December" in text and "A later date is not always kinder" in text
    assert "1 Eastvale cases" in text and "The closure is another council’s" in text and east.reference not in text
    assert "Close 4 December and move 1 date" in text
    assert not Closure.objects.exists(), "looking changes nothing"


def test_one_button_closes_it_once_and_it_can_be_opened_again(cast: Cast, case: Case) -> None:
    client = desk(cast.carol)
    for _ in range(2):
        assert press(client, "calendar", form_key="k", **DAY).status_code == 302
    closure = Closure.objects.get()
    nightly.recompute(council_id=cast.northmere.pk, why="closed")
    case.refresh_from_db()
    assert case.next_due_on == dt.date(2026, 12, 8)
    assert "A due date moved because the calendar changed" in page(client, "case", case.reference)
    assert "Electrical works" in page(client, "calendar")
    assert press(client, "open-day", closure.pk, form_key="o").status_code == 302
    nightly.recompute(council_id=cast.northmere.pk, why="opened")
    case.refresh_from_db()
    assert case.next_due_on == dt.date(2026, 12, 7)


def test_a_day_that_is_off_already_is_refused_with_its_name(cast: Cast, case: Case) -> None:
    text = page(desk(cast.carol), "calendar", query=ASKED.replace("on_day=4", "on_day=25"))
    assert "Christmas Day" in text
    answer = press(desk(cast.carol), "calendar", form_key="k", **{**DAY, "on_day": 5})
    assert answer.status_code == 422 and "Saturday" in answer.content.decode() and not Closure.objects.exists()


def test_a_bank_holiday_is_for_those_who_keep_every_council(cast: Cast, case: Case) -> None:
    answer = press(desk(cast.carol), "calendar", form_key="k", **{**DAY, "of": "bank-holiday"})
    assert answer.status_code == 422, "there is a third council that is not hers"
    assert not BankHoliday.objects.exists()


def test_only_who_may_change_the_calendar_sees_the_page(cast: Cast) -> None:
    page(desk(cast.asha), "calendar", status=403)
    made = Closure.objects.create(council=cast.northmere, on=dt.date(2026, 12, 4), reason="x")
    assert press(desk(cast.stranger), "open-day", made.pk).status_code == 403
    page(desk(cast.officers[Role.COMPLAINTS_MANAGER]), "calendar")
