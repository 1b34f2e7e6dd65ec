"""The SQLite file itself: looking at it, setting a damaged one aside, copying it, one program at a time at the door."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder_app.store import clock
from builder_app.store.connections import BUSY_TIMEOUT_SECONDS
from builder_app.store.errors import DamagedFile

_HEADER: Final = b"SQLite format 3\x00"
_CORRUPT_CODES: Final = (11, 26)
"""SQLITE_CORRUPT and SQLITE_NOTADB."""
_ALWAYS_CHECKED: Final = 32 * 2**20
"""Files up to this size (bytes) are checked whole at every start; larger ones after an unclean end."""
_SECONDS_FOR_ANOTHER_START: Final = 60.0


@dataclass(frozen=True, slots=True)
class FileState:
    """What a database file says of itself. `revision` is None where no migration has run."""

    is_empty: bool
    application_id: int = 0
    revision: str | None = None


@contextmanager
def only_one_opening(path: Path) -> Iterator[None]:
    """Keep other programs from opening the same store until this one has checked and migrated it.

    The lock is SQLite's own on an empty file beside the store, so it works on every system and ends with the process.
    """
    lock = sqlite3.connect(
        path.with_name(f"{path.name}.opening"), isolation_level=None, timeout=_SECONDS_FOR_ANOTHER_START
    )
    with closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            lock.execute("ROLLBACK")


def inspect(path: Path) -> FileState:
    """Look at the file without changing it; DamagedFile where SQLite cannot read it."""
    if not path.exists() or path.stat().st_size == 0:
        return FileState(is_empty=True)
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise DamagedFile("it does not begin as an SQLite file does")
    try:
        return _read_state(path)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _CORRUPT_CODES:
            raise DamagedFile(str(error)) from error
        raise


def _read_state(path: Path) -> FileState:
    is_unclean = _size(path.with_name(f"{path.name}-wal")) > 0
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if is_unclean or path.stat().st_size <= _ALWAYS_CHECKED:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise DamagedFile(str(verdict).replace("\n", " "))
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        revision = None
        if "alembic_version" in tables:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = None if row is None else str(row[0])
        return FileState(not tables, int(application_id), revision)


def use_write_ahead_log(path: Path) -> None:
    """Switch the file to WAL, where readers and the writer do not wait for each other; it stays so."""
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def set_aside(path: Path) -> Path:
    """Rename the file and what belongs to it (-wal, -shm) and return its new name. Nothing is deleted."""
    aside = _free_name(path.with_name(f"{path.name}.damaged-{_stamp()}"))
    path.rename(aside)
    for ending in ("-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def back_up(path: Path, label: str) -> Path:
    """A copy of the database as it is now, in `backups/` beside it, written down to the disk."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    copy = _free_name(folder / f"{path.stem}-{label}-{_stamp()}{path.suffix}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    with closing(_connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    return unfinished.replace(copy)


def restore(path: Path, copy: Path) -> None:
    """Put the backup's content into the database again, in one transaction that other connections see as one."""
    with closing(sqlite3.connect(copy)) as source, closing(_connect(path)) as target:
        source.backup(target)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS)


def _stamp() -> str:
    return clock.now().strftime("%Y%m%dT%H%M%SZ")


def _free_name(path: Path) -> Path:
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
