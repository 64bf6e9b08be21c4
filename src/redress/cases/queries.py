"""Which cases does somebody see, how pressing are they, and what belongs to one?

Example: ``work_of(viewer, today, Wanted(holder_id=viewer.id))`` gives Asha’s open cases, the nearest date first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_

from django.db.models import Count, Q, QuerySet

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases import clocks
from redress.cases.models import Case as Case
from redress.cases.models import (
    Clock,
    ComplainedAbout,
    Finding,
    Happening,
    HolderPeriod,
    Link,
    PointWording,
    StagePoint,
)
from redress.cases.models import Note as Note
from redress.cases.models import Point as Point
from redress.cases.models import Stage as Stage
from redress.council.models import Council
from redress.council.queries import Calendars, calendar_for
from redress.plumbing import text
from redress.rulebook.calendar import WorkingCalendar
from redress.rulebook.editions import Edition
from redress.rulebook.happenings import Happening as Fact
from redress.rulebook.readings import Reading
from redress.rulebook.severity import Severity, of, severity

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; everything that is left out is not asked for."""

    holder_id: int | None = None
    holder_ids: tuple[int, ...] = ()
    nobody: bool = False
    council_id: int | None = None
    procedure: str = ""
    service_id: int | None = None
    kind: str = ""
    state: str = ""
    after: tuple[date, int] | None = None


@dataclass(frozen=True)
class WorkRow:
    """One case of a work list, with its nearest open clock."""

    case: Case
    reading: Reading | None
    severity: Severity
    clock_title: str
    unclear: bool = False


@dataclass(frozen=True)
class WorkPage:
    """A page of a work list, and where the next one begins."""

    rows: tuple[WorkRow, ...]
    total: int
    next_after: tuple[date, int] | None


@dataclass(frozen=True)
class PointState:
    """A point as it is worded now, with what each stage found."""

    id: int
    number: int
    text: str
    version: int
    agreed_on: date | None
    withdrawn: bool
    findings: tuple[tuple[int, Finding], ...] = ()
    disputed: str = ""


@dataclass(frozen=True)
class Readings:
    """The clocks of a case by name, nearest first, with what each means for the list."""

    open: tuple[Reading, ...] = ()
    done: tuple[Reading, ...] = ()
    advice: tuple[Reading, ...] = ()
    not_started: tuple[Reading, ...] = ()
    severity: dict[str, Severity] = field(default_factory=dict)


def base(viewer: Actor) -> QuerySet[Case]:
    """Give the cases that the viewer may see, with what every list shows."""
    return Case.objects.visible_to(viewer).select_related(
        "council", "complainant", "representative", "service", "category", "holder", "authority"
    )


def case(viewer: Actor, reference: str) -> Case | None:
    """Find a case by its reference; None where there is none that the viewer may see."""
    if "\x00" in reference:
        return None
    return base(viewer).filter(reference=reference.strip().upper()).first()


def case_by_id(viewer: Actor, case_id: int) -> Case | None:
    """Find a case by its number."""
    return base(viewer).filter(pk=case_id).first()


def open_cases(viewer: Actor, wanted: Wanted) -> QuerySet[Case]:
    """Give the open cases of a list, unordered."""
    found = base(viewer).filter(closed_at=None)
    if wanted.holder_id is not None:
        found = found.filter(holder_id=wanted.holder_id)
    if wanted.holder_ids:
        found = found.filter(holder_id__in=wanted.holder_ids)
    if wanted.nobody:
        found = found.filter(holder=None)
    if wanted.council_id is not None:
        found = found.filter(council_id=wanted.council_id)
    if wanted.procedure:
        found = found.filter(procedure=wanted.procedure)
    if wanted.service_id is not None:
        found = found.filter(service_id=wanted.service_id)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state:
        found = found.filter(state=wanted.state)
    return found


def held_count(viewer: Actor, today: date) -> int:
    """Count the open cases that the viewer holds."""
    if viewer.id is None:
        return 0
    return open_cases(viewer, Wanted(holder_id=viewer.id)).count()


