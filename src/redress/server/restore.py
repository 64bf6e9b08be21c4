"""How does a backup come back? Into an emptied installation, every byte checked before anything is changed.

    redress restore DIR                 # the folder of data kept its keys
    redress restore DIR --keys FILE     # a fresh folder

Files first, the database last and in one transaction, so that a restore that is cut off can simply be run again.
"""

import base64
import hmac
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from redress.plumbing import encrypting, moment
from redress.plumbing import home as homes
from redress.plumbing.home import Home
from redress.server import backup, database, mark, preparing, secret_keys, supervisor
from redress.server.backup import DUMP, FORM, MANIFEST, BackupFault
from redress.server.environment import Environment

DOUBTS = "restored.json"
"""Lies in the folder of data while what was on its way in a backup is still to be marked."""


def put_back(
    settings: Environment,
    folder: Path,
    *,
    keys: Path | None,
    without_keys: bool,
    backup_key: Path | None,
    say: Callable[[str], None],
) -> None:
    """Put a backup into an emptied installation. Raises BackupFault, MarkFault, WrongSetting, SecretFault."""
    home, folder = settings.home, folder.absolute()
    manifest = read_manifest(folder)
    key = unlock(settings, manifest, backup_key)
    say("Checking the backup …")
    check(folder, manifest)
    opened = Opened(folder, manifest, key)
    if supervisor.is_running(settings):
        raise BackupFault(f"Redress runs on {home.path}; stop it first, then restore.")
    _take_mark(settings, opened, manifest)
    _take_keys(settings, manifest, keys=keys, without_keys=without_keys, backup_key=key)
    with database.up(settings):
        _check_server(settings, manifest)
        if not database.is_empty(settings):
            raise BackupFault(
                "The database already holds an installation; a backup goes only into an emptied one. "
                f"Set {home.path} aside, or name an empty folder with REDRESS_HOME."
            )
        say("Putting back the documents …")
        count = _put_back_files(home, opened, manifest)
        say("Putting back the database …")
        homes.write_json(home.path / DOUBTS, {"made_at": manifest["made_at"]})
        database.make_anew(settings)
        address = database.owner_settings(settings)
        backup.run_client(
            "pg_restore", manifest["postgres"], address,
            "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
            f"--dbname={address['NAME']}", given=opened.pieces(DUMP),
        )  # fmt: skip
        preparing.migrate(settings, say=say)
        doubtful = settle_doubts(home)
    say(f"The installation is back as it was on {manifest['made_at']}, with {count} files.")
    if doubtful:
        say(f"What went out after that moment is not known to it: {doubtful} waited then and may have gone.")
        say("They are not sent by themselves; look at each of them on the desk, under Post.")
    say("Check the trail next: redress trail verify")


def settle_doubts(home: Home) -> str:
    """Mark what was on its way in the backup as what may have gone, if that is still to be done; says how much.

    Done by the restore itself, and at the next start after one that was cut off in between. The tables must be there.
    """
    file = home.path / DOUBTS
    if not file.exists():
        return ""
    from redress.access.actor import Actor
    from redress.casework import restoring

    made_at = datetime.fromisoformat(json.loads(file.read_text())["made_at"])
    by = Actor.command("redress restore")
    count = restoring.doubt_what_was_on_its_way(backup_of=made_at, by=by, at=moment.now())
    file.unlink()
    return f"{count} {'letter' if count == 1 else 'letters'}" if count else ""


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the list of what the backup holds. Raises BackupFault."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupFault(f"{folder} is not a backup, or one that was cut off: it has no {MANIFEST}.") from None
    if found.get("form") != FORM:
        raise BackupFault(f"The backup in {folder} was made by another release of Redress; restore it with that one.")
    for name in found["files"]:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BackupFault(f"The list of the backup names “{name}”, which lies outside it; it was tampered with.")
    return found


def unlock(settings: Environment, manifest: dict[str, Any], file: Path | None) -> bytes | None:
    """Find the key that an encrypted backup was made with, and check its list; None for one that is not encrypted.

    Raises BackupFault and SecretFault.
    """
    told = manifest.get("encrypted")
    if told is None:
        return None
    candidates = list(_backup_keys(settings, file))
    key = next((one for one in candidates if encrypting.fingerprint(one) == told["key"]), None)
    if key is None:
        what = "the key given is another one" if candidates else "no backup key is set"
        raise BackupFault(
            f"The backup is encrypted, and {what}; give the one that it was made with: --backup-key FILE, "
            "or REDRESS_BACKUP_KEY."
        )
    if not hmac.compare_digest(str(manifest.get("proof", "")), backup.proof(manifest, key)):
        raise BackupFault("The list of the backup was changed after it was made; nothing was changed.")
    return key


def _backup_keys(settings: Environment, file: Path | None) -> Iterator[bytes]:
    """Give every key that it may have been made with: the one that is named, the present one, and those before it."""
    if file is not None:
        yield secret_keys.from_file(file)
        return
    present = secret_keys.find(settings, secret_keys.BACKUP)
    if present is not None:
        yield present.content
    for earlier in sorted(settings.home.keys.glob("backup.key.*")) if settings.home.keys.exists() else []:
        yield secret_keys.from_file(earlier)


