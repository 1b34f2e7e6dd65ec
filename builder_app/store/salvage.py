"""Carrying what is readable out of a damaged file into a new one, row by row, counted.

The damaged file is never opened itself, since SQLite would repair and so change it: a copy is read. A row whose text,
JSON or numbers are broken is left behind, as is one whose strategy was lost; they stay in the file that is set aside.
A draft's and a text's own checksum comes along, so that what was damaged inside a readable row is found on reading.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from builder_app.store.damaged_rows import checked_value, readable_rows
from builder_app.store.migration import migrate
from builder_app.store.models import Base

_HEADER_LENGTH: Final = 100
_DERIVED: Final = frozenset({"alembic_version", "quick_test_counts"})
"""Tables that write themselves."""
_NAMES: Final = {
    "strategy_instances": ("strategy", "strategies"),
    "strategy_templates": ("strategy template", "strategy templates"),
    "node_templates": ("block template", "block templates"),
    "quick_tests": ("quick test", "quick tests"),
    "code_generations": ("generated text", "generated texts"),
    "builder_sessions": ("draft", "drafts"),
    "builder_session_edits": ("step of drafts", "steps of drafts"),
}


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """How many rows of each table are in the new file, and how many were read but could not be kept."""

    rows: dict[str, int]
    left_behind: int = 0

    @property
    def sentence(self) -> str:
        """What happened, for the strategist."""
        counted = [(self.rows.get(table, 0), *names) for table, names in _NAMES.items()]
        named = [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
        others = sum(number for table, number in self.rows.items() if table not in _NAMES)
        named += [f"{others} other rows"] if others else []
        if not named:
            return "Nothing in it could be read, and a new, empty store was begun."
        left = f"; {self.left_behind} more were found but are broken" if self.left_behind else ""
        return f"What could be read was carried over into a new file: {', '.join(named)}{left}."


def carry_over(damaged: Path, made: Path, migrations: Path, known: tuple[str, ...]) -> CarriedOver:
    """Make a whole store at `made` (where nothing is yet) of what can be read in the damaged file."""
    with tempfile.TemporaryDirectory(dir=damaged.parent, prefix=f"{damaged.name}.reading-") as folder:
        copy, fresh = Path(folder) / "copy.db", Path(folder) / "fresh.db"
        for ending in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(damaged.with_name(damaged.name + ending), copy.with_name(copy.name + ending))
        migrate(_url(fresh), migrations)
        _mend_header(copy, fresh)
        with closing(sqlite3.connect(copy, isolation_level=None)) as old:
            old.text_factory = bytes
            old.execute("PRAGMA cell_size_check = ON")
            old.execute("PRAGMA writable_schema = ON")  # a broken definition costs its own table only
            migrate(_url(made), migrations, _revision(old, known))
            with closing(sqlite3.connect(made, isolation_level=None)) as new:
                new.execute("BEGIN IMMEDIATE")
                left = _copy_rows(old, new)
                left += _without_orphans(new)
                new.execute("COMMIT")
                rows = {name: _count(new, name) for name in _columns(new) if name not in _DERIVED}
    migrate(_url(made), migrations)
    return CarriedOver({name: number for name, number in rows.items() if number}, left)


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Copy every readable row; how many were read but are broken."""
    left, there = 0, _columns(old)
    for table, wanted in _columns(new).items():
        if table in _DERIVED or table not in Base.metadata.tables or table not in there:
            continue
        kept = [name for name in wanted if name in there[table] and name in Base.metadata.tables[table].columns]
        insert = f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({', '.join('?' * len(kept))})"  # noqa: S608
        for row in readable_rows(old, table, kept):
            try:
                values = [checked_value(table, name, value) for name, value in zip(kept, row, strict=True)]
                new.execute(insert, values)
            except (ValueError, OverflowError, sqlite3.Error):
                left += 1
    return left


def _without_orphans(new: sqlite3.Connection) -> int:
    """Untie rows from a parent that was lost where they can stand alone, remove them where not; how many were removed.

    What is removed here is still in the file that is set aside.
    """
    removed = 0
    while orphans := new.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, _parent, number in orphans:
            keys = {row[0]: row[3] for row in new.execute(f"PRAGMA foreign_key_list({table})")}
            if Base.metadata.tables[table].columns[keys[number]].nullable:
                new.execute(f"UPDATE {table} SET {keys[number]} = NULL WHERE rowid = ?", (rowid,))  # noqa: S608
            else:
                removed += new.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,)).rowcount  # noqa: S608
    return removed


def _mend_header(copy: Path, fresh: Path) -> None:
    """Give a copy whose first bytes are gone those of a new file; the tables' list begins right after them."""
    with copy.open("rb+") as file, fresh.open("rb") as whole:
        header = bytearray(whole.read(_HEADER_LENGTH))
        page_size = int.from_bytes(header[16:18], "big")
        if file.read(16) == header[:16]:
            return
        pages = file.seek(0, 2) // page_size
        header[28:32] = pages.to_bytes(4, "big")
        header[32:40] = bytes(8)  # the list of free pages is lost; nothing is written to this copy
        header[92:96] = header[24:28]
        file.seek(0)
        file.write(header)


def _revision(old: sqlite3.Connection, known: tuple[str, ...]) -> str:
    """The revision of the damaged file; the newest where it cannot be read."""
    with suppress(sqlite3.Error):
        row = old.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is not None and row[0].decode("utf-8", "replace") in known:
            return str(row[0].decode())
    return known[-1]


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table whose definition can be read."""
    found: dict[str, list[str]] = {}
    with suppress(sqlite3.Error):
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            table = _text(name)
            with suppress(sqlite3.Error):
                found[table] = [_text(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
    return found


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))
