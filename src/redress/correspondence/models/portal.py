"""Which links were asked for, and which e-mails of the portal's own went out?

A link is a secret: it is made at the moment of sending and only its digest is kept, so these e-mails are not letters,
whose words are kept for ever.

Example: Dev asked for his link at 9:02am; the e-mail with it went at 9:03am.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from redress.cases.models import Case
from redress.correspondence.models.arrivals import FormDraft
from redress.council.models import Council, CouncilScoped
from redress.people.models import Contact, PortalLink
from redress.plumbing.same_council import SameCouncil


class LinkAsk(models.Model):
    """Somebody asked for a link; whether there is anything to send is looked up later, where nobody can time it."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254)
    address_key = models.CharField(max_length=254, db_collation="C")
    reference = models.CharField(max_length=30, blank=True)
    origin = models.CharField(max_length=64, blank=True, help_text="A keyed digest of where it came from.")
    site = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CouncilScoped["LinkAsk"].as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("council", "address_key", "asked_at"), name="link_ask_by_address"),
            models.Index(fields=("origin", "asked_at"), name="link_ask_by_origin"),
        )

    def __str__(self) -> str:
        return f"link asked for at {self.asked_at}"

    @property
    def trail_stream(self) -> str:
        """An ask's entries stand in a chain of their own: nobody waits for a stranger who asks often."""
        return f"ask:{self.pk}"


class PortalMail(models.Model):
    """An e-mail of the portal's own: a link to follow a case, that a complaint arrived, or the way back to a form."""

    class Kind(models.TextChoices):
        """What it says."""

        FOLLOW = "follow", "Link to follow the case"
        CONFIRMATION = "confirmation", "That the complaint arrived, with the link"
        FORM = "form", "The way back to a form"

    class State(models.TextChoices):
        """How far it has got."""

        QUEUED = "queued", "To be sent"
        ATTEMPTING = "attempting", "Being sent"
        SENT = "sent", "Sent"
        UNCLEAR = "unclear", "May have gone"
        FAILED = "failed", "Could not be sent"
        BLOCKED = "blocked", "Not sent: the person must not be reached by e-mail"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="portal_mails")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="portal_mails")
    draft = models.ForeignKey(FormDraft, null=True, blank=True, on_delete=models.PROTECT, related_name="portal_mails")
    link = models.ForeignKey(PortalLink, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_address = models.EmailField(max_length=254)
    site = models.CharField(max_length=200)
    our_identity = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    evidence = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    objects = CouncilScoped["PortalMail"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            SameCouncil(fields="case", name="portal_mail_and_case_same_council"),
            SameCouncil(fields="contact", name="portal_mail_and_contact_same_council"),
            SameCouncil(fields="draft", name="portal_mail_and_draft_same_council"),
            SameCouncil(fields="link", name="portal_mail_and_link_same_council"),
            models.CheckConstraint(
                name="portal_mail_is_about_a_case_or_a_form",
                condition=Q(case__isnull=False, contact__isnull=False) | Q(draft__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def trail_stream(self) -> str:
        """Its entries stand in the chain of its case, else of its form."""
        return f"case:{self.case_id}" if self.case_id is not None else f"form:{self.draft_id}"
