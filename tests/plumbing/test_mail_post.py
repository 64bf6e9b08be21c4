"""Does what we send arrive as written, is every failure told for what it is, and can nobody write our headers?"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from redress.plumbing.mail import tokens
from redress.plumbing.mail.message import Address
from redress.plumbing.mail.parse import parse
from redress.plumbing.post import (
    CannotAddress,
    Composed,
    Enclosure,
    OutboxCarrier,
    PermanentFailure,
    SmtpCarrier,
    TemporaryFailure,
    Unclear,
    compose,
)
from servers import processes
from servers.mail import MailServer, mail_server

AT = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
TOKEN = tokens.new()
OFFICE = Address("Northmere Borough Council", "complaints@northmere.example")


def letter(**changed: object) -> Composed:
    """Compose a letter, with some of it changed."""
    given: dict[str, object] = {
        "sender": OFFICE,
        "to": [Address("Dev Patel", "dev@example.org")],
        "subject": "Your complaint NMR-2026-0437",
        "text": "Dear Dev,\n\nwe have received your complaint.\n",
        "message_id": tokens.message_id(TOKEN, "northmere.example", unique="letter-1"),
        "at": AT,
    }
    return compose(**(given | changed))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server("complaints", imap=False) as running:
        yield running


@pytest.fixture
def carrier(server: MailServer) -> SmtpCarrier:
    return SmtpCarrier(server.host, server.smtp_port, security="none", timeout=5)


def test_a_letter_arrives_as_written(server: MailServer, carrier: SmtpCarrier) -> None:
    pdf = b"%PDF-1.7\n" + bytes(range(256)) * 40
    sent = letter(
        text="Dear Dev,\n\n.a line with a dot\n..and two\nGrüße\n" + "long " * 300,
        enclosures=[Enclosure("Response – Größe.pdf", pdf)],
        reply_token=TOKEN,
    )
    evidence = carrier.send(sent.raw, sent.sender, sent.recipients, "letter-1")
    assert evidence.queue_id
    assert evidence.response.startswith("250 ")
    assert evidence.accepted_at.tzinfo is not None
    assert evidence.refused == {}
    (raw,) = server.sent_to("dev@example.org")
    assert raw == sent.raw
    message = parse(raw)
    assert message.faults == ()
    assert message.subject == "Your complaint NMR-2026-0437"
    assert (message.from_name, message.from_address) == tuple(OFFICE)
    assert message.to == (Address("Dev Patel", "dev@example.org"),)
    assert message.date == AT
    assert ".a line with a dot\n..and two\nGrüße" in message.text
    assert [(a.name, a.data) for a in message.attachments] == [("Response – Größe.pdf", pdf)]
    assert message.reply_to == (Address(OFFICE.name, tokens.address(OFFICE.address, TOKEN)),)
    assert tokens.in_message_id(message.message_id) == TOKEN


def test_an_answer_to_our_letter_brings_the_token_back() -> None:
    theirs = parse(letter(reply_token=TOKEN).raw)
    answer = letter(
        sender=Address("Dev Patel", "dev@example.org"),
        to=list(theirs.reply_to),
        message_id="answer@example.org",
        in_reply_to=theirs.message_id,
        references=theirs.references,
    )
    assert tokens.candidates(parse(answer.raw)) == (TOKEN,)


@pytest.mark.parametrize(
    "name",
    [
        'Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine (the elder) of Philadelphia \\ "Senior"',
        "محمد عبد الله الأحمد بن عبد الرحمن",
        "Siân O’Néill-Ångström, " * 4,
        "=?utf-8?q?not_an_encoded_word?=",
        'quote" and \\ backslash',
        "𓀀 a name no font has 𓀁",
    ],
)
def test_any_name_arrives_and_stays_a_name(name: str) -> None:
    raw = letter(to=[Address(name, "dev@example.org")], subject=name).raw
    written = email.message_from_bytes(raw, policy=email.policy.default)
    (address,) = written["To"].addresses
    assert address.addr_spec == "dev@example.org"
    assert written["Subject"] == " ".join(name.split())
    # The older reader of the standard library: the newer one puts a space between two encoded words of one name.
    older = str(make_header(decode_header(email.message_from_bytes(raw)["To"]))).replace("\r\n", "")
    shown = older.rpartition("<")[0].strip()
    if shown.startswith('"'):
        shown = re.sub(r"\\(.)", r"\1", shown[1:-1])
    assert shown == " ".join(name.split())
    assert parse(raw).to == (Address(" ".join(name.split()), "dev@example.org"),)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.split(b"\r\n\r\n")[0].isascii()


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\rBcc: a@b", "x\x00\x0bBcc: y", "x\u2028Bcc: y"]
)
def test_no_name_or_subject_can_add_a_header(evil: str) -> None:
    raw = letter(subject=evil, to=[Address(evil, "dev@example.org")], sender=Address(evil, OFFICE.address)).raw
    written = email.message_from_bytes(raw, policy=email.policy.default)
    assert written["Bcc"] is None
    assert b"\x00" not in raw
    assert set(written.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dev",
        "dev@",
        "@example.org",
        "a@b\r\nBcc: x@y",
        "a b@example.org",
        "a@b,c@d",
        "<a@b>",
        "a@exa mple",
        "é@example.org",
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(CannotAddress, match="is not an e-mail address"):
        letter(to=[Address("Dev", address)])


def test_a_domain_with_accents_is_written_as_servers_take_it() -> None:
    assert letter(to=[Address("Jo", "jo@münchen.example")]).recipients == ("jo@xn--mnchen-3ya.example",)


def test_identifiers_cannot_carry_anything_else() -> None:
    with pytest.raises(CannotAddress):
        letter(message_id="x>\r\nBcc: y@z <x")
    with pytest.raises(CannotAddress):
        letter(in_reply_to="x y")
    with pytest.raises(CannotAddress):
        letter(to=[])
    with pytest.raises(ValueError, match="time zone"):
        letter(at=datetime(2026, 11, 23))


def test_automatic_letters_say_so() -> None:
    message = parse(letter(automatic=True, in_reply_to="a@b").raw)
    assert message.header("Auto-Submitted") == "auto-replied"
    assert message.in_reply_to == "a@b"
    assert parse(letter(automatic=True).raw).header("Auto-Submitted") == "auto-generated"
    assert parse(letter().raw).header("Auto-Submitted") == ""


@pytest.mark.parametrize(
    ("recipient", "failure"),
    [
        ("refused@example.org", PermanentFailure),
        ("later@example.org", TemporaryFailure),
        ("toolarge@example.org", PermanentFailure),
        ("vanish@example.org", Unclear),
        ("deaf@example.org", Unclear),
    ],
)
def test_each_failure_is_told_for_what_it_is(carrier: SmtpCarrier, recipient: str, failure: type[Exception]) -> None:
    sent = letter(to=[Address("", recipient)])
    with pytest.raises(failure) as told:
        carrier.send(sent.raw, sent.sender, sent.recipients, "letter")
    assert type(told.value) is failure
    assert told.value.sentence  # type: ignore[attr-defined]


def test_one_address_taken_is_enough_and_the_others_are_named(server: MailServer, carrier: SmtpCarrier) -> None:
    sent = letter(to=[Address("", "refused@example.org"), Address("", "eve@example.org")])
    evidence = carrier.send(sent.raw, sent.sender, sent.recipients, "letter")
    assert evidence.refused == {"refused@example.org": "550 5.1.1 No such mailbox"}
    assert len(server.sent_to("eve@example.org")) == 1


def test_when_one_address_may_work_later_the_whole_is_tried_again(carrier: SmtpCarrier) -> None:
    sent = letter(to=[Address("", "refused@example.org"), Address("", "later@example.org")])
    with pytest.raises(TemporaryFailure):
        carrier.send(sent.raw, sent.sender, sent.recipients, "letter")


def test_a_server_that_is_not_there_is_a_temporary_failure() -> None:
    nobody = SmtpCarrier("127.0.0.1", processes.free_port(), security="none", timeout=2)
    with pytest.raises(TemporaryFailure, match="can't be reached"):
        nobody.send(b"x", "a@b.example", ["c@d.example"], "letter")
    assert nobody.was_sent("letter") is None
    assert "secret" not in repr(SmtpCarrier("h", 25, user="u", password="secret"))


def test_a_server_without_encryption_gets_no_password(server: MailServer) -> None:
    strict = SmtpCarrier(server.host, server.smtp_port, user="u", password="p", security="starttls", timeout=2)
    with pytest.raises(TemporaryFailure):
        strict.send(b"x", "a@b.example", ["c@d.example"], "letter")


def test_the_outbox_writes_each_letter_once(tmp_path: Path) -> None:
    outbox = OutboxCarrier(tmp_path / "outbox")
    sent = letter()
    assert outbox.was_sent("letter-1") is False
    first = outbox.send(sent.raw, sent.sender, sent.recipients, "letter-1")
    again = outbox.send(sent.raw, sent.sender, sent.recipients, "letter-1")
    assert first.queue_id == again.queue_id
    assert outbox.was_sent("letter-1") is True
    assert outbox.was_sent("letter-2") is False
    (file,) = (tmp_path / "outbox" / "new").iterdir()
    assert file.read_bytes().endswith(sent.raw)
    assert parse(file.read_bytes()).header("X-Redress-Envelope-To") == "dev@example.org"
    assert list((tmp_path / "outbox" / "tmp").iterdir()) == []


def test_a_letter_read_in_the_outbox_is_not_laid_there_anew(tmp_path: Path) -> None:
    outbox = OutboxCarrier(tmp_path)
    sent = letter()
    outbox.send(sent.raw, sent.sender, sent.recipients, "letter/../1")
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")
    assert outbox.was_sent("letter/../1") is True
    outbox.send(sent.raw, sent.sender, sent.recipients, "letter/../1")
    assert list((tmp_path / "new").iterdir()) == []


def test_letters_whose_names_look_alike_stay_two(tmp_path: Path) -> None:
    outbox = OutboxCarrier(tmp_path)
    sent = letter()
    for our_id in ("letter 1", "letter-1", "letter/1"):
        outbox.send(sent.raw, sent.sender, sent.recipients, our_id)
    assert len(list((tmp_path / "new").iterdir())) == 3


def test_a_letter_without_recipients_never_goes(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure):
        OutboxCarrier(tmp_path).send(b"x", "a@b.example", [], "letter")
