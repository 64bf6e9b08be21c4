"""A real installation on the distribution's own PostgreSQL, with two roles: migrated, backed up and restored."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from plumbing import installations
from redress.plumbing import unprivileged
from redress.plumbing.home import Home
from redress.plumbing.postgres import clean_environment
from servers.needs import needs

pytestmark = [pytest.mark.slow, needs("postgres15")]

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


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the socket folder of a server with the two roles and an empty database, as docs/how-to says."""
    made = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    account = unprivileged.account(None)
    folder = tmp_path_factory.mktemp("outside") / "pg"
    folder.mkdir()
    unprivileged.hand_over(folder, account)
    child = {"env": clean_environment(), "cwd": "/", "preexec_fn": unprivileged.become(account, paths=[folder])}
    make = [str(made[-1]), "-D", str(folder / "data"), "-U", "admin", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    subprocess.run([*make, "--no-sync"], check=True, stdout=subprocess.DEVNULL, **child)  # type: ignore[call-overload]
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    server = subprocess.Popen(  # type: ignore[call-overload]
        [str(made[-1].parent / "postgres"), "-D", str(folder / "data"), *options], stderr=subprocess.DEVNULL, **child
    )
    try:
        with _connected(folder, "admin", "postgres") as admin:
            for statement in _from_the_manual():
                admin.execute(statement)
        yield folder
    finally:
        server.terminate()
        server.wait(30)


def _from_the_manual() -> list[str]:
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-for-real.md").read_text()
    block = re.search(r"```sql\n(.*?)```", page, re.DOTALL)
    assert block is not None
    return [statement.strip() for statement in block[1].split(";") if statement.strip()]


def _connected(folder: Path, user: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    for _ in range(300):
        try:
            return psycopg.connect(host=str(folder), user=user, dbname=database, autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture
def settings(sockets: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"postgresql://redress_app@/redress?host={sockets}",
        "REDRESS_OWNER_DATABASE_URL": f"postgresql://redress_owner@/redress?host={sockets}",
        "REDRESS_PLAIN_HTTP": "yes",
    }


def test_it_is_set_up_backed_up_emptied_and_restored(sockets: Path, settings: dict[str, str], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    def good(*words: str) -> str:
        done = installations.redress(home.path, *words, **settings)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    good("migrate")
    assert home.kind() == "real"
    assert not home.pg.exists(), "no embedded server was made"
    told = good("doctor")
    assert "outside" in told
    assert "The program logs in as the owner" not in told

    variables = installations.environment({"REDRESS_HOME": str(home.path), **settings})
    subprocess.run([sys.executable, "-c", FOUND_COUNCIL], env=variables, check=True, timeout=120)
    with _connected(sockets, "redress_app", "redress") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM access_entry")

    good("backup", str(tmp_path / "backup"))
    again = installations.redress(home.path, "restore", str(tmp_path / "backup"), **settings)
    assert "already holds" in again.stderr
    with _connected(sockets, "admin", "postgres") as admin:
        admin.execute("DROP DATABASE redress WITH (FORCE)")
        admin.execute("CREATE DATABASE redress OWNER redress_owner")
    shutil.rmtree(home.store)
    good("restore", str(tmp_path / "backup"))
    with _connected(sockets, "redress_app", "redress") as app:
        assert app.execute("SELECT name FROM council_council").fetchall() == [("Northmere – Łódź",)]


def test_a_folder_that_is_a_demonstration_refuses_it(settings: dict[str, str], tmp_path: Path) -> None:
    from redress.server import mark

    home = Home(tmp_path / "demo")
    mark.write_file(home, "demonstration")
    refused = installations.redress(home.path, "migrate", **settings)
    assert refused.returncode == 1
    assert "demonstration" in refused.stderr


def test_a_council_is_set_up_on_it_and_a_database_in_use_is_left_alone(
    sockets: Path, settings: dict[str, str], tmp_path: Path
) -> None:
    with _connected(sockets, "admin", "postgres") as admin:
        admin.execute("DROP DATABASE IF EXISTS redress WITH (FORCE)")
        admin.execute("CREATE DATABASE redress OWNER redress_owner")
    answers = {
        "nation": "England", "council": "Northmere Borough Council", "exists-from": "1974-04-01",
        "address": "Town Hall",
        "telephone": "01632 960100", "email": "complaints@northmere.example", "administrator": "Nadia Rahman",
        "public-address": "https://complaints.northmere.example", "administrator-email": "nadia@northmere.example",
    }  # fmt: skip
    words = [word for key, value in answers.items() for word in (f"--{key}", value)]
    home = Home(tmp_path / "home")
    done = installations.redress(home.path, "init", "--yes", *words, **settings)
    assert done.returncode == 0, done.stderr
    assert "https://complaints.northmere.example/accounts/first/" in done.stdout
    assert not home.pg.exists()
    with _connected(sockets, "redress_app", "redress") as app:
        assert app.execute("SELECT code FROM council_council").fetchall() == [("northmere",)]
    other = tmp_path / "other"
    refused = installations.redress(other, "init", "--yes", *words, **settings)
    assert "holds an installation already" in refused.stderr
    assert not other.exists()
