"""If the council changed its own shape like that: what would it say, how many open cases is it about, what moves?

Numbers only: whoever looks after settings and sees no case still sees how many a change is about.

Example: ``preview_end(service, today)`` begins with "41 open cases are under this service. They keep it."
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from redress.access.actor import Actor
from redress.cases import clocks
from redress.cases import queries as case_queries
from redress.cases.models import Case
from redress.casework.council_shape import (
    CONTACT,
    MOVES_DATES,
    WORKING,
    Difference,
    Part,
    Preview,
    ServiceGiven,
    as_given,
    check_days,
    differences,
    kind_of,
    many,
    said_of,
    taken_contact,
    taken_name,
    taken_service,
)
from redress.council import queries
from redress.council.models import Category, Council, Directorate, Service
from redress.rulebook.readings import Reading
from redress.rulebook.severity import severity
from redress.tasks.models import Task

COUNTING = Actor.timetable("Settings")
"""Who counts for a preview: numbers only, so that whoever sees no case sees how many a change is about."""


def preview_service(service: Service, given: ServiceGiven, today: date) -> Preview:
    """Say what changing a service would change, and what that is about. Raises what ``change_service`` raises."""
    taken = taken_service(service.council, given, service, today)
    listed = differences(said_of(service), as_given(taken, service.council), {})
    effects = _counted(service, today)
    changed = {one.what for one in listed}
    if "Landlord" in changed:
        offered = "the housing procedure" if taken.landlord else "the corporate procedure"
        effects.append(f"New complaints about it are offered {offered}. Cases that are open keep theirs.")
    if changed & {"Manager", "Deputy"}:
        asked = Task.objects.filter(service=service, answered_at=None).count()
        effects.append(f"{many(asked, 'question waits', 'questions wait')} for an answer of this service.")
        effects.append("Who answers for it from now on sees these, and is told of new ones.")
    return Preview(tuple(listed), tuple(effects))


def preview_name(part: Directorate | Category, name: str, today: date) -> Preview:
    """Say what another name would change. Raises ``NameNeeded`` and ``NameTaken``."""
    taken = taken_name(part.council, type(part), name, part)
    listed = [Difference("Name", part.name, taken)] if taken != part.name else []
    return Preview(tuple(listed), tuple(_counted(part, today)))


def preview_end(part: Part, today: date) -> tuple[str, ...]:
    """Say what would follow from ending it."""
    effects = _counted(part, today)
    if isinstance(part, Service):
        asked = Task.objects.filter(service=part, answered_at=None).count()
        if asked:
            effects.append(f"{many(asked, 'question waits', 'questions wait')} for an answer; it can still be given.")
        effects.append("From that day on it can’t be chosen for a new case, nor asked a new question.")
    elif isinstance(part, Category):
        effects.append("From that day on it can’t be chosen for a new case.")
    else:
        effects.append("From that day on no service can be added to it.")
    return tuple(effects)


def _counted(part: Part, today: date) -> list[str]:
    if isinstance(part, Directorate):
        count = Service.objects.filter(directorate=part).exclude(ended_on__lte=today).count()
        return [f"{many(count, 'service belongs', 'services belong')} to this directorate."]
    used = Case.objects.filter(service=part) if isinstance(part, Service) else Case.objects.filter(category=part)
    count = used.filter(closed_at=None).count()
    it = "It keeps it." if count == 1 else "They keep it."
    closed = used.exclude(closed_at=None).count()
    found = [
        f"{many(count, 'open case is', 'open cases are')} under this {kind_of(part)}." + (f" {it}" if count else "")
    ]
    if closed:
        found.append(f"{many(closed, 'closed case', 'closed cases')} and the figures about them stay as they are.")
    return found


def preview_contact(council: Council, given: Mapping[str, str]) -> Preview:
    """Say what other contact details would change. Raises ``PublicDetailsNeeded`` and ``NoAddress``."""
    taken = taken_contact(given)
    listed = differences(said_of(council, CONTACT), taken, CONTACT)
    effects = [
        "The public pages, and letters written from now on, say this at once.",
        "Letters that were sent stay as they were.",
    ]
    return Preview(tuple(listed), tuple(effects))


def preview_working(council: Council, given: Mapping[str, int | bool], today: date) -> Preview:
    """Say how many dates other working settings would move, and how lists would change. Records nothing."""
    check_days(given)
    trial = Council.objects.get(pk=council.pk)
    for name, value in given.items():
        setattr(trial, name, value)
    listed = differences(said_of(council, WORKING), said_of(trial, WORKING), WORKING)
    effects: list[str] = []
    if listed:
        effects = _effects_of(council, trial, today)
    return Preview(tuple(listed), tuple(effects))


def _effects_of(council: Council, trial: Council, today: date) -> list[str]:
    cases = case_queries.all_open(COUNTING, council.pk)
    known = clocks.facts_of(cases)
    moves, groups = 0, {"now": {"crit": 0, "soon": 0}, "then": {"crit": 0, "soon": 0}}
    before, after = queries.Calendars(), queries.Calendars()
    for one in cases:
        one.council = council
        now = clocks.readings(one, today, known=known[one.pk], calendars=before)
        one.council = trial
        then = clocks.readings(one, today, known=known[one.pk], calendars=after)
        moves += sum(
            1 for name, reading in now.items()
            if _runs(reading) and name in then and reading.due != then[name].due
        )  # fmt: skip
        for when, found, of, calendars in (("now", now, council, before), ("then", then, trial, after)):
            one.council = of
            group = _group(one, found, today, calendars)
            if group in groups[when]:
                groups[when][group] += 1
    if any(getattr(council, name) != getattr(trial, name) for name in MOVES_DATES):
        effects = [
            f"{many(moves, 'date moves', 'dates move')}, of {many(len(cases), 'open case', 'open cases')}."
            + (" Each is worked out anew within minutes, and whoever has the case is told." if moves else "")
        ]
        if moves:
            effects.append(
                "A date that a person was told in a letter is listed on the case: keep it, or write to them."
            )
    else:
        effects = ["No date moves. Lists are grouped differently at once."]
    for code, words_of in (("soon", "due soon"), ("crit", "critically overdue")):
        if groups["now"][code] != groups["then"][code]:
            effects.append(f"Open cases that are {words_of}: {groups['now'][code]} now, {groups['then'][code]} then.")
    return effects


def _runs(reading: Reading) -> bool:
    return reading.is_open and not reading.is_advice and reading.state != "not-started"


def _group(one: Case, found: Mapping[str, Reading], today: date, calendars: queries.Calendars) -> str:
    due = min((reading.due for reading in found.values() if _runs(reading) and reading.due), default=None)
    calendar = clocks.calendar_of(one, calendars)
    return severity(due, today, calendar, settings=clocks.settings_of(one.council)).group
