"""Which councils are served, and what does each decide for itself?

Example: Northmere Borough Council has the code ``northmere``, the prefix ``NMR``, a waste service, a category
"Missed collection" and has adopted ``corporate-complaint`` from 1 April 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from redress.plumbing.same_council import SameCouncil
from redress.rulebook.calendar import DIVISIONS

if TYPE_CHECKING:
    from redress.access.actor import Actor

M = TypeVar("M", bound=models.Model)


class CouncilScoped(models.QuerySet[M]):
    """Rows that belong to one council; every read starts from ``visible_to``."""

    def visible_to(self, viewer: Actor) -> CouncilScoped[M]:
        """Keep the rows of the councils with which the viewer has business: the timetable and commands serve all.

        A resident sees none: what they see is asked for by their own case, by queries of its own.
        """
        if viewer.everywhere:
            return self.all()
        if viewer.kind == "resident":
            return self.none()
        return self.filter(council_id__in=viewer.council_ids)


class CouncilQuerySet(models.QuerySet["Council"]):
    """Councils; a viewer sees those in which they have a role."""

    def visible_to(self, viewer: Actor) -> CouncilQuerySet:
        """Keep the councils in which the viewer has a role; the timetable and commands serve all."""
        if viewer.everywhere:
            return self.all()
        if viewer.kind == "resident":
            return self.filter(pk=viewer.council_id or 0)
        return self.filter(pk__in=viewer.council_ids)


class Council(models.Model):
    """One data controller: its name, brand, dates and ways to be reached."""

    shared_by_steps = True

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=5, unique=True)
    accent = models.CharField(max_length=7, default="#14575c")
    logo_svg = models.TextField(blank=True)
    address = models.TextField()
    telephone = models.CharField(max_length=40)
    email = models.EmailField()
    web = models.CharField(max_length=200, blank=True)
    opening_hours = models.CharField(max_length=200, blank=True)
    exists_from = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    critically_overdue_after = models.PositiveSmallIntegerField(default=5)
    due_soon_within = models.PositiveSmallIntegerField(default=2)
    literal_response_start = models.BooleanField(default=False)
    closures_count = models.BooleanField(default=False)
    receipt_rolls_forward = models.BooleanField(default=False)
    spending_limit_officer = models.DecimalField(max_digits=10, decimal_places=2, default=100)
    remind_before = models.PositiveSmallIntegerField(
        default=2, help_text="How many working days before the due date the holder is reminded; 0 for not at all."
    )
    remind_on_the_day = models.BooleanField(default=True)
    link_days = models.PositiveSmallIntegerField(default=30)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="council_code_is_shaped", condition=models.Q(code__regex=r"^[a-z][a-z0-9-]{1,38}$")
            ),
            models.CheckConstraint(name="council_prefix_is_shaped", condition=models.Q(prefix__regex=r"^[A-Z]{2,5}$")),
            models.CheckConstraint(
                name="council_accent_is_a_colour", condition=models.Q(accent__regex=r"^#[0-9a-f]{6}$")
            ),
            models.CheckConstraint(
                name="council_ends_after_it_begins",
                condition=models.Q(ends_on=None)
                | models.Q(exists_from=None)
                | models.Q(ends_on__gt=models.F("exists_from")),
            ),
            models.CheckConstraint(
                name="no_council_succeeds_itself",
                condition=models.Q(successor=None) | ~models.Q(successor=models.F("id")),
            ),
            models.CheckConstraint(name="a_link_lasts_a_day_at_least", condition=models.Q(link_days__gte=1)),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def council_id(self) -> int:
        """Answer its own id, so that a council can stand as a step's subject like any other record."""
        return self.pk

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which this council's entries stand."""
        return f"council:{self.pk}"


