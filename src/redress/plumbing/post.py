"""Who carries a message out, and what proof of it is there?

A carrier takes finished bytes and gives `Evidence`, or says in one of three ways why not: never (`PermanentFailure`),
not now (`TemporaryFailure`), or nobody knows (`Unclear`: the line broke after the message had been handed over; it is
never sent again by itself, a person decides).

Example: ``carrier.send(raw, "complaints@northmere.example", ["dev@example.org"], our_id="…").queue_id``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from redress.plumbing import moment
from redress.plumbing.mail.compose import CannotAddress, Composed, Enclosure, compose

__all__ = [
    "CannotAddress", "Carrier", "Composed", "Enclosure", "Evidence", "OutboxCarrier", "PermanentFailure", "SendFailure",
    "SmtpCarrier", "TemporaryFailure", "Unclear", "compose",
]  # fmt: skip

_QUEUE_ID = re.compile(
    r"(?:queued as|\bid=|\bqueued id|message id|\bok:? queued)[ :=]*<?([A-Za-z0-9._@/-]{4,120})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a carrier gives when it has taken a message: when, under which number, in which words."""

    carrier: str
    accepted_at: datetime
    queue_id: str
    response: str
    refused: Mapping[str, str] = field(default_factory=dict)  # recipients the server did not take, and why


class SendFailure(Exception):
    """A message was not taken, or may not have been."""

    def __init__(self, sentence: str, *, code: int = 0, response: str = "") -> None:
        self.sentence = sentence
        self.code = code
        self.response = response
        super().__init__(sentence)


class PermanentFailure(SendFailure):
    """The server will never take this message: something in it, or an address, must change."""


class TemporaryFailure(SendFailure):
    """The server did not take the message now; trying again later is right and safe."""


class Unclear(SendFailure):
    """The line broke after the message was handed over: it may have gone out. Sending again may send it twice."""


class Carrier(Protocol):
    """Whatever takes messages out of the house."""

    @property
    def name(self) -> str:
        """Say which carrier it is."""
        ...

    def send(self, raw: bytes, sender: str, recipients: Sequence[str], our_id: str) -> Evidence:
        """Hand over one message; raises PermanentFailure, TemporaryFailure or Unclear."""
        ...

    def was_sent(self, our_id: str) -> bool | None:
        """Say whether a message went out, None when this carrier can't know."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpCarrier:
    """A mail server. ``security`` "none" is for a server on this machine only. Times in seconds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Literal["tls", "starttls", "none"] = "starttls"
    timeout: float = 30.0
    local_name: str = ""
    name: str = "smtp"

    def send(self, raw: bytes, sender: str, recipients: Sequence[str], our_id: str) -> Evidence:
        """Hand a message to the server; one recipient taken is enough, the others are in ``refused``."""
        with self._connected() as server:
            refused = self._envelope(server, raw, sender, recipients)
            code, answer = self._data(server, raw)
        words = _words(answer)
        if code != 250:
            raise _failure(code, words, "The mail server did not take the message")
        found = _QUEUE_ID.search(words)
        return Evidence(
            carrier=f"{self.name}:{self.host}", accepted_at=moment.now(), queue_id=found[1] if found else "",
            response=f"{code} {words}"[:500], refused=refused,
        )  # fmt: skip

    def was_sent(self, our_id: str) -> bool | None:
        """Give None: a mail server can't be asked afterwards."""
        return None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except smtplib.SMTPAuthenticationError as problem:
            raise TemporaryFailure(
                "The mail server does not accept the password set for it.", code=problem.smtp_code
            ) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise TemporaryFailure(f"The mail server {self.host} can't be reached ({problem}).") from problem
        try:
            yield server
        finally:
            # Whether QUIT is heard changes nothing about the message.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        local = self.local_name or None
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, local, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, local, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, raw: bytes, sender: str, recipients: Sequence[str]) -> dict[str, str]:
        """Say from whom and to whom; nothing has gone out while this fails."""
        try:
            server.ehlo_or_helo_if_needed()
            options = [f"size={len(raw)}"] if server.has_extn("size") else []
            code, answer = server.mail(sender, options)
            if code != 250:
                raise _failure(code, _words(answer), "The mail server refused us as sender")
            refused: dict[str, tuple[int, str]] = {}
            for recipient in recipients:
                code, answer = server.rcpt(recipient)
                if code not in (250, 251):
                    refused[recipient] = (code, _words(answer))
        except (OSError, smtplib.SMTPException) as problem:
            raise TemporaryFailure(f"The line to the mail server broke before the message ({problem}).") from problem
        if not recipients or len(refused) == len(recipients):
            # One address that may work later makes the whole worth trying again.
            code, words = min(refused.values(), default=(550, "no recipients"))
            raise _failure(code, words, "The mail server took none of the addresses")
        return {who: f"{code} {words}" for who, (code, words) in refused.items()}

    def _data(self, server: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
        """Hand over the message itself; only after its last line has gone can nobody know."""
        body = re.sub(rb"\r\n|\n|\r", b"\r\n", raw)
        body = re.sub(rb"^\.", b"..", body, flags=re.MULTILINE)  # RFC 5321, 4.5.2
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        try:
            code, answer = server.docmd("data")
            if code != 354:
                raise _failure(code, _words(answer), "The mail server did not take the message")
            server.send(body)
        except (OSError, smtplib.SMTPException) as problem:
            sentence = f"The line to the mail server broke before the message was complete ({problem})."
            raise TemporaryFailure(sentence) from problem
        try:
            server.send(b".\r\n")
            return server.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            raise Unclear(
                f"The line to the mail server broke after the message was handed over ({problem}). "
                "It may have gone out: ask, or look in the mail server's log, before sending it again."
            ) from problem


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.replace("\x00", "").split())


