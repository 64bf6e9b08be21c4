"""The main job as its people do it, one function for each of the issue's steps, from an e-mail to a closed Stage 2.

Each function uses pages as a person would and leaves the town as the next one needs it; ``test_main_job.py`` puts them
together, and ``trials/kills.py`` does the same while it kills processes.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from journeys.visitors import Town, Visitor, wait_for
from servers.installation import MAILBOX

GRACE = "grace.okafor@mail.example"
ADMINISTRATOR, OFFICER, LEADER, MANAGER = "Jo Lindley", "Asha Mehta", "Helen Marsh", "Carol Whitfield"


def an_email(subject: str, body: str, *, sender: str = f"Grace Okafor <{GRACE}>", to: str = MAILBOX, **headers: str) -> bytes:
    """Write an e-mail as a mail program does."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = email.utils.format_datetime(dt.datetime.now(dt.UTC))
    message["Message-ID"] = email.utils.make_msgid(domain="mail.example")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def letters_to(town: Town, address: str) -> list[EmailMessage]:
    """Give what the SMTP server took for an address, in order."""
    assert town.running.mail is not None
    raw = town.running.mail.sent_to(address)
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]  # type: ignore[misc]


def words_of(message: EmailMessage) -> str:
    """Give the plain text of a message."""
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


# ------------------------------------------------------------------------------------------------- 1. an e-mail arrives


def email_arrives(town: Town, raw: bytes, subject: str) -> Visitor:
    """Deliver an e-mail by SMTP, have the mailbox read, and open it in the queue."""
    assert town.running.mail is not None
    town.running.mail.deliver(raw, MAILBOX, sender=GRACE)
    town.running.poll_mail()
    jo = town.officer(ADMINISTRATOR)

    def there() -> bool:
        jo.page.goto(f"{town.running.address}/desk/intake/")
        return jo.page.get_by_role("link", name=subject, exact=True).count() > 0

    wait_for(f"“{subject}” in the queue", there)
    jo.look().sees("Acknowledge by")
    jo.press(subject)
    return jo


# --------------------------------------------------------------------------------------------------------- 2. logging


def logged(town: Town, jo: Visitor) -> str:
    """Log the message side by side and give the reference of the case."""
    if "/log/" not in jo.page.url:
        jo.press("Log it")
    jo.sees("The message, as it came", "my brown bin was not emptied", "Acknowledge by")
    assert jo.page.locator("[name='email']").input_value() == GRACE
    assert jo.page.locator("[name='name']").input_value() == "Grace Okafor"
    points = ["The brown bin was not emptied on 9 and 16 November.", "Nobody rang back as promised."]
    for number, point in enumerate(points, 1):
        jo.set(f"point_{number}", point)
    jo.fill(matter="Missed assisted collection", outcome_sought="Collect it every time, and an apology.")
    jo.page.locator("[name='honour_1']").fill("Letters in large print, please.")
    jo.page.locator("[name='service']").select_option(label="Waste and recycling")
    jo.press("Show the dates").sees("Acknowledge by", "If you acknowledge today, answer by")
    jo.press("Save").no_faults()
    return reference_of(jo)


def reference_of(visitor: Visitor) -> str:
    """Find the reference of the case on the page."""
    found = re.search(r"\b(NMR|EAS)-\d{4}-\d{4,}\b", visitor.page.url + " " + visitor.text())
    assert found, visitor.text()[:1500]
    return found.group()


# ------------------------------------------------------------------------------------------- 4. and 5. acknowledgement


def acknowledged(town: Town, reference: str, *, stage: int = 1) -> EmailMessage:
    """Acknowledge the open stage and wait until the letter went; gives the e-mail as the mail server took it."""
    before = len(letters_to(town, GRACE))
    jo = town.officer(ADMINISTRATOR)
    jo.go(f"/desk/cases/{reference}/").press("Acknowledge")
    jo.sees(f"Acknowledge Stage {stage}", "Who will answer")
    jo.press("Send the acknowledgement").no_faults()
    letter = next_letter(town, GRACE, before)
    assert reference in str(letter["Subject"]) or reference in words_of(letter)
    wait_until_sent(town, reference)
    return letter


def next_letter(town: Town, address: str, before: int) -> EmailMessage:
    """Wait for one more letter to an address."""
    wait_for(f"letter {before + 1} to {address}", lambda: len(letters_to(town, address)) > before)
    found = letters_to(town, address)
    assert len(found) == before + 1, [str(one["Subject"]) for one in found]
    return found[-1]


def wait_until_sent(town: Town, reference: str) -> None:
    """Wait until nothing of a case is on its way any more."""
    code = (
        "import json; from redress.correspondence.models import Letter; "
        f"print(json.dumps(Letter.objects.filter(case__reference={reference!r}, "
        "state__in=('released', 'attempting')).count()))"
    )
    wait_for(f"the letters of {reference} to be sent", lambda: town.running.python(code) == 0)


def allocated(town: Town, reference: str, to: str, *, by: str = LEADER) -> None:
    """Give the case to an officer."""
    helen = town.officer(by)
    helen.go(f"/desk/cases/{reference}/").press("Allocate")
    row = helen.page.get_by_role("row").filter(has_text=to)
    row.get_by_role("radio").check(force=True)
    helen.fill(next_action="Find out what happened").press("Allocate it").no_faults()
    helen.go(f"/desk/cases/{reference}/").sees(to)
