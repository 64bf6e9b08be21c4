"""Does a page ask the database more often than it used to, or more often the more there is to show?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.scene import Scene
from redress.access.roles import Role
from sweeps import query_budget
from sweeps.addresses import every

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = (Role.COMPLAINTS_MANAGER, Role.OFFICER, Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER)
MOST = 75
"""No page asks more often than this, recorded or not."""


def counted(scene: Scene) -> dict[str, int]:
    """Open every page once as somebody who may, after a first time that fills what is kept, and count."""
    clients = {}
    for role in ROLES:
        clients[role] = Client()
        clients[role].force_login(scene.cast.officers[role], backend=BACKEND)
    found = {}
    for address in every():
        if not address.name.startswith(("desk:", "portal:")):
            continue
        path = address.fill(scene.parameters(address.name, address.wanted))
        for role in ROLES:
            answer = clients[role].get(path)
            if answer.status_code == 200:
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    clients[role].get(path)
                found[address.name] = len(asked)
                break
    return found


def test_no_page_asks_more_often_than_it_did(scene: Scene, request: pytest.FixtureRequest) -> None:
    counts = counted(scene)
    assert len(counts) > 40
    if request.config.getoption("--record-queries"):
        query_budget.record(counts)
    budget = query_budget.recorded()
    new = sorted(set(counts) - set(budget))
    assert not new, (
        f"pages without a budget: {new}; record it: pytest tests/sweeps/test_query_budget.py --record-queries"
    )
    more = {
        name: f"{count}, recorded {budget[name]}"
        for name, count in counts.items()
        if count > budget[name] + query_budget.SPARE
    }
    assert not more, f"these ask the database more often: {more}"
    assert {name: count for name, count in counts.items() if count > MOST} == {}


LISTS = ("desk:my-work", "desk:team", "desk:intake", "desk:promises", "desk:checks", "desk:post", "desk:search")


def test_a_list_asks_no_more_often_when_there_is_more_to_show(scene: Scene) -> None:
    """Eight more cases, held by the officer who looks: no list may ask once for each."""
    names = {address.name: address for address in every()}
    client = Client()
    client.force_login(scene.cast.asha, backend=BACKEND)

    def asked(name: str) -> int:
        path = names[name].fill(scene.parameters(name, names[name].wanted))
        client.get(path, {"q": "Patel"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, {"q": "Patel"}).status_code == 200
        return len(queries)

    before = {name: asked(name) for name in LISTS}
    for number in range(8):
        scene.cast.allocated(scene.cast.logged(matter=f"One more, {number}"))
    after = {name: asked(name) for name in LISTS}
    more = {name: (before[name], after[name]) for name in LISTS if after[name] > before[name] + query_budget.SPARE}
    assert not more


def test_what_was_recorded_is_still_there() -> None:
    names = {address.name for address in every()}
    assert set(query_budget.recorded()) <= names
