"""The whole product as people start it: `redress run` in a folder of its own, on real mail servers.

``with installation(mail=mail) as running:`` starts a demonstration whose mailbox lies on the tests' Dovecot and whose
letters go through the tests' SMTP server; ``running.address`` is where a browser finds it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from servers import processes
from servers.mail import MailServer

PROJECT = Path(__file__).resolve().parents[2]
REDRESS = str(Path(sys.executable).with_name("redress"))
PASSWORD_SETTING = "NORTHMERE_MAILBOX_PASSWORD"
MAILBOX = "complaints@northmere.example"


@dataclass
class Installation:
    """A running Redress: where it is, who can sign in, and how to talk to it."""

    home: Path
    port: int
    mail: MailServer | None
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where a browser finds it, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that it runs with: none of the machine's own."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("REDRESS_", "DJANGO_", "PYTEST_")) and name not in ("DATABASE_URL", "PORT")
        }
        own = {
            "REDRESS_HOME": str(self.home), "PORT": str(self.port), "REDRESS_WEB_WORKERS": "1",
            "REDRESS_TEST_CASES": "12",
            **self.more,
        }  # fmt: skip
        if self.mail is not None:
            own["REDRESS_SMTP_URL"] = f"smtp://127.0.0.1:{self.mail.smtp_port}"
            own["REDRESS_MAIL_DOMAIN"] = "northmere.example"
            own[PASSWORD_SETTING] = self.mail.password
        return {**kept, **own}

    def start(self, *, seconds: float = 240.0) -> None:
        """Start it and wait until it answers. Raises DidNotStart with what it last said."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [REDRESS, "run"], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.environment,
                start_new_session=True, cwd="/",
            )  # fmt: skip
        until = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                said = self.log.read_bytes()[-3_000:].decode("utf-8", "replace")
                raise processes.DidNotStart(f"redress run ended with {self.process.poll()}: {said}")
            time.sleep(0.1)

    @property
    def log(self) -> Path:
        """What `redress run` said."""
        return self.home.parent / f"{self.home.name}.log"

    def answers(self) -> bool:
        """Say whether /health answers that it is ready."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stop it as Ctrl-C does, and wait until nothing is left."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill_everything()
        self.process = None

    def kill_everything(self) -> None:
        """Kill it and all that it started, at once."""
        if self.process is not None:
            for one in [*self.family(), psutil.Process(self.process.pid)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            self.process.wait(30)

    def family(self) -> list[psutil.Process]:
        """Give the processes that it started, and theirs."""
        if self.process is None:
            return []
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def parts(self, part: str) -> list[psutil.Process]:
        """Give the processes of one part: ``web``, ``worker`` or ``database``."""
        found = []
        for one in self.family():
            try:
                words = " ".join(one.cmdline())
            except psutil.NoSuchProcess:
                continue
            of_the_database = "postgres" in words.split(" ")[0]
            if of_the_database if part == "database" else words.endswith(f" {part}"):
                found.append(one)
        return found

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of the installation: ``command("trail", "verify")``."""
        done = subprocess.run(
            [REDRESS, *words], env=self.environment, capture_output=True, text=True, check=False, cwd="/"
        )
        if check:
            assert done.returncode == 0, f"redress {' '.join(words)} ended with {done.returncode}: {done.stderr}"
        return done

    def python(self, code: str) -> Any:
        """Run a few lines inside the installation, with Django set up; what they ``print`` as JSON comes back."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "redress.server.settings"},
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout) if done.stdout.strip() else None

    def poll_mail(self) -> None:
        """Have the mailboxes read now, instead of at the next full minute."""
        self.python("from redress.plumbing import later; later.queue('mailboxes.poll')")

    def sign_in_of(self, role: str, *, council: str = "") -> dict[str, str]:
        """Give the e-mail address and password of somebody with this role."""
        told = json.loads(self.command("demo", "--json").stdout)
        for one in told["sign_ins"]:
            if one["role"].lower().startswith(role.lower()) and council in json.dumps(one):
                return dict(one)
        raise KeyError(role)

    def person(self, name: str) -> dict[str, str]:
        """Give the sign-in of somebody by name."""
        told = json.loads(self.command("demo", "--json").stdout)
        return next(one for one in told["sign_ins"] if one.get("name") == name)


@contextlib.contextmanager
def installation(*, mail: MailServer | None = None, connect: bool = True, **more: str) -> Iterator[Installation]:
    """Run a new demonstration until the block ends, its Northmere mailbox on the tests' mail server."""
    with processes.folder("run") as base:
        running = Installation(base / "home of data", processes.free_port(), mail, dict(more))
        try:
            running.start()
            if mail is not None and connect:
                running.command(
                    "mail", "connect", MAILBOX, f"imap://{mail.users[0]}@127.0.0.1:{mail.imap_port}",
                    "--password-setting", PASSWORD_SETTING,
                )  # fmt: skip
            yield running
        finally:
            running.stop()
