"""Where do the bytes of a document lie, and are they still the bytes that were put there?

Each council's bytes are its own: ``<root>/<council>/<aa>/<sha256>``. A file is named after its SHA-256, is never
overwritten and never changed. The protocol of the two stores is: bytes first (temporary file, fsync, rename, fsync of
the folder), then the row that refers to them commits. A process that dies in between leaves a file that nothing refers
to, and the nightly sweep takes it away after a day; a file that is referred to and is missing or altered is an alarm.

>>> store = FileStore(Path("data/store"))                             # doctest: +SKIP
>>> kept = store.put("northmere", b"the letter")                      # doctest: +SKIP
>>> store.read("northmere", kept.sha256)                              # doctest: +SKIP
b'the letter'
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

_COUNCIL_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = ".arriving-"
_LOCK = ".lock"
_CHUNK = 1 << 20

# As file managers count: a limit "25 MB" then accepts what the person's own computer calls 25 MB.
_KILO = 1 << 10
_MEGA = 1 << 20


class Missing(Exception):
    """A file that a record refers to is not in the store."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.sentence = (
            "This file is missing from the document store. Tell the people who keep the system: it is an alarm."
        )
        super().__init__(f"{reference.council}/{reference.sha256} is missing")


class Altered(Exception):
    """A file in the store is no longer the bytes that were put there."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.sentence = "This file is not the one that was stored. Tell the people who keep the system: it is an alarm."
        super().__init__(f"{reference.council}/{reference.sha256} was altered")


class TooLarge(Exception):
    """More bytes came than the limit allows; nothing was stored."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sentence = f"This file is too large: the limit is {said_size(limit)}."
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Stored:
    """The name under which bytes were stored, and how many there are."""

    sha256: str
    size: int


@dataclass(frozen=True, order=True)
class Reference:
    """A file as a record refers to it; ``size`` in bytes where the record knows it."""

    council: str
    sha256: str
    size: int | None = None


@dataclass(frozen=True)
class Checked:
    """What a check of references found; ``well`` when nothing is missing or altered."""

    looked_at: int
    missing: tuple[Reference, ...]
    altered: tuple[Reference, ...]

    @property
    def well(self) -> bool:
        return not self.missing and not self.altered


@dataclass(frozen=True)
class Swept:
    """What a sweep took away: files nothing refers to, and half-arrived temporary files; and how many files stay."""

    removed: tuple[Reference, ...]
    temporary: int
    kept: int


