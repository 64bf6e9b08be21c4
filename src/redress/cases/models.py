"""What is complained about, at which stage does it stand, who holds it and when is it due?

Example: NMR-2026-0437, Grace Okafor, three points, Stage 1 held by Asha Mehta, answer due 25 November 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from redress.access.permissions import Permission
from redress.council.models import Category, Council, CouncilScoped, Service
from redress.people.models import Authority, Contact
from redress.plumbing.same_council import SameCase, SameCouncil
from redress.staff.models import Officer

if TYPE_CHECKING:
    from redress.access.actor import Actor


class Channel(models.TextChoices):
    """The ways in."""

    EMAIL = "email", "E-mail"
    PORTAL = "portal", "Web form"
    TELEPHONE = "telephone", "Telephone"
    LETTER = "letter", "Letter"
    VISIT = "visit", "Visit"


class ReferenceCounter(models.Model):
    """The last number given out by a council in a year; taken last in a step."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("council", "year"), name="one_counter_a_council_and_year"),)

    def __str__(self) -> str:
        return f"{self.council_id} {self.year}: {self.last}"


class CaseQuerySet(CouncilScoped["Case"]):
    """Cases; a resident's link opens one, an officer sees those of their councils."""

    def visible_to(self, viewer: Actor) -> CaseQuerySet:
        """Keep the cases of the viewer's councils in which they may read cases, or the one that a link opens."""
        if viewer.everywhere:
            return self.all()
        if viewer.kind == "resident":
            return self.filter(pk=viewer.case_id or 0, council_id=viewer.council_id or 0)
        return self.filter(council_id__in=viewer.councils_where(Permission.CASE_READ))


class Case(models.Model):
    """One matter of one person with one council."""

    class Kind(models.TextChoices):
        """What it was judged to be."""

        COMPLAINT = "complaint", "Complaint"
        SERVICE_REQUEST = "service-request", "Service request"
        COMPLIMENT = "compliment", "Compliment"
        COMMENT = "comment", "Comment"

    class State(models.TextChoices):
        """Where it stands as a whole; stages have their own outcome."""

        TO_TRIAGE = "to-triage", "Not yet triaged"
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered, actions open"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        """How it ended."""

        UPHELD = "upheld", "Upheld"
        PARTLY_UPHELD = "partly-upheld", "Partly upheld"
        NOT_UPHELD = "not-upheld", "Not upheld"
        RESOLVED = "resolved", "Resolved"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REFUSED = "refused", "Refused"
        REFERRED = "referred", "Referred elsewhere"
        REQUEST = "request", "Treated as a request"
        RECORDED = "recorded", "Recorded and passed on"
        MERGED = "merged", "Merged"
        ABANDONED = "abandoned", "Abandoned"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=30, unique=True, db_collation="C")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.COMPLAINT)
    state = models.CharField(max_length=20, choices=State.choices, default=State.TO_TRIAGE)
    procedure = models.CharField(max_length=60)
    edition = models.CharField(max_length=100)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    matter = models.CharField(max_length=200)
    outcome_sought = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    complainant = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="cases")
    representative = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_for_others"
    )
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    holder = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    held_since = models.DateTimeField(null=True, blank=True)
    next_action = models.CharField(max_length=200, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    waiting_for = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    triage_reason = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True, help_text="When a service request is looked at again.")
    choice_asked = models.TextField(blank=True)
    choice_channel = models.CharField(max_length=40, blank=True)
    choice_answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    now_part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    search = models.TextField(blank=True, db_collation="C")
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-pk")
        indexes = (
            models.Index(
                fields=("holder", "next_due_on", "id"), condition=Q(closed_at=None), name="case_open_by_holder"
            ),
            models.Index(
                fields=("council", "next_due_on", "id"), condition=Q(closed_at=None), name="case_open_by_council"
            ),
            models.Index(fields=("complainant", "-received_on"), name="case_by_complainant"),
        )
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="case_is_of_one_council"),
            SameCouncil(fields="complainant", name="case_and_complainant_same_council"),
            SameCouncil(fields="representative", name="case_and_representative_same_council"),
            SameCouncil(fields="service", name="case_and_service_same_council"),
            SameCouncil(fields="category", name="case_and_category_same_council"),
            SameCouncil(fields="now_part_of", name="case_and_survivor_same_council"),
            SameCouncil(fields="authority", name="case_and_authority_same_council"),
            models.CheckConstraint(
                name="reference_is_shaped", condition=Q(reference__regex=r"^[A-Z]{2,5}-[0-9]{4}-[0-9]{4,}$")
            ),
            models.CheckConstraint(
                name="closed_if_and_only_if_it_has_an_outcome",
                condition=Q(closed_at=None, outcome="", closed_by="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="") & ~Q(closed_by="")),
            ),
            models.CheckConstraint(
                name="state_says_closed_when_it_is",
                condition=Q(closed_at=None) & ~Q(state="closed") | Q(closed_at__isnull=False, state="closed"),
            ),
            models.CheckConstraint(
                name="held_since_and_holder_both_or_neither",
                condition=Q(holder=None, held_since=None) | Q(holder__isnull=False, held_since__isnull=False),
            ),
            models.CheckConstraint(
                name="other_than_complaint_has_a_reason",
                condition=Q(kind="complaint") | ~Q(triage_reason=""),
            ),
            models.CheckConstraint(
                name="nobody_complains_for_themselves",
                condition=Q(representative=None) | ~Q(representative=F("complainant")),
            ),
            models.CheckConstraint(
                name="only_a_representative_needs_authority",
                condition=Q(authority=None) | Q(representative__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_request_has_a_day_of_review", condition=Q(review_on=None) | Q(kind="service-request")
            ),
            models.CheckConstraint(
                name="no_case_is_part_of_itself", condition=Q(now_part_of=None) | ~Q(now_part_of=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def trail_stream(self) -> str:
        """Name the chain of the trail in which this case's entries stand."""
        return f"case:{self.pk}"


