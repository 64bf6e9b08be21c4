"""The one place that reads the clock gives aware instants and London dates."""

from datetime import UTC, date, datetime

import pytest

from redress.plumbing import moment


def test_now_is_aware_and_in_utc() -> None:
    assert moment.now().tzinfo is UTC


def test_a_summer_evening_in_utc_is_already_tomorrow_in_london() -> None:
    assert moment.local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_winter_evening_is_the_same_day() -> None:
    assert moment.local_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        moment.local(datetime(2026, 1, 1))
