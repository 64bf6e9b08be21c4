"""A letter goes out whatever people wrote in it, can be read by everybody, and says what it was given, no more."""

from __future__ import annotations

import io
import re
import threading
import time
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from redress.plumbing import extract, letterpress
from redress.plumbing.letterpress import (
    Addressee,
    Bullets,
    Heading,
    Letter,
    Letterhead,
    Locked,
    Paragraph,
    Point,
    Points,
    Signature,
    Table,
)

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#14575c" d="M0 0h9v9H0z"/></svg>'

LETTER = Letter(
    letterhead=Letterhead(
        "Northmere Borough Council",
        ("Town Hall, Castle Street", "Northmere NM1 2AB"),
        telephone="01632 960 123",
        email="complaints@northmere.example",
        web="www.northmere.example",
        logo_svg=LOGO,
    ),
    reference="NMR-2026-0437",
    date=date(2026, 11, 22),
    to=Addressee("Mr Dev Patel", ("14 Mill Lane", "Northmere", "NM4 7QT")),
    salutation="Dear Mr Patel",
    heading="Our answer to your complaint",
    blocks=(
        Paragraph("Thank you for your complaint of 9 November 2026.\n\nI am sorry that your bins were missed."),
        Heading("What we found"),
        Points(
            (
                Point(1, "The bins were missed three times.", "Upheld.", "A lost mark."),
                Point(3, "Nobody rang back.", finding="Not upheld."),
            )
        ),
        Bullets(("We will collect on 30 November 2026.", "We will pay £50.")),
        Table(("Promise", "By when"), (("Pay £50", "4 December 2026"), ("Mend the list", "1 December 2026"))),
        Locked("If you are not satisfied", "You can go to the Ombudsman: www.lgo.org.uk"),
        Signature("Asha Mehta", "Complaints officer"),
    ),
    footer="Ask us for this letter in another form.",
)


def _said(pdf: letterpress.Pdf) -> str:
    """The words of the PDF on one line; where a long word may break and how a line ends are not its words."""
    read = extract.text_of(pdf.bytes, "application/pdf")
    assert read.reason == ""
    return " ".join(read.text.replace("\u200b", "").replace("\ufffe", "").split())


def _with(*blocks: letterpress.Block) -> Letter:
    return replace(LETTER, blocks=blocks)


@pytest.fixture(scope="module")
def pdf() -> letterpress.Pdf:
    return letterpress.set_letter(LETTER)


