"""Is every message fetched from a real IMAP server, once, byte for byte, whatever breaks?"""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from plumbing import mail_examples as examples
from redress.plumbing.mail import imap, tokens
from redress.plumbing.mail.imap import Account, Mailbox, MailboxFault
from redress.plumbing.mail.parse import parse
from servers.mail import MailServer, imap_down, mail_server
from servers.needs import needs

pytestmark = [needs("dovecot")]
_users = iter(f"box{number}" for number in range(1_000))


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server(*(f"box{number}" for number in range(20))) as running:
        yield running


@pytest.fixture
def account(server: MailServer) -> Account:
    """Give an empty mailbox of its own to each test."""
    return Account(server.host, server.imap_port, next(_users), server.password, security="none", timeout=10)


def test_a_message_sent_by_smtp_is_read_by_imap_byte_for_byte(server: MailServer, account: Account) -> None:
    token = tokens.new()
    server.deliver(examples.with_attachment(b"\x00\xff" * 500), tokens.address(f"{account.user}@north.example", token))
    with Mailbox(account) as box:
        (fetched,) = box.waiting()
        assert fetched.raw.endswith(examples.with_attachment(b"\x00\xff" * 500))
        assert fetched.size == len(fetched.raw)
        assert fetched.whole
        message = parse(fetched.raw)
        assert tokens.candidates(message) == (token,)
        assert message.attachments[0].data == b"\x00\xff" * 500
        assert box.confirm(fetched)
        assert list(box.waiting()) == []


def test_what_is_not_confirmed_comes_again_also_when_someone_has_opened_it(
    server: MailServer, account: Account
) -> None:
    server.lay(account.user, examples.PLAIN)
    with Mailbox(account) as box:
        (first,) = box.waiting()
    with imaplib.IMAP4(server.host, server.imap_port) as line:
        line.login(account.user, server.password)
        line.select("INBOX")
        _, flags = line.fetch("1", "(FLAGS)")
        assert b"\\Seen" not in flags[0], "reading marks nothing"
        line.store("1", "+FLAGS", "\\Seen")
    with Mailbox(account) as box:
        (again,) = box.waiting()
        assert (again.uid, again.raw) == (first.uid, first.raw)


def test_confirmed_messages_lie_in_a_folder_of_our_own(server: MailServer, account: Account) -> None:
    server.lay(account.user, examples.PLAIN)
    with Mailbox(account) as box:
        for fetched in box.waiting():
            assert box.confirm(fetched)
    with Mailbox(replace(account, folder="Redress", done_folder="")) as kept:
        # The mark goes along, so that the folder itself is never read as new mail.
        assert list(kept.waiting()) == []
    with imaplib.IMAP4(server.host, server.imap_port) as line:
        line.login(account.user, server.password)
        assert line.select("Redress")[1] == [b"1"]


def test_without_a_folder_of_our_own_the_mark_is_enough(server: MailServer, account: Account) -> None:
    here = replace(account, done_folder="")
    server.lay(account.user, examples.PLAIN)
    with Mailbox(here) as box:
        for fetched in box.waiting():
            assert box.confirm(fetched)
        assert list(box.waiting()) == []


def test_where_moving_is_refused_the_mark_is_enough(server: MailServer, account: Account) -> None:
    server.lay(account.user, examples.PLAIN)
    # A folder whose name no Maildir takes can't be made.
    with Mailbox(replace(account, done_folder="x" * 300)) as box:
        (fetched,) = box.waiting()
        assert box.confirm(fetched)
        assert list(box.waiting()) == []


def test_two_pollers_lose_nothing_and_confirm_once(server: MailServer, account: Account) -> None:
    for number in range(5):
        server.lay(account.user, examples.PLAIN.replace(b"plain@", b"plain%d@" % number))
    with Mailbox(account) as one, Mailbox(account) as two:
        seen_by_one, seen_by_two = list(one.waiting()), list(two.waiting())
        assert {parse(m.raw).identity for m in seen_by_one} == {parse(m.raw).identity for m in seen_by_two}
        confirmed = [box.confirm(m) for m in seen_by_one for box in (one, two)]
        assert confirmed == [True, False] * 5
        assert list(one.waiting()) == []


def test_a_broken_line_is_mended_and_nothing_is_lost(server: MailServer, account: Account) -> None:
    for number in range(3):
        server.lay(account.user, examples.PLAIN.replace(b"plain@", b"plain%d@" % number))
    with Mailbox(account) as box:
        uids = []
        for fetched in box.waiting():
            uids.append(fetched.uid)
            assert box._box is not None
            box._box.client.sock.shutdown(2)  # the server goes away between any two commands
            assert box.confirm(fetched)
        assert len(uids) == 3
        assert list(box.waiting()) == []


def test_a_rebuilt_mailbox_moves_nothing_by_an_old_number(server: MailServer, account: Account) -> None:
    server.lay(account.user, examples.PLAIN)
    with Mailbox(account) as box:
        (fetched,) = box.waiting()
        assert not box.confirm(replace(fetched, uid_validity=fetched.uid_validity - 1))
        assert len(list(box.waiting())) == 1


def test_of_a_message_over_the_limit_the_beginning_is_fetched(
    server: MailServer, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "SIZE_LIMIT", 1_000)
    monkeypatch.setattr(imap, "BEGINNING", 500)
    server.lay(account.user, examples.PLAIN + b"x" * 2_000)
    with Mailbox(account) as box:
        (fetched,) = box.waiting()
        assert not fetched.whole
        assert len(fetched.raw) == 500
        assert fetched.size > 2_000


def test_a_wrong_password_a_missing_folder_and_a_dead_server_are_told_in_a_sentence(
    server: MailServer, account: Account
) -> None:
    with pytest.raises(MailboxFault, match="does not accept the password") as wrong:
        list(Mailbox(replace(account, password="wrong")).waiting())
    assert not wrong.value.again
    with pytest.raises(MailboxFault, match="has no folder Nowhere") as missing:
        list(Mailbox(replace(account, folder="Nowhere")).waiting())
    assert not missing.value.again
    with imap_down(server), pytest.raises(MailboxFault, match="can't be reached") as dead:
        list(Mailbox(replace(account, port=server.imap_port)).waiting())
    assert dead.value.again
    assert "wrong" not in repr(replace(account, password="wrong"))


def test_only_so_many_are_fetched_at_once_oldest_first(server: MailServer, account: Account) -> None:
    for number in range(4):
        server.lay(account.user, examples.PLAIN.replace(b"plain@", b"plain%d@" % number))
    with Mailbox(account) as box:
        some = list(box.waiting(most=2))
        assert len(some) == 2
        assert some[0].uid < some[1].uid
