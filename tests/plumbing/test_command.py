"""Every command explains itself with an example, and says what is wrong in one sentence."""

import json
import stat
from pathlib import Path

import pytest

from redress.plumbing.home import Home, write_json
from redress.server import cli, environment, mark, sign_ins

SHOWN = [command for command in cli.COMMANDS if command.words not in cli.PARTS_OF_RUN]
OWN = [words.split() for words in cli.OWN]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for setting in environment.SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def fails(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(words) == 1
    told = capsys.readouterr()
    assert told.err.startswith("redress: ")
    assert told.err.count("\n") == 1
    return told.err


@pytest.mark.parametrize("words", [[one.words] for one in SHOWN] + OWN, ids=" ".join)
def test_every_command_has_help_with_an_example(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = cli.main([*words, "--help"])
    except SystemExit as ended:  # the way of argparse
        status = int(ended.code or 0)
    assert status == 0
    told = capsys.readouterr().out
    assert "xample" in told
    assert f"redress {words[0]}" in told


def test_the_list_names_every_command_but_the_parts_of_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert all(one.words in told for one in SHOWN)
    assert all(words in told for words in cli.OWN)
    assert "part of run" not in told


@pytest.mark.parametrize("words", [[], ["nonsense"], ["backup"], ["run", "--port", "x"]])
def test_what_makes_no_sense_ends_with_a_status(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    "words", [["backup", "somewhere"], ["mail", "import", "x.eml", "--council", "northmere"], ["trail", "verify"]]
)
def test_what_needs_an_installation_says_so(words: list[str], capsys: pytest.CaptureFixture[str], home: Home) -> None:
    assert "no installation" in fails(words, capsys)
    assert not home.path.exists()


def test_a_wrong_setting_is_explained(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert "PORT is “eighty”" in fails(["doctor"], capsys)


def test_a_demonstration_refuses_an_outside_database(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    mark.write_file(home, "demonstration")
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@db.example/real")
    told = fails(["run"], capsys)
    assert "DATABASE_URL" in told
    assert "demonstration" in told


def test_an_outside_database_that_does_not_answer_is_named_without_its_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/redress")
    told = fails(["migrate"], capsys)
    assert "can't be reached" in told
    assert "hunter2" not in told


def test_the_sign_ins_of_a_demonstration_are_printed_again(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    assert "no demonstration" in fails(["demo"], capsys)
    mark.write_file(home, "demonstration")
    told = {"sign_ins": [{"role": "complaints officer", "email": "asha@example", "password": "three-random-words"}]}
    write_json(home.demonstration, told)
    assert stat.S_IMODE(home.demonstration.stat().st_mode) == 0o600
    assert cli.main(["demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == told
    assert cli.main(["demo"]) == 0
    assert "three-random-words" in capsys.readouterr().out


def test_a_real_installation_has_no_sign_ins_to_show(home: Home) -> None:
    mark.write_file(home, "real")
    with pytest.raises(sign_ins.NoDemonstration, match="not a demonstration"):
        sign_ins.read(home)


def test_the_doctor_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 1
    (only,) = json.loads(capsys.readouterr().out)
    assert only["state"] == "bad"
    assert only["do"]


def test_a_folder_with_other_things_in_it_is_left_alone(capsys: pytest.CaptureFixture[str], home: Home) -> None:
    home.path.mkdir()
    (home.path / "letter.txt").write_text("mine")
    assert "letter.txt" in fails(["run"], capsys)
    assert sorted(file.name for file in home.path.iterdir()) == ["letter.txt"]
