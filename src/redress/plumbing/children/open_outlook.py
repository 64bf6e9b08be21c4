"""Run in a limited child process: reads a .msg file on standard input, writes faults (JSON, one line) and MIME.

Knows nothing of Redress, so that the child needs only the standard library and python-oxmsg.

Example: ``python open_outlook.py < saved.msg``.
"""

from __future__ import annotations

import json
import re
import sys
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from oxmsg import Message
from oxmsg.domain import constants
from oxmsg.properties import Properties

_EMBEDDED_HEADER = 24  # bytes before the properties of a message inside a message ([MS-OXMSG] 2.4.1.2)
_EMBEDDED = "3701000D"
_DEEPEST = 5


def main() -> None:
    """Turn the file on standard input into MIME on standard output."""
    faults: list[str] = []
    message = Message.load(sys.stdin.buffer.read())
    mime = _mime(message, faults, depth=0)
    sys.stdout.buffer.write(json.dumps({"faults": faults}).encode() + b"\n" + mime)


def _mime(message: Message, faults: list[str], *, depth: int) -> bytes:
    properties = message.properties
    written = properties.str_prop_value(constants.PID_TRANSPORT_MESSAGE_HEADERS) or ""
    head = _transport_head(written)
    present = {line.split(":", 1)[0].casefold() for line in head if line[:1] not in " \t"}
    for name, value in _made_up_head(message):
        if name.casefold() not in present and value:
            head.append(f"{name}: {' '.join(value.split())}")
    body = _body(message, faults, depth=depth).as_bytes(policy=policy.SMTP)
    return "\r\n".join(head).encode("utf-8", "replace") + b"\r\n" + body


def _transport_head(written: str) -> list[str]:
    """Keep the lines the message travelled with, without those on a MIME structure that the file no longer has."""
    kept: list[str] = []
    keep = False
    for line in re.split(r"\r\n|\r|\n", written.replace("\x00", "")):
        if line[:1] in (" ", "\t"):
            if keep:
                kept.append(line)
            continue
        name, colon, _ = line.partition(":")
        keep = bool(colon) and bool(re.fullmatch(r"[!-9;-~]+", name))
        keep = keep and not name.casefold().startswith(("content-", "mime-version"))
        if keep:
            kept.append(line)
    return kept


def _made_up_head(message: Message) -> list[tuple[str, str]]:
    """Make header lines from Outlook's own properties, for a message that never travelled (a draft, a sent one)."""
    text = message.properties.str_prop_value
    name = text(constants.PID_SENDER_NAME) or text(constants.PID_SENT_REPRESENTING_NAME) or ""
    address = text(constants.PID_SENDER_SMTP_ADDRESS) or text(constants.PID_SENDER_EMAIL_ADDRESS) or ""
    people = [_address(who.name, who.email_address) for who in message.recipients]
    return [
        ("From", _address(name, address)),
        ("To", ", ".join(person for person in people if person)),
        ("Subject", message.subject.replace("\x00", "")),
        ("Date", format_datetime(message.sent_date) if message.sent_date else ""),
        ("Message-ID", (text(0x1035) or "").strip()),
        ("In-Reply-To", (text(0x1042) or "").strip()),
        ("References", (text(0x1039) or "").strip()),
    ]


def _address(name: str, address: str) -> str:
    # Inside one office Outlook writes a directory path ("/O=…/CN=…") where an address would stand.
    real = address if "@" in address and not address.startswith("/") else ""
    clean = re.sub(r"[\x00-\x1f]", "", name).strip()
    return formataddr((clean, real), "utf-8") if real else (f'"{clean.replace(chr(34), "")}"' if clean else "")


def _body(message: Message, faults: list[str], *, depth: int) -> EmailMessage:
    whole = EmailMessage(policy=policy.SMTP)
    text = (message.body or "").replace("\x00", "")
    whole.set_content(text, charset="utf-8", cte="base64")
    if html := _html(message, faults):
        whole.add_alternative(html.replace("\x00", ""), subtype="html", charset="utf-8", cte="base64")
    for attachment in message.attachments:
        _attach(whole, attachment, faults, depth=depth)
    return whole


def _html(message: Message, faults: list[str]) -> str:
    data = message.properties.binary_prop_value(constants.PID_HTML)
    if not data:
        return message.properties.str_prop_value(constants.PID_BODY_HTML) or ""
    try:
        return data.decode(message.properties.body_encoding)
    except (LookupError, UnicodeDecodeError, KeyError, ValueError):
        faults.append("Some letters of the message's HTML could not be read.")
        return data.decode("cp1252", "replace")


def _attach(whole: EmailMessage, attachment: Any, faults: list[str], *, depth: int) -> None:
    text = attachment.properties.str_prop_value
    name = attachment.file_name or text(constants.PID_ATTACH_FILENAME) or text(constants.PID_DISPLAY_NAME) or ""
    name = re.sub(r"[\x00-\x1f]", "", name)
    data = attachment.file_bytes
    if data is None:
        inner = next((one for one in attachment._storage._storages if one.name.endswith(_EMBEDDED)), None)
        if inner is None or depth >= _DEEPEST:
            faults.append(f"The attachment “{name or 'without a name'}” is not in the file itself.")
            return
        data = _mime(_Embedded(inner), faults, depth=depth + 1)
        _add(whole, data, "message/rfc822", name if name.endswith(".eml") else f"{name or 'attached message'}.eml", "")
        return
    kind = (attachment.mime_type or "").casefold()
    kind = kind if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+_-]+", kind) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    _add(whole, data, kind, name, text(0x3712) or "")


def _add(whole: EmailMessage, data: bytes, kind: str, name: str, content_id: str) -> None:
    if whole.get_content_type() != "multipart/mixed":
        whole.make_mixed()
    part = EmailMessage(policy=policy.SMTP)
    part.set_content(data, *kind.split("/", 1), disposition="attachment", filename=name or None)
    part.replace_header("Content-Type", kind)
    if content_id:
        part["Content-ID"] = "<" + re.sub(r"[^!-~]|[<>]", "", content_id)[:200] + ">"
    del part["MIME-Version"]
    whole.attach(part)


class _Embedded(Message):
    """A message that was attached to another: its properties stand at another place."""

    @property
    def properties(self) -> Properties:
        """Provide the properties of the inner message."""
        return Properties(self._storage, properties_header_offset=_EMBEDDED_HEADER)


if __name__ == "__main__":
    main()
