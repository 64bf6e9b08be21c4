"""What came in: receipts kept as they were received, and the messages that they are.

Example: two copies of one e-mail are two receipts and one message; a portal form and a telephone note are messages too,
so that one queue shows everything that came in.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from redress.cases.models import Case, Channel
from redress.council.models import Council, CouncilScoped, Mailbox
from redress.documents.models import Document
from redress.people.models import Contact
from redress.plumbing.same_council import SameCouncil
from redress.staff.models import Officer


class Message(models.Model):
    """One contact from outside, whatever its channel."""

    class Kind(models.TextChoices):
        """What the message is, by its form."""

        NEW = "new", "New"
        REPLY = "reply", "Reply"
        AUTO_REPLY = "auto-reply", "Automatic reply"
        BOUNCE = "bounce", "Undelivered"
        UNREADABLE = "unreadable", "Could not be read"

    class State(models.TextChoices):
        """Where it stands in the intake queue."""

        TO_LOG = "to-log", "To log"
        TO_READ = "to-read", "A reply to be read"
        ON_CASE = "on-case", "On a case"
        SET_ASIDE = "set-aside", "Set aside"
        NO_ACTION = "no-action", "Nothing to log"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NEW)
    state = models.CharField(max_length=20, choices=State.choices, default=State.TO_LOG)
    message_id = models.TextField(blank=True)
    identity = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    from_name = models.CharField(max_length=300, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    to = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    new_text = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    faults = ArrayField(models.CharField(max_length=200), default=list)
    same_identity_other_text = models.BooleanField(default=False)
    references = ArrayField(models.TextField(), default=list)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    unconfirmed_sender = models.BooleanField(default=False)
    answers = models.JSONField(default=dict, help_text="A form's answers by question, where it came by the portal.")
    claimed_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=120, blank=True)
    handled_because = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["Message"].as_manager()

    class Meta:
        ordering = ("received_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="message_is_of_one_council"),
            models.UniqueConstraint(
                fields=("council", "identity"), condition=~Q(identity=""), name="message_once_a_council"
            ),
            SameCouncil(fields="contact", name="message_and_contact_same_council"),
            SameCouncil(fields="case", name="message_and_case_same_council"),
            models.CheckConstraint(
                name="message_on_a_case_names_it", condition=~Q(state="on-case") | Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="set_aside_has_a_reason", condition=~Q(state="set-aside") | ~Q(handled_because="")
            ),
            models.CheckConstraint(
                name="claimed_at_and_by",
                condition=Q(claimed_at=None, claimed_by=None) | Q(claimed_at__isnull=False, claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="handled_at_and_by",
                condition=Q(handled_at=None, handled_by="") | (Q(handled_at__isnull=False) & ~Q(handled_by="")),
            ),
        )
        indexes = (
            models.Index(fields=("council", "received_on", "id"), condition=Q(state="to-log"), name="message_to_log"),
            models.Index(fields=("case", "received_at"), name="message_by_case"),
            models.Index(fields=("council", "message_id"), name="message_by_message_id"),
        )

    def __str__(self) -> str:
        return self.subject or f"message {self.pk}"

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which this message's entries stand."""
        return f"message:{self.pk}"


class Receipt(models.Model):
    """One arrival of bytes, kept before anything else is tried; never changed."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="receipts")
    mailbox = models.ForeignKey(Mailbox, null=True, blank=True, on_delete=models.PROTECT, related_name="receipts")
    source = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()

    objects = CouncilScoped["Receipt"].as_manager()

    class Meta:
        ordering = ("received_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="receipt_is_of_one_council"),
            SameCouncil(fields="mailbox", name="receipt_and_mailbox_same_council"),
            models.CheckConstraint(name="receipt_digest_is_shaped", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        )
        indexes = (models.Index(fields=("council", "sha256"), name="receipt_by_digest"),)

    def __str__(self) -> str:
        return self.source


class ReceiptOf(models.Model):
    """Which message a receipt turned out to be; a receipt without one has not been taken apart yet."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="read_as")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    duplicate = models.BooleanField(default=False)

    objects = CouncilScoped["ReceiptOf"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            SameCouncil(fields="receipt", name="receipt_of_and_receipt_same_council"),
            SameCouncil(fields="message", name="receipt_of_and_message_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.receipt} is {self.message}"


class Attachment(models.Model):
    """A file that came with a message."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="came_with")
    position = models.PositiveSmallIntegerField()
    inline = models.BooleanField(default=False)

    objects = CouncilScoped["Attachment"].as_manager()

    class Meta:
        ordering = ("message_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("message", "position"), name="attachment_position_once"),
            SameCouncil(fields="message", name="attachment_and_message_same_council"),
            SameCouncil(fields="document", name="attachment_and_document_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.document}"


class ReplyToken(models.Model):
    """A random word by which a reply finds its case: one per correspondent and case."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reply_tokens")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="reply_tokens")
    token = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()

    objects = CouncilScoped["ReplyToken"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("case", "contact"), name="reply_token_once_a_correspondent_and_case"),
            SameCouncil(fields="case", name="reply_token_and_case_same_council"),
            SameCouncil(fields="contact", name="reply_token_and_contact_same_council"),
        )

    def __str__(self) -> str:
        return self.token


class AutomaticAcknowledgement(models.Model):
    """That a sender was told automatically, at most once a day."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    address_key = models.CharField(max_length=320, db_collation="C")
    on = models.DateField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    our_identity = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=20, default="queued")
    evidence = models.JSONField(default=dict)

    objects = CouncilScoped["AutomaticAcknowledgement"].as_manager()

    class Meta:
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("council", "address_key", "on"), name="automatic_acknowledgement_once_a_sender_and_day"
            ),
            SameCouncil(fields="message", name="automatic_acknowledgement_and_message_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.address_key} on {self.on}"


class FormDraft(models.Model):
    """A portal form that somebody began; found again by a secret link, kept until it expires."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    link_digest = models.CharField(max_length=64, blank=True, help_text="Of the link that was sent to come back by.")
    answers = models.JSONField(default=dict)
    documents = ArrayField(models.BigIntegerField(), default=list)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CouncilScoped["FormDraft"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="form_is_of_one_council"),
            models.UniqueConstraint(fields=("council", "id"), name="draft_is_of_one_council"),
            SameCouncil(fields="sent_case", name="draft_and_case_same_council"),
            models.CheckConstraint(name="a_form_expires", condition=Q(expires_at__gt=F("begun_at"))),
            models.UniqueConstraint(fields=("link_digest",), condition=~Q(link_digest=""), name="form_link_once"),
        )

    def __str__(self) -> str:
        return f"form begun {self.begun_at}"

    @property
    def trail_stream(self) -> str:
        """A form's entries stand in a chain of their own, since no case exists yet."""
        return f"form:{self.pk}"
