"""The check of the trail finds and names what a superuser of the database could do to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from records import scratch_office
from records.scratch_office import AT, contact, council, staff
from redress.access import chain, seals, trail, verification
from redress.access.models import Entry, Seal, Stream
from redress.access.roles import Role
from redress.access.verification import Fault
from redress.people.models import Contact

Tamper = Callable[..., None]
LENGTH = 6


@pytest.fixture
def office() -> Iterator[SimpleNamespace]:
    with scratch_office.office() as made:
        yield made


@pytest.fixture
def tamper(db: None, database_superuser: Any) -> Tamper:
    """Run SQL as a superuser who has switched the triggers off."""

    def run(sql: str, *values: Any) -> None:
        with database_superuser() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                cursor.execute(sql, values)
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")

    return run


@pytest.fixture
def dev(office: SimpleNamespace, db: None, tmp_path: Any, settings: Any) -> Contact:
    """A person with six entries, four of them sealed by two seals, and another person with two."""
    settings.REDRESS_KEYS_DIR = tmp_path / "keys"
    settings.REDRESS_SEALS_FILE = tmp_path / "seals.jsonl"
    dev = contact(council())
    eve = contact(dev.council, "Eve Lindqvist")
    asha = staff(Role.OFFICER, dev.council)
    for number in range(1, LENGTH + 1):
        at = AT + dt.timedelta(minutes=number)
        office.rename(contact=dev, name=f"name {number}", by=asha, at=at)
        if number in (2, 4):
            office.rename(contact=eve, name=f"name {number}", by=asha, at=at)
            seals.seal(at=at)
    assert trail.verify() == []
    return dev


def faults(**where: Any) -> list[Fault]:
    return trail.verify(**where)


def only(**where: Any) -> Fault:
    (fault,) = trail.verify(**where)
    return fault


def recompute(tamper: Tamper, stream: str) -> None:
    """Work a whole chain out anew, its head included, as somebody would who knows how it is done."""
    head = chain.GENESIS
    entries = list(Entry.objects.filter(stream=stream).order_by("seq"))
    # Out of the way first, so that the new places don't collide with the old ones.
    tamper("UPDATE access_entry SET seq = seq + 1000 WHERE stream = %s", stream)
    for seq, entry in enumerate(entries, start=1):
        link = chain.Link(
            id=entry.id,
            stream=stream,
            seq=seq,
            prev=head,
            kind=entry.kind,
            at=entry.at,
            by_kind=entry.by_kind,
            by_id=entry.by_id,
            by_name=entry.by_name,
            step=entry.step,
            ids=chain.canonical(entry.ids),
            digest=bytes(entry.digest),
        )
        sql = "UPDATE access_entry SET seq = %s, prev = %s, hash = %s WHERE id = %s"
        tamper(sql, seq, head, link.hash(), entry.id)
        head = link.hash()
    sql = "UPDATE access_stream SET seq = %s, hash = %s, sealed_seq = least(sealed_seq, %s) WHERE name = %s"
    tamper(sql, len(entries), head, len(entries), stream)


# -------------------------------------------------------------------------------------------------------------- entries


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'scratch-counted'",
        "at = at + interval '1 microsecond'",
        "by_id = 8",
        "by_name = 'Ben Carter'",
        "by_kind = 'command'",
        "step = 'another.step'",
        "ids = '{\"contact\": 9}'",
        "digest = '\\x00'",
        "version = 2",
        "hash = '\\x00'",
    ],
)
@pytest.mark.parametrize("seq", [1, 3, LENGTH])
def test_an_entry_that_was_altered(dev: Contact, tamper: Tamper, change: str, seq: int) -> None:
    tamper(f"UPDATE access_entry SET {change} WHERE stream = %s AND seq = %s", dev.trail_stream, seq)
    found = faults()
    assert ("altered", dev.trail_stream, seq) in {(fault.kind, fault.stream, fault.seq) for fault in found}
    assert {(fault.stream, fault.seq) for fault in found} == {(dev.trail_stream, seq)}
    assert {fault.kind for fault in found} <= {"altered", "detail-altered"}
    assert f"entry {seq} of {dev.trail_stream}" in found[0].sentence


@pytest.mark.parametrize("seq", [3, LENGTH])
def test_an_entry_that_was_altered_with_its_hash(dev: Contact, tamper: Tamper, seq: int) -> None:
    entry = Entry.objects.get(stream=dev.trail_stream, seq=seq)
    link = chain.Link(
        id=entry.id,
        stream=entry.stream,
        seq=seq,
        prev=bytes(entry.prev),
        kind=entry.kind,
        at=entry.at,
        by_kind=entry.by_kind,
        by_id=8,
        by_name=entry.by_name,
        step=entry.step,
        ids=chain.canonical(entry.ids),
        digest=bytes(entry.digest),
    )
    tamper("UPDATE access_entry SET by_id = 8, hash = %s WHERE id = %s", link.hash(), entry.id)
    fault = only()
    assert (fault.kind, fault.stream, fault.seq, fault.entry) == ("altered", dev.trail_stream, seq, entry.id)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ('UPDATE access_detail SET body = \'{"name": "somebody else"}\' WHERE entry_id = %s', "detail-altered"),
        ("UPDATE access_detail SET body = '{\"name\": 1.5}' WHERE entry_id = %s", "detail-altered"),
        ("UPDATE access_detail SET salt = '\\x00' WHERE entry_id = %s", "detail-altered"),
        ("DELETE FROM access_detail WHERE entry_id = %s", "detail-removed"),
    ],
)
def test_a_detail_that_was_altered(dev: Contact, tamper: Tamper, sql: str, kind: str) -> None:
    entry = Entry.objects.get(stream=dev.trail_stream, seq=3)
    tamper(sql, entry.id)
    fault = only()
    assert (fault.kind, fault.stream, fault.seq, fault.entry) == (kind, dev.trail_stream, 3, entry.id)


def test_a_detail_that_was_added(office: SimpleNamespace, dev: Contact, tamper: Tamper) -> None:
    office.count(council=dev.council, number=1, by=staff(Role.OFFICER, dev.council), at=AT)
    entry = Entry.objects.get(stream=dev.council.trail_stream)
    tamper("INSERT INTO access_detail (entry_id, salt, body) VALUES (%s, '\\x00', '{}')", entry.id)
    assert (only().kind, only().entry) == ("detail-inserted", entry.id)


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_entry_removed_in_the_middle(dev: Contact, tamper: Tamper, seq: int) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s AND seq = %s", dev.trail_stream, seq)
    fault = only()
    assert (fault.kind, fault.stream, fault.seq) == ("removed", dev.trail_stream, seq)
    assert fault.sentence == f"Entry {seq} of {dev.trail_stream} was removed."


def test_entries_removed_in_the_middle_and_the_gap_closed(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s AND seq = 3", dev.trail_stream)
    for seq in (4, 5, 6):
        tamper("UPDATE access_entry SET seq = seq - 1 WHERE stream = %s AND seq = %s", dev.trail_stream, seq)
    tamper("UPDATE access_stream SET seq = 5 WHERE name = %s", dev.trail_stream)
    found = faults()
    assert {fault.stream for fault in found} == {dev.trail_stream}
    assert {(fault.kind, fault.seq) for fault in found} >= {("reordered", 3), ("reordered", 4), ("reordered", 5)}


@pytest.mark.parametrize("left", [1, 3, 5])
def test_entries_removed_at_the_end(dev: Contact, tamper: Tamper, left: int) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s AND seq > %s", dev.trail_stream, left)
    fault = only()
    assert (fault.kind, fault.stream, fault.seq) == ("removed", dev.trail_stream, left + 1)
    assert "was cut short" in fault.sentence


def test_entries_removed_at_the_end_and_the_head_set_back(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s AND seq > 3", dev.trail_stream)
    sql = "UPDATE access_stream SET seq = 3, sealed_seq = 3, hash = (SELECT hash FROM access_entry"
    tamper(f"{sql} WHERE stream = name AND seq = 3) WHERE name = %s", dev.trail_stream)
    fault = only()
    assert (fault.kind, fault.stream, fault.seq, fault.seal) == ("removed", dev.trail_stream, 4, 2)
    assert fault.sentence == f"{dev.trail_stream} was cut short: seal 2 saw 4 entries, and now there are 3."


def test_a_chain_removed_whole(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s", dev.trail_stream)
    assert only().sentence == f"All {LENGTH} entries of {dev.trail_stream} were removed."
    tamper("DELETE FROM access_stream WHERE name = %s", dev.trail_stream)
    assert (only().kind, only().seal) == ("removed", 1)
    assert "now there are none" in only().sentence


def test_a_head_removed(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_stream WHERE name = %s", dev.trail_stream)
    assert (only().kind, only().stream) == ("head", dev.trail_stream)


def test_a_head_altered(dev: Contact, tamper: Tamper) -> None:
    tamper("UPDATE access_stream SET hash = '\\x00' WHERE name = %s", dev.trail_stream)
    assert (only().kind, only().seq) == ("altered", LENGTH)


def insert(tamper: Tamper, stream: str, seq: int) -> None:
    """Insert an entry that fits the one before it, as somebody would who knows how hashes are worked out."""
    like = Entry.objects.filter(stream=stream).order_by("seq").first()
    before = Entry.objects.get(stream=stream, seq=seq - 1) if seq > 1 else None
    assert like is not None
    link = chain.Link(
        id=trail._new_id(AT),
        stream=stream,
        seq=seq,
        prev=bytes(before.hash) if before else chain.GENESIS,
        kind=like.kind,
        at=AT,
        by_kind="staff",
        by_id=8,
        by_name="Ben Carter",
        step=like.step,
        ids="{}",
        digest=b"",
    )
    tamper(
        "INSERT INTO access_entry (id, stream, seq, prev, hash, kind, at, by_kind, by_id, by_name, step, ids, digest,"
        " version) VALUES (%s, %s, %s, %s, %s, %s, %s, 'staff', 8, 'Ben Carter', %s, '{}', '', 1)",
        link.id,
        stream,
        seq,
        link.prev,
        link.hash(),
        link.kind,
        AT,
        link.step,
    )


@pytest.mark.parametrize("seq", [1, 4, LENGTH])
def test_an_entry_inserted_and_the_rest_moved_on(dev: Contact, tamper: Tamper, seq: int) -> None:
    for place in range(LENGTH, seq - 1, -1):
        tamper("UPDATE access_entry SET seq = seq + 1 WHERE stream = %s AND seq = %s", dev.trail_stream, place)
    insert(tamper, dev.trail_stream, seq)
    tamper("UPDATE access_stream SET seq = seq + 1 WHERE name = %s", dev.trail_stream)
    found = faults()
    assert [fault.seq for fault in found if fault.kind == "inserted"] == [seq]
    assert {fault.kind for fault in found} <= {"inserted", "reordered"}
    assert {fault.stream for fault in found} == {dev.trail_stream}


def test_an_entry_inserted_behind_the_head(dev: Contact, tamper: Tamper) -> None:
    insert(tamper, dev.trail_stream, LENGTH + 1)
    assert (only().kind, only().stream, only().seq) == ("inserted", dev.trail_stream, LENGTH + 1)


def test_an_entry_inserted_in_a_chain_that_is_not_there(dev: Contact, tamper: Tamper) -> None:
    insert(tamper, dev.trail_stream, LENGTH + 1)
    tamper("UPDATE access_entry SET stream = 'case:99', seq = 1 WHERE seq = %s", LENGTH + 1)
    assert {fault.stream for fault in faults()} == {"case:99"}
    assert "head" in {fault.kind for fault in faults()}


def test_two_entries_reordered(dev: Contact, tamper: Tamper) -> None:
    for before, after in ((2, 99), (5, 2), (99, 5)):
        tamper("UPDATE access_entry SET seq = %s WHERE stream = %s AND seq = %s", after, dev.trail_stream, before)
    assert {(fault.kind, fault.seq) for fault in faults()} == {("reordered", 2), ("reordered", 5)}
    assert "was written as entry 5" in faults()[0].sentence


# ---------------------------------------------------------------------------------------------------------------- seals


@pytest.mark.parametrize("since", [None, 1])
def test_a_chain_worked_out_anew_by_a_superuser(dev: Contact, tamper: Tamper, since: int | None) -> None:
    tamper("UPDATE access_entry SET by_id = 8 WHERE stream = %s AND seq = 3", dev.trail_stream)
    recompute(tamper, dev.trail_stream)
    fault = only(since=since)
    assert (fault.kind, fault.stream, fault.seq, fault.seal) == ("recomputed", dev.trail_stream, 4, 2)
    assert "worked out anew" in fault.sentence


def test_a_chain_worked_out_anew_without_one_entry(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_entry WHERE stream = %s AND seq = 2", dev.trail_stream)
    recompute(tamper, dev.trail_stream)
    assert (only().kind, only().stream, only().seal) == ("recomputed", dev.trail_stream, 1)


def test_a_chain_and_the_seals_of_the_database_worked_out_anew(dev: Contact, tamper: Tamper) -> None:
    tamper("UPDATE access_entry SET by_id = 8 WHERE stream = %s AND seq = 3", dev.trail_stream)
    recompute(tamper, dev.trail_stream)
    stored = Seal.objects.get(number=2)
    at_four = bytes(Entry.objects.get(stream=dev.trail_stream, seq=4).hash).hex()
    heads = [[name, seq, at_four if name == dev.trail_stream else digest] for name, seq, digest in stored.heads]
    root = chain.heads_root(seals.heads_from(heads))
    tamper("UPDATE access_seal SET heads = %s::jsonb, root = %s WHERE number = 2", json.dumps(heads), root)
    found = faults()
    # The signature doesn't fit any more, and the file still knows what the chain was.
    assert {(fault.kind, fault.seal) for fault in found} == {("seal-altered", 2), ("recomputed", 2)}
    assert [fault.stream for fault in found if fault.kind == "recomputed"] == [dev.trail_stream]


def test_a_seal_missing_in_the_database(dev: Contact, tamper: Tamper) -> None:
    for number in (1, 2):
        tamper("DELETE FROM access_seal WHERE number = %s", number)
        assert (only().kind, only().seal) == ("seal-missing", number) if number == 1 else True
    assert [(fault.kind, fault.seal) for fault in faults()] == [("seal-missing", 1), ("seal-missing", 2)]
    assert "missing in the database" in faults()[0].sentence


def test_the_last_seal_missing_in_the_database(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_seal WHERE number = 2")
    assert (only().kind, only().seal) == ("seal-missing", 2)


@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_missing_in_the_file(dev: Contact, number: int) -> None:
    lines = seals.seals_file().read_text().splitlines(keepends=True)
    del lines[number - 1]
    seals.seals_file().write_text("".join(lines))
    assert (only().kind, only().seal) == ("seal-missing", number)
    assert "missing in the file" in only().sentence


def test_the_file_of_seals_gone(dev: Contact) -> None:
    seals.seals_file().unlink()
    assert [(fault.kind, fault.seal) for fault in faults()] == [("seal-missing", 1), ("seal-missing", 2)]


def test_a_seal_missing_everywhere(dev: Contact, tamper: Tamper) -> None:
    tamper("DELETE FROM access_seal WHERE number = 1")
    lines = seals.seals_file().read_text().splitlines(keepends=True)
    seals.seals_file().write_text(lines[1])
    assert (only().kind, only().seal, only().sentence) == (
        "seal-missing",
        1,
        "Seal 1 is missing, here and in the file.",
    )


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 day'",
        "entries = entries + 1",
        "root = '\\x00'",
        "prev = '\\x00'",
        "heads = '[]'",
        "heads = jsonb_set(heads, '{0,1}', '1')",
        "looks = 4",
        "looks_until = now()",
        "signature = '\\x00'",
    ],
)
def test_a_seal_altered_in_the_database(dev: Contact, tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE access_seal SET {change} WHERE number = 2")
    assert (only().kind, only().seal) == ("seal-altered", 2)
    assert "in the database" in only().sentence


def test_a_seal_altered_in_the_file(dev: Contact) -> None:
    lines = [json.loads(line) for line in seals.seals_file().read_text().splitlines()]
    lines[0]["entries"] = 99
    seals.seals_file().write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert (only().kind, only().seal) == ("seal-altered", 1)
    assert "in the file" in only().sentence


def test_a_line_of_the_file_that_is_no_seal(dev: Contact) -> None:
    lines = seals.seals_file().read_text()
    seals.seals_file().write_text("nonsense\n" + lines + lines.splitlines(keepends=True)[0])
    assert [fault.kind for fault in faults()] == ["seal-altered", "seal-altered"]
    assert "Line 1 of the file" in faults()[0].sentence
    assert "Line 4 of the file" in faults()[1].sentence


def test_seals_signed_with_another_key(dev: Contact) -> None:
    seals.key_file().unlink()
    seals.signing_key(make=True)
    assert {(fault.kind, fault.seal) for fault in faults()} == {("seal-key", 1), ("seal-key", 2)}


def test_a_seal_forged_with_another_key_under_our_name(dev: Contact, tamper: Tamper, tmp_path: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    true = list(seals.from_database())[1]
    forged = seals._signed(true, Ed25519PrivateKey.generate())
    tamper("UPDATE access_seal SET signature = %s WHERE number = 2", forged.signature)
    lines = seals.seals_file().read_text().splitlines(keepends=True)
    seals.seals_file().write_text(lines[0] + forged.line() + "\n")
    assert {(fault.kind, fault.seal) for fault in faults()} == {("seal-altered", 2)}


def test_a_seal_put_in_the_place_of_another(dev: Contact, tamper: Tamper) -> None:
    """A seal signed with the true key, over another past, doesn't follow the seal before it."""
    true = list(seals.from_database())[1]
    unsigned = seals.replace(true, prev=b"\x01" * 32, signature=b"")
    other = seals._signed(unsigned, seals.signing_key(make=False))
    tamper("UPDATE access_seal SET prev = %s, signature = %s WHERE number = 2", other.prev, other.signature)
    assert (only().kind, only().seal) == ("seal-altered", 2)
    assert "doesn't follow" in only().sentence


