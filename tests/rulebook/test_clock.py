"""How a clock reads: each state, each trap of the Codes, each record that can't be true."""

from datetime import UTC, date, datetime

import pytest

from redress.rulebook import calendar, clock, procedures
from redress.rulebook.clock import Happening, ImpossibleOrder, Settings

CORPORATE = procedures.current("corporate-complaint")
HOUSING = procedures.current("housing-complaint")
EW = calendar.england_and_wales()


def day(said: str) -> date:
    """Read "Tue 24 Nov 2026" and refuse a wrong weekday."""
    found = datetime.strptime(said[4:], "%d %b %Y").date()
    assert found.strftime("%a") == said[:3], said
    return found


def happened(kind, said, seq=0, **data):
    return Happening(kind, on=day(said), seq=seq, data=data)


def extended(said, days=10, which="stage-1-response", **more):
    return happened(
        "extended", said, clock=which, working_days=days, reason="the records are at the contractor", **more
    )


def read(*happenings, today="Wed 25 Nov 2026", edition=CORPORATE, settings=clock.DEFAULTS, days=EW):
    return clock.read(edition, happenings, days, today=day(today), settings=settings)


RECEIVED = happened("received", "Fri 20 Nov 2026")
ACKNOWLEDGED = happened("acknowledged", "Tue 24 Nov 2026")


class TestStates:
    def test_nothing_has_happened(self):
        assert {reading.state for reading in read().values()} == {"not-started"}
        assert list(read()) == [
            "stage-1-acknowledgement",
            "stage-1-response",
            "stage-2-acknowledgement",
            "stage-2-response",
        ]

    def test_received_only(self):
        readings = read(RECEIVED)
        assert (readings["stage-1-acknowledgement"].state, readings["stage-1-acknowledgement"].due) == (
            "running",
            day("Fri 27 Nov 2026"),
        )
        response = readings["stage-1-response"]
        assert (response.state, response.due, response.started_on) == ("not-started", day("Fri 11 Dec 2026"), None)
        assert not response.is_open
        assert response.sentence.startswith(
            "starts with the acknowledgement; due Friday 11 December 2026 at the latest"
        )

    def test_running(self):
        reading = read(RECEIVED, ACKNOWLEDGED)["stage-1-response"]
        assert (reading.state, reading.due, reading.day, reading.length, reading.days_left) == (
            "running",
            day("Tue 8 Dec 2026"),
            1,
            10,
            9,
        )
        assert reading.sentence == (
            "due Tuesday 8 December 2026: 10 working days after the acknowledgement of Tuesday 24 November 2026"
        )
        assert reading.for_resident == (
            "We will answer by Tuesday 8 December 2026. "
            "That is 10 working days after we wrote to you on Tuesday 24 November 2026."
        )
        assert reading.distance == "In 9 working days"

    def test_met_on_the_last_day(self):
        reading = read(RECEIVED, ACKNOWLEDGED, happened("responded", "Tue 8 Dec 2026"), today="Fri 18 Dec 2026")[
            "stage-1-response"
        ]
        assert (reading.state, reading.met_on, reading.is_open, reading.answered_late) == (
            "met",
            day("Tue 8 Dec 2026"),
            False,
            False,
        )
        assert reading.for_resident == "We answered on Tuesday 8 December 2026."

    def test_answered_late(self):
        reading = read(RECEIVED, ACKNOWLEDGED, happened("responded", "Fri 11 Dec 2026"), today="Fri 18 Dec 2026")[
            "stage-1-response"
        ]
        assert (reading.state, reading.answered_late, reading.late_by, reading.is_open) == ("missed", True, 3, False)
        assert reading.sentence.startswith(
            "answered 3 working days late, on Friday 11 December 2026; due Tuesday 8 Dec"
        )

    def test_missed_and_unanswered(self):
        reading = read(RECEIVED, ACKNOWLEDGED, today="Thu 10 Dec 2026")["stage-1-response"]
        assert (reading.state, reading.met_on, reading.late_by, reading.is_open) == ("missed", None, 2, True)
        assert reading.distance == "2 working days late"
        assert reading.for_resident.startswith("We should have answered by Tuesday 8 December 2026.")

    def test_withdrawn_in_time_owes_nothing(self):
        reading = read(RECEIVED, ACKNOWLEDGED, happened("withdrawn", "Fri 27 Nov 2026"), today="Fri 18 Dec 2026")[
            "stage-1-response"
        ]
        assert (reading.state, reading.ended_on, reading.is_open) == ("ended", day("Fri 27 Nov 2026"), False)
        assert reading.sentence == (
            "withdrawn on Friday 27 November 2026, before the date due, Tuesday 8 December 2026"
        )

    def test_withdrawn_after_the_date_due_stays_missed(self):
        reading = read(RECEIVED, ACKNOWLEDGED, happened("withdrawn", "Mon 14 Dec 2026"), today="Fri 18 Dec 2026")[
            "stage-1-response"
        ]
        assert (reading.state, reading.late_by, reading.is_open) == ("missed", 4, False)

    def test_reopened_runs_on_from_the_first_receipt(self):
        reading = read(
            RECEIVED,
            ACKNOWLEDGED,
            happened("withdrawn", "Thu 26 Nov 2026"),
            happened("reopened", "Mon 30 Nov 2026"),
            today="Tue 1 Dec 2026",
        )["stage-1-response"]
        assert (reading.state, reading.due) == ("running", day("Tue 8 Dec 2026"))

    def test_an_answer_without_an_acknowledgement_tells_the_person(self):
        readings = read(RECEIVED, happened("responded", "Wed 25 Nov 2026"))
        assert readings["stage-1-acknowledgement"].state == "met"
        assert "No separate acknowledgement" in readings["stage-1-acknowledgement"].caution
        assert readings["stage-1-response"].state == "met"


