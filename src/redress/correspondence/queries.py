"""What came in, what went out, and how far has it got?

The reads of what came in stand in ``queries_arrivals``, those of what went out in ``queries_letters``.
"""

from __future__ import annotations

from redress.correspondence.models import Letter, Response
from redress.correspondence.queries_arrivals import messages_of, to_log_count
from redress.correspondence.queries_letters import (
    TextRow,
    left_behind,
    letter,
    letters_by_ids,
    letters_of,
    on_their_way,
    response_of,
    sent_lately,
    texts_of,
    to_look_at,
    to_post,
    to_post_count,
    versions_of,
)

__all__ = [
    "Letter",
    "Response",
    "TextRow",
    "left_behind",
    "letter",
    "letters_by_ids",
    "letters_of",
    "messages_of",
    "on_their_way",
    "response_of",
    "sent_lately",
    "texts_of",
    "to_log_count",
    "to_look_at",
    "to_post",
    "to_post_count",
    "versions_of",
]
