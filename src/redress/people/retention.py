"""How long is kept what we know of residents and of those who speak for them?"""

from redress.plumbing.keeping import EMPTIED, REMOVED, REPLACED, fields, kept, personal

AFTER_LAST_CASE = "6 years after the person's last case was closed"
WHEN_ENDED = "1 year after it ended, and at the latest 6 years after the person's last case was closed"
WHEN_EXPIRED = "30 days after the link expired"

FIELDS = fields(
    kept("Contact", "id council kind prefers now_part_of version added_at", after=AFTER_LAST_CASE),
    personal("Contact", "name", after=AFTER_LAST_CASE, blank=REPLACED),
    personal(
        "Contact",
        "title sort_key name_keys email email_key telephone telephone_key address address_key uprn",
        after=AFTER_LAST_CASE,
    ),
    kept(
        "Adjustment",
        "id council contact kind never_by review_on added_at added_by ended_at ended_by",
        after=WHEN_ENDED,
        blank=REMOVED,
    ),
    personal("Adjustment", "text", after=WHEN_ENDED, blank=REMOVED),
    kept(
        "Authority",
        "id council person representative kind asked_on confirmed_on evidence_document expires_on withdrawn_on",
        after=AFTER_LAST_CASE,
    ),
    personal("Authority", "scope", after=AFTER_LAST_CASE, blank=EMPTIED),
    kept(
        "PortalLink",
        "id council contact case_reference purpose made_at expires_at ended_at",
        after=WHEN_EXPIRED,
        blank=REMOVED,
    ),
    personal("PortalLink", "digest", after=WHEN_EXPIRED, blank=REMOVED),
)
