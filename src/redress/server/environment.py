"""Which settings does an installation have, and what does each mean? One table, from which all else follows.

Parsing, the sentences for wrong values, `docs/reference/settings.md` and `dotenv-sample` all come from SETTINGS.

    environment.read(os.environ).port        # 8000
    environment.read({"PORT": "x"})          # WrongSetting: PORT is “x”; it must be a whole number from 1 to 65535 …
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from redress.plumbing import fetching
from redress.plumbing.home import Home
from redress.server import secret_keys

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SETTINGS_FILE = "settings.env"
"""Lies in the folder of data: what “redress init” was told. What the environment says goes before it."""


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


def _list_address(value: str) -> str:
    return fetching.check(value)


def public_address(value: str) -> str:
    """Read the address under which people reach the service. Raises ValueError, which says what it must be."""
    parts = urlsplit(value)
    told = "https:// and a host name, without a path; http:// only for 127.0.0.1 or localhost"
    try:
        parts.port  # noqa: B018 - raises ValueError for a port that is no number
    except ValueError:
        raise ValueError(told) from None
    host = parts.hostname or ""
    plain = parts.scheme == "http" and host in LOOPBACK
    named = re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host) or host == "::1"
    if not named or not (plain or parts.scheme == "https") or parts.path not in ("", "/"):
        raise ValueError(told)
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError(told)
    return value.rstrip("/").lower()


def _networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(part.strip(), strict=False)) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses or networks with commas between them") from None


def _level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("debug, info, warning or error")
    return value.upper()


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


def _key(value: str) -> bytes:
    return secret_keys.read(value)


def _keys(*told: tuple[str, str, str]) -> Iterator[Setting]:
    """Give two settings for each key: itself, and the file that holds it."""
    for name, what, file in told:
        yield Setting(
            f"REDRESS_{name}_KEY", "key", _key, None,
            f"The key that {what}: 64 hexadecimal digits, as “openssl rand -hex 32” prints them. "
            f"Without it, {_FILE_OR} keys/{file} in the folder of data.",
            _EXAMPLE_KEY, secret=True,
        )  # fmt: skip
        yield Setting(
            f"REDRESS_{name}_KEY_FILE", "file", _folder, None,
            f"The file that holds the key that {what}, where a service manager or a vault puts it.",
            f"/run/credentials/redress.service/{name.lower().replace('_', '-')}-key",
        )  # fmt: skip


# Told by nobody: the example of a key is no key, and would be refused at the start.
_EXAMPLE_KEY = secret_keys.EXAMPLE
_FILE_OR = "the file of the next setting, or"

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
        "REDRESS_PUBLIC_ADDRESS", "web address", public_address, None,
        "The address under which people reach the service. “redress init” asks for it and writes it into settings.env "
        "in the folder of data.",
        "https://complaints.northmere.example", refused_in_demonstration=True,
    ),
    Setting(
        "REDRESS_HOSTS", "host names", _hosts, "",
        "More host names under which people reach the service, beside that of the public address. "
        "Without either only this machine can.",
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
        "REDRESS_BANK_HOLIDAYS_ADDRESS", "web address", _list_address, None,
        "Where the published list of bank holidays is read every Monday, and by “redress bank-holidays refresh”. "
        "Without it nothing is fetched. In a demonstration only an address on this machine is accepted.",
        "https://www.gov.uk/bank-holidays.json",
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
        "cookies are then sent by HTTPS only, and what did not come by HTTPS is refused.",
        "yes", refused_in_demonstration=True,
    ),
    Setting(
        "REDRESS_TRUSTED_PROXIES", "addresses", _networks, "127.0.0.1,::1",
        "The addresses, or networks, of the web servers in front: only what they say in X-Forwarded-Proto and "
        "X-Forwarded-For is believed. It has to be told when REDRESS_LISTEN is not an address of this machine alone.",
        "10.20.0.5",
    ),
    Setting(
        "REDRESS_PLAIN_HTTP", "yes or no", _yes_no, "no",
        "Serve a real installation without HTTPS, to this machine only: for setting up and trying out. It is refused "
        "when REDRESS_LISTEN is any other address.",
        "yes",
    ),
    Setting(
        "REDRESS_SESSION_MINUTES", "number", partial(_whole, least=5, most=1440), "30",
        "After how many minutes without a click a member of staff is signed out.", "60",
    ),
    *_keys(
        ("SESSION", "sessions are signed with", "session.key"),
        ("SECOND_FACTOR", "second factors are encrypted with in the database", "field.key"),
        ("SEAL", "the seals of the trail are signed with", "seal.key"),
        ("BACKUP", "backups are encrypted with", "backup.key"),
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

    @property
    def public_hosts(self) -> tuple[str, ...]:
        """The host names under which people reach the service: that of the public address, and the others."""
        address = self.public_address
        own = (urlsplit(address).hostname or "",) if address else ()
        return tuple(dict.fromkeys((*own, *self.hosts)))

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def read(variables: Mapping[str, str]) -> Environment:
    """Read the settings from the environment. Raises WrongSetting with a sentence for the first wrong one."""
    values: dict[str, Any] = {}
    given = set()
    kept = _kept_in(_home_of(variables) / SETTINGS_FILE)
    for setting in SETTINGS:
        raw = variables.get(setting.name, "").strip() or kept.get(setting.name, "")
        if "\0" in raw:
            raise WrongSetting(f"{setting.name} holds a NUL character, which no setting may.")
        if raw:
            given.add(setting.name)
        text = raw or setting.default
        values[setting.attribute] = None if text is None else _parsed(setting, text)
    _refuse_unknown(variables)
    _refuse_two_keys(given)
    if values["owner_database_url"] and not values["database_url"]:
        raise WrongSetting("REDRESS_OWNER_DATABASE_URL is set without DATABASE_URL; set both, or neither.")
    return Environment(home=Home(values["home"] or default_home()), values=values, given=frozenset(given))


def _home_of(variables: Mapping[str, str]) -> Path:
    told = variables.get("REDRESS_HOME", "").strip()
    return _folder(told) if told and "\0" not in told else default_home()


def _kept_in(file: Path) -> dict[str, str]:
    """Read the settings that were written down when the installation was made. Raises WrongSetting."""
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise WrongSetting(f"{file} can't be read; it must be a text file that this account may read.") from None
    known = {setting.name for setting in SETTINGS} - {"REDRESS_HOME"}
    kept: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign or name.strip() not in known:
            raise WrongSetting(f"Line {number} of {file} is no setting; write NAME=value, or take the line out.")
        kept[name.strip()] = value.strip()
    return kept


def _refuse_two_keys(given: set[str]) -> None:
    for name in sorted(given):
        if name.endswith("_KEY_FILE") and name.removesuffix("_FILE") in given:
            raise WrongSetting(f"{name} and {name.removesuffix('_FILE')} are both set; one of them is enough.")


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
    address = settings.bank_holidays_address
    if address and not fetching.is_here(address):
        raise WrongSetting(
            f"REDRESS_BANK_HOLIDAYS_ADDRESS names {address}, but {settings.home.path} is a demonstration, which "
            "fetches nothing from outside this machine; unset it."
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
