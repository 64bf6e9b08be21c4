"""What does a message written in HTML say, as plain text?

Nothing is fetched, run or shown: tags are read in one pass from left to right, so that the time it takes grows with
the length only. Where a link's words hide its address, the address is put beside them.

Example: ``to_text("<p>Bins <b>missed</b></p>")`` is ``"Bins missed"``.
"""

from __future__ import annotations

import html
import re

MAX_LENGTH = 2_000_000

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,30})(?P<rest>[^>]*)>?|<[!?][^>]*>?", re.DOTALL
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "xml"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
        "form", "header", "legend", "main", "nav", "ol", "pre", "section", "table", "tbody", "thead", "ul", "tr",
    }
)  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(r"\s*<(?:!doctype html|html|head|body|p|div|table|span|font)\b[^>]*>", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Say whether a text that calls itself plain is HTML in truth (some senders put it there)."""
    return bool(_LOOKS_LIKE_HTML.match(text)) and "</" in text


def to_text(source: str) -> str:
    """Turn HTML into readable text; never raises, and fetches nothing."""
    writer = _Writer()
    source = source[:MAX_LENGTH]
    at = 0
    for token in _TOKEN.finditer(source):
        writer.words(source[at : token.start()])
        at = token.end()
        if token["name"]:
            writer.tag(token["name"].casefold(), bool(token["close"]), token["rest"][:5_000])
    writer.words(source[at:])
    return writer.finish()


class _Writer:
    """Collects lines of text while the tags go by."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.unseen: list[str] = []
        self.link: tuple[str, int] | None = None
        self.keep_spaces = 0

    def words(self, source: str) -> None:
        if self.unseen or not source:
            return
        text = html.unescape(source)
        if self.keep_spaces:
            self.pieces.append(text)
            return
        text = re.sub(r"[ \t\r\n\f\u00a0]+", " ", text)
        if text == " " and (not self.pieces or self.pieces[-1].endswith(("\n", " "))):
            return
        self.pieces.append(text)

    def tag(self, name: str, closing: bool, rest: str) -> None:
        if name in _UNSEEN and not rest.endswith("/"):
            self._hide(name, closing)
        elif name == "body":
            # A head that was never closed must not swallow the message.
            self.unseen.clear()
        elif self.unseen:
            return
        elif name == "a":
            self._anchor(closing, rest)
        elif name == "br":
            self.pieces.append("\n")
        elif name == "hr":
            self.pieces.append("\n----\n")
        elif name == "li" and not closing:
            self.pieces.append("\n- ")
        elif name in ("td", "th") and closing:
            self.pieces.append("  ")
        elif name == "img":
            if alt := _value(_ALT, rest):
                self.pieces.append(f"[{alt}]")
        elif name in _PARAGRAPHS:
            self.pieces.append("\n\n" if closing else "\n")
        elif name in _BLOCKS:
            self.pieces.append("\n")
            if name == "pre":
                self.keep_spaces = max(0, self.keep_spaces + (-1 if closing else 1))

    def _hide(self, name: str, closing: bool) -> None:
        if not closing:
            if len(self.unseen) < 50:
                self.unseen.append(name)
        elif name in self.unseen:
            while self.unseen.pop() != name:
                pass

    def _anchor(self, closing: bool, rest: str) -> None:
        if self.link is not None:
            address, since = self.link
            shown = "".join(self.pieces[since:]).strip()
            bare = address.removeprefix("mailto:")
            if shown and bare.rstrip("/") not in shown and bare not in (f"http://{shown}", f"https://{shown}"):
                self.pieces.append(f" <{bare}>")
            self.link = None
        if not closing:
            address = _value(_HREF, rest)
            if address.casefold().startswith(("http://", "https://", "mailto:")):
                self.link = (address[:2_000], len(self.pieces))

    def finish(self) -> str:
        lines = [line.strip(" \t\u00a0") for line in "".join(self.pieces).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _value(pattern: re.Pattern[str], rest: str) -> str:
    match = pattern.search(rest)
    if match is None:
        return ""
    found = next((group for group in match.groups() if group is not None), "")
    return re.sub(r"\s+", " ", html.unescape(found)).strip()
