"""How long is the trail kept, and what of it is about people?

An entry outlives its subject: its detail goes with the case, the entry itself stays so that the chain still holds.
"""

from redress.plumbing.keeping import REMOVED, fields, kept, personal

FOR_GOOD = "for as long as the installation stands: the chain needs it"
WITH_SUBJECT = "with the record it is about"
SIX_YEARS = "6 years after it was written"
THIRTY_DAYS = "30 days after it was given: a form is not sent a second time later than that"

FIELDS = fields(
    kept("Entry", "id stream seq prev hash kind at by_kind by_id by_name step ids digest version", after=FOR_GOOD),
    kept("Detail", "entry_id", after=WITH_SUBJECT, blank=REMOVED),
    personal("Detail", "salt body", after=WITH_SUBJECT, blank=REMOVED),
    kept("Stream", "name seq hash sealed_seq", after=FOR_GOOD),
    kept("Seal", "number at entries heads root looks looks_until looks_digest prev key signature hash", after=FOR_GOOD),
    kept("Look", "id stream quarter by_kind", after=SIX_YEARS, blank=REMOVED),
    personal("Look", "by_id by_name", after=SIX_YEARS, blank=REMOVED),
    kept("Answer", "id step key about answer answered_at", after=THIRTY_DAYS, blank=REMOVED),
    personal("Answer", "actor", after=THIRTY_DAYS, blank=REMOVED),
)
