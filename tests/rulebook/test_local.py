"""What a council may choose for itself stands; what the law fixes is refused with the authority; a file reads back."""

import datetime as dt
import time
import tomllib

import pytest

from redress.rulebook import calendar, clock, files, local, procedures
from redress.rulebook.clock import Happening
from redress.rulebook.editions import Edition
from redress.rulebook.local import Choices, NotAllowed

NEW_YEAR = dt.date(2027, 1, 1)
CODE = procedures.current("corporate-complaint")
HOUSING = procedures.current("housing-complaint")
SHORTER = Choices(
    title="Complaints",
    stages={"stage-1": "First look"},
    limits={"stage-1-response": 8},
    caps={"stage-1-response": 5},
    retention_years=3,
)


def made(choices: Choices = SHORTER, base: Edition = CODE, on: dt.date = NEW_YEAR) -> Edition:
    return local.make(base, choices, council="northmere", name="Northmere", in_force_from=on)


def problems(choices: Choices, base: Edition = CODE) -> list[str]:
    with pytest.raises(NotAllowed) as refused:
        made(choices, base)
    return [one.sentence for one in refused.value.problems]


def read(text: str) -> Edition:
    return local.read(text, council="northmere", name="Northmere")


def misread(text: str) -> list[str]:
    with pytest.raises(NotAllowed) as refused:
        read(text)
    return [one.sentence for one in refused.value.problems]


def with_rule(base: Edition, name: str, **changes: object) -> Edition:
    """Give an edition with one clock changed, to try what the released ones may not have."""
    clocks = tuple(one.model_copy(update=changes) if one.name == name else one for one in base.clocks)
    return base.model_copy(update={"clocks": clocks})


# ------------------------------------------------------------------------------------------------------------- choices


def test_a_councils_own_edition_carries_its_choices_and_nothing_else() -> None:
    edition = made()
    assert edition.id == "corporate-complaint@2027-01-01+northmere"
    assert (edition.local_to, edition.based_on) == ("northmere", CODE.id)
    assert edition.title == "Complaints"
    assert edition.stage("stage-1").title == "First look"
    assert edition.clock("stage-1-response").limit == 8
    assert edition.clock("stage-1-response").extension is not None
    assert edition.clock("stage-1-response").extension.cap == 5  # type: ignore[union-attr]
    assert edition.retention.years == 3
    for untouched in ("triage", "refusal_grounds", "findings", "outcomes", "blocks", "time_limit", "working_days"):
        assert getattr(edition, untouched) == getattr(CODE, untouched)
    assert edition.clock("stage-2-response") == CODE.clock("stage-2-response")


def test_what_was_chosen_cites_the_council_and_keeps_the_authority_within_which_it_stands() -> None:
    rule = made().clock("stage-1-response")
    assert rule.authority.cite == "Northmere’s own edition of 1 January 2027"
    assert "10 working days" in rule.authority.note
    assert "paragraph 6.3" in rule.authority.note
    assert made().clock("stage-2-response").authority == CODE.clock("stage-2-response").authority


def test_titles_of_clocks_and_letters_follow_the_stage() -> None:
    edition = made()
    assert edition.clock("stage-1-response").title == "First look response"
    assert edition.clock("stage-2-response").title == "Stage 2 response"


def test_the_clock_counts_with_the_councils_own_number() -> None:
    # Monday 11 January 2027 is day 0; 8 working days end on Thursday 21 January, 10 on Monday 25 January.
    happenings = [Happening("received", on=dt.date(2027, 1, 11)), Happening("acknowledged", on=dt.date(2027, 1, 11))]
    for edition, due in ((made(), dt.date(2027, 1, 21)), (CODE, dt.date(2027, 1, 25))):
        seen = clock.read(edition, happenings, calendar.england_and_wales(), today=dt.date(2027, 1, 12))
        assert seen["stage-1-response"].due == due
        assert seen["stage-1-response"].edition == edition.id


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (
            Choices(limits={"stage-1-response": 12}),
            ["Stage 1 response: 12 working days is too long.", "10 working days", "paragraph 6.3", "never longer"],
        ),
        (Choices(limits={"stage-1-acknowledgement": 6}), ["6 working days", "paragraph 6.2"]),
        (Choices(limits={"stage-2-response": 21}), ["21 working days", "number not confirmed"]),
        (Choices(caps={"stage-1-response": 11}), ["Extension of Stage 1 response: 11 working days", "paragraph 6.4"]),
    ],
)
def test_a_limit_beyond_the_code_is_refused_with_the_paragraph(choices: Choices, said: list[str]) -> None:
    (sentence,) = problems(choices)
    assert all(words in sentence for words in said), sentence
    assert local.judge(CODE, choices)[0].authority is not None


