"""The database refuses impossible cases, whatever the program does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from redress.cases.models import Case
from redress.council.models import Council
from redress.people.models import Contact

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def council(code: str, prefix: str) -> Council:
    return Council.objects.create(
        code=code,
        name=code.title(),
        short_name=code.title(),
        prefix=prefix,
        address="Civic Offices",
        telephone="01632 960100",
        email=f"complaints@{code}.example",
    )


def contact(of: Council, name: str) -> Contact:
    return Contact.objects.create(council=of, name=name, sort_key=name.lower(), added_at=AT)


def case(of: Council, who: Contact, reference: str) -> Case:
    return Case.objects.create(
        council=of,
        reference=reference,
        procedure="corporate-complaint",
        edition="corporate-complaint@2024-02-08",
        channel="email",
        matter="Bins missed",
        received_on=AT.date(),
        received_at=AT,
        logged_at=AT,
        complainant=who,
    )


@pytest.mark.parametrize("reference", ["NMR-2026-12", "nmr-2026-0001", "NMR/2026/0001", "N-2026-0001"])
def test_a_reference_is_shaped(reference: str) -> None:
    north = council("northmere", "NMR")
    who = contact(north, "Dev Patel")
    with pytest.raises(IntegrityError, match="reference_is_shaped"), transaction.atomic():
        case(north, who, reference)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "upheld"},
        {"closed_at": AT, "closed_by": "Asha Mehta", "state": "closed"},
        {"outcome": "upheld", "closed_at": AT, "state": "closed"},
    ],
)
def test_a_case_is_closed_if_and_only_if_it_has_an_outcome(change: dict[str, object]) -> None:
    north = council("northmere", "NMR")
    bins = case(north, contact(north, "Dev Patel"), "NMR-2026-0001")
    with pytest.raises(IntegrityError, match="closed_if_and_only_if_it_has_an_outcome"), transaction.atomic():
        Case.objects.filter(pk=bins.pk).update(**change)
    assert (
        Case.objects.filter(pk=bins.pk).update(outcome="upheld", closed_at=AT, closed_by="Asha Mehta", state="closed")
        == 1
    )