def _failure(code: int, words: str, sentence: str) -> SendFailure:
    kind = PermanentFailure if 500 <= code < 600 else TemporaryFailure
    return kind(f"{sentence}: {code} {words}"[:500], code=code, response=words[:500])


@dataclass(frozen=True, slots=True)
class OutboxCarrier:
    """A Maildir on this machine: what a demonstration sends goes no further, and anyone may read it there.

    The file is named by our own identity of the message, so sending twice writes the same file once.
    """

    folder: Path
    name: str = "outbox"

    def send(self, raw: bytes, sender: str, recipients: Sequence[str], our_id: str) -> Evidence:
        """Lay a message into the outbox; complete or not at all, also when the machine stops in the middle."""
        if not recipients:
            raise PermanentFailure("The message has no recipients.", code=550)
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        final = self._file(our_id)
        head = f"X-Redress-Envelope-From: {_one_line(sender)}\r\n" + "".join(
            f"X-Redress-Envelope-To: {_one_line(who)}\r\n" for who in recipients
        )
        if self.was_sent(our_id) and not final.exists():
            # It was read already: a second copy in "new" would look like a second letter.
            return Evidence(self.name, moment.now(), final.name, f"lies in the outbox as {final.name}, read")
        temporary = self.folder / "tmp" / f"{final.name}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            with temporary.open("xb") as file:
                file.write(head.encode("utf-8", "replace") + raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(final)
            _sync(final.parent)
        except OSError as problem:
            temporary.unlink(missing_ok=True)
            raise TemporaryFailure(f"The outbox can't be written: {problem.strerror}.") from problem
        return Evidence(self.name, moment.now(), final.name, f"laid into the outbox as {final.name}")

    def was_sent(self, our_id: str) -> bool | None:
        """Say whether this message lies in the outbox, read or unread."""
        name = self._file(our_id).name
        return (self.folder / "new" / name).exists() or _in(self.folder / "cur", name)

    def _file(self, our_id: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9_-]+", "-", our_id)[:60].strip("-")
        digest = hashlib.sha256(our_id.encode("utf-8", "replace")).hexdigest()[:16]
        return self.folder / "new" / f"{readable}.{digest}"


def _in(folder: Path, name: str) -> bool:
    # A mail reader moves what it has shown to cur and adds flags after a colon.
    return folder.is_dir() and any(entry.name.split(":")[0] == name for entry in folder.iterdir())


def _one_line(value: str) -> str:
    return re.sub(r"[\x00-\x1f]+", " ", value)[:320]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
