"""What does this council consist of, how is it reached, how does it work? Looked at, changed, ended.

Each change is shown first, with what it is about; a second button does it. What cases use is ended, never deleted.

Example: ``/desk/settings/council/northmere/`` lists Northmere's directorates, services and categories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.casework import council_preview as preview
from redress.casework import council_settings as steps
from redress.casework import council_shape as shape
from redress.council import queries
from redress.council.queries import Category, Council, Directorate, Service
from redress.desk import entry
from redress.desk.settings.shape_forms import ContactForm, EndForm, NameForm, ServiceForm, WorkingForm
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.rulebook import dates
from redress.staff import queries as staff_queries

SHOWN, LATEST = 30, 8
MODELS = {"directorate": Directorate, "service": Service, "category": Category}


@dataclass(frozen=True)
class Row:
    """A service or category of the list, and whether it is offered."""

    part: Directorate | Service | Category
    state: str
    code: str
    manager: str = ""
    deputy: str = ""
    others: str = ""


@dataclass(frozen=True)
class Place:
    """A directorate with its services."""

    row: Row
    services: tuple[Row, ...]


@dataclass(frozen=True)
class Change:
    """One line of the history: what, who, when, and what was said before and after."""

    line: trail.Line
    pairs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ShapePage:
    """What a council consists of."""

    council: Council
    councils: tuple[Council, ...]
    places: tuple[Place, ...]
    categories: tuple[Row, ...]
    contact: tuple[tuple[str, str], ...]
    working: tuple[tuple[str, str], ...]
    history: tuple[Change, ...]


@dataclass
class FormPage:
    """A form about the council, what would follow from it, and what was changed before."""

    council: Council
    heading: str
    intro: str
    back: str
    seen: str = ""
    fields: tuple[Any, ...] = ()
    preview: shape.Preview | None = None
    asked: tuple[tuple[str, str], ...] = ()
    now: tuple[tuple[str, str], ...] = ()
    history: tuple[Change, ...] = ()
    part: Row | None = None
    end: str = ""
    effects: tuple[str, ...] = field(default=())
    is_new: bool = False


# -------------------------------------------------------------------------------------------------------------- finding


def _mine(request: HttpRequest) -> Actor:
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.COUNCIL_CHANGE):
        raise PermissionDenied(f"Your role doesn’t allow you to {Permission.COUNCIL_CHANGE.sentence}.")
    return by


def _council(by: Actor, code: str) -> Council:
    found = queries.council(by, code)
    if found is None:
        raise Http404
    if not by.may(Permission.COUNCIL_CHANGE, found.pk):
        raise PermissionDenied from NotPermitted(Permission.COUNCIL_CHANGE)
    return found


def _part(by: Actor, council: Council, kind: str, number: int) -> Directorate | Service | Category:
    listed: Any = {
        "directorate": queries.directorates,
        "service": queries.all_services,
        "category": queries.all_categories,
    }.get(kind)
    found = listed(by, council.pk).filter(pk=number).first() if listed else None
    if found is None:
        raise Http404
    made: Directorate | Service | Category = found
    made.council = council
    return made


def _row(part: Directorate | Service | Category, today: date, people: Mapping[int, str] | None = None) -> Row:
    state, code = "Offered", "done"
    if part.ended_on is not None:
        over = part.ended_on <= today
        state, code = (f"Ended {dates.plain(part.ended_on)}", "wait") if over else (
            f"Ends {dates.plain(part.ended_on)}", "soon"
        )  # fmt: skip
    if not isinstance(part, Service) or people is None:
        return Row(part, state, code)
    return Row(part, state, code, people.get(part.manager or 0, ""), people.get(part.deputy or 0, ""))


def _changes(lines: list[trail.Line]) -> tuple[Change, ...]:
    return tuple(
        Change(
            line,
            tuple(
                (what, str(line.ids.get("was", {}).get(what, "")), str(after))
                for what, after in line.ids.get("now", {}).items()
                if after or line.ids.get("was", {}).get(what)
            ),
        )
        for line in lines[:SHOWN]
    )


# ------------------------------------------------------------------------------------------------------------- the list


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the first council whose shape the viewer may change."""
    by = _mine(request)
    found = next((one for one in queries.councils(by) if by.may(Permission.COUNCIL_CHANGE, one.pk)), None)
    if found is None:
        raise Http404
    return redirect("desk:shape-of", found.code)


