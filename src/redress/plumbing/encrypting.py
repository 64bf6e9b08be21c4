"""How are bytes of any length encrypted into a file that can't be read, altered, cut short or swapped for another?

AES-256-GCM in pieces of a mebibyte. Each file has a key of its own, drawn by HKDF from the key, a salt and what the
file is for; each piece is numbered and the last one marked, so that pieces can't be left out, moved or added::

    with file.open("wb") as out:
        writer = Writer(out, key, about="database.dump")
        writer.write(b"…")
        writer.close()
    for piece in read(file, key, about="database.dump"): …
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"redress encrypted 1\n"
PIECE = 1 << 20
_SALT, _TAG = 32, 16


class CantDecrypt(Exception):
    """The file was not encrypted with this key for this use, or it was altered or cut short."""


def fingerprint(key: bytes) -> str:
    """Return a name by which a key can be told from another; it gives nothing of it away."""
    return hashlib.sha256(b"redress encryption key\n" + key).hexdigest()[:16]


def is_encrypted(file: Path) -> bool:
    """Tell whether a file begins as one that was encrypted here."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


class Writer:
    """Encrypts what is written to it into an open file; without ``close`` the file can't be read again."""

    def __init__(self, out: BinaryIO, key: bytes, *, about: str) -> None:
        salt = os.urandom(_SALT)
        self._out, self._cipher = out, _cipher(key, salt, about)
        self._held, self._number = bytearray(), 0
        out.write(MAGIC + salt)

    def write(self, content: bytes) -> None:
        """Take more of the content."""
        self._held += content
        while len(self._held) > PIECE:  # one byte at least is held back: the last piece is marked
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]

    def close(self) -> None:
        """Write the last piece; the file itself stays open."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


def read(file: Path, key: bytes, *, about: str) -> Iterator[bytes]:
    """Decrypt a file piece by piece. Raises ``CantDecrypt``; what was given before that must then be thrown away."""
    with file.open("rb") as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            raise CantDecrypt(f"{file.name} was not encrypted by Redress.")
        cipher = _cipher(key, opened.read(_SALT), about)
        number, piece = 0, opened.read(PIECE + _TAG)
        while True:
            following = opened.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, last=not following), piece, None)
            except InvalidTag:
                raise CantDecrypt(f"{file.name} was encrypted with another key, or was altered or cut short.") from None
            if not following:
                return
            number, piece = number + 1, following


def _cipher(key: bytes, salt: bytes, about: str) -> AESGCM:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"redress " + about.encode()).derive(key)
    return AESGCM(drawn)


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QI", number, 1 if last else 0)
