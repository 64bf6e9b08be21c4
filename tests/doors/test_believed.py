"""The reasons of a case's clocks, what was believed on a day, and how paused and unclear clocks look everywhere."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from doors.desk_client import desk, page
from factories import cast as make
from factories.cast import AT, TODAY, Cast, assemble
from redress.access import trail
from redress.access.roles import Role
from redress.cases import changes, clocks, queries
from redress.cases.models import Case
from redress.casework import case_details, links
from redress.people import changes_links
from redress.plumbing import moment
from redress.rulebook import procedures

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 30)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(MONDAY, 12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def happened(cast: Cast, case: Case, kind: str, on: dt.date, **data: Any) -> Case:
    """Record a happening that no step of this release records."""
    entry = trail.read(case)[0].id
    changes.add_happening(
        case=case, stage=None, kind=kind, on=on, entry=entry, by=cast.actor(), at=make.at(MONDAY), data=data
    )
    case.refresh_from_db()
    return case


def as_request(case: Case, code: str = "foi-request") -> Case:
    """Turn a case that is held into a request for information: intake takes these in a later release."""
    Case.objects.filter(pk=case.pk).update(procedure=code, edition=procedures.current(code).id)
    case.refresh_from_db()
    clocks.work_out(case, today=MONDAY, at=make.at(MONDAY))
    return case


def paused(cast: Cast, case: Case) -> Case:
    return happened(cast, as_request(case), "clarification-asked", dt.date(2026, 11, 26))


def unclear(cast: Cast, case: Case) -> Case:
    return happened(cast, case, "responded", dt.date(2026, 11, 2))


def words(text: str) -> str:
    """Leave out the tags of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def on(day: dt.date) -> str:
    return f"?on_day={day.day}&on_month={day.month}&on_year={day.year}"


# --------------------------------------------------------------------------------------------------- the reasons


def test_every_clock_says_which_date_it_is_how_sure_and_what_would_move_it(cast: Cast, case: Case) -> None:
    text = page(desk(cast.asha), "case", case.reference)
    said = words(text)
    assert text.count("<details class=") > 2 and "Every step" in said
    assert "Which date The first date" in said
    assert "How sure Confirmed on a page of the authority itself" in said
    assert "paragraph 6.3: confirmed on a page of the authority itself" in said
    assert "Cautious reading of the Code: not confirmed: check before relying on it" in said
    assert "Monday 30 November 2026 is a holiday elsewhere (St Andrew&#x27;s Day, Scotland): it counts here." in said
    assert "What would move it If you extend today by the most that is left, 10 working days: Monday 21 " in said
    assert "Clocks that have not started Stage 2 acknowledgement. Nobody has asked for Stage 2." in said


def test_before_the_acknowledgement_the_answer_has_a_date_at_the_latest(cast: Cast) -> None:
    case = cast.logged(at=make.at(MONDAY), received_at=make.at(MONDAY), received_on=MONDAY)
    said = words(page(desk(cast.asha), "case", case.reference))
    assert "Not started Stage 1 response Monday 21 December 2026 at the latest." in said
    assert "If you send the acknowledgement today: Monday 14 December 2026." in said


def test_both_dates_stand_where_two_readings_differ(cast: Cast) -> None:
    case = cast.acknowledged(cast.logged(at=make.at(dt.date(2026, 11, 16)), received_on=dt.date(2026, 11, 16)))
    said = words(page(desk(cast.asha), "case", case.reference))
    assert case.next_due_on == dt.date(2026, 12, 7) and "Which date The first date" in said
    late = cast.logged(at=make.at(dt.date(2026, 11, 10)), received_on=dt.date(2026, 11, 10), matter="Another bin")
    said = words(page(desk(cast.asha), "case", cast.acknowledged(late).reference))
    assert "Which date The cautious date" in said
    assert "By the cautious reading Tuesday 1 December 2026" in said
    assert "By the literal reading Monday 7 December 2026" in said
    assert "would give Monday 7 December 2026 before any extension" in said


