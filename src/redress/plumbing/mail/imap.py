"""Which messages wait in a mailbox, and how is one taken out of it without losing or doubling any?

Messages are fetched without being marked as read, byte for byte. Only when the caller says that one is stored is it
marked and moved to a folder of our own; whatever happens before that leaves it where it is, to be fetched again. Two
pollers may both fetch a message: the caller's identity check makes it one, and moving what is gone already is no error.

Example: ``with Mailbox(account) as box: [store(m.raw) and box.confirm(m) for m in box.waiting()]``.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Literal, Self, TypeVar

from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderCreateError,
    MailboxFolderSelectError,
    MailboxFolderSubscribeError,
    MailboxLoginError,
)
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

# The whole message is kept up to this size; of a larger one (no mail server takes them) the beginning.
SIZE_LIMIT = 150 * 1024 * 1024
BEGINNING = 1024 * 1024
BATCH = 200
# The mark on a message that is stored, in case it can't be moved.
STORED = "RedressStored"

T = TypeVar("T")

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")


class MailboxFault(Exception):
    """The mailbox could not be read now; ``again`` tells whether trying later may help."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        self.sentence = sentence
        self.again = again
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach one mailbox. ``security`` "none" is for a server on this machine only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    done_folder: str = "Redress"
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as it lies in the mailbox; ``whole`` is False when only its beginning was fetched."""

    raw: bytes
    uid: int
    uid_validity: int
    size: int
    whole: bool


class Mailbox:
    """A connection to one mailbox, opened on first use and again after a break."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._box: BaseMailBox | None = None
        self._validity = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def waiting(self, *, most: int = BATCH) -> Iterator[Fetched]:
        """Fetch what was not yet confirmed, oldest first, at most ``most`` messages; raises MailboxFault."""
        for uid in self._uids()[:most]:
            fetched = self._twice(partial(self._fetch, uid))
            if fetched is not None:
                yield fetched

    def confirm(self, message: Fetched) -> bool:
        """Mark and move a message that is stored now; True when it was still there. Raises MailboxFault.

        After a rebuilt mailbox (another UIDVALIDITY) the number may mean another message: then nothing is moved, and
        the message comes round again as a duplicate.
        """
        return self._twice(partial(self._move, message))

    def close(self) -> None:
        """Say goodbye; a broken connection is dropped without a word."""
        box, self._box = self._box, None
        if box is None:
            return
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            _drop(box)

    def _uids(self) -> list[int]:
        # "Unseen" would lose a message that someone opened in a mail program before we came.
        criteria = f"UNKEYWORD {STORED} UNDELETED"
        return sorted(self._twice(lambda: [int(uid) for uid in self._connected().uids(criteria)]))

    def _twice(self, work: Callable[[], T]) -> T:
        """Do something on the connection; after a break once more on a new one."""
        for attempt in (1, 2):
            try:
                return work()
            except (OSError, imaplib.IMAP4.abort, ssl.SSLError) as problem:
                self._break()
                if attempt == 2:
                    sentence = f"The mailbox {self.account.user} can't be reached: the connection broke ({problem})."
                    raise MailboxFault(sentence, again=True) from problem
            except (imaplib.IMAP4.error, ImapToolsError) as problem:
                self._break()
                sentence = f"The mail server refused a command for {self.account.user}: {problem}"
                raise MailboxFault(sentence[:500], again=True) from problem
        raise AssertionError("two attempts end in an answer or a fault")

    def _connected(self) -> BaseMailBox:
        if self._box is not None:
            return self._box
        account = self.account
        box: BaseMailBox
        if account.security == "tls":
            context = ssl.create_default_context()
            box = MailBox(account.host, account.port, timeout=account.timeout, ssl_context=context)
        elif account.security == "starttls":
            context = ssl.create_default_context()
            box = MailBoxStartTls(account.host, account.port, timeout=account.timeout, ssl_context=context)
        else:
            box = MailBoxUnencrypted(account.host, account.port, timeout=account.timeout)
        try:
            # The password may hold letters outside ASCII; the folder is opened here, to learn its UIDVALIDITY.
            box.login_utf8(account.user, account.password, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as problem:
            _drop(box)
            if isinstance(problem, imaplib.IMAP4.abort):
                raise
            sentence = f"The mailbox {account.user} does not accept the password set for it."
            raise MailboxFault(sentence, again=False) from problem
        # Servers name what they can do anew after the sign-in; "MOVE" is among it.
        _, able = box.client.capability()
        box.client.capabilities = tuple(bytes(able[-1]).decode("ascii", "replace").upper().split())
        self._open_folder(box)
        self._box = box
        return box

    def _open_folder(self, box: BaseMailBox) -> None:
        account = self.account
        try:
            box.folder.set(account.folder)
        except (MailboxFolderSelectError, imaplib.IMAP4.error) as problem:
            _drop(box)
            if isinstance(problem, imaplib.IMAP4.abort):
                raise
            sentence = f"The mailbox {account.user} has no folder {account.folder}."
            raise MailboxFault(sentence, again=False) from problem
        _, answer = box.client.response("UIDVALIDITY")
        first = answer[0] if answer else None
        self._validity = int(first) if isinstance(first, bytes) and first.isdigit() else 0

    def _fetch(self, uid: int) -> Fetched | None:
        """Fetch the bytes of one message as they are (imap-tools would parse them and write them anew)."""
        client = self._connected().client
        size = self._size(uid)
        if size is None:
            return None  # another poller was faster
        whole = size <= SIZE_LIMIT
        wanted = "(UID BODY.PEEK[])" if whole else f"(UID BODY.PEEK[]<0.{BEGINNING}>)"
        _, answer = client.uid("FETCH", str(uid), wanted)
        raw = next(
            (part[1] for part in answer or [] if isinstance(part, tuple) and _uid_of(part[0]) in (uid, None)), None
        )
        if raw is None:
            return None
        return Fetched(bytes(raw), uid, self._validity, size, whole)

    def _size(self, uid: int) -> int | None:
        _, answer = self._connected().client.uid("FETCH", str(uid), "(UID RFC822.SIZE)")
        for part in answer or []:
            line = part[0] if isinstance(part, tuple) else part
            if isinstance(line, bytes) and _uid_of(line) == uid and (found := _SIZE.search(line)):
                return int(found[1])
        return None

    def _move(self, message: Fetched) -> bool:
        box = self._connected()
        if self._validity != message.uid_validity or self._is_gone(box, message.uid):
            return False
        uid = str(message.uid)
        # Marked first: where moving is not allowed, or breaks off, the message is still not fetched again.
        marked, _ = box.client.uid("STORE", uid, "+FLAGS.SILENT", f"({STORED} \\Seen)")
        if self.account.done_folder:
            try:
                self._make_folder(box)
                box.move([uid], self.account.done_folder)
                return True
            except ImapToolsError:
                if self._is_gone(box, message.uid):
                    return False  # another poller was faster by a moment
        if marked != "OK":
            sentence = f"The mailbox {self.account.user} lets us neither mark nor move a message."
            raise MailboxFault(sentence, again=False)
        return True

    def _is_gone(self, box: BaseMailBox, uid: int) -> bool:
        # Until it is asked, a server may go on showing what another poller has taken away.
        box.client.noop()
        return self._size(uid) is None

    def _make_folder(self, box: BaseMailBox) -> None:
        if box.folder.exists(self.account.done_folder):
            return
        with suppress(MailboxFolderCreateError, MailboxFolderSubscribeError):
            # Another poller may make it in this moment; whether it is there, moving tells.
            box.folder.create(self.account.done_folder)
            box.folder.subscribe(self.account.done_folder, True)

    def _break(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            _drop(box)


def _drop(box: BaseMailBox) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        box.client.shutdown()


def _uid_of(line: bytes) -> int | None:
    found = _UID.search(line)
    return int(found[1]) if found else None
