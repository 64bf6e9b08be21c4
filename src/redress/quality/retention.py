"""How long is kept what was checked before it went?"""

from redress.plumbing.keeping import EMPTIED, fields, kept, personal

WITH_CASE = "6 years after the case was closed"

FIELDS = fields(
    kept(
        "Check",
        "id council response round state author asked_of asked_at digest checker parts ended_at",
        after=WITH_CASE,
    ),
    personal("Check", "remarks remark", after=WITH_CASE, blank=EMPTIED),
)
