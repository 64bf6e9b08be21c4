"""What is mine to do, what has the team, and where is a case?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.cases import queries
from redress.cases.queries import Case, Wanted
from redress.casework import absence
from redress.desk import entry
from redress.desk.work import pages
from redress.desk.work.forms import FilterForm, place
from redress.learning import queries as learning_queries
from redress.plumbing import moment
from redress.plumbing.look import said
from redress.plumbing.look.frame import NavItem
from redress.staff import queries as staff_queries
from redress.staff.queries import Away
from redress.tasks import queries as task_queries


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """Show the viewer's own open cases, most urgent first."""
    by = entry.viewer(request)
    if entry.is_service_manager(by):
        return _owed(request, by)
    if not by.may_somewhere(Permission.CASE_READ):
        return redirect("desk:settings")
    covering = staff_queries.covering(by.id or 0, moment.today())
    chosen = request.GET.get("covering", "")
    away = next((one for one in covering if str(one.officer_id) == chosen), None)
    if chosen and away is None:
        raise Http404
    wanted: dict[str, object] = {"holder_id": away.officer_id if away else by.id}
    heading = f"Covering for {away.name}" if away else "My work"
    return _list(request, by, heading=heading, covering=covering, wanted=wanted, current="work")


def _owed(request: HttpRequest, by: Actor) -> HttpResponse:
    """Show a service manager what their services still owe, soonest first; there is no menu."""
    today = moment.today()
    rows = [pages.owed_row(asked, today) for asked in task_queries.owed_by(by, by.service_ids)]
    return entry.page(
        request,
        "desk/work/owed.html",
        title="Waiting for you",
        page=rows,
        more={"notices": staff_queries.notices(by, limit=5)},
    )


@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Show everybody's open cases, those that nobody holds first."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.CASE_READ) or entry.is_service_manager(by):
        raise Http404
    nobody = request.GET.get("view") == "nobody"
    holder = request.GET.get("holder", "")
    wanted: dict[str, object] = {"nobody": True, "kind": Case.Kind.COMPLAINT.value} if nobody else {}
    heading = "Not allocated" if nobody else "Team"
    if holder:
        found = staff_queries.officer(int(holder)) if holder.isdecimal() and len(holder) < 10 else None
        if found is None or not set(found.council_ids) & by.council_ids:
            raise Http404
        wanted, heading = {"holder_id": found.pk}, f"Held by {found.name}"
    return _list(request, by, heading=heading, covering=[], wanted=wanted, current="team")


def _list(
    request: HttpRequest, by: Actor, *, heading: str, covering: list[Away], wanted: dict[str, object], current: str
) -> HttpResponse:
    today = moment.today()
    form = FilterForm(request.GET or None, viewer=by)
    colleagues = {one.pk for one in staff_queries.colleagues(by, today)}
    asked: Wanted = form.wanted(**wanted, after=place(request.GET.get("after", "")))
    found = queries.work_of(by, today, asked)
    mine = current == "work"
    url = reverse("desk:my-work" if mine else "desk:team")
    kept = {key: request.GET[key] for key in ("covering", "view", "holder") if request.GET.get(key)}
    away = staff_queries.away_on(today)
    page = pages.WorkListPage(
        heading=heading,
        sentence=pages.truth(found, today),
        views=_views(by, heading, covering, found.total) if mine else _team_views(by, heading),
        groups=pages.groups_of(found, by),
        total=found.total,
        shown=f"All {found.total} shown." if len(found.rows) >= found.total else f"{len(found.rows)} of {found.total}.",
        next_href=pages.next_page(url, found, {**kept, **form.query()}),
        with_holder=not mine,
        with_council=len(by.council_ids) > 1,
        notices=tuple(staff_queries.notices(by)) if mine else (),
        away=tuple(one for one in away.values() if one.officer_id in colleagues),
        workload=() if mine else pages.workload_rows(queries.workload(by, today), url, away),
        unread=staff_queries.unread_count(by) if mine and by.may_somewhere(Permission.NOTICE_READ) else 0,
        promises=learning_queries.promises_due(by, today) if mine else (),
        may_log=by.may_somewhere(Permission.CASE_LOG),
        empty="Nothing is waiting for you." if mine else "Nothing here.",
        empty_more=_elsewhere(by) if mine else "Everything is held by somebody.",
    )
    return entry.page(
        request, "desk/work/list.html", title=heading, current=current, page=page, more={"filter": form, "kept": kept}
    )


def _elsewhere(by: Actor) -> str:
    waiting = queries.unallocated_count(by)
    return f"{waiting} in the team {'is' if waiting == 1 else 'are'} not allocated." if waiting else ""


def _views(by: Actor, heading: str, covering: list[Away], total: int) -> tuple[NavItem, ...]:
    today = moment.today()
    url = reverse("desk:my-work")
    views = [NavItem("Mine", url, queries.held_count(by, today), heading == "My work")]
    for away in covering:
        name = f"Covering for {away.name}"
        count = queries.open_cases(by, Wanted(holder_id=away.officer_id)).count()
        views.append(NavItem(name, f"{url}?covering={away.officer_id}", count, heading == name))
    return (*views, NavItem("Promises", reverse("desk:promises"), learning_queries.promises_count(by)))


def _team_views(by: Actor, heading: str) -> tuple[NavItem, ...]:
    url = reverse("desk:team")
    held = (NavItem(heading, "", None, current=True),) if heading.startswith("Held by") else ()
    return (
        NavItem("All open", url, queries.open_cases(by, Wanted()).count(), heading == "Team"),
        NavItem("Not allocated", f"{url}?view=nobody", queries.unallocated_count(by), heading == "Not allocated"),
        *held,
    )


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find a case by reference, name or words of the matter; an exact reference opens it at once."""
    by = entry.viewer(request)
    if not by.may_somewhere(Permission.CASE_READ) or entry.is_service_manager(by):
        raise Http404
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found, more = queries.search(by, words)
    if len(found) == 1 and found[0].reference == words.upper():
        return redirect("desk:case", found[0].reference)
    return entry.page(
        request,
        "desk/work/search.html",
        title="Search",
        page=found,
        more={"words": words, "too_many": more},
    )


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark what the viewer was told as read."""
    by = entry.viewer(request)
    officer = staff_queries.officer(by.id or 0)
    assert officer is not None
    try:
        absence.read_notices(officer=officer, by=by, at=moment.now(), key=entry.form_key(request))
    except Refusal as refusal:
        said.problem(request, f"{refusal.sentence} {refusal.do}".strip())
    return redirect("desk:my-work")
