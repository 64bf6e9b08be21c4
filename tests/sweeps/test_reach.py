"""Does everything that reaches records keep to its council and to its roles, and is nothing new left out?

Northmere and Eastvale have one of everything; the intruder holds every role at Westholt, which has nothing. Whatever
the intruder asks for, finds, counts or sends, by every address, step and read, must come out as if the other two
weren't there. The tables of what is swept stand in ``reach.py``, and are printed in docs/reference.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.test import Client

from factories import cast as casting
from factories import scene as scenes
from factories.cast import AT, SETTING_UP, SINCE, TODAY, Cast
from factories.scene import Scene, email
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import NotVisible, Refusal
from redress.access.roles import RESIDENT_MAY, ROLES, Role
from redress.access.step import STEPS, Step, can, records_in
from redress.casework import arrivals, intake, links, portal, setting_up
from redress.correspondence.models import Letter
from redress.correspondence.models.portal import PortalLink
from redress.desk import entry
from redress.documents.models import Document
from redress.plumbing import moment
from redress.staff.models import Officer
from redress.staff.queries import actor_for
from sweeps import addresses, reach, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
source.load_everything()
INFOS = sorted(STEPS.values(), key=lambda info: info.name)
DESK = [one for one in addresses.every() if one.name.startswith("desk:")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRETS = ("NMR-2026", "EAS-2026", "Dev Patel", "Eve Lindqvist", "Marcus Hale", "Grace Okafor", "Alder Road")
NEVER = 987_654_321


@dataclasses.dataclass
class World:
    """The three councils, how the intruder's lists looked before there was anything, and who asks."""

    cast: Cast
    scene: Scene
    before: dict[str, str]
    intruder: Actor


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Look at every list as the intruder, then make one of everything elsewhere."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(moment, "now", lambda: casting.at(TODAY, 14))
        patch.setattr(moment, "today", lambda: TODAY)
        patch.setattr(settings, "REDRESS_DEMONSTRATION", True)
        cache.clear()
        cast = casting.assemble()
        for role in Role:
            if role is not Role.OFFICER:
                setting_up.give_role(
                    council=cast.elsewhere, officer=cast.stranger, role=role, service=None, since=SINCE, by=SETTING_UP,
                    at=AT,
                )  # fmt: skip
        # The browser is known before, so that its own session is not what differs.
        before = lists_of(cast.stranger)
        scene = scenes.build(cast)
        cast.acknowledged(cast.logged(council=cast.eastvale, service=None, category=None))
        cache.clear()
        yield World(cast, scene, before, actor_for(cast.stranger, TODAY))
        call_command("flush", verbosity=0, interactive=False)


def browser(officer: Officer) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(officer, backend=BACKEND)
    return client


def lists_of(officer: Officer) -> dict[str, str]:
    """Draw every page of the desk that names no record of a council, without what differs from draw to draw."""
    client, found = browser(officer), {}
    for address in DESK:
        if not reach.about_a_record(address) and "GET" in reach.methods(address):
            values = {"code": "westholt", "key": "acknowledgement"}
            answer = client.get(address.fill({one: values[one] for one in address.wanted}), {"q": "Patel Alder NMR"})
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[address.name] = f"{answer.status_code} {plain(body.decode(errors='replace'))}"
    return found


def plain(page: str) -> str:
    page = re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page)
    # Figures of the whole installation (``reach.INSTALLATION_FIGURES``): they name no council and no record.
    page = re.sub(r"\d[\d,]* entries of the trail wait for their seal", "", page)
    page = re.sub(r"\d[\d,]* entr(y|ies) (in all|not sealed yet)", "", page)
    return re.sub(r'nonce="[^"]*"', "", page)


def fingerprint() -> dict[str, Any]:
    """Digest every table that a step could change; sessions, looks and keys of forms are nobody's record."""
    found = {}
    with connection.cursor() as cursor:
        for model in source.models():
            if model._meta.label not in ("access.Look", "access.Answer"):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT count(*), coalesce(sum(hashtext(one::text)::bigint), 0) FROM {table} one")
                found[model._meta.label] = cursor.fetchone()
    found.pop("staff.Officer", None)  # signing in is noted there
    return found


# -------------------------------------------------------------------------------------------------- nothing is left out