class Opened:
    """The files of a backup, decrypted as they are read."""

    def __init__(self, folder: Path, manifest: dict[str, Any], key: bytes | None) -> None:
        self.folder, self.key = folder, key
        self.backup = str((manifest.get("encrypted") or {}).get("backup", ""))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give the content of a file, piece by piece. Raises BackupFault."""
        file = self.folder / name
        if self.key is None:
            with file.open("rb") as read:
                while chunk := read.read(1 << 20):
                    yield chunk
            return
        try:
            yield from encrypting.read(file, self.key, about=backup.about(self.backup, name))
        except encrypting.CantDecrypt as fault:
            raise BackupFault(f"{name} can't be decrypted: {fault}") from None

    def put(self, name: str, target: Path) -> None:
        """Write a file of the backup to its place, whole or not at all."""
        draft = target.with_name(f".{target.name}.part")
        with draft.open("wb") as write:
            os.fchmod(write.fileno(), homes.PRIVATE_FILE)
            for piece in self.pieces(name):
                write.write(piece)
            write.flush()
            os.fsync(write.fileno())
        draft.replace(target)


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Compare every file with its digest. Raises BackupFault for the first that is missing or altered."""
    for name, told in manifest["files"].items():
        file = folder / name
        if not file.is_file():
            raise BackupFault(f"{name} is missing from the backup; nothing was changed.")
        if file.stat().st_size != told["size"] or backup.digest(file) != told["sha256"]:
            raise BackupFault(f"{name} is not what was backed up; nothing was changed.")


def _take_mark(settings: Environment, opened: Opened, manifest: dict[str, Any]) -> None:
    """Give a fresh folder the backup's own mark; one that has another is another installation."""
    from redress.server import environment

    home, told = settings.home, manifest["installation"]
    if home.is_made():
        mine = mark.read_file(home)
        if (mine["identity"], mine["kind"]) != (told["identity"], told["kind"]):
            raise BackupFault(
                f"{home.path} is another installation than the one in the backup; name an empty folder with "
                "REDRESS_HOME, or empty this one."
            )
    if told["kind"] == "demonstration":
        environment.refuse_in_demonstration(settings)
    if not home.is_made():
        home.make()
        homes.write_once(home.mark, b"".join(opened.pieces(home.mark.name)))


def _take_keys(
    settings: Environment,
    manifest: dict[str, Any],
    *,
    keys: Path | None,
    without_keys: bool,
    backup_key: bytes | None,
) -> None:
    """Make sure that there are the keys that the backup was made with, in the folder or by settings."""
    home = settings.home
    home.make()
    if keys is not None:
        _unpack(settings, keys, manifest["keys"], backup_key)
    if without_keys:
        for name in manifest["keys"]:
            if name != secret_keys.SEAL.file and not (home.keys / name).exists():
                homes.write_once(home.keys / name, secret_keys.new())
        return
    mine = backup.key_digests(settings)
    for name, told in manifest["keys"].items():
        if mine.get(name) != told:
            what = "is missing" if name not in mine else "is another one"
            raise BackupFault(
                f"The key {name} {what} in {home.keys}; give the keys that were kept apart (--keys FILE), "
                "or go on without them (--without-keys): second factors must then be set up again."
            )


def _unpack(settings: Environment, keys: Path, told: dict[str, str], backup_key: bytes | None) -> None:
    """Put the keys of a file in place, when they are those of the backup: wrong ones must not replace good ones."""
    home = settings.home
    try:
        found = json.loads(_content(settings, keys, backup_key))
        contents = {name: base64.b64decode(text) for name, text in found["keys"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupFault(f"{keys} is not a file of keys that “redress backup DIR --keys FILE” made.") from None
    for name, expected in told.items():
        if name not in contents or backup.key_digest(contents[name]) != expected:
            raise BackupFault(f"The key {name} in {keys} is not the one of this backup; nothing was changed.")
    for name in told:
        homes.write_whole(home.keys / name, contents[name])
    home.keys.chmod(homes.PRIVATE_FOLDER)
    if found.get("demonstration") and not home.demonstration.exists():
        homes.write_once(home.demonstration, found["demonstration"].encode())


def _content(settings: Environment, keys: Path, backup_key: bytes | None) -> bytes:
    """Read a file of keys, encrypted or not. Raises BackupFault."""
    if not encrypting.is_encrypted(keys):
        return keys.read_bytes()
    candidates = [backup_key] if backup_key is not None else list(_backup_keys(settings, None))
    for one in candidates:
        try:
            return b"".join(encrypting.read(keys, one, about=backup.OF_KEYS))
        except encrypting.CantDecrypt:
            continue
    raise BackupFault(f"{keys} is encrypted with another backup key than the one given (--backup-key FILE).")


def _check_server(settings: Environment, manifest: dict[str, Any]) -> None:
    with psycopg.connect(**database.arguments(database.owner_settings(settings))) as owner:
        major = owner.info.server_version // 10000
    if major < manifest["postgres"]:
        raise BackupFault(
            f"The backup was made from PostgreSQL {manifest['postgres']}, and this server is {major}; "
            "restore it into the same or a newer one."
        )


def _put_back_files(home: Home, opened: Opened, manifest: dict[str, Any]) -> int:
    count = 0
    for name, told in manifest["files"].items():
        if name in (DUMP, home.mark.name):
            continue
        target = home.path / name
        if not (target.is_file() and backup.digest(target) == told["sha256"]):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened.put(name, target)
        count += 1
    return count
