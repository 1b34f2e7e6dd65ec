"""Copies of the store's file in `backups/` beside it: made by SQLite's backup API, checked whole, then renamed.

A copy is taken while others write: it reads one moment of the file on a connection of its own and holds no lock that a
writer waits for. The regular ones rotate: the newest of each of the last 7 days that have one, and the newest of each
of the last 4 weeks. Copies made before a migration or a restore stay until someone removes them.
"""

import datetime
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder_app.store import clock
from builder_app.store.errors import DamagedFile
from builder_app.store.sqlite_file import connect, first_trouble, free_name, time_stamp

FOLDER: Final = "backups"
REGULAR: Final = "regular"
DAYS, WEEKS = 7, 4
_STAMPED: Final = re.compile(r"-(?P<label>[a-z0-9-]+)-(?P<stamp>\d{8}T\d{6}Z)(-(?P<number>\d+))?$")


_PAGES_A_STEP: Final = 1024
_UNFINISHED: Final = ".unfinished"
_SECONDS_OF_A_DAY: Final = 86_400.0


class BackupStopped(Exception):
    """The copy was not finished, as asked; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of the store. `label` says what it was made for, `number` tells apart those of one second; `size` is in
    bytes.
    """

    path: Path
    label: str
    moment: datetime.datetime
    number: int
    size: int


def backups(path: Path) -> tuple[Backup, ...]:
    """The finished copies of this store, newest first."""
    found = []
    for copy in (path.parent / FOLDER).glob(f"*{path.suffix}"):
        match = _STAMPED.search(copy.stem)
        if match is not None and copy.stem[: match.start()] == path.stem:
            moment = datetime.datetime.strptime(match["stamp"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
            found.append(Backup(copy, match["label"], moment, int(match["number"] or 1), copy.stat().st_size))
    return tuple(sorted(found, key=lambda backup: (backup.moment, backup.number), reverse=True))


def is_due(path: Path) -> bool:
    """Whether there is no regular copy of today (UTC) yet."""
    today = clock.now().date()
    return not any(backup.label == REGULAR and backup.moment.date() >= today for backup in backups(path))


def back_up(path: Path, label: str = REGULAR, should_stop: Callable[[], bool] = lambda: False) -> Path:
    """Make a copy of the database as it is now, checked and written down to the disk; its path.

    DamagedFile where the copy does not pass SQLite's own checks: then the store itself is damaged, and older copies
    stay. OSError or sqlite3.Error where it cannot be written. An unfinished copy never has a backup's name.
    `should_stop` is asked now and then; BackupStopped where it says so.
    """
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    copy = free_name(folder / f"{path.stem}-{label}-{time_stamp()}{path.suffix}")
    unfinished = copy.with_name(f"{copy.name}{_UNFINISHED}")
    _remove_unfinished(folder, unfinished)
    try:
        with closing(connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.execute("BEGIN")  # one moment of the file, however long the copying takes
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=_PAGES_A_STEP, progress=_asking(should_stop), sleep=0.0)
        trouble = first_trouble(unfinished)
        if trouble:
            raise DamagedFile(trouble)
        sync(unfinished)
        unfinished.replace(copy)
        sync(folder)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def _remove_unfinished(folder: Path, unfinished: Path) -> None:
    """Remove what killed programs left: copies of this name, and those that nobody can still be writing."""
    for left in folder.glob(f"*{_UNFINISHED}*"):
        if left.name.startswith(unfinished.name) or time.time() - left.stat().st_mtime > _SECONDS_OF_A_DAY:
            left.unlink(missing_ok=True)


def _asking(should_stop: Callable[[], bool]) -> Callable[[int, int, int], None]:
    def ask(_status: int, _remaining: int, _total: int) -> None:
        if should_stop():
            raise BackupStopped

    return ask


def prune(path: Path) -> tuple[Path, ...]:
    """Remove the regular copies that the rotation does not keep; which they were."""
    regular = [backup for backup in backups(path) if backup.label == REGULAR]
    kept = kept_moments(backup.moment for backup in regular)
    removed = [backup.path for backup in regular if backup.moment not in kept]
    for copy in removed:
        copy.unlink(missing_ok=True)
    return tuple(removed)


def kept_moments(moments: Iterable[datetime.datetime]) -> frozenset[datetime.datetime]:
    """Those of these moments that the rotation keeps: the last of each of the newest days and of the newest weeks."""
    newest_first = sorted(moments, reverse=True)
    by_day: dict[datetime.date, datetime.datetime] = {}
    by_week: dict[tuple[int, int], datetime.datetime] = {}
    for moment in newest_first:
        by_day.setdefault(moment.date(), moment)
        by_week.setdefault(moment.isocalendar()[:2], moment)
    return frozenset([*list(by_day.values())[:DAYS], *list(by_week.values())[:WEEKS]])


def sync(path: Path) -> None:
    """Write a file, or a folder's list of names, down to the disk."""
    with suppress(PermissionError):  # Windows opens no folders; it writes names down by itself
        descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