class Stage(models.Model):
    """One round of answering: Stage 1, Stage 2."""

    class Outcome(models.TextChoices):
        """How the stage ended."""

        UPHELD = "upheld", "Upheld"
        PARTLY_UPHELD = "partly-upheld", "Partly upheld"
        NOT_UPHELD = "not-upheld", "Not upheld"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REFUSED = "refused", "Refused"
        REQUEST = "request", "Treated as a request"
        REFERRED = "referred", "Referred elsewhere"
        ABANDONED = "abandoned", "Abandoned"
        RESOLVED = "resolved", "Resolved"
        UNANSWERED = "unanswered", "Not answered in time"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    holder = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="holds_stages")
    disputed = models.TextField(blank=True)
    outcome_sought = models.TextField(blank=True)
    asked_through = models.CharField(max_length=20, blank=True)
    external_body = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects = CouncilScoped["Stage"].as_manager()

    class Meta:
        ordering = ("case_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="stage_is_of_one_council"),
            models.UniqueConstraint(fields=("case", "id"), name="stage_is_of_one_case"),
            models.UniqueConstraint(fields=("case", "number"), name="stage_number_once_a_case"),
            models.UniqueConstraint(fields=("case",), condition=Q(ended_at=None), name="one_open_stage_per_case"),
            SameCouncil(fields="case", name="stage_and_case_same_council"),
            models.CheckConstraint(name="stage_is_first_or_second", condition=Q(number__in=(1, 2, 3))),
            models.CheckConstraint(
                name="stage_ended_if_and_only_if_it_has_an_outcome",
                condition=Q(ended_at=None, outcome="", ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="") & ~Q(ended_by="")),
            ),
        )

    def __str__(self) -> str:
        return f"Stage {self.number}"


