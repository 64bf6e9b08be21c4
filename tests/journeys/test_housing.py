"""Housing: is the resident's own choice asked for, can a request become a complaint, what does a refusal say?"""

from __future__ import annotations

import datetime as dt

import pytest

from journeys import main_job as job
from journeys import portal_form
from journeys.visitors import Town, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "dovecot")]
NADIA = "nadia.rahman@mail.example"


def by_telephone(town: Town, words: str) -> Visitor:
    """Open the form for a call and fill in who rings and what about."""
    jo = town.officer(job.ADMINISTRATOR)
    jo.go("/desk/intake/log/").set("channel", "telephone")
    jo.fill(subject="Damp in the bedroom", words=words, name="Nadia Rahman", email=NADIA)
    jo.page.locator("[name='service']").select_option(label="Council housing")
    jo.page.locator("[name='procedure']").select_option("housing-complaint")
    return jo


def test_without_the_residents_own_choice_it_goes_on_as_a_complaint(town: Town) -> None:
    jo = by_telephone(town, "She is unhappy that the damp was never looked at.")
    jo.set("kind", "service-request").set("dissatisfied", "on")
    jo.fill(reason="She asks for a visit.", point_1="The damp in the bedroom was never looked at.")
    jo.press("Save").no_faults().sees("a complaint")
    jo.go(f"/desk/cases/{job.reference_of(jo)}/").sees("Housing complaint", "Stage 1 acknowledgement")


def test_a_request_that_she_chose_becomes_a_complaint_at_one_press(town: Town) -> None:
    jo = by_telephone(town, "She is unhappy that the damp was never looked at, and wants somebody to come.")
    jo.set("kind", "service-request").set("dissatisfied", "on")
    jo.fill(reason="She asks for a visit.", point_1="The damp in the bedroom was never looked at.")
    jo.fill(
        choice_asked="Whether to send somebody first, or to answer her as a complaint.",
        choice_how="By telephone, Jo Lindley",
        choice_answer="Send somebody first, please.",
    )
    jo.set("chose", "request")
    jo.press("Save").no_faults()
    reference = job.reference_of(jo)

    jo.go(f"/desk/intake/requests/{reference}/").sees("Send somebody first, please.")
    before = len(job.letters_to(town, NADIA))
    jo.press("The letter").sees("complain")
    jo.page.locator("main button[value='send'], .dock button[value='send']").first.click()
    letter = job.next_letter(town, NADIA, before)
    assert "complaint" in job.words_of(letter).lower()

    jo.go(f"/desk/intake/requests/{reference}/")
    jo.day("dissatisfaction_on", dt.date.today()).press("Turn it into a complaint").no_faults()
    jo.go(f"/desk/cases/{reference}/").sees("Housing complaint", "Stage 1")
    job.wait_until_sent(town, reference)


def test_a_refusal_is_the_managers_and_tells_of_the_ombudsman(town: Town) -> None:
    _, reference = portal_form.sent(town, name="Nadia Rahman", address=NADIA, wrong="The lift was broken in 2019.")
    jo = town.officer(job.ADMINISTRATOR)
    jo.go(f"/desk/intake/triage/{reference}/").sees("Your role doesn't allow you to refuse")
    carol = town.officer(job.MANAGER)
    carol.go(f"/desk/intake/refuse/{reference}/")
    carol.page.locator("[name='ground']").first.check(force=True)
    carol.fill(
        reason="It happened in 2019, and you knew of it then.",
        evidence="The report of 3 May 2019.",
        discretion="We considered whether to look at it all the same: nothing could be established now.",
    )
    before = len(job.letters_to(town, NADIA))
    carol.press("See the letter").no_faults().sees("Ombudsman")
    carol.page.locator("main button[value='send']").first.click()
    carol.page.wait_for_load_state()
    letter = job.next_letter(town, NADIA, before)
    assert "Ombudsman" in job.words_of(letter)
    carol.go(f"/desk/cases/{reference}/").sees("refused")
