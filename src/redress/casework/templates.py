"""What do our letters say, and who changed that?

A council publishes its own version of a text; the fields come from a closed list and are checked before anything is
published. Earlier versions stay, and letters that went keep the words that they had.

Example: ``publish(council=council, kind="holding", heading="…", body="…", by=by, at=at)``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.refusals import Refusal
from redress.access.step import step
from redress.cases.models import Case, Stage
from redress.casework import composing, letters, wording
from redress.correspondence import changes, events, texts, writing
from redress.correspondence.models import LetterTemplate
from redress.council.models import Council
from redress.plumbing import merge

LONGEST = 20_000
"""Characters of a letter's text."""


class UnknownText(Refusal):
    """There is no such letter."""

    do = "Choose one from the list."


class CannotBeUsed(Refusal):
    """This text can't be used."""

    field = "body"
    do = "Mend it, then publish it again. The version in force stays as it is meanwhile."


class PublishedMeanwhile(Refusal):
    """Somebody published another version after you opened this one. Nothing that you typed is lost."""

    do = "Look at their version, then publish yours again if it still stands."


@step(needs=Permission.TEMPLATE_PUBLISH, on="council")
def publish(
    *, council: Council, kind: str, heading: str, body: str, by: Actor, at: datetime, seen: int | None = None
) -> LetterTemplate:
    """Publish a council's own version of a letter's text; ``seen`` is the version that was opened, 0 for the shipped.

    Raises ``UnknownText``, ``CannotBeUsed``, ``PublishedMeanwhile``.
    """
    heading, body = check(kind, heading, body)
    newest = (
        LetterTemplate.objects.filter(council=council, kind=kind)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    if seen is not None and seen != (newest or 0):
        raise PublishedMeanwhile
    template = changes.publish_template(council=council, kind=kind, heading=heading, body=body, by=by, at=at)
    trail.note(events.TEMPLATE_PUBLISHED, on=council, ids={"kind": kind, "version": template.version})
    return template


def check(kind: str, heading: str, body: str) -> tuple[str, str]:
    """Give a version cleaned, or refuse it. Raises ``UnknownText``, ``CannotBeUsed``."""
    if kind not in texts.every():
        raise UnknownText
    heading = " ".join(wording.words(heading, "heading").split())
    body = wording.words(body, "body")
    if not heading or not body:
        raise CannotBeUsed("The letter needs a heading and a text.", field="heading" if not heading else "body")
    if len(heading) > 200 or len(body) > LONGEST:
        raise CannotBeUsed(f"The heading may have 200 characters, the text {LONGEST:,}.")
    try:
        composing.check_text(kind, heading, body)
    except merge.TemplateRefused as refused:
        raise CannotBeUsed(refused.sentence) from refused
    return heading, body


def try_out(
    *, case: Case, stage: Stage | None, kind: str, heading: str, body: str, today: date, by: Actor
) -> writing.Draft:
    """Compose a letter on a real case with a version not yet published. Raises ``UnknownText``, ``CannotBeUsed``."""
    heading, body = check(kind, heading, body)
    text = replace(texts.shipped(kind), heading=heading, body=body, version="tried out")
    return composing.compose(
        kind,
        case=case,
        to=letters.correspondent(case, today),
        today=today,
        by=by,
        stage=stage,
        text=text,
        extra=[writing.paragraph("(What the officer writes stands here.)")],
    )
