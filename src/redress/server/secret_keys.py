"""Which secrets does an installation have, where does each come from, and is it one that nobody can guess?

A key is 32 random bytes, written as 64 hexadecimal digits. It comes from a setting (REDRESS_SESSION_KEY), from a file
that a setting names (REDRESS_SESSION_KEY_FILE), or from the folder of keys, where it was made; never from the database,
and never from a default.

    found = secret_keys.find(settings, SESSION)      # Found(content=b"…", source="keys/session.key", …) or None
"""

from __future__ import annotations

import itertools
import re
import secrets as chance
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from redress.plumbing import home as homes

if TYPE_CHECKING:
    from redress.server.environment import Environment

BYTES = 32
LEAST_DIFFERENT = 16
"""Different bytes among the 32 that chance always gives more than: fewer were typed by somebody."""
EXAMPLE = "PASTE-64-HEXADECIMAL-DIGITS-HERE"
HOW = "openssl rand -hex 32"


class SecretFault(Exception):
    """A secret is missing, or can be guessed; the sentence says which and what to do."""


@dataclass(frozen=True)
class Secret:
    """One secret: what the command calls it, where it is kept, and which settings may give it instead."""

    name: str
    file: str
    given: Callable[[Environment], bytes | None]
    given_file: Callable[[Environment], Path | None]
    protects: str
    follows: str

    @property
    def setting(self) -> str:
        """The setting that gives it: REDRESS_SECOND_FACTOR_KEY; with _FILE, the one that names its file."""
        return f"REDRESS_{self.name.upper().replace('-', '_')}_KEY"


SESSION = Secret(
    "session", "session.key", lambda told: told.session_key, lambda told: told.session_key_file,
    "signs sessions",
    "Everybody who is signed in, staff and residents, has to come in again.",
)  # fmt: skip
SECOND_FACTOR = Secret(
    "second-factor", "field.key", lambda told: told.second_factor_key, lambda told: told.second_factor_key_file,
    "encrypts second factors in the database",
    "Second factors were encrypted anew; nobody has to set theirs up again.",
)  # fmt: skip
SEAL = Secret(
    "seal", "seal.key", lambda told: told.seal_key, lambda told: told.seal_key_file,
    "signs the seals of the trail",
    "Older seals are checked with the public halves in seal-keys.jsonl; the new key was signed by the one before it.",
)  # fmt: skip
BACKUP = Secret(
    "backup", "backup.key", lambda told: told.backup_key, lambda told: told.backup_key_file,
    "encrypts backups",
    "Backups that were made before need the key before: keep it for as long as you keep them.",
)  # fmt: skip
SECRETS = (SESSION, SECOND_FACTOR, SEAL, BACKUP)
NEEDED = (SESSION, SECOND_FACTOR, SEAL)
"""Made with the installation. A backup key is made when somebody asks for it, who then keeps a copy elsewhere."""


@dataclass(frozen=True)
class Found:
    """A secret as it was found: its bytes, and where they came from in words that may be shown."""

    secret: Secret
    content: bytes
    source: str
    file: Path | None
    """The file that holds it; None for one that stands in the environment."""

    ours: bool
    """Whether it lies in the folder of keys, so that this program may replace it."""


def read(text: str) -> bytes:
    """Read a key. Raises ValueError, which says what it must be, for one that is short or was made up by hand."""
    told = text.strip()
    if told == EXAMPLE:
        return b""  # what the reference shows: read as a setting, refused as a key
    if not re.fullmatch(r"[0-9a-fA-F]{64}", told):
        raise ValueError(f"64 hexadecimal digits, as “{HOW}” prints them")
    content = bytes.fromhex(told)
    steps = {(after - before) % 256 for before, after in itertools.pairwise(content)}
    if min(len(set(content)), len(steps)) < LEAST_DIFFERENT:
        raise ValueError(f"made by chance, as “{HOW}” does, and not by hand")
    return content


def find(settings: Environment, secret: Secret) -> Found | None:
    """Find a secret: from its setting, its file, or the folder of keys. Raises SecretFault for one that can't serve."""
    given, variable = secret.given(settings), secret.setting
    if given is not None:
        if not given:
            raise SecretFault(f"{variable} is the example of the reference, not a key; make one: {HOW}")
        return Found(secret, given, variable, None, ours=False)
    named = secret.given_file(settings)
    if named is not None:
        return Found(secret, from_file(named), f"{variable}_FILE ({named})", named, ours=False)
    kept = settings.home.keys / secret.file
    if not kept.exists():
        return None
    return Found(secret, from_file(kept), f"keys/{secret.file}", kept, ours=True)


def from_file(file: Path) -> bytes:
    """Read a key from a file. Raises SecretFault."""
    try:
        content = read(file.read_text())
    except OSError as fault:
        raise SecretFault(f"The key in {file} can't be read: {fault.strerror}.") from None
    except ValueError as wrong:
        raise SecretFault(f"The key in {file} must be {wrong}.") from None
    if not content:
        raise SecretFault(f"{file} holds the example of the reference, not a key; make one: {HOW} > {file}")
    return content


def value(settings: Environment, secret: Secret) -> bytes:
    """Return a secret, or a passing one while no installation was made here (checks and code generation)."""
    found = find(settings, secret)
    return found.content if found is not None else chance.token_bytes(BYTES)


def next_value(settings: Environment, secret: Secret) -> bytes | None:
    """Return the key that a rotation was changing to when it was cut off: what it has done already is read with it."""
    file = settings.home.keys / f"{secret.file}.next"
    return from_file(file) if file.exists() else None


def make_missing(settings: Environment) -> list[Secret]:
    """Make those that an installation needs and nobody gave, each once; return those that were made."""
    made = []
    for secret in NEEDED:
        if find(settings, secret) is None:
            settings.home.make()
            homes.write_once(settings.home.keys / secret.file, new())
            made.append(secret)
    return made


def new() -> bytes:
    """Make the content of a key's file from the system's own source of chance."""
    return chance.token_bytes(BYTES).hex().encode() + b"\n"


def check(settings: Environment) -> None:
    """Check that all that are needed are there and can't be guessed. Raises SecretFault."""
    for secret in NEEDED:
        if find(settings, secret) is None:
            raise SecretFault(
                f"The key that {secret.protects} is missing: {settings.home.keys / secret.file} is not there. Put it "
                f"back from your safe copy; docs/how-to/keys.md says what to do when there is none."
            )
