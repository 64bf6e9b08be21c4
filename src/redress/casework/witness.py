"""Do the records that name entries of the trail name entries that are there?

Happenings and notes carry the id of the entry that recorded them, so an entry that somebody removed, with every trace
of it in the trail itself, is still missed here.

Example: ``Happening 12 of NMR-2026-0437 (acknowledged) names an entry that is not in the trail.``
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from redress.access import trail

_HAPPENINGS = """
SELECT h.id, c.reference, h.kind FROM cases_happening h JOIN cases_case c ON c.id = h.case_id
WHERE NOT EXISTS (SELECT 1 FROM access_entry e WHERE e.id = h.entry) ORDER BY h.id
"""
_NOTES = """
SELECT n.id, c.reference FROM cases_note n JOIN cases_case c ON c.id = n.case_id
WHERE NOT EXISTS (SELECT 1 FROM access_entry e WHERE e.id = n.entry) ORDER BY n.id
"""
_CASES = """
SELECT c.reference FROM cases_case c
WHERE NOT EXISTS (SELECT 1 FROM access_entry e WHERE e.stream = 'case:' || c.id) ORDER BY c.id
"""


@trail.witness
def records_name_their_entries() -> Iterator[str]:
    """Say of each happening, note and case that has no entry in the trail which it is."""
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENINGS)
        for number, reference, kind in cursor.fetchall():
            yield f"Happening {number} of {reference} ({kind}) names an entry that is not in the trail."
        cursor.execute(_NOTES)
        for number, reference in cursor.fetchall():
            yield f"Note {number} of {reference} names an entry that is not in the trail."
        cursor.execute(_CASES)
        for (reference,) in cursor.fetchall():
            yield f"The case {reference} has no entry in the trail at all."
