"""No answer leaves without a check that somebody else passed: the database refuses it by itself."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Fixed
from redress.plumbing.across_tables import AcrossTables

PASSED_BY_SOMEBODY_ELSE = (
    "EXISTS (SELECT 1 FROM quality_check q WHERE q.response_id = r.id AND q.state = 'passed'"
    " AND q.digest = r.checked_digest AND q.checker_id <> r.author_id AND NOT (q.checker_id = ANY (r.writers)))"
)


class Migration(migrations.Migration):
    """Put the guards on checks, on the answers that they pass, and on the letters of those answers."""

    dependencies = [
        ("access", "0001_initial"),
        ("quality", "0001_initial"),
        ("correspondence", "0003_belonging"),
    ]

    operations = [
        Fixed(
            "quality_check",
            name="an_ended_check_is_fixed",
            says="this check is over and is fixed",
            once="OLD.state <> 'open'",
        ),
        AcrossTables(
            name="a_passed_answer_has_a_passed_check",
            says="an answer passes by a check of exactly its words, made by somebody who wrote none of them",
            broken_by={
                "correspondence_response": "SELECT 1 FROM correspondence_response r WHERE r.id = NEW.id"
                f" AND r.state IN ('passed', 'released', 'sent') AND NOT {PASSED_BY_SOMEBODY_ELSE}"  # noqa: S608
            },
        ),
        AcrossTables(
            name="a_released_answer_letter_has_a_passed_check",
            says="the letter of an answer is released only with an answer that passed its check",
            broken_by={
                "correspondence_letter": "SELECT 1 FROM correspondence_letter l WHERE l.id = NEW.id"
                " AND l.kind IN ('stage-1-response', 'stage-2-response') AND l.state NOT IN ('draft', 'withdrawn')"
                " AND NOT EXISTS (SELECT 1 FROM correspondence_response r WHERE r.letter_id = l.id"
                f" AND r.state IN ('released', 'sent') AND {PASSED_BY_SOMEBODY_ELSE})"  # noqa: S608
            },
        ),
    ]
