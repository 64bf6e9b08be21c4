"""A refusal closes the case when its letter is released, and counts for the clocks from the day on which it goes."""

from __future__ import annotations

import datetime as dt

import pytest

from factories import cast as casting
from factories import scene
from factories.cast import AT, CARRIER, TODAY, Cast, at
from redress.access.roles import Role
from redress.cases import clocks, queries
from redress.cases.models import Case, Clock, Happening
from redress.casework import arrivals, composing, delivery, letters, triage
from redress.correspondence import queries_arrivals, queries_letters
from redress.correspondence.models import AutomaticAcknowledgement, Letter, Message

pytestmark = pytest.mark.django_db
NEXT_DAY = TODAY + dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return casting.assemble()


def refused(cast: Cast, case: Case) -> Letter:
    by = cast.actor(Role.COMPLAINTS_MANAGER)
    edition = clocks.edition_of(case)
    ground = edition.refusal_grounds[0]
    draft = composing.compose(
        "refusal", case=case, to=case.complainant, today=TODAY, by=by,
        values={"ground": ground.says, "reason": "It was seven years ago.", "discretion": "We thought about it."},
    )  # fmt: skip
    pressed = letters.press(case=case, draft=draft, on=TODAY)
    triage.refuse(
        case=case, ground=ground.key, reason="It was seven years ago.", evidence="The letter of 2019.",
        discretion="We thought about it.", draft=draft, pressed=pressed, by=by, at=AT,
    )  # fmt: skip
    case.refresh_from_db()
    return Letter.objects.get(case=case, kind="refusal")


def test_the_refusal_is_recorded_when_its_letter_goes_though_the_case_is_closed(cast: Cast) -> None:
    case = cast.logged()
    letter = refused(cast, case)
    assert case.closed_at is not None
    assert not Happening.objects.filter(case=case, kind="refused").exists()
    cast.sent(letter, NEXT_DAY)
    case.refresh_from_db()
    assert Happening.objects.get(case=case, kind="refused").on == NEXT_DAY
    assert (case.outcome, case.closed_at is not None) == ("refused", True)
    readings = clocks.readings(case, NEXT_DAY)
    assert not [one.name for one in readings.values() if one.state == "unclear"]
    assert not Clock.objects.filter(case=case, open=True).exists()
    delivered = Letter.objects.get(pk=letter.pk)
    assert (delivered.state, delivered.dispatched_on) == ("dispatched", NEXT_DAY)


def test_a_refusal_that_cannot_be_sent_is_shown_though_the_case_is_closed(cast: Cast) -> None:
    case = cast.logged()
    letter = refused(cast, case)
    delivery.begin_dispatch(case=case, letter=letter, by=CARRIER, at=at())
    letter.refresh_from_db()
    delivery.record_failure(case=case, letter=letter, why="No such mailbox.", by=CARRIER, at=at())
    assert [one.pk for one in queries_letters.to_look_at(cast.actor())] == [letter.pk]


def test_a_case_to_be_triaged_whose_acknowledgement_is_late_is_late_in_the_list(cast: Cast) -> None:
    case = scene._from_the_portal(cast)
    later = TODAY + dt.timedelta(days=21)
    assert case.state == Case.State.TO_TRIAGE
    row = next(one for one in queries.work_of(cast.actor(), later, queries.Wanted()).rows if one.case.pk == case.pk)
    assert row.reading is not None
    assert row.reading.is_late
    queue = queries_arrivals.queue(cast.actor(), today=later, at=at(later))
    shown = next(one for one in queue.rows if one.case_reference == case.reference)
    assert shown.due is not None
    assert shown.due < later
    assert shown.due_in is not None
    assert shown.due_in < 0
    assert shown in (*queue.danger, *queue.soon)


def test_an_answer_to_a_closed_case_opens_nothing_and_is_read(cast: Cast) -> None:
    case = cast.logged()
    letter = refused(cast, case)
    cast.sent(letter)
    raw = scene.email("Re: Your complaint", "I do not accept this.", "Dev Patel <dev@mail.example>")
    raw = raw.replace(b"Subject:", b"In-Reply-To: " + _identity(letter) + b"\nSubject:", 1)
    message = arrivals.take_in(
        raw=raw, council=cast.northmere, mailbox=cast.mailbox, source="INBOX", received_at=AT, acknowledge=True,
        by=scene.MAILBOXES, at=AT,
    ).message  # fmt: skip
    case.refresh_from_db()
    assert (message.case, message.state) == (case, Message.State.TO_READ)
    assert case.closed_at is not None
    assert not AutomaticAcknowledgement.objects.filter(message=message).exists()


def _identity(letter: Letter) -> bytes:
    identity = Letter.objects.get(pk=letter.pk).message_id
    return f"<{identity.strip('<>')}>".encode()
