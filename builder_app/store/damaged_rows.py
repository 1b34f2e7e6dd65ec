"""Reading the rows of a damaged SQLite file: around the broken pages, and trusting no value that is not of its kind."""

import datetime
import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Boolean, Float, Integer

from builder_app.store.column_types import JsonText, UtcTime
from builder_app.store.models import Base

_MOST_SINGLE_LOOKS: Final = 200_000
"""Rows that are looked for one by one inside the damage of a table, at most."""
_BEFORE_ALL: Final = -(2**63)


def readable_rows(damaged: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The values of every row that can be read, each row once, text as bytes.

    From both ends of the table towards the damage, then by single row numbers inside it: a broken page costs the rows
    that lie on it, and no others.
    """
    select = f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED WHERE rowid"  # noqa: S608
    reached = _BEFORE_ALL
    with suppress(sqlite3.Error):
        for number, *values in damaged.execute(f"{select} > ? ORDER BY rowid", (reached,)):
            reached = number
            yield tuple(values)
        return
    end = None
    with suppress(sqlite3.Error):
        for number, *values in damaged.execute(f"{select} > ? ORDER BY rowid DESC", (reached,)):
            end = number
            yield tuple(values)
    first = max(reached, 0) + 1
    last = first + _MOST_SINGLE_LOOKS if end is None else min(end, first + _MOST_SINGLE_LOOKS)
    for number in range(first, last):
        with suppress(sqlite3.Error):
            for _, *values in damaged.execute(f"{select} = ?", (number,)).fetchall():
                yield tuple(values)


def checked_value(table: str, column: str, value: Any) -> Any:
    """The value as it may go into a new file; ValueError where it is not of its column's kind."""
    if value is None:
        return None
    kind = Base.metadata.tables[table].columns[column].type
    if isinstance(kind, Boolean | Integer | Float):
        if not isinstance(value, int | float if isinstance(kind, Float) else int):
            raise ValueError(f"{table}.{column} holds no number")
        return value
    if not isinstance(value, bytes):
        raise ValueError(f"{table}.{column} holds no text")
    text = value.decode("utf-8")
    if isinstance(kind, JsonText):
        json.loads(text)
    elif isinstance(kind, UtcTime):
        datetime.datetime.fromisoformat(text)
    return text
