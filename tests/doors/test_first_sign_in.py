"""Whoever holds the link chooses a password and sets a second factor up before anything else; and nobody can listen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from doors.test_accounts import code_of, set_up, sign_in
from factories import cast as casting
from factories.cast import PASSWORD, SETTING_UP, Cast
from redress.access.roles import Role
from redress.casework import first_sign_in
from redress.plumbing import moment
from redress.staff.models import Officer, SignInLink

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "kettle-anvil-harbour-7"


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return casting.assemble(password=PASSWORD)


@pytest.fixture
def sam(cast: Cast) -> Officer:
    return cast.officers[Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def path(sam: Officer) -> str:
    token = first_sign_in.make_link(officer=sam, by=SETTING_UP, at=moment.now())
    return f"/accounts/first/{token}/"


def choose(client: Client, path: str, password: str = GOOD, again: str = GOOD) -> Any:
    return client.post(path, {"password1": password, "password2": again})


def test_the_link_leads_by_password_and_second_factor_to_the_desk(client: Client, sam: Officer, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert f"Welcome, {sam.name}" in page.content.decode()
    assert page.headers["Cache-Control"].startswith(("no-store", "max-age=0"))
    assert choose(client, path).headers["Location"] == "/desk/"
    for hidden in ("/desk/", "/desk/settings/"):
        assert client.get(hidden).headers["Location"].startswith("/accounts/2fa/set-up/")
    set_up(client)
    assert client.get("/desk/settings/").status_code == 200


def test_looking_uses_nothing_up_and_using_it_does(client: Client, path: str) -> None:
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    choose(client, path)
    for answer in (Client().get(path), choose(Client(), path)):
        assert answer.status_code == 410
        assert "This link does not work" in answer.content.decode()


@pytest.mark.parametrize("token", ["nonsense", "x" * 300, "%00"])
def test_what_is_no_link_answers_like_one_that_is_over(client: Client, token: str, path: str) -> None:
    assert client.get(f"/accounts/first/{token}/").status_code in (404, 410)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Choose a password"),
        (GOOD, "", "Type the password once more"),
        (GOOD, "another-one-altogether", "The two passwords are not the same"),
        ("password1234", "password1234", "too common"),
        ("x\0" + GOOD, "x\0" + GOOD, "Null characters are not allowed"),
    ],
)
def test_what_will_not_do_is_said_beside_the_field(
    client: Client, path: str, password: str, again: str, said: str
) -> None:
    answer = choose(client, path, password, again)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert SignInLink.objects.get().used_at is None
    assert GOOD not in answer.content.decode()


def test_somebody_else_who_is_signed_in_is_signed_out(client: Client, cast: Cast, sam: Officer, path: str) -> None:
    sign_in(client, cast.asha.email)
    choose(client, path)
    set_up(client)
    assert Authenticator.objects.filter(user=sam).exists()
    assert not Authenticator.objects.filter(user=cast.asha).exists()


def test_whoever_was_signed_in_as_them_is_signed_out(client: Client, sam: Officer, path: str) -> None:
    before = Client()
    sign_in(before, sam.email)
    set_up(before)
    assert before.get("/desk/settings/").status_code == 200
    choose(client, path)
    assert before.get("/desk/settings/").status_code == 302


def test_a_second_factor_that_is_there_is_asked_for(client: Client, sam: Officer, path: str) -> None:
    before = Client()
    sign_in(before, sam.email)
    secret = set_up(before)
    cache.clear()  # the code that set it up would count as used
    assert choose(client, path).headers["Location"].startswith("/accounts/2fa/code/")
    assert client.get("/desk/settings/").status_code == 302
    client.post("/accounts/2fa/code/", {"code": code_of(secret)})
    assert client.get("/desk/settings/").status_code == 200


def test_the_secret_of_a_link_does_not_reach_the_log(client: Client, path: str, caplog: Any) -> None:
    from redress.server import log_lines

    choose(client, path)
    client.get(path)
    token = path.split("/")[3]
    assert "/accounts/first/***/" in log_lines.masked(caplog.text)
    assert token not in log_lines.masked(caplog.text)


def test_when_the_second_factor_was_set_up_is_shown(client: Client, path: str) -> None:
    choose(client, path)
    set_up(client)
    page = client.get("/accounts/2fa/").content.decode()
    assert re.search(r"It was set up \w+day \d{1,2} \w+ \d{4}, \d{1,2}:\d\d[ap]m", page)


# --------------------------------------------------------------------------------------------------------------- HTTPS

SAID_HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture
def behind_https(settings: Any) -> None:
    settings.REDRESS_ONLY_BY_HTTPS = True
    settings.REDRESS_TRUSTED_PROXIES = ("127.0.0.1/32", "10.1.0.0/16")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3"])
def test_a_web_server_that_was_named_is_believed(peer: str, cast: Cast, behind_https: None) -> None:
    assert Client(REMOTE_ADDR=peer).get("/", **SAID_HTTPS).status_code == 200


@pytest.mark.parametrize("peer", ["192.0.2.9", "10.2.0.1", "", "nobody"])
def test_anybody_else_who_claims_https_is_not(peer: str, cast: Cast, behind_https: None) -> None:
    answer = Client(REMOTE_ADDR=peer).get("/accounts/login/", **SAID_HTTPS)
    assert answer.status_code == 403
    assert "reached by HTTPS only" in answer.content.decode()
    assert "X-Forwarded-Proto" in answer.content.decode()


def test_what_did_not_come_by_https_is_refused_but_the_watch_is_let_in(cast: Cast, behind_https: None) -> None:
    client = Client()
    assert client.post("/accounts/login/", {"login": "x", "password": "y"}).status_code == 403
    assert client.get("/northmere/").status_code == 403
    assert client.get("/health").status_code in (200, 503)


def test_a_place_that_somebody_claims_to_come_from_is_not_believed(cast: Cast, behind_https: None) -> None:
    seen: list[str | None] = []
    from redress.server.proxies import OnlyTrusted

    middleware = OnlyTrusted(lambda request: seen.append(request.META.get("HTTP_X_FORWARDED_FOR")))  # type: ignore[arg-type,return-value,func-returns-value]
    for peer in ("127.0.0.1", "192.0.2.9"):
        request = Client(REMOTE_ADDR=peer).request().wsgi_request
        request.META["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
        middleware(request)
    assert seen == ["198.51.100.7", None]
