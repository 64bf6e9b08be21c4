"""How does a released letter become an e-mail, and who carries it?

The message carries our own identity, made when the letter was released, so that sending again is recognised; the frozen
PDF is enclosed. Composing and sending are slow: never inside a step.

Example: ``carrier().send(mail.raw, mail.sender, mail.recipients, mail.message_id)``.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from redress.correspondence import writing
from redress.correspondence.models import Letter, ReplyToken
from redress.council.models import Council, Mailbox
from redress.documents import queries as document_queries
from redress.plumbing import home, post
from redress.plumbing.mail.message import Address

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""This machine: all that a demonstration may reach."""


def message_of(letter: Letter, *, at: datetime) -> post.Composed:
    """Compose the e-mail of a released letter: its words, with the PDF as it was frozen.

    Raises ``post.CannotAddress``, and ``Missing`` or ``Altered`` when the PDF is not what was frozen.
    """
    if letter.document is None:
        raise ValueError("A letter without its document was never released.")
    token = ReplyToken.objects.filter(case_id=letter.case_id, contact_id=letter.to_id).values_list("token", flat=True)
    return post.compose(
        sender=Address(letter.case.council.name, reply_address(letter.case.council)),
        to=[Address(letter.to.name, letter.to_address)],
        subject=letter.subject,
        text=writing.as_text(salutation=letter.salutation, blocks=letter.blocks, reference=letter.case.reference),
        message_id=letter.message_id,
        at=at,
        reply_token=token.first() or "",
        enclosures=[post.Enclosure(name=letter.document.name, data=document_queries.read_bytes(letter.document))],
        automatic=letter.author_id is None,
    )


def reply_address(council: Council) -> str:
    """Give the address from which the council writes: the mailbox that is read for complaints, else its own."""
    box = Mailbox.objects.filter(council=council, purpose="complaints").order_by("-active", "address").first()
    return box.address if box is not None else council.email


def has_server() -> bool:
    """Say whether letters are handed to a mail server; a demonstration uses none but one on this machine."""
    server = settings.REDRESS_SMTP
    return server is not None and (not settings.REDRESS_DEMONSTRATION or server["host"] in LOOPBACK)


def outbox() -> post.Carrier:
    """Give the folder that takes the place of a mail server."""
    return post.OutboxCarrier(home.current().outbox)


def carrier() -> post.Carrier:
    """Give whoever carries e-mail for this installation: its mail server, else the outbox in the folder of data."""
    server = settings.REDRESS_SMTP
    if server is None or not has_server():
        return outbox()
    return post.SmtpCarrier(
        host=server["host"],
        port=server["port"],
        user=server["username"],
        password=server["password"],
        security={"none": "none", "implicit": "tls", "starttls": "starttls"}[server["tls"]],  # type: ignore[arg-type]
    )
