"""If we close that day, what moves? It is seen before anything changes, and one button does it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import Cast, assemble
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import holiday_feed, setting_up
from redress.correspondence.models import OldDate
from redress.council.models import BankHoliday, Closure
from redress.jobs import nightly
from redress.plumbing import moment
from redress.rulebook import holiday_feed as rules

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
    for of in ("bank-holiday:all", "bank-holiday:england-and-wales"):
        answer = press(desk(cast.carol), "calendar", form_key="k", **{**DAY, "of": of})
        assert answer.status_code == 422, "there is a third council that is not hers"
    assert "A bank holiday of" not in page(desk(cast.carol), "calendar")
    assert not BankHoliday.objects.exists()
    row = BankHoliday.objects.create(on=dt.date(2026, 12, 4), division="scotland", name="A royal day", source="x")
    assert "Take it back" not in page(desk(cast.carol), "calendar")
    assert press(desk(cast.carol), "take-back-bank-holiday", row.pk).status_code == 403


def test_only_who_may_change_the_calendar_sees_the_page(cast: Cast) -> None:
    page(desk(cast.asha), "calendar", status=403)
    made = Closure.objects.create(council=cast.northmere, on=dt.date(2026, 12, 4), reason="x")
    assert press(desk(cast.stranger), "open-day", made.pk).status_code == 403
    page(desk(cast.officers[Role.COMPLAINTS_MANAGER]), "calendar")


# ------------------------------------------------------------------------------------------------------ bank holidays


@pytest.fixture
def everywhere(cast: Cast) -> Cast:
    """Make the complaints manager one of the third council too: a bank holiday is for every council."""
    setting_up.give_role(
        council=cast.elsewhere, officer=cast.carol, role=Role.COMPLAINTS_MANAGER, service=None, since=make.SINCE,
        by=make.SETTING_UP, at=make.AT,
    )  # fmt: skip
    return cast


@pytest.mark.parametrize(
    ("of", "parts", "words"),
    [
        ("bank-holiday:all", 3, "England and Wales, Scotland and Northern Ireland"),
        ("bank-holiday:england-and-wales", 1, "England and Wales"),
        ("bank-holiday:scotland", 1, "Scotland"),
    ],
)
def test_a_bank_holiday_is_seen_first_then_added_for_its_part(
    everywhere: Cast, case: Case, of: str, parts: int, words: str
) -> None:
    client = desk(everywhere.carol)
    seen = page(client, "calendar", query=ASKED.replace("of=northmere", f"of={of}"))
    assert "A bank holiday on Friday 4 December 2026?" in seen
    scottish = of.endswith("scotland")
    assert ("No date would move" in seen) is scottish
    assert ("where it stays a working day" in seen) is scottish
    for _ in range(2):
        assert press(client, "calendar", form_key="k", **{**DAY, "of": of, "source": "The Gazette"}).status_code == 302
    assert BankHoliday.objects.count() == parts
    text = page(client, "calendar")
    assert f"Friday 4 December 2026 is a bank holiday in {words} now." in text
    assert text.count("Take it back") == parts and "The Gazette" in text
    row = BankHoliday.objects.earliest("pk")
    assert press(client, "take-back-bank-holiday", row.pk, form_key="t").status_code == 302
    assert BankHoliday.objects.count() == parts - 1
    assert press(client, "take-back-bank-holiday", row.pk, form_key="u").status_code == 404


def test_the_page_says_when_the_published_list_was_read_and_what_it_said(cast: Cast) -> None:
    client = desk(cast.carol)
    text = page(client, "calendar")
    assert "Not read yet. The packaged list holds 2000 to 2030." in text and "no address is set" in text
    told = rules.Told("lacks", "The feed lacks Monday 15 June 2026.")
    good = rules.Feed(True, (), (told,), 135, dt.date(2028, 12, 26))
    bad = rules.not_read("unreachable", "www.gov.uk answered with the status 500.")
    for feed, seen in (
        (good, ["135 days read by Bank holidays; nothing was new.", "It goes to 26 December 2028.", told.text]),
        (bad, ["It could not be read.", "last read on Monday 23 November 2026.", "Not read", bad.told[0].text]),
    ):
        holiday_feed.record(
            councils=[cast.northmere], feed=feed, source="bank-holidays.json", by=Actor.timetable("Bank holidays"),
            at=make.at(hour=13 - feed.readable),
        )  # fmt: skip
        text = page(client, "calendar")
        assert "Monday 23 November 2026, " in text and "bank-holidays.json" in text
        assert all(words in text for words in seen)


# ------------------------------------------------------------------------------------------------------------- letters


def test_the_letters_that_gave_the_date_are_listed_before_and_are_then_something_to_do(cast: Cast, case: Case) -> None:
    client = desk(cast.carol)
    letter = case.letters.get()
    text = page(client, "calendar", query=ASKED)
    assert "Letters that gave those dates" in text and letter.subject in text and "gave 7 December" in text
    press(client, "calendar", form_key="k", **DAY)
    nightly.recompute(council_id=cast.northmere.pk, why="closed", on="2026-12-04")
    old = OldDate.objects.get()
    shown = page(client, "case", case.reference)
    assert "1 letter gave a date that has moved" in shown
    assert "It gave Monday 7 December 2026; Stage 1 response is now due Tuesday 8 December 2026." in shown
    assert "We keep the earlier date" not in page(desk(cast.officers[Role.AUDITOR]), "case", case.reference)
    asha = desk(cast.asha)
    assert press(asha, "old-date", case.reference, old.pk, form_key="a", how="nonsense").status_code == 302
    assert "Say what was done about it." in page(asha, "case", case.reference)
    for _ in range(2):
        assert press(asha, "old-date", case.reference, old.pk, form_key="b", how="kept").status_code == 302
    after = page(asha, "case", case.reference)
    assert "It is written down that the earlier date is kept." in after and "a date that has moved" not in after
    assert press(asha, "old-date", cast.logged().reference, old.pk, form_key="c", how="kept").status_code == 404
    assert press(desk(cast.stranger), "old-date", case.reference, old.pk, how="kept").status_code == 404