def test_every_problem_is_listed_at_once() -> None:
    listed = problems(
        Choices(title=" ", limits={"stage-1-response": 30, "stage-2-response": 30}, caps={"stage-2-response": 90})
    )
    assert len(listed) == 4


def test_a_released_limit_can_be_chosen_again_and_changes_nothing() -> None:
    edition = made(Choices(limits={"stage-1-response": 10}, retention_years=CODE.retention.years))
    assert local.choices_of(edition, CODE).none
    assert edition.clock("stage-1-response").authority == CODE.clock("stage-1-response").authority


def test_fixed_means_fixed_both_ways() -> None:
    base = with_rule(CODE, "stage-1-response", local="fixed")
    for limit in (9, 11):
        (problem,) = local.judge(base, Choices(limits={"stage-1-response": limit}))
        assert "no council may change it" in problem.sentence
        assert "paragraph 6.3" in problem.sentence
    assert local.judge(base, Choices(caps={"stage-1-response": 9}))[0].authority is not None


def test_free_means_any_number_from_one_within_reason() -> None:
    base = with_rule(CODE, "stage-1-response", local="free")
    for limit in (1, 40, 1000):
        assert local.judge(base, Choices(limits={"stage-1-response": limit})) == ()
    for limit in (0, -3, 1001, 10**400):
        assert local.judge(base, Choices(limits={"stage-1-response": limit}))
    assert local.judge(base, Choices(caps={"stage-1-response": 25})) == (), "a soft cap of a norm is the council's"
    hard = CODE.clock("stage-1-response").extension.model_copy(update={"soft": False})  # type: ignore[union-attr]
    base = with_rule(base, "stage-1-response", extension=hard)
    assert local.judge(base, Choices(caps={"stage-1-response": 25})), "a hard cap never grows"
    assert local.judge(base, Choices(caps={"stage-1-response": 4})) == ()


def test_time_that_is_the_persons_own_may_only_grow() -> None:
    base = with_rule(CODE, "stage-2-response", owed_by="person")
    (problem,) = local.judge(base, Choices(limits={"stage-2-response": 19}))
    assert "The person has at least 20 working days" in problem.sentence
    assert local.judge(base, Choices(limits={"stage-2-response": 30})) == ()


def test_time_that_is_another_bodys_is_not_the_councils_to_choose() -> None:
    base = with_rule(CODE, "stage-2-response", owed_by="other")
    assert local.judge(base, Choices(limits={"stage-2-response": 19}))


def test_what_does_not_exist_can_not_be_chosen() -> None:
    assert len(problems(Choices(limits={"x": 1}, caps={"stage-1-acknowledgement": 1}, stages={"x": "y"}))) == 3
    assert problems(Choices(sign_off={"nowhere": "The mayor"})) == ["Nobody signs at nowhere in this procedure."]


@pytest.mark.parametrize(
    "title",
    ["", "   ", "x" * 121, "two\nlines", "nul\0", "back\u202ewards", "zero\u200bwidth", "line\u2028", "\ud800"],
)
def test_titles_that_deceive_or_break_are_refused(title: str) -> None:
    assert len(problems(Choices(title=title))) == 1
    assert len(problems(Choices(stages={"stage-1": title}))) == 1


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", '"]', "{{ 7*7 }}", "Cwyn’ion é"])
def test_titles_are_words_and_survive_the_file(title: str) -> None:
    edition = made(Choices(title=title))
    assert edition.title == title
    assert read(local.as_file(edition)) == edition


@pytest.mark.parametrize("years", [0, -1, 101, 10**30])
def test_retention_is_a_sensible_number_of_years(years: int) -> None:
    assert len(problems(Choices(retention_years=years))) == 1


def test_retention_is_free_with_a_note() -> None:
    (note,) = local.notes(CODE, Choices(retention_years=3))
    assert "3 years instead of 6 years" in note
    assert "retention schedule" in note
    assert local.notes(CODE, Choices(retention_years=6)) == ()


