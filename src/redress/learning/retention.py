"""How long is kept what was promised and done?"""

from redress.plumbing.keeping import REPLACED, fields, kept, personal

WITH_CASE = "6 years after the case was closed"
FOR_FIGURES = "for good: the figures of the year need it"

FIELDS = fields(
    kept(
        "Remedy",
        "id council case finding kind state owner due_on amount cost_centre approved_at approved_by promised_at done_on"
        " done_at done_by evidence added_at added_by proposed_by replaces version",
        after=FOR_FIGURES,
    ),
    personal("Remedy", "text evidence_text replaced_because", after=WITH_CASE, blank=REPLACED),
)
