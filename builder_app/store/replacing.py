"""Another file in the store's place: what could be carried out of a damaged one, or a backup that was chosen."""

import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from builder_app.store import presence
from builder_app.store.backups import Backup, back_up, backups, sync
from builder_app.store.errors import DamagedFile, StoreUnavailable
from builder_app.store.migration import APPLICATION_ID, MigrationFailed, known_revisions
from builder_app.store.salvage import CarriedOver, carry_over
from builder_app.store.sqlite_file import first_trouble, inspect, only_one_opening, restore, set_aside

BEFORE_RESTORE: Final = "before-restore"
_MADE: Final = ".carried-over"
_SAFE_WITH_TWO: Final = (3, 51, 3)
"""Earlier SQLite has the WAL-reset bug (from 3.7.0): two programs that write and checkpoint can damage the file."""


def shared_notice(path: Path) -> str:
    """What to say where another program has the store open too."""
    sentence = f"The store {path} is open in another program or window as well; each sees what the other saves."
    if sqlite3.sqlite_version_info < _SAFE_WITH_TWO:
        sentence += (
            f" This computer's SQLite ({sqlite3.sqlite_version}) has a rare fault that can damage a file that two "
            "programs write to in the same instant: better close one of them."
        )
    return sentence


def replace_damaged(path: Path, migrations: Path, damage: DamagedFile) -> str:
    """Set the damaged file aside, put what is readable of it into its place, and offer the newest backup.

    A program that is killed half way finds the damaged file, or the finished new one, at its next start.
    """
    made = path.with_name(path.name + _MADE)
    unfinished = made.with_name(f"{made.name}.unfinished")
    for left in path.parent.glob(f"{path.name}.reading-*"):  # by a program that was killed over this
        shutil.rmtree(left, ignore_errors=True)
    unfinished.unlink(missing_ok=True)
    try:
        carried = carry_over(path, unfinished, migrations, known_revisions(migrations))
        sync(unfinished)
        unfinished.replace(made)
    except (sqlite3.Error, MigrationFailed):  # what is left of the file defeats even this: begin anew
        unfinished.unlink(missing_ok=True)
        carried = CarriedOver({})
    aside = set_aside(path)
    finish_replacing(path)
    return (
        f"The store {path} was damaged ({damage}) and was set aside as {aside}; nothing was deleted. "
        f"{carried.sentence} {_offer(path)}"
    )


def finish_replacing(path: Path) -> None:
    """Give the carried-over file its place where there is none any more."""
    made = path.with_name(path.name + _MADE)
    if not path.exists():
        with suppress(FileNotFoundError):
            made.replace(path)


def _offer(path: Path) -> str:
    found = _of_use(path)
    if not found:
        return "There is no backup."
    return (
        f"The newest backup is {found[0].path} (of {found[0].moment:%Y-%m-%d %H:%M} UTC). To go back to it instead, "
        "close the program and type: strategy-builder restore"
    )


def _of_use(path: Path) -> list[Backup]:
    return [backup for backup in backups(path) if backup.label != BEFORE_RESTORE]


def restore_backup(path: Path, copy: Path) -> Path | None:
    """Put a backup in the store's place; the path of what was there before (None: nothing was).

    What was there is kept: as a backup of its own, or set aside where it is damaged. StoreUnavailable where the store
    is open, or the copy is no whole store; nothing was changed then.
    """
    path = path.absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with only_one_opening(path):
            if presence.is_open_here(path) or presence.another_has_open(path):
                raise StoreUnavailable(f"The store {path} is open in a program. Close it, and try again.")
            _refuse_no_backup(copy)
            return _put_back(path, copy)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(
            f"The backup {copy} could not be put back: {error}. The store was not changed."
        ) from error


def _put_back(path: Path, copy: Path) -> Path | None:
    try:
        was_empty = inspect(path).is_empty
        kept = None if was_empty else back_up(path, BEFORE_RESTORE)
    except DamagedFile:
        kept = set_aside(path)
        was_empty = True
    if was_empty:
        unfinished = path.with_name(f"{path.name}.restored.unfinished")
        shutil.copyfile(copy, unfinished)
        sync(unfinished)
        unfinished.replace(path)
        sync(path.parent)
    else:
        restore(path, copy)
    return kept


def _refuse_no_backup(copy: Path) -> None:
    if not copy.is_file():
        raise StoreUnavailable(f"There is no file {copy}.")
    trouble = first_trouble(copy)
    try:
        is_store = not trouble and inspect(copy).application_id == APPLICATION_ID
    except DamagedFile as damage:
        trouble, is_store = str(damage), False
    if not is_store:
        why = f"it is damaged: {trouble}" if trouble else "it is a file of another program"
        raise StoreUnavailable(f"The file {copy} is no backup of the store ({why}). The store was not changed.")


def newest_backup(path: Path) -> Backup:
    """The newest backup of this store that no restore made; StoreUnavailable where there is none."""
    found = _of_use(path)
    if not found:
        raise StoreUnavailable(f"There is no backup of the store {path}.")
    return found[0]
