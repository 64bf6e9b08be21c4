"""What `redress init` asks: England only, answers that can be used, and suggestions that save typing."""

from datetime import date

import pytest

from redress.server import questions
from redress.server.questions import QUESTIONS, Unanswered, WrongAnswer

LEAST = {
    "nation": "england", "council": "Northmere Borough Council", "exists_from": "1 April 1974",
    "address": "Town Hall, Market Place", "telephone": "01632 960100", "email": "Complaints@Northmere.example",
    "public_address": "https://complaints.northmere.example", "administrator": "Nadia Rahman",
    "administrator_email": "Nadia@northmere.example",
}  # fmt: skip


def test_what_can_be_suggested_need_not_be_said() -> None:
    known = questions.read(LEAST)
    assert (known["nation"], known["short_name"], known["code"]) == ("England", "Northmere", "northmere")
    assert known["prefix"] == "NRT"
    assert (known["exists_from"], known["ends_on"], known["web"]) == (date(1974, 4, 1), None, None)
    assert known["address"] == "Town Hall\nMarket Place"
    assert known["administrator_email"] == "nadia@northmere.example"


@pytest.mark.parametrize("key", sorted(LEAST))
def test_what_nobody_can_guess_must_be_said(key: str) -> None:
    with pytest.raises(Unanswered) as refused:
        questions.read({name: value for name, value in LEAST.items() if name != key})
    assert f"--{key.replace('_', '-')}" in str(refused.value)
    assert f"{key} = " in str(refused.value)


@pytest.mark.parametrize(
    ("nation", "why"),
    [
        ("Scotland", "Scottish Public Services Ombudsman"),
        ("WALES", "Public Services Ombudsman for Wales"),
        ("Northern  Ireland", "Northern Ireland Public Services Ombudsman"),
        ("France", "must be England"),
    ],
)
def test_another_nation_is_refused_with_the_reason(nation: str, why: str) -> None:
    with pytest.raises(Unanswered, match=why):
        questions.read({**LEAST, "nation": nation})


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("council", "x" * 121), ("council", "a\0b"), ("code", "Northmere!"), ("code", "desk"), ("prefix", "N1"),
        ("prefix", "TOOLONG"), ("exists_from", "yesterday"), ("exists_from", "31 February 2020"),
        ("ends_on", "1 April 1974"), ("ends_on", "1 April 1970"), ("telephone", "none"), ("email", "nobody"),
        ("administrator_email", "a@b"), ("address", ", ,"), ("public_address", "http://complaints.example"),
        ("public_address", "https://a.example/path"), ("public_address", "https://me:pw@a.example"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named(key: str, wrong: str) -> None:
    with pytest.raises(Unanswered, match=key.replace("_", "-")):
        questions.read({**LEAST, key: wrong})


@pytest.mark.parametrize("given", ["1 April 1974", "1974-04-01", "01/04/1974", " 1  april 1974 ", "1 Apr 1974"])
def test_dates_are_read_as_people_write_them(given: str) -> None:
    assert questions.day(given) == date(1974, 4, 1)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.key)
def test_every_example_is_a_good_answer(question: questions.Question) -> None:
    assert questions.answer(question, question.example)


def test_this_machine_alone_needs_no_https() -> None:
    assert questions.read({**LEAST, "public_address": "http://127.0.0.1:8000"})["public_address"].startswith("http://1")
    with pytest.raises(WrongAnswer):
        questions.answer(QUESTIONS[0], "")
