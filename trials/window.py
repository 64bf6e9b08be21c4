"""A browser without a screen: it opens pages, fills their forms in and presses again when nothing came back.

It sends what a browser would send, the form's key included, so pressing again after a fault is what an impatient
person does: the same form, the same key.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

PATIENCE_SECONDS = 120.0


class GaveUp(RuntimeError):
    """Nothing came back for two minutes."""


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it would send."""

    action: str = ""
    identity: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    method: str = "get"

    def names(self) -> set[str]:
        """Give the names of its fields."""
        return {name for name, _ in self.values} | self.empty

    empty: set[str] = field(default_factory=set)

    def sent(self, changes: dict[str, str]) -> bytes:
        """Give the body that a browser would send with these fields changed."""
        kept = [(name, value) for name, value in self.values if name not in changes]
        return urllib.parse.urlencode([*kept, *changes.items()]).encode()


class _Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area: str | None = None
        self.words: list[str] = []
        self.choice: str | None = None
        self.chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down a form, or a field of the open one."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(told.get("action", ""), told.get("id", ""), method=told.get("method", "get").lower())
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "input" and told.get("name"):
            self._input(told)
        elif tag == "textarea":
            self.area, self.words = told.get("name", ""), []
        elif tag == "select":
            self.choice, self.chosen = told.get("name", ""), []
        elif tag == "option" and self.choice is not None and ("selected" in told or not self.chosen):
            self.chosen = [told.get("value", "")]

    def _input(self, told: dict[str, str]) -> None:
        assert self.open is not None
        kind = told.get("type", "text")
        if kind in ("submit", "button", "file"):
            return
        if kind in ("radio", "checkbox") and "checked" not in told:
            self.open.empty.add(told["name"])
            return
        self.open.values.append((told["name"], told.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        """Take down what stands in a text area."""
        if self.area is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if self.open is None:
            return
        if tag == "textarea" and self.area is not None:
            self.open.values.append((self.area, "".join(self.words).lstrip("\n")))
            self.area = None
        elif tag == "select" and self.choice is not None:
            self.open.values += [(self.choice, value) for value in self.chosen[:1]]
            self.choice = None
        elif tag == "form":
            self.open = None


@dataclass
class Page:
    """What came back."""

    address: str
    status: int
    text: str

    def form(self, *wanted: str) -> Form:
        """Give the form that has these fields."""
        reader = _Forms()
        reader.feed(self.text)
        for one in reader.forms:
            if one.method == "post" and set(wanted) <= one.names():
                return one
        raise LookupError(f"{self.address} has no form with {wanted}: {[sorted(one.names()) for one in reader.forms]}")


class Window:
    """Somebody's window on the running server."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> Page:
        """Open a page; again and again while the server is down. Raises GaveUp."""
        return self._ask(urllib.parse.urljoin(self.address, path), None)

    def post(self, page: Page, form: Form, **changes: str) -> Page:
        """Send a form; the same form again when nothing came back. Hyphens are written as double underscores."""
        named = {name.replace("__", "-"): value for name, value in changes.items()}
        return self._ask(urllib.parse.urljoin(page.address, form.action or page.address), form.sent(named))

    def _ask(self, address: str, body: bytes | None) -> Page:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._once(address, body)
            except (OSError, http.client.HTTPException) as fault:
                if time.monotonic() > until:
                    raise GaveUp(f"{address}: {fault!r}") from fault
                time.sleep(0.4)

    def _once(self, address: str, body: bytes | None) -> Page:
        asked = urllib.request.Request(address, data=body, headers={"Referer": address})
        try:
            with self.opener.open(asked, timeout=30) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as fault:
            text = fault.read().decode(errors="replace")
            if fault.code >= 500:
                raise ConnectionError(f"{fault.code} {text[:300]}") from fault
            return Page(address, fault.code, text)

    def sign_in(self, email: str, password: str) -> None:
        """Come in to the desk. Raises LookupError when the sign-in doesn't work."""
        page = self.get("/accounts/login/?next=/desk/")
        page = self.post(page, page.form("login", "password"), login=email, password=password)
        if "/desk/" not in page.address:
            raise LookupError(f"{email} could not sign in: {page.text[:500]}")
