"""What can be written in the trail about the trail itself, and about the secrets of the installation?"""

from redress.access import trail

CHECKED = trail.kind(
    "trail.checked", "The whole trail was checked: {entries} entries, {faults} faults", blanks=("sentences",)
)
SECRET_CHANGED = trail.kind("secret.changed", "The {secret} key of the installation was changed")
