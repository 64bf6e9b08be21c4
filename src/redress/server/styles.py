"""Which address has a style sheet or script? One that changes with its content, so that no browser shows an old one.

Example: `{% static "redress/redress.css" %}` is `/static/redress/redress.css?v=3f9a1c20`.
"""

import functools
import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """Addresses of static files, each with the beginning of its digest."""

    def url(self, name: str | None) -> str:
        """Return the address of a static file."""
        plain = super().url(name)
        version = _version(name) if name else ""
        return f"{plain}?v={version}" if version else plain


@functools.cache
def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if found else ""
