"""`backup` and `restore`: copies of the store."""

from argparse import Namespace
from typing import TYPE_CHECKING

from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import print_json
from builder_app.session.drafts.copies import list_backups, make_backup, put_back

if TYPE_CHECKING:
    from builder_app.session.drafts.copies import Backup

DONE = 0


def backup(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Make a backup, or list those that there are. Raises CopyRefused or OSError."""
    if not chosen.list:
        made = make_backup(rooms.store)
        if chosen.json:
            print_json({"problems": [], "backup": backup_json(made)})
        else:
            print(f"{made.path} ({made.size / 2**20:.1f} MB, checked).")
        return DONE
    found = list_backups(rooms.store_file)
    if chosen.json:
        print_json({"problems": [], "backups": [backup_json(copy) for copy in found]})
        return DONE
    for copy in found:
        print(f"{copy.moment:%Y-%m-%d %H:%M} UTC  {copy.size / 2**20:8.1f} MB  {copy.label:<16} {copy.path}")
    if not found:
        print("There is no backup yet. One is made every day that the window is open, or by: strategy-builder backup.")
    return DONE


def restore(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Put a backup back. Raises CopyRefused."""
    done = put_back(rooms.store_file, chosen.backup)
    if chosen.json:
        print_json({"problems": [], "backup": str(done.copy), "kept": None if done.kept is None else str(done.kept)})
        return DONE
    print(f"The store is again as it was in {done.copy}.")
    if done.kept is not None:
        print(f"What it was before is kept in {done.kept}; `strategy-builder restore` with that name takes you back.")
    return DONE


def backup_json(copy: "Backup") -> dict[str, object]:
    """A backup as JSON."""
    return {
        "file": str(copy.path),
        "made_for": copy.label,
        "moment": copy.moment.isoformat(),
        "bytes": copy.size,
    }
