"""Which programs have the store open: each holds a shared lock on an empty file beside it, as long as it has.

The lock is SQLite's own, so it works on every system and ends with the process. Two programs may use one store; but
SQLite before 3.51.3 can damage a file where one writes and the other checkpoints in the same instant, so it is said,
and whoever wants the file for himself (a restore) can see that he is not alone.
"""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

_ENDING: Final = ".open"
_LOCK: Final = threading.Lock()
_HELD: Final[dict[Path, "_Sign"]] = {}
"""This program's signs: its own stores on one file are not strangers to one another."""


class _Sign:
    """This program's shared lock on one store, and how many of its stores stand on it."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._connection = sqlite3.connect(_file(path), isolation_level=None, check_same_thread=False)
        self._connection.execute("BEGIN")
        self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the shared lock

    def take_down(self) -> None:
        self._connection.close()


def another_has_open(path: Path) -> bool:
    """Whether another program has this store open. Ask while `only_one_opening` keeps newcomers waiting."""
    with _LOCK:
        if not _file(path).exists():
            return False
        mine = _HELD.get(_key(path))
        if mine is not None:  # one's own lock would look like another's
            mine.take_down()
        try:
            return _is_shared(path)
        finally:
            if mine is not None:
                _HELD[_key(path)] = renewed = _Sign(path)
                renewed.count = mine.count


def come_in(path: Path) -> None:
    """Put up this program's sign, or count one more store of it."""
    with _LOCK:
        sign = _HELD.get(_key(path))
        if sign is None:
            sign = _HELD[_key(path)] = _Sign(path)
        sign.count += 1


def go_out(path: Path) -> None:
    """Count one store less; with the last one the sign is taken down."""
    with _LOCK:
        sign = _HELD.get(_key(path))
        if sign is None:
            return
        sign.count -= 1
        if sign.count == 0:
            del _HELD[_key(path)]
            sign.take_down()


def is_open_here(path: Path) -> bool:
    """Whether this program itself has the store open."""
    with _LOCK:
        return _key(path) in _HELD


def _is_shared(path: Path) -> bool:
    with closing(sqlite3.connect(_file(path), isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def _file(path: Path) -> Path:
    return path.with_name(path.name + _ENDING)


def _key(path: Path) -> Path:
    return path.resolve()
