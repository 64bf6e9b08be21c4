"""Writes the generated pages: `make docs`."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Write every page that differs, name it, and return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")
    from redress.server import reference, reference_tables

    # What the sweeps cover is known to the sweeps: the program that is installed knows nothing of its tests.
    reference_tables.load_registries()
    sys.path.insert(0, str(PROJECT / "tests"))
    from sweeps import reach

    for name, page in {**reference.PAGES, **reach.PAGES}.items():
        file, text = PROJECT / name, page()
        if not file.exists() or file.read_text("utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
