"""A store for each test: a copy of a file that was migrated once, or an emptied database of a PostgreSQL server."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, inspect

from builder_app.store import Store, open_store
from tests.store import postgresql
from tests.store.next_version import write_next_version
from tests.store.places import MIGRATIONS, OWNER
from tests.store.world import World, populate


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `every_backend` runs on each, unless it looks into the file itself (`path`)."""
    asked = set(metafunc.fixturenames)
    if {"every_backend", "backend"} <= asked and "path" not in asked:
        marks = [pytest.mark.long] if "long_on_a_server" in asked else []
        metafunc.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=marks)], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test's store is on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def every_backend() -> None:
    """Asks for a run of the test on each kind of database."""


@pytest.fixture
def long_on_a_server() -> None:
    """Leaves the test's run on PostgreSQL to the long tests: another test proves the same rule there."""


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
def next_version(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a folder of migrations with one more revision, that does the Python text that it is given."""
    return lambda then: write_next_version(tmp_path / "migrations of 100% more", then)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server of this test run; the test is skipped where there is none."""
    reason = postgresql.why_not()
    if reason is not None:
        pytest.skip(reason)
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session")
def new_database(postgresql_server: URL) -> Callable[[], str]:
    """Makes an empty database on the server; its URL."""
    numbers = count()

    def make() -> str:
        name = f"store_{next(numbers)}"
        postgresql.execute(postgresql_server, f"CREATE DATABASE {name}")
        return postgresql_server.set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(scope="session")
def migrated_database(new_database: Callable[[], str]) -> str:
    """The URL of a database on the server that a store was made in."""
    url = new_database()
    open_store(url, MIGRATIONS, OWNER).close()
    return url


@pytest.fixture
def place(backend: str, request: pytest.FixtureRequest) -> str | Path:
    """Where the test's store is: a file, or a URL."""
    if backend == "sqlite":
        found: Path = request.getfixturevalue("path")
        return found
    url: str = request.getfixturevalue("migrated_database")
    with open_store(url, MIGRATIONS, OWNER) as store, store.connections.engines[0].begin() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)}")
    return url


@pytest.fixture
def store(place: str | Path) -> Iterator[Store]:
    """A new, empty store, opened by its owner."""
    with open_store(place, MIGRATIONS, OWNER) as opened:
        yield opened


@pytest.fixture(scope="session")
def populated_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The file of a store with a row of everything, made once, and what is in it."""
    path = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("populated") / "store.db"))
    with open_store(path, MIGRATIONS, OWNER) as opened:
        world = populate(opened)
    return path, world


@pytest.fixture
def populated(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, World]]:
    """A store with a row of everything, opened by its owner, and what is in it."""
    if backend != "sqlite":
        opened: Store = request.getfixturevalue("store")
        yield opened, populate(opened)
        return
    path, world = request.getfixturevalue("populated_file")
    with open_store(Path(shutil.copy(path, tmp_path / "store.db")), MIGRATIONS, OWNER) as opened:
        yield opened, world
