"""How does a letter get on paper, so that everybody can read it, a screen reader too?

Letters are set by Typst from one fixed template with fonts of our own, as tagged PDF (PDF/UA-1), in a limited child
process. Words are handed over as data, so nobody's text is compiled. A character that no font has (a rare script, an
emoji) does not stop the letter: it goes out as plain PDF 1.7 with a flag for the officer, and with the name in
readable letters beneath.

>>> pdf = set_letter(letter)                                            # doctest: +SKIP
>>> pdf.standard, pdf.flags                                             # doctest: +SKIP
('ua-1', ())
"""

from __future__ import annotations

import builtins
import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redress.plumbing import limited, text

NO_FONT = "characters without a font"
_IN_THIS_PROCESS: ContextVar[bool] = ContextVar("letters_in_this_process", default=False)

_HERE = Path(__file__).parent
_MEMORY_MB = 3072
_SCRIPT = _HERE / "children" / "set_letter.py"
_TEMPLATE = _HERE / "typst" / "letter.typ"
_FONTS = _HERE / "fonts"

# RNIB's clear print guide asks for 12 point at least and 16 to 22 for large print; 18 is the usual middle.
_SIZE = 12
_LARGE_SIZE = 18

_FAMILIES = (
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Kannada",
    "Noto Sans Malayalam",
    "Noto Sans Sinhala",
    "Noto Sans Thai",
    "Noto Sans Lao",
    "Noto Sans Khmer",
    "Noto Sans Ethiopic",
    "Noto Sans Armenian",
    "Noto Sans Georgian",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Droid Sans Fallback",
    "NanumGothicCoding",
)

_SHORT_BOX = 900  # characters

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_UNBROKEN = 30
_LONG_WORD = re.compile(rf"\S{{{_UNBROKEN + 1},}}")

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_DATE = rf"\b\d{{1,2}} (?:{'|'.join(_MONTHS)})(?: \d{{4}})?\b"
_REFERENCE = r"\b[A-Z]{2,6}-\d{4}-\d{4,6}\b"
_WEB = r"""(?:https?://|www\.)[^\s<>"']+[^\s<>"'.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"""
_KEPT = re.compile(rf"(?P<kept>{_DATE}|{_REFERENCE})")
_WEB_OR_KEPT = re.compile(rf"(?P<kept>{_DATE}|{_REFERENCE})|{_WEB}")


class CannotSet(Exception):
    """The letter could not be set on this machine; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Letterhead:
    """What stands at the top of the council's letters. ``accent``: "#rrggbb". ``logo_svg``: a trusted SVG, or None."""

    name: str
    address: tuple[str, ...] = ()
    telephone: str = ""
    email: str = ""
    web: str = ""
    accent: str = "#14575c"
    logo_svg: bytes | None = None


@dataclass(frozen=True)
class Addressee:
    """To whom the letter goes, as it stands in the envelope's window."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Plain text; an empty line starts another paragraph, a single line break is kept."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading within the letter, level 2 or 3 (level 1 is the letter's own)."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Bullets:
    """A list without an order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """A numbered matter, its number in a chip, with what was found, why, and what will be done, where there is such."""

    number: int
    text: str
    finding: str = ""
    reason: str = ""
    remedy: str = ""

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Answer what stands under the matter: label and words, without what is blank."""
        labelled = (("Our finding:", self.finding), ("Why:", self.reason), ("What we will do:", self.remedy))
        return tuple((label, words) for label, words in labelled if words.strip())


@dataclass(frozen=True)
class Points:
    """Numbered matters in the order given."""

    items: tuple[Point, ...]


@dataclass(frozen=True)
class Table:
    """A table with a row of headings."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Locked:
    """Words that nobody may change, in a box of their own; addresses in them become links."""

    title: str
    text: str


@dataclass(frozen=True)
class Signature:
    """The end of a letter: the closing, room to sign, the name and what the signer is."""

    name: str
    role: str = ""
    closing: str = "Yours sincerely"


Block = Paragraph | Heading | Bullets | Points | Table | Locked | Signature


@dataclass(frozen=True)
class Letter:
    """A letter ready to be set. ``date`` is the one it bears; ``language`` a code such as "en" or "cy"."""

    letterhead: Letterhead
    reference: str
    date: datetime.date
    to: Addressee
    salutation: str
    heading: str
    blocks: tuple[Block, ...]
    language: str = "en"
    footer: str = ""
    demonstration: bool = False


