"""Is this a demonstration? Settled when the folder of data is made, and never again.

The mark has two halves that must agree: a file in the folder of data and a row in the database, which refuses change.
So a demonstration can't be turned into the real thing by editing a file, nor a real installation into one in which
anything goes.
"""

import json
import uuid
from typing import Any, Literal

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from redress.plumbing import moment
from redress.plumbing.home import Home, write_once

Kind = Literal["demonstration", "real"]


class MarkFault(Exception):
    """The two halves of the mark don't agree; nothing is started on such data."""


def write_file(home: Home, kind: Kind) -> None:
    """Make the folder of data and write the file's half of the mark, unless it was made before."""
    home.make()
    if not home.is_made():
        made = {"identity": str(uuid.uuid4()), "kind": kind, "made_at": moment.now().isoformat()}
        write_once(home.mark, (json.dumps(made, indent=2) + "\n").encode())


def read_file(home: Home) -> dict[str, Any]:
    """Return the file's half of the mark. Raises MarkFault when it is missing or unreadable."""
    try:
        found: dict[str, Any] = json.loads(home.mark.read_text())
        uuid.UUID(found["identity"])
        if found["kind"] not in ("demonstration", "real"):
            raise ValueError(found["kind"])
    except (OSError, ValueError, KeyError) as fault:
        raise MarkFault(
            f"{home.mark} is missing or unreadable, so it is not known what kind of installation this is; "
            "put it back from the last backup."
        ) from fault
    return found


def settle(home: Home, *, holds_data: bool) -> Kind:
    """Write the database's half of the mark when the database is new; else check that both halves agree.

    Raises MarkFault.
    """
    from redress.server.models import Installation

    file = read_file(home)
    with transaction.atomic():
        row = Installation.objects.first()
        if row is None:
            if holds_data:
                raise MarkFault(
                    f"The database holds cases but no mark, so it was not made together with {home.path}; "
                    "put back a whole backup (redress restore DIR) instead of parts."
                )
            row = Installation.objects.create(
                identity=uuid.UUID(file["identity"]), kind=file["kind"], made_at=moment.now()
            )
    if (str(row.identity), row.kind) != (file["identity"], file["kind"]):
        raise MarkFault(
            f"{home.mark} says “{file['kind']}” and the database says “{row.kind}” or is another installation's: "
            "the kind of an installation is settled when it is made and can't be changed."
        )
    return "demonstration" if row.kind == "demonstration" else "real"


def holds_data() -> bool:
    """Tell whether the database has a council, so that it is somebody's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM council_council)")
        return bool(cursor.fetchone()[0])


def on_every_page(request: HttpRequest) -> dict[str, bool]:
    """Tell every template whether this installation is a demonstration."""
    return {"demonstration": settings.REDRESS_DEMONSTRATION}
