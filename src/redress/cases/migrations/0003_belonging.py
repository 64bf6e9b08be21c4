"""What of a case never changes, and what may never lie in two cases, the database refuses by itself."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed, Protect
from redress.plumbing.across_tables import AcrossTables

STAGE_AND_POINT_APART = (
    "SELECT 1 FROM {table} r JOIN cases_stage s ON s.id = r.stage_id JOIN cases_point p ON p.id = r.point_id"
    " WHERE r.id = NEW.id AND s.case_id <> p.case_id"
)

OPEN_STAGE_OF_CLOSED_CASE = (
    "SELECT 1 FROM cases_case c JOIN cases_stage s ON s.case_id = c.id"
    " WHERE c.id = {case} AND c.closed_at IS NOT NULL AND s.ended_at IS NULL"
)


class Migration(migrations.Migration):
    """Put the guards on the case, its stages, points and findings."""

    dependencies = [("access", "0001_initial"), ("cases", "0002_guards")]

    operations = [
        Protect("cases_happening"),
        Protect("cases_note"),
        Protect("cases_pointwording"),
        Fixed(
            "cases_case",
            name="a_reference_never_changes",
            says="a case keeps its reference and its council",
            unless="(NEW.reference, NEW.council_id) = (OLD.reference, OLD.council_id)",
        ),
        AcrossTables(
            name="a_stage_looks_at_points_of_its_own_case",
            says="a stage looks at points of its own case",
            broken_by={"cases_stagepoint": STAGE_AND_POINT_APART.format(table="cases_stagepoint")},
        ),
        AcrossTables(
            name="a_finding_is_on_a_point_of_its_own_case",
            says="a finding is on a point of its own case",
            broken_by={"cases_finding": STAGE_AND_POINT_APART.format(table="cases_finding")},
        ),
        AcrossTables(
            name="a_closed_case_has_no_open_stage",
            says="a closed case has no open stage",
            broken_by={
                "cases_case": OPEN_STAGE_OF_CLOSED_CASE.format(case="NEW.id"),
                "cases_stage": OPEN_STAGE_OF_CLOSED_CASE.format(case="NEW.case_id"),
            },
        ),
    ]