class TestLateAcknowledgement:
    """Section 0.5 of the reference: the earlier of the acknowledgement and its limit; both dates are shown."""

    HISTORY = (happened("received", "Fri 11 Dec 2026"), happened("acknowledged", "Thu 24 Dec 2026"))

    def test_cautious_by_default(self):
        reading = read(*self.HISTORY, today="Tue 29 Dec 2026")["stage-1-response"]
        assert reading.due == reading.cautious_due == day("Wed 6 Jan 2027")
        assert reading.literal_due == day("Tue 12 Jan 2027")
        assert "Cautious reading" in reading.caution
        assert any("Tuesday 12 January 2027" in reason.text for reason in reading.reasons)
        assert "last day on which we should have written to you first" in reading.for_resident

    def test_literal_by_the_councils_setting(self):
        reading = read(*self.HISTORY, today="Tue 29 Dec 2026", settings=Settings(literal_response_start=True))[
            "stage-1-response"
        ]
        assert reading.due == reading.literal_due == day("Tue 12 Jan 2027")
        assert reading.cautious_due == day("Wed 6 Jan 2027")
        assert "Literal reading" in reading.caution

    def test_without_an_acknowledgement_even_the_literal_clock_is_bounded(self):
        reading = read(self.HISTORY[0], today="Tue 29 Dec 2026", settings=Settings(literal_response_start=True))[
            "stage-1-response"
        ]
        assert (reading.state, reading.due) == ("running", day("Wed 6 Jan 2027"))

    def test_in_time_there_is_one_reading_only(self):
        reading = read(RECEIVED, ACKNOWLEDGED)["stage-1-response"]
        assert (reading.literal_due, reading.cautious_due, reading.caution) == (None, None, None)


