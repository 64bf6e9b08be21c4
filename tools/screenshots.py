"""Takes the pictures of the README and the docs: `python tools/screenshots.py`, with Chromium on the machine.

A demonstration is started as people start it, in a folder that is gone afterwards, and looked at by the people who work
there. Each picture is 1280 pixels wide; the portal's are taken as a telephone shows them, too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from journeys.visitors import Town, Visitor, chromium  # noqa: E402
from servers.installation import installation  # noqa: E402

IMAGES = PROJECT / "docs" / "images"
CASES = "90"


def main() -> int:
    """Take all pictures and name them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with installation(REDRESS_TEST_CASES=CASES) as running, chromium() as browser:
        town = Town(running, browser)
        of_the_desk(town)
        of_the_portal(town)
    return 0


def of_the_desk(town: Town) -> None:
    """Show a day of the team: the work list, the queue, logging, a case, an answer and its check."""
    asha, jo, carol = (town.officer(name) for name in ("Asha Mehta", "Jo Lindley", "Carol Whitfield"))
    take(asha, "/desk/", "my-work")
    first = asha.page.locator("a.next").first.get_attribute("href") or "/desk/"
    take(jo, "/desk/intake/", "intake")
    found = re.search(r"open=m(\d+)", jo.page.locator("a.next").nth(3).get_attribute("href") or "")
    if found:
        take(jo, f"/desk/intake/{found.group(1)}/log/", "log")
    take(asha, first if "/cases/" in first else case_of(asha), "case")
    take(carol, "/desk/responses/checks/", "checks")
    check = carol.page.locator("a[href*='/responses/check/']").first
    if check.count():
        take(carol, check.get_attribute("href") or "", "check")


def case_of(visitor: Visitor) -> str:
    """Give the address of the first case on the work list."""
    visitor.page.goto(f"{visitor.running.address}/desk/")
    return visitor.page.locator("a[href*='/desk/cases/']").first.get_attribute("href") or "/desk/"


def of_the_portal(town: Town) -> None:
    """Show what residents see, on a desk and on a telephone."""
    resident = town.resident()
    take(resident, "/northmere/", "portal")
    resident.page.set_viewport_size({"width": 390, "height": 844})
    take(resident, "/northmere/complain/wrong/", "portal-phone")


def take(visitor: Visitor, path: str, name: str) -> None:
    """Take one picture."""
    visitor.page.goto(visitor.running.address + path)
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.screenshot(path=str(IMAGES / f"{name}.png"))
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    sys.exit(main())
