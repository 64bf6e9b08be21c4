"""Does everything work in a browser that runs no script: the portal, and what the desk mainly does?"""

from __future__ import annotations

import re

import pytest

from journeys import main_job as job
from journeys import portal_form
from journeys.visitors import Town

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "dovecot")]
DEV = "dev.patel@mail.example"
PICTURE = {"name": "depot.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(200)}


def test_the_portal_and_the_desk_without_script(town_without_script: Town) -> None:
    town = town_without_script
    sent, reference = portal_form.sent(town, back_and_forth=True, files=[PICTURE], address=DEV)
    sent.sees("What happens next", DEV)

    # The officer takes it as a complaint, acknowledges it, and gives it to somebody.
    jo = town.officer(job.ADMINISTRATOR)
    jo.go(f"/desk/intake/triage/{reference}/").sees("The noise from the depot wakes us")
    jo.set("kind", "complaint").press("Save").no_faults()
    jo.go(f"/desk/cases/{reference}/").press("Acknowledge").press("Send the acknowledgement").no_faults()
    job.wait_until_sent(town, reference)
    job.allocated(town, reference, job.OFFICER)

    # The work list, a search, a note and a letter.
    asha = town.officer(job.OFFICER)
    asha.go("/desk/").sees("Dev Patel")
    asha.go(f"/desk/search/?q={reference}").sees("Dev Patel")
    asha.go(f"/desk/cases/{reference}/").press("Add a note or a call")
    asha.fill(words="The depot opens at four.").press("Write it down").no_faults()
    asha.go(f"/desk/cases/{reference}/write/").fill(words="We are looking into the depot.")
    asha.press("See it").press("Release it").no_faults()
    job.wait_until_sent(town, reference)

    # The resident follows it, reads the letter, and adds something.
    dev = job.link_asked_for(town, reference, DEV)
    dev.sees("The noise from the depot wakes us", "Asha Mehta")
    dev.fill(words="It happened again this morning.").press("Send to Asha Mehta").no_faults()
    asha.go(f"/desk/cases/{reference}/").press("More about your complaint").sees("It happened again this morning")

    # It is answered, checked by another person, and sent; the promise is kept and the case closes.
    answer = job.answered(town, reference, to=("Dev Patel", DEV))
    assert "We apologise" in job.words_of(answer)
    job.promises_kept(town, reference)
    asha.go(f"/desk/cases/{reference}/").sees("Closed")


def test_a_call_is_written_down_without_script(town_without_script: Town) -> None:
    """One line more is asked for on the way, and nothing that was typed is lost."""
    jo = town_without_script.officer(job.ADMINISTRATOR)
    jo.go("/desk/intake/log/").set("channel", "telephone")
    jo.fill(
        subject="Street light",
        words="The light outside number 4 is out again.",
        name="Ada Byron",
        telephone="01632 960 555",
    )
    jo.press("Add a line")
    assert jo.page.locator("[name='name']").input_value() == "Ada Byron"
    jo.set("kind", "complaint").fill(point_1="The light was reported three times.")
    jo.press("Show the dates").sees("Acknowledge by")
    assert jo.page.locator("[name='point_1']").input_value() == "The light was reported three times."
    jo.press("Save").no_faults()
    jo.go(f"/desk/cases/{job.reference_of(jo)}/").sees("Ada Byron", "The light was reported three times.")


def test_a_form_that_was_left_half_way_is_found_again(town_without_script: Town) -> None:
    """The resident saves it, leaves, and comes back by the link in their e-mail on another machine."""
    town = town_without_script
    dev = town.resident()
    dev.go("/northmere/").press("Make a complaint")
    if dev.page.locator("[name='who']").count() == 0:
        dev.press("Start now")
    dev.set("who", "me").press("Continue")
    before = len(job.letters_to(town, "leaver@mail.example"))
    dev.press("Save and come back later").fill(email="leaver@mail.example").press("Send the link").no_faults()
    mail = job.next_letter(town, "leaver@mail.example", before)
    link = re.search(r"https?://\S+/complain/resume/\S+", job.words_of(mail))
    assert link, job.words_of(mail)
    elsewhere = town.resident()
    elsewhere.go(link.group().rstrip(".>)"))
    elsewhere.press("Bring my answers back")
    assert "/complain/" in elsewhere.page.url
