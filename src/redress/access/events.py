"""What can be written in the trail about the trail itself?"""

from redress.access import trail

CHECKED = trail.kind(
    "trail.checked", "The whole trail was checked: {entries} entries, {faults} faults", blanks=("sentences",)
)
