"""What a clock can do, each by itself and with its own words: the behaviours that are easily taken for one another."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from redress.rulebook import calendar, clock, procedures
from redress.rulebook.clock import Happening, ImpossibleOrder, Settings


def day(said: str) -> date:
    """Read "Tue 24 Nov 2026" and refuse a wrong weekday."""
    found = datetime.strptime(said[4:], "%d %b %Y").date()
    assert found.strftime("%a") == said[:3], said
    return found


def read(code, name, *told, today=None, on=None, settings=clock.DEFAULTS):
    """Read one clock from ("kind", "Tue 24 Nov 2026", data...) in the order in which they are told."""
    happenings = [
        Happening(kind, on=day(said), seq=place, data=dict(data[0]) if data else {})
        for place, (kind, said, *data) in enumerate(told, 1)
    ]
    edition = procedures.edition(code, on or happenings[0].day)
    days = calendar.named(edition.working_days.calendar)
    return clock.read_one(
        edition, name, happenings, days, today=day(today) if today else happenings[-1].day, settings=settings
    )


def lines(reading) -> list[str]:
    return [reason.text for reason in reading.reasons]


class TestRestart:
    """A question without whose answer no time runs; the answer is the new day 0 (FOIA section 10(6))."""

    ASKED = (("received", "Thu 1 Oct 2026"), ("clarification-asked", "Mon 5 Oct 2026"))

    def test_while_it_is_awaited_no_time_runs(self):
        reading = read("foi-request", "response", *self.ASKED, today="Mon 12 Oct 2026")
        assert (reading.state, reading.due, reading.paused_since) == ("paused", None, day("Mon 5 Oct 2026"))
        assert reading.if_resumed == day("Mon 9 Nov 2026")
        assert reading.is_open
        assert reading.sentence == (
            "no time runs since Monday 5 October 2026: the person was asked to clarify; Monday 9 November 2026 if it "
            "came today"
        )

    def test_the_answer_begins_the_whole_time_anew(self):
        reading = read(
            "foi-request", "response", *self.ASKED, ("clarification-answered", "Mon 19 Oct 2026"),
            today="Tue 20 Oct 2026",
        )  # fmt: skip
        assert (reading.due, reading.which, reading.zero) == (
            day("Mon 16 Nov 2026"),
            "restarted",
            day("Mon 19 Oct 2026"),
        )
        assert reading.sentence == (
            "due Monday 16 November 2026: 20 working days after the clarification of Monday 19 October 2026"
        )

    def test_several_rounds(self):
        reading = read(
            "foi-request", "response", *self.ASKED, ("clarification-answered", "Mon 19 Oct 2026"),
            ("clarification-asked", "Tue 20 Oct 2026"), ("clarification-answered", "Sat 24 Oct 2026"),
        )  # fmt: skip
        assert reading.due == day("Fri 20 Nov 2026")

    def test_asked_after_the_date_due_it_cures_nothing(self):
        reading = read(
            "foi-request", "response", ("received", "Thu 1 Oct 2026"), ("clarification-asked", "Mon 2 Nov 2026"),
            ("clarification-answered", "Wed 4 Nov 2026"),
        )  # fmt: skip
        assert (reading.state, reading.due) == ("missed", day("Thu 29 Oct 2026"))
        assert any("does not cure the miss" in text for text in lines(reading))

    def test_an_answer_to_nothing_changes_nothing_and_is_said(self):
        reading = read(
            "foi-request", "response", ("received", "Thu 1 Oct 2026"), ("clarification-answered", "Mon 5 Oct 2026")
        )
        assert reading.due == day("Thu 29 Oct 2026")
        assert "is not on record" in reading.caution

    def test_answered_all_the_same_while_waiting_is_in_time(self):
        reading = read("foi-request", "response", *self.ASKED, ("responded", "Fri 18 Dec 2026"))
        assert (reading.state, reading.met_on) == ("met", day("Fri 18 Dec 2026"))
        assert reading.due >= reading.met_on


class TestDisregard:
    """Days from one happening to another, both included, that don't count."""

    def test_working_days_of_a_fees_notice(self):
        reading = read(
            "foi-request", "response", ("received", "Mon 2 Nov 2026"), ("fee-notice-given", "Mon 16 Nov 2026"),
            ("fee-paid", "Mon 7 Dec 2026"),
        )  # fmt: skip
        assert (reading.due, reading.which) == (day("Tue 22 Dec 2026"), "resumed")
        assert any("do not count" in text and "16, 17, 18" in text for text in lines(reading))

    def test_a_fees_notice_lapses(self):
        told = (("received", "Mon 5 Oct 2026"), ("fee-notice-given", "Mon 5 Oct 2026"))
        assert read("foi-request", "response", *told, today="Mon 4 Jan 2027").state == "paused"
        reading = read("foi-request", "response", *told, today="Tue 5 Jan 2027")
        assert (reading.state, reading.ended_by, reading.is_open) == ("ended", "lapsed", False)
        late = read("foi-request", "response", *told, ("fee-paid", "Tue 5 Jan 2027"))
        assert late.state == "ended"
        assert "log it as a new request" in late.caution

    def test_calendar_days_of_a_clarification_of_a_subject_access_request(self):
        """Article 12A: the days beginning with the question and ending with the answer; then the date is rolled."""
        reading = read(
            "subject-access-request", "response", ("received", "Wed 1 Jul 2026"),
            ("clarification-asked", "Mon 6 Jul 2026"), ("clarification-answered", "Fri 10 Jul 2026"),
        )  # fmt: skip
        # 1 August and five days are Thursday 6 August.
        assert reading.due == day("Thu 6 Aug 2026")
        assert any(
            "5 days (6 July 2026 to 10 July 2026, both included) do not count" in text for text in lines(reading)
        )

    def test_identity_restarts_what_clarification_only_disregards(self):
        told = (
            ("received", "Wed 1 Jul 2026"),
            ("identity-asked", "Mon 6 Jul 2026"),
            ("identity-proved", "Fri 10 Jul 2026"),
        )
        reading = read("subject-access-request", "response", *told)
        assert (reading.due, reading.which) == (day("Mon 10 Aug 2026"), "restarted")
        both = read(
            "subject-access-request", "response", *told, ("clarification-asked", "Mon 13 Jul 2026"),
            ("clarification-answered", "Tue 14 Jul 2026"),
        )  # fmt: skip
        assert both.due == day("Wed 12 Aug 2026")

    def test_two_questions_in_one_letter_are_waited_for_at_once(self):
        asked = (
            ("received", "Wed 1 Jul 2026"),
            ("identity-asked", "Thu 2 Jul 2026"),
            ("clarification-asked", "Thu 2 Jul 2026"),
        )
        waiting = read("subject-access-request", "response", *asked, today="Fri 3 Jul 2026")
        assert sum("no time runs" in text.lower() or "don't count" in text for text in lines(waiting)) == 2
        half = read("subject-access-request", "response", *asked, ("identity-proved", "Fri 10 Jul 2026"))
        assert half.state == "paused"
        both = read(
            "subject-access-request", "response", *asked, ("identity-proved", "Fri 10 Jul 2026"),
            ("clarification-answered", "Sun 12 Jul 2026"),
        )  # fmt: skip
        # One month from 10 July is 10 August; the 10th, 11th and 12th of July don't count.
        assert both.due == day("Thu 13 Aug 2026")
        other = read(
            "subject-access-request", "response", *asked, ("clarification-answered", "Wed 8 Jul 2026"),
            ("identity-proved", "Fri 10 Jul 2026"),
        )  # fmt: skip
        assert other.due == day("Mon 10 Aug 2026")


