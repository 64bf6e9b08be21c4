"""Does every address refuse strangers, the other council, and whoever has no business with cases?

The addresses are walked from the resolver: one that is added is tried at once, and one whose parameters nobody thought
about fails until it stands in ``factories/scene.py``. That nobody reaches another council's records, and who may open
what, is swept in ``test_reach.py``.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from factories.scene import Scene
from redress.access.roles import Role
from sweeps.addresses import Address, every

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVERY = every()
DESK = [one for one in EVERY if one.name.startswith("desk:")]

# What anybody may open, signed in or not. An address that is added here is added on purpose.
PUBLIC = {
    "health", "front", "portal:how-to-complain", "portal:brand", "portal:logo", "portal:leaflet",
    "portal:privacy", "portal:accessibility", "portal:contact", "portal:begin", "portal:discard", "portal:save",
    "portal:resume", "portal:check", "portal:sent", "portal:question", "portal:follow", "portal:asked",
    "portal:open-link", "portal:closed",
    "account_login", "account_first_sign_in", "account_logout", "account_inactive",
}  # fmt: skip
# What only somebody may open who came by a link of their own; without one it leads back to asking for a link.
BY_LINK = {
    "portal:case", "portal:add", "portal:not-right", "portal:next-stage", "portal:letter", "portal:own-file",
    "portal:close",
}  # fmt: skip
# What belongs to whoever is signed in: their password, their second factor.
OWN = {
    "account_change_password", "account_reauthenticate", "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
# Addresses of the desk that name no record of a council.
ABOUT_NOTHING = {"code", "key", "kind"}


def browser(officer: Any = None) -> Client:
    """Give a browser, signed in or not."""
    client = Client(raise_request_exception=True)
    if officer is not None:
        client.force_login(officer, backend=BACKEND)
    return client


def path_of(scene: Scene, address: Address) -> str:
    return address.fill(scene.parameters(address.name, address.wanted))


def names_a_record(address: Address) -> bool:
    return bool(set(address.wanted) - ABOUT_NOTHING)


def test_every_address_is_of_one_kind() -> None:
    assert {one.name for one in EVERY} == {one.name for one in DESK} | PUBLIC | BY_LINK | OWN


@pytest.mark.parametrize("address", DESK, ids=lambda one: one.name)
@pytest.mark.parametrize("how", ["get", "post"])
def test_the_desk_asks_strangers_to_sign_in(scene: Scene, address: Address, how: str) -> None:
    answer = getattr(browser(), how)(path_of(scene, address))
    assert answer.status_code == 302, address.name
    assert answer["Location"].startswith("/accounts/login/"), address.name


@pytest.mark.parametrize("address", [one for one in DESK if not names_a_record(one)], ids=lambda one: one.name)
def test_another_councils_officer_sees_nothing_of_it_in_lists(scene: Scene, address: Address) -> None:
    client = browser(scene.cast.stranger)
    found = client.get(path_of(scene, address), {"q": "Patel", "council": "northmere"})
    if found.status_code == 200 and not found.streaming:
        text = found.content.decode(errors="replace")
        for secret in ("NMR-2026", "Dev Patel", "Eve Lindqvist", "Grace Okafor", "Northmere Borough"):
            assert secret not in text, f"{address.name} shows {secret}"


@pytest.mark.parametrize("address", [one for one in DESK if names_a_record(one)], ids=lambda one: one.name)
def test_who_looks_after_settings_sees_no_case(scene: Scene, address: Address) -> None:
    """The system administrator sees nothing of any case, message or document."""
    client = browser(scene.cast.officers[Role.SYSTEM_ADMINISTRATOR])
    answer = client.get(path_of(scene, address))
    if answer.status_code == 200:
        own = {"officer_id", "mailbox_id", "closure_id", "absence_id", "part_number"}
        assert set(address.wanted) & own, address.name
        for secret in ("NMR-2026", "Dev Patel", "Grace Okafor"):
            assert secret not in answer.content.decode()


@pytest.mark.parametrize("address", [one for one in EVERY if one.name in BY_LINK], ids=lambda one: one.name)
@pytest.mark.parametrize("how", ["get", "post"])
def test_a_case_is_followed_by_its_link_only(scene: Scene, address: Address, how: str) -> None:
    answer = getattr(browser(), how)(path_of(scene, address))
    assert answer.status_code in (302, 403, 404, 405, 410), address.name
    if answer.status_code == 302:
        assert re.match(r"/northmere/follow/", answer["Location"]), answer["Location"]
    assert b"Dev Patel" not in answer.content


@pytest.mark.parametrize("address", [one for one in EVERY if one.name in PUBLIC], ids=lambda one: one.name)
def test_what_is_public_shows_nothing_of_anybody(scene: Scene, address: Address) -> None:
    answer = browser().get(path_of(scene, address))
    assert answer.status_code in (200, 302, 403, 404, 405, 410), address.name
    if not answer.streaming:
        for secret in (scene.case.reference, "Dev Patel", "Grace Okafor"):
            assert secret not in answer.content.decode(errors="replace")


@pytest.mark.parametrize("address", [one for one in EVERY if one.name in OWN], ids=lambda one: one.name)
def test_an_account_is_its_owners(scene: Scene, address: Address) -> None:
    answer = browser().get(path_of(scene, address))
    assert answer.status_code in (302, 404), address.name


@pytest.mark.parametrize(
    "address",
    [one for one in EVERY if "code" in one.wanted and one.name.startswith("portal:")],
    ids=lambda one: one.name,
)
def test_a_council_that_is_not_there_has_no_pages(scene: Scene, address: Address) -> None:
    values = {**scene.parameters(address.name, address.wanted), "code": "nowhere"}
    client, path = browser(), address.fill(values)
    assert 404 in {client.get(path).status_code, client.post(path).status_code}
