"""If we close that day, what moves? The page shows it before anything changes.

A day, for which council or which part of the United Kingdom, and why, is given; the dates that would move are listed
with where from and where to, with the letters that gave them, and those that would not, with why; then one button says
how many dates it moves. The page also says what the last reading of the published bank holidays found.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.casework import calendar
from redress.council import queries
from redress.council.queries import BankHoliday, Closure, Council
from redress.desk import entry
from redress.plumbing import moment
from redress.plumbing.look import said, words
from redress.plumbing.look.fields import DayField
from redress.plumbing.look.frame import Action
from redress.rulebook import dates
from redress.rulebook.calendar import DIVISIONS, england_and_wales

BANK_HOLIDAY = "bank-holiday:"
EVERYWHERE = "all"


class DayForm(forms.Form):
    """A day that would no longer be a working day, for whom, and why."""

    on = DayField(label="Day", name="The day")
    of = forms.ChoiceField(label="What it is, and for whom")
    reason = forms.CharField(label="Reason, shown wherever a date is explained", max_length=200)
    source = forms.CharField(
        label="Where it was proclaimed",
        max_length=300,
        required=False,
        help_text="For a bank holiday: the proclamation. One of Scotland or Northern Ireland counts for information "
        "requests only, which go by any part of the United Kingdom",
    )

    def __init__(self, *args: Any, councils: Sequence[Council], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["of"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(one.code, f"Closure of {one.short_name} only") for one in councils]
        if len(councils) > 1:
            choices.append(("all", "Closure of all your councils"))
        if everywhere:
            choices.append((BANK_HOLIDAY + EVERYWHERE, "A bank holiday of the whole United Kingdom"))
            choices += [(BANK_HOLIDAY + name, f"A bank holiday of {words} only") for name, words in DIVISIONS.items()]
        field.choices = choices


@dataclass(frozen=True)
class Cell:
    """A day of the small calendar: its number, how it is drawn, and what is said of it."""

    number: int
    code: str = ""
    said: str = ""


@dataclass(frozen=True)
class Month:
    """A month of the small calendar, by weeks."""

    title: str
    weeks: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Holiday:
    """A bank holiday that was added, and where it is one."""

    row: BankHoliday
    where: str
    may_take_back: bool


@dataclass(frozen=True)
class Feed:
    """When the published list was last read, what that found, and whether it is read by itself."""

    heading: str
    sentence: str
    told: tuple[str, ...]
    by_itself: str
    well: bool


@dataclass(frozen=True)
class CalendarPage:
    """What would follow from closing a day, or what is closed already."""

    heading: str
    sentence: str
    preview: calendar.Preview | None
    moves: tuple[calendar.Move, ...]
    sample: calendar.Move | None
    button: str
    months: tuple[Month, ...]
    closures: tuple[tuple[Council, tuple[Closure, ...]], ...]
    holidays: tuple[Holiday, ...]
    feed: Feed
    letters: tuple[calendar.Move, ...]
    legend: str
    told: int
    aside: str
    asked: tuple[tuple[str, str], ...] = ()


SHOWN = 100


def _mine(by: Actor) -> list[Council]:
    if not by.may_somewhere(Permission.CALENDAR_CHANGE):
        raise PermissionDenied(f"Your role doesn’t allow you to {Permission.CALENDAR_CHANGE.sentence}.")
    return [one for one in queries.councils(by) if by.may(Permission.CALENDAR_CHANGE, one.pk)]


@require_http_methods(["GET", "POST"])
def working_days(request: HttpRequest) -> HttpResponse:
    """Show what would move if a day were closed; a post closes it."""
    by = entry.viewer(request)
    mine = _mine(by)
    everywhere = _has_all(mine)
    given = request.POST if request.method == "POST" else request.GET
    form = DayForm(given if "of" in given else None, councils=mine, everywhere=everywhere)
    today = moment.today()
    preview: calendar.Preview | None = None
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        day, councils = _asked(form.cleaned_data, mine)
        if request.method == "POST":
            try:
                _close(request, by, day, councils, form.cleaned_data["source"])
            except Refusal as refused:
                entry.hidden(refused)
                refusal = refused
            else:
                said.done(request, f"{_done(day)} Dates are being worked out; holders are told.")
                return redirect("desk:calendar")
        preview = calendar.preview(councils, day, today, by)
        refusal = refusal or preview.refusal
    return entry.page(
        request,
        "desk/settings/calendar.html",
        title="Working days and closures",
        current="settings",
        page=_page(mine, preview, today, tuple((name, str(given.get(name, ""))) for name in ASKED)),
        form=form,
        refusal=refusal,
    )


def _has_all(mine: list[Council]) -> bool:
    """Say whether every council is the viewer's: a bank holiday is for all of them."""
    return len(mine) == len(queries.all_councils())