class TestMonths:
    def test_a_month_ends_on_the_corresponding_date_and_rolls(self):
        reading = read("subject-access-request", "response", ("received", "Sat 31 Jan 2026"))
        assert reading.due == day("Mon 2 Mar 2026")
        assert (
            "1 month after Saturday 31 January 2026: Saturday 28 February 2026. That month has no 31st day"
            in " ".join(lines(reading))
        )

    def test_an_extension_is_counted_from_the_start_not_from_the_rolled_date(self):
        reading = read(
            "subject-access-request", "response", ("received", "Sun 30 Nov 2025"),
            ("extended", "Sun 30 Nov 2025", {"clock": "response", "months": 2}), on=date(2026, 2, 6),
        )  # fmt: skip
        assert reading.state == "unclear"
        reading = read(
            "subject-access-request", "response", ("received", "Sun 30 Nov 2025"),
            ("extended", "Sun 30 Nov 2025", {"clock": "response", "months": 2}),
        )  # fmt: skip
        assert (reading.due, reading.first_due) == (day("Mon 2 Mar 2026"), day("Tue 30 Dec 2025"))
        assert "3 months in all, counted from the start" in " ".join(lines(reading))

    def test_no_more_than_two_months_may_be_added(self):
        told = ("received", "Mon 2 Mar 2026"), ("extended", "Tue 3 Mar 2026", {"clock": "response", "months": 3})
        reading = read("subject-access-request", "response", *told)
        assert reading.due == day("Tue 2 Jun 2026")
        assert "no more than 2 months may be added" in reading.caution
        edition = procedures.edition("subject-access-request", day("Mon 2 Mar 2026"))
        received = Happening("received", on=day("Mon 2 Mar 2026"), seq=1)
        data = {"clock": "response", "months": 3, "reason": "complex", "override_reason": "very complex"}
        with pytest.raises(ImpossibleOrder, match="for whatever reason"):
            clock.check_order(edition, [received], Happening("extended", on=day("Tue 3 Mar 2026"), data=data))

    def test_months_commencing_on_a_day_count_it(self):
        reading = read("adult-social-care-complaint", "response", ("received", "Wed 20 May 2026"))
        assert reading.due == day("Thu 19 Nov 2026")
        assert reading.sentence == (
            "due Thursday 19 November 2026: 6 months commencing on the receipt of Wednesday 20 May 2026"
        )
        assert "that day included" in " ".join(lines(reading))

    def test_a_later_date_may_be_agreed_before_the_end_and_not_after(self):
        told = ("received", "Wed 20 May 2026")
        until = {"clock": "response", "until": "2027-01-15"}
        agreed = read("adult-social-care-complaint", "response", told, ("date-agreed", "Thu 19 Nov 2026", until))
        assert (agreed.due, agreed.which, agreed.first_due) == (
            day("Fri 15 Jan 2027"),
            "agreed",
            day("Thu 19 Nov 2026"),
        )
        late = read("adult-social-care-complaint", "response", told, ("date-agreed", "Fri 20 Nov 2026", until))
        assert (late.state, late.due, late.promised) == ("missed", day("Thu 19 Nov 2026"), day("Fri 15 Jan 2027"))
        edition = procedures.edition("adult-social-care-complaint", day("Wed 20 May 2026"))
        received = Happening("received", on=day("Wed 20 May 2026"), seq=1)
        with pytest.raises(ImpossibleOrder, match="a later date can only be agreed before that"):
            clock.check_order(edition, [received], Happening("date-agreed", on=day("Fri 20 Nov 2026"), data=until))


