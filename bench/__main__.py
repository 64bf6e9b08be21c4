"""``make bench``: run every benchmark, or those that are named.

python -m bench            # all of them
python -m bench trail      # one
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Run what is asked for, one after the other, and return the worst status."""
    there = sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))
    asked = sys.argv[1:] or there
    unknown = [name for name in asked if name not in there]
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are: {', '.join(there)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in asked:
        print(f"── {name} ──", flush=True)
        done = subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], cwd=FOLDER.parent, check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