class HolderPeriod(models.Model):
    """Who held a case from when to when, and why it was handed over."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holders")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="holders")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)

    objects = CouncilScoped["HolderPeriod"].as_manager()

    class Meta:
        ordering = ("case_id", "since", "pk")
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(until=None), name="one_holder_at_a_time"),
            SameCouncil(fields="case", name="holder_and_case_same_council"),
            SameCouncil(fields="stage", name="holder_and_stage_same_council"),
            SameCase(fields="stage", name="holder_and_stage_same_case"),
            ExclusionConstraint(
                name="times_of_holding_never_overlap",
                expressions=(
                    (Func("case", "case", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("since", "until", function="tstzrange"), RangeOperators.OVERLAPS),
                ),
            ),
            models.CheckConstraint(
                name="holding_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer} since {self.since}"


class Point(models.Model):
    """One numbered thing that the person complains about; it keeps its identity when its wording changes."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    objects = CouncilScoped["Point"].as_manager()

    class Meta:
        ordering = ("case_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="point_is_of_one_council"),
            models.UniqueConstraint(fields=("case", "id"), name="point_is_of_one_case"),
            models.UniqueConstraint(fields=("case", "number"), name="point_number_once_a_case"),
            SameCouncil(fields="case", name="point_and_case_same_council"),
            models.CheckConstraint(name="points_are_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="point_withdrawn_at_and_by",
                condition=Q(withdrawn_at=None, withdrawn_by="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
            ),
        )

    def __str__(self) -> str:
        return f"point {self.number}"


class PointWording(models.Model):
    """How a point was worded from a day on; the newest version stands."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="wordings")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    agreed_on = models.DateField(null=True, blank=True)

    objects = CouncilScoped["PointWording"].as_manager()

    class Meta:
        ordering = ("point_id", "version")
        constraints = (
            models.UniqueConstraint(fields=("point", "version"), name="wording_version_once_a_point"),
            SameCouncil(fields="point", name="wording_and_point_same_council"),
            models.CheckConstraint(name="a_point_says_something", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text


class StagePoint(models.Model):
    """A point that a stage looks at, with what is disputed about the earlier answer."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="stage_points")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="stage_points")
    disputed = models.TextField(blank=True)

    objects = CouncilScoped["StagePoint"].as_manager()

    class Meta:
        ordering = ("stage_id", "point__number")
        constraints = (
            models.UniqueConstraint(fields=("stage", "point"), name="point_once_a_stage"),
            SameCouncil(fields="stage", name="stage_point_and_stage_same_council"),
            SameCouncil(fields="point", name="stage_point_and_point_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.point}"


class Finding(models.Model):
    """What was decided on a point at a stage, and why; fixed once the answer has gone."""

    class Decision(models.TextChoices):
        """The words of both Codes' practice."""

        UPHELD = "upheld", "Upheld"
        PARTLY_UPHELD = "partly-upheld", "Partly upheld"
        NOT_UPHELD = "not-upheld", "Not upheld"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="findings")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="findings")
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    should = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    injustice = models.TextField(blank=True)
    no_remedy_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    fixed_at = models.DateTimeField(null=True, blank=True)

    objects = CouncilScoped["Finding"].as_manager()

    class Meta:
        ordering = ("stage_id", "point__number")
        constraints = (
            models.UniqueConstraint(fields=("council", "id"), name="finding_is_of_one_council"),
            models.UniqueConstraint(fields=("stage", "point"), name="one_finding_a_stage_and_point"),
            SameCouncil(fields="stage", name="finding_and_stage_same_council"),
            SameCouncil(fields="point", name="finding_and_point_same_council"),
            models.CheckConstraint(
                name="a_fixed_finding_has_decision_and_reason",
                condition=Q(fixed_at=None) | (~Q(decision="") & ~Q(reason="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.point}: {self.decision}"


class Happening(models.Model):
    """A dated fact about a case or a stage; only these feed clocks, and they are never changed."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="happenings")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="happenings")
    kind = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField(null=True, blank=True)
    seq = models.PositiveSmallIntegerField(default=0)
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    entry = models.UUIDField(help_text="The trail entry that recorded it.")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.TextField(blank=True)

    objects = CouncilScoped["Happening"].as_manager()

    class Meta:
        ordering = ("case_id", "on", "seq", "pk")
        constraints = (
            SameCouncil(fields="case", name="happening_and_case_same_council"),
            SameCouncil(fields="stage", name="happening_and_stage_same_council"),
            SameCase(fields="stage", name="happening_and_stage_same_case"),
            models.UniqueConstraint(fields=("council", "id"), name="happening_is_of_one_council"),
            models.UniqueConstraint(fields=("case", "id"), name="happening_is_of_one_case"),
            SameCouncil(fields="replaces", name="happening_and_replaced_same_council"),
            SameCase(fields="replaces", name="happening_and_replaced_same_case"),
            models.UniqueConstraint(fields=("case", "on", "seq"), name="happenings_of_a_day_have_an_order"),
            models.CheckConstraint(
                name="no_happening_replaces_itself", condition=Q(replaces=None) | ~Q(replaces=F("id"))
            ),
            models.CheckConstraint(name="a_correction_has_a_reason", condition=Q(replaces=None) | ~Q(reason="")),
            models.CheckConstraint(
                name="an_extension_has_a_reason_and_the_date_told",
                condition=~Q(kind="extended") | Q(data__has_keys=["clock", "working_days", "reason", "told_on"]),
            ),
            models.CheckConstraint(
                name="the_reason_and_the_date_told_are_not_empty",
                condition=~Q(kind="extended")
                | (
                    Q(data__reason__regex=r"\S", data__told_on__regex=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
                    & ~Q(data__reason=None)
                    & ~Q(data__told_on=None)
                ),
            ),
        )
        indexes = (models.Index(fields=("case", "on", "seq", "id"), name="happening_by_case"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


class Clock(models.Model):
    """A due date worked out from the happenings; written by one function only, never edited."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=60)
    counts_from = models.DateField(
        help_text="No day off before this can move the date: the opening of what the clock counts."
    )
    due_on = models.DateField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20)
    open = models.BooleanField()
    holder = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    worked_out_at = models.DateTimeField()

    objects = CouncilScoped["Clock"].as_manager()

    class Meta:
        ordering = ("due_on", "case_id", "name")
        constraints = (
            models.UniqueConstraint(fields=("case", "name"), name="clock_once_a_case"),
            SameCouncil(fields="case", name="clock_and_case_same_council"),
            SameCouncil(fields="stage", name="clock_and_stage_same_council"),
            SameCase(fields="stage", name="clock_and_stage_same_case"),
            models.CheckConstraint(
                name="an_open_clock_has_a_due_date",
                condition=Q(open=False) | Q(due_on__isnull=False) | Q(state__in=("unclear", "paused")),
            ),
        )
        indexes = (
            models.Index(fields=("due_on", "case"), condition=Q(open=True), name="clock_open_by_due"),
            models.Index(fields=("due_on", "counts_from"), name="clock_by_days_counted"),
        )

    def __str__(self) -> str:
        return f"{self.name} due {self.due_on}"


class Note(models.Model):
    """Something written down: an internal note, a telephone call, a visit."""

    class Kind(models.TextChoices):
        """What sort of note it is."""

        INTERNAL = "internal", "Internal note"
        CALL_IN = "call-in", "Telephone call from"
        CALL_OUT = "call-out", "Telephone call to"
        VISIT = "visit", "Visit"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    entry = models.UUIDField()

    objects = CouncilScoped["Note"].as_manager()

    class Meta:
        ordering = ("case_id", "-written_at", "-pk")
        constraints = (
            SameCouncil(fields="case", name="note_and_case_same_council"),
            SameCouncil(fields="contact", name="note_and_contact_same_council"),
            models.CheckConstraint(name="a_note_says_something", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text[:60]


class ComplainedAbout(models.Model):
    """An officer whom a case complains about; they may not hold, check or release it."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="complained_about")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    objects = CouncilScoped["ComplainedAbout"].as_manager()

    class Meta:
        ordering = ("case_id", "officer_id")
        constraints = (
            models.UniqueConstraint(fields=("case", "officer"), name="complained_about_once"),
            SameCouncil(fields="case", name="complained_about_and_case_same_council"),
        )

    def __str__(self) -> str:
        return f"{self.officer}"


class Link(models.Model):
    """Two cases of one council that belong together, and how."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_from")
    second = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_to")
    why = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    objects = CouncilScoped["Link"].as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="link_once"),
            SameCouncil(fields="first", name="link_first_same_council"),
            SameCouncil(fields="second", name="link_second_same_council"),
            models.CheckConstraint(name="a_case_is_not_linked_to_itself", condition=~Q(first=F("second"))),
        )

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