@require_safe
def council_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a council consists of, how it is reached and how it works, with what was changed."""
    by = _mine(request)
    council, today = _council(by, code), moment.today()
    people = {one.pk: one.name for one in staff_queries.officers(by, council.pk, today)}
    by_role = staff_queries.who_answer(by, council.pk, today)
    services: dict[int, list[Row]] = {}
    for one in queries.all_services(by, council.pk):
        row = _row(one, today, people)
        others = [who.name for who in by_role.get(one.pk, []) if who.pk not in (one.manager, one.deputy)]
        services.setdefault(one.directorate_id, []).append(
            Row(row.part, row.state, row.code, row.manager, row.deputy, dates.joined(others) if others else "")
        )
    page = ShapePage(
        council=council,
        councils=tuple(
            one for one in queries.councils(by) if one.pk != council.pk and by.may(Permission.COUNCIL_CHANGE, one.pk)
        ),
        places=tuple(
            Place(_row(one, today), tuple(services.get(one.pk, ()))) for one in queries.directorates(by, council.pk)
        ),
        categories=tuple(_row(one, today) for one in queries.all_categories(by, council.pk)),
        contact=_said(council, shape.CONTACT),
        working=_said(council, shape.WORKING),
        history=_changes(shape.history(council))[:LATEST],
    )
    return entry.page(
        request, "desk/settings/shape.html", title=f"{council.short_name}: services and settings", current="settings",
        page=page,
    )  # fmt: skip


def _said(council: Council, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    words = shape.said_of(council, labels)
    return tuple((label, words[name] or "Not given") for name, label in labels.items())


# -------------------------------------------------------------------------------------------------- form, preview, save


@dataclass(frozen=True)
class Doing:
    """How a form shows what would follow, and how it is saved: what a kind of change has of its own."""

    form: Any
    preview: Callable[[], shape.Preview] | None
    save: Callable[[str], object]
    done: Callable[[], str]
    now: Callable[[], tuple[tuple[str, str], ...]]
    seen: Callable[[], str]


def _run(request: HttpRequest, page: FormPage, doing: Doing) -> HttpResponse:
    """Draw a form; show what would follow when it was sent; do it when that was confirmed."""
    form, refusal = doing.form, None
    page.seen = request.POST.get("seen", "") or doing.seen()
    do = request.POST.get("do", "show")
    if request.method == "POST" and form.is_valid() and do != "edit":
        try:
            if do == "save" or doing.preview is None:
                doing.save(page.seen)
                said.done(request, doing.done())
                return redirect(page.back)
            page.preview = doing.preview()
            if not page.preview.differences:
                page.preview = None
                raise shape.NothingChanges
            page.asked = _asked(request)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
            if isinstance(refused, ChangedMeanwhile):
                page.now, page.seen = doing.now(), doing.seen()
    page.fields = tuple(form)
    status = None if page.preview is None else 200
    return entry.page(
        request, "desk/settings/shape_form.html", title=page.heading, current="settings", page=page, form=form,
        refusal=refusal, status=200 if do == "edit" else status,
    )  # fmt: skip


def _asked(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Give what was typed once more, so that it goes along with the confirmation."""
    own = {"csrfmiddlewaretoken", "form_key", "do", "seen"}
    return tuple((name, str(value)) for name in request.POST if name not in own for value in request.POST.getlist(name))


