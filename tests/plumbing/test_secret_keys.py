"""A key is made by chance, comes from where it was told, and one that can be guessed stops the start."""

import secrets
import stat
from pathlib import Path

import pytest

from redress.plumbing.home import Home
from redress.server import environment, mark, secret_keys, starting
from redress.server.environment import Environment, WrongSetting
from redress.server.secret_keys import BACKUP, NEEDED, SEAL, SECOND_FACTOR, SECRETS, SESSION, SecretFault


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    mark.write_file(made, "real")
    return made


def read(home: Home, **more: str) -> Environment:
    return environment.read({"REDRESS_HOME": str(home.path), **more})


def test_those_that_are_needed_are_made_once_readable_by_their_owner_only(home: Home) -> None:
    assert secret_keys.make_missing(read(home)) == list(NEEDED)
    kept = {secret: secret_keys.find(read(home), secret) for secret in NEEDED}
    assert secret_keys.make_missing(read(home)) == []
    for secret, found in kept.items():
        assert found is not None
        assert found == secret_keys.find(read(home), secret)
        assert stat.S_IMODE((home.keys / secret.file).stat().st_mode) == 0o600
    assert len({found.content for found in kept.values() if found}) == 3
    assert secret_keys.find(read(home), BACKUP) is None


@pytest.mark.parametrize("secret", SECRETS, ids=lambda one: one.name)
def test_a_setting_or_a_file_that_it_names_gives_it(secret: secret_keys.Secret, home: Home, tmp_path: Path) -> None:
    key, name = secrets.token_hex(32), secret.setting
    found = secret_keys.find(read(home, **{name: key}), secret)
    assert found is not None
    assert (found.content.hex(), found.source, found.ours) == (key, name, False)
    file = tmp_path / "key"
    file.write_text(key.upper() + "\n")
    found = secret_keys.find(read(home, **{f"{name}_FILE": str(file)}), secret)
    assert found is not None
    assert (found.content.hex(), found.file) == (key, file)
    with pytest.raises(WrongSetting, match="both set"):
        read(home, **{name: key, f"{name}_FILE": str(file)})


@pytest.mark.parametrize("weak", ["", "secret", "ab" * 16, "0" * 64, "12345678" * 8, bytes(range(32)).hex()])
def test_a_short_or_made_up_key_in_a_file_is_refused(weak: str, home: Home) -> None:
    secret_keys.make_missing(read(home))
    (home.keys / SESSION.file).write_text(weak)
    with pytest.raises(SecretFault, match=r"64 hexadecimal digits|made by chance") as refused:
        secret_keys.check(read(home))
    if weak:
        assert weak not in str(refused.value)


def test_the_example_of_the_reference_is_no_key(home: Home) -> None:
    with pytest.raises(SecretFault, match="example of the reference"):
        secret_keys.find(read(home, REDRESS_SESSION_KEY=secret_keys.EXAMPLE), SESSION)


def test_a_file_that_is_not_there_is_named(home: Home) -> None:
    with pytest.raises(SecretFault, match="/nowhere/key can't be read"):
        secret_keys.find(read(home, REDRESS_SEAL_KEY_FILE="/nowhere/key"), SEAL)


def test_a_real_installation_does_not_start_without_its_keys(home: Home) -> None:
    with pytest.raises(SecretFault, match=r"signs sessions is missing: .*session.key .*safe copy"):
        starting.check(read(home, REDRESS_PLAIN_HTTP="yes"))
    secret_keys.make_missing(read(home))
    starting.check(read(home, REDRESS_PLAIN_HTTP="yes"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Put a web server with HTTPS in front and set REDRESS_BEHIND_HTTPS=yes"),
        (
            {"REDRESS_PLAIN_HTTP": "yes", "REDRESS_LISTEN": "0.0.0.0"},
            "REDRESS_PLAIN_HTTP is set, but it would listen on 0",
        ),
        ({"REDRESS_BEHIND_HTTPS": "yes", "REDRESS_LISTEN": "10.0.0.1"}, "set REDRESS_TRUSTED_PROXIES"),
        ({"REDRESS_LISTEN": "0.0.0.0"}, "REDRESS_BEHIND_HTTPS=yes"),
    ],
)
def test_what_could_be_listened_to_is_refused(given: dict[str, str], said: str, home: Home) -> None:
    secret_keys.make_missing(read(home))
    with pytest.raises(starting.CantStart) as refused:
        starting.check(read(home, **given))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        {"REDRESS_PLAIN_HTTP": "yes"},
        {"REDRESS_BEHIND_HTTPS": "yes"},
        {"REDRESS_BEHIND_HTTPS": "yes", "REDRESS_LISTEN": "10.0.0.1", "REDRESS_TRUSTED_PROXIES": "10.0.0.5"},
    ],
)
def test_what_is_safe_starts(given: dict[str, str], home: Home) -> None:
    secret_keys.make_missing(read(home))
    starting.check(read(home, **given))


@pytest.mark.parametrize(
    ("name", "value"), [("DEBUG", "1"), ("DJANGO_DEBUG", "true"), ("DJANGO_SETTINGS_MODULE", "mine.settings")]
)
def test_a_debugging_mode_stops_the_start(name: str, value: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    secret_keys.make_missing(read(home))
    monkeypatch.setenv(name, value)
    with pytest.raises(starting.CantStart, match=name):
        starting.check(read(home, REDRESS_PLAIN_HTTP="yes"))


def test_a_demonstration_is_asked_for_none_of_it(tmp_path: Path) -> None:
    demonstration = Home(tmp_path / "demo")
    mark.write_file(demonstration, "demonstration")
    starting.check(read(demonstration))


def test_a_second_factor_key_that_was_being_changed_is_read_beside_the_present_one(home: Home) -> None:
    assert secret_keys.next_value(read(home), SECOND_FACTOR) is None
    (home.keys / "field.key.next").write_bytes(secret_keys.new())
    assert secret_keys.next_value(read(home), SECOND_FACTOR) is not None


# ------------------------------------------------------------------------------------------------ what init was told


def test_the_settings_in_the_folder_of_data_are_read_and_the_environment_goes_before_them(home: Home) -> None:
    (home.path / "settings.env").write_text(
        "# told\n\nREDRESS_PUBLIC_ADDRESS = https://complaints.example\nPORT=8100\n"
    )
    found = read(home, PORT="8200")
    assert (found.public_address, found.port) == ("https://complaints.example", 8200)
    assert found.public_hosts == ("complaints.example",)
    assert "REDRESS_PUBLIC_ADDRESS" in found.given
    assert read(home, REDRESS_HOSTS="other.example").public_hosts == ("complaints.example", "other.example")


@pytest.mark.parametrize("line", ["REDRESS_HOME=/elsewhere", "REDRESS_NONSENSE=1", "just words"])
def test_a_line_that_is_no_setting_is_named(line: str, home: Home) -> None:
    (home.path / "settings.env").write_text(f"# told\n{line}\n")
    with pytest.raises(WrongSetting, match="Line 2 of"):
        read(home)
