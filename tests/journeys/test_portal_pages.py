"""Does every page of the portal stand without a fault at two widths, and can it be walked with and without a script?

REDRESS_SCREENSHOTS=FOLDER in the environment of the test keeps a picture of each page.
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories import answers
from factories import portal as forms
from factories.intake import Office, office
from journeys import axe
from redress.access.roles import Role
from redress.plumbing import moment

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PORTAL_PICTURES", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop of its own in this thread
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = answers.at(answers.TODAY, 15)
    monkeypatch.setattr(moment, "now", lambda: fixed)


class Walk:
    """A person with a browser."""

    def __init__(self, browser: Any, address: str, *, script: bool = True) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script)
        self.page = self.context.new_page()
        self.address = address
        self.script = script

    def to(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(self.address + path)

    def look(self, name: str) -> None:
        """Look for faults, and keep a picture where one is wanted."""
        assert self.page.locator("h1").count() == 1, (name, self.page.content()[:500])
        if self.script:
            axe.check_widths(self.page)
        if PICTURES and self.script:
            for width in (1280, 390):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
            self.page.set_viewport_size({"width": 1280, "height": 900})

    def go_on(self, label: str = "Continue") -> None:
        """Press the button."""
        self.page.get_by_role("button", name=label, exact=True).click()


@pytest.fixture
def of() -> Office:
    return office()


def fill_in(walk: Walk) -> None:
    """Answer every question, for somebody else, with two points and a file."""
    page = walk.page
    walk.to("/northmere/")
    walk.look("how")
    page.get_by_role("link", name="Make a complaint").click()
    walk.look("q-who")
    walk.go_on()
    walk.look("q-who-error")
    page.get_by_label("Somebody else, and I am writing for them").check()
    walk.go_on()
    walk.look("q-them")
    page.get_by_label("Their full name").fill("Eve Lindqvist")
    page.get_by_label("Who are you to them?").fill("daughter")
    page.get_by_label("I have not asked them, or I am not sure").check()
    walk.go_on()
    walk.look("q-home")
    page.get_by_label("No", exact=True).check()
    walk.go_on()
    page.get_by_label("What went wrong?").fill("The street light outside 22 Harbour Row is out.")
    page.get_by_label("Yes, I will list them one by one").check()
    walk.look("q-wrong")
    walk.go_on()
    page.get_by_label("Thing 1").fill("The light has been out since October.")
    page.get_by_label("Thing 2").fill("Nobody rang back.")
    walk.go_on("Add another")
    walk.look("q-points")
    assert page.get_by_label("Thing 3").count() == 1
    walk.go_on()
    walk.look("q-effect")
    walk.go_on()
    walk.look("q-right")
    page.get_by_label("What would put it right?").fill("Mend the light.")
    walk.go_on()
    page.get_by_label("Add photographs or documents").set_input_files(
        {"name": "light.png", "mimeType": "image/png", "buffer": forms.PNG}
    )
    walk.go_on("Add these files")
    walk.look("q-files")
    walk.go_on()
    walk.look("q-you")
    walk.go_on()
    walk.look("q-you-error")
    page.get_by_label("Your full name").fill("Marcus Hale")
    page.get_by_label("By email").check()
    page.get_by_label("Email address").fill("marcus@advice.example")
    walk.go_on()
    walk.look("q-deal")
    page.get_by_label("Letters in large print").check()
    walk.go_on("Save and come back later")
    walk.look("save")
    walk.to("/northmere/complain/")
    walk.look("carry-on")
    page.get_by_role("link", name="Carry on").click()
    walk.look("check")
    walk.go_on("Send my complaint")
    walk.look("sent")


@pytest.mark.parametrize("script", [True, False])
def test_somebody_complains_for_somebody_else(browser: Any, live_server: Any, of: Office, script: bool) -> None:
    walk = Walk(browser, live_server.url, script=script)
    fill_in(walk)
    assert "NMR-2026-0001" in walk.page.content()
    token = forms.secret_in(forms.mail_out(of)[-1])
    walk.to(f"/northmere/follow/link/{token}/")
    walk.go_on("Open my complaint")
    walk.look("case-representative")
    assert "Eve" not in walk.page.locator("main h1, .answer-by").all_inner_texts()
    walk.context.close()


OTHERS = ("leaflet", "privacy", "accessibility", "contact", "follow", "follow/asked", "follow/closed")
DEAD = (f"complain/resume/{'a' * 43}", f"follow/link/{'a' * 43}")


@pytest.mark.parametrize("path", [*OTHERS, *DEAD])
def test_the_other_pages(browser: Any, live_server: Any, of: Office, path: str) -> None:
    walk = Walk(browser, live_server.url)
    walk.to(f"/northmere/{path}/")
    walk.look(path.split("/a")[0].replace("/", "-"))
    walk.context.close()


def opened(browser: Any, live_server: Any, of: Office, case: Any, *, script: bool = True) -> Walk:
    """Open a case with its link, by the button."""
    walk = Walk(browser, live_server.url, script=script)
    token = forms.link_to(of, case, at=moment.now())
    walk.to(f"/northmere/follow/link/{token}/")
    walk.look("open")
    walk.go_on("Open my complaint")
    return walk


@pytest.mark.parametrize("script", [True, False])
def test_a_case_is_followed_added_to_answered_and_taken_to_stage_2(
    browser: Any, live_server: Any, of: Office, script: bool
) -> None:
    case = answers.acknowledged(of)
    walk = opened(browser, live_server, of, case, script=script)
    walk.look("case-open")
    assert walk.page.locator("h1").inner_text() == "We are looking into your complaint"
    walk.page.get_by_label("Anything new, or a question for us").fill("It was missed again.")
    walk.page.locator("#add button").click()
    assert "has it. It does not change the date." in walk.page.content()
    walk.look("case-added")
    walk.page.get_by_role("link", name="Tell us if this is not right").click()
    walk.look("not-right")
    walk.to("/northmere/follow/add/")
    walk.look("add")
    walk.go_on("Send to " + of.officers[Role.OFFICER].name)
    walk.look("add-error")
    answers.gone(of, case)
    walk.to("/northmere/follow/case/")
    walk.look("case-answered")
    assert "Upheld" in walk.page.locator("#answer").inner_text()
    walk.page.get_by_role("link", name="Ask us to look again").click()
    walk.look("next-stage")
    walk.go_on("Ask us to look again")
    assert "You have asked us to look again." in walk.page.content()
    walk.look("case-stage-2")
    walk.to("/northmere/follow/next-stage/")
    walk.look("next-stage-blocked")
    walk.to("/northmere/follow/case/")
    walk.go_on("Close this page safely")
    walk.look("closed")
    walk.to("/northmere/follow/case/")
    walk.look("case-after-closing")
    assert "NMR-" not in walk.page.locator("main").inner_text().replace("NMR-2026-0437", "")
    walk.context.close()


def test_a_late_case_says_so_first(browser: Any, live_server: Any, of: Office, monkeypatch: Any) -> None:
    case = answers.acknowledged(of)
    monkeypatch.setattr(moment, "now", lambda: answers.at(answers.TODAY + dt.timedelta(days=25)))
    walk = opened(browser, live_server, of, case)
    walk.look("case-late")
    assert walk.page.locator(".answer-by").first.inner_text().startswith("We are late.")
    assert "lgo.org.uk" in walk.page.locator(".answer-by").first.inner_text()
    walk.context.close()
