"""What can be written in the trail about councils, and in which words?"""

from redress.access import trail

ADDED = trail.kind("council.added", "The council was set up")
CLOSURE_ADDED = trail.kind("council.closure-added", "A day of closure was added", blanks=())
BANK_HOLIDAY_ADDED = trail.kind("council.bank-holiday-added", "A bank holiday was added to the calendar")
MAILBOX_READ = trail.kind("council.mailbox-read", "A mailbox was read")
MAILBOX_FAILED = trail.kind("council.mailbox-failed", "A mailbox could not be read")
MAILBOX_CHANGED = trail.kind("council.mailbox-changed", "A mailbox's settings were changed")
SETTINGS_CHANGED = trail.kind("council.settings-changed", "The council's settings were changed")
PROCEDURE_ADOPTED = trail.kind("council.procedure-adopted", "A procedure was adopted")