def work_of(viewer: Actor, today: date, wanted: Wanted) -> WorkPage:
    """Give one page of a list: cases with a date by date and number, then, on the last page, those without one.

    What has no date because its record needs mending stands first: nobody would look for it at the end.
    """
    found = open_cases(viewer, wanted)
    total = found.count()
    unclear = found.filter(next_due_on=None, pk__in=Clock.objects.filter(open=True, state="unclear").values("case_id"))
    dated = found.exclude(next_due_on=None).order_by("next_due_on", "pk")
    if wanted.after is not None:
        due, last = wanted.after
        dated = dated.filter(Q(next_due_on__gt=due) | Q(next_due_on=due, pk__gt=last))
    rows = list(dated[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if wanted.after is None:
        rows = [*unclear.order_by("received_on", "pk")[:PAGE], *rows]
    next_after: tuple[date, int] | None = None
    if more and rows[-1].next_due_on is not None:
        next_after = (rows[-1].next_due_on, rows[-1].pk)
    else:
        already = [row.pk for row in rows if row.next_due_on is None]
        undated = found.filter(next_due_on=None).exclude(pk__in=already)
        if wanted.after is not None:
            undated = undated.exclude(pk__in=unclear.order_by("received_on", "pk").values("pk")[:PAGE])
        rows += list(undated.order_by("received_on", "pk")[:PAGE])
    return WorkPage(rows=tuple(work_rows(rows, today)), total=total, next_after=next_after)


def work_rows(cases: Sequence[Case], today: date) -> list[WorkRow]:
    """Read the clocks of the cases of a list: one query for all happenings, each calendar of a council once."""
    calendars = Calendars()
    known = clocks.facts_of(list(cases))
    rows = []
    for one in cases:
        readings = clocks.readings(one, today, known=known[one.pk], calendars=calendars)
        rows.append(_work_row(one, readings.values(), today, clocks.calendar_of(one, calendars)))
    return rows


def calendars_of(councils: Iterable[Council]) -> dict[int, WorkingCalendar]:
    """Give the calendar of each council, each worked out once."""
    found: dict[int, WorkingCalendar] = {}
    for council in councils:
        if council.pk not in found:
            found[council.pk] = calendar_for(council)
    return found


def _work_row(one: Case, readings: Iterable[Reading], today: date, calendar: WorkingCalendar) -> WorkRow:
    running = [reading for reading in readings if reading.is_open and not reading.is_advice]
    running = [reading for reading in running if reading.state != "not-started"]
    running.sort(key=lambda reading: (reading.due or date.max, reading.name))
    waiting, started = bool(one.waiting_for), one.started_at is not None or one.holder_id is None
    settings = clocks.settings_of(one.council)
    if not running or one.closed_at is not None:
        return WorkRow(one, None, severity(None, today, calendar, waiting=waiting, started=started), "")
    reading = running[0]
    return WorkRow(
        one,
        reading,
        of(reading, calendar, waiting=waiting, started=started, settings=settings),
        reading.title,
        any(one.state == "unclear" for one in running),
    )


def readings_of(
    one: Case, today: date, *, known: list[Fact] | None = None, calendar: WorkingCalendar | None = None
) -> Readings:
    """Read the clocks of one case for its page; ``known`` and ``calendar`` where the page has them already."""
    calendar = calendar or clocks.calendar_of(one)
    settings = clocks.settings_of(one.council)
    found = clocks.readings(one, today, known=known, calendar=calendar)
    real = [reading for reading in found.values() if not reading.is_advice and reading.state != "not-started"]
    closed = one.closed_at is not None
    running = sorted(
        (reading for reading in real if reading.is_open and not closed), key=lambda r: (r.due or date.max, r.name)
    )
    done = [reading for reading in real if not reading.is_open or closed]
    return Readings(
        open=tuple(running),
        done=tuple(done),
        advice=tuple(reading for reading in found.values() if reading.is_advice and reading.state != "not-started"),
        not_started=()
        if closed
        else tuple(reading for reading in found.values() if not reading.is_advice and reading.state == "not-started"),
        severity={
            reading.name: of(
                reading,
                calendar,
                waiting=bool(one.waiting_for),
                started=one.started_at is not None or one.holder_id is None,
                settings=settings,
            )
            for reading in real
        },
    )


def open_clocks(viewer: Actor, until: date = date.max) -> list[Clock]:
    """List the open clocks with a date up to ``until`` of every open case that the viewer serves, the nearest first."""
    return list(
        Clock.objects.visible_to(viewer)
        .filter(open=True, due_on__lte=until, case__closed_at=None)
        .select_related("case", "case__council", "case__holder")
        .order_by("due_on", "case_id", "name")
    )


def touched_by(viewer: Actor, council_id: int, days: Iterable[date], counts: Callable[[Edition], bool]) -> list[Case]:
    """List the open cases of a council with a clock whose count goes across one of these days, by number.

    ``counts`` says whether the days make a difference under an edition: one that counts by another calendar is left
    out before anything is read.
    """
    mine = all_open_rows(viewer, council_id)
    editions = [name for name, edition in editions_used(mine).items() if edition is not None and counts(edition)]
    rows = clocks.touched(days, Case.objects.filter(council_id=council_id, edition__in=editions))
    return list(mine.filter(pk__in=rows.order_by().values("case_id")).order_by("pk"))


def editions_used(cases: QuerySet[Case]) -> dict[str, Edition | None]:
    """Give the editions that these cases have, by id; None for one that is not held any more."""
    found: dict[str, Edition | None] = {}
    for one in cases.order_by("edition", "pk").distinct("edition"):
        try:
            found[one.edition] = clocks.edition_of(one)
        except LookupError:
            found[one.edition] = None
    return found


def open_by_edition(viewer: Actor, council_id: int) -> list[tuple[Edition | None, int]]:
    """Count the open complaints of a council by edition, in the order of the editions' names."""
    mine = all_open_rows(viewer, council_id)
    counted = mine.order_by("edition").values_list("edition").annotate(number=Count("pk"))
    editions = editions_used(mine)
    return [(editions[name], number) for name, number in counted]


def all_open_rows(viewer: Actor, council_id: int | None = None) -> QuerySet[Case]:
    """Give every open complaint that the viewer serves, unordered; of one council where it is named."""
    found = base(viewer).filter(closed_at=None, kind=Case.Kind.COMPLAINT)
    return found if council_id is None else found.filter(council_id=council_id)


def all_open(viewer: Actor, council_id: int | None = None) -> list[Case]:
    """List every open complaint that the viewer serves, by number; of one council where it is named."""
    return list(all_open_rows(viewer, council_id).order_by("pk"))


@dataclass(frozen=True)
class Load:
    """How much an officer has: open cases, those late, those due by the end of the week."""

    officer_id: int | None
    name: str
    open: int
    late: int
    this_week: int
    not_started: int


def workload(viewer: Actor, today: date, *, council_id: int | None = None) -> list[Load]:
    """Count the open cases by holder, most late first; those that nobody holds are a line of their own."""
    found = open_cases(viewer, Wanted(council_id=council_id))
    friday = date.fromordinal(today.toordinal() + (4 - today.weekday()) % 7)
    rows = (
        found.order_by()
        .values("holder_id", "holder__name")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(next_due_on__lt=today)),
            week=Count("pk", filter=Q(next_due_on__gte=today, next_due_on__lte=friday)),
            fresh=Count("pk", filter=Q(started_at=None, holder__isnull=False)),
        )
    )
    loads = [
        Load(
            officer_id=row["holder_id"],
            name=row["holder__name"] or "Nobody",
            open=row["open"],
            late=row["late"],
            this_week=row["week"],
            not_started=row["fresh"],
        )
        for row in rows
    ]
    return sorted(loads, key=lambda load: (load.officer_id is not None, -load.late, -load.open, load.name))