class TestExtension:
    def test_given_by_the_date_due_it_adds(self):
        reading = read(RECEIVED, ACKNOWLEDGED, extended("Tue 8 Dec 2026"), today="Wed 9 Dec 2026")["stage-1-response"]
        assert (reading.due, reading.first_due, reading.extended_by, reading.length, reading.over_cap) == (
            day("Tue 22 Dec 2026"),
            day("Tue 8 Dec 2026"),
            10,
            20,
            False,
        )
        assert reading.for_resident == (
            "We will answer by Tuesday 22 December 2026. We first said Tuesday 8 December 2026, 10 working days after "
            "we wrote to you on Tuesday 24 November 2026. We told you on Tuesday 8 December 2026 that we need "
            "10 working days more."
        )

    def test_given_later_it_cures_nothing(self):
        reading = read(RECEIVED, ACKNOWLEDGED, extended("Wed 9 Dec 2026"), today="Wed 9 Dec 2026")["stage-1-response"]
        assert (reading.state, reading.due, reading.promised, reading.extended_by) == (
            "missed",
            day("Tue 8 Dec 2026"),
            day("Tue 22 Dec 2026"),
            0,
        )
        assert "Tuesday 22 December 2026" in reading.for_resident

    def test_the_day_on_which_the_person_was_told_counts(self):
        reading = read(
            RECEIVED, ACKNOWLEDGED, extended("Tue 8 Dec 2026", told_on="2026-12-09"), today="Wed 9 Dec 2026"
        )["stage-1-response"]
        assert (reading.state, reading.due) == ("missed", day("Tue 8 Dec 2026"))

    def test_several_add_and_the_cap_is_said(self):
        reading = read(
            RECEIVED,
            ACKNOWLEDGED,
            extended("Tue 1 Dec 2026", 5),
            extended("Tue 15 Dec 2026", 6),
            today="Tue 15 Dec 2026",
        )["stage-1-response"]
        assert (reading.due, reading.extended_by, reading.over_cap) == (day("Wed 23 Dec 2026"), 11, True)
        assert "11 working days in all; the Code allows no more than 10 without good reason" in reading.caution

    @pytest.mark.parametrize("days", [None, 0, -3, "10", 2.5, True, [10]])
    def test_one_without_a_number_is_left_out_and_said(self, days):
        reading = read(
            RECEIVED, ACKNOWLEDGED, happened("extended", "Tue 1 Dec 2026", clock="stage-1-response", working_days=days)
        )["stage-1-response"]
        assert reading.due == day("Tue 8 Dec 2026")
        assert "does not say by how many working days" in reading.caution


