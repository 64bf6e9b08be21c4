"""What can be written in the trail about people?"""

from redress.access import trail

ADDED = trail.kind("person.added", "The person was added", blanks=("name", "email", "telephone", "address"))
CHANGED = trail.kind("person.changed", "Details of the person were changed", blanks=("changes",))
ADJUSTMENT_ADDED = trail.kind("person.adjustment-added", "Something to be honoured was added", blanks=("text",))
ADJUSTMENT_ENDED = trail.kind("person.adjustment-ended", "Something to be honoured was ended", blanks=("text",))
AUTHORITY_ASKED = trail.kind("person.authority-asked", "Authority to act was asked for")
AUTHORITY_CONFIRMED = trail.kind("person.authority-confirmed", "Authority to act was confirmed")
AUTHORITY_WITHDRAWN = trail.kind("person.authority-withdrawn", "Authority to act was withdrawn", blanks=("reason",))
