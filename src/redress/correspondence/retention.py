"""How long is kept what came in and what went out?"""

from redress.plumbing.keeping import EMPTIED, REMOVED, REPLACED, fields, kept, personal

WITH_CASE = "6 years after the case was closed; a message on no case, 1 year after it was dealt with"
ONE_YEAR = "1 year after the day"
WHEN_EXPIRED = "30 days after the form expired"
WITH_LETTERS = "6 years after the last letter that was made from it"

FIELDS = fields(
    kept(
        "Message",
        "id council channel kind state written_at received_at received_on same_identity_other_text contact case"
        " unconfirmed_sender claimed_by claimed_at handled_at handled_by version",
        after=WITH_CASE,
    ),
    personal(
        "Message",
        "message_id identity digest from_name from_address to subject text new_text faults references answers"
        " handled_because",
        after=WITH_CASE,
        blank=EMPTIED,
    ),
    kept("Receipt", "id council mailbox size received_at", after=WITH_CASE),
    personal("Receipt", "source sha256", after=WITH_CASE, blank=REPLACED),
    kept("ReceiptOf", "id council receipt message duplicate", after=WITH_CASE),
    kept("Attachment", "id council message document position inline", after=WITH_CASE),
    kept("ReplyToken", "id council case contact made_at", after=WITH_CASE, blank=REMOVED),
    personal("ReplyToken", "token", after=WITH_CASE, blank=REMOVED),
    kept("AutomaticAcknowledgement", "id council on message our_identity state", after=ONE_YEAR, blank=REMOVED),
    personal("AutomaticAcknowledgement", "address_key evidence", after=ONE_YEAR, blank=REMOVED),
    kept(
        "FormDraft",
        "id council documents begun_at changed_at expires_at sent_case version",
        after=WHEN_EXPIRED,
        blank=REMOVED,
    ),
    personal("FormDraft", "digest link_digest answers", after=WHEN_EXPIRED, blank=REMOVED),
    kept("LinkAsk", "id council site asked_at answered_at", after=WHEN_EXPIRED, blank=REMOVED),
    personal("LinkAsk", "address address_key reference origin", after=WHEN_EXPIRED, blank=REMOVED),
    kept(
        "PortalMail",
        "id council kind case contact draft link site our_identity state attempts made_at",
        after=ONE_YEAR,
        blank=REMOVED,
    ),
    personal("PortalMail", "to_address evidence", after=ONE_YEAR, blank=REMOVED),
    kept("LetterTemplate", "id council kind version heading body published_at published_by", after=WITH_LETTERS),
    kept(
        "Letter",
        "id council case stage kind state channel to large_print template_version starts document pdf_flags message_id"
        " written_at written_by author released_at released_by attempted_at attempts dispatched_at dispatched_by"
        " dispatched_on version",
        after=WITH_CASE,
    ),
    personal("Letter", "to_address salutation blocks starts_data failure", after=WITH_CASE, blank=EMPTIED),
    personal("Letter", "subject evidence", after=WITH_CASE, blank=REPLACED),
    kept(
        "OldDate", "id council case letter clock gave found_at found_by settled settled_at settled_by", after=WITH_CASE
    ),
    kept(
        "Response",
        "id council stage letter state author checked_digest begun_at changed_at changed_by writers version",
        after=WITH_CASE,
    ),
    personal(
        "Response",
        "understanding how_looked_into adjustments_considered closing blocks",
        after=WITH_CASE,
        blank=EMPTIED,
    ),
    kept("ResponsePoint", "id council response stage point", after=WITH_CASE),
)