def test_every_way_in_has_its_line_and_no_line_is_left_over() -> None:
    every = addresses.every()
    for address in every:
        assert reach.cover_of_address(address), address.name
    assert set(reach.OTHER_ADDRESSES) == {one.name for one in every if not one.name.startswith("desk:")}
    assert set(reach.OPENED_BY) == {one.name for one in DESK if "GET" in reach.methods(one)}
    for info in INFOS:
        assert reach.cover_of_step(info), info.name
    assert set(reach.ABOUT_NO_COUNCIL) == {info.name for info in INFOS if not info.on}
    assert set(reach.BARE_NUMBERS) == {info.name for info in INFOS if reach.numbers_asked(info)}
    assert set(reach.JOBS) == set(reach.jobs())
    assert set(reach.COMMANDS) == set(reach.commands())
    without = {one._meta.label for one in source.models() if not has_council(one)}
    assert set(reach.TABLES_WITHOUT_A_COUNCIL) == without


def has_council(model: Any) -> bool:
    return any(field.name == "council" for field in model._meta.concrete_fields)


@pytest.mark.parametrize("name", sorted(reach.PAGES))
def test_the_pages_are_what_the_sweeps_cover(name: str) -> None:
    assert (source.PROJECT / name).read_text("utf-8") == reach.PAGES[name](), "run: make docs"


# --------------------------------------------------------------------------------------------- addresses, other council


def test_the_intruder_finds_no_record_by_any_address(world: World) -> None:
    client, before, wrong = browser(world.cast.stranger), fingerprint(), []
    for address in DESK:
        if not reach.about_a_record(address):
            continue
        values = world.scene.parameters(address.name, address.wanted)
        none = {name: NEVER if isinstance(value, int) else value for name, value in values.items()}
        none = {name: "NMR-2026-9999" if name == "reference" else value for name, value in none.items()}
        for how in sorted(reach.methods(address)):
            ask = getattr(client, how.lower())
            answer, there_is_none = ask(address.fill(values)), ask(address.fill(none))
            if answer.status_code != 404 or answer.status_code != there_is_none.status_code:
                wrong.append(f"{how} {address.name}: {answer.status_code}, for nothing {there_is_none.status_code}")
            elif plain(answer.content.decode()).replace(address.fill(values), "") != plain(
                there_is_none.content.decode()
            ).replace(address.fill(none), ""):
                wrong.append(f"{how} {address.name}: tells that there is something")
    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


def test_the_intruders_lists_are_what_they_were_before(world: World) -> None:
    """Nothing is counted either: the pages are the same to the letter."""
    now = lists_of(world.cast.stranger)
    assert [name for name in now if now[name] != world.before[name]] == []
    assert sum(text.startswith("200") for text in now.values()) >= 12


def test_the_intruder_finds_no_other_council_by_its_code(world: World) -> None:
    client = browser(world.cast.stranger)
    for address in DESK:
        if "code" in address.wanted and not address.name.endswith(":template"):
            values = world.scene.parameters(address.name, address.wanted)
            for how in sorted(reach.methods(address)):
                assert getattr(client, how.lower())(address.fill(values)).status_code == 404, address.name
    values = {"code": "northmere", "key": "acknowledgement"}
    template = next(one for one in DESK if one.name == "desk:template")
    assert client.get(template.fill(values)).status_code == 404


# ------------------------------------------------------------------------------------------------ portal, other council


def following(code: str, link: PortalLink) -> Client:
    """Give a browser that says it follows what this link opens, at this council."""
    client = Client()
    session = client.session
    session["portal_following"] = {"council": code, "link": link.pk, "since": casting.at(TODAY, 13).isoformat()}
    session.save()
    return client


def test_a_link_of_one_council_opens_nothing_at_another(world: World) -> None:
    case = world.scene.case
    link = PortalLink.objects.create(
        council=case.council, contact=case.complainant, case_reference=case.reference, digest="d" * 64, made_at=AT,
        expires_at=AT + dt.timedelta(days=7),
    )  # fmt: skip
    client = following("westholt", link)
    for address in addresses.every():
        if address.name.startswith("portal:") and reach.cover_of_address(address) == reach.OWN_LINK:
            values = {**world.scene.parameters(address.name, address.wanted), "code": "westholt"}
            for how in ("get", "post"):
                answer = getattr(client, how)(address.fill(values))
                client = following("westholt", link)  # to close ends the visit
                shown = answer.content.decode(errors="replace")
                # Not SECRETS as they are: a hint of the form shows what a reference looks like.
                assert [one for one in (case.reference, *SECRETS[2:]) if one in shown] == [], address.name
                assert answer.status_code in (200, 302, 403, 404, 405, 410, 422), address.name
    # So that the refusals above are refusals: at its own council the same link opens the case.
    own = following("northmere", link)
    assert own.get("/northmere/follow/case/").status_code == 200
    assert links.still_open(world.cast.northmere, link.pk, AT) is not None
    assert links.still_open(world.cast.elsewhere, link.pk, AT) is None


