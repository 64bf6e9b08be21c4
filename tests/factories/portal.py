"""A form filled in and sent, a link asked for and read out of its e-mail, for the tests of the portal."""

from __future__ import annotations

import datetime as dt
import email
import re
from email import policy
from typing import Any

from factories.intake import AT, Office
from redress.access.actor import Actor
from redress.cases.models import Case
from redress.casework import documents, links, portal
from redress.correspondence.models import LinkAsk, PortalMail
from redress.jobs import portal_mail
from redress.plumbing import home

SITE = "https://complain.example"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
PERSON = portal.Person(name="Dev Patel", email="dev@mail.example", telephone="01632 960 222", prefers="email")


class File:
    """A file as a door hands it on."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data, self.size = name, data, len(data)

    def read(self) -> bytes:
        """Give the bytes."""
        return self.data


def anybody(of: Office, name: str = "Dev Patel") -> Actor:
    """Give somebody at the front door."""
    return Actor.resident(council_id=of.council.pk, name=name)


def complaint(**more: Any) -> portal.Complaint:
    """Give what Dev Patel's form says."""
    given: dict[str, Any] = {
        "person": PERSON,
        "points": ("The bin was missed on 16 November.", "Nobody rang back."),
        "story": "My bin was missed and nobody rang back.",
        "outcome_sought": "Empty the bin.",
        "answers": {"wrong": {"wrong": "My bin was missed and nobody rang back."}},
        **more,
    }
    return portal.Complaint(**given)


def begun(of: Office, *, files: tuple[File, ...] = (), at: dt.datetime = AT) -> str:
    """Begin a form, with files; answers its secret."""
    secret = links.new_token()
    portal.begin_form(council=of.council, secret=secret, answers={"who": {"who": "me"}}, by=anybody(of), at=at)
    if files:
        uploads = documents.take_in(of.council, files)
        portal.add_files(council=of.council, secret=secret, uploads=uploads, by=anybody(of), at=at)
    return secret


def submitted(of: Office, *, secret: str = "", at: dt.datetime = AT, **more: Any) -> Case:
    """Send a form."""
    return portal.submit(
        council=of.council, secret=secret or begun(of, at=at), complaint=complaint(**more), site=SITE,
        by=anybody(of), at=at,
    )  # fmt: skip


def sent_mails() -> list[Any]:
    """Read every e-mail of the outbox, the oldest first."""
    folder = home.current().outbox
    files = sorted(
        (one for one in folder.rglob("*") if one.is_file() and one.parent.name in ("new", "cur")),
        key=lambda one: one.stat().st_mtime_ns,
    )
    return [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]


def mail_out(of: Office) -> list[Any]:
    """Send what waits, and give the e-mails that went by it."""
    before = len(sent_mails())
    for ask in LinkAsk.objects.filter(council=of.council, answered_at=None).order_by("pk"):
        portal_mail.answer_ask(ask_id=ask.pk)
    for mail in PortalMail.objects.filter(council=of.council, state="queued").order_by("pk"):
        portal_mail.send_mail(mail_id=mail.pk)
    return sent_mails()[before:]


def secret_in(message: Any) -> str:
    """Read the secret of the link out of an e-mail."""
    found = re.search(r"/(?:follow/link|complain/resume)/([\w-]+)/", message.get_body().get_content())
    assert found is not None, message.get_body().get_content()
    return found.group(1)


def asked(
    of: Office, address: str = "dev@mail.example", *, reference: str = "", at: dt.datetime = AT, origin: str = ""
) -> LinkAsk:
    """Ask for a link."""
    return links.ask_for_link(
        council=of.council, address=address, reference=reference, origin=origin, site=SITE, by=anybody(of, ""), at=at
    )


def link_to(of: Office, case: Case, *, address: str = "dev@mail.example", at: dt.datetime = AT) -> str:
    """Ask for a link to a case and read it out of its e-mail."""
    asked(of, address, reference=case.reference, at=at)
    return secret_in(mail_out(of)[-1])
