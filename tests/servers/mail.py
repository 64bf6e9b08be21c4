"""A mail system of our own: SMTP in, a Maildir, and Dovecot's IMAP out.

``with mail_server("complaints") as mail`` gives mailboxes that anything speaking SMTP can write to and anything
speaking IMAP can read; mail to ``complaints+anything@any.host`` lands in ``complaints``. Addresses whose local part
begins with one of these words try a sender's patience: ``refused`` (550), ``later`` (451), ``toolarge`` (552 after the
data), ``vanish`` (the line breaks after the data, and the message was kept), ``deaf`` (it breaks, and was not kept).
"""

from __future__ import annotations

import asyncio
import grp
import os
import secrets
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from servers import processes

PASSWORD = "mailbox-password-of-the-tests"

_DOVECOT = """
base_dir = {base}/run
state_dir = {base}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
auth_failure_delay = 0
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:{base}/mail/%n
mail_fsync = never
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class MailServer:
    """A running mail system: where it listens, and what it took."""

    base: Path
    imap_port: int
    smtp_port: int
    users: tuple[str, ...]
    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    host: str = "127.0.0.1"
    password: str = PASSWORD
    dovecot_pid: int = 0
    thinks: float = 0.0
    """Seconds between taking a message and saying so: time enough for a sender to die in."""

    def deliver(self, raw: bytes, *recipients: str, sender: str = "resident@example.org") -> None:
        """Send a message by SMTP, as a stranger would."""
        with smtplib.SMTP(self.host, self.smtp_port, timeout=60) as line:
            line.sendmail(sender, list(recipients), raw)

    def maildir(self, user: str) -> Path:
        """Give the folder of a mailbox on disk."""
        return self.base / "mail" / user

    def lay(self, user: str, raw: bytes) -> None:
        """Put bytes into a mailbox as they are, complete or not at all."""
        name = f"{time.time():.6f}.{os.getpid()}_{secrets.token_hex(6)}.tests"
        temporary = self.maildir(user) / "tmp" / name
        temporary.write_bytes(raw)
        processes.hand_over(temporary)
        temporary.replace(self.maildir(user) / "new" / name)

    def sent_to(self, address: str) -> list[bytes]:
        """Give the messages that the SMTP server took for an address."""
        return [raw for _, recipients, raw in self.taken if address in recipients]


class _Into:
    """What the SMTP server does with what it gets."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(self, smtp: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:
        recipients = tuple(envelope.rcpt_tos)
        if any(one.startswith("toolarge") for one in recipients):
            return "552 5.3.4 Message too large"
        if any(one.startswith("deaf") for one in recipients):
            smtp.transport.abort()
            return "421 4.3.0 Gone"
        raw = bytes(envelope.original_content or envelope.content)
        queue_id = secrets.token_hex(5).upper()
        self.server.taken.append((envelope.mail_from, recipients, raw))
        for recipient in recipients:
            user = recipient.split("@")[0].split("+")[0]
            if user in self.server.users:
                head = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {recipient}\r\n"
                head += f"Received: from tests by mail.example (queue {queue_id}) for <{recipient}>; "
                head += time.strftime("%a, %d %b %Y %H:%M:%S +0000\r\n", time.gmtime())
                self.server.lay(user, head.encode() + raw)
        if any(one.startswith("vanish") for one in recipients):
            smtp.transport.abort()
        await asyncio.sleep(self.server.thinks)
        return f"250 2.0.0 Ok: queued as {queue_id}"


@contextmanager
def mail_server(*users: str, imap: bool = True) -> Iterator[MailServer]:
    """Run the mail system with these mailboxes; without ``imap`` no Dovecot is needed."""
    with processes.folder("mail") as base:
        server = MailServer(base, processes.free_port() if imap else 0, processes.free_port(), users)
        for user in users:
            for part in ("cur", "new", "tmp"):
                (server.maildir(user) / part).mkdir(parents=True)
        processes.hand_over(base)
        controller = Controller(
            _Into(server), hostname="127.0.0.1", port=server.smtp_port, data_size_limit=200 * 1024 * 1024,
            decode_data=False, enable_SMTPUTF8=True,
        )  # fmt: skip
        controller.start()
        try:
            if imap:
                with _dovecot(server) as server.dovecot_pid:
                    yield server
            else:
                yield server
        finally:
            controller.stop()


@contextmanager
def _dovecot(server: MailServer) -> Iterator[int]:
    """Run Dovecot on the mailboxes of a server that is there already."""
    path = processes.program("dovecot")
    if path is None:
        raise processes.DidNotStart("Dovecot is not installed (Debian: dovecot-imapd).")
    who = processes.account()
    config = server.base / "dovecot.conf"
    group = grp.getgrgid(who.pw_gid).gr_name
    config.write_text(
        _DOVECOT.format(
            base=server.base, user=who.pw_name, group=group, uid=who.pw_uid, gid=who.pw_gid, port=server.imap_port,
            password=server.password,
        )
    )  # fmt: skip
    processes.hand_over(config)
    with processes.running(
        [path, "-F", "-c", str(config)],
        log=server.base / "dovecot.log",
        ready=lambda: processes.answers(server.imap_port, begins=b"* OK"),
    ) as pid:
        yield pid


@contextmanager
def imap_down(server: MailServer) -> Iterator[None]:
    """Not a server but a port where nobody answers: for tests of a mailbox that can't be reached."""
    port, server.imap_port = server.imap_port, processes.free_port()
    try:
        yield
    finally:
        server.imap_port = port
