"""What can be written in the trail about councils, and in which words?"""

from redress.access import trail

ADDED = trail.kind("council.added", "The council was set up")
CLOSURE_ADDED = trail.kind("council.closure-added", "A day of closure was added", blanks=("reason",))
CLOSURE_REMOVED = trail.kind("council.closure-removed", "A day of closure was taken back", blanks=("reason",))
CLOCKS_DIFFERED = trail.kind("council.clocks-differed", "The nightly look found dates that differed")
BANK_HOLIDAY_ADDED = trail.kind(
    "council.bank-holiday-added", "A bank holiday was added to the calendar", blanks=("name",)
)
MAILBOX_READ = trail.kind("council.mailbox-read", "A mailbox was read")
MAILBOX_FAILED = trail.kind("council.mailbox-failed", "A mailbox could not be read")
MAILBOX_CHANGED = trail.kind("council.mailbox-changed", "A mailbox's settings were changed")
PROCEDURE_ADOPTED = trail.kind("council.procedure-adopted", "A procedure was adopted")
SERVICE_ADDED = trail.kind("council.service-added", "The service {name} was added")
CATEGORY_ADDED = trail.kind("council.category-added", "The category {name} was added")
MAILBOX_ADDED = trail.kind("council.mailbox-added", "The mailbox {address} was added")
