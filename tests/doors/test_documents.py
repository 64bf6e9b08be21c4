"""Can an officer open and add documents, and nobody open what is held or what is another council's?"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import portal as forms
from factories.intake import AT, Office, logged, office
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.casework import documents
from redress.documents.models import Document
from redress.plumbing import filetype, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)


@pytest.fixture
def of(settings: Any) -> Office:
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    settings.REDRESS_DEMONSTRATION = True  # no second factor is asked for in a demonstration
    return office()


def signed_in(of: Office, role: Role = Role.OFFICER) -> Client:
    client = Client()
    client.force_login(of.officers[role])
    return client


def added(of: Office) -> Document:
    uploads = documents.take_in(of.council, [forms.File("bin.png", forms.PNG)])
    return documents.add_documents(case=logged(of), uploads=uploads, point=None, by=of.actor(), at=AT)[0]


def test_a_held_document_says_why_and_a_clean_one_is_a_download(of: Office) -> None:
    document = added(of)
    client = signed_in(of)
    held = client.get(f"/desk/cases/documents/{document.pk}/")
    assert held.status_code == 403
    assert "Not scanned yet" in held.content.decode()
    documents.record_scan(document=document, result="clean", detail="", by=Actor.timetable(), at=AT)
    response = client.get(f"/desk/cases/documents/{document.pk}/")
    assert response.content == forms.PNG
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == filetype.SERVE_HEADERS["Content-Security-Policy"]
    documents.record_scan(document=document, result="infected", detail="Eicar", by=Actor.timetable(), at=AT)
    assert client.get(f"/desk/cases/documents/{document.pk}/").status_code == 403


def test_another_council_a_system_administrator_and_a_stranger_see_none(of: Office) -> None:
    document = added(of)
    documents.record_scan(document=document, result="clean", detail="", by=Actor.timetable(), at=AT)
    address = f"/desk/cases/documents/{document.pk}/"
    assert signed_in(office("eastvale", "EAS")).get(address).status_code == 404
    assert signed_in(of, Role.SYSTEM_ADMINISTRATOR).get(address).status_code == 404
    assert Client().get(address).status_code in (302, 403)
    assert signed_in(of).get("/desk/cases/documents/999999/").status_code == 404


def test_an_officer_adds_files_for_a_point(of: Office) -> None:
    case = logged(of)
    client = signed_in(of)
    address = f"/desk/cases/{case.reference}/documents/add/"
    assert client.get(address).status_code == 200
    given = {"files": [SimpleUploadedFile("round.txt", b"16 November: not done")], "point": "1", "form_key": "k"}
    for _ in range(2):
        assert (
            client.post(
                address, {**given, "files": [SimpleUploadedFile("round.txt", b"16 November: not done")]}
            ).status_code
            == 302
        )
    document = Document.objects.get(case=case)
    assert document.placements.get().point.number == 1
    assert not document.shared_with_person


def test_faults_are_said(of: Office) -> None:
    case = logged(of)
    client = signed_in(of)
    address = f"/desk/cases/{case.reference}/documents/add/"
    nothing = client.post(address, {"form_key": "a"})
    assert nothing.status_code == 422
    assert "Choose at least one file" in nothing.content.decode()
    program = client.post(address, {"files": [SimpleUploadedFile("letter.pdf", b"MZ\x90\0")]})
    assert program.status_code == 422
    assert "is a program" in program.content.decode()
    large = client.post(address, CONTENT_LENGTH=str(2 * 1024**3), CONTENT_TYPE="multipart/form-data; boundary=x")
    assert large.status_code == 413
    auditor = signed_in(of, Role.AUDITOR).get(address)
    assert "Your role doesn't allow you to add documents to a case" in auditor.content.decode().replace("&#x27;", "'")
