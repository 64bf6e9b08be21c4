"""How is a council's own edition drafted, tried, approved and withdrawn at the desk?

Example: ``/desk/settings/procedures/northmere/corporate-complaint/draft/`` has a field for each choice; what the law
refuses comes back beside its field, with the authority, and nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import ChangedMeanwhile, Refusal
from redress.access.step import Allowed, can
from redress.casework import edition_trial, local_editions
from redress.council import queries
from redress.council.queries import Council, LocalEdition
from redress.desk import entry
from redress.desk.settings.edition_forms import EditionForm, FileForm, initial_of
from redress.desk.settings.procedures import council_of, mark, readable
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.rulebook import dates, lines, local, procedures
from redress.rulebook.editions import Authority, Edition

ROWS = 50
"""Dates of a trial on one page."""

RIBBONS = 10
"""Dates of a trial that are drawn."""


@dataclass(frozen=True)
class Changed:
    """One choice of an edition: what it is about, as it was released, as it is here, and within what."""

    what: str
    released: str
    ours: str
    within: str
    mark: tuple[str, str] | None


@dataclass(frozen=True)
class EditionPage:
    """One edition of the council's own: where it stands, what it changes, what may be done with it."""

    row: LocalEdition
    edition: Edition
    base: Edition
    changes: tuple[Changed, ...]
    notes: tuple[str, ...]
    tried: bool
    may_change: Allowed
    may_approve: Allowed
    may_withdraw: Allowed
    in_force: bool
    coming: bool


@dataclass(frozen=True)
class TrialPage:
    """What came of a trial, a page of its dates at a time."""

    row: LocalEdition
    edition: Edition
    trial: edition_trial.Trial
    rows: tuple[edition_trial.Tried, ...]
    drawn: tuple[edition_trial.Tried, ...]
    shown: str
    next_href: str
    first_href: str
    only_new: bool
    tried: bool
    may_change: Allowed


def changes_of(edition: Edition, base: Edition) -> tuple[Changed, ...]:
    """List the choices of an edition beside what was released."""
    chosen = local.choices_of(edition, base)
    found = [Changed("Name", base.title, edition.title, "", None)] if chosen.title else []
    for key, title in chosen.stages.items():
        found.append(Changed(f"Name of {base.stage(key).title}", base.stage(key).title, title, "", None))
    for name, number in chosen.limits.items():
        rule = base.clock(name)
        assert rule.limit is not None
        released, ours = lines.span(rule.limit, rule.unit), lines.span(number, rule.unit)
        found.append(Changed(rule.title, released, ours, *_within(local.room_for_limit(rule))))
    for name, number in chosen.caps.items():
        rule = base.clock(name)
        assert rule.extension is not None
        released, ours = (lines.span(one, rule.extension.unit) for one in (rule.extension.cap, number))
        found.append(Changed(f"Extension of {rule.title}", released, ours, *_within(local.room_for_cap(rule))))
    for rule_ in base.sign_off:
        place = local.sign_place(rule_)
        if place in chosen.sign_off:
            title = next((one.title for one in base.letters if one.kind == rule_.letter), rule_.letter)
            found.append(Changed(f"Who signs: {title}", rule_.by, chosen.sign_off[place], *_cited(rule_.authority)))
    if chosen.retention_years is not None:
        years = base.retention
        found.append(
            Changed(
                "Records are kept", f"{years.years} years", f"{chosen.retention_years} years", *_cited(years.authority)
            )
        )
    return tuple(found)


def _within(room: local.Room | None) -> tuple[str, tuple[str, str] | None]:
    return (room.says, mark(room.authority)) if room is not None else ("", None)


def _cited(authority: Authority) -> tuple[str, tuple[str, str] | None]:
    return authority.cite, mark(authority)


def _mine(request: HttpRequest) -> Actor:
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.EDITION_DRAFT):
        raise PermissionDenied from NotPermitted(Permission.EDITION_DRAFT)
    return by


def _row(by: Actor, number: int) -> LocalEdition:
    row = queries.own_edition(by, number)
    if row is None or not by.may(Permission.CASE_READ, row.council_id):
        raise Http404
    return row


def _base(procedure: str, day: date) -> Edition:
    """Give the released edition for a day, or the first where none is in force yet."""
    try:
        return procedures.edition(procedure, day)
    except procedures.NoEdition as none:
        return none.first


# ------------------------------------------------------------------------------------------------------------- drafting


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, code: str, procedure: str) -> HttpResponse:
    """Draft an edition of the council's own: a field for each choice."""
    by = _mine(request)
    council = council_of(by, code, procedure)
    today = moment.today()
    start = _start(request, by, council, procedure, today)
    base = _base(procedure, max(today, start.in_force_from))
    first_day = max(today + timedelta(days=1), base.in_force_from)
    form = EditionForm(request.POST or None, base=base, initial={**initial_of(start, base), "in_force_from": first_day})

    def save(words: str, why: str) -> LocalEdition:
        return local_editions.draft(
            council=council, given=words, why=why, by=by, at=moment.now(), key=entry.form_key(request)
        )

    more = {"start": start, "row": None, "seen": 0}
    return _form(request, council, base, form, None, save, "The draft is kept. Try it on past cases next.", more)


