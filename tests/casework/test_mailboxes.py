"""Where is a mailbox read, who may say so, and what may a demonstration not reach?"""

import pytest

from factories.cast import AT, Cast, assemble
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.casework import mailboxes
from redress.council.models import Mailbox
from redress.jobs import mailbox_connect

pytestmark = pytest.mark.django_db(transaction=True)
COMMAND = Actor.command("redress mail connect")
PLACE = {
    "host": "imap.northmere.example", "port": 993, "tls": True, "user": "complaints",
    "password_setting": "NORTHMERE_MAILBOX_PASSWORD",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return assemble()


def test_a_mailbox_is_connected_and_what_went_wrong_before_is_forgotten(cast: Cast) -> None:
    Mailbox.objects.filter(pk=cast.mailbox.pk).update(
        active=False, failures=7, last_failure="No route", last_failure_at=AT
    )
    mailboxes.connect(mailbox=cast.mailbox, **PLACE, by=COMMAND, at=AT)
    found = Mailbox.objects.get(pk=cast.mailbox.pk)
    assert (found.imap_host, found.imap_port, found.imap_tls, found.imap_user) == (
        "imap.northmere.example", 993, True, "complaints",
    )  # fmt: skip
    assert found.active
    assert (found.failures, found.last_failure, found.last_failure_at) == (0, "", None)
    assert found.password_setting == "NORTHMERE_MAILBOX_PASSWORD"
    entry = trail.read(cast.mailbox)[-1]
    assert entry.kind == "council.mailbox-changed"
    assert entry.ids["host"] == "imap.northmere.example"


def test_who_looks_after_settings_may_and_who_works_on_cases_may_not(cast: Cast) -> None:
    mailboxes.connect(mailbox=cast.mailbox, **PLACE, by=cast.actor(Role.SYSTEM_ADMINISTRATOR), at=AT)
    with pytest.raises(NotPermitted):
        mailboxes.connect(mailbox=cast.mailbox, **PLACE, by=cast.actor(Role.COMPLAINTS_MANAGER), at=AT)


@pytest.mark.parametrize("host", ["", "   "])
def test_a_server_is_named(cast: Cast, host: str) -> None:
    with pytest.raises(mailboxes.NoServer):
        mailboxes.connect(mailbox=cast.mailbox, **{**PLACE, "host": host}, by=COMMAND, at=AT)


@pytest.mark.parametrize("name", ["", "hunter2!", "REDRESS_HOME", "lower_case", "A B"])
def test_the_password_itself_is_never_taken(cast: Cast, name: str) -> None:
    """Somebody who puts the password where the name of its setting belongs is told so; nothing is kept."""
    with pytest.raises(mailboxes.NotTheNameOfASetting):
        mailboxes.connect(mailbox=cast.mailbox, **{**PLACE, "password_setting": name}, by=COMMAND, at=AT)
    assert Mailbox.objects.get(pk=cast.mailbox.pk).password_setting == ""


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("imaps://me@imap.example", mailbox_connect.Place("imap.example", 993, True, "me", "INBOX")),
        ("imap://127.0.0.1:1143", mailbox_connect.Place("127.0.0.1", 1143, False, "", "INBOX")),
        (
            "imaps://complaints%40a.example@imap.example/Complaints/New",
            mailbox_connect.Place("imap.example", 993, True, "complaints@a.example", "Complaints/New"),
        ),
    ],
)
def test_a_url_says_where_it_lies(url: str, place: mailbox_connect.Place) -> None:
    assert mailbox_connect.place(url) == place


@pytest.mark.parametrize(
    "url", ["imap.example", "https://imap.example", "imaps://me:secret@imap.example", "imaps://a:x@b"]
)
def test_a_url_that_will_not_do_is_explained(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(The place must be a URL|The URL holds a password)"):
        mailbox_connect.place(url)


def test_the_command_connects_and_says_so(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    given = [cast.mailbox.address, "imap://complaints@127.0.0.1:1143", "--password-setting", "MAILBOX_PASSWORD"]
    assert mailbox_connect.main(given) == 0
    assert "is read from 127.0.0.1:1143, INBOX, from now on." in capsys.readouterr().out
    assert Mailbox.objects.get(pk=cast.mailbox.pk).imap_port == 1143


def test_a_demonstration_reads_no_mail_outside_the_machine(
    cast: Cast, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    settings.REDRESS_DEMONSTRATION = True  # type: ignore[attr-defined]
    given = [cast.mailbox.address, "imaps://complaints@imap.example", "--password-setting", "MAILBOX_PASSWORD"]
    assert mailbox_connect.main(given) == 1
    assert "demonstration" in capsys.readouterr().err
    assert Mailbox.objects.get(pk=cast.mailbox.pk).imap_host == ""


def test_a_mailbox_that_is_not_there_is_told_with_those_that_are(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["nobody@northmere.example", "imap://127.0.0.1", "--password-setting", "MAILBOX_PASSWORD"]
    assert mailbox_connect.main(given) == 1
    assert "complaints@northmere.example" in capsys.readouterr().err
