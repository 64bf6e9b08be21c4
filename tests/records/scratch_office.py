"""Two councils, a few people and a few small steps, for tests of the step and the trail themselves.

The steps are taken out of the registry again, so that the sweeps see the program's own steps only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import Permission
from redress.access.roles import Role
from redress.access.step import STEPS, step
from redress.council.models import Council
from redress.people.models import Contact
from redress.plumbing import later

AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


def council(code: str = "northmere", prefix: str = "NMR") -> Council:
    return Council.objects.create(
        code=code,
        name=code.title(),
        short_name=code.title(),
        prefix=prefix,
        address="Civic Offices",
        telephone="01632 960100",
        email=f"complaints@{code}.example",
    )


def contact(of: Council, name: str = "Dev Patel") -> Contact:
    return Contact.objects.create(council=of, name=name, sort_key=name.lower(), added_at=AT)


def staff(role: Role, *councils: Council, id: int = 7, name: str = "Asha Mehta") -> Actor:
    return Actor(kind="staff", id=id, name=name, roles={of.pk: frozenset({role}) for of in councils})


@contextmanager
def office() -> Iterator[SimpleNamespace]:
    """Give a few small steps and kinds, and take them away again."""
    steps, kinds = dict(STEPS), dict(trail.KINDS)
    try:
        yield _made()
    finally:
        for registry, before in ((STEPS, steps), (trail.KINDS, kinds)):
            registry.clear()
            registry.update(before)  # type: ignore[arg-type]


def _made() -> SimpleNamespace:
    renamed = trail.kind("scratch-renamed", "Renamed to {name}", blanks=("name",))
    counted = trail.kind("scratch-counted", "Counted {number}")

    @step(needs=Permission.PERSON_CHANGE, on="contact")
    def rename(*, contact: Contact, name: str, by: Actor, at: dt.datetime, fail: bool = False) -> Contact:
        """Give a contact another name."""
        contact.name = name
        contact.save(update_fields=["name"])
        later.queue("scratch.work", contact=contact.pk)
        trail.note(renamed, on=contact, detail={"name": name}, ids={"contact": contact})
        if fail:
            raise RuntimeError("the body failed")
        return contact

    @step(needs=Permission.PERSON_CHANGE, on="contacts")
    def rename_all(
        *, contacts: list[Contact], name: str, by: Actor, at: dt.datetime, fail: bool = False
    ) -> list[Contact]:
        """Give several contacts another name."""
        for one in contacts:
            one.name = name
            one.save(update_fields=["name"])
            trail.note(renamed, on=one, detail={"name": name})
        return contacts

    @step(needs=Permission.PERSON_CHANGE, on="contact")
    def forget_to_note(*, contact: Contact, by: Actor, at: dt.datetime) -> None:
        """Change a contact and leave nothing in the trail."""
        contact.name = "changed"
        contact.save(update_fields=["name"])

    @step(needs=Permission.PERSON_CHANGE, on="contact")
    def nest(*, contact: Contact, by: Actor, at: dt.datetime) -> None:
        """Call another step from inside this one."""
        rename(contact=contact, name="nested", by=by, at=at)

    @step(needs=Permission.PERSON_CHANGE, on="council")
    def count(*, council: Council, number: int, by: Actor, at: dt.datetime, hold: Any = None) -> int:
        """Note a number on a council."""
        if hold is not None:
            hold()
        trail.note(counted, on=council, ids={"number": number})
        return number

    @step(needs=Permission.TIMETABLE_SEAL, on=())
    def tidy(*, by: Actor, at: dt.datetime) -> str:
        """Note something on the installation."""
        trail.note(counted, on=trail.INSTALLATION, ids={"number": 1})
        return "tidied"

    @step(needs=Permission.RESIDENT_ADD, on="contact")
    def add_as_resident(*, contact: Contact, by: Actor, at: dt.datetime) -> None:
        """Note that a resident added something."""
        trail.note(counted, on=contact, ids={"number": 1})

    @step(needs=Permission.PERSON_CHANGE, on="contact")
    def answer_nothing_storable(*, contact: Contact, by: Actor, at: dt.datetime) -> object:
        """Answer something that no key can bring back."""
        trail.note(counted, on=contact, ids={"number": 1})
        return object()

    made = {name: value for name, value in locals().items() if name not in ("renamed", "counted")}
    return SimpleNamespace(**made, renamed=renamed, counted=counted)
