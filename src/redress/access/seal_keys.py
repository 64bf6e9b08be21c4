"""Which key signs the seals of the trail, and which signed those made before it?

The key lies outside the database. It can be changed for another one: the old key signs the new one's public half, and
the new one signs the old one's, in a line of a file beside the seals. Public halves are no secret, so the file is in
every backup; with it every old seal can still be checked, and a key that was put away can sign nothing new::

    seal_keys.known()[-1].first_seal      # the number of the first seal that the present key signs
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from redress.access import chain
from redress.access.refusals import Refusal
from redress.plumbing import home


class SealKeyMissing(Refusal):
    """The key that seals the trail is missing, although seals were made with it."""

    do = "Put seal.key back into the keys folder from your safe copy. Without it no seal can be checked or made."


class HandOverBroken(Refusal):
    """The file that says which key followed which was altered."""

    do = "Put seal-keys.jsonl back from a backup: with it the older seals can be checked."


@dataclass(frozen=True, slots=True)
class Known:
    """A key whose seals count, from which seal on."""

    first_seal: int
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class HandOver:
    """That one key followed another, signed by both."""

    first_seal: int
    at: datetime
    before: Ed25519PublicKey
    after: Ed25519PublicKey
    by_before: bytes
    by_after: bytes

    def form(self) -> bytes:
        """Return the bytes that both keys sign."""
        return chain.framed(
            b"redress seal key",
            chain.number(self.first_seal),
            chain.number(chain.microseconds(self.at)),
            self.before.public_bytes_raw(),
            self.after.public_bytes_raw(),
        )

    def is_good(self) -> bool:
        """Say whether both signatures are right."""
        try:
            self.before.verify(self.by_before, self.form())
            self.after.verify(self.by_after, self.form())
        except InvalidSignature:
            return False
        return True

    def line(self) -> str:
        """Return the hand-over as a line of the file, without its end."""
        return chain.canonical(
            {
                "first_seal": self.first_seal,
                "at": self.at,
                "before": self.before.public_bytes_raw().hex(),
                "after": self.after.public_bytes_raw().hex(),
                "by_before": self.by_before.hex(),
                "by_after": self.by_after.hex(),
            }
        )


def key_file() -> Path:
    """Return where the signing key lies, unless a setting gives it."""
    folder = getattr(settings, "REDRESS_KEYS_DIR", None)
    return (Path(folder) if folder else home.current().keys) / "seal.key"


def next_key_file() -> Path:
    """Return where the following key lies while the key is being changed."""
    return key_file().with_name("seal.key.next")


def hand_overs_file() -> Path:
    """Return the file that says which key followed which."""
    seals = getattr(settings, "REDRESS_SEALS_FILE", None)
    return (Path(seals) if seals else home.current().seals).with_name("seal-keys.jsonl")


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the name of a public key: the first half of its SHA-256."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]


def signing_key(*, make: bool) -> Ed25519PrivateKey:
    """Return the key, made when it is asked for the first time where ``make`` says so.

    Raises ``SealKeyMissing`` when it isn't there and may not be made, or when another one followed it.
    """
    given: bytes | None = getattr(settings, "REDRESS_SEAL_KEY", None)
    if given is not None:
        key = Ed25519PrivateKey.from_private_bytes(given)
    else:
        file = key_file()
        if not file.exists():
            if not make:
                raise SealKeyMissing(f"The key that seals the trail is missing: {file} isn't there.")
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            home.write_once(file, Ed25519PrivateKey.generate().private_bytes_raw().hex().encode() + b"\n")
        key = _read(file)
    followed = hand_overs()
    if not followed or _same(followed[-1].after, key.public_key()):
        return key
    # Changed, but cut off before the new key was put in the place of the old one.
    following = next_key_file()
    if given is None and following.exists() and _same(followed[-1].after, _read(following).public_key()):
        return _read(following)
    raise SealKeyMissing(
        "The key that seals the trail is an old one: another one followed it.",
        do="Give the key that followed it: in REDRESS_SEAL_KEY where a setting gives it, else in keys/seal.key.",
    )


def _read(file: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip()))


def _same(one: Ed25519PublicKey, other: Ed25519PublicKey) -> bool:
    return one.public_bytes_raw() == other.public_bytes_raw()


def known() -> list[Known]:
    """Return the keys whose seals count, oldest first: the present one and those that it followed.

    Raises ``SealKeyMissing`` and ``HandOverBroken``.
    """
    present = signing_key(make=False).public_key()
    followed = hand_overs()
    if not followed:
        return [Known(1, present)]
    return [Known(1, followed[0].before), *(Known(one.first_seal, one.after) for one in followed)]


def key_for(keys: list[Known], number: int) -> Ed25519PublicKey:
    """Return the key that a seal of this number must be signed with."""
    return next((one.key for one in reversed(keys) if one.first_seal <= number), keys[0].key)


def hand_overs() -> list[HandOver]:
    """Return which key followed which, in order. Raises ``HandOverBroken`` when they don't follow one another."""
    file = hand_overs_file()
    if not file.exists():
        return []
    found: list[HandOver] = []
    for place, line in enumerate(file.read_text().splitlines(), start=1):
        try:
            one = _from_line(line)
        except (ValueError, KeyError, TypeError):
            raise HandOverBroken(f"Line {place} of {file} can't be read.") from None
        follows = not found or (_same(found[-1].after, one.before) and found[-1].first_seal <= one.first_seal)
        if not follows or not one.is_good():
            raise HandOverBroken(f"Line {place} of {file} was altered: its signatures don't fit.")
        found.append(one)
    return found


def _from_line(line: str) -> HandOver:
    words = json.loads(line)
    return HandOver(
        first_seal=int(words["first_seal"]),
        at=datetime.fromisoformat(words["at"]),
        before=Ed25519PublicKey.from_public_bytes(bytes.fromhex(words["before"])),
        after=Ed25519PublicKey.from_public_bytes(bytes.fromhex(words["after"])),
        by_before=bytes.fromhex(words["by_before"]),
        by_after=bytes.fromhex(words["by_after"]),
    )


def hand_over(*, before: Ed25519PrivateKey, after: Ed25519PrivateKey, first_seal: int, at: datetime) -> None:
    """Write down that a key follows another; from this line on only the new one signs."""
    unsigned = HandOver(first_seal, at, before.public_key(), after.public_key(), b"", b"")
    form = unsigned.form()
    signed = HandOver(first_seal, at, unsigned.before, unsigned.after, before.sign(form), after.sign(form))
    file = hand_overs_file()
    lines = file.read_bytes() if file.exists() else b""
    home.write_whole(file, lines + signed.line().encode() + b"\n")


def settle() -> None:
    """Put the new key in the place of the old one, once it was written down that it follows."""
    following = next_key_file()
    if following.exists():
        os.replace(following, key_file())
