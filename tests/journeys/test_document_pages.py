"""Do the desk's pages about documents stand without a fault at two widths?"""

from typing import Any

import pytest
from django.test import Client

from factories import portal as forms
from factories.intake import AT, logged, office
from journeys import axe
from journeys.test_portal_pages import Walk, browser
from redress.access.roles import Role
from redress.casework import documents
from redress.plumbing import moment

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]


def test_adding_a_document_and_one_that_is_held(
    browser: Any, live_server: Any, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(moment, "now", lambda: AT)
    settings.REDRESS_CLAMD = "unix:/nowhere/clamd.ctl"
    settings.REDRESS_DEMONSTRATION = True
    of = office()
    case = logged(of)
    uploads = documents.take_in(of.council, [forms.File("bin.png", forms.PNG)])
    held = documents.add_documents(case=case, uploads=uploads, point=None, by=of.actor(), at=AT)[0]
    client = Client()
    client.force_login(of.officers[Role.OFFICER])
    walk = Walk(browser, live_server.url)
    value = client.cookies["sessionid"].value
    walk.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    walk.to(f"/desk/cases/{case.reference}/documents/add/")
    walk.look("desk-add-document")
    walk.go_on("Add")
    assert "Choose at least one file" in walk.page.content()
    axe.check_widths(walk.page)
    walk.page.get_by_label("Files").set_input_files(
        {"name": "round.txt", "mimeType": "text/plain", "buffer": b"16 November: not done"}
    )
    walk.page.get_by_label("1. The bin was missed on 16 November.").check()
    walk.go_on("Add")
    assert "round.txt added to NMR-2026-0001." in walk.page.content()
    walk.to(f"/desk/cases/documents/{held.pk}/")
    walk.look("desk-held-document")
    walk.context.close()


__all__ = ["browser"]
