"""A council makes a procedure its own: refused, drafted, tried, approved by another; a new case has it, an old one does
not.
"""

from __future__ import annotations

import datetime as dt

import pytest

from journeys import main_job as job
from journeys.visitors import Town

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]

PROCEDURE = "/desk/settings/procedures/eastvale/housing-complaint/"
LIMIT = "limit_stage-1-response"
ACKNOWLEDGED = "limit_stage-1-acknowledgement"
LEADER, MANAGER = "Helen Marsh", "Carol Whitfield"


def logged(town: Town, who: str) -> str:
    """Log a tenant's complaint at Eastvale, by telephone."""
    jo = town.officer(job.ADMINISTRATOR)
    jo.go("/desk/intake/log/?council=eastvale").set("channel", "telephone")
    email = f"{who.split()[0].lower()}@mail.example"
    jo.fill(subject="No heating", words="The boiler was not mended.", name=who, email=email)
    jo.page.locator("[name='service']").select_option(label="Housing repairs")
    jo.page.locator("[name='procedure']").select_option("housing-complaint")
    jo.set("kind", "complaint").fill(reason="She is not satisfied.", point_1="The boiler was not mended.")
    jo.press("Save").no_faults()
    return job.reference_of(jo)


def test_a_council_makes_an_edition_of_its_own(town: Town) -> None:
    old = logged(town, "Olive Old")
    today = dt.date.today()

    helen = town.officer(LEADER)
    helen.go("/desk/settings/").press("Procedures").sees("Eastvale District Council")
    helen.go(PROCEDURE).sees("Every limit", "paragraph 6.3").press("Make our own edition")
    helen.sees("Never more than 10 working days").day("in_force_from", today)
    helen.fill(title="Complaint of a tenant", why="Cabinet, 3 November 2026").set(LIMIT, "12")
    helen.press("Keep the draft").sees("12 working days is too long", "paragraph 6.3")
    assert helen.page.input_value("[name='title']") == "Complaint of a tenant", "nothing that was typed is lost"
    helen.set(LIMIT, "4").set(ACKNOWLEDGED, "3").press("Keep the draft").no_faults()
    helen.sees("What is different", "4 working days", "has to be tried")
    number = helen.page.url.rstrip("/").rsplit("/", 1)[-1]

    helen.press("Try it on our past cases").sees("How many late, before and after", "would have had one", old)
    helen.press("Back to the edition").sees("Your role doesn't allow you to approve")

    carol = town.officer(MANAGER)
    carol.go(f"/desk/settings/editions/{number}/").press("Approve it").sees("Drafted by Helen Marsh", "never changes")
    carol.press("Approve it").no_faults().sees("Approved by Carol Whitfield", "In force")

    new = logged(town, "Nora New")
    carol.go(f"/desk/cases/{new}/").sees("Complaint of a tenant", "3 working days after", "Eastvale’s own edition")
    carol.go(f"/desk/cases/{old}/").sees("Housing complaint", "5 working days after")
    assert "Complaint of a tenant" not in carol.text()
    carol.go("/desk/settings/what-if/?council=eastvale&procedure=housing-complaint").sees("4 working days")
    carol.go(f"{PROCEDURE}").sees("Complaint of a tenant", "own edition, based on")
