"""Are the real messages of other projects (../shared/mail) read as a person reads them?

``expected_mail.json`` was written message by message from reading each file by eye.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from plumbing.mutate_mail import mutations
from redress.plumbing.mail import classify, sources
from redress.plumbing.mail import parse as parsing
from redress.plumbing.mail.parse import parse
from servers.needs import needs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "mail"
EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "expected_mail.json").read_text("utf-8"))


def _line(item: sources.SourceItem) -> dict[str, Any]:
    message = item.parsed
    return {
        "status": "stored" if item.readable else "unreadable",
        "kind": classify.kind(message),
        "attachments": len(message.attachments),
        "names": [attachment.name for attachment in message.attachments],
        "from": message.from_address,
        "subject": message.subject[:70],
        "begins": " ".join(message.text.split())[:60],
    }


@needs("shared")
def test_each_file_gives_its_expected_line() -> None:
    found = {item.file.name: _line(item) for item in sources.walk([SHARED])}
    assert found == EXPECTED["files"]


@needs("shared")
def test_no_message_is_taken_for_another_and_a_second_copy_is_the_same() -> None:
    first = {item.file.name: item.parsed for item in sources.walk([SHARED])}
    again = {item.file.name: item.parsed.identity.key for item in sources.walk([SHARED])}
    assert again == {name: message.identity.key for name, message in first.items()}
    counted = Counter(again.values())
    assert [key for key, count in counted.items() if count > 1] == EXPECTED["duplicates"]
    ids = Counter(message.message_id for message in first.values() if message.message_id)
    shared = {name for name, message in first.items() if ids[message.message_id] > 1}
    assert shared == {name for pair in EXPECTED["same_identity_different_text"] for name in pair}
    for one, two in EXPECTED["same_identity_different_text"]:
        assert first[one].message_id == first[two].message_id
        assert first[one].digest != first[two].digest


@needs("shared")
def test_line_ends_of_either_kind_give_the_same_message() -> None:
    for item in sources.walk([SHARED]):
        if item.readable and item.file.suffix != ".msg":
            unix = item.raw.replace(b"\r\n", b"\n")
            assert parse(unix).identity == parse(unix.replace(b"\n", b"\r\n")).identity, item.file.name


@needs("shared")
def test_no_damage_to_real_messages_raises() -> None:
    seeds = [item.raw for item in sources.walk([SHARED]) if item.file.suffix != ".msg"]
    for number, raw in enumerate(mutations(seeds, count=250, seed=11)):
        message = parse(raw)
        assert not any(fault.startswith(parsing.UNEXPECTED) for fault in message.faults), number


@needs("shared")
def test_damaged_outlook_files_are_told_never_raised() -> None:
    whole = (SHARED / "simple-test-msg-file.msg").read_bytes()
    for number, raw in enumerate(mutations([whole], count=8, seed=3)):
        message = parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + raw[8:])
        assert not any(fault.startswith(parsing.UNEXPECTED) for fault in message.faults), (number, message.faults)
