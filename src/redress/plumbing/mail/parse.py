"""What does this message say, whatever its bytes?

``parse`` takes any bytes at all and gives a `ParsedMessage`; it never raises. What could not be read is named in
``faults``, in sentences for staff, and stays in the original, which the caller has kept before.

Example: ``parse(b"").kind`` is ``"unreadable"``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import partial

from redress.plumbing import text as plain
from redress.plumbing.mail import charsets, headers, outlook, parts, readable_html
from redress.plumbing.mail.message import Address, Attachment, Identity, ParsedMessage

__all__ = ["Address", "Attachment", "Identity", "ParsedMessage", "parse", "safe_name", "unreadable"]

ATTACHMENT_LIMIT = 25 * 1024 * 1024  # bytes of one file once decoded
ATTACHMENTS_LIMIT = 60 * 1024 * 1024  # bytes of all files of one message together
TEXT_LIMIT = 500_000  # characters shown
PART_TEXT_LIMIT = 4 * 1024 * 1024  # bytes of one part looked at for its text
EXCERPT_LIMIT = 4_000  # characters of an attached message shown under the text

NOT_A_MESSAGE = "This is not an e-mail that can be read: it has no header. It is kept, and shown as plain text."
EMPTY = "The message is empty: it has no bytes at all."
UNEXPECTED = "This message could not be taken apart. It is kept, and shown as plain text."
NUL_REMOVED = "It held characters that can't be stored (NUL). They were left out here and are in the original."
CHARSET = "Some letters could not be read: the message names the wrong character set, or none."
TEXT_CUT = f"The text is longer than {TEXT_LIMIT:,} characters: the rest is in the original."
ENCRYPTED = "The message is encrypted. Its content can be read only with the key it was made for."
NO_DATE = "It has no date."
BAD_DATE = "Its date could not be read."
NO_SENDER = "It names no sender."
SIGNED_BY_MANY = "It names more than one sender: the first is taken."
NAME_TURNED = "The name of an attachment held invisible characters that change how it reads. They were taken out."

_TYPES = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/heic": "heic",
    "image/tiff": "tif", "text/calendar": "ics", "text/csv": "csv", "text/html": "html", "text/plain": "txt",
    "text/vcard": "vcf", "text/x-vcard": "vcf", "text/rtf": "rtf", "application/rtf": "rtf", "application/zip": "zip",
    "message/rfc822": "eml", "message/global": "eml", "message/delivery-status": "txt", "text/rfc822-headers": "txt",
    "message/disposition-notification": "txt", "application/ms-tnef": "dat", "audio/mpeg": "mp3", "video/mp4": "mp4",
    "application/pgp-signature": "asc", "application/pgp-encrypted": "asc", "application/pgp-keys": "asc",
    "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s", "application/pkcs7-mime": "p7m",
    "application/msword": "doc", "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
_ATTACHED_MESSAGES = ("message/rfc822", "message/global", "message/news")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = (*_ATTACHED_MESSAGES, "text/rfc822-headers", "message/rfc822-headers")


def parse(raw: bytes) -> ParsedMessage:
    """Read a message from any bytes; never raises."""
    if not raw.strip():
        return unreadable(raw, EMPTY)
    try:
        if outlook.is_outlook(raw):
            return _outlook(raw)
        read = parts.read(raw)
        return _Reading(raw, read).message() if read.has_head else unreadable(raw, NOT_A_MESSAGE)
    except Exception as problem:  # noqa: BLE001 – a stranger's bytes must never stop the mailbox; the fault is told
        return unreadable(raw, f"{UNEXPECTED} ({type(problem).__name__})")


def _outlook(raw: bytes) -> ParsedMessage:
    try:
        opened = outlook.open_message(raw)
    except outlook.CannotOpen as problem:
        return unreadable(raw, problem.sentence)
    message = _Reading(opened.mime, parts.read(opened.mime)).message()
    return replace(message, size=len(raw), faults=(*message.faults, *opened.faults))


def unreadable(raw: bytes, reason: str) -> ParsedMessage:
    """Make what is kept of bytes that are no message: their text as far as it can be shown, and why."""
    decoded = charsets.decode(raw[:PART_TEXT_LIMIT])
    cleaned = plain.clean(decoded.text)
    faults = [reason]
    if "\x00" in decoded.text:
        faults.append(NUL_REMOVED)
    if len(cleaned.text) > TEXT_LIMIT or len(raw) > PART_TEXT_LIMIT:
        faults.append(TEXT_CUT)
    return ParsedMessage(
        kind="unreadable", message_id="", in_reply_to="", references=(), from_name="", from_address="", reply_to=(),
        to=(), cc=(), subject="", date=None, date_as_written="", text=cleaned.text[:TEXT_LIMIT].strip("\n"),
        html_original=False, attachments=(), headers=(), faults=tuple(faults),
        digest=hashlib.sha256(raw).hexdigest(), size=len(raw), content_type="application/octet-stream",
    )  # fmt: skip


def safe_name(written: str, fallback: str = "attachment") -> str:
    """Make a file name that can be shown: no folder, no control or direction-changing characters, 150 at most."""
    line = plain.one_line(plain.without_turning(written))
    pieces = [piece.strip(" .") for piece in re.split(r"[/\\]", line)]
    name = next((piece for piece in reversed(pieces) if piece), "") or fallback
    if len(name) <= 150:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:140]}….{extension}" if dot and len(extension) <= 8 else name[:149] + "…"


@dataclass
class _Reading:
    """The reading of one message: its faults, files and texts as they are found."""

    raw: bytes
    read: parts.Read
    depth: int = 0
    faults: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    digested: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    returned: str = ""
    html_original: bool = False
    opened: int = 0
    texts: dict[int, str] = field(default_factory=dict)

    def fault(self, sentence: str) -> None:
        if sentence not in self.faults:
            self.faults.append(sentence)

    def message(self) -> ParsedMessage:
        root = self.read.root
        self.faults.extend(self.read.faults)
        for leaf in list(root.leaves()):
            self._take(leaf)
        blocks = [block for block in self._blocks(root) if block.strip()]
        if not blocks and (lone := self._named_text(root)):
            blocks = [lone]
        report = root.content_type == "multipart/report"
        if self.depth == 0 and not report:
            blocks.extend(self._excerpts())
        text = "\n\n".join(block.strip("\n") for block in blocks)
        if len(text) > TEXT_LIMIT:
            text = text[:TEXT_LIMIT]
            self.fault(TEXT_CUT)
        if root.content_type in ("multipart/encrypted", "application/pkcs7-mime"):
            self.fault(ENCRYPTED)
        if self.read.limited:
            # Parts that were not opened count towards the identity by their bytes.
            self.digested.append(hashlib.sha256(memoryview(self.raw)[root.start : root.end]).hexdigest())
        return self._with_head(root, text)

    def _with_head(self, root: parts.Part, text: str) -> ParsedMessage:
        one = partial(self._line, root)
        senders = headers.addresses(root.all("from")) or headers.addresses(root.all("sender"))
        if not senders:
            self.fault(NO_SENDER)
        elif len(senders) > 1:
            self.fault(SIGNED_BY_MANY)
        sender = senders[0] if senders else Address("", "")
        date = headers.date(root.first("date"))
        if date is None:
            self.fault(BAD_DATE if root.first("date").strip() else NO_DATE)
        answered = headers.message_ids(root.first("in-reply-to"))
        references = [item for value in root.all("references") for item in headers.message_ids(value)]
        if any(b"\x00" in value for _, value in root.fields):
            self.fault(NUL_REMOVED)
        return ParsedMessage(
            kind="message", message_id=headers.message_id(root.first("message-id")),
            in_reply_to=answered[0] if answered else "",
            references=tuple(dict.fromkeys([*references, *answered[1:]]))[: headers.MAX_REFERENCES],
            from_name=sender.name, from_address=sender.address, reply_to=headers.addresses(root.all("reply-to")),
            to=headers.addresses(root.all("to")), cc=headers.addresses(root.all("cc")),
            subject=plain.without_turning(one("subject"))[:1_000], date=date, date_as_written=one("date")[:200],
            text=text, html_original=self.html_original, attachments=tuple(self.attachments),
            headers=tuple((name, headers.readable(value)) for name, value in root.fields),
            faults=tuple(self.faults), digest=_digest(self.digested), size=len(self.raw),
            content_type=root.content_type, delivery_reports=tuple(self.reports), returned_headers=self.returned,
        )  # fmt: skip

    @staticmethod
    def _line(root: parts.Part, name: str) -> str:
        return headers.readable(root.first(name))

    def _take(self, leaf: parts.Part) -> None:
        """Decide whether a part is text of the message or a file that came with it, and keep it."""
        is_text = leaf.content_type in ("text/plain", "text/html") and not leaf.opaque
        if is_text and leaf.disposition != "attachment" and not leaf.filename:
            self.texts[id(leaf)] = self._text(leaf)
        else:
            self._attach(leaf)

    def _text(self, leaf: parts.Part) -> str:
        data, damaged = parts.content(self.raw, leaf)
        if damaged:
            self.fault(parts.BAD_BASE64)
        decoded = charsets.decode(data[:PART_TEXT_LIMIT], leaf.parameters.get("charset", ""))
        if decoded.damaged or (decoded.guessed and leaf.content_type == "text/plain"):
            self.fault(CHARSET)
        if "\x00" in decoded.text:
            self.fault(NUL_REMOVED)
        if len(data) > PART_TEXT_LIMIT:
            self.fault(TEXT_CUT)
        text = plain.clean(decoded.text).text
        whole = damaged or decoded.damaged or len(data) > PART_TEXT_LIMIT
        self.digested.append("bytes:" + hashlib.sha256(data).hexdigest() if whole else "text:" + _settled(text))
        return text

    def _blocks(self, part: parts.Part) -> list[str]:
        """Give the texts to show, in order; of alternatives the plain one, if it says anything."""
        if not part.children:
            return [self._shown(part)] if id(part) in self.texts else []
        if part.content_type != "multipart/alternative":
            return [block for child in part.children for block in self._blocks(child)]
        fallback: list[str] = []
        for wanted in ("text/plain", ""):
            for child in part.children:
                if not wanted or child.content_type == wanted:
                    blocks = [block for block in self._blocks(child) if block.strip()]
                    if blocks:
                        return blocks
        return fallback

    def _shown(self, leaf: parts.Part) -> str:
        text = self.texts[id(leaf)]
        if leaf.content_type == "text/html" or readable_html.looks_like_html(text):
            self.html_original = True
            return plain.clean(readable_html.to_text(text)).text
        return "\n".join(line.rstrip() for line in text.split("\n"))

    def _named_text(self, root: parts.Part) -> str:
        """Take a lone text that carries a file name for the message itself: some programs name their body."""
        for leaf in root.leaves():
            if leaf.disposition != "attachment" and leaf.content_type in ("text/plain", "text/html"):
                data, _ = parts.content(self.raw, leaf)
                text = plain.clean(charsets.decode(data[:PART_TEXT_LIMIT], leaf.parameters.get("charset", "")).text)
                return readable_html.to_text(text.text) if leaf.content_type == "text/html" else text.text
        return ""

    def _attach(self, leaf: parts.Part) -> None:
        written = leaf.filename
        length = leaf.end - leaf.start
        about = length * 3 // 4 if leaf.encoding == "base64" else length
        too_large = about > ATTACHMENT_LIMIT or self.opened + about > ATTACHMENTS_LIMIT or leaf.opaque
        data = b""
        if not too_large:
            data, damaged = parts.content(self.raw, leaf)
            self.opened += len(data)
            if damaged:
                self.fault(parts.BAD_BASE64)
        name = safe_name(written, self._fallback_name(leaf, data))
        sha = hashlib.sha256(memoryview(self.raw)[leaf.start : leaf.end] if too_large else data).hexdigest()
        if too_large and not leaf.opaque:
            self.fault(_too_large(name, about))
        if written and plain.without_turning(written) != written:
            self.fault(NAME_TURNED)
        self._read_report(leaf, data)
        self.digested.append(f"file:{written}:{_settled_file(leaf, data) if not too_large else sha}")
        self.attachments.append(
            Attachment(
                name=name, name_as_written=written, content_type=leaf.content_type, data=data,
                inline=leaf.disposition == "inline" or (bool(leaf.first("content-id")) and not leaf.disposition),
                content_id=headers.readable(leaf.first("content-id")).strip("<> ")[:300],
                size=about if too_large else len(data), sha256=sha, too_large=too_large,
            )
        )  # fmt: skip

    def _fallback_name(self, leaf: parts.Part, data: bytes) -> str:
        extension = _TYPES.get(leaf.content_type, "bin")
        if leaf.content_type in _ATTACHED_MESSAGES and data:
            inner = parts.read(data[: headers.MAX_HEADER_BYTES])
            subject = headers.readable(inner.root.first("subject"))
            subject = safe_name(re.sub(r"[/\\]+", "-", subject), "attached message")
            return f"{subject[:100]}.eml"
        if leaf.content_type in _REPORTS:
            return "delivery report.txt"
        if leaf.content_type == "application/ms-tnef":
            return "winmail.dat"
        return f"attachment {len(self.attachments) + 1}.{extension}"

    def _read_report(self, leaf: parts.Part, data: bytes) -> None:
        if leaf.content_type in _REPORTS:
            self.reports.append(plain.clean(charsets.decode(data[:100_000]).text).text)
        if leaf.content_type in _RETURNED and self.read.root.content_type == "multipart/report" and not self.returned:
            head = re.split(rb"\r\n\r\n|\n\n|\r\r", data.lstrip(b"\r\n"), maxsplit=1)[0]
            self.returned = plain.clean(charsets.decode(head[:100_000]).text).text

    def _excerpts(self) -> list[str]:
        """Show the beginning of attached messages: a complaint is often forwarded whole."""
        found: list[str] = []
        for attachment in self.attachments:
            if attachment.content_type in _ATTACHED_MESSAGES and attachment.data and len(found) < 5:
                inner = parts.read(attachment.data)
                message = _Reading(attachment.data, inner, depth=self.depth + 1).message()
                who = str(Address(message.from_name, message.from_address)) or "an unnamed sender"
                head = f"[Attached message: “{message.subject or 'no subject'}” from {who}]"
                rest = "\n[… the rest is in the attachment]" if len(message.text) > EXCERPT_LIMIT else ""
                found.append(f"{head}\n{message.text[:EXCERPT_LIMIT]}{rest}")
        return found


def _too_large(name: str, size: int) -> str:
    limit = ATTACHMENT_LIMIT // (1024 * 1024)
    return (
        f"The attachment “{name}” (about {max(1, round(size / 1024 / 1024))} MB) is too large to open here: the limit "
        f"is {limit} MB for one file and {ATTACHMENTS_LIMIT // (1024 * 1024)} MB for all. It is kept in the original."
    )


def _settled(text: str) -> str:
    """Undo what mail servers do to a text on its way: line ends, spaces at line ends, blank lines at the end."""
    lines = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()


def _settled_file(leaf: parts.Part, data: bytes) -> str:
    if leaf.encoding in ("base64", "quoted-printable"):
        return hashlib.sha256(data).hexdigest()
    # Sent as it is, so its line ends are the last server's, not the sender's.
    return hashlib.sha256(re.sub(rb"\r\n|\r", b"\n", data).rstrip(b"\n")).hexdigest()


def _digest(pieces: list[str]) -> str:
    return hashlib.sha256("\x1e".join(pieces).encode("utf-8", "replace")).hexdigest()
