"""Which keys are there, and how is one changed? `redress secrets` and `redress secrets rotate NAME`.

A change is cut off without harm: the new key lies beside the old one as NAME.next until everything in the database
follows it, and the same command goes on where it stopped. What a setting gives can't be changed from here; for those
that the database or the trail depends on, `--new FILE` names the key that the setting will give from now on.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from redress.plumbing import encrypting, moment
from redress.plumbing import home as homes
from redress.server import database, environment, secret_keys, supervisor
from redress.server.environment import Environment
from redress.server.secret_keys import BACKUP, SEAL, SECOND_FACTOR, SECRETS, SESSION, Found, Secret, SecretFault

Say = Callable[[str], None]
_BY_NAME = {secret.name: secret for secret in SECRETS}


def main(words: Sequence[str], variables: Mapping[str, str], *, say: Say) -> int:
    """Run the command and return the exit status. Raises SecretFault, OutOfReach, WrongSetting."""
    asked = _parser().parse_args(list(words))
    settings = environment.read(variables)
    if not settings.home.is_made():
        raise SecretFault(f"There is no installation in {settings.home.path} yet: redress init")
    if asked.what is None:
        return listing(settings, say)
    return rotate(settings, _BY_NAME[asked.name], asked.new, say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redress secrets",
        description="Say which keys there are, where each comes from, and what it protects; none is shown.",
        epilog="Example: redress secrets",
    )
    commands = parser.add_subparsers(dest="what")
    change = commands.add_parser(
        "rotate",
        help="change a key for a new one",
        description="Change a key for a new one. The service must be stopped; what follows is said at the end.",
        epilog="Example: redress secrets rotate session",
    )
    change.add_argument("name", choices=list(_BY_NAME), help="which one")
    change.add_argument("--new", type=Path, metavar="FILE", help="the file of the new key, where a setting gives it")
    return parser


def listing(settings: Environment, say: Say) -> int:
    """Print where each key comes from; returns 1 when one that is needed is missing or can be guessed."""
    wrong = 0
    for secret in SECRETS:
        try:
            found = secret_keys.find(settings, secret)
        except SecretFault as fault:
            say(f"{secret.name:<14} !! {fault}")
            wrong = 1
            continue
        if found is not None:
            say(f"{secret.name:<14} {secret.protects}; from {found.source}")
        elif secret is BACKUP:
            say(f"{secret.name:<14} {secret.protects}; there is none, so BACKUPS ARE NOT ENCRYPTED")
        else:
            say(f"{secret.name:<14} !! {secret.protects}; MISSING")
            wrong = 1
    return wrong


def rotate(settings: Environment, secret: Secret, new: Path | None, say: Say) -> int:
    """Change one key. Raises SecretFault."""
    if supervisor.is_running(settings):
        raise SecretFault(f"Redress runs on {settings.home.path} with the present key; stop it first.")
    found = secret_keys.find(settings, secret)
    if found is None and secret is not BACKUP:
        secret_keys.check(settings)
    if found is None or found.ours:
        if new is not None:
            raise SecretFault(
                f"The {secret.name} key lies in keys/{secret.file}; its new one is made here, without --new."
            )
        _change_ours(settings, secret, found)
    else:
        _change_given(settings, secret, found, new)
    say(f"The {secret.name} key was changed. {secret.follows}")
    if secret is BACKUP and (found is None or found.ours):
        say(f"Copy {settings.home.keys / secret.file} to a safe place now: without it no encrypted backup can be read.")
    if found is not None and not found.ours and new is not None:
        say(f"Now let {found.source} give the key in {new}, before anything is started again.")
    else:
        say("Keep the new keys apart once more (redress backup DIR --keys FILE), and start the service.")
    return 0


def _change_ours(settings: Environment, secret: Secret, found: Found | None) -> None:
    """Change a key in the folder of keys: the new one beside it, what depends on it, then in its place."""
    place = settings.home.keys / secret.file
    following = place.with_name(f"{secret.file}.next")
    homes.write_once(following, secret_keys.new())  # one that is there already was cut off: go on with it
    if found is not None:
        _follow(settings, secret, found.content, secret_keys.from_file(following))
    if secret is BACKUP and found is not None:
        homes.write_once(place.with_name(f"{secret.file}.{encrypting.fingerprint(found.content)}"), place.read_bytes())
    if following.exists():  # the seal's is in its place already
        os.replace(following, place)
    if found is None:
        _follow(settings, secret, b"", b"")


def _change_given(settings: Environment, secret: Secret, found: Found, new: Path | None) -> None:
    """Have what depends on a key that a setting gives follow the one that it will give."""
    if secret in (SESSION, BACKUP):
        raise SecretFault(
            f"The {secret.name} key comes from {found.source}, so it is changed there: put a new one in its place "
            f"({secret_keys.HOW}) and start again. {secret.follows}"
        )
    if new is None:
        raise SecretFault(
            f"The {secret.name} key comes from {found.source}; make the new one in a file ({secret_keys.HOW} > FILE) "
            f"and say: redress secrets rotate {secret.name} --new FILE"
        )
    content = secret_keys.from_file(new)
    if content == found.content:
        raise SecretFault(f"{new} holds the key that is in use already; make a new one: {secret_keys.HOW} > {new}")
    _follow(settings, secret, found.content, content)


def _follow(settings: Environment, secret: Secret, before: bytes, after: bytes) -> None:
    """Do in the database what a new key asks for, and note the change in the trail."""
    import django

    with database.up(settings):
        django.setup()
        from django.db import connections

        from redress.access import seal_keys, seals
        from redress.access.actor import Actor
        from redress.casework import keys
        from redress.server import accounts

        by, at = Actor.command("redress secrets rotate"), moment.now()
        try:
            if secret is SECOND_FACTOR:
                cipher = accounts.cipher(after, before)
                keys.encrypt_second_factors_anew(turn=lambda text: cipher.rotate(text.encode()).decode(), by=by, at=at)
                return
            if secret is SEAL:
                seals.change_key(Ed25519PrivateKey.from_private_bytes(after), at=at)
                seal_keys.settle()
            keys.note_changed(secret=secret.name, by=by, at=at)
            if secret is SEAL and not _is_given(settings):
                seals.seal(at=at)  # at once: the seals before it hang on it from now on
        finally:
            connections.close_all()


def _is_given(settings: Environment) -> bool:
    found = secret_keys.find(settings, SEAL)
    return found is not None and not found.ours
