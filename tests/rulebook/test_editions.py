"""The procedures as data: complete, strictly read, documented, and unchanged once released."""

import ast
import hashlib
import json
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from redress.rulebook import calendar, clock, procedures, required

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "redress" / "rulebook"

# A released edition never changes: a change is a new edition with a date, and a new line here.
RELEASED = json.loads((Path(__file__).parent / "released.json").read_text("utf-8"))
ALL = [edition for code in procedures.codes() for edition in procedures.editions(code)]
CODES = [procedures.current(code) for code in ("corporate-complaint", "housing-complaint")]
SEVEN = ["stage", "understanding", "decision", "reasons", "remedy", "outstanding", "escalation"]


def digest(edition: dict) -> str:
    """Give the digest of what an edition's file says, whatever the layout of the file."""
    return hashlib.sha256(json.dumps(edition, sort_keys=True, default=str).encode()).hexdigest()[:32]


def test_released_editions_are_unchanged():
    written = [
        edition
        for code in procedures.codes()
        for edition in tomllib.loads((FOLDER / "procedures" / procedures.FILES[code]).read_text("utf-8"))["edition"]
    ]
    assert {edition["id"]: digest(edition) for edition in written} == RELEASED
    assert [edition.id for edition in ALL] == [edition["id"] for edition in written]


def test_every_file_is_registered_and_every_procedure_of_the_field_is_held():
    assert sorted(path.name for path in (FOLDER / "procedures").glob("*.toml")) == sorted(procedures.FILES.values())
    assert set(procedures.codes()) == {
        "corporate-complaint", "housing-complaint", "adult-social-care-complaint", "childrens-complaint",
        "foi-request", "eir-request", "subject-access-request", "data-rights-request", "data-protection-complaint",
        "personal-data-breach", "housing-hazard", "members-enquiry", "mp-enquiry", "lgsco-investigation",
        "housing-ombudsman-investigation", "regulator-enquiry", "personal-injury-claim", "portal-claim",
        "insurance-claim", "service-request", "compliment", "comment", "contact-restriction",
    }  # fmt: skip


@pytest.mark.parametrize("edition", ALL, ids=lambda edition: edition.id)
class TestEveryEdition:
    def test_every_clock_says_who_says_so_and_what_follows(self, edition):
        for rule in edition.clocks:
            assert rule.authority.cite
            assert rule.on_miss.endswith(".")
            # What the law demands is never the council's to lengthen, unless a letter states the date anyway.
            assert (rule.local == "free") <= (rule.force != "must" or rule.stated), rule.name
            if rule.force == "norm" and rule.owed_by == "council":
                assert rule.authority.confirmed == "K", rule.name
            if rule.extension is not None:
                assert rule.extension.needs_reason or rule.force == "norm", rule.name

    def test_what_is_not_confirmed_is_said_by_the_reading(self, edition):
        day = max(edition.in_force_from, date(2026, 6, 1))
        for rule in edition.clocks:
            if rule.limit is None or rule.authority.confirmed != "K":
                continue
            happenings = [clock.Happening(kind, on=day, seq=n) for n, kind in enumerate(_starting(edition, rule))]
            days = calendar.named(edition.working_days.calendar)
            reading = clock.read_one(edition, rule.name, happenings, days, today=day)
            assert reading.confirmed == "K"
            assert any("not confirmed" in reason.text for reason in reading.reasons), rule.name

    def test_it_says_who_may_use_it_and_how_long_it_is_kept(self, edition):
        assert edition.who
        assert edition.retention.years >= 1
        assert edition.between.endswith(".")

    def test_what_may_be_refused_says_what_the_refusal_must_say(self, edition):
        if edition.refusal_grounds:
            assert edition.refusal_says
            assert all(ground.evidence and ground.stages for ground in edition.refusal_grounds)

    def test_every_letter_says_what_it_must_hold(self, edition):
        assert all(letter.parts for letter in edition.letters)

    def test_no_text_claims_to_be_official_without_a_check(self, edition):
        assert {block.mark for block in edition.blocks} <= {"check"}

    def test_what_comes_next_and_what_is_kept(self, edition):
        assert edition.next_steps or edition.procedure == "compliment"
        assert edition.records
        assert edition.examples or not edition.clocks

    def test_a_duty_without_a_number_has_none(self, edition):
        assert all(duty.authority.cite for duty in edition.duties)

    def test_its_calendar_exists(self, edition):
        assert calendar.named(edition.working_days.calendar).holidays

    def test_it_can_be_written_down_for_a_reader(self, edition):
        with pytest.raises(KeyError, match="there"):
            edition.clock("no-such-clock")


