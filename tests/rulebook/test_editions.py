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

from redress.rulebook import procedures, reference, required

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "redress" / "rulebook"

# A released edition never changes: a change is a new edition with a date, and a new line here.
RELEASED = {
    "corporate-complaint@2024-02-08": "482a2c7a2a7fcb26a6162071c358330e",
    "housing-complaint@2024-04-01": "54b383812a6c5308eaffed674109b548",
}
ALL = [edition for code in procedures.codes() for edition in procedures.editions(code)]
SEVEN = ["stage", "understanding", "decision", "reasons", "remedy", "outstanding", "escalation"]


def digest(edition: dict) -> str:
    """Give the digest of what an edition's file says, whatever the layout of the file."""
    return hashlib.sha256(json.dumps(edition, sort_keys=True, default=str).encode()).hexdigest()[:32]


def test_released_editions_are_unchanged():
    written = [
        edition
        for path in sorted((FOLDER / "procedures").glob("*.toml"))
        for edition in tomllib.loads(path.read_text("utf-8"))["edition"]
    ]
    assert {edition["id"]: digest(edition) for edition in written} == RELEASED
    assert [edition.id for edition in ALL] == list(RELEASED)


@pytest.mark.parametrize("edition", ALL, ids=lambda edition: edition.id)
class TestEveryEdition:
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

    def test_no_text_claims_to_be_official_without_a_check(self, edition):
        assert {block.mark for block in edition.blocks} == {"check"}

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
    corporate, housing = ALL
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
        with pytest.raises(procedures.UnknownProcedure, match="does not hold the procedure foi-request yet"):
            procedures.current("foi-request")

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


def test_the_reference_page_is_up_to_date():
    written = (ROOT / "docs" / "reference" / "procedures.md").read_text("utf-8")
    assert written == reference.page(), "run: python -m redress.rulebook.reference docs/reference/procedures.md"


def test_the_rulebook_is_pure():
    """Only the standard library, pydantic and the rulebook are imported; the machine's clock is not read."""
    allowed = {*sys.stdlib_module_names, "pydantic", "redress"}
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
                and path.name != "deadline.py"
            ):
                assert not (isinstance(node.value, ast.Name) and node.value.id in ("date", "datetime")), path.name
