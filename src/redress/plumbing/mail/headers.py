"""What do the header lines of a message say, in readable text?

Header lines come from strangers: encoded by any program since 1982, cut in the middle, in no charset at all.
Every function here gives an answer for any bytes, in time that grows with their length only.

Example: ``unfold_words("=?utf-8?q?Bins_missed?=")`` is ``"Bins missed"``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from redress.plumbing import text as plain
from redress.plumbing.mail import charsets
from redress.plumbing.mail.message import Address

# Long before these a real message ends; past them are header bombs. The original keeps the rest.
MAX_HEADER_BYTES = 256 * 1024
MAX_HEADERS = 1_000
MAX_VALUE = 20_000
MAX_ADDRESSES = 200
MAX_REFERENCES = 200

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?([QqBb])\?((?:[^?]|\?(?!=)){0,4000}+)\?=")
_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_ADDRESS = re.compile(r"[^\s<>,;\"()@]{1,128}@[^\s<>,;\"()@]{1,255}")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60}?)(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*+"?|[^;]*)', re.DOTALL)

# One of these makes a block of lines the head of a message. Others alone ("Note: …") may stand in any text.
KNOWN = frozenset(
    {
        b"from", b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
        b"return-path", b"received", b"delivered-to", b"x-original-to", b"envelope-to", b"reply-to", b"sender",
        b"mime-version", b"content-type", b"content-transfer-encoding", b"content-disposition", b"x-mailer",
        b"user-agent", b"resent-from", b"resent-to", b"delivery-date", b"dkim-signature", b"auto-submitted",
        b"authentication-results", b"list-id", b"x-received", b"arc-seal",
    }
)  # fmt: skip


def field_of(line: bytes) -> tuple[str, bytes] | None:
    """Split one unfolded header line into its name and value, or say that it is none."""
    match = _FIELD.match(line)
    return (match[1].decode("ascii"), match[2].strip()) if match else None


def readable(value: bytes) -> str:
    """Give a header value as one line of text that can be stored."""
    raw = charsets.decode(value[:MAX_VALUE]).text
    return plain.one_line(unfold_words(raw))


def unfold_words(value: str) -> str:
    """Decode RFC 2047 encoded words, also those that mailers cut, joined or put inside quotes."""
    value = re.sub(r"\r\n|\r|\n", "", value)
    if "=?" not in value:
        return value
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None  # a letter may be cut between two words of one charset
    at = 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[at : match.start()]
        charset, data = match[1].casefold(), _word_bytes(match[2], match[3])
        if pending and not between.strip() and pending[0] == charset:
            pending = (charset, pending[1] + data)
        else:
            if pending:
                pieces.append(charsets.decode(pending[1], pending[0]).text)
            pieces.append(between if between.strip() or not pending else "")
            pending = (charset, data)
        at = match.end()
    if pending:
        pieces.append(charsets.decode(pending[1], pending[0]).text)
    pieces.append(value[at:])
    return "".join(pieces)


def _word_bytes(kind: str, text: str) -> bytes:
    if kind in "qQ":
        return _quoted(text.replace("_", " "))
    raw = re.sub(r"[^A-Za-z0-9+/]", "", text)
    raw = raw[: len(raw) - (len(raw) % 4 == 1)]
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def _quoted(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), data)


def addresses(values: Iterable[bytes]) -> tuple[Address, ...]:
    """Give the people in address headers, names readable and free of direction-changing characters."""
    found: list[Address] = []
    for value in values:
        raw = charsets.decode(value[:MAX_VALUE]).text
        # Names are decoded only after the line is taken apart: an encoded name may hold commas and brackets.
        for one in _mailboxes(re.sub(r"[\r\n\x00]+", " ", raw)):
            name, address = _name_and_address(one)
            if (name or address) and len(found) < MAX_ADDRESSES:
                found.append(Address(name, address))
    return tuple(found)


def _mailboxes(line: str) -> list[str]:
    """Cut an address header at its commas, but not inside quotes, angle brackets or comments.

    The standard library's reader breaks at "[" in an unquoted name ("Jo [#12] <jo@x>") and recurses with the brackets.
    """
    pieces: list[str] = []
    start, quoted, angle, comment = 0, False, False, 0
    at = 0
    while at < len(line):
        letter = line[at]
        if letter == "\\":
            at += 1
        elif letter == '"' and not comment:
            quoted = not quoted
        elif not quoted:
            comment = max(0, comment + (letter == "(") - (letter == ")"))
            if letter in "<>":
                angle = letter == "<"
            elif letter == ":" and not angle and not comment:
                start = at + 1  # the name of a group ("undisclosed recipients:;")
            elif letter in ",;" and not comment and (not angle or letter == ","):
                pieces.append(line[start:at])
                start, angle = at + 1, False
        at += 1
    pieces.append(line[start:])
    return pieces if not (quoted or comment) or len(pieces) > 1 else _unbalanced(line)


def _unbalanced(line: str) -> list[str]:
    return [line] if line.count("@") < 2 else re.split(r"[,;]", line)


def _name_and_address(piece: str) -> tuple[str, str]:
    before, bracket, after = piece.rpartition("<")
    if bracket:
        name, address = before, after.partition(">")[0]
        if not name.strip() and "(" in after:
            name = after.partition("(")[2].rpartition(")")[0]
    else:
        bare, bracket, comment = piece.partition("(")
        found = _ADDRESS.search(bare)
        address = found[0] if found else (bare if "@" in bare else "")
        name = comment.rpartition(")")[0] if bracket else (bare.replace(address, " ") if address else bare)
    bare_address = _bare_address(address)
    shown = _shown_name(name)
    return ("" if shown == bare_address else shown), bare_address


def _shown_name(name: str) -> str:
    name = name.strip()
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name.replace('\\"', "\x00").replace('"', "").replace("\x00", '"'))
    shown = plain.without_turning(plain.one_line(unfold_words(name))).strip()
    if len(shown) > 1 and shown[0] == shown[-1] and shown[0] in "'\"":
        shown = shown[1:-1].strip()
    return shown[:300]


def _bare_address(address: str) -> str:
    text = plain.without_turning(plain.one_line(unfold_words(address))).strip("<>\"' ")
    return re.sub(r"\s+", "", text)[:320]


def message_ids(value: bytes) -> tuple[str, ...]:
    """Give the message identifiers in a header, without their angle brackets."""
    text = readable(value)
    found = [re.sub(r"\s+", "", item) for item in _MESSAGE_ID.findall(text)]
    if not found:
        found = [word.strip("<>") for word in text.split() if "@" in word]
    return tuple(item[:900] for item in found[:MAX_REFERENCES] if item)


def message_id(value: bytes) -> str:
    """Give the one identifier of a message, "" when there is none; odd ones are kept as they are."""
    return next(iter(message_ids(value)), readable(value).strip("<>").replace(" ", "")[:900])


def date(value: bytes) -> datetime | None:
    """Give the moment that a Date header names (aware), or None when it names none.

    A date without a zone is taken as UTC (RFC 5322, 3.3); years outside 1970 to 2200 are no dates of mail.
    """
    try:
        found = parsedate_to_datetime(readable(value)[:200])
        aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return aware if 1970 <= aware.year <= 2200 else None


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Split a structured header into its lower-case first word and its parameters, all decoded.

    Takes RFC 2231 pieces, RFC 2047 words inside quotes and bare eight-bit names with spaces alike.
    """
    raw = re.sub(r"\r\n|\r|\n", "", charsets.decode(value[:MAX_VALUE]).text)
    first, _, _ = raw.partition(";")
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(raw):
        name, number, starred, written = match[1].casefold(), match[2], bool(match[3]), match[4].strip()
        if written.startswith('"'):
            written = re.sub(r"\\(.)", r"\1", written[1:].removesuffix('"'))
        # An RFC 2231 value goes before a plain one of the same name: it was written by the better program.
        index = int(number) if number else (-1 if starred else -2)
        pieces.setdefault(name, {}).setdefault(index, (written, starred))
    return first.strip().casefold(), {name: _joined(parts) for name, parts in pieces.items()}


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    numbered = [parts[index] for index in sorted(parts) if index >= 0]
    if not numbered:
        written, starred = parts.get(-1) or parts[-2]
        return _extended(written) if starred else plain.one_line(unfold_words(written))
    if any(starred for _, starred in numbered):
        return _extended("".join(written for written, _ in numbered))
    return plain.one_line(unfold_words("".join(written for written, _ in numbered)))


def _extended(written: str) -> str:
    charset, first, rest = written.partition("'")
    language, second, encoded = rest.partition("'")
    if not (first and second) or len(charset) > 40 or len(language) > 20:
        charset, encoded = "utf-8", written
    return plain.one_line(charsets.decode(unquote_to_bytes(encoded), charset).text)