class Directorate(models.Model):
    """A part of the council that holds services."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer offered.")

    objects = CouncilScoped["Directorate"].as_manager()

    class Meta:
        ordering = ("council_id", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="directorate_is_of_one_council"),
            models.UniqueConstraint(fields=("council", "name"), name="directorate_name_once_a_council"),
        )

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What the council provides and people complain about; asked to answer points.

    Manager and deputy stand as numbers of officers, because staff stands above councils.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="services")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    lgsl = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    landlord = models.BooleanField(default=False)
    manager = models.BigIntegerField(null=True, blank=True, help_text="The officer who answers for it.")
    deputy = models.BigIntegerField(null=True, blank=True, help_text="The officer who answers for it beside them.")
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer offered.")

    objects = CouncilScoped["Service"].as_manager()

    class Meta:
        ordering = ("council_id", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="service_is_of_one_council"),
            models.UniqueConstraint(fields=("council", "name"), name="service_name_once_a_council"),
            models.CheckConstraint(
                name="nobody_is_their_own_deputy",
                condition=models.Q(manager=None) | models.Q(deputy=None) | ~models.Q(deputy=models.F("manager")),
            ),
            SameCouncil(fields="directorate", name="service_and_directorate_same_council"),
        )

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """What a complaint is about, for lists and learning."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="categories")
    name = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer offered.")

    objects = CouncilScoped["Category"].as_manager()

    class Meta:
        ordering = ("council_id", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="category_is_of_one_council"),
            models.UniqueConstraint(fields=("council", "name"), name="category_name_once_a_council"),
        )

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A day on which the council's offices are closed; counts only where the authority allows."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="closures")
    on = models.DateField()
    reason = models.CharField(max_length=200)

    objects = CouncilScoped["Closure"].as_manager()

    class Meta:
        ordering = ("council_id", "on")
        constraints = (models.UniqueConstraint(fields=("council", "on"), name="closure_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.on}: {self.reason}"


class BankHoliday(models.Model):
    """A bank holiday of a part of the United Kingdom that the packaged list does not have; for every council."""

    on = models.DateField()
    division = models.CharField(max_length=30, default="england-and-wales")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ("on", "division")
        constraints = (
            models.UniqueConstraint(fields=("on", "division"), name="bank_holiday_once"),
            models.CheckConstraint(
                name="a_bank_holiday_is_of_a_part_of_the_kingdom", condition=models.Q(division__in=tuple(DIVISIONS))
            ),
        )

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"


class FeedReading(models.Model):
    """One reading of the published list of bank holidays: from where, what was new, and what was odd about it.

    ``told`` lists what a person has to know, each with its ``kind`` (as in ``holiday_feed.KINDS``) and ``text``.
    """

    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    readable = models.BooleanField()
    days = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True, blank=True)
    told = models.JSONField(default=list)

    class Meta:
        ordering = ("-read_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="a_feed_that_was_not_read_adds_nothing_and_says_why",
                condition=models.Q(readable=True, last_on__isnull=False)
                | models.Q(readable=False, days=0, added=0, last_on=None) & ~models.Q(told=[]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.read_at}: {self.source}"


class AdoptedProcedure(models.Model):
    """A procedure of the rulebook that this council follows, and since when."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="adopted")
    procedure = models.CharField(max_length=60)
    adopted_from = models.DateField()
    adopted_until = models.DateField(null=True, blank=True)

    objects = CouncilScoped["AdoptedProcedure"].as_manager()

    class Meta:
        ordering = ("council_id", "procedure", "adopted_from")
        constraints = (
            models.UniqueConstraint(
                fields=("council", "procedure", "adopted_from"), name="procedure_adopted_once_from_a_date"
            ),
            models.CheckConstraint(
                name="adoption_ends_after_it_begins",
                condition=models.Q(adopted_until=None) | models.Q(adopted_until__gt=models.F("adopted_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.procedure} from {self.adopted_from}"


class LocalEdition(models.Model):
    """A council's own edition of a procedure: drafted, tried on past cases, approved by somebody else, in force later.

    ``text`` is the whole edition as a procedure file; ``tried_digest`` says which words were tried. Who drafted and who
    approved stand as numbers of officers too, because staff stands above councils.
    """

    class State(models.TextChoices):
        """How far it has got."""

        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn before it took effect"
        DISCARDED = "discarded", "Discarded"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="local_editions")
    procedure = models.CharField(max_length=60)
    edition_id = models.CharField(max_length=100)
    based_on = models.CharField(max_length=100)
    in_force_from = models.DateField()
    text = models.TextField()
    why = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafter = models.BigIntegerField(help_text="The officer who began it.")
    writers = ArrayField(models.BigIntegerField(), default=list, help_text="The officers who wrote any of it.")
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_by = models.CharField(max_length=120, blank=True)
    tried_digest = models.CharField(max_length=64, blank=True)
    tried_cases = models.PositiveIntegerField(default=0)
    tried_late_then = models.PositiveIntegerField(default=0)
    tried_late_under = models.PositiveIntegerField(default=0)
    approver = models.BigIntegerField(null=True, blank=True, help_text="The officer who approved it.")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects = CouncilScoped["LocalEdition"].as_manager()

    class Meta:
        ordering = ("council_id", "procedure", "in_force_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("council", "procedure", "in_force_from"),
                condition=models.Q(state="approved"),
                name="one_own_edition_from_a_date",
            ),
            models.CheckConstraint(name="an_own_edition_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="an_own_edition_was_tried_by_somebody",
                condition=models.Q(tried_at=None, tried_by="", tried_digest="")
                | (models.Q(tried_at__isnull=False) & ~models.Q(tried_by="") & ~models.Q(tried_digest="")),
            ),
            models.CheckConstraint(
                name="an_own_edition_was_approved_by_somebody",
                condition=models.Q(approved_at=None, approved_by="", approver=None)
                | (models.Q(approved_at__isnull=False, approver__isnull=False) & ~models.Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="an_own_edition_ended_by_somebody",
                condition=models.Q(ended_at=None, ended_by="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="an_own_edition_stands_as_it_says",
                condition=models.Q(state="draft", approved_at=None, ended_at=None)
                | models.Q(state="approved", approved_at__isnull=False, tried_at__isnull=False, ended_at=None)
                | models.Q(state="withdrawn", approved_at__isnull=False, ended_at__isnull=False)
                | models.Q(state="discarded", approved_at=None, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_approves_what_they_wrote",
                condition=models.Q(approver=None) | ~models.Q(writers__contains=[models.F("approver")]),
            ),
            models.CheckConstraint(
                name="who_began_an_own_edition_wrote_it",
                condition=models.Q(writers__contains=[models.F("drafter")]),
            ),
        )

    def __str__(self) -> str:
        return self.edition_id

    @property
    def trail_stream(self) -> str:
        """The entries of a council's own edition stand in its council's chain."""
        return f"council:{self.council_id}"


class Mailbox(models.Model):
    """A mailbox that is read for this council, and how its last reading went."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="mailboxes")
    address = models.EmailField(unique=True)
    purpose = models.CharField(max_length=60, default="complaints")
    imap_host = models.CharField(max_length=200, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_tls = models.BooleanField(default=True)
    imap_user = models.CharField(max_length=200, blank=True)
    password_setting = models.CharField(
        max_length=100, blank=True, help_text="Name of the environment setting that holds the password."
    )
    folder = models.CharField(max_length=100, default="INBOX")
    active = models.BooleanField(default=False)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Readings that failed one after the other.")

    objects = CouncilScoped["Mailbox"].as_manager()

    class Meta:
        ordering = ("council_id", "address")
        constraints = (models.UniqueConstraint(fields=("council", "id"), name="mailbox_is_of_one_council"),)

    def __str__(self) -> str:
        return self.address

    @property
    def trail_stream(self) -> str:
        """A mailbox's entries stand in its council's chain."""
        return f"council:{self.council_id}"