def _done(day: calendar.Day) -> str:
    if day.bank_holiday:
        return f"{dates.say(day.on)} is a bank holiday in {day.where} now."
    return f"{dates.say(day.on)} is no working day any more."


def _asked(given: dict[str, Any], mine: list[Council]) -> tuple[calendar.Day, list[Council]]:
    of = given["of"]
    if of.startswith(BANK_HOLIDAY):
        part = of.removeprefix(BANK_HOLIDAY)
        divisions = tuple(DIVISIONS) if part == EVERYWHERE else (part,)
        return calendar.Day(given["on"], given["reason"], bank_holiday=True, divisions=divisions), mine
    councils = [one for one in mine if of in ("all", one.code)]
    return calendar.Day(given["on"], given["reason"]), councils


def _close(request: HttpRequest, by: Actor, day: calendar.Day, councils: list[Council], source: str) -> None:
    key = entry.form_key(request)
    if day.bank_holiday:
        calendar.add_bank_holiday(
            councils=councils, on=day.on, name=day.reason, source=source, divisions=day.divisions, by=by,
            at=moment.now(), key=key,
        )  # fmt: skip
    else:
        calendar.close_day(councils=councils, on=day.on, reason=day.reason, by=by, at=moment.now(), key=key)


ASKED = ("on_day", "on_month", "on_year", "of", "reason", "source")


def _page(
    mine: list[Council], preview: calendar.Preview | None, today: date, asked: tuple[tuple[str, str], ...]
) -> CalendarPage:
    heading, sentence, button = "Working days and closures", "Nothing changes until you confirm.", ""
    moves: tuple[calendar.Move, ...] = ()
    if preview is not None:
        moves = preview.moves
        heading = f"Close {dates.say(preview.day.on)}?"
        if preview.day.bank_holiday:
            heading = f"A bank holiday on {dates.say(preview.day.on)}?"
        count = words.counted(len(moves), "date")
        sentence = f"{count} would move. Nothing changes until you confirm." if moves else "No date would move."
        if preview.passed:
            sentence += f" {words.counted(preview.passed, 'date')} passed already and would then have been met."
        verb = "Add" if preview.day.bank_holiday else "Close"
        button = f"{verb} {dates.day_and_month(preview.day.on)}" + (f" and move {count}" if moves else "")
    chosen = preview.day.on if preview is not None else None
    return CalendarPage(
        heading=heading,
        sentence=sentence,
        preview=preview if preview is not None and preview.refusal is None else None,
        moves=moves[:SHOWN],
        sample=next((move for move in moves if move.told), moves[0]) if moves else None,
        button=button,
        months=tuple(_month(year, month, mine, chosen, today) for year, month in _months(today, chosen)),
        closures=tuple((one, tuple(queries.all_closures(one))) for one in mine),
        holidays=tuple(Holiday(one, DIVISIONS[one.division], _has_all(mine)) for one in queries.bank_holidays_added()),
        feed=_feed(),
        letters=tuple(move for move in moves[:SHOWN] if move.letters),
        legend="Outlined: today. Hatched: weekend. Dotted: bank holiday or closure."
        + (" Solid: this day." if chosen else ""),
        told=sum(move.told is not None for move in moves),
        aside=f"{len(moves)} of {preview.total} open cases" if preview is not None else "",
        asked=asked,
    )