class TestReceipt:
    def test_the_earliest_receipt_rules(self):
        reading = read(RECEIVED, happened("received", "Wed 18 Nov 2026"))["stage-1-acknowledgement"]
        assert reading.due == day("Wed 25 Nov 2026")
        assert "the earliest of 2 receipts" in reading.reasons[0].text

    def test_a_correction_replaces(self):
        first = Happening("received", on=day("Fri 20 Nov 2026"), id=1)
        right = Happening("received", on=day("Mon 23 Nov 2026"), id=2, replaces=1)
        assert read(first, right)["stage-1-acknowledgement"].due == day("Mon 30 Nov 2026")

    def test_a_correction_keeps_its_place_in_the_day(self):
        readings = read(
            Happening("received", on=day("Mon 23 Nov 2026"), seq=1, id=1),
            Happening("acknowledged", on=day("Tue 24 Nov 2026"), seq=2, id=2),
            Happening("received", on=day("Tue 24 Nov 2026"), seq=3, id=3, replaces=1),
        )
        assert readings["stage-1-response"].due == day("Tue 8 Dec 2026")

    def test_recorded_in_error(self):
        late = Happening("responded", on=day("Tue 24 Nov 2026"), id=7)
        gone = Happening("recorded-in-error", on=day("Wed 25 Nov 2026"), replaces=7)
        assert read(RECEIVED, ACKNOWLEDGED, late, gone)["stage-1-response"].state == "running"

    def test_an_instant_counts_by_the_day_in_london(self):
        summer = Happening("received", at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
        assert read(summer, today="Thu 2 Jul 2026")["stage-1-acknowledgement"].due == day("Thu 9 Jul 2026")
        naive = Happening("received", at=datetime(2026, 7, 1, 23, 30))
        assert read(naive, today="Thu 2 Jul 2026")["stage-1-acknowledgement"].due == day("Wed 8 Jul 2026")

    def test_a_request_that_became_a_complaint_counts_from_the_dissatisfaction(self):
        readings = read(
            happened("received", "Mon 2 Nov 2026", 1),
            happened("treated-as-request", "Tue 3 Nov 2026", 2),
            happened("turned-into-complaint", "Wed 25 Nov 2026", 3, received_on="2026-11-23"),
        )
        assert (readings["stage-1-acknowledgement"].state, readings["stage-1-acknowledgement"].due) == (
            "running",
            day("Mon 30 Nov 2026"),
        )
        assert "treated as a service request at first" in readings["stage-1-acknowledgement"].reasons[0].text

    def test_what_was_written_to_the_request_does_not_acknowledge_the_complaint(self):
        history = [
            happened("received", "Mon 2 Nov 2026", 1),
            happened("acknowledged", "Tue 3 Nov 2026", 2),
            happened("treated-as-request", "Wed 4 Nov 2026", 3),
            happened("turned-into-complaint", "Wed 25 Nov 2026", 4, received_on="2026-11-23"),
        ]
        again = happened("acknowledged", "Thu 26 Nov 2026", 5)
        clock.check_order(CORPORATE, history, again, calendar=EW)
        assert read(*history)["stage-1-acknowledgement"].state == "running"
        assert read(*history, again)["stage-1-response"].due == day("Thu 10 Dec 2026")

    def test_a_service_request_owes_no_answer(self):
        readings = read(RECEIVED, happened("treated-as-request", "Mon 23 Nov 2026"))
        assert {readings["stage-1-acknowledgement"].state, readings["stage-1-response"].state} == {"ended"}

    def test_before_the_edition_was_in_force(self):
        reading = read(happened("received", "Thu 28 Mar 2024"), edition=HOUSING)["stage-1-response"]
        assert (reading.state, reading.due) == ("unclear", None)
        assert "before the edition was in force on Monday 1 April 2024" in reading.caution


class TestStage2:
    def test_asked_for_again_after_a_refusal_starts_again(self):
        readings = read(
            happened("escalated", "Mon 2 Nov 2026"),
            happened("escalation-refused", "Wed 4 Nov 2026"),
            happened("escalated", "Mon 23 Nov 2026"),
        )
        assert (readings["stage-2-acknowledgement"].state, readings["stage-2-acknowledgement"].due) == (
            "running",
            day("Mon 30 Nov 2026"),
        )

    def test_going_on_to_stage_2_ends_an_unanswered_stage_1(self):
        reading = read(RECEIVED, ACKNOWLEDGED, happened("escalated", "Fri 11 Dec 2026"), today="Mon 14 Dec 2026")[
            "stage-1-response"
        ]
        assert (reading.state, reading.ended_by, reading.is_open) == ("missed", "taken to the next stage", False)

    def test_closed_after_stage_1_then_escalated(self):
        readings = read(
            RECEIVED,
            ACKNOWLEDGED,
            happened("responded", "Tue 1 Dec 2026"),
            happened("closed", "Tue 1 Dec 2026"),
            happened("escalated", "Mon 7 Dec 2026"),
            today="Mon 7 Dec 2026",
        )
        assert readings["stage-1-response"].state == "met"
        assert readings["stage-2-acknowledgement"].state == "running"

    def test_the_twelve_weeks_are_advice_and_lgsco_only(self):
        found = clock.advice(CORPORATE, [RECEIVED], EW, today=day("Wed 25 Nov 2026"))["whole-process"]
        assert (found.due, found.is_advice) == (day("Fri 12 Feb 2027"), True)
        assert clock.advice(HOUSING, [RECEIVED], EW, today=day("Wed 25 Nov 2026")) == {}


class TestRecordsThatCannotBe:
    """A stored record is read all the same: unclear, or what can't be is left out and said."""

    @pytest.mark.parametrize(
        ("history", "said"),
        [
            ([happened("acknowledged", "Thu 19 Nov 2026"), RECEIVED], "nothing had been received by then"),
            ([ACKNOWLEDGED], "nothing had been received by then"),
            ([happened("responded", "Tue 24 Nov 2026")], "nothing had been received by then"),
            ([Happening("received")], "carries no date"),
            ([RECEIVED, Happening("acknowledged")], "carries no date"),
            (
                [
                    Happening("received", on=day("Fri 20 Nov 2026"), id=1, replaces=2),
                    Happening("received", on=day("Fri 20 Nov 2026"), id=2, replaces=1),
                ],
                "in a circle",
            ),
            ([Happening("received", on=date(9999, 12, 30))], "past the last date"),
        ],
    )
    def test_unclear(self, history, said):
        reading = read(*history)["stage-1-response"]
        assert (reading.state, reading.due, reading.is_open) == ("unclear", None, True)
        assert said in reading.caution
        assert reading.sentence.startswith("unclear: ")
        assert reading.days == ()

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (
                [happened("responded", "Wed 2 Dec 2026"), happened("responded", "Thu 3 Dec 2026")],
                "answered already, on Wednesday 2 December 2026. The first counts.",
            ),
            (
                [happened("responded", "Wed 2 Dec 2026"), extended("Thu 3 Dec 2026")],
                "after Stage 1 was answered on Wednesday 2 December 2026",
            ),
            ([happened("acknowledged", "Wed 25 Nov 2026")], "acknowledged already, on Tuesday 24 November 2026"),
            ([happened("paused", "Wed 25 Nov 2026")], "“paused” is not a happening that these clocks know"),
            ([Happening("closed", on=day("Mon 7 Dec 2026"), replaces="gone")], "replaces something that is not in"),
        ],
    )
    def test_left_out_and_said(self, more, said):
        reading = read(RECEIVED, ACKNOWLEDGED, *more)["stage-1-response"]
        assert reading.due == day("Tue 8 Dec 2026")
        assert said in reading.caution


