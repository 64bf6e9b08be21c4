"""A council changes its own shape: shown first, done once, kept by the cases that use it, seen in its history."""

from __future__ import annotations

import re
from typing import Any

import pytest

from doors.desk_client import desk, page, press
from factories import cast as make
from factories.cast import Cast, assemble
from redress.access.roles import Role
from redress.council.models import Category, Council, Directorate, Service
from redress.plumbing import moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(moment, "now", lambda: make.at(hour=12))


@pytest.fixture
def cast() -> Cast:
    return assemble()


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found
    return found[1]


def typed(service: Service, **more: Any) -> dict[str, Any]:
    return {
        "name": service.name, "directorate": service.directorate_id, "manager": "", "deputy": "",
        "email": service.email, "lgsl": service.lgsl, **more,
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.COMPLAINTS_MANAGER, Role.SYSTEM_ADMINISTRATOR])
def test_both_roles_see_the_council_and_no_case(cast: Cast, role: Role) -> None:
    case = cast.logged()
    client = desk(cast.officers[role])
    text = page(client, "shape-of", "northmere")
    for words in ("Place", "Waste and recycling", "Missed collection", "office@northmere.example", "landlord"):
        assert words in text
    assert case.reference not in text
    assert client.get("/desk/settings/council/").status_code == 302
    assert "Services and council" in page(client, "settings")
    for name in ("shape-contact", "shape-working"):
        page(client, name, "northmere")
    page(client, "shape-of", "westholt", status=404)


def test_others_are_told_that_their_role_does_not_allow_it(cast: Cast) -> None:
    for args in (("shape-of", "northmere"), ("shape-contact", "northmere"), ("shape-add", "northmere", "service")):
        page(desk(cast.asha), *args, status=403)
    page(desk(cast.carol), "shape-one", "eastvale", "service", cast.waste.pk, status=404)
    page(desk(cast.carol), "shape-one", "northmere", "ward", cast.waste.pk, status=404)


def test_a_council_without_anything_says_what_to_do_first(cast: Cast) -> None:
    text = page(desk(cast.carol), "shape-of", "eastvale")
    assert "There is no directorate yet" in text and "There is no category" in text
    client = desk(cast.carol)
    assert (
        press(client, "shape-add", "eastvale", "directorate", name="Homes", do="save", form_key="a").status_code == 302
    )
    place = Directorate.objects.get(name="Homes")
    for _ in range(2):  # a double click adds one
        answer = press(
            client, "shape-add", "eastvale", "service", name="Repairs", directorate=place.pk, manager=cast.asha.pk,
            deputy=cast.carol.pk, email="repairs@eastvale.example", lgsl="83", landlord="on", do="save", form_key="b",
        )  # fmt: skip
        assert answer.status_code == 302
    made = Service.objects.get(council=cast.eastvale)
    assert (made.lgsl, made.landlord, made.manager, made.deputy) == ("83", True, cast.asha.pk, cast.carol.pk)
    text = page(client, "shape-of", "eastvale")
    assert "LGSL 83" in text and cast.asha.name in text and "The service Repairs was added" in text
    press(client, "shape-add", "eastvale", "category", name="Noise", do="save", form_key="c")
    assert Category.objects.filter(council=cast.eastvale, name="Noise").exists()


def test_what_a_change_is_about_is_shown_before_it_is_done(cast: Cast) -> None:
    cast.logged()
    client, waste = desk(cast.carol), cast.waste
    mark = seen(page(client, "shape-one", "northmere", "service", waste.pk))
    given = typed(waste, name="Waste, recycling and streets", manager=cast.asha.pk)
    answer = press(client, "shape-one", "northmere", "service", waste.pk, seen=mark, do="show", form_key="k", **given)
    text = answer.content.decode()
    assert answer.status_code == 200 and "1 open case is under this service. It keeps it." in text
    assert "Waste, recycling and streets" in text and cast.asha.name in text
    waste.refresh_from_db()
    assert waste.name == "Waste and recycling", "looking changes nothing"
    back = press(client, "shape-one", "northmere", "service", waste.pk, seen=mark, do="edit", form_key="k", **given)
    assert 'value="Waste, recycling and streets"' in back.content.decode(), "what was typed stays"
    done = press(client, "shape-one", "northmere", "service", waste.pk, seen=mark, do="save", form_key="k", **given)
    assert done.status_code == 302
    text = page(client, "shape-one", "northmere", "service", waste.pk)
    assert "The service Waste and recycling was changed" in text and "<del>Waste and recycling</del>" in text


