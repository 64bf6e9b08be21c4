"""The picture of a secret can be read by a machine, and says in words what it is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import qrcode

from redress.plumbing import qr

ADDRESS = "otpauth://totp/Redress:asha%40northmere.example?secret=JBSWY3DPEHPK3PXP&issuer=Redress"


def test_each_dark_square_is_drawn_where_the_code_has_it() -> None:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(ADDRESS)
    expected = {(x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark}
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", qr.svg(ADDRESS, alt="x"))}
    assert drawn == expected


def test_it_is_a_named_picture_and_its_name_is_only_text() -> None:
    root = ET.fromstring(qr.svg(ADDRESS, alt='Code <script> & "more"'))
    assert root.get("role") == "img"
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == 'Code <script> & "more"'


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError):
        qr.svg("x" * 5000, alt="x")
