"""What can be written in the trail about councils, and in which words?"""

from redress.access import trail

ADDED = trail.kind("council.added", "The council was set up")
CLOSURE_ADDED = trail.kind("council.closure-added", "A day of closure was added", blanks=("reason",))
CLOSURE_REMOVED = trail.kind("council.closure-removed", "A day of closure was taken back", blanks=("reason",))
CLOCKS_DIFFERED = trail.kind("council.clocks-differed", "The nightly look found dates that differed")
BANK_HOLIDAY_ADDED = trail.kind(
    "council.bank-holiday-added", "A bank holiday was added to the calendar", blanks=("name",)
)
BANK_HOLIDAY_REMOVED = trail.kind(
    "council.bank-holiday-removed", "A bank holiday that was added was taken back", blanks=("name",)
)
FEED_READ = trail.kind("council.feed-read", "The published list of bank holidays was read: {added} added")
FEED_NOT_READ = trail.kind("council.feed-not-read", "The published list of bank holidays could not be read")
MAILBOX_READ = trail.kind("council.mailbox-read", "A mailbox was read")
MAILBOX_FAILED = trail.kind("council.mailbox-failed", "A mailbox could not be read")
MAILBOX_CHANGED = trail.kind("council.mailbox-changed", "A mailbox's settings were changed")
PROCEDURE_ADOPTED = trail.kind("council.procedure-adopted", "A procedure was adopted")
SERVICE_ADDED = trail.kind("council.service-added", "The service {name} was added")
CATEGORY_ADDED = trail.kind("council.category-added", "The category {name} was added")
DIRECTORATE_ADDED = trail.kind("council.directorate-added", "The directorate {name} was added")
PART_CHANGED = trail.kind("council.part-changed", "The {what} {name} was changed")
PART_ENDED = trail.kind("council.part-ended", "The {what} {name} is no longer offered from {on}")
PART_OFFERED_AGAIN = trail.kind("council.part-offered-again", "The {what} {name} is offered again")
CONTACT_CHANGED = trail.kind("council.contact-changed", "The council's contact details were changed")
WORKING_CHANGED = trail.kind("council.working-changed", "The council's working settings were changed")
MAILBOX_ADDED = trail.kind("council.mailbox-added", "The mailbox {address} was added")
LOCAL_DRAFTED = trail.kind("council.local-edition-drafted", "The edition {edition} was drafted", blanks=("why",))
LOCAL_CHANGED = trail.kind("council.local-edition-changed", "The draft {edition} was changed", blanks=("why",))
LOCAL_DISCARDED = trail.kind("council.local-edition-discarded", "The draft {edition} was discarded")
LOCAL_TRIED = trail.kind("council.local-edition-tried", "The draft {edition} was tried on {cases} past cases")
LOCAL_APPROVED = trail.kind("council.local-edition-approved", "The edition {edition} was approved")
LOCAL_WITHDRAWN = trail.kind(
    "council.local-edition-withdrawn", "The edition {edition} was withdrawn before it took effect"
)