class TestTheWords:
    def test_everything_put_in_comes_out_in_order(self, pdf: letterpress.Pdf) -> None:
        said = _said(pdf)
        expected = [
            "Northmere Borough Council",
            "Town Hall, Castle Street",
            "01632 960 123",
            "Mr Dev Patel",
            "14 Mill Lane",
            "NM4 7QT",
            "22 November 2026",
            "NMR-2026-0437",
            "Dear Mr Patel",
            "Our answer to your complaint",
            "Thank you for your complaint of 9 November 2026.",
            "I am sorry that your bins were missed.",
            "What we found",
            "1 The bins were missed three times.",
            "Our finding: Upheld.",
            "Why: A lost mark.",
            "3 Nobody rang back.",
            "Our finding: Not upheld.",
            "We will collect on 30 November 2026.",
            "We will pay £50.",
            "Promise By when",
            "Pay £50 4 December 2026",
            "Mend the list 1 December 2026",
            "If you are not satisfied",
            "You can go to the Ombudsman: www.lgo.org.uk",
            "Yours sincerely",
            "Asha Mehta Complaints officer",
            "Ask us for this letter in another form.",
        ]
        at = -1
        for words in expected:
            found = said.find(words, at + 1)
            assert found > at, f"{words!r} is missing or out of order"
            at = found
        assert "DEMONSTRATION" not in said

    @pytest.mark.parametrize(
        "written",
        [
            '#import "@preview/cetz:0.3.0" and #read("/etc/passwd") #eval("1+1") #panic()',
            "*not bold* _not italic_ `code` $x^2$ <label> @ref = Heading",
            "- dash + plus / term: \\ backslash \\u{41} // comment /* block */",
            "{{ 7*7 }} {% load x %} ${7*7} {0.__class__} %s =cmd|' /C calc'!A0",
            "\"straight\" 'quotes' -- and --- dashes ... stay ~ as they are",
            "<script>alert(1)</script> & &amp; ]]> }}",
        ],
    )
    def test_nothing_that_people_write_is_markup(self, written: str) -> None:
        letter = replace(
            _with(
                Paragraph(written),
                Heading(written),
                Points((Point(1, written, reason=written),)),
                Bullets((written,)),
                Table((written,), ((written,),)),
                Locked(written, written),
            ),
            salutation=written,
        )
        set_ = letterpress.set_letter(letter)
        assert set_.standard == "ua-1"
        said = _said(set_)
        # Once for each place it was put; line breaks within long words are not told apart from spaces.
        assert said.replace(" ", "").count(written.replace(" ", "")) >= 8

    def test_a_table_cell_and_lists_may_be_empty(self) -> None:
        letter = _with(Table(("A", "B"), (("", "x"),)), Bullets(()), Points(()), Paragraph(""), Signature(""))
        assert "x" in _said(letterpress.set_letter(letter))

    def test_nul_and_controls_are_left_out(self) -> None:
        letter = replace(LETTER, to=Addressee("Mr\x00 Patel\x07"), heading="Your\x00 answer", reference="N\x001")
        said = _said(letterpress.set_letter(letter))
        assert "Mr Patel" in said
        assert "Your answer" in said

    def test_line_breaks_stay_and_empty_lines_part_paragraphs(self) -> None:
        letter = _with(Paragraph("First line\nsecond line\n\n\n\nAnother paragraph\r\nwith two"))
        read = extract.text_of(letterpress.set_letter(letter).bytes, "application/pdf").text
        assert re.search(r"First line\s*\nsecond line\s*\nAnother paragraph\s*\nwith two", read)

    def test_thousands_of_lines(self) -> None:
        lines = [f"Line {n} of 9 November 2026 about NMR-2026-0437." for n in range(4000)]
        set_ = letterpress.set_letter(_with(Paragraph("\n".join(lines))))
        read = extract.text_of(set_.bytes, "application/pdf")
        assert read.pages is not None
        assert read.pages > 50
        assert [line for line in lines if line not in read.text] == []
        assert f"Page {read.pages} of {read.pages}" in read.text

    def test_thousands_of_paragraphs_and_a_long_point(self) -> None:
        long = "\n\n".join(f"Paragraph {n}." for n in range(1500))
        set_ = letterpress.set_letter(_with(Paragraph(long), Points((Point(1, long),))))
        assert _said(set_).count("Paragraph 1499.") == 2


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "Ms " + "Featherstonehaugh-Cholmondeley " * 2 + "Wolfeschlegelsteinhausen",
            "W" * 80,
            "Łódź Ødegård-Đặng O’Néill",
            "Αλεξάνδρα Ивановна",
            "王小明 とうきょう 김서울",
            "प्रिया বাংলা ਸਿੰਘ પટેલ தமிழ் తెలుగు",
            "ไทย ሰላም Հայ ქართული",
        ],
    )
    def test_a_name_stands_in_the_letter_as_it_is(self, name: str) -> None:
        set_ = letterpress.set_letter(replace(LETTER, to=Addressee(name, ("1 Mill Lane",)), salutation=f"Dear {name}"))
        assert set_.standard == "ua-1"
        assert set_.flags == ()
        assert name.replace(" ", "") in _said(set_).replace(" ", "")

    @pytest.mark.parametrize("name", ["محمد عبد الرحمن", "שרה לוי"])
    def test_a_right_to_left_name_is_set_and_turns_nothing_else(self, name: str) -> None:
        letter = replace(LETTER, to=Addressee(name, ("1 Mill Lane",)), salutation=f"Dear {name}")
        set_ = letterpress.set_letter(letter)
        assert set_.standard == "ua-1"
        said = _said(set_)
        assert all(word in said for word in name.split())
        assert "1 Mill Lane" in said

    def test_a_long_word_stays_on_the_paper(self) -> None:
        set_ = letterpress.set_letter(replace(_with(Paragraph("x" * 900)), to=Addressee("W" * 80, ("M" * 80,))))
        assert _rightmost(set_.bytes) <= 595.3 - 40

    def test_a_character_without_a_font_does_not_stop_the_letter(self) -> None:
        name = "王小明 𒀀𒁀"  # Chinese, and two cuneiform signs that no font of ours has
        set_ = letterpress.set_letter(replace(LETTER, to=Addressee(name, ("1 Mill Lane",))))
        assert set_.standard == "1.7"
        assert set_.flags == (letterpress.NO_FONT,)
        said = _said(set_)
        assert "(Wang Xiao Ming" in said
        assert "1 Mill Lane" in said
        assert "Asha Mehta" in said

    def test_a_plain_name_is_not_spelt_twice_when_only_the_words_lack_a_font(self) -> None:
        letter = replace(_with(Paragraph("All is well 👍🏽")), to=Addressee("Łukasz Nowak", ("1 Mill Lane",)))
        set_ = letterpress.set_letter(letter)
        assert set_.flags == (letterpress.NO_FONT,)
        assert "Lukasz" not in _said(set_)


