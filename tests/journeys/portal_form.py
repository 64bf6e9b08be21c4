"""The portal's form as a resident fills it in, question by question, from “Make a complaint” to the reference."""

from __future__ import annotations

import re
from typing import Any

from journeys.visitors import Town, Visitor


def sent(
    town: Town,
    *,
    council: str = "northmere",
    name: str = "Dev Patel",
    address: str = "dev.patel@mail.example",
    wrong: str = "The noise from the depot wakes us at four every morning.",
    for_whom: str = "",
    home: str = "",
    files: list[dict[str, Any]] | None = None,
    back_and_forth: bool = False,
) -> tuple[Visitor, str]:
    """Fill the form in and send it; gives the window and the reference.

    ``for_whom`` names another person on whose behalf it is written; ``home`` answers whether it is about a home that
    the council lets. With ``back_and_forth`` the resident goes back once, and finds what they had answered.
    """
    visitor = town.resident()
    visitor.go(f"/{council}/").press("Make a complaint")
    _begin(visitor)
    visitor.set("who", "other" if for_whom else "me").press("Continue")
    if for_whom:
        visitor.fill(name=for_whom, relation="neighbour").set("may_talk", "ask").press("Continue").no_faults()
    if visitor.page.locator("[name='home']").count():
        choices = [one.get_attribute("value") for one in visitor.page.locator("[name='home']").all()]
        visitor.set("home", home or ("no" if "no" in choices else str(choices[-1]))).press("Continue").no_faults()
    visitor.press("Continue")
    assert visitor.page.locator(".govuk-error-summary").count() == 1, "an empty answer must be told"
    visitor.fill(wrong=wrong)
    if visitor.page.locator("[name='more']").count():
        visitor.set("more", "no")
    visitor.press("Continue").no_faults()
    if back_and_forth:
        visitor.press("Back")
        assert visitor.page.locator("[name='wrong']").input_value() == wrong
        visitor.press("Continue").no_faults()
    visitor.fill(effect="We can't sleep.").press("Continue").no_faults()
    visitor.fill(right="Start later.").press("Continue").no_faults()
    if files:
        visitor.page.locator("[type='file']").set_input_files(files)
    visitor.press("Continue").no_faults()
    if files and "You have added" not in visitor.text() and visitor.page.locator("[name='name']").count() == 0:
        visitor.press("Continue").no_faults()
    visitor.fill(name=name, email=address).set("prefers", "email").press("Continue").no_faults()
    visitor.press("Continue").no_faults()
    visitor.sees("Check your answers", wrong, name)
    visitor.press("Send my complaint").no_faults()
    found = re.search(r"[A-Z]{3}-\d{4}-\d{4,}", visitor.text())
    assert found, visitor.text()[:1500]
    return visitor, found.group()


def _begin(visitor: Visitor) -> None:
    """Press the button of the page before the questions, where there is one."""
    if visitor.page.locator("[name='who']").count() == 0:
        visitor.press("Start now")
