"""The step: what it refuses, and that it is whole or nothing."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from records import scratch_office
from records.scratch_office import AT, contact, council, staff
from redress.access import step as step_module
from redress.access import trail
from redress.access.actor import Actor
from redress.access.models import Answer, Entry
from redress.access.permissions import NotPermitted, Permission
from redress.access.refusals import AlreadyUsed, NotVisible, Refusal, SomeoneElseIsWorkingOnThis
from redress.access.roles import ROLES, Role
from redress.access.step import STEPS, NestedStep, NothingRecorded, StepMisused, can, step
from redress.people.models import Contact


@pytest.fixture
def office() -> Iterator[SimpleNamespace]:
    with scratch_office.office() as made:
        yield made


def jobs(of: Contact) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'contact' = %s", [str(of.pk)])
        return int(cursor.fetchone()[0])


@pytest.fixture
def dev(db: None) -> Contact:
    return contact(council())


@pytest.fixture
def asha(dev: Contact) -> Actor:
    return staff(Role.OFFICER, dev.council)


# ------------------------------------------------------------------------------------------------- mistakes of a caller


def test_arguments_go_by_name_only(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(TypeError, match="by name only"):
        office.rename(dev, name="Dev P", by=asha, at=AT)


@pytest.mark.parametrize("left_out", ["by", "at", "contact", "name"])
def test_nothing_may_be_left_out(office: SimpleNamespace, dev: Contact, asha: Actor, left_out: str) -> None:
    given: dict[str, Any] = {"contact": dev, "name": "Dev P", "by": asha, "at": AT}
    del given[left_out]
    with pytest.raises(TypeError, match=left_out):
        office.rename(**given)


def test_the_moment_has_a_time_zone(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        office.rename(contact=dev, name="Dev P", by=asha, at=dt.datetime(2026, 11, 23, 9, 30))


@pytest.mark.parametrize("at", [None, dt.date(2026, 11, 23), "2026-11-23"])
def test_the_moment_is_a_moment(office: SimpleNamespace, dev: Contact, asha: Actor, at: Any) -> None:
    with pytest.raises(TypeError, match="at what moment"):
        office.rename(contact=dev, name="Dev P", by=asha, at=at)


def test_the_actor_is_an_actor(office: SimpleNamespace, dev: Contact) -> None:
    with pytest.raises(TypeError, match="by whom"):
        office.rename(contact=dev, name="Dev P", by="Asha", at=AT)


def test_a_subject_is_a_record(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(TypeError, match="needs a record for contact"):
        office.rename(contact=dev.pk, name="Dev P", by=asha, at=AT)


def test_a_step_is_not_called_from_inside_a_step(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(NestedStep, match="rename was called from inside"):
        office.nest(contact=dev, by=asha, at=AT)
    assert Contact.objects.get().name == "Dev Patel"


@pytest.mark.django_db(transaction=True)
def test_a_step_opens_its_own_transaction(office: SimpleNamespace) -> None:
    dev = contact(council())
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        office.rename(contact=dev, name="Dev P", by=staff(Role.OFFICER, dev.council), at=AT)


def test_a_step_that_records_nothing_does_not_commit(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(NothingRecorded, match="left nothing in the trail"):
        office.forget_to_note(contact=dev, by=asha, at=AT)
    dev.refresh_from_db()
    assert dev.name == "Dev Patel"


def test_notes_are_taken_inside_steps_only(office: SimpleNamespace, dev: Contact) -> None:
    with pytest.raises(trail.NoStep):
        trail.note(office.counted, on=dev, ids={"number": 1})


# ----------------------------------------------------------------------------------------------- mistakes of a function


def test_a_badly_shaped_step_fails_when_it_is_loaded() -> None:
    def positional(case: Any, *, by: Actor, at: dt.datetime) -> None:
        """Do it."""

    def without_at(*, case: Any, by: Actor) -> None:
        """Do it."""

    def without_subject(*, by: Actor, at: dt.datetime) -> None:
        """Do it."""

    def with_key(*, case: Any, key: str, by: Actor, at: dt.datetime) -> None:
        """Do it."""

    def silent(*, case: Any, by: Actor, at: dt.datetime) -> None:
        pass

    async def waiting(*, case: Any, by: Actor, at: dt.datetime) -> None:
        """Do it."""

    before = dict(STEPS)
    for function, why in (
        (positional, "keyword-only"),
        (without_at, "takes no at"),
        (without_subject, "takes no case"),
        (with_key, "key"),
        (silent, "docstring"),
        (waiting, "wait for nothing"),
    ):
        with pytest.raises(TypeError, match=why):
            step(needs=Permission.CASE_READ, on="case")(function)
    with pytest.raises(ValueError, match=r"case\.juggle"):
        step(needs="case.juggle", on="case")
    assert before == STEPS


def test_two_steps_do_not_share_a_name(office: SimpleNamespace) -> None:
    with pytest.raises(TypeError, match="two steps called"):
        step(needs=Permission.PERSON_CHANGE, on="contact")(office.rename.function)


def test_a_step_is_in_the_registry(office: SimpleNamespace) -> None:
    info = STEPS[office.rename.info.name]
    assert (info.needs, info.on, info.doc) == (Permission.PERSON_CHANGE, ("contact",), "Give a contact another name.")


def test_the_table_of_roles_and_steps_can_be_made(office: SimpleNamespace) -> None:
    table = step_module.matrix()
    assert set(table) == set(STEPS)
    assert all(set(row) == set(Role) for row in table.values())
    row = table[office.rename.info.name]
    assert (row[Role.OFFICER], row[Role.AUDITOR], row[Role.SYSTEM_ADMINISTRATOR]) == (True, False, False)


# ----------------------------------------------------------------------------------------------------------- permission


@pytest.mark.parametrize("role", list(Role))
def test_the_role_decides(office: SimpleNamespace, dev: Contact, role: Role) -> None:
    by = staff(role, dev.council)
    if Permission.PERSON_CHANGE in ROLES[role].permissions:
        assert office.rename(contact=dev, name="Dev P", by=by, at=AT).name == "Dev P"
        assert can(office.rename, by, contact=dev)
    else:
        with pytest.raises(NotPermitted) as refused:
            office.rename(contact=dev, name="Dev P", by=by, at=AT)
        assert refused.value.sentence == "Your role doesn't allow you to change what is recorded of a person."
        assert refused.value.do
        allowed = can(office.rename, by, contact=dev)
        assert (bool(allowed), allowed.why) == (False, refused.value.sentence)
        assert Contact.objects.get().name == "Dev Patel"


def test_another_councils_record_is_not_there(office: SimpleNamespace, dev: Contact) -> None:
    stranger = staff(Role.COMPLAINTS_MANAGER, council("eastvale", "EAS"))
    with pytest.raises(NotVisible) as refused:
        office.rename(contact=dev, name="Dev P", by=stranger, at=AT)
    assert dev.name not in refused.value.sentence
    assert not can(office.rename, stranger, contact=dev)


def test_one_of_several_subjects_is_enough_to_be_refused(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    other = contact(council("eastvale", "EAS"), "Eve Lindqvist")
    with pytest.raises(NotVisible):
        office.rename_all(contacts=[dev, other], name="same", by=asha, at=AT)
    assert set(Contact.objects.values_list("name", flat=True)) == {"Dev Patel", "Eve Lindqvist"}


def test_a_deleted_record_is_not_there(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    gone = Contact(pk=dev.pk + 1, council=dev.council)
    with pytest.raises(NotVisible):
        office.rename(contact=gone, name="Dev P", by=asha, at=AT)


def test_a_resident_acts_on_what_is_theirs(office: SimpleNamespace, dev: Contact) -> None:
    other = contact(dev.council, "Eve Lindqvist")
    resident = Actor.resident(council_id=dev.council_id, contact_id=dev.pk, name="Dev Patel")
    office.add_as_resident(contact=dev, by=resident, at=AT)
    with pytest.raises(NotVisible):
        office.add_as_resident(contact=other, by=resident, at=AT)
    with pytest.raises(NotPermitted):
        office.rename(contact=dev, name="Dev P", by=resident, at=AT)
    assert Entry.objects.get().by_name == ""


def test_the_timetable_does_its_own_work_and_no_other(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    assert office.tidy(by=Actor.timetable(), at=AT) == "tidied"
    with pytest.raises(NotPermitted):
        office.rename(contact=dev, name="Dev P", by=Actor.timetable(), at=AT)
    with pytest.raises(NotPermitted):
        office.tidy(by=asha, at=AT)


# ----------------------------------------------------------------------------------------------------- whole or nothing


def test_a_step_changes_records_queues_its_job_and_is_in_the_trail(
    office: SimpleNamespace, dev: Contact, asha: Actor
) -> None:
    office.rename(contact=dev, name="Dev P", by=asha, at=AT)
    assert Contact.objects.get().name == "Dev P"
    assert jobs(dev) == 1
    (line,) = trail.read(dev)
    assert (line.sentence, line.by_name, line.at, line.ids) == (
        "Renamed to Dev P",
        "Asha Mehta",
        AT,
        {"contact": dev.pk},
    )


def test_a_step_that_fails_leaves_no_change_no_job_and_no_trail(
    office: SimpleNamespace, dev: Contact, asha: Actor
) -> None:
    with pytest.raises(RuntimeError, match="the body failed"):
        office.rename(contact=dev, name="Dev P", by=asha, at=AT, fail=True)
    assert Contact.objects.get().name == "Dev Patel"
    assert (jobs(dev), Entry.objects.count()) == (0, 0)
    office.rename(contact=dev, name="Dev P", by=asha, at=AT)  # nothing is left open behind it


def test_a_trail_that_cannot_be_written_saves_nothing(
    office: SimpleNamespace, dev: Contact, asha: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "_new_id", lambda at: UUID(int=1))
    office.rename(contact=dev, name="Dev P", by=asha, at=AT)
    with pytest.raises(IntegrityError, match="already exists"):
        office.rename(contact=dev, name="Dev Q", by=asha, at=AT)
    assert Contact.objects.get().name == "Dev P"
    assert (jobs(dev), Entry.objects.count()) == (1, 1)


def test_the_body_gets_the_record_as_it_is_now(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    stale = Contact.objects.get()
    Contact.objects.update(telephone="01632 960200")
    assert office.rename(contact=stale, name="Dev P", by=asha, at=AT).telephone == "01632 960200"


# ----------------------------------------------------------------------------------------------------------------- keys


def test_the_same_key_gives_the_same_answer(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    first = office.rename(contact=dev, name="Dev P", by=asha, at=AT, key="form-1")
    again = office.rename(contact=dev, name="Dev Q", by=asha, at=AT, key="form-1")
    assert (first, again.name) == (again, "Dev P")
    assert (jobs(dev), Entry.objects.count()) == (1, 1)
    office.rename(contact=dev, name="Dev R", by=asha, at=AT, key="form-2")
    assert Entry.objects.count() == 2


def test_a_key_answers_a_list_a_number_and_nothing(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    for _ in range(2):
        assert office.rename_all(contacts=[dev], name="Dev P", by=asha, at=AT, key="a") == [dev]
        assert office.count(council=dev.council, number=4, by=asha, at=AT, key="a") == 4
        assert office.tidy(by=Actor.timetable(), at=AT, key="a") == "tidied"
    assert Entry.objects.count() == 3


def test_a_key_is_its_actors_own(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    office.rename(contact=dev, name="Dev P", by=asha, at=AT, key="form-1")
    office.rename(contact=dev, name="Dev Q", by=staff(Role.OFFICER, dev.council, id=8), at=AT, key="form-1")
    assert Contact.objects.get().name == "Dev Q"


def test_a_key_does_not_answer_for_another_record(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    other = contact(dev.council, "Eve Lindqvist")
    office.rename(contact=dev, name="Dev P", by=asha, at=AT, key="form-1")
    with pytest.raises(AlreadyUsed):
        office.rename(contact=other, name="Eve L", by=asha, at=AT, key="form-1")


@pytest.mark.parametrize("key", ["", "a\x00b", "k" * 201])
def test_a_damaged_key_is_refused(office: SimpleNamespace, dev: Contact, asha: Actor, key: str) -> None:
    with pytest.raises(AlreadyUsed, match="missing or damaged"):
        office.rename(contact=dev, name="Dev P", by=asha, at=AT, key=key)


def test_a_key_of_a_step_that_failed_is_free_again(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(RuntimeError):
        office.rename(contact=dev, name="Dev P", by=asha, at=AT, key="form-1", fail=True)
    assert office.rename(contact=dev, name="Dev P", by=asha, at=AT, key="form-1").name == "Dev P"


def test_an_answer_that_no_key_can_bring_back_is_refused(office: SimpleNamespace, dev: Contact, asha: Actor) -> None:
    with pytest.raises(StepMisused, match="not object"):
        office.answer_nothing_storable(contact=dev, by=asha, at=AT, key="form-1")
    assert (Entry.objects.count(), Answer.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_does_it_once(office: SimpleNamespace) -> None:
    dev = contact(council())
    asha = staff(Role.OFFICER, dev.council)
    both = threading.Barrier(2)

    def click(name: str) -> Contact:
        try:
            both.wait()
            done: Contact = office.rename(contact=dev, name=name, by=asha, at=AT, key="form-1")
            return done
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(click, ["Dev P", "Dev Q"])
    assert first == second
    assert first.name == second.name == Contact.objects.get().name
    assert (jobs(dev), Entry.objects.count()) == (1, 1)


# ---------------------------------------------------------------------------------------------------------------- locks


def locked(sql: str, value: Any, release: threading.Event, held: threading.Event) -> None:
    """Hold a row's lock in a transaction of its own until it is let go."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [value])
            held.set()
            release.wait(20)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_waited_for_a_little_and_then_there_is_a_sentence(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_module, "LOCK_WAIT_SECONDS", 0.2)
    dev = contact(council())
    asha = staff(Role.OFFICER, dev.council)
    release, held = threading.Event(), threading.Event()
    sql = "SELECT 1 FROM people_contact WHERE id = %s FOR UPDATE"
    other = threading.Thread(target=locked, args=(sql, dev.pk, release, held))
    other.start()
    try:
        assert held.wait(10)
        with pytest.raises(SomeoneElseIsWorkingOnThis) as refused:
            office.rename(contact=dev, name="Dev P", by=asha, at=AT)
        assert refused.value.sentence == "Someone else is saving a change to this at the moment."
        assert "try again" in refused.value.do
        assert isinstance(refused.value, Refusal)
    finally:
        release.set()
        other.join()
    assert office.rename(contact=dev, name="Dev P", by=asha, at=AT).name == "Dev P"


