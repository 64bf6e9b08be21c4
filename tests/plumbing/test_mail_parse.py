"""Is every message read, whatever its bytes, and read rightly?"""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbing import mail_examples as examples
from plumbing.mutate_mail import mutations
from redress.plumbing.mail import charsets, parts, readable_html
from redress.plumbing.mail import parse as parsing
from redress.plumbing.mail.message import Address, ParsedMessage
from redress.plumbing.mail.parse import parse, safe_name


def every_text(message: ParsedMessage) -> list[str]:
    """Collect all texts of a message, however deep they stand."""
    found: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            for one in value:
                collect(one)
        elif hasattr(value, "__dataclass_fields__"):
            for one in fields(value):  # type: ignore[arg-type]
                collect(getattr(value, one.name))

    collect(message)
    return found


def check_storable(message: ParsedMessage) -> None:
    """Fail for a text that PostgreSQL would refuse."""
    for text in every_text(message):
        assert "\x00" not in text
        text.encode("utf-8")


def test_a_plain_message_is_read() -> None:
    message = parse(examples.PLAIN)
    assert message.kind == "message"
    assert (message.from_name, message.from_address) == ("Dev Patel", "dev@example.org")
    assert message.to == (Address("", "complaints@northmere.example"),)
    assert message.subject == "Missed bins"
    assert message.message_id == "plain@example.org"
    assert message.date == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    assert message.text == "The bins were missed again.\n\nDev"
    assert message.faults == ()
    assert message.size == len(examples.PLAIN)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [(examples.NO_DATE, parsing.NO_DATE), (examples.BAD_DATE, parsing.BAD_DATE)],
    ids=["no date", "bad date"],
)
def test_a_message_without_a_good_date_keeps_what_was_written(raw: bytes, fault: str) -> None:
    message = parse(raw)
    assert message.date is None
    assert fault in message.faults
    assert message.date_as_written == ("" if fault == parsing.NO_DATE else "yesterday, or Thursday")


def test_a_date_without_zone_is_taken_as_utc() -> None:
    message = parse(examples.PLAIN.replace(b"+0000", b"-0000"))
    assert message.date is not None
    assert message.date.utcoffset() == timedelta(0)
    summer = parse(examples.PLAIN.replace(b"23 Nov 2026 09:15:00 +0000", b"1 Jun 2026 09:15:00 +0100"))
    assert summer.date == datetime(2026, 6, 1, 9, 15, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (examples.NO_CHARSET, "agäin"),
        (examples.WRONG_CHARSET, "agäin"),
        (examples.UNKNOWN_CHARSET, "agäin"),
        (examples.LATIN_AS_UTF8, "caf�"),
    ],
    ids=["none", "wrong", "unknown", "damaged"],
)
def test_a_bad_charset_loses_no_more_than_a_letter(raw: bytes, word: str) -> None:
    message = parse(raw)
    assert word in message.text
    assert parsing.CHARSET in message.faults


@pytest.mark.parametrize("name", ["unicode_escape", "idna", "hex", "zlib", "rot13", "undefined", "base64", "bz2"])
def test_codecs_that_are_no_charsets_are_never_run(name: str) -> None:
    assert charsets.decode(b"\\x41 and \xc3\xa4", name).text == "\\x41 and ä"


def test_a_message_without_body_has_an_empty_text() -> None:
    message = parse(examples.NO_BODY)
    assert (message.kind, message.text, message.subject) == ("message", "", "Missed bins")


@pytest.mark.parametrize("raw", [examples.NO_HEADERS, b"\r\n" + examples.NO_HEADERS, b"# A read-me\n\nNote: not mail"])
def test_what_has_no_header_is_kept_as_text(raw: bytes) -> None:
    message = parse(raw)
    assert message.kind == "unreadable"
    assert message.faults == (parsing.NOT_A_MESSAGE,)
    assert message.text == raw.decode().strip("\r\n").replace("\r\n", "\n")


@pytest.mark.parametrize("raw", [b"", b"\n\n \r\n"])
def test_an_empty_message_is_said_to_be_empty(raw: bytes) -> None:
    assert parse(raw).faults == (parsing.EMPTY,)
    assert parse(raw).kind == "unreadable"


