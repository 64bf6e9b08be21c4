"""Is a machine's message told from a person's, and a person's never taken for a machine's?"""

from __future__ import annotations

import pytest

from plumbing import mail_examples as examples
from redress.plumbing.mail import classify, quoted, tokens
from redress.plumbing.mail.parse import parse

OURS = "complaints@northmere.example"


def headed(*lines: bytes, raw: bytes = examples.PLAIN) -> bytes:
    """Put header lines before a message."""
    return b"".join(line + b"\r\n" for line in lines) + raw


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (examples.PLAIN, "new"),
        (examples.NO_HEADERS, "new"),
        (examples.REPLY, "reply"),
        (headed(b"References: <a@b> <c@d>"), "reply"),
        (examples.BOUNCE % b"x@y", "bounce"),
        (examples.OUT_OF_OFFICE, "auto-reply"),
        (headed(b"Auto-Submitted: auto-replied (vacation)"), "auto-reply"),
        (headed(b"Auto-Submitted: no"), "new"),
        (headed(b"X-Autoreply: yes"), "auto-reply"),
        (headed(b"X-Autoreply:"), "new"),
        (headed(b"Precedence: auto_reply"), "auto-reply"),
        (headed(b"Precedence: bulk"), "new"),
        # A web form of the council's own sends residents' complaints with this header.
        (headed(b"Auto-Submitted: auto-generated"), "new"),
        (headed(b"Auto-Submitted: auto-generated", raw=examples.REPLY), "auto-reply"),
        # The subject alone proves nothing.
        (examples.PLAIN.replace(b"Missed bins", b"Automatic reply from your bins team is rude"), "new"),
        (examples.PLAIN.replace(b"Missed bins", b"Undelivered letter"), "new"),
        (examples.PLAIN.replace(b"Missed bins", b"Re: NMR-2026-0437"), "new"),
        (
            headed(b"Return-Path: <>", raw=examples.PLAIN.replace(b"Missed bins", b"Automatic reply: away")),
            "auto-reply",
        ),
        (headed(b"Return-Path: <>"), "new"),
        (headed(b"X-Forwarded-Message-Id: <o@x>", b"In-Reply-To: <o@x>"), "new"),
        (headed(b"References: <o@x>", raw=examples.PLAIN.replace(b"Missed", b"Fwd: Missed")), "new"),
        ((examples.BOUNCE % b"x@y").replace(b"Action: failed", b"Action: delivered"), "auto-reply"),
        ((examples.BOUNCE % b"x@y").replace(b"delivery-status;", b"disposition-notification;"), "auto-reply"),
    ],
)
def test_kinds(raw: bytes, kind: str) -> None:
    assert classify.kind(parse(raw)) == kind


@pytest.mark.parametrize(
    "raw",
    [
        examples.BOUNCE % b"x@y",
        examples.OUT_OF_OFFICE,
        examples.NO_HEADERS,
        headed(b"List-Id: <residents.lists.example>"),
        headed(b"List-Unsubscribe: <mailto:x@y>"),
        headed(b"Precedence: bulk"),
        headed(b"Return-Path: <>"),
        headed(b"X-Autoreply:"),
        headed(b"X-Auto-Response-Suppress: OOF, AutoReply"),
        headed(b"X-Loop: us"),
        headed(b"Auto-Submitted: auto-generated"),
        examples.PLAIN.replace(b"dev@example.org", b"no-reply@shop.example"),
        examples.PLAIN.replace(b"dev@example.org", b"MAILER-DAEMON@shop.example"),
        examples.PLAIN.replace(b"dev@example.org", b"Complaints@northmere.example"),
        examples.PLAIN.replace(b"dev@example.org", b"complaints+r-x@northmere.example"),
        examples.PLAIN.replace(b"<dev@example.org>", b""),
    ],
)
def test_no_automatic_answer_goes_to_machines_lists_or_ourselves(raw: bytes) -> None:
    assert not classify.may_auto_acknowledge(parse(raw), own_addresses=[OURS])


@pytest.mark.parametrize(
    "raw", [examples.PLAIN, examples.REPLY, examples.HTML_ONLY, headed(b"Return-Path: <dev@example.org>")]
)
def test_a_person_gets_an_answer(raw: bytes) -> None:
    assert classify.may_auto_acknowledge(parse(raw), own_addresses=[OURS])


def test_a_bounce_tells_who_why_and_which_message() -> None:
    token = tokens.new()
    ours = tokens.message_id(token, "northmere.example", unique="letter-17")
    bounce = classify.bounce(parse(examples.BOUNCE % ours.encode()))
    assert bounce.recipients == ("dev@example.org",)
    assert bounce.status == "5.1.1"
    assert bounce.permanent
    assert bounce.original_message_id == ours
    assert bounce.token == token
    full = classify.bounce(parse((examples.BOUNCE % b"x@y").replace(b"5.1.1", b"4.2.2")))
    assert not full.permanent


def test_a_token_is_found_wherever_mail_keeps_it() -> None:
    token = tokens.new()
    address = tokens.address(OURS, token).encode()
    ours = tokens.message_id(token, "northmere.example").encode()
    for raw in (
        examples.PLAIN.replace(b"To: complaints@northmere.example", b"To: Complaints <" + address.upper() + b">"),
        headed(b"Cc: x@y.example, " + address),
        headed(b"Delivered-To: " + address),
        headed(b"X-Original-To: prvs=12ab=" + address),
        headed(b"In-Reply-To: <" + ours + b">"),
        headed(b"References: <a@b> <" + ours + b"> <c@d>"),
        examples.PLAIN.replace(b"Dev\r\n", b"Dev\r\n> " + tokens.foot(token).encode() + b"\r\n"),
    ):
        assert tokens.candidates(parse(raw)) == (token,)
        assert classify.kind(parse(raw)) == "reply"


def test_a_token_is_never_taken_from_a_subject_or_a_reference() -> None:
    token = tokens.new()
    assert tokens.candidates(parse(examples.PLAIN.replace(b"Missed bins", f"r-{token} NMR-2026-0437".encode()))) == ()
    assert tokens.candidates(parse(examples.PLAIN)) == ()
    assert tokens.candidates(parse(examples.PLAIN.replace(b"Dev\r\n", f"r-{token}\r\n".encode()))) == ()


def test_tokens_are_long_and_differ() -> None:
    made = {tokens.new() for _ in range(500)}
    assert len(made) == 500
    assert all(len(one) == tokens.LENGTH for one in made)
    assert len(tokens.address("a-long-mailbox-name@northmere.example", made.pop()).split("@")[0]) <= 64


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            "Thank you.\n\nOn Mon, 23 Nov 2026 at 09:15, Asha Mehta <a@northmere.example> wrote:\n> Dear Dev\n> We",
            "Thank you.",
        ),
        ("Thanks\n\n-----Original Message-----\nFrom: Council\nSent: today\n\nDear Dev", "Thanks"),
        ("Not good enough.\n\n> Dear Dev\n> We are sorry.\n", "Not good enough."),
        (
            "> You said no.\nBut why?\n> You said never.\nBut when?",
            "> You said no.\nBut why?\n> You said never.\nBut when?",
        ),
        ("Nothing quoted here.\n\nRegards", "Nothing quoted here.\n\nRegards"),
        ("> all of it\n> is quoted", "> all of it\n> is quoted"),
        ("", ""),
    ],
)
def test_quoted_text_is_folded_away_and_never_lost(text: str, new: str) -> None:
    split = quoted.split(text)
    assert split.new == new
    assert split.new + split.quoted == text
