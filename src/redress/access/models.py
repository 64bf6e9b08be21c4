"""What does the trail keep, and where?

Entries and their details, the head of each chain, the seals, who looked at what, and the answers given to keyed forms.
The byte form that the hashes cover is in :mod:`redress.access.chain`; why it is built so, in
``docs/explanation/trail.md``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One thing that was done, in the chain of what it was done to. Never changed, never deleted.

    There are no foreign keys: an entry outlives its subject.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    stream = models.CharField(max_length=80, db_collation="C")
    seq = models.BigIntegerField()
    prev = models.BinaryField()
    hash = models.BinaryField()
    kind = models.CharField(max_length=80, db_collation="C")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=20)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=120)
    ids = models.JSONField(default=dict)
    digest = models.BinaryField()
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("stream", "seq")
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="trail_entry_has_one_place_in_its_stream"),
            models.CheckConstraint(name="trail_entry_seq_starts_at_one", condition=Q(seq__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}: {self.kind}"


class Detail(models.Model):
    """What an entry says about people and words, salted, so that it can be disposed of and the chain still holds."""

    entry_id = models.UUIDField(primary_key=True, editable=False)
    salt = models.BinaryField()
    body = models.JSONField()

    def __str__(self) -> str:
        return f"Detail of {self.entry_id}"


class Stream(models.Model):
    """The head of one chain: how long it is, and the hash of its last entry."""

    name = models.CharField(max_length=80, primary_key=True, db_collation="C")
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    sealed_seq = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"


class Seal(models.Model):
    """The heads of all chains that grew since the last seal, signed with a key that the database doesn't hold."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    entries = models.BigIntegerField()
    heads = models.JSONField()
    root = models.BinaryField()
    looks = models.BigIntegerField(default=0)
    looks_until = models.DateTimeField()
    looks_digest = models.BinaryField()
    prev = models.BinaryField()
    key = models.CharField(max_length=64)
    signature = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"Seal {self.number}"


class Look(models.Model):
    """Who read what, once for each person, subject and quarter of an hour."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=80, db_collation="C")
    by_kind = models.CharField(max_length=20)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=200, blank=True)
    quarter = models.DateTimeField()

    class Meta:
        ordering = ("quarter", "stream", "by_kind", "by_id")
        constraints = (
            models.UniqueConstraint(
                fields=("quarter", "stream", "by_kind", "by_id"), name="look_once_a_quarter_of_an_hour"
            ),
        )
        indexes = (models.Index(fields=("stream", "-quarter"), name="look_by_stream"),)

    def __str__(self) -> str:
        return f"{self.by_kind} {self.by_id} looked at {self.stream}"


class Answer(models.Model):
    """What a keyed call of a step answered, so that the same key gives the same answer."""

    id = models.BigAutoField(primary_key=True)
    step = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    about = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("step", "actor", "key"), name="one_answer_to_a_key"),)
        indexes = (models.Index(fields=("answered_at",), name="answer_by_age"),)

    def __str__(self) -> str:
        return f"{self.step} {self.key}"
