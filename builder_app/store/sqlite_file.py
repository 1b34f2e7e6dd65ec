"""The SQLite file itself: looking at it, setting a damaged one aside, one program at a time at the door."""

import contextlib
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
_CHECKED_AT_START: Final = 8 * 2**20
"""Files up to this size (bytes) are checked at every start, which takes some 30 ms; larger ones beside the work."""
_SUSPECT: Final = ".suspect"
_SECONDS_FOR_ANOTHER_START: Final = 60.0


@dataclass(frozen=True, slots=True)
class FileState:
    """What a database file says of itself. `revision` is None where no migration has run."""

    is_empty: bool
    application_id: int = 0
    revision: str | None = None
    needs_check: bool = False
    """The file's last use did not end in good order, and it is too large to be checked while one waits."""


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


def inspect(path: Path, is_alone: bool = True) -> FileState:
    """Look at the file without changing it; DamagedFile where SQLite cannot read it.

    A small file is checked; so is one that was found suspect before. `is_alone`: no other program has it open, so that
    a write-ahead log that is still there means an unclean end.
    """
    if not path.exists() or path.stat().st_size == 0:
        return FileState(is_empty=True)
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise DamagedFile("it does not begin as an SQLite file does")
    try:
        return _read_state(path, is_alone)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _CORRUPT_CODES:
            raise DamagedFile(str(error)) from error
        raise


def _read_state(path: Path, is_alone: bool) -> FileState:
    is_unclean = is_alone and size(path.with_name(f"{path.name}-wal")) > 0
    is_small = path.stat().st_size <= _CHECKED_AT_START
    is_suspect = path.with_name(path.name + _SUSPECT).exists()
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if is_small or is_suspect:
            check = "integrity_check" if is_unclean or is_suspect else "quick_check"
            (verdict,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
            if verdict != "ok":
                raise DamagedFile(str(verdict).replace("\n", " "))
            path.with_name(path.name + _SUSPECT).unlink(missing_ok=True)
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        revision = None
        if "alembic_version" in tables:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = None if row is None else str(row[0])
        return FileState(not tables, int(application_id), revision, is_unclean and not (is_small or is_suspect))


def mark_suspect(path: Path, reason: str) -> None:
    """Have the file checked whole at the next start, however large it is."""
    path.with_name(path.name + _SUSPECT).write_text(f"{reason}\n", encoding="utf-8")


def use_write_ahead_log(path: Path) -> None:
    """Switch the file to WAL, where readers and the writer do not wait for each other; it stays so."""
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def set_aside(path: Path) -> Path:
    """Rename the file and what belongs to it (-wal, -shm) and return its new name. Nothing is deleted."""
    aside = free_name(path.with_name(f"{path.name}.damaged-{time_stamp()}"))
    path.rename(aside)
    path.with_name(path.name + _SUSPECT).unlink(missing_ok=True)
    for ending in ("-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def restore(path: Path, copy: Path) -> None:
    """Put the backup's content into the database again, in one transaction that other connections see as one."""
    with closing(sqlite3.connect(copy)) as source, closing(connect(path)) as target:
        source.backup(target)


def connect(path: Path) -> sqlite3.Connection:
    """A connection of its own to the file, which waits its turn as the store's own do and checkpoints nothing."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection


def first_trouble(path: Path) -> str:
    """What SQLite's whole check finds wrong first in a file that nobody writes to, or an empty text."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
        try:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
        return "" if verdict == "ok" else str(verdict).replace("\n", " ")


def time_stamp() -> str:
    """The time now as part of a file's name."""
    return clock.now().strftime("%Y%m%dT%H%M%SZ")


def free_name(path: Path) -> Path:
    """This path, or one with a number behind it where there is something already."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def size(path: Path) -> int:
    """The file's size in bytes; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
