"""A backup comes back as it was: rows, bytes and seals; what is wrong with one is said before anything changes."""

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from plumbing import installations
from plumbing.installations import redress
from redress.plumbing.home import Home
from redress.plumbing.postgres import APP, OWNER, Cluster
from redress.plumbing.storage import FileStore
from redress.server import mark

pytestmark = pytest.mark.slow

FOUND_COUNCIL = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "redress.server.settings"
import django
django.setup()
from redress.council.models import Council
Council.objects.create(
    code="northmere", name="Northmere – Łódź", short_name="Northmere", prefix="NMR", address="1 High Street",
    telephone="01632 960000", email="office@northmere.example",
)
"""
TESTS = Path(__file__).resolve().parents[1]
LETTER = "Dear Ms Łukasiewicz …".encode()


def good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def councils(home: Path) -> list[str]:
    with Cluster(home=Home(home)).running() as cluster, psycopg.connect(**cluster.address(APP)) as app:
        return [row[0] for row in app.execute("SELECT name FROM council_council ORDER BY id")]


def clear(home: Home) -> None:
    """Lose everything but the keys and the mark."""
    for folder in (home.pg, home.store):
        shutil.rmtree(folder)
    home.seals.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def office(migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give an installation with a council, a document and a sealed trail."""
    home = installations.copy(migrated, tmp_path_factory.mktemp("office") / "the home")
    with Cluster(home=home).running():
        found = installations.environment({"REDRESS_HOME": str(home.path)})
        subprocess.run([sys.executable, "-c", FOUND_COUNCIL], env=found, check=True, timeout=120)
    FileStore(home.store).put("northmere", LETTER)
    home.seals.write_text('{"seal": 1}\n')
    return home


