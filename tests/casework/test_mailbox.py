"""A real mailbox is read: stored first, marked afterwards; what breaks in between is read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories.intake import Office, mail, office
from redress.casework import arrivals
from redress.correspondence.models import AutomaticAcknowledgement, Message, Receipt
from redress.council.models import Mailbox
from redress.jobs import mailbox as jobs
from servers.mail import MailServer, mail_server
from servers.needs import needs

pytestmark = [pytest.mark.django_db, needs("dovecot")]


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server("complaints", "second", "third") as running:
        yield running


@pytest.fixture
def northmere() -> Office:
    return office()


def read_by(of: Office, server: MailServer, user: str, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Let the council's mailbox be read from the server."""
    monkeypatch.setenv("NORTHMERE_PASSWORD", server.password)
    box = of.mailbox
    box.imap_host, box.imap_port, box.imap_tls = server.host, server.imap_port, False
    box.imap_user, box.password_setting = user, "NORTHMERE_PASSWORD"
    box.save()
    return box


def test_a_mailbox_is_read_once_and_its_messages_are_stored(
    northmere: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = read_by(northmere, server, "complaints", monkeypatch)
    server.deliver(mail(), "complaints@northmere.example")
    server.deliver(mail("Another", message_id="<two@mail.example>"), "complaints@northmere.example")
    for _ in range(2):
        jobs.read(mailbox_id=box.pk)
    assert sorted(Message.objects.values_list("message_id", flat=True)) == ["one@mail.example", "two@mail.example"]
    assert Receipt.objects.filter(mailbox=box).count() == 2
    assert AutomaticAcknowledgement.objects.count() == 1
    box.refresh_from_db()
    assert box.last_success_at is not None
    assert box.failures == 0


def test_what_breaks_before_it_is_marked_is_read_again_and_stays_one_message(
    northmere: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = read_by(northmere, server, "second", monkeypatch)
    server.deliver(mail(), "second@northmere.example")

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("redress.plumbing.mail.imap.Mailbox.confirm", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.read(mailbox_id=box.pk)
    jobs.read(mailbox_id=box.pk)
    assert (Message.objects.count(), Receipt.objects.count()) == (1, 2)


def test_what_breaks_between_receipt_and_message_is_not_lost(
    northmere: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = read_by(northmere, server, "third", monkeypatch)
    server.deliver(mail(), "third@northmere.example")

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "understand", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.read(mailbox_id=box.pk)
    assert Message.objects.count() == 0
    jobs.read(mailbox_id=box.pk)
    monkeypatch.setattr(jobs, "SWEEP_AFTER", -jobs.SWEEP_AFTER)
    jobs.sweep()
    assert (Message.objects.count(), Receipt.objects.count()) == (1, 2)
    assert not Receipt.objects.filter(read_as=None).exists()


def test_a_wrong_password_is_written_down_and_told(
    northmere: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = read_by(northmere, server, "complaints", monkeypatch)
    monkeypatch.setenv("NORTHMERE_PASSWORD", "wrong")
    jobs.read(mailbox_id=box.pk)
    box.refresh_from_db()
    assert box.failures == 1
    assert box.last_failure
    assert "wrong" not in box.last_failure