def _rightmost(data: bytes) -> float:
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    return max(page.get_charbox(n)[2] for n in range(page.count_chars()))


class TestAccessible:
    @pytest.fixture(scope="class")
    @staticmethod
    def tree(pdf: letterpress.Pdf) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(pdf.bytes))

    def test_it_claims_ua_1_and_is_marked(self, tree: pikepdf.Pdf) -> None:
        assert tree.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in tree.Root
        with tree.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"

    def test_its_language_and_title_are_said(self, tree: pikepdf.Pdf) -> None:
        assert str(tree.Root.Lang) == "en-GB"
        assert tree.Root.ViewerPreferences.DisplayDocTitle
        assert str(tree.docinfo.Title) == "Our answer to your complaint (NMR-2026-0437)"
        assert str(tree.docinfo.Author) == "Northmere Borough Council"

    def test_its_parts_are_tagged(self, tree: pikepdf.Pdf) -> None:
        kinds = _kinds(tree.Root.StructTreeRoot)
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2
        assert kinds.count("/L") == 2
        assert kinds.count("/LI") == 4
        assert kinds.count("/TH") == 2
        assert kinds.count("/TD") == 4
        assert kinds.count("/Figure") == 1

    def test_the_logo_has_words(self, tree: pikepdf.Pdf) -> None:
        (figure,) = [element for element in _elements(tree.Root.StructTreeRoot) if str(element.get("/S")) == "/Figure"]
        assert str(figure.Alt) == "Northmere Borough Council, logo"

    def test_every_font_is_in_the_file(self, tree: pikepdf.Pdf) -> None:
        descriptors = [thing for thing in tree.objects if _is_a(thing, "/FontDescriptor")]
        assert descriptors
        assert all({"/FontFile2", "/FontFile3"} & set(d.keys()) for d in descriptors)
        assert all("Noto" in str(d.FontName) for d in descriptors)

    def test_a_welsh_letter_says_so(self) -> None:
        set_ = letterpress.set_letter(replace(LETTER, language="cy"))
        with pikepdf.open(io.BytesIO(set_.bytes)) as document:
            assert str(document.Root.Lang) == "cy-GB"

    def test_only_our_own_words_hold_links(self) -> None:
        letter = _with(
            Paragraph("See http://evil.example/pay and www.evil.example"),
            Points((Point(1, "http://evil.example"),)),
            Locked("Help", "Look at https://www.lgo.org.uk/contact, or write to help@lgo.example."),
        )
        links = _links(letterpress.set_letter(letter).bytes)
        assert links == {
            "https://www.lgo.org.uk/contact",
            "mailto:help@lgo.example",
            "mailto:complaints@northmere.example",
            "https://www.northmere.example",
        }

    def test_large_print_is_18_point_and_says_the_same(self, pdf: letterpress.Pdf) -> None:
        large = letterpress.set_letter(LETTER, large_print=True)
        assert large.standard == "ua-1"
        assert set(_said(pdf).split()) <= set(_said(large).split())
        assert _size_of(pdf.bytes, "sorry") == pytest.approx(12)
        assert _size_of(large.bytes, "sorry") == pytest.approx(18)

    def test_the_address_shows_through_the_window(self, pdf: letterpress.Pdf) -> None:
        left, top, bottom = _place_of(pdf.bytes, "Mr Dev Patel", "NM4 7QT")
        assert 20 <= left <= 26
        assert top >= 53
        assert bottom <= 86


def _is_a(thing: object, kind: str) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type")) == kind


def _elements(node: pikepdf.Object) -> list[pikepdf.Object]:
    children = node.get("/K")
    if children is None:
        return []
    found = []
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            found += [child, *_elements(child)]
    return found


def _kinds(tree: pikepdf.Object) -> list[str]:
    return [str(element.S) for element in _elements(tree)]


def _links(data: bytes) -> set[str]:
    document = pikepdf.open(io.BytesIO(data))
    return {str(note.A.URI) for page in document.pages for note in page.get("/Annots", []) if "/A" in note}