# ------------------------------------------------------------------------------------------------------- since, bounds


def test_since_reads_only_what_was_sealed_or_written_after(
    office: SimpleNamespace, dev: Contact, tamper: Tamper
) -> None:
    asha = staff(Role.OFFICER, dev.council)
    seals.seal(at=AT)  # number 3: Dev's last two
    office.count(council=dev.council, number=1, by=asha, at=AT)
    report = trail.examine(since=3)
    assert (report.faults, report.seals, report.streams, report.entries) == ([], 1, 1, 1)
    tamper("UPDATE access_entry SET by_id = 8 WHERE stream = %s AND seq = 1", dev.trail_stream)
    assert trail.verify(since=3) == []
    assert [fault.kind for fault in trail.verify(since=2)] == ["altered"]
    tamper("UPDATE access_entry SET by_id = 8 WHERE stream = %s", dev.council.trail_stream)
    assert [fault.stream for fault in trail.verify(since=3)] == [dev.council.trail_stream]


def test_faults_without_end_are_counted_and_not_all_listed(
    dev: Contact, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST_FAULTS", 2)
    tamper("UPDATE access_entry SET by_id = 8")
    report = trail.examine()
    assert (len(report.faults), report.more_faults) == (2, LENGTH + 2 - 2)


def test_every_kind_of_tampering_leaves_other_chains_alone(dev: Contact, tamper: Tamper) -> None:
    tamper("UPDATE access_entry SET by_id = 8 WHERE stream = %s", dev.trail_stream)
    assert Stream.objects.count() == 2
    assert {fault.stream for fault in faults()} == {dev.trail_stream}
