"""A promise is kept or replaced, never forgotten: the database refuses anything else."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed
from redress.plumbing.across_tables import AcrossTables


class Migration(migrations.Migration):
    """Put the guards on remedies, and on the case that closes while one is open."""

    dependencies = [
        ("access", "0001_initial"),
        ("learning", "0001_initial"),
        ("cases", "0003_belonging"),
    ]

    operations = [
        Fixed(
            "learning_remedy",
            name="a_promise_is_kept_or_replaced",
            says="what was promised to a person is kept or replaced, and its words stand",
            once="OLD.state IN ('promised', 'done', 'replaced')",
            unless="(NEW.case_id, NEW.finding_id, NEW.kind, NEW.text, NEW.amount, NEW.promised_at)"
            " IS NOT DISTINCT FROM"
            " (OLD.case_id, OLD.finding_id, OLD.kind, OLD.text, OLD.amount, OLD.promised_at)"
            " AND (NEW.state = OLD.state OR (OLD.state = 'promised' AND NEW.state IN ('done', 'replaced')))",
        ),
        AcrossTables(
            name="a_remedy_is_for_a_finding_of_its_own_case",
            says="a remedy is for a finding of its own case",
            broken_by={
                "learning_remedy": "SELECT 1 FROM learning_remedy r JOIN cases_finding f ON f.id = r.finding_id"
                " JOIN cases_stage s ON s.id = f.stage_id WHERE r.id = NEW.id AND s.case_id <> r.case_id"
            },
        ),
        AcrossTables(
            name="a_case_stays_open_while_a_promise_is",
            says="a case stays open while something promised is not done",
            broken_by={
                "cases_case": "SELECT 1 FROM cases_case c JOIN learning_remedy r ON r.case_id = c.id"
                " WHERE c.id = NEW.id AND c.closed_at IS NOT NULL AND r.state = 'promised'"
            },
        ),
    ]