class TestHours:
    BST = timezone(timedelta(hours=1))

    @pytest.mark.parametrize(
        ("aware", "due", "changed"),
        [
            (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), datetime(2026, 11, 23, 16, 30, tzinfo=UTC), False),
            # Through the night of 24 to 25 October, which has an hour more.
            (datetime(2026, 10, 23, 9, 0, tzinfo=BST), datetime(2026, 10, 26, 8, 0, tzinfo=UTC), True),
            # Through the night of 28 to 29 March, which has an hour less; a naive instant is London time.
            (datetime(2026, 3, 27, 9, 0), datetime(2026, 3, 30, 9, 0, tzinfo=UTC), True),
        ],
    )
    def test_hours_pass_through_weekends_and_clock_changes(self, aware, due, changed):
        edition = procedures.edition("personal-data-breach", aware.date())
        reading = clock.read_one(
            edition,
            "ico-notification",
            [Happening("aware", at=aware)],
            calendar.england_and_wales(),
            today=aware.date(),
        )
        assert reading.due_at.astimezone(UTC) == due
        assert ("clocks change" in " ".join(lines(reading))) == changed

    @pytest.mark.parametrize(("minute", "state"), [(30, "met"), (31, "missed")])
    def test_the_instant_decides(self, minute, state):
        edition = procedures.edition("personal-data-breach", date(2026, 11, 20))
        told = [
            Happening("aware", at=datetime(2026, 11, 20, 16, 30, tzinfo=UTC), seq=1),
            Happening("commissioner-notified", at=datetime(2026, 11, 23, 16, minute, tzinfo=UTC), seq=2),
        ]
        reading = clock.read_one(
            edition, "ico-notification", told, calendar.england_and_wales(), today=date(2026, 11, 24)
        )
        assert reading.state == state

    def test_without_an_hour_the_day_begins_at_midnight_and_that_is_said(self):
        reading = read("personal-data-breach", "ico-notification", ("aware", "Fri 20 Nov 2026"))
        assert reading.due_at.isoformat() == "2026-11-23T00:00:00+00:00"
        assert "The hour is not on record" in reading.caution


