"""Can a council's colour be read, and which darker and softer shades go with it?

A council gives one accent; the rest is worked out (design, section 2.2). An accent is accepted when white on it, and it
on white and on its own soft shade, reach 4.5:1 (WCAG 2.2, 1.4.3). If not, the nearest darker
shade that does is offered.
Example: ``check_accent("#14575c").accepted`` is true; ``check_accent("#f2c200").offered`` is a brown that can be read.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass

ENOUGH = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_WHITE = "#ffffff"


class NotAColour(ValueError):
    """Give the colour as # and six figures, like #14575c."""


@dataclass(frozen=True)
class Accent:
    """An accent with what was worked out from it, and whether it can be read; ratios are to one."""

    accent: str
    dark: str
    soft: str
    on_white: float
    on_soft: float
    accepted: bool
    offered: str

    @property
    def sentence(self) -> str:
        """Say what the test found, for the page where a council chooses its colour."""
        worst = min(self.on_white, self.on_soft)
        if self.accepted:
            return f"{self.accent} can be read: {worst:.1f} to 1, and 4.5 is needed."
        return (
            f"{self.accent} is too pale to be read: {worst:.1f} to 1, and 4.5 is needed. "
            f"The nearest darker shade that can be read is {self.offered}."
        )


def _parts(colour: str) -> tuple[float, float, float]:
    if not _HEX.fullmatch(colour):
        raise NotAColour(f"{colour[:20]!r} is not a colour: give # and six figures, like #14575c")
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in (red, green, blue))


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it. Raises NotAColour."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    red, green, blue = (mine * (1 - share) + theirs * share for mine, theirs in pairs)
    return _hex(red, green, blue)


def _darker(colour: str, lightness: float) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return _hex(*colorsys.hls_to_rgb(hue, lightness, saturation))


def soft_of(accent: str) -> str:
    """Give the pale shade that stands behind text in the accent."""
    return _mixed(accent, _WHITE, 0.885)


def _readable(accent: str) -> bool:
    return contrast(accent, _WHITE) >= ENOUGH and contrast(accent, soft_of(accent)) >= ENOUGH


def _nearest(accent: str) -> str:
    """Darken in steps of half a per cent of lightness until it can be read; black at the end can."""
    _, lightness, _ = colorsys.rgb_to_hls(*_parts(accent))
    steps = int(lightness * 200)
    for step in range(steps, -1, -1):
        shade = _darker(accent, step / 200)
        if _readable(shade):
            return shade
    return "#000000"


def check_accent(accent: str) -> Accent:
    """Test an accent and work out its shades. Raises NotAColour."""
    accent = accent.strip().lower()
    _, lightness, _ = colorsys.rgb_to_hls(*_parts(accent))
    soft = soft_of(accent)
    accepted = _readable(accent)
    return Accent(
        accent=accent,
        dark=_darker(accent, lightness * 0.72),
        soft=soft,
        on_white=contrast(accent, _WHITE),
        on_soft=contrast(accent, soft),
        accepted=accepted,
        offered=accent if accepted else _nearest(accent),
    )


def brand_css(accent: str, *, selector: str = ":root") -> str:
    """Write the style sheet that paints a council's identity, from an accent that can be read.

    One that can't be read is replaced by the nearest that can: a page is never unreadable. Raises NotAColour.
    """
    checked = check_accent(accent)
    if not checked.accepted:
        checked = check_accent(checked.offered)
    return (
        f"{selector}{{--accent:{checked.accent};--accent-dark:{checked.dark};"
        f"--accent-soft:{checked.soft};--on-accent:#fff}}\n"
    )


def councils_css(accents: Mapping[str, str]) -> str:
    """Write the style sheet for the desk: the edge of each council's chip, by council code.

    Raises NotAColour for a colour or a code that can't stand in a style sheet.
    """
    for code in accents:
        if not _CODE.fullmatch(code):
            raise NotAColour(f"{code[:20]!r} is not a council's code: small letters, figures and hyphens")
    return "".join(brand_css(accent, selector=f".council-{code}") for code, accent in sorted(accents.items()))