def test_a_correction_stands_under_the_clocks(cast: Cast, case: Case) -> None:
    correct(cast, case)
    said = words(page(desk(cast.asha), "case", case.reference))
    assert (
        "Corrected: Received on Thursday 19 November 2026. Before: Received on Monday 23 November 2026 . Asha Mehta, "
        "30 November 2026: The desk had it on the Thursday."
    ) in said


# ------------------------------------------------------------------------------------- what was believed on a day


def correct(cast: Cast, case: Case) -> None:
    case_details.correct_date(
        case=case, happening=case_details.correctable(case)[0], on=dt.date(2026, 11, 19),
        reason="The desk had it on the Thursday.", by=cast.actor(), at=make.at(MONDAY),
    )  # fmt: skip


def test_the_page_first_offers_the_days_on_which_the_record_changed(cast: Cast, case: Case) -> None:
    correct(cast, case)
    text = page(desk(cast.asha), "believed", case.reference)
    assert "Choose a day." in text
    for day in (TODAY, MONDAY):
        assert on(day).replace("&", "&amp;") in text


def test_each_clock_stands_as_it_was_read_beside_how_it_is_read_now(cast: Cast, case: Case) -> None:
    correct(cast, case)
    said = words(page(desk(cast.asha), "believed", case.reference, query=on(TODAY)))
    assert "What was believed on Monday 23 November 2026" in said
    assert "Then: Monday 30 November 2026. Now: Thursday 26 November 2026." in said
    assert "Stage 1 response The same The same then and now: Monday 7 December 2026." in said
    assert "Received on Monday 23 November 2026 Received on Thursday 19 November 2026 The desk had it" in said
    assert "Asha Mehta Monday 30 November 2026, 11:00am Not known yet" in said
    today = words(page(desk(cast.asha), "believed", case.reference, query=on(MONDAY)))
    assert "That is today" in today and "Different now" not in today and "Known already" in today


def test_what_came_in_after_the_day_is_listed(cast: Cast) -> None:
    case = cast.logged()
    cast.acknowledged(case, on=dt.date(2026, 11, 25))
    said = words(page(desk(cast.asha), "believed", case.reference, query=on(TODAY)))
    assert "Acknowledged on Wednesday 25 November 2026 by Post" in said
    assert "Then: Monday 14 December 2026 at the latest. Now: Wednesday 9 December 2026." in said


def test_a_day_before_anything_was_recorded_and_a_day_to_come(cast: Cast, case: Case) -> None:
    client = desk(cast.asha)
    before = words(page(client, "believed", case.reference, query=on(dt.date(2026, 11, 22))))
    assert "Nothing was on record at the end of that day." in before
    assert "The first entry was made on Monday 23 November 2026: Received on Monday 23 November 2026." in before
    future = words(page(client, "believed", case.reference, query=on(dt.date(2026, 12, 1))))
    assert "That day is still to come. Give today or an earlier day" in future
    for query in ("?on_day=31&on_month=2&on_year=2026", "?on_day=1", "?on_day=&on_month=&on_year=", "?on_x=1"):
        assert "There is a problem" in page(client, "believed", case.reference, query=query)
    assert "Nothing was on record" in page(client, "believed", case.reference, query=on(dt.date(1001, 1, 1)))


def test_who_may_see_the_case_may_ask_what_was_believed(cast: Cast, case: Case) -> None:
    page(desk(cast.stranger), "believed", case.reference, status=404)
    text = page(desk(cast.officers[Role.AUDITOR]), "believed", case.reference, query=on(TODAY))
    assert reverse("desk:trail-case", args=[case.reference]) in text
    assert desk(cast.asha).post(reverse("desk:believed", args=[case.reference])).status_code == 405


