"""A released letter is frozen: the database itself refuses to change its words, its PDF or its identity."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed

FROZEN = (
    *("case_id", "to_id", "kind", "subject", "salutation", "blocks", "document_id", "message_id"),
    *("starts", "starts_data", "released_at", "released_by"),
)


def row(which: str) -> str:
    """Write the frozen columns of a row as one value."""
    return f"({', '.join(f'{which}.{column}' for column in FROZEN)})"


class Migration(migrations.Migration):
    """Put the guard on the letters."""

    dependencies = [("access", "0001_initial"), ("correspondence", "0001_initial")]

    operations = [
        Fixed(
            "correspondence_letter",
            name="a_released_letter_is_frozen",
            says="this letter was released and is frozen",
            once="OLD.released_at IS NOT NULL",
            unless=f"{row('NEW')} IS NOT DISTINCT FROM {row('OLD')}",
        )
    ]
