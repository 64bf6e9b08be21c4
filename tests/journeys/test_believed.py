"""Do the reasons of a clock open in a browser without script, and have the pages about them no fault that axe knows?"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from factories import cast as casting
from factories.cast import AT, TODAY, Cast
from journeys import axe
from redress.access import trail
from redress.cases import changes
from redress.cases.models import Case
from redress.casework import case_details
from redress.plumbing import moment
from redress.rulebook import procedures

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PICTURES = os.environ.get("PICTURES")
LATER = TODAY + dt.timedelta(days=3)


@pytest.fixture
def cast(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Assemble everybody in an installation of its own, three days after the complaint came."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDRESS_HOME = tmp_path
    settings.REDRESS_DEMONSTRATION = True
    monkeypatch.setattr(moment, "now", lambda: casting.at(LATER, 12))
    return casting.assemble()


@pytest.fixture
def pages(live_server: Any, cast: Cast) -> Iterator[Any]:
    """Open a page of a browser, signed in as the officer."""
    client = Client()
    client.force_login(cast.asha, backend=BACKEND)
    name = django_settings.SESSION_COOKIE_NAME
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        view = {"width": 1280, "height": 900}
        # axe is a script itself, so what has to work without one is opened in a browser of its own.
        contexts = [
            browser.new_context(base_url=live_server.url, viewport=view, java_script_enabled=script)
            for script in (True, False)
        ]
        for context in contexts:
            context.add_cookies([cookie])
            context.set_default_timeout(15_000)
        yield tuple(context.new_page() for context in contexts)
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


def happened(cast: Cast, case: Case, kind: str, on: dt.date) -> None:
    """Record a happening that no step of this release records."""
    entry = trail.read(case)[0].id
    changes.add_happening(case=case, stage=None, kind=kind, on=on, entry=entry, by=cast.actor(), at=casting.at(LATER))


def test_the_reasons_and_what_was_believed_on_a_day(pages: Any, cast: Cast) -> None:
    case = cast.allocated(cast.acknowledged(cast.logged()))
    case_details.correct_date(
        case=case, happening=case_details.correctable(case)[0], on=dt.date(2026, 11, 19), reason="The desk had it.",
        by=cast.actor(), at=casting.at(LATER),
    )  # fmt: skip
    page, plain = pages
    for one in pages:
        one.goto(f"/desk/cases/{case.reference}/")
        assert not one.get_by_text("What would move it").first.is_visible()
        one.get_by_text("Every step").first.click()
        assert one.get_by_text("What would move it").first.is_visible()
    look(page, "case-reasons")
    page.get_by_role("link", name="What was believed on a day").click()
    look(page, "believed-choose")
    plain.goto(page.url)
    for one in pages:
        for name, typed in (("on_day", "23"), ("on_month", "11"), ("on_year", "2026")):
            one.fill(f"[name={name}]", typed)
        one.get_by_role("button", name="Show what was believed").click()
        assert one.get_by_text("Then: Monday 30 November 2026. Now: Thursday 26 November 2026.").is_visible()
    look(page, "believed")
    page.fill("[name=on_year]", "2027")
    page.get_by_role("button", name="Show what was believed").click()
    assert page.get_by_text("That day is still to come").first.is_visible()
    look(page, "believed-to-come")


def test_paused_and_unclear_clocks(pages: Any, cast: Cast) -> None:
    page, _plain = pages
    paused = cast.allocated(cast.acknowledged(cast.logged(matter="Which papers are held")))
    edition = procedures.current("foi-request").id
    Case.objects.filter(pk=paused.pk).update(procedure="foi-request", edition=edition)
    paused.refresh_from_db()
    happened(cast, paused, "clarification-asked", AT.date() + dt.timedelta(days=1))
    unclear = cast.allocated(cast.acknowledged(cast.logged(matter="A bin")))
    happened(cast, unclear, "responded", dt.date(2026, 11, 2))
    for name, case in (("paused", paused), ("unclear", unclear)):
        page.goto(f"/desk/cases/{case.reference}/")
        look(page, name)
    page.goto("/desk/")
    assert page.get_by_text("Put the dates right").is_visible()
    look(page, "my-work-paused-and-unclear")
