"""What kind of installation is this database? One row, written when it is made, that nothing can change."""

from django.db import models


class Installation(models.Model):
    """The other half of the mark in the folder of data: both name the same identity and kind, for ever."""

    KINDS = (("demonstration", "demonstration"), ("real", "real"))

    only = models.BooleanField(primary_key=True, default=True)
    identity = models.UUIDField()
    kind = models.CharField(max_length=20, choices=KINDS)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="there_is_one_installation"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["demonstration", "real"]), name="an_installation_is_demonstration_or_real"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identity}"