def _feed() -> Feed:
    """Say what the last reading of the published list found, and what the packaged list holds."""
    address = settings.REDRESS_ENVIRONMENT.bank_holidays_address
    by_itself = (
        f"It is read every Monday from {address}."
        if address
        else "It is not read by itself: no address is set. “redress bank-holidays refresh” reads it from a file."
    )
    last = queries.feed_last_read()
    if last is None:
        packaged = england_and_wales()
        sentence = f"Not read yet. The packaged list holds {packaged.known_from.year} to {packaged.known_to.year}."
        return Feed("", sentence, (), by_itself, True)
    local = moment.local(last.read_at)
    heading = f"{dates.say(local.date())}, {dates.time(local)}: {last.source}"
    if last.readable:
        new = f"{words.counted(last.added, 'day was,days were')} new" if last.added else "nothing was new"
        upto = f" It goes to {dates.plain(last.last_on)}." if last.last_on else ""
        sentence = f"{words.counted(last.days, 'day')} read by {last.read_by}; {new}.{upto}"
    else:
        sentence = "It could not be read. What is known stays as it was."
        well = queries.feed_last_read_well()
        if well is not None:
            sentence += f" It was last read on {dates.say(moment.local(well.read_at).date())}."
    return Feed(heading, sentence, tuple(str(one.get("text", "")) for one in last.told), by_itself, last.readable)


def _months(today: date, chosen: date | None) -> list[tuple[int, int]]:
    """Give this month and the next, or where the day is neither, its month and the one after."""
    first, second = (today.year, today.month), _after(today.year, today.month)
    if chosen is None or (chosen.year, chosen.month) in (first, second):
        return [first, second]
    return [(chosen.year, chosen.month), _after(chosen.year, chosen.month)]


def _after(year: int, month: int) -> tuple[int, int]:
    return (year + month // 12, month % 12 + 1)


def _month(year: int, month: int, mine: list[Council], chosen: date | None, today: date) -> Month:
    known = queries.calendar_for(mine[0]) if mine else None
    closed = {closure.on: closure.reason for one in mine for closure in queries.all_closures(one)}

    def cell(day: date) -> Cell:
        if day.month != month:
            return Cell(0)
        if day == chosen:
            return Cell(day.day, "newc", "this day")
        off = known.holidays.get(day) if known is not None else None
        if off or day in closed:
            return Cell(day.day, "bh", str(off or closed[day]))
        marks = [name for name, on in (("we", day.weekday() >= 5), ("td", day == today)) if on]
        return Cell(day.day, " ".join(marks), "today" if day == today else "")

    weeks = Calendar().monthdatescalendar(year, month)
    return Month(f"{dates.MONTHS[month - 1]} {year}", tuple(tuple(cell(day) for day in week) for week in weeks))


@require_POST
def open_again(request: HttpRequest, closure_id: int) -> HttpResponse:
    """Take a day of closure back."""
    by = entry.viewer(request)
    mine = {one.pk for one in _mine(by)}
    found = queries.closure(by, closure_id)
    if found is None or found.council_id not in mine:
        raise Http404
    try:
        calendar.open_day(council=found.council, closure=found, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        undo = _undo(found, reverse("desk:calendar"))
        said.done(request, f"{dates.say(found.on)} is a working day again.", undo=undo)
    return redirect("desk:calendar")


@require_POST
def take_back(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """Take back a bank holiday that was added by mistake."""
    by = entry.viewer(request)
    mine = _mine(by)
    found = queries.bank_holiday_added(holiday_id)
    if found is None:
        raise Http404
    if not _has_all(mine):
        raise PermissionDenied("A bank holiday is for every council, and not all of them are yours.")
    try:
        calendar.take_back_bank_holiday(
            councils=mine, holiday=found, by=by, at=moment.now(), key=entry.form_key(request)
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        where = DIVISIONS[found.division]
        said.done(request, f"{dates.say(found.on)} is no bank holiday in {where} any more. Dates are being worked out.")
    return redirect("desk:calendar")


def _undo(found: Closure, address: str) -> Action:
    """Offer to close the day again, through the page that shows what would move."""
    asked = {
        "on_day": found.on.day,
        "on_month": found.on.month,
        "on_year": found.on.year,
        "of": found.council.code,
        "reason": found.reason,
    }
    return Action("Close it again", href=f"{address}?{urlencode(asked)}")