def test_who_follows_a_case_finds_no_letter_or_file_of_another_council(world: World) -> None:
    eastvale = world.cast.acknowledged(world.cast.logged(council=world.cast.eastvale, service=None, category=None))
    link = PortalLink.objects.create(
        council=eastvale.council, contact=eastvale.complainant, case_reference=eastvale.reference, digest="e" * 64,
        made_at=AT, expires_at=AT + dt.timedelta(days=7),
    )  # fmt: skip
    client = following("eastvale", link)
    own = Letter.objects.filter(case=eastvale).first()
    assert own is not None
    named = {one.name: one for one in addresses.every()}
    letter, file = named["portal:letter"], named["portal:own-file"]
    assert client.get(letter.fill({"code": "eastvale", "letter_id": own.pk})).status_code == 200
    for row in Letter.objects.filter(council=world.cast.northmere):
        assert client.get(letter.fill({"code": "eastvale", "letter_id": row.pk})).status_code == 404
    for document in Document.objects.filter(council=world.cast.northmere):
        assert client.get(file.fill({"code": "eastvale", "document_id": document.pk})).status_code == 404


def test_an_ask_for_a_link_finds_no_case_of_another_council(world: World) -> None:
    who = Actor.resident(council_id=world.cast.elsewhere.pk)
    ask = links.ask_for_link(
        council=world.cast.elsewhere, address="dev@mail.example", reference=world.scene.case.reference, origin="",
        site="http://testserver", by=who, at=AT,
    )  # fmt: skip
    before = PortalLink.objects.count()
    links.answer_ask(ask=ask, by=Actor.timetable("Portal"), at=AT)
    assert PortalLink.objects.count() == before


def test_a_form_of_one_council_is_not_found_at_another(world: World) -> None:
    who = Actor.resident(council_id=world.cast.northmere.pk)
    secret = links.new_token()
    portal.begin_form(council=world.cast.northmere, secret=secret, answers={"who": {"who": "me"}}, by=who, at=AT)
    client = Client()
    client.cookies["redress_form"] = secret
    for address in addresses.every():
        if address.name.startswith("portal:") and reach.cover_of_address(address) == reach.OWN_FORM:
            values = {**world.scene.parameters(address.name, address.wanted), "code": "westholt"}
            values = {name: secret if name == "token" else value for name, value in values.items()}
            answer = client.get(address.fill(values))
            assert answer.status_code in (200, 302, 404, 405, 410), address.name
            assert not any(one in answer.content.decode(errors="replace") for one in SECRETS), address.name


# ------------------------------------------------------------------------------------------------- steps, other council


def wrapped(info: Any) -> Step[..., Any]:
    found = getattr(sys.modules[info.function.__module__], info.function.__name__)
    assert isinstance(found, Step)
    return found


def record(table: type[Model], council: Any) -> Any:
    """Give a record of a council: one of the scene's, or one as it would be."""
    if table.__name__ == "Council":
        return council
    if table is Officer:
        return Officer.objects.filter(memberships__council=council).order_by("pk").first()
    if not reach.of_one_council(table):
        return table(pk=NEVER)
    found = table._base_manager.filter(council=council).order_by("pk").first()
    return found or table(pk=NEVER, council_id=council.pk)


def listed(info: Any, name: str) -> bool:
    return bool(re.match(r"(list|tuple|Sequence|Collection|Iterable)\b", str(info.function.__annotations__[name])))


def call(info: Any, by: Actor, given: dict[str, Any]) -> None:
    rest = {
        name: None
        for name, one in inspect.signature(info.function).parameters.items()
        if one.default is inspect.Parameter.empty
    }
    wrapped(info)(**{**rest, **given, "by": by, "at": AT})


