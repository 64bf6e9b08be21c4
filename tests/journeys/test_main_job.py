"""Does the whole product do its main job, from an e-mail to a closed Stage 2, in a real browser with real servers?"""

from __future__ import annotations

import pytest

from journeys import main_job as job
from journeys.visitors import Town

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "dovecot")]


def test_from_an_email_to_a_closed_stage_2(town: Town) -> None:
    """Walk the ten steps; every page that is passed is looked at with axe, at desktop and phone width."""
    body = "Dear council,\n\nmy brown bin was not emptied on 9 and 16 November.\nI am very unhappy.\n\nGrace Okafor\n"
    raw = job.an_email("Bin missed again", body)
    jo = job.email_arrives(town, raw, "Bin missed again")
    reference = job.logged(town, jo)

    letter = job.acknowledged(town, reference)
    assert "The brown bin was not emptied on 9 and 16 November." in job.words_of(letter)
    job.allocated(town, reference, job.OFFICER)
    town.officer(job.OFFICER).go("/desk/").sees("Missed assisted collection", "Grace Okafor")

    job.written_to_and_answered(town, reference)
    answer = job.answered(town, reference)
    assert "The round sheets show that the crew did not come." in job.words_of(answer)
    assert "Stage 2" in job.words_of(answer), "an answer says how to take it further"
    assert [one.get_content_type() for one in answer.iter_attachments()] == ["application/pdf"]
    job.promises_kept(town, reference)
    town.officer(job.MANAGER).go(f"/desk/cases/{reference}/").sees("Closed", "partly upheld")

    job.next_stage_asked_for(town, reference)
    job.acknowledged(town, reference, stage=2)
    job.cannot_be_given_to(town, reference, job.OFFICER, "Stage 1", by=job.MANAGER)
    job.allocated(town, reference, job.LEADER, by=job.MANAGER)
    final = job.answered(town, reference, stage=2, writer=job.LEADER)
    assert "This is our final answer." in job.words_of(final)
    assert "Ombudsman" in job.words_of(final)
    job.promises_kept(town, reference, by=job.LEADER)
    carol = town.officer(job.MANAGER).go(f"/desk/cases/{reference}/").sees("Closed")
    carol.go(f"/desk/trail/{reference}/").sees("Logged")

    verified = town.running.command("trail", "verify")
    assert "The trail is as it was written." in verified.stdout

    # The same message once more opens nothing.
    assert town.running.mail is not None
    town.running.mail.deliver(raw, "complaints@northmere.example", sender=job.GRACE)
    town.running.poll_mail()
    jo.go("/desk/intake/")
    assert "Bin missed again" not in jo.text()
