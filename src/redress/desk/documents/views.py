"""Which document is this, may it be opened, and how does one come to a case?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases import queries as case_queries
from redress.casework import documents
from redress.desk import entry
from redress.desk.documents.forms import AddForm
from redress.documents import queries
from redress.plumbing import moment, serving
from redress.plumbing.look import said
from redress.plumbing.storage import Altered, Missing
from redress.plumbing.uploads import limited_uploads


@require_GET
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Hand out a document as a download; one that is held says why instead."""
    found = queries.one(entry.viewer(request), document_id)
    if found is None:
        raise Http404
    row, file = found
    if not file.may_open:
        return _held(request, file, file.why, status=403)
    try:
        data = queries.read_bytes(row)
    except (Missing, Altered) as fault:
        return _held(request, file, fault.sentence, status=500)
    return serving.attachment(data, file.name, file.content_type)


def _held(request: HttpRequest, file: queries.File, why: str, *, status: int) -> HttpResponse:
    return entry.page(
        request,
        "desk/documents/held.html",
        title="This document can’t be opened",
        current="work",
        page={"file": file, "why": why},
        status=status,
    )


def _too_large(request: HttpRequest, sentence: str, reference: str) -> HttpResponse:
    case = case_queries.case(entry.viewer(request), reference)
    if case is None:
        raise Http404
    return _draw(request, case, _form(case), refusal=documents.FileNotTaken(sentence), status=413)


@limited_uploads(_too_large)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add files to a case, for one point or for the whole of it."""
    by = entry.viewer(request)
    case = case_queries.case(by, reference)
    if case is None:
        raise Http404
    if request.method == "GET":
        return _draw(request, case, _form(case))
    form = _form(case, request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, case, form)
    dropped = getattr(request, "too_large", [])
    try:
        if dropped:
            raise documents.FileNotTaken(documents.too_large(dropped[0]))
        uploads = documents.take_in(case.council, request.FILES.getlist("files"))
        rows = documents.add_documents(
            case=case,
            uploads=uploads,
            point=int(form.cleaned_data["point"]) if form.cleaned_data["point"] else None,
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        return _draw(request, case, form, refusal=refusal)
    added = rows[0].name if len(rows) == 1 else f"{len(rows)} files"
    said.done(request, f"{added} added to {case.reference}. Each can be opened once it was scanned.")
    return redirect("desk:case", case.reference)


def _form(case: Any, *given: Any) -> AddForm:
    points = [
        (str(one.number), f"{one.number}. {one.text}") for one in case_queries.points_of(case) if not one.withdrawn
    ]
    return AddForm(*given, points=points)


def _draw(
    request: HttpRequest, case: Any, form: AddForm, *, refusal: Refusal | None = None, status: int | None = None
) -> HttpResponse:
    allowed = can(documents.add_documents, entry.viewer(request), case=case)
    return entry.page(
        request,
        "desk/documents/add.html",
        title=f"Add a document to {case.reference}",
        current="work",
        page={"case": case, "allowed": allowed},
        form=form,
        refusal=refusal,
        status=status,
    )
