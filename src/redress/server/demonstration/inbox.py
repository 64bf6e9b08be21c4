"""What waits in the mailboxes to be logged? A dozen e-mails, among them some that need a person to look first.

Example: ``MAILS["northmere"][0]`` is Daniel Fenn's message about a bin that was paid for twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime


@dataclass(frozen=True)
class Mail:
    """An e-mail: who, about what, in which words, and how many working days ago."""

    sender: str
    subject: str
    words: str
    days_ago: int
    hour: int = 9


MAILS: dict[str, tuple[Mail, ...]] = {
    "northmere": (
        Mail("Daniel Fenn <d.fenn@mail.example>", "Garden waste charged twice, and a question",
             "Good morning,\n\nI have been charged twice for garden waste this year, £48 on 3 March and £48 again on 6 July. "
             "I have rung and been told it would be looked at.\n\nThe brown bin you promised me in August has never come. "
             "So I have paid you £96 for a bin I do not have.\n\nI would like my money back and the bin delivered. I also want "
             "to know, under freedom of information, how many people have been charged twice this year.\n\n"
             "I do not hear well on the telephone so please write.\n\nDaniel Fenn\n18 Alder Close, Northmere", 0, 8),
        Mail("Chloe Barratt <chloe.barratt@mail.example>", "No heating since Thursday and a newborn",
             "The boiler went off on Thursday night, I have rung three times and my baby is eight days old. The flat is "
             "freezing and he is cold to touch. Nobody rings back. Please somebody help us.\n\nChloe Barratt, 3 Fell Court", 1, 21),
        Mail("Peter Hargreaves <p.hargreaves@mail.example>", "Blue badge refused",
             "I wish to complain in the strongest terms about the refusal of my badge. I cannot walk further than my gate. "
             "Nobody examined me.\n\nPeter Hargreaves", 5, 11),
        Mail("Lorna Whitlock <lorna.whitlock@mail.example>", "Rude member of staff at the tip",
             "On Saturday I was shouted at in front of my children by a man who would not give his name. I want an apology "
             "from him and not from you.", 5, 17),
        Mail("Sheila Brandt <sheila.brandt@mail.example>", "Tree roots, again",
             "This is the third year I have written about the lime tree outside number 40. The path has lifted so far that "
             "the postman will not come to the door.", 2, 9),
        Mail('"Councillor Ann Doyle" <cllr.a.doyle@northmere.example>', "For a resident in Mere Ward",
             "Dear colleagues,\n\nPlease see below from Mr Castle, who has waited since July for a reply about the alley "
             "gates behind Union Street. May I have an answer that I can send him?\n\nAnn Doyle", 1, 14),
        Mail("M. Castle <m.castle@mail.example>", "Alley gates",
             "I understand Cllr Doyle has written for me. I have still had no answer to my letters of July and September.", 0, 10),
        Mail("Amina Yusuf <amina.yusuf@mail.example>", "I am at the end of my tether",
             "Nobody has answered me since August and I cannot cope any more. Some nights I think it would be better if I "
             "was not here. I only want somebody to look at my housing application.", 0, 7),
    ),
    "eastvale": (
        Mail("Gareth Pugh <gareth.pugh@mail.example>", "Thank you to the crew on Alder Road",
             "Two of your men stopped to help my wife when she fell. I would like them to know that she is home and well.", 1, 12),
        Mail("Ivan Petrov <ivan.petrov@mail.example>", "Council tax bailiffs came after I had paid",
             "Reference CT 4471 203. Paid in full on 2 November, bailiff at the door on the 14th. He frightened my mother.", 4, 16),
        Mail("ليلى الحسيني <layla@mail.example>", "Missed bins in Beck Side",
             "Our bins were missed again, for the fourth time. My neighbour’s are always taken.\n\nليلى الحسيني", 2, 10),
        Mail("Kevin Postlethwaite <kev.p@mail.example>", "Pot hole, two tyres",
             "Two tyres in one week in the same hole in Quarry Road. I enclose nothing because you never look at it anyway.", 3, 13),
    ),
}  # fmt: skip


def raw_of(mail: Mail, *, to: str, received: datetime, number: int) -> bytes:
    """Write the e-mail as it came."""
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(received)
    message["Message-ID"] = f"<inbox.{number}.{to.partition('@')[2]}@mail.example>"
    message.set_content(mail.words + "\n")
    return message.as_bytes()


def unreadable() -> bytes:
    """Give something that came in the post of a mailbox and is no message that anybody could take apart."""
    return b"\x00\xff\xfe\x13\x37 \x80\x81\x82 complaint \xc3\x28 bin \x00" * 20


def bounce(*, to: str, reference: str, address: str, received: datetime) -> bytes:
    """Give the report of a mail server that could not deliver what we sent."""
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mail.example>\r\nTo: {to}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(received)}\r\n"
        "Message-ID: <bounce.1@mail.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
    )
    parts = (
        "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Your message about {reference} could not be delivered: the address {address} does not exist.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n--b1--\r\n"
    )
    return (head + parts).encode()
