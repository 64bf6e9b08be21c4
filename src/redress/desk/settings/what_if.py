"""Which dates would follow if it came in today, by each procedure, and why?

Example: ``/desk/settings/what-if/?council=northmere&procedure=adopted&day_day=23&day_month=11&day_year=2026``. Nothing
is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from redress.access.permissions import NotPermitted, Permission
from redress.cases.clocks import settings_of
from redress.council import queries
from redress.council.queries import Calendars, Council
from redress.desk import entry
from redress.desk.settings.procedures import mark
from redress.plumbing import moment
from redress.plumbing.look.fields import DayField
from redress.rulebook import dates, lines, procedures, what_if
from redress.rulebook.editions import Edition

EVERY = "every"
ADOPTED = "adopted"


class WhatIfForm(forms.Form):
    """When it comes in, to which council, and by which procedure."""

    council = forms.ChoiceField(label="Council")
    procedure = forms.ChoiceField(label="Procedure")
    day = DayField(label="Day on which it comes in", name="The day")
    hour = forms.TimeField(
        label="Time, for what is counted in hours",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I%p"],
        widget=forms.TimeInput(format="%H:%M"),
        help_text="Such as 10:30",
        error_messages={"invalid": "The time must be like 10:30"},
    )

    def __init__(self, *args: Any, councils: list[Council], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of, by = self.fields["council"], self.fields["procedure"]
        assert isinstance(of, forms.ChoiceField)
        assert isinstance(by, forms.ChoiceField)
        of.choices = [(one.code, one.short_name) for one in councils]
        titles = [(code, procedures.current(code).title) for code in procedures.codes()]
        by.choices = [(ADOPTED, "Those that the council adopted"), (EVERY, "Every procedure"), *titles]


@dataclass(frozen=True)
class OneDate:
    """One date that would follow, in words."""

    title: str
    due: str
    supposed: str
    length: str
    cite: str
    mark: tuple[str, str]
    owed_by_others: str
    reasons: tuple[tuple[str, str], ...]
    moves: tuple[str, ...]
    caution: str


@dataclass(frozen=True)
class OneProcedure:
    """The dates that would follow by one procedure, or why none is worked out."""

    code: str
    title: str
    edition: Edition | None
    why_not: str
    at_once: tuple[OneDate, ...]
    later: tuple[OneDate, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show all dates that would follow, by procedure, with their reasons."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.CASE_READ):
        raise PermissionDenied from NotPermitted(Permission.CASE_READ)
    councils = [one for one in queries.councils(by) if by.may(Permission.CASE_READ, one.pk)]
    now = moment.local(moment.now())
    known = {"council": {one.code for one in councils}, "procedure": {ADOPTED, EVERY, *procedures.codes()}}
    start: dict[str, Any] = {
        "council": councils[0].code,
        "procedure": ADOPTED,
        "day": now.date(),
        "hour": now.time().replace(second=0, microsecond=0),
    }
    start |= {name: value for name in ("council", "procedure") if (value := request.GET.get(name, "")) in known[name]}
    asked = "day_day" in request.GET
    form = WhatIfForm(request.GET if asked else None, councils=councils, initial=start)
    given = start if not asked else form.cleaned_data if form.is_valid() else None
    found: tuple[OneProcedure, ...] = ()
    at: datetime | None = None
    chosen: Council | None = None
    if given is not None:
        chosen = next(one for one in councils if one.code == given["council"])
        at = datetime.combine(given["day"], given["hour"] or time(12), tzinfo=now.tzinfo)
        calendars = Calendars()
        found = tuple(_one(chosen, code, at, calendars) for code in _wanted(chosen, str(given["procedure"]), at))
    return entry.page(
        request,
        "desk/settings/what_if.html",
        title="What if",
        current="settings",
        page=found,
        form=form,
        more={"at": at, "today": now.date(), "council": chosen},
    )


def _wanted(council: Council, chosen: str, at: datetime) -> tuple[str, ...]:
    if chosen == EVERY:
        return procedures.codes()
    if chosen == ADOPTED:
        return tuple(code for code in queries.procedures_on(council.pk, at.date()) if code in procedures.codes())
    return (chosen,)


def _one(council: Council, code: str, at: datetime, calendars: Calendars) -> OneProcedure:
    try:
        edition = queries.edition_for(council.pk, code, at.date())
    except procedures.NoEdition as none:
        return OneProcedure(code, procedures.current(code).title, None, none.sentence, (), ())
    calendar = calendars.of(council, edition.working_days.calendar)
    found = what_if.follow(edition, at, calendar, settings=settings_of(council))
    return OneProcedure(
        code=code,
        title=edition.title,
        edition=edition,
        why_not="" if found else "This procedure has no time limits.",
        at_once=tuple(_date(one) for one in found if one.at_once),
        later=tuple(_date(one) for one in found if not one.at_once),
    )


OWED_BY = {
    "person": "The person’s own time: it runs out, and nobody is late.",
    "other": "Another body’s time, not the council’s.",
}


def _date(one: what_if.Follows) -> OneDate:
    rule, reading = one.rule, one.reading
    due = "Its start states the date" if rule.limit is None else "No date can be worked out for that day"
    reasons: tuple[tuple[str, str], ...] = ()
    caution = ""
    if reading is not None and reading.due is not None:
        due = lines.moment(reading.due_at) if reading.due_at else dates.say(reading.due)
        reasons = tuple((reason.text, reason.authority) for reason in reading.reasons)
        caution = reading.caution or ""
    return OneDate(
        title=rule.title,
        due=due,
        supposed=" ".join(one.supposed),
        length=lines.span(rule.limit, rule.unit) if rule.limit is not None else "",
        cite=rule.authority.cite,
        mark=mark(rule.authority),
        owed_by_others=OWED_BY.get(rule.owed_by, ""),
        reasons=reasons,
        moves=tuple(move.sentence.replace(" today", " on that day", 1) for move in one.moves),
        caution=caution,
    )
