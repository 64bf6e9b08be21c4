"""What arrives is kept first, is one message however often it comes, and joins its case by proof only."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from factories.intake import AT, MAILBOXES, TODAY, Office, arrive, entry, logged, mail, office
from redress.access import trail
from redress.access.permissions import NotPermitted
from redress.access.refusals import NotVisible
from redress.access.roles import Role
from redress.cases.models import Case, Happening, Stage
from redress.casework import arrivals, claiming, intake, triage
from redress.casework.wording import HasNulCharacter
from redress.correspondence import changes as letter_changes
from redress.correspondence import queries_arrivals as queries
from redress.correspondence.models import AutomaticAcknowledgement, Message, Receipt, ReceiptOf
from redress.documents.models import Document, Placement
from redress.documents.store import store
from redress.jobs import mailbox as mailbox_jobs
from redress.people import queries as people_queries
from redress.people.models import Contact
from redress.plumbing.mail import tokens
from redress.staff.models import Notice

pytestmark = pytest.mark.django_db

State = Message.State


@pytest.fixture
def northmere() -> Office:
    return office()


def jobs(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def told(of: Message | Case) -> list[str]:
    return [line.kind for line in trail.read(trail.stream_of(of))]


# ----------------------------------------------------------------------------------------------------------- receipts


def test_an_arrival_is_kept_byte_for_byte_before_it_is_understood(northmere: Office) -> None:
    raw = mail()
    arrival = arrive(northmere, raw)
    assert store().read("northmere", arrival.receipt.sha256) == raw
    assert (arrival.receipt.mailbox, arrival.receipt.size) == (northmere.mailbox, len(raw))
    assert [arrival.message.kind, arrival.message.state] == ["new", "to-log"]
    assert told(arrival.message) == ["message.received", "message.automatic-acknowledgement"]


def test_a_receipt_that_was_left_half_way_is_taken_up_again(northmere: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "understand", killed)
        with pytest.raises(KeyboardInterrupt):
            arrive(northmere, mail(), at=AT - dt.timedelta(days=1))
    assert (Receipt.objects.count(), Message.objects.count()) == (1, 0)
    mailbox_jobs.sweep()
    assert Message.objects.get().subject == "Missed bin"
    mailbox_jobs.sweep()
    assert (Receipt.objects.count(), Message.objects.count()) == (1, 1)


def test_two_copies_are_two_receipts_and_one_message(northmere: Office) -> None:
    first, second = arrive(northmere, mail()), arrive(northmere, mail())
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.message == second.message
    assert (Receipt.objects.count(), ReceiptOf.objects.count(), Message.objects.count()) == (2, 2, 1)


def test_the_same_identity_with_another_body_is_another_message_and_says_so(northmere: Office) -> None:
    arrive(northmere, mail("The first text"))
    other = arrive(northmere, mail("Another text"))
    assert not other.duplicate
    assert other.message.same_identity_other_text
    assert Message.objects.count() == 2


def test_without_a_message_id_the_text_decides(northmere: Office) -> None:
    arrive(northmere, mail(message_id=""))
    assert arrive(northmere, mail(message_id="")).duplicate
    assert not arrive(northmere, mail("Something else", message_id="")).duplicate


def test_the_same_message_belongs_to_each_council_by_itself(northmere: Office) -> None:
    eastvale = office("eastvale", "EAS")
    assert not arrive(northmere, mail()).duplicate
    assert not arrive(eastvale, mail()).duplicate
    viewer = northmere.actor()
    assert [row.council for row in queries.messages(viewer)] == [northmere.council]


@pytest.mark.django_db(transaction=True)
def test_two_pollers_at_once_make_one_message(northmere: Office) -> None:
    raw, ready = mail(), threading.Barrier(2)

    def poll(_number: int) -> bool:
        try:
            ready.wait(5)
            return arrive(northmere, raw).duplicate
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(poll, range(2)))
    assert answers == [False, True]
    assert (Message.objects.count(), Receipt.objects.count()) == (1, 2)


def test_files_become_documents_that_are_held_until_scanned(northmere: Office) -> None:
    arrival = arrive(northmere, mail(files=(("letter.pdf", b"%PDF-1.7 words"), ("bill.pdf", b"MZ\x90\x00 program"))))
    good, bad = Document.objects.order_by("pk")
    assert (good.name, good.refused_because) == ("letter.pdf", "")
    assert "program" in bad.refused_because
    assert jobs(arrivals.SCAN) == 2
    assert [file.name for file in queries.files_of(northmere.actor(), arrival.message)] == ["letter.pdf", "bill.pdf"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\x01\x02 nothing", b"just words", b"Subject: =?x?Q?=00?=\r\n\r\nbody \x00 here", b"From:\r\n\r\n"],
)
def test_any_bytes_at_all_are_kept_and_can_be_read(northmere: Office, raw: bytes) -> None:
    message = arrive(northmere, raw).message
    assert message.state == State.TO_LOG
    assert "\x00" not in message.text + message.subject
    assert message in queries.messages(northmere.actor())


def test_long_and_turned_names_are_taken_as_they_are(northmere: Office) -> None:
    name = "محمد بن عبد الله " + "x" * 80
    message = arrive(northmere, mail(sender=f"{name} <long@mail.example>")).message
    assert message.from_name == name.strip()


# -------------------------------------------------------------------------------------------------- whose reply is it


def reply_to(of: Case, contact: Contact | None = None, **more: object) -> bytes:
    token = letter_changes.reply_token(case=of, contact=contact or of.complainant, at=AT)
    given = {"to": tokens.address("complaints@northmere.example", token), "message_id": "<two@mail.example>", **more}
    return mail("Thank you. It was missed again.", **given)  # type: ignore[arg-type]


def test_a_reply_finds_its_case_by_the_token(northmere: Office) -> None:
    case = logged(northmere)
    message = arrive(northmere, reply_to(case, subject="Nothing about it")).message
    assert (message.case, message.kind, message.state) == (case, "reply", "to-read")
    assert (message.contact, message.unconfirmed_sender) == (case.complainant, False)
    assert told(case)[-1] == "message.joined"


def test_a_reply_to_an_earlier_message_finds_its_case(northmere: Office) -> None:
    first = arrive(northmere, mail()).message
    case = logged(northmere, first)
    second = arrive(
        northmere,
        mail("And again", message_id="<two@mail.example>", headers={"In-Reply-To": "<one@mail.example>"}),
    ).message
    assert (second.case, second.unconfirmed_sender) == (case, False)


def test_a_reference_in_the_subject_joins_nothing(northmere: Office) -> None:
    case = logged(northmere)
    raw = mail(f"About {case.reference}", subject=f"Re: {case.reference}", message_id="<two@mail.example>")
    message = arrive(northmere, raw).message
    assert (message.case, message.state) == (None, State.TO_LOG)


def test_a_token_of_another_council_joins_nothing(northmere: Office) -> None:
    eastvale = office("eastvale", "EAS")
    case = logged(northmere)
    assert arrive(eastvale, reply_to(case)).message.case is None


def test_an_unknown_sender_joins_unconfirmed_changes_nothing_and_gets_nothing_back(northmere: Office) -> None:
    case = logged(northmere)
    before = Case.objects.filter(pk=case.pk).values().get()
    message = arrive(northmere, reply_to(case, sender="Stranger <stranger@mail.example>")).message
    assert (message.case, message.unconfirmed_sender, message.contact) == (case, True, None)
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert AutomaticAcknowledgement.objects.count() == 0
    assert "not known" in Notice.objects.order_by("pk").last().text  # type: ignore[union-attr]


def test_a_reply_to_a_closed_case_opens_nothing_and_tells_somebody(northmere: Office) -> None:
    case = logged(northmere, kind="comment", reason="Only a remark.")
    assert case.closed_at is not None
    message = arrive(northmere, reply_to(case)).message
    case.refresh_from_db()
    assert (message.case, case.state, Case.objects.count()) == (case, "closed", 1)
    notice = Notice.objects.get()
    assert notice.officer == northmere.officers[Role.COMPLAINTS_MANAGER]
    assert "closed: nothing was opened" in notice.text


def test_a_bounce_is_shown_on_its_case_and_tells_the_manager(northmere: Office) -> None:
    case = logged(northmere)
    token = letter_changes.reply_token(case=case, contact=case.complainant, at=AT)
    raw = mail(
        "The address dev@mail.example does not exist.",
        sender="MAILER-DAEMON@mail.example",
        subject="Undelivered Mail Returned to Sender",
        message_id="<bounce@mail.example>",
        headers={"In-Reply-To": f"<{tokens.message_id(token, 'northmere.example')}>", "Auto-Submitted": "auto-replied"},
    )
    message = arrive(northmere, raw).message
    assert (message.kind, message.case, message.unconfirmed_sender) == ("bounce", case, False)
    assert Notice.objects.get().kind == "bounce"
    assert AutomaticAcknowledgement.objects.count() == 0


def test_an_automatic_reply_opens_nothing(northmere: Office) -> None:
    raw = mail("I am away.", subject="Automatic reply", headers={"Auto-Submitted": "auto-replied"})
    message = arrive(northmere, raw).message
    assert (message.kind, message.state, Case.objects.count()) == ("auto-reply", State.NO_ACTION, 0)
    assert AutomaticAcknowledgement.objects.count() == 0
    found = queries.queue(northmere.actor(), today=TODAY, at=AT)
    assert [row.message_id for row in found.look] == [message.pk]
    assert queries.to_log_count(northmere.actor()) == 0


# ------------------------------------------------------------------------------------------- automatic acknowledgements


def test_a_sender_is_told_automatically_once_a_day(northmere: Office) -> None:
    for number in range(3):
        arrive(northmere, mail(f"Letter {number}", message_id=f"<{number}@mail.example>"))
    assert AutomaticAcknowledgement.objects.count() == 1
    arrive(northmere, mail("Tomorrow", message_id="<t@mail.example>"), at=AT + dt.timedelta(days=1))
    assert AutomaticAcknowledgement.objects.count() == 2


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"List-Id": "<news.mail.example>"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"Auto-Submitted": "auto-generated"}},
        {"sender": "complaints@eastvale.example"},
        {"sender": "no-reply@shop.example"},
    ],
)
def test_lists_machines_and_ourselves_are_never_told(northmere: Office, more: dict[str, object]) -> None:
    office("eastvale", "EAS")
    arrive(northmere, mail(**more))  # type: ignore[arg-type]
    assert AutomaticAcknowledgement.objects.count() == 0


def test_old_mail_gets_no_automatic_acknowledgement(northmere: Office) -> None:
    arrive(northmere, mail(), received_at=AT - dt.timedelta(days=9))
    assert AutomaticAcknowledgement.objects.count() == 0


def test_the_note_is_sent_once_and_says_that_it_is_automatic(northmere: Office) -> None:
    arrive(northmere, mail())
    row = AutomaticAcknowledgement.objects.get()
    note = arrivals.automatic_note(row, AT)
    assert b"Auto-Submitted: auto-replied" in note.raw
    assert note.recipients == ("dev@mail.example",)
    mailbox_jobs.send_automatic_acknowledgement(acknowledgement_id=row.pk)
    mailbox_jobs.send_automatic_acknowledgement(acknowledgement_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.evidence["carrier"]) == ("sent", "outbox")


# ------------------------------------------------------------------------------------------------------------ logging


def test_a_message_is_logged_as_a_complaint(northmere: Office) -> None:
    message = arrive(northmere, mail(files=(("letter.pdf", b"%PDF-1.7 words"),))).message
    case = logged(northmere, message, adjustments=(("large-print", "Letters at 18 point"),))
    message.refresh_from_db()
    assert (case.reference, case.state, case.kind) == ("NMR-2026-0001", "open", "complaint")
    assert (message.state, message.case, message.contact) == ("on-case", case, case.complainant)
    assert [row.kind for row in Happening.objects.filter(case=case).order_by("pk")] == ["received", "accepted"]
    assert Stage.objects.get(case=case).number == 1
    assert case.points.count() == 2
    assert Placement.objects.get(case=case).document.name == "letter.pdf"
    assert case.complainant.adjustments.get().text == "Letters at 18 point"
    assert case.next_due_on == dt.date(2026, 11, 30)
    assert told(case) == [
        "case.logged",
        "document.placed",
        "case.triaged",
        "case.stage-opened",
    ]


def test_a_call_is_logged_with_a_message_of_its_own(northmere: Office) -> None:
    case = logged(northmere, channel="telephone", words="She rang about the bin.", subject="Call about a bin")
    message = Message.objects.get(case=case)
    assert (message.channel, message.text, message.state) == ("telephone", "She rang about the bin.", "on-case")


def test_the_second_officer_is_told_who_logged_it(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    case = logged(northmere, message)
    with pytest.raises(intake.NotToLog, match=f"Administrator of Northmere dealt with it as {case.reference}"):
        intake.log(
            council=northmere.council, message=message, entry=entry(northmere), by=northmere.actor(Role.OFFICER), at=AT
        )
    assert Case.objects.count() == 1


def test_a_double_click_logs_once(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    given = {
        "council": northmere.council,
        "message": message,
        "entry": entry(northmere),
        "by": northmere.actor(),
        "at": AT,
    }
    first, second = intake.log(key="k1", **given), intake.log(key="k1", **given)
    assert first == second
    assert (Case.objects.count(), Contact.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("more", "refusal", "field"),
    [
        ({"points": ("  ",)}, triage.NoPoint, "points"),
        ({"received_on": TODAY + dt.timedelta(days=1)}, intake.InTheFuture, "received_on"),
        ({"received_on": dt.date(2020, 1, 1)}, triage.NotAdopted, "procedure"),
        ({"person": intake.Who(new=intake.Details(name=" "))}, intake.NoName, "name"),
        ({"person": intake.Who(new=intake.Details(name="x" * 201))}, intake.NoName, "name"),
        ({"person": intake.Who(new=intake.Details(name="Dev", email="not an address"))}, intake.WrongAddress, "email"),
        ({"points": ("a \x00 b",)}, HasNulCharacter, "points"),
        ({"kind": "comment"}, triage.NoReason, "reason"),
        ({"kind": "ticket", "reason": "x"}, triage.NotThisKind, "kind"),
    ],
)
def test_what_can_t_be_logged_is_refused_with_its_field(
    northmere: Office, more: dict[str, object], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        logged(northmere, **more)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert Case.objects.count() == Contact.objects.count() == 0


def test_the_date_of_receipt_may_be_earlier_than_the_message_never_later(northmere: Office) -> None:
    message = arrive(northmere, mail(), at=AT - dt.timedelta(days=3)).message
    with pytest.raises(intake.AfterItCame):
        logged(northmere, message)
    case = logged(northmere, message, received_on=dt.date(2026, 11, 16))
    assert case.received_on == dt.date(2026, 11, 16)


def test_nobody_represents_themselves(northmere: Office) -> None:
    case = logged(northmere)
    who = intake.Who(contact=case.complainant)
    with pytest.raises(intake.SamePerson):
        logged(northmere, person=who, representative=who)


def test_a_representative_s_authority_is_asked_for(northmere: Office) -> None:
    case = logged(
        northmere,
        person=intake.Who(new=intake.Details(name="Eve Lindqvist")),
        representative=intake.Who(new=intake.Details(name="Marcus Hale", email="marcus@mail.example")),
    )
    assert case.authority is not None
    assert not case.authority.held_on(TODAY)
    assert "person.authority-asked" in told(case)


def test_people_services_and_messages_of_another_council_do_not_exist(northmere: Office) -> None:
    eastvale = office("eastvale", "EAS")
    stranger = logged(eastvale).complainant
    for more in ({"person": intake.Who(contact=stranger)}, {"service": eastvale.waste}):
        with pytest.raises(NotVisible):
            logged(northmere, **more)
    message = arrive(eastvale, mail()).message
    with pytest.raises(NotVisible):
        logged(northmere, message)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.GOVERNANCE_OFFICER])
def test_who_only_reads_can_log_nothing(northmere: Office, role: Role) -> None:
    with pytest.raises(NotPermitted):
        intake.log(council=northmere.council, message=None, entry=entry(northmere), by=northmere.actor(role), at=AT)


def test_a_message_is_added_to_a_case_with_its_files(northmere: Office) -> None:
    case = logged(northmere)
    message = arrive(northmere, mail(files=(("photo.pdf", b"%PDF-1.7 words"),))).message
    intake.add_to_case(message=message, case=case, by=northmere.actor(), at=AT)
    message.refresh_from_db()
    assert (message.case, message.state) == (case, State.ON_CASE)
    assert Placement.objects.filter(case=case).count() == 1
    assert Happening.objects.filter(case=case).count() == 2


def test_nothing_is_deleted_it_is_set_aside_with_a_reason_and_taken_back(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    by = northmere.actor()
    with pytest.raises(intake.NoReason):
        intake.set_aside(message=message, reason=" ", by=by, at=AT)
    intake.set_aside(message=message, reason="An advertisement.", by=by, at=AT)
    assert queries.to_log_count(by) == 0
    assert [row.handled for row in queries.set_aside(by, today=TODAY, at=AT)] == [
        "An advertisement. (Administrator of Northmere, 23 November 2026)"
    ]
    intake.take_back(message=message, by=by, at=AT)
    assert queries.to_log_count(by) == 1
    assert told(message)[-2:] == ["message.set-aside", "message.taken-back"]


def test_what_belongs_elsewhere_says_where(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    intake.belongs_elsewhere(message=message, where="Eastvale", reason="Their road.", by=northmere.actor(), at=AT)
    message.refresh_from_db()
    assert message.handled_because == "Belongs elsewhere: Eastvale. Their road."


def test_a_reply_is_read_and_leaves_the_view(northmere: Office) -> None:
    case = logged(northmere)
    message = arrive(northmere, reply_to(case)).message
    by = northmere.actor()
    assert len(queries.replies(by, today=TODAY, at=AT)) == 1
    intake.mark_read(message=message, case=case, by=by, at=AT)
    assert queries.replies(by, today=TODAY, at=AT) == []


def test_a_message_to_be_logged_can_t_be_marked_as_read(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    with pytest.raises(intake.NotToLog):
        intake.mark_read(message=message, case=None, by=northmere.actor(), at=AT)


# -------------------------------------------------------------------------------------------------- claims, mailboxes


def test_a_claim_is_shown_and_can_be_taken_over(northmere: Office) -> None:
    message = arrive(northmere, mail()).message
    first, second = northmere.actor(), northmere.actor(Role.OFFICER)
    claiming.claim(message=message, take_over=False, by=first, at=AT)
    with pytest.raises(claiming.SomebodyHasIt, match="Administrator of Northmere has had this open since 10:30am"):
        claiming.claim(message=message, take_over=False, by=second, at=AT + dt.timedelta(minutes=5))
    claiming.claim(message=message, take_over=True, by=second, at=AT + dt.timedelta(minutes=5))
    message.refresh_from_db()
    assert message.claimed_by_id == second.id
    claiming.claim(message=message, take_over=False, by=first, at=AT + dt.timedelta(minutes=40))


def test_a_mailbox_that_fails_is_told_once_a_day_and_left_alone_longer_each_time(northmere: Office) -> None:
    for minute in range(3):
        arrivals.mailbox_failed(
            mailbox=northmere.mailbox, why="No answer.", by=MAILBOXES, at=AT + dt.timedelta(minutes=minute)
        )
    northmere.mailbox.refresh_from_db()
    assert (northmere.mailbox.failures, Notice.objects.count()) == (3, 2)
    last = northmere.mailbox.last_failure_at
    assert mailbox_jobs.backing_off(3, last, last + dt.timedelta(minutes=2))
    assert not mailbox_jobs.backing_off(3, last, last + dt.timedelta(minutes=4))
    arrivals.mailbox_read(mailbox=northmere.mailbox, arrivals=0, by=MAILBOXES, at=AT)
    northmere.mailbox.refresh_from_db()
    assert (northmere.mailbox.failures, northmere.mailbox.last_failure) == (0, "")


def test_the_day_of_receipt_is_when_our_own_server_had_it() -> None:
    raw = b"Received: a; Sat, 21 Nov 2026 23:30:00 +0000\r\nReceived: x; Fri, 20 Nov 2026 1:00:00 +0000\r\n\r\nx"
    assert mailbox_jobs.delivered_at(raw, AT) == dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
    assert mailbox_jobs.delivered_at(b"Received: x; Sat, 21 Nov 2999 23:30:00 +0000\r\n\r\nx", AT) is None
    assert mailbox_jobs.delivered_at(b"no header", AT) is None


# --------------------------------------------------------------------------------------------------- queue and people


def test_the_queue_puts_danger_first_then_what_is_due_then_the_oldest(northmere: Office) -> None:
    day = dt.timedelta(days=1)
    arrive(northmere, mail("A nice day", subject="old", message_id="<a@x>"), at=AT - 3 * day)
    arrive(northmere, mail("A nice day", subject="due", message_id="<b@x>"), at=AT - 7 * day)
    arrive(northmere, mail("No heating, and a newborn", subject="danger", message_id="<c@x>"))
    arrive(northmere, b"words only")
    found = queries.queue(northmere.actor(), today=TODAY, at=AT)
    assert [row.subject for row in found.danger] == ["danger"]
    assert found.danger[0].dangers == ("no heating or water: no heating", "newborn or very ill: newborn")
    assert [(row.subject, row.due) for row in found.soon] == [("due", TODAY)]
    assert [(row.subject, row.age) for row in found.rest] == [("old", 1)]
    assert [row.kind for row in found.look] == ["unreadable"]
    assert (found.to_log, queries.to_log_count(northmere.actor())) == (4, 4)


def test_hints_give_their_reason(northmere: Office) -> None:
    logged(northmere)
    arrive(northmere, mail("Under freedom of information, how many?", message_id="<a@x>"))
    arrive(northmere, mail("Thank you to the crew", message_id="<b@x>", subject="Thanks"))
    rows = queries.queue(northmere.actor(), today=TODAY, at=AT).rest
    assert [hint.label for hint in rows[0].hints] == [
        "1 earlier case",
        "Perhaps the same as “Thanks”",
        "Holds an FOI question",
    ]
    assert "Looks like a compliment" in [hint.label for hint in rows[1].hints]


def test_people_are_ranked_with_reasons_and_never_across_councils(northmere: Office) -> None:
    eastvale = office("eastvale", "EAS")
    logged(eastvale)
    logged(northmere, person=intake.Who(new=intake.Details(name="Danielle Fenn", address="18 Alder Close")))
    logged(
        northmere,
        person=intake.Who(
            new=intake.Details(name="Daniel Fenn", email="d.fenn@mail.example", address="18 Alder Close.")
        ),
    )
    found = people_queries.matches(
        northmere.actor(),
        northmere.council.pk,
        name="FENN, Daniel",
        email="D.Fenn@mail.example",
        address="18 alder close",
    )
    assert [(match.contact.name, match.why, match.cases) for match in found] == [
        ("Daniel Fenn", "Same e-mail, same name, same address", 1),
        ("Danielle Fenn", "Similar name, same address", 1),
    ]
    assert people_queries.matches(northmere.actor(), northmere.council.pk, name="Dev Patel") == []
    assert people_queries.matches(northmere.actor(), eastvale.council.pk, name="Dev Patel") == []
    assert (
        people_queries.matches(northmere.actor(Role.SYSTEM_ADMINISTRATOR), northmere.council.pk, name="Daniel Fenn")
        == []
    )
