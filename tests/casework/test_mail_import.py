"""`redress mail import`: every message once, a line for every file, nothing raises."""

from __future__ import annotations

import json
import mailbox as std_mailbox
from pathlib import Path
from typing import Any

import pytest

from factories.intake import Office, mail, office
from redress.correspondence.models import AutomaticAcknowledgement, Message, Receipt, ReceiptOf
from redress.jobs import mailbox_import
from redress.plumbing import filetype
from servers.needs import needs

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared" / "mail"
EXPECTED = json.loads((Path(__file__).resolve().parents[1] / "plumbing" / "expected_mail.json").read_text())["files"]


@pytest.fixture
def northmere() -> Office:
    return office()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command with --json; answers its exit code, its lines and what it said of errors."""
    code = mailbox_import.main([*arguments, "--json"])
    said = capsys.readouterr()
    return code, [json.loads(line) for line in said.out.splitlines()], said.err


@needs("shared")
def test_every_file_of_the_shared_folder_gives_the_line_that_is_expected(
    northmere: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines, err = run(capsys, str(SHARED), "--council", "northmere")
    assert (code, err) == (0, "")
    expected = {
        name: {
            "file": str(SHARED / name),
            "status": one["status"],
            "kind": one["kind"],
            "attachments": one["attachments"],
            "case": None,
        }
        for name, one in EXPECTED.items()
    }
    assert {Path(line["file"]).name: line for line in lines} == expected
    assert len(lines) == len(EXPECTED) == len(list(SHARED.iterdir()))
    assert Message.objects.count() == len(EXPECTED)
    assert Receipt.objects.count() == len(EXPECTED)


@needs("shared")
def test_a_second_run_stores_none_and_says_so_of_each(northmere: Office, capsys: pytest.CaptureFixture[str]) -> None:
    _code, first, _err = run(capsys, str(SHARED), "--council", "northmere")
    before = Message.objects.count()
    code, second, _err = run(capsys, str(SHARED), "--council", "northmere")
    assert code == 0
    assert {line["status"] for line in second} == {"duplicate"}
    assert [(line["file"], line["kind"], line["attachments"]) for line in second] == [
        (line["file"], line["kind"], line["attachments"]) for line in first
    ]
    assert Message.objects.count() == before
    assert ReceiptOf.objects.filter(duplicate=True).count() == before


@needs("shared")
def test_the_same_mail_is_another_council_s_own(northmere: Office, capsys: pytest.CaptureFixture[str]) -> None:
    eastvale = office("eastvale", "EAS")
    for of in (northmere, eastvale):
        _code, lines, _err = run(capsys, str(SHARED / "quoted_printable.eml"), "--council", of.council.code)
        assert [line["status"] for line in lines] == ["stored"]
    assert Message.objects.filter(council=northmere.council).count() == 1
    assert Message.objects.filter(council=eastvale.council).count() == 1


def test_nobody_is_written_to_by_an_import(
    northmere: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.eml").write_bytes(mail())
    run(capsys, str(tmp_path), "--council", "northmere")
    assert Message.objects.count() == 1
    assert AutomaticAcknowledgement.objects.count() == 0


def test_an_mbox_and_a_maildir_give_a_line_for_each_message(
    northmere: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = std_mailbox.mbox(tmp_path / "old.mbox")
    for number in range(3):
        box.add(mail(f"Letter {number}", message_id=f"<{number}@mail.example>"))
    box.close()
    folder = std_mailbox.Maildir(tmp_path / "Maildir")
    folder.add(mail("In the folder", message_id="<folder@mail.example>"))
    code, lines, _err = run(capsys, str(tmp_path), "--council", "northmere")
    assert code == 0
    assert sorted(Path(line["file"]).name for line in lines if line["file"].endswith(".mbox")) == ["old.mbox"] * 3
    assert [line["status"] for line in lines] == ["stored"] * 4
    assert Message.objects.count() == 4


def test_what_is_no_e_mail_is_kept_and_can_be_read_as_text(
    northmere: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_bytes(b"no header here, only \x00 words about a bin")
    (tmp_path / "empty").write_bytes(b"")
    _code, lines, _err = run(capsys, str(tmp_path), "--council", "northmere")
    assert [(line["status"], line["kind"]) for line in lines] == [("unreadable", "new")] * 2
    kept = Message.objects.get(text__contains="words about a bin")
    assert kept.kind == Message.Kind.UNREADABLE
    assert kept.state == Message.State.TO_LOG
    assert "\x00" not in kept.text
    assert any("NUL" in fault for fault in kept.faults)
    _code, again, _err = run(capsys, str(tmp_path), "--council", "northmere")
    assert [line["status"] for line in again] == ["duplicate"] * 2


def test_a_message_of_60_mb_is_kept_and_its_limit_is_said(
    northmere: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import base64

    data = base64.encodebytes(b"\x00" * (60 * filetype.MB))
    raw = (
        b"From: Dev Patel <dev@mail.example>\r\nSubject: Film\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the film.\r\n--b\r\n'
        b'Content-Type: video/mp4\r\nContent-Disposition: attachment; filename="film.mp4"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + data + b"\r\n--b--\r\n"
    )
    (tmp_path / "film.eml").write_bytes(raw)
    _code, lines, _err = run(capsys, str(tmp_path), "--council", "northmere")
    assert [(line["status"], line["attachments"]) for line in lines] == [("stored", 1)]
    kept = Message.objects.get()
    assert "See the film." in kept.text
    assert any("film.mp4" in fault and "25 MB" in fault for fault in kept.faults)
    assert Receipt.objects.get().size == len(raw)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--council", "northmere"], 2, "PATH"),
        (["nowhere", "--council", "northmere"], 1, "There is no file or folder nowhere."),
        (["{here}", "--council", "southmere"], 1, "There is no council 'southmere'. There are northmere."),
        (["{here}"], 2, "--council"),
        (["{here}", "--council", "northmere", "--received-on", "soon"], 2, "is no date"),
        (["{here}", "--council", "northmere", "--received-on", "2999-01-01"], 1, "in the future"),
    ],
)
def test_a_wrong_use_says_one_clear_sentence(
    northmere: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    given = [one.replace("{here}", str(tmp_path)) for one in arguments]
    assert mailbox_import.main(given) == code
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert mailbox_import.main(["--help"]) == 0
    assert "example: redress mail import" in capsys.readouterr().out


def test_the_day_of_receipt_can_be_given(northmere: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.eml").write_bytes(mail())
    run(capsys, str(tmp_path), "--council", "northmere", "--received-on", "2026-01-05")
    assert Message.objects.get().received_on.isoformat() == "2026-01-05"
