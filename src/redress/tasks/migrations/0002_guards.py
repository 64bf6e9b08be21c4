"""A task is about points of its own case: the database refuses anything else."""

from __future__ import annotations

from django.db import migrations

from redress.plumbing.across_tables import AcrossTables


class Migration(migrations.Migration):
    """Put the guard on the points of tasks."""

    dependencies = [("tasks", "0001_initial")]

    operations = [
        AcrossTables(
            name="a_task_serves_points_of_its_own_case",
            says="a task serves points of its own case",
            broken_by={
                "tasks_taskpoint": "SELECT 1 FROM tasks_taskpoint r JOIN tasks_task t ON t.id = r.task_id"
                " JOIN cases_point p ON p.id = r.point_id WHERE r.id = NEW.id AND t.case_id <> p.case_id"
            },
        )
    ]
