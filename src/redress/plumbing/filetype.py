"""Is this file what its name says, and may it be taken? By its content, never by what the sender claims.

A file is taken when its ending is on the list below and its first bytes agree with that ending. One that is not taken
from a portal's form may still arrive by e-mail: then it is kept, and marked with the reason.

>>> judge("letter.pdf", b"MZ\\x90\\x00").why
'letter.pdf is a program, though its name ends in .pdf. It was not opened.'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import puremagic

from redress.plumbing import text

MB = 1 << 20
MAX_FILE = 25 * MB
MAX_FILES = 10
MAX_MESSAGE = 60 * MB

FILE_LIMIT_SENTENCE = "Each file can be up to 25 MB."
COUNT_LIMIT_SENTENCE = "You can add up to 10 files at a time."
MESSAGE_LIMIT_SENTENCE = (
    "A message can be up to 60 MB. What is larger is kept as it came, and its attachments are not taken out."
)

_MAX_NAME = 120
_HEAD = 8192


class NotAccepted(Exception):
    """A file can't be taken; ``sentence`` says why and what would do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Verdict:
    """What a file is. ``ok``: may be taken. ``content_type``: what it is served as. ``why``: why not, "" when ok.
    ``shown_name``: safe to show and to offer as a download's name. ``known``: its ending is on the list."""

    ok: bool
    content_type: str
    why: str
    shown_name: str
    known: bool


Agrees = Callable[[bytes], bool]


def _starts(*signatures: bytes) -> Agrees:
    return lambda data: data.startswith(signatures)


def _pdf(data: bytes) -> bool:
    # Readers allow some bytes before the mark, and scanners' software writes them.
    return b"%PDF-" in data[:1024]


def _package(folder: bytes) -> Agrees:
    """Office files are ZIP archives that hold a folder of a known name. One with macros is not agreed to: a document
    that runs programs has an ending of its own (.docm, .xlsm)."""
    return lambda data: data.startswith(b"PK\x03\x04") and folder in data and b"vbaProject.bin" not in data


def _open_document(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and b"application/vnd.oasis.opendocument.text" in data[:200]


def _riff(kind: bytes) -> Agrees:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == kind


def _brand(*brands: bytes) -> Agrees:
    return lambda data: data[4:8] == b"ftyp" and (data[8:12] in brands or any(b in data[16:64] for b in brands))


_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MP4 = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"3gp4",
    b"3gp5",
    b"dash",
    b"MSNV",
)


def _movie(data: bytes) -> bool:
    return _brand(b"qt  ", *_MP4)(data) or data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _mp3(data: bytes) -> bool:
    return data.startswith(b"ID3") or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2)


def _plain(data: bytes) -> bool:
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in head and not head.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf"))


def _email(data: bytes) -> bool:
    return _plain(data) and re.search(rb"(?m)^[A-Za-z][A-Za-z0-9-]*:", data[:_HEAD]) is not None


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument."

