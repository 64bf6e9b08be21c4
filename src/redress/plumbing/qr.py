"""How does a one-time secret get from the screen into a telephone? As a picture to point the camera at.

>>> svg("otpauth://totp/Redress:asha?secret=ABC", alt="Code for the app").startswith("<svg ")
True
"""

from __future__ import annotations

from html import escape

import qrcode
from qrcode.constants import ERROR_CORRECT_M

_QUIET_ZONE = 4


def svg(address: str, *, alt: str) -> str:
    """Draw an address as an inline SVG: black squares on white (whatever the page's colours), with a title.

    Raises ValueError when the address is too long for one picture (about 2,300 characters).
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_ZONE)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows)
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" class="qr" '
        f'width="{side * 5}" height="{side * 5}" shape-rendering="crispEdges">'
        f'<title>{escape(alt)}</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{squares}"/></svg>'
    )
