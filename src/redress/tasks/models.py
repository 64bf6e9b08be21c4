"""What was asked of a service, by when, and what did it answer?

Example: Waste operations are asked for the round sheets for points 1 and 3 by 18 November 2026.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from redress.cases.models import Case, Point
from redress.council.models import Council, CouncilScoped, Service
from redress.plumbing.same_council import SameCouncil


class Task(models.Model):
    """One question to one service about some points of a case."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="tasks")
    question = models.TextField()
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    later_on = models.DateField(null=True, blank=True, help_text="The day by which the service says that it can.")
    later_reason = models.CharField(max_length=300, blank=True)
    not_ours = models.CharField(max_length=300, blank=True, help_text="Whose it is, where the service says not its.")
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["Task"].as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="task_is_of_one_council"),
            SameCouncil(fields="case", name="task_and_case_same_council"),
            SameCouncil(fields="service", name="task_and_service_same_council"),
            models.CheckConstraint(name="a_task_asks_something", condition=~Q(question="")),
            models.CheckConstraint(
                name="task_answered_at_and_by",
                condition=Q(answered_at=None, answered_by="", answer="")
                | (Q(answered_at__isnull=False) & ~Q(answered_by="") & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="a_later_day_has_a_reason",
                condition=Q(later_on=None, later_reason="") | (Q(later_on__isnull=False) & ~Q(later_reason="")),
            ),
            models.CheckConstraint(
                name="task_withdrawn_at_and_by",
                condition=Q(withdrawn_at=None, withdrawn_by="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} by {self.due_on}"


class TaskPoint(models.Model):
    """A point that a task serves."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="points")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="tasks")

    objects = CouncilScoped["TaskPoint"].as_manager()

    class Meta:
        ordering = ("task_id", "point__number")
        constraints = (
            models.UniqueConstraint(fields=("task", "point"), name="point_once_a_task"),
            SameCouncil(fields="task", name="task_point_and_task_same_council"),
            SameCouncil(fields="point", name="task_point_and_point_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.point}"
