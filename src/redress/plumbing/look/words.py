"""How are dates, times, money, sizes and names written for people?

One way each, in plain UK English, so that no page invents its own.
Example: ``day_in_words(date(2026, 11, 25)) == "Wednesday 25 November 2026"``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# A space that does not break, so that "22 November" never ends a line after "22".
HARD_SPACE = "\N{NO-BREAK SPACE}"


def as_day(value: date | datetime | None) -> date | None:
    """Give the London calendar day of a date or an aware moment; None stays None."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).date() if value.tzinfo else value.date()
    return value


def day(value: date | datetime | None) -> str:
    """Write a day as "22 November 2026"; nothing for None."""
    found = as_day(value)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}" if found else ""


def day_in_words(value: date | datetime | None) -> str:
    """Write a day with its weekday, as "Wednesday 25 November 2026"; nothing for None."""
    found = as_day(value)
    return f"{WEEKDAYS[found.weekday()]} {day(found)}" if found else ""


def short_day(value: date | datetime | None) -> str:
    """Write a day for a list, as "Wed 25 November 2026"; nothing for None."""
    found = as_day(value)
    return f"{WEEKDAYS[found.weekday()][:3]} {day(found)}" if found else ""


def clock_time(value: datetime | None) -> str:
    """Write the London time of a moment, as "8:52am"; nothing for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if value.tzinfo else value
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02d}{half}"


def moment(value: datetime | None) -> str:
    """Write a moment as "Friday 20 November 2026, 4:12pm"; nothing for None."""
    return f"{day_in_words(value)}, {clock_time(value)}" if value else ""


def money(value: Decimal | int | str | None) -> str:
    """Write pounds as "£150" or "£84.20", with commas from a thousand; nothing for None."""
    if value is None or value == "":
        return ""
    amount = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    whole = amount == amount.to_integral_value()
    return f"{sign}£{abs(amount):,.0f}" if whole else f"{sign}£{abs(amount):,.2f}"


def file_size(size: int | None) -> str:
    """Write a number of bytes as "214 KB" or "1.4 MB"; nothing for None."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < 1024 * 1024:
        return f"{round(size / 1024):,} KB"
    if size < 1024**3:
        return f"{size / 1024**2:.1f} MB"
    return f"{size / 1024**3:.1f} GB"


def possessive(name: str) -> str:
    """Write whose it is: "Mrs Okafor's", "James's"; nothing for an empty name.

    A name that ends in s takes 's as well, as the GOV.UK style guide has it.
    """
    name = name.strip()
    return f"{name}\N{RIGHT SINGLE QUOTATION MARK}s" if name else ""


def initials(name: str) -> str:
    """Give at most two capital letters for the round mark beside a name: "Asha Mehta" gives "AM"."""
    parts = [part for part in name.split() if part[0].isalnum()]
    if not parts:
        return ""
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: ``counted(1, "point")`` is "1 point", ``counted(3, "point")`` "3 points"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