def test_nul_characters_are_taken_out_and_told() -> None:
    message = parse(examples.NUL)
    assert "again" in message.text
    assert message.subject == "Missed bins"
    assert parsing.NUL_REMOVED in message.faults
    check_storable(message)


def test_right_to_left_and_long_names_arrive_whole() -> None:
    assert parse(examples.RIGHT_TO_LEFT).from_name == "محمد عبد الله"
    assert parse(examples.LONG_NAME).from_name == ("Wolfe+585, Sr. " * 5 + "Patel")


@pytest.mark.parametrize(
    ("written", "people"),
    [
        (b"Jo [#12] <jo@example.org>, b@example.org", [("Jo [#12]", "jo@example.org"), ("", "b@example.org")]),
        (b'"Patel, Dev" <dev@example.org>', [("Patel, Dev", "dev@example.org")]),
        (b"=?utf-8?q?Patel=2C_Dev?= <dev@example.org>", [("Patel, Dev", "dev@example.org")]),
        (b"MAILER-DAEMON@mx.example (Mail System)", [("Mail System", "MAILER-DAEMON@mx.example")]),
        (b"undisclosed-recipients:;", []),
        (b"office: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        (b"'dev@example.org' <dev@example.org>", [("", "dev@example.org")]),
        (b"Dev \xe2\x80\xaeletaP <dev@example.org>", [("Dev letaP", "dev@example.org")]),
        (b"((((((" * 3000 + b" dev@example.org", []),
        (b"Dev", [("Dev", "")]),
    ],
)
def test_address_lines_are_taken_apart(written: bytes, people: list[tuple[str, str]]) -> None:
    message = parse(examples.PLAIN.replace(b"To: complaints@northmere.example", b"To: " + written))
    if people:
        assert [tuple(one) for one in message.to] == people
    assert message.subject == "Missed bins"


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        (b"=?utf-8?q?Caf=C3=A9?=", "Café"),
        (b"=?utf-8?b?Q2Fmw6k=?= =?utf-8?q?_and_more?=", "Café and more"),
        (b"=?utf-8?b?Q2Fmww==?=\r\n =?utf-8?b?qQ==?=", "Café"),
        (b"=?iso-8859-1?Q?F=F6rder;\r\n _rest?=", "Förder; rest"),
        (b"plain =?utf-8?q?=C3=A4?= end", "plain ä end"),
        ("ä straight".encode(), "ä straight"),
        (b"=?utf-8?x?nonsense?=", "=?utf-8?x?nonsense?="),
        (b"=?utf-8*en?q?=C3=A4?=", "ä"),
        (b"=?utf-8?q?gpj=E2=80=AEexe?=", "gpjexe"),
    ],
)
def test_subjects_are_decoded(written: bytes, subject: str) -> None:
    assert parse(examples.PLAIN.replace(b"Missed bins", written)).subject == subject


def test_html_becomes_readable_text_and_fetches_nothing() -> None:
    message = parse(examples.HTML_ONLY)
    assert message.html_original
    assert message.text == (
        "The bins & boxes were missed.\n\nSee this photo <https://example.org/photo>\n\n- brown bin\n- green bin"
    )


def test_html_that_calls_itself_plain_is_read_as_html() -> None:
    message = parse(examples.PLAIN.replace(b"The bins were missed again.", b"<p>The bins &uuml;</p>"))
    assert message.text.startswith("The bins ü")
    assert message.html_original
    assert not parse(examples.PLAIN.replace(b"The bins", b"<b> is less than")).html_original


def test_of_alternatives_the_plain_one_is_shown_unless_it_is_blank() -> None:
    assert parse(examples.ALTERNATIVE).text == "the plain words"
    assert not parse(examples.ALTERNATIVE).html_original
    blank = parse(examples.ALTERNATIVE.replace(b"the plain words", b"   "))
    assert blank.text == "the rich words"
    assert blank.html_original
    assert blank.attachments == ()


