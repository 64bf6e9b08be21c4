"""What was done, by whom and when, and can it be shown that nobody altered the record of it?

Example: ``/desk/trail/NMR-2026-0437/?check=1`` lists every action on the case and checks its chain at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from redress.access import looks, standing, trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted, Permission
from redress.cases import queries as case_queries
from redress.casework import trail_check
from redress.desk import entry


@dataclass(frozen=True)
class Action:
    """One entry as the page shows it."""

    number: int
    line: trail.Line
    who: str
    proof: str
    sealed: bool


@dataclass(frozen=True)
class CasePage:
    """The trail of one case, with how far it is proven."""

    reference: str
    matter: str
    actions: tuple[Action, ...]
    standing: standing.Standing
    checked: bool
    faults: tuple[str, ...]
    looks: tuple[looks.Seen, ...]


@dataclass(frozen=True)
class HomePage:
    """How the trail stands as a whole."""

    entries: int
    unsealed: int
    seals: tuple[standing.SealShown, ...]
    check: trail.Line | None
    faults: tuple[str, ...]
    wanted: str
    not_found: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show how the trail stands, and find the trail of a case."""
    _may_read(entry.viewer(request))
    wanted = request.GET.get("reference", "").strip().upper()
    if wanted and case_queries.case(entry.viewer(request), wanted) is not None:
        return redirect("desk:trail-case", wanted)
    check = trail_check.last()
    faults = tuple(str(one) for one in check.detail.get("sentences", ())) if check is not None else ()
    page = HomePage(
        standing.entries(), standing.unsealed(), tuple(standing.latest_seals()), check, faults, wanted, bool(wanted)
    )
    return entry.page(request, "desk/trail/home.html", title="Trail", current="trail", page=page)


@require_safe
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every action on a case, oldest first; with ``?check=1`` check its chain now."""
    by = entry.viewer(request)
    case = case_queries.case(by, reference)
    if case is None:
        raise Http404
    if not by.may(Permission.TRAIL_READ, case.council_id):
        raise PermissionDenied from NotPermitted(Permission.TRAIL_READ)
    stands = standing.of(case)
    lines = trail.read(case)
    report = standing.check(case) if request.GET.get("check") else None
    page = CasePage(
        reference=case.reference,
        matter=case.matter,
        actions=tuple(_action(line, stands) for line in lines),
        standing=stands,
        checked=report is not None,
        faults=tuple(fault.sentence for fault in report.faults) if report is not None else (),
        looks=tuple(looks.read(case)[:30]),
    )
    return entry.page(request, "desk/trail/case.html", title=f"Trail of {case.reference}", current="trail", page=page)


def _action(line: trail.Line, stands: standing.Standing) -> Action:
    sealed = line.seq <= stands.sealed
    return Action(line.seq, line, who(line), "Sealed" if sealed else "Not sealed yet", sealed)


def who(line: trail.Line) -> str:
    """Say who did it: a name, the resident, the timetable or a command."""
    if line.by_kind == "resident":
        return "The resident"
    if line.by_kind == "timetable":
        return f"{line.by_name or 'Timetable'}, by itself"
    if line.by_kind == "command":
        return f"Command: {line.by_name}"
    return line.by_name


def _may_read(by: Actor) -> None:
    if not by.may_somewhere(Permission.TRAIL_READ):
        raise PermissionDenied from NotPermitted(Permission.TRAIL_READ)
