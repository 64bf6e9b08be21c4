"""Runs test folders against the distribution's own PostgreSQL: `python tools/on_distribution.py records casework`.

A private cluster is made below the temporary folder from the newest server that Debian's packages installed, started
under an ordinary account (nothing is added to the machine), and removed at the end.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from redress.plumbing import unprivileged
from redress.plumbing.postgres import clean_environment

PROJECT = Path(__file__).resolve().parents[1]
PLACE = Path("/usr/lib/postgresql")


def main() -> int:
    """Run the folders and return the exit status."""
    found = sorted(PLACE.glob("*/bin/initdb"), key=lambda file: int(re.sub(r"\D", "", file.parts[-3]) or 0))
    if not found:
        print(
            "There is no PostgreSQL server of the distribution; on Debian: apt-get install postgresql", file=sys.stderr
        )
        return 1
    programs = found[-1].parent
    account = unprivileged.account(None)
    folder = Path(tempfile.mkdtemp(prefix="rd-pg-"))
    unprivileged.hand_over(folder, account)
    try:
        return with_server(programs, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def with_server(programs: Path, folder: Path, account: unprivileged.Account | None) -> int:
    """Make a cluster, run the tests while it runs, and stop it."""
    data = folder / "data"
    become = unprivileged.become(account, paths=[folder])
    make = [str(programs / "initdb"), "-D", str(data), "-U", "tester", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    subprocess.run(
        [*make, "--no-sync"],
        env=clean_environment(),
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=become,
    )
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off", "timezone": "UTC"}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *settings],
            env=clean_environment(), cwd="/", stdout=log, stderr=log, preexec_fn=become,
        )  # fmt: skip
    try:
        print(f"PostgreSQL {wait(folder, server)} of the distribution:", flush=True)
        url = f"postgresql://tester@/postgres?host={folder}"
        tests = [sys.executable, str(PROJECT / "tools" / "run_tests.py"), *sys.argv[1:]]
        return subprocess.run(tests, env={**os.environ, "REDRESS_TEST_DATABASE_URL": url}, check=False).returncode
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait(folder: Path, server: "subprocess.Popen[bytes]") -> str:
    """Wait until the server answers, and return its version."""
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit((folder / "log").read_text())
        try:
            with psycopg.connect(host=str(folder), user="tester", dbname="postgres") as connection:
                return connection.info.parameter_status("server_version") or "?"
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("The distribution's PostgreSQL did not start:\n" + (folder / "log").read_text())


if __name__ == "__main__":
    sys.exit(main())