class TestClosures:
    CLOSED = EW.with_closures({date(2026, 12, 29): "Northmere is closed", date(2026, 12, 30): "Northmere is closed"})
    HISTORY = (happened("received", "Mon 21 Dec 2026"),)

    def test_they_count_as_working_days_unless_the_council_says_so(self):
        assert read(*self.HISTORY, days=self.CLOSED)["stage-1-acknowledgement"].due == day("Wed 30 Dec 2026")

    def test_by_the_councils_setting_they_are_left_out_and_named(self):
        reading = read(*self.HISTORY, days=self.CLOSED, settings=Settings(closures_are_not_working=True))[
            "stage-1-acknowledgement"
        ]
        assert reading.due == day("Mon 4 Jan 2027")
        assert any("Northmere is closed" in reason.text for reason in reading.reasons)
        assert reading.fingerprint == self.CLOSED.fingerprint != EW.fingerprint


class TestRibbon:
    def test_day_0_today_and_the_day_due(self):
        days = read(RECEIVED, ACKNOWLEDGED, today="Thu 26 Nov 2026")["stage-1-response"].days
        assert [(one.number, one.kind) for one in days if one.kind != "off"] == [
            (0, "zero"),
            (1, "past"),
            (2, "now"),
            *[(number, "coming") for number in range(3, 10)],
            (10, "due"),
        ]
        assert [one.date.strftime("%a") for one in days if one.kind == "off"] == ["Sat", "Sun", "Sat", "Sun"]
        assert days[6].label == "holiday elsewhere (St Andrew's Day, Scotland): counts here"

    def test_bank_holidays_keep_their_place_without_a_number(self):
        days = read(happened("received", "Mon 21 Dec 2026"), today="Tue 22 Dec 2026")["stage-1-acknowledgement"].days
        assert [(one.date.day, one.number, one.label) for one in days if one.kind == "bank"] == [
            (25, None, "Christmas Day: not a working day"),
            (28, None, "Boxing Day (substitute day): not a working day"),
        ]

    def test_the_days_beyond_and_the_first_due_day(self):
        late = read(RECEIVED, ACKNOWLEDGED, today="Thu 10 Dec 2026")["stage-1-response"].days
        assert [(one.number, one.kind) for one in late[-2:]] == [(11, "over"), (12, "now")]
        longer = read(RECEIVED, ACKNOWLEDGED, extended("Tue 8 Dec 2026", 5), today="Tue 8 Dec 2026")[
            "stage-1-response"
        ].days
        assert [one.date for one in longer if one.is_first_due] == [day("Tue 8 Dec 2026")]
        assert [one.date for one in longer if one.is_due] == [day("Tue 15 Dec 2026")]


