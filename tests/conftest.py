"""Settings for every test: no display is needed, and nothing touches the user's own folders."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long a machine takes to draw an example, which may be busy with the other tests, is no matter of what is tested.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("normal run", settings.get_profile("any machine"), max_examples=40)


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples in the normal run than in that of every test, where a test does not say how many."""
    settings.load_profile("normal run" if config.option.markexpr == "not long" else "any machine")


@pytest.fixture(scope="session", autouse=True)
def _ground_is_left_clean() -> Iterator[None]:
    """End what tests of this process shared, if any of them asked for it."""
    yield
    if "tests.ground" in sys.modules:
        sys.modules["tests.ground"].end()