def subjects(info: Any, council: Any, table: int = 0) -> dict[str, Any]:
    tables = reach.records_asked(info)
    found = {name: record(tables[name][table % len(tables[name])], council) for name in info.on}
    return {name: [one] if listed(info, name) else one for name, one in found.items()}


@pytest.mark.parametrize("info", [one for one in INFOS if one.on], ids=lambda info: info.name)
def test_a_step_refuses_another_councils_record(world: World, info: Any) -> None:
    if info.needs is Permission.NEWCOMER_COME_IN:
        by: Actor = world.intruder
        with pytest.raises(Refusal):
            call(info, by, subjects(info, world.cast.northmere))
        return
    by = Actor.resident(council_id=world.cast.elsewhere.pk) if info.needs in RESIDENT_MAY else world.intruder
    for table in range(max(len(tables) for name, tables in reach.records_asked(info).items() if name in info.on)):
        with pytest.raises(NotVisible):
            call(info, by, subjects(info, world.cast.northmere, table))


@pytest.mark.parametrize(
    ("info", "name"),
    [(info, name) for info in INFOS for name in reach.others_asked(info)],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_step_refuses_to_bring_two_councils_together(world: World, info: Any, name: str) -> None:
    """Somebody who works for both, or the timetable, may not put one council's record on the other's either."""
    both = world.cast.actor(Role.COMPLAINTS_MANAGER)
    acts = {Permission.STAFF_CHANGE, Permission.SETTINGS_CHANGE, Permission.MAILBOX_CHANGE}
    by = both if both.may_somewhere(info.needs) else Actor.timetable()
    if info.needs in acts:
        by = SETTING_UP
    if info.needs in RESIDENT_MAY:
        case = world.scene.case
        by = Actor.resident(council_id=case.council_id, contact_id=case.complainant_id, case_id=case.pk)
    ours = subjects(info, world.cast.northmere)
    # An officer serves both councils; what belongs to a third is none of theirs.
    foreign = world.cast.elsewhere if Officer in map(type, ours.values()) else world.cast.eastvale
    for table in reach.others_asked(info)[name]:
        other = foreign if table.__name__ == "Council" else table(pk=NEVER, council_id=foreign.pk)
        with pytest.raises(NotVisible):
            call(info, by, {**ours, name: [other] if listed(info, name) else other})


def test_records_are_found_however_deep_an_argument_holds_them(world: World) -> None:
    filled = world.cast.entry(person=intake.Who(contact=world.scene.case.complainant))
    assert {world.cast.waste, world.cast.category, world.scene.case.complainant} <= set(records_in([{"one": filled}]))
    for more in ({}, {"service": None}, {"service": None, "category": None}):
        with pytest.raises(NotVisible):
            world.cast.logged(
                council=world.cast.eastvale, **more, person=intake.Who(contact=world.scene.case.complainant)
            )


def test_nobody_sets_the_password_of_another_councils_officer(world: World) -> None:
    with pytest.raises(NotVisible):
        setting_up.set_password(officer=world.cast.ben, password="x", by=world.intruder, at=AT)


# ------------------------------------------------------------------------------------------------- reads, other council


def arguments(world: World, module: str, name: str, function: Any, viewer: Actor) -> dict[str, Any]:
    """Give a read what it asks for, of Northmere. Raises ``KeyError`` for a parameter that nobody thought about."""
    scene, cast = world.scene, world.cast
    case = scene.case
    known: dict[str, Any] = {
        "viewer": viewer, "by": viewer, "reference": case.reference, "case_id": case.pk, "today": TODAY, "day": TODAY,
        "until": dt.date.max, "on": TODAY, "at": AT, "now": AT, "council_id": cast.northmere.pk,
        "council": cast.northmere, "days": [TODAY], "counts": lambda edition: True, "contact_id": case.complainant_id,
        "contact_ids": [case.complainant_id], "words": "Patel", "task_id": scene.task.pk,
        "service_ids": frozenset({cast.waste.pk}), "role": Role.OFFICER, "number": 1,
        "procedure": "corporate-complaint", "closure_id": 1, "remedy_id": scene.remedy.pk, "case": case,
        "stage": case.stages.order_by("pk").first(), "ids": [scene.document.pk, scene.letter.pk],
        "document_id": scene.document.pk, "cases": [case.pk], "letter_id": scene.letter.pk,
        "waiting": dt.timedelta(0), "attempting": dt.timedelta(0), "key": "acknowledgement",
        "message_id": scene.message.pk, "found": scene.message, "adjustment_id": NEVER,
        "address": "1 Alder Road", "represented": False, "check_id": scene.check.pk, "authority_id": 1,
        "code": "northmere", "email": "dev@mail.example", "name": "Dev Patel", "one": case,
        "adjustment": NEVER, "q": "Patel", "service_id": cast.waste.pk, "officer_id": cast.asha.pk,
    }  # fmt: skip
    if "wanted" in inspect.signature(function).parameters:
        known["wanted"] = importlib.import_module(module).Wanted()
    wanted = {}
    for parameter, one in inspect.signature(function).parameters.items():
        if one.default is inspect.Parameter.empty or parameter in ("council_id", "email", "name"):
            wanted[parameter] = known[parameter]
    return wanted


VIEWED = [(module, name) for module, name, function in reach.reads() if reach.takes_a_viewer(function)]


@pytest.mark.parametrize("one", VIEWED, ids=lambda one: ".".join(one).removeprefix("redress."))
def test_a_read_gives_the_intruder_nothing(world: World, one: tuple[str, str]) -> None:
    function = getattr(importlib.import_module(one[0]), one[1])
    wanted = arguments(world, *one, function, world.intruder)
    with connection.cursor():
        found = function(**wanted)
    if isinstance(found, QuerySet):
        found = list(found)
    assert not (isinstance(found, int) and found), f"{one[1]} counts {found}"
    councils = {world.cast.northmere.pk, world.cast.eastvale.pk}
    given = {id(value) for value in wanted.values()}
    for thing in things_in(found):
        if isinstance(thing, Officer):
            assert world.cast.elsewhere.pk in thing.council_ids, f"{one[1]} gives {thing}"
        elif isinstance(thing, Model) and id(thing) not in given:
            assert getattr(thing, "council_id", None) not in councils, f"{one[1]} gives {thing!r}"
        elif isinstance(thing, str):
            assert not any(secret in thing for secret in SECRETS), f"{one[1]} says {thing}"
    if type(found).__name__ == "Counts":
        assert not any(dataclasses.astuple(found))


def things_in(found: Any, depth: int = 6) -> Iterator[Any]:
    if isinstance(found, Model | str):
        yield found
    elif depth and isinstance(found, dict):
        yield from things_in([*found, *found.values()], depth - 1)
    elif depth and isinstance(found, list | tuple | set | frozenset | QuerySet):
        for one in found:
            yield from things_in(one, depth - 1)
    elif depth and dataclasses.is_dataclass(found) and not isinstance(found, type):
        for field in dataclasses.fields(found):
            yield from things_in(getattr(found, field.name), depth - 1)


def test_the_same_reads_give_something_to_who_works_there(world: World) -> None:
    """So that what the intruder doesn't get is not for want of anything to find."""
    there = dataclasses.replace(world.intruder, roles={world.cast.northmere.pk: frozenset(Role)})
    there = dataclasses.replace(there, service_ids=frozenset({world.cast.waste.pk}))
    full = []
    for module, name in VIEWED:
        function = getattr(importlib.import_module(module), name)
        found = function(**arguments(world, module, name, function, there))
        if found is not None and (not hasattr(found, "__len__") or len(found)):
            full.append(name)
    assert len(full) > len(VIEWED) * 0.6, sorted({name for _module, name in VIEWED} - set(full))


# -------------------------------------------------------------------------------------------------- jobs, other council


def test_a_message_joins_no_case_of_another_council(world: World) -> None:
    from redress.correspondence.models import ReplyToken

    mailbox = setting_up.add_mailbox(
        council=world.cast.elsewhere, address="complaints@westholt.example", active=True, by=SETTING_UP, at=AT
    )
    token = ReplyToken.objects.filter(council=world.cast.northmere).order_by("pk").first()
    letter = Letter.objects.filter(council=world.cast.northmere).exclude(message_id="").order_by("pk").first()
    raw = email(f"Re: {world.scene.case.reference}", "As I wrote to you.", sender="Dev Patel <dev@mail.example>")
    if letter is not None:
        raw = f"In-Reply-To: <{letter.message_id}>\r\n".encode() + raw
    if token is not None:
        raw = f"X-Token: {token.token}\r\nDelivered-To: complaints+{token.token}@westholt.example\r\n".encode() + raw
    assert token is not None or letter is not None
    message = arrivals.take_in(
        raw=raw, council=world.cast.elsewhere, mailbox=mailbox, source="INBOX", received_at=AT,
        by=Actor.timetable("Mailboxes"), at=AT,
    ).message  # fmt: skip
    assert message.council_id == world.cast.elsewhere.pk
    assert message.case_id is None
    assert message.contact_id is None


# ---------------------------------------------------------------------------------------------------------------- roles


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the drawing out: whether somebody is let in is decided before, and a thousand pages take their time."""
    monkeypatch.setattr(entry, "page", lambda *_given, status=None, **_more: HttpResponse(status=status or 200))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_role_opens_what_its_permissions_open(world: World, role: Role) -> None:
    client, wrong, before = browser(world.cast.officers[role]), [], fingerprint()
    for address in DESK:
        if "GET" not in reach.methods(address):
            continue
        needs = reach.OPENED_BY[address.name]
        may = needs is None or needs in ROLES[role].permissions
        status = client.get(address.fill(world.scene.parameters(address.name, address.wanted))).status_code
        if (status not in (200, 302, 422)) if may else (status not in (403, 404)):
            wrong.append(f"{address.name}: {'may' if may else 'may not'}, and is answered {status}")
    assert not wrong, "\n".join(wrong)
    if Permission.MESSAGE_HANDLE not in ROLES[role].permissions:  # to open a message's form is to claim the message
        after = fingerprint()
        assert [label for label in before if before[label] != after[label]] == []


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_role_that_may_not_changes_nothing_by_a_form(world: World, role: Role) -> None:
    client, before, wrong = browser(world.cast.officers[role]), fingerprint(), []
    for address in DESK:
        steps = reach.steps_of(address)
        if not steps or any(STEPS[name].needs in ROLES[role].permissions for name in steps):
            continue
        answer = client.post(address.fill(world.scene.parameters(address.name, address.wanted)))
        # 422 and 302: the page, or the way back to it, with the sentence why not.
        if answer.status_code not in (302, 403, 404, 422, 200):
            wrong.append(f"{address.name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    after = fingerprint()
    assert [label for label in before if before[label] != after[label]] == []


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)
def test_a_step_is_allowed_to_the_roles_that_hold_its_permission(world: World, info: Any) -> None:
    given = subjects(info, world.cast.northmere)
    if any(isinstance(one, Model) and not reach.of_one_council(type(one)) for one in given.values()):
        given = {
            name: world.cast.asha if isinstance(one, Officer) else one
            for name, one in given.items()
        }  # fmt: skip
    for role in Role:
        by = world.cast.actor(role)
        if info.needs in ROLES[role].permissions:
            assert can(wrapped(info), by, **given), f"{role} may {info.name}"
        else:
            with pytest.raises((NotPermitted, NotVisible)):
                call(info, by, given)


# ----------------------------------------------------------------------------------------------------------------- keys


def test_the_database_holds_the_keys_as_the_page_says(world: World) -> None:
    """Read from PostgreSQL itself: the two columns, what they point at, and that the constraint is enforced."""
    from redress.plumbing.same_council import SameCouncil

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
            " WHERE contype = 'f'"
        )
        there = {name: (table, words, sure) for name, table, words, sure in cursor.fetchall()}
    for model in source.models():
        for one in model._meta.constraints:
            if isinstance(one, SameCouncil):
                field: Any = model._meta.get_field(str(one.fields))
                table, words, sure = there[one.name]
                target = field.remote_field.model._meta.db_table
                assert table == model._meta.db_table
                assert f"(council_id, {field.column}) REFERENCES {target}(council_id, id)" in words, one.name
                assert sure, one.name
    listed_keys = reach.keys()
    assert len(listed_keys) > 60
    assert {key for key, _to, how in listed_keys if how.startswith("not held")} == set(reach.KEYS_NOT_HELD)


def test_no_table_between_two_others_is_without_a_council() -> None:
    """A table that ties two others behind the scenes would carry no council and be held by nothing."""
    assert [f"{model._meta.label}.{one.name}" for model in source.models() for one in model._meta.many_to_many] == []
