"""How is an installation copied to a safe place? The database's snapshot first, then the files that it may refer to.

    redress backup DIR --keys FILE

DIR then holds `database.dump`, `store/`, `seals.jsonl`, `installation.json` and `manifest.json`, which lists every file
with its SHA-256. No secret lies in it in clear: the keys go into a file of their own, only when asked for.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from redress import __version__
from redress.plumbing import home as homes
from redress.plumbing import moment
from redress.plumbing.home import Home
from redress.plumbing.postgres import clean_environment, programs
from redress.server import database, mark
from redress.server.environment import Environment

FORM = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
# Belongs to the cluster on this machine, not to the installation: a restored one makes its own.
_OF_THE_CLUSTER = ("database.json",)


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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Copying the database …")
    major = _dump(settings, folder / DUMP)
    say("Copying the documents …")
    files = _copy_files(home, folder)
    _write_manifest(home, folder, files=files, postgres=major)
    say(f"The backup is in {folder}: the database, {len(files)} other files and the list of their digests.")
    say("NOT in it: the keys (sessions, second factors, seals), the passwords of a demonstration, and logs.")
    if keys is None:
        say("Keep the keys apart, once: redress backup DIR --keys FILE; without them second factors can't be read.")
    else:
        homes.write_json(keys.absolute(), read_keys(home))
        say(f"The keys are in {keys}. Keep it safe and apart from the backup: who has both can read everything.")


def _dump(settings: Environment, file: Path) -> int:
    address = database.owner_settings(settings)
    with psycopg.connect(**database.arguments(address)) as owner:
        major = owner.info.server_version // 10000
    run_client("pg_dump", major, address, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    file.chmod(0o600)
    sync(file)
    return major


def _copy_files(home: Home, folder: Path) -> dict[str, dict[str, Any]]:
    """Copy documents, seals and the mark; return the digest and size of each by its name in the backup."""
    copied = {}
    for name, source in _files(home):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        copied[name] = copy(source, target)
    return copied


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.store.rglob("*")):
        # What is still arriving, and locks, begin with a dot; no row refers to them.
        if path.is_file() and not path.name.startswith("."):
            yield f"store/{path.relative_to(home.store).as_posix()}", path
    if home.seals.exists():
        yield home.seals.name, home.seals
    yield home.mark.name, home.mark


def _write_manifest(home: Home, folder: Path, *, files: dict[str, dict[str, Any]], postgres: int) -> None:
    dump = folder / DUMP
    homes.write_json(
        folder / MANIFEST,
        {
            "form": FORM,
            "made_at": moment.now().isoformat(),
            "redress": __version__,
            "installation": mark.read_file(home),
            "postgres": postgres,
            "keys": key_digests(home),
            "files": {DUMP: {"sha256": digest(dump), "size": dump.stat().st_size}, **files},
        },
    )


# ---------------------------------------------------------------------------------------------------------------- keys


def key_digests(home: Home) -> dict[str, str]:
    """Return a digest of each key, which tells a restore the right ones; of random keys it gives nothing away."""
    return {name: key_digest(content) for name, content in _keys(home)}


def key_digest(content: bytes) -> str:
    """Return the digest by which a key is told from another."""
    return hashlib.sha256(b"redress key\n" + content).hexdigest()


def read_keys(home: Home) -> dict[str, Any]:
    """Return the keys, and a demonstration's passwords, as the content of a keys file."""
    kept = {name: base64.b64encode(content).decode() for name, content in _keys(home)}
    sign_ins = home.demonstration.read_text() if home.demonstration.exists() else None
    return {"form": FORM, "keys": kept, "demonstration": sign_ins}


def _keys(home: Home) -> Iterator[tuple[str, bytes]]:
    for file in sorted(home.keys.iterdir()):
        if file.is_file() and not file.name.startswith(".") and file.name not in _OF_THE_CLUSTER:
            yield file.name, file.read_bytes()


# -------------------------------------------------------------------------------------------------------------- pieces


def run_client(program: str, major: int, address: dict[str, Any], *arguments: str) -> None:
    """Run one of PostgreSQL's client programs against a server of this major version. Raises BackupFault."""
    variables = {
        "PGHOST": address["HOST"],
        "PGPORT": str(address["PORT"] or ""),
        "PGUSER": address["USER"],
        "PGPASSWORD": address["PASSWORD"],
        "PGDATABASE": address["NAME"],
        **{f"PG{name.upper()}": str(value) for name, value in address.get("OPTIONS", {}).items()},
    }
    done = subprocess.run(
        [client(program, major), *arguments],
        env={**clean_environment(), **{name: value for name, value in variables.items() if value}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise BackupFault(f"{program} failed: {said[0] if said else f'status {done.returncode}'}")


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
