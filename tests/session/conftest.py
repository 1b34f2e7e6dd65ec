"""The rooms below a session, real ones: a migrated store, the catalogue, the sample prices, a worker process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder_app.flow.templates import Catalogue
from tests.ground import LastingRunner, lasting_runner, settle
from tests.session.strategist import Ground, Strategist
from tests.shipped import shipped_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Every block that ships with the program."""
    return shipped_catalogue()


@pytest.fixture(scope="session")
def runner() -> LastingRunner:
    """A runner that all sessions of a test process share."""
    return lasting_runner()


@pytest.fixture
def home(tmp_path: Path, catalogue: Catalogue, runner: LastingRunner) -> Ground:
    """A data folder of its own for each test."""
    settle(tmp_path / "home")
    return Ground(tmp_path / "home", catalogue, runner)


@pytest.fixture
def work(home: Ground) -> Iterator[Strategist]:
    """A strategist at work in a session that is closed in good order at the end."""
    with home.strategist() as strategist:
        yield strategist
