"""What can be written in the trail about checks? The kinds of a response's life stand with correspondence."""

from redress.access import trail

OPENED = trail.kind("check.opened", "A check was opened")
