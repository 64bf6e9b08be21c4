"""Is a file held until a scanner found it clean, and judged by what is in it?"""

from typing import Any

import pytest

from factories import portal as forms
from factories.intake import AT, Office, logged, office
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.casework import documents
from redress.documents import queries
from redress.documents.models import Document, Scan
from redress.documents.store import store
from redress.jobs import scanning
from redress.plumbing import filetype, moment
from redress.staff.models import Notice
from servers import scanner
from servers.needs import needs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)


@pytest.fixture
def of() -> Office:
    return office()


def added(of: Office, name: str = "bin.png", data: bytes = forms.PNG, *, point: int | None = None) -> Document:
    uploads = documents.take_in(of.council, [forms.File(name, data)])
    return documents.add_documents(case=logged(of), uploads=uploads, point=point, by=of.actor(), at=AT)[0]


def seen(of: Office, document: Document) -> queries.File:
    found = queries.one(of.actor(), document.pk)
    assert found is not None
    return found[1]


def test_a_file_is_held_until_it_was_scanned(of: Office, settings: Any) -> None:
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    document = added(of)
    assert not seen(of, document).may_open
    scanning.scan_document(document_id=document.pk)
    assert not seen(of, document).may_open
    assert "can’t be opened" in seen(of, document).why
    documents.record_scan(document=document, result="clean", detail="", by=Actor.timetable(), at=AT)
    assert seen(of, document).may_open


def test_without_a_scanner_it_is_plainly_marked(of: Office, settings: Any) -> None:
    settings.REDRESS_CLAMD = None
    document = added(of)
    scanning.scan_document(document_id=document.pk)
    assert seen(of, document).may_open
    assert "no virus scanner" in seen(of, document).why


def test_a_scanner_that_is_down_is_asked_again_and_written_down_once(of: Office, settings: Any) -> None:
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    document = added(of)
    for _ in range(3):
        scanning.scan_document(document_id=document.pk)
    assert Scan.objects.filter(document=document).count() == 1
    assert documents.not_scanned_yet() == [document.pk]


@needs("clamd")
def test_a_real_scanner_lets_a_clean_file_through_and_tells_of_a_harmful_one(of: Office, settings: Any) -> None:
    clean, harmful = added(of), added(of, "notes.txt", scanner.MARKER)
    type(harmful.case).objects.filter(pk=harmful.case_id).update(holder=of.officers[Role.OFFICER], held_since=AT)
    with scanner.scanner() as address:
        settings.REDRESS_CLAMD = address
        for document in (clean, harmful):
            scanning.scan_document(document_id=document.pk)
            scanning.scan_document(document_id=document.pk)
        assert seen(of, clean).may_open
        assert not seen(of, harmful).may_open
    assert Notice.objects.get().officer == of.officers[Role.OFFICER]
    assert Scan.objects.filter(document=harmful).count() == 1
    assert documents.not_scanned_yet() == []


def test_bytes_that_are_no_longer_there_are_never_called_clean(of: Office, settings: Any) -> None:
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    document = added(of)
    path = store().path("northmere", document.sha256)
    path.parent.chmod(0o700)
    path.unlink()
    scanning.scan_document(document_id=document.pk)
    assert Scan.objects.get().result == "not-scanned"


def test_a_program_with_the_name_of_a_letter_is_refused(of: Office) -> None:
    with pytest.raises(documents.FileNotTaken, match="is a program"):
        documents.take_in(of.council, [forms.File("letter.pdf", b"MZ\x90\0" + b"\0" * 100)])


def test_one_bad_file_of_several_stores_none(of: Office) -> None:
    good, bad = forms.File("bin.png", forms.PNG + b"1"), forms.File("tool.exe", b"MZ\x90\0")
    with pytest.raises(documents.FileNotTaken):
        documents.take_in(of.council, [good, bad])
    assert not Document.objects.exists()


def test_the_limits_are_said(of: Office) -> None:
    huge = forms.File("bin.png", forms.PNG)
    huge.size = filetype.MAX_FILE + 1
    with pytest.raises(documents.FileNotTaken, match="25 MB"):
        documents.take_in(of.council, [huge])
    with pytest.raises(documents.FileNotTaken, match="10 files"):
        documents.take_in(of.council, [forms.File(f"{n}.png", forms.PNG) for n in range(11)])


def test_a_file_serves_a_point_of_its_own_case_only(of: Office) -> None:
    assert added(of, point=2).placements.get().point.number == 2
    with pytest.raises(documents.NotThisPoint):
        added(of, point=9)


def test_nobody_without_the_permission_adds_one(of: Office) -> None:
    case = logged(of)
    uploads = documents.take_in(of.council, [forms.File("bin.png", forms.PNG)])
    for role in (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            documents.add_documents(case=case, uploads=uploads, point=None, by=of.actor(role), at=AT)
    with pytest.raises(NotPermitted):
        documents.record_scan(document=added(of), result="clean", detail="", by=of.actor(), at=AT)


def test_another_councils_officer_does_not_see_it(of: Office) -> None:
    document = added(of)
    assert queries.one(office("eastvale", "EAS").actor(), document.pk) is None
