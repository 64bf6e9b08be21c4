"""What can be written in the trail about remedies?"""

from redress.access import trail

PROPOSED = trail.kind("remedy.proposed", "A remedy was put into the draft answer", blanks=("text",))
CHANGED = trail.kind("remedy.changed", "A remedy was changed", blanks=("text",))
DROPPED = trail.kind("remedy.dropped", "A remedy was dropped from the draft answer")
APPROVED = trail.kind("remedy.approved", "A payment was approved")
PROMISED = trail.kind("remedy.promised", "A remedy was promised", blanks=("owner", "text"))
DONE = trail.kind("remedy.done", "A promise was done", blanks=("evidence",))
REPLACED = trail.kind("remedy.replaced", "A promise was replaced by another", blanks=("reason",))
