"""How long is a case kept, and what of it is about people?

Six years is the usual time in which a claim may still be brought (Limitation Act 1980, sections 2 and 5). What is left
afterwards, the dates, the service, the outcome, counts in the figures of its year and says nothing of anybody.
"""

from redress.plumbing.keeping import EMPTIED, REMOVED, REPLACED, fields, kept, personal

WITH_CASE = "6 years after the case was closed"
FOR_FIGURES = "for good: the figures of the year need it"
WITH_COUNCIL = "for as long as the council gives out references"

FIELDS = fields(
    kept("ReferenceCounter", "id council year last", after=WITH_COUNCIL),
    kept(
        "Case",
        "id council reference kind state procedure edition channel received_on received_at logged_at complainant"
        " representative authority service category holder held_since next_due_on started_at review_on choice_channel"
        " outcome closed_at closed_by now_part_of version",
        after=FOR_FIGURES,
    ),
    personal("Case", "matter", after=WITH_CASE, blank=REPLACED),
    personal(
        "Case",
        "outcome_sought effect next_action waiting_for choice_asked choice_answer search",
        after=WITH_CASE,
        blank=EMPTIED,
    ),
    personal("Case", "triage_reason", after=WITH_CASE, blank=REPLACED),
    kept(
        "Stage",
        "id council case number opened_at holder asked_through external_body outcome ended_at ended_by",
        after=FOR_FIGURES,
    ),
    personal("Stage", "disputed outcome_sought", after=WITH_CASE),
    kept("HolderPeriod", "id council case stage officer since until", after=WITH_CASE),
    personal("HolderPeriod", "summary", after=WITH_CASE),
    kept("Point", "id council case number added_at withdrawn_at withdrawn_by", after=FOR_FIGURES),
    kept("PointWording", "id council point version written_at written_by agreed_on", after=WITH_CASE),
    personal("PointWording", "text", after=WITH_CASE, blank=REPLACED),
    kept("StagePoint", "id council stage point", after=FOR_FIGURES),
    personal("StagePoint", "disputed", after=WITH_CASE),
    kept("Finding", "id council stage point decision version changed_at changed_by fixed_at", after=FOR_FIGURES),
    personal("Finding", "should reason injustice no_remedy_because", after=WITH_CASE),
    kept(
        "Happening",
        "id council case stage kind on at seq recorded_at recorded_by entry replaces",
        after=FOR_FIGURES,
    ),
    personal("Happening", "data reason", after=WITH_CASE),
    kept(
        "Clock",
        "id council case stage name counts_from due_on first_due_on met_on state open holder worked_out_at",
        after=FOR_FIGURES,
    ),
    kept("Note", "id council case kind contact on written_at written_by entry", after=WITH_CASE, blank=REMOVED),
    personal("Note", "text", after=WITH_CASE, blank=REMOVED),
    personal("ComplainedAbout", "id council case officer", after=WITH_CASE, blank=REMOVED),
    kept("Link", "id council first second made_at made_by", after=WITH_CASE),
    personal("Link", "why", after=WITH_CASE, blank=REPLACED),
)
