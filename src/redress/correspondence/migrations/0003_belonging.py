"""What came in stays as it came, what went out has gone, and an answer answers its own case."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed, Protect
from redress.plumbing.across_tables import AcrossTables


class Migration(migrations.Migration):
    """Put the guards on receipts, letters' texts, letters and answers."""

    dependencies = [("access", "0001_initial"), ("correspondence", "0002_guards")]

    operations = [
        Protect("correspondence_receipt"),
        Protect("correspondence_receiptof"),
        Protect("correspondence_lettertemplate"),
        Fixed(
            "correspondence_letter",
            name="a_dispatch_is_never_undone",
            says="this letter has gone, and when and how is on record",
            once="OLD.state = 'dispatched'",
            unless="(NEW.state, NEW.channel, NEW.dispatched_at, NEW.dispatched_by, NEW.dispatched_on, NEW.evidence)"
            " IS NOT DISTINCT FROM"
            " (OLD.state, OLD.channel, OLD.dispatched_at, OLD.dispatched_by, OLD.dispatched_on, OLD.evidence)",
        ),
        Fixed(
            "correspondence_response",
            name="a_released_answer_is_fixed",
            says="this answer was released and is fixed",
            once="OLD.state IN ('released', 'sent')",
            unless="(NEW.stage_id, NEW.letter_id, NEW.author_id, NEW.understanding, NEW.how_looked_into,"
            " NEW.adjustments_considered, NEW.closing, NEW.blocks, NEW.checked_digest, NEW.writers)"
            " IS NOT DISTINCT FROM"
            " (OLD.stage_id, OLD.letter_id, OLD.author_id, OLD.understanding, OLD.how_looked_into,"
            " OLD.adjustments_considered, OLD.closing, OLD.blocks, OLD.checked_digest, OLD.writers)"
            " AND (NEW.state = OLD.state OR NEW.state = 'sent')",
        ),
        AcrossTables(
            name="an_answer_answers_points_of_its_stage",
            says="an answer answers points of the case of its stage",
            broken_by={
                "correspondence_responsepoint": "SELECT 1 FROM correspondence_responsepoint r"
                " JOIN cases_stage s ON s.id = r.stage_id JOIN cases_point p ON p.id = r.point_id"
                " WHERE r.id = NEW.id AND s.case_id <> p.case_id"
            },
        ),
        AcrossTables(
            name="an_answer_is_sent_when_its_letter_is",
            says="an answer is sent only when its letter was dispatched",
            broken_by={
                "correspondence_response": "SELECT 1 FROM correspondence_response r"
                " JOIN correspondence_letter l ON l.id = r.letter_id"
                " WHERE r.id = NEW.id AND r.state = 'sent' AND l.state <> 'dispatched'"
            },
        ),
    ]
