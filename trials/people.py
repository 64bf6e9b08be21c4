"""Who does the main job while processes are killed? People who write, a resident at the portal, and an office.

Each is a thread of its own that goes on until it is told to stop; each remembers what it was *promised*: an e-mail that
the mail server took, a form whose reference was shown, a letter that a page said was released.
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from typing import Any

from servers.installation import MAILBOX, Installation
from trials.inside import Inside
from trials.pages import Form, Page, Pages, Strange, Unreachable

ADMINISTRATOR, OFFICER, LEADER, MANAGER = "Jo Lindley", "Asha Mehta", "Helen Marsh", "Carol Whitfield"
MOST_TRIES = 4
ORDER = ("write", "allocate", "acknowledge", "triage", "log")


@dataclass
class Promised:
    """What was put in, by token: each must be found exactly once in the end."""

    token: str
    emails: dict[str, int] = field(default_factory=dict)
    """Subject of each e-mail, and how often it was delivered."""
    forms: dict[str, str] = field(default_factory=dict)
    """What each form said, and the reference that was shown."""
    begun: set[str] = field(default_factory=set)
    """Forms whose sending was begun."""
    written: set[str] = field(default_factory=set)
    """Words of each letter that an officer released."""
    strange: list[str] = field(default_factory=list)
    pressed_again: int = 0


@dataclass
class World:
    """The installation, what was promised, and when to stop."""

    running: Installation
    inside: Inside
    promised: Promised
    chance: random.Random
    stop: threading.Event = field(default_factory=threading.Event)

    def rests(self, least: float, most: float) -> bool:
        """Wait a little; says whether to go on."""
        return not self.stop.wait(self.chance.uniform(least, most))


def address_of(number: int, kind: str) -> str:
    """Give the address of a writer; every sixth lies on a server that takes a message and breaks the line."""
    return f"{'vanish' if number % 6 == 5 else kind}{number}@mail.example"


def writes_emails(world: World) -> None:
    """Deliver e-mails by SMTP, some of them twice."""
    assert world.running.mail is not None
    promised = world.promised
    while world.rests(1.0, 3.5):
        number = len(promised.emails)
        message = EmailMessage(policy=SMTP)
        message["From"] = f"Writer {number} <{address_of(number, 'writer')}>"
        message["To"], message["Subject"] = MAILBOX, f"Bins {promised.token}-e{number}."
        message["Date"], message["Message-ID"] = format_datetime(localtime()), make_msgid(domain="mail.example")
        message.set_content(f"My bin was missed, {number}.\n")
        if number % 4 == 3:
            message.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename="bin.pdf")
        times = 2 if number % 5 == 4 else 1
        for _ in range(times):
            world.running.mail.deliver(message.as_bytes(), MAILBOX, sender=address_of(number, "writer"))
        promised.emails[str(message["Subject"])] = times


def polls(world: World) -> None:
    """Have the mailbox read more often than each minute."""
    while world.rests(2.0, 4.0):
        world.inside.ask("poll", patience=300.0)


def complains(world: World) -> None:
    """Fill the portal's form in, question by question, and send it."""
    promised = world.promised
    while world.rests(1.0, 4.0):
        number = len(promised.begun)
        words = f"The noise never ends {promised.token}-p{number}."
        pages = Pages(world.running.address)
        try:
            reference = _one_form(pages, world, words, number)
        except (Strange, Unreachable) as fault:
            promised.strange.append(f"a form: {fault}")
        else:
            if reference:
                promised.forms[words] = reference
        promised.pressed_again += pages.again


def _one_form(pages: Pages, world: World, words: str, number: int) -> str:
    answers = {
        "who": "me", "home": "no", "wrong": words, "more": "no", "effect": "We can't sleep.", "right": "Start later.",
        "name": f"Resident {number}", "email": address_of(number, "resident"), "prefers": "email",
    }  # fmt: skip
    page = pages.open("/northmere/complain/who/")
    for _ in range(20):
        if "/complain/sent/" in page.url:
            found = re.search(r"[A-Z]{3}-\d{4}-\d{4,}", page.words)
            if not found:
                raise Strange(f"no reference: {page.words[:400]}")
            return found.group()
        if world.stop.is_set() and words not in world.promised.begun:
            return ""
        if "/complain/check/" in page.url:
            world.promised.begun.add(words)
        page = _next_question(pages, page, answers)
    raise Strange(f"the form does not end: {page.url}")


def _next_question(pages: Pages, page: Page, answers: dict[str, str]) -> Page:
    forms = [form for form in page.forms if form.method == "post" and "discard" not in form.action]
    if not forms:
        raise Strange(f"{page.url} ({page.status}) asks nothing: {page.words[:400]}")
    form: Form = max(forms, key=lambda one: len(set(one.values) | set(one.choices)))
    known = {name: answers[name] for name in {*form.values, *form.choices} & set(answers)}
    return pages.send_form(page, form, **known)


