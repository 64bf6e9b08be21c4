"""Sets up the virtual environment: `python3 tools/install.py` for running, `--dev` for working on Redress.

Everything comes from lock files with digests, by uv where pip can fetch it (seconds), else by pip itself. A stamp says
what was installed, so the second time is instant. Needs nothing but Python 3.11 or later with its venv module.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_LOCK = PROJECT / "requirements.lock"
DEV_LOCK = PROJECT / "requirements-dev.lock"
OLDEST = (3, 11)
UV_LOCK = PROJECT / "tools" / "uv.lock.txt"


def main() -> int:
    """Install what is missing, and return the exit status."""
    if sys.version_info[:2] < OLDEST:
        found = sys.version.split()[0]
        return fail(f"Redress needs Python 3.11 or later; this is {found}. Try: make run PYTHON=python3.12")
    dev = "--dev" in sys.argv[1:]
    lock = DEV_LOCK if dev else RUN_LOCK
    wanted, stamp = fingerprint(lock), VENV / f".installed-{'dev' if dev else 'run'}"
    whole = VENV / ".installed-dev"  # has everything that running needs, too
    if PYTHON.exists() and any(
        done.exists() and done.read_text() == fingerprint(source)
        for done, source in ((stamp, lock), (whole, DEV_LOCK))
        if source == lock or not dev
    ):
        return 0
    if not works():
        print("Making the virtual environment .venv …", flush=True)
        if VENV.exists():
            shutil.rmtree(VENV)
        if run([sys.executable, "-m", "venv", str(VENV)]) != 0:
            return fail("Python's venv module does not work here; on Debian and Ubuntu: apt-get install python3-venv")
    print("Installing the locked packages …", flush=True)
    if not (by_uv(lock) or by_pip(lock)):
        return fail("The packages could not be installed; the lines above say why. Is there a network?")
    in_place = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", str(PROJECT)]
    if run(in_place) != 0:
        return fail("Redress itself could not be installed; the lines above say why.")
    stamp.write_text(wanted)
    return 0


def fingerprint(lock: Path) -> str:
    """Return what an environment was, or would be, made from."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (lock, PROJECT / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(str(PROJECT).encode())
    return digest.hexdigest()


def works() -> bool:
    """Tell whether the environment that is there can be used: its Python may have gone, or the folder have moved."""
    if not PYTHON.exists():
        return False
    done = subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False)
    return done.returncode == 0


def by_uv(lock: Path) -> bool:
    """Install with uv, itself from a lock file; tell whether that went well."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        fetch = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(UV_LOCK)]
        if subprocess.run(fetch, capture_output=True, check=False).returncode != 0:
            return False
    # One that fails is no fault yet: pip may be set up for this network where uv is not.
    done = subprocess.run(
        [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def by_pip(lock: Path) -> bool:
    """Install with pip; tell whether that went well."""
    return run([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]) == 0


def run(command: list[str]) -> int:
    """Run a command that may speak for itself, and return its status."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run(command, env=environment, check=False).returncode


def fail(sentence: str) -> int:
    """Say what went wrong, and return the status for it."""
    print(f"install: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
