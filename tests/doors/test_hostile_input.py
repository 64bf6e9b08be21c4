"""Whatever anybody types into any form, is the answer always a page that one can act on?

The pages of desk and portal are walked from the resolver, as each role and as the person of a link; every form that is
found on them is sent with what nobody should type. The answer may be a refusal; it is never a fault of ours.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings

from doors.crawling import Form, body, forms_of, queries_of
from factories import cast as casting
from factories import scene as scenes
from factories.scene import Scene
from redress.access.roles import Role
from redress.casework import links
from redress.correspondence import events as correspondence_events
from redress.people import changes_links
from redress.plumbing import moment
from sweeps.addresses import Address, every

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
URLENCODED = "application/x-www-form-urlencoded"
PAGES = [one for one in every() if one.name.startswith(("desk:", "portal:"))]
FORM = "redress_form"

NUL = "Bins\x00missed"
HOSTILE = {
    "half a pair": "Bins \ud83d missed",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }} {% debug %} {0.__class__} {{ matter }} {{ more }}",
    "typst": '#read("/etc/passwd") $ x $ @ref <label> #import "a" *b* _c_ \\u{1} `raw` = heading',
    "formula": "=cmd|' /C calc'!A0",
    "new header": "Bins\r\nBcc: everybody@mail.example\r\n\r\nbody",
    "right to left": "\u202eמשה כהן بن محمد\u2069 " + "ש" * 70,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 6,
    "digits": "9" * 5000,
    "not a number": "NaN",
    "percent": "%s %d %(x)s %00 ?&=#;",
    "control": "\x1b[31m\x07\x7f\x85\u2028\ufeff\ufffe",
}
LONG = "Wörter und noch mehr Wörter. " * 36_000


@dataclass
class Visit:
    """A browser and the forms that it found."""

    who: str
    client: Client
    forms: list[Form]


@pytest.fixture(scope="module", autouse=True)
def that_afternoon() -> Iterator[None]:
    """Let it be the day on which the scene plays, in a demonstration, where a password is enough."""
    with pytest.MonkeyPatch.context() as patch, override_settings(REDRESS_DEMONSTRATION=True):
        patch.setattr(moment, "now", lambda: casting.at(casting.TODAY, 14))
        patch.setattr(moment, "today", lambda: casting.TODAY)
        yield


@pytest.fixture(scope="module")
def scene(that_afternoon: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Make one of everything once, and take it away again."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        cache.clear()
        yield scenes.build(casting.assemble())
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def browsers(scene: Scene, django_db_blocker: Any) -> dict[str, Client]:
    """Sign in whoever sees a form that nobody else does, and open the link of Dev Patel."""
    roles = (Role.COMPLAINTS_MANAGER, Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER)
    with django_db_blocker.unblock():
        return {
            **{role.value: staff(scene, role) for role in roles},
            "resident": resident(scene),
            "anybody": Client(raise_request_exception=False),
        }


@pytest.fixture(scope="module")
def visits(scene: Scene, browsers: dict[str, Client], django_db_blocker: Any) -> list[Visit]:
    """Open every page once as everybody."""
    with django_db_blocker.unblock():
        return visited(scene, browsers)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is done inside; not by ``atomic``, inside which no step may be done."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def path_of(scene: Scene, address: Address) -> str:
    return address.fill(scene.parameters(address.name, address.wanted))


def staff(scene: Scene, role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.cast.officers[role], backend=BACKEND)
    return client


def resident(scene: Scene) -> Client:
    """Give the browser of Dev Patel, who has begun a form and has opened the link to his case."""
    client, token, case = Client(raise_request_exception=False), secrets.token_urlsafe(32), scene.case
    changes_links.add_link(
        contact=case.complainant, case_reference=case.reference, digest=links.digest_of(token),
        expires_at=casting.at(casting.TODAY, 23), at=casting.AT,
    )  # fmt: skip
    client.post(f"/northmere/follow/link/{token}/")
    client.post("/northmere/complain/who/", {"who": "other"})
    return client


def visited(scene: Scene, browsers: dict[str, Client]) -> list[Visit]:
    """Open every page as everybody; a form that several people see is kept once."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    found = []
    for who, client in browsers.items():
        mine = [one for one in PAGES if one.name.startswith("desk:") == (who not in ("resident", "anybody"))]
        visit = Visit(who, client, [])
        for address in mine:
            for key in ("problem",) if address.name != "portal:question" else QUESTIONS:
                values = scene.parameters(address.name, address.wanted)
                path = address.fill({**values, "key": key} if address.name == "portal:question" else values)
                answer = client.get(path)
                assert answer.status_code < 500, path
                if answer.status_code in (200, 410) and not answer.streaming and "html" in answer["Content-Type"]:
                    for form in forms_of(answer.content.decode(), path):
                        shape = (urlsplit(form.action).path, form.names)
                        if shape not in seen:
                            seen.add(shape)
                            visit.forms.append(form)
        found.append(visit)
    return found


