"""What time is it? The one place that reads the clock.

Doors, jobs and commands call it and hand the answer down: `intake.log(..., at=moment.now())`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in London, which is the date that deadlines go by."""
    return now().astimezone(LONDON).date()


def local(instant: datetime) -> datetime:
    """Turn an aware instant into London time; a naive one raises ValueError, because nobody can know what it meant."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(LONDON)


def local_date(instant: datetime) -> date:
    """Return the London date on which an aware instant fell."""
    return local(instant).date()
