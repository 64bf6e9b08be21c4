"""The people of every test, made through the steps: two councils that share a team, and a third that has no part in it.

Asha Mehta is an officer of Northmere and Eastvale, Ben Carter an officer of another service, Carol Whitfield the
complaints manager; Dev Patel complains, Eve Lindqvist is represented by Marcus Hale; the stranger works for a third
council and must see nothing of it all.

Example: ``cast = assemble(); case = cast.logged(); cast.acknowledged(case)``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case, Stage
from redress.casework import acknowledgement, allocation, delivery, escalation, intake, letters, response, setting_up
from redress.correspondence.models import Letter, Response
from redress.council.models import Category, Council, Mailbox, Service
from redress.quality.models import Check
from redress.staff.models import Officer
from redress.staff.queries import actor_for

AT = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
TODAY = AT.date()
SINCE = dt.date(2024, 4, 1)
SETTING_UP = Actor.command("tests")
CARRIER = Actor.timetable("Post")
PASSWORD = "lantern-otter-quince-41"
PARTS = ("stage", "understanding", "decision", "reasons", "remedy", "outstanding", "escalation")

NAMES: dict[Role, str] = {
    Role.ADMINISTRATOR: "Jo Lindley",
    Role.OFFICER: "Asha Mehta",
    Role.SERVICE_MANAGER: "Rob Teale",
    Role.TEAM_LEADER: "Helen Marsh",
    Role.COMPLAINTS_MANAGER: "Carol Whitfield",
    Role.GOVERNANCE_OFFICER: "Priya Nair",
    Role.SYSTEM_ADMINISTRATOR: "Sam Okoro",
    Role.AUDITOR: "Graham Pell",
}


def at(day: dt.date = TODAY, hour: int = 11) -> dt.datetime:
    """Give a moment on a day."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


@dataclass
class Cast:
    """Everybody, and what they work with."""

    northmere: Council
    eastvale: Council
    elsewhere: Council
    waste: Service
    housing: Service
    planning: Service
    category: Category
    mailbox: Mailbox
    officers: dict[Role, Officer]
    ben: Officer
    stranger: Officer
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def asha(self) -> Officer:
        """Give the complaints officer of both councils."""
        return self.officers[Role.OFFICER]

    @property
    def carol(self) -> Officer:
        """Give the complaints manager."""
        return self.officers[Role.COMPLAINTS_MANAGER]

    def actor(self, role: Role = Role.OFFICER) -> Actor:
        """Give the actor with this role."""
        return actor_for(self.officers[role], TODAY)

    def entry(self, **more: Any) -> intake.Entry:
        """Write down what is filled in for Dev Patel's missed bin."""
        given: dict[str, Any] = {
            "channel": "email",
            "person": intake.Who(new=intake.Details(name="Dev Patel", title="Mr", email="dev@mail.example")),
            "received_at": AT,
            "received_on": TODAY,
            "procedure": "corporate-complaint",
            "matter": "Missed bin",
            "points": ("The bin was missed on 16 November.", "Nobody rang back."),
            "outcome_sought": "Empty the bin.",
            "service": self.waste,
            "category": self.category,
            **more,
        }
        return intake.Entry(**given)

    def logged(self, *, at: dt.datetime = AT, council: Council | None = None, **more: Any) -> Case:
        """Log a complaint as the complaints administrator."""
        of = council or self.northmere
        return intake.log(council=of, message=None, entry=self.entry(**more), by=self.actor(Role.ADMINISTRATOR), at=at)

    def eves(self, *, at: dt.datetime = AT) -> Case:
        """Log the complaint of Eve Lindqvist, written by Marcus Hale, whose authority is not held."""
        eve, marcus = "eve@mail.example", "marcus.hale@mail.example"
        return self.logged(
            at=at,
            person=intake.Who(new=intake.Details(name="Eve Lindqvist", title="Ms", email=eve)),
            representative=intake.Who(new=intake.Details(name="Marcus Hale", email=marcus, kind="advocate")),
        )

    def sent(self, letter: Letter, on: dt.date = TODAY) -> Letter:
        """Let an e-mail go on a day."""
        case = letter.case
        delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at(on))
        evidence = {"carrier": "outbox", "response": "taken"}
        return delivery.record_dispatch(case=case, letter=letter, evidence=evidence, on=on, by=CARRIER, at=at(on))

    def acknowledged(self, case: Case, *, on: dt.date = TODAY) -> Case:
        """Acknowledge the open stage and let the letter go."""
        by = self.actor(Role.ADMINISTRATOR)
        draft = acknowledgement.compose(case=case, by=by, today=on)
        pressed = letters.press(case=case, draft=draft, on=on)
        self.sent(acknowledgement.acknowledge(case=case, draft=draft, pressed=pressed, by=by, at=at(on)), on)
        return self._fresh(case)

    def allocated(self, case: Case, *, to: Officer | None = None, on: dt.date = TODAY) -> Case:
        """Give the case to Asha, or to somebody else."""
        allocation.allocate(
            case=case, officer=to or self.asha, summary="", next_action="Find out what happened",
            by=self.actor(Role.TEAM_LEADER), at=at(on),
        )  # fmt: skip
        return self._fresh(case)

    def drafted(self, case: Case, *, by: Actor | None = None, remedies: Any = None, on: dt.date = TODAY) -> Response:
        """Write the answer of the open stage: the first point upheld with an apology, the others not."""
        stage = Stage.objects.get(case=case, ended_at=None)
        apology = response.RemedyInput(
            kind="apology", text="We apologise to you for the missed collection", owner_id=self.asha.pk,
            due_on=on + dt.timedelta(days=14),
        )  # fmt: skip
        numbers = list(stage.stage_points.order_by("point__number").values_list("point__number", flat=True))
        answers = [
            response.AnswerInput(
                point=number,
                decision="upheld",
                should="The bin should have been emptied that day.",
                reason="The round sheet shows that the crew did not come.",
                injustice="You had rubbish in your garden for a week.",
                remedies=[apology] if remedies is None else remedies,
            )
            if number == numbers[0]
            else response.AnswerInput(point=number, decision="not-upheld", reason="We rang you back that day.")
            for number in numbers
        ]
        words = response.Words(
            understanding="You told us that your bin was missed.",
            how_looked_into="I read the round sheets and spoke to the crew.",
            closing="Thank you for telling us.",
        )
        return response.save(
            case=case, stage=stage, version=0, words=words, answers=answers, by=by or self.actor(), at=at(on)
        )

    def with_checker(self, written: Response, *, by: Actor | None = None, on: dt.date = TODAY) -> Check:
        """Give the answer to anyone who may check it."""
        return response.ask_for_check(
            case=written.stage.case, response=written, asked_of=None, by=by or self.actor(), at=at(on)
        )

    def passed(self, written: Response, check: Check, *, on: dt.date = TODAY) -> Response:
        """Have the manager pass the answer."""
        written.refresh_from_db()
        response.pass_check(
            case=written.stage.case, response=written, check=check, digest=check.digest,
            parts=dict.fromkeys(PARTS, True), by=self.actor(Role.COMPLAINTS_MANAGER), at=at(on),
        )  # fmt: skip
        written.refresh_from_db()
        return written

    def released(self, written: Response, *, on: dt.date = TODAY) -> Letter:
        """Release the answer that passed."""
        case = written.stage.case
        draft = response.passed_draft(written, today=on)
        pressed = letters.press(case=case, draft=draft, on=on)
        by = self.actor(Role.COMPLAINTS_MANAGER)
        return response.release(case=case, response=written, draft=draft, pressed=pressed, by=by, at=at(on))

    def answered(self, case: Case, *, remedies: Any = None, by: Actor | None = None, on: dt.date = TODAY) -> Case:
        """Answer the open stage and let the answer go."""
        written = self.drafted(case, remedies=remedies, by=by, on=on)
        passed = self.passed(written, self.with_checker(written, by=by, on=on), on=on)
        self.sent(self.released(passed, on=on), on)
        return self._fresh(case)

    def at_stage_2(self, case: Case, *, on: dt.date = TODAY) -> Case:
        """Take an answered case to Stage 2, asked for by telephone."""
        escalation.ask_for_next_stage(
            case=case, points=[], disputed={}, disputed_all="The crew never came.", outcome_sought="",
            asked_through="telephone", asked_on=on, by=self.actor(), at=at(on),
        )  # fmt: skip
        return self._fresh(case)

    @staticmethod
    def _fresh(case: Case) -> Case:
        case.refresh_from_db()
        return case


