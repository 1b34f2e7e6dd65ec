"""Opening a store on a database server: it is brought to this program's revision, or refused in a sentence.

In PostgreSQL the definition of tables is part of the transaction, so a migration that fails or is killed leaves nothing
behind; one program migrates at a time.
"""

from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, exc, inspect, text

from builder_app.store.errors import StoreUnavailable
from builder_app.store.migration import MigrationFailed, known_revisions, migrate
from builder_app.store.server_engines import server_arguments


def prepare_server(url: URL, migrations: Path) -> tuple[str, ...]:
    """Bring the database on the server to this program's revision; sentences about what happened.

    StoreUnavailable where it cannot be reached, is from a newer version, or a migration failed (nothing was changed).
    """
    place = url.render_as_string(hide_password=True)
    known = known_revisions(migrations)
    try:
        found = _revision(url)
        if found is not None and found not in known:
            raise StoreUnavailable(
                f"The store {place} was made by a newer version of this program, or by another one (its revision is "
                f"{found}, this program knows up to {known[-1]}); it was not touched. Install the newer version, or "
                "name another database."
            )
        if found == known[-1]:
            return ()
        migrate(url, migrations)
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            f"The store {place} needs the package '{error.name}', which is not installed. For PostgreSQL: "
            "pip install 'strategy-builder[postgresql]'."
        ) from error
    except MigrationFailed as failure:
        raise StoreUnavailable(
            f"The store {place} could not be brought to this version ({failure}). Nothing in it was changed: the "
            "server took everything back. Use the version that you had before, and report this."
        ) from failure
    except exc.SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".?")
        raise StoreUnavailable(
            f"The store {place} could not be opened: {cause}. See that the server runs, that the database is there, "
            "and that user and password are right."
        ) from error
    return () if found is None else (f"The store {place} was brought from revision {found} to {known[-1]}.",)


def _revision(url: URL) -> str | None:
    engine = create_engine(url, poolclass=NullPool, connect_args=server_arguments(url))
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
            return None if row is None else str(row[0])
    finally:
        engine.dispose()
