"""How does a real installation begin? `redress init` asks, shows what it understood, and makes it after a yes.

    redress init                          # asks, one question after the other
    redress init --file northmere.toml --yes

What is made: the folder of data, its keys, the tables, the council, and one system administrator, who gets a one-use
link. No password is made, and nothing invented. Cut off at any moment, it can be run again; run once more when all is
there, it says what is there and changes nothing.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from redress.plumbing import home as homes
from redress.plumbing import moment
from redress.plumbing.home import Home
from redress.server import database, mark, preparing, questions, secret_keys
from redress.server.environment import LOOPBACK, SETTINGS_FILE, Environment
from redress.server.questions import QUESTIONS, WrongAnswer

if TYPE_CHECKING:
    from redress.access.actor import Actor
    from redress.staff.models import Officer

Say = Callable[[str], None]
LINK = "/accounts/first/{token}/"
LEFT_BY_A_START = {
    "keys", "store", "outbox", "logs", "pg.lock", "pg-socket", "run.lock", "init.lock", "lost+found", SETTINGS_FILE,
}  # fmt: skip
"""What a first start may have made before it was cut off, and what file systems put into their roots."""


class CantInit(Exception):
    """The installation can't be made; the sentence says why and what to do."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: one for each question, a file of answers, and a yes."""
    parser.add_argument("--file", type=Path, help="a TOML file of answers; options go before it")
    parser.add_argument("--yes", action="store_true", help="make it without asking")
    parser.add_argument("--link-to", type=Path, metavar="FILE", help="write the one-use link to this new file instead")
    for question in QUESTIONS:
        parser.add_argument(question.option, metavar="…", help=f"{question.ask} ({question.example})")


def main(settings: Environment, asked: argparse.Namespace, *, say: Say) -> int:
    """Make a real installation, or say what is there. Raises CantInit, SecretFault, MarkFault, OutOfReach."""
    home = settings.home
    check_folder(home)
    given = _given(asked, settings)
    if home.is_made():
        with _alone(home), _prepared(settings, say):
            if _say_what_is_there(settings, say):
                return 0
    elif settings.database_url:
        _check_outside(settings)
    known = _ask(given, say) if _may_ask() and not asked.yes else _read(given)
    for line in _summary(settings, known):
        say(line)
    if not asked.yes and not _agreed():
        say("Nothing was made.")
        return 1
    if asked.link_to is not None and asked.link_to.exists():
        raise CantInit(f"{asked.link_to} is there already; name a new file for the link.")
    with _alone(home):
        return _make(settings, known, asked.link_to, say)


def check_folder(home: Home) -> None:
    """Refuse a folder that is a demonstration or holds other things. Raises CantInit, MarkFault."""
    if home.is_made():
        if mark.read_file(home)["kind"] != "real":
            raise CantInit(
                f"{home.path} is a demonstration, which can't become anything else; name an empty folder with "
                "REDRESS_HOME, for example: REDRESS_HOME=/srv/redress redress init"
            )
        return
    if strange := sorted(names(home.path) - LEFT_BY_A_START):
        if home.pg.name in strange or home.demonstration.name in strange:
            mark.read_file(home)  # says that the mark is gone
        raise CantInit(f"{home.path} holds other things (“{strange[0]}”); name a folder of its own with REDRESS_HOME.")


