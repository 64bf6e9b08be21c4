"""Every setting is read, and a wrong one is explained in a sentence that names it and says what would do."""

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from redress.server import environment, reference
from redress.server.environment import SETTINGS, Environment, WrongSetting

PROJECT = Path(__file__).resolve().parents[2]

# Too short, no figures at all, a default that everybody tries, and one that somebody typed.
SHORT_KEYS = ["a1" * 16, "secret", "0" * 64, "deadbeef" * 8, bytes(range(32)).hex()]
WRONG = {
    "PORT": ["x", "0", "65536", "80 80", "-1", "٨٠"],
    "REDRESS_LISTEN": ["everywhere", "http://127.0.0.1"],
    "REDRESS_HOSTS": ["https://complaints.example", "a.example/path"],
    "DATABASE_URL": ["mysql://x/y", "postgresql://host", "postgresql://h:port/db", "postgresql://h/db?cheese=1"],
    "REDRESS_OWNER_DATABASE_URL": ["sqlite:///x"],
    "REDRESS_SMTP_URL": ["mail.example:25", "smtp://", "smtp://h:many"],
    "REDRESS_CLAMD": ["/run/clamd.ctl", "tcp:host", "yes"],
    "REDRESS_BANK_HOLIDAYS_ADDRESS": ["www.gov.uk", "file:///etc/passwd", "https://me:pw@gov.uk/", "https://gov.uk:x/"],
    "REDRESS_UPLOAD_MB": ["0", "lots"],
    "REDRESS_WEB_WORKERS": ["0", "two"],
    "REDRESS_BEHIND_HTTPS": ["maybe"],
    "REDRESS_SESSION_MINUTES": ["1", "for ever"],
    "REDRESS_PUBLIC_ADDRESS": ["complaints.example", "http://complaints.example", "https://a.example/path", "https://"],
    "REDRESS_TRUSTED_PROXIES": ["the proxy", "10.0.0.0/99"],
    "REDRESS_PLAIN_HTTP": ["perhaps"],
    "REDRESS_SESSION_KEY": SHORT_KEYS,
    "REDRESS_SECOND_FACTOR_KEY": SHORT_KEYS,
    "REDRESS_SEAL_KEY": SHORT_KEYS,
    "REDRESS_BACKUP_KEY": SHORT_KEYS,
    "REDRESS_LOG_LEVEL": ["loud"],
}
RIGHT_AS_ANYTHING = {
    "REDRESS_HOME", "REDRESS_DATABASE_ACCOUNT", "REDRESS_MAIL_DOMAIN", "REDRESS_SESSION_KEY_FILE",
    "REDRESS_SECOND_FACTOR_KEY_FILE", "REDRESS_SEAL_KEY_FILE", "REDRESS_BACKUP_KEY_FILE",
}  # fmt: skip


