"""What can be written in the trail about documents?"""

from redress.access import trail

ADDED = trail.kind("document.added", "A document was added", blanks=("name",))
PLACED = trail.kind("document.placed", "A document was placed on the case", blanks=("name",))
SCANNED = trail.kind("document.scanned", "A document was scanned")
REFUSED = trail.kind("document.refused", "A document was held back", blanks=("name",))