# Ending: what it is served as, and whether the first bytes agree.
KINDS: dict[str, tuple[str, Agrees]] = {
    "pdf": ("application/pdf", _pdf),
    "docx": (_OFFICE + "wordprocessingml.document", _package(b"word/")),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", _package(b"xl/")),
    "odt": ("application/vnd.oasis.opendocument.text", _open_document),
    "rtf": ("application/rtf", _starts(b"{\\rtf")),
    "txt": ("text/plain", _plain),
    "csv": ("text/csv", _plain),
    "eml": ("message/rfc822", _email),
    "msg": ("application/vnd.ms-outlook", _starts(_OLE)),
    "jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "gif": ("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "tif": ("image/tiff", _starts(b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", _starts(b"II*\x00", b"MM\x00*")),
    "webp": ("image/webp", _riff(b"WEBP")),
    "heic": ("image/heic", _brand(*_HEIC)),
    "mp3": ("audio/mpeg", _mp3),
    "m4a": ("audio/mp4", _brand(b"M4A ", b"M4B ", *_MP4)),
    "wav": ("audio/wav", _riff(b"WAVE")),
    "mp4": ("video/mp4", _brand(*_MP4)),
    "mov": ("video/quicktime", _movie),
}

ALLOWED_SENTENCE = (
    "You can add PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), text, e-mail (.eml, .msg), "
    "pictures (.jpg, .png, .heic, .gif, .tif, .webp), sound (.mp3, .m4a, .wav) and video (.mp4, .mov)."
)

# Programs, by the first bytes: Windows, Linux, macOS (four byte orders and the universal form), Java, shortcuts.
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)

# Every uploaded file is served with these: as a download that no browser looks into, and that runs nothing.
SERVE_HEADERS: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def judge(name: str, data: bytes) -> Verdict:
    """Judge a file by its name and its bytes (all of them for Office files, whose contents are looked for)."""
    shown = safe_name(name)
    ending = _ending(shown)
    if _is_program(data):
        though = f", though its name ends in .{ending}" if ending in KINDS else ""
        return _refused(shown, f"{shown} is a program{though}. It was not opened.", ending in KINDS)
    if ending not in KINDS:
        what = f"Files that end in .{ending} can't be taken." if ending else "A file without an ending can't be taken."
        return _refused(shown, f"{what} {ALLOWED_SENTENCE}", known=False)
    content_type, agrees = KINDS[ending]
    if not data:
        return _refused(shown, f"{shown} is empty. Choose the file again.", known=True)
    if not agrees(data):
        return _refused(shown, _mismatch(shown, ending, data), known=True)
    return Verdict(True, content_type, "", shown, True)


def check_upload(name: str, size: int, data: bytes) -> Verdict:
    """Judge a file that somebody adds on a form; raises NotAccepted with a sentence when it can't be taken."""
    if size > MAX_FILE:
        raise NotAccepted(f"{safe_name(name)} is too large. {FILE_LIMIT_SENTENCE}")
    verdict = judge(name, data)
    if not verdict.ok:
        raise NotAccepted(verdict.why)
    return verdict


def check_count(count: int) -> None:
    """Refuse more files at a time than the limit; raises NotAccepted."""
    if count > MAX_FILES:
        raise NotAccepted(f"You added {count} files. {COUNT_LIMIT_SENTENCE} Add the others afterwards.")


def safe_name(name: str) -> str:
    """Make a file's name safe to show and to offer: no folders, controls or turning characters, 120 at most.

    Turning characters are dropped because they hide an ending ("gpj.exe" read as "exe.jpg").
    """
    bare = text.without_turning(text.one_line(name.replace("\\", "/").rsplit("/", 1)[-1]))
    visible = "".join(c for c in bare if unicodedata.category(c) not in ("Cf", "Co", "Cn"))
    cleaned = re.sub(r'[<>:"|?*]', "_", visible).strip(" .")
    if not cleaned:
        return "file without a name"
    if len(cleaned) <= _MAX_NAME:
        return cleaned
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 10:
        return cleaned[:_MAX_NAME]
    return stem[: _MAX_NAME - len(ending) - 1] + "." + ending


def content_disposition(name: str) -> str:
    """Write the header that makes a browser save a file under its name, accents and all (RFC 6266)."""
    shown = safe_name(name)
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", text.readable(shown)) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem and len(ending) <= 10 else ""


def _is_program(data: bytes) -> bool:
    return data.startswith(_PROGRAMS)


def _refused(shown: str, why: str, known: bool) -> Verdict:
    return Verdict(False, "application/octet-stream", why, shown, known)


def _mismatch(shown: str, ending: str, data: bytes) -> str:
    if ending in ("docx", "xlsx") and b"vbaProject.bin" in data:
        return f"{shown} holds macros (small programs), so it can't be taken. Save it without macros, or as a PDF."
    really = _really(data)
    seems = f" It seems to be {really}." if really else ""
    advice = "Save it again, or send it another way."
    return f"{shown} is not what its name says: what is in it is not .{ending}.{seems} {advice}"


def _really(data: bytes) -> str:
    """Name what the bytes look like, as an ending, or "" when nothing is sure enough."""
    try:
        found = puremagic.magic_string(data[: 1 << 16])
    except (puremagic.PureError, ValueError):
        return ""
    best = next((match for match in found if match.confidence >= 0.5 and match.extension), None)
    return f"a {best.extension} file" if best is not None else ""
