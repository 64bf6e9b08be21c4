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

from journeys.visitors import Town, Visitor, wait_for
from servers.installation import MAILBOX

GRACE = "grace.okafor@mail.example"
ADMINISTRATOR, OFFICER, LEADER, MANAGER = "Jo Lindley", "Asha Mehta", "Helen Marsh", "Carol Whitfield"


def an_email(
    subject: str, body: str, *, sender: str = f"Grace Okafor <{GRACE}>", to: str = MAILBOX, **headers: str
) -> bytes:
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
    """Find the reference of the case that was just logged."""
    found = re.search(r"Logged as ([A-Z]{3}-\d{4}-\d{4,})", visitor.text())
    assert found, visitor.text()[:1500]
    return found.group(1)


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


def cannot_be_given_to(town: Town, reference: str, to: str, why: str, *, by: str = LEADER) -> None:
    """See that somebody stands in the list of officers, can't be chosen, and why."""
    helen = town.officer(by)
    helen.go(f"/desk/cases/{reference}/allocate/")
    row = helen.page.get_by_role("row").filter(has=helen.page.get_by_role("radio", name=re.compile(rf"^{to}\b")))
    assert why in " ".join(row.inner_text().split()), row.inner_text()


def allocated(town: Town, reference: str, to: str, *, by: str = LEADER) -> None:
    """Give the case to an officer."""
    helen = town.officer(by)
    helen.go(f"/desk/cases/{reference}/").press("Allocate")
    helen.page.get_by_role("radio", name=re.compile(rf"^{to}\b")).check(force=True)
    helen.fill(next_action="Find out what happened").press("Allocate it").no_faults()
    helen.go(f"/desk/cases/{reference}/").sees(to)


# ------------------------------------------------------------------------------------------- 6. writing, ringing, reply


def written_to_and_answered(town: Town, reference: str) -> None:
    """Write to the resident from the case; their reply comes back to the case by the word in its address."""
    assert town.running.mail is not None
    asha = town.officer(OFFICER)
    before = len(letters_to(town, GRACE))
    asha.go(f"/desk/cases/{reference}/write/")
    asha.fill(words="On which days was the bin left out, please?").press("See it")
    asha.sees("On which days was the bin left out, please?").press("Release it").no_faults()
    letter = next_letter(town, GRACE, before)
    back = str(letter["Reply-To"] or letter["From"])
    assert "+" in back, f"{back} carries no word by which a reply finds its case"
    reply = an_email(
        "Re: something else entirely", "Both times, from 6am.\n", to=back, In_Reply_To=str(letter["Message-ID"])
    )
    town.running.mail.deliver(reply, re.search(r"[\w.+-]+@[\w.-]+", back).group(), sender=GRACE)  # type: ignore[union-attr]
    town.running.poll_mail()

    def on_the_case() -> bool:
        asha.page.goto(f"{town.running.address}/desk/cases/{reference}/")
        return "something else entirely" in asha.text()

    wait_for("the reply on its case", on_the_case)
    asha.look()
    asha.press("Add a note or a call").fill(kind="call-out", words="Rang Mrs Okafor: both days, from 6am.")
    asha.page.locator("[name='contact']").first.check(force=True)
    asha.press("Write it down").no_faults()
    asha.go(f"/desk/cases/{reference}/").sees("Rang Mrs Okafor")


# ---------------------------------------------------------------------------------------------------------- 7. response


