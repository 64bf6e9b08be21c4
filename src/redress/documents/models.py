"""Which files belong to a case, what are their digests, and were they scanned?

Example: a photograph of a bin, 214 KB, from Mrs Okafor by the portal, scanned and clean.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from redress.cases.models import Case, Point
from redress.council.models import Council, CouncilScoped
from redress.people.models import Contact
from redress.plumbing.same_council import SameCase, SameCouncil


class Document(models.Model):
    """A file as it was received or made; never changed, its bytes found by their digest."""

    class Source(models.TextChoices):
        """Where it came from."""

        RECEIVED = "received", "Received"
        UPLOADED = "uploaded", "Uploaded by the person"
        ADDED = "added", "Added by an officer"
        MADE = "made", "Made by us"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    source = models.CharField(max_length=20, choices=Source.choices)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    refused_because = models.CharField(max_length=300, blank=True)
    shared_with_person = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    objects = CouncilScoped["Document"].as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="document_is_of_one_council"),
            SameCouncil(fields="case", name="document_and_case_same_council"),
            SameCouncil(fields="contact", name="document_and_contact_same_council"),
            models.CheckConstraint(name="document_digest_is_shaped", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        )
        indexes = (models.Index(fields=("case", "-added_at"), name="document_by_case"),)

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """What the virus scanner said of a document; the newest stands."""

    class Result(models.TextChoices):
        """Held until it is clean."""

        CLEAN = "clean", "Scanned, clean"
        INFECTED = "infected", "A virus was found"
        NOT_SCANNED = "not-scanned", "Not scanned"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="scans")
    result = models.CharField(max_length=20, choices=Result.choices)
    detail = models.CharField(max_length=300, blank=True)
    scanned_at = models.DateTimeField()

    objects = CouncilScoped["Scan"].as_manager()

    class Meta:
        ordering = ("document_id", "-scanned_at", "-pk")
        constraints = (SameCouncil(fields="document", name="scan_and_document_same_council"),)

    def __str__(self) -> str:
        return self.result


class Placement(models.Model):
    """A received document placed on a case later on, since documents themselves never change."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="placements")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="placements")
    point = models.ForeignKey(Point, null=True, blank=True, on_delete=models.PROTECT, related_name="placements")
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=120)

    objects = CouncilScoped["Placement"].as_manager()

    class Meta:
        ordering = ("case_id", "-placed_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("document", "case"), name="document_placed_once_a_case"),
            SameCouncil(fields="document", name="placement_and_document_same_council"),
            SameCouncil(fields="case", name="placement_and_case_same_council"),
            SameCouncil(fields="point", name="placement_and_point_same_council"),
            SameCase(fields="point", name="placement_and_point_same_case"),
        )

    def __str__(self) -> str:
        return f"{self.document} on {self.case}"
