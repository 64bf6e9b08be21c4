"""Set one letter: JSON on standard input, the PDF on standard output after a line of JSON that says how it went.

The template is fixed and the letter's words reach it as data (``sys.inputs``), so nothing that anybody wrote is read as
Typst source.
"""

from __future__ import annotations

import functools
import json
import sys
from typing import Any

import typst


def set_letter(order: dict[str, Any]) -> tuple[str, bytes]:
    """Set the letter as tagged, accessible PDF; where a character has no font, as plain PDF. Answers which it is."""
    compiler = _compiler(order["template"], order["fonts"])
    try:
        return "ua-1", _compile(compiler, order, "ua-1", "letter")
    except typst.TypstError as refusal:
        # Only this fault is known to be cured by the lesser standard. Any other is a fault of the template or the
        # picture, and is to be seen.
        if "could not be displayed" not in f"{refusal.message} {refusal.diagnostic}":
            raise
    return "1.7", _compile(compiler, order, "1.7", "plain_letter")


@functools.cache
def _compiler(template: str, fonts: str) -> typst.Compiler:
    """Read the template and the fonts; a process that sets many letters does it once."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(template, font_paths=found)


def _compile(compiler: typst.Compiler, order: dict[str, Any], standard: typst.PDFStandard, words: str) -> bytes:
    pdf = compiler.compile(
        format="pdf",
        pdf_standards=[standard],
        sys_inputs={"letter": json.dumps(order[words])},
        timestamp=order["timestamp"],
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave no PDF")
    return pdf


if __name__ == "__main__":
    standard, pdf = set_letter(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(json.dumps({"standard": standard}).encode() + b"\n" + pdf)
