"""Which councils are invented, what do they provide, and who works for them?

Two councils share one complaints team. Everything is made through the steps, as somebody who sets a real council up
would do it. One sign-in for each role has a password that was made at random for this installation.

Example: ``open_councils(since=date(2025, 4, 1))`` gives both with their services and people.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from redress.access.actor import Actor
from redress.access.roles import ROLES, Role
from redress.casework import setting_up
from redress.council.models import Category, Council, Mailbox, Service
from redress.staff.models import Officer
from redress.staff.queries import actor_for

SETTING_UP = Actor.command("demonstration")

COUNCILS = (
    {
        "code": "northmere", "name": "Northmere Borough Council", "short_name": "Northmere", "prefix": "NMR",
        "accent": "#14575c", "address": "Town Hall\nMarket Place\nNorthmere\nNM1 1AA", "telephone": "01632 960100",
        "email": "complaints@northmere.example", "web": "www.northmere.example",
        "opening_hours": "Monday to Friday, 8:45am to 5pm",
    },
    {
        "code": "eastvale", "name": "Eastvale District Council", "short_name": "Eastvale", "prefix": "EAS",
        "accent": "#6b2d5c", "address": "Council Offices\n12 Abbey Road\nEastvale\nEV4 2BB",
        "telephone": "01632 960200", "email": "complaints@eastvale.example", "web": "www.eastvale.example",
        "opening_hours": "Monday to Friday, 9am to 4:30pm",
    },
)  # fmt: skip

SERVICES: dict[str, tuple[str, bool]] = {
    "Waste and recycling": ("Environment", False),
    "Parks and trees": ("Environment", False),
    "Environmental health": ("Environment", False),
    "Highways and parking": ("Environment", False),
    "Planning": ("Growth", False),
    "Licensing": ("Growth", False),
    "Housing repairs": ("Housing", True),
    "Council housing": ("Housing", True),
    "Homelessness": ("Housing", False),
    "Council tax": ("Resources", False),
    "Benefits": ("Resources", False),
    "Customer services": ("Resources", False),
    "Electoral services": ("Governance", False),
    "Registrars": ("Governance", False),
    "Leisure and libraries": ("Communities", False),
}

TEAM: tuple[tuple[Role, str, str], ...] = (
    (Role.ADMINISTRATOR, "Jo Lindley", "Complaints administrator"),
    (Role.OFFICER, "Asha Mehta", "Complaints officer"),
    (Role.OFFICER, "Rob Teale", "Complaints officer"),
    (Role.OFFICER, "Meera Shah", "Senior complaints officer"),
    (Role.OFFICER, "Tom Ashdown", "Complaints officer"),
    (Role.TEAM_LEADER, "Helen Marsh", "Complaints team leader"),
    (Role.COMPLAINTS_MANAGER, "Carol Whitfield", "Complaints manager"),
    (Role.GOVERNANCE_OFFICER, "Priya Nair", "Information governance officer"),
    (Role.SYSTEM_ADMINISTRATOR, "Sam Okoro", "Systems administrator"),
    (Role.AUDITOR, "Graham Pell", "Internal auditor"),
)
"""The shared team: everybody holds their role at both councils."""

MANAGERS: tuple[tuple[str, str, str, str], ...] = (
    ("northmere", "Waste and recycling", "Dawn Pritchard", "Head of waste"),
    ("northmere", "Planning", "Martin Foy", "Head of planning"),
    ("northmere", "Housing repairs", "Colin Adeyemi", "Head of repairs"),
    ("northmere", "Council tax", "Ines Kowalczyk", "Head of revenues"),
    ("eastvale", "Waste and recycling", "Leanne Grubb", "Waste manager"),
    ("eastvale", "Housing repairs", "Aled Vaughan", "Repairs manager"),
    ("eastvale", "Planning", "Sunita Rao", "Planning manager"),
)

SIGN_INS: tuple[tuple[Role, str], ...] = (
    (Role.OFFICER, "Asha Mehta"),
    (Role.ADMINISTRATOR, "Jo Lindley"),
    (Role.TEAM_LEADER, "Helen Marsh"),
    (Role.COMPLAINTS_MANAGER, "Carol Whitfield"),
    (Role.SERVICE_MANAGER, "Dawn Pritchard"),
    (Role.GOVERNANCE_OFFICER, "Priya Nair"),
    (Role.AUDITOR, "Graham Pell"),
    (Role.SYSTEM_ADMINISTRATOR, "Sam Okoro"),
)

_WORDS = (
    "anchor", "basil", "cinder", "dapple", "ember", "fathom", "garnet", "hollow", "indigo", "juniper", "kettle",
    "lantern", "marble", "nettle", "otter", "pepper", "quince", "raven", "saddle", "thistle", "umber", "velvet",
    "willow", "yarrow", "zephyr", "bramble", "copper", "drizzle", "fennel", "gosling", "harbour", "ivory",
)  # fmt: skip


@dataclass
class House:
    """One council with its people as the lives of its cases need them."""

    council: Council
    services: dict[str, Service]
    categories: dict[str, Category]
    mailbox: Mailbox
    officers: dict[str, Officer]
    managers: dict[str, Officer] = field(default_factory=dict)
    _actors: dict[tuple[str, date], Actor] = field(default_factory=dict)

    def actor(self, name: str, on: date) -> Actor:
        """Give the actor for one of the people on a day."""
        key = (name, on)
        if key not in self._actors:
            self._actors[key] = actor_for(self.officers[name], on)
        return self._actors[key]


def open_councils(*, since: date, at: datetime, categories: set[str]) -> tuple[dict[str, House], list[dict[str, str]]]:
    """Set both councils up with services, procedures, mailboxes and people; give them, and who can sign in."""
    people, sign_ins = _people(at)
    houses = {}
    for told in COUNCILS:
        council = setting_up.add_council(**told, by=SETTING_UP, at=at)
        for procedure in ("corporate-complaint", "housing-complaint"):
            setting_up.adopt_procedure(council=council, procedure=procedure, adopted_from=since, by=SETTING_UP, at=at)
        services = {
            name: setting_up.add_service(
                council=council, directorate=directorate, name=name, landlord=landlord,
                email=f"{name.split()[0].lower()}@{council.code}.example", by=SETTING_UP, at=at,
            )
            for name, (directorate, landlord) in SERVICES.items()
        }  # fmt: skip
        houses[council.code] = House(
            council=council,
            services=services,
            categories={
                name: setting_up.add_category(council=council, name=name, by=SETTING_UP, at=at)
                for name in sorted(categories)
            },
            mailbox=setting_up.add_mailbox(council=council, address=told["email"], by=SETTING_UP, at=at),
            officers={},
        )
    for role, name, _title in TEAM:
        for house in houses.values():
            _give(house, people[name], role, since, at)
    _give(houses["eastvale"], people["Ben Carter"], Role.OFFICER, since, at)
    for code, service, name, _title in MANAGERS:
        house = houses[code]
        _give(house, people[name], Role.SERVICE_MANAGER, since, at, house.services[service])
        house.managers[service] = people[name]
    return houses, sign_ins


def _give(
    house: House, officer: Officer, role: Role, since: date, at: datetime, service: Service | None = None
) -> None:
    setting_up.give_role(
        council=house.council, officer=officer, role=role, service=service, since=since, by=SETTING_UP, at=at
    )
    house.officers[officer.name] = officer


def _people(at: datetime) -> tuple[dict[str, Officer], list[dict[str, str]]]:
    known = {name: role for role, name in SIGN_INS}
    everybody = [(name, title, "team.example") for _role, name, title in TEAM]
    everybody += [("Ben Carter", "Complaints officer", "eastvale.example")]
    everybody += [(name, title, f"{code}.example") for code, _service, name, title in MANAGERS]
    people, sign_ins = {}, {}
    for place, (name, title, domain) in enumerate(everybody):
        password = new_password() if name in known else None
        email = f"{name.lower().replace(' ', '.')}@{domain}"
        people[name] = setting_up.add_officer(
            email=email, name=name, job_title=title, telephone=f"01632 9603{place:02d}", password=password,
            by=SETTING_UP, at=at,
        )  # fmt: skip
        if password is not None:
            sign_ins[name] = {
                "role": ROLES[known[name]].title, "name": name, "email": email, "password": password,
            }  # fmt: skip
    return people, [sign_ins[name] for _role, name in SIGN_INS]


def new_password() -> str:
    """Make a password that can be typed: four words and a number, from the system's own source of chance."""
    return "-".join([*(secrets.choice(_WORDS) for _ in range(4)), str(secrets.randbelow(90) + 10)])
