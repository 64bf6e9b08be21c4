"""Who is away, and who covers? One's own days; those of everybody for whoever allocates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.casework import absence
from redress.desk import entry
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.fields import DayField
from redress.rulebook import dates
from redress.staff import queries
from redress.staff.queries import Officer


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who covers."""

    officer = forms.ChoiceField(label="Who")
    starts_on = DayField(label="First day away", name="The first day")
    ends_on = DayField(label="Last day away", name="The last day")
    cover = forms.ChoiceField(
        label="Who covers", required=False, help_text="They get the reminders, and see the cases."
    )
    reason = forms.CharField(
        label="What for", max_length=60, required=False, help_text="Leave, training. No diagnosis."
    )

    def __init__(self, *args: Any, who: list[Officer], covers: list[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer, cover = self.fields["officer"], self.fields["cover"]
        assert isinstance(officer, forms.ChoiceField)
        assert isinstance(cover, forms.ChoiceField)
        officer.choices = [(str(one.pk), one.name) for one in who]
        cover.choices = [("", "Nobody"), *((str(one.pk), one.name) for one in covers)]


@require_http_methods(["GET", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away, and record days."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.ABSENCE_RECORD):
        raise PermissionDenied(f"Your role doesn’t allow you to {Permission.ABSENCE_RECORD.sentence}.")
    today = moment.today()
    people = queries.colleagues(by, today)
    who = people if by.may_somewhere(Permission.CASE_ALLOCATE) else [one for one in people if one.pk == by.id]
    form = AbsenceForm(request.POST or None, who=who, covers=people, initial={"officer": by.id, "reason": "leave"})
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _record(request, by, form.cleaned_data)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, made)
            return redirect("desk:absences")
    rows = queries.absences_of(by, today)
    mine = {one.pk for one in who}
    return entry.page(
        request,
        "desk/settings/absences.html",
        title="Absence and cover",
        current="settings",
        page=[(row, row.officer_id in mine) for row in rows],
        form=form,
        refusal=refusal,
        more={"today": today},
    )


def _record(request: HttpRequest, by: Actor, given: dict[str, Any]) -> str:
    officer = queries.officer(int(given["officer"]))
    assert officer is not None
    absence.record(
        officer=officer,
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
        cover=queries.officer(int(given["cover"])) if given["cover"] else None,
        reason=given["reason"],
        by=by,
        at=moment.now(),
        key=entry.form_key(request),
    )
    return f"{officer.name} is away from {dates.say(given['starts_on'])} to {dates.say(given['ends_on'])}."


@require_POST
def cancel(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Cancel days that were recorded."""
    by = entry.viewer(request)
    found = queries.absence(absence_id)
    if found is None or not set(found.officer.council_ids) & by.council_ids:
        raise Http404
    try:
        absence.cancel(officer=found.officer, absence=found, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        said.done(request, f"{found.officer.name} is not away after all.")
    return redirect("desk:absences")