class TestCaps:
    def test_sixty_five_working_days_are_the_ceiling_from_the_start(self):
        more = {"clock": "stage-2-response", "working_days": 60}
        reading = read(
            "childrens-complaint", "stage-2-response", ("stage-2-started", "Mon 1 Jun 2026"),
            ("extended", "Mon 1 Jun 2026", more),
        )  # fmt: skip
        assert reading.due == day("Tue 1 Sep 2026")
        assert "no more than 40 working days may be added" in reading.caution

    def test_a_soft_cap_may_be_passed_and_is_said(self):
        more = {"clock": "response", "working_days": 30}
        reading = read("foi-request", "response", ("received", "Mon 2 Nov 2026"), ("extended", "Mon 2 Nov 2026", more))
        assert reading.over_cap
        assert reading.extended_by == 30


class TestWindowsAndStatedDates:
    def test_a_persons_own_time_runs_out_and_nobody_is_late(self):
        reading = read(
            "eir-request", "internal-review-window", ("responded", "Fri 20 Nov 2026"), today="Mon 25 Jan 2027"
        )
        assert (reading.state, reading.due, reading.is_open, reading.is_late) == (
            "ended",
            day("Fri 22 Jan 2027"),
            False,
            False,
        )
        assert reading.sentence.startswith("the time ran out on Friday 22 January 2027")

    def test_the_date_in_the_letter_goes_before_the_number(self):
        reading = read("lgsco-investigation", "documents", ("documents-asked", "Mon 23 Nov 2026", {"by": "2026-12-01"}))
        assert (reading.due, reading.which) == (day("Tue 1 Dec 2026"), "stated")
        assert "usual 10 working days" in " ".join(lines(reading))

    def test_a_date_before_the_letter_is_unclear(self):
        reading = read("lgsco-investigation", "documents", ("documents-asked", "Mon 23 Nov 2026", {"by": "2026-11-02"}))
        assert reading.state == "unclear"

    def test_asked_again_after_an_answer_begins_anew(self):
        told = ("documents-asked", "Mon 2 Nov 2026"), ("documents-sent", "Mon 9 Nov 2026")
        assert read("lgsco-investigation", "documents", *told).state == "met"
        again = read("lgsco-investigation", "documents", *told, ("documents-asked", "Mon 23 Nov 2026"))
        assert (again.state, again.due) == ("running", day("Mon 7 Dec 2026"))


