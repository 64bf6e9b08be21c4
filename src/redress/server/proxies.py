"""Whom is it believed that a request came by HTTPS, and from where? Only the web servers in front that were named.

Example: with REDRESS_BEHIND_HTTPS=yes and the web server on this machine, a request from 192.0.2.9 that claims
X-Forwarded-Proto: https is not believed, and what did not come by HTTPS is answered with a sentence instead of a page.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from redress.server import faults

_TOLD = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
ALWAYS = ("/health",)
"""Asked by whoever watches the service, on this machine."""


class OnlyTrusted:
    """Middleware: takes away what a request claims about itself unless a web server that we know passed it on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(one) for one in settings.REDRESS_TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            for name in _TOLD:
                request.META.pop(name, None)
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
            peer = peer.ipv4_mapped
        return any(peer in network for network in self.networks)


class OnlyByHttps:
    """Middleware: shows no page to somebody whose way here can be listened to.

    It leads nobody on to the same address by HTTPS: a web server in front that forgot X-Forwarded-Proto would send
    people round in a circle, and nobody would learn why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REDRESS_ONLY_BY_HTTPS or request.is_secure() or request.path in ALWAYS:
            return self.get_response(request)
        return faults.only_by_https(request)
