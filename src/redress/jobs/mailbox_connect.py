"""``redress mail connect ADDRESS URL``: where is this mailbox read, from now on?

The URL names the server and the account, never the password: that comes from the environment, under the name that
``--password-setting`` gives.

Example: ``redress mail connect complaints@northmere.example imaps://complaints@imap.northmere.example
--password-setting NORTHMERE_MAILBOX_PASSWORD``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import OperationalError

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.casework import mailboxes
from redress.correspondence import mailing
from redress.council import queries
from redress.plumbing import moment

DONE, FAILED, WRONG_USE = 0, 1, 2
PORTS = {"imap": 143, "imaps": 993}

EPILOG = """\
The mailbox must be one that the council has; its address chooses it. imaps:// is IMAP inside TLS, as almost every
server wants it; imap:// is without, for a server on this machine. A path names the folder; without one it is INBOX.

example: redress mail connect complaints@northmere.example imaps://complaints@imap.northmere.example \\
             --password-setting NORTHMERE_MAILBOX_PASSWORD
"""


@dataclass(frozen=True)
class Place:
    """Where a mailbox lies, as a URL says it."""

    host: str
    port: int
    tls: bool
    user: str
    folder: str


def place(url: str) -> Place:
    """Read a URL: imaps://USER@HOST:PORT/FOLDER. Raises ``ValueError`` with a sentence."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("The place must be a URL: imaps://USER@HOST or imaps://USER@HOST:PORT/FOLDER.")
    if parts.password is not None:
        raise ValueError(
            "The URL holds a password, which would be kept; leave it out, and name the setting that holds it with "
            "--password-setting."
        )
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise ValueError("The port of the URL must be a number.") from None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Place(parts.hostname, port, parts.scheme == "imaps", unquote(parts.username or ""), folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Connect a mailbox; answers 0, 1 when it could not be done, 2 for a wrong use."""
    parser = argparse.ArgumentParser(
        prog="redress mail connect",
        description="Say where a council's mailbox is read, and have it read from now on.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("address", help="the mailbox's address, such as complaints@northmere.example")
    parser.add_argument("url", help="where it lies: imaps://USER@HOST:PORT/FOLDER")
    parser.add_argument(
        "--password-setting",
        required=True,
        metavar="NAME",
        help="the name of the environment's setting that holds the password, such as NORTHMERE_MAILBOX_PASSWORD",
    )
    try:
        given = parser.parse_args(argv)
    except SystemExit as stop:
        return DONE if stop.code in (0, None) else WRONG_USE
    try:
        return _connect(given.address, place(given.url), given.password_setting)
    except ValueError as wrong:
        return _fail(str(wrong))
    except OperationalError as problem:
        return _fail(f"The database can’t be reached: {str(problem).splitlines()[0]}")


def _connect(address: str, where: Place, password_setting: str) -> int:
    if settings.REDRESS_DEMONSTRATION and where.host not in mailing.LOOPBACK:
        return _fail(f"This is a demonstration, which reads no mail outside this machine; {where.host} is not on it.")
    mailbox = queries.mailbox_at(address)
    if mailbox is None:
        known = ", ".join(queries.mailbox_addresses()) or "none yet"
        return _fail(f"There is no mailbox {address}. The mailboxes are: {known}.")
    try:
        mailboxes.connect(
            mailbox=mailbox,
            host=where.host,
            port=where.port,
            tls=where.tls,
            user=where.user,
            password_setting=password_setting,
            folder=where.folder,
            by=Actor.command("redress mail connect"),
            at=moment.now(),
        )
    except Refusal as refusal:
        return _fail(f"{refusal.sentence} {refusal.do}".strip())
    sys.stdout.write(f"{mailbox.address} is read from {where.host}:{where.port}, {where.folder}, from now on.\n")
    return DONE


def _fail(sentence: str) -> int:
    sys.stderr.write(f"redress: {sentence}\n")
    return FAILED