def names(folder: Path) -> set[str]:
    """Return what lies in a folder that somebody put there."""
    return {file.name for file in folder.iterdir() if not file.name.startswith(".")} if folder.exists() else set()


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Keep a second `redress init` on the same folder waiting for none: it is told so."""
    home.make_place()
    with (home.path / "init.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CantInit(f"Another “redress init” is at work on {home.path}; let it finish.") from None
        yield


def _check_outside(settings: Environment) -> None:
    with database.up(settings):
        if not database.is_empty(settings):
            raise CantInit(
                f"The database that DATABASE_URL names holds an installation already, and {settings.home.path} is not "
                "its folder; name its own with REDRESS_HOME, or restore a whole backup (redress restore DIR)."
            )


# -------------------------------------------------------------------------------------------------------------- answers


def _given(asked: argparse.Namespace, settings: Environment) -> dict[str, str]:
    """Put together what options, the file and the settings say, the first of them first. Raises CantInit."""
    found = _from_file(asked.file) if asked.file is not None else {}
    found |= {key: value for key in questions.KEYS if (value := getattr(asked, key)) is not None}
    if settings.public_address and not found.get("public_address"):
        found["public_address"] = settings.public_address
    return found


def _from_file(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text())
    except OSError as fault:
        raise CantInit(f"{file} can't be read: {fault.strerror}.") from None
    except ValueError as wrong:
        raise CantInit(f"{file} is no TOML file: {wrong}.") from None
    for key in found:
        if key not in questions.KEYS:
            raise CantInit(f"{file} answers “{key}”, which nobody asks; the questions are {', '.join(questions.KEYS)}.")
    return {key: str(value) for key, value in found.items()}


def _may_ask() -> bool:
    return sys.stdin.isatty()


def _read(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        return questions.read(given)
    except questions.Unanswered as open_question:
        raise CantInit(str(open_question)) from None


def _ask(given: Mapping[str, str], say: Say) -> dict[str, Any]:
    """Ask at the terminal for what was not given, until each answer will do."""
    say("A real installation: no invented data, and nobody can sign in but by the link at the end.")
    say("Enter takes what stands in brackets. Ctrl-C leaves everything as it is.")
    say("")
    known: dict[str, Any] = {}
    for question in QUESTIONS:
        told = given.get(question.key)
        while question.key not in known:
            answer = told if told is not None else _one(question, known)
            try:
                known[question.key] = questions.answer(question, answer)
                if question.key == "ends_on":
                    questions.check_together(known)
            except WrongAnswer as wrong:
                known.pop(question.key, None)
                if question.key == "nation":
                    raise CantInit(str(wrong)) from None
                say(f"  {wrong}")
                told = None
    return known


def _one(question: questions.Question, known: Mapping[str, Any]) -> str:
    suggested = question.suggest(known) if question.suggest is not None else ""
    shown = suggested or ("nothing" if not question.needed else "")
    typed = input(f"{question.ask} {f'[{shown}]' if shown else f'(such as {question.example})'} ")
    return typed.strip() or suggested


def _agreed() -> bool:
    if not _may_ask():
        raise CantInit("Nobody is there to say yes; say it with --yes.")
    return input("Make it? [yes/no] ").strip().lower() in ("yes", "y")


def _summary(settings: Environment, known: Mapping[str, Any]) -> Iterator[str]:
    from redress.rulebook import dates

    until = f" until {dates.plain(known['ends_on'])}" if known["ends_on"] else ""
    where = "an outside PostgreSQL" if settings.database_url else "embedded, in the folder of data"
    rows = {
        "Council": f"{known['council']} ({known['short_name']}), {known['nation']}",
        "Exists": f"since {dates.plain(known['exists_from'])}{until}",
        "In addresses": known["code"],
        "References": f"{known['prefix']}-{moment.today().year}-0001",
        "Write to": known["address"].replace("\n", ", "),
        "Ring": known["telephone"],
        "E-mail": known["email"],
        "Web site": known["web"] or "–",
        "Redress at": known["public_address"],
        "HTTPS": _https(known),
        "Administrator": f"{known['administrator']}, {known['administrator_email']}",
        "Folder of data": str(settings.home.path),
        "Database": where,
    }
    yield ""
    for name, value in rows.items():
        yield f"  {name:<16}{value}"
    yield ""


def _https(known: Mapping[str, Any]) -> str:
    if _is_plain(known["public_address"]):
        return "none: only this machine can reach it"
    return "by a web server in front, on this machine, which passes X-Forwarded-Proto on"


def _is_plain(address: str) -> bool:
    return urlsplit(address).scheme == "http" and urlsplit(address).hostname in LOOPBACK


# --------------------------------------------------------------------------------------------------------------- making


@contextmanager
def _prepared(settings: Environment, say: Say) -> Iterator[list[secret_keys.Secret]]:
    """Make folder, keys and tables as far as they are missing; the database answers while the block runs."""
    mark.write_file(settings.home, "real")
    # One that was at work has lost a key that is missing: a new one would not open what the old one closed.
    made = secret_keys.make_missing(settings) if not settings.home.seals.exists() else []
    with database.up(settings):
        preparing.migrate(settings, say=say)
        from django.db import connections

        try:
            yield made
        finally:
            connections.close_all()


def _make(settings: Environment, known: Mapping[str, Any], link_to: Path | None, say: Say) -> int:
    home = settings.home
    home.make_place()
    _write_settings(home, known)
    with _prepared(settings, say) as made:
        token = _begin(known)
    say(f"{known['council']} is set up in {settings.home.path}.")
    if made:
        say(f"{len(made)} keys were made in {settings.home.keys}, readable by this account only.")
    say("")
    tell_link(known["public_address"], token, known["administrator"], link_to, say)
    say("")
    say("Next: start it (redress run), open the link, and keep a copy of the keys (redress backup DIR --keys FILE).")
    if secret_keys.find(settings, secret_keys.BACKUP) is None:
        say("Backups are NOT ENCRYPTED until there is a key for them: redress secrets rotate backup")
    return 0


def _write_settings(home: Home, known: Mapping[str, Any]) -> None:
    """Write down where people reach the service, beside what somebody may have written there before."""
    https = "REDRESS_PLAIN_HTTP" if _is_plain(known["public_address"]) else "REDRESS_BEHIND_HTTPS"
    told = {"REDRESS_PUBLIC_ADDRESS": known["public_address"], https: "yes"}
    file = home.path / SETTINGS_FILE
    ours = ("REDRESS_PUBLIC_ADDRESS", "REDRESS_PLAIN_HTTP", "REDRESS_BEHIND_HTTPS")
    lines = file.read_text().splitlines() if file.exists() else _HEAD.splitlines()
    kept = [line for line in lines if line.partition("=")[0].strip() not in ours]
    content = "\n".join([*kept, *(f"{name}={value}" for name, value in told.items())]) + "\n"
    homes.write_whole(file, content.encode())


_HEAD = """\
# What “redress init” was told. The environment goes before it; docs/reference/settings.md lists every setting.
"""


def _begin(known: Mapping[str, Any]) -> str:
    """Take the one step by which the council and its administrator come to be; returns the secret of the link."""
    from redress.access.actor import Actor
    from redress.access.refusals import Refusal
    from redress.casework import beginning

    names = {"name": known["council"], "web": known["web"] or ""}
    same = ("code", "short_name", "prefix", "exists_from", "ends_on", "address", "telephone", "email",
            "administrator", "administrator_email")  # fmt: skip
    told = beginning.Told(**names, **{key: known[key] for key in same})
    try:
        return beginning.begin(told=told, by=Actor.command("redress init"), at=moment.now())
    except Refusal as refusal:
        raise CantInit(f"{refusal.sentence} {refusal.do or ''}".strip()) from None


def tell_link(address: str, token: str, name: str, link_to: Path | None, say: Say) -> None:
    """Print the link, or write it to a file that only its owner can read."""
    link = address.rstrip("/") + LINK.format(token=token)
    if link_to is None:
        say(f"{name} chooses a password and sets a second factor up here, once and within 24 hours:")
        say(f"  {link}")
    else:
        homes.write_once(link_to.absolute(), f"{link}\n".encode())
        say(f"The link with which {name} chooses a password, once and within 24 hours, is in {link_to}.")
    say("Whoever has the link can use it: hand it over where nobody else can read it.")


# --------------------------------------------------------------------------------------------------- what is there


def _say_what_is_there(settings: Environment, say: Say) -> bool:
    """Say what was set up before; false when nothing was, so that setting up goes on."""
    from redress.access.actor import Actor
    from redress.access.roles import Role
    from redress.council import queries as council_queries
    from redress.staff import queries as staff_queries

    by = Actor.command("redress init")
    councils = council_queries.councils(by)
    if not councils:
        return False
    say(f"{settings.home.path} is set up already; nothing was changed.")
    for council in councils:
        say(f"  Council         {council.name} ({council.code})")
    for officer in staff_queries.holders(by, Role.SYSTEM_ADMINISTRATOR):
        say(f"  Administrator   {officer.name}, {officer.email}: {_how_far(officer)}")
    say(f"  Redress at      {settings.public_address or 'no public address is set (REDRESS_PUBLIC_ADDRESS)'}")
    say("A new link for an administrator who can't come in: redress admin-link E-MAIL")
    return True


def _how_far(officer: Officer) -> str:
    if officer.has_usable_password():
        return "has chosen a password"
    return "has not used the link yet"


# ------------------------------------------------------------------------------------------------------ admin-link


def link_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `redress admin-link`."""
    parser.add_argument("email", metavar="E-MAIL", nargs="?", help="which administrator, where there are several")
    parser.add_argument(
        "--forget-second-factor", action="store_true", help="for a telephone that was lost: another one is set up"
    )
    parser.add_argument("--link-to", type=Path, metavar="FILE", help="write the link to this new file instead")


