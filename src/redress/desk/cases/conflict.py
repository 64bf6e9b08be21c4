"""Somebody else saved first: whose words stand, part by part? Nothing that was typed is lost.

Example: ``conflict.merged(request.POST, {"matter": "Missed bins"})`` gives the part that was chosen for each name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict

from redress.access import trail
from redress.desk import entry
from redress.desk.cases import subject
from redress.plumbing.look.frame import Part
from redress.rulebook import dates


@dataclass(frozen=True)
class ConflictPage:
    """Both versions, who saved first and when, and what goes along with the next save."""

    head: subject.Head
    title: str
    parts: tuple[Part, ...]
    who: str
    when: str
    version: int
    typed: tuple[tuple[str, str], ...]
    theirs: tuple[tuple[str, str], ...]


def page(
    request: HttpRequest, head: subject.Head, *, title: str, parts: Sequence[Part], by_whom: trail.Line | None,
    version: int, theirs: Mapping[str, str],
) -> HttpResponse:  # fmt: skip
    """Show both versions beside each other; the choice posts back to the same address.

    ``theirs`` are the values that stand now, by name: a part may show words where its value is a number.
    """
    typed = tuple(
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "form_key", "version") and not name.startswith(("keep-", "theirs-"))
        for value in request.POST.getlist(name)
    )
    made = ConflictPage(
        head=head,
        title=title,
        parts=tuple(parts),
        who=by_whom.by_name if by_whom is not None and by_whom.by_name else "Somebody else",
        when=dates.time(by_whom.at) if by_whom is not None else "a moment ago",
        version=version,
        typed=typed,
        theirs=tuple((f"theirs-{name}", value) for name, value in theirs.items()),
    )
    return entry.page(
        request, "desk/cases/conflict.html", title=f"Two versions, {head.case.reference}", page=made, status=409
    )


def chosen(posted: QueryDict, values: Mapping[str, object]) -> dict[str, object]:
    """Give what was typed, with theirs in the place of each part for which theirs was kept."""
    return {
        name: posted.get(f"theirs-{name}", "") if posted.get(f"keep-{name}") == "theirs" else value
        for name, value in values.items()
    }


def last(lines: Sequence[trail.Line], kinds: Sequence[str]) -> trail.Line | None:
    """Give the newest entry of these kinds."""
    return next((line for line in reversed(lines) if line.kind in kinds), None)
