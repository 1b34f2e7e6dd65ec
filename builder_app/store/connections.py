"""The open database: one connection for all writes, guarded by a lock, and connections of their own for reads.

In SQLite every write is one BEGIN IMMEDIATE transaction, so that two programs cannot both read and then overwrite each
other; readers never write, and never run a checkpoint. Any thread may call.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, QueuePool, StaticPool, create_engine, event, exc

from builder_app.store.errors import RefusedValue, StoreError, StoreUnavailable
from builder_app.store.isolation import OwnedSession
from builder_app.store.principal import Principal
from builder_app.store.server_engines import server_engines, wait_for_turn
from builder_app.store.slow_queries import SlowQueries

BUSY_TIMEOUT_SECONDS: Final = 10.0
_SECONDS_FOR_READS_TO_END: Final = 10.0


class Connections:
    """The connections to one database. `close` waits for reads that are under way and leaves nothing open."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._write_lock = threading.RLock()
        self._idle = threading.Condition()
        self._reads = 0
        self._is_closed = False
        self.slow_queries = SlowQueries()
        if url.get_backend_name() == "sqlite":
            self._write_engine = _sqlite_engine(url, self.slow_queries, is_writer=True)
            self._read_engine = _sqlite_engine(url, self.slow_queries, is_writer=False)
        else:
            self._write_engine, self._read_engine = server_engines(url)
            for engine in self.engines:
                self.slow_queries.watch(engine)

    @property
    def engines(self) -> tuple[Engine, Engine]:
        """The engine that writes and the one that reads, for tests and figures that watch statements."""
        return self._write_engine, self._read_engine

    @contextmanager
    def writing(self, principal: Principal) -> Iterator[OwnedSession]:
        """One transaction that may write, in this principal's name; it commits unless an error leaves it.

        Errors of the database come out as StoreUnavailable or RefusedValue; then nothing was written.
        """
        with self._write_lock, _in_sentences(self.url):
            self._refuse_closed()
            with OwnedSession(self._write_engine, principal) as session, session.begin():
                wait_for_turn(session.connection(), f"user-{principal.user_id}")
                yield session

    @contextmanager
    def reading(self, principal: Principal, tolerant: bool = False) -> Iterator[OwnedSession]:
        """One transaction that only reads: everything in it is from the same moment.

        `tolerant`: text that is not UTF-8 (a damaged row) comes out with its odd bytes escaped instead of raising.
        """
        with (
            self._counted_read(),
            OwnedSession(self._read_engine, principal) as session,
            session.begin(),
            _tolerance(session.connection() if tolerant else None),
        ):
            yield session

    @contextmanager
    def writing_for_all(self) -> Iterator[Connection]:
        """One short transaction over everybody's rows: for retention and measurements, which no user asks for."""
        with self._write_lock, _in_sentences(self.url):
            self._refuse_closed()
            with self._write_engine.begin() as connection:
                yield connection

    @contextmanager
    def reading_for_all(self, tolerant: bool = False) -> Iterator[Connection]:
        """One read over everybody's rows: for retention, and for figures that name nobody or are an administrator's.

        `tolerant` as for `reading`.
        """
        with (
            self._counted_read(),
            self._read_engine.begin() as connection,
            _tolerance(connection if tolerant else None),
        ):
            yield connection

    @contextmanager
    def _counted_read(self) -> Iterator[None]:
        with self._idle:
            self._refuse_closed()
            self._reads += 1
        try:
            with _in_sentences(self.url), _unreadable_in_sentences(self.url):
                yield
        finally:
            with self._idle:
                self._reads -= 1
                self._idle.notify_all()

    def close(self) -> None:
        """Wait for reads under way, fold the write-ahead log into the file, close every connection. Twice is fine."""
        with self._write_lock:
            with self._idle:
                self._is_closed = True
                self._idle.wait_for(lambda: self._reads == 0, _SECONDS_FOR_READS_TO_END)
            self._read_engine.dispose()
            self._write_engine.dispose()

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("The store was closed; open it again.")


def _sqlite_engine(url: URL, slow_queries: SlowQueries, *, is_writer: bool) -> Engine:
    arguments: dict[str, Any] = {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_TIMEOUT_SECONDS}
    arguments["factory"] = slow_queries.connection_class()
    if is_writer:
        engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=12, connect_args=arguments)

    def configure(connection: sqlite3.Connection, _record: object) -> None:
        set_up(connection, is_writer=is_writer)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


def set_up(connection: sqlite3.Connection, *, is_writer: bool, foreign_keys: bool = True) -> None:
    """Give a SQLite connection the store's settings."""
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_SECONDS * 1000)}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone does not reach the disk there
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    if is_writer:
        # A cleanup touches every index of the rows that it removes: with SQLite's own 2 MB each page is read again and
        # again. Smaller checkpoints than its own, of 1,000 pages, keep the commit that has to make one short.
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 500")
    else:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # one connection for all writes and checkpoints


@contextmanager
def _tolerance(connection: Connection | None) -> Iterator[None]:
    driver: Any = None if connection is None else connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.text_factory = _lenient_text
    try:
        yield
    finally:
        driver.text_factory = str


def _lenient_text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")


@contextmanager
def _in_sentences(url: URL) -> Iterator[None]:
    """Turn the database's errors into the store's."""
    try:
        yield
    except exc.StatementError as error:
        if isinstance(error.orig, StoreError):
            raise error.orig from None
        if isinstance(error, exc.IntegrityError | exc.DataError):
            raise RefusedValue(f"The store refused a row, and nothing was written: {error.orig}.") from error
        if isinstance(error, exc.DBAPIError):
            raise StoreUnavailable(_sentence(url, error.orig)) from error
        raise
    except exc.TimeoutError as error:
        raise StoreUnavailable("Too many reads of the store are under way; try again in a moment.") from error


@contextmanager
def _unreadable_in_sentences(url: URL) -> Iterator[None]:
    """A stored value that is no JSON, no time or no known word comes from a damaged file."""
    try:
        yield
    except ValueError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreUnavailable(f"{_place(url)} holds a value that cannot be read: {error}.") from error


def _place(url: URL) -> str:
    return f"The store {url.database if url.get_backend_name() == 'sqlite' else url.render_as_string()}"


def _sentence(url: URL, cause: BaseException | None) -> str:
    place = _place(url)
    text = str(cause)
    if "locked" in text:
        return f"{place} is busy: another program is writing to it. Nothing was written; try again in a moment."
    if "full" in text:
        return f"{place} could not be written: the disk is full. Make room and try again; what was saved is safe."
    if "readonly" in text:
        return f"{place} may not be written to. Give your user the right to write to this file and its folder."
    if "malformed" in text or "not a database" in text:
        return f"{place} is damaged ({text}). Close the program and open it again: the file is set aside, not deleted."
    return f"{place} could not be read or written: {text}."
