"""Small writes to the table of checks; casework calls them inside its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from redress.correspondence.models import Response
from redress.quality.models import Check
from redress.staff.models import Officer


def open_check(*, response: Response, asked_of: Officer | None, digest: str, at: datetime) -> Check:
    """Open the next round of checking, against exactly these words."""
    last = Check.objects.filter(response=response).order_by("-round").values_list("round", flat=True).first() or 0
    return Check.objects.create(
        council_id=response.council_id,
        response=response,
        round=last + 1,
        author_id=response.author_id,
        asked_of=asked_of,
        asked_at=at,
        digest=digest,
    )


def take_back(*, check: Check, at: datetime) -> None:
    """End a round because its author took the answer back."""
    check.state, check.ended_at = Check.State.TAKEN_BACK, at
    check.save(update_fields=["state", "ended_at"])


def end_check(
    *,
    check: Check,
    passed: bool,
    checker: Officer,
    parts: Mapping[str, bool],
    remarks: Sequence[Mapping[str, Any]],
    remark: str,
    at: datetime,
) -> None:
    """End a round: passed, or returned with remarks."""
    check.state = Check.State.PASSED if passed else Check.State.RETURNED
    check.checker = checker
    check.parts = dict(parts)
    check.remarks = [dict(one) for one in remarks]
    check.remark = remark
    check.ended_at = at
    check.save()
