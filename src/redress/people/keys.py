"""In which form are an e-mail address, a telephone number and a postal address compared?

Example: ``telephone_key("+44 (0)1234 567 890")`` and ``telephone_key("01234 567890")`` are the same.
"""

from __future__ import annotations

import re

from redress.plumbing import text


def email_key(email: str) -> str:
    """Give the form of an e-mail address by which it is compared, without what can't be stored."""
    return text.clean(email).text.strip().casefold()[:254]


def telephone_key(telephone: str) -> str:
    """Give the figures of a telephone number, a British country code turned into the leading nought."""
    figures = re.sub(r"\D", "", telephone.replace("(0)", ""))
    figures = re.sub(r"^(?:0044|44)(?=\d{9,10}$)", "0", figures)
    return figures[:30]


def address_key(address: str) -> str:
    """Give the form of a postal address by which it is compared: no case, no punctuation, one line."""
    return " ".join(re.sub(r"[^\w]+", " ", text.fold(address)).split())[:400]