def read(variables: Mapping[str, str] | None = None, **more: str) -> Environment:
    return environment.read({**(variables or {}), **more})


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_named_and_an_example_given(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read({name: value})
    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert "for example" in sentence
    assert sentence.endswith(".")


def test_every_setting_has_its_wrong_values_tested() -> None:
    assert set(WRONG) | RIGHT_AS_ANYTHING == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_example_is_right(setting: environment.Setting) -> None:
    more = {"DATABASE_URL": "postgresql://a/b"} if setting.name == "REDRESS_OWNER_DATABASE_URL" else {}
    found = read({**more, setting.name: setting.example})
    assert found.values[setting.attribute] is not None
    assert setting.name in found.given


def test_a_password_is_not_repeated_in_the_sentence() -> None:
    with pytest.raises(WrongSetting) as refused:
        read(DATABASE_URL="mysql://me:hunter2@db/x")
    assert "hunter2" not in str(refused.value)


def test_an_unknown_setting_is_refused_and_the_near_one_named() -> None:
    with pytest.raises(WrongSetting, match=r"no setting REDRESS_HOEM.*mean REDRESS_HOME"):
        read(REDRESS_HOEM="/srv")


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(WrongSetting, match="NUL"):
        read(REDRESS_MAIL_DOMAIN="a\0b")


def test_the_owner_alone_is_refused() -> None:
    with pytest.raises(WrongSetting, match="both, or neither"):
        read(REDRESS_OWNER_DATABASE_URL="postgresql://o@h/d")


def test_nothing_set_gives_a_service_on_this_machine_only() -> None:
    found = read()
    assert (found.port, found.listen, found.hosts, found.database_url) == (8000, "127.0.0.1", (), None)
    assert found.given == frozenset()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://me:p%40ss@db.example:5433/redress", ("db.example", "5433", "redress", "me", "p@ss")),
        ("postgres:///redress?host=/run/postgresql", ("/run/postgresql", "", "redress", "", "")),
        ("postgresql://me@/redress?host=%2Ftmp%2Fa%20b&port=6000", ("/tmp/a b", "6000", "redress", "me", "")),
    ],
)
def test_a_database_address_is_read(address: str, expected: tuple[str, ...]) -> None:
    found = environment.parse_database(address)
    assert tuple(found[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")) == expected


def test_ssl_settings_reach_the_driver() -> None:
    assert environment.parse_database("postgresql://a/b?sslmode=verify-full")["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "none")),
        ("smtp+starttls://me:pw@mail.example", ("mail.example", 587, "starttls")),
        ("smtps://mail.example", ("mail.example", 465, "implicit")),
    ],
)
def test_a_mail_server_is_read(address: str, expected: tuple[Any, ...]) -> None:
    found = read(REDRESS_SMTP_URL=address).smtp_url
    assert (found["host"], found["port"], found["tls"]) == expected


OUTSIDE = {
    "DATABASE_URL": "postgresql://a/b",
    "REDRESS_PUBLIC_ADDRESS": "https://complaints.example",
    "REDRESS_HOSTS": "complaints.example",
    "REDRESS_LISTEN": "0.0.0.0",
    "REDRESS_BEHIND_HTTPS": "yes",
    "REDRESS_SMTP_URL": "smtp://mail.example",
    "REDRESS_BANK_HOLIDAYS_ADDRESS": "https://www.gov.uk/bank-holidays.json",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_demonstration_refuses_what_leads_off_the_machine(name: str, tmp_path: Path) -> None:
    found = read({name: OUTSIDE[name], "REDRESS_HOME": str(tmp_path)})
    with pytest.raises(WrongSetting, match="demonstration") as refused:
        environment.refuse_in_demonstration(found)
    assert str(refused.value).startswith(name)


def test_every_setting_that_is_refused_in_a_demonstration_is_tested() -> None:
    marked = {setting.name for setting in SETTINGS if setting.refused_in_demonstration}
    assert marked - set(OUTSIDE) == {"REDRESS_OWNER_DATABASE_URL"}  # which can't stand without DATABASE_URL


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"REDRESS_SMTP_URL": "smtp://localhost:2525"},
        {"REDRESS_LISTEN": "127.0.0.1"},
        {"REDRESS_BANK_HOLIDAYS_ADDRESS": "http://127.0.0.1:8000/bank-holidays.json"},
    ],
)
def test_a_demonstration_takes_what_stays_on_the_machine(variables: dict[str, str]) -> None:
    environment.refuse_in_demonstration(read(variables))


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_generated_pages_are_up_to_date(name: str) -> None:
    assert (PROJECT / name).read_text() == reference.PAGES[name](), "run “make docs”"


def test_every_setting_is_used_somewhere() -> None:
    source = "\n".join(
        file.read_text() for file in (PROJECT / "src" / "redress").rglob("*.py") if file.name != "environment.py"
    )
    own = inspect.getsource(environment)
    unused = [
        one.name
        for one in SETTINGS
        if f".{one.attribute}" not in source and f'"{one.attribute}"' not in own and f".{one.attribute}" not in own
    ]
    assert unused == []
