"""A letter goes: attempted, then sent with evidence; what is unclear is settled by a person; nothing goes twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factories import answers as make
from factories.intake import Office, office
from redress.access import trail
from redress.access.actor import Actor
from redress.access.roles import Role
from redress.cases.models import Case, Happening
from redress.casework import correspondence, delivery, letters, restoring
from redress.correspondence import mailing, queries
from redress.correspondence.models import Letter
from redress.jobs import post as jobs
from redress.people.models import Adjustment, Contact
from redress.plumbing import post
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Office:
    return office()


def written(of: Office, case: Case, **more: Any) -> Letter:
    """Release an e-mail, or a letter by post, to the person."""
    by = of.actor(Role.OFFICER)
    given: dict[str, Any] = {"kind": "other", "subject": "Your bins", "words": "The crew comes tomorrow.", **more}
    to = given.pop("to", case.complainant)
    draft = correspondence.compose(case=case, to=to, today=make.TODAY, by=by, **given)
    pressed = letters.press(case=case, draft=draft, on=make.TODAY)
    return correspondence.write(case=case, draft=draft, pressed=pressed, by=by, at=make.at())


class Carrier:
    """A carrier that does as it is told and counts what it was handed."""

    name = "pretended"

    def __init__(self, *, fails: Exception | None = None, was: bool | None = None) -> None:
        self.fails, self.was = fails, was
        self.handed: list[str] = []

    def send(self, raw: bytes, sender: str, recipients: Any, our_id: str) -> post.Evidence:
        """Take a message, or fail as told."""
        self.handed.append(our_id)
        if self.fails is not None:
            raise self.fails
        return post.Evidence("pretended", make.at(), "q1", "250 taken")

    def was_sent(self, our_id: str) -> bool | None:
        """Say what was told."""
        return self.was


@pytest.fixture
def carry(monkeypatch: pytest.MonkeyPatch) -> Callable[[Carrier], Carrier]:
    """Let a pretended carrier take the post."""

    def use(carrier: Carrier) -> Carrier:
        monkeypatch.setattr(mailing, "carrier", lambda: carrier)
        return carrier

    return use


def kinds(case: Case) -> list[str]:
    return [line.kind for line in trail.read(case)]


def test_the_job_hands_an_e_mail_to_the_outbox_once(
    of: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = post.OutboxCarrier(tmp_path)
    monkeypatch.setattr(mailing, "carrier", lambda: outbox)
    case = make.logged(of)
    letter = written(of, case)
    assert letter.state == Letter.State.RELEASED and letter.message_id.startswith("r-")
    jobs.dispatch_letter(letter_id=letter.pk)
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    files = list((tmp_path / "new").iterdir())
    assert letter.state == Letter.State.DISPATCHED and letter.attempts == 1
    assert len(files) == 1
    raw = files[0].read_bytes()
    assert b"application/pdf" in raw and b"+r-" in raw, "the PDF is enclosed and answers find the case"
    assert letter.evidence["response"].startswith("laid into the outbox")
    assert [kind for kind in kinds(case) if kind in ("letter.attempted", "letter.dispatched")] == [
        "letter.attempted",
        "letter.dispatched",
    ]


def test_a_crash_after_the_attempt_is_settled_by_asking_the_carrier(of: Office, carry: Any) -> None:
    case = make.logged(of)
    letter = written(of, case)
    delivery.begin_dispatch(case=case, letter=letter, by=make.CARRIER, at=make.at())
    carrier = carry(Carrier(was=True))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.DISPATCHED and carrier.handed == []
    assert letter.evidence["asked_afterwards"] is True


def test_what_the_carrier_knows_not_to_have_is_sent(of: Office, carry: Any) -> None:
    case = make.logged(of)
    letter = written(of, case)
    delivery.begin_dispatch(case=case, letter=letter, by=make.CARRIER, at=make.at())
    carrier = carry(Carrier(was=False))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.DISPATCHED and len(carrier.handed) == 1 and letter.attempts == 2


def test_where_the_carrier_can_not_be_asked_a_person_looks(of: Office, carry: Any) -> None:
    case = make.acknowledged(of)
    letter = written(of, case)
    delivery.begin_dispatch(case=case, letter=letter, by=make.CARRIER, at=make.at())
    carrier = carry(Carrier(was=None))
    jobs.dispatch_letter(letter_id=letter.pk)
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.UNCLEAR and carrier.handed == [], "it is never sent again by itself"
    assert Notice.objects.filter(kind="letter", officer=case.holder).count() == 1


def test_a_line_that_breaks_after_the_handing_over_is_unclear(of: Office, carry: Any) -> None:
    letter = written(of, make.logged(of))
    carry(Carrier(fails=post.Unclear("The line broke.")))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.UNCLEAR


def test_a_permanent_failure_says_why_and_tells_a_person(of: Office, carry: Any) -> None:
    letter = written(of, make.logged(of))
    carry(Carrier(fails=post.PermanentFailure("No such mailbox.", code=550)))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (Letter.State.FAILED, "No such mailbox.")
    assert Notice.objects.filter(officer=letter.author, text__contains="No such mailbox").exists()


def test_a_temporary_failure_waits_and_a_person_is_asked_in_the_end(of: Office, carry: Any) -> None:
    letter = written(of, make.logged(of))
    carry(Carrier(fails=post.TemporaryFailure("Busy.", code=451)))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (Letter.State.RELEASED, "Busy.")
    for _ in range(delivery.MOST_ATTEMPTS):
        jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED and letter.attempts == delivery.MOST_ATTEMPTS


@pytest.fixture
def unclear(of: Office, carry: Any) -> Letter:
    letter = written(of, make.logged(of))
    carry(Carrier(fails=post.Unclear("The line broke.")))
    jobs.dispatch_letter(letter_id=letter.pk)
    letter.refresh_from_db()
    return letter


def test_a_person_settles_that_it_went(of: Office, unclear: Letter) -> None:
    by = of.actor(Role.OFFICER)
    with pytest.raises(delivery.SayWhy):
        delivery.settle_it_went(case=unclear.case, letter=unclear, reason=" ", on=make.TODAY, by=by, at=make.at())
    delivery.settle_it_went(
        case=unclear.case, letter=unclear, reason="It is in the log.", on=make.TODAY, by=by, at=make.at()
    )
    unclear.refresh_from_db()
    assert unclear.state == Letter.State.DISPATCHED and unclear.evidence["settled_by"] == by.name
    with pytest.raises(delivery.AlreadySettled):
        delivery.settle_send_again(case=unclear.case, letter=unclear, reason="x", by=by, at=make.at())


def test_a_person_settles_that_it_did_not_go(of: Office, unclear: Letter, carry: Any) -> None:
    by = of.actor(Role.OFFICER)
    delivery.settle_send_again(case=unclear.case, letter=unclear, reason="Not in the log.", by=by, at=make.at())
    carrier = carry(Carrier())
    jobs.dispatch_letter(letter_id=unclear.pk)
    unclear.refresh_from_db()
    assert unclear.state == Letter.State.DISPATCHED and len(carrier.handed) == 1


def test_a_letter_by_post_has_gone_when_the_post_run_is_recorded(of: Office) -> None:
    case = make.logged(of)
    Contact.objects.filter(pk=case.complainant_id).update(address="1 High Street\nNorthmere")
    case = Case.objects.get(pk=case.pk)
    letter = written(of, case, channel="post")
    by = of.actor()
    given: dict[str, Any] = {"cases": [case], "letters": [letter], "by": by, "at": make.at(dt.date(2026, 11, 25))}
    with pytest.raises(delivery.SayWhoTookIt):
        delivery.record_posted(**given, taken_by="", on=dt.date(2026, 11, 25))
    with pytest.raises(delivery.InTheFuture):
        delivery.record_posted(**given, taken_by="Royal Mail", on=dt.date(2026, 11, 26))
    with pytest.raises(delivery.BeforeRelease):
        delivery.record_posted(**given, taken_by="Royal Mail", on=dt.date(2026, 11, 20))
    assert delivery.record_posted(**given, taken_by="Royal Mail", on=dt.date(2026, 11, 24)) == 1
    letter.refresh_from_db()
    assert letter.dispatched_on == dt.date(2026, 11, 24) and letter.evidence["taken_by"] == "Royal Mail"
    with pytest.raises(delivery.NotWaiting):
        delivery.record_posted(**given, taken_by="Royal Mail", on=dt.date(2026, 11, 24))


def test_an_e_mail_is_not_recorded_as_posted(of: Office) -> None:
    letter = written(of, make.logged(of))
    with pytest.raises(delivery.NotByPost):
        delivery.record_posted(
            cases=[letter.case], letters=[letter], taken_by="Royal Mail", on=make.TODAY, by=of.actor(), at=make.at()
        )


def test_the_day_of_dispatch_starts_what_the_letter_starts(of: Office) -> None:
    case = make.acknowledged(of, on=dt.date(2026, 11, 25))
    assert Happening.objects.get(case=case, kind="acknowledged").on == dt.date(2026, 11, 25)
    assert case.clocks.get(name="stage-1-response").due_on == dt.date(2026, 12, 9)


@pytest.fixture
def represented(of: Office) -> Case:
    from redress.casework import intake

    marcus = intake.Who(new=intake.Details(name="Marcus Hale", email="marcus@mail.example", kind="advocate"))
    return make.logged(of, representative=marcus)


def test_without_authority_only_what_is_neutral_goes_to_the_representative(of: Office, represented: Case) -> None:
    assert represented.representative is not None
    with pytest.raises(letters.NoAuthority, match="Marcus Hale has no authority"):
        written(of, represented, to=represented.representative)
    for kind in ("neutral-acknowledgement", "authority-request"):
        letter = written(of, represented, to=represented.representative, kind=kind, words="His bin was missed.")
        said = str(letter.blocks)
        assert "Dev Patel" not in said and "bin" not in said


def test_nothing_goes_to_a_stranger(of: Office) -> None:
    stranger = Contact.objects.create(
        council=of.council, name="A Stranger", sort_key="a stranger", email="s@mail.example", added_at=make.at()
    )
    with pytest.raises(letters.NotOnThisCase):
        written(of, make.logged(of), to=stranger)


@pytest.mark.parametrize(
    ("never_by", "text"), [("email", "Shared account"), ("", "Do not e-mail: the account is shared with her husband")]
)
def test_safe_contact_forbids_the_way_that_it_names(of: Office, never_by: str, text: str) -> None:
    case = make.logged(of)
    Adjustment.objects.create(
        council=of.council,
        contact=case.complainant,
        kind="safe-contact",
        text=text,
        never_by=never_by,
        added_at=make.at(),
        added_by="x",
    )
    with pytest.raises(letters.SafeContact, match="must not be reached by e-mail"):
        written(of, case, channel="email")


def test_there_has_to_be_an_address(of: Office) -> None:
    with pytest.raises(letters.NoAddress, match="postal address"):
        written(of, make.logged(of), channel="post")


def test_only_the_timetable_hands_letters_over(of: Office) -> None:
    from redress.access.permissions import NotPermitted

    letter = written(of, make.logged(of))
    with pytest.raises(NotPermitted):
        delivery.begin_dispatch(case=letter.case, letter=letter, by=of.actor(Role.COMPLAINTS_MANAGER), at=make.at())
    assert Actor.timetable().kind == "timetable"


def test_after_a_backup_was_put_back_nothing_that_waited_then_goes_by_itself(of: Office, carry: Any) -> None:
    case = make.acknowledged(of)
    gone = written(of, case)
    carry(Carrier())
    jobs.dispatch_letter(letter_id=gone.pk)
    waited, begun = written(of, case), written(of, case)
    delivery.begin_dispatch(case=case, letter=begun, by=make.CARRIER, at=make.at())
    by = Actor.command("redress restore")
    marked = [restoring.doubt_what_was_on_its_way(backup_of=make.at(), by=by, at=make.at()) for _ in range(2)]
    assert marked[1] == 0, "it may run twice"
    carrier = carry(Carrier(was=False))
    for letter in (gone, waited, begun):
        jobs.dispatch_letter(letter_id=letter.pk)
        letter.refresh_from_db()
    assert carrier.handed == []
    assert gone.state == Letter.State.DISPATCHED
    assert waited.state == begun.state == Letter.State.UNCLEAR and "backup of" in waited.failure
    assert kinds(case).count("letter.unclear") == 2
    manager = of.actor(Role.COMPLAINTS_MANAGER)
    assert {waited.pk, begun.pk} <= {one.pk for one in queries.to_look_at(manager)}
    assert Notice.objects.filter(kind="letter", officer=case.holder, text__contains="may have gone").count() == 2


def test_the_timetable_does_not_doubt_what_only_waits(of: Office) -> None:
    letter = written(of, make.logged(of))
    with pytest.raises(delivery.AlreadySettled):
        delivery.record_unclear(case=letter.case, letter=letter, why="?", by=make.CARRIER, at=make.at())
