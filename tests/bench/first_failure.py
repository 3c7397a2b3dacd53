"""A plug-in of pytest: Hypothesis shows the first example that fails; to look for the smallest takes minutes."""

import pytest
from hypothesis import Phase, settings


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Leave out what follows a failure; before any test is imported, whose own settings have the rest from here."""
    settings.register_profile("first failure", deadline=None, database=None, phases=(Phase.explicit, Phase.generate))
    settings.load_profile("first failure")
