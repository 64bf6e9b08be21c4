"""The folder of data: private, whole files, one secret however many ask."""

import json
import stat
import threading
from pathlib import Path

import pytest

from redress.plumbing.home import Home, write_json, write_once, write_whole


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_made_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "a folder" / "redress")
    home.make()
    assert {mode(folder) for folder in (home.keys, home.store, home.outbox, home.logs)} == {0o700}
    home.secret("session.key")
    assert mode(home.keys / "session.key") == 0o600


def test_a_secret_is_made_once_and_then_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = home.secret("field.key")
    assert len(first) == 32
    assert home.secret("field.key") == first
    assert home.secret("session.key") != first


def test_two_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    found: list[bytes] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        found.append(home.secret("session.key"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_what_was_written_once_stays(tmp_path: Path) -> None:
    file = tmp_path / "mark"
    assert write_once(file, b"first") is True
    assert write_once(file, b"second") is False
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]  # no drafts left


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    write_json(file, {"a": 1})
    write_whole(file, b'{"a": 2}')
    assert json.loads(file.read_text()) == {"a": 2}
    assert mode(file) == 0o600


@pytest.mark.parametrize("kind", ["demonstration", "real"])
def test_the_mark_says_what_kind_it_is(tmp_path: Path, kind: str) -> None:
    home = Home(tmp_path)
    assert home.kind() is None
    write_json(home.mark, {"kind": kind})
    assert home.kind() == kind
    assert home.is_demonstration() is (kind == "demonstration")
