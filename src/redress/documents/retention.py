"""How long are documents kept? Their bytes go with the row, from the folder of documents too."""

from redress.plumbing.keeping import EMPTIED, REMOVED, REPLACED, fields, kept, personal

WITH_CASE = "6 years after the case was closed"

FIELDS = fields(
    kept(
        "Document",
        "id council case contact source content_type size shared_with_person added_at added_by",
        after=WITH_CASE,
    ),
    personal("Document", "name sha256", after=WITH_CASE, blank=REPLACED),
    personal("Document", "refused_because", after=WITH_CASE, blank=EMPTIED),
    kept("Scan", "id council document result detail scanned_at", after=WITH_CASE, blank=REMOVED),
    kept("Placement", "id council document case point placed_at placed_by", after=WITH_CASE),
)
