"""`redress init` makes a real installation, once; keys are changed, backups encrypted, and all of it looked at."""

import json
import os
import pty
import re
import secrets
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from plumbing import installations
from plumbing.installations import redress
from redress.plumbing import encrypting
from redress.plumbing.home import Home
from redress.plumbing.postgres import APP, Cluster
from redress.plumbing.storage import FileStore
from redress.server import mark

pytestmark = pytest.mark.slow

ANSWERS = """
nation = "England"
council = "Northmere Borough Council"
exists_from = "1 April 1974"
address = "Town Hall, Market Place, Northmere"
telephone = "01632 960100"
email = "complaints@northmere.example"
public_address = "https://complaints.northmere.example"
administrator = "Nadia Rahman"
administrator_email = "nadia.rahman@northmere.example"
"""
LINK = re.compile(r"https://complaints\.northmere\.example/accounts/first/[\w-]{43}/")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("answers") / "northmere.toml"
    file.write_text(ANSWERS)
    return file


@pytest.fixture(scope="module")
def begun(answers: Path, migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """Give an installation that was set up, and what was said; the tables were made before, which takes its time."""
    home = installations.copy(migrated, tmp_path_factory.mktemp("begun") / "home")
    done = redress(home.path, "init", "--file", str(answers), "--yes")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


@pytest.fixture
def home(begun: tuple[Home, str], tmp_path: Path) -> Home:
    return installations.copy(begun[0], tmp_path / "home")


def good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("redress: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with Cluster(home=home).running() as cluster, psycopg.connect(**cluster.address(APP)) as app:
        return app.execute(query).fetchall()


# ------------------------------------------------------------------------------------------------------------ beginning


def test_it_makes_a_council_one_person_and_the_keys_and_nothing_else(begun: tuple[Home, str]) -> None:
    home, said = begun
    assert len(LINK.findall(said)) == 1
    assert "Backups are NOT ENCRYPTED" in said
    assert rows(home, "SELECT code, prefix, exists_from::text, ends_on FROM council_council") == [
        ("northmere", "NRT", "1974-04-01", None)
    ]
    assert rows(home, "SELECT email, left(password, 1) FROM staff_officer") == [("nadia.rahman@northmere.example", "!")]
    assert rows(home, "SELECT role FROM staff_membership") == [("system_administrator",)]
    assert rows(home, "SELECT count(*) FROM cases_case") == [(0,)]
    assert {file.name for file in home.keys.iterdir()} >= {"session.key", "field.key", "seal.key"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.keys.iterdir()} == {0o600}
    assert home.kind() == "real"
    assert not home.demonstration.exists()
    told = (home.path / "settings.env").read_text()
    assert "REDRESS_PUBLIC_ADDRESS=https://complaints.northmere.example" in told
    assert "REDRESS_BEHIND_HTTPS=yes" in told


def test_the_link_stands_nowhere_but_where_it_was_printed(begun: tuple[Home, str]) -> None:
    home, said = begun
    token = LINK.findall(said)[0].split("/")[-2]
    (digest,) = rows(home, "SELECT digest FROM staff_signinlink")[0]
    assert token not in str(digest)
    for file in (*home.logs.rglob("*"), home.path / "settings.env"):
        assert token not in file.read_text(errors="replace")


def test_run_again_it_says_what_is_there_and_changes_nothing(home: Home, answers: Path) -> None:
    before = _everything(home)
    said = good(redress(home.path, "init", "--file", str(answers), "--yes"))
    assert "set up already; nothing was changed" in said
    assert "Northmere Borough Council (northmere)" in said
    assert "nadia.rahman@northmere.example: has not used the link yet" in said
    assert not LINK.findall(said)
    assert _everything(home) == before


def _everything(home: Home) -> object:
    return (
        rows(home, "SELECT name, seq FROM access_stream ORDER BY name"),
        rows(home, "SELECT digest FROM staff_signinlink"),
        {file.name: file.read_bytes() for file in home.keys.iterdir()},
        (home.path / "settings.env").read_bytes(),
    )


def test_killed_half_way_it_can_be_run_again(answers: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    words = installations.command("init", "--file", str(answers), "--yes")
    variables = installations.environment({"REDRESS_HOME": str(home.path)})
    process = subprocess.Popen(words, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (home.keys / "database.json").exists() and time.monotonic() < until:
        time.sleep(0.01)  # its keys are made, and the database is being made
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert home.is_made()
    said = refused(redress(home.path, "init", "--yes"))
    assert "--nation" in said
    said = good(redress(home.path, "init", "--file", str(answers), "--yes"))
    assert len(LINK.findall(said)) == 1
    assert rows(home, "SELECT count(*) FROM council_council") == [(1,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nation", "Scotland"], "Scottish Public Services Ombudsman"),
        (["--nation", "wales"], "Ombudsman for Wales"),
        (["--public-address", "http://complaints.example"], "--public-address"),
        (["--code", "desk"], "an address of Redress itself"),
        (["--file", "/nowhere.toml"], "can't be read"),
    ],
)
def test_what_can_not_be_used_is_refused_before_anything_is_made(
    words: list[str], said: str, answers: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert said in refused(redress(home, "init", "--file", str(answers), "--yes", *words))
    assert not home.exists()


def test_without_a_yes_nothing_is_made(answers: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "say it with --yes" in refused(redress(home, "init", "--file", str(answers)))
    assert not home.exists()


def test_an_answer_that_nobody_asks_for_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(ANSWERS + 'colour = "red"\n')
    assert "“colour”" in refused(redress(tmp_path / "home", "init", "--file", str(file), "--yes"))


def test_a_demonstration_can_not_become_real(answers: Path, tmp_path: Path) -> None:
    mark.write_file(Home(tmp_path / "demo"), "demonstration")
    assert "can't become anything else" in refused(redress(tmp_path / "demo", "init", "--file", str(answers), "--yes"))


def test_what_was_begun_is_not_turned_into_a_demonstration(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.env").write_text("REDRESS_PUBLIC_ADDRESS=http://127.0.0.1:8000\n")
    said = refused(redress(tmp_path / "home", "run"))
    assert "make a real one: redress init" in said
    assert not (tmp_path / "home" / "installation.json").exists()


def test_at_a_terminal_it_asks_and_asks_again(migrated: Home, tmp_path: Path) -> None:
    """Typed as a person types it: a wrong date is asked for once more, and Enter takes what is suggested."""
    home = installations.copy(migrated, tmp_path / "home")
    typed = [
        "", "Northmere Borough Council", "", "", "NMR", "once upon a time", "1 April 1974", "", "Town Hall, Northmere",
        "01632 960100", "complaints@northmere.example", "", "http://127.0.0.1:8123", "Nadia Rahman",
        "nadia.rahman@northmere.example", "yes",
    ]  # fmt: skip
    ours, theirs = pty.openpty()
    variables = installations.environment({"REDRESS_HOME": str(home.path)})
    process = subprocess.Popen(installations.command("init"), env=variables, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in typed).encode())
    said = b""
    while True:
        try:
            said += os.read(ours, 65_536)
        except OSError:  # closed at the other end
            break
    os.close(ours)
    assert process.wait(60) == 0, said.decode()
    shown = said.decode()
    assert "It must be a date" in shown
    assert "[northmere]" in shown
    assert "none: only this machine can reach it" in shown
    assert "http://127.0.0.1:8123/accounts/first/" in shown
    assert "REDRESS_PLAIN_HTTP=yes" in (home.path / "settings.env").read_text()


def test_a_new_link_ends_the_one_before_and_can_go_into_a_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "link"
    said = good(redress(home.path, "admin-link", "--link-to", str(file)))
    assert not LINK.findall(said)
    assert LINK.fullmatch(file.read_text().strip())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rows(home, "SELECT count(*), count(ended_at) FROM staff_signinlink") == [(2, 1)]
    assert rows(home, "SELECT count(*) FROM access_entry WHERE kind = 'staff.link-made'") == [(2,)]
    assert "is there already" in refused(redress(home.path, "admin-link", "--link-to", str(file)))
    assert "nadia.rahman@northmere.example" in refused(redress(home.path, "admin-link", "nobody@example.org"))


# ------------------------------------------------------------------------------------------------------------- starting


@pytest.mark.parametrize("part", ["run", "web", "worker"])
def test_it_does_not_start_where_others_could_listen(part: str, home: Home) -> None:
    said = refused(redress(home.path, part, REDRESS_BEHIND_HTTPS="no"))
    assert "REDRESS_BEHIND_HTTPS=yes" in said
    assert "trusted" in refused(redress(home.path, part, REDRESS_LISTEN="0.0.0.0")).lower()
    assert "DEBUG is set" in refused(redress(home.path, part, DEBUG="1"))
    (home.keys / "session.key").write_text("changeme\n")
    assert "64 hexadecimal digits" in refused(redress(home.path, part))


# ----------------------------------------------------------------------------------------------------------------- keys


def test_every_key_is_changed_with_what_follows(home: Home) -> None:
    for name, file in (("session", "session.key"), ("second-factor", "field.key"), ("seal", "seal.key")):
        before = (home.keys / file).read_bytes()
        assert f"The {name} key was changed." in good(redress(home.path, "secrets", "rotate", name))
        assert (home.keys / file).read_bytes() != before
        assert not (home.keys / f"{file}.next").exists()
    changed = rows(home, "SELECT ids->>'secret' FROM access_entry WHERE kind = 'secret.changed' ORDER BY seq")
    assert changed == [("session",), ("second-factor",), ("seal",)]
    good(redress(home.path, "trail", "verify"))
    assert "from keys/seal.key" in good(redress(home.path, "secrets"))


def test_a_key_that_a_setting_gives_is_changed_there(home: Home, tmp_path: Path) -> None:
    given = {"REDRESS_SESSION_KEY": secrets.token_hex(32), "REDRESS_SECOND_FACTOR_KEY": secrets.token_hex(32)}
    said = refused(redress(home.path, "secrets", "rotate", "session", **given))
    assert "comes from REDRESS_SESSION_KEY, so it is changed there" in said
    assert "--new FILE" in refused(redress(home.path, "secrets", "rotate", "second-factor", **given))
    file = tmp_path / "new"
    file.write_text(secrets.token_hex(32))
    said = good(redress(home.path, "secrets", "rotate", "second-factor", "--new", str(file), **given))
    assert "Now let REDRESS_SECOND_FACTOR_KEY give the key" in said
    assert given["REDRESS_SECOND_FACTOR_KEY"] not in said


def test_a_key_that_is_missing_at_work_is_not_made_anew(home: Home) -> None:
    good(redress(home.path, "trail", "seal"))
    (home.keys / "field.key").unlink()
    assert "is missing" in refused(redress(home.path, "run"))
    assert not (home.keys / "field.key").exists()
    assert redress(home.path, "secrets").returncode == 1


# -------------------------------------------------------------------------------------------------------------- backups


def test_a_backup_without_a_key_says_so_loudly(home: Home, tmp_path: Path) -> None:
    assert "!! NOT ENCRYPTED" in good(redress(home.path, "backup", str(tmp_path / "b")))


def test_with_a_key_nothing_of_it_can_be_read_and_it_comes_back(home: Home, tmp_path: Path) -> None:
    letter = b"Dear Ms Lukas, your bin was missed." * 50
    FileStore(home.store).put("northmere", letter)
    good(redress(home.path, "trail", "seal"))
    said = good(redress(home.path, "secrets", "rotate", "backup"))
    assert "Copy" in said and "backup.key to a safe place" in said
    kept = (home.keys / "backup.key").read_bytes()
    folder, keys = tmp_path / "backup", tmp_path / "keys"
    said = good(redress(home.path, "backup", str(folder), "--keys", str(keys)))
    assert "It is encrypted with the key in keys/backup.key" in said
    good(redress(home.path, "secrets", "rotate", "backup"))  # the backup before needs the key before
    assert (home.keys / "backup.key").read_bytes() != kept

    manifest = json.loads((folder / "manifest.json").read_text())
    everything = b"".join((folder / name).read_bytes() for name in manifest["files"])
    for secret in (
        letter[:20],
        b"Northmere Borough",
        b"PGDMP",
        *(file.read_bytes()[:64] for file in home.keys.iterdir()),
    ):
        assert secret not in everything
    assert encrypting.is_encrypted(folder / "database.dump")
    assert encrypting.is_encrypted(keys)

    fresh = Home(tmp_path / "another machine")
    assert "--backup-key FILE" in refused(redress(fresh.path, "restore", str(folder), "--keys", str(keys)))
    key, wrong = tmp_path / "backup.key", tmp_path / "wrong.key"
    key.write_bytes(kept)
    wrong.write_text(secrets.token_hex(32))
    words = ("restore", str(folder), "--keys", str(keys), "--backup-key")
    assert "another one" in refused(redress(fresh.path, *words, str(wrong)))
    assert not fresh.path.exists()
    good(redress(fresh.path, *words, str(key)))
    assert rows(fresh, "SELECT code FROM council_council") == [("northmere",)]
    assert [one.read_bytes() for one in fresh.store.rglob("*") if one.is_file() and one.name[0] != "."] == [letter]
    good(redress(fresh.path, "trail", "verify"))


def test_a_list_that_was_changed_is_refused(home: Home, tmp_path: Path) -> None:
    good(redress(home.path, "secrets", "rotate", "backup"))
    folder = tmp_path / "backup"
    good(redress(home.path, "backup", str(folder)))
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["installation.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "was changed after it was made" in refused(redress(home.path, "restore", str(folder)))


# --------------------------------------------------------------------------------------------------------------- doctor


def test_the_doctor_looks_at_all_of_it(home: Home, tmp_path: Path) -> None:
    done = redress(home.path, "doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert {one["state"] for one in found} == {"ok", "look"}
    said = " ".join(one["sentence"] for one in found)
    for part in (
        "PostgreSQL", "tables are those", "No worker runs", "are free", "readable by their owner", "by HTTPS",
        "https://complaints.northmere.example", "No mail server", "No virus scanner", "clock", "No backup",
        "Northmere Borough Council", "No system administrator has come in",
    ):  # fmt: skip
        assert part in said, part
    assert all(one["do"] for one in found if one["state"] == "look" and "No worker" not in one["sentence"])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("open key", "can be read by others"),
        ("short key", "64 hexadecimal digits"),
        ("no key", "second factors in the database is missing"),
        ("plain", "Nothing says that people come by HTTPS"),
        ("mail", "can't be reached"),
        ("scanner", "does not answer"),
        ("old backup", "The last backup is 30 days old"),
    ],
)
def test_the_doctor_calls_bad_what_is_bad(harm: str, said: str, home: Home) -> None:
    more = {}
    if harm == "open key":
        (home.keys / "seal.key").chmod(0o644)
    elif harm == "short key":
        (home.keys / "session.key").write_text("short\n")
    elif harm == "no key":
        (home.keys / "field.key").unlink()
    elif harm == "plain":
        more = {"REDRESS_BEHIND_HTTPS": "no"}
    elif harm == "mail":
        more = {"REDRESS_SMTP_URL": "smtp://127.0.0.1:1"}
    elif harm == "scanner":
        more = {"REDRESS_CLAMD": "unix:/nowhere.ctl"}
    else:
        long_ago = time.strftime("%Y-%m-%dT00:00:00+00:00", time.gmtime(time.time() - 30 * 86_400 + 40_000))
        told = {"made_at": long_ago, "folder": "/srv/backups", "encrypted": True}
        (home.path / "last-backup.json").write_text(json.dumps(told))
    done = redress(home.path, "doctor", "--json", **more)
    assert done.returncode == 1
    bad = [one for one in json.loads(done.stdout) if one["state"] == "bad"]
    assert [one for one in bad if said in one["sentence"]], bad
