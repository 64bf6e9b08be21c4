"""What came in, what went out, and how far has it got?

The reads of what came in stand in ``queries_arrivals``.
"""

from __future__ import annotations

from redress.correspondence.queries_arrivals import to_log_count

__all__ = ["to_log_count"]
