"""The key of the seals can be changed: old seals hold still, old keys sign nothing new, a change can't be forged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records import scratch_office
from records.scratch_office import AT, contact, council, staff
from redress.access import seal_keys, seals, trail
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.people.models import Contact
from redress.plumbing import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Iterator[SimpleNamespace]:
    settings.REDRESS_KEYS_DIR = tmp_path / "keys"
    settings.REDRESS_SEALS_FILE = tmp_path / "seals.jsonl"
    with scratch_office.office() as made:
        yield made


@pytest.fixture
def dev(office: SimpleNamespace) -> Contact:
    return contact(council())


@pytest.fixture
def asha(dev: Contact) -> Actor:
    return staff(Role.OFFICER, dev.council)


def work(office: SimpleNamespace, dev: Contact, asha: Actor, name: str) -> int:
    office.rename(contact=dev, name=name, by=asha, at=AT)
    (made,) = seals.seal(at=AT)
    return made.number


def following() -> Ed25519PrivateKey:
    """Lay the next key beside the present one, as the command does."""
    key = Ed25519PrivateKey.generate()
    home.write_once(seal_keys.next_key_file(), key.private_bytes_raw().hex().encode())
    return key


def change() -> None:
    seals.change_key(following(), at=AT)
    seal_keys.settle()


def faults() -> set[str]:
    return {fault.kind for fault in trail.verify()}


def test_seals_before_and_after_a_change_hold(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    work(office, dev, asha, "one")
    for name in ("two", "three"):
        change()
        work(office, dev, asha, name)
    assert trail.verify() == []
    assert [one.first_seal for one in seal_keys.known()] == [1, 2, 3]
    assert len({sealed.key for sealed in seals.from_database()}) == 3
    assert not seal_keys.next_key_file().exists()


def test_what_was_not_sealed_yet_is_sealed_with_the_old_key_first(
    office: SimpleNamespace, dev: Contact, asha: Actor
) -> None:
    office.rename(contact=dev, name="one", by=asha, at=AT)
    before = seals.fingerprint(seals.signing_key(make=True).public_key())
    change()
    assert [sealed.key for sealed in seals.from_database()] == [before]
    assert trail.verify() == []


def test_a_change_that_was_cut_off_after_it_was_written_down_counts(
    office: SimpleNamespace, dev: Contact, asha: Actor
) -> None:
    work(office, dev, asha, "one")
    key = following()
    seals.change_key(key, at=AT)  # and then the power went
    assert work(office, dev, asha, "two") == 2
    assert list(seals.from_database())[1].key == seals.fingerprint(key.public_key())
    assert trail.verify() == []
    seals.change_key(key, at=AT)  # done again: nothing is written down twice
    seal_keys.settle()
    assert len(seal_keys.hand_overs()) == 1
    assert trail.verify() == []


def test_an_old_key_signs_nothing_new(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    work(office, dev, asha, "one")
    old = seals.key_file().read_bytes()
    change()
    work(office, dev, asha, "two")
    second = list(seals.from_database())[1]
    stolen = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(old.decode().strip()))
    forged = seals._signed(seals.replace(second, key=seals.fingerprint(stolen.public_key()), signature=b""), stolen)
    lines = seals.seals_file().read_text().splitlines(keepends=True)
    seals.seals_file().write_text(lines[0] + forged.line() + "\n")
    assert "seal-key" in faults()
    seals.key_file().write_bytes(old)  # and put back where the new one lay
    office.rename(contact=dev, name="three", by=asha, at=AT)
    for use in (lambda: seals.seal(at=AT), trail.verify):
        with pytest.raises(seals.SealKeyMissing, match="an old one"):
            use()


@pytest.mark.parametrize("harm", ["another key", "another seal", "no signature", "nonsense", "turned round"])
def test_a_forged_change_is_found(harm: str, office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    work(office, dev, asha, "one")
    change()
    change()
    file = seal_keys.hand_overs_file()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    if harm == "another key":
        lines[0]["before"] = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    elif harm == "another seal":
        lines[1]["first_seal"] = 99
    elif harm == "no signature":
        del lines[0]["by_before"]
    elif harm == "turned round":
        lines.reverse()
    content = "".join(json.dumps(line) + "\n" for line in lines)
    file.write_text("nonsense\n" + content if harm == "nonsense" else content)
    with pytest.raises(seal_keys.HandOverBroken):
        trail.verify()


def test_a_made_up_past_under_a_made_up_key_does_not_fit_the_seals_that_follow(
    office: SimpleNamespace, dev: Contact, asha: Actor, database_superuser: Any
) -> None:
    """Whoever can write everywhere but holds no key can't make a past of their own, with a key that signed it."""
    work(office, dev, asha, "one")
    change()
    work(office, dev, asha, "two")
    mine = Ed25519PrivateKey.generate()
    first, _second = seals.from_database()
    forged = seals._signed(seals.replace(first, key=seals.fingerprint(mine.public_key()), signature=b""), mine)
    with database_superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE access_seal SET key = %s, signature = %s, hash = %s WHERE number = 1",
            [forged.key, forged.signature, forged.hash()],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    (told,) = seal_keys.hand_overs()
    false = replace(told, before=mine.public_key(), by_before=b"")
    false = replace(false, by_before=mine.sign(false.form()))
    seal_keys.hand_overs_file().write_text(false.line() + "\n")
    with pytest.raises(seal_keys.HandOverBroken):  # the present key never signed that it follows this one
        trail.verify()
