"""Do sixty damaged messages of the long count come in, each once? ``make trials`` takes five thousand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from factories.intake import office
from redress.correspondence.models import Message, ReceiptOf
from redress.jobs import mailbox_import

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trials import mail

pytestmark = pytest.mark.django_db


def imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Import a folder and give its lines."""
    assert mailbox_import.main([str(folder), "--council", "northmere", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_sixty_damaged_messages_are_stored_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office()
    names = mail.lay(tmp_path, seed=3, first=0, count=60)
    lines = imported(tmp_path, capsys)
    kept = Message.objects.count()
    again = imported(tmp_path, capsys)
    assert mail.judged(names, lines, again, kept) == []
    assert Message.objects.count() == kept >= 40
    assert ReceiptOf.objects.filter(duplicate=True).count() >= kept


def test_the_trial_tells_what_went_wrong() -> None:
    good = [{"file": "/a/1.eml", "status": "stored"}, {"file": "/a/2.eml", "status": "duplicate"}]
    second = [{**line, "status": "duplicate"} for line in good]
    assert mail.judged(["1.eml", "2.eml"], good, second, 1) == []
    assert "no line" in mail.judged(["1.eml", "2.eml", "3.eml"], good, second, 1)[0]
    assert "2 messages are new" in mail.judged(["1.eml", "2.eml"], good, second, 2)[0]
    assert "stored a second time" in mail.judged(["1.eml", "2.eml"], good, good, 1)[0]