@pytest.fixture(scope="module")
def saved(office: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a backup of it, and the file with its keys."""
    place = tmp_path_factory.mktemp("safe")
    folder, keys = place / "the backup", place / "keys.json"
    said = good(redress(office.path, "backup", str(folder), "--keys", str(keys)))
    assert "NOT in it: the keys" in said
    return folder, keys


@pytest.fixture
def copy(saved: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(saved[0], tmp_path / "copy")
    return tmp_path / "copy"


def test_it_lists_every_file_and_holds_no_secret(office: Home, saved: tuple[Path, Path]) -> None:
    folder, keys = saved
    manifest = json.loads((folder / "manifest.json").read_text())
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == set(manifest["files"]) | {"manifest.json"}
    secrets = [file.read_text().strip() for file in office.keys.iterdir()]
    assert secrets
    everything = b"".join((folder / name).read_bytes() for name in there)
    assert not [secret for secret in secrets if secret.encode() in everything]
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in there} == {0o600}


def test_it_comes_back_into_the_same_home_that_lost_everything_but_its_keys(
    office: Home, saved: tuple[Path, Path]
) -> None:
    seals = office.seals.read_text()
    clear(office)
    good(redress(office.path, "restore", str(saved[0])))
    assert councils(office.path) == ["Northmere – Łódź"]
    assert [path.read_bytes() for path in office.store.rglob("*") if path.is_file() and path.name[0] != "."] == [LETTER]
    assert office.seals.read_text() == seals
    good(redress(office.path, "migrate"))  # the mark in the database is the folder's


def test_it_comes_back_into_a_fresh_home_with_the_keys(office: Home, saved: tuple[Path, Path], tmp_path: Path) -> None:
    fresh = Home(tmp_path / "another machine")
    assert "--keys FILE" in refused(redress(fresh.path, "restore", str(saved[0])))
    good(redress(fresh.path, "restore", str(saved[0]), "--keys", str(saved[1])))
    assert councils(fresh.path) == ["Northmere – Łódź"]
    assert (fresh.keys / "session.key").read_bytes() == (office.keys / "session.key").read_bytes()
    assert mark.read_file(fresh) == mark.read_file(office)
    with Cluster(home=fresh).running() as cluster, psycopg.connect(**cluster.address(OWNER)) as owner:
        owned = owner.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert owned == [(OWNER,)]


def test_without_the_keys_it_comes_back_when_that_is_said(saved: tuple[Path, Path], tmp_path: Path) -> None:
    fresh = tmp_path / "no keys"
    good(redress(fresh, "restore", str(saved[0]), "--without-keys"))
    assert councils(fresh) == ["Northmere – Łódź"]


def test_an_installation_that_holds_something_is_not_overwritten(office: Home, saved: tuple[Path, Path]) -> None:
    before = councils(office.path)
    assert "already holds" in refused(redress(office.path, "restore", str(saved[0])))
    assert councils(office.path) == before


def test_another_installation_is_not_overwritten(saved: tuple[Path, Path], tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    mark.write_file(other, "real")
    assert "another installation" in refused(redress(other.path, "restore", str(saved[0])))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("altered", "is not what was backed up"),
        ("removed", "is missing from the backup"),
        ("cut", "is not what was backed up"),
        ("no manifest", "is not a backup"),
        ("climbing", "lies outside it"),
        ("newer form", "another release"),
    ],
)
def test_a_backup_that_was_harmed_is_refused_before_anything_changes(
    office: Home, copy: Path, tmp_path: Path, harm: str, said: str
) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    document = next(path for path in (copy / "store").rglob("*") if path.is_file())
    if harm == "altered":
        document.write_bytes(LETTER.replace(b"Dear", b"Deer"))
    elif harm == "removed":
        document.unlink()
    elif harm == "cut":
        (copy / "database.dump").write_bytes((copy / "database.dump").read_bytes()[:-100])
    elif harm == "no manifest":
        (copy / "manifest.json").unlink()
    elif harm == "climbing":
        manifest["files"]["../../etc/cron.d/x"] = {"sha256": "", "size": 0}
    else:
        manifest["form"] = 99
    if harm in ("climbing", "newer form"):
        (copy / "manifest.json").write_text(json.dumps(manifest))
    fresh = tmp_path / "fresh"
    assert said in refused(redress(fresh, "restore", str(copy)))
    assert not fresh.exists()


def test_wrong_keys_are_refused(saved: tuple[Path, Path], tmp_path: Path) -> None:
    keys = json.loads(saved[1].read_text())
    keys["keys"]["session.key"] = keys["keys"]["field.key"]
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(keys))
    fresh = Home(tmp_path / "fresh")
    fresh.make()
    good_key = fresh.secret("session.key")
    said = refused(redress(fresh.path, "restore", str(saved[0]), "--keys", str(wrong)))
    assert "session.key" in said
    assert "not the one of this backup" in said
    assert fresh.secret("session.key") == good_key


def test_a_backup_goes_only_into_a_folder_of_its_own(office: Home, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert "not an empty folder" in refused(redress(office.path, "backup", str(tmp_path)))
    inside = tmp_path / "b"
    assert "must not lie in the backup" in refused(
        redress(office.path, "backup", str(inside), "--keys", str(inside / "keys"))
    )
    assert "no installation" in refused(redress(tmp_path / "nowhere", "backup", str(inside)))


WRITE_LETTERS = """
import django
django.setup()
from factories import answers as make
from factories.intake import office
from redress.access.roles import Role
from redress.casework import correspondence, delivery, letters
of = office()
case = make.logged(of)
for number in range(2):
    draft = correspondence.compose(
        case=case, to=case.complainant, today=make.TODAY, by=of.actor(Role.OFFICER), kind="other", subject="Your bins",
        words=f"The crew comes tomorrow, {number}.",
    )
    pressed = letters.press(case=case, draft=draft, on=make.TODAY)
    letter = correspondence.write(case=case, draft=draft, pressed=pressed, by=of.actor(Role.OFFICER), at=make.at())
delivery.begin_dispatch(case=case, letter=letter, by=make.CARRIER, at=make.at())
"""


def test_letters_that_waited_when_the_backup_was_made_are_looked_at_and_not_sent_again(
    migrated: Home, tmp_path: Path
) -> None:
    home = installations.copy(migrated, tmp_path / "the home")
    with Cluster(home=home).running():
        there = installations.environment({"REDRESS_HOME": str(home.path), "PYTHONPATH": str(TESTS)})
        there["DJANGO_SETTINGS_MODULE"] = "redress.server.settings"
        subprocess.run([sys.executable, "-c", WRITE_LETTERS], env=there, check=True, timeout=120)
    good(redress(home.path, "backup", str(tmp_path / "old")))
    clear(home)
    said = good(redress(home.path, "restore", str(tmp_path / "old")))
    assert "2 letters waited then and may have gone" in said and "under Post" in said
    assert states(home) == [("unclear", 1), ("unclear", 1)]
    assert not (home.path / "restored.json").exists()
    good(redress(home.path, "trail", "verify"))


def test_a_restore_that_was_cut_off_before_that_finishes_it_at_the_next_start(migrated: Home, tmp_path: Path) -> None:
    home = installations.copy(migrated, tmp_path / "the home")
    with Cluster(home=home).running():
        there = installations.environment({"REDRESS_HOME": str(home.path), "PYTHONPATH": str(TESTS)})
        there["DJANGO_SETTINGS_MODULE"] = "redress.server.settings"
        subprocess.run([sys.executable, "-c", WRITE_LETTERS], env=there, check=True, timeout=120)
        (home.path / "restored.json").write_text('{"made_at": "2026-11-23T11:30:00+00:00"}')
        said = good(redress(home.path, "prepare"))
    assert "2 letters may have gone since" in said
    assert states(home) == [("unclear", 1), ("unclear", 1)]


def states(home: Home) -> list[tuple[str, int]]:
    """Give how each letter stands, and how often it was attempted."""
    with Cluster(home=home).running() as cluster, psycopg.connect(**cluster.address(APP)) as app:
        return app.execute("SELECT state, attempts FROM correspondence_letter ORDER BY id").fetchall()
