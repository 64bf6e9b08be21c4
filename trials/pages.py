"""How does a trial use pages, without a browser, while the server behind them is killed?

A form is fetched, filled in and sent as a browser does. Whatever breaks on the way is tried again, with the same key:
that is what a person does who presses the button once more. ::

    asha = Pages("http://127.0.0.1:8123")
    asha.open("/desk/intake/7/log/").fill(point_1="The bin was missed").send("do", "save")
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

PATIENCE = 150.0
BETWEEN = 0.4


class Unreachable(RuntimeError):
    """No answer came for as long as anybody would try."""


class Strange(RuntimeError):
    """An answer came that a person could not go on from."""


@dataclass
class Form:
    """One form of a page: where it goes, and what stands in it."""

    action: str = ""
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.words: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._area = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or take a field into it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.by_id.setdefault(given.get("id", f"form {len(self.forms)}"), Form())
            self._open.action, self._open.method = given.get("action", ""), given.get("method", "get").lower()
            self.forms.append(self._open)
        if tag in ("script", "style"):
            self._silent += 1
        form = self.by_id.setdefault(given["form"], Form()) if "form" in given else self._open
        if form is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and name:
            self._input(form, name, value, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            form.values[name] = [""]

    def _input(self, form: Form, name: str, value: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("radio", "checkbox"):
            value = given.get("value", "on")
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.values.setdefault(name, []).append(value)
        elif kind not in ("submit", "button", "file", "image", "reset"):
            form.values.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        """End a form or a field."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Take the words of the page, and what stands in a large field."""
        if self._area and self._open is not None:
            self._open.values[self._area] = [self._open.values[self._area][0] + data]
        elif not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


@dataclass
class Page:
    """An answer: its address, its status, its words and its forms."""

    url: str
    status: int
    source: str
    words: str
    forms: list[Form]

    def form(self, having: str) -> Form:
        """Give the form that has a field or a choice of this name. Raises Strange."""
        for form in self.forms:
            if form.method == "post" and (having in form.values or having in form.choices):
                return form
        raise Strange(f"{self.url} ({self.status}) has no form with {having!r}: {self.words[:600]}")


class Pages:
    """Somebody with a browser that has no script, and the patience to press again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.again = 0
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str) -> Page:
        """Open a page; raises Unreachable and Strange."""
        return self._ask(self.address + path, None)

    def send(self, page: Page, having: str, *, expect: str = "", **values: str | list[str]) -> Page:
        """Fill in the form that has the field ``having`` and send it, again and again until an answer comes.

        ``expect``: a part of the address that a person lands on. Raises Strange when they land elsewhere.
        """
        answer = self.send_form(page, page.form(having), **values)
        if expect and expect not in answer.url:
            raise Strange(f"{page.url} led to {answer.url}: {_faults(answer)}")
        return answer

    def send_form(self, page: Page, form: Form, **values: str | list[str]) -> Page:
        """Fill in a form of the page and send it. Raises Strange when it is refused."""
        filled = {**form.values, **{name: [one] if isinstance(one, str) else one for name, one in values.items()}}
        pairs = [(name, one) for name, many in filled.items() for one in many]
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        answer = self._ask(target, urllib.parse.urlencode(pairs).encode())
        if answer.status >= 400:
            raise Strange(f"{target} answered {answer.status} at {answer.url}: {_faults(answer)}")
        return answer

    def _ask(self, url: str, body: bytes | None) -> Page:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                page = self._once(url, body)
                if page.status < 500:
                    return page
                problem: object = f"{page.status} {page.words[:300]}"
            except (OSError, http.client.HTTPException) as broken:
                problem = broken
            if time.monotonic() > until:
                raise Unreachable(f"{url}: {problem}")
            self.again += 1
            time.sleep(BETWEEN)

    def _once(self, url: str, body: bytes | None) -> Page:
        request = urllib.request.Request(url, data=body)
        if body is not None:
            request.add_header("Origin", self.address)
            request.add_header("Referer", url)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return _page(answer.geturl(), answer.status, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return _page(refused.geturl(), refused.code, refused.read())


def _faults(page: Page) -> str:
    return page.words[max(page.words.find("There is a problem"), 0) :][:700]


def _page(url: str, status: int, raw: bytes) -> Page:
    source = raw.decode("utf-8", "replace")
    reader = _Reader()
    reader.feed(source)
    return Page(url, status, source, " ".join(reader.words), reader.forms)