def answered(
    town: Town, reference: str, *, stage: int = 1, writer: str = OFFICER, to: tuple[str, str] = ("Grace Okafor", GRACE)
) -> EmailMessage:
    """Draft the answer with a remedy, have another person check it, release it, and wait until it went."""
    author = town.officer(writer)
    author.go(f"/desk/responses/{reference}/{stage}/")
    in_two_weeks = dt.date.today() + dt.timedelta(days=14)
    author.set("p1-decision", "upheld")
    author.fill(
        p1__reason="The round sheets show that the crew did not come.",
        p1__should="The bin should have been emptied.",
        p1__injustice="You had rubbish in your garden for two weeks.",
    )
    author.open_details("Add a remedy")
    author.set("n1-kind", "apology").set("n1-text", "We apologise for the missed collections")
    author.page.locator("[name='n1-owner']").select_option(label=_label(author, "n1-owner", writer))
    author.day("n1-due_on", in_two_weeks)
    if author.page.locator("[name='p2-decision']").count():
        author.set("p2-decision", "not-upheld").set("p2-reason", "We rang on 17 November; the call is on record.")
    author.fill(
        w__understanding="You told us that your bin was missed twice and that nobody rang back.",
        w__how_looked_into="I read the round sheets and the telephone log.",
        w__adjustments_considered="This letter is in large print, as you asked.",
        w__closing="Thank you for telling us.",
    )
    author.press("Save").no_faults()
    author.sees("The round sheets show that the crew did not come.")
    _ask(author)
    return passed_and_released(town, reference, stage, to)


def _label(visitor: Visitor, name: str, begins: str) -> str:
    options = visitor.page.locator(f"[name='{name}'] option").all_inner_texts()
    return next(one for one in options if one.startswith(begins))


def _ask(author: Visitor) -> None:
    """Press the button of the small form, not the link in the dock that leads to it."""
    with author.page.expect_navigation():
        author.page.locator("#ask button[type=submit]").click()
    author.look().no_faults()


def passed_and_released(
    town: Town, reference: str, stage: int, to: tuple[str, str] = ("Grace Okafor", GRACE)
) -> EmailMessage:
    """Check the answer as the manager, with every part ticked, and release it."""
    name, address = to
    carol = town.officer(MANAGER)
    before = len(letters_to(town, address))
    carol.go("/desk/responses/checks/")
    line = carol.page.get_by_role("listitem").filter(has_text=reference)
    with carol.page.expect_navigation():
        line.get_by_role("link").first.click()
    carol.look().sees(f"Check the answer to {name}")
    for box in carol.page.locator("main [type=checkbox]").all():
        box.check(force=True)
    carol.press("Pass it").no_faults()
    carol.go(f"/desk/responses/{reference}/{stage}/").press("Release it").no_faults()
    letter = next_letter(town, address, before)
    wait_until_sent(town, reference)
    carol.go(f"/desk/cases/{reference}/").sees("Sent")
    return letter


# -------------------------------------------------------------------------------------------- 8. promises and closing


def promises_kept(town: Town, reference: str, *, by: str = OFFICER) -> None:
    """Record for each promise of the case that it was done, and how one can tell."""
    asha = town.officer(by)
    while True:
        asha.go("/desk/responses/promises/")
        row = asha.page.get_by_role("row").filter(has_text=reference)
        if row.count() == 0:
            return
        with asha.page.expect_navigation():
            row.first.get_by_role("link").first.click()
        asha.look().fill(evidence_text="The letter of apology went out.")
        asha.press("Record that it was done").no_faults()


# ------------------------------------------------------------------------------------------------- 9. from the portal


def link_asked_for(town: Town, reference: str, address: str = GRACE) -> Visitor:
    """Ask for a link on the portal, as the resident, and open the one that comes by e-mail."""
    before = len(letters_to(town, address))
    grace = town.resident()
    grace.go("/northmere/").go("/northmere/follow/")
    grace.fill(email=address, reference=reference)
    grace.press("Send me the link")
    mail = next_letter(town, address, before)
    found = re.search(r"https?://\S+/follow/link/\S+", words_of(mail))
    assert found, words_of(mail)
    grace.go(found.group().rstrip(".>)"))
    grace.press("Open my complaint")
    return grace.sees(reference)


def next_stage_asked_for(town: Town, reference: str) -> None:
    """Ask for Stage 2 on the portal, for the first point only."""
    grace = link_asked_for(town, reference)
    grace.press("Ask us to look again")
    grace.page.locator("[name='points']").first.check(force=True)
    grace.fill(disputed="An apology is not enough: it was missed again this week.", right="Collect it.")
    grace.press("Ask us to look again").no_faults()
