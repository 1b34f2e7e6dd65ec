"""A store for each test: a copy of one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder_app.store import Store, open_store
from tests.store.places import MIGRATIONS, OWNER


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that was made and closed."""
    path = tmp_path_factory.mktemp("store") / "store.db"
    open_store(path, MIGRATIONS, OWNER).close()
    return path


@pytest.fixture
def path(empty_file: Path, tmp_path: Path) -> Path:
    """The file of a new, empty store."""
    return Path(shutil.copy(empty_file, tmp_path / "store.db"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new, empty store, opened by its owner."""
    with open_store(path, MIGRATIONS, OWNER) as opened:
        yield opened
