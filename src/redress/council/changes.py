"""Small writes to the tables of councils; casework calls them inside its steps."""

from __future__ import annotations

from datetime import datetime

from redress.council.models import Mailbox
from redress.plumbing import text


def mailbox_read(*, mailbox: Mailbox, at: datetime) -> None:
    """Write down that a mailbox was read."""
    mailbox.last_success_at = at
    mailbox.last_failure = ""
    mailbox.failures = 0
    mailbox.save(update_fields=["last_success_at", "last_failure", "failures"])


def mailbox_failed(*, mailbox: Mailbox, why: str, at: datetime) -> None:
    """Write down that a mailbox could not be read, and why."""
    mailbox.last_failure_at = at
    mailbox.last_failure = text.shorten(why, 500)
    mailbox.failures += 1
    mailbox.save(update_fields=["last_failure_at", "last_failure", "failures"])
