"""Who is away, and who covers? One's own days; a manager records anybody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.casework import absence
from redress.staff import queries
from redress.staff.models import Absence, Officer
from redress.staff.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


def record(cast: Cast, officer: Officer, **more: Any) -> Absence:
    given = {
        "starts_on": TODAY, "ends_on": dt.date(2026, 11, 27), "cover": cast.ben, "reason": "", "by": cast.actor(),
        "at": make.at(), **more,
    }  # fmt: skip
    return absence.record(officer=officer, **given)


def test_ones_own_days_are_recorded_once_and_the_cover_sees_them(cast: Cast) -> None:
    first = record(cast, cast.asha, key="k")
    assert record(cast, cast.asha, key="k") == first
    away = queries.away_on(TODAY)[cast.asha.pk]
    assert away.cover_name == "Ben Carter" and queries.covering(cast.ben.pk, TODAY) == [away]
    assert queries.away_on(dt.date(2026, 11, 28)) == {}
    assert [line.kind for line in trail.read(cast.asha)][-1] == "staff.absence-recorded"


def test_somebody_elses_days_are_for_whoever_allocates(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        record(cast, cast.ben, cover=cast.asha)
    record(cast, cast.ben, cover=cast.asha, by=cast.actor(Role.TEAM_LEADER))
    with pytest.raises(NotVisible):
        record(cast, cast.stranger, cover=None, by=cast.actor(Role.TEAM_LEADER))


def test_impossible_days_and_covers_are_refused(cast: Cast) -> None:
    with pytest.raises(absence.EndsBeforeItStarts):
        record(cast, cast.asha, ends_on=TODAY - dt.timedelta(days=1))
    with pytest.raises(absence.IsOver):
        record(cast, cast.asha, starts_on=dt.date(2026, 11, 2), ends_on=dt.date(2026, 11, 6))
    for wrong in (cast.asha, cast.stranger):
        with pytest.raises(absence.CannotCover):
            record(cast, cast.asha, cover=wrong)


def test_days_are_cancelled_once(cast: Cast) -> None:
    made = record(cast, cast.asha)
    with pytest.raises(NotPermitted):
        absence.cancel(officer=cast.asha, absence=made, by=actor_for(cast.ben, TODAY), at=make.at())
    absence.cancel(officer=cast.asha, absence=made, by=cast.actor(), at=make.at())
    assert queries.away_on(TODAY) == {}
    made.refresh_from_db()
    with pytest.raises(absence.CancelledAlready):
        absence.cancel(officer=cast.asha, absence=made, by=cast.actor(), at=make.at())