class TestCalendars:
    def test_a_holiday_of_scotland_alone_counts_for_some_and_not_for_others(self):
        assert read("foi-request", "response", ("received", "Fri 12 Jun 2026")).due == day("Tue 14 Jul 2026")
        complaint = read("corporate-complaint", "stage-1-acknowledgement", ("received", "Fri 12 Jun 2026"))
        assert complaint.due == day("Fri 19 Jun 2026")
        assert any("holiday elsewhere" in text for text in lines(complaint))

    def test_the_receipt_is_day_0_even_on_a_day_off_unless_a_setting_says_otherwise(self):
        told = ("received", "Sun 14 Jun 2026")
        assert read("foi-request", "response", told).due == day("Tue 14 Jul 2026")
        rolled = read("foi-request", "response", told, settings=Settings(receipt_rolls_forward=True))
        assert rolled.due == day("Wed 15 Jul 2026")
        assert any("by the council's setting" in text for text in lines(rolled))

    def test_a_narrower_reading_is_shown_beside(self):
        reading = read("data-protection-complaint", "acknowledgement", ("received", "Fri 19 Jun 2026"))
        assert (reading.due, reading.cautious_due) == (day("Mon 20 Jul 2026"), day("Sat 18 Jul 2026"))
        assert "aim for it" in reading.caution


class TestBelieved:
    """The reading follows the newest correction, and can show what was believed on any day."""

    HISTORY = (
        Happening("received", on=date(2026, 11, 20), id=1, recorded=date(2026, 11, 20)),
        Happening("acknowledged", on=date(2026, 11, 24), id=2, recorded=date(2026, 11, 24)),
        Happening("received", on=date(2026, 11, 16), id=3, replaces=1, recorded=date(2026, 11, 27)),
    )

    @pytest.mark.parametrize(
        ("on", "due"), [("Tue 24 Nov 2026", "Tue 8 Dec 2026"), ("Fri 27 Nov 2026", "Mon 7 Dec 2026")]
    )
    def test_what_was_believed(self, on, due):
        edition = procedures.current("corporate-complaint")
        known = clock.believed(self.HISTORY, day(on))
        reading = clock.read_one(edition, "stage-1-response", known, calendar.england_and_wales(), today=day(on))
        assert reading.due == day(due)

    def test_before_anything_was_on_record(self):
        assert clock.believed(self.HISTORY, date(2026, 11, 19)) == ()


class TestMoves:
    def test_what_would_move_a_date(self):
        edition = procedures.current("foi-request")
        told = [Happening("received", on=day("Fri 20 Nov 2026"), seq=1)]
        found = clock.moves(edition, "response", told, calendar.named("uk-any"), today=day("Mon 23 Nov 2026"))
        assert found[0] == (
            "If you extend today by the most that is left, 20 working days: Friday 22 January 2027.",
            day("Fri 22 Jan 2027"),
        )
        assert any("no time runs until the answer" in move.sentence for move in found)

    def test_nothing_moves_what_is_done(self):
        edition = procedures.current("foi-request")
        told = [
            Happening("received", on=day("Fri 20 Nov 2026"), seq=1),
            Happening("responded", on=day("Mon 23 Nov 2026"), seq=2),
        ]
        days = calendar.named("uk-any")
        assert clock.moves(edition, "response", told, days, today=day("Mon 23 Nov 2026")) == ()


def test_an_oral_complaint_put_right_in_time_is_outside_the_regulations_and_later_is_not():
    received = ("received", "Mon 23 Nov 2026")
    in_time = read("adult-social-care-complaint", "response", received, ("resolved-orally", "Tue 24 Nov 2026"))
    assert in_time.state == "ended"
    late = read("adult-social-care-complaint", "response", received, ("resolved-orally", "Wed 25 Nov 2026"))
    assert late.state == "running"
