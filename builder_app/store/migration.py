"""Bringing a database to the newest revision with Alembic.

The revisions lie in a folder that the caller names (`migrations/` in the project, `builder_app/migrations` in the
wheel). Their file names begin with the revision's number, and they follow one another in one line, so that the known
revisions can be read off without importing Alembic.
"""

import io
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, text

from builder_app.store.connections import BUSY_TIMEOUT_SECONDS, set_up
from builder_app.store.errors import StoreError, StoreUnavailable
from builder_app.store.server_engines import MIGRATION_TURN, server_arguments, wait_for_turn

if TYPE_CHECKING:
    from alembic.config import Config

APPLICATION_ID: Final = 0x53427564
"""SQLite's `application_id` of our files: "SBud"."""
_ALEMBIC_LOCK: Final = threading.Lock()
"""Alembic keeps its context in a module; two stores opened in two threads would share it."""


class MigrationFailed(StoreError):
    """A migration did not run through. `was_committed`: it had ended the transaction, so a rollback did not undo it."""

    def __init__(self, cause: BaseException, was_committed: bool) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.was_committed = was_committed


def known_revisions(migrations: Path) -> tuple[str, ...]:
    """The revisions in this folder, oldest first; StoreUnavailable where there are none."""
    found = tuple(sorted(path.name.split("_")[0] for path in (migrations / "versions").glob("[0-9]*_*.py")))
    if not found:
        raise StoreUnavailable(f"The program is not installed whole: there are no migrations in {migrations}.")
    return found


def configuration(migrations: Path, connection: Connection | None = None) -> "Config":
    """Alembic's configuration for this folder; its commands then run on this connection and print nothing."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO(), attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: URL, migrations: Path, revision: str = "head") -> None:
    """Run every migration up to this revision in one transaction; MigrationFailed leaves the database as it was."""
    from alembic import command

    run(url, lambda connection: command.upgrade(configuration(migrations, connection), revision))


def downgrade(url: URL, migrations: Path, revision: str) -> None:
    """Go back to this revision ("base": to nothing) in one transaction."""
    from alembic import command

    run(url, lambda connection: command.downgrade(configuration(migrations, connection), revision))


def write_revision(migrations: Path, message: str) -> Path:
    """Write the next revision's file, with what the models say beyond the newest one, for its author to finish."""
    from alembic import command

    number = f"{int(known_revisions(migrations)[-1]) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = URL.create("sqlite", database=str(Path(folder) / "compared.db"))
        migrate(url, migrations)
        run(
            url,
            lambda connection: command.revision(
                configuration(migrations, connection), message, autogenerate=True, rev_id=number
            ),
        )
    (written,) = (migrations / "versions").glob(f"{number}_*.py")
    return written


def run(url: URL, work: Callable[[Connection], Any]) -> None:
    """Run Alembic's work on a connection of its own in one transaction, checked before it is kept."""
    engine = migration_engine(url)
    committed: list[str] = []
    try:
        with _ALEMBIC_LOCK, engine.connect() as connection:
            _watch_for_commits(connection, committed)
            with connection.begin():
                wait_for_turn(connection, MIGRATION_TURN)
                work(connection)
                if connection.dialect.name == "sqlite":
                    _verify_foreign_keys(connection)
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    except Exception as error:
        raise MigrationFailed(error, bool(committed)) from error
    finally:
        engine.dispose()


def migration_engine(url: URL) -> Engine:
    """An engine whose transactions Python's sqlite3 does not end by itself, so that DDL is rolled back with the rest.

    Foreign keys are off: SQLite changes a table by copying it, and dropping the old one would cascade.
    """
    if url.get_backend_name() != "sqlite":
        return create_engine(url, poolclass=NullPool, connect_args=server_arguments(url))
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_SECONDS}
    )

    def configure(connection: sqlite3.Connection, _record: object) -> None:
        set_up(connection, is_writer=True, foreign_keys=False)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


def _watch_for_commits(connection: Connection, committed: list[str]) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):

        def note(statement: str) -> None:
            if statement.lstrip().upper().startswith(("COMMIT", "END")):
                committed.append(statement)

        driver.set_trace_callback(note)


def _verify_foreign_keys(connection: Connection) -> None:
    orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    if orphan is not None:
        raise StoreUnavailable(f"a row of {orphan[0]} would refer to a row of {orphan[2]} that is not there")
