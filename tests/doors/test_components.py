"""Do the components say what they must, escape what people wrote, and keep to the strict policy of the server?"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import Context, Engine, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

import redress.plumbing
from doors import gallery_pages
from redress.plumbing.brand import NotAColour, brand_css, check_accent, contrast, councils_css
from redress.plumbing.look import ribbon, said, words
from redress.plumbing.look.fields import DayField, ManyFilesField, error_words
from redress.plumbing.look.frame import Action, Brand, FileRow

STATIC = Path(redress.plumbing.__file__).parent / "static" / "redress"
PAGES = gallery_pages.pages()


def drawn(source: str, **context: object) -> str:
    """Draw a piece of a page."""
    return Engine.get_default().from_string("{% load redress %}" + source).render(Context(context))


class Page(HTMLParser):
    """What a page is made of: ids, what refers to them, headings, attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.referred: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.inline_scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down a tag."""
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(given)
        self.ids += [given["id"] or ""] if "id" in given else []
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.referred += (given.get(name) or "").split()
        href = given.get("href") or ""
        self.referred += [href[1:]] if href.startswith("#") and tag == "a" else []
        self.inline_scripts += tag == "script" and "src" not in given


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_keeps_to_the_policy_and_to_its_own_ids(name: str) -> None:
    page = Page(PAGES[name])
    assert "style" not in page.tags
    assert page.inline_scripts == 0
    assert not [one for one in page.attributes if one == "style" or one.startswith("on")]
    assert sorted(page.ids) == sorted(set(page.ids))
    assert set(page.referred) <= set(page.ids)
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1


def test_the_parser_of_this_test_sees_a_fault() -> None:
    page = Page('<h1 style="x" id="a"></h1><p id="a" onclick="x" aria-describedby="b"><script>x</script>')
    assert {"style", "onclick"} <= page.attributes
    assert page.ids == ["a", "a"]
    assert page.referred == ["b"]
    assert page.inline_scripts == 1


def test_style_sheet_has_no_borrowed_brand_and_fetches_nothing() -> None:
    css = (STATIC / "redress.css").read_text("utf-8")
    assert len(css) > 100_000
    for banned in ("GDS Transport", "@font-face", "crest", "url(", "@import"):
        assert banned not in css
    assert "MIT License" in (STATIC / "licences.txt").read_text("utf-8")


def test_every_class_in_the_components_is_known_to_the_style_sheet() -> None:
    css = (STATIC / "redress.css").read_text("utf-8") + (STATIC / "redress.js").read_text("utf-8")
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    used = {one for text in PAGES.values() for names in re.findall(r'class="([^"]*)"', text) for one in names.split()}
    # Named for whoever reads the page or its tests; drawn as their parents are.
    plain = {"act", "nm", "council-northmere", "council-eastvale", "w-next", "acts", "ver", "said", "t", "why"}
    plain |= {one for one in used if one.startswith(("said-", "sev-"))}
    assert used - known - plain == set()


# ------------------------------------------------------------------------------------------------------------- words


def test_dates_and_times_are_those_of_london() -> None:
    night = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert words.day(night) == "2 July 2026"
    assert words.clock_time(night) == "12:30am"
    assert words.moment(datetime(2026, 11, 20, 16, 12, tzinfo=UTC)) == "Friday 20 November 2026, 4:12pm"
    assert words.short_day(date(2026, 11, 25)) == "Wed 25 November 2026"
    assert words.day(None) == words.clock_time(None) == words.moment(None) == words.day_in_words(None) == ""


@pytest.mark.parametrize(
    ("amount", "said_so"),
    [(150, "£150"), (Decimal("84.2"), "£84.20"), (1234567, "£1,234,567"), ("0.005", "£0.01"), (-5, "−£5"), (None, "")],
)
def test_money(amount: Decimal | int | str | None, said_so: str) -> None:
    assert words.money(amount) == said_so


@pytest.mark.parametrize(
    ("size", "said_so"),
    [(0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (219_136, "214 KB"), (1_500_000, "1.4 MB"), (None, "")],
)
def test_file_size(size: int | None, said_so: str) -> None:
    assert words.file_size(size) == said_so


def test_names() -> None:
    assert words.possessive("Mrs Okafor") == "Mrs Okafor’s"
    assert words.possessive("  ") == ""
    assert words.initials("Asha Mehta") == "AM"
    assert words.initials("Prince") == "P"
    assert words.initials("") == words.initials("— …") == ""
    assert words.counted(1, "reply", "replies") == "1 reply"
    assert drawn('{{ n|counted:"reply,replies" }}', n=1200) == "1,200 replies"


# -------------------------------------------------------------------------------------------------------------- brand


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_whatever_the_council_chooses_can_be_read(accent: str) -> None:
    checked = check_accent(accent)
    again = check_accent(checked.offered)
    assert again.accepted
    assert contrast(again.accent, "#ffffff") >= 4.5
    assert contrast(again.accent, again.soft) >= 4.5
    assert contrast(again.dark, again.soft) >= 4.5
    assert checked.accepted == (checked.offered == checked.accent)
    assert again.accent in brand_css(accent)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_the_nearest_darker_shade_is_offered_with_its_reason() -> None:
    checked = check_accent("#F2C200")
    assert not checked.accepted
    assert "too pale" in checked.sentence
    assert checked.offered in checked.sentence
    assert check_accent("#14575c").sentence.startswith("#14575c can be read")


@pytest.mark.parametrize("wrong", ["red", "#fff", "#14575c;}body{display:none", "#14575g", "", "#14575c\n"])
def test_nothing_but_a_colour_gets_into_a_style_sheet(wrong: str) -> None:
    if wrong == "#14575c\n":
        assert "\n}" not in brand_css(wrong)
        return
    with pytest.raises(NotAColour):
        brand_css(wrong)


def test_councils_style_sheet_names_codes_only() -> None:
    css = councils_css({"northmere": "#14575c", "eastvale": "#6b2d5c"})
    assert css.index(".council-eastvale{") < css.index(".council-northmere{")
    with pytest.raises(NotAColour):
        councils_css({"x{}body": "#14575c"})


# -------------------------------------------------------------------------------------------------------------- forms


class Dated(forms.Form):
    """A form with a day."""

    day = DayField(label="When did it happen?", name="The day it happened")


@pytest.mark.parametrize(
    ("given_parts", "found"),
    [
        (("22", "11", "2026"), date(2026, 11, 22)),
        ((" 1 ", "Sept", "2026"), date(2026, 9, 1)),
        (("01", "february", "2026"), date(2026, 2, 1)),
        (("31", "2", "2026"), "must be a real date"),
        (("22", "11", "26"), "a year of 4 figures"),
        (("22", "", "2026"), "must include a month"),
        (("", "", "2026"), "must include a day and a month"),
        (("x", "11", "2026"), "must be a real date"),
        (("99999999999", "11", "2026"), "must be a real date"),
        (("", "", ""), "must be given"),
        (("\x00", "11", "2026"), "Null characters are not allowed"),
    ],
)
def test_a_day_in_three_parts(given_parts: tuple[str, str, str], found: date | str) -> None:
    form = Dated(dict(zip(("day_day", "day_month", "day_year"), given_parts, strict=True)))
    if isinstance(found, date):
        assert form.is_valid()
        assert form.cleaned_data["day"] == found
    else:
        assert found in " ".join(error_words(form["day"]))
        page = drawn("{% error_summary form %}{% field form.day %}", form=form)
        assert 'href="#id_day_0"' in page
        assert f'value="{given_parts[2]}"' in page


def test_errors_are_in_the_fields_own_words_and_lead_to_the_field() -> None:
    page = drawn(
        "{% error_summary bad refusal=refusal %}", bad=gallery_pages.bad_form(), refusal=gallery_pages.Refused()
    )
    assert "This field is required" not in page
    assert '<a href="#bad_name">Fill in “Full name”</a>' in page
    assert '<a href="#bad_wrong">Answer “What went wrong?”</a>' in page
    assert '<a href="#bad_service">Jo Lindley answered Stage 1.' in page
    assert "Rob Teale (20 open)" in page
    assert drawn("{% error_summary form %}", form=gallery_pages.Everything()).strip() == ""


def test_a_field_keeps_what_was_typed_and_ties_hint_and_error_to_it() -> None:
    page = drawn("{% field bad.email hint='We write there' %}", bad=gallery_pages.bad_form())
    assert 'value="not an address"' in page
    assert 'aria-describedby="bad_email_helptext bad_email_error"' in page
    assert page.count("aria-describedby") == 1
    assert 'aria-invalid="true"' in page


def test_a_choice_opens_its_fields_without_a_script() -> None:
    page = drawn("{% field bad.way inline=1 %}", bad=gallery_pages.bad_form())
    radio, opened = page.index('value="telephone"'), page.index('name="number"')
    assert radio < opened < page.index('value="post"')
    assert 'value="01632 960 114"' in page
    assert "govuk-radios--inline" not in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><b>', "{{ settings }}{% now 'Y' %}"])
def test_what_people_write_is_never_markup(hostile: str) -> None:
    escaped = str(Template("{{ x }}").render(Context({"x": hostile})))
    form = gallery_pages.Everything({"name": hostile, "wrong": hostile})
    for source in (
        "{% field form.name %}",
        "{% quoted x %}",
        "{% tag x 'done' %}",
        "{% council_chip x %}",
        "{% card x %}{% endcard %}",
        "{% message x %}",
        "{% table c r x %}",
        "{% details x %}{% enddetails %}",
        "{% pt x %}",
        "{% files f %}",
    ):
        page = drawn(source, form=form, x=hostile, c=[hostile], r=[[hostile]], f=[FileRow(hostile)])
        assert escaped in page, source
        assert hostile not in page.replace(escaped, ""), source


def test_several_files_and_none() -> None:
    assert ManyFilesField(required=False).clean([]) == []
    assert ManyFilesField(required=False).clean(None) == []
    with pytest.raises(forms.ValidationError):
        ManyFilesField().clean([])


# ------------------------------------------------------------------------------------------------------------ actions


def test_an_action_that_is_not_allowed_is_shown_with_its_reason() -> None:
    page = drawn(
        "{% action a %}", a=Action("Send", post="/send/", allowed=False, why="Point 3 has no reason.", main=True)
    )
    assert 'aria-disabled="true"' in page
    assert "<form" not in page
    assert "/send/" not in page
    found = re.search(r'aria-describedby="([^"]+)"', page)
    assert found
    assert f'id="{found[1]}">Point 3 has no reason.' in page


def test_an_action_posts_with_the_token_and_its_fields() -> None:
    page = drawn("{% action a %}", a=Action("Undo", post="/undo/", fields=(("case", "7"),)), csrf_token="abc")
    assert 'name="csrfmiddlewaretoken" value="abc"' in page
    assert '<input type="hidden" name="case" value="7">' in page


def test_what_was_done_survives_the_redirect_with_its_undo() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    said.done(request, "Handed <over>.", undo=Action("Undo", post="/undo/", fields=(("case", "7"),)), detail="Told.")
    (told,) = said.said(request)
    assert (told.sentence, told.kind, told.detail) == ("Handed <over>.", "done", "Told.")
    assert told.undo == Action("Undo", post="/undo/", fields=(("case", "7"),))
    request._messages = CookieStorage(request)
    said.problem(request, "No.")
    page = drawn("{% messages %}", request=request, csrf_token="abc")
    assert 'role="alert"' in page


# ------------------------------------------------------------------------------------------------------------- clocks


def test_each_state_of_a_clock_is_said_in_words() -> None:
    found = gallery_pages.readings()
    assert ribbon.heading(found["running"]) == (
        "Stage 1 response due Wednesday 25 November 2026",
        "Due in 2 working days",
        "soon",
    )
    assert ribbon.heading(found["missed"])[1:] == ("4 working days late", "late")
    assert ribbon.heading(found["late"])[0].endswith("done on Friday 27 November 2026")
    assert ribbon.heading(found["met"])[1:] == ("Met", "done")
    assert ribbon.heading(found["waiting"])[1] == "Not started"
    assert "Extended by 5 working days. It was first due Wednesday 25 November 2026." in drawn(
        "{% clock r %}", r=found["extended"]
    )
    assert "Cautious reading" in drawn("{% clock r %}", r=found["cautious"])


def test_the_ribbon_has_a_cell_for_each_day_and_says_itself() -> None:
    reading = gallery_pages.readings()["christmas"]
    found = ribbon.cells(reading.days)
    assert [cell.figure for cell in found][:4] == ["18", "", "", "21"]
    assert found[0].classes == "day zero key first"
    assert "25 December 2026 (Christmas Day)" in ribbon.spoken(reading)
    assert [cell.caption for cell in found if "due" in cell.classes.split()] == ["Due"]
    assert [cell.title for cell in found if "now" in cell.classes.split()] == ["Tuesday 29 December 2026, today"]


def _days(number: int) -> list[SimpleNamespace]:
    start = date(2026, 1, 1)
    return [
        SimpleNamespace(
            date=start + timedelta(at),
            kind="zero" if at == 0 else "coming",
            number=at,
            label="",
            is_today=False,
            is_due=at == number - 1,
            is_first_due=False,
            is_met=False,
        )
        for at in range(number)
    ]


def test_a_very_long_ribbon_shows_weeks() -> None:
    assert len(ribbon.drawn(_days(62))) == 62
    weeks = ribbon.drawn(_days(400))
    assert len(weeks) == 58
    assert weeks[0].caption == "Day 0"
    assert weeks[-1].caption == "Due"
    assert ribbon.drawn([]) == ()


@pytest.mark.parametrize(
    ("day", "length", "over", "marks", "said_so"),
    [
        (3, 5, 0, ["on", "on", "now", "", ""], "Day 3 of 5"),
        (0, 2, 0, ["", ""], "2 days, from tomorrow"),
        (4, 2, 2, ["on", "on", "over", "over"], "Past 2"),
        (None, 10, 0, [], ""),
        (3, None, 0, [], ""),
    ],
)
def test_ticks(day: int | None, length: int | None, over: int, marks: list[str], said_so: str) -> None:
    assert [tick.mark for tick in ribbon.ticks(day, length, over)] == marks
    assert ribbon.tick_words(day, length, over) == said_so


# ------------------------------------------------------------------------------------------------------- other parts


def test_only_a_clean_file_can_be_opened() -> None:
    for scan in ("waiting", "infected", "failed"):
        assert "<a" not in drawn("{% files f %}", f=[FileRow("a.pdf", 10, "/file/", scan)])
    page = drawn("{% files f %}", f=[FileRow("a.pdf", 219_136, "/file/", "clean")])
    assert '<a href="/file/">a.pdf</a>' in page
    assert "214 KB" in page


def test_two_versions_show_both_and_hide_what_is_the_same() -> None:
    page = drawn('{% compare parts "Carol" "10:44am" %}', parts=gallery_pages.context()["parts"])
    assert page.count("<fieldset") == 2
    assert "Neither was passed on." in page
    assert "(nothing)" in page
    assert "One other part is the same" in page
    assert 'name="keep-reason-2" id="keep-reason-2-yours" value="yours" checked' in page


def test_ways_to_reach_a_person() -> None:
    brand = Brand("Northmere", "Northmere", "/", telephone="01632 960 100", email="c@northmere.example")
    assert brand.ways == "Or ring 01632 960 100, or email c@northmere.example."
    assert Brand("N", "N", "/").ways == ""


def test_what_must_be_honoured_is_left_out_only_when_there_is_nothing() -> None:
    assert drawn('{% honour items "Before you ring" %}', items=[]).strip() == ""
    assert "Before you ring" in drawn('{% honour items "Before you ring" %}', items=["Let it ring"])


def test_a_group_without_rows_is_not_drawn() -> None:
    groups = gallery_pages.context()["groups"]
    page = drawn('{% work_list g "Mine" %}', g=[*groups, type(groups[0])("done", [])])
    assert page.count("<tbody") == len(groups)
    assert page.count('scope="rowgroup"') == len(groups)
