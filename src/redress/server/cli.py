"""What can be done from a terminal? `redress run`, `redress doctor`, `redress backup DIR` …

Every command says what it does with --help and an example; what goes wrong is one sentence, and a status that is not 0.
Whether the server runs or not makes no difference: the embedded database is started for the while where it is needed.
What needs no database imports none: “redress deadline” and “redress procedures” answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redress.server.environment import Environment

STOPPED_BY_HAND = 130


class Plain(Exception):
    """Something that the person at the terminal can mend; the sentence says what."""


@dataclass(frozen=True)
class Command:
    """One command: its words, what it does, an example, and what runs."""

    words: str
    sentence: str
    example: str
    run: Callable[[Environment, argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] | None = None


@dataclass(frozen=True)
class Own:
    """A command that reads its own arguments."""

    sentence: str
    example: str


# ------------------------------------------------------------------------------------------------------------ commands


def _run(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import environment, mark, starting, supervisor

    if asked.port is not None:
        os.environ["PORT"] = str(asked.port)
        settings = environment.read(os.environ)
    _make_home(settings)
    mark.read_file(settings.home)
    starting.check(settings)
    return supervisor.Supervisor(settings, say=_say).run()


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="listen on this port instead of the one that PORT names (8000)")


def _make_home(settings: Environment) -> None:
    """Make the folder of data on the first start: a demonstration, unless an outside database is set."""
    from redress.server import environment, init_command, mark, secret_keys

    home = settings.home
    kind: mark.Kind = "real" if settings.database_url else "demonstration"
    if not home.is_made():
        if home.path.exists() and (home.pg.exists() or home.demonstration.exists()):
            mark.read_file(home)  # says that the mark is gone
        strange = sorted(init_command.names(home.path) - init_command.LEFT_BY_A_START)
        if strange:
            raise Plain(f"{home.path} holds other things (“{strange[0]}”); name a folder of its own with REDRESS_HOME.")
        if kind == "demonstration" and settings.public_address:
            raise Plain(f"{home.path} holds no installation yet; for a public address, make a real one: redress init")
        if kind == "demonstration":
            environment.refuse_in_demonstration(settings)
        mark.write_file(home, kind)
    elif home.is_demonstration():
        environment.refuse_in_demonstration(settings)
    # One that was at work has lost a key that is missing: a new one would not open what the old one closed.
    if home.is_demonstration() or not home.seals.exists():
        secret_keys.make_missing(settings)


def _prepare(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import preparing

    preparing.prepare(settings, say=_say)
    return 0


def _web(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import children, starting

    starting.check(settings)
    children.serve(settings)
    return 0


def _worker(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import children, starting

    starting.check(settings)
    children.work(settings)
    return 0


def _migrate(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import database, preparing

    _make_home(settings)
    with database.up(settings):
        done = preparing.migrate(settings, say=_say)
    _say(f"The tables are up to date; {done} changes were made." if done else "The tables were up to date already.")
    return 0


def _demo(settings: Environment, asked: argparse.Namespace) -> int:
    import json

    from redress.server import sign_ins

    if asked.json:
        print(json.dumps(sign_ins.read(settings.home), indent=2, ensure_ascii=False))
    else:
        for line in sign_ins.lines(settings.home):
            _say(line)
    return 0


def _json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")


def _doctor(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import doctor

    return doctor.main(settings, as_json=asked.json)


def _backup(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import backup, database

    _need_home(settings)
    with database.up(settings):
        backup.make(settings, asked.dir, keys=asked.keys, say=_say)
    return 0


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="a folder that is empty or not there yet")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="also write the keys to this file, outside DIR")


def _restore(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import restore

    restore.put_back(
        settings, asked.dir, keys=asked.keys, without_keys=asked.without_keys, backup_key=asked.backup_key, say=_say
    )
    return 0


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="a folder that “redress backup” made")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="the keys, where the folder of data lost its own")
    parser.add_argument(
        "--without-keys", action="store_true", help="go on with new keys: second factors must be set up again"
    )
    parser.add_argument(
        "--backup-key", metavar="FILE", type=Path, help="the key that an encrypted backup was made with"
    )


def _init(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import init_command

    return init_command.main(settings, asked, say=_say)


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    from redress.server import init_command

    init_command.arguments(parser)


def _admin_link(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import init_command

    _need_home(settings)
    return init_command.admin_link(settings, asked, say=_say)


def _admin_link_arguments(parser: argparse.ArgumentParser) -> None:
    from redress.server import init_command

    init_command.link_arguments(parser)


COMMANDS: tuple[Command, ...] = (
    Command(
        "init",
        "Set up a real installation: the council, its first administrator, the keys.",
        "redress init --file northmere.toml --yes",
        _init,
        _init_arguments,
    ),
    Command(
        "run",
        "Start the database, the web server and the worker; stop them with Ctrl-C.",
        "redress run --port 8123",
        _run,
        _run_arguments,
    ),
    Command("demo", "Print the sign-ins of a demonstration.", "redress demo --json", _demo, _json_argument),
    Command("migrate", "Bring the tables up to date with this release.", "redress migrate", _migrate),
    Command("doctor", "Say what is set up, what is missing, what to do.", "redress doctor", _doctor, _json_argument),
    Command(
        "backup",
        "Copy the database, the documents and the seals into a folder.",
        "redress backup /srv/backups/2026-11-23 --keys /srv/keys.json",
        _backup,
        _backup_arguments,
    ),
    Command(
        "restore",
        "Put a backup into an emptied installation.",
        "redress restore /srv/backups/2026-11-23",
        _restore,
        _restore_arguments,
    ),
    Command(
        "admin-link",
        "Make a new one-use link for a system administrator who can't come in.",
        "redress admin-link nadia.rahman@northmere.example",
        _admin_link,
        _admin_link_arguments,
    ),
    Command("prepare", "Bring tables up to date, fill a new demonstration (part of run).", "redress prepare", _prepare),
    Command("web", "Serve pages (part of run).", "redress web", _web),
    Command("worker", "Do queued jobs (part of run).", "redress worker", _worker),
)
PARTS_OF_RUN = ("prepare", "web", "worker")

# Commands that read their own arguments; they stand beside what they command.
OWN: dict[str, Own] = {
    "deadline": Own(
        "Say when a clock is due and why: to a person, or line by line to a program.",
        "redress deadline foi-request --received 2026-12-11",
    ),
    "procedures": Own("List the procedures: their editions, how many clocks, how sure.", "redress procedures"),
    "procedures show": Own(
        "Print one as it stood on a day: stages, clocks, grounds, letters.",
        "redress procedures show childrens-complaint --on 2026-11-23",
    ),
    "mail import": Own(
        "Store messages from files and folders, each once.", "redress mail import mail/ --council northmere --json"
    ),
    "mail connect": Own(
        "Say where a council's mailbox is read, and have it read.",
        "redress mail connect complaints@northmere.example imaps://complaints@imap.northmere.example"
        " --password-setting NORTHMERE_MAILBOX_PASSWORD",
    ),
    "bank-holidays refresh": Own(
        "Read the published list of bank holidays, and add the days that are new.",
        "redress bank-holidays refresh --file bank-holidays.json --check",
    ),
    "secrets": Own("Say which keys there are, where each comes from, and what it protects.", "redress secrets"),
    "secrets rotate": Own(
        "Change a key for a new one: session, second-factor, seal or backup.", "redress secrets rotate session"
    ),
    "trail verify": Own("Check the trail of who did what, and name what is wrong.", "redress trail verify"),
    "trail seal": Own("Seal the trail now.", "redress trail seal"),
}


# -------------------------------------------------------------------------------------------------------------- main


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _of_the_rulebook(words) if words[:1] in (["deadline"], ["procedures"]) else _with_settings(words)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return STOPPED_BY_HAND
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _of_the_rulebook(words: list[str]) -> int:
    """Run what needs neither database nor settings, without importing them."""
    if words[0] == "procedures":
        from redress.rulebook import listing

        return listing.main(words[1:], sys.stdout)
    from redress.rulebook import deadline

    return deadline.main(words[1:], sys.stdin, sys.stdout)


def _with_settings(words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")
    try:
        return _dispatch(words)
    except (SystemExit, KeyboardInterrupt, BrokenPipeError):
        raise
    except _said_plainly() as fault:
        if str(fault):
            print(f"redress: {fault}", file=sys.stderr)
        return 1


def _said_plainly() -> tuple[type[Exception], ...]:
    """Return the faults that carry a sentence for a person; any other is a bug and shows its trace."""
    from redress.plumbing.postgres import EmbeddedServerFault
    from redress.plumbing.unprivileged import NoSuchAccount, OutOfReach
    from redress.server import database, environment
    from redress.server.backup import BackupFault
    from redress.server.init_command import CantInit
    from redress.server.mark import MarkFault
    from redress.server.secret_keys import SecretFault
    from redress.server.sign_ins import NoDemonstration
    from redress.server.starting import CantStart
    from redress.server.supervisor import CantRun

    return (
        Plain,
        environment.WrongSetting,
        database.OutOfReach,
        EmbeddedServerFault,
        NoSuchAccount,
        OutOfReach,
        MarkFault,
        BackupFault,
        NoDemonstration,
        CantInit,
        CantRun,
        CantStart,
        SecretFault,
    )


def _dispatch(words: list[str]) -> int:
    if words[:1] in (["mail"], ["trail"], ["bank-holidays"]):
        return _with_database(words[0], words)
    from redress.server import environment

    if words[:1] == ["secrets"]:
        from redress.server import secrets_command

        return secrets_command.main(words[1:], os.environ, say=_say)
    asked = parser().parse_args(words)
    settings = environment.read(os.environ)
    command: Command = asked.command
    return command.run(settings, asked)


def _with_database(which: str, words: list[str]) -> int:
    from redress.server import database, environment

    settings = environment.read(os.environ)
    helping = len(words) == 1 or any(word in ("-h", "--help") for word in words)
    if not helping:
        _need_home(settings)
    import django

    django.setup()
    if which == "trail":
        from redress.access import trail_command

        command, arguments = trail_command.main, words[1:]
    elif which == "bank-holidays":
        if words[1:2] not in ([], ["refresh"]) and not helping:
            raise Plain(
                f"There is no command “redress bank-holidays {words[1]}”; there is “redress bank-holidays refresh”."
            )
        from redress.jobs import bank_holidays

        command, arguments = bank_holidays.main, words[2:]
    else:
        which_mail = words[1] if len(words) > 1 else "--help"
        if which_mail not in ("import", "connect") and not helping:
            raise Plain(
                f"There is no command “redress mail {which_mail}”; there are “redress mail import” and "
                "“redress mail connect”."
            )
        from redress.jobs import mailbox_connect, mailbox_import

        command = mailbox_connect.main if which_mail == "connect" else mailbox_import.main
        arguments = words[2:] if which_mail in ("import", "connect") else words[1:]
    if helping:
        return command(arguments or ["--help"])
    with database.up(settings):
        return command(arguments)


def _need_home(settings: Environment) -> None:
    if not settings.home.is_made():
        raise Plain(
            f"There is no installation in {settings.home.path} yet; make one with “redress init”, or a demonstration "
            "with “make run”; or name its folder with REDRESS_HOME."
        )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="redress",
        description="Complaints handling for councils.",
        epilog="Example: redress run --port 8123\nEvery command explains itself: redress COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        shown = {} if command.words in PARTS_OF_RUN else {"help": command.sentence}
        one: argparse.ArgumentParser = commands.add_parser(command.words, **shown)  # type: ignore[arg-type]
        one.description, one.epilog = command.sentence, f"Example: {command.example}"
        one.set_defaults(command=command)
        if command.arguments is not None:
            command.arguments(one)
    # Only for the list: these never reach this parser.
    for words, own in OWN.items():
        commands.add_parser(words, help=own.sentence)
    return top


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
