"""Where does an installation keep its things? One folder, REDRESS_HOME, and what lies in it.

    home.current().store    # the documents' bytes
    home.current().keys     # secrets, readable by their owner only

Example: `Home(Path("/srv/redress")).make()` makes the folders; nothing else in the program makes them.
"""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class Home:
    """The data folder of one installation."""

    path: Path

    @property
    def pg(self) -> Path:
        """The embedded database's own folder."""
        return self.path / "pg"

    @property
    def keys(self) -> Path:
        """Secrets: never in a backup, never in the database."""
        return self.path / "keys"

    @property
    def store(self) -> Path:
        """The bytes of documents and messages."""
        return self.path / "store"

    @property
    def outbox(self) -> Path:
        """A Maildir: where mail goes in a demonstration."""
        return self.path / "outbox"

    @property
    def logs(self) -> Path:
        """What the server, the worker and the database print."""
        return self.path / "logs"

    @property
    def seals(self) -> Path:
        """The trail's seals, one a line, kept outside the database on purpose."""
        return self.path / "seals.jsonl"

    @property
    def mark(self) -> Path:
        """The file that says what kind of installation this is."""
        return self.path / "installation.json"

    @property
    def demonstration(self) -> Path:
        """The sign-ins of a demonstration, readable by their owner only."""
        return self.path / "demonstration.json"

    def make_place(self) -> None:
        """Make the folder itself when it is missing, readable by its owner only."""
        if not self.path.exists():
            # Under root the database has another account, which must be able to pass; it can list nothing.
            self.path.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else PRIVATE_FOLDER)

    def make(self) -> None:
        """Make the folders that are missing, readable by their owner only."""
        self.make_place()
        for folder in (self.keys, self.store, self.outbox, self.logs):
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)

    def is_made(self) -> bool:
        """Tell whether an installation was ever made here."""
        return self.mark.exists()

    def kind(self) -> str | None:
        """Return “demonstration” or “real”, or None while no installation was made here."""
        if not self.mark.exists():
            return None
        return str(json.loads(self.mark.read_text())["kind"])

    def is_demonstration(self) -> bool:
        """Tell whether all that lies here is invented, and must never reach a real person."""
        return self.kind() == "demonstration"

    def secret(self, name: str, *, size: int = 32) -> bytes:
        """Return the secret of this name, made of `size` random bytes when it is asked for the first time."""
        file = self.keys / name
        if not file.exists():
            self.make()
            write_once(file, secrets.token_bytes(size).hex().encode())
        return bytes.fromhex(file.read_text().strip())


def current() -> Home:
    """Return the data folder of the running installation."""
    from django.conf import settings

    return Home(Path(settings.REDRESS_HOME))


def write_once(file: Path, content: bytes) -> bool:
    """Write a private file unless it is there already; tell whether it was written.

    The whole content appears at once or not at all, so that two processes starting together agree on one secret.
    """
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)
    _sync_folder(file.parent)
    return True


def write_whole(file: Path, content: bytes) -> None:
    """Write or replace a private file so that a reader sees the old content or the new, never half."""
    os.replace(_draft(file, content), file)
    _sync_folder(file.parent)


def write_json(file: Path, value: object) -> None:
    """Write a value as a private JSON file, whole or not at all."""
    write_whole(file, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def _draft(file: Path, content: bytes) -> str:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "wb") as out:
        os.fchmod(out.fileno(), PRIVATE_FILE)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
