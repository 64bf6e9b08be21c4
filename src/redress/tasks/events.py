"""What can be written in the trail about tasks?"""

from redress.access import trail

ASKED = trail.kind("task.asked", "A service was asked", blanks=("question",))
ANSWERED = trail.kind("task.answered", "A service answered", blanks=("answer",))
LATER = trail.kind("task.later", "A service can’t answer by then", blanks=("reason",))
NOT_OURS = trail.kind("task.not-ours", "A service says that it is not theirs", blanks=("reason",))
CHASED = trail.kind("task.chased", "A service was chased")
WITHDRAWN = trail.kind("task.withdrawn", "A task was withdrawn")
