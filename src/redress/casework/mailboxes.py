"""Where does a council's mail come from? Each mailbox is an address, and where and how it is read.

The password is never kept here: only the name of the setting of the environment that holds it.

Example: ``connect(mailbox=mailbox, host="imap.northmere.example", port=993, tls=True, …)``.
"""

from __future__ import annotations

import re
from datetime import datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.casework.wording import words
from redress.council import changes, events
from redress.council.models import Mailbox


class NoServer(Refusal):
    """Say on which server the mailbox lies."""

    do = "Give the name of the mail server, such as imap.northmere.example."
    field = "host"


class NotTheNameOfASetting(Refusal):
    """This can't be the name of a setting of the environment."""

    do = "Use capital letters, digits and underscores, such as NORTHMERE_MAILBOX_PASSWORD."
    field = "password_setting"


@step(needs=Permission.MAILBOX_CHANGE, on="mailbox")
def connect(
    *,
    mailbox: Mailbox,
    host: str,
    port: int,
    tls: bool,
    user: str,
    password_setting: str,
    by: Actor,
    at: datetime,
    folder: str = "INBOX",
) -> Mailbox:
    """Say where a mailbox is read, and have it read from now on. Raises ``NoServer`` and ``NotTheNameOfASetting``."""
    host, user, folder = (words(given, name) for given, name in ((host, "host"), (user, "user"), (folder, "folder")))
    if not host or not 0 < port < 65536:
        raise NoServer
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,98}", password_setting) or password_setting.startswith("REDRESS_"):
        raise NotTheNameOfASetting
    changes.connect_mailbox(
        mailbox=mailbox,
        host=host,
        port=port,
        tls=tls,
        user=user,
        password_setting=password_setting,
        folder=folder or "INBOX",
        by=by,
        at=at,
    )
    ids = {"mailbox": mailbox.pk, "host": host, "port": port, "tls": tls, "active": True}
    trail.note(events.MAILBOX_CHANGED, on=mailbox, ids=ids)
    return mailbox