def test_subjects_are_locked_in_the_order_of_their_ids(
    office: SimpleNamespace, dev: Contact, asha: Actor, django_assert_num_queries: Any
) -> None:
    others = [contact(dev.council, name) for name in ("Eve Lindqvist", "Grace Okafor")]
    backwards = [*reversed(others), dev]
    with django_assert_num_queries(9) as captured:  # savepoint, wait, one lock, three updates, two of trail, release
        answered = office.rename_all(contacts=backwards, name="same", by=asha, at=AT)
    (lock,) = [query["sql"] for query in captured.captured_queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert 'ORDER BY "people_contact"."id" ASC' in lock
    assert [one.pk for one in answered] == [one.pk for one in backwards]


@pytest.mark.django_db(transaction=True)
def test_two_steps_on_the_same_records_in_opposite_orders_both_get_done(office: SimpleNamespace) -> None:
    of = council()
    asha = staff(Role.OFFICER, of)
    people = [contact(of, f"Person {number}") for number in range(6)]

    def many(order: int) -> None:
        try:
            for _ in range(15):
                office.rename_all(contacts=people[::order], name="same", by=asha, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(many, [1, -1]))
    assert Entry.objects.count() == 2 * 15 * 6
    assert trail.verify() == []


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_one_council_do_not_wait_for_each_other(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_module, "LOCK_WAIT_SECONDS", 2)
    of = council()
    asha = staff(Role.OFFICER, of)
    meeting = threading.Barrier(2, timeout=10)

    def one(number: int) -> int:
        try:
            # Each body waits for the other: were the council's row locked in earnest, neither could get there.
            answer: int = office.count(council=of, number=number, by=asha, at=AT, hold=meeting.wait)
            return answer
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, [1, 2])) == [1, 2]
    assert [line.seq for line in trail.read(of)] == [1, 2]
