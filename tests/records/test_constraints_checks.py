"""Each sentence that a single row can break: an example that the table takes, and examples that it refuses.

One line for each constraint. A row is built by the yard with the change named; what is refused must be refused by
exactly that constraint.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from records.building import AT, DIGEST, LATER, TODAY, TOMORROW, Values, Yard, accepted, refused_by
from redress.access.models import Entry
from redress.cases.models import (
    Case,
    Clock,
    Finding,
    Happening,
    HolderPeriod,
    Link,
    Note,
    Point,
    PointWording,
    Stage,
)
from redress.correspondence.models import (
    FormDraft,
    Letter,
    LetterTemplate,
    Message,
    OldDate,
    PortalMail,
    Receipt,
    Response,
)
from redress.council.models import AdoptedProcedure, BankHoliday, Council, FeedReading, LocalEdition, Service
from redress.documents.models import Document
from redress.learning.models import Remedy
from redress.people.models import Adjustment, Authority, Contact, PortalLink
from redress.quality.models import Check
from redress.server.models import Installation
from redress.staff.models import Absence, Membership, Officer, SignInLink
from redress.tasks.models import Task

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - dt.timedelta(days=1)
EARLIER = AT - dt.timedelta(days=1)
ASHA = "Asha Mehta"
OWN_ID = 900_001

Change = Values | Callable[[Yard], Values]


@dataclass(frozen=True)
class Sentence:
    """A constraint, one or more rows that it takes, and rows that it refuses."""

    name: str
    model: type[models.Model]
    takes: tuple[Change, ...]
    refuses: tuple[Change, ...]


def both_or_neither(
    name: str, model: type[models.Model], at: str, by: str, *, filled: Values | None = None
) -> Sentence:
    """A moment and its person stand together or not at all."""
    together = filled or {at: AT, by: ASHA}
    halves: list[Change] = [{**together, one: None if one == at else ""} for one in (at, by)]
    return Sentence(name, model, ({}, together), tuple(halves))


def an_officer(field: str) -> Callable[[Yard], Values]:
    return lambda yard: {field: yard.new(Officer)}


def itself(field: str) -> Callable[[Yard], Values]:
    return lambda yard: {"id": OWN_ID, f"{field}_id": OWN_ID}


def another(field: str, model: type[models.Model], **more: Any) -> Callable[[Yard], Values]:
    return lambda yard: {field: yard.new(model), **more}


def of_one_person(yard: Yard) -> Values:
    contact = yard.new(Contact)
    return {"complainant": contact, "representative": contact}


def one_officer(first: str, second: str, **more: Any) -> Callable[[Yard], Values]:
    def change(yard: Yard) -> Values:
        officer = yard.new(Officer)
        return {first: officer, second: officer, **more}

    return change


def author_as(field: str, **more: Any) -> Callable[[Yard], Values]:
    def change(yard: Yard) -> Values:
        response = yard.new(Response)
        return {"response": response, "author": response.author, field: response.author, **more}

    return change


def authorised(yard: Yard) -> Values:
    return {"authority": yard.new(Authority), "representative": yard.new(Contact)}


def correcting(reason: str) -> Callable[[Yard], Values]:
    def change(yard: Yard) -> Values:
        before = yard.new(Happening)
        return {"replaces": before, "reason": reason}

    return change


def one_case(yard: Yard) -> Values:
    case = yard.new(Case)
    return {"first": case, "second": case}


def released(**more: Any) -> Callable[[Yard], Values]:
    return lambda yard: {
        "state": "released", "document": yard.new(Document), "released_at": AT, "released_by": ASHA, **more,
    }  # fmt: skip


def dispatched(**more: Any) -> Callable[[Yard], Values]:
    gone = {
        "state": "dispatched", "attempted_at": AT, "attempts": 1, "dispatched_at": AT, "dispatched_by": "Post",
        "dispatched_on": TODAY, "evidence": {"carrier": "outbox"},
    }  # fmt: skip
    return released(**{**gone, **more})


def extended(**more: Any) -> Values:
    data = {"clock": "stage-1", "working_days": 5, "reason": "Leave", "told_on": "2026-11-23", **more}
    return {"kind": "extended", "data": {name: value for name, value in data.items() if value is not ...}}


def promised(**more: Any) -> Callable[[Yard], Values]:
    return lambda yard: {
        "state": "promised", "owner": yard.new(Officer), "due_on": TOMORROW, "promised_at": AT, **more,
    }  # fmt: skip


def done(**more: Any) -> Callable[[Yard], Values]:
    kept = {"state": "done", "done_on": TODAY, "done_at": AT, "done_by": ASHA, "evidence_text": "Rang"}
    return promised(**{**kept, **more})


PAID = {"kind": "payment", "amount": Decimal("50.00"), "approved_at": AT, "approved_by": "Carol Whitfield"}
ENDED = {"outcome": "upheld", "ended_at": AT, "ended_by": ASHA}
CLOSED = {"outcome": "upheld", "closed_at": AT, "closed_by": ASHA, "state": "closed"}
ANSWERED = {"answer": "Here they are", "answered_at": AT, "answered_by": "Waste operations"}

TRIED: Values = {"tried_at": AT, "tried_by": "Helen", "tried_digest": DIGEST}
APPROVED: Values = {"approved_at": AT, "approved_by": "Carol", "approver": 2}
ENDED_BY: Values = {"ended_at": AT, "ended_by": "Carol"}

SENTENCES: tuple[Sentence, ...] = (
    # ------------------------------------------------------------------------------------------- the installation
    Sentence("there_is_one_installation", Installation, ({"only": True},), ({"only": False},)),
    Sentence("an_installation_is_demonstration_or_real", Installation, ({"kind": "demonstration"},), ({"kind": "x"},)),
    Sentence("trail_entry_seq_starts_at_one", Entry, ({"seq": 1},), ({"seq": 0}, {"seq": -1})),
    # -------------------------------------------------------------------------------------------------- councils
    Sentence("an_own_edition_says_something", LocalEdition, ({},), ({"text": ""},)),
    Sentence(
        "an_own_edition_was_tried_by_somebody", LocalEdition, ({}, TRIED),
        ({**TRIED, "tried_at": None}, {**TRIED, "tried_by": ""}, {**TRIED, "tried_digest": ""}),
    ),
    Sentence(
        "an_own_edition_was_approved_by_somebody", LocalEdition, ({}, {**TRIED, **APPROVED, "state": "approved"}),
        (
            {**TRIED, **APPROVED, "state": "approved", "approved_by": ""},
            {**TRIED, **APPROVED, "state": "approved", "approver": None},
            {"approved_by": "Carol"},
        ),
    ),
    Sentence(
        "an_own_edition_ended_by_somebody", LocalEdition, ({}, {**ENDED_BY, "state": "discarded"}),
        ({**ENDED_BY, "state": "discarded", "ended_by": ""}, {"ended_by": "Carol"}),
    ),
    Sentence(
        "an_own_edition_stands_as_it_says", LocalEdition,
        (
            {}, TRIED, {**TRIED, **APPROVED, "state": "approved"}, {**ENDED_BY, "state": "discarded"},
            {**TRIED, **APPROVED, **ENDED_BY, "state": "withdrawn"},
        ),
        (
            {**APPROVED}, {**APPROVED, "state": "approved"}, {**TRIED, "state": "approved"},
            {**TRIED, **APPROVED, **ENDED_BY, "state": "approved"}, {**TRIED, **APPROVED, "state": "withdrawn"},
            {**ENDED_BY, "state": "withdrawn"}, {"state": "discarded"}, ENDED_BY, {"state": "lost"},
        ),
    ),
    Sentence(
        "nobody_approves_what_they_wrote", LocalEdition,
        ({**TRIED, **APPROVED, "state": "approved", "writers": [1, 3]},),
        (
            {**TRIED, **APPROVED, "state": "approved", "approver": 1},
            {**TRIED, **APPROVED, "state": "approved", "writers": [1, 2]},
        ),
    ),
    Sentence(
        "who_began_an_own_edition_wrote_it", LocalEdition,
        ({}, {"writers": [4, 1]}), ({"writers": []}, {"writers": [4]}),
    ),
    Sentence(
        "council_code_is_shaped", Council,
        ({"code": "east-vale2"},), ({"code": "East"}, {"code": "2east"}, {"code": "e"}, {"code": "east vale"}),
    ),
    Sentence(
        "council_prefix_is_shaped", Council,
        ({"prefix": "EA"}, {"prefix": "EASTV"}), ({"prefix": "E"}, {"prefix": "eas"}, {"prefix": "EA1"}),
    ),
    Sentence(
        "council_accent_is_a_colour", Council,
        ({"accent": "#6b2d5c"},), ({"accent": "#6B2D5C"}, {"accent": "red"}, {"accent": "#6b2"}),
    ),
    Sentence(
        "council_ends_after_it_begins", Council,
        ({"exists_from": TODAY, "ends_on": TOMORROW}, {"ends_on": TODAY}),
        ({"exists_from": TODAY, "ends_on": TODAY}, {"exists_from": TODAY, "ends_on": YESTERDAY}),
    ),
    Sentence(
        "a_bank_holiday_is_of_a_part_of_the_kingdom", BankHoliday,
        ({"division": "scotland"}, {"division": "northern-ireland"}, {"division": "england-and-wales"}),
        ({"division": "all"}, {"division": ""}, {"division": "wales"}),
    ),
    Sentence(
        "a_feed_that_was_not_read_adds_nothing_and_says_why", FeedReading,
        ({}, {"added": 2}, {"readable": False, "days": 0, "last_on": None, "told": [{"kind": "missing"}]}),
        (
            {"last_on": None}, {"readable": False, "days": 0, "last_on": None},
            {"readable": False, "days": 0, "added": 1, "last_on": None, "told": [{"kind": "missing"}]},
            {"readable": False, "days": 0, "told": [{"kind": "missing"}]},
        ),
    ),
    Sentence("no_council_succeeds_itself", Council, (another("successor", Council),), (itself("successor"),)),
    Sentence(
        "nobody_is_their_own_deputy", Service,
        ({}, {"manager": 1}, {"deputy": 1}, {"manager": 1, "deputy": 2}), ({"manager": 1, "deputy": 1},),
    ),
    Sentence("a_link_lasts_a_day_at_least", Council, ({"link_days": 1},), ({"link_days": 0},)),
    Sentence(
        "adoption_ends_after_it_begins", AdoptedProcedure,
        ({"adopted_from": TODAY, "adopted_until": TOMORROW}, {"adopted_until": None}),
        ({"adopted_from": TODAY, "adopted_until": TODAY},),
    ),
    # ----------------------------------------------------------------------------------------------------- staff
    Sentence("officer_email_is_lower_case", Officer, ({"email": "a@b.example"},), ({"email": "A@b.example"},)),
    Sentence("officer_has_a_name", Officer, ({"name": "A"},), ({"name": ""},)),
    Sentence(
        "membership_ends_after_it_begins", Membership,
        ({"since": TODAY, "until": TODAY}, {"until": None}), ({"since": TODAY, "until": YESTERDAY},),
    ),
    Sentence("membership_role_is_known", Membership, ({"role": "auditor"},), ({"role": "mayor"}, {"role": ""})),
    Sentence(
        "absence_ends_not_before_it_starts", Absence, ({"ends_on": TODAY},), ({"ends_on": YESTERDAY},),
    ),
    Sentence("nobody_covers_for_themselves", Absence, (an_officer("cover"),), (one_officer("cover", "officer"),)),
    Sentence(
        "absence_cancelled_at_and_by", Absence,
        ({}, another("cancelled_by", Officer, cancelled_at=AT)), ({"cancelled_at": AT}, an_officer("cancelled_by")),
    ),
    # ---------------------------------------------------------------------------------------------------- people
    Sentence("contact_has_a_name", Contact, ({"name": "X"},), ({"name": ""},)),
    Sentence(
        "uprn_is_up_to_12_digits", Contact,
        ({"uprn": ""}, {"uprn": "100023336956"}), ({"uprn": "10 00"}, {"uprn": "abc"}),
    ),
    Sentence("no_contact_is_part_of_itself", Contact, (another("now_part_of", Contact),), (itself("now_part_of"),)),
    Sentence("adjustment_says_what", Adjustment, ({"text": "18 point"},), ({"text": ""},)),
    Sentence(
        "a_restriction_is_reviewed_after_it_starts", Adjustment,
        ({"kind": "restriction", "review_on": TOMORROW}, {"kind": "large-print", "review_on": None}),
        (
            {"kind": "restriction", "review_on": TODAY},
            {"kind": "restriction", "review_on": YESTERDAY},
            {"kind": "restriction", "review_on": None},
        ),
    ),
    both_or_neither("adjustment_ended_at_and_by", Adjustment, "ended_at", "ended_by"),
    Sentence(
        "nobody_represents_themselves", Authority,
        (another("representative", Contact),),
        (lambda yard: dict.fromkeys(("person", "representative"), yard.new(Contact)),),
    ),
    Sentence(
        "confirmed_authority_has_date_and_document", Authority,
        ({}, {"confirmed_on": TODAY, "evidence_document": 1}), ({"confirmed_on": TODAY}, {"evidence_document": 1}),
    ),
    Sentence(
        "authority_expires_after_it_is_confirmed", Authority,
        ({"confirmed_on": TODAY, "evidence_document": 1, "expires_on": TOMORROW}, {"expires_on": YESTERDAY}),
        ({"confirmed_on": TODAY, "evidence_document": 1, "expires_on": TODAY},),
    ),
    Sentence(
        "sign_in_link_expires", SignInLink, ({"expires_at": LATER},), ({"expires_at": AT}, {"expires_at": EARLIER})
    ),
    Sentence(
        "sign_in_link_is_used_or_ended", SignInLink, ({}, {"used_at": AT}, {"ended_at": AT}),
        ({"used_at": AT, "ended_at": AT},),
    ),
    Sentence("link_expires", PortalLink, ({"expires_at": LATER},), ({"expires_at": AT}, {"expires_at": EARLIER})),
    # ----------------------------------------------------------------------------------------------------- cases
    Sentence(
        "reference_is_shaped", Case,
        ({"reference": "NMR-2026-9437"}, {"reference": "EA-2026-12345"}),
        tuple({"reference": one} for one in ("NMR-2026-12", "nmr-2026-0001", "NMR/2026/0001", "N-2026-0001", "")),
    ),
    Sentence(
        "closed_if_and_only_if_it_has_an_outcome", Case,
        ({}, CLOSED), ({**CLOSED, "outcome": ""}, {**CLOSED, "closed_by": ""}, {"outcome": "upheld"}),
    ),
    Sentence(
        "state_says_closed_when_it_is", Case, ({}, CLOSED), ({"state": "closed"}, {**CLOSED, "state": "open"}),
    ),
    Sentence(
        "held_since_and_holder_both_or_neither", Case,
        ({}, another("holder", Officer, held_since=AT)), ({"held_since": AT}, an_officer("holder")),
    ),
    Sentence(
        "other_than_complaint_has_a_reason", Case,
        ({"kind": "complaint"}, {"kind": "compliment", "triage_reason": "Thanks only"}), ({"kind": "compliment"},),
    ),
    Sentence("nobody_complains_for_themselves", Case, (another("representative", Contact),), (of_one_person,)),
    Sentence(
        "only_a_representative_needs_authority", Case,
        (authorised,), (another("authority", Authority, representative=None),),
    ),
    Sentence(
        "only_a_request_has_a_day_of_review", Case,
        ({"kind": "service-request", "triage_reason": "A first report", "review_on": TOMORROW}, {"review_on": None}),
        ({"review_on": TOMORROW},),
    ),
    Sentence("no_case_is_part_of_itself", Case, (another("now_part_of", Case),), (itself("now_part_of"),)),
    Sentence("stage_is_first_or_second", Stage, ({"number": 1}, {"number": 2}), ({"number": 0}, {"number": 4})),
    Sentence(
        "stage_ended_if_and_only_if_it_has_an_outcome", Stage,
        ({}, ENDED), ({**ENDED, "outcome": ""}, {**ENDED, "ended_by": ""}, {**ENDED, "ended_at": None}),
    ),
    Sentence("holding_ends_after_it_begins", HolderPeriod, ({"until": LATER}, {"until": None}), ({"until": EARLIER},)),
    Sentence("points_are_numbered_from_one", Point, ({"number": 1},), ({"number": 0},)),
    both_or_neither("point_withdrawn_at_and_by", Point, "withdrawn_at", "withdrawn_by"),
    Sentence("a_point_says_something", PointWording, ({"text": "Missed"},), ({"text": ""},)),
    Sentence(
        "a_fixed_finding_has_decision_and_reason", Finding,
        ({}, {"fixed_at": AT, "decision": "upheld", "reason": "The sheet shows it"}),
        ({"fixed_at": AT, "decision": "upheld"}, {"fixed_at": AT, "reason": "The sheet shows it"}),
    ),
    Sentence(
        "no_happening_replaces_itself", Happening,
        (correcting("Wrong day"),), (lambda yard: {**itself("replaces")(yard), "reason": "Wrong day"},),
    ),
    Sentence("a_correction_has_a_reason", Happening, ({"reason": ""}, correcting("Wrong day")), (correcting(""),)),
    Sentence(
        "an_extension_has_a_reason_and_the_date_told", Happening,
        (extended(), {"kind": "received", "data": {}}),
        tuple(extended(**{one: ...}) for one in ("clock", "working_days", "reason", "told_on")),
    ),
    Sentence(
        "the_reason_and_the_date_told_are_not_empty", Happening,
        (extended(),),
        tuple(extended(reason=empty) for empty in ("", " ", None))
        + tuple(extended(told_on=empty) for empty in ("", None, "tomorrow")),
    ),
    Sentence(
        "an_open_clock_has_a_due_date", Clock,
        (
            {}, {"open": False, "due_on": None}, {"state": "unclear", "due_on": None},
            {"state": "paused", "due_on": None},
        ),
        ({"due_on": None},),
    ),
    Sentence("a_note_says_something", Note, ({"text": "Rang"},), ({"text": ""},)),
    Sentence("a_case_is_not_linked_to_itself", Link, ({},), (one_case,)),
    # ------------------------------------------------------------------------------------------------- documents
    Sentence(
        "document_digest_is_shaped", Document,
        ({"sha256": "a" * 64},), ({"sha256": "A" * 64}, {"sha256": "a" * 63}, {"sha256": ""}),
    ),
    # -------------------------------------------------------------------------------------------- correspondence
    Sentence(
        "an_old_date_is_settled_by_somebody_in_some_way", OldDate,
        ({}, {"settled": "kept", "settled_at": AT, "settled_by": ASHA}),
        (
            {"settled": "kept"}, {"settled_at": AT}, {"settled_by": ASHA}, {"settled": "kept", "settled_at": AT},
            {"settled": "kept", "settled_by": ASHA}, {"settled_at": AT, "settled_by": ASHA},
        ),
    ),
    Sentence(
        "message_on_a_case_names_it", Message,
        (another("case", Case, state="on-case"), {"state": "to-log"}), ({"state": "on-case"},),
    ),
    Sentence(
        "set_aside_has_a_reason", Message,
        ({"state": "set-aside", "handled_because": "An advertisement"},), ({"state": "set-aside"},),
    ),
    Sentence(
        "claimed_at_and_by", Message,
        ({}, another("claimed_by", Officer, claimed_at=AT)), ({"claimed_at": AT}, an_officer("claimed_by")),
    ),
    both_or_neither("handled_at_and_by", Message, "handled_at", "handled_by"),
    Sentence(
        "receipt_digest_is_shaped", Receipt,
        ({"sha256": "f" * 64},), ({"sha256": "F" * 64}, {"sha256": "f" * 63}, {"sha256": ""}),
    ),
    Sentence("a_form_expires", FormDraft, ({"expires_at": LATER},), ({"expires_at": AT}, {"expires_at": EARLIER})),
    Sentence("a_template_says_something", LetterTemplate, ({"body": "Words"},), ({"body": ""},)),
    both_or_neither("released_at_and_by", Letter, "released_at", "released_by"),
    Sentence(
        "a_released_letter_has_its_document", Letter,
        ({}, {"state": "withdrawn"}, released()),
        (released(document=None), released(released_at=None, released_by="")),
    ),
    Sentence(
        "a_letter_that_may_have_gone_was_attempted", Letter,
        (released(state="attempting", attempted_at=AT, attempts=1), released()),
        (
            released(state="attempting"),
            released(state="unclear", attempted_at=AT, attempts=0),
            released(state="unclear", attempts=1),
        ),
    ),
    Sentence(
        "dispatched_has_date_and_evidence", Letter,
        (dispatched(), released()),
        (
            dispatched(dispatched_on=None), dispatched(dispatched_at=None), dispatched(dispatched_by=""),
            dispatched(evidence={}), dispatched(state="released"),
        ),
    ),
    Sentence(
        "a_released_response_has_its_letter", Response,
        ({"state": "with-checker", "checked_digest": DIGEST},),
        ({"state": "released", "checked_digest": DIGEST}, {"state": "sent", "checked_digest": DIGEST}),
    ),
    Sentence(
        "a_passed_response_is_fixed", Response,
        ({"state": "draft"}, {"state": "with-checker", "checked_digest": DIGEST}),
        ({"state": "with-checker"}, {"state": "passed"}),
    ),
    Sentence(
        "portal_mail_is_about_a_case_or_a_form", PortalMail,
        ({}, another("draft", FormDraft, case=None, contact=None)),
        ({"case": None, "contact": None}, {"contact": None}),
    ),
    # ----------------------------------------------------------------------------------------------------- tasks
    Sentence("a_task_asks_something", Task, ({"question": "Which?"},), ({"question": ""},)),
    Sentence(
        "task_answered_at_and_by", Task,
        ({}, ANSWERED),
        ({**ANSWERED, "answer": ""}, {**ANSWERED, "answered_by": ""}, {**ANSWERED, "answered_at": None}),
    ),
    Sentence(
        "a_later_day_has_a_reason", Task,
        ({}, {"later_on": TOMORROW, "later_reason": "Leave"}), ({"later_on": TOMORROW}, {"later_reason": "Leave"}),
    ),
    both_or_neither("task_withdrawn_at_and_by", Task, "withdrawn_at", "withdrawn_by"),
    # ------------------------------------------------------------------------------------------------- promises
    Sentence("a_remedy_says_what", Remedy, ({"text": "Sorry"},), ({"text": ""},)),
    Sentence(
        "a_payment_has_an_amount", Remedy,
        ({"kind": "payment", "amount": 50}, {"kind": "payment", "amount": None}, {"kind": "apology"}),
        (
            {"kind": "payment", "amount": 0}, {"kind": "payment", "amount": -1}, {"kind": "apology", "amount": 50},
            promised(kind="payment"),
        ),
    ),
    Sentence(
        "a_promise_has_an_owner_and_a_date", Remedy,
        ({}, promised()), (promised(owner=None), promised(due_on=None), done(owner=None)),
    ),
    Sentence(
        "a_promise_says_since_when", Remedy,
        ({}, promised(), done()), (promised(promised_at=None), {"promised_at": AT}, done(promised_at=None)),
    ),
    Sentence(
        "only_money_is_approved", Remedy,
        (PAID, {}), ({"approved_at": AT, "approved_by": "Carol Whitfield"}, {**PAID, "amount": None}),
    ),
    Sentence(
        "a_replaced_promise_says_why", Remedy,
        (promised(state="replaced", replaced_because="The supplier went"),), (promised(state="replaced"),),
    ),
    Sentence(
        "money_promised_has_an_approver", Remedy,
        (promised(**PAID), {**PAID, "approved_at": None, "approved_by": ""}),
        (promised(kind="payment", amount=50), done(kind="payment", amount=50)),
    ),
    both_or_neither("remedy_approved_at_and_by", Remedy, "approved_at", "approved_by", filled=PAID),
    Sentence(
        "done_has_a_date_a_person_and_evidence", Remedy,
        (done(), lambda yard: done(evidence_text="", evidence=yard.new(Document))(yard)),
        (
            done(done_on=None), done(done_at=None), done(done_by=""), done(evidence_text=""), done(state="promised"),
        ),
    ),
    # ---------------------------------------------------------------------------------------------------- checks
    Sentence(
        "the_checker_is_not_the_author", Check,
        (another("checker", Officer, state="passed", ended_at=AT),),
        (author_as("checker", state="passed", ended_at=AT),),
    ),
    Sentence(
        "nobody_is_asked_to_check_their_own", Check,
        (an_officer("asked_of"), {"asked_of": None}), (author_as("asked_of"),),
    ),
    Sentence(
        "an_ended_check_says_when_and_by_whom", Check,
        ({}, another("checker", Officer, state="passed", ended_at=AT), {"state": "taken-back", "ended_at": AT}),
        (
            {"state": "passed", "ended_at": AT}, another("checker", Officer, state="passed"), {"ended_at": AT},
            {"state": "taken-back"}, another("checker", Officer),
        ),
    ),
    Sentence(
        "a_return_says_why", Check,
        (
            another("checker", Officer, state="returned", ended_at=AT, remark="Point 2 has no reason"),
            another("checker", Officer, state="returned", ended_at=AT, remarks=[{"point": 2, "text": "Why?"}]),
        ),
        (another("checker", Officer, state="returned", ended_at=AT),),
    ),
)  # fmt: skip


def changed(change: Change, yard: Yard) -> Values:
    return change(yard) if callable(change) else change


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one.name)
def test_the_table_takes_what_the_sentence_allows_and_refuses_the_rest(sentence: Sentence) -> None:
    yard = Yard()
    for change in sentence.takes:
        with accepted():
            yard.new(sentence.model, **changed(change, yard))
    for change in sentence.refuses:
        values = changed(change, yard)
        with refused_by(sentence.name):
            yard.new(sentence.model, **values)
