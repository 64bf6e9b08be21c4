"""Write 0001_initial of every app anew from its models; only until the first release.

Example: ``python -m tools.remake_migrations``.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

APPS = ("council", "staff", "people", "cases", "documents", "correspondence", "tasks", "learning", "quality")
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Remove the first migrations and let Django write them again; guards in later files are kept aside meanwhile."""
    with (ROOT / ".git" / "remake.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept: dict[Path, str] = {}
        for app in APPS:
            folder = ROOT / "src" / "redress" / app / "migrations"
            for path in folder.glob("0*.py"):
                if not path.name.startswith("0001"):
                    kept[path] = path.read_text()
                path.unlink()
        try:
            status = subprocess.call(
                [sys.executable, "-m", "django", "makemigrations", *APPS],
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "redress.server.settings"},
            )
            made = [str(ROOT / "src" / "redress" / app / "migrations" / "0001_initial.py") for app in APPS]
            ruff = str(Path(sys.executable).parent / "ruff")
            subprocess.call([ruff, "check", "--quiet", "--fix", *made])
            subprocess.call([ruff, "format", "--quiet", *made])
            return status
        finally:
            for path, content in kept.items():
                path.write_text(content)


if __name__ == "__main__":
    sys.exit(main())
