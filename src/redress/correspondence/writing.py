"""What does a letter say, block by block, before and after it is set?

A letter is data: a list of blocks, kept as JSON, from which the PDF, the e-mail's text and the page on the screen are
made. Setting the PDF is slow and happens outside the step; the step that releases a letter checks that the bytes were
made from exactly these blocks.

Example: ``Pressed(digest="…", sha256="…", size=18423, flags=())``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from redress.council.models import Council
from redress.documents.store import store
from redress.people.models import Contact
from redress.plumbing import letterpress

Block = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A letter that has been composed and not yet written down."""

    kind: str
    to: Contact
    channel: str
    subject: str
    salutation: str
    blocks: tuple[Block, ...]
    large_print: bool = False
    template_version: str = ""
    starts: str = ""
    starts_data: Mapping[str, Any] = field(default_factory=dict)
    holes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Pressed:
    """A letter set as a PDF whose bytes lie in the store; ``digest`` is of the words it was made from."""

    digest: str
    sha256: str
    size: int
    flags: tuple[str, ...]


def paragraph(text: str) -> Block:
    """Make a paragraph."""
    return {"kind": "paragraph", "text": text}


def heading(text: str, level: int = 2) -> Block:
    """Make a heading."""
    return {"kind": "heading", "text": text, "level": level}


def bullets(items: Sequence[str]) -> Block:
    """Make a list."""
    return {"kind": "bullets", "items": list(items)}


def points(items: Sequence[Mapping[str, Any]]) -> Block:
    """Make numbered points: ``number``, ``text`` and, in a response, ``finding``, ``reason``, ``remedy``."""
    return {"kind": "points", "items": [dict(item) for item in items]}


def locked(title: str, text: str, *, check: bool = False) -> Block:
    """Make a part whose words come from the rulebook and are not changed by hand.

    ``check`` says that nobody has compared the words with the official text yet: the letter's writer is told so.
    """
    made = {"kind": "locked", "title": title, "text": text}
    return {**made, "check": True} if check else made


def signature(name: str, role: str) -> Block:
    """Make the end of the letter."""
    return {"kind": "signature", "name": name, "role": role}


def digest(*, subject: str, salutation: str, blocks: Sequence[Block], to: str, large_print: bool) -> str:
    """Give the SHA-256 of what a letter says, to whom and how large."""
    form = json.dumps(
        [subject, salutation, list(blocks), to, large_print], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(form.encode()).hexdigest()


def draft_digest(draft: Draft) -> str:
    """Give the digest of a composed letter."""
    return digest(
        subject=draft.subject,
        salutation=draft.salutation,
        blocks=draft.blocks,
        to=addressee_words(draft.to),
        large_print=draft.large_print,
    )


def addressee_words(contact: Contact) -> str:
    """Give the name and address as they stand in the window of the envelope."""
    return "\n".join([contact_name(contact), *address_lines(contact)])


def contact_name(contact: Contact) -> str:
    """Give the name with the title that the person gave."""
    return f"{contact.title} {contact.name}".strip()


def address_lines(contact: Contact) -> list[str]:
    """Give the lines of the postal address."""
    return [line.strip() for line in contact.address.splitlines() if line.strip()]


def salutation(contact: Contact) -> str:
    """Say "Dear Mrs Okafor": the title and family name that the person gave, else the whole name."""
    family = contact.name.split()[-1] if contact.name.split() else contact.name
    return f"Dear {contact.title} {family}" if contact.title else f"Dear {contact.name}"


def set_letter(*, draft: Draft, council: Council, reference: str, on: date) -> letterpress.Pdf:
    """Set a composed letter as a PDF; slow, never inside a step. A demonstration says so on every page."""
    return letterpress.set_letter(
        letterpress.Letter(
            letterhead=letterhead(council),
            reference=reference,
            date=on,
            to=letterpress.Addressee(name=contact_name(draft.to), address=tuple(address_lines(draft.to))),
            salutation=draft.salutation,
            heading=draft.subject,
            blocks=tuple(_set(block) for block in draft.blocks),
            demonstration=settings.REDRESS_DEMONSTRATION,
        ),
        large_print=draft.large_print,
    )


def press(*, draft: Draft, council: Council, reference: str, on: date) -> Pressed:
    """Set a letter and put its bytes in the store, ready to be released by a step."""
    pdf = set_letter(draft=draft, council=council, reference=reference, on=on)
    stored = store().put(council.code, pdf.bytes)
    return Pressed(digest=draft_digest(draft), sha256=stored.sha256, size=stored.size, flags=tuple(pdf.flags))


def letterhead(council: Council) -> letterpress.Letterhead:
    """Give a council's letterhead."""
    return letterpress.Letterhead(
        name=council.name,
        address=tuple(line.strip() for line in council.address.splitlines() if line.strip()),
        telephone=council.telephone,
        email=council.email,
        web=council.web,
        accent=council.accent,
        logo_svg=council.logo_svg.encode() if council.logo_svg else None,
    )


def _set(block: Block) -> letterpress.Block:
    kind = block["kind"]
    if kind == "paragraph":
        return letterpress.Paragraph(block["text"])
    if kind == "heading":
        return letterpress.Heading(block["text"], level=block.get("level", 2))
    if kind == "bullets":
        return letterpress.Bullets(tuple(block["items"]))
    if kind == "points":
        return letterpress.Points(
            tuple(
                letterpress.Point(
                    number=item["number"],
                    text=item["text"],
                    finding=item.get("finding", ""),
                    reason=item.get("reason", ""),
                    remedy=item.get("remedy", ""),
                )
                for item in block["items"]
            )
        )
    if kind == "locked":
        return letterpress.Locked(block["title"], block["text"])
    if kind == "signature":
        return letterpress.Signature(block["name"], block["role"])
    raise ValueError(f"A letter has no block of kind {kind!r}.")


def as_text(*, salutation: str, blocks: Sequence[Block], reference: str) -> str:
    """Write the letter out as plain text, for the body of an e-mail."""
    lines: list[str] = [f"Our reference: {reference}", "", salutation, ""]
    for block in blocks:
        lines += [*_lines(block), ""]
    if settings.REDRESS_DEMONSTRATION:
        lines += ["DEMONSTRATION: this is not a real letter."]
    return "\n".join(lines).rstrip() + "\n"


def _lines(block: Block) -> list[str]:
    kind = block["kind"]
    if kind in ("paragraph", "heading"):
        return [block["text"]]
    if kind == "bullets":
        return [f"* {item}" for item in block["items"]]
    if kind == "points":
        return [line for item in block["items"] for line in _point_lines(item)]
    if kind == "locked":
        return [block["title"], block["text"]]
    return ["Yours sincerely", "", block["name"], block["role"]]


def _point_lines(item: Mapping[str, Any]) -> list[str]:
    said = [f"{item['number']}. {item['text']}"]
    for key in ("finding", "reason", "remedy"):
        if item.get(key):
            said.append(f"   {item[key]}")
    return said


def outgoing_domain(council: Council) -> str:
    """Give the domain under which this council's own message identities are made."""
    return council.email.rpartition("@")[2] or getattr(settings, "REDRESS_MAIL_DOMAIN", "localhost")
