"""May this installation start as it is set up? A real one must not be open to the world by mistake.

    starting.check(settings)    # CantStart: “… Set REDRESS_BEHIND_HTTPS=yes …”, or nothing

A demonstration never leaves the machine, so it is asked for none of this.
"""

from __future__ import annotations

import os

from redress.server import secret_keys
from redress.server.environment import LOOPBACK, Environment

_DEBUGGING = ("DEBUG", "DJANGO_DEBUG")
_GUIDE = "docs/how-to/run-for-real.md shows how."


class CantStart(Exception):
    """A real installation is set up in a way that is not safe; the sentence says what to do."""


def check(settings: Environment) -> None:
    """Check what a real installation needs before it may serve anybody. Raises CantStart, SecretFault."""
    if settings.home.kind() != "real":
        return
    secret_keys.check(settings)
    check_debugging()
    check_way_in(settings)


def check_debugging() -> None:
    """Check that nobody asked for a debugging mode, which would show what is inside to whoever meets a fault."""
    for name in _DEBUGGING:
        if os.environ.get(name, "").strip().lower() not in ("", "0", "no", "false", "off"):
            raise CantStart(f"{name} is set, and a real installation has no debugging mode; unset it, and start again.")
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "redress.server.settings")
    if module != "redress.server.settings":
        raise CantStart(f"DJANGO_SETTINGS_MODULE names {module}; unset it: a real installation runs with its own.")


def check_way_in(settings: Environment) -> None:
    """Check that nobody can listen on the way: HTTPS in front, or nothing but this machine. Raises CantStart."""
    here = settings.listen in LOOPBACK
    if settings.behind_https:
        if not here and "REDRESS_TRUSTED_PROXIES" not in settings.given:
            raise CantStart(
                f"It would listen on {settings.listen}, where anybody could claim to be the web server in front; set "
                f"REDRESS_TRUSTED_PROXIES to that server's address, or REDRESS_LISTEN to 127.0.0.1. {_GUIDE}"
            )
        return
    if not settings.plain_http:
        raise CantStart(
            "Nothing says that people come by HTTPS. Put a web server with HTTPS in front and set "
            f"REDRESS_BEHIND_HTTPS=yes; or, to try it out on this machine alone, set REDRESS_PLAIN_HTTP=yes. {_GUIDE}"
        )
    if not here:
        raise CantStart(
            f"REDRESS_PLAIN_HTTP is set, but it would listen on {settings.listen}, where others can listen in; set "
            f"REDRESS_LISTEN to 127.0.0.1, or put a web server with HTTPS in front. {_GUIDE}"
        )