@dataclass(frozen=True)
class Pdf:
    """A letter as set. ``standard``: "ua-1" (accessible) or "1.7". ``flags``: what an officer should know."""

    bytes: builtins.bytes
    standard: str
    flags: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The digest of the bytes, by which they are frozen."""
        return hashlib.sha256(self.bytes).hexdigest()


def set_letter(letter: Letter, *, large_print: bool = False, seconds: float = 60.0) -> Pdf:
    """Set a letter as PDF; the same letter gives the same bytes. ``seconds`` limits the time; raises CannotSet.

    Takes a good third of a second in a child process: for jobs and previews, never inside a step.
    """
    order = {
        "template": str(_TEMPLATE),
        "fonts": str(_FONTS),
        # Midnight of the letter's own date, so that no clock is read and the bytes can be made again.
        "timestamp": int(datetime.datetime.combine(letter.date, datetime.time(), datetime.UTC).timestamp()),
        "letter": _as_data(letter, large_print),
        "plain_letter": _as_data(_with_readable_name(letter), large_print),
    }
    if _IN_THIS_PROCESS.get():
        from redress.plumbing.children import set_letter as child

        standard, pdf = child.set_letter(order)
        return Pdf(pdf, standard, (NO_FONT,) if standard != "ua-1" else ())
    try:
        answer = limited.run(_SCRIPT, json.dumps(order).encode(), seconds=seconds, memory_mb=_MEMORY_MB)
    except limited.TooSlow as slow:
        raise CannotSet(
            f"The letter could not be made in {slow.seconds:g} seconds. Shorten it, or try again."
        ) from slow
    except limited.Failed as failed:
        raise CannotSet(f"The letter could not be made: {failed.reason}") from failed
    said, _, pdf = answer.partition(b"\n")
    standard = json.loads(said)["standard"]
    return Pdf(pdf, standard, (NO_FONT,) if standard != "ua-1" else ())


@contextmanager
def in_this_process() -> Iterator[None]:
    """Set letters without starting a child for each, ten times as fast; for words of our own, as in a demonstration.

    A letter that runs wild then takes this process with it, so no server does this.
    """
    token = _IN_THIS_PROCESS.set(True)
    try:
        yield
    finally:
        _IN_THIS_PROCESS.reset(token)


def said(day: datetime.date) -> str:
    """Say a date as letters do: "22 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def plain_text(letter: Letter) -> str:
    """Write the same letter as plain text, for the body of an e-mail; no address window, nothing left out."""
    parts = [letter.salutation, letter.heading]
    if letter.demonstration:
        parts.insert(0, "DEMONSTRATION. An invented council and invented people: this is not a real letter.")
    for block in letter.blocks:
        parts.extend(_block_as_text(block))
    parts.append("\n".join([letter.letterhead.name, *_contact(letter.letterhead)]))
    parts.append(f"Our reference: {letter.reference}\n{said(letter.date)}")
    if letter.footer:
        parts.append(letter.footer)
    return "\n\n".join(text.clean(part).text.strip() for part in parts if part.strip()) + "\n"


def _block_as_text(block: Block) -> list[str]:
    match block:
        case Paragraph() | Heading():
            return [block.text]
        case Bullets():
            return ["\n".join(f"* {item}" for item in block.items)]
        case Points():
            return [
                "\n".join([f"{p.number}. {p.text}", *(f"   {label} {words}" for label, words in p.parts())])
                for p in block.items
            ]
        case Table():
            rows = [
                "; ".join(f"{head}: {cell}" for head, cell in zip(block.header, row, strict=True)) for row in block.rows
            ]
            return [*([block.caption] if block.caption else []), "\n".join(rows)]
        case Locked():
            return [block.title, block.text]
        case Signature():
            return [block.closing, "\n".join(line for line in (block.name, block.role) if line)]


def _with_readable_name(letter: Letter) -> Letter:
    """The postman, and whoever files the letter, must be able to read for whom it is, whatever the fonts lack."""
    name = text.one_line(letter.to.name)
    spelt = text.readable(name)
    if not spelt or all(c.isascii() or "LATIN" in unicodedata.name(c, "") for c in name):
        return letter
    lines = (f"({spelt})", *letter.to.address)
    return replace(letter, to=replace(letter.to, address=lines))


def _contact(head: Letterhead) -> list[str]:
    return [line for line in (*head.address, head.telephone, head.email, head.web) if line.strip()]


