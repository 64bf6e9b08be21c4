"""A file is what its bytes say; a name that says otherwise is told so in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from redress.plumbing import filetype


def _zip(*names: str, first: tuple[str, str] | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def _picture(kind: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(drawn, kind)
    return drawn.getvalue()


ODT = "application/vnd.oasis.opendocument.text"
GOOD = {
    "letter.pdf": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj",
    "scan.PDF": b"\n\n%PDF-1.4",
    "letter.docx": _zip("[Content_Types].xml", "word/document.xml"),
    "costs.xlsx": _zip("[Content_Types].xml", "xl/workbook.xml"),
    "letter.odt": _zip("content.xml", first=("mimetype", ODT)),
    "note.txt": "Ça va? £5".encode(),
    "note16.txt": "Ça va?".encode("utf-16"),
    "list.csv": b"a,b\n1,2\n",
    "old.rtf": b"{\\rtf1\\ansi hello}",
    "mail.eml": b"Received: from x\r\nFrom: a@b.example\r\n\r\nHello",
    "mail.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "photo.jpg": _picture("JPEG"),
    "photo.jpeg": _picture("JPEG"),
    "photo.png": _picture("PNG"),
    "photo.gif": _picture("GIF"),
    "photo.tif": _picture("TIFF"),
    "photo.webp": _picture("WEBP"),
    "photo.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "call.mp3": b"ID3\x04\0",
    "call.m4a": b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42",
    "call.wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "film.mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41",
    "film.mov": b"\0\0\0\x14ftypqt  \0\0\2\0qt  ",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_agrees_with_its_name_is_taken(name: str) -> None:
    verdict = filetype.judge(name, GOOD[name])
    assert (verdict.ok, verdict.why, verdict.known) == (True, "", True)
    assert verdict.content_type == filetype.KINDS[name.rpartition(".")[2].lower()][0]


PROGRAMS = {
    "Windows": b"MZ\x90\x00\x03",
    "Linux": b"\x7fELF\x02\x01\x01",
    "macOS": b"\xcf\xfa\xed\xfe\x07",
    "Java": b"\xca\xfe\xba\xbe\0\0",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00\x00",
}


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("ending", filetype.KINDS)
def test_a_program_is_refused_whatever_it_is_called(kind: str, ending: str) -> None:
    verdict = filetype.judge(f"invoice.{ending}", PROGRAMS[kind] + b"\0" * 100)
    assert not verdict.ok
    assert verdict.content_type == "application/octet-stream"
    assert verdict.why == f"invoice.{ending} is a program, though its name ends in .{ending}. It was not opened."


def test_a_program_that_hides_a_pdf_inside_is_a_program() -> None:
    assert not filetype.judge("letter.pdf", b"MZ" + b"\0" * 100 + b"%PDF-1.7").ok


@pytest.mark.parametrize("one", GOOD)
@pytest.mark.parametrize("other", ["pdf", "png", "docx", "mp4", "msg", "gif"])
def test_another_kind_under_that_name_is_refused(one: str, other: str) -> None:
    right = {one.rpartition(".")[2].lower(), other}
    if len(right) == 1:
        return
    verdict = filetype.judge(f"thing.{other}", GOOD[one])
    if right == {"mp4", "m4a"}:
        # The same container: sound is film without pictures, and both are only ever offered as downloads.
        return
    assert not verdict.ok
    assert f"what is in it is not .{other}" in verdict.why


def test_it_says_what_the_file_seems_to_be() -> None:
    assert "It seems to be a .png file." in filetype.judge("photo.pdf", GOOD["photo.png"]).why


def test_macros_are_refused_with_what_to_do() -> None:
    verdict = filetype.judge("letter.docx", _zip("word/document.xml", "word/vbaProject.bin"))
    assert not verdict.ok
    assert "Save it without macros" in verdict.why


@pytest.mark.parametrize(
    "name", ["setup.exe", "page.html", "drawing.svg", "bundle.zip", "letter.doc", "run.js", "x.pdf.scr"]
)
def test_an_ending_that_is_not_on_the_list_is_kept_but_marked(name: str) -> None:
    verdict = filetype.judge(name, b"whatever it is")
    assert (verdict.ok, verdict.known) == (False, False)
    assert verdict.content_type == "application/octet-stream"
    assert "can't be taken" in verdict.why
    assert filetype.ALLOWED_SENTENCE in verdict.why


def test_no_ending_and_no_bytes() -> None:
    assert "without an ending" in filetype.judge("letter", b"%PDF-1.7").why
    assert "is empty" in filetype.judge("letter.pdf", b"").why


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\eve\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("letter.pdf. . ", "letter.pdf"),
        ('we"ird<name>?.pdf', "we_ird_name__.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("", "file without a name"),
        ("...", "file without a name"),
    ],
)
def test_a_name_is_safe_to_show(name: str, shown: str) -> None:
    assert filetype.safe_name(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = filetype.safe_name("x" * 500 + ".pdf")
    assert len(shown) == 120
    assert shown.endswith("x.pdf")


def test_a_turned_name_does_not_hide_a_program() -> None:
    assert not filetype.judge("photo\u202egpj.exe", GOOD["photo.jpg"]).known


def test_a_download_is_always_an_attachment_and_can_not_break_the_header() -> None:
    header = filetype.content_disposition('Łódź "x"\r\nSet-Cookie: a=b.pdf')
    assert header.startswith('attachment; filename="')
    assert "\r" not in header
    assert "\n" not in header
    assert header.isascii()
    assert header.count('"') == 2
    assert "filename*=UTF-8''%C5%81%C3%B3d%C5%BA" in header


def test_headers_of_every_download() -> None:
    assert filetype.SERVE_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in filetype.SERVE_HEADERS["Content-Security-Policy"]


def test_limits_are_refused_with_their_sentences() -> None:
    filetype.check_count(10)
    with pytest.raises(filetype.NotAccepted, match="up to 10 files"):
        filetype.check_count(11)
    with pytest.raises(filetype.NotAccepted) as refused:
        filetype.check_upload("film.mp4", filetype.MAX_FILE + 1, b"")
    assert refused.value.sentence == "film.mp4 is too large. Each file can be up to 25 MB."
    with pytest.raises(filetype.NotAccepted, match="is a program"):
        filetype.check_upload("letter.pdf", 2, b"MZ")
    assert filetype.check_upload("photo.png", 10, GOOD["photo.png"]).ok