OFTEN = {"q", "council", "after", "view", "kind", "to", "version"}
QUESTIONS = ("who", "home", "them", "wrong", "points", "effect", "right", "files", "you", "deal")


@contextmanager
def same_browser(client: Client) -> Iterator[None]:
    """Give the browser its cookies back: a form that signs it out is one of those that are sent."""
    held = copy.deepcopy(client.cookies)
    try:
        yield
    finally:
        client.cookies = held


def send(visit: Visit, form: Form, values: dict[str, list[str]], what: str) -> list[str]:
    """Send a form; answers what is wrong with the answer, which should be nothing."""
    with undone(), same_browser(visit.client):
        answer = visit.client.post(form.action, body(values), content_type=URLENCODED)
    return [f"{visit.who} {form.action} {what}: {answer.status_code}"] if answer.status_code >= 500 else []


TYPED = ("text", "textarea", "search", "email", "tel", "number", "password")


def test_forms_were_found(visits: list[Visit]) -> None:
    found = {visit.who: len(visit.forms) for visit in visits}
    assert found[Role.COMPLAINTS_MANAGER.value] > 40, found
    assert found["resident"] > 10, found


def test_every_form_bears_what_nobody_should_type(visits: list[Visit]) -> None:
    """Everything at once in every gap, the choices left as they are."""
    faults: list[str] = []
    for visit in visits:
        for form in visit.forms:
            for what, words in HOSTILE.items():
                typed = {name: [words] for name in form.names if form.kind_of(name) in TYPED}
                faults += send(visit, form, {**form.filled(words), **typed}, what)
    assert faults == []


def test_every_field_bears_a_nul_character(visits: list[Visit]) -> None:
    """One field after the other, the hidden ones and the choices among them."""
    faults: list[str] = []
    for visit in visits:
        for form in visit.forms:
            for name in form.names:
                faults += send(visit, form, {**form.filled("Words"), name: [NUL]}, f"{name} with a NUL character")
    assert faults == []


@pytest.mark.parametrize("words", ["9" * 40, "-1", "nothing-of-ours"])
def test_every_choice_bears_what_was_not_offered(visits: list[Visit], words: str) -> None:
    faults: list[str] = []
    for visit in visits:
        for form in visit.forms:
            for kinds in (("hidden",), ("select", "radio", "checkbox", "submit")):
                chosen = {name: [words] for name in form.names if form.kind_of(name) in kinds}
                faults += send(visit, form, {**form.filled("Words"), **chosen}, f"{kinds} {words}")
    assert faults == []


def test_every_form_bears_what_is_missing(visits: list[Visit]) -> None:
    faults: list[str] = []
    for visit in visits:
        for form in visit.forms:
            faults += send(visit, form, {}, "nothing at all")
            faults += send(visit, form, form.untouched(), "untouched")
    assert faults == []


def test_every_form_bears_a_megabyte(visits: list[Visit]) -> None:
    faults: list[str] = []
    for visit in visits:
        for form in visit.forms:
            areas = {name: [LONG] for name in form.names if form.kind_of(name) in ("textarea", "text")}
            if areas:
                faults += send(visit, form, {**form.filled("Words"), **areas}, "a megabyte")
    assert faults == []


def test_addresses_bear_what_nobody_should_write_into_them(scene: Scene, browsers: dict[str, Client]) -> None:
    """Paths and what follows the question mark."""
    for address in PAGES:
        desk = address.name.startswith("desk:")
        client = browsers[Role.COMPLAINTS_MANAGER.value if desk else "resident"]
        values = scene.parameters(address.name, address.wanted)
        for name in address.wanted:
            for words in ("9" * 40, "a\x00b", "x" * 3000):
                path = _with(address, values, name, words)
                assert client.get(path).status_code < 500, path
        _bad_queries(client, path_of(scene, address))


