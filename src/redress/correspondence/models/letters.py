"""What we write: letters and e-mails, the responses among them, and the texts they are made from.

Example: the Stage 1 response of NMR-2026-0437 is drafted by Asha, passed by Carol, released, and dispatched when the
mail server has taken it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from redress.cases.models import Case, Point, Stage
from redress.council.models import Council, CouncilScoped
from redress.documents.models import Document
from redress.people.models import Contact
from redress.plumbing.same_council import SameCase, SameCouncil
from redress.staff.models import Officer


class LetterTemplate(models.Model):
    """A council's own version of a letter's text; without one the shipped text is used."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="letter_templates")
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    body = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=120)

    objects = CouncilScoped["LetterTemplate"].as_manager()

    class Meta:
        ordering = ("council_id", "kind", "-version")
        constraints = (
            models.UniqueConstraint(fields=("council", "kind", "version"), name="template_version_once"),
            models.CheckConstraint(name="a_template_says_something", condition=~Q(body="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} version {self.version}"


class Letter(models.Model):
    """One thing that we send: its words, its PDF once released, and how far it has got."""

    class Kind(models.TextChoices):
        """What the letter does; each has its required parts in the rulebook."""

        ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
        NEUTRAL = "neutral-acknowledgement", "Neutral acknowledgement"
        AUTHORITY = "authority-request", "Request for authority"
        SERVICE_REQUEST = "service-request", "Treated as a service request"
        REFUSAL = "refusal", "Refusal"
        EXTENSION = "extension", "Extension"
        HOLDING = "holding", "Holding letter"
        RESPONSE_1 = "stage-1-response", "Stage 1 response"
        RESPONSE_2 = "stage-2-response", "Stage 2 response"
        PORTAL_LINK = "portal-link", "Link to follow the case"
        OTHER = "other", "Letter or e-mail"

    class State(models.TextChoices):
        """Released is not dispatched."""

        DRAFT = "draft", "Draft"
        RELEASED = "released", "Released, not yet gone"
        ATTEMPTING = "attempting", "Being sent"
        DISPATCHED = "dispatched", "Sent"
        UNCLEAR = "unclear", "May have gone: look"
        FAILED = "failed", "Could not be sent"
        WITHDRAWN = "withdrawn", "Withdrawn before sending"

    class Channel(models.TextChoices):
        """How it goes."""

        EMAIL = "email", "E-mail"
        POST = "post", "Post"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="letters")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=40, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    to = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="letters")
    to_address = models.TextField(blank=True)
    subject = models.CharField(max_length=250)
    salutation = models.CharField(max_length=250, blank=True)
    blocks = models.JSONField(default=list)
    large_print = models.BooleanField(default=False)
    template_version = models.CharField(max_length=60, blank=True)
    starts = models.CharField(
        max_length=40, blank=True, help_text="The kind of happening that its dispatch records, if any."
    )
    starts_data = models.JSONField(default=dict, help_text="What goes with that happening: working days, reason.")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    pdf_flags = ArrayField(models.CharField(max_length=200), default=list)
    message_id = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    author = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=120, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    dispatched_by = models.CharField(max_length=120, blank=True)
    dispatched_on = models.DateField(null=True, blank=True)
    evidence = models.JSONField(default=dict)
    failure = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["Letter"].as_manager()

    class Meta:
        ordering = ("-written_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="letter_is_of_one_council"),
            models.UniqueConstraint(fields=("case", "id"), name="letter_is_of_one_case"),
            models.UniqueConstraint(fields=("message_id",), condition=~Q(message_id=""), name="letter_identity_once"),
            SameCouncil(fields="case", name="letter_and_case_same_council"),
            SameCouncil(fields="stage", name="letter_and_stage_same_council"),
            SameCase(fields="stage", name="letter_and_stage_same_case"),
            SameCouncil(fields="to", name="letter_and_contact_same_council"),
            SameCouncil(fields="document", name="letter_and_document_same_council"),
            models.CheckConstraint(
                name="released_at_and_by",
                condition=Q(released_at=None, released_by="") | (Q(released_at__isnull=False) & ~Q(released_by="")),
            ),
            models.CheckConstraint(
                name="a_released_letter_has_its_document",
                condition=Q(state__in=("draft", "withdrawn")) | Q(document__isnull=False, released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_letter_that_may_have_gone_was_attempted",
                condition=~Q(state__in=("attempting", "unclear")) | Q(attempted_at__isnull=False, attempts__gte=1),
            ),
            models.CheckConstraint(
                name="dispatched_has_date_and_evidence",
                condition=(
                    Q(state="dispatched")
                    & Q(dispatched_at__isnull=False, dispatched_on__isnull=False)
                    & ~Q(dispatched_by="")
                    & ~Q(evidence={})
                )
                | (~Q(state="dispatched") & Q(dispatched_at=None, dispatched_on=None, dispatched_by="")),
            ),
        )
        indexes = (
            models.Index(
                fields=("state", "released_at"),
                condition=Q(state__in=("released", "attempting", "unclear", "failed")),
                name="letter_on_its_way",
            ),
            models.Index(fields=("case", "-written_at"), name="letter_by_case"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def trail_stream(self) -> str:
        """A letter's entries stand in its case's chain."""
        return f"case:{self.case_id}"


class OldDate(models.Model):
    """A letter gave a date that has moved since; it is listed until somebody says what was done about it."""

    class Settled(models.TextChoices):
        """What was done about it."""

        WRITTEN = "written", "The person was told the new date"
        KEPT = "kept", "The earlier date is kept"
        NOT_GIVEN = "not-given", "The letter does not promise that date"
        MOVED_BACK = "moved-back", "The date moved back"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="old_dates")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="old_dates")
    clock = models.CharField(max_length=60)
    gave = models.DateField()
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=120)
    settled = models.CharField(max_length=20, choices=Settled.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    objects = CouncilScoped["OldDate"].as_manager()

    class Meta:
        ordering = ("case_id", "found_at", "pk")
        constraints = (
            SameCouncil(fields="case", name="old_date_and_case_same_council"),
            SameCouncil(fields="letter", name="old_date_and_letter_same_council"),
            SameCase(fields="letter", name="old_date_and_letter_same_case"),
            models.UniqueConstraint(
                fields=("letter", "clock", "gave"),
                condition=Q(settled_at=None),
                name="an_old_date_is_listed_once_a_letter",
            ),
            models.CheckConstraint(
                name="an_old_date_is_settled_by_somebody_in_some_way",
                condition=Q(settled_at=None, settled_by="", settled="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="") & ~Q(settled="")),
            ),
        )
        indexes = (models.Index(fields=("case",), condition=Q(settled_at=None), name="old_date_open_by_case"),)

    def __str__(self) -> str:
        return f"{self.letter_id} gave {self.gave}"


class Response(models.Model):
    """The answer of a stage: which points it answers, its own words, and who wrote it."""

    class State(models.TextChoices):
        """From draft to gone."""

        DRAFT = "draft", "Being written"
        WITH_CHECKER = "with-checker", "With the checker"
        RETURNED = "returned", "Returned for changes"
        PASSED = "passed", "Passed, not yet released"
        RELEASED = "released", "Released"
        SENT = "sent", "Sent"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="response")
    letter = models.OneToOneField(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="response")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="responses")
    understanding = models.TextField(blank=True)
    how_looked_into = models.TextField(blank=True)
    adjustments_considered = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    blocks = models.JSONField(default=list)
    checked_digest = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    writers = ArrayField(models.BigIntegerField(), default=list, help_text="The officers who wrote any of it.")
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["Response"].as_manager()

    class Meta:
        ordering = ("stage_id",)
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="response_is_of_one_council"),
            SameCouncil(fields="stage", name="response_and_stage_same_council"),
            SameCouncil(fields="letter", name="response_and_letter_same_council"),
            models.CheckConstraint(
                name="a_released_response_has_its_letter",
                condition=~Q(state__in=("released", "sent")) | Q(letter__isnull=False),
            ),
            models.CheckConstraint(
                name="a_passed_response_is_fixed",
                condition=Q(state__in=("draft", "returned")) | ~Q(checked_digest=""),
            ),
        )

    def __str__(self) -> str:
        return f"response of {self.stage}"


class ResponsePoint(models.Model):
    """A (stage, point) pair that a response answers; it may lie in a linked case of the same council."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="+")

    objects = CouncilScoped["ResponsePoint"].as_manager()

    class Meta:
        ordering = ("response_id", "stage_id", "point__number")
        constraints = (
            models.UniqueConstraint(fields=("stage", "point"), name="a_stage_answers_a_point_once"),
            SameCouncil(fields="response", name="response_point_and_response_same_council"),
            SameCouncil(fields="stage", name="response_point_and_stage_same_council"),
            SameCouncil(fields="point", name="response_point_and_point_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.point}"