def _starting(edition, rule):
    """Give the happenings that start a clock."""
    opener = [edition.stage(rule.stage).opened_by] if rule.bounded_by else []
    return [*opener, rule.starts_with[0]]


@pytest.mark.parametrize("edition", CODES, ids=lambda edition: edition.id)
class TestTheTwoCodes:
    @pytest.mark.parametrize("letter", ["stage-1-response", "stage-2-response"])
    def test_a_response_has_its_seven_parts_in_order(self, edition, letter):
        parts = edition.letter(letter).parts
        assert [part.key for part in parts] == SEVEN
        assert all(part.force != "good-practice" and part.authority.para for part in parts)

    def test_it_has_every_letter(self, edition):
        assert {letter.kind for letter in edition.letters} >= {
            "acknowledgement",
            "stage-2-acknowledgement",
            "extension",
            "stage-2-extension",
            "refusal",
            "escalation-refusal",
            "service-request",
        }

    def test_the_ombudsman_stands_in_refusals_extensions_and_the_last_answer(self, edition):
        for kind in ("refusal", "escalation-refusal", "extension", "stage-2-extension", "stage-2-response"):
            blocks = [edition.block(part.block).text for part in edition.letter(kind).parts if part.block]
            assert any(edition.ombudsman in text for text in blocks), kind

    def test_there_are_eight_types_of_remedy(self, edition):
        assert len(edition.remedies) == 8

    def test_nobody_from_stage_1_acts_at_stage_2(self, edition):
        assert "acted-at-stage-1" in {one.key for one in edition.stage("stage-2").may_not_act}

    def test_two_stages_and_no_pause(self, edition):
        assert [stage.number for stage in edition.stages] == [1, 2]
        assert not edition.pauses.exist

    def test_what_is_twelve_months_and_what_is_six_years(self, edition):
        assert (edition.time_limit.months, edition.retention.years, edition.retention.authority.confirmed) == (
            12,
            6,
            "K",
        )

    @pytest.mark.parametrize(
        ("clock", "limit", "cap"),
        [
            ("stage-1-acknowledgement", 5, None),
            ("stage-1-response", 10, 10),
            ("stage-2-acknowledgement", 5, None),
            ("stage-2-response", 20, 20),
        ],
    )
    def test_the_lengths(self, edition, clock, limit, cap):
        rule = edition.clock(clock)
        assert (rule.limit, rule.extension.cap if rule.extension else None) == (limit, cap)
        assert rule.authority.is_confirmed

    def test_an_unknown_name_says_what_there_is(self, edition):
        with pytest.raises(KeyError, match="there are stage-1-acknowledgement"):
            edition.clock("stage-3-response")


def test_the_two_codes_differ_where_they_should():
    corporate, housing = CODES
    assert (corporate.clock("stage-1-response").force, housing.clock("stage-1-response").force) == ("should", "must")
    assert not corporate.triage.choice_needed
    assert [one.key for one in housing.triage.choice_asks] == ["asked", "how", "answer"]
    assert housing.triage.choice_authority.para == "1.3"
    # The LGSCO's Code does not demand the understanding in the acknowledgement; the Housing Ombudsman's does.
    assert corporate.letter("acknowledgement").part("understanding").force == "good-practice"
    assert housing.letter("acknowledgement").part("understanding").force == "must"


