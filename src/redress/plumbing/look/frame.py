"""What must a page tell its frame: who is looking, where one can go, what may be done?

Doors fill these values; the frames and components draw them. Nothing here reads the database.
Example: ``Frame(title="My work", nav=(NavItem("My work", "/desk/", 14, True),), viewer_name="Asha Mehta")``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from redress.plumbing.look.words import file_size, initials


@dataclass(frozen=True)
class NavItem:
    """A place in a bar, a row of views or a footer; ``count`` is what waits there for the viewer."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Action:
    """Something that may be done: a link (``href``) or a button that posts (``post``).

    ``allowed=False`` shows the button with the sentence ``why``; it is never left out and never grey without a reason.
    ``note`` is a sentence beneath a button that can be used. ``key`` is the letter that presses it. ``fields`` are
    hidden values that go with a post. With neither ``href`` nor ``post`` it is the submit button of the form around
    it, and ``name``/``value`` say which button was pressed.
    """

    label: str
    href: str = ""
    post: str = ""
    allowed: bool = True
    why: str = ""
    key: str = ""
    main: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    note: str = ""
    quiet: bool = False
    small: bool = False
    wide: bool = False
    name: str = ""
    value: str = ""

    @property
    def keyed(self) -> bool:
        """Say whether the hidden values bring a key of their own."""
        return any(name == "form_key" for name, _ in self.fields)

    @property
    def shortcut(self) -> str:
        """Give the key as ``aria-keyshortcuts`` wants it: "Ctrl Enter" becomes "Control+Enter"."""
        return "+".join("Control" if part == "Ctrl" else part for part in self.key.split())

    @property
    def classes(self) -> str:
        """Give the style classes of the button."""
        marks = [("main", self.main and self.allowed), ("quiet", self.quiet), ("small", self.small)]
        marks += [("wide", self.wide), ("no", not self.allowed)]
        return " ".join(["btn", *(name for name, on in marks if on)])


@dataclass(frozen=True)
class Message:
    """What has just been done, or what one should know: a sentence, and how to undo it where it can be undone."""

    sentence: str
    kind: Literal["done", "note", "problem"] = "done"
    undo: Action | None = None
    detail: str = ""


@dataclass(frozen=True)
class Frame:
    """All that the desk's frame shows around a page."""

    title: str
    nav: tuple[NavItem, ...] = ()
    viewer_name: str = ""
    initials: str = ""
    demonstration: bool = False
    search_action: str = ""
    search_value: str = ""
    messages: tuple[Message, ...] = ()
    home: str = "/desk/"
    account: tuple[NavItem, ...] = ()
    sign_out: str = ""
    council_name: str = ""
    stylesheets: tuple[str, ...] = ()
    person_key: str = ""
    keys_off: bool = False

    @property
    def mark(self) -> str:
        """Give the letters for the round mark: those given, or those of the viewer's name."""
        return self.initials or initials(self.viewer_name)


@dataclass(frozen=True)
class Brand:
    """What the portal shows of a council: name, logo, colours (as a style sheet's address) and the ways to reach it."""

    name: str
    short_name: str
    home: str
    stylesheet: str = ""
    logo: str = ""
    telephone: str = ""
    hours: str = ""
    email: str = ""
    address: str = ""
    in_person: str = ""
    links: tuple[NavItem, ...] = ()
    demonstration: bool = False

    @property
    def ways(self) -> str:
        """Write the ways to reach a person as one sentence, or nothing when the council gave none."""
        ways = []
        if self.telephone:
            ways.append(f"ring {self.telephone}" + (f" ({self.hours})" if self.hours else ""))
        if self.email:
            ways.append(f"email {self.email}")
        if self.address:
            ways.append(f"write to {self.address}")
        if self.in_person:
            ways.append(self.in_person)
        if not ways:
            return ""
        listed = ways[0] if len(ways) == 1 else ", ".join(ways[:-1]) + ", or " + ways[-1]
        return "Or " + listed + "."


@dataclass(frozen=True)
class Row:
    """A line of a summary list: what it is, its value, and where to change it."""

    key: str
    value: str
    change: str = ""
    change_label: str = "Change"
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A line of a timeline: when, what (a link where there is one), more, and whether it came in or went out."""

    when: str
    what: str
    href: str = ""
    after: str = ""
    more: str = ""
    direction: Literal["in", "out", "inside"] = "inside"
    fresh: bool = False


@dataclass(frozen=True)
class Step:
    """One of the steps that a resident sees: done, here or to come."""

    title: str
    text: str = ""
    state: Literal["done", "here", "next"] = "next"
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class Honour:
    """One thing that must be honoured: the few words in bold, then the practical rest."""

    strong: str
    rest: str = ""
    href: str = ""


@dataclass(frozen=True)
class FileRow:
    """A file in a list: it opens (``href``) once it was found clean, or plainly unscanned without a scanner."""

    name: str
    size: int | None = None
    href: str = ""
    scan: Literal["clean", "ours", "unscanned", "waiting", "infected", "failed"] = "waiting"
    note: str = ""

    @property
    def openable(self) -> bool:
        """Say whether the name is a link."""
        return self.scan in ("clean", "ours", "unscanned") and bool(self.href)

    @property
    def shown_size(self) -> str:
        """Give the size in words, or nothing when it is not known."""
        return file_size(self.size)

    @property
    def scanned(self) -> str:
        """Say in words what the scan found."""
        return {
            "clean": "Scanned, clean",
            "ours": "Made by us",
            "unscanned": "Not scanned: this installation has no virus scanner",
            "waiting": "Not scanned yet: can\N{RIGHT SINGLE QUOTATION MARK}t be opened",
            "infected": "Something harmful was found: it can\N{RIGHT SINGLE QUOTATION MARK}t be opened",
            "failed": "Could not be scanned: it can\N{RIGHT SINGLE QUOTATION MARK}t be opened yet",
        }[self.scan]


@dataclass(frozen=True)
class Part:
    """One part that two people changed: theirs, which is saved, and yours, which is kept."""

    label: str
    name: str
    theirs: str
    yours: str

    @property
    def differs(self) -> bool:
        """Say whether there is anything to choose."""
        return self.theirs != self.yours


@dataclass(frozen=True)
class Then:
    """One date that follows from saving: what, when, why."""

    what: str
    when: str
    why: str = ""


@dataclass(frozen=True)
class ListRow:
    """A row of a work list: the next action first, then who and what, the due date, the clock."""

    next: str
    href: str
    who: str
    reference: str
    matter: str
    note: str = ""
    flag: str = ""
    hint: str = ""
    due: str = ""
    due_day: str = ""
    day: int | None = None
    length: int | None = None
    over: int = 0
    clock: str = ""
    council_code: str = ""
    council_name: str = ""
    holder: str = ""
    case_href: str = ""
    select: str = ""


@dataclass(frozen=True)
class Group:
    """A group of a work list: its severity, its rows, and the count when not all rows are shown."""

    severity: str
    rows: Sequence[ListRow]
    count: int | None = None
    title: str = ""
    meaning: str = ""

    @property
    def number(self) -> int:
        """Give how many cases the group holds, shown or not."""
        return len(self.rows) if self.count is None else self.count
