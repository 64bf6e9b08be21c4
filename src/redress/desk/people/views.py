"""Who is this person, what must be honoured, who may speak for them, and what came from them before?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from redress.access import trail
from redress.access.actor import Actor
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.access.step import can
from redress.cases import queries as case_queries
from redress.casework import people
from redress.desk import entry
from redress.desk.people.forms import AdjustmentForm, PersonForm
from redress.people import queries
from redress.people.queries import Contact
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import Part
from redress.rulebook import dates

FIELDS = ("kind", "title", "name", "email", "telephone", "address", "prefers")


def _of(request: HttpRequest, contact_id: int) -> tuple[Actor, Contact]:
    by = entry.viewer(request)
    found = queries.contact(by, contact_id)
    if found is None:
        raise Http404
    return by, found


@require_GET
def person(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a person: identity, what must be honoured, authority, and everything from them."""
    by, found = _of(request, contact_id)
    return _page(request, by, found, AdjustmentForm(), None)


def _page(
    request: HttpRequest, by: Actor, found: Contact, form: AdjustmentForm, refusal: Refusal | None
) -> HttpResponse:
    today = moment.today()
    may = can(people.change_details, by, contact=found)
    return entry.page(
        request,
        "desk/people/person.html",
        title=found.name,
        current="work",
        page=found,
        form=form,
        refusal=refusal,
        more={
            "adjustments": queries.adjustments(by, [found.pk]),
            "authorities": [(row, queries.standing(row, today).words) for row in queries.authorities_of(by, found.pk)],
            "cases": case_queries.earlier_of(by, found.pk, limit=50),
            "others": queries.at_address(by, found.council_id, found.address, but=found.pk),
            "survivor": queries.survivor(found) if found.now_part_of_id else None,
            "may_change": bool(may),
            "why_not": may.why,
        },
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change what is recorded of a person; where somebody saved first, both versions are shown."""
    by, found = _of(request, contact_id)
    posted = _chosen(request) if request.method == "POST" else None
    form = PersonForm(posted, initial={**_standing(found), "version": found.version})
    refusal: Refusal | None = None
    if posted is not None and form.is_valid():
        try:
            people.change_details(
                contact=found,
                version=form.cleaned_data["version"],
                values={name: form.cleaned_data[name] for name in FIELDS},
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except ChangedMeanwhile:
            return _conflict(request, by, found, form)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"What we know of {form.cleaned_data['name']} is saved.")
            return redirect("desk:person", found.pk)
    return entry.page(
        request,
        "desk/people/change.html",
        title=f"Change {found.name}",
        current="work",
        page=found,
        form=form,
        refusal=refusal,
    )


def _standing(found: Contact) -> dict[str, str]:
    return {name: str(getattr(found, name)) for name in FIELDS}


def _chosen(request: HttpRequest) -> Any:
    """Give what was typed, with theirs in the place of each part for which theirs was kept."""
    posted = request.POST.copy()
    for name in FIELDS:
        if posted.get(f"keep-{name}") == "theirs":
            posted[name] = posted.get(f"theirs-{name}", "")
    return posted


def _conflict(request: HttpRequest, by: Actor, found: Contact, form: PersonForm) -> HttpResponse:
    now = queries.contact(by, found.pk)
    assert now is not None
    line = next((one for one in reversed(trail.read(now)) if one.kind == "person.changed"), None)
    standing = _standing(now)
    parts = [Part(str(form.fields[name].label), name, standing[name], str(form.cleaned_data[name])) for name in FIELDS]
    return entry.page(
        request,
        "desk/people/conflict.html",
        title=f"Two versions of {now.name}",
        page=now,
        status=409,
        more={
            "parts": parts,
            "who": line.by_name if line is not None else "Somebody else",
            "when": dates.time(line.at) if line is not None else "a moment ago",
            "typed": [(name, str(form.cleaned_data[name])) for name in FIELDS],
            "theirs": [(f"theirs-{name}", standing[name]) for name in FIELDS],
        },
    )


@require_POST
def add_adjustment(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Add something that must be honoured."""
    by, found = _of(request, contact_id)
    form = AdjustmentForm(request.POST)
    if not form.is_valid():
        return _page(request, by, found, form, None)
    try:
        people.add_adjustment(
            contact=found,
            kind=form.cleaned_data["kind"],
            words_=form.cleaned_data["text"],
            review_on=form.cleaned_data["review_on"],
            never_by=form.cleaned_data["never_by"],
            by=by,
            at=moment.now(),
            key=entry.form_key(request),
        )
    except Refusal as refusal:
        entry.hidden(refusal)
        return _page(request, by, found, form, refusal)
    said.done(request, "From now on it stands above everything.")
    return redirect("desk:person", found.pk)


@require_POST
def end_adjustment(request: HttpRequest, contact_id: int, adjustment_id: int) -> HttpResponse:
    """End something that had to be honoured."""
    by, found = _of(request, contact_id)
    adjustment = queries.adjustment(by, adjustment_id)
    if adjustment is None or adjustment.contact_id != found.pk:
        raise Http404
    try:
        people.end_adjustment(contact=found, adjustment=adjustment, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        said.done(request, "It is ended. It stays on record.")
    return redirect("desk:person", found.pk)
