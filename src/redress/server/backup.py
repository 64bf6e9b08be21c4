"""How is an installation copied to a safe place? The database's snapshot first, then the files that it may refer to.

    redress backup DIR --keys FILE

DIR then holds `database.dump`, `store/`, `seals.jsonl`, `installation.json` and `manifest.json`, which lists every file
with its SHA-256. No key lies in it: the keys go into a file of their own, only when asked for. With a backup key, every
file but the list is encrypted, the file of keys as well, and the list carries a proof that nobody changed it.
"""

import base64
import contextlib
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from redress import __version__
from redress.plumbing import encrypting, moment
from redress.plumbing import home as homes
from redress.plumbing.home import Home
from redress.plumbing.postgres import clean_environment, programs
from redress.server import database, mark, secret_keys
from redress.server.environment import Environment

FORM = 2
DUMP = "database.dump"
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
LAST = "last-backup.json"
"""Lies in the folder of data: when the last backup was made, for `redress doctor`."""
OF_KEYS = "keys"
"""What an encrypted file of keys is for, so that it can't be taken for another file."""


class BackupFault(Exception):
    """The backup can't be made or put back; the sentence says why and what to do."""


def make(settings: Environment, folder: Path, *, keys: Path | None, say: Callable[[str], None]) -> None:
    """Copy the installation into a folder that is empty or not there yet. Raises BackupFault, MarkFault."""
    home, folder = settings.home, folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupFault(f"{folder} is not an empty folder; a backup goes into one of its own.")
    if folder.is_relative_to(home.store):
        raise BackupFault(f"{folder} lies within the documents themselves; choose another place.")
    if keys is not None and keys.absolute().is_relative_to(folder):
        raise BackupFault("The keys must not lie in the backup that they protect; name a file elsewhere.")
    lock = Lock(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Copying the database …")
    major, dumped = _dump(settings, folder / DUMP, lock)
    say("Copying the documents …")
    files = {DUMP: dumped, **_copy_files(home, folder, lock)}
    _write_manifest(settings, folder, lock, files=files, postgres=major)
    homes.write_json(
        home.path / LAST,
        {"made_at": moment.now().isoformat(), "folder": str(folder), "encrypted": lock.key is not None},
    )
    say(f"The backup is in {folder}: the database, {len(files) - 1} other files and the list of their digests.")
    for line in _about_encryption(home, lock):
        say(line)
    say("NOT in it: the keys (sessions, second factors, seals), the passwords of a demonstration, and logs.")
    if keys is None:
        say("Keep the keys apart, once: redress backup DIR --keys FILE; without them second factors can't be read.")
    else:
        homes.write_whole(keys.absolute(), lock.whole(json.dumps(read_keys(home), indent=2).encode(), OF_KEYS))
        say(f"The keys are in {keys}. Keep it safe and apart from the backup: who has both can read everything.")


class Lock:
    """Encrypts the files of one backup, when there is a backup key; else lets them be as they are."""

    def __init__(self, settings: Environment) -> None:
        found = secret_keys.find(settings, secret_keys.BACKUP)
        self.key = found.content if found is not None else None
        self.source = found.source if found is not None else ""
        self.id = str(uuid.uuid4())

    def whole(self, content: bytes, about: str) -> bytes:
        """Give a small content as it is to be written."""
        if self.key is None:
            return content
        out = io.BytesIO()
        writer = encrypting.Writer(out, self.key, about=about)
        writer.write(content)
        writer.close()
        return out.getvalue()

    def told(self) -> dict[str, str] | None:
        """Give what the list of the backup says of it."""
        return None if self.key is None else {"backup": self.id, "key": encrypting.fingerprint(self.key)}


def about(backup: str, name: str) -> str:
    """Say what an encrypted file is: this file of this backup, and no other."""
    return f"backup {backup} {name}"


def _about_encryption(home: Home, lock: Lock) -> Iterator[str]:
    if lock.key is not None:
        yield f"It is encrypted with the key in {lock.source}. Without a copy of that key elsewhere it can't be read."
    elif home.is_demonstration():
        yield "It is not encrypted; what it holds is invented."
    else:
        yield "!! NOT ENCRYPTED: whoever has this folder can read every case, letter and document in it."
        yield "!! Make a backup key, and keep a copy of it elsewhere: redress secrets rotate backup"


def _dump(settings: Environment, file: Path, lock: Lock) -> tuple[int, dict[str, Any]]:
    address = database.owner_settings(settings)
    with psycopg.connect(**database.arguments(address)) as owner:
        major = owner.info.server_version // 10000
    words = ("--format=custom", "--no-owner", "--no-privileges")
    if lock.key is None:
        run_client("pg_dump", major, address, *words, f"--file={file}")
        file.chmod(0o600)
        sync(file)
    else:
        # Never in clear on the disk of the backup, not even for a moment.
        with _private(file) as out:
            writer = encrypting.Writer(out, lock.key, about=about(lock.id, DUMP))
            run_client("pg_dump", major, address, *words, output=writer.write)
            writer.close()
    return major, {"sha256": digest(file), "size": file.stat().st_size}


@contextlib.contextmanager
def _private(file: Path) -> Iterator[BinaryIO]:
    """Open a new file that only its owner can read, flushed to the disk when it is closed."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _copy_files(home: Home, folder: Path, lock: Lock) -> dict[str, dict[str, Any]]:
    """Copy documents, seals and the mark; return the digest and size of each by its name in the backup."""
    copied = {}
    for name, source in _files(home):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        copied[name] = copy(source, target) if lock.key is None else _copy_encrypted(name, source, target, lock)
    return copied


def _copy_encrypted(name: str, source: Path, target: Path, lock: Lock) -> dict[str, Any]:
    assert lock.key is not None
    draft = target.with_name(f".{target.name}.part")
    with source.open("rb") as read, _private(draft) as out:
        writer = encrypting.Writer(out, lock.key, about=about(lock.id, name))
        while chunk := read.read(_CHUNK):
            writer.write(chunk)
        writer.close()
    draft.replace(target)
    return {"sha256": digest(target), "size": target.stat().st_size}


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.store.rglob("*")):
        # What is still arriving, and locks, begin with a dot; no row refers to them.
        if path.is_file() and not path.name.startswith("."):
            yield f"store/{path.relative_to(home.store).as_posix()}", path
    for file in (home.seals, home.seals.with_name("seal-keys.jsonl")):
        if file.exists():
            yield file.name, file
    yield home.mark.name, home.mark


def _write_manifest(
    settings: Environment, folder: Path, lock: Lock, *, files: dict[str, dict[str, Any]], postgres: int
) -> None:
    manifest = {
        "form": FORM,
        "made_at": moment.now().isoformat(),
        "redress": __version__,
        "installation": mark.read_file(settings.home),
        "postgres": postgres,
        "keys": key_digests(settings),
        "encrypted": lock.told(),
        "files": files,
    }
    if lock.key is not None:
        manifest["proof"] = proof(manifest, lock.key)
    homes.write_json(folder / MANIFEST, manifest)


def proof(manifest: dict[str, Any], key: bytes) -> str:
    """Return what shows that nobody without the key wrote or changed the list of a backup."""
    told = {name: value for name, value in manifest.items() if name != "proof"}
    return hmac.new(key, b"redress manifest\n" + json.dumps(told, sort_keys=True).encode(), hashlib.sha256).hexdigest()


# ---------------------------------------------------------------------------------------------------------------- keys


def key_digests(settings: Environment) -> dict[str, str]:
    """Return a digest of each key, which tells a restore the right ones; of random keys it gives nothing away.

    A key that a setting gives stands under the name of the file in which it would lie. Raises SecretFault.
    """
    found = ((secret, secret_keys.find(settings, secret)) for secret in secret_keys.NEEDED)
    return {secret.file: key_digest(one.content.hex().encode()) for secret, one in found if one is not None}


def key_digest(content: bytes) -> str:
    """Return the digest by which a key is told from another, with or without the end of its line."""
    return hashlib.sha256(b"redress key\n" + content.strip()).hexdigest()


def read_keys(home: Home) -> dict[str, Any]:
    """Return the keys, and a demonstration's passwords, as the content of a keys file."""
    kept = {name: base64.b64encode(content).decode() for name, content in _keys(home)}
    sign_ins = home.demonstration.read_text() if home.demonstration.exists() else None
    return {"form": FORM, "keys": kept, "demonstration": sign_ins}


def _keys(home: Home) -> Iterator[tuple[str, bytes]]:
    for secret in secret_keys.NEEDED:
        file = home.keys / secret.file
        if file.exists():
            yield file.name, file.read_bytes()


# -------------------------------------------------------------------------------------------------------------- pieces


def run_client(
    program: str,
    major: int,
    address: dict[str, Any],
    *arguments: str,
    output: Callable[[bytes], None] | None = None,
    given: Iterable[bytes] | None = None,
) -> None:
    """Run one of PostgreSQL's client programs against a server of this major version. Raises BackupFault.

    What it prints goes to ``output``, and what it reads comes from ``given``, piece by piece.
    """
    variables = {
        "PGHOST": address["HOST"],
        "PGPORT": str(address["PORT"] or ""),
        "PGUSER": address["USER"],
        "PGPASSWORD": address["PASSWORD"],
        "PGDATABASE": address["NAME"],
        **{f"PG{name.upper()}": str(value) for name, value in address.get("OPTIONS", {}).items()},
    }
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [client(program, major), *arguments],
            env={**clean_environment(), **{name: value for name, value in variables.items() if value}},
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.DEVNULL if output is None else subprocess.PIPE,
            stderr=complaints,
        )
        try:
            _pass_on(process, output, given)
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
        if status != 0:
            complaints.seek(0)
            lines = complaints.read().decode(errors="replace").splitlines()
            said = [line for line in lines if line.strip()]
            raise BackupFault(f"{program} failed: {said[0] if said else f'status {status}'}")


