"""What becomes of what was on its way when a backup was made, once that backup is put back?

The backup doesn't know what went out after it. A letter that waited then has probably gone since, so nothing of it is
sent by itself: each *may have gone*, stands on the page of the post, and a person looks.

Example: ``doubt_what_was_on_its_way(backup_of=made_at, by=Actor.command("redress restore"), at=moment.now())``.
"""

from __future__ import annotations

from datetime import datetime

from redress.access.actor import Actor
from redress.casework import arrivals, delivery, links
from redress.correspondence.models import AutomaticAcknowledgement, Letter, PortalMail
from redress.plumbing import moment
from redress.rulebook import dates

ON_ITS_WAY = ("queued", "attempting")


def doubt_what_was_on_its_way(*, backup_of: datetime, by: Actor, at: datetime) -> int:
    """Mark everything that had not gone when the backup was made as what may have gone; answers how many letters.

    May run twice. Called by the command, outside any step.
    """
    local = moment.local(backup_of)
    told = f"the backup of {dates.plain(local.date())}, {local:%H:%M}"
    why = f"It had not gone when {told} was made, which was put back since: it may have gone after that."
    letters = Letter.objects.filter(state__in=(Letter.State.RELEASED, Letter.State.ATTEMPTING)).order_by("pk")
    count = 0
    for letter in letters.select_related("case", "case__council", "to"):
        delivery.record_unclear(case=letter.case, letter=letter, why=why, by=by, at=at)
        count += 1
    for mail in PortalMail.objects.filter(state__in=ON_ITS_WAY).select_related("case", "draft").order_by("pk"):
        links.settle_mail(case=mail.case, mail=mail, state="unclear", evidence={"why": why}, by=by, at=at)
    for row in AutomaticAcknowledgement.objects.filter(state__in=ON_ITS_WAY).select_related("message").order_by("pk"):
        arrivals.settle_automatic_acknowledgement(
            message=row.message, acknowledgement_id=row.pk, state="unclear", evidence={"why": why}, by=by, at=at
        )
    return count
