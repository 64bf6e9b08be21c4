"""Which settings does an installation have, and what does each mean? One table, from which all else follows.

Parsing, the sentences for wrong values, `docs/reference/settings.md` and `dotenv-sample` all come from SETTINGS.

    environment.read(os.environ).port        # 8000
    environment.read({"PORT": "x"})          # WrongSetting: PORT is “x”; it must be a whole number from 1 to 65535 …
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from redress.plumbing.home import Home


class WrongSetting(Exception):
    """A setting has a value that can't be used; the sentence names it, says why and what would do."""


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _whole(value: str, *, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ValueError(f"a whole number from {least} to {most}")
    return int(value)


def _yes_no(value: str) -> bool:
    known = {"yes": True, "1": True, "true": True, "on": True, "no": False, "0": False, "false": False, "off": False}
    if value.lower() not in known:
        raise ValueError("yes or no")
    return known[value.lower()]


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host):
            raise ValueError("one or more host names with commas between them, without https:// or a path")
    return hosts


def _address(value: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F.:]+|localhost", value):
        raise ValueError("an address of this machine, such as 127.0.0.1 or 0.0.0.0")
    return value


def parse_database(value: str) -> dict[str, Any]:
    """Read a PostgreSQL address into Django's terms: HOST, PORT, NAME, USER, PASSWORD, OPTIONS. Raises ValueError."""
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("a PostgreSQL address whose port is a number") from None
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("a PostgreSQL address: postgresql://NAME:PASSWORD@HOST:PORT/DATABASE")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    query = {name: unquote(text) for name, text in query.items()}
    known = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "options"}
    if unknown := sorted(set(query) - known):
        raise ValueError(f"a PostgreSQL address without “{unknown[0]}” after its question mark")
    host = query.pop("host", None) or unquote(parts.hostname or "")
    return {
        "HOST": host,
        "PORT": query.pop("port", None) or (str(port) if port else ""),
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": query,
    }


def _smtp(value: str) -> dict[str, Any]:
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("a mail server's address whose port is a number") from None
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise ValueError(
            "a mail server's address: smtp://HOST:PORT, smtp+starttls://NAME:PASSWORD@HOST:587 or smtps://…"
        )
    return {
        "host": parts.hostname,
        "port": port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": {"smtp": "none", "smtps": "implicit", "smtp+starttls": "starttls"}[parts.scheme],
    }


def _scanner(value: str) -> str:
    if re.fullmatch(r"unix:/.+|tcp:[A-Za-z0-9.-]+:[0-9]{1,5}", value):
        return value
    raise ValueError("unix: and the path of clamd's socket, or tcp:HOST:PORT")


def _level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("debug, info, warning or error")
    return value.upper()


LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Setting:
    """One setting: the name in the environment, how it is read, what holds without it, and what it is for."""

    name: str
    kind: str
    parse: Callable[[str], Any]
    default: str | None
    sentence: str
    example: str
    refused_in_demonstration: bool = False
    secret: bool = False

    @property
    def attribute(self) -> str:
        """The name under which `read` gives it: REDRESS_HOME is `home`, DATABASE_URL is `database_url`."""
        return self.name.removeprefix("REDRESS_").lower()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "REDRESS_HOME", "folder", _folder, None,
        "The folder of data: the embedded database, documents, keys and logs. "
        "Without it, “data” beside the source, or ~/.local/share/redress for an installed package.",
        "/srv/redress",
    ),
    Setting(
        "PORT", "number", partial(_whole, least=1, most=65535), "8000",
        "The port that the web server listens on.", "8123",
    ),
    Setting(
        "REDRESS_LISTEN", "address", _address, "127.0.0.1",
        "The address of this machine that the web server listens on; put a web server with HTTPS in front of it.",
        "127.0.0.1", refused_in_demonstration=True,
    ),
    Setting(
        "REDRESS_HOSTS", "host names", _hosts, "",
        "The public host names under which people reach the service. Without it only this machine can.",
        "complaints.northmere.example", refused_in_demonstration=True,
    ),
    Setting(
        "DATABASE_URL", "PostgreSQL address", parse_database, None,
        "An outside PostgreSQL, 15 or later, as the role that owns nothing. Without it the embedded server is used.",
        "postgresql://redress_app:PASSWORD@db.northmere.example/redress", refused_in_demonstration=True, secret=True,
    ),
    Setting(
        "REDRESS_OWNER_DATABASE_URL", "PostgreSQL address", parse_database, None,
        "The same database as the role that owns the tables; only migrating and restoring use it.",
        "postgresql://redress_owner:PASSWORD@db.northmere.example/redress", refused_in_demonstration=True, secret=True,
    ),
    Setting(
        "REDRESS_DATABASE_ACCOUNT", "name", _text, "nobody",
        "The account that the embedded database runs under when Redress is started by root, which PostgreSQL refuses.",
        "redress",
    ),
    Setting(
        "REDRESS_SMTP_URL", "mail server", _smtp, None,
        "The server that outgoing mail is handed to. Without it mail is put into the folder “outbox” in the folder of "
        "data. In a demonstration only a server on this machine is accepted.",
        "smtp+starttls://NAME:PASSWORD@mail.northmere.example:587", secret=True,
    ),
    Setting(
        "REDRESS_MAIL_DOMAIN", "host name", _text, "redress.invalid",
        "The domain of the Message-IDs of outgoing mail.", "northmere.example",
    ),
    Setting(
        "REDRESS_CLAMD", "socket", _scanner, None,
        "Where the virus scanner clamd listens. Without it every upload is plainly marked as not scanned.",
        "unix:/run/clamav/clamd.ctl",
    ),
    Setting(
        "REDRESS_UPLOAD_MB", "number", partial(_whole, least=1, most=500), "25",
        "The largest file that the portal takes, in megabytes.", "25",
    ),
    Setting(
        "REDRESS_WEB_WORKERS", "number", partial(_whole, least=1, most=32), "2",
        "How many web server processes run, each with four threads and up to four database connections.", "2",
    ),
    Setting(
        "REDRESS_BEHIND_HTTPS", "yes or no", _yes_no, "no",
        "Whether people reach the service by HTTPS through a web server in front, which says so in X-Forwarded-Proto; "
        "cookies are then sent by HTTPS only.",
        "yes", refused_in_demonstration=True,
    ),
    Setting(
        "REDRESS_SESSION_MINUTES", "number", partial(_whole, least=5, most=1440), "30",
        "After how many minutes without a click a member of staff is signed out.", "60",
    ),
    Setting(
        "REDRESS_LOG_LEVEL", "level", _level, "INFO",
        "How much the server and the worker write to their logs: debug, info, warning or error.", "INFO",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Environment:
    """The settings of this process, read and checked."""

    home: Home
    values: Mapping[str, Any]
    given: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def read(variables: Mapping[str, str]) -> Environment:
    """Read the settings from the environment. Raises WrongSetting with a sentence for the first wrong one."""
    values: dict[str, Any] = {}
    given = set()
    for setting in SETTINGS:
        raw = variables.get(setting.name, "").strip()
        if "\0" in raw:
            raise WrongSetting(f"{setting.name} holds a NUL character, which no setting may.")
        if raw:
            given.add(setting.name)
        text = raw or setting.default
        values[setting.attribute] = None if text is None else _parsed(setting, text)
    _refuse_unknown(variables)
    if values["owner_database_url"] and not values["database_url"]:
        raise WrongSetting("REDRESS_OWNER_DATABASE_URL is set without DATABASE_URL; set both, or neither.")
    return Environment(home=Home(values["home"] or default_home()), values=values, given=frozenset(given))


def refuse_in_demonstration(settings: Environment) -> None:
    """Refuse what would let a demonstration reach real people or real data. Raises WrongSetting."""
    for setting in SETTINGS:
        value = settings.values[setting.attribute]
        if setting.name == "REDRESS_LISTEN" and value == "127.0.0.1":
            continue
        if setting.refused_in_demonstration and setting.name in settings.given and value:
            raise WrongSetting(
                f"{setting.name} is set, but {settings.home.path} is a demonstration, which stays on this machine; "
                "unset it, or choose an empty folder with REDRESS_HOME."
            )
    smtp = settings.smtp_url
    if smtp and smtp["host"] not in LOOPBACK:
        raise WrongSetting(
            f"REDRESS_SMTP_URL names {smtp['host']}, but {settings.home.path} is a demonstration, which sends no mail "
            "outside this machine; unset it, or name a server on 127.0.0.1."
        )


def default_home() -> Path:
    """Return the folder of data when REDRESS_HOME doesn't name one."""
    beside = Path(__file__).resolve().parents[3]
    if (beside / "pyproject.toml").exists() and (beside / "src" / "redress").exists():
        return beside / "data"
    return Path("~/.local/share/redress").expanduser()


# Read elsewhere, on purpose not settings of an installation: for tests, and from a parent process to its children.
NOT_SETTINGS = frozenset({"REDRESS_REQUIRE_ALL", "REDRESS_PARENT"})


def _refuse_unknown(variables: Mapping[str, str]) -> None:
    known = {setting.name for setting in SETTINGS} | NOT_SETTINGS
    for name in sorted(variables):
        if name.startswith("REDRESS_") and not name.startswith("REDRESS_TEST_") and name not in known:
            import difflib

            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " docs/reference/settings.md lists them all."
            raise WrongSetting(f"There is no setting {name}.{hint}")


def _parsed(setting: Setting, text: str) -> Any:
    try:
        return setting.parse(text)
    except ValueError as wrong:
        shown = "set" if setting.secret else f"“{text}”"
        raise WrongSetting(
            f"{setting.name} is {shown}, but it must be {wrong}, for example {setting.example}."
        ) from None
