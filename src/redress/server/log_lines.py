"""What may stand in the log? Never a secret: whoever reads the log could open a case with a link that stands in it.

Example: ``masked("Gone: /northmere/follow/link/Zk3…/")`` is “Gone: /northmere/follow/link/***/”.
"""

from __future__ import annotations

import logging
import re

_LINKS = re.compile(r"/(follow/link|complain/resume|accounts/first)/[^/\s?]+")
_PASSWORDS = re.compile(r"(://[^:/@\s]*:)[^@\s]+@")


def masked(line: str) -> str:
    """Take the secrets of links, and passwords in addresses, out of a line."""
    return _PASSWORDS.sub(r"\1***@", _LINKS.sub(r"/\1/***", line))


class Masked(logging.Formatter):
    """Writes every line, what went wrong included, without the secrets in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line."""
        return masked(super().format(record))