def test_an_attachment_is_kept_byte_for_byte() -> None:
    data = bytes(range(256)) * 9
    (attachment,) = parse(examples.with_attachment(data)).attachments
    assert attachment.data == data
    assert attachment.sha256 == hashlib.sha256(data).hexdigest()
    assert (attachment.name, attachment.content_type, attachment.size) == ("photo.jpg", "image/jpeg", len(data))
    assert not attachment.inline


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        (b'filename="../../etc/passwd"', "passwd"),
        (b'filename="C:\\\\Users\\\\dev\\\\photo.jpg"', "photo.jpg"),
        (b"filename*=utf-8''%E2%80%AEgpj.exe", "gpj.exe"),
        (b"filename*=utf-8''a%00b%0A.pdf", "ab .pdf"),
        (b'filename="=?utf-8?q?Caf=C3=A9=2Epdf?="', "Café.pdf"),
        (b"filename*0*=utf-8''Ausl%C3;\r\n filename*1*=%A4nder.pdf", "Ausländer.pdf"),
        (b'filename*0="=?utf-8?Q?M=C3=BCller.xl";\r\n filename*1="sx?="', "Müller.xlsx"),
        ("filename=Bestätigung Akte.doc".encode(), "Bestätigung Akte.doc"),
        (b"filename=..", "attachment 1.jpg"),
        (b"size=1", "attachment 1.jpg"),
        (b'filename="' + b"x" * 300 + b'.pdf"', "x" * 140 + "….pdf"),
    ],
)
def test_names_of_attachments_are_safe_to_show(parameter: bytes, name: str) -> None:
    (attachment,) = parse(examples.with_attachment(b"data", name=parameter)).attachments
    assert attachment.name == name


def test_a_name_that_turns_direction_is_told() -> None:
    raw = examples.with_attachment(b"data", name=b"filename*=utf-8''%E2%80%AEgpj.exe")
    assert parsing.NAME_TURNED in parse(raw).faults
    assert parse(raw).attachments[0].name_as_written == "\u202egpj.exe"


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(written: str) -> None:
    name = safe_name(written)
    assert name
    assert len(name) <= 151
    assert not set(name) & set("/\\\x00\n\r\u202e\u202a\u2066")


