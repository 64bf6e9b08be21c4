"""People in front of a browser: officers who sign in, residents who don't, and what they do on the pages.

A visitor looks at each page that they come to with axe, at desktop and phone width, the first time that they come::

    asha = office.officer("Asha Mehta")
    asha.go(f"/desk/cases/{reference}/")
    asha.press("Allocate")
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from journeys import axe
from servers.installation import Installation

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--no-first-run",
)  # fmt: skip
PATIENCE = 20_000
"""Milliseconds; the machine may be busy."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser of this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        yield found
        found.close()


@dataclass
class Visitor:
    """Somebody with a browser window."""

    page: Any
    running: Installation
    seen: set[str]
    script: bool = True

    def go(self, path: str) -> Visitor:
        """Open an address, and look at the page."""
        address = path if path.startswith("http") else self.running.address + path
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} answers {answer.status}: {self.text()[:400]}"
        return self.look()

    def look(self) -> Visitor:
        """Check that the page is whole: a heading, no fault that axe knows, nothing sideways; once a kind of page."""
        self.page.wait_for_load_state()
        kind = re.sub(r"[A-Z]{3}-\d{4}-\d+|\b\d+\b|/[\w-]{30,}", "·", self.page.url.split("?")[0])
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has {self.page.locator('h1').count()} headings"
        if self.script and kind not in self.seen:
            self.seen.add(kind)
            axe.check_widths(self.page)
        return self

    def text(self) -> str:
        """Give the words of the page."""
        return str(self.page.locator("body").inner_text())

    def sees(self, *words: str) -> Visitor:
        """Check that the page says these words."""
        told = " ".join(self.text().split())
        for word in words:
            assert word in told, f"{self.page.url} doesn't say {word!r}:\n{told[:3000]}"
        return self

    def fill(self, **values: str) -> Visitor:
        """Fill fields in by name; an underscore at the end and double underscores make hyphens."""
        for name, value in values.items():
            self.set(name.replace("__", "-"), value)
        return self

    def set(self, name: str, value: str) -> Visitor:
        """Fill one field in: text, a choice, a tick."""
        found = self.page.locator(f"main [name='{name}'], [name='{name}'][form]")
        kind = found.first.evaluate("e => e.tagName + ':' + (e.type || '')")
        if kind == "SELECT:select-one":
            found.first.select_option(value)
        elif kind.endswith(":radio"):
            self.page.locator(f"[name='{name}'][value='{value}']").check(force=True)
        elif kind.endswith(":checkbox"):
            (found.first if value == "on" else self.page.locator(f"[name='{name}'][value='{value}']")).check(force=True)
        else:
            found.first.fill(value)
        return self

    def day(self, name: str, day: Any) -> Visitor:
        """Fill a date in, in its three fields."""
        for place in ("day", "month", "year"):
            self.page.locator(f"[name='{name}_{place}']").fill(str(getattr(day, place)))
        return self

    def choose(self, label: str) -> Visitor:
        """Choose or tick what has this label."""
        self.page.get_by_label(label, exact=True).first.check(force=True)
        return self

    def open_details(self, words: str) -> Visitor:
        """Open a part of the page that is folded away."""
        folded = self.page.locator("details:not([open]) > summary", has_text=words)
        if folded.count():
            folded.first.click()
        return self

    def press(self, label: str, *, look: bool = True) -> Visitor:
        """Press a button or follow a link by its words."""
        page = self.page
        # The letter of a shortcut stands behind the words of a button.
        pattern = re.compile(rf"^{re.escape(label)}(\s+\S{{1,10}}( \S+)?)?$")
        button = page.get_by_role("button", name=pattern).or_(page.get_by_role("link", name=pattern))
        visible = [one for one in button.all() if one.is_visible()]
        assert visible, f"{page.url} has no {label!r}; it has {self.things_to_press()}"
        before = page.url
        with page.expect_navigation(timeout=PATIENCE * 3):
            visible[0].click()
        page.wait_for_load_state()
        assert page.locator("main").count(), f"after {label!r} on {before}: {self.text()[:600]}"
        return self.look() if look else self

    def things_to_press(self) -> list[str]:
        """List what could be pressed, for messages."""
        found = self.page.locator("main a, main button, .dock a, .dock button")
        return [" ".join(words.split()) for words in found.all_inner_texts() if words.strip()][:60]

    def no_faults(self) -> Visitor:
        """Check that the page didn't come back with something to mend."""
        summary = self.page.locator(".govuk-error-summary")
        assert summary.count() == 0, f"{self.page.url}: {summary.first.inner_text()}"
        return self


@dataclass
class Town:
    """A running Redress, a browser, and the people who use both."""

    running: Installation
    browser: Any
    script: bool = True
    seen: set[str] = field(default_factory=set)
    windows: dict[str, Visitor] = field(default_factory=dict)
    everybody: list[Visitor] = field(default_factory=list)

    def resident(self) -> Visitor:
        """Give somebody from outside a fresh window."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=self.script)
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context.new_page(), self.running, self.seen, self.script)
        self.everybody.append(visitor)
        return visitor

    def officer(self, name: str) -> Visitor:
        """Give somebody who works here a window in which they are signed in."""
        if name not in self.windows:
            visitor = self.resident()
            known = self.running.person(name)
            visitor.go("/accounts/login/?next=/desk/")
            visitor.fill(login=known["email"], password=known["password"]).press("Sign in")
            assert "/desk/" in visitor.page.url, visitor.text()[:500]
            self.windows[name] = visitor
        return self.windows[name]


def wait_for(what: str, found: Callable[[], Any], *, seconds: float = 90.0) -> Any:
    """Wait until something is there, and give it."""
    until = time.monotonic() + seconds
    while True:
        answer = found()
        if answer:
            return answer
        assert time.monotonic() < until, f"waited {seconds:.0f} seconds for {what}"
        time.sleep(0.5)
