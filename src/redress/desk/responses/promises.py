"""What did we promise, and have we done it?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from redress.access.actor import Actor
from redress.access.refusals import Refusal
from redress.access.step import can
from redress.casework import letters as letter_steps
from redress.casework import remedies
from redress.desk import entry
from redress.desk.responses import letters
from redress.desk.responses.forms import DoneForm, ReplaceForm
from redress.documents import queries as document_queries
from redress.learning import queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import NavItem
from redress.staff import queries as staff_queries

SOON = 7
"""Days within which a promise counts as due soon."""

GROUPS = (
    ("late", "Late", "the day that we promised has passed"),
    ("soon", "Due soon", "within a week"),
    ("ok", "Later", ""),
)


@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """List the promises: mine, everybody's, or those that were kept."""
    by = entry.viewer(request)
    view = request.GET.get("view", "mine")
    today = moment.today()
    rows = queries.promises(by, mine=view == "mine", done=view == "done")
    here = reverse("desk:promises")
    page = {
        "views": [
            NavItem("Mine", here, queries.promises_count(by), view == "mine"),
            NavItem("Everybody’s", f"{here}?view=all", None, view == "all"),
            NavItem("Kept", f"{here}?view=done", None, view == "done"),
        ],
        "groups": [] if view == "done" else _groups(rows, today),
        "rows": rows if view == "done" else [],
        "done": view == "done",
        "late": sum(1 for row in rows if row.due_on is not None and row.due_on < today) if view != "done" else 0,
        "total": len(rows),
    }
    return entry.page(request, "desk/responses/promises.html", title="Promises", current="promises", page=page)


def _groups(rows: list[Any], today: date) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {code: [] for code, _, _ in GROUPS}
    for row in rows:
        days = (row.due_on - today).days
        code = "late" if days < 0 else "soon" if days <= SOON else "ok"
        found[code].append({"row": row, "when": queries.due_words(row.due_on, today)})
    return [
        {"code": code, "title": title, "meaning": meaning, "rows": found[code], "count": len(found[code])}
        for code, title, meaning in GROUPS
        if found[code]
    ]


def _promise(by: Actor, remedy_id: int) -> Any:
    remedy = queries.promise(by, remedy_id)
    if remedy is None or remedy.state in ("proposed", "dropped"):
        raise Http404
    return remedy


@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, remedy_id: int) -> HttpResponse:
    """Show a promise and record that it was kept."""
    by = entry.viewer(request)
    remedy = _promise(by, remedy_id)
    files = document_queries.of_case(by, remedy.case)
    form = DoneForm(
        request.POST or None, initial={"on": moment.today()}, documents=[(file.id, file.name) for file in files]
    )
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        chosen = document_queries.one(by, form.cleaned_data["evidence"]) if form.cleaned_data["evidence"] else None
        try:
            remedies.complete(
                case=remedy.case,
                remedy=remedy,
                on=form.cleaned_data["on"],
                evidence_text=form.cleaned_data["evidence_text"],
                evidence=chosen[0] if chosen else None,
                by=by,
                at=moment.now(),
                key=entry.form_key(request),
            )
        except Refusal as raised:
            entry.hidden(raised)
            refusal = raised
        else:
            said.done(request, f"Kept: {remedy.text}")
            return redirect(reverse("desk:case", args=[remedy.case.reference]))
    page = {
        "remedy": remedy,
        "when": queries.due_words(remedy.due_on, moment.today()),
        "allowed": can(remedies.complete, by, case=remedy.case),
        "honour": letters.honour(by, remedy.case),
        "writing_to": letters.writing_to(remedy.case),
    }
    return entry.page(
        request, "desk/responses/promise.html", title=f"Promise, {remedy.case.reference}", current="promises",
        page=page, form=form, refusal=refusal,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, remedy_id: int) -> HttpResponse:
    """Put another promise in the place of one that can't be kept, with the letter that says so."""
    by = entry.viewer(request)
    remedy = _promise(by, remedy_id)
    letters.must_be_allowed(remedies.replace, by, case=remedy.case)
    people = [(one.pk, one.name) for one in staff_queries.officers(by, remedy.council_id, moment.today())]
    form = ReplaceForm(request.POST or None, initial={"owner": remedy.owner_id}, people=people)
    refusal: Refusal | None = None
    draft = None
    if request.method == "POST" and form.is_valid():
        typed, today = form.cleaned_data, moment.today()
        draft = remedies.replacement_letter(
            remedy=remedy, reason=typed["reason"], text=typed["text"], due_on=typed["due_on"], today=today, by=by
        )
        if request.POST.get("do") == "send":
            try:
                pressed = letter_steps.press(case=remedy.case, draft=draft, on=today)
                remedies.replace(
                    case=remedy.case, remedy=remedy, reason=typed["reason"], text=typed["text"],
                    owner=staff_queries.officer(typed["owner"] or 0), due_on=typed["due_on"], draft=draft,
                    pressed=pressed, by=by, at=moment.now(), key=entry.form_key(request),
                )  # fmt: skip
            except Refusal as raised:
                entry.hidden(raised)
                refusal = raised
            else:
                said.done(request, "The promise was replaced, and the letter that says so released.")
                return redirect(reverse("desk:case", args=[remedy.case.reference]))
    page = {
        "remedy": remedy, "draft": draft, "honour": letters.honour(by, remedy.case),
        "writing_to": letters.writing_to(remedy.case),
    }  # fmt: skip
    return entry.page(
        request, "desk/responses/replace.html", title=f"Replace a promise, {remedy.case.reference}", current="promises",
        page=page, form=form, refusal=refusal,
    )  # fmt: skip
