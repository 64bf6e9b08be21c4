"""Words are read out of what strangers send, apart from the server, and no file takes the server with it."""

from __future__ import annotations

import io
import os
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest

from redress.plumbing import extract, limited

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _word(document: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return packed.getvalue()


def _pdf(pages: int, **save: object) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    written = io.BytesIO()
    document.save(written, **save)  # type: ignore[arg-type]
    return written.getvalue()


def test_plain_text_in_the_encodings_people_use() -> None:
    for encoded in ("Ça va £5".encode(), "Ça va £5".encode("utf-8-sig"), "Ça va £5".encode("cp1252")):
        assert extract.text_of(encoded, "text/plain") == extract.Extract("Ça va £5", None, "")
    assert extract.text_of("Ça va".encode("utf-16"), "text/plain").text == "Ça va"


def test_nul_is_left_out() -> None:
    assert extract.text_of(b"a\x00b", "text/plain").text == "ab"


def test_a_word_file() -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = _word(
        f"<w:document {ns}><w:body><w:p><w:r><w:t>My bins</w:t></w:r><w:r><w:t> were missed.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Twice</w:t><w:tab/><w:t>&amp; again.</w:t></w:r></w:p></w:body></w:document>"
    )
    assert extract.text_of(document, WORD).text == "My bins were missed.\nTwice\t& again."


def test_an_email_without_its_tags_and_scripts() -> None:
    message = EmailMessage()
    message["From"] = "eve@home.example"
    message["Subject"] = "Bins"
    message.set_content(
        "<html><head><style>p{}</style></head><p>My   bins</p><script>x()</script>were&nbsp;missed</html>",
        subtype="html",
    )
    read = extract.text_of(bytes(message), "message/rfc822").text
    assert "From: eve@home.example" in read
    assert "My bins\nwere missed" in read
    assert "x()" not in read


def test_pages_are_counted_and_a_scan_is_called_one() -> None:
    assert extract.page_count(_pdf(3)) == 3
    read = extract.text_of(_pdf(2), "application/pdf")
    assert (read.text, read.pages) == ("", 2)
    assert "may be a scan" in read.reason


def test_a_pdf_with_a_password() -> None:
    locked = _pdf(1, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert extract.text_of(locked, "application/pdf").reason == "This PDF needs a password."
    assert extract.page_count(locked) is None


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "application/pdf"),
        (b"%PDF-1.7 and nothing", "application/pdf"),
        (b"PK\x03\x04 nothing", WORD),
        (_word("<w:document><unclosed>"), WORD),
        (os.urandom(5000), WORD),
        (b"MZ", "application/x-msdownload"),
    ],
)
def test_what_can_not_be_read_gives_a_reason(data: bytes, content_type: str) -> None:
    read = extract.text_of(data, content_type)
    assert read.text == ""
    assert read.reason.endswith(".")


def test_a_damaged_email_is_still_read() -> None:
    read = extract.text_of(b"Content-Type: text/plain; charset=nonsense\r\n\r\nmy bins", "message/rfc822")
    assert "my bins" in read.text


def test_a_file_that_swells_is_refused() -> None:
    bomb = _word('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>')
    assert "definitions that no Word file has" in extract.text_of(bomb, WORD).reason


def test_a_file_that_unpacks_to_gigabytes_ends_soon() -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inside = f"<w:document {ns}><w:body><w:p><w:r><w:t>" + "a" * (300 << 20)
    before = time.monotonic()
    read = extract.text_of(_word(inside), WORD, seconds=10, memory_mb=400)
    assert read.reason
    assert time.monotonic() - before < 12


class TestLimits:
    @staticmethod
    def _script(folder: Path, source: str) -> Path:
        script = folder / "script.py"
        script.write_text(source)
        return script

    def test_what_is_read_is_answered(self, tmp_path: Path) -> None:
        script = self._script(tmp_path, "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])")
        assert limited.run(script, b"abc", seconds=10, memory_mb=256) == b"cba"

    @pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(60)"])
    def test_time(self, tmp_path: Path, source: str) -> None:
        before = time.monotonic()
        with pytest.raises(limited.TooSlow):
            limited.run(self._script(tmp_path, source), b"", seconds=0.5, memory_mb=256)
        assert time.monotonic() - before < 5

    def test_memory(self, tmp_path: Path) -> None:
        with pytest.raises(limited.Failed, match="MemoryError"):
            limited.run(self._script(tmp_path, "x = b'a' * (600 << 20)"), b"", seconds=10, memory_mb=256)

    def test_what_it_started_ends_with_it(self, tmp_path: Path) -> None:
        mark = tmp_path / "pid"
        source = (
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"open({str(mark)!r}, 'w').write(str(child.pid))\ntime.sleep(60)\n"
        )
        with pytest.raises(limited.TooSlow):
            limited.run(self._script(tmp_path, source), b"", seconds=2, memory_mb=256)
        until = time.monotonic() + 5
        while _runs(int(mark.read_text())) and time.monotonic() < until:
            time.sleep(0.05)
        assert not _runs(int(mark.read_text()))

    def test_secrets_of_the_server_are_not_handed_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://secret")
        script = self._script(tmp_path, "import os; print('DATABASE_URL' in os.environ)")
        assert limited.run(script, b"", seconds=10, memory_mb=256) == b"False\n"


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
