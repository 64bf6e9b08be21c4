"""What happens to an invented case, from its arrival to where it is today?

A ``Life`` says when it came and how far it got; ``Living`` takes it there through the same steps that the office uses,
each at its own moment in the past: logged, acknowledged, allocated, looked into, answered, checked, sent, kept.

Example: ``Living(house, random, today).live(Life("answered-late", …))``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.files.base import ContentFile

from redress.access.actor import Actor
from redress.cases.models import Case, Stage
from redress.casework import (
    acknowledgement,
    allocation,
    answer_letter,
    arrivals,
    case_details,
    closure,
    composing,
    correspondence,
    delivery,
    documents,
    escalation,
    extension,
    intake,
    letters,
    notes,
    portal,
    remedies,
    response,
    tasks,
    triage,
)
from redress.casework import authority as authorities
from redress.correspondence import mailing, writing
from redress.correspondence.models import Letter, Message, Response
from redress.council.models import Service
from redress.council.queries import calendar_for
from redress.learning.models import Remedy
from redress.people.models import Authority, Contact
from redress.plumbing import moment, text
from redress.rulebook.calendar import WorkingCalendar
from redress.server.demonstration import people
from redress.server.demonstration.matters import (
    ALSO_SORRY,
    COMMENTS,
    COMPLIMENTS,
    DISPUTES,
    REQUESTS,
    STILL,
    STREETS,
    TO_BE_SEEN,
    Matter,
)
from redress.server.demonstration.office import House
from redress.staff.models import Officer

CARRIER = Actor.timetable("Post")
MAILBOXES = Actor.timetable("Mailboxes")
SITE = "http://127.0.0.1"
ANSWERS_IN = 10
PARTS = ("stage", "understanding", "decision", "reasons", "remedy", "outstanding", "escalation")
OFFICERS = ("Asha Mehta", "Rob Teale", "Meera Shah")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Life:
    """One case to be: how far it gets, how many working days ago it came, and what it is about."""

    way: str
    days_ago: int
    matter: Matter
    number: int
    channel: str = "email"
    holder: str = "Asha Mehta"
    outcome: str = "mixed"
    represented: str = ""
    adjusted: bool = False
    late: int = 0


class Living:
    """Takes the cases of one council through their lives."""

    def __init__(self, house: House, chance: random.Random, today: date, now: datetime) -> None:
        self.house = house
        self.chance = chance
        self.today = today
        self.now = now
        self.calendar: WorkingCalendar = calendar_for(house.council)
        self.met: list[Contact] = []
        self.made: list[Case] = []
        self.place = 0

    # ------------------------------------------------------------------------------------------------------- moments

    def day(self, working_days_ago: int) -> date:
        """Give the working day so many working days before today."""
        found, left = self.today, working_days_ago
        while left or not self.calendar.is_working(found):
            found -= timedelta(days=1)
            left -= self.calendar.is_working(found) and left > 0
        return found

    def after(self, day: date, working_days: int) -> date:
        """Give the day so many working days later, today at the latest."""
        return min(self.calendar.add(day, working_days), self.day(0)) if working_days else min(day, self.day(0))

    def at(self, day: date, hour: int = 10) -> datetime:
        """Give a moment in the office's hours of a day, now at the latest; each is later than the one before."""
        self.place = (self.place + 7) % 55
        found = datetime.combine(day, time(hour, self.place), tzinfo=moment.LONDON)
        return min(found, self.now)

    # ---------------------------------------------------------------------------------------------------------- a life

    def live(self, life: Life) -> Case | None:
        """Take one case as far as it gets."""
        other = {"request": self._request, "request-reviewed": self._request, "compliment": self._other,
                 "comment": self._other, "portal": self._portal}  # fmt: skip
        if life.way in other:
            return other[life.way](life)
        came = self.day(life.days_ago)
        case = self._log(life, came)
        self.made.append(case)
        return self._on(life, case, came)

    def _on(self, life: Life, case: Case, came: date) -> Case:
        if life.way == "not-acknowledged":
            return case
        if life.way == "refused":
            return self._refuse(case, self.after(came, 3))
        acknowledged = self.after(
            came, self.chance.choice((1, 1, 2, 3)) + (4 if life.late and life.number % 3 == 0 else 0)
        )
        if life.represented == "authority":
            self._authority(case, acknowledged)
        self._acknowledge(case, acknowledged)
        if life.way == "not-allocated":
            return case
        self._allocate(case, life, acknowledged)
        if life.way == "not-started":
            return case
        self._look_into(case, life, acknowledged)
        return self._finish(life, case, acknowledged)

    def _finish(self, life: Life, case: Case, acknowledged: date) -> Case:
        ended_by_hand = ("withdrawn", "resolved", "abandoned")
        if life.way in ended_by_hand:
            return self._close(case, life, self.after(acknowledged, 5))
        if life.way in ("extended", "closed-extended"):
            self._extend(case, life, self.after(acknowledged, 8))
        if life.way in ("in-work", "waiting", "extended"):
            return self._wait(case, life)
        longer = 5 if life.way == "closed-extended" else 0
        wrote = self.after(
            acknowledged, max(2, ANSWERS_IN - 3 + longer + life.late + self.chance.choice((-2, -1, 0, 0)))
        )
        return self._answer_stage(life, case, wrote)

    def _answer_stage(self, life: Life, case: Case, wrote: date, number: int = 1) -> Case:
        by = life.holder if number == 1 else self._other_officer(life)
        unfinished = life.way == ("draft", "stage-2-draft")[number - 1]
        written = self._draft(case, life, wrote, number=number, by=by, whole=not unfinished)
        if unfinished:
            return case
        if not self._check(written, wrote, by=by, way=life.way):
            return case
        went = self.after(wrote, 2)
        letter = self._release(written, went, by=by)
        if life.way == "released":
            return case
        self._send(letter, went)
        case.refresh_from_db()
        if number == 1 and life.way.startswith("stage-2"):
            return self._stage_2(life, case, went)
        self._keep_promises(case, life, went)
        return case

    # ----------------------------------------------------------------------------------------------------------- coming in

    def _texts(self, life: Life, came: date) -> dict[str, str]:
        before = came - timedelta(days=9)
        return {
            "{street}": STREETS[life.number % len(STREETS)],
            "{day}": f"{before.day} {MONTHS[before.month - 1]}",
            "{month}": MONTHS[(came.month - 4) % 12],
        }

    @staticmethod
    def _fill(words: str, texts: dict[str, str]) -> str:
        for hole, said in texts.items():
            words = words.replace(hole, said)
        return words

    def _person(self, life: Life) -> tuple[str, str, str, str]:
        title, name = people.NAMES[(life.number * 7 + self.house.council.pk * 3) % len(people.NAMES)]
        address = f"{life.number % 60 + 1} {self._texts(life, self.today)['{street}']}\n{self.house.council.short_name}"
        plain = "".join(
            sign for sign in name.lower().replace(" ", ".") if sign.isascii() and (sign.isalnum() or sign == ".")
        )
        email = f"{plain.strip('.')[:40] or 'writer'}.{life.number}@mail.example"
        return title, name, email, address

    def _who(self, life: Life) -> intake.Who:
        """Somebody new mostly; every ninth wrote before."""
        if self.met and life.number % 9 == 0 and not life.adjusted:
            return intake.Who(contact=self.chance.choice(self.met))
        title, name, email, address = self._person(life)
        prefers = "post" if life.channel == "letter" else "email"
        kind = "tenant" if life.matter.housing else "resident"
        return intake.Who(
            new=intake.Details(
                name=name, title=title, email="" if prefers == "post" else email, address=address, kind=kind,
                telephone=f"07700 900{life.number % 1000:03d}", prefers=prefers,
            )
        )  # fmt: skip

    def _entry(self, life: Life, came: date, received: datetime) -> intake.Entry:
        matter, texts = life.matter, self._texts(life, came)
        adjustments: tuple[tuple[str, str], ...] = (
            (people.ADJUSTMENTS[life.number % len(people.ADJUSTMENTS)],) if life.adjusted else ()
        )
        if life.matter.housing and life.number % 2:
            adjustments = tuple(one for one in adjustments if one[0] != "language")
        spoken = None
        if life.represented:
            name, kind = people.REPRESENTATIVES[life.number % len(people.REPRESENTATIVES)]
            address = name.lower().replace(" ", ".").replace("’", "")
            spoken = intake.Who(new=intake.Details(name=name, kind=kind, email=f"{address}.{life.number}@help.example"))
        about: tuple[Officer, ...] = ()
        if matter.category == "Conduct of staff" and life.number % 2:
            about = (self.house.officers["Tom Ashdown"],)
        return intake.Entry(
            channel=life.channel,
            person=self._who(life),
            representative=spoken,
            authority_scope="This complaint only",
            received_at=received,
            received_on=came,
            procedure="housing-complaint" if matter.housing else "corporate-complaint",
            matter=self._fill(matter.title, texts),
            points=tuple(self._fill(point.said, texts) for point in matter.points),
            outcome_sought=self._fill(matter.wants, texts),
            effect=matter.effect,
            adjustments=adjustments,
            service=self.house.services[matter.service],
            category=self.house.categories[matter.category],
            complained_about=about,
            subject=self._fill(matter.title, texts),
            words="" if life.channel == "email" else self._letter_words(life, came),
        )

    def _letter_words(self, life: Life, came: date) -> str:
        texts = self._texts(life, came)
        said = [self._fill(point.said, texts) for point in life.matter.points]
        return "\n\n".join(
            ["Dear Sir or Madam,", *said, life.matter.effect, self._fill(life.matter.wants, texts)]
        ).replace("\n\n\n\n", "\n\n")

    def _log(self, life: Life, came: date) -> Case:
        received = self.at(came, 8)
        message = None
        if life.channel == "email":
            message = self._mail(life, came, received).message
        jo = self.house.actor("Jo Lindley", came)
        case = intake.log(
            council=self.house.council, message=message, entry=self._entry(life, came, received), by=jo,
            at=self.at(came, 10),
        )  # fmt: skip
        self.met.append(case.complainant)
        return case

    def _mail(self, life: Life, came: date, received: datetime) -> arrivals.Arrival:
        _title, name, address, _where = self._person(life)
        raw = EmailMessage()
        raw["From"] = f'"{name}" <{address}>'
        raw["To"] = self.house.mailbox.address
        raw["Subject"] = self._fill(life.matter.title, self._texts(life, came))
        raw["Date"] = format_datetime(received)
        raw["Message-ID"] = f"<{self.house.council.code}.{life.number}@mail.example>"
        raw.set_content(f"{self._letter_words(life, came)}\n\n{name}\n")
        return self.arrive(raw.as_bytes(), received)

    def arrive(self, raw: bytes, received: datetime) -> arrivals.Arrival:
        """Let an e-mail arrive in the council's mailbox."""
        self.place += 1
        return arrivals.take_in(
            raw=raw, council=self.house.council, mailbox=self.house.mailbox, source=f"INBOX 1/{self.place}",
            received_at=received, by=MAILBOXES, at=received,
        )  # fmt: skip

    def _portal(self, life: Life) -> Case:
        """Sent by the resident through the public pages, and not yet triaged."""
        came = self.day(life.days_ago)
        at = self.at(came, 9)
        title, name, email, address = self._person(life)
        texts = self._texts(life, came)
        by = Actor.resident(council_id=self.house.council.pk)
        secret = f"demonstration-{self.house.council.code}-{life.number}"
        portal.begin_form(council=self.house.council, secret=secret, answers={}, by=by, at=at)
        complaint = portal.Complaint(
            person=portal.Person(name=name, title=title, email=email, address=address),
            points=tuple(self._fill(point.said, texts) for point in life.matter.points),
            outcome_sought=self._fill(life.matter.wants, texts),
            effect=life.matter.effect,
            housing="yes" if life.matter.housing else "no",
        )
        return portal.submit(council=self.house.council, secret=secret, complaint=complaint, site=SITE, by=by, at=at)

    def _request(self, life: Life) -> Case:
        came = self.day(life.days_ago)
        service, title, words = REQUESTS[life.number % len(REQUESTS)]
        texts = self._texts(life, came)
        jo = self.house.actor("Jo Lindley", came)
        base = self._entry(life, came, self.at(came, 8))
        choice = triage.Choice(
            asked="Shall we treat this as a request, or do you want to complain?", how="by telephone",
            answer="Just get it done, please.",
        )  # fmt: skip
        entry = _other(base, "service-request", self._fill(title, texts), self._fill(words, texts),
                       "It asks for something for the first time, and is not about something that we did.",
                       self.house.services[service], choice)  # fmt: skip
        case = intake.log(council=self.house.council, message=None, entry=entry, by=jo, at=self.at(came))
        draft = composing.compose("service-request", case=case, to=case.complainant, today=came, by=jo)
        if not draft.holes:
            pressed = letters.press(case=case, draft=draft, on=came)
            triage.write_request_letter(case=case, draft=draft, pressed=pressed, by=jo, at=self.at(came, 14))
            self._send(Letter.objects.filter(case=case).latest("pk"), came)
        if life.way == "request-reviewed":
            later = self.after(came, 12)
            triage.review_request(
                case=case, words_="The service did what was asked, and the person was told.", again_on=None, done=True,
                by=self.house.actor("Jo Lindley", later), at=self.at(later),
            )  # fmt: skip
        return case

    def _other(self, life: Life) -> Case:
        came = self.day(life.days_ago)
        bank = COMPLIMENTS if life.way == "compliment" else COMMENTS
        title, words = bank[life.number % len(bank)]
        texts = self._texts(life, came)
        entry = _other(self._entry(life, came, self.at(came, 8)), life.way, self._fill(title, texts),
                       self._fill(words, texts), "It thanks somebody." if life.way == "compliment"
                       else "It suggests something and asks for no answer.", None, None)  # fmt: skip
        jo = self.house.actor("Jo Lindley", came)
        return intake.log(council=self.house.council, message=None, entry=entry, by=jo, at=self.at(came))

    # ------------------------------------------------------------------------------------------------------------ work

    def _authority(self, case: Case, on: date) -> None:
        """Hold the authority, which the person signed and somebody scanned."""
        draft = composing.compose("other", case=case, to=case.complainant, today=on, by=self._jo(on))
        paper = letters.preview(case=case, draft=draft, on=on)
        uploads = documents.take_in(case.council, [ContentFile(paper, name="Authority, signed.pdf")])
        asha = self.house.actor("Asha Mehta", on)
        (document,) = documents.add_documents(case=case, uploads=uploads, point=None, by=asha, at=self.at(on, 9))
        row = Authority.objects.filter(person=case.complainant, representative=case.representative).latest("pk")
        authorities.confirm(
            case=case, authority=row, document=document, kind="written", scope="This complaint only", confirmed_on=on,
            expires_on=on + timedelta(days=365), by=asha, at=self.at(on, 9),
        )  # fmt: skip
        case.refresh_from_db()

    def _jo(self, on: date) -> Actor:
        return self.house.actor("Jo Lindley", on)

    def _acknowledge(self, case: Case, on: date) -> None:
        draft = acknowledgement.compose(case=case, by=self._jo(on), today=on)
        pressed = letters.press(case=case, draft=draft, on=on)
        letter = acknowledgement.acknowledge(
            case=case, draft=draft, pressed=pressed, by=self._jo(on), at=self.at(on, 11)
        )
        self._send(letter, on)
        case.refresh_from_db()

    def _send(self, letter: Letter, on: date) -> None:
        """Hand an e-mail to the carrier as the post does, or have the post room record that a letter was taken."""
        case = letter.case
        if letter.channel == Letter.Channel.POST:
            delivery.record_posted(
                cases=[case], letters=[letter], taken_by="Royal Mail, post room", on=on, by=self._jo(on),
                at=self.at(on, 16),
            )  # fmt: skip
            return
        at = self.at(on, 15)
        letter = delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at)
        message = mailing.message_of(letter, at=at)
        said = mailing.outbox().send(message.raw, message.sender, list(message.recipients), message.message_id)
        evidence = {
            "carrier": said.carrier, "accepted_at": at.isoformat(), "queue_id": said.queue_id,
            "response": said.response, "message_id": message.message_id,
        }  # fmt: skip
        delivery.record_dispatch(case=case, letter=letter, evidence=evidence, on=on, by=CARRIER, at=at)

    def _allocate(self, case: Case, life: Life, on: date, holder: str = "") -> None:
        who = self.house.officers[holder or life.holder]
        allocation.allocate(
            case=case, officer=who, summary="", next_action=self._next(life, case.complainant), by=self.house.actor("Helen Marsh", on),
            at=self.at(on, 16),
        )  # fmt: skip
        case.refresh_from_db()

    def _next(self, life: Life, person: Contact) -> str:
        service, whom = life.matter.service, writing.salutation(person).removeprefix("Dear ")
        said = [
            f"Ask {service} for their records", f"Ring {whom}, then ask {service} what happened",
            f"Read the file and agree the points with {whom}",
        ]  # fmt: skip
        if service in TO_BE_SEEN:
            said.append(f"Visit {whom}, then speak to {service}")
        return text.shorten(self.chance.choice(said), 200)

    def _look_into(self, case: Case, life: Life, on: date) -> None:
        """Ring the person, and ask the service for what it knows."""
        by = self.house.actor(life.holder, on)
        later = self.after(on, 1)
        if life.number % 2:
            notes.write_note(
                case=case, kind="call-out", contact=case.complainant, on=later,
                words="Rang to introduce myself. The points are right as they stand. They would rather have it put right than an apology.",
                next_action="", by=by, at=self.at(later, 11),
            )  # fmt: skip
        answers_for_it = life.matter.service in self.house.managers and life.way in ("in-work", "waiting")
        if life.number % 3 == 0 or answers_for_it:
            self._ask(case, life, later)
        if life.number % 4 == 0:
            case.refresh_from_db()
            notes.write_note(
                case=case, kind="internal", contact=None, on=later,
                words="The record for the day is there; the week before is missing. Asked for it again.",
                next_action=self._next(life, case.complainant), by=by, at=self.at(later, 14),
            )  # fmt: skip
        case.refresh_from_db()
        if case.started_at is None:
            case_details.change(
                case=case, matter=case.matter, outcome_sought=case.outcome_sought, service=case.service,
                category=case.category, next_action=self._next(life, case.complainant), waiting_for="",
                version=case.version, by=by, at=self.at(later, 15),
            )  # fmt: skip
            case.refresh_from_db()

    def _ask(self, case: Case, life: Life, on: date) -> None:
        service = self.house.services[life.matter.service]
        points = list(case.points.order_by("number"))[:1]
        task = tasks.ask(
            case=case, service=service, question="Please send what your records say about this, and who was on duty.",
            points=points, due_on=max(self.calendar.add(on, 5), on), by=self.house.actor(life.holder, on),
            at=self.at(on, 12),
        )  # fmt: skip
        manager = self.house.managers.get(life.matter.service)
        replied = self.after(on, 4)
        if manager is not None and replied < self.today and life.way not in ("waiting", "in-work"):
            point = life.matter.points[0]
            tasks.answer(
                case=case, task=task, answer=self._fill(point.upheld, self._texts(life, case.received_on)),
                by=self.house.actor(manager.name, replied), at=self.at(replied, 10),
            )  # fmt: skip
        case.refresh_from_db()

    def _wait(self, case: Case, life: Life) -> Case:
        case.refresh_from_db()
        waiting = f"{life.matter.service}" if life.way == "waiting" else ""
        action = f"Chase {life.matter.service} for their answer" if waiting else self._next(life, case.complainant)
        day = self.day(min(1, life.days_ago))
        case_details.change(
            case=case, matter=case.matter, outcome_sought=case.outcome_sought, service=case.service,
            category=case.category, next_action=action, waiting_for=waiting, version=case.version,
            by=self.house.actor(life.holder, day), at=self.at(day, 15),
        )  # fmt: skip
        return case

    def _extend(self, case: Case, life: Life, on: date) -> None:
        stage = Stage.objects.get(case=case, ended_at=None)
        by = self.house.actor(life.holder, on)
        reason = f"{extension.REASONS['records']} The contractor has promised them for next week."
        draft = extension.compose(case=case, stage=stage, working_days=5, reason=reason, today=on, by=by)
        pressed = letters.press(case=case, draft=draft, on=on)
        letter = extension.extend(
            case=case, stage=stage, working_days=5, reason=reason, draft=draft, pressed=pressed, by=by,
            at=self.at(on, 11),
        )  # fmt: skip
        self._send(letter, on)
        case.refresh_from_db()

    def _close(self, case: Case, life: Life, on: date) -> Case:
        why = {
            "withdrawn": "Rang to say that it is sorted out and that no answer is needed.",
            "resolved": "The service put it right on the next day. “That is all I wanted,” by telephone.",
            "abandoned": "Three letters and four calls had no answer; the house is empty.",
        }
        return closure.close(
            case=case, outcome=life.way, reason=why[life.way], on=on, by=self.house.actor(life.holder, on),
            at=self.at(on, 14),
        )  # fmt: skip

    def _refuse(self, case: Case, on: date) -> Case:
        carol = self.house.actor("Carol Whitfield", on)
        reason = "What you complain about happened more than two years ago, and you knew of it then."
        discretion = "We asked whether anything kept you from writing earlier. You wrote to us about it at the time."
        draft = composing.compose(
            "refusal", case=case, to=letters.correspondent(case, on), today=on, by=carol,
            values={"reason": reason, "ground": "More than 12 months old", "discretion": discretion},
        )  # fmt: skip
        pressed = letters.press(case=case, draft=draft, on=on)
        case = triage.refuse(
            case=case, ground="over-12-months", reason=reason, evidence="The date in the first letter.",
            discretion=discretion,
            draft=draft, pressed=pressed, by=carol, at=self.at(on, 11),
        )  # fmt: skip
        self._send(Letter.objects.filter(case=case).latest("pk"), on)
        return case

    # ------------------------------------------------------------------------------------------------------- answering

    def _decisions(self, life: Life, count: int) -> list[str]:
        if life.outcome != "mixed":
            return [life.outcome] * count
        return [("upheld", "not-upheld", "partly-upheld")[(life.number + place) % 3] for place in range(count)]

    def _draft(self, case: Case, life: Life, on: date, *, number: int, by: str, whole: bool) -> Response:
        stage = Stage.objects.get(case=case, number=number)
        texts = self._texts(life, case.received_on)
        found = answer_letter.answers(stage)
        decisions = self._decisions(life, len(found))
        answers = []
        for place, (here, decision) in enumerate(zip(found, decisions, strict=True)):
            point = life.matter.points[(here.number - 1) % len(life.matter.points)]
            if not whole and place == len(found) - 1:
                continue  # the last point is still to be written
            went_wrong = decision != "not-upheld"
            answers.append(
                response.AnswerInput(
                    point=here.number,
                    decision=decision,
                    should=self._fill(point.should, texts) if went_wrong else "",
                    reason=self._fill(point.upheld if went_wrong else point.not_upheld, texts),
                    injustice=self._fill(point.meant, texts) if went_wrong else "",
                    remedies=self._remedies(case, life, on, texts, place) if went_wrong else (),
                )
            )
        honoured = answer_letter.to_be_honoured(stage)
        looked = life.matter.looked if number == 1 else STILL[life.number % len(STILL)]
        words = response.Words(
            understanding=f"You told us about this: {self._fill(life.matter.title, texts).lower()}. {life.matter.effect}".strip(),
            how_looked_into=self._fill(looked, texts),
            adjustments_considered="I wrote to you in the way that you asked for, and gave you the time that you need."
            if honoured
            else "",
            closing="Thank you for telling us. It has helped us to see what has to change.",
        )
        saved = response.save(
            case=case, stage=stage, version=0, words=words, answers=answers, by=self.house.actor(by, on),
            at=self.at(on, 9),
        )  # fmt: skip
        self._approve(case, stage, on)
        return saved

    def _remedies(
        self, case: Case, life: Life, on: date, texts: dict[str, str], place: int
    ) -> tuple[response.RemedyInput, ...]:
        """Put the first thing right by everything that the matter knows, the others by an apology."""
        chosen = life.matter.put_right if place == 0 else life.matter.put_right[:1]
        owner = self.house.managers.get(life.matter.service) or self.house.officers[life.holder]
        made = []
        for turn, put in enumerate(chosen):
            made.append(
                response.RemedyInput(
                    kind=put.kind,
                    text=ALSO_SORRY[(place - 1) % len(ALSO_SORRY)] if place else self._fill(put.words, texts),
                    owner_id=(self.house.officers[life.holder] if put.kind == "apology" else owner).pk,
                    due_on=self.calendar.add(on, 6 + 5 * turn),
                    amount=Decimal(put.pounds) if put.kind == "payment" else None,
                    cost_centre="C4410" if put.kind == "payment" else "",
                )
            )
        return tuple(made)

    def _approve(self, case: Case, stage: Stage, on: date) -> None:
        """Have the manager approve what is above an officer's limit."""
        rows = Remedy.objects.filter(finding__stage=stage, kind="payment", state="proposed", approved_by="")
        for row in rows.order_by("pk"):
            remedies.approve(case=case, remedy=row, by=self.house.actor("Carol Whitfield", on), at=self.at(on, 10))

    def _check(self, written: Response, on: date, *, by: str, way: str) -> bool:
        """Have the answer checked; says whether it passed."""
        case = written.stage.case
        check = response.ask_for_check(
            case=case, response=written, asked_of=None, by=self.house.actor(by, on), at=self.at(on, 12)
        )
        if way == "with-checker":
            return False
        checked = self.after(on, 1)
        checker = self.house.actor("Carol Whitfield" if written.stage.number == 2 else "Helen Marsh", checked)
        written.refresh_from_db()
        if way == "returned":
            response.return_check(
                case=case, response=written, check=check, remark="Nearly there.",
                remarks=[{"point": 1, "text": "Say when we knew. The reader can’t see why it took so long."}],
                by=checker, at=self.at(checked, 11),
            )  # fmt: skip
            return False
        response.pass_check(
            case=case, response=written, check=check, digest=check.digest, parts=dict.fromkeys(PARTS, True), by=checker,
            at=self.at(checked, 11),
        )  # fmt: skip
        written.refresh_from_db()
        return way != "passed"

    def _release(self, written: Response, on: date, *, by: str) -> Letter:
        case = written.stage.case
        draft = response.passed_draft(written, today=on)
        pressed = letters.press(case=case, draft=draft, on=on)
        return response.release(
            case=case, response=written, draft=draft, pressed=pressed, by=self.house.actor("Carol Whitfield", on),
            at=self.at(on, 13),
        )  # fmt: skip

    def _keep_promises(self, case: Case, life: Life, went: date) -> None:
        """Keep what was promised, unless the case is one whose promises are open."""
        rows = list(Remedy.objects.filter(case=case, state="promised").order_by("due_on", "pk"))
        keep = rows[:1] if life.way in ("promises-open", "promises-late") else rows
        for row in keep:
            due = row.due_on or went
            on = min(max(due, went), self.day(0))
            if life.way in ("promises-open", "promises-late") and due >= self.today:
                continue
            case.refresh_from_db()
            evidence = {"payment": "Paid, reference BACS 20418", "apology": "Letter sent"}.get(
                row.kind, "Seen on the spot"
            )
            remedies.complete(
                case=case, remedy=row, on=on, evidence_text=evidence, by=self.house.actor(life.holder, on),
                at=self.at(on, 15),
            )  # fmt: skip

    # --------------------------------------------------------------------------------------------------------- stage 2

    def _other_officer(self, life: Life) -> str:
        return next(name for name in OFFICERS if name != life.holder)

    def _stage_2(self, life: Life, case: Case, went: date) -> Case:
        asked = self.after(went, min(4, max(1, life.days_ago // 10)))
        points = list(case.points.filter(withdrawn_at=None).order_by("number"))
        chosen = points[:1] if life.number % 2 else []
        disputed = DISPUTES[life.number % len(DISPUTES)]
        escalation.ask_for_next_stage(
            case=case, points=chosen, disputed={one.pk: disputed for one in chosen},
            disputed_all="" if chosen else disputed,
            outcome_sought=self._fill(life.matter.wants, self._texts(life, went)),
            asked_through=self.chance.choice(("portal", "email", "telephone")), asked_on=asked, by=self._asha(asked),
            at=self.at(asked, 10),
        )  # fmt: skip
        case.refresh_from_db()
        if life.way == "stage-2-asked":
            return case
        acknowledged = self.after(asked, 2)
        self._acknowledge(case, acknowledged)
        self._allocate(case, life, acknowledged, self._other_officer(life))
        if life.way == "stage-2-open":
            return case
        return self._answer_stage(life, case, self.after(acknowledged, 12), number=2)

    def _asha(self, on: date) -> Actor:
        return self.house.actor("Asha Mehta", on)

    # ------------------------------------------------------------------------------------------------------ at the end

    def hold(self, case: Case, on: date) -> None:
        """Write a holding letter on a case that is late."""
        by = self.house.actor(case.holder.name, on) if case.holder else self._jo(on)
        draft = composing.compose(
            "holding", case=case, to=letters.correspondent(case, on), today=on, by=by,
            values={"reason": "We are still waiting for the records of the contractor."},
        )  # fmt: skip
        if draft.holes:
            return
        pressed = letters.press(case=case, draft=draft, on=on)
        self._send(correspondence.write(case=case, draft=draft, pressed=pressed, by=by, at=self.at(on, 11)), on)

    def reply(self, case: Case, words: str, on: date) -> Message:
        """Let the person answer the last e-mail that we sent them."""
        last = Letter.objects.filter(case=case, channel="email").exclude(message_id="").latest("pk")
        raw = EmailMessage()
        raw["From"] = f'"{last.to.name}" <{last.to_address}>'
        raw["To"] = self.house.mailbox.address
        raw["Subject"] = f"Re: {last.subject}"
        received = self.at(on, 8)
        raw["Date"] = format_datetime(received)
        raw["Message-ID"] = f"<reply.{case.reference}@mail.example>"
        raw["In-Reply-To"] = last.message_id
        raw.set_content(words + "\n")
        return self.arrive(raw.as_bytes(), received).message


def _other(
    base: intake.Entry,
    kind: str,
    title: str,
    said: str,
    reason: str,
    service: Service | None,
    choice: triage.Choice | None,
) -> intake.Entry:
    """Turn what would be a complaint into a request, a compliment or a comment by telephone or letter."""
    return replace(
        base, kind=kind, matter=title, subject=title, points=(said,), words=said, reason=reason, outcome_sought="",
        effect="", service=service or base.service, category=None, dissatisfied=choice is not None, choice=choice,
        channel="telephone" if base.channel == "email" else base.channel, representative=None, complained_about=(),
        procedure="corporate-complaint",
    )  # fmt: skip
