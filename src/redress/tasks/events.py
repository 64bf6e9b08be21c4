"""What can be written in the trail about tasks?"""

from redress.access import trail

ASKED = trail.kind("task.asked", "A service was asked", blanks=("question",))
ANSWERED = trail.kind("task.answered", "A service answered", blanks=("answer",))
WITHDRAWN = trail.kind("task.withdrawn", "A task was withdrawn")
