"""Which messages lie in these files and folders?

Takes what a council can hand over: single messages (``.eml`` or any name), Outlook's ``.msg``, mbox files, Maildir
folders, and folders of all of these. Every regular file gives at least one item, also one that is no message at all,
so that nothing is passed over in silence.

Example: ``for item in walk([Path("old-mailbox")]): print(item.file, item.parsed.kind)``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from redress.plumbing.mail import headers
from redress.plumbing.mail.message import ParsedMessage
from redress.plumbing.mail.parse import parse, unreadable

# Past this no message is read at all: a disk image put into the folder by mistake must not fill the memory.
SIZE_LIMIT = 150 * 1024 * 1024

_FROM_LINE = re.compile(rb"From [^\r\n]{1,500}?\d\d:\d\d[^\r\n]{0,200}(?:\r\n|\n|\r|\Z)")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One message, or one file that is none.

    ``index`` counts the messages of an mbox from 1 and is None for a file that is one message. ``raw`` are the bytes to
    keep; they are empty when the file could not be read from the disk, is empty or is over the limit. ``reason`` says
    in a sentence why a file is unreadable, "" for a message.
    """

    file: Path
    index: int | None
    raw: bytes
    parsed: ParsedMessage
    reason: str

    @property
    def readable(self) -> bool:
        """Whether it is a message."""
        return self.parsed.kind == "message"


def walk(paths: Iterable[Path]) -> Iterator[SourceItem]:
    """Give every message in files and folders, in the order of their names; raises FileNotFoundError for a bad path."""
    for path in paths:
        if path.is_dir():
            for file in _files(path):
                yield from _items(file)
        elif path.exists():
            yield from _items(path)
        else:
            raise FileNotFoundError(f"There is no file or folder {path}.")


def _files(folder: Path) -> Iterator[Path]:
    """List regular files below a folder; links are not followed, so no loop and nothing outside of it."""
    for entry in sorted(os.scandir(folder), key=lambda one: os.fsencode(one.name)):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            # A Maildir's tmp holds messages still being written.
            if not (entry.name == "tmp" and _is_maildir(folder)):
                yield from _files(path)
        elif entry.is_file(follow_symlinks=False):
            yield path


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in ("cur", "new", "tmp"))


def _items(file: Path) -> Iterator[SourceItem]:
    try:
        if _looks_like_mbox(file):
            yield from _mbox(file)
            return
        size = file.stat().st_size
        if size > SIZE_LIMIT:
            yield _none(file, f"The file is larger than {SIZE_LIMIT // (1024 * 1024)} MB, which no e-mail is.")
            return
        raw = file.read_bytes()
    except OSError as problem:
        yield _none(file, f"The file can't be read: {problem.strerror or 'unknown reason'}.")
        return
    yield _item(file, None, raw)


def _item(file: Path, index: int | None, raw: bytes) -> SourceItem:
    parsed = parse(raw)
    return SourceItem(file, index, raw, parsed, parsed.faults[0] if parsed.kind == "unreadable" else "")


def _none(file: Path, reason: str) -> SourceItem:
    return SourceItem(file, None, b"", unreadable(b"", reason), reason)


def _looks_like_mbox(file: Path) -> bool:
    """An mbox begins with a "From " line that has a time in it, and a header follows."""
    with file.open("rb") as opened:
        start = opened.read(1_000)
    match = _FROM_LINE.match(start)
    return bool(match) and _begins_head(start[match.end() :] if match else b"")


def _begins_head(rest: bytes) -> bool:
    line = re.split(rb"[\r\n]", rest, maxsplit=1)[0]
    return headers.field_of(line) is not None


def _mbox(file: Path) -> Iterator[SourceItem]:
    """Cut an mbox at its "From " lines, one message in memory at a time; a separator follows a blank line."""
    index, size, lines, blank = 0, 0, list[bytes](), True
    with file.open("rb") as opened:
        waiting = b""
        while True:
            line = waiting or opened.readline(1024 * 1024)
            waiting = b""
            if line.startswith(b"From ") and blank and _FROM_LINE.fullmatch(line):
                after = opened.readline(1024 * 1024)
                waiting = after
                if _begins_head(after) or not after:
                    if lines:
                        index += 1
                        yield _mbox_item(file, index, lines, size)
                    lines, size, blank = [], 0, False
                    if not after:
                        break
                    continue
            elif not line:
                break
            blank = not line.strip()
            size += len(line)
            if size <= SIZE_LIMIT:
                lines.append(line)
    if lines:
        yield _mbox_item(file, index + 1, lines, size)


def _mbox_item(file: Path, index: int, lines: list[bytes], size: int) -> SourceItem:
    if size > SIZE_LIMIT:
        reason = f"Message {index} of this mailbox file is larger than {SIZE_LIMIT // (1024 * 1024)} MB."
        return SourceItem(file, index, b"", unreadable(b"", reason), reason)
    raw = b"".join(lines)
    for blank in (b"\r\n", b"\n"):
        if raw.endswith(blank + blank):
            raw = raw.removesuffix(blank)  # the blank line before the next separator is the mbox's own
            break
    return _item(file, index, _ESCAPED.sub(rb"\1", raw))
