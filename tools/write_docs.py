"""Writes the generated pages: `make docs`."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Write every page that differs, name it, and return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")
    from redress.server.reference import PAGES

    for name, page in PAGES.items():
        file, text = PROJECT / name, page()
        if not file.exists() or file.read_text() != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
