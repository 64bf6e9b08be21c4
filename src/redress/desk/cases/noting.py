"""A telephone call, a visit or a note is written down, from the case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from redress.access.refusals import Refusal
from redress.casework import notes
from redress.desk import entry
from redress.desk.cases import subject
from redress.desk.cases.forms import NoteForm
from redress.people import queries as people_queries
from redress.plumbing import moment
from redress.plumbing.look import said


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note, a call or a visit down; what must be honoured stands above."""
    by, case = subject.of(request, reference)
    subject.needs(notes.write_note, by, case=case)
    today = moment.today()
    refusal: Refusal | None = None
    kind = request.GET.get("kind", "internal")
    form = NoteForm(
        request.POST or None, case=case, initial={"on": today, "kind": kind, "contact": case.complainant_id}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with_whom = given["contact"] if given["kind"] != "internal" else ""
        try:
            notes.write_note(
                case=case,
                kind=given["kind"],
                contact=people_queries.contact(by, int(with_whom)) if with_whom else None,
                on=given["on"],
                words=given["words"],
                next_action=given["next_action"],
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, "It is written down.")
            return redirect("desk:case", case.reference)
    return entry.page(
        request,
        "desk/cases/note.html",
        title=f"Note on {case.reference}",
        current="work",
        form=form,
        refusal=refusal,
        more={"head": subject.head(by, case, today)},
    )
