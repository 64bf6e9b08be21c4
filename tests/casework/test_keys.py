"""When a key is changed, sessions end, second factors are encrypted anew, and the trail says so."""

from __future__ import annotations

import secrets

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.test import Client

from factories import cast as casting
from factories.cast import AT, SETTING_UP, Cast
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.casework import keys
from redress.server import accounts

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = secrets.token_bytes(32), secrets.token_bytes(32)


@pytest.fixture
def cast() -> Cast:
    return casting.assemble()


def test_every_session_ends_with_the_session_key(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.asha, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert Session.objects.exists()
    keys.note_changed(secret="session", by=SETTING_UP, at=AT)
    assert not Session.objects.exists()
    (line,) = trail.read("installation")
    assert line.sentence == "The session key of the installation was changed"
    assert line.ids["sessions"] == 1


def test_second_factors_are_encrypted_anew_and_nothing_else_of_them_changes(cast: Cast) -> None:
    old, new = accounts.cipher(BEFORE), accounts.cipher(AFTER)
    told = {
        "totp": {"secret": old.encrypt(b"JBSWY3DP").decode()},
        "recovery_codes": {"seed": old.encrypt(b"seed").decode(), "used_mask": 5},
    }
    for kind, data in told.items():
        Authenticator.objects.create(user=cast.asha, type=kind, data=data)
    Authenticator.objects.create(
        user=cast.carol, type="recovery_codes", data={"migrated_codes": [old.encrypt(b"12345678").decode()]}
    )
    both = accounts.cipher(AFTER, BEFORE)
    for _ in range(2):  # cut off and done again: what was turned already is turned once more
        assert (
            keys.encrypt_second_factors_anew(
                turn=lambda text: both.rotate(text.encode()).decode(), by=SETTING_UP, at=AT
            )
            == 3
        )
    kept = {row.type: row.data for row in Authenticator.objects.filter(user=cast.asha)}
    assert new.decrypt(kept["totp"]["secret"].encode()) == b"JBSWY3DP"
    assert new.decrypt(kept["recovery_codes"]["seed"].encode()) == b"seed"
    assert kept["recovery_codes"]["used_mask"] == 5
    assert new.decrypt(Authenticator.objects.get(user=cast.carol).data["migrated_codes"][0].encode()) == b"12345678"
    with pytest.raises(InvalidToken):
        old.decrypt(kept["totp"]["secret"].encode())


def test_one_that_can_not_be_turned_changes_none(cast: Cast) -> None:
    for officer in (cast.asha, cast.carol):
        Authenticator.objects.create(user=officer, type="totp", data={"secret": officer.name})

    def turn(text: str) -> str:
        if text == cast.carol.name:
            raise InvalidToken
        return "turned"

    with pytest.raises(InvalidToken):
        keys.encrypt_second_factors_anew(turn=turn, by=SETTING_UP, at=AT)
    assert {row.data["secret"] for row in Authenticator.objects.all()} == {cast.asha.name, cast.carol.name}


def test_nobody_at_the_desk_changes_a_key(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        keys.note_changed(secret="session", by=cast.actor(), at=AT)
