"""What did we promise, who does it, by when, and is it done?

Example: an apology from the Head of Waste to Mrs Okafor by 27 November 2026, for point 2.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from redress.cases.models import Case, Finding
from redress.council.models import Council, CouncilScoped
from redress.documents.models import Document
from redress.plumbing.same_council import SameCouncil
from redress.staff.models import Officer


class Remedy(models.Model):
    """One thing that will be done to put a point right; open until it is done with evidence or replaced."""

    class Kind(models.TextChoices):
        """The eight kinds of both Codes (7.1)."""

        APOLOGY = "apology", "Apology"
        ACKNOWLEDGE = "acknowledge", "Acknowledging what went wrong"
        EXPLAIN = "explain", "Explanation, help or reasons"
        ACT = "act", "Action where there was delay"
        RECONSIDER = "reconsider", "Reconsidering or changing a decision"
        RECORD = "record", "Changing or adding to a record"
        PAYMENT = "payment", "Payment"
        POLICY = "policy", "Changing policy, procedure or practice"

    class State(models.TextChoices):
        """A promise is one from the day the answer went."""

        PROPOSED = "proposed", "In the draft answer"
        PROMISED = "promised", "Promised"
        DONE = "done", "Done"
        REPLACED = "replaced", "Replaced by another"
        DROPPED = "dropped", "Dropped before the answer went"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="remedies")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROPOSED)
    text = models.TextField()
    owner = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    due_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    cost_centre = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)
    evidence_text = models.TextField(blank=True)
    evidence = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    proposed_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement")
    replaced_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["Remedy"].as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="remedy_is_of_one_council"),
            SameCouncil(fields="case", name="remedy_and_case_same_council"),
            SameCouncil(fields="finding", name="remedy_and_finding_same_council"),
            SameCouncil(fields="evidence", name="remedy_and_evidence_same_council"),
            models.CheckConstraint(name="a_remedy_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_payment_has_an_amount",
                condition=(
                    Q(kind="payment")
                    & (Q(amount__isnull=False, amount__gt=0) | Q(amount=None, state__in=("proposed", "dropped")))
                )
                | (~Q(kind="payment") & Q(amount=None)),
            ),
            models.CheckConstraint(
                name="a_promise_has_an_owner_and_a_date",
                condition=Q(state__in=("proposed", "dropped")) | Q(owner__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_promise_says_since_when",
                condition=Q(state__in=("proposed", "dropped"), promised_at=None)
                | Q(state__in=("promised", "done", "replaced"), promised_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_money_is_approved", condition=Q(approved_by="") | Q(amount__isnull=False)
            ),
            models.CheckConstraint(
                name="a_replaced_promise_says_why", condition=~Q(state="replaced") | ~Q(replaced_because="")
            ),
            SameCouncil(fields="replaces", name="remedy_and_replaced_same_council"),
            models.CheckConstraint(
                name="money_promised_has_an_approver",
                condition=Q(amount=None) | ~Q(state__in=("promised", "done")) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="remedy_approved_at_and_by",
                condition=Q(approved_at=None, approved_by="") | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="done_has_a_date_a_person_and_evidence",
                condition=(
                    Q(state="done")
                    & Q(done_on__isnull=False, done_at__isnull=False)
                    & ~Q(done_by="")
                    & (~Q(evidence_text="") | Q(evidence__isnull=False))
                )
                | (~Q(state="done") & Q(done_on=None, done_at=None, done_by="")),
            ),
        )
        indexes = (
            models.Index(fields=("owner", "due_on", "id"), condition=Q(state="promised"), name="promise_open_by_owner"),
        )

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def trail_stream(self) -> str:
        """A remedy's entries stand in its case's chain."""
        return f"case:{self.case_id}"
