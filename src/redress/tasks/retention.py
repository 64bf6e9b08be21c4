"""How long is kept what services were asked, and what they answered?"""

from redress.plumbing.keeping import EMPTIED, REPLACED, fields, kept, personal

WITH_CASE = "6 years after the case was closed"

FIELDS = fields(
    kept(
        "Task",
        "id council case service due_on asked_at asked_by answered_at answered_by withdrawn_at withdrawn_by later_on"
        " version",
        after=WITH_CASE,
    ),
    personal("Task", "question answer", after=WITH_CASE, blank=REPLACED),
    personal("Task", "later_reason not_ours", after=WITH_CASE, blank=EMPTIED),
    kept("TaskPoint", "id council task point", after=WITH_CASE),
)
