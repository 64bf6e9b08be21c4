"""Reminders come before the date, once; a late case is told to its managers, once; whoever is away is covered."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import Any

import pytest

from casework.office_day import QUICK, kinds
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case
from redress.casework import absence, allocation, chasing, tasks
from redress.correspondence import mailing, staff_mail
from redress.jobs import reminders
from redress.plumbing import home, moment, post
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db
TIMETABLE = Actor.timetable("Reminders")
DUE = dt.date(2026, 12, 7)
BEFORE = dt.date(2026, 12, 3)
LATE = dt.date(2026, 12, 8)


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.PASSWORD_HASHERS = QUICK
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.allocated(cast.acknowledged(cast.logged()))


def run(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    monkeypatch.setattr(moment, "now", lambda: make.at(day, 8))
    reminders.tell()


def told(kind: str) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("officer__name", "text"))


def test_the_holder_is_reminded_two_working_days_before_and_on_the_day_once_each(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, dt.date(2026, 12, 2))
    assert told("reminder") == [], "three working days before is too early"
    for _ in range(3):
        run(monkeypatch, BEFORE)
    run(monkeypatch, dt.date(2026, 12, 4))
    assert len(told("reminder")) == 1
    name, text = told("reminder")[0]
    assert name == "Asha Mehta" and "Monday 7 December 2026, in 2 working days" in text
    assert case.reference in text and "Dev" not in text and "bin" not in text, "nothing personal beyond the reference"
    for _ in range(2):
        run(monkeypatch, DUE)
    assert len(told("reminder")) == 2 and "due today" in told("reminder")[1][1]
    assert kinds(case).count("case.reminded") == 2


def test_the_managers_are_told_once_that_it_is_late(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (LATE, LATE, dt.date(2026, 12, 9)):
        run(monkeypatch, day)
    assert [name for name, _ in told("late")] == ["Carol Whitfield"]
    assert "held by Asha Mehta" in told("late")[0][1] and "1 working day late" in told("late")[0][1]
    assert kinds(case).count("case.told-late") == 1


def test_on_a_day_off_nothing_is_told(cast: Cast, case: Case) -> None:
    assert chasing.to_be_told(dt.date(2026, 12, 5), TIMETABLE) == [], "a Saturday"


def test_while_the_holder_is_away_the_cover_is_reminded(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence.record(
        officer=cast.asha, starts_on=BEFORE, ends_on=LATE, cover=cast.ben, reason="", by=cast.actor(), at=make.at()
    )
    run(monkeypatch, BEFORE)
    assert [name for name, _ in told("reminder")] == ["Ben Carter"]


def test_without_holder_or_cover_those_who_allocate_are_reminded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.acknowledged(cast.logged())
    run(monkeypatch, BEFORE)
    assert [name for name, _ in told("reminder")] == ["Carol Whitfield", "Helen Marsh"]
    run(monkeypatch, BEFORE)
    assert len(told("reminder")) == 2


def test_who_covers_but_is_away_too_is_not_counted_on(cast: Cast, case: Case) -> None:
    for officer, cover in ((cast.asha, cast.ben), (cast.ben, cast.asha)):
        absence.record(
            officer=officer, starts_on=BEFORE, ends_on=LATE, cover=cover, reason="",
            by=cast.actor(Role.TEAM_LEADER), at=make.at(),
        )  # fmt: skip
    assert cast.carol in chasing.whom_to_remind(case, BEFORE)


def test_the_council_may_choose_other_days(cast: Cast, case: Case) -> None:
    cast.northmere.remind_before, cast.northmere.remind_on_the_day = 4, False
    cast.northmere.save()
    assert [one.when for one in chasing.to_be_told(dt.date(2026, 12, 1), TIMETABLE)] == ["before"]
    assert chasing.to_be_told(DUE, TIMETABLE) == []


def test_what_was_answered_meanwhile_or_moved_is_not_told(cast: Cast, case: Case) -> None:
    due = chasing.to_be_told(BEFORE, TIMETABLE)[0]
    with pytest.raises(chasing.NoLongerDue):
        chasing.remind(case=case, clock=due.clock, due_on=TODAY, when="before", by=TIMETABLE, at=make.at(BEFORE))
    cast.answered(case)
    with pytest.raises(chasing.NoLongerDue):
        chasing.remind(case=case, clock=due.clock, due_on=due.due_on, when="before", by=TIMETABLE, at=make.at(BEFORE))
    with pytest.raises(chasing.NoLongerDue):
        chasing.tell_late(case=case, clock=due.clock, due_on=due.due_on, by=TIMETABLE, at=make.at(LATE))


def test_a_reminder_given_before_the_case_changed_hands_is_not_given_again(cast: Cast, case: Case) -> None:
    due = chasing.to_be_told(BEFORE, TIMETABLE)[0]
    common = {"clock": due.clock, "due_on": due.due_on, "when": "before", "by": TIMETABLE, "at": make.at(BEFORE)}
    chasing.remind(case=case, **common)
    allocation.allocate(
        case=case, officer=cast.ben, summary="x", next_action="", by=cast.actor(Role.TEAM_LEADER), at=make.at(BEFORE)
    )
    with pytest.raises(chasing.ToldAlready):
        chasing.remind(case=case, **common)


def test_an_email_goes_once_where_there_is_a_mail_server(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, BEFORE)
    notice = Notice.objects.get(kind="reminder")
    carrier = post.OutboxCarrier(home.current().outbox)
    sent: list[bytes] = []
    monkeypatch.setattr(mailing, "carrier", lambda: carrier)
    monkeypatch.setattr(post.OutboxCarrier, "send", lambda self, raw, *rest, **more: sent.append(raw))
    reminders.mail(notice_id=notice.pk)
    assert sent == [], "a demonstration, or an installation without a mail server, sends none"
    monkeypatch.setattr(mailing, "has_server", lambda: True)
    for _ in range(2):
        reminders.mail(notice_id=notice.pk)
    assert len(sent) == 1
    message = message_from_bytes(sent[0], policy=policy.default)
    body = message.get_body().get_content()
    assert message["To"].addresses[0].addr_spec == cast.asha.email
    assert case.reference in message["Subject"] and "Monday 7 December 2026" in body
    assert "Dev Patel" not in sent[0].decode() and "Missed bin" not in sent[0].decode()
    notice.refresh_from_db()
    assert notice.mailed_at is not None


def test_an_email_about_a_question_to_a_service_tells_the_reference_alone(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.ask(
        case=case, service=cast.waste, question="Did Dev Patel ring you?", points=[], due_on=DUE, by=cast.actor(),
        at=make.at(),
    )  # fmt: skip
    notice = Notice.objects.get(kind="task")
    raw = staff_mail.message_of(notice, at=make.at()).raw.decode()
    assert case.reference in raw and "Dev" not in raw and "ring you" not in raw
