"""What every test stands on: a PostgreSQL of its own, started when it is first needed.

The embedded server is started in a private folder that is kept between runs, so that the second run starts at once;
REDRESS_TEST_HOME names another folder, REDRESS_TEST_NAME keeps two sets of tests apart, and
REDRESS_TEST_DATABASE_URL names an outside server (as a superuser) instead.

Tests sign in as a superuser but act as the role that owns nothing (`SET ROLE`), as the program does; the fixture
`database_superuser` steps out of it, for tests of what a superuser could tamper with.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).resolve().parents[1]


def _test_home() -> Path:
    named = os.environ.get("REDRESS_TEST_HOME")
    if named:
        return Path(named).absolute()
    name = f"{_PROJECT}|{os.environ.get('REDRESS_TEST_NAME', '')}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"redress-test-{os.geteuid()}-{digest}"


# Before Django reads its settings: tests never see the settings or the folder of data of the person who runs them.
for _name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("REDRESS_")]:
    if _name not in ("REDRESS_TEST_HOME", "REDRESS_TEST_NAME", "REDRESS_TEST_DATABASE_URL", "REDRESS_REQUIRE_ALL"):
        del os.environ[_name]
os.environ.pop("PORT", None)
_SERVER_HOME = _test_home()
_DATA = tempfile.TemporaryDirectory(prefix="redress-data-")
os.environ["REDRESS_HOME"] = _DATA.name

import psycopg  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

from redress.plumbing.home import Home  # noqa: E402
from redress.plumbing.postgres import ADMIN, APP, OWNER, PORT, Cluster  # noqa: E402

pytest_plugins = ["servers.needs"]

Home(Path(_DATA.name)).make()
# The settings were read before this file was: whatever lies in the project's own folder of data is not for tests.
settings.REDRESS_HOME = Path(_DATA.name)
settings.REDRESS_DEMONSTRATION = False
_cluster: Cluster | None = None


@pytest.fixture(autouse=True)
def _no_seal_of_an_earlier_test() -> None:
    """Put the file of seals away: what a test sealed is gone from the database when it ends."""
    Home(Path(_DATA.name)).seals.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[dict[str, str]]:
    """Give the address of a server to test on, as a superuser: HOST, PORT, USER, PASSWORD."""
    outside = os.environ.get("REDRESS_TEST_DATABASE_URL")
    if outside:
        from redress.server.environment import parse_database

        found = parse_database(outside)
        address = {key: found[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
        with _admin(address) as admin:
            for role, extra in ((OWNER, "CREATEDB"), (APP, "")):
                # The other test process may make it at the same moment.
                with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    admin.execute(f"CREATE ROLE {role} LOGIN {extra}")
        yield address
        return
    cluster = Cluster(home=Home(_SERVER_HOME), durable=False)
    with cluster.running():
        yield {
            "HOST": str(cluster.sockets),
            "PORT": str(PORT),
            "USER": ADMIN,
            "PASSWORD": cluster.passwords()[ADMIN],
            "NAME": "postgres",
        }


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django take the database that is laid out below, and leave removing it to us."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_address: dict[str, str], request: pytest.FixtureRequest) -> None:
    """Point Django at the server, with a database of this run's own, copied from a migrated one if there is one."""
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    settings = connections["default"].settings_dict
    settings.update({key: postgres_address[key] for key in ("HOST", "PORT", "USER", "PASSWORD")})
    settings["NAME"] = "redress"
    settings["TEST"]["NAME"] = f"test_redress_{os.getpid()}_{worker}"
    settings["CONN_MAX_AGE"] = 0
    settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "options": f"-c role={OWNER}"}
    with _admin(postgres_address) as admin:
        _sweep_left_databases(admin)
        if _names(admin, _template()):
            admin.execute(f'CREATE DATABASE "{settings["TEST"]["NAME"]}" TEMPLATE "{_template()}" OWNER {OWNER}')


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, postgres_address: dict[str, str]) -> Iterator[None]:
    """After the tables are made by their owner, go on as the role that owns nothing."""
    from django.db import connections

    from redress.access import grants

    connection = connections["default"]
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        grants.apply_grants(connection)
        connection.close()
    with _admin(postgres_address) as admin:
        _keep_as_template(admin, name)
    connection.settings_dict["OPTIONS"]["options"] = f"-c role={APP}"
    _flush_as_superuser()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with _admin(postgres_address) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _template() -> str:
    """Name the migrated database after all that makes it what it is."""
    digest = hashlib.sha256()
    for file in sorted((_PROJECT / "src" / "redress").glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    digest.update((_PROJECT / "pyproject.toml").read_bytes())
    return f"template_redress_{digest.hexdigest()[:16]}"


def _keep_as_template(admin: Any, name: str) -> None:
    admin.execute("SELECT pg_advisory_lock(20240208)")
    if not _names(admin, _template()):
        for old in _names(admin, "template_redress_%"):
            admin.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{_template()}" TEMPLATE "{name}"')
    admin.execute("SELECT pg_advisory_unlock(20240208)")


def _names(admin: Any, like: str) -> list[str]:
    return [row[0] for row in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])]


def _admin(address: dict[str, str]) -> Any:
    return psycopg.connect(
        host=address["HOST"],
        port=address["PORT"] or None,
        user=address["USER"],
        password=address["PASSWORD"],
        dbname=address["NAME"],
        autocommit=True,
    )


@contextmanager
def _as_superuser(connection: Any) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("SET ROLE NONE")
        try:
            yield cursor
        finally:
            if not connection.needs_rollback:
                cursor.execute(f'SET ROLE "{before}"')


@pytest.fixture
def database_superuser() -> Any:
    """Give a context manager inside which the test's own connection acts as a superuser."""
    from django.db import connection

    return lambda: _as_superuser(connection)


def _flush_as_superuser() -> None:
    """Let tests that really commit empty the tables afterwards, which neither role nor trigger allows the program."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        with _as_superuser(self.connection) as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                plain(self, sql_list)
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")

    DatabaseOperations.execute_sql_flush = flush


def _sweep_left_databases(admin: Any) -> None:
    """Drop test databases whose run is over: one that was killed leaves its database behind."""
    for name in _names(admin, "test_redress_%"):
        pid = name.split("_")[2]
        if pid.isdigit() and Path("/proc/self").exists() and not Path(f"/proc/{pid}").exists():
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
