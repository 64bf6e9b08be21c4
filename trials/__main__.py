"""``make trials``: run the long counts, or some of them, from where they were cut off.

python -m trials                              # all, with their full counts
python -m trials kills --count 10 --seed 3    # one, shorter, with another seed
python -m trials --fresh                      # from the beginning
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from trials.progress import Progress

COUNTS = {"histories": 100_000, "mail": 5_000, "kills": 100}


def main() -> int:
    """Run what is asked for, and return the exit status: 1 when a fault was found."""
    parser = argparse.ArgumentParser(
        prog="python -m trials",
        description="The long counts, seeded and resumable.",
        epilog="example: python -m trials kills --count 20 --seed 7",
    )
    parser.add_argument("names", nargs="*", metavar="TRIAL", help=f"{', '.join(COUNTS)}; without one, all of them")
    parser.add_argument("--count", type=int, help="how many, instead of the full count")
    parser.add_argument("--seed", type=int, default=20240208, help="the same seed gives the same trial")
    parser.add_argument("--fresh", action="store_true", help="begin anew instead of going on")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in COUNTS:
            parser.error(f"there is no trial {name}; there are {', '.join(COUNTS)}")
    wrong = []
    for name in asked.names or COUNTS:
        print(f"── {name} ──", flush=True)
        progress = Progress(name, asked.seed, asked.count or COUNTS[name], asked.fresh)
        if not import_module(f"trials.{name}").run(progress):
            wrong.append(name)
    print(f"Not well: {', '.join(wrong)}." if wrong else "All is well.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