def test_a_note_says_which_limits_nobody_has_seen() -> None:
    unsure = HOUSING.clocks[0].authority.model_copy(update={"confirmed": "K"})
    base = with_rule(HOUSING, HOUSING.clocks[0].name, authority=unsure)
    said = local.notes(base, Choices(limits={base.clocks[0].name: 3}))
    assert any("not confirmed" in note for note in said)


def test_an_edition_is_made_from_a_released_one_and_not_from_before_it() -> None:
    with pytest.raises(NotAllowed, match="from a released one"):
        made(base=made())
    with pytest.raises(NotAllowed, match="8 February 2024"):
        made(on=dt.date(2024, 2, 7))


@pytest.mark.parametrize("code", ["Northmere", "a b", "x" * 80, "north\nmere"])
def test_a_code_that_can_not_stand_in_an_id_is_told(code: str) -> None:
    with pytest.raises(NotAllowed):
        local.make(CODE, SHORTER, council=code, name="Northmere", in_force_from=NEW_YEAR)


# ----------------------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("code", procedures.codes())
def test_every_released_edition_can_be_written_and_read_back(code: str) -> None:
    for edition in procedures.editions(code):
        assert procedures.parse(files.write(edition)) == (edition,)


@pytest.mark.parametrize("code", procedures.codes())
def test_every_procedure_can_be_made_a_councils_own(code: str) -> None:
    base = procedures.current(code)
    on = max(NEW_YEAR, base.in_force_from)
    edition = made(Choices(title="Ours"), base, on)
    assert read(local.as_file(edition)) == edition
    assert local.choices_of(edition, base) == Choices(title="Ours")


def test_a_file_says_beside_each_clock_what_may_be_chosen() -> None:
    text = local.as_file(made())
    assert text.startswith("# A council's own edition of a procedure. It is based on corporate-complaint@2024-02-08.")
    assert "# Never more than 10 working days (LGSCO Complaint Handling Code (February 2024), paragraph 6.3)" in text


def test_a_number_can_be_changed_in_the_file_alone() -> None:
    text = local.as_file(made(Choices(title="Complaints")))
    changed = text.replace("limit = 10\n", "limit = 7\n", 1)
    assert changed != text
    assert read(changed) == made(Choices(title="Complaints", limits={"stage-1-response": 7}))


def test_a_file_beyond_the_code_is_refused_with_the_paragraph() -> None:
    listed = misread(local.as_file(made()).replace("limit = 8\n", "limit = 12\n"))
    assert len(listed) == 1
    assert "paragraph 6.3" in listed[0]


@pytest.mark.parametrize(
    ("was", "would_be", "said"),
    [
        ('unit = "working-days"', 'unit = "calendar-days"', "unit"),
        ('first_day = "day-after"', 'first_day = "same-day"', "first_day"),
        ('closures = "council-setting"', 'closures = "never"', "working_days › closures"),
        ('label = "The decision"', 'label = "No decision"', "parts › decision › label"),
        ("exist = false", "exist = true", "pauses › exist"),
        ("months = 12", "months = 6", "time_limit › months"),
        ("final = true", "final = false", "stage-2 › final"),
        ('on_miss = "It is recorded', 'on_miss = "Nothing. It is recorded', "on_miss"),
        ("soft = true", "soft = false", "extension › soft"),
        ('selected_by = ["received"]', 'selected_by = ["acknowledged"]', "selected_by"),
    ],
)
def test_what_is_no_choice_is_refused_with_its_authority(was: str, would_be: str, said: str) -> None:
    text = local.as_file(made())
    assert was in text
    listed = misread(text.replace(was, would_be, 1))
    assert any(said in one and "not a council’s choice" in one for one in listed), listed


def test_what_is_left_out_or_added_is_refused() -> None:
    edition = made()
    without = edition.model_copy(update={"refusal_grounds": edition.refusal_grounds[1:]})
    (sentence,) = misread(files.write(without))
    assert "is left out" in sentence
    assert "paragraph 2" in sentence
    more = edition.refusal_grounds[0].model_copy(update={"key": "too-difficult"})
    added = edition.model_copy(update={"refusal_grounds": (*edition.refusal_grounds, more)})
    assert "is added" in misread(files.write(added))[0]
    other = edition.model_copy(update={"outcomes": tuple(reversed(edition.outcomes))})
    assert "another order" in misread(files.write(other))[0]


