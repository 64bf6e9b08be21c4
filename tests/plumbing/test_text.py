"""Names are found whatever their accents, shown whatever their direction, and nothing that is exported is a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.plumbing import text


@pytest.mark.parametrize(
    ("dirty", "cleaned", "removed"),
    [
        ("plain", "plain", 0),
        ("a\x00b", "ab", 1),
        ("line\r\nline\rline\n\tend", "line\nline\nline\n\tend", 0),
        ("bell\x07 escape\x1b[31m delete\x7f", "bell escape[31m delete", 3),
        ("c1 \x85\x9b", "c1 ", 2),
        ("half \ud800 pair", "half  pair", 1),
        ("سلام 👍🏽 王", "سلام 👍🏽 王", 0),
    ],
)
def test_clean(dirty: str, cleaned: str, removed: int) -> None:
    result = text.clean(dirty)
    assert (result.text, result.removed) == (cleaned, removed)
    assert bool(result.note) == bool(removed)


def test_the_note_counts() -> None:
    assert text.clean("\x00").note == "1 character that can't be stored or shown was taken out."
    assert text.clean("\x00\x00").note == "2 characters that can't be stored or shown were taken out."


@given(st.text(st.characters(codec=None)))
def test_what_is_clean_can_be_stored_and_stays_clean(dirty: str) -> None:
    once = text.clean(dirty).text
    assert "\x00" not in once
    once.encode("utf-8")
    assert text.clean(once).removed == 0


def test_a_nul_is_refused_with_its_field() -> None:
    with pytest.raises(text.HasNul) as refused:
        text.check_clean("a\x00", field="name")
    assert refused.value.field == "name"
    assert "NUL" in refused.value.sentence
    text.check_clean("fine", field="name")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân O’Néill", "sian o'neill"),
        ("ŁUKASZ Święcki", "lukasz swiecki"),
        ("Straße", "STRASSE"),
        ("Søren  Kjær ", "soren kjaer"),
        ("İbrahim", "ibrahim"),
        ("ｆｕｌｌ", "full"),
        ("Anne‑Marie", "anne-marie"),
        ("\u202eEve", "eve"),
        ("e\u0301", "é"),
    ],
)
def test_fold_meets(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


def test_fold_keeps_scripts_apart() -> None:
    assert text.fold("محمد") == "محمد"
    assert text.fold("कि") != text.fold("क")
    assert text.fold("서울") == "서울"


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert text.fold(text.fold(name)) == text.fold(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stephen Smyth", "Steven Smith"),
        ("Siobhan Featherstonehaugh", "Shivaun Fetherstonhaugh"),
        ("Catherine McDonald", "Katherine MacDonald"),
        ("Mohammed", "Muhamad"),
        ("Łukasz", "Lukasz"),
        ("O'Neill", "ONeil"),
    ],
)
def test_near_names_share_a_key(one: str, other: str) -> None:
    assert set(text.name_keys(one)) & set(text.name_keys(other))


def test_far_names_do_not() -> None:
    assert not set(text.name_keys("Patel")) & set(text.name_keys("Whitfield"))


def test_keys_are_sorted_and_once() -> None:
    keys = text.name_keys("Eve Eve Lindqvist")
    assert list(keys) == sorted(set(keys))
    assert text.name_keys("") == ()
    assert text.name_keys("A 李") != ()


@given(st.text())
def test_any_name_has_keys_without_a_fault(name: str) -> None:
    assert all(len(key) > 2 for key in text.name_keys(name))


def test_direction() -> None:
    assert text.direction("محمد") == "rtl"
    assert text.direction("שלום") == "rtl"
    assert text.direction("1. Dev محمد") == "ltr"
    assert text.direction("123") == "ltr"


def test_a_name_turns_nothing_around_it() -> None:
    assert text.isolate("Eve\u202e") == "\u2068Eve\u2069"


@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|' /C calc'!A0",
        "+44 1632 960123",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "\x00=1+1",
        "＝1+1",
        '=HYPERLINK("http://x")',
        "\n=1",
    ],
)
def test_a_formula_is_defused(formula: str) -> None:
    assert text.spreadsheet_safe(formula) == "'" + formula.replace("\x00", "")


@pytest.mark.parametrize("plain", ["", "Dev Patel", "-12.50", "7", "a=b", "O'Neill", "1-2"])
def test_plain_cells_stay(plain: str) -> None:
    assert text.spreadsheet_safe(plain) == plain


@pytest.mark.parametrize(
    ("words", "length", "short"),
    [
        ("Missed bins", 20, "Missed bins"),
        ("Missed assisted bin collections", 20, "Missed assisted bin…"),
        ("x" * 30, 10, "x" * 9 + "…"),
        ("two\nlines", 20, "two lines"),
    ],
)
def test_shorten(words: str, length: int, short: str) -> None:
    assert text.shorten(words, length) == short
    assert len(short) <= length


def test_readable() -> None:
    assert text.readable("王小明") == "Wang Xiao Ming"
    assert text.readable("Дмитрий") == "Dmitriy"
