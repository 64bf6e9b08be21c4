"""Bytes that were put stay what they are, whatever dies on the way; nothing is lost, overwritten or mixed up."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from redress.plumbing import storage
from redress.plumbing.storage import FileStore, Reference

LETTER = b"the letter"
DIGEST = hashlib.sha256(LETTER).hexdigest()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


def _age(path: Path, days: float) -> None:
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def _files(store: FileStore) -> list[Path]:
    return sorted(path for path in store.root.rglob("*") if path.is_file() and path.name != ".lock")


class TestPutting:
    def test_it_lies_under_its_council_and_digest(self, store: FileStore) -> None:
        stored = store.put("northmere", LETTER)
        assert stored == storage.Stored(DIGEST, len(LETTER))
        assert store.path("northmere", DIGEST) == store.root / "northmere" / DIGEST[:2] / DIGEST
        assert store.read("northmere", DIGEST) == LETTER
        assert store.size("northmere", DIGEST) == len(LETTER)
        assert _files(store) == [store.path("northmere", DIGEST)]

    def test_chunks_give_the_same_as_the_whole(self, store: FileStore) -> None:
        assert store.put("northmere", iter([b"the ", b"letter"])) == store.put("northmere", LETTER)

    def test_an_empty_file_can_be_kept(self, store: FileStore) -> None:
        assert store.read("northmere", store.put("northmere", b"").sha256) == b""

    def test_each_councils_bytes_are_its_own(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        assert not store.exists("eastvale", DIGEST)
        with pytest.raises(storage.Missing):
            store.read("eastvale", DIGEST)

    def test_the_same_again_does_not_touch_what_is_there(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        before = store.path("northmere", DIGEST).stat().st_ino
        store.put("northmere", LETTER)
        assert store.path("northmere", DIGEST).stat().st_ino == before

    def test_an_altered_file_is_an_alarm_and_is_not_overwritten(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        path = store.path("northmere", DIGEST)
        path.chmod(0o600)
        path.write_bytes(b"the forger")
        with pytest.raises(storage.Altered):
            store.put("northmere", LETTER)
        assert path.read_bytes() == b"the forger"

    def test_it_can_not_be_written_by_mistake(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        assert store.path("northmere", DIGEST).stat().st_mode & 0o222 == 0

    def test_the_limit_is_said_and_nothing_stays(self, store: FileStore) -> None:
        def endless() -> Iterator[bytes]:
            while True:
                yield b"x" * 1024

        with pytest.raises(storage.TooLarge) as refused:
            store.put("northmere", endless(), limit=25 << 20)
        assert refused.value.sentence == "This file is too large: the limit is 25 MB."
        assert _files(store) == []

    def test_exactly_the_limit_is_taken(self, store: FileStore) -> None:
        assert store.put("northmere", b"x" * 100, limit=100).size == 100

    def test_a_source_that_breaks_leaves_nothing(self, store: FileStore) -> None:
        def broken() -> Iterator[bytes]:
            yield b"half"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            store.put("northmere", broken())
        assert _files(store) == []

    def test_many_writers_of_the_same_bytes_agree(self, store: FileStore) -> None:
        data = os.urandom(300_000)
        answers: list[storage.Stored] = []
        start = threading.Barrier(8)

        def write() -> None:
            start.wait()
            answers.append(store.put("northmere", data))

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 8
        assert len(set(answers)) == 1
        assert len(_files(store)) == 1
        assert store.read("northmere", answers[0].sha256) == data

    @pytest.mark.parametrize("code", ["", "..", "a/b", "/etc", "Northmere", "-x", "a\x00b", "n" * 80])
    def test_a_council_code_leads_nowhere_else(self, store: FileStore, code: str) -> None:
        with pytest.raises(ValueError, match="not a council's code"):
            store.put(code, LETTER)

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "\n"])
    def test_a_name_that_is_no_digest_leads_nowhere(self, store: FileStore, name: str) -> None:
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.exists("northmere", name)


class TestReading:
    def test_a_verified_read_notices_one_changed_byte(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        path = store.path("northmere", DIGEST)
        path.chmod(0o600)
        path.write_bytes(b"the lettes")
        with pytest.raises(storage.Altered):
            store.read("northmere", DIGEST)
        with pytest.raises(storage.Altered):
            store.open("northmere", DIGEST, verify=True)
        assert store.read("northmere", DIGEST, verify=False) == b"the lettes"

    def test_a_verified_opening_starts_at_the_beginning(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        with store.open("northmere", DIGEST, verify=True) as file:
            assert file.read() == LETTER


class TestChecking:
    def test_all_well(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        checked = store.check([Reference("northmere", DIGEST, len(LETTER)), Reference("northmere", DIGEST)])
        assert checked == storage.Checked(2, (), ())
        assert checked.well

    def test_missing_and_altered_are_named(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        other = store.put("northmere", b"another").sha256
        path = store.path("northmere", other)
        path.chmod(0o600)
        path.write_bytes(b"anothes")
        gone = Reference("eastvale", DIGEST)
        checked = store.check([Reference("northmere", DIGEST), Reference("northmere", other), gone])
        assert checked == storage.Checked(3, (gone,), (Reference("northmere", other),))
        assert not checked.well

    def test_a_size_that_disagrees_is_altered(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        wrong = Reference("northmere", DIGEST, 3)
        assert store.check([wrong]).altered == (wrong,)

    def test_every_file_is_listed(self, store: FileStore) -> None:
        expected = sorted(
            Reference(council, store.put(council, data).sha256, len(data))
            for council in ("northmere", "eastvale")
            for data in (b"one", b"two")
        )
        assert list(store.every()) == expected

    def test_a_store_that_was_never_used_is_empty(self, store: FileStore) -> None:
        assert list(store.every()) == []
        assert store.sweep_unreferenced(lambda council, sha256: False, now=NOW) == storage.Swept((), 0, 0)


class TestSweeping:
    def test_only_old_and_unreferenced_files_go(self, store: FileStore) -> None:
        old, young, wanted = (store.put("northmere", data).sha256 for data in (b"old", b"young", b"wanted"))
        _age(store.path("northmere", old), 1.1)
        _age(store.path("northmere", young), 0.9)
        _age(store.path("northmere", wanted), 400)
        swept = store.sweep_unreferenced(lambda council, sha256: sha256 == wanted, now=NOW)
        assert swept == storage.Swept((Reference("northmere", old, 3),), 0, 2)
        assert not store.exists("northmere", old)
        assert store.exists("northmere", young)
        assert store.exists("northmere", wanted)

    def test_a_reference_from_another_council_does_not_keep_it(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        _age(store.path("northmere", DIGEST), 2)
        swept = store.sweep_unreferenced(lambda council, sha256: council == "eastvale", now=NOW)
        assert [reference.council for reference in swept.removed] == ["northmere"]

    def test_putting_it_again_makes_it_young(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        _age(store.path("northmere", DIGEST), 30)
        store.put("northmere", LETTER)
        assert store.sweep_unreferenced(lambda council, sha256: False, now=NOW).kept == 1

    def test_put_again_while_the_sweep_asks_it_stays(self, store: FileStore) -> None:
        store.put("northmere", LETTER)
        _age(store.path("northmere", DIGEST), 30)

        def referenced(council: str, sha256: str) -> bool:
            store.put("northmere", LETTER)  # a step that is just now writing the same bytes; its row has yet to commit
            return False

        assert store.sweep_unreferenced(referenced, now=NOW) == storage.Swept((), 0, 1)
        assert store.read("northmere", DIGEST) == LETTER

    def test_what_a_killed_process_left_goes_after_a_day(self, store: FileStore) -> None:
        child = subprocess.Popen(
            [sys.executable, "-c", _HALF_WRITER, str(store.root)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert child.stdout is not None
        with child.stdout:
            assert child.stdout.readline() == b"half\n"
            child.send_signal(signal.SIGKILL)
        child.wait()
        (left,) = _files(store)
        assert left.name.startswith(".arriving-")
        assert list(store.every()) == []
        _age(left, 0.5)
        assert store.sweep_unreferenced(lambda council, sha256: False, now=NOW).temporary == 0
        _age(left, 1.5)
        assert store.sweep_unreferenced(lambda council, sha256: False, now=NOW).temporary == 1
        assert _files(store) == []


_HALF_WRITER = """
import sys, time
from pathlib import Path
from redress.plumbing.storage import FileStore

def half():
    yield b"x" * 100_000
    print("half", flush=True)
    time.sleep(60)

FileStore(Path(sys.argv[1])).put("northmere", half())
"""


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (820 * 1024, "820 KB"), (25 << 20, "25 MB"), (int(1.4 * (1 << 20)), "1.4 MB"), (999, "999 bytes")],
)
def test_sizes_are_said_as_people_read_them(size: int, words: str) -> None:
    assert storage.said_size(size) == words
