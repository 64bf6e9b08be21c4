"""Promises stay open until they are done with evidence, or another takes their place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import letters, remedies
from redress.documents.models import Document
from redress.learning import queries
from redress.learning.models import Remedy

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


@pytest.fixture
def case(of: Office) -> Case:
    return make.gone(of, make.acknowledged(of))


def complete(
    of: Office,
    case: Case,
    *,
    role: Role = Role.OFFICER,
    on: dt.date = make.TODAY,
    evidence_text: str = "Letter",
    **more: Any,
) -> Remedy:
    (promise,) = make.promises(case)
    return remedies.complete(
        case=case, remedy=promise, on=on, evidence_text=evidence_text, by=of.actor(role), at=make.at(), **more
    )


def test_done_with_evidence(of: Office, case: Case) -> None:
    assert queries.promises_count(of.actor(Role.OFFICER)) == 1
    done = complete(of, case)
    assert (done.state, done.done_on, done.evidence_text) == ("done", make.TODAY, "Letter")
    assert "remedy.done" in [line.kind for line in trail.read(case)]
    assert queries.promises_count(of.actor(Role.OFFICER)) == 0
    with pytest.raises(remedies.NotOpen):
        remedies.complete(
            case=case, remedy=done, on=make.TODAY, evidence_text="x", by=of.actor(Role.OFFICER), at=make.at()
        )


def test_what_is_refused(of: Office, case: Case) -> None:
    with pytest.raises(remedies.NoEvidence):
        complete(of, case, evidence_text=" ")
    with pytest.raises(remedies.NotYet):
        complete(of, case, on=dt.date(2026, 11, 24))
    with pytest.raises(NotPermitted):
        complete(of, case, role=Role.AUDITOR)
    stray = Document.objects.create(
        council=of.council,
        source="added",
        name="x.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        added_at=make.at(),
        added_by="x",
    )
    with pytest.raises(remedies.WrongDocument):
        complete(of, case, evidence=stray)


def replace(of: Office, case: Case, *, reason: str = "The crew was sold.", text: str = "A new bin") -> Any:
    (promise,) = make.promises(case)
    by, due = of.actor(Role.OFFICER), dt.date(2026, 12, 20)
    draft = remedies.replacement_letter(remedy=promise, reason=reason, text=text, due_on=due, today=make.TODAY, by=by)
    pressed = letters.press(case=case, draft=draft, on=make.TODAY)
    return remedies.replace(
        case=case, remedy=promise, reason=reason, text=text, owner=of.officers[Role.OFFICER], due_on=due, draft=draft,
        pressed=pressed, by=by, at=make.at(),
    )  # fmt: skip


def test_another_takes_its_place_and_the_person_is_told(of: Office, case: Case) -> None:
    letter = replace(of, case)
    said = str(letter.blocks)
    assert "The crew was sold." in said and "A new bin, by 20 December 2026." in said and "Ombudsman" in said
    old, new = Remedy.objects.order_by("pk")
    assert (old.state, new.state, new.replaces) == ("replaced", "promised", old)
    case.refresh_from_db()
    assert case.state == "answered"


def test_the_reason_and_what_happens_instead_are_said(of: Office, case: Case) -> None:
    with pytest.raises(remedies.SayWhyNot):
        replace(of, case, reason=" ")
    with pytest.raises(remedies.SayWhatInstead):
        replace(of, case, text=" ")


def test_whoever_proposed_a_payment_does_not_approve_it(of: Office) -> None:
    from decimal import Decimal

    paid = make.remedy(of, kind="payment", text="We pay", amount=Decimal("250"), cost_centre="W1")
    case = make.acknowledged(of)
    make.answered(of, case, role=Role.COMPLAINTS_MANAGER, answers=make.answers_of(of, remedies=[paid]))
    with pytest.raises(remedies.YouProposedThis):
        remedies.approve(case=case, remedy=Remedy.objects.get(), by=of.actor(Role.COMPLAINTS_MANAGER), at=make.at())
