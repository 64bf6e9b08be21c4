"""A template is filled in, and nothing that anybody writes in one is ever carried out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.plumbing import merge

KNOWN = {"title": "How we address them", "reference": "Our reference", "due_on": "When we answer"}


def test_fields_are_replaced() -> None:
    filled = merge.fill(
        "{{title}}, your reference is {{ reference }}.\n{{ title }}",
        {"title": "Dear Mrs Okafor", "reference": "NMR-2026-0437"},
        known=KNOWN,
    )
    assert filled.text == "Dear Mrs Okafor, your reference is NMR-2026-0437.\nDear Mrs Okafor"
    assert filled.complete


@pytest.mark.parametrize(
    "value",
    [
        "{{ reference }}",
        "{{ title }}",
        "\\g<0>",
        "\\1",
        "{0}",
        "{% include 'x' %}",
        "$reference",
        "}} {{ reference }} {{",
        "%(reference)s",
    ],
)
def test_a_value_is_never_read_again(value: str) -> None:
    filled = merge.fill("Dear {{ title }}!", {"title": value, "reference": "SECRET"}, known=KNOWN)
    assert filled.text == f"Dear {value}!"


def test_two_values_that_make_a_field_together_stay_two_values() -> None:
    filled = merge.fill("{{ title }}{{ due_on }}", {"title": "{{ refer", "due_on": "ence }}"}, known=KNOWN)
    assert filled.text == "{{ reference }}"


@pytest.mark.parametrize(
    "written",
    [
        "{% for x in y %}{% endfor %}",
        "{% load static %}{% csrf_token %}",
        "${7*7} ${jndi:ldap://x/y}",
        "{0.__class__} {title.__class__.__mro__}",
        "{title} %(title)s %s",
        '#import "@preview/x" #read("/etc/passwd") #eval("1")',
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "<%= 7*7 %> #{7*7} @(7*7)",
        "{# comment #} { { title } }",
    ],
)
def test_other_languages_are_just_words(written: str) -> None:
    assert merge.fill(written, {"title": "Mrs Okafor"}, known=KNOWN).text == written


@pytest.mark.parametrize(
    "written",
    [
        "{{ 7*7 }}",
        "{{ title.__class__ }}",
        "{{ title|safe }}",
        "{{ title() }}",
        "{{ 'title' }}",
        "{{ }}",
        "{{}}",
        "{{ Title }}",
        "{{ title\n reference }}",
        "{{ _private }}",
        "{{ {{ title }} }}",
        "{{ config['SECRET_KEY'] }}",
        "{{ тitle }}",
    ],
)
def test_what_is_not_a_plain_name_is_refused(written: str) -> None:
    with pytest.raises(merge.BadField) as refused:
        merge.fill(written, {"title": "x"}, known=KNOWN)
    assert "is not a field" in refused.value.sentence


def test_an_unknown_field_is_refused_with_what_there_is() -> None:
    with pytest.raises(merge.UnknownField) as refused:
        merge.check("{{ title }} {{ secret_key }} {{ password }}", KNOWN)
    assert refused.value.names == ("secret_key", "password")
    assert "{{ secret_key }}, {{ password }}" in refused.value.sentence
    assert "{{ reference }} (Our reference)" in refused.value.sentence


def test_an_unknown_field_is_refused_even_when_a_value_for_it_was_given() -> None:
    with pytest.raises(merge.UnknownField):
        merge.fill("{{ secret_key }}", {"secret_key": "x"}, known=KNOWN)


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_missing_value_is_a_hole_that_shows(value: str | None) -> None:
    filled = merge.fill("By {{ due_on }}.", {"due_on": value}, known=KNOWN)
    assert filled.text == "By [When we answer: missing]."
    assert filled.holes == (merge.Hole("due_on", "When we answer", 3),)
    assert not filled.complete


def test_a_hole_says_where_it_stands_after_others_were_filled() -> None:
    filled = merge.fill("{{ title }} {{ due_on }} {{ due_on }}", {"title": "A long title"}, known=KNOWN)
    assert [filled.text[hole.at :].startswith("[When we answer: missing]") for hole in filled.holes] == [True, True]


def test_the_fields_of_a_template_are_listed_once_in_order() -> None:
    assert merge.check("{{ title }} {{ reference }} {{title}}", KNOWN) == ("title", "reference")


@given(st.text(), st.text(), st.text())
def test_whatever_a_value_holds_comes_out_unchanged(before: str, value: str, after: str) -> None:
    if "{{" in before or "{" in before[-1:] or "{{" in after or not value.strip():
        return
    filled = merge.fill(before + "{{ title }}" + after, {"title": value}, known=KNOWN)
    assert filled.text == before + value + after
