"""How is work on somebody else's bytes kept from harming the server that asks for it?

Each such piece of work is a small script run in a child process with limits of time, processor, memory and output:
a file made to exhaust a parser ends the child and nothing else.

>>> limited.run(Path("count_pages.py"), pdf_bytes, seconds=20, memory_mb=1024)      # doctest: +SKIP
b'{"pages": 3}'

The script reads standard input and writes standard output. This file is also what starts in the child: it sets the
limits there (setting them between fork and exec is not safe in a threaded server) and then runs the script.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class TooSlow(Exception):
    """The work was ended because it took longer than allowed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.sentence = f"It took longer than {seconds:g} seconds, so it was stopped."
        super().__init__(self.sentence)


class Failed(Exception):
    """The work ended without an answer: it ran out of memory, or the script broke."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.sentence = "It could not be done: the file may be damaged, or too large to open."
        super().__init__(reason)


def run(script: Path, data: bytes, *, seconds: float, memory_mb: int, output_mb: int = 256) -> bytes:
    """Run a script on bytes in a limited child process and return what it wrote.

    ``seconds`` limits both the clock and the processor; ``memory_mb`` the address space. Raises TooSlow or Failed.
    """
    command = [
        sys.executable,
        "-I",
        str(Path(__file__)),
        str(script),
        str(max(int(seconds) + 1, 1)),
        str(memory_mb),
        str(output_mb),
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_bare_environment(),
        start_new_session=True,
    ) as child:
        try:
            out, err = child.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(child)
            raise TooSlow(seconds) from None
        except BaseException:
            _end(child)
            raise
    if child.returncode == -signal.SIGXCPU:
        raise TooSlow(seconds)
    if child.returncode != 0:
        raise Failed(_last_line(err) or f"ended with {child.returncode}")
    return out


def _bare_environment() -> dict[str, str]:
    # The child has no business with passwords and keys that stand in the server's environment.
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ} | {
        "LC_ALL": "C.UTF-8",
        # One thread each is enough on a small machine, and keeps the address space within its limit.
        "RAYON_NUM_THREADS": "2",
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _last_line(err: bytes) -> str:
    lines = err.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:500] if lines else ""


def _confine(seconds: int, memory_mb: int, output_mb: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_mb << 20, output_mb << 20))


def _main(arguments: list[str]) -> None:
    import runpy

    script, seconds, memory_mb, output_mb = arguments
    _confine(int(seconds), int(memory_mb), int(output_mb))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    _main(sys.argv[1:])
