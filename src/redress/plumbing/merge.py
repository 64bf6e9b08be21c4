"""What does a template say once its fields are filled in? Plain replacement from a closed list, in one pass.

People write templates, and what people write is data, never a program: nothing here is compiled, there are no
attributes, no expressions and no formats, and a value that looks like a field is not read again.

>>> fill("Dear {{ title }}", {"title": "Mrs {{ council }}"}, known={"title": "How we address them"}).text
'Dear Mrs {{ council }}'
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class TemplateRefused(Exception):
    """A template can't be used as it stands; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


SHORT_LIST = 6
"""So many fields are all named in a refusal; of more than that only the nearest."""


class UnknownField(TemplateRefused):
    """A template asks for fields that do not exist; the sentence says which do, the nearest where there are many."""

    def __init__(self, names: tuple[str, ...], known: Mapping[str, str]) -> None:
        self.names = names
        asked = ", ".join(f"{{{{ {name} }}}}" for name in names)
        near = sorted({one for name in names for one in difflib.get_close_matches(name, known, n=3)})
        shown = sorted(known) if len(known) <= SHORT_LIST else near
        there_is = ", ".join(f"{{{{ {name} }}}} ({known[name]})" for name in shown)
        noun = "a field that does not exist" if len(names) == 1 else "fields that do not exist"
        which = "The fields there are" if shown != near else "Near it"
        super().__init__(f"This template has {noun}: {asked}." + (f" {which}: {there_is}." if there_is else ""))


class BadField(TemplateRefused):
    """A template has something between double braces that is not the name of a field."""

    def __init__(self, written: str) -> None:
        self.written = written
        super().__init__(
            f"“{{{{{written}}}}}” is not a field. A field is one name in small letters between double braces, "
            "such as {{ reference }}; it can't hold sums, dots or instructions."
        )


@dataclass(frozen=True)
class Hole:
    """A field for which there is no value: its name, its label, and where it stands in the filled text."""

    field: str
    label: str
    at: int


@dataclass(frozen=True)
class Filled:
    """A template with its fields filled in, and the holes that are left."""

    text: str
    holes: tuple[Hole, ...]

    @property
    def complete(self) -> bool:
        return not self.holes


def check(template: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Answer the fields that a template uses, in order, each once; raises BadField or UnknownField.

    ``known`` is the closed list: name of a field to its label.
    """
    used = list(dict.fromkeys(_name_in(match) for match in _FIELD.finditer(template)))
    unknown = tuple(name for name in used if name not in known)
    if unknown:
        raise UnknownField(unknown, known)
    return tuple(used)


def fill(template: str, values: Mapping[str, str | None], *, known: Mapping[str, str]) -> Filled:
    """Put values into a template in one pass; a value that is missing or blank leaves a hole, named in the text.

    Values go in as they are and are not read again. Raises BadField or UnknownField.
    """
    check(template, known)
    parts: list[str] = []
    holes: list[Hole] = []
    length = end = 0
    for match in _FIELD.finditer(template):
        name = _name_in(match)
        value = values.get(name)
        before = template[end : match.start()]
        length += len(before)
        if value is None or not value.strip():
            holes.append(Hole(name, known[name], length))
            value = f"[{known[name]}: missing]"
        parts += (before, value)
        length += len(value)
        end = match.end()
    parts.append(template[end:])
    return Filled("".join(parts), tuple(holes))


def _name_in(match: re.Match[str]) -> str:
    name = match.group(1).strip()
    if not _NAME.fullmatch(name):
        raise BadField(match.group(1)[:60])
    return name
