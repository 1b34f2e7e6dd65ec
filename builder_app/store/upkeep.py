"""What a store on a file needs beside reading and writing, in a thread of its own: checks and backups.

After an unclean end a file too large to be checked at start is checked whole here. Once a day a backup is made, which
is a whole check as well, and old ones are pruned; a program that stays open looks every hour, by the date and not by
counting hours, so that neither sleep nor a changed clock leaves a day out.
"""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from builder_app.store import backups, presence
from builder_app.store.errors import DamagedFile
from builder_app.store.notices import Notices
from builder_app.store.sqlite_file import connect, mark_suspect

_SECONDS_BETWEEN_LOOKS: Final = 3600.0
_STEPS_BETWEEN_QUESTIONS: Final = 100_000


class Upkeep:
    """The upkeep of one open store's file. `stop`, then close the connections, then `leave`."""

    def __init__(self, path: Path, notices: Notices, needs_check: bool) -> None:
        self.path = path
        self.needs_check = needs_check
        self._notices = notices
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_inside = True
        presence.come_in(path)

    def start(self) -> None:
        """Begin, in a thread that does not keep the program alive. A second call does nothing."""
        if self._thread is None and not self._stopping.is_set():
            self._thread = threading.Thread(target=self._run, name="store-upkeep", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End what is under way, within moments: an unfinished backup is dropped, a check is done at the next start."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            if self.needs_check:
                mark_suspect(self.path, "it was not closed in good order, and was not yet checked")
                self.needs_check = False

    def leave(self) -> None:
        """The store is closed: another program may have the file for itself. Twice is fine."""
        if self._is_inside:
            self._is_inside = False
            presence.go_out(self.path)

    def run_due(self) -> None:
        """Do what is due now: a check that could not be done at start, today's backup. Trouble becomes a notice."""
        try:
            if self.needs_check:
                self.check()
            if backups.is_due(self.path):
                backups.back_up(self.path, should_stop=self._stopping.is_set)
                backups.prune(self.path)
        except backups.BackupStopped:
            return
        except DamagedFile as damage:
            self._tell_damage(str(damage))
        except (OSError, sqlite3.Error) as error:
            self._notices.add(
                f"Today's backup of the store {self.path} could not be made: {error}. Earlier backups are untouched."
            )

    def check(self) -> None:
        """Let SQLite check the whole file, indexes too, on a connection of its own; DamagedFile with what it found."""
        with closing(connect(self.path)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.set_progress_handler(self._stopping.is_set, _STEPS_BETWEEN_QUESTIONS)
            try:
                (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            except sqlite3.OperationalError:
                if self._stopping.is_set():
                    return
                raise
            except sqlite3.DatabaseError as error:
                verdict = str(error)
        self.needs_check = False
        if verdict != "ok":
            raise DamagedFile(str(verdict).replace("\n", " "))

    def _run(self) -> None:
        while True:
            self.run_due()
            if self._stopping.wait(_SECONDS_BETWEEN_LOOKS):
                return

    def _tell_damage(self, damage: str) -> None:
        mark_suspect(self.path, damage)
        self._notices.add(
            f"The store {self.path} is damaged ({damage}). Close the program and open it again: what is readable is "
            "then carried over into a new file, and the damaged one is set aside, not deleted."
        )
