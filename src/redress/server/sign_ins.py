"""Who can sign in to this demonstration, and with what? Printed by `redress run` and `redress demo`.

The passwords were made at random for this installation; the file that holds them is readable by its owner only.
"""

import json
from collections.abc import Iterator
from typing import Any

from redress.plumbing.home import Home


class NoDemonstration(Exception):
    """There are no sign-ins to show: this is no demonstration, or it was not made yet."""


def read(home: Home) -> dict[str, Any]:
    """Return what the demonstration's maker wrote down. Raises NoDemonstration."""
    if home.kind() == "real":
        raise NoDemonstration(f"{home.path} is not a demonstration; its people sign in with their own passwords.")
    if not home.demonstration.exists():
        raise NoDemonstration(f"There is no demonstration in {home.path} yet; start it with “make run”.")
    found: dict[str, Any] = json.loads(home.demonstration.read_text())
    return found


def lines(home: Home, address: str | None = None) -> Iterator[str]:
    """Give the sign-ins as lines to read."""
    for sign_in in read(home).get("sign_ins", []):
        yield f"  {sign_in['role']:<32} {sign_in['email']:<40} {sign_in['password']}"
    if address is not None:
        yield f"  The desk: {address}desk/   The portal: {address}northmere/"