def _size_of(data: bytes, word: str) -> float:
    import ctypes

    import pypdfium2

    for page in pypdfium2.PdfDocument(data):
        words = page.get_textpage()
        at = words.get_text_range().find(word)
        if at >= 0:
            return float(pypdfium2.raw.FPDFText_GetFontSize(words.raw, ctypes.c_int(at)))
    raise AssertionError(f"{word} is not in the letter")


def _place_of(data: bytes, first: str, last: str) -> tuple[float, float, float]:
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    words = page.get_textpage()
    said = words.get_text_range()
    height = page.get_height()
    left, _, _, top = words.get_charbox(said.index(first))
    _, bottom, _, _ = words.get_charbox(said.index(last))
    millimetre = 72 / 25.4
    return left / millimetre, (height - top) / millimetre, (height - bottom) / millimetre


class TestDemonstration:
    def test_it_says_so_on_every_page(self) -> None:
        letter = replace(_with(Paragraph("\n".join("word" for _ in range(200)))), demonstration=True)
        import pypdfium2

        document = pypdfium2.PdfDocument(letterpress.set_letter(letter).bytes)
        assert len(document) > 3
        for page in document:
            assert page.get_textpage().get_text_range().count("DEMONSTRATION. An invented council") == 1

    def test_a_screen_reader_meets_it_once_however_many_pages(self) -> None:
        plain, marked = (_kinds_in(replace(LETTER, demonstration=said)) for said in (False, True))
        assert len(marked) > len(plain)
        long = _with(*(Paragraph("word") for _ in range(100)))
        long_plain, long_marked = (_kinds_in(replace(long, demonstration=said)) for said in (False, True))
        assert len(long_marked) - len(long_plain) == len(marked) - len(plain)


def _kinds_in(letter: Letter) -> list[str]:
    with pikepdf.open(io.BytesIO(letterpress.set_letter(letter).bytes)) as document:
        return _kinds(document.Root.StructTreeRoot)


class TestTheMachine:
    def test_the_same_letter_has_the_same_bytes(self, pdf: letterpress.Pdf) -> None:
        again = letterpress.set_letter(LETTER)
        assert again.bytes == pdf.bytes
        assert again.sha256 == pdf.sha256
        assert letterpress.set_letter(replace(LETTER, reference="NMR-2026-0438")).sha256 != pdf.sha256

    def test_letters_can_be_set_at_the_same_time(self, pdf: letterpress.Pdf) -> None:
        made: list[bytes] = []
        threads = [threading.Thread(target=lambda: made.append(letterpress.set_letter(LETTER).bytes)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [pdf.bytes] * 4

    def test_a_letter_that_takes_too_long_is_stopped_with_a_sentence(self) -> None:
        before = time.monotonic()
        with pytest.raises(letterpress.CannotSet) as refused:
            letterpress.set_letter(_with(Paragraph("\n\n".join(["word " * 50] * 20_000))), seconds=0.5)
        assert "could not be made in 0.5 seconds" in refused.value.sentence
        assert time.monotonic() - before < 10

    def test_a_broken_logo_is_a_fault_that_is_seen(self) -> None:
        head = replace(LETTER.letterhead, logo_svg=b"<svg")
        with pytest.raises(letterpress.CannotSet):
            letterpress.set_letter(replace(LETTER, letterhead=head))

    def test_a_colour_that_is_none_does_not_stop_a_letter(self) -> None:
        head = replace(LETTER.letterhead, accent='red");#panic(', logo_svg=None)
        assert letterpress.set_letter(replace(LETTER, letterhead=head)).standard == "ua-1"


def test_dates_are_said_in_full() -> None:
    assert letterpress.said(date(2026, 3, 1)) == "1 March 2026"
    assert letterpress.said(date(2026, 12, 25)) == "25 December 2026"


def test_the_same_letter_as_plain_text() -> None:
    said = letterpress.plain_text(replace(LETTER, demonstration=True))
    assert said.startswith("DEMONSTRATION.")
    for words in (
        "Dear Mr Patel",
        "1. The bins were missed three times.\n   Our finding: Upheld.",
        "3. Nobody rang back.",
        "* We will pay £50.",
        "Promise: Pay £50; By when: 4 December 2026",
        "If you are not satisfied\n\nYou can go to the Ombudsman: www.lgo.org.uk",
        "Yours sincerely\n\nAsha Mehta\nComplaints officer",
        "Our reference: NMR-2026-0437",
    ):
        assert words in said