def council(code: str, name: str, prefix: str, accent: str) -> Council:
    """Set a council up with both procedures."""
    short = name.split()[0]
    made = setting_up.add_council(
        code=code, name=name, short_name=short, prefix=prefix, accent=accent,
        address=f"Civic Offices\n1 High Street\n{short}", telephone="01632 960100", email=f"office@{code}.example",
        by=SETTING_UP, at=AT,
    )  # fmt: skip
    for procedure in ("corporate-complaint", "housing-complaint"):
        setting_up.adopt_procedure(council=made, procedure=procedure, adopted_from=SINCE, by=SETTING_UP, at=AT)
    return made


def person(
    name: str, *places: tuple[Council, Role], service: Service | None = None, password: str | None = None
) -> Officer:
    """Add somebody with their roles."""
    email = name.lower().replace(" ", ".") + "@team.example"
    made = setting_up.add_officer(email=email, name=name, password=password, by=SETTING_UP, at=AT)
    for where, role in places:
        of_service = service if role is Role.SERVICE_MANAGER else None
        setting_up.give_role(
            council=where, officer=made, role=role, service=of_service, since=SINCE, by=SETTING_UP, at=AT
        )
    return made


def assemble(*, password: str | None = None) -> Cast:
    """Set the three councils up with everybody; with ``password`` they can sign in with it, which takes its time."""
    northmere = council("northmere", "Northmere Borough Council", "NMR", "#14575c")
    eastvale = council("eastvale", "Eastvale District Council", "EAS", "#6b2d5c")
    elsewhere = council("westholt", "Westholt City Council", "WHT", "#22417a")

    def service(name: str, landlord: bool = False) -> Service:
        return setting_up.add_service(
            council=northmere, directorate="Place", name=name, landlord=landlord, by=SETTING_UP, at=AT
        )

    waste, planning, housing = service("Waste and recycling"), service("Planning"), service("Council housing", True)
    officers = {}
    for role, name in NAMES.items():
        places = [(northmere, role)] if role is Role.SERVICE_MANAGER else [(northmere, role), (eastvale, role)]
        officers[role] = person(name, *places, service=waste, password=password)
    return Cast(
        northmere=northmere,
        eastvale=eastvale,
        elsewhere=elsewhere,
        waste=waste,
        housing=housing,
        planning=planning,
        category=setting_up.add_category(council=northmere, name="Missed collection", by=SETTING_UP, at=AT),
        mailbox=setting_up.add_mailbox(
            council=northmere, address="complaints@northmere.example", active=True, by=SETTING_UP, at=AT
        ),
        officers=officers,
        ben=person("Ben Carter", (northmere, Role.OFFICER)),
        stranger=person("Stella Ranger", (elsewhere, Role.OFFICER), password=password),
    )
