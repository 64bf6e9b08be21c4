"""Does every file and folder give its messages, and none twice or not at all?"""

from __future__ import annotations

import io
from email.message import EmailMessage
from pathlib import Path

import pytest

from plumbing import mail_examples as examples
from redress.plumbing.mail import outlook, sources
from redress.plumbing.mail.parse import parse


def lay(folder: Path, name: str, raw: bytes) -> Path:
    """Write a file, with its folders."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def listing(*paths: Path) -> list[tuple[str, int | None, str]]:
    """Give name, number and subject of everything that is found."""
    return [(item.file.name, item.index, item.parsed.subject) for item in sources.walk(paths)]


def subject(word: str) -> bytes:
    """Give a message with this subject."""
    return examples.PLAIN.replace(b"Missed bins", word.encode())


def test_a_folder_is_read_whole_in_order_and_every_file_gives_one_item(tmp_path: Path) -> None:
    lay(tmp_path, "b.eml", subject("second"))
    lay(tmp_path, "a.txt", subject("first"))
    lay(tmp_path, "inner/deep/c", subject("third"))
    lay(tmp_path, "README.md", b"# About\n\nThese are not e-mails.\n")
    lay(tmp_path, "empty.eml", b"")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    assert listing(tmp_path) == [
        ("README.md", None, ""), ("a.txt", None, "first"), ("b.eml", None, "second"), ("empty.eml", None, ""),
        ("c", None, "third"),
    ]  # fmt: skip
    readme = next(item for item in sources.walk([tmp_path]) if item.file.name == "README.md")
    assert not readme.readable
    assert readme.reason
    assert readme.raw == b"# About\n\nThese are not e-mails.\n"
    assert readme.parsed.text == "# About\n\nThese are not e-mails."


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="There is no file or folder"):
        list(sources.walk([tmp_path / "nothing"]))


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["unix", "windows"])
def test_an_mbox_gives_each_message_unescaped(tmp_path: Path, ends: bytes) -> None:
    body = b"Dear council,\n\n>From the start it was late.\n>>From quoted\nFrom here on it is fine.\n\nDev\n"
    one = examples.PLAIN.replace(b"\r\n", b"\n").replace(b"The bins were missed again.\n\nDev\n", body)
    two = subject("two").replace(b"\r\n", b"\n")
    box = (
        b"From dev@example.org Mon Nov 23 09:15:00 2026\n%s\nFrom dev@example.org Mon Nov 23 09:16:00 2026 +0000\n%s\n"
    )
    path = lay(tmp_path, "old.mbox", (box % (one, two)).replace(b"\n", ends))
    found = list(sources.walk([path]))
    assert [(item.index, item.parsed.subject) for item in found] == [(1, "Missed bins"), (2, "two")]
    assert "\nFrom the start it was late.\n>From quoted\nFrom here on it is fine.\n" in found[0].parsed.text
    assert found[1].raw == two.replace(b"\n", ends)
    alone = parse(one.replace(b">From", b"From").replace(b">>", b">"))
    assert found[0].parsed.identity == alone.identity


def test_one_message_with_a_from_line_above_it_is_read(tmp_path: Path) -> None:
    path = lay(tmp_path, "one", b"From dev@example.org Mon Nov 23 09:15:00 2026\n" + examples.PLAIN)
    assert listing(path) == [("one", 1, "Missed bins")]


def test_a_letter_that_begins_with_from_is_no_mbox(tmp_path: Path) -> None:
    path = lay(tmp_path, "letter.txt", b"From me to you at 10:15 today\n\nHello\n")
    (item,) = sources.walk([path])
    assert item.index is None
    assert not item.readable


def test_a_maildir_is_read_without_what_is_still_being_written(tmp_path: Path) -> None:
    lay(tmp_path, "box/cur/1.host:2,S", subject("read"))
    lay(tmp_path, "box/new/2.host", subject("unread"))
    lay(tmp_path, "box/tmp/3.host", subject("half")[:40])
    lay(tmp_path, "box/.Sent/new/4.host", subject("sent"))
    assert [one[2] for one in listing(tmp_path)] == ["sent", "read", "unread"]
    lay(tmp_path, "papers/tmp/5.eml", subject("in a folder called tmp"))
    assert [one[2] for one in listing(tmp_path / "papers")] == ["in a folder called tmp"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "a.eml", examples.PLAIN)

    def refuse(self: Path, *args: object, **more: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (item,) = sources.walk([tmp_path])
    assert item.reason == "The file can't be read: Permission denied."
    assert item.parsed.kind == "unreadable"


def test_a_file_larger_than_any_mail_is_told(tmp_path: Path) -> None:
    with (tmp_path / "disk.img").open("wb") as file:
        file.truncate(sources.SIZE_LIMIT + 1)
    (item,) = sources.walk([tmp_path])
    assert item.reason == "The file is larger than 150 MB, which no e-mail is."


def test_a_damaged_outlook_file_is_kept_and_told(tmp_path: Path) -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000
    (item,) = sources.walk([lay(tmp_path, "saved.msg", raw)])
    assert item.raw == raw
    assert item.reason == "This Outlook file can't be opened: it is damaged, or no message. It is kept."
    with pytest.raises(outlook.CannotOpen):
        outlook.open_message(raw)


def test_a_message_without_header_in_a_folder_is_one_item(tmp_path: Path) -> None:
    lay(tmp_path, "x.eml", examples.NO_HEADERS)
    (item,) = sources.walk([tmp_path])
    assert item.parsed.kind == "unreadable"
    assert "I want to complain" in item.parsed.text


def test_what_the_standard_library_writes_is_read_the_same() -> None:
    message = EmailMessage()
    message["From"] = "Siân O'Néill <sian@example.org>"
    message["Subject"] = "Ärger mit der Müllabfuhr " * 5
    message.set_content("Grüße\n")
    message.add_attachment("a,b\n", subtype="csv", filename="Übersicht für 2026 und die Jahre davor.csv")
    read = parse(message.as_bytes())
    assert read.from_name == "Siân O'Néill"
    assert read.subject == ("Ärger mit der Müllabfuhr " * 5).strip()
    assert read.text == "Grüße"
    assert read.attachments[0].name == "Übersicht für 2026 und die Jahre davor.csv"
    assert read.attachments[0].data == b"a,b\n"