class FileStore:
    """Keep bytes in a folder of this machine. An object store can follow with the same methods."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, council_code: str, data: bytes | Iterable[bytes], *, limit: int | None = None) -> Stored:
        """Store bytes for good and answer their SHA-256 and size; the same bytes again answer the same.

        ``limit`` in bytes; raises TooLarge as soon as it is passed, and then keeps nothing. A file of that name which
        is found altered is not overwritten: raises Altered.
        """
        house = self._council_folder(council_code)
        _make_folder(house)
        descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=house)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                stored = _write(file, data, limit)
                file.flush()
                os.fsync(file.fileno())
            self._settle(council_code, temporary, stored)
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def _settle(self, council_code: str, temporary: Path, stored: Stored) -> None:
        final = self.path(council_code, stored.sha256)
        _make_folder(final.parent)
        os.chmod(temporary, 0o440)
        reference = Reference(council_code, stored.sha256, stored.size)
        with self._locked():
            stood = final.exists()
            if stood:
                # It is wanted again: its age starts anew, so that the sweep leaves it for the row that is to come.
                os.utime(final)
            else:
                temporary.rename(final)
        _fsync_folder(final.parent)
        if stood and self._differs(final, reference):
            raise Altered(reference)

    def open(self, council_code: str, sha256: str, *, verify: bool = False) -> BinaryIO:
        """Open stored bytes for reading; with ``verify`` the digest is checked first. Raises Missing or Altered."""
        path = self.path(council_code, sha256)
        reference = Reference(council_code, sha256)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise Missing(reference) from None
        if verify:
            if _digest_of(file) != sha256:
                file.close()
                raise Altered(reference)
            file.seek(0)
        return file

    def read(self, council_code: str, sha256: str, *, verify: bool = True) -> bytes:
        """Read stored bytes whole, their digest checked unless told otherwise. Raises Missing or Altered."""
        with self.open(council_code, sha256) as file:
            data = file.read()
        if verify and hashlib.sha256(data).hexdigest() != sha256:
            raise Altered(Reference(council_code, sha256))
        return data

    def exists(self, council_code: str, sha256: str) -> bool:
        """Answer whether a file of that name is stored for that council; its bytes are not looked at."""
        return self.path(council_code, sha256).is_file()

    def size(self, council_code: str, sha256: str) -> int:
        """Answer how many bytes a stored file has. Raises Missing."""
        try:
            return self.path(council_code, sha256).stat().st_size
        except FileNotFoundError:
            raise Missing(Reference(council_code, sha256)) from None

    def path(self, council_code: str, sha256: str) -> Path:
        """Answer where a file lies, stored or not. Raises ValueError for a name that is none."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {sha256[:80]!r}")
        return self._council_folder(council_code) / sha256[:2] / sha256

    def every(self) -> Iterator[Reference]:
        """Yield every stored file in a fixed order, with its size; for backup and for the sweep."""
        for house in _folders(self.root):
            for shelf in _folders(house):
                for file in sorted(shelf.iterdir()):
                    if _SHA256.fullmatch(file.name):
                        yield Reference(house.name, file.name, file.stat().st_size)

    def check(self, references: Iterable[Reference]) -> Checked:
        """Read every file referred to and name those that are missing or altered."""
        looked_at = 0
        missing: list[Reference] = []
        altered: list[Reference] = []
        for reference in references:
            looked_at += 1
            path = self.path(reference.council, reference.sha256)
            if not path.is_file():
                missing.append(reference)
            elif self._differs(path, reference):
                altered.append(reference)
        return Checked(looked_at, tuple(missing), tuple(altered))

    def _differs(self, path: Path, reference: Reference) -> bool:
        if reference.size is not None and path.stat().st_size != reference.size:
            return True
        return self._digest(path) != reference.sha256

    def sweep_unreferenced(
        self,
        referenced: Callable[[str, str], bool],
        *,
        now: datetime,
        older_than: timedelta = timedelta(days=1),
    ) -> Swept:
        """Remove files that nothing refers to and half-arrived ones, if older than a day; young ones stay.

        ``referenced(council_code, sha256)`` is asked last, straight before a file goes, so that a row which committed
        during the sweep keeps its file.
        """
        before = (now - older_than).timestamp()
        removed: list[Reference] = []
        kept = 0
        for reference in self.every():
            path = self.path(reference.council, reference.sha256)
            if path.stat().st_mtime >= before or referenced(reference.council, reference.sha256):
                kept += 1
                continue
            with self._locked():
                # Looked at again under the lock: the same bytes may have been put a moment ago.
                if path.stat().st_mtime >= before:
                    kept += 1
                    continue
                path.unlink()
            removed.append(reference)
        return Swept(tuple(removed), self._sweep_temporary(before), kept)

    def _sweep_temporary(self, before: float) -> int:
        gone = 0
        for house in _folders(self.root):
            for file in house.glob(f"{_TEMPORARY}*"):
                if file.stat().st_mtime < before:
                    file.unlink(missing_ok=True)
                    gone += 1
        return gone

    def _council_folder(self, council_code: str) -> Path:
        if not _COUNCIL_CODE.fullmatch(council_code):
            raise ValueError(f"not a council's code: {council_code[:80]!r}")
        return self.root / council_code

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Between writers and the sweep only; held for a rename or an unlink, never while bytes are written.
        _make_folder(self.root)
        with (self.root / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _digest(path: Path) -> str:
        with path.open("rb") as file:
            return _digest_of(file)


def said_size(size: int) -> str:
    """Say a number of bytes as people read it: "820 KB", "25 MB", "1.4 MB"."""
    if size < _KILO:
        return f"{size} bytes"
    if size < _MEGA:
        return f"{round(size / _KILO)} KB"
    return f"{size / _MEGA:.1f}".removesuffix(".0") + " MB"


def _write(file: BinaryIO, data: bytes | Iterable[bytes], limit: int | None) -> Stored:
    digest = hashlib.sha256()
    size = 0
    for chunk in [data] if isinstance(data, bytes) else data:
        size += len(chunk)
        if limit is not None and size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        file.write(chunk)
    return Stored(digest.hexdigest(), size)


def _digest_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if entry.is_dir())


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    # Without this a power cut can lose the new folder, and with it a file whose own folder entry was safe.
    _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