def _as_data(letter: Letter, large_print: bool) -> dict[str, Any]:
    head = letter.letterhead
    language, _, region = letter.language.partition("-")
    return {
        "size": _LARGE_SIZE if large_print else _SIZE,
        "large": large_print,
        "fonts": list(_FAMILIES),
        "lang": language.lower(),
        "region": region.upper() or "GB",
        "title": text.one_line(f"{letter.heading} ({letter.reference})"),
        "date": {"year": letter.date.year, "month": letter.date.month, "day": letter.date.day},
        "demonstration": letter.demonstration,
        "reference": text.one_line(letter.reference),
        "head": {
            "name": text.one_line(head.name),
            "lines": [_runs(text.one_line(line), links=True) for line in _contact(head)],
            "accent": head.accent if _ACCENT.fullmatch(head.accent) else "#17212b",
            "logo": head.logo_svg.decode() if head.logo_svg else None,
        },
        "to": _lines(letter.to.name, *letter.to.address),
        "facts": [
            {"label": "Date", "value": said(letter.date)},
            {"label": "Our reference", "value": text.one_line(letter.reference)},
        ],
        "words": {"page": "Page", "of": "of"},
        "salutation": _lines(letter.salutation),
        "heading": _lines(letter.heading),
        "footer": _lines(letter.footer),
        "blocks": [_block(block) for block in letter.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": _paragraphs(block.text)}
        case Heading():
            return {"kind": "heading", "level": min(max(block.level, 2), 3), "text": _lines(block.text)}
        case Bullets():
            return {"kind": "bullets", "items": [_paragraphs(item) for item in block.items]}
        case Points():
            return {"kind": "points", "items": [_point(point) for point in block.items]}
        case Table():
            return {
                "kind": "table",
                "columns": _widths(block),
                "header": [_lines(cell) for cell in block.header],
                "rows": [[{"cell": _paragraphs(cell)} for cell in row] for row in block.rows],
                "caption": _lines(block.caption),
            }
        case Locked():
            return {
                "kind": "locked",
                "title": _lines(block.title),
                "text": _paragraphs(block.text, links=True),
                # A short box is not torn across two pages; a long one has to be.
                "together": len(block.text) < _SHORT_BOX,
            }
        case Signature():
            return {
                "kind": "signature",
                "closing": _lines(block.closing),
                "name": _lines(block.name),
                "role": _lines(block.role),
            }


def _widths(table: Table) -> list[float]:
    """Share the width among the columns by their longest cells, the long ones less than in proportion."""
    columns = zip(table.header, *table.rows, strict=True)
    longest = [max(len(cell) for cell in column) for column in columns]
    return [max(min(length, 60), 12) ** 0.6 for length in longest]


def _point(point: Point) -> dict[str, Any]:
    parts = [{"label": text.one_line(label), "text": _paragraphs(words)} for label, words in point.parts()]
    return {"number": point.number, "text": _paragraphs(point.text), "parts": parts}


def _lines(*lines: str) -> list[dict[str, Any]]:
    """Each line as a paragraph of its own, with its own direction; blank ones left out."""
    cleaned = (text.one_line(line) for line in lines)
    return [_paragraph(line, links=False) for line in cleaned if line]


def _paragraphs(words: str, *, links: bool = False) -> list[dict[str, Any]]:
    pieces = re.split(r"\n[ \t]*\n\s*", text.clean(words).text.strip())
    return [_paragraph(piece, links=links) for piece in pieces if piece.strip()]


def _paragraph(words: str, *, links: bool) -> dict[str, Any]:
    lines = [_runs(line.replace("\t", "    "), links=links) for line in words.split("\n")]
    return {"rtl": text.direction(words) == "rtl", "lines": lines}


def _runs(line: str, *, links: bool) -> list[dict[str, str]]:
    """Cut a line into plain words, dates and references that stay in one piece, and addresses that become links.

    Only our own words get links: an address that a stranger wrote and a letter repeats must not become something to
    press on the council's paper.
    """
    runs: list[dict[str, str]] = []
    end = 0
    for match in (_WEB_OR_KEPT if links else _KEPT).finditer(line):
        runs.append(_plain(line[end : match.start()]))
        runs.append(_special(match))
        end = match.end()
    runs.append(_plain(line[end:]))
    return [run for run in runs if run["text"]] or [_plain("")]


def _plain(words: str) -> dict[str, str]:
    return {"kind": "plain", "text": _breakable(words)}


def _special(match: re.Match[str]) -> dict[str, str]:
    words = match.group()
    if match.group("kept"):
        return {"kind": "kept", "text": words}
    if words.startswith(("http://", "https://")):
        address = words
    else:
        address = f"https://{words}" if words.startswith("www.") else f"mailto:{words}"
    return {"kind": "link", "text": _breakable(words), "href": address}


def _breakable(words: str) -> str:
    """Let a word longer than a line be broken: it would run off the paper otherwise."""
    return _LONG_WORD.sub(lambda match: _with_breaks(match.group()), words)


def _with_breaks(word: str) -> str:
    parts: list[str] = []
    for position, character in enumerate(word):
        # Not between a letter and the marks upon it.
        if position and position % _UNBROKEN == 0 and not unicodedata.category(character).startswith("M"):
            parts.append("\u200b")
        parts.append(character)
    return "".join(parts)
