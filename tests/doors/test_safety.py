"""What stands in the log and in the headers, and which addresses are none."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from redress.server import log_lines

SECRET = "Zk3abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"


@pytest.mark.parametrize("place", ["follow/link", "complain/resume"])
def test_the_log_never_holds_the_secret_of_a_link(place: str) -> None:
    written = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Gone: %s", (f"/northmere/{place}/{SECRET}/",), None
    )
    formatter = log_lines.Masked(fmt="{levelname} {message}", style="{")
    line = formatter.format(written)
    assert SECRET not in line
    assert line == f"WARNING Gone: /northmere/{place}/***/"


def test_what_went_wrong_is_masked_too() -> None:
    try:
        raise RuntimeError(f"at /northmere/follow/link/{SECRET}/ in postgresql://redress:{SECRET}@db/redress")
    except RuntimeError as fault:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "Fault", (), (type(fault), fault, fault.__traceback__))
    assert SECRET not in log_lines.Masked().format(record)


def test_every_line_of_the_program_is_written_so() -> None:
    assert {one["()"] for one in settings.LOGGING["formatters"].values()} == {"redress.server.log_lines.Masked"}
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} <= set(settings.LOGGING["formatters"])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/cases/a%00b/", "/%00/", "/northmere/follow/link/%00/"])
def test_an_address_with_a_nul_character_is_none(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_form_without_our_own_token_is_refused_everywhere() -> None:
    client = Client(enforce_csrf_checks=True)
    for path in (
        "/northmere/follow/",
        "/northmere/complain/who/",
        f"/northmere/follow/link/{SECRET}/",
        "/accounts/login/",
    ):
        assert client.post(path, {}).status_code == 403, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(elsewhere: str) -> None:
    page = Client().get("/accounts/login/", {"next": elsewhere})
    assert "evil.example" not in page.get("Location", "")
    assert page.status_code == 200


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400
