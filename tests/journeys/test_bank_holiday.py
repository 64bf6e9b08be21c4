"""A bank holiday is proclaimed: Carol sees what would move and adds it, Asha is told and says what becomes of a letter.

Afterwards it is taken back, so that nobody else's dates stay moved.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from journeys.visitors import Town, Visitor, wait_for
from redress.rulebook import calendar, dates

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "dovecot")]
MANAGER, OFFICER = "Carol Whitfield", "Asha Mehta"

# A case of Asha's whose answer is not due for a while, and whose acknowledgement gave that date.
FIND = """
import json
from redress.cases.models import Clock
from redress.access.actor import Actor
from redress.correspondence.queries_letters import giving
from redress.plumbing import moment
by = Actor.command("a journey")
rows = Clock.objects.filter(open=True, name="stage-1-response", holder__name="Asha Mehta", case__closed_at=None)
rows = rows.filter(due_on__gt=moment.today()).select_related("case").order_by("-due_on", "pk")
one = next(row for row in rows if len(giving(by, row.due_on, [row.case_id])) == 1)
print(json.dumps({"reference": one.case.reference, "due": one.due_on.isoformat()}))
"""


def due_on(town: Town, reference: str) -> str:
    """Ask the database by when the answer is due."""
    code = (
        "import json; from redress.cases.models import Clock; "
        f"row = Clock.objects.get(case__reference={reference!r}, name='stage-1-response'); "
        "print(json.dumps(row.due_on.isoformat()))"
    )
    return str(town.running.python(code))


def case_says(visitor: Visitor, reference: str, words: str) -> bool:
    """Open a case and see whether it says these words."""
    visitor.page.goto(f"{visitor.running.address}/desk/cases/{reference}/")
    return words in " ".join(visitor.text().split())


def test_dates_move_and_the_holder_is_told(town: Town) -> None:
    found: dict[str, Any] = town.running.python(FIND)
    reference, due = found["reference"], dt.date.fromisoformat(found["due"])
    later = calendar.england_and_wales().add(due, 1)

    carol = town.officer(MANAGER)
    carol.go("/desk/settings/calendar/").sees("Published list of bank holidays", "Not read yet.")
    carol.day("on", due).fill(of="bank-holiday:all", reason="The King’s visit", source="The Gazette")
    carol.press("Show what would move").no_faults()
    carol.sees(f"A bank holiday on {dates.say(due)}?", reference, "Nothing changes until you confirm.")
    row = carol.page.get_by_role("row").filter(has_text=reference)
    told = " ".join(row.inner_text().split())
    assert f"{dates.day_and_month(due)}" in told and f"{dates.day_and_month(later)}" in told, told
    carol.sees("Letters that gave those dates", f"gave {dates.day_and_month(due)}")
    assert due_on(town, reference) == due.isoformat(), "looking moves nothing"
    carol.page.get_by_role("button", name=re.compile(r"^Add .* and move \d+ dates?$")).click()
    carol.page.wait_for_load_state()
    carol.look().sees("is a bank holiday in England and Wales, Scotland and Northern Ireland now.", "The Gazette")
    wait_for("the worker to move the date", lambda: due_on(town, reference) == later.isoformat())

    asha = town.officer(OFFICER)
    asha.go("/desk/").sees(f"{reference}: Stage 1 response moved from {dates.say(due)} to {dates.say(later)}")
    asha.go(f"/desk/cases/{reference}/")
    asha.sees(
        "1 letter gave a date that has moved",
        f"It gave {dates.say(due)}; Stage 1 response is now due {dates.say(later)}.",
        "A due date moved because the calendar changed",
        "The King’s visit",
    )
    asha.press("We keep the earlier date").sees("It is written down that the earlier date is kept.")
    assert not case_says(asha, reference, "a date that has moved")

    for left in (2, 1, 0):
        carol.go("/desk/settings/calendar/")
        carol.page.get_by_role("button", name=re.compile("^Take it back")).first.click()
        carol.page.wait_for_load_state()
        carol.look().sees("any more. Dates are being worked out.")
        assert carol.page.get_by_role("button", name=re.compile("^Take it back")).count() == left
    wait_for("the worker to move it back", lambda: due_on(town, reference) == due.isoformat())
