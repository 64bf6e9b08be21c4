"""A real virus scanner with two signatures of our own: the EICAR test file, and a marker of the tests.

``with scanner() as address`` gives the address that ``redress.plumbing.malware.scan`` takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from servers import processes

# The test file that every scanner knows, put together here so that no scanner takes this source file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MARKER = b"REDRESS-TEST-" + b"HARMFUL-MARKER"

_CONFIG = """
DatabaseDirectory {base}/signatures
TCPSocket {port}
TCPAddr 127.0.0.1
LocalSocket {base}/socket
LocalSocketMode 600
Foreground yes
TemporaryDirectory {base}/tmp
StreamMaxLength {limit_mb}M
MaxScanSize 120M
MaxFileSize 120M
"""


@contextmanager
def scanner(*, limit_mb: int = 120, by_socket: bool = False) -> Iterator[str]:
    """Run clamd and give its address, "tcp:…" or "unix:…"; it refuses more than ``limit_mb``.

    Raises DidNotStart when it is not installed (Debian: clamav-daemon).
    """
    path = processes.program("clamd")
    if path is None:
        raise processes.DidNotStart("clamd is not installed (Debian: clamav-daemon).")
    with processes.folder("clamd") as base:
        port = processes.free_port()
        (base / "signatures").mkdir()
        (base / "tmp").mkdir()
        (base / "signatures" / "tests.hdb").write_text(
            f"{hashlib.md5(EICAR, usedforsecurity=False).hexdigest()}:{len(EICAR)}:Eicar-Test\n"
        )
        (base / "signatures" / "tests.ndb").write_text(f"Redress-Marker:0:*:{MARKER.hex()}\n")
        (base / "clamd.conf").write_text(_CONFIG.format(base=base, port=port, limit_mb=limit_mb))
        processes.hand_over(base)
        with processes.running(
            [path, "-c", str(base / "clamd.conf")],
            log=base / "clamd.log",
            ready=lambda: processes.answers(port),
            seconds=40.0,
        ):
            yield f"unix:{base / 'socket'}" if by_socket else f"tcp:127.0.0.1:{port}"
