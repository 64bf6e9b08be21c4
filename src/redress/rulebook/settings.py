"""What a council may choose within the rules. Each default is the cautious one.

Example: `Settings(due_soon_within=3)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redress.rulebook.calendar import WorkingCalendar
    from redress.rulebook.editions import Edition

SETTINGS: dict[str, str] = {
    "literal_response_start": (
        "Count the response from a late acknowledgement itself. Off: from the acknowledgement's own limit, so that "
        "acknowledging late gains the council no time. Both dates are shown either way."
    ),
    "receipt_rolls_forward": (
        "Where a request arrives on a day that is no working day, count from the next working day, as the 2018 Code of "
        "Practice under section 45 of the Freedom of Information Act and some councils do. Off: from the day of "
        "arrival, as the Act and the Commissioner do."
    ),
    "closures_are_not_working": (
        "Leave out the days on which the council's offices are closed when working days are counted, where the edition "
        "allows it. Off: only weekends and bank holidays are left out."
    ),
    "critically_overdue_after": "A case is critically overdue when it is more than this many working days late.",
    "due_soon_within": "A case is due soon when its date is today or within this many working days.",
}


@dataclass(frozen=True)
class Settings:
    """A council's choices; `SETTINGS` explains each."""

    literal_response_start: bool = False
    receipt_rolls_forward: bool = False
    closures_are_not_working: bool = False
    critically_overdue_after: int = 5
    due_soon_within: int = 2


DEFAULTS = Settings()


def counting_with(edition: Edition, calendar: WorkingCalendar, settings: Settings) -> WorkingCalendar:
    """Give the calendar to count with: closures only where the edition and the council's setting both say so."""
    if calendar.closures and not (
        settings.closures_are_not_working and edition.working_days.closures == "council-setting"
    ):
        return calendar.without_closures()
    return calendar