class Office:
    """The staff: what is to be logged, acknowledged, allocated and written is done, one thing after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.windows: dict[str, Pages] = {}
        self.tried: Counter[str] = Counter()

    def works(self) -> None:
        """Go on until told to stop."""
        while self.world.rests(0.1, 0.5):
            todo = self.next_thing()
            if todo is None:
                self.world.rests(0.5, 1.0)
                continue
            what, given = todo
            name = f"{what} {given}"
            self.tried[name] += 1
            try:
                getattr(self, what)(*given)
            except (Strange, Unreachable) as fault:
                # Refused: it may have been done by the press before this one. If not, it comes up again.
                if self.tried[name] >= MOST_TRIES:
                    self.world.promised.strange.append(f"{name}: {fault}")
        for pages in self.windows.values():
            self.world.promised.pressed_again += pages.again

    def next_thing(self) -> tuple[str, tuple[Any, ...]] | None:
        """Choose what to do next."""
        told = self.world.inside.ask("undone", token=self.world.promised.token, patience=300.0)
        can: list[tuple[str, tuple[Any, ...]]] = [("log", (pk, subject)) for pk, subject in told["to_log"]]
        for case in told["cases"]:
            reference = case["reference"]
            if case["state"] == "to-triage":
                can.append(("triage", (reference,)))
            elif not case["acknowledged"]:
                can.append(("acknowledge", (reference,)))
            elif not case["held"]:
                can.append(("allocate", (reference,)))
            elif case["written"] < 2:
                can.append(("write", (reference, case["written"])))
        can = [one for one in can if self.tried[f"{one[0]} {one[1]}"] < MOST_TRIES]
        # What is further on first, mostly: so that letters go from the beginning of the trial to its end.
        can.sort(key=lambda one: ORDER.index(one[0]))
        return can[min(int(self.world.chance.expovariate(0.7)), len(can) - 1)] if can else None

    def window(self, name: str) -> Pages:
        """Give somebody a window in which they are signed in."""
        if name not in self.windows:
            known = self.world.running.person(name)
            pages = Pages(self.world.running.address)
            page = pages.open("/accounts/login/?next=/desk/")
            known_as = {"login": known["email"], "password": known["password"]}
            pages.send(page, "login", expect=f"{self.world.running.address}/desk/", **known_as)
            self.windows[name] = pages
        return self.windows[name]

    def log(self, message: int, subject: str) -> None:
        """Log an e-mail as a complaint."""
        pages = self.window(ADMINISTRATOR)
        page = pages.open(f"/desk/intake/{message}/log/")
        pages.send(page, "point_1", expect="/desk/", point_1=f"Missed: {subject}", matter="Missed bin", do="save")

    def triage(self, reference: str) -> None:
        """Take what came through the portal as a complaint."""
        pages = self.window(ADMINISTRATOR)
        page = pages.open(f"/desk/intake/triage/{reference}/")
        pages.send(page, "version", expect="/desk/", do="save")

    def acknowledge(self, reference: str) -> None:
        """Acknowledge with the letter as it is proposed."""
        pages = self.window(ADMINISTRATOR)
        page = pages.open(f"/desk/cases/{reference}/acknowledge/")
        pages.send(page, "digest", expect=f"/desk/cases/{reference}/")

    def allocate(self, reference: str) -> None:
        """Give the case to an officer."""
        pages = self.window(LEADER)
        page = pages.open(f"/desk/cases/{reference}/allocate/")
        asha = re.search(rf'value="(\d+)"(?:(?!value=).)*?{OFFICER}', page.source, re.DOTALL)
        if asha is None:
            raise Strange(f"{OFFICER} is not offered: {page.words[:400]}")
        pages.send(page, "officer", expect=f"/desk/cases/{reference}/", officer=asha[1], next_action="Find out")

    def write(self, reference: str, number: int) -> None:
        """Write to the resident."""
        pages = self.window(OFFICER)
        words = f"We look into it: {reference} letter {number}."
        page = pages.open(f"/desk/cases/{reference}/write/")
        pages.send(page, "words", expect=f"/desk/cases/{reference}/", words=words, do="send")
        self.world.promised.written.add(words)


def at_work(world: World) -> list[threading.Thread]:
    """Start all of them."""
    office = Office(world)
    started = []
    for work in (lambda: writes_emails(world), lambda: polls(world), lambda: complains(world), office.works):
        thread = threading.Thread(target=_watched, args=(work, world), daemon=True)
        thread.start()
        started.append(thread)
    return started


def _watched(work: Any, world: World) -> None:
    try:
        work()
    except Exception as fault:  # noqa: BLE001 - told at the end: nobody else would hear of it
        world.promised.strange.append(f"{type(fault).__name__}: {fault}")
