"""Who gets in, who is slowed, who is signed out, and what does each role find?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from factories import cast as casting
from factories.cast import PASSWORD, Cast
from redress.access import looks
from redress.access.roles import Role
from redress.plumbing import moment
from redress.server import accounts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(settings: Any) -> Cast:
    """Assemble everybody, with passwords that are quick to check."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return casting.assemble(password=PASSWORD)


@pytest.fixture(autouse=True)
def forgotten_tries(db: None) -> None:
    cache.clear()


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def code_of(secret: str) -> str:
    """Give the six figures that a telephone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up(client: Client) -> str:
    """Set a second factor up, and give its secret."""
    page = client.get("/accounts/2fa/set-up/")
    secret = re.search(r'<b class="num">([A-Z2-7]+)</b>', page.content.decode())
    assert secret, page.content.decode()
    done = client.post("/accounts/2fa/set-up/", {"code": code_of(secret[1])})
    assert done.status_code == 302, done.content.decode()
    return secret[1]


@pytest.mark.parametrize("path", ["/desk/", "/desk/team/", "/desk/intake/", "/desk/brand.css", "/desk/nothing-here/"])
def test_the_desk_asks_for_a_sign_in_and_goes_on_to_the_page_that_was_wanted(
    path: str, client: Client, cast: Cast, demonstration: None
) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")
    answer = client.post(answer.headers["Location"], {"login": cast.asha.email, "password": PASSWORD, "next": path})
    assert answer.headers["Location"] == path


def test_one_sentence_for_both_fields(client: Client, cast: Cast) -> None:
    wrong = [sign_in(client, "nobody@team.example"), sign_in(client, cast.asha.email, "not-her-password-at-all")]
    for answer in wrong:
        assert accounts.WRONG in answer.content.decode()
    shown = [re.sub(r'value="[^"]*"|csrf\S+', "", answer.content.decode()) for answer in wrong]
    assert shown[0] == shown[1]


def test_somebody_who_was_taken_off_reads_the_same_sentence(client: Client, cast: Cast) -> None:
    cast.asha.is_active = False
    cast.asha.save()
    answer = client.post("/accounts/login/", {"login": cast.asha.email, "password": PASSWORD}, follow=True)
    assert not answer.wsgi_request.user.is_authenticated


def test_failing_again_and_again_is_slowed_and_told_until_when(client: Client, cast: Cast) -> None:
    for _ in range(5):
        assert accounts.WRONG in sign_in(client, cast.asha.email, "guess").content.decode()
    slowed = sign_in(client, cast.asha.email).content.decode()
    assert re.search(r"Too many tries\. Try again at \d{1,2}:\d\d[ap]m, or ask your administrator\.", slowed)
    assert client.get("/desk/").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), cast.carol.email).status_code == 302


def test_nobody_can_make_an_account(client: Client, cast: Cast) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/", "/accounts/social/"):
        assert client.get(path).status_code == 404


def test_outside_a_demonstration_nobody_works_without_a_second_factor(client: Client, cast: Cast) -> None:
    sign_in(client, cast.asha.email)
    for path in ("/desk/", "/desk/intake/", "/desk/cases/NMR-2026-0001/"):
        answer = client.get(path)
        assert answer.headers["Location"].startswith("/accounts/2fa/set-up/"), path
    set_up(client)
    assert client.get("/desk/brand.css").status_code == 200


def test_a_session_opened_with_the_password_before_the_second_factor_was_set_up_ends(
    client: Client, cast: Cast
) -> None:
    earlier = Client()
    sign_in(earlier, cast.asha.email)
    sign_in(client, cast.asha.email)
    set_up(client)
    assert earlier.get("/desk/brand.css").headers["Location"].startswith("/accounts/login/")
    assert client.get("/desk/brand.css").status_code == 200


def test_in_a_demonstration_the_password_is_enough(client: Client, cast: Cast, demonstration: None) -> None:
    sign_in(client, cast.asha.email)
    assert client.get("/desk/brand.css").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, cast.asha.email)
    secret = set_up(client)
    other = Client()
    answer = sign_in(other, cast.asha.email)
    assert answer.headers["Location"].startswith("/accounts/2fa/code/")
    assert other.get("/desk/brand.css").status_code == 302
    wrong = other.post("/accounts/2fa/code/", {"code": "000000"})
    assert "That code is wrong" in wrong.content.decode()
    assert other.get("/desk/brand.css").status_code == 302
    cache.clear()  # the code that set it up would count as used
    other.post("/accounts/2fa/code/", {"code": code_of(secret)})
    assert other.get("/desk/brand.css").status_code == 200


def test_a_recovery_code_lets_in_once(client: Client, cast: Cast) -> None:
    sign_in(client, cast.asha.email)
    set_up(client)
    page = client.get("/accounts/2fa/recovery/").content.decode()
    code = re.findall(r"<li>([0-9a-f]{8})</li>", page)[0]
    for wanted in (200, 302):
        other = Client()
        sign_in(other, cast.asha.email)
        other.post("/accounts/2fa/code/", {"code": code})
        assert other.get("/desk/brand.css").status_code == wanted


def test_the_secrets_of_the_second_factor_lie_encrypted(client: Client, cast: Cast, settings: Any) -> None:
    sign_in(client, cast.asha.email)
    secret = set_up(client)
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert accounts.SecondFactor().decrypt(kept["totp"]["secret"]) == secret
    settings.REDRESS_FIELD_KEY = b"x" * 32
    with pytest.raises(accounts.WrongKey):
        accounts.SecondFactor().decrypt(kept["totp"]["secret"])


@pytest.mark.parametrize(("away", "sentence"), [(31, "after 30 minutes"), (13 * 60, "after")])
def test_a_session_that_was_left_alone_ends_and_says_so(
    away: int, sentence: str, client: Client, cast: Cast, demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.asha.email)
    assert client.get("/desk/brand.css").status_code == 200
    later = moment.now() + timedelta(minutes=away)
    monkeypatch.setattr(moment, "now", lambda: later)
    answer = client.post("/desk/notices/read/", headers={"Referer": "http://testserver/desk/team/?page=2"})
    assert "next=%2Fdesk%2Fteam%2F%3Fpage%3D2" in answer.headers["Location"]
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"You were signed out {sentence}" in page
    assert "What you typed is kept" in page
    assert client.get("/desk/brand.css").status_code == 302


def test_a_session_ends_after_twelve_hours_of_work(
    client: Client, cast: Cast, demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.asha.email)
    start = moment.now()
    seen = []
    for minutes in range(0, 13 * 60, 20):
        monkeypatch.setattr(moment, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        seen.append((minutes, client.get("/desk/brand.css").status_code))
    assert all(status == 200 for minutes, status in seen if minutes <= 12 * 60)
    assert all(status == 302 for minutes, status in seen if minutes > 12 * 60)


def test_the_way_on_never_leads_off_this_server(client: Client, cast: Cast, demonstration: None) -> None:
    for away in ("https://evil.example/", "//evil.example/"):
        other = Client()
        answer = other.post(
            f"/accounts/login/?next={away}", {"login": cast.asha.email, "password": PASSWORD, "next": away}
        )
        assert "evil" not in answer.headers["Location"]


def test_changing_the_password_needs_the_present_one(client: Client, cast: Cast, demonstration: None) -> None:
    sign_in(client, cast.asha.email)
    new = "harbour-violet-anvil-77"
    form = {"oldpassword": "no", "password1": new, "password2": new}
    assert "not your present password" in client.post("/accounts/password/change/", form).content.decode()
    client.post("/accounts/password/change/", {**form, "oldpassword": PASSWORD})
    assert client.get("/desk/brand.css").status_code == 200
    assert sign_in(Client(), cast.asha.email).status_code == 200
    assert sign_in(Client(), cast.asha.email, new).status_code == 302


def test_signing_out_signs_out(client: Client, cast: Cast, demonstration: None) -> None:
    sign_in(client, cast.asha.email)
    client.post("/accounts/logout/")
    assert client.get("/desk/brand.css").status_code == 302


MENUS = {
    Role.ADMINISTRATOR: {"My work", "Intake", "Team", "Promises", "Post"},
    Role.OFFICER: {"My work", "Intake", "Team", "Promises", "Post"},
    Role.SERVICE_MANAGER: set(),  # theirs is one page: what their service owes
    Role.SYSTEM_ADMINISTRATOR: {"Settings"},
    Role.AUDITOR: {"My work", "Team", "Promises", "Trail"},
    Role.GOVERNANCE_OFFICER: {"My work", "Team", "Promises", "Trail"},
    Role.COMPLAINTS_MANAGER: {
        "My work", "Intake", "Team", "Checks", "Promises", "Post", "Settings", "Trail",
    },
}  # fmt: skip


@pytest.mark.parametrize("role", list(MENUS))
def test_each_role_finds_its_own_places(role: Role, cast: Cast) -> None:
    from redress.desk import entry

    assert {item.label for item in entry.navigation(cast.actor(role), "")} == MENUS[role]


def test_a_look_at_a_case_is_written_down_after_the_page_was_sent(
    client: Client, cast: Cast, demonstration: None
) -> None:
    case = cast.logged()
    sign_in(client, cast.asha.email)
    assert client.get(f"/desk/cases/{case.reference}/").status_code == 200
    assert [(seen.by_id, seen.by_name) for seen in looks.read(case)] == [(cast.asha.pk, "Asha Mehta")]


def test_what_may_not_be_seen_reads_like_what_does_not_exist(client: Client, cast: Cast, demonstration: None) -> None:
    case = cast.logged()
    sign_in(client, cast.stranger.email)
    hidden = client.get(f"/desk/cases/{case.reference}/")
    missing = client.get("/desk/cases/NMR-2026-9999/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert looks.read(case) == []


def test_the_front_page_names_the_councils_and_the_desk(client: Client, cast: Cast) -> None:
    page = client.get("/").content.decode()
    assert 'href="/northmere/"' in page
    assert 'href="/eastvale/"' in page
    assert 'href="/desk/"' in page
