"""One of everything, made once for the sweeps over addresses and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command

from factories import cast as casting
from factories import scene as scenes
from factories.scene import Scene
from redress.plumbing import moment


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the query budget be recorded anew."""
    parser.addoption("--record-queries", action="store_true", help="record how often each page asks the database")


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Make one of everything once, for all addresses, and take it away again."""
    with django_db_blocker.unblock():
        cache.clear()
        yield scenes.build(casting.assemble())
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def that_morning(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Let it be the day on which the scene plays, in a demonstration, where a password is enough."""
    monkeypatch.setattr(moment, "now", lambda: casting.at(casting.TODAY, 14))
    monkeypatch.setattr(moment, "today", lambda: casting.TODAY)
    settings.REDRESS_DEMONSTRATION = True
