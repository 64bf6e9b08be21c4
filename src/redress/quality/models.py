"""Who checked a response, against which words, and what did they say?

Example: Carol Whitfield passed the Stage 1 response of NMR-2026-0437, seven parts ticked, on 24 November 2026.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from redress.correspondence.models import Response
from redress.council.models import Council, CouncilScoped
from redress.plumbing.same_council import SameCouncil
from redress.staff.models import Officer


class Check(models.Model):
    """One round of checking: opened, then passed or returned; the checker is never the author."""

    class State(models.TextChoices):
        """How the round ended."""

        OPEN = "open", "To check"
        PASSED = "passed", "Passed"
        RETURNED = "returned", "Returned for changes"
        TAKEN_BACK = "taken-back", "Taken back by the author"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="checks")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="checks_asked")
    asked_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    checker = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="checks_made")
    parts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    remark = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CouncilScoped["Check"].as_manager()

    class Meta:
        ordering = ("response_id", "-round")
        constraints = (
            models.UniqueConstraint(fields=("response", "round"), name="check_round_once_a_response"),
            models.UniqueConstraint(fields=("response",), condition=Q(state="open"), name="one_open_check_a_response"),
            SameCouncil(fields="response", name="check_and_response_same_council"),
            models.CheckConstraint(
                name="the_checker_is_not_the_author", condition=Q(checker=None) | ~Q(checker=F("author"))
            ),
            models.CheckConstraint(
                name="nobody_is_asked_to_check_their_own", condition=Q(asked_of=None) | ~Q(asked_of=F("author"))
            ),
            models.CheckConstraint(
                name="an_ended_check_says_when_and_by_whom",
                condition=Q(state="open", ended_at=None, checker=None)
                | Q(state="taken-back", ended_at__isnull=False)
                | Q(state__in=("passed", "returned"), ended_at__isnull=False, checker__isnull=False),
            ),
            models.CheckConstraint(
                name="a_return_says_why", condition=~Q(state="returned") | ~Q(remark="") | ~Q(remarks=[])
            ),
        )

    def __str__(self) -> str:
        return f"check {self.round} of {self.response}"