def happening(one: Case, happening_id: int) -> Happening | None:
    """Find a happening of a case by number."""
    return Happening.objects.filter(case=one, pk=happening_id).select_related("stage").first()


def agreed_on(points: Iterable[PointState]) -> date | None:
    """Give the day on which all points as they stand were agreed with the person; None while one is not."""
    days = [point.agreed_on for point in points if not point.withdrawn]
    return max(day for day in days if day) if days and all(days) else None


def stages_of(one: Case) -> list[Stage]:
    """List the stages of a case, the first first."""
    return list(Stage.objects.filter(case=one).select_related("holder").order_by("number"))


def open_stage(one: Case) -> Stage | None:
    """Give the stage that is open, if one is."""
    return Stage.objects.filter(case=one, ended_at=None).select_related("holder").first()


def points_of(one: Case) -> list[PointState]:
    """List the points of a case as worded now, each with what every stage found."""
    wordings = {
        wording.point_id: wording
        for wording in PointWording.objects.filter(point__case=one).order_by("point_id", "version")
    }
    findings: dict[int, list[tuple[int, Finding]]] = {}
    for finding in (
        Finding.objects.filter(point__case=one)
        .select_related("stage")
        .prefetch_related("remedies", "remedies__owner")
        .order_by("stage__number")
    ):
        findings.setdefault(finding.point_id, []).append((finding.stage.number, finding))
    disputed = {
        row.point_id: row.disputed
        for row in StagePoint.objects.filter(stage__case=one, stage__number__gt=1).exclude(disputed="")
    }
    found = []
    for point in Point.objects.filter(case=one).order_by("number"):
        wording = wordings[point.pk]
        found.append(
            PointState(
                id=point.pk,
                number=point.number,
                text=wording.text,
                version=wording.version,
                agreed_on=wording.agreed_on,
                withdrawn=point.withdrawn_at is not None,
                findings=tuple(findings.get(point.pk, ())),
                disputed=disputed.get(point.pk, ""),
            )
        )
    return found


