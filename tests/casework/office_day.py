"""What the tests of steps share: passwords hashed quickly, and what the trail of a case holds."""

from __future__ import annotations

from redress.access import trail
from redress.cases.models import Case

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def kinds(case: Case) -> list[str]:
    """List what the trail of a case holds."""
    return [line.kind for line in trail.read(case)]
