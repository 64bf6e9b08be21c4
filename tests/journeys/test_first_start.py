"""From `redress init` through the link, a password and a second factor, to the empty desk: nothing is invented."""

from __future__ import annotations

import base64
import hmac
import os
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest

from journeys import axe
from servers import processes
from servers.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
PICTURES = os.environ.get("PICTURES")
PASSWORD = "kettle-anvil-harbour-7"


@pytest.fixture(scope="module")
def begun() -> Iterator[tuple[Installation, str]]:
    """Set an installation up as the guide says, and start it; give it and what was said."""
    with processes.folder("first") as base:
        running = Installation(base / "home of data", processes.free_port(), None)
        said = running.command(
            "init", "--yes", "--nation", "England", "--council", "Northmere Borough Council",
            "--exists-from", "1 April 1974", "--address", "Town Hall, Market Place, Northmere, NM1 1AA",
            "--telephone", "01632 960100", "--email", "complaints@northmere.example",
            "--public-address", running.address, "--administrator", "Nadia Rahman",
            "--administrator-email", "nadia.rahman@northmere.example",
        ).stdout  # fmt: skip
        try:
            running.start()
            yield running, said
        finally:
            running.stop()


def code_of(secret: str) -> str:
    """Give the six figures that a telephone shows now, worked out as RFC 6238 says."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def look(page: Any, name: str) -> None:
    """Have axe look at a page at both widths, and keep pictures where somebody wants them."""
    axe.check_widths(page)
    if PICTURES:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.screenshot(path=f"{PICTURES}/first-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def press(page: Any) -> None:
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def choose(page: Any, password: str, again: str) -> None:
    page.fill("#id_password1", password)
    page.fill("#id_password2", again)
    press(page)


def test_a_council_begins(begun: tuple[Installation, str], town_browser: Any) -> None:
    running, said = begun
    (link,) = re.findall(rf"{running.address}/accounts/first/\S+", said)
    page = town_browser.new_page(viewport={"width": 1280, "height": 900})

    page.goto(f"{running.address}/desk/")
    assert "/accounts/login/" in page.url, "and nobody can sign in yet"
    page.goto(link)
    look(page, "password")
    choose(page, PASSWORD, "something-else-altogether")
    assert "The two passwords are not the same" in page.inner_text("main")
    look(page, "password-wrong")
    choose(page, PASSWORD, PASSWORD)

    assert "/accounts/2fa/set-up/" in page.url
    look(page, "second-factor")
    for hidden in ("/desk/", "/desk/settings/"):
        page.goto(running.address + hidden)
        assert "/accounts/2fa/set-up/" in page.url, f"{hidden} was shown before the second factor"
    page.fill("#id_code", code_of(page.inner_text("b.num")))
    press(page)
    assert "Your recovery codes" in page.inner_text("h1")
    look(page, "recovery-codes")
    page.click("text=I have kept them")
    page.wait_for_load_state()

    assert page.url == f"{running.address}/desk/settings/"
    desk = page.inner_text("main")
    assert "Nadia Rahman" in desk
    assert "system administrator, Northmere" in desk
    assert "There is no mailbox" in desk
    assert "DEMONSTRATION" not in page.inner_text("body").upper()
    look(page, "desk")
    for path in ("/", "/northmere/", "/accounts/2fa/"):
        answer = page.goto(running.address + path)
        assert answer.status == 200
        assert "DEMONSTRATION" not in page.inner_text("body").upper()
        look(page, f"page{path.replace('/', '-')}")

    answer = page.goto(link)
    assert answer.status == 410, "the link works once"
    look(page, "link-over")
    page.context.clear_cookies()
    page.goto(f"{running.address}/accounts/login/")
    page.fill("#id_login", "nadia.rahman@northmere.example")
    page.fill("#id_password", PASSWORD)
    press(page)
    assert "/accounts/2fa/code/" in page.url, "the password alone opens nothing"
    page.context.close()


def test_what_is_there_afterwards(begun: tuple[Installation, str]) -> None:
    running, _said = begun
    again = running.command("init", "--yes").stdout
    assert "nothing was changed" in again
    assert running.command("trail", "verify")
    told = running.command("doctor").stdout
    assert "It serves Northmere Borough Council." in told
    assert not [line for line in told.splitlines() if line.startswith("bad")]
    assert "is not a demonstration" in running.command("demo", check=False).stderr
    counted = running.python(
        "import json\nfrom django.apps import apps\n"
        "print(json.dumps({m._meta.label: m.objects.count() for m in apps.get_models()"
        " if m.__module__.startswith('redress.')}))"
    )
    there = {name for name, count in counted.items() if count}
    assert there <= {
        "council.Council", "staff.Officer", "staff.Membership", "staff.SignInLink", "access.Entry", "access.Detail",
        "access.Stream", "access.Seal", "access.Answer", "server.Installation",
    }, "only what was asked for was made"  # fmt: skip