def _start(request: HttpRequest, by: Actor, council: Council, procedure: str, today: date) -> Edition:
    """Give the edition whose choices stand in the form at first: one that is named, else the one in force."""
    named = request.GET.get("from", "")
    if named.isdecimal() and len(named) < 19:
        row = _row(by, int(named))
        if (row.council_id, row.procedure) != (council.pk, procedure):
            raise Http404
        return local_editions.read(row)
    try:
        return queries.edition_for(council.pk, procedure, today)
    except procedures.NoEdition as none:
        return none.first


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Change a draft."""
    by = _mine(request)
    row = _row(by, edition_number)
    if row.state != LocalEdition.State.DRAFT:
        said.problem(request, local_editions.NoDraft().sentence)
        return redirect("desk:edition", row.pk)
    base, edition = procedures.by_id(row.based_on), local_editions.read(row)
    initial = {**initial_of(edition, base), "in_force_from": row.in_force_from, "why": row.why}
    form = EditionForm(request.POST or None, base=base, initial=initial)
    seen = _number(request.POST.get("seen")) or row.version

    def save(words: str, why: str) -> LocalEdition:
        return local_editions.change(
            edition=row, given=words, why=why, version=seen, by=by, at=moment.now(), key=entry.form_key(request)
        )

    more = {"start": edition, "row": row, "seen": seen}
    return _form(request, row.council, base, form, None, save, "Changed. It has to be tried again.", more)


@require_POST
def upload(request: HttpRequest, code: str, procedure: str) -> HttpResponse:
    """Take an edition from a file, as a new draft."""
    by = _mine(request)
    council = council_of(by, code, procedure)
    start = _start(request, by, council, procedure, moment.today())
    base = _base(procedure, moment.today())
    file = FileForm(request.POST, request.FILES)
    form = EditionForm(None, base=base, initial={**initial_of(start, base), "in_force_from": moment.today()})

    def save(words: str, why: str) -> LocalEdition:
        return local_editions.draft(
            council=council, given=words, why=why, by=by, at=moment.now(), key=entry.form_key(request)
        )

    more = {"start": start, "row": None, "seen": 0}
    return _form(request, council, base, form, file, save, "The file was read and kept as a draft.", more)


def _number(value: object) -> int:
    given = str(value or "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _form(
    request: HttpRequest,
    council: Council,
    base: Edition,
    form: EditionForm,
    file: FileForm | None,
    save: Callable[[str, str], LocalEdition],
    done: str,
    more: dict[str, Any],
) -> HttpResponse:
    """Draw the form of a draft, or keep what was sent; whatever is refused stands beside its field."""
    refusal: Refusal | None = None
    problems: tuple[local.Problem, ...] = ()
    sent: forms.Form | None = (file if file is not None else form) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            kept = save(*_words(council, base, form, file))
        except local.NotAllowed as refused:
            form.blame(refused.problems)
        except local_editions.NotWithinTheLaw as refused:
            refusal, problems = refused, refused.problems
        except forms.ValidationError as unread:
            sent.add_error("file", unread)
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
            if isinstance(refused, ChangedMeanwhile):
                more = _as_it_is_now(entry.viewer(request), base, more)
        else:
            said.done(request, done)
            return redirect("desk:edition", kept.pk)
    page = {"council": council, "base": base, "problems": problems, "file": file or FileForm(), **more}
    return entry.page(
        request,
        "desk/settings/edition_form.html",
        title="Draft of our own edition",
        current="settings",
        page=page,
        form=form if file is None else file,
        refusal=refusal,
        more={"choices": form},
    )


def _as_it_is_now(by: Actor, base: Edition, more: dict[str, Any]) -> dict[str, Any]:
    """Show what somebody else saved meanwhile beside what was typed; saving once more is then done knowingly."""
    now = _row(by, more["row"].pk)
    return {**more, "row": now, "seen": now.version, "now": changes_of(local_editions.read(now), base)}


def _words(council: Council, base: Edition, form: EditionForm, file: FileForm | None) -> tuple[str, str]:
    if file is not None:
        return file.text(), file.cleaned_data["file_why"]
    given = form.cleaned_data
    words = local_editions.worded(council, base.procedure, form.choices(), given["in_force_from"])
    return words, given["why"]


# ---------------------------------------------------------------------------------------------------------- one edition


@require_safe
def one(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Show an edition of the council's own: where it stands, what it changes, and what may be done next."""
    by = readable(request)
    return _show(request, by, _row(by, edition_number))


def _show(request: HttpRequest, by: Actor, row: LocalEdition, refusal: Refusal | None = None) -> HttpResponse:
    edition, base, today = local_editions.read(row), procedures.by_id(row.based_on), moment.today()
    is_approved = row.state == LocalEdition.State.APPROVED
    page = EditionPage(
        row=row,
        edition=edition,
        base=base,
        changes=changes_of(edition, base),
        notes=local.notes(base, local.choices_of(edition, base)),
        tried=local_editions.is_tried(row),
        may_change=can(local_editions.change, by, edition=row),
        may_approve=_may_approve(by, row),
        may_withdraw=can(local_editions.withdraw, by, edition=row),
        in_force=is_approved and queries.edition_for(row.council_id, row.procedure, today).id == row.edition_id,
        coming=is_approved and row.in_force_from > today,
    )
    return entry.page(
        request, "desk/settings/edition.html", title=edition.title, current="settings", page=page, refusal=refusal
    )


