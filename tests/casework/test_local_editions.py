"""A council's own edition is drafted, tried, approved by a second person, and in force; earlier cases keep theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from casework.office_day import QUICK
from factories import cast as make
from factories.cast import TODAY, Cast, assemble
from redress.access import trail
from redress.access.actor import Actor
from redress.access.permissions import NotPermitted
from redress.access.refusals import ChangedMeanwhile, NotVisible
from redress.access.roles import Role
from redress.cases import clocks
from redress.cases.models import Case, Clock, Happening
from redress.casework import case_details, edition_trial, local_editions, triage
from redress.council import queries
from redress.council.models import LocalEdition
from redress.rulebook import local, procedures
from redress.rulebook.local import Choices
from redress.staff.queries import actor_for

pytestmark = pytest.mark.django_db
CODE = "corporate-complaint"
RELEASED = "corporate-complaint@2024-02-08"
SHORTER = Choices(limits={"stage-1-response": 7})
NEXT_WEEK = TODAY + dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def cast() -> Cast:
    return assemble()


def words(cast: Cast, choices: Choices = SHORTER, on: dt.date = NEXT_WEEK) -> str:
    return local_editions.worded(cast.northmere, CODE, choices, on)


def leader(cast: Cast) -> Actor:
    return cast.actor(Role.TEAM_LEADER)


def manager(cast: Cast) -> Actor:
    return cast.actor(Role.COMPLAINTS_MANAGER)


def drafted(
    cast: Cast, choices: Choices = SHORTER, on: dt.date = NEXT_WEEK, *, by: Actor | None = None
) -> LocalEdition:
    return local_editions.draft(
        council=cast.northmere, given=words(cast, choices, on), why="Cabinet, 3 November", by=by or leader(cast),
        at=make.at(),
    )  # fmt: skip


def tried(cast: Cast, row: LocalEdition) -> LocalEdition:
    return local_editions.try_out(edition=row, by=leader(cast), at=make.at())


def approved(cast: Cast, choices: Choices = SHORTER, on: dt.date = NEXT_WEEK) -> LocalEdition:
    row = tried(cast, drafted(cast, choices, on))
    return local_editions.approve(edition=row, by=manager(cast), at=make.at())


def holding(cast: Cast, on: dt.date, code: str = CODE) -> str:
    return queries.edition_for(cast.northmere.pk, code, on).id


def entries(cast: Cast) -> list[str]:
    return [line.kind for line in trail.read(f"council:{cast.northmere.pk}") if "local-edition" in line.kind]


# ------------------------------------------------------------------------------------------------------ the whole way


def test_from_draft_to_the_day_and_earlier_cases_keep_theirs(cast: Cast) -> None:
    before = cast.logged()
    row = drafted(cast)
    assert (row.state, row.edition_id, row.writers) == (
        "draft", f"{CODE}@{NEXT_WEEK.isoformat()}+northmere", [cast.officers[Role.TEAM_LEADER].pk],
    )  # fmt: skip
    row = tried(cast, row)
    assert local_editions.is_tried(row)
    row = local_editions.approve(edition=row, by=manager(cast), at=make.at())
    assert (row.state, row.approved_by, row.approver) == ("approved", "Carol Whitfield", cast.carol.pk)
    assert entries(cast) == [
        "council.local-edition-drafted", "council.local-edition-tried", "council.local-edition-approved",
    ]  # fmt: skip

    assert holding(cast, NEXT_WEEK - dt.timedelta(days=1)) == RELEASED
    assert holding(cast, NEXT_WEEK) == row.edition_id
    assert queries.edition_for(cast.eastvale.pk, CODE, NEXT_WEEK).id == RELEASED

    after = cast.logged(at=make.at(NEXT_WEEK), received_at=make.at(NEXT_WEEK), received_on=NEXT_WEEK)
    late_in = cast.logged(at=make.at(NEXT_WEEK), received_at=make.at(TODAY), received_on=TODAY)
    assert (before.edition, late_in.edition, after.edition) == (RELEASED, RELEASED, row.edition_id)

    def due(case: Case) -> dt.date | None:
        return Clock.objects.get(case=case, name="stage-1-response").due_on

    # Acknowledged on Monday 30 November: 7 working days end on 9 December. On Monday 23: 10 end on 7 December.
    assert due(cast.acknowledged(after, on=NEXT_WEEK)) == dt.date(2026, 12, 9)
    assert due(cast.acknowledged(before)) == dt.date(2026, 12, 7)
    assert clocks.edition_of(after).clock("stage-1-response").limit == 7


def test_the_words_of_a_case_under_a_councils_own_edition_still_come_from_its_edition(cast: Cast) -> None:
    row = approved(cast, Choices(title="Complaints", limits={"stage-1-response": 7}), TODAY)
    case = cast.answered(cast.allocated(cast.acknowledged(cast.logged())))
    assert case.edition == row.edition_id
    assert cast.at_stage_2(case).stages.count() == 2  # type: ignore[attr-defined]


def test_a_council_goes_back_to_what_was_released_by_another_edition(cast: Cast) -> None:
    approved(cast)
    later = NEXT_WEEK + dt.timedelta(days=30)
    back = approved(cast, Choices(), later)
    assert holding(cast, later) == back.edition_id
    assert queries.edition_for(cast.northmere.pk, CODE, later).clock("stage-1-response").limit == 10


def test_a_newer_release_ends_an_older_edition_of_the_councils_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = approved(cast)
    newer_from = dt.date(2027, 4, 1)
    held = procedures.editions(CODE)
    newer = held[-1].model_copy(update={"id": f"{CODE}@2027-04-01", "in_force_from": newer_from})
    monkeypatch.setattr(procedures, "editions", lambda code: (*held, newer) if code == CODE else held)
    assert holding(cast, newer_from - dt.timedelta(days=1)) == row.edition_id
    assert holding(cast, newer_from) == newer.id
    with pytest.raises(local_editions.AnotherBase):
        local_editions.draft(
            council=cast.northmere,
            given=local.as_file(
                local.make(held[-1], SHORTER, council="northmere", name="Northmere", in_force_from=dt.date(2027, 5, 1))
            ),
            by=leader(cast),
            at=make.at(),
        )


def test_a_corrected_day_of_receipt_brings_the_edition_of_that_day(cast: Cast) -> None:
    row = approved(cast)
    case = cast.acknowledged(
        cast.logged(at=make.at(NEXT_WEEK), received_at=make.at(NEXT_WEEK), received_on=NEXT_WEEK), on=NEXT_WEEK
    )
    assert case.edition == row.edition_id
    happening = Happening.objects.get(case=case, kind="received")
    # Received on Friday 27 November: the released edition, 5 and 10 working days.
    friday = NEXT_WEEK - dt.timedelta(days=3)
    seen = {one.then.name: one.then for one in case_details.if_corrected(case, happening, friday, NEXT_WEEK)}
    assert seen["stage-1-response"].edition == RELEASED
    case_details.correct_date(
        case=case, happening=happening, on=friday, reason="It lay in another office.", by=manager(cast),
        at=make.at(NEXT_WEEK),
    )  # fmt: skip
    case.refresh_from_db()
    assert case.edition == RELEASED
    assert clocks.readings(case, NEXT_WEEK)["stage-1-response"].due == seen["stage-1-response"].due


# ------------------------------------------------------------------------------------------------------------ refusals


def test_a_hard_limit_is_refused_with_the_authority(cast: Cast) -> None:
    with pytest.raises(local.NotAllowed, match=r"paragraph 6\.3"):
        words(cast, Choices(limits={"stage-1-response": 12}))
    text = words(cast).replace("limit = 7\n", "limit = 12\n")
    with pytest.raises(local_editions.NotWithinTheLaw, match=r"paragraph 6\.3") as refused:
        local_editions.draft(council=cast.northmere, given=text, by=leader(cast), at=make.at())
    assert refused.value.do
    assert refused.value.problems[0].field == "limit:stage-1-response"
    assert not LocalEdition.objects.exists()


def test_whoever_wrote_any_of_it_can_not_approve_it(cast: Cast) -> None:
    row = drafted(cast, by=manager(cast))
    row = tried(cast, row)
    with pytest.raises(local_editions.NotTheSecondPerson):
        local_editions.approve(edition=row, by=manager(cast), at=make.at())
    row = local_editions.change(
        edition=row, given=words(cast, Choices(limits={"stage-1-response": 8})), by=leader(cast), at=make.at()
    )
    row = tried(cast, row)
    with pytest.raises(local_editions.NotTheSecondPerson):
        local_editions.approve(edition=row, by=manager(cast), at=make.at())
    second = make.person("Nadia Osei", (cast.northmere, Role.COMPLAINTS_MANAGER))
    assert local_editions.approve(edition=row, by=actor_for(second, TODAY), at=make.at()).approved_by == "Nadia Osei"


def test_a_trial_counts_only_for_the_words_that_were_tried(cast: Cast) -> None:
    row = drafted(cast)
    with pytest.raises(local_editions.NotTried):
        local_editions.approve(edition=row, by=manager(cast), at=make.at())
    row = tried(cast, row)
    row = local_editions.change(
        edition=row, given=words(cast, Choices(limits={"stage-1-response": 8})), by=leader(cast), at=make.at()
    )
    with pytest.raises(local_editions.NotTried):
        local_editions.approve(edition=row, by=manager(cast), at=make.at())


def test_an_edition_takes_effect_today_or_later(cast: Cast) -> None:
    with pytest.raises(local_editions.TooEarly):
        drafted(cast, on=TODAY - dt.timedelta(days=1))
    row = tried(cast, drafted(cast, on=TODAY))
    tomorrow = make.at(TODAY + dt.timedelta(days=1))
    with pytest.raises(local_editions.TooEarly):
        local_editions.approve(edition=row, by=manager(cast), at=tomorrow)
    local_editions.approve(edition=row, by=manager(cast), at=make.at())
    assert holding(cast, TODAY) == row.edition_id


def test_two_never_take_effect_on_one_day(cast: Cast) -> None:
    first, second = tried(cast, drafted(cast)), tried(cast, drafted(cast, Choices(title="Ours")))
    local_editions.approve(edition=first, by=manager(cast), at=make.at())
    with pytest.raises(local_editions.DayTaken):
        local_editions.approve(edition=second, by=manager(cast), at=make.at())


def test_what_changes_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(local_editions.ChangesNothing):
        drafted(cast, Choices())


def test_a_draft_that_changed_meanwhile_is_not_written_over(cast: Cast) -> None:
    row = drafted(cast)
    local_editions.change(
        edition=row, given=words(cast, Choices(title="Ours")), version=1, by=leader(cast), at=make.at()
    )
    with pytest.raises(ChangedMeanwhile):
        local_editions.change(edition=row, given=words(cast), version=1, by=leader(cast), at=make.at())
    with pytest.raises(ChangedMeanwhile):
        local_editions.approve(edition=row, version=1, by=manager(cast), at=make.at())


def test_what_is_decided_can_not_be_changed(cast: Cast) -> None:
    row = approved(cast)
    for attempt in (
        lambda: local_editions.change(edition=row, given=words(cast), by=leader(cast), at=make.at()),
        lambda: local_editions.discard(edition=row, by=leader(cast), at=make.at()),
        lambda: local_editions.try_out(edition=row, by=leader(cast), at=make.at()),
        lambda: local_editions.approve(edition=row, by=manager(cast), at=make.at()),
    ):
        with pytest.raises(local_editions.NoDraft):
            attempt()


def test_an_approved_edition_is_withdrawn_only_before_it_takes_effect(cast: Cast) -> None:
    row = approved(cast)
    with pytest.raises(local_editions.InForceAlready):
        local_editions.withdraw(edition=row, by=manager(cast), at=make.at(NEXT_WEEK))
    gone = local_editions.withdraw(edition=row, by=manager(cast), at=make.at())
    assert (gone.state, gone.ended_by) == ("withdrawn", "Carol Whitfield")
    assert holding(cast, NEXT_WEEK) == RELEASED
    with pytest.raises(local_editions.NothingToWithdraw):
        local_editions.withdraw(edition=row, by=manager(cast), at=make.at())
    again = approved(cast, Choices(limits={"stage-1-response": 6}))
    assert queries.edition_for(cast.northmere.pk, CODE, NEXT_WEEK).clock("stage-1-response").limit == 6
    assert again.edition_id == row.edition_id


def test_a_draft_can_be_discarded(cast: Cast) -> None:
    row = local_editions.discard(edition=drafted(cast), by=leader(cast), at=make.at())
    assert row.state == "discarded"
    assert entries(cast)[-1] == "council.local-edition-discarded"


def test_a_draft_stays_in_its_procedure(cast: Cast) -> None:
    row = drafted(cast)
    other = local_editions.worded(cast.northmere, "housing-complaint", Choices(title="Ours"), NEXT_WEEK)
    with pytest.raises(local_editions.NotWithinTheLaw):
        local_editions.change(edition=row, given=other, by=leader(cast), at=make.at())


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_others_may_not_draft(cast: Cast, role: Role) -> None:
    with pytest.raises(NotPermitted):
        drafted(cast, by=cast.actor(role))


def test_a_team_leader_may_not_approve_and_a_stranger_sees_nothing(cast: Cast) -> None:
    row = tried(cast, drafted(cast, by=manager(cast)))
    with pytest.raises(NotPermitted):
        local_editions.approve(edition=row, by=leader(cast), at=make.at())
    stranger = actor_for(cast.stranger, TODAY)
    with pytest.raises(NotVisible):
        local_editions.approve(edition=row, by=stranger, at=make.at())
    assert queries.own_edition(stranger, row.pk) is None


def test_another_councils_edition_is_refused(cast: Cast) -> None:
    text = local_editions.worded(cast.eastvale, CODE, SHORTER, NEXT_WEEK)
    with pytest.raises(local_editions.NotWithinTheLaw, match="eastvale"):
        local_editions.draft(council=cast.northmere, given=text, by=leader(cast), at=make.at())


def test_nothing_is_held_for_a_day_before_the_first_edition(cast: Cast) -> None:
    with pytest.raises(local_editions.AnotherBase, match="No edition"):
        words(cast, on=dt.date(2020, 1, 1))


def test_a_procedure_that_was_not_adopted_is_still_refused_at_triage(cast: Cast) -> None:
    approved(cast)
    with pytest.raises(triage.NotAdopted):
        triage.edition_for(cast.northmere, "foi-request", NEXT_WEEK)
    assert triage.edition_for(cast.northmere, CODE, NEXT_WEEK).local_to == "northmere"


def test_the_same_form_twice_makes_one_draft(cast: Cast) -> None:
    given = {"council": cast.northmere, "given": words(cast), "by": leader(cast), "at": make.at(), "key": "one"}
    assert local_editions.draft(**given).pk == local_editions.draft(**given).pk
    assert LocalEdition.objects.count() == 1


# ----------------------------------------------------------------------------------------------------------- the trial


def test_a_trial_reads_past_cases_twice_and_changes_nothing(cast: Cast) -> None:
    monday = dt.date(2026, 11, 2)
    early, slow = (cast.logged(at=make.at(monday), received_at=make.at(monday), received_on=monday) for _ in range(2))
    early = cast.answered(cast.allocated(cast.acknowledged(early, on=monday), on=monday), on=dt.date(2026, 11, 6))
    # Acknowledged on Monday 2 November: 10 working days end on 16 November, 7 on 11 November.
    slow = cast.answered(cast.allocated(cast.acknowledged(slow, on=monday), on=monday), on=dt.date(2026, 11, 13))
    edition = local_editions.read(drafted(cast))
    trial = edition_trial.run(cast.northmere, edition, today=TODAY, viewer=leader(cast))
    assert (trial.cases, trial.all_cases, trial.late_then, trial.late_under) == (2, 2, 0, 1)
    by_case = {row.case.reference: row for row in trial.rows}
    row = by_case[slow.reference]
    assert (row.due_then, row.due_under, row.done_on) == (
        dt.date(2026, 11, 16), dt.date(2026, 11, 11), dt.date(2026, 11, 13),
    )  # fmt: skip
    assert (row.late_then, row.late_under) == (False, True)
    assert not by_case[early.reference].late_under
    assert [one.case.pk for one in trial.newly_late] == [slow.pk]
    (count,) = [one for one in trial.counts if one.title == "Stage 1 response"]
    assert (count.ran, count.late_then, count.late_under) == (2, 0, 1)
    row_tried = tried(cast, LocalEdition.objects.get())
    assert (row_tried.tried_cases, row_tried.tried_late_then, row_tried.tried_late_under) == (2, 0, 1)
    slow.refresh_from_db()
    assert slow.edition == RELEASED


def test_a_trial_takes_twelve_months_of_this_councils_complaints(cast: Cast) -> None:
    old = dt.date(2025, 11, 3)
    cast.logged(at=make.at(old), received_at=make.at(old), received_on=old)
    cast.logged(council=cast.eastvale, service=None, category=None)
    trial = edition_trial.run(cast.northmere, local_editions.read(drafted(cast)), today=TODAY, viewer=leader(cast))
    assert (trial.cases, trial.rows, trial.counts) == (0, (), ())
    assert trial.since == dt.date(2025, 11, 23)


def test_a_trial_says_when_there_are_more_cases_than_it_takes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_trial, "MOST", 2)
    for _ in range(3):
        cast.logged()
    trial = edition_trial.run(cast.northmere, local_editions.read(drafted(cast)), today=TODAY, viewer=leader(cast))
    assert (trial.cases, trial.all_cases) == (2, 3)


def test_a_request_is_no_complaint_and_is_not_tried(cast: Cast) -> None:
    case = cast.logged()
    Case.objects.filter(pk=case.pk).update(kind=Case.Kind.SERVICE_REQUEST, triage_reason="It asks for a bin.")
    trial = edition_trial.run(cast.northmere, local_editions.read(drafted(cast)), today=TODAY, viewer=leader(cast))
    assert trial.cases == 0
