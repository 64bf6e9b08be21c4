"""The trail: its byte form, its chains, its seals, and that the check of it passes on what was written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from records import scratch_office
from records.scratch_office import AT, contact, council, staff
from redress.access import chain, looks, seals, trail, trail_command, verification
from redress.access.actor import Actor
from redress.access.models import Detail, Entry, Look, Seal, Stream
from redress.access.roles import Role
from redress.people.models import Contact


@pytest.fixture
def office() -> Iterator[SimpleNamespace]:
    with scratch_office.office() as made:
        yield made


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.REDRESS_KEYS_DIR = tmp_path / "keys"
    settings.REDRESS_SEALS_FILE = tmp_path / "seals.jsonl"


@pytest.fixture
def dev(db: None) -> Contact:
    return contact(council())


@pytest.fixture
def asha(dev: Contact) -> Actor:
    return staff(Role.OFFICER, dev.council)


# ------------------------------------------------------------------------------------------------------------ byte form


def test_the_byte_form_is_the_documented_one() -> None:
    link = chain.Link(
        id=UUID("019ab000-0000-7000-8000-000000000001"),
        stream="case:12",
        seq=3,
        prev=bytes(range(32)),
        kind="acknowledged",
        at=dt.datetime(2026, 11, 24, 9, 30, 0, 250, tzinfo=dt.UTC),
        by_kind="staff",
        by_id=7,
        by_name="Asha Mehta",
        step="acknowledgement.acknowledge",
        ids='{"stage":4}',
        digest=b"\xff" * 32,
    )
    fields = [
        b"redress trail entry",
        struct.pack(">q", 1),
        bytes.fromhex("019ab000000070008000000000000001"),
        b"case:12",
        struct.pack(">q", 3),
        bytes(range(32)),
        b"acknowledged",
        struct.pack(">q", 1795512600000250),
        b"staff",
        struct.pack(">q", 7),
        b"Asha Mehta",
        b"acknowledgement.acknowledge",
        b'{"stage":4}',
        b"\xff" * 32,
    ]
    assert link.form() == b"".join(struct.pack(">I", len(one)) + one for one in fields)
    # Version 1 never changes: entries written years ago are checked with it.
    assert link.hash().hex() == FROZEN


FROZEN = "c9974305d07a5f46537af82d5d30cbc86e898e9b238cb72f730e9d9a4ddf9a41"


def test_a_moment_is_the_same_in_every_zone() -> None:
    local = dt.datetime(2026, 7, 1, 10, 0, 0, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert chain.microseconds(local) == chain.microseconds(local.astimezone(dt.UTC))


def test_fields_cannot_flow_into_each_other() -> None:
    assert chain.framed(b"ab", b"c") != chain.framed(b"a", b"bc")


def test_details_have_one_text() -> None:
    first = chain.canonical({"b": dt.date(2026, 11, 22), "a": [Decimal("1.10"), None, True, 5, "Zoë"]})
    assert first == '{"a":["1.10",null,true,5,"Zoë"],"b":"2026-11-22"}'
    assert chain.canonical(json.loads(first)) == first


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_text_that_postgresql_cannot_keep_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        chain.canonical({"name": value})


@pytest.mark.parametrize("value", [1.5, object(), b"x", {1: "a"}])
def test_what_would_not_come_back_the_same_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        chain.canonical({"name": value})


def test_a_node_of_the_tree_cannot_pass_for_a_leaf() -> None:
    a, b = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert chain.merkle_root([b"a", b"b"]) == hashlib.sha256(b"\x01" + a + b).digest()
    assert chain.merkle_root([a + b]) != chain.merkle_root([b"a", b"b"])
    assert chain.merkle_root([b"a", b"b", b"c"]) != chain.merkle_root([b"a", b"b", b"c", b"c"])


# -------------------------------------------------------------------------------------------------------- kinds, notes


def test_a_kind_is_declared_once_and_has_a_sentence(office: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="already declared"):
        trail.kind("scratch-renamed", "Renamed")
    with pytest.raises(ValueError, match="needs a sentence"):
        trail.kind("scratch-silent", " ")
    with pytest.raises(ValueError, match="not a name"):
        trail.kind("Scratch Kind", "Something")


def test_a_sentence_is_filled_by_words_and_never_run() -> None:
    kind = trail.Kind("said", "Said {what} to {whom}")
    assert kind.tell({"what": "{whom} {0.__class__} %s", "whom": None}) == "Said {whom} {0.__class__} %s to "
    assert kind.tell(None) == "Said (no longer kept) to (no longer kept)"


def test_a_note_has_every_word_of_its_sentence(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    token = trail.OPEN.set(trail.Notebook("test", asha, AT))
    try:
        with pytest.raises(ValueError, match="needs name"):
            trail.note(office.renamed, on=dev)
        with pytest.raises(KeyError):
            trail.note("never-declared", on=dev)
        for nowhere in ("case:", "somewhere", object(), None, "case:1\nx"):
            with pytest.raises(TypeError, match="names no chain"):
                trail.note(office.counted, on=nowhere, ids={"number": 1})  # type: ignore[arg-type]
    finally:
        trail.OPEN.reset(token)


def test_a_handle_has_the_id_of_the_entry_to_come(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    token = trail.OPEN.set(trail.Notebook("test", asha, AT))
    try:
        handles = [trail.note(office.counted, on=dev, ids={"number": number}) for number in range(3)]
        notebook = trail.OPEN.get()
        assert notebook is not None
        trail.write(notebook)
    finally:
        trail.OPEN.reset(token)
    assert [line.id for line in trail.read(dev)] == [handle.id for handle in handles]
    assert trail.find([handles[1].id])[handles[1].id].ids == {"number": 1}
    assert {handle.id.version for handle in handles} == {7}


# -------------------------------------------------------------------------------------------------------------- writing


def test_each_record_has_its_own_chain(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    eve = contact(dev.council, "Eve Lindqvist")
    for name in ("one", "two"):
        office.rename_all(contacts=[dev, eve], name=name, by=asha, at=AT)
    office.tidy(by=Actor.timetable(), at=AT)
    for on, length in ((dev, 2), (eve, 2), (trail.INSTALLATION, 1)):
        entries = list(Entry.objects.filter(stream=trail.stream_of(on)).order_by("seq"))
        assert [entry.seq for entry in entries] == list(range(1, length + 1))
        links = [bytes(entry.prev) for entry in entries] + [bytes(Stream.objects.get(name=trail.stream_of(on)).hash)]
        assert links == [chain.GENESIS, *(bytes(entry.hash) for entry in entries)]
    assert trail.verify() == []


@pytest.mark.parametrize("number", [1, 40])
def test_the_trail_costs_two_statements_whatever_is_noted(
    office: SimpleNamespace, dev: Contact, asha: Actor, django_assert_num_queries: Any, number: int
) -> None:
    token = trail.OPEN.set(trail.Notebook("test", asha, AT))
    try:
        for one in range(number):
            trail.note(office.renamed, on=f"person:{one % 7 + 1}", detail={"name": str(one)})
        notebook = trail.OPEN.get()
        assert notebook is not None
        with django_assert_num_queries(2):
            trail.write(notebook)
    finally:
        trail.OPEN.reset(token)
    assert Entry.objects.count() == Detail.objects.count() == number
    assert trail.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_chain_written_by_many_at_once_is_whole(office: SimpleNamespace) -> None:
    of = council()
    asha = staff(Role.OFFICER, of)

    def many(first: int) -> None:
        try:
            for number in range(first, first + 25):
                office.count(council=of, number=number, by=asha, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(0, 100, 25)))
    lines = trail.read(of)
    assert sorted(line.seq for line in lines) == list(range(1, 101))
    assert {line.ids["number"] for line in lines} == set(range(100))
    assert trail.verify() == []


# ---------------------------------------------------------------------------------------------------------------- seals


def test_a_seal_covers_what_was_written_since_the_last(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    office.rename(contact=dev, name="one", by=asha, at=AT)
    office.count(council=dev.council, number=1, by=asha, at=AT)
    (first,) = seals.seal(at=AT)
    assert (first.number, first.entries, [head[0] for head in first.heads]) == (
        1,
        2,
        sorted([trail.stream_of(dev), trail.stream_of(dev.council)]),
    )
    assert seals.seal(at=AT) == []
    office.rename(contact=dev, name="two", by=asha, at=AT)
    (second,) = seals.seal(at=AT)
    assert (second.number, second.entries, second.prev) == (2, 1, first.hash())
    report = trail.examine()
    assert (report.faults, report.seals, report.entries, report.streams, report.unsealed) == ([], 2, 3, 2, 0)


def test_the_seals_file_says_the_same_as_the_database(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    office.rename(contact=dev, name="one", by=asha, at=AT)
    (made,) = seals.seal(at=AT)
    (line,) = seals.seals_file().read_text().splitlines()
    assert seals.from_line(line) == made == next(seals.from_database())
    assert seals.seals_file().stat().st_mode & 0o777 == 0o600
    assert seals.key_file().stat().st_mode & 0o777 == 0o600


def test_many_chains_make_several_seals(
    office: SimpleNamespace, dev: Contact, asha: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "HEADS_IN_A_SEAL", 2)
    people = [contact(dev.council, f"Person {number}") for number in range(5)]
    office.rename_all(contacts=people, name="same", by=asha, at=AT)
    assert [len(sealed.heads) for sealed in seals.seal(at=AT)] == [2, 2, 1]
    assert trail.verify() == []


def test_a_lost_key_is_not_made_anew(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    office.rename(contact=dev, name="one", by=asha, at=AT)
    seals.seal(at=AT)
    seals.key_file().unlink()
    office.rename(contact=dev, name="two", by=asha, at=AT)
    for use in (lambda: seals.seal(at=AT), trail.verify):
        with pytest.raises(seals.SealKeyMissing):
            use()
    assert not seals.key_file().exists()


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_file_and_database_is_mended(office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    dev = contact(council())
    asha = staff(Role.OFFICER, dev.council)
    office.rename(contact=dev, name="one", by=asha, at=AT)
    append = seals._append_to_file

    def crash(sealed: seals.Sealed) -> None:
        append(sealed)
        raise RuntimeError("the power went")

    monkeypatch.setattr(seals, "_append_to_file", crash)
    with pytest.raises(RuntimeError, match="power"):
        seals.seal(at=AT)
    assert not Seal.objects.exists()
    monkeypatch.setattr(seals, "_append_to_file", append)
    with seals.seals_file().open("ab") as file:
        file.write(b'{"number": 2, "at": "20')  # and a line was torn
    office.rename(contact=dev, name="two", by=asha, at=AT)
    assert [sealed.number for sealed in seals.seal(at=AT)] == [1, 2]
    assert len(seals.seals_file().read_text().splitlines()) == 2
    report = trail.examine()
    assert (report.faults, report.seals, report.unsealed) == ([], 2, 0)


@pytest.mark.django_db(transaction=True)
def test_seals_are_made_one_at_a_time_while_work_goes_on(office: SimpleNamespace) -> None:
    of = council()
    people = [contact(of, f"Person {number}") for number in range(4)]
    asha = staff(Role.OFFICER, of)

    def work(person: Contact) -> None:
        try:
            for number in range(12):
                office.rename(contact=person, name=str(number), by=asha, at=AT)
        finally:
            connection.close()

    def sealing(_: int) -> None:
        try:
            for _turn in range(6):
                seals.seal(at=AT)
                assert trail.verify() == []
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(work, person) for person in people] + [pool.submit(sealing, turn) for turn in range(2)]
        for one in done:
            one.result()
    seals.seal(at=AT)
    numbers = list(Seal.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    report = trail.examine()
    assert (report.faults, report.entries, report.unsealed) == ([], 48, 0)


# ---------------------------------------------------------------------------------------------------------------- looks


def test_a_look_is_kept_once_a_quarter_of_an_hour(dev: Contact, asha: Actor) -> None:
    for minutes in (0, 5, 14, 15, 31):
        looks.record(dev, by=asha, at=AT + dt.timedelta(minutes=minutes))
    looks.record(dev, by=Actor.timetable(), at=AT)
    assert [seen.quarter for seen in looks.read(dev)] == [AT + dt.timedelta(minutes=minutes) for minutes in (30, 15, 0)]


def test_looks_are_sealed_when_they_have_settled(dev: Contact, asha: Actor, database_superuser: Any) -> None:
    looks.record(dev, by=asha, at=AT)
    assert seals.seal(at=AT + dt.timedelta(minutes=20)) == []
    (sealed,) = seals.seal(at=AT + dt.timedelta(hours=2))
    assert sealed.looks == 1
    looks.record(dev, by=asha, at=AT + dt.timedelta(hours=3))
    assert [one.looks for one in seals.seal(at=AT + dt.timedelta(hours=5))] == [1]
    assert (trail.verify(), trail.examine().looks) == ([], 2)
    with database_superuser() as cursor:
        cursor.execute("ALTER TABLE access_look DISABLE TRIGGER ALL")
        cursor.execute("UPDATE access_look SET by_id = 99 WHERE quarter < %s", [AT + dt.timedelta(hours=1)])
        cursor.execute("ALTER TABLE access_look ENABLE TRIGGER ALL")
    (fault,) = trail.verify()
    assert (fault.kind, fault.seal) == ("looks-altered", 1)
    assert Look.objects.count() == 2


# -------------------------------------------------------------------------------------------------------------- command


def test_the_command_says_what_it_read(
    office: SimpleNamespace, dev: Contact, asha: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    office.rename(contact=dev, name="one", by=asha, at=AT)
    assert trail_command.main(["seal"]) == 0
    office.rename(contact=dev, name="two", by=asha, at=AT)
    assert trail_command.main(["verify"]) == 0
    said = capsys.readouterr().out
    assert "Seal 1: 1 entry in 1 chains." in said
    assert "Read 2 entries, 1 chain, 1 seal, 0 sealed looks. 1 entry is not sealed yet." in said
    assert "The trail is as it was written." in said
    assert trail_command.main(["verify", "--since", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["fault_count"], told["entries"], told["unsealed"], told["since"]) == (0, 2, 1, 1)
    assert trail_command.main(["verify", "--since", "7"]) == 1
    assert "There is no seal 7." in capsys.readouterr().err


def test_the_command_ends_with_one_when_a_witness_finds_something(
    dev: Contact, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "WITNESSES", [])

    @trail.witness
    def happenings() -> list[str]:
        return ["Happening 4 names an entry that doesn't exist."]

    assert trail_command.main(["verify"]) == 1
    said = capsys.readouterr().out
    assert "Happening 4 names an entry that doesn't exist." in said
    assert "1 fault found." in said


def test_an_empty_trail_is_whole(db: None) -> None:
    assert trail.verify() == []
    assert not seals.key_file().exists()
