"""What went out, how far has it got, what waits for the post, and how does an answer stand?

Example: ``to_post(viewer)`` lists the letters that wait to be printed and posted, the oldest first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.cases.models import Case, Stage
from redress.correspondence import texts
from redress.correspondence.models import Letter, LetterTemplate, OldDate, Response
from redress.council.models import Council
from redress.rulebook import dates

State = Letter.State
_ALL = ("council", "case", "case__council", "case__complainant", "stage", "to", "document", "author")


def visible(viewer: Actor) -> QuerySet[Letter]:
    """Give the letters of the cases that the viewer may read; a resident sees those to them that have gone."""
    rows = Letter.objects.visible_to(viewer).select_related(*_ALL)
    if viewer.everywhere:
        return rows
    if viewer.kind == "resident":
        return rows.filter(
            case_id=viewer.case_id or 0,
            council_id=viewer.council_id or 0,
            to_id=viewer.contact_id,
            state=State.DISPATCHED,
        )
    return rows.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))


def letters_of(viewer: Actor, case: Case) -> list[Letter]:
    """List the letters of a case, the newest first."""
    return list(visible(viewer).filter(case=case).order_by("-written_at", "-pk"))


def giving(viewer: Actor, day: date, cases: Collection[int]) -> list[Letter]:
    """List the letters of these cases that have gone, or are on their way, and in which this date is written.

    However it is written: "8 December 2026", "8th December", "8 Dec 2026", "08/12/2026". The oldest first.
    """
    gone = (State.RELEASED, State.ATTEMPTING, State.UNCLEAR, State.DISPATCHED)
    rows = visible(viewer).filter(case_id__in=cases, state__in=gone).annotate(words=Cast("blocks", TextField()))
    written = _written(day)
    return list(rows.filter(Q(words__iregex=written) | Q(subject__iregex=written)).order_by("case_id", "pk"))


def _written(day: date) -> str:
    """Give the pattern, for the database, of a date as people write it; not part of another number or date."""
    month = dates.MONTHS[day.month - 1]
    named = rf"0?{day.day}(st|nd|rd|th)?\s+(of\s+)?{month[:3]}({month[3:]}|\.)?(,?\s+{day.year}|(?!,?\s+[0-9]{{4}}))"
    figures = rf"0?{day.day}[/.-]0?{day.month}[/.-]({day.year // 100})?{day.year % 100:02}"
    return rf"(^|[^0-9/.-])({named}|{figures}|{day.isoformat()})([^0-9a-z]|$)"


def old_dates_of(viewer: Actor, case: Case) -> list[OldDate]:
    """List the letters of a case that gave a date which has moved since and about which nothing was done yet."""
    rows = OldDate.objects.filter(case=case, settled_at=None, letter__in=visible(viewer).values("pk"))
    return list(rows.select_related("letter", "letter__to").order_by("found_at", "pk"))


def old_date(viewer: Actor, number: int) -> OldDate | None:
    """Find by number a date that a letter gave and that has moved since."""
    rows = OldDate.objects.filter(pk=number, letter__in=visible(viewer).values("pk"))
    return rows.select_related("letter", "case", "case__council").first()


def letter(viewer: Actor, letter_id: int) -> Letter | None:
    """Find a letter that the viewer may see."""
    return visible(viewer).filter(pk=letter_id).first()


def letters_by_ids(viewer: Actor, ids: list[int]) -> list[Letter]:
    """List letters by number, in the order of their numbers."""
    return list(visible(viewer).filter(pk__in=ids).order_by("pk"))


def to_post(viewer: Actor) -> list[Letter]:
    """List the letters that wait to be printed and posted, the oldest first."""
    return list(_to_post(viewer).order_by("released_at", "pk"))


def to_post_count(viewer: Actor) -> int:
    """Count the letters that wait to be posted, and those of which somebody must look what became of them."""
    return _to_post(viewer).count() + _to_look_at(viewer).count()


def _to_post(viewer: Actor) -> QuerySet[Letter]:
    return _handled_by(viewer).filter(state=State.RELEASED, channel=Letter.Channel.POST)


def to_look_at(viewer: Actor) -> list[Letter]:
    """List the letters of which nobody knows whether they went, and those that could not be sent."""
    return list(_to_look_at(viewer).order_by("attempted_at", "pk"))


def _to_look_at(viewer: Actor) -> QuerySet[Letter]:
    return _handled_by(viewer).filter(state__in=(State.UNCLEAR, State.FAILED))


def _handled_by(viewer: Actor) -> QuerySet[Letter]:
    return visible(viewer).filter(council_id__in=viewer.councils_where(Permission.POST_RECORD))


def on_their_way(viewer: Actor) -> list[Letter]:
    """List the e-mails that were released and have not gone yet."""
    rows = _handled_by(viewer).filter(channel=Letter.Channel.EMAIL, state__in=(State.RELEASED, State.ATTEMPTING))
    return list(rows.order_by("released_at", "pk"))


def sent_lately(viewer: Actor, limit: int = 20) -> list[Letter]:
    """List what went last."""
    return list(_handled_by(viewer).filter(state=State.DISPATCHED).order_by("-dispatched_at", "-pk")[:limit])


def left_behind(viewer: Actor, now: datetime, *, waiting: timedelta, attempting: timedelta) -> list[int]:
    """List the e-mails whose job may have been lost: released, or begun, longer ago than that."""
    lost = Q(state=State.RELEASED, released_at__lt=now - waiting) | Q(
        state=State.ATTEMPTING, attempted_at__lt=now - attempting
    )
    rows = visible(viewer).filter(lost, channel=Letter.Channel.EMAIL).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def response_of(viewer: Actor, stage: Stage) -> Response | None:
    """Give the answer of a stage, if it was begun."""
    rows = Response.objects.select_related(
        "author", "letter", "stage", "stage__case", "stage__case__council", "stage__case__complainant",
        "stage__case__representative", "stage__case__authority",
    ).filter(stage=stage)  # fmt: skip
    if not viewer.everywhere:
        rows = rows.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))
    return rows.first()


@dataclass(frozen=True)
class TextRow:
    """A letter's text as the list of texts shows it."""

    key: str
    title: str
    heading: str
    version: int
    published_by: str
    published_at: datetime | None


def texts_of(viewer: Actor, council: Council) -> list[TextRow]:
    """List the texts of a council's letters with the version in force."""
    own = {row.kind: row for row in _templates(viewer).filter(council=council).order_by("kind", "version")}
    rows = []
    for key in texts.every():
        shipped, mine = texts.shipped(key), own.get(key)
        rows.append(
            TextRow(
                key=key,
                title=shipped.title,
                heading=mine.heading if mine else shipped.heading,
                version=mine.version if mine else 0,
                published_by=mine.published_by if mine else "",
                published_at=mine.published_at if mine else None,
            )
        )
    return rows


def versions_of(viewer: Actor, council: Council, key: str) -> list[LetterTemplate]:
    """List the versions that a council published of a text, the newest first."""
    return list(_templates(viewer).filter(council=council, kind=key).order_by("-version"))


def _templates(viewer: Actor) -> QuerySet[LetterTemplate]:
    return LetterTemplate.objects.filter(council_id__in=viewer.council_ids)