def _with(address: Address, values: dict[str, Any], name: str, words: str) -> str:
    marked = {
        key: value if key != name else (777_000_111 if isinstance(value, int) else "zzzmark")
        for key, value in values.items()
    }
    path = address.fill(marked)
    return path.replace("777000111" if isinstance(values[name], int) else "zzzmark", quote(words, safe="%"))


def _bad_queries(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
        return
    wanted = queries_of(answer.content.decode(), path) | OFTEN
    for words in ("a%00b", "9" * 60, "%ED%A0%BD-%27%22%3E%3Cscript%3E"):
        query = "&".join(f"{quote(name)}={words}" for name in sorted(wanted))
        found = client.get(f"{path}?{query}")
        assert found.status_code < 500, (path, query[:200])
        if not found.streaming:
            assert b"<script>" not in found.content.replace(b"<script src", b""), path


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_REFERER": "http://testserver/\x00"},
        {"HTTP_REFERER": "http://[::1"},
        {"HTTP_X_FORWARDED_FOR": "\x00, ,,,;"},
        {"HTTP_COOKIE": "redress_form=\x00; sessionid=\x00; messages=\x00"},
        {"HTTP_COOKIE": "redress_form=" + "9" * 5000 + "; sessionid=" + "9" * 5000},
        {"HTTP_ACCEPT_LANGUAGE": "\x00"},
        {"HTTP_USER_AGENT": "\x00" * 10},
        {"HTTP_IF_NONE_MATCH": "\x00"},
        {"HTTP_RANGE": "bytes=-\x00"},
    ],
    ids=lambda one: "-".join(one),
)
def test_pages_bear_broken_headers(browsers: dict[str, Client], headers: dict[str, str]) -> None:
    for who in ("anybody", Role.COMPLAINTS_MANAGER.value):
        client = browsers[who]
        for path in (
            "/",
            "/desk/",
            "/desk/search/",
            "/northmere/",
            "/northmere/complain/wrong/",
            "/northmere/follow/",
            "/northmere/follow/case/",
            "/accounts/login/",
        ):
            with undone(), same_browser(client):
                assert client.get(path, **headers).status_code < 500, (who, path)
                assert client.post(path, {"q": "x"}, **headers).status_code < 500, (who, path)


# ------------------------------------------------------------------------------------------------------- double clicks

PLAUSIBLE = {
    "working_days": "3", "email": "grace@mail.example", "telephone": "01632 960123", "reference": "NMR-2026-0001",
    "subject": "About your bin", "taken_by": "Royal Mail", "name": "Grace Okafor",
}  # fmt: skip
DAYS = {"day": "23", "month": "11", "year": "2026"}


def plausible(form: Form) -> dict[str, list[str]]:
    """Fill a form in as somebody would who presses its main button."""
    numbers = dict(PLAUSIBLE)
    for name in form.names:
        stem, _, part = name.rpartition("_")
        if part in DAYS and f"{stem}_year" in form.names:
            numbers[name] = DAYS[part]
    return {**form.filled("They did not come on that Monday.", numbers), **button(form)}


def button(form: Form) -> dict[str, list[str]]:
    """Press the last button of those that have a name: the main one stands last in our forms."""
    buttons = [one for one in form.fields if one.kind == "submit"]
    return {buttons[-1].name: [buttons[-1].value]} if buttons else {}


def test_a_double_click_does_one_thing(visits: list[Visit]) -> None:
    """The same form sent twice, key and all, leaves the same trail as once."""
    did_something, doubled = set(), []
    for visit in visits:
        for form in visit.forms:
            values = plausible(form)
            with undone(), same_browser(visit.client):
                before = entries()
                first = visit.client.post(form.action, body(values), content_type=URLENCODED)
                once = entries()
                second = visit.client.post(form.action, body(values), content_type=URLENCODED)
                twice = entries()
            assert second.status_code < 500, form.action
            if first.status_code == 302 and once > before:
                did_something.add(urlsplit(form.action).path)
                doubled += [(visit.who, form.action, form.names)] if twice != once else []
    assert doubled == []
    assert len(did_something) >= 20, sorted(did_something)


def entries() -> int:
    """Count what stands in the trail, without the keeping of answers: keeping the same ones again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_entry WHERE kind <> %s", [correspondence_events.FORM_KEPT.name])
        return int(cursor.fetchone()[0])