def test_what_is_no_complaint_has_no_clocks(cast: Cast, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(kind="service-request", triage_reason="Reported for the first time.")
    assert "Only complaints have clocks." in page(desk(cast.asha), "believed", case.reference, query=on(TODAY))


# --------------------------------------------------------------------------------------------- paused and unclear


def test_a_paused_clock_says_since_when_and_what_for(cast: Cast, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(waiting_for="the person")
    paused(cast, case)
    text = page(desk(cast.asha), "case", case.reference)
    said = words(text)
    assert "Answer to the request: no time runs since Thursday 26 November 2026 Paused" in said
    assert "The person was asked to clarify on Thursday 26 November 2026." in said
    assert "If it came today: Wednesday 30 December 2026 ." in said
    assert 'aria-label="Answer to the request. Started Monday 23 November 2026. Paused: no time runs since' in text
    assert text.count("Paused</em>") == 1, "said once, not beneath every day"
    assert "The clock keeps running" not in said and "day 5 of 20" not in said
    listed = words(page(desk(cast.asha), "my-work"))
    assert "Waiting for others" in listed and "Paused since Thu 26 November 2026" in listed
    assert "The person was asked to clarify. No time runs until then" in listed
    assert "clock keeps running" not in listed


def test_the_days_that_do_not_count_are_marked(cast: Cast, case: Case) -> None:
    as_request(case)
    happened(cast, case, "fee-notice-given", dt.date(2026, 11, 25))
    happened(cast, case, "fee-paid", dt.date(2026, 11, 27))
    text = page(desk(cast.asha), "case", case.reference)
    assert text.count("Not counted</em>") == 1
    for day in ("Wednesday 25", "Thursday 26", "Friday 27"):
        assert f'title="{day} November 2026, Not counted: ' in text
    assert "day 5 of 20" not in words(text), "the days that don't count are no days of the clock"


def test_an_unclear_clock_is_put_where_somebody_looks(cast: Cast, case: Case) -> None:
    cast.allocated(cast.logged(matter="Another bin"))
    unclear(cast, case)
    said = words(page(desk(cast.asha), "case", case.reference))
    assert "Stage 1 response: no date can be worked out Unclear" in said
    assert said.count("Check both dates, and correct the wrong one.") == 2, "once for each of the two clocks"
    listed = words(page(desk(cast.asha), "my-work"))
    assert "Put the dates right : Dev Patel, " in listed and "The dates are unclear and need mending" in listed
    assert listed.index("Due soon") < listed.index("Put the dates right")


def test_an_unclear_case_stands_on_the_first_page_of_a_long_list(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(3):
        cast.allocated(cast.logged(matter=f"Bin {number}"))
    unclear(cast, case)
    found = queries.work_of(cast.actor(), MONDAY, queries.Wanted(holder_id=cast.asha.pk))
    assert found.rows[0].case.pk == case.pk and found.next_after is not None
    last = queries.work_of(cast.actor(), MONDAY, queries.Wanted(holder_id=cast.asha.pk, after=found.next_after))
    assert case.pk not in [row.case.pk for row in last.rows], "it stands once"


def opened(case: Case) -> Client:
    """Open a case in the portal as the person who complained."""
    token = links.new_token()
    changes_links.add_link(
        contact=case.complainant, case_reference=case.reference, digest=links.digest_of(token),
        expires_at=AT + dt.timedelta(days=30), at=AT,
    )  # fmt: skip
    client = Client()
    assert client.post(f"/northmere/follow/link/{token}/").status_code == 302
    return client


def test_the_person_is_told_that_we_wait_or_that_a_date_is_put_right(cast: Cast, case: Case) -> None:
    unclear(cast, case)
    said = words(opened(case).get("/northmere/follow/case/").content.decode())
    assert "We will tell you by when you hear from us We are putting right a date in our record of this." in said
    other = paused(cast, cast.allocated(cast.acknowledged(cast.logged(matter="Another bin"))))
    said = words(opened(other).get("/northmere/follow/case/").content.decode())
    assert "We are waiting to hear from you We wrote to you on Thursday 26 November 2026." in said
    assert "If we need longer" not in said
