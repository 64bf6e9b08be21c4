"""What follows when a secret of the installation is changed, and where does it stand that it was?

The secrets themselves lie outside the database and are changed by ``redress secrets rotate``; these steps do what has
to be done in the database, and leave an entry in the chain of the installation.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from redress.access import events, trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.step import step

INSTALLATION = "installation"
_ENCRYPTED = ("secret", "seed")
"""What of a second factor is kept encrypted: what codes are worked out from, and what recovery codes are."""


@step(needs=Permission.SETTINGS_CHANGE, on=())
def note_changed(*, secret: str, by: Actor, at: datetime) -> None:
    """Note that a secret was changed; of a session key, end every session besides, which it makes unreadable."""
    ended = Session.objects.all().delete()[0] if secret == "session" else 0  # noqa: S105 (the name of one)
    trail.note(events.SECRET_CHANGED, on=INSTALLATION, ids={"secret": secret, "sessions": ended})


@step(needs=Permission.SETTINGS_CHANGE, on=())
def encrypt_second_factors_anew(*, turn: Callable[[str], str], by: Actor, at: datetime) -> int:
    """Turn every encrypted second factor into one of the new key, all or none; answers how many there are."""
    rows = list(Authenticator.objects.select_for_update().order_by("pk"))
    for row in rows:
        row.data = _turned(row.data, turn)
        row.save(update_fields=["data"])
    trail.note(events.SECRET_CHANGED, on=INSTALLATION, ids={"secret": "second-factor", "second_factors": len(rows)})
    return len(rows)


def _turned(data: dict[str, Any], turn: Callable[[str], str]) -> dict[str, Any]:
    turned = {name: turn(value) if name in _ENCRYPTED else value for name, value in data.items()}
    if "migrated_codes" in turned:
        turned["migrated_codes"] = [turn(code) for code in turned["migrated_codes"]]
    return turned
