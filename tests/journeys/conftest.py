"""One running Redress for all journeys, and a browser for each file of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from journeys.visitors import Town, chromium
from servers.installation import Installation, installation
from servers.mail import mail_server


@pytest.fixture(scope="session")
def running() -> Iterator[Installation]:
    """Start Redress as people do, on a mail system of its own."""
    with mail_server("complaints") as mail, installation(mail=mail) as found:
        yield found


@pytest.fixture(scope="module")
def town_browser() -> Iterator[Any]:
    """Start the browser of this machine."""
    with chromium() as found:
        yield found


@pytest.fixture
def town(running: Installation, town_browser: Any) -> Iterator[Town]:
    """Give the town with nobody signed in yet."""
    yield from _town(Town(running, town_browser))


@pytest.fixture
def town_without_script(running: Installation, town_browser: Any) -> Iterator[Town]:
    """Give the town in which no browser runs a script."""
    yield from _town(Town(running, town_browser, script=False))


def _town(town: Town) -> Iterator[Town]:
    yield town
    for window in town.everybody:
        window.page.context.close()
