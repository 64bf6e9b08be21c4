"""Plain rows of every table, for tests of what the database itself refuses.

Everything else makes its records through the steps, which could not make most of what is tried here. A `Yard` stands
for one council: ``yard.new(Stage)`` writes a stage and whatever it hangs on, ``yard.one(Service)`` gives the same
service each time. What is given by name is taken as it is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar

import pytest
from django.db import IntegrityError, connection, models, transaction

from redress.access.models import Answer, Detail, Entry, Look, Seal, Stream
from redress.cases.models import (
    Case,
    Clock,
    ComplainedAbout,
    Finding,
    Happening,
    HolderPeriod,
    Link,
    Note,
    Point,
    PointWording,
    ReferenceCounter,
    Stage,
    StagePoint,
)
from redress.correspondence.models import (
    Attachment,
    AutomaticAcknowledgement,
    FormDraft,
    Letter,
    LetterTemplate,
    LinkAsk,
    Message,
    OldDate,
    PortalMail,
    Receipt,
    ReceiptOf,
    ReplyToken,
    Response,
    ResponsePoint,
)
from redress.council.models import (
    AdoptedProcedure,
    BankHoliday,
    Category,
    Closure,
    Council,
    Directorate,
    FeedReading,
    LocalEdition,
    Mailbox,
    Service,
)
from redress.documents.models import Document, Placement, Scan
from redress.learning.models import Remedy
from redress.people.models import Adjustment, Authority, Contact, PortalLink
from redress.quality.models import Check
from redress.server.models import Installation
from redress.staff.models import Absence, Membership, Notice, Officer, SignInLink
from redress.tasks.models import Task, TaskPoint

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = AT.date()
LATER = AT + dt.timedelta(days=1)
TOMORROW = TODAY + dt.timedelta(days=1)
DIGEST = "0" * 64

M = TypeVar("M", bound=models.Model)
Values = dict[str, Any]

_numbers = count(1)


class Yard:
    """Builds rows of one council."""

    def __init__(self, code: str = "northmere", prefix: str = "NMR") -> None:
        self.prefix = prefix
        self._ones: dict[type[models.Model], models.Model] = {}
        self.council = self.new(Council, code=code, prefix=prefix)
        self._ones[Council] = self.council
        # Before any row that a test undoes again: what is asked for twice must still be there.
        for model in (Directorate, Service):
            self.one(model)

    def new(self, model: type[M], **given: Any) -> M:
        """Write one more row of a table."""
        return model._base_manager.create(**self.values(model, **given))

    def one(self, model: type[M]) -> M:
        """Give the row of this table that was asked for first, written if need be."""
        if model not in self._ones:
            self._ones[model] = self.new(model)
        return self._ones[model]  # type: ignore[return-value]

    def values(self, model: type[models.Model], **given: Any) -> Values:
        """Give what a row of this table is made of, without writing it; what it hangs on is written."""
        made = MAKERS[model](self, given)
        if "council" in {field.name for field in model._meta.concrete_fields}:
            made = {"council": self.council, **made}
        return {**made, **given}


def number() -> int:
    """Give a number that no row had before."""
    return next(_numbers)


def _council(yard: Yard, given: Values) -> Values:
    place = number()
    return {
        "code": f"council-{place}",
        "name": "Northmere Borough Council",
        "short_name": "Northmere",
        "prefix": "".join(chr(65 + int(digit)) for digit in f"{place:04d}"),
        "address": "Civic Offices",
        "telephone": "01632 960100",
        "email": f"office-{place}@northmere.example",
    }


def _case(yard: Yard, given: Values) -> Values:
    return {
        "reference": f"{yard.prefix}-2026-{number():04d}",
        "procedure": "corporate-complaint",
        "edition": "corporate-complaint@2024-02-08",
        "channel": "email",
        "matter": "Missed bin",
        "received_on": TODAY,
        "received_at": AT,
        "logged_at": AT,
        "complainant": given.get("complainant") or yard.new(Contact),
        "representative": yard.new(Contact) if given.get("authority") else None,
    }


def _stage(yard: Yard, given: Values) -> Values:
    return {"case": given.get("case") or yard.new(Case), "number": 1, "opened_at": AT}


def _stage_and_point(yard: Yard, given: Values) -> Values:
    point = given.get("point")
    stage = given.get("stage") or (point and point.case.stages.first())
    stage = stage or (yard.new(Stage, case=point.case) if point else yard.new(Stage))
    return {"stage": stage, "point": point or yard.new(Point, case=stage.case)}


def _of_case(yard: Yard, given: Values) -> Case:
    return given.get("case") or yard.new(Case)


def _with_stage(yard: Yard, given: Values) -> Values:
    if "stage" in given:
        stage = given["stage"]
        return {"case": given.get("case") or (stage.case if stage else yard.new(Case)), "stage": stage}
    case = _of_case(yard, given)
    stage = case.stages.first() or yard.new(Stage, case=case)
    return {"case": case, "stage": stage}


def _response(yard: Yard, given: Values) -> Values:
    return {
        "stage": given.get("stage") or yard.new(Stage),
        "author": yard.new(Officer),
        "begun_at": AT,
        "changed_at": AT,
        "changed_by": "Asha Mehta",
    }


def _response_point(yard: Yard, given: Values) -> Values:
    answered = _stage_and_point(yard, given)
    response = given.get("response") or Response.objects.filter(stage=answered["stage"]).first()
    return {"response": response or yard.new(Response, stage=answered["stage"]), **answered}


def _check(yard: Yard, given: Values) -> Values:
    response = given.get("response") or yard.new(Response)
    return {"response": response, "round": 1, "author": response.author, "asked_at": AT, "digest": DIGEST}


def _task_point(yard: Yard, given: Values) -> Values:
    point = given.get("point")
    task = given.get("task") or (yard.new(Task, case=point.case) if point else yard.new(Task))
    return {"task": task, "point": point or yard.new(Point, case=task.case)}


def _remedy(yard: Yard, given: Values) -> Values:
    finding = given.get("finding")
    if finding is None:
        stage = yard.new(Stage, case=_of_case(yard, given))
        finding = yard.new(Finding, stage=stage)
    return {
        "case": given.get("case") or finding.stage.case,
        "finding": finding,
        "kind": "apology",
        "text": "We apologise.",
        "added_at": AT,
        "added_by": "Asha Mehta",
    }


def _placement(yard: Yard, given: Values) -> Values:
    point = given.get("point")
    case = given.get("case") or (point.case if point else yard.new(Case))
    return {
        "document": yard.new(Document),
        "case": case,
        "point": point or yard.new(Point, case=case),
        "placed_at": AT,
        "placed_by": "Asha Mehta",
    }


def _letter(yard: Yard, given: Values) -> Values:
    where = _with_stage(yard, given)
    return {
        **where,
        "kind": "other",
        "to": where["case"].complainant,
        "subject": "Your complaint",
        "written_at": AT,
        "written_by": "Asha Mehta",
    }


def _old_date(yard: Yard, given: Values) -> Values:
    letter = given.get("letter") or yard.new(Letter, case=_of_case(yard, given))
    return {
        "case": letter.case,
        "letter": letter,
        "clock": "stage-1-response",
        "gave": TODAY,
        "found_at": AT,
        "found_by": "Working days",
    }


def _portal_mail(yard: Yard, given: Values) -> Values:
    case = _of_case(yard, given)
    return {
        "kind": "follow",
        "case": case,
        "contact": case.complainant,
        "to_address": "dev@mail.example",
        "site": "https://northmere.example",
        "our_identity": f"portal-{number()}@northmere.example",
        "made_at": AT,
    }


def _happening(yard: Yard, given: Values) -> Values:
    before = given.get("replaces")
    where = {"case": before.case, "reason": "Wrong day"} if before else {}
    return {
        **_with_stage(yard, {**where, **given}),
        "reason": where.get("reason", ""),
        "kind": "received",
        "on": TODAY,
        "seq": number() % 30000,
        "recorded_at": AT,
        "recorded_by": "Asha Mehta",
        "entry": uuid.uuid4(),
    }


MAKERS: dict[type[models.Model], Callable[[Yard, Values], Values]] = {
    Installation: lambda yard, given: {"identity": uuid.uuid4(), "kind": "real", "made_at": AT},
    Council: _council,
    Directorate: lambda yard, given: {"name": f"Place {number()}"},
    Service: lambda yard, given: {"directorate": yard.one(Directorate), "name": f"Waste {number()}"},
    Category: lambda yard, given: {"name": f"Missed collection {number()}"},
    Closure: lambda yard, given: {"on": TODAY + dt.timedelta(days=number()), "reason": "Snow"},
    BankHoliday: lambda yard, given: {
        "on": TODAY + dt.timedelta(days=number()), "name": "Coronation", "source": "The Gazette",
    },
    FeedReading: lambda yard, given: {
        "read_at": AT, "read_by": "Bank holidays", "source": "bank-holidays.json", "readable": True, "days": 135,
        "last_on": TODAY,
    },
    LocalEdition: lambda yard, given: {
        "procedure": "corporate-complaint", "edition_id": "corporate-complaint@2026-12-01+northmere",
        "based_on": "corporate-complaint@2024-02-08", "in_force_from": TODAY + dt.timedelta(days=8), "text": "x",
        "drafter": 1, "writers": [1], "drafted_at": AT, "drafted_by": "Helen", "changed_at": AT, "changed_by": "Helen",
    },
    AdoptedProcedure: lambda yard, given: {
        "procedure": "corporate-complaint", "adopted_from": TODAY + dt.timedelta(days=number()),
    },
    Mailbox: lambda yard, given: {"address": f"complaints-{number()}@northmere.example"},
    Officer: lambda yard, given: {"email": f"officer-{number()}@northmere.example", "name": "Asha Mehta"},
    Membership: lambda yard, given: {
        "officer": yard.new(Officer), "role": "officer", "since": TODAY,
        "service": yard.one(Service),
    },
    SignInLink: lambda yard, given: {
        "officer": yard.new(Officer), "digest": f"{number():064d}", "made_at": AT, "made_by": "redress init",
        "expires_at": LATER,
    },
    Absence: lambda yard, given: {"officer": yard.new(Officer), "starts_on": TODAY, "ends_on": TODAY},
    Notice: lambda yard, given: {
        "officer": yard.new(Officer), "kind": "late", "once": f"late:{number()}", "text": "Late.", "told_at": AT,
    },
    Contact: lambda yard, given: {"name": "Dev Patel", "sort_key": "dev patel", "added_at": AT},
    Adjustment: lambda yard, given: {
        "contact": yard.new(Contact), "text": "Ring after noon", "added_at": AT, "added_by": "Asha Mehta",
    },
    Authority: lambda yard, given: {
        "person": yard.new(Contact), "representative": yard.new(Contact), "asked_on": TODAY,
    },
    PortalLink: lambda yard, given: {
        "contact": yard.new(Contact), "case_reference": "NMR-2026-0001", "digest": f"{number():064d}",
        "made_at": AT, "expires_at": LATER,
    },
    ReferenceCounter: lambda yard, given: {"year": 1000 + number()},
    Case: _case,
    Stage: _stage,
    HolderPeriod: lambda yard, given: {**_with_stage(yard, given), "officer": yard.new(Officer), "since": AT},
    Point: lambda yard, given: {"case": _of_case(yard, given), "number": number(), "added_at": AT},
    PointWording: lambda yard, given: {
        "point": given.get("point") or yard.new(Point), "version": number(), "text": "The bin was missed.",
        "written_at": AT, "written_by": "Asha Mehta",
    },
    StagePoint: _stage_and_point,
    Finding: lambda yard, given: {
        **_stage_and_point(yard, given), "changed_at": AT, "changed_by": "Asha Mehta",
    },
    Happening: _happening,
    Clock: lambda yard, given: {
        **_with_stage(yard, given), "name": f"clock-{number()}", "state": "running", "open": True, "due_on": TODAY,
        "counts_from": TODAY, "worked_out_at": AT,
    },
    Note: lambda yard, given: {
        "case": _of_case(yard, given), "kind": "internal", "on": TODAY, "text": "Rang.", "written_at": AT,
        "written_by": "Asha Mehta", "entry": uuid.uuid4(),
    },
    ComplainedAbout: lambda yard, given: {"case": _of_case(yard, given), "officer": yard.new(Officer)},
    Link: lambda yard, given: {
        "first": yard.new(Case), "second": yard.new(Case), "why": "One round", "made_at": AT, "made_by": "Asha Mehta",
    },
    Document: lambda yard, given: {
        "source": "received", "name": "bin.jpg", "content_type": "image/jpeg", "size": 1, "sha256": DIGEST,
        "added_at": AT, "added_by": "Asha Mehta",
    },
    Scan: lambda yard, given: {"document": yard.new(Document), "result": "clean", "scanned_at": AT},
    Placement: _placement,
    OldDate: _old_date,
    Message: lambda yard, given: {"channel": "email", "received_at": AT, "received_on": TODAY},
    Receipt: lambda yard, given: {"source": "INBOX 1/1", "sha256": DIGEST, "size": 1, "received_at": AT},
    ReceiptOf: lambda yard, given: {"receipt": yard.new(Receipt), "message": yard.new(Message)},
    Attachment: lambda yard, given: {
        "message": yard.new(Message), "document": yard.new(Document), "position": number() % 30000,
    },
    ReplyToken: lambda yard, given: {
        "case": yard.new(Case), "contact": yard.new(Contact), "token": f"token{number()}", "made_at": AT,
    },
    AutomaticAcknowledgement: lambda yard, given: {
        "address_key": f"dev-{number()}@mail.example", "on": TODAY, "message": yard.new(Message),
        "our_identity": f"auto-{number()}@northmere.example",
    },
    FormDraft: lambda yard, given: {
        "digest": f"{number():064d}", "begun_at": AT, "changed_at": AT, "expires_at": LATER,
    },
    LetterTemplate: lambda yard, given: {
        "kind": "holding", "version": number() % 30000, "heading": "Your complaint", "body": "We are looking into it.",
        "published_at": AT, "published_by": "Carol Whitfield",
    },
    Letter: _letter,
    Response: _response,
    ResponsePoint: _response_point,
    LinkAsk: lambda yard, given: {
        "address": "dev@mail.example", "address_key": "dev@mail.example", "site": "https://northmere.example",
        "asked_at": AT,
    },
    PortalMail: _portal_mail,
    Task: lambda yard, given: {
        "case": _of_case(yard, given), "service": yard.one(Service), "question": "Where are the round sheets?",
        "due_on": TODAY, "asked_at": AT, "asked_by": "Asha Mehta",
    },
    TaskPoint: _task_point,
    Remedy: _remedy,
    Check: _check,
    Entry: lambda yard, given: {
        "id": uuid.uuid4(), "stream": "case:1", "seq": number(), "prev": b"", "hash": b"", "kind": "case.logged",
        "at": AT, "by_kind": "staff", "step": "intake.log", "digest": b"",
    },
    Detail: lambda yard, given: {"entry_id": uuid.uuid4(), "salt": b"", "body": {}},
    Stream: lambda yard, given: {"name": f"case:{number()}", "seq": 1, "hash": b""},
    Seal: lambda yard, given: {
        "number": number(), "at": AT, "entries": 0, "heads": {}, "root": b"", "looks_until": AT, "looks_digest": b"",
        "prev": b"", "key": "", "signature": b"", "hash": b"",
    },
    Look: lambda yard, given: {"stream": "case:1", "by_kind": "staff", "by_id": number(), "quarter": AT},
    Answer: lambda yard, given: {
        "step": "intake.log", "actor": "staff:1", "key": f"key-{number()}", "about": "", "answered_at": AT,
    },
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ refusals


def settle(name: str = "ALL") -> None:
    """Ask the database now for a constraint that it would ask for when the transaction commits, or for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {name} IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """Demand that what is done inside is refused, and by this constraint: another one's refusal is a failure."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert named(refusal.value) == name, str(refusal.value)


@contextmanager
def accepted() -> Iterator[None]:
    """Demand that what is done inside is accepted by every constraint, those of the commit included; then undo it."""
    with transaction.atomic():
        yield
        settle()
        transaction.set_rollback(True)


def named(error: IntegrityError) -> str | None:
    """Give the name of the constraint that refused."""
    return error.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]
