"""Which edition of a procedure was in force on a day.

Example: `edition("housing-complaint", date(2026, 11, 20)).id` is "housing-complaint@2024-04-01".

The editions stand beside this file, one TOML file for each procedure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from redress.rulebook import dates
from redress.rulebook.editions import Edition

FILES: dict[str, str] = {
    "corporate-complaint": "corporate-complaint.toml",
    "housing-complaint": "housing-complaint.toml",
    "adult-social-care-complaint": "adult-social-care-complaint.toml",
    "childrens-complaint": "childrens-complaint.toml",
    "foi-request": "foi-request.toml",
    "eir-request": "eir-request.toml",
    "subject-access-request": "subject-access-request.toml",
    "data-rights-request": "data-rights-request.toml",
    "data-protection-complaint": "data-protection-complaint.toml",
    "personal-data-breach": "personal-data-breach.toml",
    "housing-hazard": "housing-hazard.toml",
    "members-enquiry": "members-enquiry.toml",
    "mp-enquiry": "mp-enquiry.toml",
    "lgsco-investigation": "lgsco-investigation.toml",
    "housing-ombudsman-investigation": "housing-ombudsman-investigation.toml",
    "regulator-enquiry": "regulator-enquiry.toml",
    "personal-injury-claim": "personal-injury-claim.toml",
    "portal-claim": "portal-claim.toml",
    "insurance-claim": "insurance-claim.toml",
    "service-request": "service-request.toml",
    "compliment": "compliment.toml",
    "comment": "comment.toml",
    "contact-restriction": "contact-restriction.toml",
}


class UnknownProcedure(LookupError):
    """This rulebook does not hold the procedure."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.sentence = f"This rulebook does not hold the procedure {code} yet."
        self.do = f"It holds {dates.joined(FILES)}."

    def __str__(self) -> str:
        return self.sentence


class NoEdition(LookupError):
    """No edition of the procedure was in force on that day."""

    def __init__(self, code: str, on: date, first: Edition) -> None:
        super().__init__(code)
        self.first = first
        self.sentence = (
            f"No edition of {first.title.lower()} is held for {dates.say(on)}: the first has been in force since "
            f"{dates.say(first.in_force_from)}."
        )
        self.do = first.between

    def __str__(self) -> str:
        return self.sentence


def codes() -> tuple[str, ...]:
    """List the procedures that are held."""
    return tuple(FILES)


def editions(code: str) -> tuple[Edition, ...]:
    """List the editions of a procedure, the oldest first. Raises UnknownProcedure."""
    if code not in FILES:
        raise UnknownProcedure(code)
    return _released(code)


def edition(code: str, on: date) -> Edition:
    """Give the edition in force on a day: the day of receipt for a case. Raises UnknownProcedure and NoEdition."""
    held = editions(code)
    in_force = [one for one in held if one.in_force_from <= on]
    if not in_force:
        raise NoEdition(code, on, held[0])
    return in_force[-1]


def current(code: str) -> Edition:
    """Give the newest edition that is held. Raises UnknownProcedure."""
    return editions(code)[-1]


def by_id(edition_id: str) -> Edition:
    """Give an edition by its id, "corporate-complaint@2024-02-08". Raises UnknownProcedure, or KeyError for a date."""
    code = edition_id.partition("@")[0]
    for one in editions(code):
        if one.id == edition_id:
            return one
    raise KeyError(f"there is no edition {edition_id}")


def parse(text: str) -> tuple[Edition, ...]:
    """Read the text of a procedure file strictly; ValueError says what is wrong with it."""
    raw = tomllib.loads(text)
    unknown = sorted(set(raw) - {"procedure", "edition"})
    if unknown:
        raise ValueError(f"a procedure file holds `procedure` and `edition`, not {dates.joined(unknown)}")
    held = []
    for one in raw.get("edition", []):
        if not isinstance(one, Mapping):
            raise ValueError("an edition is a table")  # noqa: TRY004 - the file is at fault, not the caller
        titles = {str(doc.get("key")): str(doc.get("short")) for doc in one.get("documents", [])}
        held.append(Edition.model_validate(_ready({**one, "procedure": raw.get("procedure")}, titles)))
    if not held:
        raise ValueError("a procedure file holds at least one edition")
    days = [one.in_force_from for one in held]
    if days != sorted(set(days)):
        raise ValueError("editions stand in the order of the dates from which they are in force, each date once")
    return tuple(held)


@cache
def _released(code: str) -> tuple[Edition, ...]:
    return parse(resources.files(__name__).joinpath(FILES[code]).read_text("utf-8"))


def _ready(value: Any, titles: Mapping[str, str]) -> Any:
    """Turn lists into tuples and a document's key into its title, so that the strict reader can take them."""
    if isinstance(value, list):
        return tuple(_ready(one, titles) for one in value)
    if not isinstance(value, dict):
        return value
    done = {key: _ready(one, titles) for key, one in value.items()}
    if "confirmed" in done:
        key = done.get("document", next(iter(titles), ""))
        if key not in titles:
            raise ValueError(f"an authority names the document {key!r}, which the edition does not list")
        done["document"] = titles[key]
    return done
