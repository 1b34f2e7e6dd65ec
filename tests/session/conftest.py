"""The rooms below a session, real ones: a migrated store, the catalogue, the sample prices, a worker process."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder_app import paths
from builder_app.flow.templates import Catalogue
from builder_app.market.library import Library
from builder_app.nodes import load_catalogue
from tests.session.strategist import OWNER, Ground, LastingRunner, Strategist, open_user_store


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it is after the first start: an empty store and the sample prices."""
    folder = tmp_path_factory.mktemp("ground")
    open_user_store(folder, OWNER).close()
    Library(folder / "prices").install_sample(paths.resources() / "samples" / "stocks.csv.gz")
    return folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Every block that ships with the program."""
    return load_catalogue(paths.resources() / "node_templates")


@pytest.fixture(scope="session")
def runner() -> Iterator[LastingRunner]:
    """A runner that all sessions of a test process share: its start takes longer than most tests."""
    shared = LastingRunner()
    yield shared
    shared.end()


@pytest.fixture
def home(tmp_path: Path, ground: Path, catalogue: Catalogue, runner: LastingRunner) -> Ground:
    """A data folder of its own for each test."""
    shutil.copytree(ground, tmp_path / "home")
    return Ground(tmp_path / "home", catalogue, runner)


@pytest.fixture
def work(home: Ground) -> Iterator[Strategist]:
    """A strategist at work in a session that is closed in good order at the end."""
    with home.strategist() as strategist:
        yield strategist
