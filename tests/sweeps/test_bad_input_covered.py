"""Has every kind of bad input that the office knows its test, by name, so that none disappears unnoticed?"""

import ast
from functools import cache

import pytest

from sweeps import source

BAD_INPUT: dict[str, tuple[str, ...]] = {
    "a message without headers": ("plumbing/test_mail_parse.py::test_what_has_no_header_is_kept_as_text",),
    "a message without a date": (
        "plumbing/test_mail_parse.py::test_a_message_without_a_good_date_keeps_what_was_written",
    ),
    "a message without a charset": ("plumbing/test_mail_parse.py::test_a_bad_charset_loses_no_more_than_a_letter",),
    "a message without a body": ("plumbing/test_mail_parse.py::test_a_message_without_body_has_an_empty_text",),
    "a name of 80 characters, and right-to-left text": (
        "plumbing/test_mail_parse.py::test_right_to_left_and_long_names_arrive_whole",
        "plumbing/test_letterpress.py::test_a_right_to_left_name_is_set_and_turns_nothing_else",
        "doors/test_portal.py::test_long_and_right_to_left_names_are_taken_whole",
    ),
    "a name that no font has: the letter still goes out": (
        "plumbing/test_letterpress.py::test_a_character_without_a_font_does_not_stop_the_letter",
    ),
    "an attachment of 60 MB: the limit is stated, the message is kept": (
        "casework/test_mail_import.py::test_a_message_of_60_mb_is_kept_and_its_limit_is_said",
        "plumbing/test_mail_parse.py::test_a_large_attachment_is_kept_in_the_original_alone",
        "plumbing/test_mail_sources.py::test_a_file_larger_than_any_mail_is_told",
    ),
    "an executable that is called .pdf": (
        "plumbing/test_filetype.py::test_a_program_is_refused_whatever_it_is_called",
        "plumbing/test_filetype.py::test_a_program_that_hides_a_pdf_inside_is_a_program",
    ),
    "a NUL character in any field": (
        "plumbing/test_mail_parse.py::test_nul_characters_are_taken_out_and_told",
        "doors/test_hostile_input.py::test_every_field_bears_a_nul_character",
    ),
    "a double click on every button": (
        "casework/test_step.py::test_a_double_click_does_it_once",
        "doors/test_hostile_input.py::test_a_double_click_does_one_thing",
        "doors/test_intake.py::test_a_double_click_logs_once",
        "doors/test_responses.py::test_a_double_click_saves_once",
        "doors/test_portal.py::test_a_double_click_sends_one",
        "journeys/test_look.py::test_a_double_press_sends_once_and_the_button_works_again_later",
        "sweeps/test_templates.py::test_a_form_that_changes_something_is_protected_and_carries_its_key",
    ),
    "two officers who save the same case: the second is told what changed and loses nothing": (
        "doors/test_responses.py::test_two_officers_see_both_versions_and_choose",
        "doors/test_intake.py::test_a_second_officer_who_triages_is_told_that_it_changed",
    ),
    "a form that was left half-way": (
        "doors/test_portal.py::test_a_form_left_half_way_comes_back_in_the_browser_and_by_its_link",
        "journeys/test_without_script.py::test_a_form_that_was_left_half_way_is_found_again",
    ),
    "a reply to a closed case": (
        "casework/test_intake.py::test_a_reply_to_a_closed_case_opens_nothing_and_tells_somebody",
    ),
    "a bank holiday that is added later": (
        "casework/test_calendar.py::test_a_bank_holiday_proclaimed_later_moves_every_council",
        "casework/test_moving_dates.py::test_working_out_the_touched_gives_what_working_out_all_gives",
        "journeys/test_bank_holiday.py::test_dates_move_and_the_holder_is_told",
    ),
    "a hostile template": (
        "casework/test_composing.py::test_a_version_that_can_not_be_used_is_not_published",
        "plumbing/test_merge.py::test_other_languages_are_just_words",
        "plumbing/test_letterpress.py::test_nothing_that_people_write_is_markup",
    ),
    "a council's own edition that is hostile, huge or beyond the law": (
        "rulebook/test_local.py::test_a_hostile_file_is_refused_soon_and_in_words",
        "rulebook/test_local.py::test_what_is_no_choice_is_refused_with_its_authority",
        "doors/test_local_editions.py::test_a_hostile_file_gets_a_clear_answer",
        "doors/test_local_editions.py::test_a_hard_limit_is_refused_beside_its_field_and_nothing_is_lost",
    ),
    "a name that is a formula of a spreadsheet": ("plumbing/test_text.py::test_a_formula_is_defused",),
}


@cache
def names_in(file: str) -> frozenset[str]:
    """Give the names of the tests in a file."""
    path = source.PROJECT / "tests" / file
    assert path.exists(), f"tests/{file} is gone"
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("what", BAD_INPUT)
def test_bad_input_has_its_test(what: str) -> None:
    for named in BAD_INPUT[what]:
        file, _, name = named.partition("::")
        assert name in names_in(file), f"{what}: {named} is gone"
