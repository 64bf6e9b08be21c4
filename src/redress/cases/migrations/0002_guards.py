"""A finding that was sent is fixed: the database itself refuses to change it."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed


class Migration(migrations.Migration):
    """Put the guard on the findings."""

    dependencies = [("access", "0001_initial"), ("cases", "0001_initial")]

    operations = [
        Fixed(
            "cases_finding",
            name="a_sent_finding_is_fixed",
            says="this finding went out with its answer and is fixed",
            once="OLD.fixed_at IS NOT NULL",
        )
    ]
