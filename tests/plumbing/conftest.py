"""What the tests of this folder share."""

import pytest

from plumbing import installations
from redress.plumbing.home import Home


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give an installation whose tables are up to date; copy it, don't change it."""
    return installations.make(tmp_path_factory.mktemp("migrated") / "home")