def admin_link(settings: Environment, asked: argparse.Namespace, *, say: Say) -> int:
    """Make a new one-use link for a system administrator, and end the one before. Raises CantInit."""
    import django

    with database.up(settings):
        django.setup()
        from redress.access.actor import Actor
        from redress.access.refusals import Refusal
        from redress.casework import first_sign_in

        if asked.link_to is not None and asked.link_to.exists():
            raise CantInit(f"{asked.link_to} is there already; name a new file for the link.")
        by = Actor.command("redress admin-link")
        officer = _administrator(by, asked.email)
        try:
            token = first_sign_in.make_link(
                officer=officer, forget_second_factor=asked.forget_second_factor,
                by=by, at=moment.now(),
            )  # fmt: skip
        except Refusal as refusal:
            raise CantInit(refusal.sentence) from None
    address = settings.public_address or f"http://127.0.0.1:{settings.port}"
    tell_link(address, token, officer.name, asked.link_to, say)
    return 0


def _administrator(by: Actor, email: str | None) -> Officer:
    from redress.access.roles import Role
    from redress.staff import queries as staff_queries

    there = staff_queries.holders(by, Role.SYSTEM_ADMINISTRATOR)
    if not there:
        raise CantInit("There is no system administrator yet: redress init")
    if email is None and len(there) == 1:
        return there[0]
    found = next((one for one in there if email is not None and one.email == email.strip().lower()), None)
    if found is None:
        listed = ", ".join(one.email for one in there)
        raise CantInit(f"Name one of the system administrators: {listed}")
    return found
