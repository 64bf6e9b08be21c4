"""Is the demonstration what it says it is?"""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from redress.access import trail
from redress.access.roles import ROLES
from redress.cases.models import Case
from redress.correspondence.models import Letter, Message
from redress.learning.models import Remedy
from redress.plumbing import home
from redress.server import demonstration
from redress.staff.models import Officer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
def made(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make a small demonstration in a folder of its own."""
    settings.REDRESS_DEMONSTRATION = True
    settings.REDRESS_HOME = tmp_path
    home.Home(tmp_path).make()
    said: list[str] = []
    demonstration.make(said.append, count=60, processes=1, now=NOW)
    return said


def test_a_small_demonstration_is_what_it_says_it_is(made: list[str]) -> None:
    """One test, since making one takes a while."""
    has_cases_in_every_state_and_its_trail_verifies(made)
    has_one_sign_in_for_each_role_and_only_their_owner_can_read_them()
    gives_nobody_else_a_password()
    touches_no_case_before_it_came_or_after_now()


def has_cases_in_every_state_and_its_trail_verifies(made: list[str]) -> None:
    assert {council.code for council in Case._meta.get_field("council").related_model.objects.all()} == {
        "northmere",
        "eastvale",
    }
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) == {"to-triage", "open", "answered", "closed"}
    assert Case.objects.count() >= 40
    assert Case.objects.filter(stages__number=2).exists()
    assert {"dispatched"} <= set(Letter.objects.values_list("state", flat=True))
    assert Remedy.objects.filter(state="promised").exists()
    assert Remedy.objects.filter(state="done").exists()
    assert Message.objects.filter(state="to-log", case=None).count() >= 12
    assert set(Message.objects.values_list("kind", flat=True)) >= {"bounce", "unreadable", "new"}
    assert Message.objects.filter(subject__startswith="Garden waste charged twice", case=None).exists()
    assert trail.verify() == []
    assert any("cases" in line for line in made)


def has_one_sign_in_for_each_role_and_only_their_owner_can_read_them() -> None:
    file = home.current().demonstration
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text())
    assert {one["role"] for one in told["sign_ins"]} == {info.title for info in ROLES.values()}
    for one in told["sign_ins"]:
        assert Officer.objects.get(email=one["email"]).check_password(one["password"])
        assert len(one["password"]) >= 16
    assert len({one["password"] for one in told["sign_ins"]}) == len(told["sign_ins"])


def gives_nobody_else_a_password() -> None:
    told = {one["email"] for one in json.loads(home.current().demonstration.read_text())["sign_ins"]}
    for officer in Officer.objects.all():
        assert officer.has_usable_password() == (officer.email in told)


def touches_no_case_before_it_came_or_after_now() -> None:
    for case in Case.objects.all():
        lines = trail.read(case)
        assert all(line.at <= NOW for line in lines), case
        assert all(line.at.date() >= case.received_on for line in lines), case
        assert [line.at for line in lines] == sorted(line.at for line in lines), case
