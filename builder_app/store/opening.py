"""Start-up: from a place on disk (or a URL) to an open store, with a backup before anything is changed."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, exc, make_url

from builder_app.store import presence
from builder_app.store.backups import back_up
from builder_app.store.connections import Connections
from builder_app.store.errors import DamagedFile, StoreUnavailable
from builder_app.store.migration import APPLICATION_ID, MigrationFailed, known_revisions, migrate
from builder_app.store.notices import Notices
from builder_app.store.principal import Principal
from builder_app.store.replacing import finish_replacing, replace_damaged, shared_notice
from builder_app.store.server import prepare_server
from builder_app.store.sqlite_file import FileState, inspect, only_one_opening, restore, use_write_ahead_log
from builder_app.store.store import Store
from builder_app.store.upkeep import Upkeep


def open_store(url_or_path: str | Path, migrations: Path, principal: Principal) -> Store:
    """Open the store, made or brought to this program's revision where needed.

    A path (or an sqlite:/// URL) is a file, made with its folders where it is missing; any other SQLAlchemy URL is
    taken as it is. `migrations` is the folder of Alembic's revisions. A damaged file is renamed, and what is readable
    is carried over into a new one: the store's `notices` tell its name, and that of the newest backup.
    StoreUnavailable, with a sentence, where the file is from a newer version, is another program's, cannot be read or
    written, or a migration failed (then the file is as it was before).
    """
    url = _url(url_or_path)
    if url.get_backend_name() != "sqlite":
        said = Notices(prepare_server(url, migrations))
        return Store(Connections(url), principal, said)
    path, notices = Path(url.database or "").absolute(), Notices()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one_opening(path):
            state = _prepare(path, migrations, notices)
            upkeep = Upkeep(path, notices, state.needs_check)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"The store {path} could not be opened: {_cause(error)}.") from error
    return Store(Connections(_file_url(path)), principal, notices, upkeep)


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


def _prepare(path: Path, migrations: Path, notices: Notices) -> FileState:
    """Bring the file to the newest revision, and say what happened."""
    known = known_revisions(migrations)
    finish_replacing(path)
    is_shared = presence.another_has_open(path)
    if is_shared:
        notices.add(shared_notice(path))
    try:
        state = inspect(path, is_alone=not is_shared and not presence.is_open_here(path))
    except DamagedFile as damage:
        if is_shared or presence.is_open_here(path):
            raise StoreUnavailable(
                f"The store {path} is damaged ({damage}), and another program or window has it open. Close that first, "
                "then open this again: the file is then set aside, and what is readable is carried over."
            ) from damage
        notices.add(replace_damaged(path, migrations, damage))
        state = inspect(path)
    _refuse_unfit(path, state, known)
    if state.revision != known[-1]:
        copy = None if state.is_empty else back_up(path, f"before-{known[-1]}")
        _migrate_file(path, migrations, copy)
        if copy is not None:
            notices.add(f"The store was brought from revision {state.revision} to {known[-1]}; a copy is {copy}.")
    use_write_ahead_log(path)
    return state


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
