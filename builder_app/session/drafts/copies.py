"""Backups of the store from a terminal: made, listed, and put back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder_app.session.rooms import Store
    from builder_app.store.backups import Backup as Backup

ON_A_SERVER = (
    "This store is on a database server, which makes its own backups: see pg_dump and pg_restore of PostgreSQL. "
    "Backups are made here of a store in a file."
)


class CopyRefused(ValueError):
    """No backup was made or put back; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """A backup that is the store now; `kept` is where the store of before is (None: there was none)."""

    copy: Path
    kept: Path | None


def make_backup(open_store: Callable[[], "Store"]) -> "Backup":
    """Make a backup of the user's store, and prune old ones as every day. Raises CopyRefused or OSError."""
    from builder_app.store.backups import back_up, backups, prune  # here, because SQL takes half a second to load
    from builder_app.store.errors import StoreError

    try:
        with open_store() as store:
            if store.upkeep is None:
                raise CopyRefused(ON_A_SERVER)
            path = store.upkeep.path
            made = back_up(path)
            prune(path)
            return next(copy for copy in backups(path) if copy.path == made)
    except StoreError as reason:
        raise CopyRefused(str(reason)) from reason


def list_backups(file: Path | None) -> "tuple[Backup, ...]":
    """The backups of the store in this file, newest first; CopyRefused where it is on a server (None)."""
    from builder_app.store.backups import backups

    if file is None:
        raise CopyRefused(ON_A_SERVER)
    return backups(file)


def put_back(file: Path | None, copy: Path | None) -> PutBack:
    """Make this backup, or the newest, the store again; what was there before is kept. Raises CopyRefused.

    The store may be open nowhere meanwhile.
    """
    from builder_app.store.errors import StoreError
    from builder_app.store.replacing import newest_backup, restore_backup

    if file is None:
        raise CopyRefused(ON_A_SERVER)
    try:
        chosen = copy or newest_backup(file).path
        return PutBack(chosen, restore_backup(file, chosen))
    except StoreError as reason:
        raise CopyRefused(str(reason)) from reason