class TestWhatIf:
    def test_the_dates_that_would_follow(self):
        readings = clock.what_if(
            CORPORATE, [RECEIVED], EW, today=day("Mon 23 Nov 2026"), kind="acknowledged", on=day("Mon 23 Nov 2026")
        )
        assert readings["stage-1-acknowledgement"].state == "met"
        assert readings["stage-1-response"].due == day("Mon 7 Dec 2026")

    def test_an_extension_can_be_tried(self):
        readings = clock.what_if(
            CORPORATE,
            [RECEIVED, ACKNOWLEDGED],
            EW,
            today=day("Mon 7 Dec 2026"),
            kind="extended",
            on=day("Mon 7 Dec 2026"),
            data={"clock": "stage-1-response", "working_days": 3},
        )
        assert readings["stage-1-response"].due == day("Fri 11 Dec 2026")


STAGE_1 = [RECEIVED, ACKNOWLEDGED]
ANSWERED = [*STAGE_1, happened("responded", "Tue 1 Dec 2026")]
STAGE_2 = [*ANSWERED, happened("escalated", "Mon 7 Dec 2026")]


class TestOrder:
    @pytest.mark.parametrize(
        ("existing", "new"),
        [
            ([], RECEIVED),
            ([RECEIVED], ACKNOWLEDGED),
            ([RECEIVED], happened("received", "Wed 18 Nov 2026")),
            (STAGE_1, happened("responded", "Tue 1 Dec 2026")),
            (STAGE_1, extended("Tue 8 Dec 2026")),
            (STAGE_1, extended("Wed 9 Dec 2026")),
            (STAGE_1, extended("Tue 8 Dec 2026", 15, override_reason="two contractors have to be heard")),
            (STAGE_1, happened("escalated", "Fri 11 Dec 2026")),
            (STAGE_1, happened("escalated", "Wed 25 Nov 2026", external=True)),
            (STAGE_1, happened("withdrawn", "Wed 25 Nov 2026")),
            ([*STAGE_1, happened("withdrawn", "Wed 25 Nov 2026")], happened("closed", "Wed 25 Nov 2026")),
            ([*STAGE_1, happened("withdrawn", "Wed 25 Nov 2026")], happened("reopened", "Thu 26 Nov 2026")),
            (ANSWERED, happened("closed", "Tue 1 Dec 2026")),
            ([*ANSWERED, happened("closed", "Tue 1 Dec 2026")], happened("escalated", "Mon 7 Dec 2026")),
            (STAGE_2, happened("escalation-acknowledged", "Tue 8 Dec 2026")),
            (STAGE_2, happened("escalation-refused", "Tue 8 Dec 2026")),
            (STAGE_2, happened("escalation-responded", "Tue 8 Dec 2026")),
            (
                [*STAGE_2, happened("closed", "Tue 1 Dec 2026"), happened("escalation-responded", "Tue 8 Dec 2026")],
                happened("closed", "Tue 8 Dec 2026"),
            ),
            (STAGE_1, happened("clarification-asked", "Wed 25 Nov 2026")),
        ],
    )
    def test_possible(self, existing, new):
        assert clock.check_order(CORPORATE, existing, new, calendar=EW) is None

    @pytest.mark.parametrize(
        ("existing", "new", "said"),
        [
            ([], ACKNOWLEDGED, "nothing had been received by then"),
            ([RECEIVED], happened("acknowledged", "Thu 19 Nov 2026"), "nothing had been received by then"),
            (STAGE_1, happened("acknowledged", "Wed 25 Nov 2026"), "acknowledged already"),
            (ANSWERED, happened("responded", "Wed 2 Dec 2026"), "answered already"),
            (ANSWERED, extended("Wed 2 Dec 2026"), "after Stage 1 was answered"),
            (STAGE_1, extended("Tue 8 Dec 2026", 11), "no more than 10 without good reason"),
            (STAGE_1, extended("Tue 8 Dec 2026", 5, "stage-1-acknowledgement"), "can't be extended"),
            (STAGE_1, extended("Tue 8 Dec 2026", 5, "stage-9"), "There is no clock “stage-9” to extend"),
            (
                STAGE_1,
                happened("extended", "Tue 8 Dec 2026", clock="stage-1-response", working_days=5, reason=" "),
                "An extension needs a reason",
            ),
            (STAGE_1, happened("paused", "Wed 25 Nov 2026"), "The Code knows no pause"),
            (STAGE_1, happened("escalated", "Wed 25 Nov 2026"), "has not been answered, and its time had not passed"),
            ([], happened("escalated", "Wed 25 Nov 2026"), "Nothing had been received"),
            (STAGE_2, happened("escalated", "Tue 8 Dec 2026"), "asked for already"),
            (ANSWERED, happened("escalation-acknowledged", "Wed 2 Dec 2026"), "nothing had been asked for at Stage 2"),
            (STAGE_1, happened("closed", "Wed 25 Nov 2026"), "Stage 1 has not been answered"),
            (STAGE_1, happened("reopened", "Wed 25 Nov 2026"), "Nothing had ended"),
            (
                [*STAGE_1, happened("withdrawn", "Wed 25 Nov 2026")],
                happened("responded", "Thu 26 Nov 2026"),
                "withdrawn on",
            ),
            (
                [*STAGE_1, happened("withdrawn", "Wed 25 Nov 2026")],
                happened("escalated", "Thu 26 Nov 2026"),
                "withdrawn on",
            ),
            ([], happened("withdrawn", "Wed 25 Nov 2026"), "Nothing had been received"),
            (STAGE_1, happened("answered", "Wed 25 Nov 2026"), "“answered” is not a happening"),
            (STAGE_1, Happening("responded"), "carries no date"),
            (STAGE_1, happened("responded", "Tue 15 Dec 2026"), "has not come yet"),
            (STAGE_1, Happening("received", on=date(1066, 10, 14)), "too long ago"),
            (STAGE_1, Happening("received", on=date(2026, 11, 19), replaces=5), "not in the record"),
        ],
    )
    def test_impossible(self, existing, new, said):
        with pytest.raises(ImpossibleOrder) as refused:
            clock.check_order(CORPORATE, existing, new, calendar=EW, today=day("Mon 14 Dec 2026"))
        assert said in refused.value.sentence
        assert refused.value.do.endswith(".")

    def test_a_correction_must_not_break_what_came_after(self):
        existing = [Happening("received", on=day("Fri 20 Nov 2026"), id=1), ACKNOWLEDGED]
        clock.check_order(CORPORATE, existing, Happening("received", on=day("Mon 23 Nov 2026"), id=2, replaces=1))
        with pytest.raises(ImpossibleOrder, match="nothing had been received by then"):
            clock.check_order(CORPORATE, existing, Happening("received", on=day("Wed 25 Nov 2026"), id=2, replaces=1))