def _form(request: HttpRequest, by: Actor, council: Council, kind: str, part: Any) -> Any:
    posted = request.POST if request.method == "POST" else None
    if kind != "service":
        return NameForm(posted, initial={"name": part.name} if part is not None else {})
    today = moment.today()
    keeps = part.directorate_id if part is not None else None
    places = [one for one in queries.directorates(by, council.pk) if one.ended_on is None or one.pk == keeps]
    people = staff_queries.officers(by, council.pk, today, shape.ANSWER_FOR_SERVICES)
    for number in (part.manager, part.deputy) if part is not None else ():
        gone = staff_queries.officer(number) if number and number not in {one.pk for one in people} else None
        people += [gone] if gone is not None else []
    return ServiceForm(posted, places=places, people=people, of=part)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Add a directorate, a service or a category."""
    by = _mine(request)
    council = _council(by, code)
    if kind not in MODELS:
        raise Http404
    form = _form(request, by, council, kind, None)

    def save(_seen: str) -> object:
        at, key = moment.now(), entry.form_key(request)
        if kind == "service":
            return steps.add_service(council=council, given=form.given(), by=by, at=at, key=key)
        if kind == "category":
            return steps.add_category(council=council, name=form.given(), by=by, at=at, key=key)
        return steps.add_directorate(council=council, name=form.given(), by=by, at=at, key=key)

    page = FormPage(council, f"Add a {kind}", ADDING[kind], reverse("desk:shape-of", args=[code]), is_new=True)
    doing = Doing(
        form, None, save, lambda: f"The {kind} {form.cleaned_data['name']} is added.", lambda: (), lambda: "new"
    )
    return _run(request, page, doing)


ADDING = {
    "directorate": "A directorate holds services. It stands in lists and figures.",
    "service": "It can be chosen for cases, and asked questions, as soon as it is added.",
    "category": "What a complaint is about, for lists and learning. It can be chosen for cases as soon as it is added.",
}


@require_http_methods(["GET", "POST"])
def part_page(request: HttpRequest, code: str, kind: str, part_number: int) -> HttpResponse:
    """Change a directorate, a service or a category."""
    by = _mine(request)
    council = _council(by, code)
    part = _part(by, council, kind, part_number)
    form = _form(request, by, council, kind, part)

    def would() -> shape.Preview:
        if isinstance(part, Service):
            return preview.preview_service(part, form.given(), moment.today())
        return preview.preview_name(part, form.given(), moment.today())

    def save(seen: str) -> object:
        at, key = moment.now(), entry.form_key(request)
        if isinstance(part, Service):
            return steps.change_service(service=part, given=form.given(), seen=seen, by=by, at=at, key=key)
        return steps.rename(part=part, name=form.given(), seen=seen, by=by, at=at, key=key)

    page = FormPage(
        council, part.name, f"A {kind} of {council.name}.", reverse("desk:shape-of", args=[code]),
        history=_changes(shape.history(council, part)), part=_row(part, moment.today()),
        end=reverse("desk:shape-end", args=[code, kind, part.pk]),
    )  # fmt: skip
    doing = Doing(
        form, would, save, lambda: f"The {kind} {form.cleaned_data['name']} is changed.",
        lambda: tuple(shape.said_of(_part(by, council, kind, part_number)).items()),
        lambda: shape.seen_of(_part(by, council, kind, part_number)),
    )  # fmt: skip
    return _run(request, page, doing)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str, kind: str, part_number: int) -> HttpResponse:
    """Say what follows from ending a part of the council; a post ends it, or offers it again."""
    by = _mine(request)
    council = _council(by, code)
    part = _part(by, council, kind, part_number)
    back = reverse("desk:shape-one", args=[code, kind, part.pk])
    heading = f"End {part.name}?" if part.ended_on is None else f"{part.name}: when it ends"
    again = request.POST.get("do") == "again"
    form = EndForm(
        request.POST if request.method == "POST" and not again else None,
        initial={"ended_on": part.ended_on or moment.today()},
    )
    seen, refusal = request.POST.get("seen", "") or shape.seen_of(part), None
    if request.method == "POST" and (again or form.is_valid()):
        try:
            at, key = moment.now(), entry.form_key(request)
            if again:
                steps.offer_again(part=part, seen=seen, by=by, at=at, key=key)
                said.done(request, f"{part.name} is offered again.")
            else:
                on = form.cleaned_data["ended_on"]
                steps.end(part=part, on=on, seen=seen, by=by, at=at, key=key)
                said.done(request, f"{part.name} is no longer offered from {dates.say(on)}.")
            return redirect(back)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
            part = _part(by, council, kind, part_number)
            seen = shape.seen_of(part)
    page = FormPage(
        council, heading, "Nothing is deleted. It can be offered again later.", back, seen=seen,
        effects=preview.preview_end(part, moment.today()), part=_row(part, moment.today()),
        history=_changes(shape.history(council, part)),
    )  # fmt: skip
    return entry.page(
        request, "desk/settings/shape_end.html", title=page.heading, current="settings", page=page, form=form,
        refusal=refusal,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Change how people reach the council."""
    by = _mine(request)
    council = _council(by, code)
    form = ContactForm(request.POST if request.method == "POST" else None, of=council)
    page = FormPage(
        council, "Contact details", "As the public pages and our letters say them.",
        reverse("desk:shape-of", args=[code]),
        history=_changes(shape.history(council, kinds=shape.OF_CONTACT)),
    )  # fmt: skip
    doing = Doing(
        form, lambda: preview.preview_contact(council, form.given()),
        lambda seen: steps.change_contact(
            council=council, given=form.given(), seen=seen, by=by, at=moment.now(), key=entry.form_key(request)
        ),
        lambda: "The contact details are changed.",
        lambda: _said(_council(by, code), shape.CONTACT), lambda: shape.seen_of(_council(by, code), shape.CONTACT),
    )  # fmt: skip
    return _run(request, page, doing)


@require_http_methods(["GET", "POST"])
def working(request: HttpRequest, code: str) -> HttpResponse:
    """Change how the council works within the rules; what would move is shown first."""
    by = _mine(request)
    council = _council(by, code)
    form = WorkingForm(request.POST if request.method == "POST" else None, of=council)
    page = FormPage(
        council, "Working settings", "What the law and the Codes leave open. The cautious choice stands first.",
        reverse("desk:shape-of", args=[code]),
        history=_changes(shape.history(council, kinds=shape.OF_WORKING)),
    )  # fmt: skip
    doing = Doing(
        form, lambda: preview.preview_working(council, form.given(), moment.today()),
        lambda seen: steps.change_working(
            council=council, given=form.given(), seen=seen, by=by, at=moment.now(), key=entry.form_key(request)
        ),
        lambda: "The working settings are changed.",
        lambda: _said(_council(by, code), shape.WORKING), lambda: shape.seen_of(_council(by, code), shape.WORKING),
    )  # fmt: skip
    return _run(request, page, doing)
