"""Do the pages about signing in, the trail and the settings work in a real browser, without a fault that axe knows?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from factories import cast as casting
from factories.cast import PASSWORD, Cast
from journeys import axe
from redress.access import seals
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.casework import trail_check
from redress.plumbing import moment

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def cast(settings: Any, tmp_path: Path) -> Cast:
    """Assemble everybody in an installation of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDRESS_HOME = tmp_path
    cache.clear()
    return casting.assemble(password=PASSWORD)


@pytest.fixture
def page(live_server: Any, cast: Cast) -> Iterator[Any]:
    """Open a page of a browser."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        found = browser.new_page(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        yield found
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def look(page: Any, name: str) -> None:
    """Have axe look at a page at both widths, and keep pictures where somebody wants them."""
    axe.check_widths(page)
    if PICTURES:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def sign_in(page: Any, email: str) -> None:
    """Sign in with the password."""
    page.goto("/accounts/login/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")


def test_signing_in_with_a_second_factor(page: Any, cast: Cast) -> None:
    page.goto("/")
    look(page, "front")
    page.goto("/accounts/login/?next=/desk/&ended=idle")
    look(page, "sign-in")
    page.fill("#id_login", cast.asha.email)
    page.fill("#id_password", "wrong")
    page.click("button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    look(page, "sign-in-wrong")
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/set-up/**")
    look(page, "second-factor")
    page.fill("#id_code", "000000")
    page.click("main button[type=submit]")
    look(page, "second-factor-wrong")
    page.goto("/accounts/2fa/")
    look(page, "your-sign-in")
    page.goto("/accounts/password/change/")
    look(page, "password")


def test_the_trail_and_the_settings(page: Any, cast: Cast, settings: Any) -> None:
    settings.REDRESS_DEMONSTRATION = True
    case = cast.answered(cast.allocated(cast.acknowledged(cast.logged())))
    seals.seal(at=moment.now())
    cast.logged()
    trail_check.record(entries=40, seals=1, faults=[], by=Actor.timetable("Trail"), at=moment.now())
    sign_in(page, cast.officers[Role.AUDITOR].email)
    page.goto("/desk/trail/")
    look(page, "trail")
    page.fill("#reference", "NMR-1999-0001")
    page.click("main button[type=submit]")
    look(page, "trail-not-found")
    page.goto(f"/desk/trail/{case.reference}/")
    page.click("text=Check this chain now")
    page.wait_for_selector("text=This chain holds")
    look(page, "trail-case")
    page.context.clear_cookies()
    sign_in(page, cast.officers[Role.SYSTEM_ADMINISTRATOR].email)
    page.goto("/desk/settings/")
    look(page, "settings")
    page.click("text=Stop reading")
    page.wait_for_selector("text=is not read any more")
    page.context.clear_cookies()
    sign_in(page, cast.carol.email)
    page.goto("/desk/settings/")
    look(page, "settings-manager")
