"""Damaged messages without end, the same for the same seed: for `make trials` and, in small numbers, for the tests.

``for raw in mutations(seeds, count=1_000, seed=7)`` gives messages made from good ones by damage that real mail
suffers (cut off, wrong charset, lost line ends) and by damage that only malice does (NUL, boundaries, bombs).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

_CHARSETS = [
    b"utf-8", b"us-ascii", b"iso-8859-1", b"utf-16", b"utf-7", b"gb2312", b"unicode_escape", b"idna", b"hex", b"zlib",
    b"x-unknown", b"", b"\x00", b"utf-8\x00", b"cp037", b"punycode", b"undefined", b"iso-2022-jp", b"\xff\xfe",
]  # fmt: skip
_HEADERS = [
    b"Subject: =?utf-8?b?4oCu?= \xe2\x80\xaegpj.exe", b"Subject: =?x?q?=00=00?=", b"From: (((((((((((((((((((((((((",
    b"From: \"unclosed <a@b", b"From: a@b, c@d, <<<>>>,,,;;;:::", b"To: undisclosed-recipients:;",
    b"Date: 99 Foo 99999",
    b"Date: Mon, 31 Feb 2026 25:61:61 +9999", b"Date: Fri, 31 Dec 9999 23:59:59 -2359", b"Date: 1 Jan 0001 00:00 +1400",
    b"Message-ID: <<>>", b"Message-ID: " + b"x" * 3000, b"References: " + b"<a@b> " * 500, b"In-Reply-To: \x00",
    b"Content-Type: multipart/mixed", b"Content-Type: multipart/mixed; boundary=\"\"", b"Content-Type: ////;;;=;=",
    b"Content-Type: text/plain; charset*0*=utf-8''%00; charset*99999999999=x", b"Content-Type: message/rfc822",
    b"Content-Type: multipart/digest; boundary=b", b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: uu",
    b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: x-uuencode", b"Content-Type:",
    b"Content-Disposition: attachment; filename=\"../../../etc/passwd\"", b"Auto-Submitted: ", b"Return-Path: <>",
    b"Content-Disposition: attachment; filename*=utf-8''%E2%80%AE%00cod.exe", b"X: " + b"=?utf-8?q?a?= " * 200,
    b"Subject: \xed\xa0\x80 lone surrogate", b"Subject: =?utf-8?b?7aCA?=", b"Subject: =?utf-7?q?+2AA-?=",
]  # fmt: skip


def mutations(seeds: Sequence[bytes], *, count: int, seed: int = 1) -> Iterator[bytes]:
    """Give ``count`` damaged messages; the n-th depends on the seed and n alone, so that a trial can be resumed."""
    for number in range(count):
        yield mutation(seeds, seed=seed, number=number)


def mutation(seeds: Sequence[bytes], *, seed: int, number: int) -> bytes:
    """Give the n-th damaged message."""
    chance = random.Random(f"{seed}:{number}")
    raw = chance.choice(seeds)[:200_000]
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        raw = chance.choice(_DAMAGES)(raw, chance, seeds)
    return raw[:400_000]


def _bytes_changed(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(raw or b"x")
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _beheaded(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return raw[chance.randrange(len(raw) + 1) :]


def _piece_lost(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + raw[start + chance.randrange(200) :]


def _piece_doubled(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(raw) + 1)
    piece = raw[start : start + chance.randrange(400)]
    return raw[:start] + piece * chance.choice((2, 3, 50)) + raw[start:]


def _nul(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + b"\x00" * chance.choice((1, 2, 100)) + raw[start:]


def _line_ends(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    plain = raw.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n", b"\n\n", b"\r\r\n", b" ", b"\x85")))


def _other_charset(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    at = raw.lower().find(b"charset=")
    if at < 0:
        return b"Content-Type: text/plain; charset=" + chance.choice(_CHARSETS) + b"\n" + raw
    end = at + 8
    while end < len(raw) and raw[end : end + 1] not in b";\r\n ":
        end += 1
    return raw[: at + 8] + chance.choice(_CHARSETS) + raw[end:]


def _header_added(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    lines.insert(chance.randrange(min(len(lines), 30) + 1), chance.choice(_HEADERS))
    return b"\n".join(lines)


def _lines_shuffled(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    start = chance.randrange(len(lines))
    some = lines[start : start + 30]
    chance.shuffle(some)
    return b"\n".join([*lines[:start], *some, *lines[start + 30 :]])


def _wrapped(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    for level in range(chance.choice((1, 5, 30, 120))):
        if chance.random() < 0.5:
            raw = b"Content-Type: message/rfc822\n\n" + raw
        else:
            mark = b"b%d" % level
            raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=%s\n\n--%s\n%s" % (mark, mark, raw)
            raw += b"\n--%s--\n" % mark if chance.random() < 0.7 else b""
    return raw


def _joined(raw: bytes, chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


_DAMAGES: list[Callable[[bytes, random.Random, Sequence[bytes]], bytes]] = [
    _bytes_changed, _cut, _beheaded, _piece_lost, _piece_doubled, _nul, _line_ends, _other_charset, _header_added,
    _header_added, _lines_shuffled, _wrapped, _joined,
]  # fmt: skip
