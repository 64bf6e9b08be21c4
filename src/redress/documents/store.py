"""Where do the bytes of documents lie?

One store for the installation, below the folder of data; each council's bytes are its own. Bytes are put here before
the step that writes their row.

Example: ``store().read("northmere", document.sha256)``.
"""

from __future__ import annotations

from redress.plumbing import home
from redress.plumbing.storage import FileStore


def store() -> FileStore:
    """Give the installation's store."""
    return FileStore(home.current().store)
