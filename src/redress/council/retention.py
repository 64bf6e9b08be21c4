"""How long is kept what councils are, and is any of it about people?"""

from redress.plumbing.keeping import fields, kept

WITH_COUNCIL = "for as long as the council, or its successor, answers for its cases"
WITH_CASES = "for as long as a case is kept that was dealt with under it"
WITH_LETTERS = "6 years after the last letter that was worked out with it"

FIELDS = fields(
    kept(
        "Council",
        "id code name short_name prefix accent logo_svg address telephone email web opening_hours exists_from ends_on"
        " successor critically_overdue_after due_soon_within literal_response_start closures_count"
        " receipt_rolls_forward"
        " spending_limit_officer link_days remind_before remind_on_the_day",
        after=WITH_COUNCIL,
    ),
    kept("Directorate", "id council name ended_on", after=WITH_COUNCIL),
    kept("Service", "id council directorate name lgsl email landlord manager deputy ended_on", after=WITH_COUNCIL),
    kept("Category", "id council name ended_on", after=WITH_COUNCIL),
    kept("Closure", "id council on reason", after=WITH_LETTERS),
    kept("BankHoliday", "id on division name source", after=WITH_LETTERS),
    kept("FeedReading", "id read_at read_by source readable days added last_on told", after=WITH_LETTERS),
    kept("AdoptedProcedure", "id council procedure adopted_from adopted_until", after=WITH_COUNCIL),
    kept(
        "LocalEdition",
        "id council procedure edition_id based_on in_force_from text why state version drafter writers drafted_at"
        " drafted_by changed_at changed_by tried_at tried_by tried_digest tried_cases tried_late_then tried_late_under"
        " approver approved_at approved_by ended_at ended_by",
        after=WITH_CASES,
    ),
    kept(
        "Mailbox",
        "id council address purpose imap_host imap_port imap_tls imap_user password_setting folder active"
        " last_success_at last_failure_at last_failure failures",
        after=WITH_COUNCIL,
    ),
)