def _pass_on(
    process: subprocess.Popen[bytes], output: Callable[[bytes], None] | None, given: Iterable[bytes] | None
) -> None:
    """Move what a program prints, or what it is to read, until it has all of it."""
    if output is not None:
        assert process.stdout is not None
        while chunk := process.stdout.read(_CHUNK):
            output(chunk)
    if given is not None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it ended early, and says why
            for piece in given:
                process.stdin.write(piece)
            process.stdin.close()


def client(program: str, major: int) -> str:
    """Find a client program that is not older than the server: the machine's own, else the embedded one's."""
    found = shutil.which(program)
    if found is not None and major != _embedded_major():
        shown = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"\) (\d+)", shown)
        if version is not None and int(version[1]) >= major:
            return found
    if major > _embedded_major():
        raise BackupFault(f"The server is PostgreSQL {major}; install its client programs ({program} {major}).")
    return str(programs() / program)


def _embedded_major() -> int:
    from redress.plumbing.postgres import MAJOR

    return MAJOR


def copy(source: Path, target: Path) -> dict[str, Any]:
    """Copy a file whole, flushed to the disk, and return its digest and size."""
    seen, size = hashlib.sha256(), 0
    draft = target.with_name(f".{target.name}.part")
    with source.open("rb") as read, draft.open("wb") as write:
        os.fchmod(write.fileno(), 0o600)
        while chunk := read.read(_CHUNK):
            seen.update(chunk)
            size += len(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    draft.replace(target)
    return {"sha256": seen.hexdigest(), "size": size}


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def sync(file: Path) -> None:
    """Flush a file to the disk."""
    with file.open("rb") as read:
        os.fsync(read.fileno())
