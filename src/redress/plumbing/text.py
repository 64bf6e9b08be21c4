"""What may a piece of written text hold, and how is a name compared, shown and exported?

What people write is data: it may hold NUL characters, right-to-left names, and cells that a spreadsheet would run.

>>> clean("Bins\\x00 missed").text
'Bins missed'
>>> fold("Siân O’Néill") == fold("sian o'neill")
True
>>> spreadsheet_safe("=cmd|' /C calc'!A0")
"'=cmd|' /C calc'!A0"
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import jellyfish
from anyascii import anyascii

# C0 and C1 controls but for tab and newline; lone surrogates and noncharacters can be stored by nothing downstream
# (psycopg refuses NUL and surrogates, XML and PDF refuse the others).
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# The invisible characters that turn the direction of the text around them.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"

_LINE_ENDS = re.compile("\r\n|\r|\u2028")
_SPACES = re.compile(r"\s+")

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection"), the full-width forms included
# because spreadsheets for East Asian languages read them as the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# Letters that Unicode does not take apart into a base letter and an accent, though people type them without.
_UNDECOMPOSED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
    }
)


class HasNul(ValueError):
    """A field holds a NUL character, which can't be stored."""

    def __init__(self, field: str | None = None) -> None:
        self.field = field
        self.sentence = (
            "This text holds a character that can't be stored (a NUL character). "
            "Take it out, or type the text again, and save once more."
        )
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Cleaned:
    """Text that can be stored, how many characters were taken out, and a sentence about it ("" when none was)."""

    text: str
    removed: int
    note: str


def clean(text: str) -> Cleaned:
    """Take out NUL and other control characters; keep newlines and tabs, with every line end made a newline."""
    joined = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    kept, removed = _NOT_TEXT.subn("", joined)
    if not removed:
        return Cleaned(kept, 0, "")
    plural = "character" if removed == 1 else "characters"
    return Cleaned(kept, removed, f"{removed} {plural} that can't be stored or shown {_was(removed)} taken out.")


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def check_clean(text: str, *, field: str | None = None) -> None:
    """Refuse text that holds a NUL character; raises HasNul with the name of the field."""
    if "\x00" in text:
        raise HasNul(field)


def one_line(text: str) -> str:
    """Put text on one line: cleaned, each run of white space one space, none at the ends."""
    return _SPACES.sub(" ", clean(text).text).strip()


def shorten(text: str, length: int) -> str:
    """Cut one line of text to at most ``length`` characters, at a word where one is near, with an ellipsis."""
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = line[: max(length - 1, 1)]
    space = cut.rfind(" ")
    if line[len(cut)] != " " and space > length * 2 // 3:
        cut = cut[:space]
    return cut.rstrip(" ,;:.") + "…"


def fold(name: str) -> str:
    """Make the form of a name by which it is sorted and found: no case, no accents, single spaces.

    Stored in a column with COLLATE "C", so that PostgreSQL's order does not depend on the machine's locales. Scripts
    other than Latin keep their letters.
    """
    bare = _TURNING.sub("", one_line(name))
    # The letters are taken apart first, so that full-width and ligature forms meet their plain ones.
    apart = unicodedata.normalize("NFKD", bare.casefold()).casefold()
    without_accents = "".join(c for c in apart if not _is_latin_accent(c))
    plain = without_accents.translate(_UNDECOMPOSED)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def _is_latin_accent(character: str) -> bool:
    # Only the general block of accents: the vowel signs of Indic scripts are marks too, and they carry the word.
    return "\u0300" <= character <= "\u036f"


def name_keys(name: str) -> tuple[str, ...]:
    """Make the keys under which a name is found despite its spelling; sorted, each once.

    For each word of two letters or more: its sound by metaphone (``m:``) and by soundex (``s:``), and its first three
    letters (``p:``). Two names are worth comparing when they share a key. Names in other scripts are keyed by their
    romanised form as well, so that "محمد" and "Mohammed" may meet.
    """
    keys: set[str] = set()
    folded = fold(name)
    forms = {folded, fold(anyascii(folded))} if not folded.isascii() else {folded}
    for form in forms:
        for word in re.split(r"[^\w]+", form.replace("'", "")):
            if len(word) >= 2:
                keys.update(_keys_of_word(word))
    return tuple(sorted(keys))


def _keys_of_word(word: str) -> set[str]:
    keys = {f"p:{word[:3]}"}
    if word.isascii() and word.isalpha():
        sound = jellyfish.metaphone(word)
        if sound:
            keys.add(f"m:{sound}")
        keys.add(f"s:{jellyfish.soundex(word)}")
    return keys


def readable(text: str) -> str:
    """Spell text in plain Latin letters, for whoever can't read (or print) its script; machine-made, so a help only."""
    # Chinese, Japanese and Korean are written without spaces between syllables; run together they can't be read.
    return one_line("".join(f" {anyascii(c)} " if _is_east_asian(c) else anyascii(c) for c in text)).replace(" ,", ",")


def _is_east_asian(character: str) -> bool:
    return character.isalpha() and unicodedata.east_asian_width(character) == "W"


def direction(text: str) -> str:
    """Answer "rtl" when the first letter with a direction runs from right to left, else "ltr"."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def isolate(name: str) -> str:
    """Wrap a name so that its direction turns nothing around it, for use inside a sentence.

    Turning characters inside the name are dropped: an unclosed one would reach beyond the name.
    """
    return f"{_FIRST_STRONG_ISOLATE}{without_turning(name)}{_POP_ISOLATE}"


def without_turning(text: str) -> str:
    """Drop the invisible characters that turn the direction of text ("gpj.exe" shown as "exe.jpg")."""
    return _TURNING.sub("", text)


def spreadsheet_safe(value: str) -> str:
    """Make a cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it.

    Plain numbers such as -12.50 stay as they are. White space before the sign does not disarm it, so it is looked
    through.
    """
    cleaned = value.replace("\x00", "")
    if _PLAIN_NUMBER.fullmatch(cleaned):
        return cleaned
    if cleaned.startswith(_FORMULA_STARTS) or cleaned.lstrip().startswith(_FORMULA_STARTS):
        return "'" + cleaned
    return cleaned