def _may_approve(by: Actor, row: LocalEdition) -> Allowed:
    may = can(local_editions.approve, by, edition=row)
    if may and by.id in row.writers:
        refused = local_editions.NotTheSecondPerson()
        return Allowed(False, f"{refused.sentence} {refused.do}")
    if may and not local_editions.is_tried(row):
        return Allowed(False, local_editions.NotTried().sentence)
    return may


@require_safe
def download(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Give an edition of the council's own as a file."""
    row = _row(readable(request), edition_number)
    return _file(row.text, row.edition_id)


@require_safe
def template(request: HttpRequest, code: str, procedure: str) -> HttpResponse:
    """Give a file to begin with: an edition of the council's own that changes nothing yet."""
    by = readable(request)
    council = council_of(by, code, procedure)
    base = _base(procedure, moment.today())
    on = max(moment.today() + timedelta(days=1), base.in_force_from)
    made = local.make(base, local.Choices(), council=council.code, name=council.short_name, in_force_from=on)
    return _file(local.as_file(made), made.id)


def _file(text: str, edition_id: str) -> HttpResponse:
    name = edition_id.replace("@", "-").replace("+", "-")
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return answer


# ------------------------------------------------------------------------------------------------------------ the trial


@require_POST
def try_out(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Try a draft on the council's past cases."""
    by = _mine(request)
    row = _row(by, edition_number)
    try:
        local_editions.try_out(edition=row, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
        return redirect("desk:edition", row.pk)
    return redirect("desk:trial", row.pk)


@require_safe
def trial(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Show which past cases would have been due when, and how many late."""
    by = entry.viewer(request)
    row = _row(by, edition_number)
    edition = local_editions.read(row)
    found = edition_trial.run(row.council, edition, today=moment.today(), viewer=by)
    only_new = request.GET.get("only") == "late"
    listed = found.newly_late if only_new else found.rows
    begin = min(_number(request.GET.get("after")), len(listed))
    shown = listed[begin : begin + ROWS]
    here = reverse("desk:trial", args=[row.pk])
    narrowed = "only=late&" if only_new else ""
    page = TrialPage(
        row=row,
        edition=edition,
        trial=found,
        rows=shown,
        drawn=tuple(one for one in shown if one.then and one.then.days and one.under and one.under.days)[:RIBBONS],
        shown=f"{begin + 1} to {begin + len(shown)} of {len(listed)}" if shown else "",
        next_href=f"{here}?{narrowed}after={begin + ROWS}" if begin + ROWS < len(listed) else "",
        first_href=f"{here}?{narrowed}" if begin else "",
        only_new=only_new,
        tried=local_editions.is_tried(row),
        may_change=can(local_editions.try_out, by, edition=row),
    )
    return entry.page(
        request, "desk/settings/edition_trial.html", title="Tried on past cases", current="settings", page=page
    )


# --------------------------------------------------------------------------------------------------------- the decision


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Show the second person everything that the edition would change, and let them approve it."""
    by = readable(request)
    row = _row(by, edition_number)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            local_editions.approve(
                edition=row, version=_number(request.POST.get("seen")) or None, by=by, at=moment.now(),
                key=entry.form_key(request),
            )  # fmt: skip
        except Refusal as refused:
            entry.hidden(refused)
            refusal = refused
        else:
            said.done(request, f"Approved. It is in force from {dates.say(row.in_force_from)}.")
            return redirect("desk:edition", row.pk)
    elif row.state != LocalEdition.State.DRAFT:
        return redirect("desk:edition", row.pk)
    edition, base = local_editions.read(row), procedures.by_id(row.based_on)
    page = {
        "row": row,
        "edition": edition,
        "base": base,
        "changes": changes_of(edition, base),
        "notes": local.notes(base, local.choices_of(edition, base)),
        "tried": local_editions.is_tried(row),
        "allowed": _may_approve(by, row),
    }
    return entry.page(
        request, "desk/settings/edition_approve.html", title="Approve our own edition", current="settings", page=page,
        refusal=refusal,
    )  # fmt: skip


@require_POST
def discard(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Discard a draft."""
    return _end(request, edition_number, local_editions.discard, "The draft was discarded. It stays readable here.")


@require_POST
def withdraw(request: HttpRequest, edition_number: int) -> HttpResponse:
    """Withdraw an approved edition before it takes effect."""
    return _end(request, edition_number, local_editions.withdraw, "Withdrawn: it never takes effect.")


def _end(request: HttpRequest, edition_number: int, step: Any, done: str) -> HttpResponse:
    by = readable(request)
    row = _row(by, edition_number)
    try:
        step(edition=row, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        entry.hidden(refusal)
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    else:
        said.done(request, done)
    return redirect("desk:edition", row.pk)
