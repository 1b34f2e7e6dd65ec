"""Start-up: from a place on disk (or a URL) to an open store, with a backup before anything is changed."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, exc, make_url

from builder_app.store.connections import Connections
from builder_app.store.errors import DamagedFile, StoreUnavailable
from builder_app.store.migration import APPLICATION_ID, MigrationFailed, known_revisions, migrate
from builder_app.store.principal import Principal
from builder_app.store.server import prepare_server
from builder_app.store.sqlite_file import (
    FileState,
    back_up,
    inspect,
    only_one_opening,
    restore,
    set_aside,
    use_write_ahead_log,
)
from builder_app.store.store import Store


def open_store(url_or_path: str | Path, migrations: Path, principal: Principal) -> Store:
    """Open the store, made or brought to this program's revision where needed.

    A path (or an sqlite:/// URL) is a file, made with its folders where it is missing; any other SQLAlchemy URL is
    taken as it is. `migrations` is the folder of Alembic's revisions. A damaged file is renamed and a new one begun:
    the store's `notices` tell its name. StoreUnavailable, with a sentence, where the file is from a newer version, is
    another program's, cannot be read or written, or a migration failed (then the file is as it was before).
    """
    url = _url(url_or_path)
    known = known_revisions(migrations)
    if url.get_backend_name() != "sqlite":
        notices = prepare_server(url, migrations)
        return Store(Connections(url), principal, notices)
    path = Path(url.database or "").absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one_opening(path):
            notices = _prepare(path, migrations, known)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"The store {path} could not be opened: {_cause(error)}.") from error
    return Store(Connections(_file_url(path)), principal, notices)


def _url(url_or_path: str | Path) -> URL:
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return _file_url(Path(url_or_path).expanduser())
    try:
        url = make_url(url_or_path)
        url.get_dialect()
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise StoreUnavailable(
            f"'{url_or_path}' is no place for a store: give a file, or a URL such as "
            "postgresql+psycopg://user@host/database."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreUnavailable("A store in memory would be lost with the program: give the path of a file.")
    return url


def _file_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _prepare(path: Path, migrations: Path, known: tuple[str, ...]) -> tuple[str, ...]:
    """Bring the file to the newest revision; sentences about what happened."""
    notices = []
    try:
        state = inspect(path)
    except DamagedFile as damage:
        aside = set_aside(path)
        notices.append(
            f"The store {path} was damaged ({damage}) and was set aside as {aside}; nothing was deleted. "
            "A new, empty store was begun."
        )
        state = FileState(is_empty=True)
    _refuse_unfit(path, state, known)
    if state.revision != known[-1]:
        copy = None if state.is_empty else back_up(path, f"before-{known[-1]}")
        _migrate_file(path, migrations, copy)
        if copy is not None:
            notices.append(f"The store was brought from revision {state.revision} to {known[-1]}; a copy is {copy}.")
    use_write_ahead_log(path)
    return tuple(notices)


def _refuse_unfit(path: Path, state: FileState, known: tuple[str, ...]) -> None:
    if state.is_empty:
        return
    if state.application_id != APPLICATION_ID or state.revision is None:
        raise StoreUnavailable(
            f"The file {path} is a database of another program; it was not touched. Choose another file for the store."
        )
    if state.revision not in known:
        raise StoreUnavailable(
            f"The store {path} was made by a newer version of this program (its revision is {state.revision}, this "
            f"program knows up to {known[-1]}); it was not touched. Install the newer version again, or open another "
            "file as the store."
        )


def _migrate_file(path: Path, migrations: Path, copy: Path | None) -> None:
    try:
        migrate(_file_url(path), migrations)
    except MigrationFailed as failure:
        if copy is None:
            raise StoreUnavailable(f"The new store {path} could not be made ({failure}).") from failure
        if failure.was_committed:
            restore(path, copy)
        raise StoreUnavailable(
            f"The store {path} could not be brought to this version ({failure}). It was put back as it was, and a "
            f"copy is {copy}. Install the version that you had before, and report this."
        ) from failure


def _cause(error: Exception) -> str:
    if isinstance(error, PermissionError) or "readonly" in str(error) or "unable to open" in str(error):
        return f"this user may not write there ({error}); give it the right to, or choose another folder"
    if "locked" in str(error):
        return "another program holds it; close that program, or wait and try again"
    if "full" in str(error) or "No space" in str(error):
        return "the disk is full; make room and try again"
    return str(error)
