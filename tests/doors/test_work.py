"""My work, the team, search, what one was told, absence: each count opens exactly what it counts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.roles import Role
from redress.cases import queries
from redress.casework import absence, allocation, intake
from redress.plumbing import moment
from redress.staff.models import Absence, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def from_day(cast: Cast, day: dt.date, name: str, **more: Any) -> Any:
    moment_of = make.at(day, 9)
    who = intake.Who(new=intake.Details(name=name, email=f"{name.split()[0].lower()}@mail.example"))
    return cast.logged(at=moment_of, person=who, received_at=moment_of, received_on=day, **more)


def test_my_work_is_grouped_by_severity_with_the_next_action_as_the_link(cast: Cast) -> None:
    late = cast.allocated(
        cast.acknowledged(from_day(cast, dt.date(2026, 10, 20), "Colin Grainger"), on=dt.date(2026, 10, 21))
    )
    fresh = cast.allocated(cast.acknowledged(from_day(cast, TODAY, "Deborah Finch")))
    text = page(desk(cast.asha), "my-work")
    assert "Critically overdue" in text and "Not started" in text
    assert text.index("Colin Grainger") < text.index("Deborah Finch")
    assert "<strong>2 open.</strong> 1 critically overdue. Start with Colin Grainger." in text
    assert reverse("desk:case", args=[late.reference]) in text and "Find out what happened" in text
    assert queries.held_count(cast.actor(), TODAY) == 2 == text.count("data-row")
    assert re.search(r"My work<span class=\"count\">2", text)
    assert fresh.reference in text


def test_an_empty_list_says_that_it_is_good_and_what_the_team_has(cast: Cast) -> None:
    cast.logged()
    text = page(desk(cast.asha), "my-work")
    assert "Nothing is waiting for you." in text and "1 in the team is not allocated." in text


def test_a_colleagues_cases_are_a_view_of_their_own_while_one_covers(cast: Cast) -> None:
    case = cast.allocated(cast.acknowledged(cast.logged()), to=cast.ben)
    client = desk(cast.asha)
    assert case.reference not in page(client, "my-work")
    page(client, "my-work", query=f"?covering={cast.ben.pk}", status=404)
    absence.record(
        officer=cast.ben, starts_on=TODAY, ends_on=TODAY, cover=cast.asha, reason="",
        by=cast.actor(Role.TEAM_LEADER), at=make.at(),
    )  # fmt: skip
    assert "Covering for Ben Carter" in page(client, "my-work")
    assert case.reference in page(client, "my-work", query=f"?covering={cast.ben.pk}")


def test_the_team_list_shows_who_has_how_much_and_each_number_opens_its_cases(cast: Cast) -> None:
    held = cast.allocated(cast.acknowledged(cast.logged()))
    free = cast.logged(matter="Broken lid")
    client = desk(cast.carol)
    text = page(client, "team")
    assert "Who has how much" in text and f"?holder={cast.asha.pk}" in text
    mine = page(client, "team", query=f"?holder={cast.asha.pk}")
    assert held.reference in mine and free.reference not in mine and "Held by Asha Mehta" in mine
    nobody = page(client, "team", query="?view=nobody")
    assert free.reference in nobody and held.reference not in nobody and "<strong>1 open.</strong>" in nobody
    page(client, "team", query=f"?holder={cast.stranger.pk}", status=404)
    page(client, "team", query="?holder=x", status=404)


def test_lists_are_narrowed_by_what_stands_in_the_address(cast: Cast) -> None:
    bin_case = cast.logged()
    planning = cast.logged(matter="No reply", service=cast.planning)
    text = page(desk(cast.carol), "team", query=f"?service={cast.planning.pk}")
    assert planning.reference in text and bin_case.reference not in text
    assert page(desk(cast.carol), "team", query="?service=999999&after=rubbish")


def test_a_long_list_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        cast.logged(matter=f"Matter {number}")
    client = desk(cast.carol)
    seen: list[str] = []
    query = ""
    for _ in range(4):
        text = page(client, "team", query=query)
        seen += re.findall(r"data-case>(NMR-\d+-\d+)", text)
        found = re.search(r'href="/desk/team/(\?[^"]*after=[^"]*)"', text)
        if found is None:
            break
        query = found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 5


def test_another_council_is_not_seen_anywhere(cast: Cast) -> None:
    case = cast.logged()
    stranger = desk(cast.stranger)
    assert case.reference not in page(stranger, "team")
    assert "Nothing found." in page(stranger, "search", query="?q=patel")
    assert "Nothing found." in page(stranger, "search", query=f"?q={case.reference}")


def test_search_opens_an_exact_reference_and_finds_by_name_and_matter(cast: Cast) -> None:
    case = cast.logged()
    client = desk(cast.asha)
    answer = client.get(reverse("desk:search") + f"?q={case.reference.lower()}")
    assert answer.status_code == 302 and case.reference in answer["Location"]
    for words in ("PATEL", "missed", "patel missed", "dev"):
        assert case.reference in page(client, "search", query=f"?q={words}")
    assert "Nothing found." in page(client, "search", query="?q=patel+zebra")
    page(client, "search", query="?q=%00")


def test_what_one_was_told_is_marked_as_read_once(cast: Cast) -> None:
    cast.allocated(cast.logged())
    client = desk(cast.asha)
    assert "<b>new</b>" in page(client, "my-work")
    for _ in range(2):
        assert press(client, "read-notices", form_key="r").status_code == 302
    assert not Notice.objects.filter(officer=cast.asha, read_at=None).exists()
    assert "<b>new</b>" not in page(client, "my-work")


def test_absence_is_recorded_for_oneself_and_by_a_manager_for_others(cast: Cast) -> None:
    asha, carol = desk(cast.asha), desk(cast.carol)
    days = {
        "starts_on_day": 23, "starts_on_month": 11, "starts_on_year": 2026, "ends_on_day": 27, "ends_on_month": 11,
        "ends_on_year": 2026, "cover": cast.ben.pk, "reason": "leave",
    }  # fmt: skip
    page(asha, "absences")
    other = press(asha, "absences", officer=cast.ben.pk, form_key="o", **{**days, "cover": ""})
    assert other.status_code == 422, "an officer’s form offers only themselves"
    for _ in range(2):
        assert press(asha, "absences", officer=cast.asha.pk, form_key="a", **days).status_code == 302
    made = Absence.objects.get()
    self_cover = press(carol, "absences", officer=cast.ben.pk, form_key="b", **days)
    assert self_cover.status_code == 422 and "This person can’t cover." in self_cover.content.decode()
    assert press(carol, "cancel-absence", made.pk, form_key="c").status_code == 302
    made.refresh_from_db()
    assert made.cancelled_by == cast.carol
    assert press(desk(cast.stranger), "cancel-absence", made.pk).status_code == 404
    page(desk(cast.officers[Role.AUDITOR]), "absences", status=403)


def test_whoever_has_no_cases_to_read_is_led_to_the_settings(cast: Cast) -> None:
    answer = desk(cast.officers[Role.SYSTEM_ADMINISTRATOR]).get(reverse("desk:my-work"))
    assert answer.status_code == 302 and answer["Location"] == reverse("desk:settings")
    page(desk(cast.officers[Role.SYSTEM_ADMINISTRATOR]), "team", status=404)


def test_a_case_that_waits_says_so_and_that_the_clock_runs(cast: Cast) -> None:
    from redress.casework import case_details

    case = cast.allocated(cast.acknowledged(cast.logged()))
    case_details.change(
        case=case, matter=case.matter, outcome_sought="", service=None, category=None, next_action="Wait for Repairs",
        waiting_for="Repairs", version=case.version, by=cast.actor(), at=make.at(),
    )  # fmt: skip
    text = page(desk(cast.asha), "my-work")
    assert "Waiting for others" in text and "Waiting for Repairs. The clock keeps running" in text
    assert "The clock keeps running while the case waits for Repairs." in page(desk(cast.asha), "case", case.reference)


def test_the_same_matter_is_allocated_from_the_list(cast: Cast) -> None:
    case = cast.acknowledged(cast.logged())
    text = page(desk(cast.carol), "team", query="?view=nobody")
    assert reverse("desk:allocate", args=[case.reference]) in text
    assert allocation.FIRST_ACTION not in text