def test_wrong_base64_is_read_as_far_as_it_goes() -> None:
    data = b"the words of the resident" * 4
    raw = examples.with_attachment(data).replace(b"--b--", b"!!!\r\n--b--")
    message = parse(raw)
    assert message.attachments[0].data == data
    assert parts.BAD_BASE64 in message.faults
    text = examples.PLAIN.replace(
        b"utf-8\r\n", b"utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    )  # says base64, is plain
    assert "The bins were missed again." in parse(text).text
    head = examples.PLAIN.split(b"\r\n\r\n")[0] + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    listed = head + base64.encodebytes("Grüße vom Amt.".encode()) + b"____\nA list's own foot line\n"
    assert parse(listed).text == "Grüße vom Amt.\n____\nA list's own foot line"


def test_a_large_attachment_is_kept_in_the_original_alone() -> None:
    data = b"\xff" * (61 * 1024 * 1024)
    raw = examples.with_attachment(data)
    began = time.monotonic()
    message = parse(raw)
    assert time.monotonic() - began < 20
    (attachment,) = message.attachments
    assert attachment.too_large
    assert attachment.data == b""
    assert abs(attachment.size - len(data)) < 2_000_000
    assert message.text == "See the photo."
    assert any("too large to open here: the limit is 25 MB" in fault for fault in message.faults)
    other = parse(raw.replace(b"/////w==", b"/////g==").replace(b"////\r\n--b--", b"///+\r\n--b--"))
    assert other.digest != message.digest, "two files too large to open are still told apart"


def test_a_forwarded_message_is_an_attachment_and_its_words_are_shown() -> None:
    message = parse(examples.FORWARDED_WHOLE)
    (attachment,) = message.attachments
    assert attachment.name == "Missed bins.eml"
    assert attachment.data == examples.PLAIN
    assert message.text.startswith("Please deal with this.")
    assert "[Attached message: “Missed bins” from Dev Patel <dev@example.org>]" in message.text
    assert "The bins were missed again." in message.text


def test_signatures_calendars_and_winmail_are_attachments() -> None:
    for kind, name in (
        (b"application/pgp-signature", "attachment 1.asc"),
        (b"text/calendar", "attachment 1.ics"),
        (b"application/ms-tnef", "winmail.dat"),
    ):
        (attachment,) = parse(examples.with_attachment(b"x", name=b"size=1", kind=kind)).attachments
        assert attachment.name == name


def test_parts_nested_without_end_are_limited() -> None:
    raw = b"From: a@b.example\r\nSubject: deep\r\n"
    for level in range(1000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    message = parse(raw + b"\r\ninnermost")
    assert parts.DEEP in message.faults
    assert message.subject == "deep"
    other = parse(raw + b"\r\nanother innermost")
    assert message.digest != other.digest, "what was not opened still counts towards the identity"


def test_too_many_parts_and_header_bombs_are_limited() -> None:
    many = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000
    assert parts.MANY in parse(many).faults
    bomb = examples.PLAIN.replace(b"Subject:", b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + b"Subject:")
    message = parse(bomb)
    assert parts.LONG_HEAD in message.faults
    assert message.from_address == "dev@example.org"
    assert message.text.startswith("The bins were missed again.")


@pytest.mark.parametrize(
    "source",
    ["<!--" * 200_000, "<" * 1_000_000, '<a href="' * 100_000, "<style>" * 100_000, "<div>" * 200_000, "&#x" * 300_000],
    ids=["comments", "brackets", "anchors", "styles", "divs", "entities"],
)
def test_hostile_html_takes_no_time(source: str) -> None:
    began = time.monotonic()
    readable_html.to_text(source)
    assert time.monotonic() - began < 5


def test_a_damaged_header_line_loses_neither_header_nor_text() -> None:
    message = parse(examples.PLAIN.replace(b"Subject:", b"this line is damage\r\nSubject:"))
    assert message.subject == "Missed bins"
    assert parts.BAD_LINES in message.faults
    no_gap = parse(b"Subject: no gap\nThe text begins at once.\nSecond line.\n")
    assert no_gap.text == "The text begins at once.\nSecond line."


def test_line_ends_and_transport_do_not_change_the_identity() -> None:
    unix = examples.FORWARDED_WHOLE.replace(b"\r\n", b"\n")
    travelled = b"Received: from elsewhere\r\nDelivered-To: x@y\r\n" + examples.FORWARDED_WHOLE.replace(
        b"with this.", b"with this.  "
    )
    identities = {parse(raw).identity for raw in (examples.FORWARDED_WHOLE, unix, travelled)}
    assert len(identities) == 1
    assert len({one.key for one in identities}) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"missed again", b"missed again!"),
        (b"Dev Patel <dev@", b"Dev Patel <eve@"),
        (b"09:15:00", b"09:15:01"),
        (b"<plain@", b"<plain2@"),
    ],
    ids=["text", "sender", "date", "message id"],
)
def test_another_text_sender_date_or_id_is_another_message(old: bytes, new: bytes) -> None:
    assert parse(examples.PLAIN).identity.key != parse(examples.PLAIN.replace(old, new)).identity.key


def test_another_attachment_is_another_message() -> None:
    one, two = (parse(examples.with_attachment(data)) for data in (b"one", b"two"))
    assert one.message_id == two.message_id
    assert one.digest != two.digest
    renamed = parse(examples.with_attachment(b"one", name=b"filename=other.jpg"))
    assert renamed.digest != one.digest


def test_without_message_id_the_same_words_of_two_people_stay_two() -> None:
    bare = examples.PLAIN.replace(b"Message-ID: <plain@example.org>\r\n", b"")
    assert parse(bare).identity.key == parse(bare.replace(b"\r\n", b"\n")).identity.key
    assert parse(bare).identity.key != parse(bare.replace(b"dev@", b"eve@")).identity.key


@pytest.mark.parametrize("seed", range(4))
def test_damaged_messages_never_raise_and_can_be_stored(seed: int) -> None:
    for number, raw in enumerate(mutations(examples.SEEDS, count=150, seed=seed)):
        message = parse(raw)
        assert not any(fault.startswith(parsing.UNEXPECTED) for fault in message.faults), (seed, number)
        check_storable(message)
        assert parse(raw) == message, (seed, number)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    for whole in (raw, b"From: a@b.example\nContent-Type: " + raw, examples.PLAIN.replace(b"missed", raw)):
        message = parse(whole)
        assert not any(fault.startswith(parsing.UNEXPECTED) for fault in message.faults)
        check_storable(message)