def test_the_second_of_two_is_told_and_loses_nothing(cast: Cast) -> None:
    carol, other, waste = desk(cast.carol), desk(cast.officers[Role.SYSTEM_ADMINISTRATOR]), cast.waste
    mark = seen(page(carol, "shape-one", "northmere", "service", waste.pk))
    press(other, "shape-one", "northmere", "service", waste.pk, seen=mark, do="save", form_key="o",
          **typed(waste, lgsl="524"))  # fmt: skip
    mine = typed(waste, name="Bins")
    answer = press(carol, "shape-one", "northmere", "service", waste.pk, seen=mark, do="save", form_key="m", **mine)
    text = answer.content.decode()
    assert answer.status_code == 422 and "changed this after you opened it" in text
    assert "As it stands now" in text and "524" in text and 'value="Bins"' in text
    answer = press(
        carol, "shape-one", "northmere", "service", waste.pk, seen=seen(text), do="save", form_key="n", **mine
    )
    waste.refresh_from_db()
    assert answer.status_code == 302 and (waste.name, waste.lgsl) == ("Bins", "")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Give a name"),
        ({"name": "planning"}, "There is a service Planning already"),
        ({"lgsl": "waste"}, "is a number, such as 524"),
        ({"email": "nobody"}, "email"),
        ({"directorate": "987654"}, "valid choice"),
        ({"manager": "987654"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_stays(cast: Cast, more: dict[str, Any], words: str) -> None:
    answer = press(
        desk(cast.carol), "shape-one", "northmere", "service", cast.waste.pk, seen="", do="show", form_key="k",
        **typed(cast.waste, **more),
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text and "There is a problem" in text
    for value in more.values():
        assert value in text


def test_it_ends_and_cases_keep_it_and_it_is_offered_again(cast: Cast) -> None:
    case = cast.logged()
    client, waste = desk(cast.carol), cast.waste
    text = page(client, "shape-end", "northmere", "service", waste.pk)
    assert "1 open case is under this service. It keeps it." in text
    day = {"ended_on_day": 23, "ended_on_month": 11, "ended_on_year": 2026}
    past = press(client, "shape-end", "northmere", "service", waste.pk, seen=seen(text), do="end", form_key="p",
                 **{**day, "ended_on_day": 22})  # fmt: skip
    assert past.status_code == 422 and "before today" in past.content.decode()
    done = press(client, "shape-end", "northmere", "service", waste.pk, seen=seen(text), do="end", form_key="e", **day)
    assert done.status_code == 302
    text = page(client, "shape-of", "northmere")
    assert "Ended 23 November 2026" in text
    details = page(client, "details", case.reference)
    assert f'value="{waste.pk}" selected' in details, "the case keeps it"
    case.service = None
    case.save()
    assert "Waste and recycling" not in page(client, "details", case.reference), "no other case is offered it"
    text = page(client, "shape-end", "northmere", "service", waste.pk)
    assert (
        press(
            client, "shape-end", "northmere", "service", waste.pk, seen=seen(text), do="again", form_key="g"
        ).status_code
        == 302
    )
    waste.refresh_from_db()
    assert waste.ended_on is None


def test_a_directorate_ends_after_its_services(cast: Cast) -> None:
    client, place = desk(cast.carol), cast.waste.directorate
    text = page(client, "shape-end", "northmere", "directorate", place.pk)
    answer = press(
        client, "shape-end", "northmere", "directorate", place.pk, seen=seen(text), do="end", form_key="e",
        ended_on_day=23, ended_on_month=11, ended_on_year=2026,
    )  # fmt: skip
    assert answer.status_code == 422 and "3 services are offered there" in answer.content.decode()


def test_contact_details_are_shown_then_changed(cast: Cast) -> None:
    client = desk(cast.carol)
    mark = seen(page(client, "shape-contact", "northmere"))
    given = {
        "name": "Northmere Borough Council", "short_name": "Northmere", "address": "New House\n2 High Street",
        "telephone": "01632 960111", "email": "office@northmere.example", "web": "", "opening_hours": "9 to 5",
    }  # fmt: skip
    text = press(client, "shape-contact", "northmere", seen=mark, do="show", form_key="k", **given).content.decode()
    assert "01632 960100" in text and "01632 960111" in text and "Letters that were sent stay" in text
    assert press(client, "shape-contact", "northmere", seen=mark, do="save", form_key="k", **given).status_code == 302
    assert Council.objects.get(code="northmere").telephone == "01632 960111"
    assert "<del>01632 960100</del>" in page(client, "shape-contact", "northmere")
    lost = press(client, "shape-contact", "northmere", do="show", form_key="x", **{**given, "address": ""})
    assert (
        lost.status_code == 422
        and "2 High Street</textarea>" not in lost.content.decode()
        and "9 to 5" in lost.content.decode()
    )


def test_working_settings_say_what_would_move(cast: Cast) -> None:
    cast.acknowledged(cast.logged())
    client = desk(cast.carol)
    text = page(client, "shape-working", "northmere")
    given = {
        "due_soon_within": 60, "critically_overdue_after": 5, "literal_response_start": "no", "closures_count": "no",
        "receipt_rolls_forward": "no",
    }  # fmt: skip
    mark = seen(text)
    shown = press(client, "shape-working", "northmere", seen=mark, do="show", form_key="k", **given).content.decode()
    assert "No date moves." in shown and "Open cases that are due soon: 0 now, 1 then." in shown
    assert press(client, "shape-working", "northmere", seen=mark, do="save", form_key="k", **given).status_code == 302
    row = Council.objects.get(code="northmere")
    assert row.due_soon_within == 60
    wrong = press(client, "shape-working", "northmere", do="show", form_key="w", **{**given, "due_soon_within": "many"})
    assert wrong.status_code == 422 and 'value="many"' in wrong.content.decode()
    same = press(client, "shape-working", "northmere", do="show", form_key="s", **given)
    assert same.status_code == 422 and "nothing to save" in same.content.decode()
