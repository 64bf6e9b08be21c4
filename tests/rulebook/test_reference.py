"""The reference pages, and `redress procedures`: everything that an edition says, for people who read no Python."""

import io
import json
import re
from datetime import date

import pytest

from redress.rulebook import described, listing, procedures, reference
from redress.rulebook.editions import CONFIRMED_WORDS, Authority

EDITIONS = [edition for code in procedures.codes() for edition in procedures.editions(code)]
IDS = [edition.id for edition in EDITIONS]
TODAY = date(2026, 11, 23)


def words(text):
    """Take away what only the form adds: line breaks, marks, escapes."""
    return " ".join(text.replace("`", "").replace("\\|", "|").replace("&lt;", "<").replace("&gt;", ">").split())


def authorities(value):
    """List every authority within an edition."""
    if isinstance(value, Authority):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in authorities(one)]
    if hasattr(value, "model_fields_set"):
        return [found for name in type(value).model_fields for found in authorities(getattr(value, name))]
    return []


def said(edition):
    """List every sentence that an edition holds, wherever it stands."""
    return list(_said(edition))


# What is said to the person, sentence by sentence, by the clocks themselves; and names, which stand as names.
LEFT_OUT = {
    "words",
    "key",
    "kind",
    "block",
    "key_of",
    "id",
    "procedure",
    "document",
    "word",
    "examples",
    "choice_needed",
}


def _said(value):
    if isinstance(value, str):
        if " " in value:
            yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _said(one)
    elif hasattr(value, "model_fields_set"):
        for name in type(value).model_fields:
            if name not in LEFT_OUT or (name == "word" and not isinstance(value, Authority)):
                yield from _said(getattr(value, name))


# ------------------------------------------------------------------------------------------------------------ the pages


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_nothing_that_an_edition_says_is_missing_from_its_page(edition):
    page = words(reference.page(edition.procedure))
    missing = [text for text in said(edition) if words(text).rstrip(".") not in page]
    # A title that names its day, and the sentence about a published date, stand in other words.
    assert [text for text in missing if text not in {one.published for one in edition.documents}] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_every_authority_stands_with_its_mark(edition):
    page = reference.page(edition.procedure)
    for authority in authorities(edition):
        assert f"{reference._plain(authority.cite)}, **{authority.confirmed}**".replace("|", "\\|") in page


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_the_picture_shows_every_clock_between_boxes_that_are_there(edition):
    lines = list(reference.diagram(edition))
    assert lines[0] == "flowchart TD"
    boxes = {match[1] for line in lines if (match := re.match(r"    (on_\w+)[\[(]", line))}
    arrows = [
        match.groups() for line in lines if (match := re.match(r'  (on_\w+) -\.?->\|"([^"|]+)"\| (on_\w+)$', line))
    ]
    stages = [line for line in lines if line.startswith("  subgraph ")]
    assert len(stages) == len(edition.stages) == lines.count("  end")
    assert len(lines) == 1 + len(boxes) + len(arrows) + 2 * len(stages), "every line is a box, an arrow or a stage"
    assert {box for begins, _, ends in arrows for box in (begins, ends)} <= boxes
    for rule in edition.clocks:
        assert any(text.startswith(f"{rule.title}: ") for _, text, _ in arrows), rule.name


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_each_worked_example_stands_with_its_date_and_its_reasons(edition):
    page = words(reference.page(edition.procedure))
    for example in edition.examples:
        reading = reference.read(edition, example)
        assert reading.due is not None, example.title
        assert words(example.title) in page
        assert words(f"{edition.clock(example.clock).title}: {reference._when(reading.due_at or reading.due)}") in page
        for reason in reading.reasons:
            assert words(reason.text) in page


def test_pages_don_t_change_from_day_to_day():
    for edition in EDITIONS:
        for example in edition.examples:
            last = max(told.on or told.at.date() for told in example.happenings)
            assert abs((reference.read(edition, example).today - last).days) <= 1


