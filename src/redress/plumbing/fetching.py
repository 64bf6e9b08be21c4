"""How is a small public file fetched from an address, without waiting for ever and without taking more than it should?

Example: ``get("https://www.gov.uk/bank-holidays.json")`` gives its bytes, or raises ``NotFetched`` with a sentence.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BYTES = 2_000_000
MOST_SECONDS = 20


class NotFetched(Exception):
    """What lies at an address could not be had; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check(address: str) -> str:
    """Give a web address back as it can be used. Raises ``ValueError`` with what it has to be."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise ValueError("a web address whose port is a number") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError("a web address that begins with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a web address without a name or password in it")
    if any(one.isspace() or not one.isprintable() for one in address.strip()):
        raise ValueError("a web address without spaces")
    return address.strip()


def is_here(address: str) -> bool:
    """Say whether an address lies on this machine."""
    return (urlsplit(address).hostname or "") in LOOPBACK


class _OnlyTheWeb(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only to another web address; one that is on this machine stays on it."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        """Refuse what leaves the web, or would lead from this machine out into the world or the other way."""
        try:
            check(newurl)
        except ValueError as wrong:
            raise NotFetched(f"The address leads on to another, which must be {wrong}.") from None
        if is_here(req.full_url) != is_here(newurl):
            raise NotFetched("The address leads on from the network to this machine, or the other way round.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Limit:
    """Hangs up after so many seconds: an answer that trickles byte by byte runs into no other limit of time."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._open: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> _Limit:
        self._timer.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._timer.cancel()

    def watch(self, opened: socket.socket) -> None:
        """Hang up this connection as well when the time is over."""
        self._open.append(opened)

    def _hang_up(self) -> None:
        self.over = True
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _watched(kind: type[http.client.HTTPConnection], limit: _Limit) -> type[http.client.HTTPConnection]:
    """Make a kind of connection that hangs up when the time is over."""

    class Watched(kind):  # type: ignore[misc, valid-type]
        def connect(self) -> None:
            super().connect()
            limit.watch(self.sock)

    return Watched


class _Http(urllib.request.HTTPHandler):
    limit: _Limit

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_watched(http.client.HTTPConnection, self.limit), req)


class _Https(urllib.request.HTTPSHandler):
    limit: _Limit

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_watched(http.client.HTTPSConnection, self.limit), req)


def get(address: str, *, seconds: float = MOST_SECONDS, most: int = MOST_BYTES) -> bytes:
    """Fetch what lies at a web address, up to ``most`` bytes, within ``seconds`` in all.

    Raises ``NotFetched``.
    """
    try:
        where = check(address)
    except ValueError as wrong:
        raise NotFetched(f"The address must be {wrong}.") from None
    host = urlsplit(where).hostname or ""
    with _Limit(seconds) as limit:
        try:
            found = _opened(where, limit, seconds, most)
        except urllib.error.HTTPError as fault:
            fault.close()
            raise NotFetched(f"{host} answered with the status {fault.code}.") from None
        except (OSError, http.client.HTTPException, ValueError) as fault:
            if limit.over or isinstance(fault, TimeoutError):
                raise NotFetched(f"{host} did not answer within {seconds:g} seconds.") from None
            if isinstance(fault, urllib.error.URLError):
                raise NotFetched(f"{host} can’t be reached: {_why(fault.reason)}.") from None
            raise NotFetched(f"{host} broke off: {_why(fault)}.") from None
        if limit.over:
            raise NotFetched(f"{host} did not answer within {seconds:g} seconds.")
    if len(found) > most:
        raise NotFetched(f"{host} sent more than {most:,} bytes; that can’t be it.")
    return found


def _opened(where: str, limit: _Limit, seconds: float, most: int) -> bytes:
    plain, secure = _Http(), _Https()
    plain.limit = secure.limit = limit
    handlers: list[urllib.request.BaseHandler] = [plain, secure, _OnlyTheWeb()]
    if is_here(where):
        # A proxy of the network has no business with an address of this machine.
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(where, headers={"User-Agent": "Redress", "Accept": "application/json"})  # noqa: S310
    with urllib.request.build_opener(*handlers).open(request, timeout=seconds) as answer:
        found: bytes = answer.read(most + 1)
    return found


def _why(fault: object) -> str:
    if isinstance(fault, TimeoutError):
        return "it did not answer in time"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return str(fault).strip().rstrip(".") or type(fault).__name__
