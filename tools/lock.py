"""Pins everything that the dependencies bring along, with digests: `make lock`, after a change to pyproject.toml.

The lock files name no registry, so they serve wherever packages come from.
"""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).parent / "uv"
COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes"]
QUIETLY = ["--no-emit-index-url", "--no-header", "--quiet"]
UV_VERSION = "0.13.9"


def main() -> int:
    """Write the three lock files and return the exit status."""
    for groups, name in ((["build"], "requirements.lock"), (["build", "dev"], "requirements-dev.lock")):
        chosen = [part for group in groups for part in ("--group", group)]
        if compile_into(name, "pyproject.toml", *chosen) != 0:
            return 1
    source = PROJECT / "tools" / ".uv.in"
    source.write_text(f"uv=={UV_VERSION}\n")
    try:
        return compile_into("tools/uv.lock.txt", str(source.relative_to(PROJECT)), "--no-annotate")
    finally:
        source.unlink()


def compile_into(name: str, *arguments: str) -> int:
    """Write one lock file."""
    uv = str(UV) if UV.exists() else "uv"
    return subprocess.run(
        [uv, "pip", "compile", *COMMON, *QUIETLY, *arguments, "-o", name], cwd=PROJECT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