def test_the_index_lists_every_procedure_with_how_sure_it_is():
    index = reference.index()
    assert list(reference.pages()) == ["README.md", *(f"{code}.md" for code in procedures.codes())]
    for code in procedures.codes():
        newest = procedures.current(code)
        assert f"| [{newest.title}]({code}.md) | `{code}` | {newest.short} |" in index
    assert "| 4 | 2 P, 2 S |" in index


def test_a_length_is_said_in_words():
    def length(code, name):
        return described.length(procedures.current(code).clock(name))

    assert length("foi-request", "response") == "20 working days, the day after is day 1"
    assert length("adult-social-care-complaint", "response") == (
        "6 calendar months commencing on the day of the start, which is counted"
    )
    assert length("subject-access-request", "response") == (
        "1 calendar month, to the corresponding date; a date that is no working day moves to the next"
    )
    assert length("personal-data-breach", "ico-notification") == "72 hours that pass, from the instant itself"
    assert length("lgsco-investigation", "remedy") == "the date that the letter states"
    assert length("lgsco-investigation", "enquiries").endswith(
        "the day after is day 1, unless the letter states a date"
    )


# ------------------------------------------------------------------------------------------------------ the command


def run(*given):
    out, err = io.StringIO(), io.StringIO()
    status = listing.main(list(given), out, stderr=err, today=TODAY)
    return status, out.getvalue(), err.getvalue()


def test_the_list_names_every_procedure_and_edition():
    status, out, err = run()
    assert (status, err) == (0, "")
    for edition in EDITIONS:
        assert edition.procedure in out
        assert edition.short in out
    assert "Corporate complaint: 4 clocks (2 P, 2 S)" in out
    assert "K not seen by anybody yet: check before relying on it" in out


def test_the_list_for_a_program():
    found = {row["procedure"]: row for row in json.loads(run("--json")[1])}
    assert list(found) == list(procedures.codes())
    assert found["foi-request"]["editions"][0]["id"] == "foi-request@2005-01-01"
    assert found["corporate-complaint"]["confidence"] == {"P": 2, "S": 2}


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_an_edition_is_printed_whole_and_in_words(edition):
    status, out, err = run("show", edition.procedure, "--on", edition.in_force_from.isoformat())
    assert (status, err) == (0, "")
    printed = words(out)
    for text in said(edition):
        assert words(text).rstrip(".") in printed or text in {one.published for one in edition.documents}, text
    for authority in authorities(edition):
        assert words(f"{authority.cite} [{CONFIRMED_WORDS[authority.confirmed]}") in printed
    assert "`" not in out
    assert "**" not in out
    # An address is one word, however long.
    assert all(len(line) <= listing.WIDTH or " " not in line.strip() or "http" in line for line in out.splitlines())


def test_the_one_that_was_in_force_on_a_day():
    assert "foi-request@2005-01-01" in run("show", "foi-request", "--on", "2012-03-01")[1]
    assert "foi-request@2018-07-04" in run("show", "foi-request")[1]
    held = json.loads(run("show", "foi-request", "--on", "2012-03-01", "--json")[1])
    assert held["id"] == "foi-request@2005-01-01"
    assert held["clocks"][0]["limit"] == 20


@pytest.mark.parametrize(
    ("given", "said_to"),
    [
        (["show", "foi-reqest"], "there is no procedure 'foi-reqest'. Did you mean foi-request"),
        (["show", "xyz"], "there is no procedure 'xyz'. It holds corporate-complaint"),
        (["show", "housing-complaint", "--on", "2024-03-31"], "No edition of housing complaint is held for Sunday 31"),
        (["show", "housing-complaint", "--on", "31/03/2024"], "--on is not a date such as 2026-11-23: 31/03/2024."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(given, said_to):
    status, out, err = run(*given)
    assert (status, out) == (1, "")
    assert said_to in err


def test_help_holds_examples(capsys):
    with pytest.raises(SystemExit) as ended:
        run("--help")
    assert ended.value.code == 0
    assert "redress procedures show childrens-complaint" in capsys.readouterr().out
