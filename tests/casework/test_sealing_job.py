"""The timetable seals the trail; with nothing new there is nothing to seal."""

import pytest

from factories import answers
from factories.intake import office
from redress.access.models import Entry, Seal
from redress.jobs import sealing

pytestmark = pytest.mark.django_db


def test_what_was_done_is_sealed_and_once() -> None:
    answers.logged(office())
    written = Entry.objects.count()
    assert written > 0
    sealing.seal()
    assert sum(Seal.objects.values_list("entries", flat=True)) == written
    before = Seal.objects.count()
    sealing.seal()
    assert Seal.objects.count() == before
