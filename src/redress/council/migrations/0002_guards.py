"""A council's own edition is fixed once it is approved; until it takes effect it can be withdrawn, whole."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed

FROZEN = (
    *("council_id", "procedure", "edition_id", "based_on", "in_force_from", "text", "why", "version", "drafter"),
    *("writers", "drafted_at", "drafted_by", "changed_at", "changed_by", "tried_at", "tried_by", "tried_digest"),
    *("tried_cases", "tried_late_then", "tried_late_under", "approver", "approved_at", "approved_by"),
)


def row(which: str) -> str:
    """Write the frozen columns of a row as one value."""
    return f"({', '.join(f'{which}.{column}' for column in FROZEN)})"


class Migration(migrations.Migration):
    """Put the guard on councils' own editions."""

    dependencies = [("access", "0001_initial"), ("council", "0001_initial")]

    operations = [
        Fixed(
            "council_localedition",
            name="an_approved_edition_is_fixed",
            says="this edition was decided on and is fixed",
            once="OLD.state <> 'draft'",
            unless=f"OLD.state = 'approved' AND NEW.state = 'withdrawn' AND {row('NEW')} IS NOT DISTINCT FROM"
            f" {row('OLD')} AND (NEW.ended_at AT TIME ZONE 'Europe/London')::date < OLD.in_force_from",
        )
    ]