def wordings_of(point_id: int) -> list[PointWording]:
    """List every wording that a point had, the newest first."""
    return list(PointWording.objects.filter(point_id=point_id).order_by("-version"))


def point(one: Case, number: int) -> Point | None:
    """Find a point of a case by its number."""
    return Point.objects.filter(case=one, number=number).first()


def notes_of(one: Case) -> list[Note]:
    """List what was written down on a case, newest first."""
    return list(Note.objects.filter(case=one).select_related("contact").order_by("-written_at", "-pk"))


def holders_of(one: Case) -> list[HolderPeriod]:
    """List who held the case, newest first."""
    return list(HolderPeriod.objects.filter(case=one).select_related("officer").order_by("-since", "-pk"))


def complained_about(one: Case) -> list[ComplainedAbout]:
    """List the officers whom the case is about."""
    return list(ComplainedAbout.objects.filter(case=one).select_related("officer").order_by("officer__name"))


def linked(viewer: Actor, one: Case) -> list[tuple[Case, str]]:
    """List the linked cases that the viewer may see, with why."""
    rows = list(Link.objects.filter(Q(first=one) | Q(second=one)).order_by("pk"))
    others = [row.second_id if row.first_id == one.pk else row.first_id for row in rows]
    seen = base(viewer).in_bulk(others)
    return [(seen[other], row.why) for other, row in zip(others, rows, strict=True) if other in seen]


def earlier_of(viewer: Actor, contact_id: int, *, but: int | None = None, limit: int = 10) -> list[Case]:
    """List the other cases of a person, newest first."""
    found = base(viewer).filter(Q(complainant_id=contact_id) | Q(representative_id=contact_id))
    if but is not None:
        found = found.exclude(pk=but)
    return list(found.order_by("-received_on", "-pk")[:limit])


def search(viewer: Actor, words: str, *, limit: int = 50) -> tuple[list[Case], bool]:
    """Find cases by reference, name or matter, newest first; the second answer says that there are more."""
    words = words.strip()
    exact = case(viewer, words)
    if exact is not None:
        return [exact], False
    parts = [part for part in text.fold(words).split() if part][:8]
    if not parts:
        return [], False
    found = base(viewer).filter(
        reduce(and_, (Q(search__contains=part) | Q(reference__contains=part.upper()) for part in parts))
    )
    rows = list(found.order_by("-received_on", "-pk")[: limit + 1])
    return rows[:limit], len(rows) > limit


def requests_to_review(viewer: Actor) -> QuerySet[Case]:
    """Give what was treated as a service request and is still open, oldest first: it is recorded and reviewed."""
    return base(viewer).filter(kind=Case.Kind.SERVICE_REQUEST, closed_at=None).order_by("received_on", "pk")


def unallocated_count(viewer: Actor) -> int:
    """Count the open complaints that nobody holds."""
    return open_cases(viewer, Wanted(nobody=True, kind=Case.Kind.COMPLAINT)).count()


def may_read(viewer: Actor, one: Case) -> bool:
    """Say whether the viewer may read the case."""
    return viewer.may(Permission.CASE_READ, one.council_id)
