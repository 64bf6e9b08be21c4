"""Read the words of one file: its bytes on standard input after a line with its type, JSON on standard output.

Runs in a limited child process, because these formats are parsed by large libraries and the files come from strangers.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

# As much as a person would read or search; what is beyond is cut, and said to be.
_MOST = 2_000_000

# A long report is some megabytes of XML; more than this is made to fill the memory of whoever unpacks it.
_MOST_XML = 100 << 20

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN = {"text/plain", "text/csv"}


class _Unreadable(Exception):
    """The file can't be read; the reason is a sentence."""


def read(content_type: str, data: bytes, *, text: bool) -> dict[str, Any]:
    """Answer the words, the number of pages where there are such, and the reason when there are none."""
    try:
        if content_type == "application/pdf":
            return _pdf(data, text)
        if content_type.endswith("wordprocessingml.document"):
            return _answer(_word(data))
        if content_type == "message/rfc822":
            return _answer(_email(data))
        if content_type in _PLAIN:
            return _answer(_decoded(data))
    except _Unreadable as why:
        return _answer("", reason=str(why))
    return _answer("", reason="The words in this kind of file are not read.")


def _answer(text: str, *, pages: int | None = None, reason: str = "") -> dict[str, Any]:
    if len(text) > _MOST:
        text, reason = text[:_MOST], "Only the first two million characters were read."
    return {"text": text, "pages": pages, "reason": reason}


def _pdf(data: bytes, text: bool) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        why = "This PDF needs a password." if "assword" in str(fault) else "This PDF is damaged and can't be read."
        raise _Unreadable(why) from fault
    pages = len(document)
    if not text:
        return _answer("", pages=pages)
    words: list[str] = []
    length = 0
    for number in range(pages):
        words.append(_page(document, number))
        length += len(words[-1])
        if length > _MOST:
            break
    said = "\n\n".join(words).replace("\r\n", "\n")
    if not said.strip():
        return _answer("", pages=pages, reason="There are no words in this PDF: it may be a scan or a picture.")
    return _answer(said, pages=pages)


def _page(document: Any, number: int) -> str:
    import pypdfium2

    try:
        return str(document[number].get_textpage().get_text_bounded())
    except pypdfium2.PdfiumError:
        return f"[Page {number + 1} can't be read.]"


def _word(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open("word/document.xml") as document:
            return _words_of(document)
    except (zipfile.BadZipFile, KeyError, ParseError, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
        raise _Unreadable("This Word file is damaged and can't be read.") from fault


def _words_of(document: Any) -> str:
    parser: XMLPullParser[Any] = XMLPullParser(["end"])
    before = b""
    parts: list[str] = []
    length = unpacked = 0
    while chunk := document.read(1 << 16):
        unpacked += len(chunk)
        if unpacked > _MOST_XML:
            raise _Unreadable("This Word file unpacks to far more than a document holds, so it was not read.")
        seam, before = before[-16:] + chunk, chunk
        if b"<!ENTITY" in seam or b"<!DOCTYPE" in seam:
            # No Word file has one: it is how an XML file is made to swell without end.
            raise _Unreadable("This Word file holds definitions that no Word file has, so it was not read.")
        parser.feed(chunk)
        for event in parser.read_events():
            element: Element = event[1]  # type: ignore[misc, assignment]
            piece = _piece(element)
            parts.append(piece)
            length += len(piece)
            if element.tag == f"{_WORD}p":
                element.clear()
        if length > _MOST:
            return "".join(parts)
    parser.close()
    return "".join(parts).strip()


def _piece(element: Element) -> str:
    if element.tag == f"{_WORD}t":
        return element.text or ""
    return {f"{_WORD}p": "\n", f"{_WORD}br": "\n", f"{_WORD}tab": "\t"}.get(element.tag, "")


def _email(data: bytes) -> str:
    message = message_from_bytes(data, policy=policy.default)
    head = [f"{name}: {message[name]}" for name in ("From", "To", "Date", "Subject") if message[name]]
    body = message.get_body(preferencelist=("plain", "html")) if isinstance(message, EmailMessage) else None
    words = ""
    if body is not None:
        try:
            words = str(body.get_content())
        except (LookupError, UnicodeError, KeyError):
            raw = body.get_payload(decode=True)
            words = _decoded(raw) if isinstance(raw, bytes) else ""
        if body.get_content_type() == "text/html":
            words = _without_tags(words)
    return "\n".join(head) + "\n\n" + words.strip()


class _Words(HTMLParser):
    _SILENT = frozenset({"script", "style", "head", "template"})
    _BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in self._SILENT), 0)
        if tag in self._BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).splitlines())
    return "\n".join(line for line in lines if line)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


if __name__ == "__main__":
    order = json.loads(sys.stdin.buffer.readline())
    answer = read(order["content_type"], sys.stdin.buffer.read(), text=order["text"])
    sys.stdout.buffer.write(json.dumps(answer).encode())
