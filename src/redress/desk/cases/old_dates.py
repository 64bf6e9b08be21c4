"""A letter gave a date that has moved since: it is shown on the case, and somebody says what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.cases.queries import Case, Readings
from redress.casework import old_dates
from redress.correspondence import queries_letters
from redress.desk import entry
from redress.desk.cases import subject
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.rulebook import dates

SAID = {
    "written": "It is written down that the person was told the new date.",
    "kept": "It is written down that the earlier date is kept.",
    "not-given": "It is written down that the letter does not promise that date.",
}


@dataclass(frozen=True)
class Line:
    """A letter that gave a date which has moved, and what can be done about it."""

    subject: str
    pdf: str
    sentence: str
    settle: str
    write: str


def lines(by: Actor, case: Case, readings: Readings) -> tuple[Line, ...]:
    """List the letters of a case that gave a date which has moved and about which nothing was done yet."""
    now = {reading.name: reading for reading in (*readings.open, *readings.done)}
    may = bool(can(old_dates.settle, by, case=case))
    found = []
    for row in queries_letters.old_dates_of(by, case):
        sent = f"Sent {dates.plain(row.letter.dispatched_on)}" if row.letter.dispatched_on else "Not gone yet"
        reading = now.get(row.clock)
        moved = "that clock runs no longer"
        if reading is not None and reading.due is not None:
            moved = f"{reading.title} is now due {dates.say(reading.due)}"
        found.append(
            Line(
                subject=row.letter.subject,
                pdf=reverse("desk:letter-pdf", args=[row.letter_id]) if row.letter.document_id else "",
                sentence=f"{sent} to {row.letter.to.name}. It gave {dates.say(row.gave)}; {moved}.",
                settle=reverse("desk:old-date", args=[case.reference, row.pk]) if may else "",
                write=reverse("desk:write", args=[case.reference]) if may else "",
            )
        )
    return tuple(found)


@require_POST
def settle(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say what was done about a letter that gave a date which has moved."""
    by, case = subject.of(request, reference)
    subject.needs(old_dates.settle, by, case=case)
    found = queries_letters.old_date(by, number)
    if found is None or found.case_id != case.pk:
        raise Http404
    how = request.POST.get("how", "")
    try:
        old_dates.settle(case=case, old=found, how=how, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        said.done(request, SAID[how])
    return redirect("desk:case", case.reference)