def test_an_authority_can_not_be_claimed_for_what_was_not_chosen() -> None:
    edition = made()
    rule = edition.clock("stage-2-response")
    boast = rule.model_copy(update={"authority": rule.authority.model_copy(update={"confirmed": "P"})})
    clocks = tuple(boast if one is rule else one for one in edition.clocks)
    (sentence,) = misread(files.write(edition.model_copy(update={"clocks": clocks})))
    assert "authority › confirmed" in sentence


def test_all_problems_of_a_file_are_listed_but_not_without_end() -> None:
    text = local.as_file(made()).replace('force = "', 'force = "norm" # "')
    listed = misread(text)
    assert len(listed) > 3
    assert len(listed) <= local.MOST_PROBLEMS + 1


@pytest.mark.parametrize(
    ("was", "would_be", "said"),
    [
        ('local_to = "northmere"', 'local_to = "eastvale"', ""),
        ('based_on = "corporate-complaint@2024-02-08"', 'based_on = "corporate-complaint@2020-01-01"', "no released"),
        ('based_on = "corporate-complaint@2024-02-08"', 'based_on = "housing-complaint@2024-04-01"', "can’t be based"),
        ('based_on = "corporate-complaint@2024-02-08"\n', "", "based_on"),
        ("in_force_from = 2027-01-01", "in_force_from = 2027-01-01T09:00:00", "in_force_from"),
        ("limit = 8\n", "limit = true\n", "limit"),
        ("limit = 8\n", 'limit = "8"\n', "limit"),
        ("limit = 8\n", f"limit = {'9' * 4900}\n", "thousands of digits"),
        ("limit = 8\n", "limit = 8\nlimits = 9\n", "limits"),
        ('title = "Complaints"', 'title = "Comp\\u0000laints"', "can’t be seen"),
    ],
)
def test_a_file_for_somebody_else_or_of_the_wrong_shape_is_told(was: str, would_be: str, said: str) -> None:
    text = local.as_file(made())
    assert was in text
    assert any(said in one for one in misread(text.replace(was, would_be, 1)))


BOMBS = {
    "brackets": "x = " + "[" * 2400 + "]" * 2400,
    "brackets over lines": "x = " + "[\n" * 60_000,
    "tables": "[[a]]\n" * 60_000,
    "dots": "\n".join("[" + ".".join(["a"] * 2400) + f".b{n}]" for n in range(80)),
    "keys": "\n".join(f"k{n} = 1" for n in range(30_000)),
    "inline": "a.b = {c = {" * 400,
    "a long line": "x = '" + "y" * 200_000 + "'",
    "a big file": "#\n" * 400_000,
    "nothing": "",
    "not a file at all": "\x00\x01\x02",
    "a list of numbers": 'procedure = "corporate-complaint"\nedition = [1, 2]',
    "documents of numbers": 'procedure = "x"\n[[edition]]\ndocuments = [1]',
    "no documents": 'procedure = "x"\n[[edition]]\nauthority = { confirmed = "P" }',
    "a text for an edition": 'procedure = "x"\nedition = "y"',
    "documents that are a text": 'procedure = "x"\n[[edition]]\ndocuments = "abc"',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused_soon_and_in_words(name: str) -> None:
    began = time.monotonic()
    listed = misread(BOMBS[name])
    assert time.monotonic() - began < 3
    assert len(listed) <= local.MOST_PROBLEMS + 1
    assert all(0 < len(one) < 700 and one.isprintable() for one in listed)


def test_two_editions_in_one_file_are_one_too_many() -> None:
    text = local.as_file(made())
    later = text.replace("2027-01-01", "2027-02-01").split("[[edition]]", 1)[1]
    assert "holds one edition" in misread(f"{text}\n[[edition]]{later}")[0]


def test_a_released_file_is_no_councils_own() -> None:
    assert "local_to" in misread(files.write(CODE))[0]


def test_the_writer_escapes_what_toml_wants_escaped() -> None:
    odd = 'quote " backslash \\ tab \t line \n bell \x07 delete \x7f é ’ 🎈'
    block = CODE.blocks[0].model_copy(update={"text": odd})
    written = files.write(CODE.model_copy(update={"blocks": (block, *CODE.blocks[1:])}))
    assert tomllib.loads(written)["edition"][0]["blocks"][0]["text"] == odd