class TestLookUp:
    def test_by_day(self):
        assert procedures.edition("housing-complaint", date(2024, 4, 1)).id == "housing-complaint@2024-04-01"

    def test_before_the_first(self):
        with pytest.raises(procedures.NoEdition) as none:
            procedures.edition("housing-complaint", date(2024, 3, 31))
        assert none.value.sentence == (
            "No edition of housing complaint is held for Sunday 31 March 2024: "
            "the first has been in force since Monday 1 April 2024."
        )

    def test_unknown(self):
        with pytest.raises(procedures.UnknownProcedure, match="does not hold the procedure planning-objection yet"):
            procedures.current("planning-objection")

    def test_by_id(self):
        assert [procedures.by_id(edition.id) for edition in ALL] == ALL
        with pytest.raises(KeyError):
            procedures.by_id("housing-complaint@2020-01-01")


class TestStrictReader:
    TEXT = (FOLDER / "procedures" / "housing-complaint.toml").read_text("utf-8")

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("limit = 10", "limit = 10.5", "limit"),
            ("limit = 10", 'limit = "10"', "limit"),
            ("limit = 10", "limit = 0", "limit"),
            ('unit = "working-days"', 'unit = "days"', "unit"),
            ("soft = true", "soft = true\nhard = false", "hard"),
            ('bounded_by = "stage-1-acknowledgement"', 'bounded_by = "stage-9"', "bounded by stage-9"),
            ('block = "refusal-ombudsman"', 'block = "none"', "no text none"),
            ('confirmed = "K"', 'confirmed = "Q"', "confirmed"),
            ('id = "housing-complaint@2024-04-01"', 'id = "housing-complaint@2024-04-02"', "is not housing-complaint@"),
            ('key = "not-upheld"', 'key = "upheld"', "finding upheld stands twice"),
            ('document = "practice"', 'document = "hearsay"', "hearsay"),
            ('procedure = "housing-complaint"', 'procedure = "housing-complaint"\nextra = 1', "extra"),
        ],
    )
    def test_it_refuses(self, old, new, said):
        assert old in self.TEXT
        with pytest.raises((ValueError, ValidationError), match=said):
            procedures.parse(self.TEXT.replace(old, new))

    def test_editions_stand_in_order(self):
        body = self.TEXT[self.TEXT.index("\n[[edition]]\n") :]
        with pytest.raises(ValueError, match="each date once"):
            procedures.parse(self.TEXT + "\n" + body)


class TestRequired:
    def test_all_seven_are_missing_from_an_empty_letter(self):
        assert [part.key for part in required.missing_parts(ALL[0], "stage-1-response", {})] == SEVEN

    def test_spaces_are_not_there(self):
        facts = dict.fromkeys(SEVEN, "said") | {"remedy": " \n"}
        missing = required.missing_parts(ALL[0], "stage-1-response", facts)
        assert required.sentence(missing) == "A part is missing: what we will do to put things right."

    def test_nothing_is_missing_from_a_whole_letter(self):
        assert required.missing_parts(ALL[1], "stage-2-response", dict.fromkeys(SEVEN, True)) == []
        assert required.sentence([]) == ""

    def test_good_practice_is_demanded_only_when_asked_for(self):
        demanded = {part.key for part in required.missing_parts(ALL[0], "acknowledgement", {})}
        everything = {part.key for part in required.missing_parts(ALL[0], "acknowledgement", {}, good_practice=True)}
        assert demanded == {"logged"}
        assert {"understanding", "outcome-sought", "due"} <= everything

    def test_unchecked_wording_is_named(self):
        assert required.to_check(ALL[1], "stage-2-response") == ["If you are not satisfied: the Housing Ombudsman"]


def test_the_rulebook_is_pure():
    """Only the standard library, pydantic with its core and the rulebook are imported; the clock is not read."""
    allowed = {*sys.stdlib_module_names, "pydantic", "pydantic_core", "redress"}
    for path in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] in allowed, f"{path.name} imports {name}"
                assert not name.startswith("redress") or name.startswith("redress.rulebook"), (
                    f"{path.name} imports {name}"
                )
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("now", "today", "utcnow")
                and path.name not in ("deadline.py", "listing.py")
            ):
                assert not (isinstance(node.value, ast.Name) and node.value.id in ("date", "datetime")), path.name
