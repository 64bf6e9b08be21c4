"""What text do these bytes hold, whatever the sender called them?

Senders name character sets that do not exist, name the wrong one, or none. This never raises and never
leaves a NUL character or a lone surrogate in what it gives.

Example: ``decode(b"caf\\xe9", "us-ascii")`` is ``Decoded("café", guessed=True, ...)``.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# Names seen in the wild that Python does not know, or that are always meant as their superset.
_MEANT = {
    "": "us-ascii",
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
    "windows-874": "cp874",
}

# Codecs that turn bytes into text by running a small language or a compression: never for a stranger's bytes.
_NOT_CHARSETS = {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, whether its character set had to be guessed, and whether some bytes made no sense."""

    text: str
    guessed: bool = False
    damaged: bool = False


def decode(data: bytes, charset: str = "") -> Decoded:
    """Turn bytes into text by the charset named, else UTF-8, else Windows-1252; never raises."""
    named = _codec(charset)
    if named is None or (named == "cp1252" and _is_utf8(data)):
        # What is UTF-8 by accident in another character set is so rarely written that the sender's word is wrong.
        return _guess(data)
    try:
        return Decoded(data.decode(named))
    except (UnicodeError, ValueError, LookupError):
        if named in ("ascii", "cp1252"):
            return _guess(data)
    try:
        return Decoded(data.decode(named, "replace"), damaged=True)
    except (UnicodeError, ValueError, LookupError):
        return _guess(data)


def _codec(charset: str) -> str | None:
    name = charset.strip().strip("\"'").casefold()
    name = _MEANT.get(name, name)
    if not name.isascii() or len(name) > 40:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, TypeError):
        return None
    is_text = bool(getattr(info, "_is_text_encoding", False))
    if not is_text or info.name.replace("-", "_") in _NOT_CHARSETS:
        return None
    return info.name


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), guessed=not data.isascii())
    except UnicodeDecodeError:
        pass
    try:
        return Decoded(data.decode("cp1252"), guessed=True)
    except UnicodeDecodeError:
        return Decoded(data.decode("cp1252", "replace"), guessed=True, damaged=True)
