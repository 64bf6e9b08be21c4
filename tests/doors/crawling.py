"""Which forms stand on a page, and what would a browser send with them? Read from the page itself.

Example: ``for form in forms_of(html, "/desk/intake/log/"): client.post(form.action, ...)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit


@dataclass
class Field:
    """One control of a form: what kind, what it holds, and what could be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: list[Field]

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of its controls, each once, in their order."""
        return tuple(dict.fromkeys(one.name for one in self.fields))

    def kind_of(self, name: str) -> str:
        """Say what kind of control has this name."""
        return next(one.kind for one in self.fields if one.name == name)

    def untouched(self) -> dict[str, list[str]]:
        """Give what a browser sends when nothing was filled in."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in ("checkbox", "radio", "submit", "file") and "checked" not in one.options:
                continue
            found.setdefault(one.name, []).append(one.value)
        return found

    def filled(self, words: str, numbers: dict[str, str] | None = None) -> dict[str, list[str]]:
        """Give what a browser sends when everything was filled in: words in each gap, the first of each choice."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            there = found.setdefault(one.name, [])
            if one.kind == "file":
                continue
            if one.kind == "radio":
                if not there:
                    there.append(one.value)
            elif one.kind == "select":
                there.append(one.value or next((option for option in one.options if option), ""))
            elif one.kind in ("hidden", "submit", "checkbox") or one.value.strip():
                there.append(one.value)
            else:
                there.append((numbers or {}).get(one.name, words))
        return found


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at, self.forms, self.queries = at, [], set()  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, raw: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in raw}
        if tag == "form":
            action = urljoin(self.at, given.get("action") or self.at)
            self._form = Form(action, given.get("method", "get").lower(), [])
            self.forms.append(self._form)
            if given.get("id"):
                self._by_id[given["id"]] = self._form
        elif tag == "a" and "?" in given.get("href", ""):
            self.queries |= {part.partition("=")[0] for part in urlsplit(given["href"]).query.split("&")}
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")

    def _control(self, tag: str, given: dict[str, Any]) -> None:
        form = self._by_id.get(given["form"]) if given.get("form") else self._form
        if form is None or not given.get("name"):
            return
        kind = {"select": "select", "textarea": "textarea", "button": "submit"}.get(tag, given.get("type", "text"))
        made = Field(given["name"], kind, given.get("value", "on" if kind in ("checkbox", "radio") else ""))
        if "checked" in given:
            made.options.append("checked")
        form.fields.append(made)
        if tag == "select":
            self._select = made
        if tag == "textarea":
            self._area = made

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data


def forms_of(html: str, at: str) -> list[Form]:
    """List the forms of a page that change something."""
    return [one for one in _read(html, at).forms if one.method == "post"]


def queries_of(html: str, at: str) -> set[str]:
    """Name what the links and the searching forms of a page put into the address."""
    read = _read(html, at)
    return read.queries | {name for one in read.forms if one.method == "get" for name in one.names}


def _read(html: str, at: str) -> _Reader:
    reader = _Reader(at)
    reader.feed(html)
    return reader


def body(values: dict[str, list[str]]) -> str:
    """Write values as a browser sends them; halves of surrogate pairs become the bytes that a broken client sends."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, listed in values.items()
        for value in listed
    )
