"""The embedded server comes up whatever state it was left in, and goes down when the last user leaves."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from redress.plumbing import unprivileged
from redress.plumbing.home import Home
from redress.plumbing.postgres import ADMIN, APP, OWNER, Cluster, EmbeddedServerFault

AS_USER = """
import sys, time
from pathlib import Path
from redress.plumbing.home import Home
from redress.plumbing.postgres import Cluster
cluster = Cluster(home=Home(Path(sys.argv[1])), durable=False)
cluster.join()
print("joined", cluster.postmaster(), flush=True)
sys.stdin.readline()
cluster.leave()
print("left", cluster.is_alive(), flush=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a cluster that stands, whose tests each bring it up and down."""
    cluster = Cluster(home=Home(tmp_path_factory.mktemp("pg") / "with a space, and “quotes”"), durable=False)
    with cluster.running():
        pass
    yield cluster
    if (pid := cluster.postmaster()) is not None:
        os.kill(pid, signal.SIGQUIT)


def ask(cluster: Cluster, query: str, role: str = APP) -> object:
    with psycopg.connect(**cluster.address(role)) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


def gone(pid: int, seconds: float = 10) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_it_starts_in_a_folder_with_spaces_quotes_and_a_comma(made: Cluster) -> None:
    with made.running():
        assert ask(made, "SELECT current_user") == APP
        assert ask(made, "SHOW server_encoding") == "UTF8"
        assert ask(made, "SHOW listen_addresses") == ""
        assert ask(made, "SHOW timezone") == "UTC"
        assert ask(made, "SHOW default_text_search_config") == "pg_catalog.english"
    assert not made.is_alive()


def test_the_roles_are_what_they_are_for(made: Cluster) -> None:
    with made.running():
        superusers = "SELECT array_agg(rolname ORDER BY rolname) FROM pg_roles WHERE rolsuper"
        assert ask(made, superusers) == [ADMIN]
        owned = f"SELECT count(*) FROM pg_class WHERE relowner = '{APP}'::regrole"
        assert ask(made, owned) == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(made, "CREATE TABLE public.mine (id int)")
        assert ask(made, "SELECT current_user", OWNER) == OWNER


def test_nobody_comes_in_without_the_password(made: Cluster) -> None:
    with made.running(), pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**made.address(ADMIN), "password": "guessed"})


def test_the_socket_lies_in_a_private_folder(made: Cluster) -> None:
    with made.running():
        assert stat.S_IMODE(made.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE(made.data.stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_folder_for_its_socket_of_each_account_its_own(tmp_path: Path) -> None:
    long = Cluster(home=Home(tmp_path / ("very-long-name-" * 8)), durable=False)
    assert len(os.fsencode(long.sockets / ".s.PGSQL.5432")) < 104
    uid = os.geteuid() if long.account is None else long.account.uid
    assert f"-{uid}-" in long.sockets.name
    with long.running():
        assert ask(long, "SELECT 1") == 1
    long.sockets.rmdir()


def test_a_socket_folder_that_somebody_else_laid_out_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(home=Home(tmp_path / ("another-long-name-" * 8)), durable=False)
    elsewhere = tmp_path / "trap"
    elsewhere.mkdir()
    cluster.sockets.symlink_to(elsewhere)
    try:
        with pytest.raises(EmbeddedServerFault, match="belongs to somebody else"):
            cluster.join()
    finally:
        cluster.sockets.unlink()


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(home=Home(tmp_path / ("third-long-name-" * 8)), durable=False)
    cluster.sockets.mkdir(mode=0o755)
    unprivileged.hand_over(cluster.sockets, cluster.account)
    try:
        with pytest.raises(EmbeddedServerFault, match="open to others"):
            cluster.join()
    finally:
        cluster.sockets.rmdir()


def test_a_language_that_is_not_installed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, "xx_NOWHERE.UTF-8")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    cluster = Cluster(home=Home(tmp_path / "home"), durable=False)
    with cluster.running():
        assert ask(cluster, "SELECT lower('ÉÀ')") == "éà"


@pytest.mark.parametrize("what", ["dead", "own process", "other program", "garbage", "empty"])
def test_a_stale_pid_file_is_no_server(made: Cluster, what: str) -> None:
    bystander: subprocess.Popen[bytes] | None = None
    if what == "dead":
        ended = subprocess.Popen(["true"])
        ended.wait()
        first = str(ended.pid)
    elif what == "own process":
        first = str(os.getpid())
    elif what == "other program":
        # Under the very account of the server: PostgreSQL itself would refuse to start beside it.
        bystander = subprocess.Popen(["sleep", "60"], preexec_fn=unprivileged.become(made.account))
        first = str(bystander.pid)
    else:
        first = "no number" if what == "garbage" else ""
    file = made.data / "postmaster.pid"
    file.write_text(f"{first}\n{made.data}\n1\n5432\n{made.sockets}\n\n 1 1\nready   \n" if first else "")
    unprivileged.hand_over(file, made.account)
    try:
        assert not made.is_alive()
        with made.running():
            assert ask(made, "SELECT 1") == 1
        if bystander is not None:
            assert bystander.poll() is None
    finally:
        if bystander is not None:
            bystander.kill()
            bystander.wait()


def test_a_pid_file_that_names_the_server_of_another_folder_is_stale(made: Cluster, tmp_path: Path) -> None:
    other = Cluster(home=Home(tmp_path / "other"), durable=False)
    with other.running():
        file = made.data / "postmaster.pid"
        file.write_text((other.data / "postmaster.pid").read_text())
        unprivileged.hand_over(file, made.account)
        assert not made.is_alive()
        with made.running():
            assert made.postmaster() != other.postmaster()
        assert ask(other, "SELECT 1") == 1


def test_it_starts_at_once_after_the_server_was_killed_and_has_what_was_committed(tmp_path: Path) -> None:
    cluster = Cluster(home=Home(tmp_path / "home"))  # durable: what was committed was flushed
    with cluster.running():
        with psycopg.connect(**cluster.address(OWNER)) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        for _ in range(3):
            pid = cluster.postmaster()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            assert gone(pid)
            cluster.restart()
            assert cluster.postmaster() != pid
            assert ask(cluster, "SELECT answer FROM kept", OWNER) == 42
    assert not cluster.is_alive()


def test_the_last_user_stops_it_and_a_killed_user_does_not_count(made: Cluster) -> None:
    command = [sys.executable, "-c", AS_USER, str(made.home.path)]
    users = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        said = [user.stdout.readline().split() for user in users if user.stdout]
        assert {word[0] for word in said} == {"joined"}
        assert len({word[1] for word in said}) == 1, "three starters, one server"
        users[0].kill()
        users[0].wait()
        out, _ = users[1].communicate("leave\n", timeout=30)
        assert out.split() == ["left", "True"]
        out, _ = users[2].communicate("leave\n", timeout=30)
        assert out.split() == ["left", "False"], "the killed one holds nothing"
        assert gone(int(said[0][1]))
    finally:
        for user in users:
            user.kill()
            user.wait()


def test_a_killed_server_that_nobody_collected_is_no_server(made: Cluster) -> None:
    """In a container without an init, a dead server stays a zombie for ever, and its id stays taken."""
    starter = subprocess.Popen(
        [sys.executable, "-c", AS_USER, str(made.home.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline().split()[1])
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
        assert psutil.pid_exists(pid), "its parent did not collect it"
        with made.running():
            assert ask(made, "SELECT 1") == 1
    finally:
        starter.kill()
        starter.wait()
    with made.running():
        pass  # the last user, who stops what the starter's claim kept up
    assert not made.is_alive()


def test_a_first_start_that_was_cut_off_begins_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    half = home.path / "pg.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Cluster(home=home, durable=False).running() as cluster:
        assert ask(cluster, "SELECT 1") == 1
    assert not half.exists()


def test_a_database_of_another_major_version_is_refused_with_the_way_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    home.pg.mkdir()
    (home.pg / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerFault, match=r"made by PostgreSQL 16.*redress backup DIR.*redress restore DIR"):
        Cluster(home=home).join()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    home.pg.mkdir()
    (home.pg / "letters.txt").write_text("mine")
    with pytest.raises(EmbeddedServerFault, match="not a database"):
        Cluster(home=home).join()
    assert (home.pg / "letters.txt").read_text() == "mine"


def test_why_it_does_not_start_is_said(made: Cluster) -> None:
    conf = made.data / "postgresql.conf"
    before = conf.read_text()
    conf.write_text(before + "\nshared_buffers = 'much'\n")
    try:
        with pytest.raises(EmbeddedServerFault, match="shared_buffers"):
            made.join()
    finally:
        conf.write_text(before)


def test_nothing_listens_on_the_network(made: Cluster) -> None:
    with made.running():
        pid = made.postmaster()
        assert pid is not None
        kinds = {link.family for link in psutil.Process(pid).net_connections(kind="inet")}
        assert not kinds & {socket.AF_INET, socket.AF_INET6}


@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_an_account_that_can_not_do_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(unprivileged.NoSuchAccount, match=name):
        unprivileged.account(name)


def test_an_ordinary_person_runs_it_under_their_own_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert unprivileged.account("nobody") is None
