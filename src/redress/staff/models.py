"""Who works here, in which role for which council, who is away and who covers?

Example: Asha Mehta is a complaints officer of Northmere and of Eastvale; Tom Ashdown is away until Wednesday and
Asha covers for him.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from redress.access.roles import Role
from redress.council.models import Council, CouncilScoped, Service
from redress.plumbing.same_council import SameCouncil


class OfficerManager(BaseUserManager["Officer"]):
    """Makes officers; nobody is made a member of anything by being made."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Officer:
        """Add an officer who signs in with this e-mail address."""
        officer = self.model(email=self.normalize_email(email).lower(), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer

    def get_by_natural_key(self, username: str | None) -> Officer:
        """Find an officer by address, whatever its case."""
        return self.get(email=(username or "").lower())


class Officer(AbstractBaseUser):
    """A person who signs in to the desk."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    level = models.CharField(max_length=1, blank=True)

    objects = OfficerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(name="officer_email_is_lower_case", condition=models.Q(email=Lower("email"))),
            models.CheckConstraint(name="officer_has_a_name", condition=~models.Q(name="")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which this officer's entries stand."""
        return f"staff:{self.pk}"

    @property
    def council_ids(self) -> tuple[int, ...]:
        """Give the councils for which the officer works, for the permission that steps check."""
        return tuple(self.memberships.order_by("council_id").values_list("council_id", flat=True).distinct())

    @property
    def initials(self) -> str:
        """Say the first letters of the first and last names, for the corner of the desk."""
        parts = self.name.split()
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


class Membership(models.Model):
    """A role that an officer holds at a council; a person may hold several."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="memberships")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = CouncilScoped["Membership"].as_manager()

    class Meta:
        ordering = ("council_id", "officer_id", "role", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "officer", "role"), name="role_held_once_a_council"),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(
                name="membership_role_is_known", condition=models.Q(role__in=[role.value for role in Role])
            ),
            SameCouncil(fields="service", name="membership_and_service_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.officer} as {self.role}"


class SignInLink(models.Model):
    """A link with which an officer chooses their password, once and within a day; only its digest is kept."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("officer",),
                condition=models.Q(used_at=None, ended_at=None),
                name="officer_has_one_open_sign_in_link",
            ),
            models.CheckConstraint(name="sign_in_link_expires", condition=models.Q(expires_at__gt=models.F("made_at"))),
            models.CheckConstraint(
                name="sign_in_link_is_used_or_ended", condition=models.Q(used_at=None) | models.Q(ended_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"link for {self.officer}"

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which the officer's entries stand."""
        return f"staff:{self.officer_id}"


class Absence(models.Model):
    """Days on which an officer is away, and who covers."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cover = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="covering")
    reason = models.CharField(max_length=60, default="leave")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="absence_ends_not_before_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="nobody_covers_for_themselves",
                condition=models.Q(cover=None) | ~models.Q(cover=models.F("officer")),
            ),
            models.CheckConstraint(
                name="absence_cancelled_at_and_by",
                condition=models.Q(cancelled_at=None, cancelled_by=None)
                | models.Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer} away {self.starts_on} to {self.ends_on}"


class Notice(models.Model):
    """Something that an officer was told once: a reminder, a hand-over, a late case."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="notices")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=200, unique=True)
    case_reference = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=500)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = CouncilScoped["Notice"].as_manager()

    class Meta:
        ordering = ("-told_at", "-pk")
        indexes = (models.Index(fields=("officer", "-told_at"), name="notice_by_officer"),)

    def __str__(self) -> str:
        return self.text
