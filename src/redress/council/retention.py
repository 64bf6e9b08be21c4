"""How long is kept what councils are, and is any of it about people?"""

from redress.plumbing.keeping import fields, kept

WITH_COUNCIL = "for as long as the council, or its successor, answers for its cases"
WITH_LETTERS = "6 years after the last letter that was worked out with it"

FIELDS = fields(
    kept(
        "Council",
        "id code name short_name prefix accent logo_svg address telephone email web opening_hours exists_from ends_on"
        " successor critically_overdue_after due_soon_within literal_response_start closures_count"
        " spending_limit_officer link_days remind_before remind_on_the_day",
        after=WITH_COUNCIL,
    ),
    kept("Directorate", "id council name", after=WITH_COUNCIL),
    kept("Service", "id council directorate name lgsl email landlord active", after=WITH_COUNCIL),
    kept("Category", "id council name active", after=WITH_COUNCIL),
    kept("Closure", "id council on reason", after=WITH_LETTERS),
    kept("BankHoliday", "id on division name source", after=WITH_LETTERS),
    kept("AdoptedProcedure", "id council procedure adopted_from adopted_until", after=WITH_COUNCIL),
    kept(
        "Mailbox",
        "id council address purpose imap_host imap_port imap_tls imap_user password_setting folder active"
        " last_success_at last_failure_at last_failure failures",
        after=WITH_COUNCIL,
    ),
)
