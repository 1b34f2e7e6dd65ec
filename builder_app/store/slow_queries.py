"""The slow-query log: statements that took longer than a tenth of a second, with the plan that the database makes.

On SQLite a statement's time is that of its execution and of every fetch after it, since most of the work of a query is
done while its rows are fetched; a commit counts as a statement of its own. A database server hands all rows over at
once, so there the execution is the whole. Values are used to ask for the plan and are never kept.
"""

import hashlib
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, event, exc

T = TypeVar("T")
SLOW_SECONDS: Final = 0.1
_REMEMBERED: Final = 100
_PLANNED: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SlowStatement:
    """A statement that was slow, its longest time in seconds, how often it was, and the values of that time."""

    statement: str
    seconds: float
    times: int = 1
    values: Any = None

    @property
    def name(self) -> str:
        """What it is told from others by: the beginning of its SHA-256."""
        return hashlib.sha256(self.statement.encode()).hexdigest()[:16]


class SlowQueries:
    """Slow statements since they were last taken, each once. Any thread may note and take."""

    def __init__(self, limit: float = SLOW_SECONDS) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._seen: dict[str, SlowStatement] = {}

    def note(self, statement: str, values: Any, seconds: float) -> None:
        """A statement took so long; it is remembered where that is over the limit."""
        if seconds <= self.limit:
            return
        with self._lock:
            known = self._seen.get(statement)
            if known is None and len(self._seen) >= _REMEMBERED:
                return
            times = 1 if known is None else known.times + 1
            if known is None or seconds > known.seconds:
                known = SlowStatement(statement, seconds, values=values)
            self._seen[statement] = SlowStatement(statement, known.seconds, times, known.values)

    def take(self) -> tuple[SlowStatement, ...]:
        """What was noted since the last call, slowest first."""
        with self._lock:
            seen, self._seen = self._seen, {}
        return tuple(sorted(seen.values(), key=lambda slow: slow.seconds, reverse=True))

    def watch(self, engine: Engine) -> None:
        """Note what a database server's engine executes."""

        def before(*told: Any) -> None:
            told[0].info["began"] = time.perf_counter()

        def after(*told: Any) -> None:
            connection, _, statement, values = told[:4]
            self.note(statement, values, time.perf_counter() - connection.info["began"])

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)

    def connection_class(self) -> type[sqlite3.Connection]:
        """The class of SQLite connections whose statements and commits are timed."""
        log = self

        class TimedCursor(_TimedCursor):
            note = log.note

        class TimedConnection(sqlite3.Connection):
            def cursor(self, factory: Any = TimedCursor) -> Any:
                return super().cursor(factory)

            def commit(self) -> None:
                began = time.perf_counter()
                super().commit()
                log.note("COMMIT", None, time.perf_counter() - began)

        return TimedConnection


class _TimedCursor(sqlite3.Cursor):
    """Adds up the time of a statement and of its fetches; tells it when the next one begins or the cursor closes."""

    note: Callable[[str, Any, float], None]
    _statement = ""
    _values: Any = None
    _seconds = 0.0

    def execute(self, statement: str, values: Any = (), /) -> Any:
        self._begin(statement, values)
        return self._timed(super().execute, statement, values)

    def executemany(self, statement: str, rows: Iterable[Any], /) -> Any:
        self._begin(statement, None)
        return self._timed(super().executemany, statement, rows)

    def fetchone(self) -> Any:
        return self._timed(super().fetchone)

    def fetchmany(self, size: int | None = 1) -> Any:
        return self._timed(super().fetchmany, self.arraysize if size is None else size)

    def fetchall(self) -> Any:
        return self._timed(super().fetchall)

    def close(self) -> None:
        self._tell()
        super().close()

    def _begin(self, statement: str, values: Any) -> None:
        self._tell()
        self._statement, self._values, self._seconds = statement, values, 0.0

    def _timed(self, work: Callable[..., T], *values: Any) -> T:
        began = time.perf_counter()
        try:
            return work(*values)
        finally:
            self._seconds += time.perf_counter() - began

    def _tell(self) -> None:
        if self._statement:
            self.note(self._statement, self._values, self._seconds)
        self._statement = ""


def plan(connection: Connection, slow: SlowStatement) -> tuple[str, ...]:
    """How the database goes about the statement, line by line; nothing where it has no plan, as a commit has none."""
    if not _PLANNED.match(slow.statement):
        return ()
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    try:
        rows = connection.exec_driver_sql(f"{word} {slow.statement}", slow.values or ()).all()
    except (exc.SQLAlchemyError, sqlite3.Error):
        return ()
    return tuple(str(row[-1]) for row in rows)
