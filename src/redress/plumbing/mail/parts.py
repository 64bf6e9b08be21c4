"""Of which parts does a message consist, and what bytes does each hold?

A small MIME reader of our own over the untouched bytes. The standard library's builds a tree of strings of the whole
message several times its size, recurses as deep as the sender likes, and does not keep the bytes of an attached
message; this one works with offsets, states its limits and never raises.

Example: ``read(raw).leaves()`` gives the parts with content, in the order in which they were written.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from redress.plumbing.mail import headers

MAX_DEPTH = 20
MAX_PARTS = 500
MAX_BAD_LINES = 100

_LINE_END = re.compile(rb"\r\n|\n|\r")
_GUESSED_BOUNDARY = re.compile(rb"(?<![^\r\n])--([^\r\n]{1,200}?)[ \t]*(?:\r\n|\n|\r)Content-", re.IGNORECASE)
_NOT_BASE64 = bytes(range(256)).translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_BASE64_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|[A-Za-z0-9+/]{2,3}={1,2}")

DEEP = f"Parts lie more than {MAX_DEPTH} deep in one another: the innermost were not opened and are in the original."
MANY = f"It has more than {MAX_PARTS} parts: the rest were not opened and are in the original."
LONG_HEAD = "Its header is longer than any real one: only the beginning was read. All of it is in the original."
NO_BOUNDARY = "It says that it has several parts, but they can't be told apart: it is shown as one text."
BAD_LINES = "Some lines of its header could not be read."
BAD_BASE64 = "A part is damaged: its encoding (base64) has wrong characters in it."


@dataclass(slots=True)
class Part:
    """One part: its header fields, and where in the raw bytes its body stands."""

    fields: list[tuple[str, bytes]]
    start: int
    end: int
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_parameters: dict[str, str] = field(default_factory=dict)
    children: list[Part] = field(default_factory=list)
    opaque: bool = False

    def first(self, name: str) -> bytes:
        """Give the first value of a header field, b"" when there is none."""
        return next((value for key, value in self.fields if key.casefold() == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Give every value of a header field, in order."""
        return [value for key, value in self.fields if key.casefold() == name]

    @property
    def encoding(self) -> str:
        """The transfer encoding, lower case, "" when none is named."""
        return headers.readable(self.first("content-transfer-encoding")).casefold().split(";")[0].strip()

    @property
    def filename(self) -> str:
        """The file name that the sender gave, decoded, as written."""
        return self.disposition_parameters.get("filename", "") or self.parameters.get("name", "")

    def leaves(self) -> Iterator[Part]:
        """Walk the parts that hold content themselves."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.children:
                waiting.extend(reversed(part.children))
            else:
                yield part


@dataclass(slots=True)
class Read:
    """The tree of parts, what was wrong, and whether the bytes have a header of a message at all."""

    root: Part
    faults: list[str]
    has_head: bool
    limited: bool = False


def read(raw: bytes) -> Read:
    """Take a message apart; never raises, whatever the bytes."""
    result = Read(Part([], 0, len(raw)), [], has_head=False)
    start = _first_line(raw)
    fields, body = _head(raw, start, len(raw), result)
    result.has_head = any(name.casefold().encode() in headers.KNOWN for name, _ in fields)
    root = result.root
    root.fields, root.start = fields, body
    count = 1
    waiting = [(root, 0, "text/plain")]
    while waiting:
        part, depth, default = waiting.pop()
        _describe(part, default)
        if not part.content_type.startswith("multipart/"):
            continue
        if depth >= MAX_DEPTH:
            _note(result, DEEP, limit=True)
            part.opaque = True
            continue
        part.children = _split(raw, part, result, MAX_PARTS - count)
        count += len(part.children)
        inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        waiting.extend((child, depth + 1, inner) for child in part.children)
    return result


def _note(result: Read, fault: str, *, limit: bool = False) -> None:
    result.limited = result.limited or limit
    if fault not in result.faults:
        result.faults.append(fault)


def _first_line(raw: bytes) -> int:
    """Find where the header begins: after a byte order mark, blank lines and an mbox line."""
    at = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    blank = re.compile(rb"[\r\n \t]*").match(raw, at)
    end = blank.end() if blank else at
    line = raw[end : end + 200]
    known = headers.field_of(_LINE_END.split(line, maxsplit=1)[0])
    if known and known[0].casefold().encode() in headers.KNOWN:
        at = end
    if raw.startswith((b"From ", b">From "), at):
        mark = _LINE_END.search(raw, at)
        return mark.end() if mark else len(raw)
    return at


def _head(raw: bytes, start: int, end: int, result: Read) -> tuple[list[tuple[str, bytes]], int]:
    """Read header fields from ``start``; gives them and where the body begins."""
    fields: list[tuple[str, bytes]] = []
    at, current, bad = start, bytearray(), 0

    def keep() -> None:
        found = headers.field_of(bytes(current))
        if found and len(fields) < headers.MAX_HEADERS:
            fields.append(found)
        current.clear()

    while at < end:
        mark = _LINE_END.search(raw, at, end)
        stop, after = (mark.start(), mark.end()) if mark else (end, end)
        if stop == at:
            keep()
            return fields, after
        too_long = at - start > headers.MAX_HEADER_BYTES or len(fields) >= headers.MAX_HEADERS
        if too_long:
            _note(result, LONG_HEAD, limit=True)
            keep()
            return fields, _after_blank(raw, at, end)
        line = raw[at : min(stop, at + headers.MAX_HEADER_BYTES)]
        if line[:1] in b" \t" and current:
            current += b"\n" + line
        elif headers.field_of(line):
            keep()
            current += line
        elif bad < MAX_BAD_LINES and _more_fields_follow(raw, after, end):
            bad += 1
            _note(result, BAD_LINES)
        else:
            keep()
            # Text with no blank line between: nothing of it may be lost.
            return fields, at
        at = after
    keep()
    return fields, end


def _more_fields_follow(raw: bytes, at: int, end: int) -> bool:
    """Say whether a known field comes before the next blank line: then this line is damage, not text."""
    for _ in range(50):
        mark = _LINE_END.search(raw, at, end)
        if mark is None or mark.start() == at:
            return False
        found = headers.field_of(raw[at : min(mark.start(), at + 300)])
        if found and found[0].casefold().encode() in headers.KNOWN:
            return True
        at = mark.end()
    return False


def _after_blank(raw: bytes, at: int, end: int) -> int:
    mark = re.compile(rb"\r\n\r\n|\n\n|\r\r").search(raw, at, end)
    return mark.end() if mark else end


def _describe(part: Part, default: str) -> None:
    written, part.parameters = headers.parameters(part.first("content-type"))
    if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}", written):
        part.content_type = written
    else:
        part.content_type = "text/plain" if written.startswith("text") or not written else "application/octet-stream"
        part.content_type = default if not written else part.content_type
    part.disposition, part.disposition_parameters = headers.parameters(part.first("content-disposition"))


def _split(raw: bytes, part: Part, result: Read, room: int) -> list[Part]:
    """Cut a multipart body at its boundary; without one the part becomes a text."""
    boundary = _boundary(part)
    marks = _marks(raw, part, boundary) if boundary else []
    if not marks and (guess := _GUESSED_BOUNDARY.search(raw, part.start, part.end)):
        marks = _marks(raw, part, guess[1])
    if not marks:
        _note(result, NO_BOUNDARY)
        part.content_type = "text/plain"
        return []
    children: list[Part] = []
    for index, (_, after, closing) in enumerate(marks):
        if closing:
            break
        if len(children) >= room:
            _note(result, MANY, limit=True)
            break
        stop = marks[index + 1][0] if index + 1 < len(marks) else part.end
        fields, body = _head(raw, after, stop, result)
        children.append(Part(fields, min(body, stop), stop))
    return children


def _boundary(part: Part) -> bytes:
    # Taken from the raw value: decoding may have changed or cleaned the very bytes that the body repeats.
    value = re.sub(rb"[\r\n]+", b"", part.first("content-type"))
    match = re.search(rb';\s*boundary\s*=\s*(?:"([^"]*)"?|([^\s;]+))', value, re.IGNORECASE)
    found = (match[1] or match[2] or b"") if match else b""
    return found.rstrip() or part.parameters.get("boundary", "").encode("utf-8", "replace")


def _marks(raw: bytes, part: Part, boundary: bytes) -> list[tuple[int, int, bool]]:
    """Find the delimiter lines: where the part before ends, where the next begins, whether it closes."""
    pattern = re.compile(rb"(?<![^\r\n])--" + re.escape(boundary[:1000]) + rb"(--)?[ \t]*(?=[\r\n]|\Z)")
    marks: list[tuple[int, int, bool]] = []
    for match in pattern.finditer(raw, part.start, part.end):
        before = match.start()
        if before - 2 >= part.start and raw[before - 2 : before] == b"\r\n":
            before -= 2
        elif before - 1 >= part.start and raw[before - 1 : before] in (b"\n", b"\r"):
            before -= 1
        ending = _LINE_END.match(raw, match.end(), part.end)
        marks.append((before, ending.end() if ending else match.end(), bool(match[1])))
        if len(marks) > MAX_PARTS + 1:
            break
    return marks


def content(raw: bytes, part: Part) -> tuple[bytes, bool]:
    """Undo the transfer encoding of a part; gives its bytes, and whether they were damaged."""
    data = raw[part.start : part.end]
    encoding = part.encoding
    if encoding == "base64":
        return _base64(data, text=part.content_type.startswith(("text/", "message/")))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), False
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(data)
    return data, False


def _base64(data: bytes, *, text: bool) -> tuple[bytes, bool]:
    bare = data.translate(None, b" \t\r\n")
    clean = bare.translate(None, _NOT_BASE64)
    if len(clean) != len(bare) and text:
        return _base64_then_text(data), True
    pieces = [piece for piece in clean.split(b"=") if piece]
    damaged = len(clean) != len(bare) or len(pieces) > 1
    out = bytearray()
    for piece in pieces:
        if len(piece) % 4 == 1:
            piece, damaged = piece[:-1], True
        out += binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
    return bytes(out), damaged


def _base64_then_text(data: bytes) -> bytes:
    """Decode the lines that are base64 and keep the others: mailing lists put a plain foot under encoded text."""
    lines = _LINE_END.split(data)
    count = 0
    while count < len(lines) and _BASE64_LINE.fullmatch(lines[count].strip()):
        count += 1
    encoded = b"".join(line.strip() for line in lines[:count])
    decoded, _ = _base64(encoded, text=False)
    return decoded + (b"\n" if count else b"") + b"\n".join(lines[count:])


def _uuencoded(data: bytes) -> tuple[bytes, bool]:
    out, damaged, inside = bytearray(), False, False
    for line in _LINE_END.split(data):
        if not inside:
            inside = line.startswith(b"begin ")
            continue
        if line.strip() in (b"end", b""):
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            damaged = True
    return (bytes(out), damaged) if inside else (data, True)
