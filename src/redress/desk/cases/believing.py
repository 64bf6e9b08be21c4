"""What was believed on a day: the clocks as they were read with what was on record then, beside what is believed now.

Example: ``/desk/case/NMR-2026-0437/believed/?on_day=20&on_month=11&on_year=2026``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from redress.access.permissions import Permission
from redress.cases import clocks
from redress.cases.queries import Case
from redress.casework import believed
from redress.casework.believed import Belief
from redress.desk import entry
from redress.desk.cases import reasons, subject
from redress.desk.cases.reasons import Reasons
from redress.plumbing import moment
from redress.plumbing.look.fields import DayField
from redress.rulebook import dates
from redress.rulebook.readings import Reading
from redress.rulebook.severity import of as severity_of


class DayForm(forms.Form):
    """Which day."""

    on = DayField(label="At the end of which day?", name="The day", help_text="Today or an earlier day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """Refuse a day that is still to come: nothing is believed on it yet."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("That day is still to come. Give today or an earlier day", code="future")
        return on


@dataclass(frozen=True)
class Side:
    """A clock by one reading."""

    reading: Reading
    code: str
    reasons: Reasons


@dataclass(frozen=True)
class Pair:
    """One clock then and now, and in a sentence whether its date is the same."""

    title: str
    said: str
    same: bool
    then: Side | None
    now: Side


@dataclass(frozen=True)
class Corrected:
    """A correction as it is shown: what stood there, what stands there now, why, by whom and when."""

    was: str
    now: str
    reason: str
    who: str
    when: str
    known: bool


@dataclass(frozen=True)
class Recorded:
    """Something that was recorded, or that changed in the calendar, after the day."""

    when: str
    what: str
    who: str


@dataclass(frozen=True)
class Change:
    """A day on which the record changed, with the address that shows what was believed at its end."""

    on: date
    what: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class BelievedPage:
    """What was believed on a day; ``day`` is None as long as none was chosen."""

    day: date | None
    is_today: bool
    nothing_yet: str
    pairs: tuple[Pair, ...]
    corrections: tuple[Corrected, ...]
    recorded: tuple[Recorded, ...]
    changes: tuple[Change, ...]
    trail_href: str
    printed: str


@require_safe
def what_was_believed(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a day and see each clock as it was believed at its end, beside what is believed now."""
    by, case = subject.of(request, reference)
    today = moment.today()
    asked = any(name.startswith("on_") for name in request.GET)
    form = DayForm(request.GET if asked else None, today=today)
    day = form.cleaned_data["on"] if asked and form.is_valid() else None
    page = believed_page(case, day, today, may_read_trail=by.may(Permission.TRAIL_READ, case.council_id))
    return entry.page(
        request,
        "desk/cases/believed.html",
        title=f"What was believed of {case.reference}",
        current="work",
        page=page,
        form=form,
        more={"head": subject.head(by, case, today), "chosen": asked},
    )


def address(case: Case, on: date) -> str:
    """Give the address that shows what was believed at the end of a day."""
    query = urlencode({"on_day": on.day, "on_month": on.month, "on_year": on.year})
    return f"{reverse('desk:believed', args=[case.reference])}?{query}"


def believed_page(case: Case, day: date | None, today: date, *, may_read_trail: bool) -> BelievedPage:
    """Work out the page; without a day only the days on which the record changed."""
    found = believed.believe(case, day or today, today=today)
    days = believed.recorded_days([*found.on_record, *found.since])
    nothing = ""
    if day is not None and not found.on_record:
        first = next(iter(days.items()), None)
        nothing = (
            f"The first entry was made on {dates.say(first[0])}: {believed.said(first[1][0])}."
            if first is not None
            else "Nothing that a clock could hear of was ever recorded in this case."
        )
    return BelievedPage(
        day=day,
        is_today=day == today,
        nothing_yet=nothing,
        pairs=_pairs(case, found) if day is not None and found.on_record else (),
        corrections=tuple(_corrected(one, found) for one in found.corrections) if day is not None else (),
        recorded=_recorded(found) if day is not None else (),
        changes=tuple(
            Change(on, ". ".join(believed.said(row) for row in rows), address(case, on), on == day)
            for on, rows in days.items()
        ),
        trail_href=reverse("desk:trail-case", args=[case.reference]) if may_read_trail else "",
        printed=dates.plain(today),
    )


def _pairs(case: Case, found: Belief) -> tuple[Pair, ...]:
    marks = reasons.marks_of(clocks.edition_of(case))
    settings = clocks.settings_of(case.council)

    def side(reading: Reading) -> Side:
        code = severity_of(reading, reading.calendar, settings=settings).group
        return Side(reading, "new" if reading.state == "not-started" else code, reasons.sureness(reading, marks))

    pairs = []
    for name in found.names:
        now, then = found.now[name], found.then.get(name)
        same = then is not None and (then.due, then.state) == (now.due, now.state)
        pairs.append(Pair(now.title, _difference(then, now), same, side(then) if then else None, side(now)))
    return tuple(pairs)


def _difference(then: Reading | None, now: Reading) -> str:
    """Say in a sentence whether the date was the same then as it is now."""
    before, after = _date_words(then), _date_words(now)
    if before == after:
        return f"The same then and now: {before}." if now.due is not None else f"{before}, then and now."
    return f"Then: {before}. Now: {after}."


def _date_words(reading: Reading | None) -> str:
    if reading is None or (reading.state == "not-started" and reading.due is None):
        return "not started"
    if reading.state == "paused" and reading.paused_since is not None:
        return f"paused since {dates.say(reading.paused_since)}"
    if reading.due is None:
        return "unclear"
    return f"{dates.say(reading.due)} at the latest" if reading.state == "not-started" else dates.say(reading.due)


def _corrected(one: believed.Correction, found: Belief) -> Corrected:
    row = one.row
    return Corrected(
        was=one.was_words,
        now=one.now_words,
        reason=row.reason,
        who=row.recorded_by,
        when=f"{dates.say(one.recorded_on)}, {dates.time(row.recorded_at)}",
        known=one.recorded_on <= found.day,
    )


def _recorded(found: Belief) -> tuple[Recorded, ...]:
    rows = [(row.recorded_at, believed.said(row), row.recorded_by) for row in found.added]
    rows += [(one.line.at, one.words, one.line.by_name) for one in found.days_off]
    return tuple(
        Recorded(f"{dates.say(moment.local(at).date())}, {dates.time(at)}", what, who)
        for at, what, who in sorted(rows, key=lambda row: row[0])
    )
