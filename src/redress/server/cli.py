"""What can be done from a terminal? `redress run`, `redress doctor`, `redress backup DIR` …

Every command says what it does with --help and an example; what goes wrong is one sentence, and a status that is not 0.
Whether the server runs or not makes no difference: the embedded database is started for the while where it is needed.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from redress.plumbing.postgres import EmbeddedServerFault
from redress.plumbing.unprivileged import NoSuchAccount, OutOfReach
from redress.server import database, environment
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
    from redress.server import mark, supervisor

    if asked.port is not None:
        os.environ["PORT"] = str(asked.port)
        settings = environment.read(os.environ)
    _make_home(settings)
    mark.read_file(settings.home)
    return supervisor.Supervisor(settings, say=_say).run()


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="listen on this port instead of the one that PORT names (8000)")


def _make_home(settings: Environment) -> None:
    """Make the folder of data on the first start: a demonstration, unless an outside database is set."""
    from redress.server import mark

    home = settings.home
    kind: mark.Kind = "real" if settings.database_url else "demonstration"
    if not home.is_made():
        if home.path.exists() and (home.pg.exists() or home.demonstration.exists()):
            mark.read_file(home)  # says that the mark is gone
        strange = sorted(_names(home.path) - _LEFT_BY_A_START)
        if strange:
            raise Plain(f"{home.path} holds other things (“{strange[0]}”); name a folder of its own with REDRESS_HOME.")
        if kind == "demonstration":
            environment.refuse_in_demonstration(settings)
        mark.write_file(home, kind)
    elif home.is_demonstration():
        environment.refuse_in_demonstration(settings)
    for name in ("session.key", "field.key"):
        home.secret(name)


# What a first start may have made before it was cut off, and what file systems put into their roots.
_LEFT_BY_A_START = {"keys", "store", "outbox", "logs", "pg.lock", "pg-socket", "run.lock", "lost+found"}


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.startswith(".")} if folder.exists() else set()


def _prepare(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import preparing

    preparing.prepare(settings, say=_say)
    return 0


def _web(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import children

    children.serve(settings)
    return 0


def _worker(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import children

    children.work(settings)
    return 0


def _migrate(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import preparing

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
    from redress.server import backup

    _need_home(settings)
    with database.up(settings):
        backup.make(settings, asked.dir, keys=asked.keys, say=_say)
    return 0


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="a folder that is empty or not there yet")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="also write the keys to this file, outside DIR")


def _restore(settings: Environment, asked: argparse.Namespace) -> int:
    from redress.server import restore

    restore.put_back(settings, asked.dir, keys=asked.keys, without_keys=asked.without_keys, say=_say)
    return 0


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="a folder that “redress backup” made")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="the keys, where the folder of data lost its own")
    parser.add_argument(
        "--without-keys", action="store_true", help="go on with new keys: second factors must be set up again"
    )


COMMANDS: tuple[Command, ...] = (
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
    Command("prepare", "Bring tables up to date, fill a new demonstration (part of run).", "redress prepare", _prepare),
    Command("web", "Serve pages (part of run).", "redress web", _web),
    Command("worker", "Do queued jobs (part of run).", "redress worker", _worker),
)
PARTS_OF_RUN = ("prepare", "web", "worker")

# Commands that read their own arguments; they stand beside what they command.
OWN: dict[str, Own] = {
    "deadline": Own(
        "Say when a deadline falls and why, from one object a line.", "redress deadline lines.jsonl --json"
    ),
    "mail import": Own(
        "Store messages from files and folders, each once.", "redress mail import mail/ --council northmere --json"
    ),
    "mail connect": Own(
        "Say where a council's mailbox is read, and have it read.",
        "redress mail connect complaints@northmere.example imaps://complaints@imap.northmere.example"
        " --password-setting NORTHMERE_MAILBOX_PASSWORD",
    ),
    "trail verify": Own("Check the trail of who did what, and name what is wrong.", "redress trail verify"),
    "trail seal": Own("Seal the trail now.", "redress trail seal"),
}


# -------------------------------------------------------------------------------------------------------------- main


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")
    try:
        status = _dispatch(words)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return STOPPED_BY_HAND
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _said_plainly() as fault:
        if str(fault):
            print(f"redress: {fault}", file=sys.stderr)
        return 1


def _said_plainly() -> tuple[type[Exception], ...]:
    """Return the faults that carry a sentence for a person; any other is a bug and shows its trace."""
    from redress.server.backup import BackupFault
    from redress.server.mark import MarkFault
    from redress.server.sign_ins import NoDemonstration
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
        CantRun,
    )


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["deadline"]:
        from redress.rulebook import deadline

        return deadline.main(words[1:], sys.stdin, sys.stdout)
    if words[:1] in (["mail"], ["trail"]):
        return _with_database(words[0], words)
    asked = parser().parse_args(words)
    settings = environment.read(os.environ)
    command: Command = asked.command
    return command.run(settings, asked)


def _with_database(which: str, words: list[str]) -> int:
    settings = environment.read(os.environ)
    helping = len(words) == 1 or any(word in ("-h", "--help") for word in words)
    if not helping:
        _need_home(settings)
    import django

    django.setup()
    if which == "trail":
        from redress.access import trail_command

        command, arguments = trail_command.main, words[1:]
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
            f"There is no installation in {settings.home.path} yet; start it once with “make run” or “redress run”, "
            "or name its folder with REDRESS_HOME."
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
