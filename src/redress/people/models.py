"""Who writes to the council, who may speak for them, and what must be honoured when we ring or write?

Example: Grace Okafor wants letters at 18 point; her daughter Ruth may speak for her until 16 November 2027.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import TruncDate

from redress.council.models import Council, CouncilScoped
from redress.plumbing.same_council import SameCouncil


class Contact(models.Model):
    """A person or organisation, known to one council only."""

    class Kind(models.TextChoices):
        """What the contact is to the council."""

        RESIDENT = "resident", "Resident"
        TENANT = "tenant", "Council tenant"
        LEASEHOLDER = "leaseholder", "Leaseholder"
        BUSINESS = "business", "Business"
        COUNCILLOR = "councillor", "Councillor"
        MP = "mp", "Member of Parliament"
        ADVOCATE = "advocate", "Advocate"
        SOLICITOR = "solicitor", "Solicitor"
        RELATIVE = "relative", "Relative or friend"
        ANONYMOUS = "anonymous", "Anonymous"

    class Channel(models.TextChoices):
        """How the person wants to hear from us."""

        EMAIL = "email", "E-mail"
        POST = "post", "Post"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.RESIDENT)
    title = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400, db_collation="C")
    name_keys = ArrayField(models.CharField(max_length=40), default=list)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True, db_collation="C")
    telephone = models.CharField(max_length=60, blank=True)
    telephone_key = models.CharField(max_length=30, blank=True, db_collation="C")
    address = models.TextField(blank=True)
    address_key = models.CharField(max_length=400, blank=True, db_collation="C")
    uprn = models.CharField(max_length=12, blank=True)
    prefers = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    now_part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()

    objects = CouncilScoped["Contact"].as_manager()

    class Meta:
        ordering = ("sort_key", "pk")
        indexes = (
            GinIndex(fields=("name_keys",), name="contact_name_keys"),
            models.Index(fields=("council", "email_key"), name="contact_by_email"),
            models.Index(fields=("council", "telephone_key"), name="contact_by_telephone"),
            models.Index(fields=("council", "address_key"), name="contact_by_address"),
        )
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="contact_is_of_one_council"),
            models.CheckConstraint(name="contact_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(name="uprn_is_up_to_12_digits", condition=models.Q(uprn__regex=r"^[0-9]{0,12}$")),
            SameCouncil(fields="now_part_of", name="contact_and_survivor_same_council"),
            models.CheckConstraint(
                name="no_contact_is_part_of_itself",
                condition=models.Q(now_part_of=None) | ~models.Q(now_part_of=models.F("id")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which this contact's entries stand."""
        return f"person:{self.pk}"


class Adjustment(models.Model):
    """Something that must be honoured whenever we ring, write or visit."""

    class Kind(models.TextChoices):
        """In the order in which they are shown."""

        DANGER = "danger", "Danger"
        SAFE_CONTACT = "safe-contact", "Safe contact"
        RESTRICTION = "restriction", "Contact restriction"
        ADJUSTMENT = "adjustment", "Adjustment"
        LARGE_PRINT = "large-print", "Large print"
        LANGUAGE = "language", "Language or interpreter"
        CONTACT = "contact", "How and when to contact"
        VULNERABILITY = "vulnerability", "Vulnerability"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ADJUSTMENT)
    text = models.CharField(max_length=300)
    never_by = models.CharField(
        max_length=10,
        blank=True,
        choices=[("email", "E-mail"), ("post", "Post"), ("telephone", "Telephone")],
        help_text="A way by which the person must never be reached.",
    )
    review_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects = CouncilScoped["Adjustment"].as_manager()

    class Meta:
        ordering = ("contact_id", "pk")
        constraints = (
            SameCouncil(fields="contact", name="adjustment_and_contact_same_council"),
            models.CheckConstraint(name="adjustment_says_what", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="a_restriction_is_reviewed_after_it_starts",
                condition=~models.Q(kind="restriction")
                | models.Q(review_on__isnull=False, review_on__gt=TruncDate("added_at")),
            ),
            models.CheckConstraint(
                name="adjustment_ended_at_and_by",
                condition=models.Q(ended_at=None, ended_by="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
            ),
        )

    def __str__(self) -> str:
        return self.text


class Authority(models.Model):
    """Leave for a representative to speak for a person: asked for, held, ended."""

    class Kind(models.TextChoices):
        """On what the authority rests."""

        WRITTEN = "written", "Written confirmation"
        POWER = "power-of-attorney", "Power of attorney or court order"
        PARENT = "parental", "Parental responsibility"
        ELECTED = "elected", "Elected representative"
        LEGAL = "legal", "Legal representative"
        SPOKEN = "spoken", "The person's own words by telephone, then confirmed"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="represented_by")
    representative = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="represents")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.WRITTEN)
    scope = models.CharField(max_length=300, blank=True)
    asked_on = models.DateField()
    confirmed_on = models.DateField(null=True, blank=True)
    evidence_document = models.BigIntegerField(
        null=True, blank=True, help_text="The id of the document that shows it; documents stand above people."
    )
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = CouncilScoped["Authority"].as_manager()

    class Meta:
        ordering = ("person_id", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="authority_is_of_one_council"),
            SameCouncil(fields="person", name="authority_and_person_same_council"),
            SameCouncil(fields="representative", name="authority_and_representative_same_council"),
            models.CheckConstraint(
                name="nobody_represents_themselves", condition=~models.Q(person=models.F("representative"))
            ),
            models.CheckConstraint(
                name="confirmed_authority_has_date_and_document",
                condition=models.Q(confirmed_on=None, evidence_document=None)
                | models.Q(confirmed_on__isnull=False, evidence_document__isnull=False),
            ),
            models.CheckConstraint(
                name="authority_expires_after_it_is_confirmed",
                condition=models.Q(expires_on=None)
                | models.Q(confirmed_on=None)
                | models.Q(expires_on__gt=models.F("confirmed_on")),
            ),
            models.UniqueConstraint(
                fields=("person", "representative"),
                condition=models.Q(withdrawn_on=None),
                name="one_open_authority_a_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.representative} for {self.person}"

    def held_on(self, day: object) -> bool:
        """Say whether the representative may speak for the person on that day."""
        return bool(
            self.confirmed_on is not None
            and self.confirmed_on <= day  # type: ignore[operator]
            and (self.withdrawn_on is None or self.withdrawn_on > day)  # type: ignore[operator]
            and (self.expires_on is None or self.expires_on >= day)  # type: ignore[operator]
        )


class PortalLink(models.Model):
    """A secret link to the portal that was sent to one contact for one case; only its digest is kept."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="links")
    case_reference = models.CharField(max_length=30)
    purpose = models.CharField(max_length=20, default="follow")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CouncilScoped["PortalLink"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="portal_link_is_of_one_council"),
            SameCouncil(fields="contact", name="link_and_contact_same_council"),
            models.CheckConstraint(name="link_expires", condition=models.Q(expires_at__gt=models.F("made_at"))),
        )

    def __str__(self) -> str:
        return f"link to {self.case_reference}"
